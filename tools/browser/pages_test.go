package browser

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// Every page, in a tab of its own, which the tests below go through one after
// the other. Nothing is on the console in all that time, and no request is made
// but for the page and its icon.
func TestPages(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	for _, page := range fixture.pages {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			v := open(t, 1280, "light")
			v.do(t, chromedp.Navigate(fixture.address+page))
			t.Run("sound", func(t *testing.T) { inspect(t, v, "as built") })
			t.Run("settings", func(t *testing.T) { respectSettings(t, v) })
			v.do(t, chromedp.Navigate(fixture.address+page))
			t.Run("skip link", func(t *testing.T) { followSkipLink(t, v) })
			for _, width := range []int64{390, 1280} {
				// A wide screen shows these two otherwise than a phone.
				if width == 390 || page == "/2014/" || page == "/2014/connections/" {
					v.do(t, chromedp.Navigate(fixture.address+page))
					t.Run(fmt.Sprint("tab order at ", width), func(t *testing.T) { walkLinks(t, v, width) })
				}
			}
			t.Run("without its stylesheet", func(t *testing.T) { readWithoutStylesheet(t, v) })

			v.checkConsole(t)
			v.checkRequests(t, func(url string) bool {
				return url == fixture.address+page || url == fixture.address+"/icon.svg" || page == "/404.html" && strings.HasSuffix(url, "/favicon.ico")
			})
		})
	}
}

// The live report passes axe, whatever an editor has made of it.
func TestLiveReport(t *testing.T) {
	browse(t)
	live := publish(t, site.Settings{Source: project})
	for _, page := range live.pages {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			v := open(t, 1280, "light")
			v.do(t, chromedp.Navigate(live.address+page))
			for _, violation := range audit(t, v, allRules, 10) {
				t.Error(violation)
			}
		})
	}
}

// respectSettings sees that readers' own settings are respected: text with more
// space (WCAG 1.4.12) at 400 % zoom, colours of the system's, more contrast. And
// nothing ever moves.
func respectSettings(t *testing.T, v *visit) {
	v.become(t, 320, "light") // 1280 pixels at 400 %
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
}

// The page for an address that does not exist has links if the site knows its address.
// [TestPages] has the one without.
func TestLost(t *testing.T) {
	browse(t)
	source := filepath.Join(t.TempDir(), "source")
	if err := testkit.CopySource(project, source); err != nil {
		t.Fatal(err)
	}
	lost := publish(t, site.Settings{Source: source, BaseURL: "https://www.example.org/reports/"})
	v := open(t, 390, "light")
	v.do(t, chromedp.Navigate(lost.address+"/404.html"))
	inspect(t, v, "with links")
}

