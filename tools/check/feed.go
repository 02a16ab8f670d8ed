package check

import (
	"fmt"
	"net/url"
	"slices"
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

// checkFeed proves that the feed has every update that was not withdrawn, and
// nothing twice.
func (c *checker) checkFeed() {
	expected := slices.ContainsFunc(c.expected.reports, func(rep expectation) bool {
		return slices.ContainsFunc(rep.items, func(it *item) bool { return len(it.updates) > 0 })
	})
	if _, there := c.files[feedFile]; c.obstacles[feedFile] || !there && !expected {
		return
	}
	add := func(at report.Place, what, do string) { c.add(at, feedFile, "feed", what, do) }
	layout := report.Place{File: "layouts/home.feed.xml"}
	var f feed
	if err := c.readXML(feedFile, &f); err != nil {
		add(layout, "the feed "+plain(err), "build the site again")
		return
	}
	ids, entries := map[string]bool{}, map[string]bool{}
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
		if page := links["alternate"]; !strings.HasPrefix(page, c.base) {
			add(layout, fmt.Sprintf("the entry that leads to %s does not do so below %s, where the pages say that the site is", page, c.base),
				"see that layouts/_partials/address.html writes it")
		}
		date, _, _ := strings.Cut(e.Updated, "T")
		entries[entryKey(links["alternate"], date, fold(e.Content), unescaped(strings.TrimPrefix(strings.TrimPrefix(links["related"], "./"), c.base)))] = true
	}
	for _, rep := range c.expected.reports {
		for _, it := range rep.items {
			for _, u := range it.updates {
				if !u.withdrawn && !entries[entryKey(Address(it.page)+"#"+it.element, u.date, u.text, u.source)] {
					add(u.place, fmt.Sprintf("the update of %s to %s is not in the feed", u.day, it.label()),
						"see that layouts/home.feed.xml shows every update with its date, text and source, and links to its item")
				}
			}
		}
	}
}

// entryKey is the same for entries that say the same of the same item. Where
// the site is makes no difference: what counts is the end of the address.
func entryKey(page, date, text, source string) string {
	if u, err := url.Parse(page); err == nil {
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		page = strings.Join(parts[max(len(parts)-2, 0):], "/") + "#" + u.Fragment
	}
	return strings.Join([]string{page, date, text, source}, "\n")
}
