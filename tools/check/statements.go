package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"annualreport/tools/report"
)

// A statement is an element of a page that says something from the report or its data: an
// item, what a body answered, an update, a total, a requirement, a passage. Its phrases must
// be there in order, and its links.
type statement struct {
	id      string
	rule    string
	place   report.Place
	label   string   // what it shows, for a message
	layout  string   // that shows it
	phrases []string // folded
	leads   []lead
}

// A lead is a place that a statement has to link to.
type lead struct {
	name     string // "paragraph 3.9"
	file     string // or a full external address, unescaped
	fragment string
}

// inspect returns what is wrong with the statement's element, with the visible text and
// refs.
func (s *statement) inspect(text string, refs []ref) (faults []string) {
	for _, phrase := range s.phrases {
		start := strings.Index(text, phrase)
		if start < 0 {
			faults = append(faults, fmt.Sprintf("does not show %s in full and in order: “%s” is missing", s.label, shorten(phrase)))
			break
		}
		text = text[start+len(phrase):]
	}
	for _, l := range s.leads {
		if !slices.ContainsFunc(refs, func(target ref) bool { return target.anchor && target.file == l.file && target.fragment == l.fragment }) {
			faults = append(faults, fmt.Sprintf("does not link %s to %s", s.label, l.name))
		}
	}
	return faults
}

// A misstatement is a fault of a statement.
type misstatement struct {
	*statement
	fault string
}

// statements are what pages have to state, by the pages' names, then by the elements' ids.
type statements map[string]map[string]*statement

func (all statements) add(page *report.Page, s *statement, phrases ...string) {
	for _, phrase := range phrases {
		if phrase != "" {
			s.phrases = append(s.phrases, fold(phrase))
		}
	}
	name := nameOf(page)
	if all[name] == nil {
		all[name] = map[string]*statement{}
	}
	all[name][s.id] = s
}

// itemRule is the founding rule.
const itemRule = "item"

// The layouts that show statements.
const (
	itemsLayout        = "layouts/_partials/items/item.html" // where there are several
	passagesLayout     = "layouts/_partials/text/passages.html"
	togetherLayout     = "layouts/_partials/items/asked-together.html"
	putToLayout        = "layouts/_partials/report/put-to.html"
	itemLayout         = "layouts/item.html"
	requestLayout      = "layouts/_partials/items/request.html"
	othersLayout       = "layouts/_partials/items/others.html"
	updatesLayout      = "layouts/_partials/items/updates.html"
	totalsLayout       = "layouts/_partials/items/totals.html"
	progressLayout     = "layouts/_partials/items/progress.html"
	statusesLayout     = "layouts/_partials/items/statuses.html"
	requirementsLayout = "layouts/_partials/lists/requirements.html"
	chartLayout        = "layouts/_partials/report/chart.html"
)

// statementsOf returns the statements that pages have to make.
func statementsOf(lib *report.Library) statements {
	all := statements{}
	for _, rep := range lib.Reports {
		all.addPassages(rep)
		all.addFigures(lib, rep)
		for _, it := range rep.AllItems() {
			for _, page := range pagesOf(it) {
				all.addItem(it, page)
			}
			all.addNews(it)
			all.addOtherNews(lib, it)
		}
		for _, kind := range report.Kinds {
			all.addTogether(rep, rep.Asks(kind))
			if asks := rep.Asks(kind); asks.Says() != "" {
				for _, page := range summariesOf(lib, rep) {
					all.add(page, &statement{id: "state-of-" + kind + "s", rule: "shown", place: report.Place{File: rep.Summary.File}, label: "how far all " + kind + "s are", layout: putToLayout},
						strconv.Itoa(len(asks.Items)), asks.Says())
				}
			}
		}
		if page := rep.Listing("progress"); page != nil {
			all.addProgress(lib, page, rep.Totals(), rep.Progress())
		}
		if len(rep.AllItems()) > 0 {
			for _, page := range summariesOf(lib, rep) {
				all.add(page, &statement{id: "totals", rule: "shown", place: report.Place{File: rep.Summary.File}, label: "the totals", layout: totalsLayout}, totalPhrases(rep.Totals(), false)...)
			}
		}
		for _, r := range rep.Requirements {
			all.addRequirement(rep, r)
		}
	}
	if lib.Progress != nil { // a library may be empty
		all.addProgress(lib, lib.Progress, lib.Totals(), lib.Groups())
	}
	return all
}