// followSkipLink sees that the first press of Tab shows the skip link, which
// leads past the header.
func followSkipLink(t *testing.T, v *visit) {
	v.become(t, 390, "light")
	v.do(t, chromedp.KeyEvent(kb.Tab))
	if text := eval[string](t, v, `document.activeElement.textContent`); text != "Skip to the main content" {
		t.Errorf("Tab leads to %q", text)
	}
	if !eval[bool](t, v, `(() => { const r = document.activeElement.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.top >= 0 })()`) {
		t.Error("the skip link is out of view when it has the focus")
	}
	v.do(t, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if !eval[bool](t, v, `document.activeElement.closest("main, footer") !== null`) {
		t.Error("after the skip link, Tab leads into the header")
	}
}

// walkLinks sees that by keyboard, Tab leads to everything that can be followed or opened,
// in the order of the page, and what has the focus is in view and has a ring
// around it. The page itself looks after each press, when the key comes up.
func walkLinks(t *testing.T, v *visit, width int64) {
	v.become(t, width, "light")
	want := eval[int](t, v, `(() => {
		const all = [...document.querySelectorAll("a[href], button, input, summary")].filter(a => a.checkVisibility() && a.getClientRects().length);
		window.presses = 0;
		window.wrong = "";
		addEventListener("keyup", () => {
			const e = document.activeElement, a = all[presses++];
			if (wrong !== "") return;
			const r = e.getBoundingClientRect(), s = getComputedStyle(e);
			if (e !== a) wrong = "Tab leads to “" + e.textContent + "” and not to “" + a.textContent + "”";
			else if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) wrong = "“" + e.textContent + "” is out of view when it has the focus";
			else if (s.outlineStyle !== "solid" || parseFloat(s.outlineWidth) < 3) wrong = "“" + e.textContent + "” has no ring when it has the focus";
			if (wrong !== "") wrong = "press " + presses + " of Tab: " + wrong;
		});
		return all.length;
	})()`)
	if want < 5 {
		t.Fatalf("there are only %d links", want)
	}
	v.do(t, slices.Repeat([]chromedp.Action[chromedp.Void]{chromedp.KeyEvent(kb.Tab)}, want)...)
	if wrong := eval[string](t, v, `wrong`); wrong != "" {
		t.Error(wrong)
	}
	if presses := eval[int](t, v, `presses`); presses != want {
		t.Errorf("the page saw %d presses of %d", presses, want)
	}
}

// readWithoutStylesheet sees that without its stylesheet, a page reads from top
// to bottom as it should, and nothing on it is out of proportion.
func readWithoutStylesheet(t *testing.T, v *visit) {
	v.become(t, 1280, "light")
	misplaced := eval[[]string](t, v, `(() => {
		document.querySelectorAll("style").forEach(e => e.remove());
		scrollTo(0, 0);
		const parts = [...document.querySelectorAll("body > a, header, h1, h2, h3, h4, h5, main p, main li, footer")].filter(e => e.checkVisibility());
		const wrong = parts.filter((e, i) => i && !parts[i - 1].contains(e) && e.getBoundingClientRect().top < parts[i - 1].getBoundingClientRect().top).map(e => e.textContent.slice(0, 60));
		const large = [...document.querySelectorAll("svg")].filter(e => e.getBoundingClientRect().width > 1100).map(e => "a drawing");
		return [...wrong, ...large, ...(parts.length < 8 ? ["too few parts"] : [])];
	})()`)
	for _, text := range misplaced {
		t.Errorf("out of place: %s", text)
	}
}

// Every link of the summary to an item leads to its page, by its title, and every
// address of an item among others to its element, which is then marked and in view.
func TestSummaryLinks(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 390, "light")
	all := map[string]string{}
	for _, page := range []string{"/", "/2014/"} {
		v.do(t, chromedp.Navigate(fixture.address+page))
		links := eval[[][2]string](t, v, `[...document.querySelectorAll(".asked > li > a")].map(a => [a.href, a.textContent])`)
		if len(links) != 13 {
			t.Errorf("%s has %d links to items, want 13", page, len(links))
		}
		for _, link := range links {
			all[link[0]] = link[1]
		}
	}
	for link, title := range all {
		v.do(t, chromedp.Navigate(link))
		if got := eval[string](t, v, `document.querySelector("h1").textContent`); got != title {
			t.Errorf("%s: the page is of %q, not of %q", link, got, title)
		}
		id := eval[string](t, v, `document.querySelector("article").id`)
		kind, _, _ := strings.Cut(id, "-")
		v.do(t, chromedp.Navigate(fixture.address+"/2014/"+map[string]string{"challenge": "conclusions", "recommendation": "recommendations"}[kind]+"/#"+id))
		if got := eval[string](t, v, `document.querySelector(":target")?.id ?? ""`); got != id {
			t.Errorf("%s: the marked element is %q", id, got)
			continue
		}
		if !eval[bool](t, v, `(() => { const r = document.querySelector(":target").getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight })()`) {
			t.Errorf("%s: the element is not in view", id)
		}
	}
}
