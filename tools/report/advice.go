package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Advice is a list of what could be better, in the form of problems. It stops
// nothing, so it is not an error.
type Advice []Problem

// AdviceRules are the rules behind all advice: the name of each, what it asks
// for, and how to describe many breaches of it in one line.
var AdviceRules = []struct{ Name, Holds, Many string }{
	{"weight", "every page, compressed and with its headers, fits in the first packets of a connection (14,600 bytes), and the page of the whole report in those of the second round trip (43,800 bytes)",
		"pages take more than 14,600 bytes to send"},
	{"long-sentence", "no sentence is longer than 25 words, on pages (except in quotations, tables, headings and footnotes) or in the titles, texts, roles and meanings in the data",
		"sentences have over 25 words"},
	{"contact-checked", "every contact was checked within the last six months", "contacts have not been checked for six months"},
	{"contact-number", "every telephone number, of a contact or in a link, has a length that such numbers have, and costs no more than usual",
		"telephone numbers look wrong"},
	{"pdf-unread", "the computer can read PDFs, so that their words and links are compared with the report", "PDFs were not compared with the report"},
	{"as-at", "as_at in config.toml is no more than 90 days old", "dates are out of date"},
	{"to-write", "no comment says TO WRITE on a page outside the reports, and the example of a new folder is replaced", "texts are still to be written"},
	{"no-contact", "config.toml has a contact, so that readers can report a mistake on a page", "settings lack a contact"},
	{"unfinished-page", "no page's file ends in the middle of a sentence, without the end of its line", "pages may be incomplete"},
	{"shorter", "no page has lost a third of its words since the site was last built in the same folder", "pages have lost a third of their words"},
	{"direction", "the figures of a measure do not end lower than they begin if it is rising, or higher if it is falling", "measures do not match their figures"},
	{"periods", "the figures of a measure are in order of time", "measures have figures that go back in time"},
	{"gap", "numbers that go up by one have no gaps", "numbers are skipped"},
}

// Lines returns one line for each rule that has advice. A single piece of advice
// is given in full; several are counted, with the places of the first few and
// more, which says how to see them all, at the end.
func (a Advice) Lines(more string) (lines []string) {
	for _, rule := range AdviceRules {
		var matches Advice
		var places []string
		for _, p := range a {
			if p.Rule != rule.Name {
				continue
			}
			matches = append(matches, p)
			if len(p.Pages) > 0 {
				places = append(places, p.Pages...)
			} else {
				places = append(places, p.Place.String())
			}
		}
		switch {
		case len(places) == 0:
		case len(places) == 1:
			lines = append(lines, "advice: "+matches[0].String())
		default:
			lines = append(lines, fmt.Sprintf("advice: [%s] %d %s: %s%s", rule.Name, len(places), rule.Many, shortList(places), more))
		}
	}
	return lines
}

// Sorted returns the advice sorted by place, without repeats.
func (a Advice) Sorted() Advice { return Advice(Problems(a).sorted()) }

func (l *loader) advise(place Place, rule, what, do string) {
	(*Problems)(&l.advice).add(place, rule, what, do)
}

// comments finds the comments in a page's text, which are not published.
var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

// adviseUnwritten points out what is still to be written on a page outside the
// reports, such as the accessibility statement. Such a page cannot be a draft, and
// must be true in the meantime, so a comment says what is missing. first is the
// number of lines of the file before body.
func (l *loader) adviseUnwritten(file, body string, first int) {
	for _, m := range comments.FindAllStringIndex(body, -1) {
		if offset := strings.Index(body[m[0]:m[1]], ToWrite); offset >= 0 {
			line := first + 1 + strings.Count(body[:m[0]+offset], "\n")
			l.advise(Place{file, line}, "to-write", "a comment here marks text that is still to be written", "write it and delete the comment")
		}
	}
}

// exampleBody is the id of the organisation in the example report of a new folder.
const exampleBody = "example-body"

// adviseExample points out that the site still has the example of a new folder.
func (l *loader) adviseExample(all []*Organisation) {
	if o := findByID(all, exampleBody); o != nil {
		l.advise(o.Place, "to-write", "the site still has the organisation of the example report", "write your own report in place of the example, and delete this record")
	}
}

// adviseUnfinished points out a page whose file ends in the middle of a sentence, as if
// only a part of it had been saved: programs end the last line of a file.
func (l *loader) adviseUnfinished(file, body string, first int) {
	line := body[strings.LastIndexByte(body, '\n')+1:]
	last, _ := utf8.DecodeLastRuneInString(line)
	if line != "" && (unicode.IsLetter(last) || unicode.IsDigit(last) || strings.ContainsRune(",-–(", last) || last == ' ') && !strings.ContainsAny(line[:1], "#|-*+>!{<:0123456789 \t") {
		l.advise(Place{file, first + 1 + strings.Count(body, "\n")}, "unfinished-page", "the file ends in the middle of a sentence", "restore what is missing, or end the sentence and the line")
	}
}

