package check

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"annualreport/tools/report"
)

// DocumentName returns the name of a report's PDF in the site, such as
// "2014/annual-report-2014.pdf", by the report's name.
func DocumentName(rep string) string { return path.Join(rep, "annual-report-"+rep+".pdf") }

// Documents checks that each report's PDF says what the page of the whole report says in
// its main part, in the same order. It may also have the text before and after that part
// on the page, and nothing else. The contents may have page numbers. read returns the texts of a PDF in order.
// Spaces make no difference, since lines end elsewhere on paper.
func Documents(site fs.FS, lib *report.Library, read func(document []byte) ([]string, error)) error {
	var problems report.Problems
	for _, rep := range lib.Reports {
		name := DocumentName(rep.Name)
		document, err := fs.ReadFile(site, name)
		if err != nil {
			continue // Site reports a missing one: the summary links to it
		}
		page, err := fs.ReadFile(site, path.Join(rep.Name, whole))
		if err != nil {
			return err
		}
		what := "the PDF cannot be read, or is incomplete"
		if texts, err := read(document); err == nil {
			what = comparePDF(texts, page)
		}
		if what != "" {
			problems = append(problems, report.Problem{Rule: "pdf", What: what, Do: "build the site again with --pdf", Pages: []string{Address(name)}})
		}
	}
	return problems.Err()
}

// mostHeads is the number of texts in the head of a table, at most.
const mostHeads = 40

// comparePDF says how the texts of a PDF differ from a page, or returns "".
func comparePDF(texts []string, page []byte) string {
	p := readPrintable(page)
	next := p.main // what the PDF must say next
	if len(texts) > 0 {
		for start := letters(texts[0]); next > 0 && !strings.HasPrefix(p.letters[next:], start); {
			next = strings.LastIndex(p.letters[:next], start) // a title or a band may come before the main part
		}
	}
	if next < 0 {
		return fmt.Sprintf("the PDF begins with “%s”, which the page of the whole report does not say", shorten(texts[0]))
	}
	for i, text := range texts {
		part := letters(text)
		if next >= p.end { // paper does not show all of what comes after the main part
			if n := strings.Index(p.letters[next:], part); n >= 0 {
				next += n
			}
		}
		switch {
		case strings.HasPrefix(p.letters[next:], part):
			next += len(part)
		case strings.Trim(part, "0123456789") == "": // the number of a page, in the contents
		case slices.Contains(texts[max(0, i-mostHeads):i], text): // the head of a table, again on its next page
		default:
			return fmt.Sprintf("the PDF has “%s” where the page of the whole report has “%s”", shorten(text), p.excerpt(next))
		}
	}
	if next < p.end {
		return fmt.Sprintf("the PDF ends before “%s”", p.excerpt(next))
	}
	return ""
}

// letters returns a text's letters and digits.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// A printable is what a page has to print, without its drawings.
type printable struct {
	letters   string // of the whole page
	main, end int    // the main part of letters
	texts     []string
	starts    []int // of each text, in letters
}

func readPrintable(page []byte) (p printable) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return p // Site has read the page before
	}
	var all strings.Builder
	var read func(n *html.Node)
	read = func(n *html.Node) {
		switch {
		case slices.Contains([]atom.Atom{atom.Style, atom.Script, atom.Title, atom.Svg}, n.DataAtom):
			return
		case n.Type == html.TextNode:
			p.texts, p.starts = append(p.texts, n.Data), append(p.starts, all.Len())
			all.WriteString(letters(n.Data))
		case n.DataAtom == atom.Main:
			p.main = all.Len()
			defer func() { p.end = all.Len() }()
		}
		for child := range n.ChildNodes() {
			read(child)
		}
	}
	read(root)
	p.letters = all.String()
	return p
}

// excerpt returns the text that begins or goes on at a place in the letters, and the next.
func (p printable) excerpt(place int) string {
	i, _ := slices.BinarySearch(p.starts, place+1)
	text := strings.Join(p.texts[max(0, i-1):min(i+2, len(p.texts))], " ")
	return shorten(strings.Join(strings.Fields(text), " "))
}
