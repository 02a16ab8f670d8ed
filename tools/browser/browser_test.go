// Package browser tests built sites in a real Chromium, as people meet them:
// on a phone and on a wide screen, in light and dark, by mouse and by keyboard.
//
// The pages are those of the tests' own report, see testkit; of the live one,
// TestLiveReport sees that it passes axe. All tests share one Chromium, and run
// side by side in a few tabs of it; without a browser, with -short, one is left.
package browser

import (
	"bytes"
	"context"
	"errors"
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

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

const (
	project = "../.." // the project's folder

	// sitePath is a path, since a council's site seldom gives a report its root.
	sitePath = "/safeguarding/report"
)

var (
	room     string   // a folder for what the tests share
	cleanups []func() // what ends it, the last first

	// What the tests share is made when one first needs it.
	chromium = sync.OnceValues(startChromium)
	fixture  = sync.OnceValues(makeFixture)
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if room, err = os.MkdirTemp("", "browser-test-"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(room)
	defer func() {
		for i := len(cleanups) - 1; i >= 0; i-- {
			cleanups[i]()
		}
	}()
	return m.Run(), nil
}

// sharing guards cleanups.
var sharing sync.Mutex

// atEnd has f called when all tests are done.
func atEnd(f func()) {
	sharing.Lock()
	defer sharing.Unlock()
	cleanups = append(cleanups, f)
}

// blank serves a page that has nothing on it.
var blank *httptest.Server

func startChromium() (context.Context, error) {
	blank = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "<!doctype html><title>Blank</title><link rel=icon href=data:,>")
	}))
	atEnd(blank.Close)
	browser, stop, err := testkit.StartChromium(filepath.Join(room, "profile"))
	if err == nil {
		atEnd(stop)
	}
	return browser, err
}

// makeFixture makes and serves the site of the tests' own report.
func makeFixture() (website, error) {
	source, public := filepath.Join(room, "source"), filepath.Join(room, "public")
	if err := testkit.CopySource(project, source); err != nil {
		return website{}, err
	}
	if err := build(site.Settings{Source: source, Destination: public}); err != nil {
		return website{}, err
	}
	w, stop, err := serve(public, sitePath)
	atEnd(stop)
	return w, err
}

// builds are made one at a time: one keeps all cores busy.
var builds sync.Mutex

// build makes a site as the command does.
func build(s site.Settings) error {
	builds.Lock()
	defer builds.Unlock()
	_, err := site.Build(context.Background(), s)
	return err
}

// A website is a built site that is served.
type website struct {
	folder  string   // that it is published in
	address string   // without a slash at its end
	pages   []string // the address below that of every page which stays where it is: /2014/ for 2014/index.html
}

// serve serves the site in a folder, below a path, until stop is called.
func serve(folder, path string) (w website, stop func(), err error) {
	server := httptest.NewServer(withIcon(http.StripPrefix(path, http.FileServer(http.Dir(folder)))))
	w = website{folder: folder, address: server.URL + path}
	pages, err := findPages(folder)
	for _, page := range pages {
		text, readErr := os.ReadFile(filepath.Join(folder, filepath.FromSlash(fileOf(page))))
		if err = errors.Join(err, readErr); !bytes.Contains(text, []byte("http-equiv=refresh")) {
			w.pages = append(w.pages, page)
		}
	}
	return w, server.Close, err
}

// fileOf gives the file of a page by its address.
func fileOf(page string) string {
	if strings.HasSuffix(page, "/") {
		page += "index.html"
	}
	return page
}

// withIcon answers a browser's own request for an icon, which it makes, or not,
// of a page that names none: that is no fault of 404.html.
func withIcon(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// publish makes a site and serves it for the time of a test.
func publish(t *testing.T, s site.Settings) website {
	t.Helper()
	s.Destination = filepath.Join(t.TempDir(), "public")
	if err := build(s); err != nil {
		t.Fatal(err)
	}
	w, stop, err := serve(s.Destination, "")
	t.Cleanup(stop)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// findPages gives the address of every page in a folder.
func findPages(public string) ([]string, error) {
	var all []string
	err := fs.WalkDir(os.DirFS(public), ".", func(name string, entry fs.DirEntry, err error) error {
		if path.Ext(name) == ".html" {
			all = append(all, "/"+strings.TrimSuffix(name, "index.html"))
		}
		return err
	})
	if err == nil && len(all) == 0 {
		err = errors.New(public + " has no pages")
	}
	return all, err
}

// browse says of a test that it needs a browser, and has it run beside others.
func browse(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs a browser")
	}
	t.Parallel()
}

// fixtureSite gives the site of the tests' own report.
func fixtureSite(t *testing.T) website {
	t.Helper()
	w, err := fixture()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// slots has room for as many tabs as may be in use at a time. More are no faster
// on two cores, and each takes longer to do what it is waited for.
var slots = make(chan struct{}, 4)

// spare are the tabs that tests have done with. One that has shown a page shows
// another in a quarter of the time that a new one takes.
var spare = make(chan *visit, cap(slots))

// A visit is a tab, for the time of a test, that keeps what went on in it.
type visit struct {
	context.Context
	width    int64
	scheme   string // light or dark
	mu       sync.Mutex
	requests []string // addresses asked for
	console  []string // messages, errors and exceptions
	tab      context.Context
}

// open gives a tab of the given width in the given colour scheme for the time
// of a test, as soon as there is room for one.
func open(t *testing.T, width int64, scheme string) *visit {
	t.Helper()
	slots <- struct{}{}
	t.Cleanup(func() { <-slots })
	var v *visit
	select {
	case v = <-spare:
	default:
		v = newTab(t)
	}
	timed, cancel := context.WithTimeout(v.tab, 2*time.Minute)
	t.Cleanup(func() { cancel(); spare <- v })
	v.Context = timed
	// What the last page does is over when this one is there. It is of the same
	// site, so that the browser starts no process for it.
	v.do(t, chromedp.Navigate(blank.URL))
	v.mu.Lock()
	v.requests, v.console = nil, nil
	v.mu.Unlock()
	v.become(t, width, scheme)
	return v
}

// newTab opens a tab, behind those that are open: what shows in front is painted
// again with each press of a key, for nobody to see.
func newTab(t *testing.T) *visit {
	t.Helper()
	browser, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{}
	var closeTab func()
	v.tab, closeTab = chromedp.NewContext(browser, chromedp.WithListener(v.take), chromedp.WithNewWindow(false))
	if err := chromedp.Do(v.tab, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		// To its page, it is the one in front.
		_, err := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	atEnd(closeTab)
	return v
}

// take keeps an event of the tab.
func (v *visit) take(event any) {
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
}

// checkConsole sees that nothing has been on the console.
func (v *visit) checkConsole(t *testing.T) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, message := range v.console {
		t.Errorf("on the console: %s", message)
	}
}

// checkRequests sees that nothing has been asked for but what is allowed.
func (v *visit) checkRequests(t *testing.T, allowed func(url string) bool) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, url := range v.requests {
		if !allowed(url) {
			t.Errorf("a request for %s", url)
		}
	}
}

// become gives the tab a width and its reader a colour scheme.
func (v *visit) become(t *testing.T, width int64, scheme string) {
	t.Helper()
	v.width, v.scheme = width, scheme
	v.do(t, size(width, 800), prefer(&emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme}))
}

// size sets the window's width and height.
func size(width, height int64) chromedp.Action[chromedp.Void] {
	return chromedp.EmulateViewport(width, height)
}

// prefer sets what the reader has asked their system for.
func prefer(features ...*emulation.MediaFeature) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	})
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
