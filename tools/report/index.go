package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Letter is a part of the index from A to Z.
type Letter struct {
	Name  string // "A", or "0–9"
	ID    string // of its heading
	Lines []*IndexLine
}

// An IndexLine is a line of the index: a title, with all places where it occurs.
type IndexLine struct {
	Title  Text
	See    *Spot  // that a title leads to which is another's other name, or nil
	Spots  []Spot // in the order of the library
	Groups []SpotGroup
	key    string
}

// A SpotGroup is the places of a line in one report.
type SpotGroup struct {
	Label string // of the report; "" of what belongs to none, or if there is one report alone
	Spots []Spot
}

// Index returns the index from A to Z of a report, or of nil, of all.
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

// An index is one that is being made.
type index struct {
	lib   *Library
	lines map[string]*IndexLine // by their titles, folded
}

// add adds the subjects of a report, or those of none.
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

// untitled names the line of what has a number alone.
func (x *index) untitled(series string) string {
	switch series {
	case requirementsList:
		return x.lib.words[requirementsTitle]
	case "":
		return x.lib.say("find_paragraphs")
	}
	return seriesName(series)
}

// line returns the line of a title.
func (x *index) line(title Text) *IndexLine {
	key := foldWord(title.String())
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

// letters returns the lines in their order. Where there are several reports, each
// place has that which it is in.
func (x *index) letters(several bool) (all []Letter) {
	var lines []*IndexLine
	for _, l := range x.lines {
		if len(l.Spots) > 0 { // it has become more than another's name
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

// group puts the line's places together by their reports.
func (l *IndexLine) group(several bool) {
	for _, s := range l.Spots {
		label := ""
		if several && s.Report != nil {
			label = s.Report.Called()
		}
		if n := len(l.Groups); n == 0 || l.Groups[n-1].Label != label {
			l.Groups = append(l.Groups, SpotGroup{Label: label})
		}
		group := &l.Groups[len(l.Groups)-1]
		group.Spots = append(group.Spots, s)
	}
}

// initial returns the letter that a folded title stands under.
func initial(key string) (name, id string) {
	if c, _ := utf8.DecodeRuneInString(key); unicode.IsLetter(c) {
		return string(unicode.ToUpper(c)), "letter-" + string(c)
	}
	return "0–9", "letter-0"
}

// rank puts what begins with no letter before what does.
func rank(key string) int {
	if name, _ := initial(key); name == "0–9" {
		return 0
	}
	return 1
}

// foldWord returns a text as it is compared: in small letters, without accents,
// quote marks and other signs.
func foldWord(text string) string {
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
