package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// A Target is something on the site to link to: a page, or an element of it.
type Target struct {
	Page *Page
	ID   string // of the element on the page; "" for the page itself
}

// A Linkable has an address on the site.
type Linkable interface{ Target() Target }

// Address returns the target's permanent address within the site: "/2014/",
// "/2014/main-issues/#3.9", "/2014/full.html".
func (t Target) Address() string {
	if t.Page == nil {
		return ""
	}
	address := t.Page.Path + "/"
	switch {
	case t.Page.Whole:
		address += "full.html"
	case t.Page.Path == "/":
		address = "/"
	case t.Page.Path == "/404":
		address = "/404.html"
	}
	if t.ID != "" {
		address += "#" + t.ID
	}
	return address
}

// File returns the address with the file name, which pages link to: a browser does
// not find index.html by itself in a folder on a disk.
func (t Target) File() string { return fileAddress(t.Address()) }

// fileAddress returns an address within the site with the file name:
// "/2014/index.html#3.9" for "/2014/#3.9".
func fileAddress(address string) string {
	page, id, hasID := strings.Cut(address, "#")
	if strings.HasSuffix(page, "/") {
		page += "index.html"
	}
	if hasID {
		page += "#" + id
	}
	return page
}

// Target returns the page itself.
func (p *Page) Target() Target { return Target{p, ""} }

// Target returns the passage on its page.
func (p *Passage) Target() Target { return Target{p.Page, p.ID} }

// Target returns the item's place on the page that lists it.
func (it *Item) Target() Target { return Target{it.page, it.Kind + "-" + it.ID} }

// Page returns the item's own page, which shows everything about it and which people cite.
func (it *Item) Page() *Page { return it.ownPage }

// Target returns the organisation's own page.
func (o *Organisation) Target() Target { return Target{o.page, ""} }

// Target returns the update's place on the page of its item.
func (n *News) Target() Target { return Target{n.ownPage, "update-" + n.Update.Name()} }

// Target returns the theme's place among the challenges.
func (t *Theme) Target() Target { return Target{t.page, "theme-" + t.ID} }

// Target returns the measure's place on the summary.
func (m *Measure) Target() Target { return Target{m.page, "measure-" + m.ID} }

// Target returns the requirement's place among those of its report.
func (r *Requirement) Target() Target { return Target{r.page, "requirement-" + r.ID} }

// Target returns the term's place in the glossary.
func (t *Term) Target() Target { return Target{t.page, "term-" + t.ID} }

// Target returns the body's place on the page that lists the bodies asked. It has no
// page if the report does not ask the body for anything.
func (b *Body) Target() Target {
	if !b.IsAsked() {
		return Target{}
	}
	return Target{b.page, "organisation-" + b.ID}
}

// Link returns the address by which the page links to something: its file, or, on
// the page of a whole report, its place there if that page includes it.
func (p *Page) Link(target Linkable) string {
	return p.linkTo(target.Target(), p.Whole)
}

// linkTo returns the address by which the page's text links to a target, on the page
// itself or on that of the whole report.
func (p *Page) linkTo(target Target, whole bool) string {
	if whole && target.Page != nil && target.Page.InWhole() && (target.Page.Report == p.Report || target.Page.Report == nil) {
		return "#" + cmp.Or(target.Page.wholeID(target.ID), target.Page.PartID())
	}
	return target.File()
}

// InWhole reports whether the page of a whole report includes the page: all pages of
// the report, except those that say otherwise, and the glossary.
func (p *Page) InWhole() bool {
	return !p.Whole && (p.Report != nil && p.Full || p.Lists == "glossary")
}

func (p *Page) isSummary() bool { return p.Report != nil && p == p.Report.Summary }

// isHidden reports whether the page belongs to a draft that is not shown.
func (p *Page) isHidden() bool {
	return p.Report != nil && p.Report.Draft && !p.Report.lib.ShowsDrafts
}

// PartID returns the id of the page as a part of the whole report.
func (p *Page) PartID() string {
	if p.isSummary() {
		return "summary"
	}
	id := path.Base(p.Path)
	switch {
	case slices.Contains(reservedIDs, id):
		return "section-" + id
	case passageNumber.MatchString(id): // a paragraph may have it
		return id + "-section"
	}
	return id
}

// reservedIDs are the ids on the page of a whole report besides those of its parts.
var reservedIDs = []string{"contents", "summary", "changing", "paper", "main", "pages", "help", "title-help", "ways", "totals", "late", "statuses"}

// Parts returns the pages that the page of the whole report includes after the
// summary, in order: those of the report, then those outside reports.
func (rep *Report) Parts() []*Page {
	var all []*Page
	for _, p := range append(slices.Clone(rep.Pages), rep.lib.Others()...) {
		if p.InWhole() {
			all = append(all, p)
		}
	}
	return all
}

