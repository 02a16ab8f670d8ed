package report

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

type day = time.Time

// A page is one Markdown file.
type page struct {
	file     string
	front    frontMatter
	headings []heading
}

type heading struct {
	id    string // "" if it was given none
	title string // as it is written
	text  string // as a reader sees it
	line  int
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

// The parser of the library that Hugo uses too, with the one setting that
// matters to headings.
var markdown = goldmark.New(goldmark.WithParserOptions(parser.WithAttribute())).Parser()

// checkMarkdown gives a page's headings and tells what pages may not have.
// first is how many lines of the file stand before body.
func (l *loader) checkMarkdown(file, body string, first int) []heading {
	l.checkEntities(file, body, first)
	if !l.checkNested(file, body, first) {
		return nil
	}
	source := []byte(body)
	line := func(offset int) int { return first + 1 + strings.Count(body[:offset], "\n") }
	level := 1
	var headings []heading
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(markdown.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Lines().Len() == 0 {
				return ast.WalkContinue, nil
			}
			h := heading{title: string(n.Lines().Value(source)), text: plainText(n, source), line: line(n.Lines().At(0).Start)}
			if id, ok := n.AttributeString("id"); ok {
				h.id = string(id.([]byte))
			}
			l.checkHeading(file, h, n.Level, level)
			if next, ok := n.NextSibling().(*ast.Heading); n.NextSibling() == nil || ok && next.Level <= n.Level {
				l.problems.add(Place{file, h.line}, "empty-paragraph", "there is no text below this heading", "put it back, or take the heading out")
			}
			level = n.Level
			headings = append(headings, h)
		case *ast.Paragraph, *ast.TextBlock:
			l.checkText(file, n, source, line)
		case *ast.Text:
			l.checkWords(Place{file, line(n.Segment.Start)}, string(n.Value(source)))
		case *ast.FencedCodeBlock:
			l.problems.add(Place{file, line(max(n.Pos(), 0))}, "code", "the text after three ``` would be shown as computer code", "take the lines with ``` out")
		case *ast.CodeBlock:
			if n.Lines().Len() > 0 {
				l.problems.add(Place{file, line(n.Lines().At(0).Start)}, "code", "this text begins with a tab or four spaces, and would be shown as computer code",
					"begin it at the line's start")
			}
		case *ast.HTMLBlock:
			if n.HTMLBlockType != ast.HTMLBlockType2 { // a comment, which is not published
				l.rawHTML(Place{file, line(n.Lines().At(0).Start)}, string(n.Lines().Value(source)))
			}
		case *ast.RawHTML:
			if tag := string(n.Segments.Value(source)); !strings.HasPrefix(tag, "<!--") {
				l.rawHTML(Place{file, line(n.Segments.At(0).Start)}, tag)
			}
		}
		return ast.WalkContinue, nil
	})
	return headings
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
func (l *loader) checkText(file string, n ast.Node, source []byte, line func(offset int) int) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		text := string(segment.Value(source))
		if unspaced.MatchString(text) {
			l.problems.add(Place{file, line(segment.Start)}, "heading", "this line looks like a heading and is not one",
				"put a space after the #; if no heading is meant, write \\#")
		}
		if sign := bullet.FindString(text); sign != "" {
			l.problems.add(Place{file, line(segment.Start)}, "bullet", "this line begins with a "+strings.TrimSpace(sign)+", as word processors make lists, and would not be one",
				"begin it with a hyphen and a space, and leave a line empty above the list")
		}
		if parted.MatchString(text) {
			l.problems.add(Place{file, line(segment.Start)}, "link", "a link is parted by a space, and would not be one", "write [the words](the address) without a space between ] and (")
		}
	}
}

// checkWords sees that words have no sign left of what was meant to be more.
func (l *loader) checkWords(at Place, words string) {
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
	for _, m := range shortcode.FindAllStringSubmatchIndex(body, -1) {
		name := body[m[2]:m[3]]
		if _, err := fs.Stat(l.source, "layouts/_shortcodes/"+name+".html"); err != nil {
			l.problems.add(Place{file, first + 1 + strings.Count(body[:m[0]], "\n")}, "shortcode",
				fmt.Sprintf("this site has no %s", quote(body[m[0]:m[3]])), "write the same in Markdown")
		}
	}
}

