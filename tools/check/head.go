package check

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"

	"annualreport/tools/report"
)

// The head of a page gives the page's own title and description. The rest of it is the
// same on all pages.

// A meta is what a <meta> gives, and under which name.
type meta struct{ key, content string }

// ownMetas are names that each page gives its own content.
var ownMetas = []string{"description", "og:title", "og:description", "og:url", "og:image", "og:image:alt", "og:image:width", "og:image:height", "content-security-policy", "refresh", "generator"}

// takeName records the name and content of a <meta>.
func (r *reader) takeName() {
	for _, key := range []string{"name", "property", "http-equiv", "itemprop", "charset"} {
		if name, ok := r.attr(key); ok {
			content, _ := r.attr("content")
			m := meta{strings.ToLower(string(name)), string(content)}
			if media, ok := r.attr("media"); ok {
				m.key += " " + string(media)
			}
			if key == "charset" {
				m = meta{"charset", strings.ToLower(string(name))}
			}
			r.page.metas = append(r.page.metas, m)
			return
		}
	}
}

// accountForHead checks that the head gives the page's own title and description.
func (r *reader) accountForHead(t *auditor) {
	source, ok := r.places[""].record.(*report.Page)
	if !ok {
		return
	}
	p := r.page
	wrong := func(what string) {
		p.lapses = append(p.lapses, fault{rule: "head", what: what, do: "check layouts/_partials/frame/head.html"})
	}
	values := t.context(&line{scope: -1}, nil)
	if foldStrictly(p.title) != foldStrictly(source.HeadTitle()) {
		wrong(fmt.Sprintf("the title is “%s”, not “%s”", shorten(p.title), shorten(source.HeadTitle())))
	}
	if description := foldStrictly(p.description); p.name != lostPage && (!strings.Contains(description, foldStrictly(source.Description.String())) || !t.reads(description, values)) {
		wrong(fmt.Sprintf("the description is “%s”, which is not the page's own", shorten(p.description)))
	}
	keys := map[string]bool{}
	for _, m := range p.metas {
		if keys[m.key] && m.key != "content-security-policy" { // checked by the rule policy
			wrong("the head gives " + m.key + " twice")
		}
		keys[m.key] = true
		switch {
		case m.key == "og:title" && fold(m.content) != p.title, m.key == "og:description" && fold(m.content) != p.description:
			wrong(fmt.Sprintf("%s is “%s”, which is not the page's own", m.key, shorten(m.content)))
		}
	}
	if !charset.Match(r.html[:min(len(r.html), 1024)]) { // browsers look no further
		wrong("the head does not give the character encoding within the page's first 1,024 bytes")
	}
	r.accountForStyle(t, values)
}

// charset matches a tag that gives the character encoding of a page.
var charset = regexp.MustCompile(`(?i)<meta\s[^>]*charset`)

// printedHead matches the end of the stylesheet of a report's pages: the header of printed
// pages.
var printedHead = regexp.MustCompile(`@page\{@top-left\{content:"([^"]*)"\}\}$`)

// accountForStyle checks that the page has one stylesheet, which may end with the report's
// name.
func (r *reader) accountForStyle(t *auditor, values []map[byte][]value) {
	p := r.page
	if len(p.sheets) != 1 {
		p.lapses = append(p.lapses, fault{rule: "style", what: fmt.Sprintf("the page has %d stylesheets", len(p.sheets)), do: "check that layouts/baseof.html writes one, and nothing else does"})
		return
	}
	if m := printedHead.FindStringSubmatch(p.sheets[0]); m != nil {
		values = append(values, t.values(r.expected.model.matters[r.expected.model.lib.Latest])) // for pages outside reports
		if !t.reads(foldStrictly(m[1]), values) {
			p.lapses = append(p.lapses, fault{rule: "style", what: fmt.Sprintf("“%s” at the head of printed pages is not the report's name", shorten(m[1])), do: "check layouts/_partials/frame/style.html"})
		}
		p.sheets[0] = strings.TrimSuffix(p.sheets[0], m[0])
	}
}

