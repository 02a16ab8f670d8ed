package check

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"strconv"
	"strings"
	"sync"

	"annualreport/tools/opendata"
	"annualreport/tools/report"
	"annualreport/tools/share"
)

// expectations are what the Library says the site must have.
type expectations struct {
	lib        *report.Library
	statements statements // what else pages have to say, by page and element id
	feeds      []feedOf
	model      *model                                             // the values that pages may show
	grammar    *grammar                                           // the fixed words they may use
	prose      map[string][]prose                                 // the report's own text, by page
	tell       string                                             // the address for readers' complaints, without its query, or ""
	finders    map[string]*finder                                 // by page
	overviews  map[string]bool                                    // the pages that link to items by their titles
	echoes     map[string]string                                  // the years of the reports that pages repeat, by page
	contacts   []contact                                          // on every page
	turns      map[string]bool                                    // the addresses of contacts
	drafts     map[string]bool                                    // whether a report may have text still to be written, by year
	moves      []*report.Redirect                                 // the old addresses of pages
	sources    map[string]string                                  // the source files of pages
	lists      map[string]bool                                    // the pages that show records
	places     func() map[string]map[string]report.Place          // see placesOf; only called if something is wrong
	pictures   map[string]string                                  // the picture that each page is shared with, below the site's address
	cards      map[string][4]string                               // of these pictures: see page
	machines   map[string]func(base string) []thing               // what pages tell search engines, on a site at base
	shared     func() ([]share.File, error)                       // the pictures, the icons and the manifest
	data       func(base string) (files []opendata.File, _ error) // the reports' data, on a site at base
}

// A contact is somebody that readers can turn to.
type contact struct {
	id    string
	place report.Place
	turns map[string]string // the texts of its links, by their addresses
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
		lib: lib, statements: statementsOf(lib), feeds: feedsOf(lib), finders: findersOf(lib),
		overviews: map[string]bool{}, echoes: map[string]string{},
		turns: map[string]bool{}, drafts: map[string]bool{}, moves: lib.Redirects, sources: map[string]string{}, lists: map[string]bool{},
		places:   sync.OnceValue(func() map[string]map[string]report.Place { return placesOf(lib) }),
		pictures: map[string]string{}, cards: map[string][4]string{}, machines: thingsOf(lib), shared: sync.OnceValues(func() ([]share.File, error) { return share.Files(lib) }),
		data: func(base string) ([]opendata.File, error) { return opendata.Files(lib, base) },
	}
	x.model, x.grammar = modelOf(lib, site), grammarOf(lib)
	x.prose = proseOf(lib, x.model)
	x.tell, _, _ = strings.Cut(lib.FeedbackLink("", ""), "?")
	for _, c := range lib.Contacts {
		result := contactOf(c)
		x.contacts = append(x.contacts, result)
		for address := range result.turns {
			x.turns[address] = true
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
		x.drafts[rep.Name] = rep.Draft
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

func contactOf(c *report.Contact) contact {
	result := contact{c.ID, c.Place, map[string]string{}}
	if c.Telephone != "" {
		result.turns["tel:"+c.Dial()] = fold(c.Telephone)
	}
	if c.Text != "" {
		result.turns["sms:"+c.DialText()] = fold(c.Text)
	}
	for _, page := range []string{c.Page, c.Chat} {
		if page != "" {
			result.turns[unescaped(page)] = ""
		}
	}
	return result
}

// sourceOf returns where an update can be read: an external page, or else a document
// published with the report.
func sourceOf(rep *report.Report, u *report.Update) string {
	if u.Source == "" {
		return path.Join(rep.Name, u.Document)
	}
	return unescaped(u.Source)
}

// nameOf is the file that a page is published as.
func nameOf(p *report.Page) string { return strings.TrimPrefix(p.Target().File(), "/") }

// source is the file that a page is made from.
func (x expectations) source(name string) string { return cmp.Or(x.sources[name], SourceOf(name)) }

// placesOf gives, for each report's year and "" for what belongs to none, and for
// each page's name, the ids that elements made from the source have, with the
// place they come from.
func placesOf(lib *report.Library) map[string]map[string]report.Place {
	common := map[string]report.Place{}
	for _, o := range lib.Organisations {
		common["organisation-"+o.ID] = o.Place
	}
	for _, t := range lib.Glossary {
		common["term-"+t.ID] = t.Place
	}
	for _, s := range lib.Statuses {
		common["status-"+s.ID] = s.Place
	}
	all := map[string]map[string]report.Place{"": common}
	for _, rep := range lib.Reports {
		places := maps.Clone(common)
		for _, p := range rep.Paragraphs {
			places[p.ID] = p.Place
		}
		for _, t := range rep.Themes {
			places["theme-"+t.ID] = t.Place
		}
		for _, m := range rep.Measures {
			places["measure-"+m.ID] = m.Place
		}
		for _, r := range rep.Requirements {
			places[r.Target().ID] = r.Place
		}
		for _, it := range rep.AllItems() {
			places[it.Target().ID] = it.Place
		}
		all[rep.Name] = places
		parts := map[string]report.Place{"summary": {File: rep.Summary.File}}
		for _, p := range rep.Parts() {
			parts[p.PartID()] = report.Place{File: p.File}
		}
		all[nameOf(rep.Whole)] = parts
	}
	for _, p := range lib.Pages {
		if len(p.Passages) > 0 {
			places := map[string]report.Place{}
			for _, passage := range p.Passages {
				places[passage.ID] = passage.Place
			}
			all[nameOf(p)] = places
		}
	}
	return all
}

// Address is a page's address on the site: /2014/conclusions/ for
// 2014/conclusions/index.html.
func Address(name string) string {
	if name == "index.html" || strings.HasSuffix(name, "/index.html") {
		name = strings.TrimSuffix(name, "index.html")
	}
	return "/" + name
}

// SourceOf is the file that a page of this name is made from, if the Library does
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

// reportOf is the folder of the report that a file belongs to, or "".
func reportOf(name string) string {
	dir, _, _ := strings.Cut(name, "/")
	if dir == name || !report.ReportName.MatchString(dir) {
		return ""
	}
	return dir
}