// adviseContacts points out contacts that nobody has checked for a long time.
func (l *loader) adviseContacts(all []*Contact, now time.Time) {
	limit := dayOf(now).AddDate(0, -6, 0)
	for _, c := range all {
		if !c.Checked.IsZero() && c.Checked.Before(limit) {
			l.advise(l.place(c.Place.File, c.ID+".checked"), "contact-checked", fmt.Sprintf("the contact %s was last checked on %s, over six months ago", Quote(c.ID), c.Checked),
				"try it, correct what has changed, and update the date in checked")
		}
		for key, number := range map[string]string{"telephone": c.Telephone, "text": c.Text} { // sorted later
			if telephone.MatchString(number) {
				l.adviseNumber(l.place(c.Place.File, c.ID+"."+key), number)
			}
		}
	}
}

// adviseNumber points out a telephone number that looks wrong.
func (l *loader) adviseNumber(place Place, number string) {
	if doubt := doubtNumber(callSigns.Replace(number)); doubt != "" {
		l.advise(place, "contact-number", number+" "+doubt, "compare it with the page of the service; if it is right, ignore this")
	}
}

// callSigns removes what can stand between the digits of a number.
var callSigns = strings.NewReplacer(" ", "", "-", "", ".", "")

// shortNumbers are British numbers that begin with 0 and are shorter than others:
// Childline's, and that of the old NHS Direct.
var shortNumbers = []string{"08001111", "08454647"}

// doubtNumber returns what is odd about a telephone number for readers in Britain, given
// without spaces, or "".
func doubtNumber(digits string) string {
	n := len(strings.TrimPrefix(digits, "+"))
	switch {
	case n == 0 || slices.Contains(shortNumbers, digits):
		return ""
	case strings.HasPrefix(digits, "+"):
		if n < 8 || n > 15 {
			return fmt.Sprintf("has %s; with a country's code, there are 8 to 15", countOf(n, "digit", "digits"))
		}
	case strings.HasPrefix(digits, "09"):
		return "begins with 09, and such calls are expensive"
	case digits[0] == '0':
		if n != 10 && n != 11 {
			return fmt.Sprintf("has %s; numbers that begin with 0 have 10 or 11", countOf(n, "digit", "digits"))
		}
	case n < 3 || n > 6:
		return fmt.Sprintf("has %s; numbers that do not begin with 0 have 3 to 6", countOf(n, "digit", "digits"))
	}
	return ""
}

// adviseAsAt points out that as_at, the date of the site's statements about
// "now", is long past.
func (l *loader) adviseAsAt(asAt Date, place Place, now time.Time) {
	if !asAt.IsZero() && asAt.Before(dayOf(now).AddDate(0, 0, -90)) {
		l.advise(place, "as-at", fmt.Sprintf("the pages describe the position as at %s, over 90 days ago", asAt),
			"record what has happened since, and move as_at on")
	}
}

// A citation is a number by which people cite something, and where it is written.
type citation struct {
	number string // "" if there is none
	place  Place
	id     string // of what has the number
}

// adviseGaps points out gaps in numbers that otherwise count up by one: what had
// the missing numbers may be lost. kind is the word for what has the numbers.
func (l *loader) adviseGaps(kind string, all []citation) {
	numbers := make([]string, len(all))
	for i, c := range all {
		numbers[i] = c.number
	}
	for _, g := range gaps(numbers) {
		missing := fmt.Sprintf("no %s", g.first)
		if g.last != g.first {
			missing = fmt.Sprintf("no %s to %s", g.first, g.last)
		}
		l.advise(all[g.upper].place, "gap", fmt.Sprintf("there are %ss %s and %s, but %s", kind, all[g.lower].number, all[g.upper].number, missing),
			"if it was lost, restore it; if the report skips it, ignore this")
	}
}

// A gap is a run of missing numbers.
type gap struct {
	lower, upper int    // the indexes of the numbers on either side
	first, last  string // missing numbers
}

// maxGap is the longest gap that counts. After a longer one, a report is taken
// to start counting again: 112 and then 201.
const maxGap = 9

// gaps returns the gaps in numbers that count up by one at least as often as they
// skip. Each series counts separately: 3.7 and 3.8 are in one, and A4 is in another. The
// order of the numbers makes no difference.
func gaps(numbers []string) (all []gap) {
	type member struct{ n, i int }
	series := map[string][]member{}
	var names []string // in order
	for i, number := range numbers {
		m := lastNumber.FindStringSubmatch(number)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil { // too many digits to be a count
			continue
		}
		if series[m[1]] == nil {
			names = append(names, m[1])
		}
		series[m[1]] = append(series[m[1]], member{n, i})
	}
	for _, name := range names {
		members := series[name]
		slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(a.n, b.n) })
		steps := 0
		var skips []gap
		for i := 1; i < len(members); i++ {
			switch lower, upper := members[i-1], members[i]; {
			case upper.n == lower.n+1:
				steps++
			case upper.n > lower.n+1 && upper.n-lower.n-1 <= maxGap:
				skips = append(skips, gap{lower.i, upper.i, fmt.Sprint(name, lower.n+1), fmt.Sprint(name, upper.n-1)})
			}
		}
		if steps >= len(skips) {
			all = append(all, skips...)
		}
	}
	return all
}

// lastNumber splits a number such as 3.9 or A4 into the start of its series and the
// digits that count up.
var lastNumber = regexp.MustCompile(`^(.*?)([0-9]+)$`)

// shortList returns the first few of several names and the number of the others.
func shortList(names []string) string {
	switch n := len(names); n {
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	default:
		return strings.Join(names[:2], ", ") + fmt.Sprintf(" and %d more", n-2)
	}
}
