package browser

import (
	"context"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// results gives what the search page lists: each result's title, the line below it and where it leads.
const results = `[...document.querySelectorAll("#results li")].map(li => [li.querySelector("a").textContent, li.querySelector("span").textContent, li.querySelector("a").getAttribute("href")])`

// announced waits until the screen reader has been told how much was found, and gives that.
const announced = `new Promise(done => setTimeout(() => done(document.querySelector("[role=status]").textContent), 400))`

// ask types words into the search field, in place of those that are in it.
func (v *visit) ask(t *testing.T, words string) [][]string {
	t.Helper()
	v.do(t, chromedp.Focus("#words"), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(words))
	return eval[[][]string](t, v, results)
}

// The search finds words by how they begin, titles and numbers first, wherever the site is.
func TestSearch(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	for name, root := range map[string]string{"served": fixture.address, "on a disk": (&url.URL{Scheme: "file", Path: filepath.ToSlash(fixture.folder)}).String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := open(t, 390, "light")
			v.do(t, chromedp.Navigate(root+"/search/index.html"))
			for _, trial := range []struct{ words, title, name, leads string }{
				{"3.9", "Child protection plans", "Paragraph 3.9, Annual report 2014", "../2014/main-issues/index.html#3.9"},
				{"SECTION 11", "section 11", "What it means", "../glossary/index.html#term-section-11"},
				{"sexual expl", "Sexual exploitation", "Paragraph 3.11, Annual report 2014", "../2014/main-issues/index.html#3.11"},
				{"recommendation 2", "Make bereavement services more available and easier to use", "Recommendation 2, Annual report 2014", "../2014/recommendations/bereavement/index.html"},
				{"C&YP", "children and young people", "What it means", "../glossary/index.html#term-children-and-young-people"},
				{"trust board children", "Children and Families Trust Board", "What it is", "../organisations/children-and-families-trust-board/index.html"},
			} {
				results := v.ask(t, trial.words)
				if len(results) == 0 || results[0][0] != trial.title || results[0][1] != trial.name || results[0][2] != trial.leads {
					t.Errorf("%q finds first %q, want %q", trial.words, slices.Concat(results...), trial)
				}
			}
			if marked := eval[string](t, v, `(document.querySelector("#words").value = "compliance part", document.querySelector("#words").dispatchEvent(new Event("input")), [...document.querySelectorAll("#results p mark")].map(e => e.textContent).join(" "))`); !strings.HasPrefix(marked, "compliance") {
				t.Errorf("in what was found, %q is marked", marked)
			}
			if results := v.ask(t, "ompliance"); len(results) > 0 {
				t.Errorf("the end of a word finds %q", results)
			}
			if text := eval[string](t, v, announced); text != "Nothing found. Try fewer letters or another word." {
				t.Errorf("a screen reader hears %q", text)
			}
			v.ask(t, "coordination")
			if text := eval[string](t, v, announced); text != "1 result" {
				t.Errorf("a screen reader hears %q", text)
			}
			v.ask(t, "bereav")
			if text := eval[string](t, v, announced); !strings.HasSuffix(text, " results") {
				t.Errorf("a screen reader hears %q", text)
			}
			v.ask(t, "c")
			wait(t, v, "no more results are shown than the page says", `document.querySelectorAll("#results > li").length === 50`)
			if text := eval[string](t, v, announced); !strings.Contains(text, "50") {
				t.Errorf("a screen reader hears %q", text)
			}
			v.ask(t, "bereav")
			shared := eval[string](t, v, `location.href`)
			if !strings.HasSuffix(shared, "/search/index.html#q=bereav") && !strings.HasSuffix(shared, "/search/#q=bereav") {
				t.Errorf("the address to share is %s", shared)
			}
			inspect(t, v, "with results")
			want := eval[[][]string](t, v, results)
			v.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(shared))
			if got := eval[[][]string](t, v, results); !slices.EqualFunc(got, want, slices.Equal) {
				t.Errorf("the shared search finds %q, not %q", got, want)
			}
			v.do(t, chromedp.Focus("#words"), chromedp.KeyEvent(kb.Escape))
			if !eval[bool](t, v, `document.querySelector("#words").value === "" && !location.hash && document.querySelector("#results").hidden && !document.querySelector("#letters").hidden`) {
				t.Error("Escape does not clear the search")
			}
			v.ask(t, "early help")
			v.do(t, chromedp.Click("#results a"))
			wait(t, v, "a result leads to its page", `!location.pathname.includes("/search/")`)
			v.checkConsole(t)
		})
	}
}

// Without scripts, the search page is the index from A to Z.
func TestSearchWithoutScripts(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 320, "light")
	scripts := func(off bool) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
			return err
		})
	}
	v.do(t, scripts(true), chromedp.Navigate(fixture.address+"/search/"))
	defer func() { v.do(t, scripts(false)) }()
	if eval[bool](t, v, `document.querySelector("#find").checkVisibility()`) {
		t.Error("there is a field that does nothing")
	}
	lines := eval[[]string](t, v, `[...document.querySelectorAll("#letter-s + ul > li")].filter(e => e.checkVisibility()).map(e => e.textContent.replaceAll(/\s+/g, " ").trim())`)
	if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "section 11 What it means, Paragraph 3.7") }) {
		t.Errorf("under S, there is %q", lines)
	}
}

// Of two reports and a processor that is four times slower, the first results are
// there soon. How soon is reported; what else this computer does may not fail the
// test.
func TestSearchIsQuick(t *testing.T) {
	browse(t)
	source := filepath.Join(t.TempDir(), "source")
	if err := testkit.Copy(project, source, testkit.Second); err != nil {
		t.Fatal(err)
	}
	site := publish(t, site.Settings{Source: source})
	v := open(t, 390, "light")
	slow := func(times float64) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
			return err
		})
	}
	v.do(t, slow(4), chromedp.Navigate(site.address+"/search/#q=early"))
	defer func() { v.do(t, slow(1)) }()
	ready := eval[float64](t, v, `new Promise(done => (function look() { document.querySelector("#results li") ? done(performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd) : setTimeout(look, 5) })())`)
	arrived := eval[float64](t, v, `performance.getEntriesByType("navigation")[0].responseEnd`)
	script := eval[float64](t, v, `(() => { const from = performance.now(); new Function([...document.scripts].find(e => !e.type).text)(); return performance.now() - from })()`)
	typed := eval[float64](t, v, `(() => { const from = performance.now(), e = document.querySelector("#words"); e.value = "ch"; e.dispatchEvent(new Event("input")); document.body.getBoundingClientRect(); return performance.now() - from })()`)
	t.Logf("first results %.0f ms after the page has arrived, of which its script takes %.0f; %.0f ms after a key", ready-arrived, script, typed)
	found := eval[[][]string](t, v, results)
	if len(found) == 0 || !slices.ContainsFunc(found, func(f []string) bool { return strings.Contains(f[1], "2015") }) || !slices.ContainsFunc(found, func(f []string) bool { return strings.Contains(f[1], "2014") }) {
		t.Errorf("it finds %q", found)
	}
}
