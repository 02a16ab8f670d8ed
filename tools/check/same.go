package check

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"annualreport/tools/release"
	"annualreport/tools/report"
)

// Same checks that a site is what a build makes from its source today: that it has every
// file of fresh, with the same contents. A page may be written in another way, if it is
// the same to a browser. It is for sites that [Site] has passed, which reports files that
// a build does not make, and says better what is wrong with the others: no layout's fixed
// word can be missing, say, without a difference from what the layouts make.
//
// If the site differs, the error is of type [report.Problems].
func Same(site, fresh fs.FS, lib *report.Library) error {
	c := &checker{site: site, expected: expect(lib, site), index: map[[4]any]int{}}
	differences := map[string]report.Place{} // where each was first found
	err := fs.WalkDir(fresh, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == release.Mark {
			return err
		}
		what, id, err := c.compareFile(name, fresh)
		if what == "" {
			return err
		}
		place, ok := differences[what]
		if !ok {
			if path.Ext(name) == ".html" {
				place.File = c.expected.source(name)
			}
			if record, ok := c.findRecord(&page{name: name}, id); ok {
				place = record
			}
			differences[what] = place
		}
		c.add(place, name, "rebuilt", what, "build the site again")
		return nil
	})
	return cmp.Or(err, c.problems.Err())
}

// compareFile says how a file of the site differs from the one that a build makes, or
// returns "". On a page, id is that of the last element before the difference that has one.
func (c *checker) compareFile(name string, fresh fs.FS) (what, id string, err error) {
	wantSum, err := sum(fresh, name)
	if err != nil {
		return "", "", err
	}
	gotSum, err := sum(c.site, name)
	switch {
	case err != nil:
		return "the file " + describe(err), "", nil
	case bytes.Equal(gotSum, wantSum):
		return "", "", nil
	case path.Ext(name) != ".html":
		return "this file differs from the one that a build makes", "", nil
	}
	want, err := fs.ReadFile(fresh, name)
	got, err2 := fs.ReadFile(c.site, name)
	if err := errors.Join(err, err2); err != nil {
		return "", "", err
	}
	end := piece{text: "its end"}
	a, b := append(readPieces(got), end), append(readPieces(want), end)
	for i := range min(len(a), len(b)) {
		id = cmp.Or(b[i].id, id)
		if a[i] != b[i] {
			x, y := excerpt(a[i].text, b[i].text)
			return fmt.Sprintf("the page has %s where a build has %s", x, y), id, nil
		}
	}
	return "", "", nil
}

// A piece of a page is a text, or the start or the end of an element.
type piece struct {
	text string // as it is written, with the attributes in order
	id   string // the element's
}

// pieces are those of a page, in order. The same pieces are the same page: white space
// counts as browsers show it.
type pieces struct {
	all    []piece
	text   int  // the index of the last text in the current line, or -1
	isOpen bool // a space would be shown here: the line has text, which does not end with one
}

// readPieces returns a page's pieces.
func readPieces(page []byte) []piece {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil // never: reading from memory cannot fail
	}
	p := pieces{text: -1}
	// A page may be nested deeply, so this is no recursion.
	for n := root; n != nil; {
		switch n.Type {
		case html.TextNode:
			p.addText(n.Data)
		case html.ElementNode:
			p.addTag(n, readTag(n))
		case html.CommentNode:
			p.all = append(p.all, piece{text: "<!--" + n.Data + "-->"})
		}
		if n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		for ; n != nil; n = n.Parent {
			if n.Type == html.ElementNode {
				p.addTag(n, piece{text: "</" + n.Data + ">"})
			}
			if n.NextSibling != nil {
				n = n.NextSibling
				break
			}
		}
	}
	return p.all
}

// addText adds a text, with one space for each run of white space that is shown.
func (p *pieces) addText(text string) {
	text = whiteSpace.ReplaceAllString(text, " ")
	if !p.isOpen {
		text = strings.TrimPrefix(text, " ")
	}
	if text == "" {
		return
	}
	p.text, p.isOpen = len(p.all), !strings.HasSuffix(text, " ")
	p.all = append(p.all, piece{text: text})
}

// whiteSpace is what browsers show as one space. Others, such as the no-break space, are
// characters like any other.
var whiteSpace = regexp.MustCompile(`[ \t\n\f\r]+`)

// addTag adds the start or the end of an element. Unless it is part of a line of text, it
// ends the line.
func (p *pieces) addTag(n *html.Node, tag piece) {
	if traitsOf[n.Data]&inline == 0 {
		if p.text >= 0 && !p.isOpen {
			last := &p.all[p.text]
			if last.text = strings.TrimSuffix(last.text, " "); last.text == "" {
				p.all = slices.Delete(p.all, p.text, p.text+1)
			}
		}
		p.text, p.isOpen = -1, false
	}
	p.all = append(p.all, tag)
}

// readTag returns the start of an element.
func readTag(n *html.Node) piece {
	attributes := slices.Clone(n.Attr)
	slices.SortFunc(attributes, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	p := piece{text: "<" + n.Data}
	for _, a := range attributes {
		p.text += fmt.Sprintf(" %s=%q", a.Key, a.Val)
		if a.Key == "id" {
			p.id = a.Val
		}
	}
	p.text += ">"
	return p
}

// unusualSpace matches characters that look like a space, or like nothing.
var unusualSpace = regexp.MustCompile(`[\t\n\f\r\v\pC]|[^ \PZ]`)

// excerpt returns two texts in quotation marks, from shortly before their first different
// word on.
func excerpt(a, b string) (string, string) {
	const before, most = 3, 12 // words
	x, y := strings.Split(a, " "), strings.Split(b, " ")
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	from := max(0, i-before)
	quote := func(words []string) string {
		text := unusualSpace.ReplaceAllStringFunc(strings.Join(words[from:min(len(words), from+most)], " "), func(space string) string {
			return fmt.Sprintf("[%U]", []rune(space)[0])
		})
		if text == "" || text == " " {
			return "a space"
		}
		if from > 0 {
			text = "… " + text
		}
		if len(words) > from+most {
			text += " …"
		}
		return "“" + text + "”"
	}
	return quote(x), quote(y)
}
