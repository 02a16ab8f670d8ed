package report

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Page is one page of the site. The summary of a report is a page of its own
// and, of the latest report, the front page as well; its whole report is another.
type Page struct {
	File        string // in the source: "content/2014/main-issues.md"; of the whole report, that of the summary
	Path        string // as Hugo names it: "/2014/main-issues"
	Title       Text
	Description Text
	Number      int        // a section's number in the report, or 0
	Lists       string     // the records that follow the text, or ""
	Asked       Text       // who those records are put to, in words, where there is more to say than names
	Report      *Report    // that it belongs to, or nil
	Passages    []*Passage // in order; what comes before the first heading is none
	Whole       bool       // it is the page of the whole report
	Previous    *Page      // for a section, the page to read before it
	Next        *Page      // for a section, the page to read after it, or nil
	Changed     Date       // when what it shows was last news; zero if that is not known

	lib      *Library
	front    frontMatter
	links    []textLink        // in the text
	places   map[string]bool   // see ids
	wholeIDs map[string]string // its passages' ids, to those on the page of the whole report
}

// A Passage is a part of a page's text that has an address: a heading, or a
// paragraph with a number and no heading, with what is below it, down to the next.
type Passage struct {
	ID      string // "3.9", "finding-12", "the-three-main-messages"
	WholeID string // its id on the page of the whole report
	Number  string // as people cite it: "3.9", or "12" for finding-12; "" if it has none
	Series  string // the word before its number: "finding", or ""
	Title   Text   // as a reader sees it, without Markdown's signs; "" without a heading
	Level   int    // of its heading: 2 for ##; 0 without
	Place   Place
	Page    *Page
	Items   []*Item // that name it in findings
	named   bool    // the source gives its ID
}

// A textLink is a link or a picture in a page's text.
type textLink struct {
	destination string
	words       string // that a reader sees or hears in its place
	place       Place
	passage     *Passage // that it is in, or nil
	picture     bool
}

