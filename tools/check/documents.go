package check

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"annualreport/tools/report"
)

// Documents checks that each report's PDF says what the page of the whole report says in
// its main part, in the same order. It may also have the text before and after that part
// on the page, and nothing else. The contents may have page numbers. Spaces make no
// difference, since lines end elsewhere on paper. A PDF's links lead where those of the
// page do. read returns the texts of a PDF in order, and the addresses that its links lead
// to outside of it.
func Documents(site fs.FS, lib *report.Library, read func(document []byte) (texts, links []string, err error)) error {
	var problems report.Problems
	for _, rep := range lib.Reports {
		name := rep.PDF()
		document, err := fs.ReadFile(site, name)
		if err != nil {
			continue // Site reports a missing one: the summary links to it
		}
		page, err := fs.ReadFile(site, path.Join(rep.Name, whole))
		if err != nil {
			return err
		}
		what := "the PDF cannot be read, or is incomplete"
		if activePDF.Match(document) {
			what = "the PDF has a script, a form or files in it, or changes how its pages are shown"
		} else if texts, links, err := read(document); err == nil {
			p := readPrintable(page)
			what = cmp.Or(p.compareTexts(texts), p.compareLinks(links, rep.Name))
		}
		if what != "" {
			problems = append(problems, report.Problem{Rule: "pdf", What: what, Do: "build the site again with --pdf", Pages: []string{Address(name)}})
		}
	}
	return problems.Err()
}

// activePDF matches what makes a PDF do or hide something. (It may be compressed, and then
// it is not found.)
var activePDF = regexp.MustCompile(`/(JavaScript|JS|OpenAction|AA|Launch|EmbeddedFile|AcroForm|Rotate|CropBox)\b`)

// mostHeads is the number of texts in the head of a table, at most.
const mostHeads = 40

// compareTexts says how the texts of a PDF differ from the page, or returns "".
func (p printable) compareTexts(texts []string) string {
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

// compareLinks says how the links of a PDF differ from those of the page, or returns "".
// Links within the site may be whole addresses.
func (p printable) compareLinks(links []string, rep string) string {
	base := strings.TrimSuffix(plainAddress(p.canonical), path.Join(rep, whole))
	fromPDF := map[string]bool{}
	for _, link := range links {
		link = plainAddress(link)
		fromPDF[link] = true
		if _, ok := p.links[link]; !ok && (base == "" || !strings.HasPrefix(link, base)) {
			return fmt.Sprintf("the PDF has a link to %s, which the page of the whole report does not have", link)
		}
	}
	for _, link := range slices.Sorted(maps.Keys(p.links)) {
		if p.links[link] && !fromPDF[link] {
			return fmt.Sprintf("the PDF has no link to %s, which the page of the whole report has", link)
		}
	}
	return ""
}

// plainAddress returns an address in the form for comparison: a browser writes escapes and
// hosts in its own way.
func plainAddress(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		u.Host = strings.ToLower(u.Host)
		if port := u.Port(); port == "443" && u.Scheme == "https" || port == "80" && u.Scheme == "http" {
			u.Host = strings.TrimSuffix(u.Host, ":"+port)
		}
		address = u.String()
	}
	return strings.TrimSuffix(unescaped(address), "/")
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
	starts    []int           // of each text, in letters
	links     map[string]bool // the addresses outside the site that the page links to; whether in its main part
	canonical string
}

func readPrintable(page []byte) (p printable) {
	p.links = map[string]bool{}
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return p // Site has read the page before
	}
	var all strings.Builder
	inMain := false
	var read func(n *html.Node)
	read = func(n *html.Node) {
		switch {
		case slices.Contains([]atom.Atom{atom.Style, atom.Script, atom.Title, atom.Svg}, n.DataAtom):
			return
		case n.Type == html.TextNode:
			p.texts, p.starts = append(p.texts, n.Data), append(p.starts, all.Len())
			all.WriteString(letters(n.Data))
		case n.DataAtom == atom.Main:
			p.main, inMain = all.Len(), true
			defer func() { p.end, inMain = all.Len(), false }()
		case n.DataAtom == atom.A:
			if href := attributeOf(n, "href"); scheme.MatchString(href) {
				link := plainAddress(href)
				p.links[link] = p.links[link] || inMain
			}
		case n.DataAtom == atom.Link && attributeOf(n, "rel") == "canonical":
			p.canonical = attributeOf(n, "href")
		}
		for child := range n.ChildNodes() {
			read(child)
		}
	}
	read(root)
	p.letters = all.String()
	return p
}

// attributeOf returns the value of an attribute, or "".
func attributeOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// excerpt returns the text that begins or goes on at a place in the letters, and the next.
func (p printable) excerpt(place int) string {
	i, _ := slices.BinarySearch(p.starts, place+1)
	text := strings.Join(p.texts[max(0, i-1):min(i+2, len(p.texts))], " ")
	return shorten(strings.Join(strings.Fields(text), " "))
}
