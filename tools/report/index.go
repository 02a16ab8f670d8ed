package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Letter is a part of the A to Z index.
type Letter struct {
	Name  string // "A", or "0–9"
	ID    string // of its heading
	Lines []*IndexLine
}

// An IndexLine is an entry of the index: a title, with the places where it occurs.
type IndexLine struct {
	Title  Text
	See    *Spot  // for a title that is another name of something: its entry, or nil
	Spots  []Spot // in the order of the library
	Groups []SpotGroup
	key    string
}

// A SpotGroup is the places of an entry in one report.
type SpotGroup struct {
	Label string // of the report; "" outside reports, or if there is only one report
	Spots []Spot
}

// Index returns the A to Z index of a report, or, for nil, of everything.
func (lib *Library) Index(rep *Report) []Letter {
	x := index{lib: lib, lines: map[string]*IndexLine{}}
	reports := lib.Reports
	if rep != nil {
		reports = []*Report{rep}
	} else {
		x.add(nil)
	}
	for _, rep := range reports {
		x.add(rep)
	}
	return x.letters(len(reports) > 1)
}

// An index is an A to Z index in progress.
type index struct {
	lib   *Library
	lines map[string]*IndexLine // by their titles, folded
}

// add adds the subjects of a report, or, for nil, those outside reports.
func (x *index) add(rep *Report) {
	for _, s := range x.lib.subjects(rep) {
		title := s.Title
		if title == "" {
			title = Text(x.untitled(s.series))
		}
		line := x.line(title)
		line.add(Spot{s.Name, s.Target, s.Report})
		for _, spot := range s.Spots {
			line.add(spot)
		}
		for _, other := range s.Others {
			if see := x.line(other); len(see.Spots) == 0 && see.See == nil && see != line {
				see.See = &Spot{Name: s.Title.String(), Target: s.Target}
			}
		}
	}
}

// untitled returns the title of the entry for subjects that only have a number.
func (x *index) untitled(series string) string {
	switch series {
	case requirementsList:
		return x.lib.words[requirementsTitle]
	case "":
		return x.lib.say("find_paragraphs")
	}
	return seriesName(series)
}

// line returns the entry for a title.
func (x *index) line(title Text) *IndexLine {
	key := fold(title.String())
	if x.lines[key] == nil {
		sorted := key
		for _, article := range strings.Fields(x.lib.say("find_articles")) {
			if rest, ok := strings.CutPrefix(key, article+" "); ok {
				sorted = rest
				break
			}
		}
		x.lines[key] = &IndexLine{Title: title, key: sorted}
	}
	return x.lines[key]
}

func (l *IndexLine) add(s Spot) {
	if !slices.ContainsFunc(l.Spots, func(other Spot) bool { return other.Target == s.Target }) {
		l.Spots = append(l.Spots, s)
	}
}

// letters returns the entries in order, by letter. If there are several reports,
// places are grouped by report.
func (x *index) letters(several bool) (all []Letter) {
	var lines []*IndexLine
	for _, l := range x.lines {
		if len(l.Spots) > 0 { // it is more than another name
			l.See = nil
		}
		l.group(several)
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b *IndexLine) int {
		return cmp.Or(cmp.Compare(rank(a.key), rank(b.key)), strings.Compare(a.key, b.key), strings.Compare(string(a.Title), string(b.Title)))
	})
	for _, l := range lines {
		name, id := initial(l.key)
		if n := len(all); n == 0 || all[n-1].Name != name {
			all = append(all, Letter{Name: name, ID: id})
		}
		last := &all[len(all)-1]
		last.Lines = append(last.Lines, l)
	}
	return all
}

// group groups the entry's places by report.
func (l *IndexLine) group(several bool) {
	for _, s := range l.Spots {
		label := ""
		if several && s.Report != nil {
			label = s.Report.DisplayName()
		}
		i := slices.IndexFunc(l.Groups, func(g SpotGroup) bool { return g.Label == label })
		if i < 0 {
			i, l.Groups = len(l.Groups), append(l.Groups, SpotGroup{Label: label})
		}
		l.Groups[i].Spots = append(l.Groups[i].Spots, s)
	}
}

// initial returns the letter under which a folded title is listed.
func initial(key string) (name, id string) {
	if c, _ := utf8.DecodeRuneInString(key); unicode.IsLetter(c) {
		return string(unicode.ToUpper(c)), "letter-" + string(c)
	}
	return "0–9", "letter-0"
}

// rank sorts titles that do not begin with a letter before those that do.
func rank(key string) int {
	if name, _ := initial(key); name == "0–9" {
		return 0
	}
	return 1
}

// fold returns a text for comparison: in lower case, without accents, quotation
// marks and other signs.
func fold(text string) string {
	var b strings.Builder
	gap := false
	for _, c := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.M, c) || strings.ContainsRune("'’‘", c):
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(c))
		default:
			gap = true
		}
	}
	return b.String()
}