// splitFrontMatter parts a page's text into what stands between its +++ lines
// and what comes after. first is how many lines stand before the body.
func splitFrontMatter(text string) (front, body string, first int, ok bool) {
	lines := strings.SplitAfter(text, "\n")
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

// pagePath is Hugo's name for the page that a file is made into.
func pagePath(file string) string {
	name := strings.TrimPrefix(strings.TrimSuffix(file, ".md"), "content")
	if path.Base(name) == "_index" {
		return path.Dir(name)
	}
	return name
}

// checkMoved gives the old addresses of pages that are shown, and sees that
// each is free.
func (l *loader) checkMoved(lib *Library, pages []*Page) []*Moved {
	taken := map[string]string{"/404.html": "the page for addresses that do not exist"} // what is at an address
	for _, p := range pages {
		taken[p.Target().Address()] = p.File
		if isSummary(p.File) {
			taken[p.Path+"/full.html"] = "the page of the whole report"
		}
	}
	own, others := []*Page{}, []*Page{} // what is not shown gives way
	for _, p := range pages {
		if p.lib == lib {
			own = append(own, p)
		} else {
			others = append(others, p)
		}
	}
	var all []*Moved
	for _, p := range append(own, others...) {
		for i, from := range p.front.Aliases {
			from = strings.TrimSuffix(from, "index.html")
			at := l.at(p.File, elementPath("aliases", i))
			if !oldAddress.MatchString(from) { // told already
				continue
			}
			by := taken[from]
			file := "static" + from
			if strings.HasSuffix(file, "/") {
				file += "index.html"
			}
			if _, err := fs.Stat(l.source, file); err == nil {
				by = file
			}
			if by != "" {
				l.problems.add(at, "old-address", fmt.Sprintf("%s is the address of %s", quote(from), by), "take it out, or give that page another name")
				continue
			}
			taken[from] = "another page's old one: " + p.File
			if p.lib == lib {
				all = append(all, &Moved{at, from, p})
			}
		}
	}
	return all
}

// A paragraph's number may have a word in front, for a series of its own: summary-1.
var paragraphID = regexp.MustCompile(`^((?:[a-z]+-)?(?:[0-9]+\.)*)([0-9]+)$`)

// The pages that a report cannot do without, and the records each shows.
var neededPages = []struct{ name, lists string }{
	{"_index.md", ""},
	{"conclusions.md", "challenges"},
	{"organisations.md", "organisations"},
	{"recommendations.md", "recommendations"},
}

// checkPages gives a report its pages and their paragraphs, and checks the
// pages against each other.
func (l *loader) checkPages(rep *Report, all []*Page, organisations []*Organisation) {
	dir := path.Join("content", rep.Year)
	if _, err := fs.Stat(l.source, dir); err != nil {
		l.unreadable(dir, "folder", err)
		return
	}
	var pages []*Page
	for _, p := range all {
		if path.Dir(p.File) == dir {
			p.Report = rep
			pages = append(pages, p)
		}
	}
	for _, needed := range neededPages {
		name := path.Join(dir, needed.name)
		if _, err := fs.Stat(l.source, name); err != nil {
			l.unreadable(name, "file", err)
			l.incomplete[dir] = true
			continue
		}
		for _, p := range pages {
			if p.File == name && needed.lists != "" && p.Lists != needed.lists && !l.told(name) {
				l.problems.add(l.at(name, "params"), "wrong-list", "this page does not list the report's "+needed.lists,
					fmt.Sprintf("write lists = %q below [params]", needed.lists))
			}
		}
	}
	listed := map[string]string{} // what pages list, and the file of the first that does
	for _, p := range pages {
		if first := listed[p.Lists]; p.Lists != "" && first != "" {
			l.problems.add(l.at(p.File, "params.lists"), "wrong-list", fmt.Sprintf("%s lists the report's %s already", first, p.Lists), "take the line out")
		} else {
			listed[p.Lists] = path.Base(p.File)
		}
		switch {
		case isSummary(p.File):
			rep.Summary, rep.Title = p, p.Title
			l.readPaper(rep, organisations)
		case p.Number > 0:
			rep.Sections = append(rep.Sections, p)
		default:
			rep.Others = append(rep.Others, p)
		}
	}
	slices.SortStableFunc(rep.Sections, func(a, b *Page) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortStableFunc(rep.Others, byTitle)
	l.checkSections(dir, pages)
	l.checkParagraphs(rep)
}

func byTitle(a, b *Page) int {
	return strings.Compare(strings.ToLower(string(a.Title)), strings.ToLower(string(b.Title)))
}

// readPaper takes up the facts of the committee paper's head, and sees that
// they are there.
func (l *loader) readPaper(rep *Report, organisations []*Organisation) {
	front, file := rep.Summary.front, rep.Summary.File
	if l.tables[file] == nil {
		return
	}
	if front.Date.IsZero() && !l.has(file, "date") {
		l.problems.add(Place{file, 1}, "missing-field", "the report has no date", "add a line date = 2014-10-22")
	}
	paper := front.Params.Paper
	rep.Paper = Paper{Date: front.Date, Subject: paper.Subject, Author: paper.Author, Telephone: paper.Telephone, Declarations: paper.Declarations}
	if year, _ := strconv.Atoi(rep.Year); !front.Date.IsZero() && front.Date.Year() < year { // four digits
		l.problems.add(l.at(file, "date"), "report-date", fmt.Sprintf("the report of %s is dated %s, before its year begins", rep.Year, front.Date.ISO()),
			"correct the date, or the name of the report's folders")
	}
	if !l.has(file, "params.paper") {
		l.problems.add(Place{file, 1}, "missing-field", "the report does not say what paper it is", "add [params.paper] with subject, from, to, author and telephone")
		return
	}
	for key, id := range map[string]string{"params.paper.from": paper.From, "params.paper.to": paper.To} {
		if id != "" {
			l.checkReference(l.at(file, key), id, ids(organisations), "an organisation", "data/organisations.toml")
		}
	}
	rep.Paper.From, rep.Paper.To = byID(organisations, paper.From), byID(organisations, paper.To)
}

// told tells whether a problem with a file, or with one in a folder, is known.
func (l *loader) told(name string) bool {
	return slices.ContainsFunc(l.problems, func(p Problem) bool {
		return p.File == name || strings.HasPrefix(p.File, name+"/")
	})
}

// has tells whether a file has a key, whatever its value.
func (l *loader) has(file, key string) bool {
	_, ok := l.tables[file].lines[key]
	return ok
}

// good tells whether a file has a key with a value of the right kind.
func (l *loader) good(file, key string) bool { return l.has(file, key) && !l.tables[file].wrong[key] }

// checkSections sees that the numbered pages of a report count from 1.
func (l *loader) checkSections(dir string, pages []*Page) {
	var numbers []numbered
	if l.told(dir) { // a page that could not be read, or is missing, may have the number that is
		numbers = append(numbers, numbered{})
	}
	for _, p := range pages {
		if l.tables[p.File] != nil && l.has(p.File, "params.number") {
			numbers = append(numbers, numbered{p.Number, l.at(p.File, "params.number"),
				strings.TrimSuffix(path.Base(p.File), ".md"), l.good(p.File, "params.number")})
		}
	}
	l.checkNumbers("section", numbers)
}

// A cited is a passage with a number, with what it is checked by.
type cited struct {
	*Passage
	series string // all but the last number: "3.", "summary-"
	n      int    // the last number
}

// unnumbered gives the place of the first heading without a number between a
// paragraph and the one before it on its page.
func unnumbered(all []cited, i int) (at Place, ok bool) {
	after := 0
	if i > 0 && all[i-1].Page == all[i].Page {
		after = all[i-1].Place.Line
	}
	for _, h := range all[i].Page.Passages {
		if !h.named && h.Place.Line > after && h.Place.Line < all[i].Place.Line {
			return h.Place, true
		}
	}
	return Place{}, false
}

// checkParagraphs gives a report its numbered passages, and sees that their
// numbers run on without a gap, each in the section that it names. A number
// that a wrong one stands for is noted, so that one slip is told once and not
// again wherever the right number is referred to.
func (l *loader) checkParagraphs(rep *Report) {
	series := map[string][]cited{}
	var names []string // of the series, in order
	for _, p := range rep.pagesInOrder() {
		for _, c := range l.checkSection(p) {
			if len(series[c.series]) == 0 {
				names = append(names, c.series)
			}
			series[c.series] = append(series[c.series], c)
		}
	}
	meant := func(number string) { l.mistaken[rep.Year] = append(l.mistaken[rep.Year], number) }
	for _, name := range names {
		all := series[name]
		next := 1
		for i, c := range all {
			runsOn := i+1 < len(all) && all[i+1].n == c.n+1 // so this number is right, and others are lost
			first := slices.IndexFunc(all[:i], func(d cited) bool { return d.n == c.n })
			switch should := fmt.Sprintf("%s%d", name, next); {
			case c.n == next:
				next++
			case first >= 0:
				l.problems.add(c.Place, "paragraph-number", fmt.Sprintf("paragraph %s%d stands twice", name, c.n),
					fmt.Sprintf("give this one another number: the other is in %s:%d", all[first].Place.File, all[first].Place.Line))
				if i+1 < len(all) && all[i+1].n == next+1 { // so this one should be what is missing
					meant(should)
					next++
				}
				continue
			default:
				if bare, ok := unnumbered(all, i); ok {
					l.problems.add(bare, "paragraph-number", fmt.Sprintf("this heading has no number, and paragraph %s is missing", should),
						fmt.Sprintf("end the line with {#%s}", should))
				} else {
					l.problems.add(c.Place, "paragraph-number", fmt.Sprintf("paragraph %s%d stands where %s should be", name, c.n, should),
						"put the lost paragraph back, or number the paragraphs in their order")
				}
				meant(should)
				next++
				if runsOn {
					next = c.n + 1
				}
			}
			rep.Paragraphs = append(rep.Paragraphs, c.Passage)
			if number := fmt.Sprintf("%s%d", name, c.n); number != c.ID {
				meant(number)
			}
		}
	}
}

// pagesInOrder gives the report's own pages in the order in which its numbers
// run: those without a number first.
func (rep *Report) pagesInOrder() []*Page {
	var all []*Page
	if rep.Summary != nil {
		all = append(all, rep.Summary)
	}
	return slices.Concat(all, rep.Others, rep.Sections)
}

// checkSection gives a page's paragraphs as its section should have them.
func (l *loader) checkSection(p *Page) []cited {
	var all []cited
	var foreign []int // those numbered for another section
	own := fmt.Sprintf("%d.", p.Number)
	for _, h := range p.Passages {
		m := paragraphID.FindStringSubmatch(h.ID)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil { // more digits than any count of paragraphs has
			n = -1
		}
		if p.Number > 0 && strings.Contains(m[1], ".") && !strings.HasPrefix(m[1], own) {
			foreign = append(foreign, len(all))
		}
		all = append(all, cited{h, m[1], n})
	}
	if len(foreign) > 1 && len(foreign) == len(all) {
		l.problems.add(l.at(p.File, "params.number"), "paragraph-number",
			fmt.Sprintf("this is section %d, and its paragraphs are numbered %s…", p.Number, all[0].series), "make the two agree")
		return all
	}
	for _, i := range foreign {
		l.problems.add(all[i].Place, "paragraph-number",
			fmt.Sprintf("paragraph %s stands in section %d", all[i].ID, p.Number), fmt.Sprintf("number it {#%s…}, or move it", own))
		all[i].series, all[i].n = own, 1 // taken for the one that follows the paragraph above
		if i > 0 {
			all[i].series, all[i].n = all[i-1].series, all[i-1].n+1
		}
	}
	return all
}