// summariesOf returns the pages that show a report's summary.
func summariesOf(lib *report.Library, rep *report.Report) []*report.Page {
	if rep == lib.Latest {
		return []*report.Page{rep.Summary, lib.Front}
	}
	return []*report.Page{rep.Summary}
}

// addPassages adds the passages of a report, and on the page of the whole report its pages.
func (all statements) addPassages(rep *report.Report) {
	add := func(page *report.Page, id string, place report.Place, label string) {
		all.add(page, &statement{id: id, rule: "passage", place: place, label: label, layout: passagesLayout})
	}
	for _, p := range append([]*report.Page{rep.Summary}, rep.Pages...) {
		if p.InWhole() {
			add(rep.Whole, p.PartID(), report.Place{File: p.File}, fmt.Sprintf("the page “%s”", p.Title))
		}
		for _, h := range p.Passages {
			add(p, h.ID, h.Place, labelOf(h))
			if p.InWhole() {
				add(rep.Whole, h.WholeID, h.Place, labelOf(h))
			}
		}
	}
}

// addFigures adds the tables of figures of a report's measures, row by row.
func (all statements) addFigures(lib *report.Library, rep *report.Report) {
	none := strings.Join(lib.Words()["no_figure"], "")
	for _, m := range rep.Measures {
		var rows []string
		for _, row := range m.Rows() {
			text := string(row.Period)
			for _, figure := range row.Figures {
				text += " " + cmp.Or(figure, none)
			}
			rows = append(rows, text)
		}
		for _, page := range figurePages(lib, rep, m) {
			all.add(page, &statement{id: figuresID(m), rule: "shown", place: m.Place, label: fmt.Sprintf("the figures of measure “%s”", m.ID), layout: chartLayout}, rows...)
		}
	}
}

// figuresID returns the id of the element with a measure's figures.
func figuresID(m *report.Measure) string { return "figures-" + m.ID }

// figurePages returns the pages that show a measure's figures, if it has any.
func figurePages(lib *report.Library, rep *report.Report, m *report.Measure) []*report.Page {
	switch {
	case len(m.Lines()) == 0:
		return nil
	case m.Passage == nil:
		return append(summariesOf(lib, rep), rep.Whole)
	case m.Passage.Target().Page.InWhole():
		return []*report.Page{m.Passage.Target().Page, rep.Whole}
	}
	return []*report.Page{m.Passage.Target().Page}
}

// labelOf returns what a message calls a passage.
func labelOf(h *report.Passage) string {
	if h.Number == "" {
		return fmt.Sprintf("the passage “%s”", h.Title)
	}
	return "paragraph " + h.ID
}

// labelOfItem returns what a message calls an item.
func labelOfItem(it *report.Item) string { return fmt.Sprintf("%s “%s”", it.Kind, it.ID) }

// pagesOf returns the pages that show an item: the one that lists it, its own, and that of
// the whole report.
func pagesOf(it *report.Item) []*report.Page {
	return []*report.Page{it.Target().Page, it.Page(), it.Report.Whole}
}

