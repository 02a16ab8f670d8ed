package check

import (
	"fmt"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// inspect returns the faults of an item's element with the visible text and refs. history
// says whether every update must be there, and once whether the page may name the bodies
// once for all items of a kind.
func (it *item) inspect(text string, refs []ref, history, once bool) (faults []fault) {
	add := func(rule, what, do string) {
		faults = append(faults, fault{rule: rule, what: what, do: "check that layouts/_partials/items/" + do})
	}
	linked := func(leads func(ref) bool) bool {
		return slices.ContainsFunc(refs, func(target ref) bool { return target.anchor && leads(target) })
	}
	linkedItem := func(other *item) bool {
		return linked(func(target ref) bool { return target.fragment == other.element && target.file == other.page })
	}
	if !strings.Contains(text, it.title) {
		add("item-title", "is missing its title", "item.html shows the title")
	}
	if !strings.Contains(text, it.wording) {
		add("item-wording", "is missing its formal wording", "facts.html shows the wording, whole and unchanged")
	}
	before, _, _ := strings.Cut(text, it.state) // after it come replies, which may name other bodies
	for _, name := range it.bodies {
		if once && it.sharesBodies {
			break
		}
		if !strings.Contains(before, name) {
			add("item-addressee", fmt.Sprintf("does not name “%s”, which it is asked of", name), "facts.html names every body in addressed_to")
		}
	}
	for _, id := range it.findings {
		if !linked(func(target ref) bool { return target.fragment == id }) {
			add("item-finding", "does not link to paragraph "+id, "facts.html links to every paragraph in findings")
		}
	}
	for before := it.before; before != nil; before = before.before {
		if !linkedItem(before) {
			add("item-thread", fmt.Sprintf("does not link to %s of %s, which it follows", before.label(), before.year), "thread.html links to every earlier item")
		}
	}
	if it.after != nil && !linkedItem(it.after) {
		add("item-thread", fmt.Sprintf("does not link to %s of %s, which follows it", it.after.label(), it.after.year), "thread.html links to the item that follows")
	}
	if !strings.Contains(text, it.closed) {
		add("item-closed", "does not show why it was not repeated", "thread.html shows what closed says")
	}
	if !strings.Contains(text, it.state) {
		add("item-state", fmt.Sprintf("does not show its state: “%s”", it.state), "facts.html shows the state")
	}
	for _, u := range it.updates {
		if !history {
			break
		}
		source := func(target ref) bool { return target.file == u.source }
		if !strings.Contains(text, u.day) || !strings.Contains(text, u.text) || !linked(source) {
			add("item-update", fmt.Sprintf("does not show the update of %s with its date, text and source", u.day), "updates.html shows every update")
		}
	}
	return faults
}

// checkReports checks the founding rule, and what is missing.
func (c *checker) checkReports() {
	if _, exists := c.files[lostPage]; !exists && len(c.expected.reports) > 0 {
		c.add(report.Place{File: c.expected.source(lostPage)}, lostPage, "missing-page", "the page that servers show for addresses that do not exist is missing", "restore the file")
	}
	for _, rep := range c.expected.reports {
		c.checkNeeded(rep)
		c.checkPassages(rep)
		for _, it := range rep.items {
			c.checkItem(it)
			c.checkTitles(it, rep.summaries, "summary-link", "layouts/_partials/report/summary.html lists")
			c.checkTitles(it, rep.overviews, "overview", "the page's template in layouts/_partials/lists shows")
		}
	}
	for _, p := range c.pages {
		for _, id := range p.strayIDs {
			c.add(c.place(p, "", func(q *page) bool { return slices.Contains(q.strayIDs, id) }), p.name, "stray-item",
				fmt.Sprintf("the element with the id %s looks like an item, but the data has no such item here", id), "remove it or rename its heading, or add the item to the data")
		}
	}
}

// checkNeeded checks that a report's pages exist. A missing page is one problem, with the
// number of items lost with it.
func (c *checker) checkNeeded(rep expectation) {
	counts := map[string]int{}
	for _, name := range rep.summaries {
		counts[name] = 0
	}
	for _, it := range rep.items {
		for _, name := range it.pages() {
			counts[name]++
		}
	}
	for name, items := range counts {
		if p, exists := c.files[name]; exists && (p == nil || p.broken || !p.redirect) {
			continue
		}
		c.losses[name] = true
		what := "this page is missing"
		if items == 1 {
			what += ", and so is its item"
		} else if items > 1 {
			what += fmt.Sprintf(", and so are its %d items", items)
		}
		c.add(report.Place{File: c.expected.source(name)}, name, "missing-page", what, "restore the file")
	}
}

// reportMissing reports a page that is missing with all that it should show.
func (c *checker) reportMissing(name string) {
	c.losses[name] = true
	c.add(report.Place{File: c.expected.source(name)}, name, "missing-page", "this page is missing", "build the site again")
}

// checkPassages checks that no passage of a report's text is missing.
func (c *checker) checkPassages(rep expectation) {
	for _, h := range rep.passages {
		p := c.page(h.page)
		if p == nil || p.redirect || p.ids[h.id] && !slices.Contains(p.hiddenIDs, h.id) {
			continue
		}
		c.losses[h.page+"#"+h.id] = true
		c.add(h.place, h.page, "passage", h.label+" is not shown", "check that layouts/_partials/text/passages.html shows every passage, and layouts/section.full.html every page of the report")
	}
}

// checkItem checks that an item is complete on each of its pages.
func (c *checker) checkItem(it *item) {
	for _, name := range it.pages() {
		p := c.page(name)
		if p == nil {
			continue
		}
		add := func(rule, what, do string) { c.add(it.place, name, rule, it.label()+" "+what, do) }
		faults, ok := p.items[it.element]
		if !ok {
			c.losses[name+"#"+it.element] = true
			add("item-missing", "is not shown", fmt.Sprintf("check that layouts/_partials/lists/%ss.html shows every %s in an element with the id %s", it.kind, it.kind, it.element))
			continue
		}
		for _, f := range faults {
			add(f.rule, f.what, f.do)
		}
	}
}

// checkTitles checks that pages link to an item by its title, if they exist and do not
// redirect.
func (c *checker) checkTitles(it *item, names []string, rule, layout string) {
	for _, name := range names {
		p := c.page(name)
		if p != nil && !p.redirect && !slices.ContainsFunc(p.links, func(l link) bool { return l.to == it && strings.Contains(l.text, it.title) }) {
			c.add(it.place, name, rule, it.label()+" is not linked by its title", "check that "+layout+" every "+it.kind)
		}
	}
}

// checkHelp checks that every page shows every contact.
func (c *checker) checkHelp() {
	for _, contact := range c.expected.contacts {
		for _, p := range c.pages {
			for address, text := range contact.turns {
				isShown := slices.ContainsFunc(p.turns, func(t turn) bool { return t.address == address && t.text != "" && strings.Contains(t.text, text) })
				if !isShown && !p.broken && !p.redirect {
					c.add(contact.place, p.name, "help", fmt.Sprintf("the contact “%s” is not shown", contact.id), "check that layouts/_partials/frame/help.html shows every contact, and that layouts/baseof.html includes it")
				}
			}
		}
	}
}
