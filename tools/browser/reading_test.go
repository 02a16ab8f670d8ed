package browser

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// prefer sets what the reader has asked their system for.
func prefer(features ...*emulation.MediaFeature) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	})
}

// size sets the window's width and height.
func size(width, height int64) chromedp.Action[chromedp.Void] {
	return chromedp.EmulateViewport(width, height)
}

// On a phone, what this is and the first main message are there before anybody scrolls.
func TestFirstScreen(t *testing.T) {
	v := open(t, 390, "light")
	v.do(t, size(390, 664), chromedp.Navigate(address+"/"))
	for _, selector := range []string{"h1", ".summary > p", "#summary-1"} {
		if bottom := eval[float64](t, v, fmt.Sprintf(`document.querySelector(%q).getBoundingClientRect().bottom`, selector)); bottom > 664 {
			t.Errorf("%s ends at %.0f pixels, below the first screen", selector, bottom)
		}
	}
}

// Lines are 45 to 75 characters long where there is room, counted in those of the text.
func TestLineLength(t *testing.T) {
	for _, width := range []int64{1280, 2560} {
		v := open(t, width, "light")
		v.do(t, chromedp.Navigate(address+"/2014/main-issues/"))
		// The paragraph's characters over its lines: the last line is short, so a long paragraph is measured.
		length := eval[float64](t, v, `(() => {
			const p = [...document.querySelectorAll("main > p")].sort((a, b) => b.textContent.length - a.textContent.length)[0];
			const lines = new Set([...Array(p.childNodes.length).keys()].flatMap(i => {
				const r = document.createRange(); r.selectNode(p.childNodes[i]);
				return [...r.getClientRects()].map(r => Math.round(r.bottom / 10));
			})).size;
			return p.textContent.length / lines;
		})()`)
		if length < 45 || length > 75 {
			t.Errorf("at %d pixels a line has %.0f characters", width, length)
		}
	}
}

// By keyboard: Tab leads to everything that can be followed, in the order of
// the page, and what has the focus is in view and has a ring around it.
func TestTabOrder(t *testing.T) {
	for _, address := range addressesOfPages() {
		t.Run(address.name, func(t *testing.T) {
			v := open(t, address.width, "light")
			v.do(t, chromedp.Navigate(address.url))
			want := eval[int](t, v, `(window.all = [...document.querySelectorAll("a[href]")].filter(a => a.getClientRects().length)).length`)
			if want < 5 {
				t.Fatalf("there are only %d links", want)
			}
			for i := range want {
				v.do(t, chromedp.KeyEvent(kb.Tab))
				wrong := eval[string](t, v, fmt.Sprintf(`(() => {
					const e = document.activeElement, a = all[%d];
					if (e !== a) return "Tab leads to “" + e.textContent + "” and not to “" + a.textContent + "”";
					const r = e.getBoundingClientRect(), s = getComputedStyle(e);
					if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) return "“" + e.textContent + "” is out of view when it has the focus";
					if (s.outlineStyle !== "solid" || parseFloat(s.outlineWidth) < 3) return "“" + e.textContent + "” has no ring when it has the focus";
					return "";
				})()`, i))
				if wrong != "" {
					t.Fatalf("press %d of Tab: %s", i+1, wrong)
				}
			}
		})
	}
}

type visited struct {
	name, url string
	width     int64
}

// addressesOfPages gives every page on a phone, and those that a wide screen
// shows otherwise on that, too.
func addressesOfPages() []visited {
	var all []visited
	for _, page := range pages {
		all = append(all, visited{page + " at 390", address + page, 390})
	}
	for _, page := range []string{"/2014/", "/2014/connections/"} {
		all = append(all, visited{page + " at 1280", address + page, 1280})
	}
	return all
}

// Readers' own settings are respected: text with more space (WCAG 1.4.12) at
// 400 % zoom, colours of the system's, more contrast. And nothing ever moves.
func TestSettings(t *testing.T) {
	for _, page := range pages {
		t.Run(page, func(t *testing.T) {
			v := open(t, 320, "light") // 1280 pixels at 400 %
			v.do(t, chromedp.Navigate(address+page))
			cut := eval[[]string](t, v, `(() => {
				const sheet = new CSSStyleSheet();
				sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
				document.adoptedStyleSheets = [sheet];
				const cut = [...document.querySelectorAll("body *")].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "hidden").map(e => e.outerHTML);
				if (document.documentElement.scrollWidth > innerWidth) cut.push("the page: it scrolls sideways");
				return cut;
			})()`)
			for _, part := range cut {
				t.Errorf("with more space between letters, cut off: %s", part)
			}
			moving := eval[int](t, v, `[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e); return s.animationName !== "none" || s.transitionDuration !== "0s" || s.scrollBehavior === "smooth" }).length`)
			if moving > 0 {
				t.Errorf("%d elements move", moving)
			}

			v.do(t, prefer(&emulation.MediaFeature{Name: "forced-colors", Value: "active"}), chromedp.KeyEvent(kb.Tab))
			if style := eval[string](t, v, `getComputedStyle(document.activeElement).outlineStyle`); style != "solid" {
				t.Errorf("in the system's colours, the focus has a ring of the style %q", style)
			}
			// Drawings keep to the colours that text and what lies behind it have.
			odd := eval[[]string](t, v, `(() => {
				const known = ["none", getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector("main a") ?? document.body).color];
				return [...document.querySelectorAll("svg *")].flatMap(e => { const s = getComputedStyle(e); return [s.fill, s.stroke] }).filter(c => !known.includes(c));
			})()`)
			if len(odd) > 0 {
				t.Errorf("in the system's colours, a drawing has %s", odd[0])
			}

			v.do(t, prefer(&emulation.MediaFeature{Name: "prefers-contrast", Value: "more"}))
			if !eval[bool](t, v, `[...document.querySelectorAll("main p, main dd, main li")].every(e => getComputedStyle(e).color === getComputedStyle(document.body).color)`) {
				t.Error("with more contrast asked for, some text is paler than the rest")
			}
		})
	}
}