// addItem adds an item as a page shows it; the page of the whole report shows all news of
// it too.
func (all statements) addItem(it *report.Item, page *report.Page) {
	s := &statement{id: it.Target().ID, rule: itemRule, place: it.Place, label: labelOfItem(it), layout: itemsLayout}
	if page == it.Page() {
		s.layout = itemLayout
	}
	phrases := []string{string(it.Title), string(it.Wording.Plain())}
	if !page.SaysOnce(it) {
		phrases = append(phrases, bodyNames(it.Bodies)...)
		phrases = append(phrases, string(it.AddressedNote))
	}
	if !it.Due.IsZero() {
		phrases = append(phrases, it.Due.String())
	}
	phrases = append(phrases, string(it.DoneWhen))
	if it.State.Closed != nil {
		phrases = append(phrases, string(it.Closed))
	}
	phrases = append(append(phrases, it.Says()), bodyNames(it.Silent())...)
	if !page.Whole {
		phrases = append(phrases, s.linkNews(page, it.OtherNews(true))...)
	}
	for _, h := range it.Paragraphs {
		s.link(page, h, labelOf(h))
	}
	for _, earlier := range it.Earlier {
		s.link(page, earlier, fmt.Sprintf("%s of %s, which it follows", labelOfItem(earlier), earlier.Report.Name))
	}
	if it.Later != nil {
		s.link(page, it.Later, fmt.Sprintf("%s of %s, which follows it", labelOfItem(it.Later), it.Later.Report.Name))
	}
	if page.Whole {
		for _, u := range it.Newest() {
			phrases = append(phrases, updatePhrases(u)...)
			s.leads = append(s.leads, lead{name: fmt.Sprintf("the source of the update of %s", u.Date), file: sourceOf(it.Report, u)})
		}
	}
	all.add(page, s, phrases...)
}

// link adds a link to a record from a page.
func (s *statement) link(page *report.Page, record report.Linkable, name string) {
	target := record.Target()
	file := nameOf(target.Page)
	if page.Whole && target.Page.Report == page.Report && target.Page.InWhole() {
		file = nameOf(page)
	}
	s.leads = append(s.leads, lead{name, file, target.ID})
}

// linkNews adds links to news from bodies that were not asked, and returns what they are
// called.
func (s *statement) linkNews(page *report.Page, news []*report.News) (phrases []string) {
	for _, n := range news {
		s.link(page, n, fmt.Sprintf("the news “%s”", n.Label()))
		phrases = append(phrases, n.Label())
	}
	return phrases
}

func bodyNames(bodies []*report.Body) (names []string) {
	for _, b := range bodies {
		names = append(names, string(b.Name))
	}
	return names
}

// addNews adds what each body said about an item, and its updates.
func (all statements) addNews(it *report.Item) {
	label := labelOfItem(it)
	for _, r := range it.Requests {
		phrases := phrasesOf(r)
		newStatement := func(id string) *statement {
			return &statement{id: id, rule: "shown", place: it.Place, label: fmt.Sprintf("what %s said about %s", r.Body.Name, label), layout: requestLayout}
		}
		all.add(it.Page(), newStatement("request-"+r.Body.ID), append([]string{string(r.Body.Name)}, phrases...)...)
		onBody := newStatement(strings.Join([]string{"request", it.Report.Name, it.Kind, it.ID}, "-"))
		page := r.Body.Organisation.Target().Page
		all.add(page, onBody, slices.Concat([]string{string(it.Page().Title)}, phrases, verdictPhrases(it.Verdicts()), onBody.linkNews(page, it.OtherNews(false)))...)
	}
	if verdicts := verdictPhrases(it.Verdicts()); len(verdicts) > 0 {
		all.add(it.Page(), &statement{id: "found", rule: "shown", place: it.Place, label: "what others found about " + label, layout: itemLayout}, verdicts...)
	}
	for _, u := range it.Updates {
		all.add(it.Page(), &statement{id: "update-" + u.Name(), rule: "shown", place: u.Place, label: fmt.Sprintf("the update of %s on %s", u.Date, label), layout: updatesLayout,
			leads: []lead{{name: "its source", file: sourceOf(it.Report, u)}}}, updatePhrases(u)...)
	}
}

