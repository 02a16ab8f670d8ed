package check

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// An item is a challenge or a recommendation of one report, with all that has
// to stand in its element. Texts are folded.
type item struct {
	kind      string // "challenge", "recommendation"
	record    report.Record
	title     string
	wording   string
	bodies    []string // the names of those that it is put to
	findings  []string // paragraphs' ids
	updates   []update
	year      string // of its report
	page      string // where it stands, apart from the page of the whole report
	before    *item  // the item of an earlier report that it follows, or nil
	after     *item  // the item of a later report that follows it, or nil
	closed    string // why the next report does not ask it again, or ""
	elementID string
}

// An update is one of an item, with its day and text as a page shows them, and
// its source as unescaped gives it.
type update struct {
	report.Update
	day, shown, from string
}

func (it *item) label() string { return fmt.Sprintf("%s “%s”", it.kind, it.record.ID) }

// places are the pages of a report where items of each kind stand, apart from
// the page of the whole report.
var places = map[string]string{
	"challenge":      "conclusions/index.html",
	"recommendation": "recommendations/index.html",
}

const whole = "full.html"

// likeItem tells whether an element's id looks like that of an item.
func likeItem(id string) bool {
	return strings.HasPrefix(id, "challenge-") || strings.HasPrefix(id, "recommendation-")
}

// overviews are the pages of a report that show all its items, if they are there.
var overviews = []string{"connections/index.html", "progress/index.html"}

// expectations are what the data says has to be found.
type expectations struct {
	reports   []expectedReport
	elements  map[string]map[string]*item // by page, then by element's id
	overviews map[string]bool             // the pages whose links' texts matter
	contacts  []*report.Contact
	turns     map[string]bool // the addresses that contacts' links lead to
	drafts    map[string]bool // the years of reports in which texts may be still to be written
}

type expectedReport struct {
	year      string
	items     []*item
	summaries []string // the pages that have to link to every item
	overviews []string // the pages that have to as well, if they are there
}

// expect turns a library into what has to be found on which page.
func expect(lib *report.Library) expectations {
	names := map[string]string{}
	for _, o := range lib.Organisations {
		names[o.ID] = fold(string(o.Name))
	}
	newest := "" // the year of the newest report that the site shows
	x := expectations{elements: map[string]map[string]*item{}, overviews: map[string]bool{}, contacts: lib.Contacts, turns: map[string]bool{}, drafts: map[string]bool{}}
	for _, contact := range lib.Contacts {
		for address := range turnsOf(contact) {
			x.turns[address] = true
		}
	}
	for _, rep := range lib.Reports {
		x.drafts[rep.Year] = rep.Draft
	}
	threads := map[string]*item{} // every item by its kind and what follows says of it: "challenge 2014/early-help"
	var follows []string          // what each of reports' items follows in threads, or ""
	for _, rep := range lib.Reports {
		newest = max(newest, rep.Year)
		e := expectedReport{year: rep.Year, summaries: []string{path.Join(rep.Year, "index.html")}}
		for _, name := range overviews {
			e.overviews = append(e.overviews, path.Join(rep.Year, name))
		}
		if rep == lib.Latest {
			e.summaries = append(e.summaries, "index.html") // the front page is the latest report's summary
		}
		for _, name := range slices.Concat(e.summaries, e.overviews) {
			x.overviews[name] = true
		}
		pages := map[string][]string{}
		for kind := range places {
			pages[kind] = x.pagesOf(rep.Year, kind)
		}
		add := func(kind string, rec report.Record, title, wording string, addressedTo, findings []string, updates []*report.Update, follow, closed string) {
			it := &item{kind: kind, record: rec, title: fold(title), wording: fold(wording), findings: findings, year: rep.Year, page: pages[kind][0], elementID: kind + "-" + rec.ID}
			threads[kind+" "+rep.Year+"/"+rec.ID] = it
			follows = append(follows, kind+" "+follow)
			if !x.drafts[rep.Year] {
				it.closed = fold(closed)
			}
			for _, id := range addressedTo {
				it.bodies = append(it.bodies, names[id])
			}
			for _, u := range updates {
				it.updates = append(it.updates, update{*u, u.Date.String(), fold(string(u.Text)), unescaped(u.Source)})
			}
			e.items = append(e.items, it)
			for _, name := range pages[kind] {
				if x.elements[name] == nil {
					x.elements[name] = map[string]*item{}
				}
				x.elements[name][it.elementID] = it
			}
		}
		for _, ch := range rep.Challenges {
			add("challenge", ch.Record, string(ch.Title), string(ch.Wording), ch.AddressedTo, ch.Findings, ch.Updates, ch.Follows, string(ch.Closed))
		}
		for _, r := range rep.Recommendations {
			add("recommendation", r.Record, string(r.Title), string(r.Wording), r.AddressedTo, r.Findings, r.Updates, r.Follows, string(r.Closed))
		}
		x.reports = append(x.reports, e)
	}
	n := 0
	for _, rep := range x.reports {
		for _, it := range rep.items {
			if rep.year == newest { // no next report says that it is not asked again
				it.closed = ""
			}
			if it.before = threads[follows[n]]; it.before != nil && (it.before.after == nil || it.before.after.year < it.year) {
				it.before.after = it
			}
			n++
		}
	}
	return x
}

