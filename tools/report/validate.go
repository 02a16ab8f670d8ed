package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// checkContacts checks the contacts and puts them in the order of their numbers.
func (l *loader) checkContacts(all []*Contact) {
	l.checkNumbers("contact", numbers(l, all, func(c *Contact) int { return c.Number }))
	for _, c := range all {
		file := c.Place.File
		if c.Checked.After(l.latest) {
			l.problems.add(l.at(file, c.ID+".checked"), "checked-date", fmt.Sprintf("the contact %s was checked on %s, which is yet to come", quote(c.ID), c.Checked.ISO()),
				"correct the date, or this computer's clock")
		}
		if !l.has(file, c.ID+".telephone") && !l.has(file, c.ID+".page") {
			l.problems.add(c.Place, "missing-field", fmt.Sprintf("the contact %s has neither a telephone number nor a page", quote(c.ID)),
				`write telephone = "0808 800 5000", or page = "https://…"`)
		}
	}
	slices.SortStableFunc(all, func(a, b *Contact) int { return cmp.Compare(a.Number, b.Number) })
}

// checkReport checks a report's records against each other and puts them in
// the order of their numbers.
func (l *loader) checkReport(rep *Report, organisations []*Organisation) {
	known := references{ids(organisations), ids(rep.Challenges), rep.Paragraphs, l.mistaken[rep.Year], rep.Paper.Date}
	if l.incomplete[path.Join("content", rep.Year)] {
		known.paragraphs = nil
	}
	l.checkNumbers("theme", numbers(l, rep.Themes, func(t *Theme) int { return t.Number }))
	for _, t := range rep.Themes {
		if len(rep.Challenges) > 0 && !slices.ContainsFunc(rep.Challenges, func(c *Item) bool { return c.Theme == t.ID }) {
			l.problems.add(t.Place, "empty-theme", fmt.Sprintf("no challenge belongs to the theme %s", quote(t.ID)),
				fmt.Sprintf("write theme = %q in a challenge, or take the theme out", t.ID))
		}
	}
	for _, kind := range Kinds {
		items := rep.Items(kind)
		l.checkNumbers(kind, numbers(l, items, func(it *Item) int { return it.Number }))
		for _, it := range items {
			if it.Theme != "" {
				l.checkReference(l.at(it.Place.File, it.ID+".theme"), it.Theme, ids(rep.Themes), "a theme", path.Join("data", rep.Year, "themes.toml"))
			}
			l.checkItem(it, known)
			l.checkClosed(it)
			l.checkReferences(it.Place.File, it.ID+".challenges", it.Challenges, known.challenges, "a challenge", path.Join("data", rep.Year, "challenges.toml"))
		}
		slices.SortStableFunc(items, func(a, b *Item) int { return cmp.Compare(a.Number, b.Number) })
	}
	l.checkNumbers("measure", numbers(l, rep.Measures, func(m *Measure) int { return m.Number }))
	for _, m := range rep.Measures {
		if m.Finding != "" {
			l.checkParagraphReference(l.at(m.Place.File, m.ID+".finding"), m.Finding, known)
		}
		l.checkFigures(m, known)
	}
	slices.SortStableFunc(rep.Themes, func(a, b *Theme) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortStableFunc(rep.Measures, func(a, b *Measure) int { return cmp.Compare(a.Number, b.Number) })
}

// references are what the items of a report may point at.
type references struct {
	organisations, challenges []string // ids
	paragraphs                []*Passage
	mistaken                  []string // the numbers of paragraphs that have a wrong one
	since                     Date     // the report's day; nothing became of it before
}

// checkItem checks what challenges and recommendations have in common.
func (l *loader) checkItem(it *Item, known references) {
	file := it.Place.File
	l.checkReferences(file, it.ID+".addressed_to", it.AddressedTo, known.organisations, "an organisation", "data/organisations.toml")
	for i, id := range it.Findings {
		if id != "" {
			l.checkParagraphReference(l.at(file, elementPath(it.ID+".findings", i)), id, known)
		}
	}
	var last Date // of the updates so far
	names := map[string]bool{}
	for i, u := range it.Updates {
		key := elementPath(it.ID+".updates", i)
		l.checkReferences(file, key+".by", u.By, known.organisations, "an organisation", "data/organisations.toml")
		tell := func(rule, what, do string) { l.problems.add(l.at(file, key+".date"), rule, "this update"+what, do) }
		if name := (&News{it, u}).Name(); names[name] {
			tell("repeated-update", fmt.Sprintf(", of %s, has the date and the source of another", u.Date.ISO()), "give it a date or a source of its own, or make one of the two")
		} else {
			names[name] = true
		}
		switch {
		case u.Date.IsZero(): // told already
		case u.Date.After(l.latest):
			tell("update-date", fmt.Sprintf(" is of %s, which is yet to come", u.Date.ISO()), "correct the date, or this computer's clock")
		case u.Date.Before(known.since.Time):
			tell("update-date", fmt.Sprintf(" is of %s, which is before the report itself, of %s", u.Date.ISO(), known.since.ISO()), "correct the date")
		case u.Date.Before(last.Time):
			tell("update-order", fmt.Sprintf(", of %s, stands after a later one", u.Date.ISO()), "put the oldest update first")
		default:
			last = u.Date
		}
	}
}

func (l *loader) checkReferences(file, key string, values, known []string, what, where string) {
	for i, id := range values {
		if id != "" {
			l.checkReference(l.at(file, elementPath(key, i)), id, known, what, where)
		}
	}
}

// checkReference sees that an id is one of those known. If none are, the file
// that should have them has already been complained about.
func (l *loader) checkReference(at Place, id string, known []string, what, where string) {
	if len(known) > 0 && !slices.Contains(known, id) && !toWrite(id) {
		l.problems.add(at, "unknown-reference", fmt.Sprintf("%s is not the id of %s in %s", quote(id), what, where),
			didYouMean(id, known, "write one of the names in [brackets] there"))
	}
}

// checkParagraphReference sees that a paragraph is there. One with a number of
// a section that is there may have been lost from that section.
func (l *loader) checkParagraphReference(at Place, id string, refs references) {
	known := refs.paragraphs
	numbers := append(paragraphIDs(known), refs.mistaken...)
	if len(known) == 0 || slices.Contains(numbers, id) || toWrite(id) {
		return
	}
	do := didYouMean(id, numbers, "write the number of a heading in the report's pages")
	if m := paragraphID.FindStringSubmatch(id); m != nil {
		i := slices.IndexFunc(known, func(p *Passage) bool {
			of := paragraphID.FindStringSubmatch(p.ID)
			return of != nil && of[1] == m[1]
		})
		section := strings.TrimSuffix(m[1], ".")
		if i < 0 {
			if lost := path.Dir(at.File) + " " + section; !l.lost[lost] { // what is lost with the section is told once
				l.lost[lost] = true
				l.problems.add(at, "unknown-reference", fmt.Sprintf("the report has no paragraph %s, nor any other of section %s", quote(id), section),
					"put the section's page back, or write the number of a paragraph that is there")
			}
			return
		}
		do = fmt.Sprintf("write one that is there; if its heading, or the {#%s} behind it, is lost from %s, put that back", id, known[i].Place.File)
	}
	l.problems.add(at, "unknown-reference", fmt.Sprintf("the report has no paragraph %s", quote(id)), do)
}

// numbered is a record or page with a number that people cite.
type numbered struct {
	number int
	place  Place
	id     string
	known  bool // false if the number is missing or was no number
}

func numbers[T interface{ record() Record }](l *loader, all []T, number func(T) int) []numbered {
	var ns []numbered
	for _, v := range all {
		rec := v.record()
		ns = append(ns, numbered{number(v), l.at(rec.Place.File, rec.ID+".number"), rec.ID, l.good(rec.Place.File, rec.ID+".number")})
	}
	return ns
}

// checkNumbers sees that numbers count from 1 without a gap or a repeat.
func (l *loader) checkNumbers(what string, ns []numbered) {
	all := len(ns)
	ns = slices.DeleteFunc(ns, func(n numbered) bool { return !n.known })
	slices.SortStableFunc(ns, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.place.Line, b.place.Line))
	})
	next, spare := 1, all-len(ns) // spare: numbers that are wrong in another way, which explain as many gaps
	for i, n := range ns {
		switch {
		case n.number < 1:
			l.problems.add(n.place, "number", fmt.Sprintf("%d cannot be a %s's number", n.number, what), "count from 1")
			spare++
			continue
		case i > 0 && n.number == ns[i-1].number:
			l.problems.add(n.place, "number", fmt.Sprintf("%s %d stands twice: it is also %s", what, n.number, quote(ns[i-1].id)), "give each a number of its own")
			spare++
			continue
		case n.number-next > spare:
			l.problems.add(n.place, "number", fmt.Sprintf("there is %s %d, but no %s %d", what, n.number, what, next),
				fmt.Sprintf("put the lost %s back, or number them without a gap", what))
			spare = 0
		case n.number > next:
			spare -= n.number - next
		}
		next = n.number + 1
	}
}

func (r Record) record() Record { return r }

func ids[T interface{ record() Record }](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = v.record().ID
	}
	return out
}

func paragraphIDs(all []*Passage) []string {
	out := make([]string, len(all))
	for i, p := range all {
		out[i] = p.ID
	}
	return out
}
