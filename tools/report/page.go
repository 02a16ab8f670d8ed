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
	title string
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
			h := heading{title: string(n.Lines().Value(source)), line: line(n.Lines().At(0).Start)}
			if id, ok := n.AttributeString("id"); ok {
				h.id = string(id.([]byte))
			}
			l.checkHeading(file, h, n.Level, level)
			level = n.Level
			headings = append(headings, h)
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
			continue
		}
		for _, p := range pages {
			if p.file == name && l.tables[name] != nil && p.front.Params.Lists != needed.lists && needed.lists != "" {
				l.problems.add(l.at(name, "params"), "wrong-list", "this page does not list the report's "+needed.lists,
					fmt.Sprintf("write lists = %q below [params]", needed.lists))
			}
		}
	}
	l.checkPaper(path.Join(dir, "_index.md"), pages, organisations)
	l.checkSections(pages)
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

// has tells whether a file has a key, whatever its value.
func (l *loader) has(file, key string) bool {
	_, ok := l.tables[file].lines[key]
	return ok
}

// checkSections sees that the numbered pages of a report count from 1.
func (l *loader) checkSections(pages []page) {
	var numbers []numbered
	for _, p := range pages {
		if l.tables[p.file] != nil && l.has(p.file, "params.number") {
			numbers = append(numbers, numbered{p.front.Params.Number, l.at(p.file, "params.number"), strings.TrimSuffix(path.Base(p.file), ".md")})
		}
	}
	l.checkNumbers("section", numbers)
}

// checkParagraphs sees that the paragraphs' numbers run on without a gap, each
// in the section that it names.
func (l *loader) checkParagraphs(pages []page) []Paragraph {
	slices.SortStableFunc(pages, func(a, b page) int { return a.front.Params.Number - b.front.Params.Number })
	last := map[string]int{} // the last number in each series
	var paragraphs []Paragraph
	for _, p := range pages {
		for _, h := range p.headings {
			m := paragraphID.FindStringSubmatch(h.id)
			if m == nil {
				continue
			}
			at := Place{p.file, h.line}
			series := m[1]
			n, _ := strconv.Atoi(m[2]) // digits; too many of them give a number too large to be next
			first := slices.IndexFunc(paragraphs, func(q Paragraph) bool { return q.ID == h.id })
			section := strconv.Itoa(p.front.Params.Number) + "."
			switch {
			case first >= 0:
				l.problems.add(at, "paragraph-number", fmt.Sprintf("paragraph %s stands twice", h.id),
					fmt.Sprintf("give this one another number: the other is in %s:%d", paragraphs[first].Place.File, paragraphs[first].Place.Line))
			case p.front.Params.Number > 0 && series != "" && series[0] <= '9' && !strings.HasPrefix(series, section):
				l.problems.add(at, "paragraph-number", fmt.Sprintf("paragraph %s stands in section %d", h.id, p.front.Params.Number),
					fmt.Sprintf("number it {#%s…}, or move it", section))
			case n != last[series]+1:
				l.problems.add(at, "paragraph-number", fmt.Sprintf("paragraph %s stands where %s%d should be", h.id, series, last[series]+1),
					"put the lost paragraph back, or number the paragraphs in their order")
			}
			last[series] = max(n, last[series])
			if first < 0 {
				paragraphs = append(paragraphs, Paragraph{h.id, h.title, at})
			}
		}
	}
	return paragraphs
}