// Without its stylesheet, a page reads from top to bottom as it should, and
// nothing on it is out of proportion.
func TestWithoutStylesheet(t *testing.T) {
	for _, page := range pages {
		v := open(t, 1280, "light")
		v.do(t, chromedp.Navigate(address+page))
		first := eval[[]string](t, v, `(() => {
			document.querySelectorAll("style").forEach(e => e.remove());
			const parts = [...document.querySelectorAll("body > a, header, h1, h2, h3, h4, h5, main p, main li, footer")];
			const wrong = parts.filter((e, i) => i && !parts[i - 1].contains(e) && e.getBoundingClientRect().top < parts[i - 1].getBoundingClientRect().top).map(e => e.textContent.slice(0, 60));
			const large = [...document.querySelectorAll("svg")].filter(e => e.getBoundingClientRect().width > 1100).map(e => "a drawing");
			return [...wrong, ...large, ...(parts.length < 8 ? ["too few parts"] : [])];
		})()`)
		for _, text := range first {
			t.Errorf("%s without its stylesheet: out of place: %s", page, text)
		}
	}
}

var (
	pdfPage = regexp.MustCompile(`/Type /Page[^s]`)
	number  = regexp.MustCompile(`^[0-9]+ / [0-9]+$`)
)

// The whole report prints as a paper: tagged, in its language, of a sensible
// number of pages, with its name and a number on each, and no heading left
// alone at a page's foot.
func TestPrint(t *testing.T) {
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(address+"/2014/full.html"))
	headings := eval[[]string](t, v, `[...document.querySelectorAll("main h1, main h2, main h3, main h4, main h5, main dt, figcaption")].map(e => e.innerText.replaceAll("#", "").trim().split(/\s+/).join(" "))`)
	entries := eval[[]string](t, v, `[...document.querySelectorAll("main li")].map(e => e.innerText.trim())`)
	var pdf []byte
	v.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		printed, err := cdp.Call(ctx, tab, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true), GenerateTaggedPDF: new(true)})
		pdf = printed.Data
		return err
	}))
	for _, mark := range []string{"/StructTreeRoot", "/Marked true", "/Lang (en-GB)"} {
		if !bytes.Contains(pdf, []byte(mark)) {
			t.Errorf("the PDF has no %s", mark)
		}
	}
	if n := len(pdfPage.FindAll(pdf, -1)); n < 10 || n > 16 {
		t.Errorf("the report takes %d pages; 13 are expected, or a few more or fewer with other fonts", n)
	}

	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v; install it with apt-get install poppler-utils, or run bash tools/test.sh", err)
	}
	sheets := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	for i, sheet := range sheets {
		var lines []string
		for line := range strings.Lines(sheet) {
			if line = strings.Join(strings.Fields(line), " "); line != "" {
				lines = append(lines, line)
			}
		}
		if len(lines) < 3 {
			t.Errorf("sheet %d is empty", i+1)
			continue
		}
		first, foot, last := lines[0], lines[len(lines)-1], lines[len(lines)-2]
		if first != "Leeds Safeguarding Children Board: annual report 2014" {
			t.Errorf("sheet %d begins with %q and not with the report's name", i+1, first)
		}
		if !number.MatchString(foot) || !strings.HasPrefix(foot, fmt.Sprint(i+1, " /")) {
			t.Errorf("sheet %d ends with %q and not with its number", i+1, foot)
		}
		for _, heading := range headings {
			if heading != "" && (last == heading || len(last) > 10 && strings.HasSuffix(heading, last)) && !slices.Contains(entries, last) {
				t.Errorf("sheet %d has a heading at its foot: %q", i+1, last)
			}
		}
		for _, hidden := range []string{"Skip to the main content", "All pages"} {
			if strings.Contains(sheet, hidden) {
				t.Errorf("sheet %d has %q", i+1, hidden)
			}
		}
	}
	if !strings.Contains(string(text), "news.leeds.gov.uk/news/think-family") {
		t.Error("the address of an update's source is not printed")
	}
}
