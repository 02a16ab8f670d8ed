package report

import (
	"path"
	"slices"
	"strings"
)

// Some pages are made from data alone, not from Markdown: they show one item, one
// organisation, or everything. The content adapter in layouts/_adapter makes them,
// each with the layout that it names.

// The names of the layouts of pages that are made from data.
const (
	itemPage          = "item"
	organisationPage  = "organisation"
	organisationsPage = "organisations"
	progressPage      = "progress"
	indexPage         = "a-to-z"
	searchPage        = "search"
	textPage          = "page" // a report's records, among its pages of text
)

// indexName is the name of the A to Z index in its address. As the name of a layout it
// would be the front page's.
const indexName = "index"

// derive returns the pages that are made from the library's data. Their titles come
// from the fixed words.
func (lib *Library) derive() (all []*Page) {
	add := func(p *Page) *Page {
		if lib.byPath[p.Path] == nil {
			all = append(all, p)
		}
		return p
	}
	for _, rep := range lib.Reports {
		for _, kind := range Kinds {
			for _, it := range rep.Items(kind) {
				if it.ownPage != nil {
					continue
				}
				label := lib.say(kind+"_title", "number", string(it.Number), "title", it.Title.String())
				it.ownPage = add(&Page{File: it.Place.File, Path: path.Join("/", rep.Name, kind+"s", it.ID), Layout: itemPage, Item: it, Report: rep, LastChange: it.lastChange(),
					Title: Text(label), Description: Text(lib.say("item_description", "item", lib.say(kind+"_number", "number", string(it.Number)), "title", it.Title.String()))})
			}
		}
	}
	if lib.Bodies == nil {
		lib.Bodies = add(&Page{File: organisationsFile, Path: "/organisations", Layout: organisationsPage, Title: Text(lib.say("all_bodies")), Description: Text(lib.say("all_bodies_description"))})
		lib.Progress = add(&Page{File: layoutFile(progressPage), Path: "/progress", Layout: progressPage, Title: Text(lib.say("all_progress")), Description: Text(lib.say("all_progress_description"))})
		for _, o := range lib.Organisations {
			o.page = add(&Page{File: organisationsFile, Path: "/organisations/" + o.ID, Layout: organisationPage, Organisation: o,
				Title: o.Name, Description: Text(lib.say("organisation_description", "name", o.Name.String()))})
		}
		lib.deriveSearches(add)
	}
	return all
}

// layoutFile returns the file of a layout, which a page has that nobody wrote.
func layoutFile(layout string) string { return "layouts/" + layout + ".html" }

