package browser

import (
	"context"
	_ "embed"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// paint.js gives what readers cannot see of what a page has to show them.
//
//go:embed testdata/paint.js
var paint string

// contrastOf is a script's function: the contrast of two colours, each red, green and
// blue from 0 to 255, as WCAG defines it.
const contrastOf = `((...colours) => {
	const light = colours.map(c => c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)).map(([r, g, b]) => .2126 * r + .7152 * g + .0722 * b);
	return (Math.max(...light) + .05) / (Math.min(...light) + .05);
})`

// listUnpainted is the script that lists what readers cannot see, on screen or on paper.
func listUnpainted(print bool) string { return fmt.Sprintf("(%s)(%s, %t)", paint, contrastOf, print) }

// The stylesheet, which is the same on every page, paints every item, quotation,
// status and helpline, wherever it is read.
func TestPainted(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	for _, page := range []string{"/2014/", "/2014/conclusions/", "/2014/recommendations/think-family/", "/2014/young-people/", "/2014/organisations/", "/progress/", "/organisations/children-and-families-trust-board/"} {
		v.do(t, chromedp.Navigate(fixture.address+page))
		for _, width := range []int64{1280, 320} {
			for _, scheme := range []string{"light", "dark"} {
				v.become(t, width, scheme)
				for _, fault := range eval[[]string](t, v, listUnpainted(false)) {
					t.Errorf("%s at %d pixels, %s: %s", page, width, scheme, fault)
				}
			}
		}
		v.do(t, media("print"))
		for _, fault := range eval[[]string](t, v, listUnpainted(true)) {
			t.Errorf("%s on paper: %s", page, fault)
		}
		v.do(t, media(""))
	}
}

// media has pages shown as on another medium.
func media(kind string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
		return err
	})
}

// What a stylesheet can do to hide or to change something is found.
func TestPaintIsSeen(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 320, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/recommendations/think-family/"))
	harmless := []string{"article { margin-top: 5px }", "blockquote { color: #111 }", ".status::after { content: \" ›\" }"}
	for i, css := range append(harmless,
		"blockquote { display: none }",
		"blockquote { visibility: hidden }",
		"blockquote { opacity: .3 }",
		"article { opacity: 0 }",
		"article { filter: blur(9px) }",
		"article { clip-path: inset(50%) }",
		"blockquote { height: 1px; overflow: hidden }",
		"blockquote { font-size: 3px }",
		"blockquote { color: #ddd }",
		"blockquote { color: transparent }",
		"blockquote { -webkit-text-fill-color: transparent }",
		"blockquote { text-indent: -999px; white-space: nowrap }",
		"#help { position: absolute; left: -9999px }",
		"#help { position: absolute; top: -9999px }",
		"#help { transform: scale(0) }",
		"#help [href^=tel] { font-size: 0 }",
		"#help { text-decoration: line-through } #help a { text-decoration: line-through }",
		"body::after { content: \"\"; position: fixed; inset: 0; background: #fff }",
		".status::after { content: \"Completed\" }",
		".request { background: #14212a }",
	) {
		faults := eval[[]string](t, v, fmt.Sprintf(`(() => { const s = new CSSStyleSheet(); s.replaceSync(%q); document.adoptedStyleSheets = [s]; const faults = %s; return faults })()`, css, listUnpainted(false)))
		if faulty := len(faults) > 0; faulty != (i >= len(harmless)) {
			t.Errorf("%s: found is %t %q", css, faulty, faults)
		}
	}
}
