package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// A finder is a page that helps readers find things, the A to Z index or a search page,
// with the subjects it must have.
type finder struct {
	search   bool
	subjects []subject
}

// A subject is something that readers look for. Texts are folded and in small letters: a
// term and a heading are one line of the index.
type subject struct {
	place    report.Place
	label    string
	file     string // where it leads
	fragment string
	names    []string // its title and other names
	text     string   // complete
}

// A lookup is what was found on a finder.
type lookup struct {
	text string            // visible in its main part
	data []byte            // the index for its script
	rows map[string]string // from data: the searchable text of each place, folded, by file#fragment
}

// findersOf returns the finders by their names.
func findersOf(lib *report.Library) map[string]*finder {
	all := map[string]*finder{}
	if lib.Search == nil { // a library may be empty
		return all
	}
	shared := commonSubjects(lib)
	index, search := &finder{subjects: slices.Clone(shared)}, &finder{search: true, subjects: slices.Clone(shared)}
	all[nameOf(lib.IndexPage)], all[nameOf(lib.Search.Page)] = index, search
	for _, rep := range lib.Reports {
		subjects := subjectsOf(rep)
		index.subjects = append(index.subjects, subjects...)
		if rep.Search != nil {
			all[nameOf(rep.Search.Page)] = &finder{search: true, subjects: slices.Concat(shared, subjects)}
		}
		for _, s := range subjects {
			if slices.Contains(lib.Search.Brief, rep) {
				s.text = ""
			}
			if s.text != "" || len(s.names) > 0 {
				search.subjects = append(search.subjects, s)
			}
		}
	}
	return all
}

func newSubject(place report.Place, label string, target report.Target, text string, names ...report.Text) subject {
	s := subject{place: place, label: label, file: nameOf(target.Page), fragment: target.ID, text: fold(strings.ToLower(text))}
	for _, name := range names {
		if name != "" {
			s.names = append(s.names, fold(strings.ToLower(string(name))))
		}
	}
	return s
}

// commonSubjects returns the subjects that belong to no report: terms and bodies.
func commonSubjects(lib *report.Library) (all []subject) {
	for _, t := range lib.Glossary {
		all = append(all, newSubject(t.Place, fmt.Sprintf("the term “%s”", t.ID), t.Target(), string(t.Meaning), t.Term, t.Abbreviation))
	}
	for _, o := range lib.Organisations {
		names := append([]report.Text{o.Name}, o.AlsoKnownAs...)
		for _, former := range o.Formerly {
			names = append(names, former.Name)
		}
		all = append(all, newSubject(o.Place, fmt.Sprintf("the body “%s”", o.ID), o.Target(), string(o.Role), names...))
	}
	return all
}

// subjectsOf returns the subjects of a report: passages, themes and items.
func subjectsOf(rep *report.Report) (all []subject) {
	for _, p := range append([]*report.Page{rep.Summary}, rep.Pages...) {
		for _, h := range p.Passages {
			all = append(all, newSubject(h.Place, labelOf(h), h.Target(), h.Words(), h.Title))
		}
	}
	for _, t := range rep.Themes {
		all = append(all, newSubject(t.Place, fmt.Sprintf("the theme “%s”", t.ID), t.Target(), string(t.Wording.Plain()), t.Title))
	}
	for _, it := range rep.AllItems() {
		all = append(all, newSubject(it.Place, fmt.Sprintf("%s “%s”", it.Kind, it.ID), it.Page().Target(), string(it.Wording.Plain()), it.Title))
	}
	return all
}

// readRows reads the index that a search page's script searches.
func (f *lookup) readRows() error {
	var index struct {
		Pages []string
		Rows  [][]any
	}
	if err := json.Unmarshal(f.data, &index); err != nil {
		return err
	}
	f.rows = map[string]string{}
	for _, row := range index.Rows {
		var page float64
		isWhole := len(row) == 7
		if isWhole {
			page, isWhole = row[0].(float64)
		}
		if !isWhole || page < 0 || int(page) >= len(index.Pages) {
			return fmt.Errorf("a row of it is not whole")
		}
		key := fmt.Sprintf("%s#%s", index.Pages[int(page)], row[1])
		f.rows[key] += " " + fold(strings.ToLower(fmt.Sprintln(row[3:]...)))
	}
	return nil
}

// checkFinders checks that everything readers look for can be found.
func (c *checker) checkFinders() {
	for _, name := range slices.Sorted(maps.Keys(c.expected.finders)) {
		want := c.expected.finders[name]
		p, exists := c.files[name]
		if !exists {
			c.reportMissing(name)
		}
		switch {
		case p == nil || p.broken || p.redirect:
		case want.search:
			c.checkSearch(p, want.subjects)
		default:
			c.checkIndex(p, want.subjects)
		}
	}
}

// checkIndex checks that the A to Z index has all subjects, each with a link to its place.
func (c *checker) checkIndex(p *page, subjects []subject) {
	links := map[string]bool{}
	for _, r := range p.refs {
		if r.anchor && r.main {
			links[r.file+"#"+r.fragment] = true
		}
	}
	text := strings.ToLower(p.lookup.text)
	const do = "check that layouts/_partials/find/letters.html shows every line"
	for _, s := range subjects {
		if !links[s.file+"#"+s.fragment] {
			c.add(s.place, p.name, "find", "the A to Z index does not link to "+s.label, do)
		}
		for _, name := range s.names {
			if !strings.Contains(text, name) {
				c.add(s.place, p.name, "find", fmt.Sprintf("the A to Z index has %s without its name “%s”", s.label, name), do)
			}
		}
	}
}

// checkSearch checks that a search page's index has all subjects, with all of their words.
func (c *checker) checkSearch(p *page, subjects []subject) {
	const do = "build the site again; if the message stays, check layouts/search.html"
	if err := p.lookup.readRows(); err != nil {
		c.add(report.Place{File: "layouts/search.html"}, p.name, "find", "the search index is missing or cannot be read", do)
		return
	}
	for _, s := range subjects {
		row, ok := p.lookup.rows[s.file+"#"+s.fragment]
		if !ok {
			c.add(s.place, p.name, "find", "the search does not find "+s.label, do)
			continue
		}
		for _, words := range append(slices.Clone(s.names), s.text) {
			if !strings.Contains(row, words) {
				c.add(s.place, p.name, "find", fmt.Sprintf("the search index has %s without its words “%s”", s.label, shorten(words)), do)
			}
		}
	}
}