func (l *loader) checkHeading(file string, h heading, level, above int) {
	at := Place{file, h.line}
	switch {
	case level == 1:
		l.problems.add(at, "heading-level", "a heading with one # would be a second title of the page", "begin it with ##")
	case level > above+1:
		l.problems.add(at, "heading-level", fmt.Sprintf("a heading with %s cannot follow one with %s", strings.Repeat("#", level), strings.Repeat("#", above)),
			fmt.Sprintf("begin it with %s", strings.Repeat("#", above+1)))
	}
	if strings.Contains(h.title, "{#") || strings.HasSuffix(strings.TrimSpace(h.title), "}") {
		l.problems.add(at, "paragraph-number", "the number behind this heading cannot be read", "end the line with it, as in ### Early help {#3.8}")
	}
	switch {
	case h.id == "":
	case !headingID.MatchString(h.id):
		l.problems.add(at, "paragraph-number", fmt.Sprintf("%s cannot be the number or name of a heading", quote(h.id)), "use digits and full stops, or lower-case letters, digits and hyphens, as in {#3.8}")
	case recordID.MatchString(h.id):
		l.problems.add(at, "paragraph-number", fmt.Sprintf("%s would pass for the place of a record", quote(h.id)), "give the heading another number or name, or leave it out")
	}
}

var (
	headingID = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)

	// What the ids of elements that are made from records begin with.
	recordID = regexp.MustCompile(`^(title-)?(challenge|recommendation|theme|organisation|term|measure)-`)
)

// pageAddress is the address within the site that a page's file gives it.
func pageAddress(file string) string {
	name := strings.TrimPrefix(strings.TrimSuffix(file, ".md"), "content")
	if path.Base(name) == "_index" {
		return strings.TrimSuffix(name, "_index")
	}
	return name + "/"
}