// addOtherNews adds the lines that say, beside an item in a list, what bodies that were
// not asked have said of it.
func (all statements) addOtherNews(lib *report.Library, it *report.Item) {
	add := func(page *report.Page, id string) {
		s := &statement{id: id, rule: "shown", place: it.Place, label: "what others said about " + labelOfItem(it), layout: othersLayout}
		all.add(page, s, s.linkNews(page, it.OtherNews(true))...)
	}
	if len(it.OtherNews(true)) == 0 {
		return
	}
	for _, page := range summariesOf(lib, it.Report) {
		add(page, strings.Join([]string{"news", it.Kind, it.ID}, "-"))
	}
	list := it.Report.Listing("organisations")
	if list == nil {
		return
	}
	for _, b := range it.Bodies {
		id := strings.Join([]string{"news", b.ID, it.Kind, it.ID}, "-")
		if add(list, id); list.InWhole() {
			add(it.Report.Whole, id)
		}
	}
}

// addTogether adds the bodies that all items of a kind are asked of, which are named once
// above the items.
func (all statements) addTogether(rep *report.Report, asks *report.Asks) {
	if asks.CommonBodies == nil {
		return
	}
	for _, page := range []*report.Page{asks.Items[0].Target().Page, rep.Whole} {
		all.add(page, &statement{id: "asked-of-" + asks.Kind + "s", rule: itemRule, place: report.Place{File: page.File}, label: "who all " + asks.Kind + "s are asked of", layout: togetherLayout},
			append(bodyNames(asks.CommonBodies), string(asks.Items[0].AddressedNote))...)
	}
}

// addProgress adds what a page says about progress, and what the statuses mean.
func (all statements) addProgress(lib *report.Library, page *report.Page, totals report.Totals, groups []report.Group) {
	newStatement := func(id, label, layout string) *statement {
		return &statement{id: id, rule: "shown", place: report.Place{File: page.File}, label: label, layout: layout}
	}
	all.add(page, newStatement("totals", "the totals", totalsLayout), totalPhrases(totals, true)...)
	var late []string
	for _, r := range totals.Overdue {
		late = append(late, string(r.Item.Page().Title), string(r.Body.Name), r.Lateness())
	}
	if len(late) > 0 {
		all.add(page, newStatement("late", "what is overdue", progressLayout), late...)
	}
	for _, g := range groups {
		group := newStatement(g.ID, fmt.Sprintf("the group “%s”", g.ID), progressLayout)
		var phrases []string
		for _, it := range g.Items {
			phrases = append(phrases, string(it.Page().Title), g.Says(it))
			if g.Says(it) != "" {
				phrases = append(phrases, it.Age())
			}
			if verdicts := it.Verdicts(); len(verdicts) > 0 {
				phrases = append(phrases, verdictPhrases(verdicts[:1])...)
			}
			phrases = append(phrases, group.linkNews(page, it.OtherNews(false))...)
		}
		all.add(page, group, phrases...)
	}
	for _, s := range lib.Statuses {
		all.add(page, &statement{id: "status-" + s.ID, rule: "shown", place: s.Place, label: fmt.Sprintf("the status “%s”", s.ID), layout: statusesLayout}, fmt.Sprintf("%s %s", s.Name, s.Meaning))
	}
}

// addRequirement adds a requirement of a report, with where it is met or why not.
func (all statements) addRequirement(rep *report.Report, r *report.Requirement) {
	page := r.Target().Page
	pages := []*report.Page{page}
	if page.InWhole() {
		pages = append(pages, rep.Whole)
	}
	for _, p := range pages {
		s := &statement{id: r.Target().ID, rule: "shown", place: r.Place, label: fmt.Sprintf("requirement “%s”", r.ID), layout: requirementsLayout,
			leads: []lead{{name: "its source", file: unescaped(r.Source)}}}
		for _, h := range r.Paragraphs {
			s.link(p, h, labelOf(h))
		}
		for _, m := range r.Measures {
			s.link(p, m, fmt.Sprintf("measure “%s”", m.ID))
		}
		for _, it := range r.Items {
			s.link(p, it, labelOfItem(it))
		}
		all.add(p, s, string(r.Wording.Plain()), string(r.NotMet))
	}
}

