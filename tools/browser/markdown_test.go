package browser

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// A page with all that a report may contain, and the whole report with it, pass
// axe and do not scroll sideways. A table that is wider than a phone scrolls by
// itself, also by the keyboard, and a number is apart from its words.
func TestMarkdown(t *testing.T) {
	browse(t)
	source := testkit.NewSource(t, project)
	text, err := os.ReadFile(filepath.Join(project, "tools/site/testdata/markdown.md"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, source, "content/2014/markdown.md", string(text))
	purpose, err := os.ReadFile(filepath.Join(source, "content/2014/purpose.md"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, source, "content/2014/purpose.md", string(purpose)+"\n## Why {#why}\n\nText.\n")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 600, 300))); err != nil {
		t.Fatal(err)
	}
	write(t, source, "content/2014/chart.png", picture.String())
	pages := publish(t, site.Settings{Source: source})
	for _, page := range []string{"/2014/markdown/", "/2014/full.html"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			v := open(t, 1280, "light")
			v.do(t, chromedp.Navigate(pages.address+page))
			inspect(t, v, "as built")
			for _, width := range []int64{320, 1280} {
				v.become(t, width, "light")
				copied := eval[string](t, v, `getSelection().selectAllChildren(document.getElementById("6.2")); getSelection().toString()`)
				if got := strings.Join(strings.Fields(copied), " "); got != "6.2 Only three had been inspected before." {
					t.Errorf("at %d, a paragraph is copied as %q", width, got)
				}
			}
			if inMargin := eval[bool](t, v, `document.querySelector("#A4 .number").getBoundingClientRect().right === document.querySelector("[id='6.2'] .number").getBoundingClientRect().right`); !inMargin {
				t.Error("a paragraph's number is elsewhere than a heading's")
			}
			v.become(t, 320, "light")
			if !eval[bool](t, v, `window.wide = document.querySelector(".scroll"); wide.focus({preventScroll: false}); wide.scrollWidth > wide.clientWidth && document.activeElement === wide`) {
				t.Fatal("the wide table does not scroll, or cannot have the focus")
			}
			v.do(t, chromedp.KeyEvent(kb.ArrowRight))
			if !eval[bool](t, v, `new Promise(done => { let tries = 0; const look = () => wide.scrollLeft > 0 || tries++ > 60 ? done(wide.scrollLeft > 0) : requestAnimationFrame(look); look() })`) {
				t.Error("the wide table does not scroll by the keyboard")
			}
			if !eval[bool](t, v, `wide.querySelector("caption span").getBoundingClientRect().right <= innerWidth`) {
				t.Error("the caption does not stay where it can be read")
			}
		})
	}
}
