package check

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"annualreport/tools/report"
)

const itemPage = "2014/conclusions/index.html"

// expectX is what a page is read for: an item on it, and links to it.
func expectX() expectations {
	it := &report.Item{Record: report.Record{ID: "x"}, Kind: report.Challenge, Report: &report.Report{Whole: &report.Page{Path: "/2014/full/", Whole: true}}}
	id := it.Target().ID
	return expectations{
		overviews:  map[string]bool{itemPage: true},
		statements: statements{itemPage: {id: {id: id, rule: "item", label: labelOfItem(it), phrases: []string{"Title", "x"}}}},
		model:      &model{places: map[string]map[string]*matter{itemPage: {id: {record: it}}}},
	}
}

// read reads a page.
func read(t *testing.T, html string) *page {
	t.Helper()
	p, err := newReader(expectX()).read(strings.NewReader(html), itemPage)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What a reader sees in an element is its text, and nothing else.
func TestSeenText(t *testing.T) {
	for html, want := range map[string]string{
		`one`:                          "one",
		`<P>one<P>two</P></P>`:         "one two",
		`<div>one</div><div>two</div>`: "one two",
		`<ul><li>one<li>two</ul>`:      "one two",
		`<p>o<b>n</b>e</p>`:            "one",
		`one<br>two`:                   "one two",
		`one <!-- two --> three`:       "one three",
		`one <span hidden>two <b>deep</b></span> three`:       "one three",
		`<p hidden>one<p>two`:                                 "two",
		`<table><tr><td hidden>one<td>two</table>`:            "two",
		`one <template>two</template> three`:                  "one three",
		`one <script>"</p>"</script> three`:                   "one three",
		`it&rsquo;s&nbsp;&#34;one&quot;`:                      `it's "one"`,
		"so\u00adft \u201cone\u201d":                          `soft "one"`,
		`one</b></i> two`:                                     "one two",
		`one<img alt=two>three`:                               "onethree", // a picture stands in a line of text
		`one <time datetime=2014>two</time>, <em>three</em>.`: "one two, three.",
		`one <x-y>two</x-y> three`:                            "one two three",
	} {
		p := read(t, `<p>before</p><a href=#challenge-x>`+html+`</a><p>after</p>`)
		if len(p.links) != 1 || p.links[0].text != want {
			t.Errorf("%s\nis read as %+v, want %q", html, p.links, want)
		}
	}
}

// The page's title stands in its head; a drawing has one of its own.
func TestTitle(t *testing.T) {
	p := read(t, `<html><head><title>one</title></head><body><svg><title id=challenge-x>two</title></svg>`)
	if p.title != "one" {
		t.Errorf("the title is %q", p.title)
	}
}

// A link leads to a file of the site, however its address is written.
func TestLinkTarget(t *testing.T) {
	for href, want := range map[string]string{
		"../recommendations/#r":              "2014/recommendations/index.html#r",
		"../recommendations/index.html":      "2014/recommendations/index.html#",
		"../full.html#r":                     "2014/full.html#r",
		"../../":                             "index.html#",
		"/2014/":                             "/2014/#",
		"#r":                                 "2014/conclusions/index.html#r",
		"":                                   "2014/conclusions/index.html#",
		"../../../2014/full.html":            "../2014/full.html#",
		".":                                  "2014/conclusions/index.html#",
		"..":                                 "2014/index.html#",
		"../recommendations":                 "2014/recommendations#",
		"../f%75ll.html":                     "2014/full.html#",
		" ../full.html ":                     "2014/full.html#",
		"../full.html?q#r&amp;x":             "2014/full.html#r&x",
		"https://example.org/full.html":      "",
		"//example.org/full.html":            "",
		"mailto:someone@example.org":         "",
		"javascript:alert(1)":                "",
		"%zz":                                "%zz#",
		"../with%20space/%C3%A9.html#%C3%A9": "2014/with space/é.html#é",
		"../a b.html":                        "2014/a b.html#",
		"java\nscript:alert(1)":              "",
		`\\example.org\x`:                    "",
	} {
		got := ""
		if p := read(t, `<a href="`+href+`">text</a>`); p.refs[0].form != formForeign {
			got = p.refs[0].file + "#" + p.refs[0].fragment
		}
		if got != want {
			t.Errorf("%q leads to %q, want %q", href, got, want)
		}
	}
}

// A link that a reader does not see, or without text, is none to the summary.
func TestSeenLinks(t *testing.T) {
	const to = `<a href=#challenge-x`
	p := read(t, to+`>one <b>two</b></a>`+to+` hidden>three</a><div hidden>`+to+`>four</a></div>`+to+`><img alt=five></a><a>six</a><a href=../full.html#challenge-x>seven</a>`)
	var texts []string
	for _, l := range p.links {
		texts = append(texts, l.text)
	}
	if want := []string{"one two", ""}; !slices.Equal(texts, want) {
		t.Errorf("the links say %q, want %q", texts, want)
	}
}

func FuzzPage(f *testing.F) {
	for _, html := range []string{
		`<main><article id=challenge-x><h3>Title</h3><p hidden>x</p></article><a href="../full.html#x">y</a></main>`,
		`<a href=`, `</p></p>`, `<p id=challenge-`, `<!-- `, `<script>`, `<svg><a xlink:href=x>`, "\x00<\xff>",
	} {
		f.Add(html)
	}
	f.Fuzz(func(t *testing.T, html string) {
		r := newReader(expectX())
		p, err := r.read(strings.NewReader(html), itemPage)
		if err != nil {
			return
		}
		if len(r.stack) != 0 || r.hidden != 0 || r.wants != 0 || len(r.view) != 0 {
			t.Errorf("after the page, %d elements are open, %d hidden, %d collecting %q", len(r.stack), r.hidden, r.wants, r.view)
		}
		for _, target := range p.refs {
			// An address that cannot be read, such as %/, and one outside the folder stay as they are: no file has such a name.
			_, err := url.Parse(spelling.Replace(target.file))
			if target.form != formForeign && (target.file == "" || strings.HasSuffix(target.file, "/") && !strings.HasPrefix(target.file, "/") && err == nil) {
				t.Errorf("a link leads to %q", target.file)
			}
		}
	})
}