// Page returns the page with that name in Hugo: "/2014/main-issues".
func (lib *Library) Page(path string) *Page { return lib.byPath[path] }

// Others returns the pages outside reports, by title.
func (lib *Library) Others() []*Page {
	var all []*Page
	for _, p := range lib.Pages {
		if p.Report == nil && p != lib.Front && p.Organisation == nil {
			all = append(all, p)
		}
	}
	return all
}

// EarlierReports returns the other published reports of the latest report's series,
// newest first.
func (lib *Library) EarlierReports() []*Report {
	return slices.DeleteFunc(slices.Clone(lib.Reports), func(rep *Report) bool { return rep.Draft || rep == lib.Latest || rep.Series != lib.Latest.Series })
}

// OtherSeries returns the published reports of series other than the latest report's,
// newest first.
func (lib *Library) OtherSeries() []*Report {
	return slices.DeleteFunc(slices.Clone(lib.Reports), func(rep *Report) bool { return rep.Draft || rep.Series == lib.Latest.Series })
}

// compare orders reports by their dates, the oldest first.
func (rep *Report) compare(other *Report) int {
	return cmp.Or(rep.Date.Compare(other.Date.Time), strings.Compare(rep.Name, other.Name))
}

// currentMonths is how many months a report is current for.
const currentMonths = 18

// Past reports whether the report is out of date: a later one of its series is
// published, its publisher no longer exists, or it is old.
func (rep *Report) Past() bool {
	until := rep.Publisher.Until
	return rep.Newest() != rep || !until.IsZero() && until.Before(rep.lib.AsAt.Time) || rep.Date.AddDate(0, currentMonths, 0).Before(rep.lib.AsAt.Time)
}

// Newest returns the newest published report of the report's series, or the report
// itself if none is newer.
func (rep *Report) Newest() *Report {
	newest := rep
	for _, other := range rep.lib.Reports {
		if other.Series == rep.Series && !other.Draft && other.compare(newest) > 0 {
			newest = other
		}
	}
	return newest
}

// MenuReport returns the report for the page's menus: its own, or else the latest.
func (p *Page) MenuReport() *Report {
	if p.Report != nil {
		return p.Report
	}
	return p.lib.Latest
}

// ContentReport returns the report that the page shows or belongs to: on the front page
// the latest, and nil on pages outside reports.
func (p *Page) ContentReport() *Report {
	if p == p.lib.Front {
		return p.lib.Latest
	}
	return p.Report
}

// Canonical returns the page's permanent address. That of the front page is the
// address of the latest report, whose summary it shows.
func (p *Page) Canonical() string {
	if p == p.lib.Front {
		p = p.lib.Latest.Summary
	}
	return p.Target().Address()
}

// Trail returns the pages above this one, from the front page down.
func (p *Page) Trail() []*Page {
	all := []*Page{p.lib.Front}
	if p.Report != nil && !p.isSummary() {
		all = append(all, p.Report.Summary)
	}
	switch {
	case p.Item != nil:
		all = append(all, p.Item.page)
	case p.Organisation != nil:
		all = append(all, p.lib.Bodies)
	}
	return all
}

// Listing returns the report's page that lists records of that name, such as
// "challenges" or "progress", or nil if it has none.
func (rep *Report) Listing(lists string) *Page {
	for _, p := range rep.Pages {
		if p.Lists == lists {
			return p
		}
	}
	return nil
}

// Items returns the items of a kind.
func (rep *Report) Items(kind string) []*Item {
	if kind == Challenge {
		return rep.Challenges
	}
	return rep.Recommendations
}

// unthemed returns the challenges without a theme.
func (rep *Report) unthemed() []*Item {
	return slices.DeleteFunc(slices.Clone(rep.Challenges), func(it *Item) bool { return it.Group != nil })
}

// A Cluster is the challenges of one theme, or those without a theme.
type Cluster struct {
	Theme      *Theme // nil for those without
	Challenges []*Item
}

// Clusters returns the challenges by theme. Those without a theme come last, unless
// the report begins with one of them.
func (rep *Report) Clusters() []Cluster {
	var all []Cluster
	for _, t := range rep.Themes {
		all = append(all, Cluster{t, t.Challenges})
	}
	switch others := (Cluster{nil, rep.unthemed()}); {
	case len(others.Challenges) == 0:
	case rep.Challenges[0].Group == nil:
		all = slices.Insert(all, 0, others)
	default:
		all = append(all, others)
	}
	return all
}

// hues is how many colours the stylesheet has for themes.
const hues = 8

// Hue returns the class of the theme's colour, which is never its only sign.
func (t *Theme) Hue() string {
	return fmt.Sprintf("hue-%d", 1+slices.Index(t.report.Themes, t)%hues)
}

