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
	{"item-missing", "every challenge and recommendation stands on its page, and on the page of the whole report"},
	{"item-repeated", "… exactly once"},
	{"item-title", "… with its title, as a reader sees it"},
	{"item-wording", "… with its formal wording, whole and unchanged"},
	{"item-addressee", "… with the name of every body that it is put to"},
	{"item-finding", "… with a link to every paragraph in its findings"},
	{"item-update", "… with every update's date, text and source, on the page of the whole report"},
	{"item-state", "… with how far it is, in words, on each of its pages"},
	{"item-thread", "… with a link to each item of earlier reports that it goes back to, and to the one that follows it"},
	{"item-closed", "… with the reason why the next report does not ask it again, if that is so"},
	{"shown", "what each body said to each thing that it was asked stands on that item's page and on the body's own, with its days and in the right words, or that it has said nothing; so does every update on its item's page, and the totals, who is late and every item on the pages of what happened next"},
	{"requirement", "every requirement of law or guidance stands on its page, and on the page of the whole report, with its wording, its source and a link to every place that meets it, or the reason why none does"},
	{"status", "every status, with its meaning, stands on the pages that show what became of it all"},
	{"find", "every passage, theme, item, body and term is in the index from A to Z, with its names and a link to its place, and in the search, with all of its words; where the search has a report in brief, with its names"},
	{"passage", "every passage stands on its page, and every page and passage of a report on the page of the whole report, unless the page says otherwise"},
	{"summary-link", "every item is linked by its title from its report's summary, and from / if the report is the latest"},
	{"overview", "every item is linked by its title from the pages that show how its report fits together and what became of it, if there are any"},
	{"feed", "every update that was not withdrawn is in the feed, and in those of the bodies that it is from or that were asked, with its date, text and source and a link to its place, and nothing else is"},
	{"open-data", "each report's data, in report.json and in the tables, is byte for byte what the report says; its addresses lead somewhere"},
	{"help", "every page says where to turn, if there are contacts: every contact's telephone number, for all to see, and page"},
	{"stray-item", "no item stands where the data has none"},
	{"missing-page", "the summary, the pages of items and of requirements, the page of the whole report and 404.html are there"},
	{"broken-link", "every address within the site leads to a file that is there, and to a place on it"},
	{"folder-link", "… and names the file, so that it leads there when the site is opened from a disk as well"},
	{"not-found", "no link of 404.html depends on the folder that the server shows it in"},
	{"moved-page", "every old address of a page has a page that leads on to it, and so has the address of what a page lists, such as /2014/challenges/"},
	{"address", "if one page gives its own whole address, every page does, in its canonical link and in what is shared of it, and rightly"},
	{"shared", "… and names the picture that it is shared with; that, the icons and the manifest are what the reports make of them"},
	{"sitemap", "… and sitemap.xml lists exactly those addresses"},
	{"search-data", "what pages tell search engines in JSON-LD is what the reports say: what the report is, whose and from when, its sections, and the way to a page"},
	{"lost-page", "every page can be reached by links from /"},
	{"repeated-id", "no two elements of a page have the same id"},
	{"page-title", "every page has a title that no other page has"},
	{"page-description", "every page has a description that no other page has"},
	{"foreign-request", "no page loads anything from another host"},
	{"policy", "every page's Content-Security-Policy allows what the page uses, and no more; a search page alone has a script, one, which is small and allowed by its hash"},
	{"placeholder", "no page has a text that is still to be written"},
	{"cut-off", "every page is whole: it has a main part with text in it, and ends with </html>"},
	{"unmatched-tag", "every tag that has to be ended is, and none ends what was not begun"},
	{"compressed", "every compressed file that stands beside a page or another text, for servers to send in its place, unpacks to just that"},
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
// may be still to be written.
func Site(built fs.FS, lib *report.Library) (Proof, error) {
	c := &checker{site: built, expected: expect(lib), losses: map[string]bool{}, index: map[[4]any]int{}}
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
	c.together([]func(*checker){(*checker).checkLinks, (*checker).checkReached, (*checker).checkLost, (*checker).checkMoved, (*checker).checkFeeds,
		(*checker).checkCompressed, (*checker).checkAddresses, (*checker).checkPages, (*checker).checkHelp, (*checker).checkData, (*checker).checkThings})
	slices.SortFunc(c.problems, func(a, b report.Problem) int { return strings.Compare(a.What, b.What) })
	return proof, c.problems.Err()
}

// together proves several parts at once. Each has problems of its own to add
// to; all else that the checker holds is only read from here on.
func (c *checker) together(parts []func(*checker)) {
	own := make([]checker, len(parts))
	var done sync.WaitGroup
	for i, check := range parts {
		own[i] = *c
		own[i].problems, own[i].index = nil, map[[4]any]int{}
		done.Go(func() { check(&own[i]) })
	}
	done.Wait()
	for i := range own {
		c.problems = append(c.problems, own[i].problems...)
	}
}

type checker struct {
	site      fs.FS
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
func (c *checker) add(at report.Place, name, rule, what, do string) {
	key := [4]any{at, rule, what, do}
	i, met := c.index[key]
	if !met {
		i = len(c.problems)
		c.index[key] = i
		c.problems = append(c.problems, report.Problem{Place: at, Rule: rule, What: what, Do: do})
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
func (c *checker) place(p *page, id string, has func(*page) bool) report.Place {
	if at, ok := c.written(p, id); ok {
		return at
	}
	if c.expected.echoes[p.name] == "" {
		return report.Place{File: c.expected.source(p.name)}
	}
	var own []*page // with the id
	for _, q := range slices.Backward(c.repeated(p)) {
		if has != nil && has(q) {
			return report.Place{File: c.expected.source(q.name)}
		}
		if q.ids[id] {
			own = append(own, q)
		}
	}
	if len(own) == 1 {
		return report.Place{File: c.expected.source(own[0].name)}
	}
	return report.Place{File: c.expected.source(p.name)}
}

// written gives where in the source the element with an id was written, if it is
// that of a record, a heading or a paragraph.
func (c *checker) written(p *page, id string) (report.Place, bool) {
	places, echo := c.expected.places(), c.expected.echoes[p.name]
	for _, name := range []string{p.name, cmp.Or(echo, reportOf(p.name))} {
		if at, ok := places[name][id]; ok {
			return at, true
		}
	}
	for _, q := range slices.Backward(c.repeated(p)) {
		if at, ok := places[q.name][id]; ok {
			return at, true
		}
	}
	return report.Place{}, false
}

// repeated gives the pages that a page repeats, if it does.
func (c *checker) repeated(p *page) (all []*page) {
	echo := c.expected.echoes[p.name]
	for _, q := range c.pages {
		if echo != "" && reportOf(q.name) == echo && c.expected.echoes[q.name] == "" {
			all = append(all, q)
		}
	}
	return all
}
