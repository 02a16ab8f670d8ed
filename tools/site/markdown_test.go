package site

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// write writes a file of a source folder.
func write(t *testing.T, source, file, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(source, file), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// newFullSource returns a source folder whose report has a page with everything that
// a report can contain, and a second page with some of the same headings.
func newFullSource(t *testing.T) string {
	t.Helper()
	source := testkit.NewSource(t, "../..")
	text, err := os.ReadFile("testdata/markdown.md")
	if err != nil {
		t.Fatal(err)
	}
	write(t, source, "content/2014/markdown.md", string(text))
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 600, 300))); err != nil {
		t.Fatal(err)
	}
	write(t, source, "content/2014/chart.png", picture.String())
	change(t, source, "content/2014/purpose.md", "## How this site tells it", "## Why {#why}\n\n### Introduction\n\nThe same headings.[^n]\n\n[^n]: A footnote of another page.\n\n## How this site tells it")
	return source
}

// makeSite builds a source, and returns its Library and a function that reads its pages.
func makeSite(t *testing.T, source string) (lib *report.Library, page func(name string) string) {
	t.Helper()
	public := filepath.Join(t.TempDir(), "public")
	if _, err := Build(context.Background(), Settings{Source: source, Destination: public}); err != nil {
		t.Fatal(err)
	}
	lib, err := report.Load(os.DirFS(source), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return lib, func(name string) string {
		html, err := os.ReadFile(filepath.Join(public, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(html)
	}
}

// passage matches a heading or a numbered paragraph in a built page.
var passage = regexp.MustCompile(`<(?:h[2-6]|p class=numbered) id=([^ >]+)>`)

// furniture are the headings that layouts add to pages.
var furniture = []string{"contents", "came-of-it", "asked", "changing", "read-on", "data", "paper", "pages", "statuses"}

// findPassages returns the ids of the passages in a page.
func findPassages(html string) (ids []string) {
	for _, m := range passage.FindAllStringSubmatch(html, -1) {
		if !strings.HasPrefix(m[1], "title-") && !strings.HasPrefix(m[1], "table-") && !slices.Contains(furniture, m[1]) { // which is a record's
			ids = append(ids, m[1])
		}
	}
	return ids
}

// Hugo renders the same passages that package report reads, whatever the Markdown.
func TestPassagesAreRendered(t *testing.T) {
	t.Parallel()
	source := newFullSource(t)
	texts := []string{
		"Words.\n{#1}", "Words.\n{ #1 }", "Words.\n{id=\"1\"}", "Words.\n  {#1}", "Words.  \n{#1}", "Words.\\\n{#1}",
		"[a]: https://example.org/\n\nSee [a].\n{#1}", "[a]: https://example.org/\nSee [a].\n{#1}\n\n## Next\n\nText.",
		"Words.\n{#1}\n\n{{ x }}\n\nMore.\n{#2}\n***\n\nLast.\n{#3}", "Words.\n{#1}\n- a list\n- of it\n\nMore.\n{#2}\n> a quotation", "Words.\n{#1}\n## Heading\nText.\n{#2}",
		"Setext\n------\n\nText.\n{#1}", "Setext {#2}\n---\n\nText.\n{#1}", "## A # b ## {#3} \n\nText.",
		"<!-- a -->\n\nWords.\n{#1}\n\n<!-- b -->\n\nMore.\n{#2}", "- a\n\n  b\n\nWords.\n{#1}", "Words.[^1]\n{#1}\n\n[^1]: One.\n\n    Two.\n\nMore.\n{#2}",
		"| a |\n|---|\n| b |\n{caption=\"c\"}\n\nWords.\n{#1}", "Words.\n| a |\n|---|\n| b |\n{caption=\"c\"}", "Term\n: Meaning\n\nWords.\n{#1}",
		"> a\n\nWords.\n{#1}", "`{9}` and \\{#8} and {9}.\n{#1}", "Words. ![a](/icon.svg \"b\")\n{#1}", "*Words*\n{#1}", "&lt;h2>no heading&lt;/h2>\n{#1}", "## &lt;b> *c* `d`[^1]\n\nText.\n\n[^1]: Note.",
		"Words.\n{#1}\r\n\r\nMore.\r\n{#2}\r\n",
	}
	for i, text := range texts {
		write(t, source, fmt.Sprintf("content/try-%d.md", i), fmt.Sprintf("+++\ntitle = \"Try %d\"\ndescription = \"Try %[1]d.\"\n+++\n\n%s\n", i, text))
	}
	lib, page := makeSite(t, source)
	seen := 0
	for _, p := range lib.Pages {
		if p.Whole || p == lib.Front || p.Layout != "" {
			continue
		}
		var want []string
		for _, h := range p.Passages {
			want = append(want, h.ID)
			seen++
		}
		if got := findPassages(page(p.Target().File())); !slices.Equal(got, want) {
			t.Errorf("%s has the passages %v, and %v are read", p.Path, got, want)
		}
	}
	if seen < 60 {
		t.Errorf("%d passages are compared", seen)
	}
}

// A page with everything is rendered correctly. The page of the whole report has all
// of it, no id twice, and its links to other parts of the report stay on the page.
func TestEverything(t *testing.T) {
	t.Parallel()
	lib, page := makeSite(t, newFullSource(t))
	own, whole := page("2014/markdown/index.html"), page("2014/full.html")
	for _, folder := range []string{
		`<p class=numbered id=6.2><a class=number href=HERE#6.2 title="Link to this paragraph">6.2 </a>Only three`,
		`<p class=numbered id=finding-1><a class=number href=HERE#finding-1 title="Link to this paragraph">1 </a>The next`,
		`<div class=scroll role=group tabindex=0 aria-label="Children with a plan, and children who are looked after: “the two numbers”"><table><caption><span>Children with a plan,`,
		`<th scope=col class=right>2012/13</th>`, `<td class=center>−22 %</td>`, `<thead><tr><td></td><th scope=col class=right>Girls</th>`, `<tr><th scope=row>Under 5</th><td class=right>20</td>`,
		`<figure class=quotation><blockquote><p>Nobody asked me what I wanted. I would have told them.</p><p>They came when it was too late.</p></blockquote><figcaption>— A young woman, 16</figcaption></figure>`,
		`<p>One paragraph alone, with <em>stress</em>.</p></blockquote><figcaption>— The <strong>review</strong> of 2013, <a href=HERE#6.1>paragraph 6.1</a></figcaption>`,
		`<blockquote><p>and a quotation in it</p></blockquote><figcaption>– Its own source</figcaption></figure></blockquote>`,
		`alt="A grey dot alone" width=600 height=300><figcaption>Children who are looked after, from 2010 to 2014</figcaption></figure>`,
		`alt="A dot within it" width=600 height=300></p>`, `alt="A picture in a list" width=600 height=300> in it.</li>`, `alt="A picture in a cell" width=600 height=300></td>`,
		`<dt>Core group</dt><dd>`, `<li>and one in that</li>`, `role=doc-backlink aria-label="Back to the text"`,
	} {
		if want := strings.ReplaceAll(folder, "HERE", "../../2014/markdown/index.html"); !strings.Contains(own, want) {
			t.Errorf("the page has no %s", want)
		}
		if want := strings.ReplaceAll(folder, "HERE", ""); !strings.Contains(whole, want) {
			t.Errorf("the whole report has no %s", want)
		}
	}
	for _, name := range []string{"style=", "{#", "{caption"} {
		if strings.Contains(own+whole, name) {
			t.Errorf("a page has %s", name)
		}
	}
	ids := map[string]bool{}
	for _, m := range idAttribute.FindAllStringSubmatch(whole, -1) {
		if ids[m[1]] {
			t.Errorf("the whole report has the id %s twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, p := range lib.Reports[0].Parts() {
		for _, h := range p.Passages {
			if !ids[h.WholeID] {
				t.Errorf("the whole report has no %s, of %s", h.WholeID, p.Path)
			}
		}
	}
	links := regexp.MustCompile(`href=["']?#([^"' >]+)`).FindAllStringSubmatch(whole, -1)
	for _, m := range links {
		if !ids[m[1]] {
			t.Errorf("a link of the whole report leads to #%s, which it has not", m[1])
		}
	}
	for _, want := range []string{"<a href=#markdown-why>why</a>, <a href=#markdown-introduction>the introduction</a> and <a href=#purpose-why>theirs</a>", "<a href=#3.9>link</a>"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the whole report has no %s", want)
		}
	}
}
