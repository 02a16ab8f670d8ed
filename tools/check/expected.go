package check

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"annualreport/tools/opendata"
	"annualreport/tools/report"
)

// All that the check reads of a Library is in this file. Everything else asks
// the expectations.

// expectations are what the Library says has to be found.
type expectations struct {
	reports   []expectation
	elements  map[string]map[string]*item                        // the items by their pages, then by their elements' ids
	overviews map[string]bool                                    // the pages whose links' texts matter
	echoes    map[string]string                                  // the pages that repeat a report's other pages, with its year
	contacts  []contact                                          // that every page has
	turns     map[string]bool                                    // the addresses that contacts' links lead to
	drafts    map[string]bool                                    // the years of reports in which texts may be still to be written
	moves     []report.Moved                                     // the old addresses of pages
	places    func() map[string]map[string]report.Place          // see placesOf; asked for only if something is wrong
	data      func(base string) (files []opendata.File, _ error) // what the reports' data has to be, for a site below base
}

// An expectation is what has to be found of one report.
type expectation struct {
	year      string
	items     []*item
	summaries []string // the pages that have to link to every item
	overviews []string // the pages that have to as well, if they are there
}

// An item is a challenge or a recommendation of one report, with all that has
// to be in its element. Texts are folded.
type item struct {
	kind     string // "challenge", "recommendation"
	id       string
	element  string // the id of its element
	page     string // where that is, apart from the page of the whole report
	year     string // of its report
	place    report.Place
	title    string
	wording  string
	bodies   []string // the names of those that are asked
	findings []string // paragraphs' ids
	updates  []update
	follows  string // the item of the report before that it carries on, "2014/early-help", or ""
	closed   string // why the next report does not repeat it, or ""
	before   *item  // the item of an earlier report that it follows, or nil
	after    *item  // the item of a later report that follows it, or nil
}

// An update is news of an item, as a page shows it: its source as unescaped
// gives it.
type update struct {
	place             report.Place
	date              string // 2015-09-15
	day, text, source string
}

// A contact is where people can turn.
type contact struct {
	id    string
	place report.Place
	turns map[string]string // the addresses of the links that it is shown with, each with what has to be in it
}

func (it *item) label() string   { return fmt.Sprintf("%s “%s”", it.kind, it.id) }
func (it *item) pages() []string { return []string{it.page, path.Join(it.year, whole)} }

// places are the pages of a report that have the items of each kind, apart from
// the page of the whole report.
var places = map[string]string{
	"challenge":      "conclusions/index.html",
	"recommendation": "recommendations/index.html",
}

const (
	whole = "full.html"
	front = "index.html" // shows the summary of the latest report
)

// overviews are the pages of a report that show all its items, if they are there.
var overviews = []string{"connections/index.html", "progress/index.html"}

// resembles tells whether an element's id looks like that of an item.
func resembles(id string) bool {
	return strings.HasPrefix(id, "challenge-") || strings.HasPrefix(id, "recommendation-")
}

// expect turns a library into what has to be found on which page.
func expect(lib *report.Library) expectations {
	x := expectations{
		elements: map[string]map[string]*item{}, overviews: map[string]bool{}, echoes: map[string]string{},
		turns: map[string]bool{}, drafts: map[string]bool{}, moves: lib.Moved,
		places: sync.OnceValue(func() map[string]map[string]report.Place { return placesOf(lib) }),
		data:   func(base string) ([]opendata.File, error) { return opendata.Files(lib, base) },
	}
	for _, c := range lib.Contacts {
		own := contactOf(c)
		x.contacts = append(x.contacts, own)
		for address := range own.turns {
			x.turns[address] = true
		}
	}
	for _, d := range lib.Drafts {
		x.drafts[d.Year] = true
	}
	threads := map[string]*item{} // by what others say that they follow: "challenge 2014/early-help"
	newest := ""
	for _, rep := range shown(lib) {
		newest = max(newest, rep.Year)
	}
	for _, rep := range shown(lib) {
		e := expectation{year: rep.Year, items: itemsOf(lib, rep), summaries: []string{path.Join(rep.Year, "index.html")}}
		x.echoes[path.Join(rep.Year, whole)] = rep.Year
		if len(lib.Reports) > 0 && rep.Year == lib.Reports[0].Year {
			e.summaries = append(e.summaries, front)
			x.echoes[front] = rep.Year
		}
		for _, name := range overviews {
			e.overviews = append(e.overviews, path.Join(rep.Year, name))
		}
		for _, name := range slices.Concat(e.summaries, e.overviews) {
			x.overviews[name] = true
		}
		for _, it := range e.items {
			if rep.Year == newest || x.drafts[rep.Year] { // no next report says that it is not repeated
				it.closed = ""
			}
			threads[it.kind+" "+it.year+"/"+it.id] = it
			for _, name := range it.pages() {
				if x.elements[name] == nil {
					x.elements[name] = map[string]*item{}
				}
				x.elements[name][it.element] = it
			}
		}
		x.reports = append(x.reports, e)
	}
	for _, e := range x.reports {
		for _, it := range e.items {
			if it.before = threads[it.kind+" "+it.follows]; it.before != nil && (it.before.after == nil || it.before.after.year < it.year) {
				it.before.after = it
			}
		}
	}
	return x
}

