package report

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
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

	lib    *Library
	front  frontMatter
	links  []textLink      // in the text
	places map[string]bool // see ids
}

// A Passage is a part of a page's text that has an address: a heading with what
// is below it, down to the next.
type Passage struct {
	ID     string // "3.9", "summary-1", "the-three-main-messages"
	Number string // as people cite it: "3.9", or 1 for summary-1; "" if it has none
	Title  Text   // as a reader sees it, without Markdown's signs
	Level  int    // of its heading: 2 for ##
	Place  Place
	Page   *Page
	Items  []*Item // that name it in findings
	named  bool    // the source gives its ID
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

// markdown reads pages as Hugo does, with the extensions that it has turned on.
// Typographic signs make no difference to what is read here.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.TaskList, extension.DefinitionList, extension.Footnote),
	goldmark.WithParserOptions(parser.WithAttribute())).Parser()

// readMarkdown gives a page its passages and links, and tells what pages may
// not have. first is how many lines of the file stand before body.
func (l *loader) readMarkdown(p *Page, body string, first int) {
	l.checkEntities(p.File, body, first)
	if !l.checkNested(p.File, body, first) || !l.checkDense(p.File, body, first) {
		return
	}
	r := &markdownReader{loader: l, page: p, source: []byte(body), ids: map[string]bool{}, repeats: map[string]int{}, level: 1}
	for i := range body {
		if body[i] == '\n' {
			r.breaks = append(r.breaks, i)
		}
	}
	r.first = first
	// The walk's only error would be one that visit returns.
	_ = ast.Walk(markdown.Parse(text.NewReader(r.source)), r.visit)
}

// A markdownReader reads the text of one page.
type markdownReader struct {
	*loader
	page    *Page
	source  []byte
	first   int   // how many lines of the file stand before the text
	breaks  []int // the offsets of line breaks in it
	ids     map[string]bool
	repeats map[string]int // how often the words of a heading were met before
	level   int            // of the last heading
}

// at gives the place of an offset in the text.
func (r *markdownReader) at(offset int) Place {
	return Place{r.page.File, r.first + 1 + sort.SearchInts(r.breaks, offset)}
}

// atLine gives the place of a block's first line.
func (r *markdownReader) atLine(n ast.Node) Place { return r.at(n.Lines().At(0).Start) }

func (r *markdownReader) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		r.heading(n)
	case *ast.Paragraph, *ast.TextBlock:
		r.checkText(n)
		r.adviseSentences(n)
	case *ast.Text:
		r.checkSigns(r.at(n.Segment.Start), string(n.Value(r.source)))
	case *ast.Link:
		r.link(n, string(n.Destination), plainText(n, r.source), false)
	case *ast.Image:
		r.link(n, string(n.Destination), plainText(n, r.source), true)
	case *ast.AutoLink:
		address, label := string(n.URL(r.source)), string(n.Label(r.source))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
			address = "mailto:" + address
		}
		r.link(n, address, label, false)
	case *ast.FencedCodeBlock:
		r.problems.add(r.at(max(n.Pos(), 0)), "code", "the text after three ``` would be shown as computer code", "take the lines with ``` out")
	case *ast.CodeBlock:
		if n.Lines().Len() > 0 {
			r.problems.add(r.atLine(n), "code", "this text begins with a tab or four spaces, and would be shown as computer code",
				"begin it at the line's start")
		}
	case *ast.HTMLBlock:
		if n.HTMLBlockType != ast.HTMLBlockType2 { // a comment, which is not published
			r.rawHTML(r.atLine(n), string(n.Lines().Value(r.source)))
		}
	case *ast.RawHTML:
		if tag := string(n.Segments.Value(r.source)); !strings.HasPrefix(tag, "<!--") {
			r.rawHTML(r.at(n.Segments.At(0).Start), tag)
		}
	}
	return ast.WalkContinue, nil
}

