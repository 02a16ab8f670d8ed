package check

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// checkReports checks the founding rule, and what is missing.
func (c *checker) checkReports() {
	lib := c.expected.lib
	if _, exists := c.files[lostPage]; !exists && len(lib.Reports) > 0 {
		c.add(report.Place{File: c.expected.source(lostPage)}, lostPage, "missing-page", "the page that servers show for addresses that do not exist is missing", "restore the file")
	}
	for _, rep := range lib.Reports {
		c.checkNeeded(rep)
		for _, it := range rep.AllItems() {
			c.checkTitles(it, summariesOf(lib, rep), "layouts/_partials/report/summary.html lists")
			c.checkTitles(it, overviewsOf(rep), "the page's template in layouts/_partials/lists shows")
		}
	}
	for _, p := range c.pages {
		for _, id := range p.strayIDs {
			c.add(c.place(p, "", func(q *page) bool { return slices.Contains(q.strayIDs, id) }), p.name, itemRule,
				fmt.Sprintf("the element with the id %s looks like an item, but the data has no such item here", id), "remove it or rename its heading, or add the item to the data")
		}
	}
}

// checkNeeded checks that a report's pages exist. A missing page is one problem, with the
// number of items lost with it.
func (c *checker) checkNeeded(rep *report.Report) {
	counts := map[string]int{}
	for _, page := range summariesOf(c.expected.lib, rep) {
		counts[nameOf(page)] = 0
	}
	for _, it := range rep.AllItems() {
		for _, page := range pagesOf(it) {
			counts[nameOf(page)]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		items := counts[name]
		if p, exists := c.files[name]; exists && (p == nil || p.broken || !p.redirect) {
			continue
		}
		if c.losses[name] = true; c.isBehindObstacle(name) {
			continue
		}
		what := "this page is missing"
		if items == 1 {
			what += ", and so is its item"
		} else if items > 1 {
			what += fmt.Sprintf(", and so are its %d items", items)
		}
		c.add(report.Place{File: c.expected.source(name)}, name, "missing-page", what, "restore the file")
	}
}

// isBehindObstacle reports whether a file is in a folder that was reported as unreadable.
func (c *checker) isBehindObstacle(name string) bool {
	for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if c.obstacles[dir] {
			return true
		}
	}
	return false
}

// reportMissing reports a page that is missing with all that it should show.
func (c *checker) reportMissing(name string) {
	if c.losses[name] = true; c.isBehindObstacle(name) {
		return
	}
	c.add(report.Place{File: c.expected.source(name)}, name, "missing-page", "this page is missing", "build the site again")
}

// checkTitles checks that pages link to an item by its title, if they exist and do not
// redirect.
func (c *checker) checkTitles(it *report.Item, pages []*report.Page, layout string) {
	title := fold(string(it.Title))
	for _, page := range pages {
		p := c.page(nameOf(page))
		if p != nil && !p.redirect && !slices.ContainsFunc(p.links, func(l link) bool { return l.to == it && strings.Contains(l.text, title) }) {
			c.add(it.Place, p.name, "item-link", labelOfItem(it)+" is not linked by its title", "check that "+layout+" every "+it.Kind)
		}
	}
}

// checkHelp checks that every page shows every contact.
func (c *checker) checkHelp() {
	for _, contact := range c.expected.lib.Contacts {
		links := linksOf(contact)
		for _, p := range c.pages {
			for address, text := range links {
				isShown := slices.ContainsFunc(p.contactLinks, func(l contactLink) bool {
					return l.address == address && l.text != "" && strings.Contains(l.text, text)
				})
				if !isShown && !p.broken && !p.redirect {
					c.add(contact.Place, p.name, "help", fmt.Sprintf("the contact “%s” is not shown", contact.ID), "check that layouts/_partials/frame/help.html shows every contact, and that layouts/baseof.html includes it")
				}
			}
		}
	}
}
