package check

import (
	"slices"
	"strings"
	"testing"
)

func read(t testing.TB, html string) *pageFacts {
	t.Helper()
	facts, err := readPage(strings.NewReader(html), "2014/conclusions/index.html", itemElement.MatchString)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// What a reader sees in an element is its text, and nothing else.
func TestSeenText(t *testing.T) {
	for html, want := range map[string]string{
		`<p id=challenge-a>one`:                                                     "one",
		`<P ID="challenge-a">one<P>two</P></P>three`:                                "one two",
		`<div id=challenge-a><div>one</div><div>two</div></div>three`:               "one two",
		`<p id='challenge-a'>o<b>n</b>e</p>`:                                        "one",
		`<p id=challenge-a>one<br>two</p>`:                                          "one two",
		`<p id=challenge-a>one <!-- two --> three</p>`:                              "one three",
		`<p id=challenge-a>one <span hidden>two <b>deep</b></span> three</p>`:       "one three",
		`<p id=challenge-a>one <template>two</template> three</p>`:                  "one three",
		`<p id=challenge-a>one <script>"</p>"</script> three</p>`:                   "one three",
		`<p id=challenge-a hidden>one</p>`:                                          "",
		`<div hidden><p id=challenge-a>one</p></div>`:                               "",
		`<p id=challenge-a>it&rsquo;s&nbsp;&#34;one&quot;</p>`:                      `it's "one"`,
		"<p id=challenge-a>so\u00adft \u201cone\u201d</p>":                          `soft "one"`,
		`<p id=challenge-a>one</b></i> two</p>`:                                     "one two",
		`<p id=challenge-a>one<img alt=two>three</p>`:                               "one three",
		`<p id=challenge-a>one <time datetime=2014>two</time>, <em>three</em>.</p>`: "one two, three.",
	} {
		texts := read(t, html).elements["challenge-a"]
		if len(texts) != 1 || fold(texts[0]) != want {
			t.Errorf("%s\nis read as %q, want %q", html, texts, want)
		}
	}
}

// A link leads to a file of the site, however its address is written.
func TestLinkTarget(t *testing.T) {
	for href, want := range map[string]string{
		"../recommendations/#r":          "2014/recommendations/index.html#r",
		"../recommendations/index.html":  "2014/recommendations/index.html#",
		"../full.html#r":                 "2014/full.html#r",
		"../../":                         "index.html#",
		"/2014/":                         "2014/index.html#",
		"#r":                             "2014/conclusions/index.html#r",
		"../../../../2014/full.html":     "2014/full.html#",
		"../f%75ll.html":                 "2014/full.html#",
		" ../full.html ":                 "2014/full.html#",
		"../full.html?q#r&amp;x":         "2014/full.html#r&x",
		"https://example.org/full.html":  "",
		"//example.org/full.html":        "",
		"mailto:someone@example.org":     "",
		"javascript:alert(1)":            "",
		"%zz":                            "",
		"../with%20space/%C3%A9.html#%E": "",
	} {
		var got string
		if links := read(t, `<a href="`+href+`">text</a>`).links; len(links) == 1 {
			got = links[0].target
		}
		if got != want {
			t.Errorf("%q leads to %q, want %q", href, got, want)
		}
	}
}

// A link that a reader does not see, or without text, is none.
func TestSeenLinks(t *testing.T) {
	facts := read(t, `<a href=a>one <b>two</b></a><a href=b hidden>three</a><div hidden><a href=c>four</a></div><a href=d><img alt=five></a><a>six</a>`)
	var texts []string
	for _, l := range facts.links {
		texts = append(texts, fold(l.text))
	}
	if want := []string{"one two", ""}; !slices.Equal(texts, want) {
		t.Errorf("the links say %q, want %q", texts, want)
	}
}

func FuzzPage(f *testing.F) {
	for _, html := range []string{
		`<main><article id=challenge-a><h3>Title</h3><p hidden>x</p></article><a href="../full.html#x">y</a></main>`,
		`<a href=`, `</p></p>`, `<p id=challenge-`, `<!-- `, `<script>`, `<svg><a xlink:href=x>`, "\x00<\xff>",
	} {
		f.Add(html)
	}
	f.Fuzz(func(t *testing.T, html string) {
		facts, err := readPage(strings.NewReader(html), "a/b.html", itemElement.MatchString)
		if err != nil {
			return // the tokenizer gave up in good order
		}
		for id, texts := range facts.elements {
			if !itemElement.MatchString(id) || len(texts) == 0 {
				t.Errorf("element %q with %d texts", id, len(texts))
			}
		}
	})
}