// pagesOf gives the pages that items of a kind stand on.
func (expectations) pagesOf(year, kind string) []string {
	return []string{path.Join(year, places[kind]), path.Join(year, whole)}
}

// A found is what an item's element on a page was found to have.
type found struct {
	times int
	lacks []lack
}

// A lack is something that an item's element should have and has not.
type lack struct{ rule, what, do string }

// inspect says what an item's element lacks. text is what a reader sees in it,
// and refs and outside are its links.
func (r *reader) inspect(it *item, text string, refs []ref, outsides []outside) []lack {
	var lacks []lack
	if !strings.Contains(text, it.title) {
		lacks = append(lacks, lack{"item-title", "stands without its title", "see that layouts/_partials/item.html shows the title"})
	}
	if !strings.Contains(text, it.wording) {
		lacks = append(lacks, lack{"item-wording", "stands without its formal wording", "see that layouts/_partials/item.html shows the wording, whole and unchanged"})
	}
	before := text // the updates: a body that says what became of the item need not be one that it is put to
	if len(it.updates) > 0 {
		before, _, _ = strings.Cut(text, it.updates[0].day)
	}
	for _, name := range it.bodies {
		if !strings.Contains(before, name) {
			lacks = append(lacks, lack{"item-addressee", fmt.Sprintf("is put to “%s”, which is not named", name), "see that layouts/_partials/item.html names every body in addressed_to"})
		}
	}
	for _, id := range it.findings {
		if !slices.ContainsFunc(refs, func(to ref) bool { return to.anchor && r.names[to.fragment] == id }) {
			lacks = append(lacks, lack{"item-finding", "has no link to paragraph " + id, "see that layouts/_partials/item.html links to every paragraph in findings"})
		}
	}
	leadsTo := func(other *item) bool {
		return slices.ContainsFunc(refs, func(to ref) bool {
			return to.anchor && r.names[to.fragment] == other.elementID && r.names[to.file] == other.page
		})
	}
	for before := it.before; before != nil; before = before.before {
		if !leadsTo(before) {
			lacks = append(lacks, lack{"item-thread", fmt.Sprintf("goes back to %s of %s, which it does not link to", before.label(), before.year), "see that layouts/_partials/thread.html links to every earlier item"})
		}
	}
	if it.after != nil && !leadsTo(it.after) {
		lacks = append(lacks, lack{"item-thread", fmt.Sprintf("is followed by %s of %s, which it does not link to", it.after.label(), it.after.year), "see that layouts/_partials/thread.html links to the item that follows"})
	}
	if !strings.Contains(text, it.closed) {
		lacks = append(lacks, lack{"item-closed", "does not show why it is not asked again", "see that layouts/_partials/thread.html shows what closed says"})
	}
	for _, u := range it.updates {
		if !strings.Contains(text, u.day) || !strings.Contains(text, u.shown) ||
			!slices.ContainsFunc(outsides, func(to outside) bool { return to.anchor && r.names[to.address] == u.from }) {
			lacks = append(lacks, lack{"item-update", fmt.Sprintf("does not show the update of %s with its date, text and source", u.day), "see that layouts/_partials/updates.html shows every update"})
		}
	}
	return lacks
}

// checkReports proves the founding rule and gives what is missing: pages by
// their names, items as page#id.
func (c *checker) checkReports() (missing map[string]bool) {
	missing = map[string]bool{}
	if _, there := c.files[lostName]; !there && len(c.expected.reports) > 0 {
		c.add(report.Place{File: SourceOf(lostName)}, []string{lostName}, "missing-page", "this page is not there, which servers show for an address that does not exist", "put the file back")
	}
	for _, rep := range c.expected.reports {
		c.checkNeeded(rep, missing)
		for _, it := range rep.items {
			c.checkItem(rep.year, it, missing)
			c.checkOverviews(rep, it)
		}
	}
	c.checkStrays()
	return missing
}