// DataPages returns the pages that are made from data, by address.
func (lib *Library) DataPages() []*Page {
	all := slices.DeleteFunc(slices.Clone(lib.Pages), func(p *Page) bool { return p.Layout == "" })
	slices.SortFunc(all, func(a, b *Page) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// An Involvement is what one report asks of an organisation, and what else the
// organisation has said about the report's items.
type Involvement struct {
	Report   *Report
	Body     *Body
	Requests []*Request
	News     []*News // about items that it was not asked, newest first
}

// Involvements returns what each report asks of an organisation, and what the
// organisation has said, newest report first.
func (lib *Library) Involvements(o *Organisation) (all []Involvement) {
	for _, rep := range lib.Reports {
		involvement := Involvement{Report: rep, Body: rep.bodies[o.ID]}
		for _, it := range rep.AllItems() {
			for _, r := range it.Requests {
				if r.Body == involvement.Body {
					involvement.Requests = append(involvement.Requests, r)
				}
			}
		}
		for _, n := range lib.News {
			if n.Report == rep && slices.Contains(n.Update.By, o.ID) && !slices.Contains(n.AddressedTo, o.ID) {
				involvement.News = append(involvement.News, n)
			}
		}
		if len(involvement.Requests)+len(involvement.News) > 0 {
			all = append(all, involvement)
		}
	}
	return all
}

// CountRequests returns how many things all reports ask of an organisation.
func (lib *Library) CountRequests(o *Organisation) (n int) {
	for _, involvement := range lib.Involvements(o) {
		n += len(involvement.Requests)
	}
	return n
}

// OrganisationsAsked returns the organisations that a report asks for something.
func (lib *Library) OrganisationsAsked() []*Organisation {
	return slices.DeleteFunc(slices.Clone(lib.Organisations), func(o *Organisation) bool { return lib.CountRequests(o) == 0 })
}

// OrganisationsNotAsked returns the other organisations.
func (lib *Library) OrganisationsNotAsked() []*Organisation {
	return slices.DeleteFunc(slices.Clone(lib.Organisations), func(o *Organisation) bool { return lib.CountRequests(o) > 0 })
}

// NewsFor returns the news from an organisation and about what it was asked, newest
// first.
func (lib *Library) NewsFor(o *Organisation) []*News {
	return slices.DeleteFunc(slices.Clone(lib.News), func(n *News) bool {
		return !slices.Contains(n.Update.By, o.ID) && !slices.Contains(n.AddressedTo, o.ID)
	})
}

// LastChangeFor returns the date of the newest news for an organisation, or else of the
// latest report.
func (lib *Library) LastChangeFor(o *Organisation) Date {
	if news := lib.NewsFor(o); len(news) > 0 {
		return news[0].Update.Date
	}
	return lib.Latest.Date
}

// A Count is the number of items or requests in one state.
type Count struct {
	State string // one of [States]
	Count int
	// X and Width are the position and width of its part in a bar that is 100 wide.
	X, Width float64
}

// Totals count items and requests by state.
type Totals struct {
	Items    int
	ByState  []Count // the items, by state; without zeros
	Requests int     // one for each item and body asked
	Replies  []Count // the requests, by what the body says
	Overdue  []*Request

	// LateBodies are the bodies that are late, those with most requests first.
	LateBodies []LateBody

	lib *Library
}

// A LateBody is a body with the number of requests that are overdue.
type LateBody struct {
	*Body // with its name in the newest of the reports
	Count int
	day   Date // of that report
}

// totals counts items and their requests by state.
func (lib *Library) totals(items []*Item) Totals {
	t := Totals{Items: len(items), lib: lib}
	states, replies := map[string]int{}, map[string]int{}
	for _, it := range items {
		states[it.State.Kind]++
		for _, r := range it.Requests {
			t.Requests++
			replies[r.State()]++
			if r.Overdue {
				t.Overdue = append(t.Overdue, r)
			}
		}
	}
	slices.SortStableFunc(t.Overdue, func(a, b *Request) int { return a.Due.Compare(b.Due.Time) })
	t.LateBodies = lateBodies(t.Overdue)
	t.ByState, t.Replies = counts(states, t.Items), counts(replies, t.Requests)
	return t
}

// lateBodies returns the bodies that are late, with their counts, those with most
// requests first.
func lateBodies(late []*Request) (all []LateBody) {
	for _, r := range late {
		o := r.Body.Organisation
		i := slices.IndexFunc(all, func(b LateBody) bool { return b.Organisation == o })
		if i < 0 {
			i = len(all)
			all = append(all, LateBody{Body: r.Body, day: r.Item.Report.Date})
		}
		if r.Item.Report.Date.After(all[i].day.Time) {
			all[i].Body, all[i].day = r.Body, r.Item.Report.Date
		}
		all[i].Count++
	}
	slices.SortStableFunc(all, func(a, b LateBody) int { return b.Count - a.Count })
	return all
}

func counts(numbers map[string]int, all int) (counts []Count) {
	x := 0.0
	for _, state := range States {
		if n := numbers[state]; n > 0 {
			width := 100 * float64(n) / float64(all)
			counts = append(counts, Count{state, n, x, width})
			x += width
		}
	}
	return counts
}

// Totals returns the totals of the report's items.
func (rep *Report) Totals() Totals { return rep.lib.totals(rep.AllItems()) }

// AllItems returns every item of every report, newest report first.
func (lib *Library) AllItems() (all []*Item) {
	for _, rep := range lib.Reports {
		all = append(all, rep.AllItems()...)
	}
	return all
}

// Totals returns the totals of every report's items.
func (lib *Library) Totals() Totals { return lib.totals(lib.AllItems()) }

// Groups returns every item of every report by state.
func (lib *Library) Groups() []Group { return groups(lib.AllItems()) }
