package report

import (
	"fmt"
	"slices"
	"strings"
)

// What contradicts itself would be published as it is, and no reader could tell which half
// is right.

// A label is the name of a record as readers see it, and where it is written.
type label struct {
	name Text
	id   string
	key  string // of the field with the name
}

// checkLabelsOf checks that no two records of a file have the same name for readers. what is
// the word for a record: "body".
func (l *loader) checkLabelsOf(file, what string, labels []label) {
	first := map[string]label{}
	for _, b := range labels {
		name := strings.Join(strings.Fields(string(b.name)), " ")
		if b.key == "term" { // a reader looks it up in small letters or capitals
			name = strings.ToLower(name)
		}
		if other, ok := first[name]; ok && name != "" && !isUnwritten(string(b.name)) {
			l.problems.add(l.place(file, b.id+"."+b.key), "repeated-name", fmt.Sprintf("%s has the same %s as %s, so readers cannot tell them apart", Quote(b.id), b.key, Quote(other.id)),
				"if they are the same "+what+", keep one of the two; otherwise, add what distinguishes them")
		} else {
			first[name] = b
		}
	}
}

// checkReaders checks that readers can tell organisations, statuses and terms apart.
func (l *loader) checkReaders(lib *Library) {
	var bodies, terms []label
	for _, o := range lib.Organisations {
		bodies = append(bodies, label{o.Name, o.ID, "name"})
	}
	for _, o := range lib.Organisations {
		for i, name := range o.AlsoKnownAs {
			if j := slices.IndexFunc(bodies, func(b label) bool { return b.name == name && b.id != o.ID }); j >= 0 {
				l.problems.add(l.place(organisationsFile, elementPath(o.ID+".also_known_as", i)), "repeated-name", fmt.Sprintf("%s is the name of another body, %s", Quote(string(name)), bodies[j].id), "delete it")
			}
		}
	}
	for _, t := range lib.Glossary {
		terms = append(terms, label{t.Term, t.ID, "term"})
	}
	for _, kind := range StatusKinds {
		var statuses []label
		for _, s := range lib.Statuses {
			if s.Kind == kind {
				statuses = append(statuses, label{s.Name, s.ID, "name"})
			}
		}
		l.checkLabelsOf(statusesFile, "status", statuses)
	}
	l.checkLabelsOf(organisationsFile, "body", bodies)
	l.checkLabelsOf(termsFile, "term", terms)
}

// settleNames leaves out successors that have not taken over yet by the site's own date, and
// checks that earlier names ended by then.
func (l *loader) settleNames(lib *Library) {
	if lib.AsAt.IsZero() {
		return
	}
	for _, o := range lib.Organisations {
		if o.Until.After(lib.AsAt.Time) {
			o.Heir = nil
		}
		for i, name := range o.Formerly {
			if name.Until.After(lib.AsAt.Time) {
				l.problems.add(l.place(organisationsFile, elementPath(o.ID+".formerly", i)+".until"), "until-date", fmt.Sprintf("the name %s ended on %s, after the site's own date, %s", Quote(string(name.Name)), name.Until.ISO(), lib.AsAt.ISO()), "write this once that day has come, and move as_at on in config.toml")
			}
		}
	}
}

// checkSense checks that an update of an item does not contradict itself. key is the
// update's path in its file.
func (l *loader) checkSense(it *Item, u *Update, key string) {
	file := it.Place.File
	if !u.Due.IsZero() && u.Due.Before(u.Date.Time) {
		l.problems.add(l.place(file, key+".due"), "due-date", fmt.Sprintf("this update promises something by %s, before its own date, %s", u.Due.ISO(), u.Date.ISO()), "correct one of the two dates")
	}
	if u.Verdict != "" && len(u.By) > 0 && !slices.ContainsFunc(u.By, func(id string) bool { return !slices.Contains(it.AddressedTo, id) }) {
		l.problems.add(l.place(file, key+".verdict"), "wrong-status", fmt.Sprintf("a verdict is what somebody independent found, but this update comes from %s, one of the bodies asked", Quote(u.By[0])),
			"write progress for what the body says itself, or correct by = […]")
	}
}

// adviseDirection points out figures that move the other way than their measure says.
func (l *loader) adviseDirection(m *Measure) {
	n := len(m.Values)
	if n < 2 || !l.isValid(m.Place.File, m.ID+".values") {
		return
	}
	first, last := m.Values[0], m.Values[n-1]
	if m.Direction == "falling" && last.Value > first.Value || m.Direction == "rising" && last.Value < first.Value {
		l.advise(l.place(m.Place.File, m.ID+".direction"), "direction", fmt.Sprintf("the measure %s is %s, but goes from %s in %s to %s in %s", Quote(m.ID), m.Direction, m.Figure(first.Value), first.Period, m.Figure(last.Value), last.Period),
			"correct the direction or the figures; if both are right, ignore this")
	}
}

// advisePeriods points out figures whose years go back.
func (l *loader) advisePeriods(m *Measure) {
	for _, line := range m.Lines() {
		for i, v := range line.Values {
			if i == 0 {
				continue
			}
			if earlier := line.Values[i-1].Period; yearOf(v.Period) > 0 && yearOf(v.Period) < yearOf(earlier) {
				l.advise(l.place(m.Place.File, m.ID), "periods", fmt.Sprintf("the figures of the measure %s go back from %s to %s", Quote(m.ID), earlier, v.Period), "put them in order of time, as a chart shows them; if the order is right, ignore this")
				return
			}
		}
	}
}