// Hue returns the class for the colour of the item's theme, or of the theme that all
// challenges it arises from share, or "".
func (it *Item) Hue() string {
	theme := it.Group
	for i, c := range it.ArisesFrom {
		if i > 0 && c.Group != theme {
			return ""
		}
		theme = c.Group
	}
	if theme == nil {
		return ""
	}
	return theme.Hue()
}

// AllItems returns all items, recommendations first.
func (rep *Report) AllItems() []*Item {
	return slices.Concat(rep.Recommendations, rep.Challenges)
}

// Items returns the items that the page shows in full, in order.
func (p *Page) Items() []*Item {
	switch {
	case p.Report == nil:
		return nil
	case p.Whole:
		return slices.Concat(p.Report.Challenges, p.Report.Recommendations)
	}
	var all []*Item
	for _, it := range p.Report.AllItems() {
		if it.page == p {
			all = append(all, it)
		}
	}
	return all
}

// An Entry is a line of a page's table of contents.
type Entry struct {
	ID     string
	Number string // of a passage, or ""
	Title  Text
}

// Outline returns the page's table of contents: the headings of two levels, then the
// records that it lists.
func (p *Page) Outline() []Entry {
	var all []Entry
	for _, h := range p.Passages {
		if h.Level == 2 || h.Level == 3 {
			all = append(all, Entry{h.ID, h.Number, h.Title})
		}
	}
	if p.Report == nil {
		return all
	}
	add := func(record Linkable, number Number, title Text) {
		all = append(all, Entry{record.Target().ID, string(number), title})
	}
	switch p.Lists {
	case "challenges":
		for _, c := range p.Report.Clusters() {
			if c.Theme != nil {
				add(c.Theme, "", c.Theme.Title)
				continue
			}
			for _, it := range c.Challenges {
				add(it, it.Number, it.Title)
			}
		}
	case "recommendations":
		for _, it := range p.Report.Recommendations {
			add(it, it.Number, it.Title)
		}
	case "organisations":
		for _, b := range p.Report.Bodies {
			add(b, "", b.Name)
		}
	}
	return all
}

// ids returns the ids on the page that links can use.
func (p *Page) ids() map[string]bool {
	if p.idCache != nil {
		return p.idCache
	}
	ids := map[string]bool{}
	p.idCache = ids
	if p.lib != nil && len(p.lib.Contacts) > 0 {
		ids["help"] = true
	}
	for _, h := range p.Passages {
		ids[h.ID] = true
	}
	add := func(record Linkable) {
		if t := record.Target(); t.Page == p {
			ids[t.ID] = true
		}
	}
	if p.lib != nil && p.Lists == "glossary" {
		for _, t := range p.lib.Glossary {
			add(t)
		}
	}
	if rep := p.Report; rep != nil {
		for _, t := range rep.Themes {
			add(t)
		}
		for _, it := range rep.AllItems() {
			add(it)
		}
		for _, m := range rep.Measures {
			add(m)
		}
		for _, r := range rep.Requirements {
			add(r)
		}
		for _, b := range rep.Bodies {
			add(b)
		}
	}
	return ids
}

// ContactsFor returns the contacts in the order in which they are shown. For children,
// those meant for children come first.
func (lib *Library) ContactsFor(children bool) []*Contact {
	var first, others []*Contact
	for _, c := range lib.Contacts {
		if children && c.Children {
			first = append(first, c)
		} else {
			others = append(others, c)
		}
	}
	return append(first, others...)
}

// OldestCheck returns the date of the oldest check of a contact. There must be contacts.
func (lib *Library) OldestCheck() Date {
	return slices.MinFunc(lib.Contacts, func(a, b *Contact) int { return a.Checked.Compare(b.Checked.Time) }).Checked
}

// LastChange returns the date of the newest news, or of the latest report if that is
// newer.
func (lib *Library) LastChange() Date {
	day := lib.Latest.Date
	if len(lib.News) > 0 {
		day = latest(day, lib.News[0].Update.Date)
	}
	return day
}

// Name identifies the news among all others, wherever the site is and however the
// text changes: the id of its entry in the feed is made from it. It uses the
// update's id, or else its date and source.
func (n *News) Name() string {
	parts := []string{n.Update.ID}
	if n.Update.ID == "" {
		parts = []string{n.Update.Date.ISO(), n.Update.Source + n.Update.Document}
	}
	return strings.Join(append([]string{n.Report.Name, n.Kind, n.ID}, parts...), "/")
}

// PaperAddress returns the address of the paper's original text, or "" if that is not
// published.
func (rep *Report) PaperAddress() string {
	if address := "/" + rep.Name + "/paper.txt"; rep.lib.static[address] {
		return address
	}
	return ""
}