// heading takes up a heading, which begins a passage.
func (r *markdownReader) heading(n *ast.Heading) {
	if n.Lines().Len() == 0 {
		r.page.Passages = append(r.page.Passages, &Passage{ID: r.newID(""), Level: n.Level, Page: r.page, Place: r.at(max(n.Pos(), 0))})
		return
	}
	h := &Passage{Title: Text(plainText(n, r.source)), Level: n.Level, Page: r.page, Place: r.atLine(n)}
	if id, ok := n.AttributeString("id"); ok {
		h.ID = string(id.([]byte))
	}
	r.checkHeading(h, string(n.Lines().Value(r.source)), r.level)
	if next, ok := n.NextSibling().(*ast.Heading); n.NextSibling() == nil || ok && next.Level <= n.Level {
		r.problems.add(h.Place, "empty-paragraph", "there is no text below this heading", "put it back, or take the heading out")
	}
	r.level = n.Level
	if m := passageNumber.FindStringSubmatch(h.ID); m != nil {
		h.Number = m[1]
	} else if h.ID != "" && r.ids[h.ID] {
		r.problems.add(h.Place, "repeated-id", fmt.Sprintf("two headings of this page have the name %s", quote(h.ID)), "give one of them another name, or take it out")
	}
	if h.named = h.ID != ""; !h.named {
		h.ID = r.newID(string(h.Title))
	}
	r.ids[h.ID] = true
	r.page.Passages = append(r.page.Passages, h)
}

// passageNumber finds the number in a heading's id: 3.9, and 1 in summary-1.
var passageNumber = regexp.MustCompile(`^(?:[a-z]+-)?([0-9]+(?:\.[0-9]+)*)$`)

// newID gives an id to a heading that was given none, made from its words. The
// same words have always made the same id: people link to it.
func (r *markdownReader) newID(title string) string {
	var b strings.Builder
	for _, c := range strings.TrimSpace(title) {
		switch {
		case c == '-' || c == ' ':
			b.WriteByte('-')
		case c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(unicode.ToLower(c))
		}
	}
	id := cmp.Or(b.String(), "heading")
	for first := id; r.ids[id]; id = fmt.Sprintf("%s-%d", first, r.repeats[first]) {
		r.repeats[first]++
	}
	return id
}

// link takes up a link or a picture, to be followed when all pages are read.
func (r *markdownReader) link(n ast.Node, destination, words string, picture bool) {
	w := textLink{destination: destination, words: words, place: Place{r.page.File, r.first + 1}, picture: picture}
	if offset := offsetOf(n); offset >= 0 {
		w.place = r.at(offset)
	}
	if len(r.page.Passages) > 0 {
		w.passage = r.page.Passages[len(r.page.Passages)-1]
	}
	r.page.links = append(r.page.links, w)
}

// offsetOf gives where in the text an inline node is: where its words begin, or
// those around it, or the block that it is in.
func offsetOf(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Type() == ast.TypeBlock {
			if n.Lines() != nil && n.Lines().Len() > 0 {
				return n.Lines().At(0).Start
			}
			continue
		}
		for _, near := range []ast.Node{n.FirstChild(), n.PreviousSibling(), n.NextSibling()} {
			if t, ok := near.(*ast.Text); ok {
				return t.Segment.Start
			}
		}
	}
	return -1
}

// plainText gives the text in a node as a reader sees it.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(t.Value(source)))))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

var (
	unspaced  = regexp.MustCompile(`^#{1,6}[^#\s]`)
	parted    = regexp.MustCompile(`\][ \t]+\((?:https?:|mailto:|#|[\w/.-]+\.md)`)
	bullet    = regexp.MustCompile(`^(?:[•·●▪■◦‣⁃–—][ \t\x{a0}]|o\t)`)
	shortcode = regexp.MustCompile(`\{\{[<%]\s*/?\s*([^\s>%}]*)`)
)

// checkText sees that a paragraph's lines are not something else written wrongly.
func (r *markdownReader) checkText(n ast.Node) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		text := string(segment.Value(r.source))
		if text == "" {
			continue
		}
		at := r.at(segment.Start)
		if text[0] == '#' && unspaced.MatchString(text) {
			r.problems.add(at, "heading", "this line looks like a heading and is not one",
				"put a space after the #; if no heading is meant, write \\#")
		}
		if sign := bullet.FindString(text); (text[0] >= utf8.RuneSelf || text[0] == 'o') && sign != "" {
			r.problems.add(at, "bullet", "this line begins with a "+strings.TrimSpace(sign)+", as word processors make lists, and would not be one",
				"begin it with a hyphen and a space, and leave a line empty above the list")
		}
		if strings.Contains(text, "]") && parted.MatchString(text) {
			r.problems.add(at, "link", "a link is parted by a space, and would not be one", "write [the words](the address) without a space between ] and (")
		}
	}
}

