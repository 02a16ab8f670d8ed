package check

import (
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// feedFile is where the feed of updates stands.
const feedFile = "updates.xml"

// A feed is what the check reads of an Atom feed (RFC 4287).
type feed struct {
	Entries []struct {
		Updated string   `xml:"updated"`
		ID      string   `xml:"id"`
		Content string   `xml:"content"`
		Links   []atLink `xml:"link"`
	} `xml:"entry"`
}

type atLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// checkFeed proves that the feed has every update, and nothing twice.
func (c *checker) checkFeed(built fs.FS) {
	if c.blocked[feedFile] {
		return // told already
	}
	if _, there := c.files[feedFile]; !there && !c.expectsUpdates() {
		return
	}
	var f feed
	if err := readXML(built, feedFile, &f); err != nil {
		c.add(report.Place{File: "layouts/home.feed.xml"}, []string{feedFile}, "feed", "the feed cannot be read: "+plainXML(err), "build the site again")
		return
	}
	ids := map[string]bool{}
	told := map[string]bool{} // what the feed has, as entryKey gives it
	for _, e := range f.Entries {
		if ids[e.ID] {
			c.add(report.Place{File: "layouts/home.feed.xml"}, []string{feedFile}, "feed", "two entries have the id "+e.ID, "give each update its own date or source")
		}
		ids[e.ID] = true
		var page, source string
		for _, l := range e.Links {
			switch l.Rel {
			case "alternate":
				page = l.Href
			case "related":
				source = l.Href
			}
		}
		if !strings.HasPrefix(page, c.base) {
			c.add(report.Place{File: "layouts/home.feed.xml"}, []string{feedFile}, "feed", fmt.Sprintf("the entry that leads to %s does not do so below %s, where the pages say that the site stands", page, c.base),
				"see that layouts/_partials/address.html writes it")
		}
		day, _, _ := strings.Cut(e.Updated, "T")
		told[entryKey(page, day, e.Content, source)] = true
	}
	for _, rep := range c.expected.reports {
		for _, it := range rep.items {
			own := Address(c.expected.pagesOf(rep.year, it.kind)[0]) + "#" + it.elementID
			for _, u := range it.updates {
				if !told[entryKey(own, u.Date.ISO(), string(u.Text), u.Source)] {
					c.add(u.Place, []string{feedFile}, "feed", fmt.Sprintf("the update of %s to %s is not in the feed", u.day, it.label()),
						"see that layouts/home.feed.xml shows every update with its date, text and source, and links to its item")
				}
			}
		}
	}
}

// entryKey is the same for entries that say the same of the same item. Where
// the site stands makes no difference: what counts is the end of the address.
func entryKey(page, day, text, source string) string {
	if u, err := url.Parse(page); err == nil {
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		page = strings.Join(parts[max(len(parts)-2, 0):], "/") + "#" + u.Fragment
	}
	return strings.Join([]string{page, day, fold(text), unescaped(source)}, "\n")
}

// plainXML says what is wrong with a file that should have been a feed.
func plainXML(err error) string {
	if _, ok := err.(*xml.SyntaxError); ok || err == io.EOF {
		return "it is no XML, or was written half-way"
	}
	if p, ok := err.(*fs.PathError); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// expectsUpdates tells whether there is anything that the feed has to have.
func (c *checker) expectsUpdates() bool {
	return slices.ContainsFunc(c.expected.reports, func(rep expectedReport) bool {
		return slices.ContainsFunc(rep.items, func(it *item) bool { return len(it.updates) > 0 })
	})
}
