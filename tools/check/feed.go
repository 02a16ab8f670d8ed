package check

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"annualreport/tools/report"
)

// feedFile is where the feed of updates is.
const feedFile = "updates.xml"

// A feed is what the check reads of an Atom feed (RFC 4287).
type feed struct {
	Entries []struct {
		Updated string `xml:"updated"`
		ID      string `xml:"id"`
		Content string `xml:"content"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

// An expectedFeed is a feed that the site must have, with its entries.
type expectedFeed struct {
	file, layout string
	entries      []entry
}

// An entry is an update as a feed has it.
type entry struct {
	place                   report.Place
	label                   string
	address                 string // of its place on its item's page, within the site
	date, day, text, source string
}

// feedsOf returns the feeds that the site must have: that of all news, if there is any,
// and that of each body.
func feedsOf(lib *report.Library) (all []expectedFeed) {
	entries := func(news []*report.News) (all []entry) {
		for _, n := range news {
			all = append(all, entry{n.Update.Place, fmt.Sprintf("%s “%s”", n.Kind, n.Item.ID), n.Target().Address(),
				n.Update.Date.ISO(), n.Update.Date.String(), fold(string(n.Update.Text)), sourceOf(n.Report, n.Update)})
		}
		return all
	}
	if len(lib.News) > 0 {
		all = append(all, expectedFeed{feedFile, "layouts/home.feed.xml", entries(lib.News)})
	}
	for _, o := range lib.Organisations {
		file := path.Join(strings.TrimPrefix(o.Target().Address(), "/"), feedFile)
		all = append(all, expectedFeed{file, "layouts/organisation.feed.xml", entries(lib.NewsFor(o))})
	}
	return all
}

// checkFeeds checks that each feed has every update that was not withdrawn, and nothing
// else.
func (c *checker) checkFeeds() {
	for _, want := range c.expected.feeds {
		c.checkFeed(want)
	}
}

func (c *checker) checkFeed(want expectedFeed) {
	if c.obstacles[want.file] {
		return
	}
	add := func(place report.Place, what, do string) { c.add(place, want.file, "feed", what, do) }
	layout := report.Place{File: want.layout}
	var f feed
	if err := c.readXML(want.file, &f); err != nil {
		add(layout, "the feed "+describe(err), "build the site again")
		return
	}
	root := cmp.Or(c.base, strings.Repeat("../", strings.Count(want.file, "/")), "./")
	ids, entries := map[string]bool{}, map[entry]bool{}
	for _, e := range f.Entries {
		if ids[e.ID] {
			add(layout, "two entries have the id "+e.ID, "give each update its own date or source")
		}
		ids[e.ID] = true
		links := map[string]string{}
		for _, l := range e.Links {
			if links[l.Rel] == "" { // a page comes before a document
				links[l.Rel] = l.Href
			}
		}
		page, ok := strings.CutPrefix(links["alternate"], root)
		if !ok {
			add(layout, fmt.Sprintf("an entry leads to %s, which is not below the site's address, %s", links["alternate"], root),
				"check layouts/_partials/feed.xml")
		}
		date, _, _ := strings.Cut(e.Updated, "T")
		entries[entry{address: "/" + page, date: date, text: fold(e.Content), source: unescaped(strings.TrimPrefix(links["related"], root))}] = true
	}
	for _, e := range want.entries {
		if !entries[entry{address: e.address, date: e.date, text: e.text, source: e.source}] {
			add(e.place, fmt.Sprintf("the update of %s on %s is not in the feed", e.day, e.label),
				"check that layouts/_partials/feed.xml gives every update with its date, text, source and address")
		}
	}
	if extra := len(f.Entries) - len(want.entries); extra > 0 && len(ids) == len(f.Entries) {
		add(layout, fmt.Sprintf("the feed has more entries than there are updates (%d and %d)", len(f.Entries), len(want.entries)), "build the site again")
	}
}
