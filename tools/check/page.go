package check

import (
	"errors"
	"io"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A pageFacts is what the check wants to know of one page.
type pageFacts struct {
	elements map[string][]string // an element's id to the text a reader sees in it, for each element of that id
	links    []link
}

// A link is an <a href> with the text that a reader sees in it.
type link struct {
	target string // the file that it leads to, with the fragment: "2014/conclusions/index.html#challenge-early-help"
	text   string
}

// An open is an element whose end has not been met yet.
type open struct {
	tag    string
	hidden bool             // nothing in it is seen
	text   *strings.Builder // collects the text in it, if somebody wants that
	done   func(text string)
}

// readPage reads the HTML of the page at name as a stream of tags: no tree is
// built. Only elements whose id wanted accepts are kept.
func readPage(r io.Reader, name string, wanted func(id string) bool) (*pageFacts, error) {
	facts := &pageFacts{elements: map[string][]string{}}
	base, err := url.Parse("/" + (&url.URL{Path: name}).EscapedPath())
	if err != nil {
		return nil, err
	}
	var stack []open
	hidden := 0
	write := func(text string) {
		if hidden > 0 {
			return
		}
		for _, o := range stack {
			if o.text != nil {
				o.text.WriteString(text)
			}
		}
	}
	// closeTo ends every element from stack[i] inwards.
	closeTo := func(i int) {
		for j := len(stack) - 1; j >= i; j-- {
			if stack[j].hidden {
				hidden--
			}
			if stack[j].text != nil {
				stack[j].done(stack[j].text.String())
			}
		}
		stack = stack[:i]
	}

	z := html.NewTokenizer(r)
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			closeTo(0)
			return facts, nil
		case html.TextToken:
			write(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if !inline[token.DataAtom] {
				write(" ")
			}
			o := open{tag: token.Data, hidden: unseen[token.DataAtom] || has(token, "hidden")}
			id := attribute(token, "id")
			switch href := attribute(token, "href"); {
			case id != "" && wanted(id):
				o.text = new(strings.Builder)
				o.done = func(text string) { facts.elements[id] = append(facts.elements[id], text) }
			case token.DataAtom == atom.A && href != "":
				target := resolve(base, href)
				if target != "" && hidden == 0 && !o.hidden {
					o.text = new(strings.Builder)
					o.done = func(text string) { facts.links = append(facts.links, link{target, text}) }
				}
			}
			if empty[token.DataAtom] {
				if o.text != nil {
					o.done("")
				}
				continue
			}
			stack = append(stack, o)
			if o.hidden {
				hidden++
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if !inline[atom.Lookup(tag)] {
				write(" ")
			}
			for i := len(stack) - 1; i >= 0; i-- {
				if stack[i].tag == string(tag) {
					closeTo(i)
					break
				}
			}
		}
	}
}

// Elements that stand in a line of text, so that no space comes before or after them.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Cite: true, atom.Code: true, atom.Em: true, atom.I: true,
	atom.Mark: true, atom.Q: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true,
	atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true, atom.Wbr: true,
}

// Elements whose text is not part of the page.
var unseen = map[atom.Atom]bool{
	atom.Head: true, atom.Noscript: true, atom.Script: true, atom.Style: true, atom.Template: true,
}

// Elements that have no end tag.
var empty = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

func attribute(token html.Token, key string) string {
	for _, a := range token.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(token html.Token, key string) bool {
	for _, a := range token.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// resolve gives the file of this site that href on the page at base leads to,
// with its fragment, or "" if it leads elsewhere.
func resolve(base *url.URL, href string) string {
	ref, err := base.Parse(strings.TrimSpace(href))
	if err != nil || ref.Scheme != "" || ref.Host != "" {
		return ""
	}
	file := strings.TrimPrefix(ref.Path, "/")
	if file == "" || strings.HasSuffix(file, "/") {
		file = path.Join(file, "index.html")
	}
	return file + "#" + ref.Fragment
}

// fold makes two texts equal that a reader would take for the same: white
// space, the kinds of quote marks and what cannot be seen make no difference.
func fold(text string) string {
	return strings.Join(strings.Fields(folder.Replace(text)), " ")
}

var folder = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "′", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "″", `"`,
	"\u00ad", "", "\u200b", "", "\u2060", "", "\ufeff", "",
)
