package check

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
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
	text string // as it is written, with single spaces and the attributes in order
	id   string // the element's
}

// readPieces returns a page's pieces in order. The same pieces are the same page, but for
// space at the edge of texts, which [Site] has checked.
func readPieces(page []byte) (all []piece) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil // never: reading from memory cannot fail
	}
	// A page may be nested deeply, so this is no recursion.
	for n := root; n != nil; {
		switch n.Type {
		case html.TextNode:
			if text := strings.Join(strings.Fields(n.Data), " "); text != "" {
				all = append(all, piece{text: text})
			}
		case html.ElementNode:
			all = append(all, readTag(n))
		case html.CommentNode:
			all = append(all, piece{text: "<!--" + n.Data + "-->"})
		}
		if n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		for ; n != nil && n.NextSibling == nil; n = n.Parent {
			if n.Type == html.ElementNode {
				all = append(all, piece{text: "</" + n.Data + ">"})
			}
		}
		if n != nil {
			if n.Type == html.ElementNode {
				all = append(all, piece{text: "</" + n.Data + ">"})
			}
			n = n.NextSibling
		}
	}
	return all
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

// excerpt returns two texts in quotation marks, from shortly before their first different
// word on.
func excerpt(a, b string) (string, string) {
	const before, most = 3, 12 // words
	x, y := strings.Fields(a), strings.Fields(b)
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	from := max(0, i-before)
	quote := func(words []string) string {
		text := strings.Join(words[from:min(len(words), from+most)], " ")
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