// sheetFile is the stylesheet of all pages, in the source.
const sheetFile = "static/css/report.css"

// checkHeads checks that all pages have the same stylesheet, that of the source, the same
// language and the same metadata, apart from what is their own.
func (c *checker) checkHeads() {
	pages := slices.DeleteFunc(slices.Clone(c.pages), func(p *page) bool {
		return p.broken || p.redirect || c.expected.model.mattersOn(p.name)[""] == nil
	})
	sheets, languages := map[string]int{}, map[string]int{}
	metas, keys := map[meta]int{}, map[string]int{}
	for _, p := range pages {
		languages[p.language]++
		for _, sheet := range p.sheets {
			sheets[sheet]++
		}
		for _, m := range p.metas {
			metas[m]++
			keys[m.key]++
		}
	}
	var usual []meta
	for m, n := range metas {
		if 10*n > 9*len(pages) && !slices.Contains(ownMetas, m.key) {
			usual = append(usual, m)
		}
	}
	sheet := most(sheets)
	if text, err := c.readSource(sheetFile); err == nil {
		if text, err = smallest(text); err == nil {
			sheet = string(text)
		}
	}
	language := most(languages)
	for _, p := range pages {
		add := func(rule, what, do string) {
			place := report.Place{File: c.expected.source(p.name)}
			c.add(place, p.name, rule, what, do)
		}
		if len(p.sheets) == 1 && !c.isSheet(p.sheets[0], sheet) {
			c.add(report.Place{File: sheetFile}, p.name, "style", "the page's stylesheet differs from this one", "build the site again")
		}
		if p.language != language {
			add("head", fmt.Sprintf("the page gives its language as “%s”, other pages as “%s”", p.language, language), "check layouts/baseof.html")
		}
		for _, m := range usual {
			if p.name != lostPage && !slices.Contains(p.metas, m) {
				add("head", fmt.Sprintf("the head does not give %s as “%s”, as other pages do", m.key, shorten(m.content)), "check layouts/_partials/frame/head.html")
			}
		}
		for _, m := range p.metas {
			if 10*keys[m.key] < len(pages) && !slices.Contains(ownMetas, m.key) && !strings.Contains(m.key, ":") {
				add("head", fmt.Sprintf("the head gives %s as “%s”, unlike other pages", m.key, shorten(m.content)), "remove it from the layout")
			}
		}
	}
}

// isSheet reports whether a page's stylesheet is that of all pages, alone or followed by
// another one of the source.
func (c *checker) isSheet(text, sheet string) bool {
	if text == sheet || isSmallest(text, sheet) {
		return true
	}
	rest, ok := strings.CutPrefix(text, sheet)
	if !ok || c.source == nil {
		return ok
	}
	others, _ := fs.Glob(c.source, path.Dir(sheetFile)+"/*.css") // the pattern is valid
	return slices.ContainsFunc(others, func(name string) bool {
		other, err := c.readSource(name)
		return err == nil && name != sheetFile && isSmallest(rest, string(other))
	})
}

// most returns the key with the highest count.
func most[K cmp.Ordered](counts map[K]int) (winner K) {
	for key, n := range counts {
		if n > counts[winner] || n == counts[winner] && key < winner {
			winner = key
		}
	}
	return winner
}

// smallest minifies a stylesheet.
func smallest(sheet []byte) ([]byte, error) {
	m := minify.New()
	m.AddFunc("text/css", css.Minify)
	return m.Bytes("text/css", sheet)
}

// isSmallest reports whether two stylesheets are the same when minified.
func isSmallest(sheet, other string) bool {
	small, err := smallest([]byte(sheet))
	if err != nil {
		return false
	}
	otherSmall, err := smallest([]byte(other))
	return err == nil && string(small) == string(otherSmall)
}