// checkNeeded sees that a report's pages are there. A missing page is told
// once, with what is lost with it.
func (c *checker) checkNeeded(rep expectedReport, missing map[string]bool) {
	stand := map[string]int{}
	for _, it := range rep.items {
		for _, name := range c.expected.pagesOf(rep.year, it.kind) {
			stand[name]++
		}
	}
	for _, name := range rep.summaries {
		stand[name] = 0
	}
	for name, items := range stand {
		if p := c.page(name); p != nil && !p.redirect || c.unread(name) {
			continue
		}
		missing[name] = true
		what := "this page is not there"
		if items > 0 {
			what = fmt.Sprintf("this page is not there, and with it %s", plural(items, "item"))
		}
		c.add(report.Place{File: SourceOf(name)}, []string{name}, "missing-page", what, "put the file back, or see in config.toml that the page is made")
	}
}

// unread tells whether a file is there, but could not be read as a page.
func (c *checker) unread(name string) bool {
	i, ok := c.files[name]
	return ok && i < 0
}

// checkItem proves that an item stands whole on each of its pages. What is
// wrong with it on both in the same way is told once.
func (c *checker) checkItem(year string, it *item, missing map[string]bool) {
	pages := map[lack][]string{}
	var order []lack
	tell := func(l lack, name string) {
		if pages[l] == nil {
			order = append(order, l)
		}
		pages[l] = append(pages[l], name)
	}
	for _, name := range c.expected.pagesOf(year, it.kind) {
		p := c.page(name)
		if p == nil {
			continue
		}
		f := p.items[it.elementID]
		if f == nil {
			missing[name+"#"+it.elementID] = true
			tell(lack{"item-missing", "is not shown", fmt.Sprintf("see that layouts/_partials/lists/%ss.html shows every %s in an element with the id %s", it.kind, it.kind, it.elementID)}, name)
			continue
		}
		if f.times > 1 {
			tell(lack{"item-repeated", "stands more than once", "see that only one element has the id " + it.elementID}, name)
		}
		for _, l := range f.lacks {
			tell(l, name)
		}
	}
	for _, l := range order {
		at := it.record.Place
		c.add(at, slices.Compact(pages[l]), l.rule, it.label()+" "+l.what, l.do)
	}
}

// checkOverviews proves that the summaries and overviews link to an item by its title.
func (c *checker) checkOverviews(rep expectedReport, it *item) {
	if without := c.without(it, rep.summaries); len(without) > 0 {
		c.add(it.record.Place, without, "summary-link", it.label()+" is not linked by its title from the summary",
			"see that layouts/_partials/summary.html lists every "+it.kind)
	}
	if without := c.without(it, rep.overviews); len(without) > 0 {
		c.add(it.record.Place, without, "overview", it.label()+" is not linked by its title from a page that shows them all",
			"see that the page's template in layouts/_partials/lists shows every "+it.kind)
	}
}

// without gives those of some pages that do not link to an item by its title.
func (c *checker) without(it *item, names []string) []string {
	var without []string
	for _, name := range names {
		p := c.page(name)
		// Where an overview was, a page may lead on to its new address.
		if p != nil && !p.redirect && !slices.ContainsFunc(p.links, func(l link) bool { return l.to == it && strings.Contains(l.text, it.title) }) {
			without = append(without, name)
		}
	}
	return without
}

// turnsOf gives the addresses of the links that a contact is shown with, each
// with what has to stand in it.
func turnsOf(contact *report.Contact) map[string]string {
	all := map[string]string{}
	if contact.Telephone != "" {
		all["tel:"+contact.Dial()] = fold(contact.Telephone)
	}
	if contact.Page != "" {
		all[unescaped(contact.Page)] = ""
	}
	return all
}

// checkHelp proves that every page has every contact.
func (c *checker) checkHelp() {
	for _, contact := range c.expected.contacts {
		turns := turnsOf(contact)
		var without []string
		for _, p := range c.pages {
			if !p.unread && !p.redirect && !p.shows(turns) {
				without = append(without, p.name)
			}
		}
		if len(without) > 0 {
			c.add(contact.Place, without, "help", fmt.Sprintf("the contact “%s” is not shown", contact.ID), "see that layouts/_partials/help.html shows every contact, and that layouts/baseof.html has it")
		}
	}
}

// shows tells whether a page has the links that a contact is shown with, for a
// reader to see.
func (p *page) shows(turns map[string]string) bool {
	for address, text := range turns {
		if !slices.ContainsFunc(p.turns, func(t turn) bool { return t.address == address && t.text != "" && strings.Contains(t.text, text) }) {
			return false
		}
	}
	return true
}

// checkStrays finds elements that look like items and are none, or stand on a
// page where items of their kind do not.
func (c *checker) checkStrays() {
	for _, p := range c.pages {
		for _, id := range p.strays {
			c.add(report.Place{File: SourceOf(p.name)}, []string{p.name}, "stray-item", fmt.Sprintf("the element with the id %s is no item that the data has here", id),
				"take it out of the text or the layout, or add the record to data")
		}
	}
}
