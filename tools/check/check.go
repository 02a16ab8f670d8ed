// Package check proves a built site against the report it shows.
//
// It reads the HTML as a browser does and knows nothing of Hugo or the templates. What
// to expect comes from the data, by way of [report.Library]. A [report.Problem] names
// the place in the source that an editor has to open, then the page.
//
// The founding rule: every challenge and recommendation appears exactly once on its page
// and once on the page of the whole report, with its title and formal wording, and is
// linked by its title from the summary; and nothing appears that the data does not have.
// Around it are the rules that make the pages fit to publish: [Rules] lists them all.
// The weight of a page is advice only.
//
// expected.go turns the Library into expectations. page.go reads a page, with
// elements.go, loads.go, visible.go and policy.go, and weigh.go weighs it; files.go reads
// all pages. statements.go checks that pages say what they must of items, passages and
// other records, items.go that they link to items, find.go the index and the search.
// account.go accounts for every word, by the data in model.go and the fixed words in
// grammar.go; alike.go and head.go compare pages with each other. links.go and
// addresses.go check where links lead, pages.go what else a page needs, and copies.go,
// data.go, feed.go, things.go and compressed.go the other files and data.
//
// Several workers read pages as streams of tags and keep only what the rules need. Once
// all pages are read, independent rules run at once.
package check

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"annualreport/tools/report"
)

// Rules lists every rule with what must hold.
var Rules = []struct{ Name, Holds string }{
	{"item", "every challenge and recommendation is on its page, on its own page and on the page of the whole report, with its title, its formal wording, whole and unchanged, every body it is asked of, its dates, its state, and links to its findings and to the items of other reports that it follows or that follow it; on the page of the whole report with all news of it; nothing else looks like an item"},
	{"shown", "what each body said about an item asked of it, or that it has said nothing, is on the item's page and on the body's own, with dates and in the right words; every update is on its item's page; the totals, what is overdue, every item, and every status with its meaning are on the progress pages; every requirement of law or guidance is on its page, and on the page of the whole report, with its wording, its source and a link to every place that meets it, or the reason why it is not met"},
	{"find", "every passage, theme, item, body and term is in the A to Z index, with its names and a link to its place, and in the search, with all of its words; where the search has a report in brief, with its names"},
	{"passage", "every passage is on its page, and every page and passage of a report is on the page of the whole report, unless the page says otherwise"},
	{"item-link", "every item is linked by its title from its report's summary, from / if the report is the latest, and from its connections and progress pages, if there are any"},
	{"text", "every block of the report's own text is on its page, and on the page of the whole report, complete and in order, with its links"},
	{"word", "everything else that a page says, or has read out, is in the fixed words in data/words or in the data it is about, and each link describes what it leads to"},
	{"head", "the head of every page gives the page's own title and description; the rest of it is the same on all pages"},
	{"style", "every page has one stylesheet, static/css/report.css, unchanged"},
	{"file", "every other file is one that the command makes, or a copy of one in static or content, and no copy is missing"},
	{"feed", "every update that was not withdrawn is in the feed, and in the feeds of the bodies that it is from or that were asked, with its date, text, source and address; the feeds have nothing else"},
	{"open-data", "each report's data, in report.json and in the tables, is byte for byte what the report says; its addresses lead somewhere"},
	{"help", "every page shows every contact, with its telephone number and a link to its page"},
	{"missing-page", "the summary, the pages of items and of requirements, the page of the whole report and 404.html exist"},
	{"broken-link", "every address within the site leads to a file that exists, and to a place on it; it names the file, so that it works when the site is opened from a disk as well, and on 404.html it works in any folder"},
	{"moved-page", "every old address of a page leads to the page, and addresses such as /2014/challenges/ lead to the page that lists the challenges"},
	{"address", "if one page gives its full address, every page does, in its canonical link and for sharing, and correctly"},
	{"shared", "… and names the picture it is shared with; that picture, the icons and the manifest are the ones made from the reports"},
	{"sitemap", "… and sitemap.xml lists exactly those addresses"},
	{"search-data", "what pages tell search engines in JSON-LD is what the reports say: a report's title, publisher, date and sections, and a page's breadcrumbs"},
	{"lost-page", "every page can be reached by links from /"},
	{"repeated-id", "no two elements of a page have the same id: no item, say, appears twice"},
	{"page-title", "no two pages have the same title, or the same description"},
	{"foreign-request", "no page loads anything from another host"},
	{"policy", "every page's Content-Security-Policy allows what the page uses, and no more; only search pages have a script, which is small and allowed by its hash"},
	{"placeholder", "no page has text that is still to be written"},
	{"cut-off", "every page is complete: it has a main part with text in it, and ends with </html>"},
	{"markup", "every page begins with <!doctype html>; every tag that needs an end tag has one, every end tag ends something, and no tag gives an attribute twice"},
	{"compressed", "every compressed file beside a page or another text, for servers to send in its place, unpacks to exactly that"},
	{"pdf", "every PDF says what the page of the whole report says, in the same order; only where the Poppler tools are installed"},
	{"rebuilt", "every file is what a build makes from today's source: a page to a browser, any other file byte for byte; only the check command proves this, once all else holds"},
	{"permissions", "all who can read most files can read every one; only the check command proves this"},
	{"unreadable", "every file can be read, is a plain file and of a sensible size"},
}