// checkMoved gives the old addresses of pages that are not a draft's, and sees
// that each is free.
func (l *loader) checkMoved(pages []page, drafts []Draft) []Moved {
	taken := map[string]string{"/404.html": "the page for addresses that do not exist"} // what stands at an address
	for _, p := range pages {
		address := pageAddress(p.file)
		taken[address] = p.file
		if dir := path.Dir(p.file); p.file == dir+"/_index.md" && dir != "content" {
			taken[address+"full.html"] = "the page of the whole report"
		}
	}
	var all []Moved
	for _, p := range pages {
		draft := slices.ContainsFunc(drafts, func(d Draft) bool { return d.Year == reportOf(p.file) })
		for i, from := range p.front.Aliases {
			from = strings.TrimSuffix(from, "index.html")
			at := l.at(p.file, elementPath("aliases", i))
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
			taken[from] = "another page's old one: " + p.file
			if !draft {
				all = append(all, Moved{at, from, pageAddress(p.file)})
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

// checkPages checks the pages of one report against each other and gives the
// paragraphs that they hold, in order.
func (l *loader) checkPages(year string, all []page, organisations []Organisation) []Paragraph {
	dir := path.Join("content", year)
	if _, err := fs.Stat(l.source, dir); err != nil {
		l.unreadable(dir, "folder", err)
		return nil
	}
	var pages []page
	for _, p := range all {
		if path.Dir(p.file) == dir {
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
			if p.file == name && needed.lists != "" && p.front.Params.Lists != needed.lists && !l.told(name) {
				l.problems.add(l.at(name, "params"), "wrong-list", "this page does not list the report's "+needed.lists,
					fmt.Sprintf("write lists = %q below [params]", needed.lists))
			}
		}
	}
	l.checkPaper(path.Join(dir, "_index.md"), pages, organisations)
	l.checkSections(dir, pages)
	return l.checkParagraphs(pages)
}

// checkPaper sees that the facts of the committee paper's head are there.
func (l *loader) checkPaper(file string, pages []page, organisations []Organisation) {
	for _, p := range pages {
		if p.file != file || l.tables[file] == nil {
			continue
		}
		if p.front.Date.IsZero() && !l.has(file, "date") {
			l.problems.add(Place{file, 1}, "missing-field", "the report has no date", "add a line date = 2014-10-22")
		}
		if !l.has(file, "params.paper") {
			l.problems.add(Place{file, 1}, "missing-field", "the report does not say what paper it is", "add [params.paper] with subject, from, to, author and telephone")
			continue
		}
		for key, id := range map[string]string{"params.paper.from": p.front.Params.Paper.From, "params.paper.to": p.front.Params.Paper.To} {
			if id != "" {
				l.checkReference(l.at(file, key), id, ids(organisations), "an organisation", "data/organisations.toml")
			}
		}
	}
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
func (l *loader) checkSections(dir string, pages []page) {
	var numbers []numbered
	if l.told(dir) { // a page that could not be read, or is missing, may have the number that is
		numbers = append(numbers, numbered{})
	}
	for _, p := range pages {
		if l.tables[p.file] != nil && l.has(p.file, "params.number") {
			numbers = append(numbers, numbered{p.front.Params.Number, l.at(p.file, "params.number"),
				strings.TrimSuffix(path.Base(p.file), ".md"), l.good(p.file, "params.number")})
		}
	}
	l.checkNumbers("section", numbers)
}

// A cited is a heading that is a paragraph's, with what it is checked by.
type cited struct {
	heading
	page   page
	series string // all but the last number: "3.", "summary-"
	n      int    // the last number
}

// unnumbered gives the line of the first heading without a number between a
// paragraph and the one before it on its page, or 0.
func unnumbered(all []cited, i int) int {
	after := 0
	if i > 0 && all[i-1].page.file == all[i].page.file {
		after = all[i-1].line
	}
	for _, h := range all[i].page.headings {
		if h.id == "" && h.line > after && h.line < all[i].line {
			return h.line
		}
	}
	return 0
}

// checkParagraphs sees that the paragraphs' numbers run on without a gap, each
// in the section that it names. It gives also the paragraphs that a wrong
// number stands for, so that one slip is told once and not again wherever the
// right number is referred to.
func (l *loader) checkParagraphs(pages []page) []Paragraph {
	slices.SortStableFunc(pages, func(a, b page) int { return a.front.Params.Number - b.front.Params.Number })
	var paragraphs []Paragraph
	series := map[string][]cited{}
	var names []string // of the series, in order
	for _, p := range pages {
		for _, c := range l.checkSection(p) {
			if len(series[c.series]) == 0 {
				names = append(names, c.series)
			}
			series[c.series] = append(series[c.series], c)
		}
	}
	for _, name := range names {
		all := series[name]
		next := 1
		for i, c := range all {
			at := Place{c.page.file, c.line}
			runsOn := i+1 < len(all) && all[i+1].n == c.n+1 // so this number is right, and others are lost
			first := slices.IndexFunc(all[:i], func(d cited) bool { return d.n == c.n })
			switch should := fmt.Sprintf("%s%d", name, next); {
			case c.n == next:
				next++
			case first >= 0:
				l.problems.add(at, "paragraph-number", fmt.Sprintf("paragraph %s%d stands twice", name, c.n),
					fmt.Sprintf("give this one another number: the other is in %s:%d", all[first].page.file, all[first].line))
				if i+1 < len(all) && all[i+1].n == next+1 { // so this one should be what is missing
					paragraphs = append(paragraphs, Paragraph{should, c.text, at})
					next++
				}
				continue
			default:
				if bare := unnumbered(all, i); bare > 0 {
					l.problems.add(Place{c.page.file, bare}, "paragraph-number", fmt.Sprintf("this heading has no number, and paragraph %s is missing", should),
						fmt.Sprintf("end the line with {#%s}", should))
				} else {
					l.problems.add(at, "paragraph-number", fmt.Sprintf("paragraph %s%d stands where %s should be", name, c.n, should),
						"put the lost paragraph back, or number the paragraphs in their order")
				}
				paragraphs = append(paragraphs, Paragraph{should, c.text, at})
				next++
				if runsOn {
					next = c.n + 1
				}
			}
			paragraphs = append(paragraphs, Paragraph{fmt.Sprintf("%s%d", name, c.n), c.text, at})
		}
	}
	return paragraphs
}

// checkSection gives a page's paragraphs as its section should have them.
func (l *loader) checkSection(p page) []cited {
	var all []cited
	var foreign []int // those numbered for another section
	own := fmt.Sprintf("%d.", p.front.Params.Number)
	for _, h := range p.headings {
		m := paragraphID.FindStringSubmatch(h.id)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil { // more digits than any count of paragraphs has
			n = -1
		}
		if p.front.Params.Number > 0 && strings.Contains(m[1], ".") && !strings.HasPrefix(m[1], own) {
			foreign = append(foreign, len(all))
		}
		all = append(all, cited{h, p, m[1], n})
	}
	if len(foreign) > 1 && len(foreign) == len(all) {
		l.problems.add(l.at(p.file, "params.number"), "paragraph-number",
			fmt.Sprintf("this is section %d, and its paragraphs are numbered %s…", p.front.Params.Number, all[0].series), "make the two agree")
		return all
	}
	for _, i := range foreign {
		l.problems.add(Place{p.file, all[i].line}, "paragraph-number",
			fmt.Sprintf("paragraph %s stands in section %d", all[i].id, p.front.Params.Number), fmt.Sprintf("number it {#%s…}, or move it", own))
		all[i].series, all[i].n = own, 1 // taken for the one that follows the paragraph above
		if i > 0 {
			all[i].series, all[i].n = all[i-1].series, all[i-1].n+1
		}
	}
	return all
}
