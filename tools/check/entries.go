package check

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// An entry is an element that some pages have to have, with all that has to be
// in it: a requirement, or a word for how far things are.
type entry struct {
	rule    string
	element string // the id
	label   string
	layout  string // that shows it
	place   report.Place
	pages   []string
	texts   []string // that a reader has to find in it, folded
	lacks   []string // what it lacks without each
	leads   []lead
}

// A lead is a place that an entry has to link to.
type lead struct {
	name     string // "paragraph 3.9"
	file     string // of an address elsewhere, all of it, as unescaped gives it
	fragment string
	within   bool // the page of the whole report holds it
}

func (e *entry) want(text, lack string) {
	e.texts, e.lacks = append(e.texts, fold(text)), append(e.lacks, lack)
}

// inspect says what an entry lacks on a page. text is what a reader sees in it,
// and refs are its links.
func (e *entry) inspect(page, text string, refs []ref) (faults []fault) {
	lacks := func(what string) {
		faults = append(faults, fault{rule: e.rule, what: what, do: "see what " + e.layout + " shows of it"})
	}
	for i, want := range e.texts {
		if !strings.Contains(text, want) {
			lacks("is missing " + e.lacks[i])
		}
	}
	for _, l := range e.leads {
		file := l.file
		if l.within && path.Base(page) == whole {
			file = page
		}
		if !slices.ContainsFunc(refs, func(to ref) bool { return to.anchor && to.file == file && to.fragment == l.fragment }) {
			lacks("has no link to " + l.name)
		}
	}
	return faults
}

// checkEntries proves that every entry is whole on each of its pages.
func (c *checker) checkEntries() {
	for _, e := range c.expected.entries {
		for _, name := range e.pages {
			p := c.page(name)
			if p == nil || p.redirect {
				continue // which is told, or may be so
			}
			own := p.entries[e.element]
			if own == nil {
				c.losses[name+"#"+e.element] = true
				c.add(e.place, name, e.rule, e.label+" is not shown", fmt.Sprintf("see that %s shows it in an element with the id %s", e.layout, e.element))
				continue
			}
			for _, f := range own.faults {
				c.add(e.place, name, f.rule, e.label+" "+f.what, f.do)
			}
		}
	}
}

// requirementEntry gives what has to be found of a requirement of a report.
func requirementEntry(rep *report.Report, r *report.Requirement) *entry {
	page := r.Target().Page
	e := &entry{rule: "requirement", element: r.Target().ID, label: fmt.Sprintf("requirement “%s”", r.ID), layout: "layouts/_partials/lists/requirements.html",
		place: r.Place, pages: []string{nameOf(page)}, leads: []lead{{name: "its source", file: unescaped(r.Source)}}}
	if page.InWhole() {
		e.pages = append(e.pages, nameOf(rep.Whole))
	}
	e.want(string(r.Wording.Plain()), "its wording, whole and unchanged")
	if r.NotMet != "" {
		e.want(string(r.NotMet), "the reason why it is not met")
	}
	for _, h := range r.Paragraphs {
		e.leads = append(e.leads, leadTo(h, "paragraph "+h.ID))
	}
	for _, m := range r.Measures {
		e.leads = append(e.leads, leadTo(m, fmt.Sprintf("measure “%s”", m.ID)))
	}
	for _, it := range r.Items {
		e.leads = append(e.leads, leadTo(it, fmt.Sprintf("%s “%s”", it.Kind, it.ID)))
	}
	return e
}

func leadTo(of report.Linkable, name string) lead {
	to := of.Target()
	return lead{name, nameOf(to.Page), to.ID, to.Page.InWhole()}
}

// statusEntries give what has to be found of the words for how far things are.
func statusEntries(lib *report.Library) (all []*entry) {
	pages := keyPages(lib)
	for _, s := range lib.Statuses {
		e := &entry{rule: "status", element: "status-" + s.ID, label: fmt.Sprintf("the status “%s”", s.ID), layout: "layouts/_partials/items/statuses.html",
			place: s.Place, pages: pages}
		e.want(fmt.Sprintf("%s %s", s.Name, s.Meaning), "its name, and its meaning after that")
		all = append(all, e)
	}
	return all
}

// keyPages gives the pages that show the key to the statuses.
func keyPages(lib *report.Library) (all []string) {
	for _, rep := range lib.Reports {
		if page := rep.Listing("progress"); page != nil {
			all = append(all, nameOf(page))
			if page.InWhole() {
				all = append(all, nameOf(rep.Whole))
			}
		}
	}
	return all
}