// phrasesOf returns the phrases for a body's answer to one request.
func phrasesOf(r *report.Request) []string {
	phrases := []string{r.Says(), r.Lateness()}
	if u := r.Answer; u != nil {
		phrases = append(phrases, fmt.Sprintf("%s, %s", u.Statuses[report.Answer].Name, u.Date))
	}
	if u := r.Progress; u != nil {
		phrases = append(phrases, fmt.Sprintf("%s, %s", u.Statuses[report.Progress].Name, u.Date))
	}
	if !r.Silent {
		phrases = append(phrases, string(r.Next()))
		if !r.Due.IsZero() {
			phrases = append(phrases, r.Due.String())
		}
	}
	return phrases
}

// verdictPhrases returns the phrases for what others found.
func verdictPhrases(verdicts []*report.Update) (phrases []string) {
	for _, u := range verdicts {
		phrases = append(phrases, string(u.Statuses[report.Verdict].Name))
		phrases = append(phrases, bodyNames(u.Bodies)...)
		phrases = append(phrases, u.Date.String(), string(u.Text))
	}
	return phrases
}

func updatePhrases(u *report.Update) []string {
	phrases := append([]string{u.Date.String()}, bodyNames(u.Bodies)...)
	var names []string
	for _, s := range u.StatusList() {
		names = append(names, string(s.Name))
	}
	text := strings.Join(names, ", ")
	if u.Withdrawn != "" {
		phrases = append(phrases, text, string(u.Withdrawn))
		text = ""
	}
	// Joined, since a status whose name begins another's would pass for it.
	phrases = append(phrases, strings.TrimSpace(text+" "+string(u.Text)), string(u.Quote), string(u.Next))
	if !u.Due.IsZero() {
		phrases = append(phrases, u.Due.String())
	}
	return phrases
}

func totalPhrases(t report.Totals, replies bool) []string {
	phrases := []string{fmt.Sprint(t.Items)}
	for _, c := range t.ByState {
		phrases = append(phrases, fmt.Sprint(c.Count))
	}
	if replies && t.Requests > 0 {
		phrases = append(phrases, fmt.Sprint(t.Requests))
		for _, c := range t.Replies {
			phrases = append(phrases, fmt.Sprint(c.Count))
		}
	}
	if len(t.Overdue) > 0 {
		phrases = append(phrases, fmt.Sprint(len(t.Overdue)))
	}
	for _, b := range t.LateBodies {
		phrases = append(phrases, string(b.Name), fmt.Sprint(b.Count))
	}
	return phrases
}

// checkStatements checks that every statement is on its page.
func (c *checker) checkStatements() {
	for _, name := range slices.Sorted(maps.Keys(c.expected.statements)) {
		if _, exists := c.files[name]; !exists && !c.losses[name] {
			c.reportMissing(name)
		}
	}
	for _, p := range c.pages {
		if p.broken || p.redirect {
			continue
		}
		statements := c.expected.statements[p.name]
		for _, id := range slices.Sorted(maps.Keys(statements)) {
			if want := statements[id]; !slices.Contains(p.statements, id) {
				c.losses[p.name+"#"+id] = true
				c.add(want.place, p.name, want.rule, "the page does not show "+want.label, fmt.Sprintf("check that %s shows it in an element with the id %s", want.layout, id))
			}
		}
		for _, m := range p.misstatements {
			c.add(m.place, p.name, m.rule, "the page "+m.fault, "check "+m.layout)
		}
	}
}
