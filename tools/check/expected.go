package check

import (
	"cmp"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"

	"annualreport/tools/opendata"
	"annualreport/tools/report"
	"annualreport/tools/share"
)

// expectations are what the Library says the site must have. Where a field is by page, the
// keys are the pages' file names.
type expectations struct {
	lib        *report.Library
	statements statements         // what pages have to say, by page and element id
	prose      map[string][]prose // the report's own text, by page
	model      *model             // the values that pages may show
	grammar    *grammar           // the fixed words they may use
	feeds      []expectedFeed
	finders    map[string]*finder                   // by page
	things     map[string]func(base string) []thing // what pages tell search engines, by page, on a site at base
	overviews  map[string]bool                      // the pages that link to items by their titles
	lists      map[string]bool                      // the pages that show records
	echoes     map[string]string                    // the names of the reports that pages repeat, by page
	sources    map[string]string                    // the source files of pages
	pictures   map[string]string                    // the picture that each page is shared with, below the site's address
	cards      map[string][4]string                 // of these pictures, by page: see page

	contactAddresses map[string]bool
	feedback         string // the address for readers' complaints, without its query, or ""

	shared func() ([]share.File, error)               // the pictures, the icons and the manifest
	data   func(base string) ([]opendata.File, error) // the reports' data, on a site at base
}

const (
	whole = "full.html"
	front = "index.html" // shows the summary of the latest report
)

// overviewsOf returns the pages that show all of a report's items, as far as there are any.
func overviewsOf(rep *report.Report) (pages []*report.Page) {
	for _, lists := range []string{"connections", "progress"} {
		if page := rep.Listing(lists); page != nil {
			pages = append(pages, page)
		}
	}
	return pages
}

// resembles reports whether an element's id looks like that of an item.
func resembles(id string) bool {
	return strings.HasPrefix(id, "challenge-") || strings.HasPrefix(id, "recommendation-")
}

// expect turns a library into expectations.
func expect(lib *report.Library, site fs.FS) expectations {
	x := expectations{
		lib: lib, statements: statementsOf(lib), model: modelOf(lib, site), grammar: grammarOf(lib),
		feeds: feedsOf(lib), finders: findersOf(lib), things: thingsOf(lib),
		overviews: map[string]bool{}, lists: map[string]bool{}, echoes: map[string]string{}, sources: map[string]string{},
		pictures: map[string]string{}, cards: map[string][4]string{}, contactAddresses: map[string]bool{},
		shared: sync.OnceValues(func() ([]share.File, error) { return share.Files(lib) }),
		data:   func(base string) ([]opendata.File, error) { return opendata.Files(lib, base) },
	}
	x.prose = proseOf(lib, x.model)
	x.feedback, _, _ = strings.Cut(lib.FeedbackLink("", ""), "?")
	for _, c := range lib.Contacts {
		for address := range linksOf(c) {
			x.contactAddresses[address] = true
		}
	}
	for _, p := range lib.Pages {
		shared := p.Share()
		x.pictures[nameOf(p)] = strings.TrimPrefix(shared.Picture, "/")
		x.cards[nameOf(p)] = [4]string{strconv.Itoa(shared.Width), strconv.Itoa(shared.Height), shared.Words, "summary_large_image"}
		x.sources[nameOf(p)], x.lists[nameOf(p)] = p.File, p.Lists != ""
	}
	for name := range x.finders {
		x.lists[name] = true
	}
	for _, rep := range lib.Reports {
		x.echoes[nameOf(rep.Whole)] = rep.Name
		if rep == lib.Latest {
			x.echoes[front] = rep.Name
		}
		for _, page := range append(summariesOf(lib, rep), overviewsOf(rep)...) {
			x.overviews[nameOf(page)] = true
		}
	}
	return x
}

// itemAt returns the item that a place of the site is about, or nil: its own page, or its
// element there or on the page that lists it.
func (x expectations) itemAt(file, fragment string) *report.Item {
	target := x.model.mattersOn(file)[fragment]
	if target == nil {
		return nil
	}
	switch record := target.record.(type) {
	case *report.Page:
		return record.Item
	case *report.Item:
		if fragment == record.Target().ID && file != nameOf(record.Report.Whole) {
			return record
		}
	}
	return nil
}

// linksOf returns the texts of the links to a contact, by their addresses. A link to a page
// may have any text.
func linksOf(c *report.Contact) map[string]string {
	links := map[string]string{}
	if c.Telephone != "" {
		links["tel:"+c.Dial()] = fold(c.Telephone)
	}
	if c.Text != "" {
		links["sms:"+c.DialText()] = fold(c.Text)
	}
	for _, page := range []string{c.Page, c.Chat} {
		if page != "" {
			links[unescaped(page)] = ""
		}
	}
	return links
}

// sourceOf returns where an update can be read: an external page, or else a document
// published with the report.
func sourceOf(rep *report.Report, u *report.Update) string {
	if u.Source == "" {
		return path.Join(rep.Name, u.Document)
	}
	return unescaped(u.Source)
}

// nameOf returns the file that a page is published as.
func nameOf(p *report.Page) string { return strings.TrimPrefix(p.Target().File(), "/") }

// source returns the file that a page is made from.
func (x expectations) source(name string) string { return cmp.Or(x.sources[name], SourceOf(name)) }

// Address returns a page's address on the site: /2014/conclusions/ for
// 2014/conclusions/index.html.
func Address(name string) string {
	if name == "index.html" || strings.HasSuffix(name, "/index.html") {
		name = strings.TrimSuffix(name, "index.html")
	}
	return "/" + name
}

// SourceOf returns the file that a page of this name is made from, if the Library does
// not say so.
func SourceOf(name string) string {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch {
	case name == lostPage:
		return "layouts/404.html"
	case base != "index.html" && base != whole:
		return path.Join("static", name)
	case base == whole || dir == "" || reportOf(name) == dir:
		return path.Join("content", dir, "_index.md")
	}
	return path.Join("content", dir) + ".md"
}

// reportOf returns the folder of the report that a file belongs to, or "".
func reportOf(name string) string {
	dir, _, _ := strings.Cut(name, "/")
	if dir == name || !report.ReportName.MatchString(dir) {
		return ""
	}
	return dir
}
