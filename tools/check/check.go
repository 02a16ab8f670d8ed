// Package check proves a built site against the report that it shows.
//
// It reads the HTML as a browser would be given it and knows nothing of how
// the pages are made: neither Hugo nor the templates are asked. What has to be
// found comes from the data, by way of [report.Library], and a [report.Problem]
// names the place in the source that an editor has to open, then the page.
//
// The founding rule: every challenge and recommendation stands exactly once on
// its page and once on the page of the whole report, with its title and formal
// wording, and is linked by its title from the summary; and nothing stands
// there that the data does not have. Around it stand the rules that make the
// pages fit to publish: [Rules] lists them all.
//
// Pages are read as a stream of tags by several workers at once. A page leaves
// behind its ids and links, as numbers, and what it says of the items, and
// nothing else. When all pages are read, the numbers are matched, and what does
// not depend on each other is proved at once.
package check

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
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
	{"item-update", "… with every update's date, text and source"},
	{"item-thread", "… with a link to each item of earlier reports that it goes back to, and to the one that follows it"},
	{"item-closed", "… with the reason why the next report does not ask it again, if that is so"},
	{"summary-link", "every item is linked by its title from its report's summary, and from / if the report is the latest"},
	{"overview", "every item is linked by its title from the pages that show how its report fits together and what became of it, if there are any"},
	{"feed", "every update is in the feed, with its date, text and source and a link to its item"},
	{"open-data", "each report's data, in report.json and in the tables, has every item whole, as the report has it, and no other; its addresses lead somewhere"},
	{"help", "every page says where to turn if you are worried about a child: every contact's telephone number, for all to see, and page"},
	{"stray-item", "no item stands where the data has none"},
	{"missing-page", "the summary, the items' pages, the page of the whole report and 404.html are there"},
	{"broken-link", "every address within the site leads to a file that is there, and to a place on it"},
	{"folder-link", "… and names the file, so that it leads there when the site is opened from a disk as well"},
	{"not-found", "no link of 404.html depends on the folder that the server shows it in"},
	{"moved-page", "every old address of a page has a page that leads on to it"},
	{"address", "if one page gives its own whole address, every page does, in its canonical link and in what is shared of it, and rightly"},
	{"sitemap", "… and sitemap.xml lists exactly those addresses"},
	{"lost-page", "every page can be reached by links from /"},
	{"repeated-id", "no two elements of a page have the same id"},
	{"page-title", "every page has a title that no other page has"},
	{"page-description", "every page has a description that no other page has"},
	{"foreign-request", "no page loads anything from another host"},
	{"policy", "every page's Content-Security-Policy allows what the page uses, and no more"},
	{"placeholder", "no page has a text that is still to be written"},
	{"cut-off", "every page is whole: it has a main part with text in it, and ends with </html>"},
	{"unmatched-tag", "every tag that has to be ended is, and none ends what was not begun"},
	{"weight", "every page, compressed and with its headers, fits into the first packets of a connection: 14,600 bytes; the page of the whole report has a second round trip, 43,800"},
	{"compressed", "every compressed file that stands beside a page or another text, for servers to send in its place, unpacks to just that"},
	{"unreadable", "every file can be read, is a plain file and of a sensible size"},
}

// A Proof counts what a site was found to have.
type Proof struct {
	Reports int `json:"reports"`
	Items   int `json:"items"` // challenges and recommendations
	Pages   int `json:"pages"` // HTML files
	Links   int `json:"links"` // addresses within the site, from links, pictures and the like
}

// Site proves the site in built against lib. An error that says what is wrong
// with the site is of type [report.Problems]. In drafts that lib shows, texts
// may be still to be written.
func Site(built fs.FS, lib *report.Library) (Proof, error) { return prove(built, lib) }

