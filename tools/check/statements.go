package check

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// A statement is an element of a page that says something of the data: what one body
// answered, one update, a total. A reader must find its phrases in it, in their
// order.
type statement struct {
	page, id string
	place    report.Place
	label    string   // what it shows, for a message
	phrases  []string // folded
	layout   string   // that shows it
}

// lacks gives the first phrase that a text has not, or not in its place, or "".
func (p *statement) lacks(text string) string {
	for _, phrase := range p.phrases {
		at := strings.Index(text, phrase)
		if at < 0 {
			return phrase
		}
		text = text[at+len(phrase):]
	}
	return ""
}

// statementsOf gives the statements that pages have to make, by their pages and ids.
func statementsOf(lib *report.Library) map[string]map[string]*statement {
	all := map[string]map[string]*statement{}
	add := func(page *report.Page, id string, place report.Place, layout, label string, phrases ...string) {
		name := nameOf(page)
		p := &statement{page: name, id: id, place: place, label: label, layout: "layouts/_partials/items/" + layout}
		for _, phrase := range phrases {
			if phrase != "" {
				p.phrases = append(p.phrases, fold(phrase))
			}
		}
		if all[name] == nil {
			all[name] = map[string]*statement{}
		}
		all[name][id] = p
	}
	for _, rep := range lib.Reports {
		for _, it := range rep.AllItems() {
			label := fmt.Sprintf("%s “%s”", it.Kind, it.ID)
			for _, r := range it.Requests {
				said := phrasesOf(r)
				what := fmt.Sprintf("what %s said to %s", r.Body.Name, label)
				add(it.Page(), "request-"+r.Body.ID, it.Place, "request.html", what, append([]string{string(r.Body.Name)}, said...)...)
				id := strings.Join([]string{"request", rep.Name, it.Kind, it.ID}, "-")
				add(r.Body.Organisation.Target().Page, id, it.Place, "request.html", what, append([]string{string(it.Page().Title)}, said...)...)
			}
			for _, u := range it.Updates {
				add(it.Page(), "update-"+u.Name(), u.Place, "updates.html", fmt.Sprintf("the update of %s to %s", u.Date, label), updatePhrases(u)...)
			}
		}
		if page := rep.Listing("progress"); page != nil {
			addProgress(add, page, rep.Totals(), rep.Progress())
		}
		add(rep.Summary, "totals", report.Place{File: rep.Summary.File}, "totals.html", "the totals", totalPhrases(rep.Totals())...)
		if rep == lib.Latest {
			add(lib.Front, "totals", report.Place{File: rep.Summary.File}, "totals.html", "the totals", totalPhrases(rep.Totals())...)
		}
	}
	if lib.Progress != nil { // a library may be empty
		addProgress(add, lib.Progress, lib.Totals(), lib.Groups())
	}
	return all
}

func addProgress(add func(page *report.Page, id string, place report.Place, layout, label string, phrases ...string), page *report.Page, totals report.Totals, groups []report.Group) {
	place := report.Place{File: page.File}
	add(page, "totals", place, "totals.html", "the totals", totalPhrases(totals)...)
	var late []string
	for _, r := range totals.Late {
		late = append(late, string(r.Body.Name), string(r.Item.Page().Title), r.Late())
	}
	if len(late) > 0 {
		add(page, "late", place, "progress.html", "who is late", late...)
	}
	for _, g := range groups {
		var phrases []string
		for _, it := range g.Items {
			phrases = append(phrases, string(it.Page().Title), it.Says())
		}
		add(page, g.ID, place, "progress.html", fmt.Sprintf("the group “%s”", g.ID), phrases...)
	}
}

// phrasesOf gives what is to be said of a body's answer to one thing.
func phrasesOf(r *report.Request) []string {
	phrases := []string{r.Says(), r.Late()}
	if r.Answer != nil {
		phrases = append(phrases, string(r.Answer.Statuses[report.Answer].Name), r.Answer.Date.String())
	}
	if r.Progress != nil {
		phrases = append(phrases, string(r.Progress.Statuses[report.Progress].Name), r.Progress.Date.String())
	}
	if !r.Silent {
		phrases = append(phrases, string(r.Next()))
		if !r.Due.IsZero() {
			phrases = append(phrases, r.Due.String())
		}
	}
	return phrases
}

func updatePhrases(u *report.Update) []string {
	phrases := []string{u.Date.String()}
	for _, b := range u.Bodies {
		phrases = append(phrases, string(b.Name))
	}
	for _, s := range u.Said() {
		phrases = append(phrases, string(s.Name))
	}
	phrases = append(phrases, string(u.Withdrawn), string(u.Text), string(u.Quote), string(u.Next))
	if !u.Due.IsZero() {
		phrases = append(phrases, u.Due.String())
	}
	return phrases
}

func totalPhrases(t report.Totals) []string {
	phrases := []string{fmt.Sprint(t.Items)}
	for _, c := range t.ByState {
		phrases = append(phrases, fmt.Sprint(c.Count))
	}
	phrases = append(phrases, fmt.Sprint(t.Requests))
	for _, c := range t.Replies {
		phrases = append(phrases, fmt.Sprint(c.Count))
	}
	if len(t.Late) > 0 {
		phrases = append(phrases, fmt.Sprint(len(t.Late)))
	}
	return phrases
}

// checkStatements proves that every statement is on its page.
func (c *checker) checkStatements() {
	for name, statements := range c.expected.statements {
		p := c.page(name)
		if p == nil || p.redirect {
			if !c.losses[name] && (p == nil || !p.redirect) {
				c.losses[name] = true
				c.add(report.Place{File: c.expected.source(name)}, name, "missing-page", "this page is missing", "build the site again")
			}
			continue
		}
		for id, want := range statements {
			if !slices.Contains(p.statements, id) {
				c.losses[path.Join(name)+"#"+id] = true
				c.add(want.place, name, "shown", "the page does not show "+want.label, fmt.Sprintf("see that %s shows it in an element with the id %s", want.layout, id))
			}
		}
		for _, f := range p.misstatements {
			c.add(f.statement.place, name, "shown", fmt.Sprintf("the page does not show %s whole and in order: “%s” is missing", f.statement.label, f.phrase), "see "+f.statement.layout)
		}
	}
}

// A misstatement is a statement of which a page does not show a phrase.
type misstatement struct {
	statement *statement
	phrase    string
}
