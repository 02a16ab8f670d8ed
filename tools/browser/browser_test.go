// Package browser tests the built site in a real Chromium, as people meet it:
// on a phone and on a wide screen, in light and dark, by mouse and by keyboard.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// below is a path, since a council's site seldom gives a report its root.
const below = "/safeguarding/report"

var (
	browser context.Context // a running Chromium
	pages   []string        // the address of every page, below the place that the tests put the site at
	address string          // where the site is served, without a slash at its end
	axe     string          // axe-core's source
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// run makes the site, serves it, starts Chromium and runs the tests.
func run(m *testing.M) (int, error) {
	source, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		return 0, fmt.Errorf("axe-core is not installed; run npm ci in tools, or bash tools/test.sh: %w", err)
	}
	axe = string(source)

	dir, err := os.MkdirTemp("", "browser-test-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	public := filepath.Join(dir, "public")
	args := os.Args
	os.Args = args[:1] // by -test in its arguments, Hugo knows a test, and does not look at the environment
	_, err = site.Build(context.Background(), site.Settings{Source: "../..", Destination: public})
	os.Args = args
	if err != nil {
		return 0, err
	}
	if pages, err = addresses(public); err != nil {
		return 0, err
	}
	server := httptest.NewServer(http.StripPrefix(below, http.FileServer(http.Dir(public))))
	defer server.Close()
	address = server.URL + below

	var stop func()
	if browser, stop, err = testkit.StartChromium(filepath.Join(dir, "profile")); err != nil {
		return 0, err
	}
	defer stop()
	return m.Run(), nil
}

// addresses gives the address of every page in public: /2014/ for 2014/index.html.
func addresses(public string) ([]string, error) {
	var all []string
	err := fs.WalkDir(os.DirFS(public), ".", func(name string, entry fs.DirEntry, err error) error {
		if path.Ext(name) == ".html" {
			all = append(all, "/"+strings.TrimSuffix(name, "index.html"))
		}
		return err
	})
	return all, err
}

// A visit is a tab that keeps what went on in it.
type visit struct {
	context.Context
	mu       sync.Mutex
	requests []string // addresses asked for
	console  []string // messages, errors and exceptions
}

// open opens a tab of the given width in the given colour scheme.
func open(t *testing.T, width int64, scheme string) *visit {
	t.Helper()
	v := &visit{}
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithListener(func(event any) {
		v.mu.Lock()
		defer v.mu.Unlock()
		switch event := event.(type) {
		case *network.EventRequestWillBeSent:
			v.requests = append(v.requests, event.Request.URL)
		case *runtime.EventConsoleAPICalled:
			v.console = append(v.console, fmt.Sprintf("%s: %+v", event.Type, event.Args))
		case *runtime.EventExceptionThrown:
			v.console = append(v.console, event.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			v.console = append(v.console, event.Entry.Text)
		}
	}))
	if err := chromedp.Do(tab); err != nil { // a tab lives as long as the context that it is first used with
		t.Fatal(err)
	}
	timed, cancel := context.WithTimeout(tab, 2*time.Minute)
	t.Cleanup(func() { cancel(); closeTab() })
	v.Context = timed
	v.do(t, chromedp.EmulateViewport(width, 800), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
	return v
}

func (v *visit) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(v, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval runs a script in the page and gives its value.
func eval[T any](t *testing.T, v *visit, script string) T {
	t.Helper()
	value, err := chromedp.Run(v, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Every page, on a phone and on a wide screen, in light and dark: no fault that
// axe knows of, nothing wider than the screen, nothing on the console, and no
// request but for the page and its icon.
func TestPages(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 1280} {
			for _, page := range pages {
				t.Run(fmt.Sprintf("%s%s at %d", scheme, page, width), func(t *testing.T) {
					v := open(t, width, scheme)
					v.do(t, chromedp.Navigate(address+page))
					if wide := eval[int64](t, v, `document.documentElement.scrollWidth`); wide > width {
						t.Errorf("it is %d pixels wide and scrolls sideways", wide)
					}
					for _, violation := range violations(t, v) {
						t.Error(violation)
					}
					v.mu.Lock()
					defer v.mu.Unlock()
					for _, message := range v.console {
						t.Errorf("on the console: %s", message)
					}
					for _, url := range v.requests {
						if url != address+page && url != address+"/icon.svg" {
							t.Errorf("a request for %s", url)
						}
					}
				})
			}
		}
	}
}

// violations runs axe with the rules of WCAG 2.2 at all levels and its best practices.
func violations(t *testing.T, v *visit) []string {
	t.Helper()
	v.do(t, chromedp.Evaluate[chromedp.Void](axe))
	result := eval[string](t, v, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => JSON.stringify({passes: r.passes.length, violations: r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.failureSummary + " " + n.html))}))`)
	var found struct {
		Passes     int
		Violations []string
	}
	if err := json.Unmarshal([]byte(result), &found); err != nil || found.Passes < 10 {
		t.Fatalf("axe tested only %d rules: %v", found.Passes, err)
	}
	return found.Violations
}

// Every link of the summary to an item leads to its element, which is then
// marked and in view.
func TestSummaryLinks(t *testing.T) {
	for _, page := range []string{"/", "/2014/"} {
		v := open(t, 390, "light")
		v.do(t, chromedp.Navigate(address+page))
		links := eval[[]string](t, v, `[...document.querySelectorAll("main .items a")].map(a => a.href)`)
		if len(links) != 13 {
			t.Errorf("%s has %d links to items, want 13", page, len(links))
		}
		for _, link := range links {
			v.do(t, chromedp.Navigate(link))
			_, id, _ := strings.Cut(link, "#")
			if got := eval[string](t, v, `document.querySelector(":target")?.id ?? ""`); got != id {
				t.Errorf("%s: the marked element is %q", link, got)
				continue
			}
			if !eval[bool](t, v, `(() => { const r = document.querySelector(":target").getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight })()`) {
				t.Errorf("%s: the element is not in view", link)
			}
		}
	}
}

// The first press of Tab shows the skip link, which leads past the header.
func TestSkipLink(t *testing.T) {
	for _, page := range pages {
		v := open(t, 390, "light")
		v.do(t, chromedp.Navigate(address+page), chromedp.KeyEvent(kb.Tab))
		if text := eval[string](t, v, `document.activeElement.textContent`); text != "Skip to the main content" {
			t.Errorf("%s: Tab leads to %q", page, text)
		}
		if !eval[bool](t, v, `(() => { const r = document.activeElement.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.top >= 0 })()`) {
			t.Errorf("%s: the skip link is out of view when it has the focus", page)
		}
		v.do(t, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
		if !eval[bool](t, v, `document.activeElement.closest("main, footer") !== null`) {
			t.Errorf("%s: after the skip link, Tab leads into the header", page)
		}
	}
}
