// Package check proves a built site against the report that it shows.
//
// It reads the HTML as a browser would be given it and knows nothing of how
// the pages are made: neither Hugo nor the templates are asked. What has to be
// found comes from the data, by way of [report.Library], and a [report.Problem]
// names the place in the source that an editor has to open, then the page.
//
// The founding rule: every challenge and recommendation is exactly once on its
// page and once on the page of the whole report, with its title and formal
// wording, and is linked by its title from the summary; and nothing is there
// that the data does not have. Around it are the rules that make the pages fit
// to publish: [Rules] lists them all. What a page weighs is advice, which makes no
// site wrong.
//
// What the data says has to be found is in expected.go. page.go reads a page,
// with elements.go, loads.go and policy.go, and weighs it with weigh.go; files.go
// reads them all. Then items.go proves what is asked, statements.go the other
// records, links.go and addresses.go
// where everything leads, pages.go what else a page has to be, and data.go,
// feed.go and compressed.go the other files.
//
// Pages are read as a stream of tags by several workers at once. A page leaves
// behind its ids and links, and what it says of the items, and nothing else.
// When all pages are read, what does not depend on each other is proved at once.
package check

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"annualreport/tools/report"
)

// Rules are the names of all rules, each with what must hold.
var Rules = []struct{ Name, Holds string }{
	{"item-missing", "every challenge and recommendation is on its page, and on the page of the whole report"},
	{"item-title", "… with its title, as a reader sees it"},
	{"item-wording", "… with its formal wording, whole and unchanged"},
	{"item-addressee", "… with the name of every body it is asked of"},
	{"item-finding", "… with a link to every paragraph in its findings"},
	{"item-update", "… with the date, text and source of every update, on the page of the whole report"},
	{"item-state", "… with its state, in words, on each of its pages"},
	{"item-thread", "… with links to all items of earlier reports that it follows, and to the one that follows it"},
	{"item-closed", "… with the reason, if the next report does not repeat it"},
	{"shown", "what each body said about an item asked of it, or that it has said nothing, is on the item's page and on the body's own, with dates and in the right words; every update is on its item's page; the totals, what is overdue and every item are on the progress pages"},
	{"requirement", "every requirement of law or guidance is on its page, and on the page of the whole report, with its wording, its source and a link to every place that meets it, or the reason why it is not met"},
	{"status", "every status is on the progress pages, with its meaning"},
	{"find", "every passage, theme, item, body and term is in the A to Z index, with its names and a link to its place, and in the search, with all of its words; where the search has a report in brief, with its names"},
	{"passage", "every passage is on its page, and every page and passage of a report is on the page of the whole report, unless the page says otherwise"},
	{"summary-link", "every item is linked by its title from its report's summary, and from / if the report is the latest"},
	{"overview", "every item is linked by its title from its report's connections and progress pages, if there are any"},
	{"text", "every block of the report's own text is on its page, and on the page of the whole report, complete and in order, with its links"},
	{"word", "everything else that a page says, or has read out, is in the fixed words in data/words or in the data it is about, and each link describes what it leads to"},
	{"head", "the head of every page gives the page's own title and description; the rest of it is the same on all pages"},
	{"style", "every page has one stylesheet, static/css/report.css, unchanged"},
	{"file", "every other file is one that the command makes, or a copy of one in static or content, and no copy is missing"},
	{"feed", "every update that was not withdrawn is in the feed, and in the feeds of the bodies that it is from or that were asked, with its date, text, source and address; the feeds have nothing else"},
	{"open-data", "each report's data, in report.json and in the tables, is byte for byte what the report says; its addresses lead somewhere"},
	{"help", "every page shows every contact, with its telephone number and a link to its page"},
	{"stray-item", "nothing that is not in the data looks like an item"},
	{"missing-page", "the summary, the pages of items and of requirements, the page of the whole report and 404.html exist"},
	{"broken-link", "every address within the site leads to a file that exists, and to a place on it"},
	{"folder-link", "… and names the file, so that it works when the site is opened from a disk as well"},
	{"not-found", "no link on 404.html depends on the folder that the server shows it in"},
	{"moved-page", "every old address of a page leads to the page, and addresses such as /2014/challenges/ lead to the page that lists the challenges"},
	{"address", "if one page gives its full address, every page does, in its canonical link and for sharing, and correctly"},
	{"shared", "… and names the picture it is shared with; that picture, the icons and the manifest are the ones made from the reports"},
	{"sitemap", "… and sitemap.xml lists exactly those addresses"},
	{"search-data", "what pages tell search engines in JSON-LD is what the reports say: a report's title, publisher, date and sections, and a page's breadcrumbs"},
	{"lost-page", "every page can be reached by links from /"},
	{"repeated-id", "no two elements of a page have the same id: no item, say, appears twice"},
	{"page-title", "no two pages have the same title"},
	{"page-description", "no two pages have the same description"},
	{"foreign-request", "no page loads anything from another host"},
	{"policy", "every page's Content-Security-Policy allows what the page uses, and no more; only search pages have a script, which is small and allowed by its hash"},
	{"placeholder", "no page has text that is still to be written"},
	{"cut-off", "every page is complete: it has a main part with text in it, and ends with </html>"},
	{"unmatched-tag", "every tag that needs an end tag has one, and every end tag ends something"},
	{"compressed", "every compressed file beside a page or another text, for servers to send in its place, unpacks to exactly that"},
	{"unreadable", "every file can be read, is a plain file and of a sensible size"},
}

// A Proof counts what a site was found to have, and has what is advised.
type Proof struct {
	Reports int `json:"reports"`
	Items   int `json:"items"` // challenges and recommendations
	Pages   int `json:"pages"` // HTML files
	Links   int `json:"links"` // addresses within the site, from links, pictures and the like

	// Advice is what could be better, in the source and in the site.
	Advice report.Advice `json:"-"`
}