// checkSigns sees that words have no sign left of what was meant to be more.
func (l *loader) checkSigns(at Place, words string) {
	switch {
	case strings.Contains(words, "]("):
		l.problems.add(at, "link", "a link or picture is not written as one",
			"write [the words](the address); an address with a space in it goes between < and >")
	case strings.Contains(words, "]["):
		l.problems.add(at, "link", "a link is not written as one", "write [the words](the address), with round brackets around the address")
	case strings.Contains(words, "**"), strings.Contains(words, "__"):
		l.problems.add(at, "emphasis", "there are two signs ** here that do not enclose anything, and would be shown",
			"put them at both ends of the words, without a space between, **as here**, or take them out")
	}
}

// checkShortcodes sees that every {{< call >}} has a template of this site.
// Those that Hugo brings along would draw in pages and scripts from elsewhere.
func (l *loader) checkShortcodes(file, body string, first int) {
	if !strings.Contains(body, "{{") {
		return
	}
	for _, m := range shortcode.FindAllStringSubmatchIndex(body, -1) {
		name := body[m[2]:m[3]]
		if _, err := fs.Stat(l.source, "layouts/_shortcodes/"+name+".html"); err != nil {
			l.problems.add(Place{file, first + 1 + strings.Count(body[:m[0]], "\n")}, "shortcode",
				fmt.Sprintf("this site has no %s", quote(body[m[0]:m[3]])), "write the same in Markdown")
		}
	}
}

func (l *loader) checkHeading(h *Passage, title string, above int) {
	switch level := h.Level; {
	case level == 1:
		l.problems.add(h.Place, "heading-level", "a heading with one # would be a second title of the page", "begin it with ##")
	case level > above+1:
		l.problems.add(h.Place, "heading-level", fmt.Sprintf("a heading with %s cannot follow one with %s", strings.Repeat("#", level), strings.Repeat("#", above)),
			fmt.Sprintf("begin it with %s", strings.Repeat("#", above+1)))
	}
	if strings.Contains(title, "{#") || strings.HasSuffix(strings.TrimSpace(title), "}") {
		l.problems.add(h.Place, "paragraph-number", "the number behind this heading cannot be read", "end the line with it, as in ### Early help {#3.8}")
	}
	switch {
	case h.ID == "":
	case !headingID.MatchString(h.ID):
		l.problems.add(h.Place, "paragraph-number", fmt.Sprintf("%s cannot be the number or name of a heading", quote(h.ID)), "use digits and full stops, or lower-case letters, digits and hyphens, as in {#3.8}")
	case recordID.MatchString(h.ID):
		l.problems.add(h.Place, "paragraph-number", fmt.Sprintf("%s would pass for the place of a record", quote(h.ID)), "give the heading another number or name, or leave it out")
	}
}

var (
	headingID = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)

	// What the ids of elements that are made from records begin with.
	recordID = regexp.MustCompile(`^(title-)?(challenge|recommendation|theme|organisation|term|measure)-`)
)

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

var tagName = regexp.MustCompile(`^</?([a-zA-Z][a-zA-Z0-9-]*)`)

func (l *loader) rawHTML(at Place, html string) {
	do := "write the same in Markdown; a < that is meant as a sign is written \\<"
	what := "HTML tags are not used in pages"
	if m := tagName.FindStringSubmatch(strings.TrimSpace(html)); m != nil {
		what = fmt.Sprintf("the HTML tag <%s> cannot be used in a page", m[1])
		if instead, ok := insteadOf[strings.ToLower(m[1])]; ok {
			do = instead
		}
	}
	l.problems.add(at, "raw-html", what, do)
}

// insteadOf says how editors write in Markdown what they know from HTML.
var insteadOf = map[string]string{
	"a":      "write [the words](the address)",
	"b":      "write **the words**",
	"strong": "write **the words**",
	"i":      "write *the words*",
	"em":     "write *the words*",
	"br":     "leave a line empty to begin a new paragraph",
	"p":      "leave a line empty to begin a new paragraph",
	"img":    "write ![what it shows](the file)",
	"ul":     "begin each line of the list with a hyphen",
	"li":     "begin each line of the list with a hyphen",
	"h2":     "begin the line with ##",
	"h3":     "begin the line with ###",
	"script": "take it out: pages run no scripts",
	"style":  "take it out: the look is in static/css/report.css",
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