func contactOf(c report.Contact) contact {
	own := contact{c.ID, c.Place, map[string]string{}}
	if c.Telephone != "" {
		own.turns["tel:"+c.Dial()] = fold(c.Telephone)
	}
	if c.Page != "" {
		own.turns[unescaped(c.Page)] = ""
	}
	return own
}

// itemsOf gives the items of a report.
func itemsOf(lib *report.Library, rep report.Report) (items []*item) {
	names := map[string]string{}
	for _, o := range lib.Organisations {
		names[o.ID] = fold(o.Name)
	}
	add := func(kind string, rec report.Record, title, wording string, bodies, findings []string, updates []report.Update, follows, closed string) {
		it := &item{kind: kind, id: rec.ID, element: kind + "-" + rec.ID, page: path.Join(rep.Year, places[kind]), year: rep.Year, place: rec.Place,
			title: fold(title), wording: fold(wording), findings: findings, follows: follows, closed: fold(closed)}
		for _, id := range bodies {
			it.bodies = append(it.bodies, names[id])
		}
		for _, u := range updates {
			it.updates = append(it.updates, update{u.Place, u.Date.Format("2006-01-02"), u.Date.Format("2 January 2006"), fold(u.Text), unescaped(u.Source)})
		}
		items = append(items, it)
	}
	for _, ch := range rep.Challenges {
		add("challenge", ch.Record, ch.Title, ch.Wording, ch.AddressedTo, ch.Findings, ch.Updates, ch.Follows, ch.Closed)
	}
	for _, r := range rep.Recommendations {
		add("recommendation", r.Record, r.Title, r.Wording, r.AddressedTo, r.Findings, r.Updates, r.Follows, r.Closed)
	}
	return items
}

// placesOf gives, for each report's year and "" for what belongs to none, the
// ids that elements made from the source have, with the place they come from.
func placesOf(lib *report.Library) map[string]map[string]report.Place {
	common := map[string]report.Place{}
	for _, o := range lib.Organisations {
		common["organisation-"+o.ID] = o.Place
	}
	for _, t := range lib.Glossary {
		common["term-"+t.ID] = t.Place
	}
	all := map[string]map[string]report.Place{"": common}
	for _, rep := range shown(lib) {
		own := maps.Clone(common)
		for _, p := range rep.Paragraphs {
			own[p.ID] = p.Place
		}
		for _, t := range rep.Themes {
			own["theme-"+t.ID] = t.Place
		}
		for _, m := range rep.Measures {
			own["measure-"+m.ID] = m.Place
		}
		for _, it := range itemsOf(lib, rep) {
			own[it.element] = it.place
		}
		all[rep.Year] = own
	}
	return all
}

// shown gives the reports that a site shows: the drafts, if there are any, and
// those that are published, newest first.
func shown(lib *report.Library) []report.Report {
	var all []report.Report
	for _, d := range lib.Drafts {
		all = append(all, d.Report)
	}
	return append(all, lib.Reports...)
}

// Address is a page's address on the site: /2014/conclusions/ for
// 2014/conclusions/index.html.
func Address(name string) string {
	if name == "index.html" || strings.HasSuffix(name, "/index.html") {
		name = strings.TrimSuffix(name, "index.html")
	}
	return "/" + name
}

// SourceOf is the file that a page is made from.
func SourceOf(name string) string {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch {
	case name == lostPage:
		return "layouts/404.html"
	case base != "index.html" && base != whole:
		return path.Join("static", name)
	case base == whole || dir == "" || yearOf(name) == dir:
		return path.Join("content", dir, "_index.md")
	}
	return path.Join("content", dir) + ".md"
}

// yearOf is the folder of the report that a file belongs to, or "".
func yearOf(name string) string {
	dir, _, _ := strings.Cut(name, "/")
	if dir == name || !folder.MatchString(dir) {
		return ""
	}
	return dir
}

// folder is the name of a report's folder: 2014, or 2014-15.
var folder = regexp.MustCompile(`^[0-9]{4}(-[a-z0-9-]+)?$`)
