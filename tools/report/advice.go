package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Advice is a list of what could be better, in the shape of problems. It stops
// nothing, so it is no error.
type Advice []Problem

// AdviceRules are the names of all that is advised, each with what should be,
// and with what is said where it is not more than once.
var AdviceRules = []struct{ Name, Holds, Many string }{
	{"weight", "every page, compressed and with its headers, fits in the first packets of a connection (14,600 bytes), and the page of the whole report in those of the second round trip (43,800 bytes)",
		"pages take more than 14,600 bytes to send"},
	{"long-sentence", "no sentence of ours has over 25 words, in pages (except quotations, tables, headings and footnotes) or in the titles, texts, roles and meanings in the data",
		"sentences have over 25 words"},
	{"contact-checked", "every contact was checked within the last six months", "contacts have not been checked for six months"},
	{"as-at", "as_at in config.toml is no more than 90 days old", "dates are out of date"},
	{"to-write", "no comment says TO WRITE on a page outside the reports", "texts are still to be written"},
	{"tell", "config.toml has a contact, so that readers can report a mistake on a page", "settings lack a contact"},
	{"gap", "numbers that count up by one skip none", "numbers are skipped"},
}

// Lines gives a line for each rule that advises something: what it advises, if
// that is one thing, or else how many things and the places of the first, with
// more at its end, which says how to see all.
func (a Advice) Lines(more string) (lines []string) {
	for _, rule := range AdviceRules {
		var own Advice
		var places []string
		for _, p := range a {
			if p.Rule != rule.Name {
				continue
			}
			own = append(own, p)
			if len(p.Pages) > 0 {
				places = append(places, p.Pages...)
			} else {
				places = append(places, p.Place.String())
			}
		}
		switch {
		case len(places) == 0:
		case len(places) == 1:
			lines = append(lines, "advice: "+own[0].String())
		default:
			lines = append(lines, fmt.Sprintf("advice: [%s] %d %s: %s%s", rule.Name, len(places), rule.Many, some(places), more))
		}
	}
	return lines
}

// Sorted gives the advice in the order of its places, without repeats.
func (a Advice) Sorted() Advice { return Advice(Problems(a).sorted()) }

func (l *loader) advise(at Place, rule, what, do string) {
	l.advice = append(l.advice, Problem{Place: at, Rule: rule, What: oneLine(what), Do: oneLine(do)})
}

// comments are those of a page's text, which are not published.
var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

// adviseUnwritten tells of what is still to be written on a page that belongs to
// no report, such as the accessibility statement: that cannot be a draft, and
// what it says has to be true meanwhile, so a comment says what is missing. first
// is how many lines of the file stand before body.
func (l *loader) adviseUnwritten(file, body string, first int) {
	for _, m := range comments.FindAllStringIndex(body, -1) {
		if at := strings.Index(body[m[0]:m[1]], ToWrite); at >= 0 {
			line := first + 1 + strings.Count(body[:m[0]+at], "\n")
			l.advise(Place{file, line}, "to-write", "a comment here marks text that is still to be written", "write it and delete the comment")
		}
	}
}

// adviseContacts tells of contacts that nobody has tried for long.
func (l *loader) adviseContacts(all []*Contact, now time.Time) {
	for _, c := range all {
		if !c.Checked.IsZero() && c.Checked.Before(now.AddDate(0, -6, 0)) {
			l.advise(l.at(c.Place.File, c.ID+".checked"), "contact-checked", fmt.Sprintf("the contact %s was last checked on %s, over six months ago", quote(c.ID), c.Checked),
				"try it, correct what has changed and put today's date in checked")
		}
	}
}

// adviseAsAt tells of a day that the site's statements about now are made on and
// that is long past.
func (l *loader) adviseAsAt(asAt Date, at Place, now time.Time) {
	if !asAt.IsZero() && asAt.Before(now.AddDate(0, 0, -90)) {
		l.advise(at, "as-at", fmt.Sprintf("the pages describe the position as at %s, over 90 days ago", asAt),
			"record what has happened since, and move as_at on")
	}
}

// A citation is a number that people cite, with its place.
type citation struct {
	number string
	place  Place
}

// adviseGaps tells of numbers that are left out between those that count up by
// one: what they stood for may be lost. kind is what they are the numbers of.
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
		l.advise(all[g.after].place, "gap", fmt.Sprintf("there are %ss %s and %s, but %s", kind, all[g.before].number, all[g.after].number, missing),
			"if it was lost, restore it; if the report skips it, ignore this")
	}
}

// A gap is where numbers are left out.
type gap struct {
	before, after int    // which of the numbers it is between
	first, last   string // that are left out
}

// mostLost is how many numbers a gap can have. Beyond that, a report begins to
// count anew: 112 and then 201.
const mostLost = 9

// gaps gives those of numbers that count up by one elsewhere, as often as they
// do not. Each series counts for itself: that of 3.7 and 3.8, and that of A4.
// The order of the numbers makes no difference.
func gaps(numbers []string) (all []gap) {
	type counted struct{ n, i int }
	series := map[string][]counted{}
	var names []string // in order
	for i, number := range numbers {
		m := lastNumber.FindStringSubmatch(number)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil { // more digits than any count has
			continue
		}
		if series[m[1]] == nil {
			names = append(names, m[1])
		}
		series[m[1]] = append(series[m[1]], counted{n, i})
	}
	for _, name := range names {
		own := series[name]
		slices.SortStableFunc(own, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
		steps := 0
		var found []gap
		for i := 1; i < len(own); i++ {
			switch before, after := own[i-1], own[i]; {
			case after.n == before.n+1:
				steps++
			case after.n > before.n+1 && after.n-before.n-1 <= mostLost:
				found = append(found, gap{before.i, after.i, fmt.Sprint(name, before.n+1), fmt.Sprint(name, after.n-1)})
			}
		}
		if steps >= len(found) {
			all = append(all, found...)
		}
	}
	return all
}

// lastNumber parts the number 3.9 or A4 into what its series begins with and what counts.
var lastNumber = regexp.MustCompile(`^(.*?)([0-9]+)$`)

// some names the first few of several things.
func some(names []string) string {
	switch n := len(names); n {
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	default:
		return strings.Join(names[:2], ", ") + fmt.Sprintf(" and %d more", n-2)
	}
}
