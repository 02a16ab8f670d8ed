package report

import (
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A Page is one page of the site. Each report has a summary, which for the latest
// report is also shown on the front page, and a page with the whole report.
type Page struct {
	File        string // in the source: "content/2014/main-issues.md"; for the whole report, the summary's
	Path        string // as Hugo names it: "/2014/main-issues"
	Title       Text
	Description Text
	Number      Number     // a section's number in the report, or ""
	Lists       string     // the records that follow the text, or ""
	Addressees  Text       // who those records are addressed to, where names alone do not say it
	Full        bool       // the page of the whole report includes it, if it belongs to a report
	Report      *Report    // that it belongs to, or nil
	Passages    []*Passage // in order; text before the first heading is in none
	Whole       bool       // it is the page of the whole report

	// For a page that is not made from Markdown: the name of its layout, and the
	// item or organisation that it is about, if there is one.
	Layout       string
	Item         *Item
	Organisation *Organisation

	Previous   *Page // for a section, the page to read before it
	Next       *Page // for a section, the page to read after it, or nil
	LastChange Date  // when its content last changed; zero if that is not known

	words    []byte // the text before the first passage
	lib      *Library
	front    frontMatter
	links    []textLink        // in the text
	prose    []Prose           // the text
	idCache  map[string]bool   // see ids
	wholeIDs map[string]string // its passages' ids on the page of the whole report
}

// A Passage is a part of a page's text that has an address: a heading, or a
// paragraph with a number and no heading, with what is below it, down to the next.
type Passage struct {
	ID       string // "3.9", "finding-12", "the-three-main-messages"
	WholeID  string // its id on the page of the whole report
	Number   string // as people cite it: "3.9", or "12" for finding-12; "" if it has none
	Series   string // the word before its number: "finding", or ""
	Title    Text   // as a reader sees it, without Markdown; "" without a heading
	Level    int    // of its heading: 2 for ##; 0 without one
	Place    Place
	Page     *Page
	Items    []*Item    // that cite it in findings
	Charts   []*Measure // whose charts it shows
	hasOwnID bool       // the source gives its ID
	words    []byte     // of what is below it
}

// Words returns the text below the passage's heading as a reader sees it, on one
// line. Without a heading, that is all of the passage.
func (h *Passage) Words() string { return string(h.words) }

// A textLink is a link or a picture in a page's text.
type textLink struct {
	destination string
	words       string // that a reader sees or hears in its place
	around      string // the words, with the letters that they touch on either side
	title       string // shown when a mouse is over it
	place       Place
	passage     *Passage // that it is in, or nil
	picture     bool
}

// splitFrontMatter splits a page's text into the front matter, between its +++
// lines, and the body after them. first is the number of lines before the body.
func splitFrontMatter(text string) (front, body string, first int, ok bool) {
	lines := strings.SplitAfter(strings.TrimPrefix(text, byteOrderMark), "\n")
	if strings.TrimSpace(lines[0]) != "+++" {
		return "", "", 0, false
	}
	for i, line := range lines[1:] {
		if strings.TrimSpace(line) == "+++" {
			return strings.Join(lines[1:i+1], ""), strings.Join(lines[i+2:], ""), i + 2, true
		}
	}
	return "", "", 0, false
}

// pagePath returns Hugo's name for the page made from a file.
func pagePath(file string) string {
	name := strings.TrimPrefix(strings.TrimSuffix(file, ".md"), "content")
	if path.Base(name) == "_index" {
		return path.Dir(name)
	}
	return name
}

// maxAliases is the most old addresses that a page can have: each becomes a file.
const maxAliases = 100

// readRedirects returns the redirects from old addresses of the pages that are shown.
// It reports old addresses that are in use.
func (l *loader) readRedirects(lib *Library, pages []*Page) []*Redirect {
	owners := map[string]string{"/404.html": "the page for addresses that do not exist"} // what is at an address
	for _, p := range pages {
		owners[p.Target().Address()] = p.File
		if isSummary(p.File) {
			owners[p.Path+"/full.html"] = "the page of the whole report"
		}
	}
	for _, p := range lib.DataPages() {
		owners[p.Target().Address()] = p.File
	}
	visible, others := []*Page{}, []*Page{} // shown pages come first
	for _, p := range pages {
		if p.lib == lib {
			visible = append(visible, p)
		} else {
			others = append(others, p)
		}
	}
	var all []*Redirect
	for _, p := range append(visible, others...) {
		if n := len(p.front.Aliases); n > maxAliases {
			l.problems.add(l.place(p.File, "aliases"), "too-many", fmt.Sprintf("the page has %d old addresses; the limit is %d", n, maxAliases), "keep those that readers may still have")
			continue
		}
		for i, address := range p.front.Aliases {
			address = strings.TrimSuffix(address, "index.html")
			place := l.place(p.File, elementPath("aliases", i))
			if address != "/" && !oldAddress.MatchString(address) { // reported already
				continue
			}
			owner := owners[address]
			file := "static" + address
			if strings.HasSuffix(file, "/") {
				file += "index.html"
			}
			if _, err := fs.Stat(l.source, file); err == nil {
				owner = file
			}
			if owner != "" {
				do := "delete it"
				if path.Ext(owner) == ".md" {
					do += ", or rename that page"
				}
				l.problems.add(place, "old-address", fmt.Sprintf("%s is already the address of %s", Quote(address), owner), do)
				continue
			}
			owners[address] = p.File + ", which had it before"
			if p.lib == lib {
				all = append(all, &Redirect{place, address, p})
			}
		}
	}
	return append(all, lib.listAddresses(owners)...)
}

// listAddresses returns the addresses, such as /2014/recommendations/, that lead
// to the pages which list a report's items, whatever those pages are called. An
// address that is taken is left alone.
func (lib *Library) listAddresses(owners map[string]string) (all []*Redirect) {
	for _, rep := range lib.Reports {
		for _, kind := range Kinds {
			page, address := rep.Listing(kind+"s"), "/"+rep.Name+"/"+kind+"s/"
			if page != nil && owners[address] == "" {
				all = append(all, &Redirect{Place{File: page.File}, address, page})
			}
		}
	}
	return all
}

// checkPages adds a report's pages and their paragraphs to it, and checks the
// pages against each other.
func (l *loader) checkPages(rep *Report, all []*Page, organisations []*Organisation) {
	dir := path.Join("content", rep.Name)
	switch {
	case !l.exists("content"):
		l.reportUnreadable(dir, "folder", fs.ErrNotExist)
		return
	case !l.exists(dir):
		l.problems.add(Place{File: dir}, "missing-file", "this folder is missing, and data/"+rep.Name+" has the report's data", "restore it from the last version that worked; if there is no such report, delete data/"+rep.Name)
		return
	}
	if name := path.Join(dir, "_index.md"); !l.exists(name) {
		l.reportUnreadable(name, "file", fs.ErrNotExist)
		l.incompleteFolders[dir] = true
	}
	listings := map[string]string{} // what pages list, and the file of the first that does
	var sections []citation
	for _, p := range all {
		if path.Dir(p.File) != dir {
			continue
		}
		p.Report = rep
		if first := listings[p.Lists]; p.Lists != "" && first != "" {
			l.problems.add(l.place(p.File, "params.lists"), "wrong-list", fmt.Sprintf("%s already lists the report's %s", first, p.Lists), "delete the line")
		} else {
			listings[p.Lists] = path.Base(p.File)
		}
		if isSummary(p.File) {
			rep.Summary = p
			l.readSummary(rep, organisations)
			continue
		}
		rep.Pages = append(rep.Pages, p)
		sections = append(sections, citation{string(p.Number), l.place(p.File, "params.number"), strings.TrimSuffix(path.Base(p.File), ".md")})
	}
	if p := l.requirementsPage(rep); p != nil {
		rep.Pages = append(rep.Pages, p)
	}
	l.checkNumbers("section", sections)
	slices.SortStableFunc(rep.Pages, compareReadingOrder)
	l.checkParagraphs(rep)
}

// compareReadingOrder compares pages by their order in a report: those with a weight
// first, by weight, then the others by number, then by title.
func compareReadingOrder(a, b *Page) int {
	weight := func(p *Page) int { return cmp.Or(p.front.Weight, math.MaxInt) }
	return cmp.Or(cmp.Compare(weight(a), weight(b)), a.Number.compare(b.Number), compareTitles(a, b))
}

func compareTitles(a, b *Page) int {
	return strings.Compare(strings.ToLower(string(a.Title)), strings.ToLower(string(b.Title)))
}

// readSummary copies what a report's summary says about the report.
func (l *loader) readSummary(rep *Report, organisations []*Organisation) {
	front, file := rep.Summary.front, rep.Summary.File
	rep.Title, rep.Date, rep.Series, rep.Label, rep.Due = front.Title, front.Date, front.Params.Series, front.Params.Label, front.Params.Due
	rep.NumbersNote = front.Params.Note
	if l.tables[file] == nil {
		return
	}
	if front.Date.IsZero() && !l.hasKey(file, "date") {
		l.problems.add(Place{file, 1}, "missing-field", "the report has no date", fmt.Sprintf("add a line with the day that it is dated, such as date = %s-10-21", rep.Name[:4]))
	}
	if year, _ := strconv.Atoi(rep.Name[:4]); !front.Date.IsZero() && front.Date.Year() < year { // four digits
		l.problems.add(l.place(file, "date"), "report-date", fmt.Sprintf("the report of %s is dated %s, before its year begins", rep.Name, front.Date.ISO()),
			"correct the date, or the name of the report's folders")
	}
	if !front.Params.Due.IsZero() && front.Params.Due.Before(front.Date.Time) {
		l.problems.add(l.place(file, "params.due"), "due-date", fmt.Sprintf("answers are due on %s, before the report itself (%s)", front.Params.Due.ISO(), front.Date.ISO()), "correct the date")
	}
	paper := front.Params.Paper
	rep.Paper = Paper{Subject: paper.Subject, Author: paper.Author, Telephone: paper.Telephone, Declarations: paper.Declarations}
	for key, id := range map[string]string{"params.paper.from": paper.From, "params.paper.to": paper.To} {
		if id != "" {
			l.checkReference(l.place(file, key), id, rep.lib.bodyReferences())
		}
	}
	rep.Paper.From, rep.Paper.To = findByID(organisations, paper.From), findByID(organisations, paper.To)
	if rep.Paper.From != nil {
		rep.Publisher = rep.Paper.From
	}
}

// checkLabels checks that readers can tell the reports apart.
func (l *loader) checkLabels(all []*Report) {
	first := map[Text]*Report{}
	for _, rep := range all {
		if rep.Summary == nil || l.tables[rep.Summary.File] == nil {
			continue
		}
		file := rep.Summary.File
		if rep.Series != "" && rep.Label == "" && !l.hasKey(file, "params.label") {
			l.problems.add(l.place(file, "params.series"), "missing-field", "the report is not an annual one, so it needs a label",
				fmt.Sprintf("add a line such as label = \"Review of %s\" below [params]", rep.Name[:4]))
		}
		if other := first[rep.Label]; other != nil && rep.Label != "" {
			l.problems.add(l.place(file, "params.label"), "repeated-label", fmt.Sprintf("the report %s has the same label", other.Name), "give each report its own label")
		}
		first[rep.Label] = rep
		l.checkPrintable(l.place(file, "params.label"), rep.Label)
		if rep.Publisher != nil {
			l.checkPrintable(l.place(organisationsFile, rep.Publisher.ID+".name"), rep.Publisher.Name)
			for _, former := range rep.Publisher.Formerly {
				l.checkPrintable(former.Place, former.Name)
			}
		}
	}
}

// checkPrintable checks that a name can be at the head of printed pages, where a stylesheet
// puts it.
func (l *loader) checkPrintable(place Place, name Text) {
	for _, sign := range []string{`\`, "</"} {
		if strings.Contains(string(name), sign) {
			l.problems.add(place, "bad-name", fmt.Sprintf("%s has a %s, which the head of printed pages cannot show", Quote(string(name)), sign), "leave it out")
		}
	}
}

// isReported reports whether there is a problem with a file, or with a file in a
// folder, or the folder around it is missing.
func (l *loader) isReported(name string) bool {
	return slices.ContainsFunc(l.problems, func(p Problem) bool {
		return p.File == name || strings.HasPrefix(p.File, name+"/") || p.Rule == "missing-file" && strings.HasPrefix(name, p.File+"/")
	})
}

// hasKey reports whether a file has a key, whatever its value.
func (l *loader) hasKey(file, key string) bool {
	r := l.tables[file]
	if r == nil {
		return false
	}
	_, ok := r.lines[key]
	return ok
}

// isValid reports whether a file has a key with a value of the right kind.
func (l *loader) isValid(file, key string) bool {
	return l.hasKey(file, key) && !l.tables[file].wrong[key]
}

// pagesInOrder returns the report's summary and then its other pages, in reading
// order.
func (rep *Report) pagesInOrder() []*Page {
	if rep.Summary == nil {
		return rep.Pages
	}
	return append([]*Page{rep.Summary}, rep.Pages...)
}

// maxSharedNumbers is how many numbers of another page are reported one by one. A page that has
// more is most likely a copy.
const maxSharedNumbers = 3

// checkParagraphs adds a report's numbered passages to it, and checks that no
// number is used twice.
func (l *loader) checkParagraphs(rep *Report) {
	first := map[string]*Passage{}
	var numbers []citation
	for _, p := range rep.pagesInOrder() {
		repeats := 0 // of numbers of another page
		var original *Passage
		for _, h := range p.Passages {
			if other := first[h.ID]; h.Number != "" && other != nil && other.Place.File != p.File {
				original = other
				repeats++
			}
		}
		if repeats > maxSharedNumbers {
			names := []string{p.File, original.Place.File} // a copy has more to its name: main-issues-2.md
			slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
			l.problems.add(Place{File: names[0]}, "paragraph-number", fmt.Sprintf("%d of this page's paragraphs have the numbers of %s", repeats, names[1]), "if the page is a copy, delete it; otherwise, give its paragraphs other numbers")
			continue
		}
		for _, h := range p.Passages {
			if h.Number == "" {
				continue
			}
			if other := first[h.ID]; other != nil {
				l.problems.add(h.Place, "paragraph-number", fmt.Sprintf("paragraph %s appears twice", h.ID),
					fmt.Sprintf("give this one another number: the other is in %s:%d", other.Place.File, other.Place.Line))
				continue
			}
			first[h.ID] = h
			rep.Paragraphs = append(rep.Paragraphs, h)
			numbers = append(numbers, citation{h.ID, h.Place, h.ID})
		}
	}
	l.adviseGaps("paragraph", numbers)
}