// Site proves the site in built against lib. An error that says what is wrong
// with the site is of type [report.Problems]. In drafts that lib shows, texts
// may be still to be written. source is the folder that lib was read from: the stylesheet
// and the files that are copied from it are compared with those there, unless it is nil.
func Site(built fs.FS, lib *report.Library, source fs.FS) (Proof, error) {
	c := &checker{site: built, source: source, expected: expect(lib, built), losses: map[string]bool{}, index: map[[4]any]int{}}
	c.listFiles()
	c.readPages()
	c.base = c.findBase()
	c.root = unescaped(c.base)
	proof := Proof{Reports: len(c.expected.reports), Pages: len(c.pages)}
	for _, p := range c.pages {
		for i := range p.refs {
			if p.refs[i] = c.localise(p.refs[i]); p.refs[i].form != formForeign {
				proof.Links++
			}
		}
	}
	for _, rep := range c.expected.reports {
		proof.Items += len(rep.items)
	}
	c.checkReports()
	c.checkStatements()
	c.checkFinders()
	c.adviseWeights()
	proof.Advice = slices.Concat(lib.Advice, c.advice).Sorted()
	c.runAll([]func(*checker){(*checker).checkLinks, (*checker).checkReachable, (*checker).checkLost, (*checker).checkMoved, (*checker).checkFeeds,
		(*checker).checkCompressed, (*checker).checkAddresses, (*checker).checkPages, (*checker).checkHelp, (*checker).checkData, (*checker).checkHeads, (*checker).checkFrames, (*checker).checkCopies, (*checker).checkThings})
	c.checkAccounts()
	slices.SortFunc(c.problems, func(a, b report.Problem) int { return strings.Compare(a.What, b.What) })
	return proof, c.problems.Err()
}

// together proves several parts at once. Each has problems of its own to add
// to; all else that the checker holds is only read from here on.
func (c *checker) runAll(parts []func(*checker)) {
	copies := make([]checker, len(parts))
	var group sync.WaitGroup
	for i, check := range parts {
		copies[i] = *c
		copies[i].problems, copies[i].index = nil, map[[4]any]int{}
		group.Go(func() { check(&copies[i]) })
	}
	group.Wait()
	for i := range copies {
		c.problems = append(c.problems, copies[i].problems...)
	}
}

type checker struct {
	site      fs.FS
	source    fs.FS // or nil
	expected  expectations
	pages     []*page          // in the order of their names, those that repeat others last
	files     map[string]*page // every file of the site, with what was found on it if it is a page
	obstacles map[string]bool  // files that were reported to be none that can be read
	losses    map[string]bool  // what was reported to be missing: pages by their names, items as page#id
	base      string           // where the pages say that the site is, with a slash at its end, or ""
	root      string           // base, as unescaped gives it
	problems  report.Problems
	advice    report.Advice
	index     map[[4]any]int // where in problems each is, by all but its pages
}

// add takes up a problem. What is wrong in the same way with several files is
// one problem.
func (c *checker) add(place report.Place, name, rule, what, do string) {
	key := [4]any{place, rule, what, do}
	i, ok := c.index[key]
	if !ok {
		i = len(c.problems)
		c.index[key] = i
		c.problems = append(c.problems, report.Problem{Place: place, Rule: rule, What: what, Do: do})
	}
	if p := &c.problems[i]; len(p.Pages) == 0 || p.Pages[len(p.Pages)-1] != Address(name) {
		p.Pages = append(p.Pages, Address(name))
	}
}

// page gives what was found on a page, or nil if there is none of that name, or
// none that could be read.
func (c *checker) page(name string) *page {
	if p := c.files[name]; p != nil && !p.broken {
		return p
	}
	return nil
}

// place gives where in the source a part of a page was written: the line of the
// record, heading or paragraph, if it is below an element with the id of one, or
// else the file. Nobody writes a page that repeats others: there, it is the file
// of the last of those that has the part as well, as has says, or that alone has
// an element with the id.
func (c *checker) place(p *page, id string, matches func(*page) bool) report.Place {
	if place, ok := c.findRecord(p, id); ok {
		return place
	}
	if c.expected.echoes[p.name] == "" {
		return report.Place{File: c.expected.source(p.name)}
	}
	var candidates []*page // with the id
	for _, q := range slices.Backward(c.repeatedPages(p)) {
		if matches != nil && matches(q) {
			return report.Place{File: c.expected.source(q.name)}
		}
		if q.ids[id] {
			candidates = append(candidates, q)
		}
	}
	if len(candidates) == 1 {
		return report.Place{File: c.expected.source(candidates[0].name)}
	}
	return report.Place{File: c.expected.source(p.name)}
}

// written gives where in the source the element with an id was written, if it is
// that of a record, a heading or a paragraph.
func (c *checker) findRecord(p *page, id string) (report.Place, bool) {
	places, echo := c.expected.places(), c.expected.echoes[p.name]
	for _, name := range []string{p.name, cmp.Or(echo, reportOf(p.name))} {
		if place, ok := places[name][id]; ok {
			return place, true
		}
	}
	for _, q := range slices.Backward(c.repeatedPages(p)) {
		if place, ok := places[q.name][id]; ok {
			return place, true
		}
	}
	return report.Place{}, false
}

// repeated gives the pages that a page repeats, if it does.
func (c *checker) repeatedPages(p *page) (all []*page) {
	echo := c.expected.echoes[p.name]
	for _, q := range c.pages {
		if echo != "" && reportOf(q.name) == echo && c.expected.echoes[q.name] == "" {
			all = append(all, q)
		}
	}
	return all
}