// prove reads the pages, and then proves all that there is to prove.
func prove(built fs.FS, lib *report.Library) (Proof, error) {
	c := &checker{expected: expect(lib), places: sync.OnceValue(func() map[string]map[string]report.Place { return placesOf(lib) })}
	c.readSite(built)
	c.base = c.findBase()
	c.followWholes()
	missing := c.checkReports()
	var parts []func(*checker)
	c.together(append(parts,
		func(c *checker) { c.checkLinks(missing) },
		func(c *checker) { c.checkFeed(built) },
		func(c *checker) { c.checkCompressed(built) },
		func(c *checker) { c.checkAddresses(built) },
		func(c *checker) { c.checkMoved(lib.Moved) },
		(*checker).checkPages,
		(*checker).checkHelp,
		(*checker).checkLost,
	))
	proof := Proof{Reports: len(c.expected.reports), Pages: len(c.pages)}
	for _, p := range c.pages {
		proof.Links += len(p.refs)
	}
	for _, rep := range c.expected.reports {
		proof.Items += len(rep.items)
	}
	return proof, c.problems.Err()
}

// together proves several parts at once. Each has problems of its own to add
// to; all else that the checker holds is only read from here on.
func (c *checker) together(parts []func(*checker)) {
	problems := make([]report.Problems, len(parts))
	share(len(parts), func(_, i int) {
		of := *c
		of.problems = nil
		parts[i](&of)
		problems[i] = of.problems
	})
	c.problems = slices.Concat(c.problems, slices.Concat(problems...))
}

type checker struct {
	expected expectations
	places   func() map[string]map[string]report.Place // see placesOf; asked for only if something is wrong

	pages    []page           // by name
	files    map[string]int32 // every file of the site to its page's index, or -1 if it is none
	blocked  map[string]bool  // files that were told to be none that can be read; to open one might never end
	names    []string         // what the numbers in pages and refs stand for
	numbers  map[string]int32 // the number of each of the names
	base     string           // where the pages say that the site stands, with a slash at its end, or ""
	problems report.Problems
}

func (c *checker) add(at report.Place, pages []string, rule, what, do string) {
	c.problems = append(c.problems, report.Problem{Place: at, Pages: addresses(pages), Rule: rule, What: what, Do: do})
}

// page gives what was found on a page, or nil if there is none of that name.
func (c *checker) page(name string) *page {
	if i, ok := c.files[name]; ok && i >= 0 {
		return &c.pages[i]
	}
	return nil
}

// placesOf gives, for each report's year and "" for what belongs to none, the
// ids that elements made from the source have, with the place they come from.
func placesOf(lib *report.Library) map[string]map[string]report.Place {
	all := map[string]map[string]report.Place{"": {}}
	for _, o := range lib.Organisations {
		all[""]["organisation-"+o.ID] = o.Place
	}
	for _, t := range lib.Glossary {
		all[""]["term-"+t.ID] = t.Place
	}
	for _, rep := range lib.Reports {
		of := map[string]report.Place{}
		maps.Copy(of, all[""])
		for _, p := range rep.Paragraphs {
			of[p.ID] = p.Place
		}
		for _, t := range rep.Themes {
			of["theme-"+t.ID] = t.Place
		}
		for _, m := range rep.Measures {
			of["measure-"+m.ID] = m.Place
		}
		for _, it := range rep.AllItems() {
			of[it.Target().ID] = it.Place
		}
		all[rep.Year] = of
	}
	return all
}

// place gives where in the source the part of a page below the element with
// the given id comes from: the record's or paragraph's line, or the page's file.
func (c *checker) place(name, id string) report.Place {
	if at, ok := c.places()[yearOf(name)][id]; ok {
		return at
	}
	return report.Place{File: SourceOf(name)}
}

// Address is a page's address on the site: /2014/conclusions/ for
// 2014/conclusions/index.html.
func Address(name string) string {
	if name == "index.html" || strings.HasSuffix(name, "/index.html") {
		name = strings.TrimSuffix(name, "index.html")
	}
	return "/" + name
}

func addresses(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, Address(name))
	}
	return all
}

// SourceOf is the file that a page is made from.
func SourceOf(name string) string {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch {
	case name == lostName:
		return "layouts/404.html"
	case base != "index.html" && base != whole:
		return path.Join("static", name)
	}
	if base == whole || dir == "" || yearOf(name) == dir {
		return path.Join("content", dir, "_index.md")
	}
	return path.Join("content", dir) + ".md"
}

// yearOf is the report's year that a page belongs to, or "".
func yearOf(name string) string {
	dir, _, ok := strings.Cut(name, "/")
	if !ok || len(dir) != 4 || strings.Trim(dir, "0123456789") != "" {
		return ""
	}
	return dir
}

// plural says how many there are of something: 1 link, 2 links.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