// A Proof counts what was found on a site and holds the advice.
type Proof struct {
	Reports int `json:"reports"`
	Items   int `json:"items"` // challenges and recommendations
	Pages   int `json:"pages"` // HTML files
	Links   int `json:"links"` // addresses within the site, from links, pictures and the like

	BaseURL string `json:"-"` // the site's address as its pages give it, with a slash at its end, or ""

	// Advice is on both the source and the site.
	Advice report.Advice `json:"-"`
}

// Site checks a site against lib. If the site is wrong, the error is of type
// [report.Problems]. Drafts in lib may have text still to be written. source is the folder
// that lib was read from; unless it is nil, the stylesheet and copied files are compared
// with those in it.
func Site(site fs.FS, lib *report.Library, source fs.FS) (Proof, error) {
	c := &checker{site: site, source: source, expected: expect(lib, site), losses: map[string]bool{}, index: map[[4]any]int{}}
	c.listFiles()
	c.readPages()
	c.base = c.findBase()
	c.root = unescaped(c.base)
	proof := Proof{Reports: len(lib.Reports), Pages: len(c.pages), BaseURL: c.base}
	for _, p := range c.pages {
		for i := range p.refs {
			if p.refs[i] = c.localise(p.refs[i]); p.refs[i].form != formForeign {
				proof.Links++
			}
		}
	}
	for _, rep := range lib.Reports {
		proof.Items += len(rep.AllItems())
	}
	c.checkReports()
	c.checkStatements()
	c.checkFinders()
	c.adviseWeights()
	proof.Advice = slices.Concat(lib.Advice, c.advice).Sorted()
	c.runAll([]func(*checker){(*checker).checkLinks, (*checker).checkReachable, (*checker).checkLost, (*checker).checkMoved, (*checker).checkFeeds,
		(*checker).checkCompressed, (*checker).checkAddresses, (*checker).checkPages, (*checker).checkHelp, (*checker).checkData, (*checker).checkHeads, (*checker).checkFrames, (*checker).checkCopies, (*checker).checkThings})
	c.checkAccounts()
	c.sortProblems()
	return proof, c.problems.Err()
}

// sortProblems gives the problems, and the pages of each, an order that does not change.
func (c *checker) sortProblems() {
	order := map[string]int{} // of addresses; those of pages come first
	for i, p := range c.pages {
		order[Address(p.name)] = i - len(c.pages)
	}
	for _, p := range c.problems {
		slices.SortFunc(p.Pages, func(a, b string) int { return cmp.Or(order[a]-order[b], strings.Compare(a, b)) })
	}
	slices.SortFunc(c.problems, func(a, b report.Problem) int {
		return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Place.File, b.Place.File), a.Place.Line-b.Place.Line, slices.Compare(a.Pages, b.Pages))
	})
}

// runAll runs several checks at once. Each adds to its own problems and only reads the
// rest of the checker.
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
	pages     []*page          // in order of names, those that repeat others last
	files     map[string]*page // every file of the site, with the page if it is one
	obstacles map[string]bool  // files that were reported as unreadable
	losses    map[string]bool  // what was reported as missing: pages by their names, items as page#id
	base      string           // the site's address according to the pages, with a slash at its end, or ""
	root      string           // base, unescaped
	problems  report.Problems
	advice    report.Advice
	index     map[[4]any]int // of problems, by all but their pages
}

// add adds a problem. The same fault in several files is one problem.
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

// page returns a page by its name, or nil if it is missing or cannot be read.
func (c *checker) page(name string) *page {
	if p := c.files[name]; p != nil && !p.broken {
		return p
	}
	return nil
}

// place returns where in the source a part of a page was written: the line of the nearest
// record, heading or paragraph, or else the file. For a page that repeats others, it is
// the file of the last of those for which matches is true, or of the only one with the id.
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

// findRecord returns where the element with an id was written, if it is about a record or
// is a heading or paragraph.
func (c *checker) findRecord(p *page, id string) (report.Place, bool) {
	repeated := c.repeatedPages(p)
	slices.Reverse(repeated)
	for _, q := range append([]*page{p}, repeated...) {
		if m := c.expected.model.mattersOn(q.name)[id]; m != nil && id != "" {
			return m.place, true
		}
	}
	return report.Place{}, false
}

// repeatedPages returns the pages that a page repeats, if any.
func (c *checker) repeatedPages(p *page) (all []*page) {
	echo := c.expected.echoes[p.name]
	for _, q := range c.pages {
		if echo != "" && reportOf(q.name) == echo && c.expected.echoes[q.name] == "" {
			all = append(all, q)
		}
	}
	return all
}
