package browser

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// Opened from a disk, in a folder with any name, every link within the site leads to a page, and to its place on it, with
// nothing on the console and no request beyond the folder. So does a page's old address.
func TestDisk(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	if err := testkit.CopySource("../..", source); err != nil {
		t.Fatal(err)
	}
	purpose, err := os.ReadFile("../../content/2014/purpose.md")
	if err != nil {
		t.Fatal(err)
	}
	icon, err := os.ReadFile("../../static/icon.svg")
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.Replace(string(purpose), "+++\n", "+++\naliases = [\"/2014/older/aims/\"]\n", 1) + "\n![A drawing](drawing.svg)\n"
	for name, data := range map[string][]byte{"content/2014/purpose.md": []byte(moved), "content/2014/drawing.svg": icon} {
		if err := os.WriteFile(filepath.Join(source, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	public := filepath.Join(dir, "Annual report, 50% é#1")
	if _, err := site.Build(context.Background(), site.Settings{Source: source, Destination: public}); err != nil {
		t.Fatal(err)
	}
	all, err := addresses(public)
	if err != nil {
		t.Fatal(err)
	}
	root := (&url.URL{Scheme: "file", Path: filepath.ToSlash(public)}).String()

	v := open(t, 1280, "light")
	links := map[string]bool{}
	for _, page := range all {
		if strings.HasSuffix(page, "/") {
			page += "index.html"
		}
		v.do(t, chromedp.Navigate(root+page))
		if page == "/2014/older/aims/index.html" {
			const there = `new Promise(done => (function look() { location.pathname.endsWith("/2014/purpose/index.html") ? done(true) : setTimeout(look, 50) })())`
			if err := chromedp.Do(v, chromedp.WaitVisible("main img")); err != nil || !eval[bool](t, v, there) {
				t.Fatalf("%s does not lead on: %v", page, err)
			}
		}
		if page == "/2014/purpose/index.html" && !eval[bool](t, v, `document.querySelector("main img").naturalWidth > 0`) {
			t.Error("the picture is not shown")
		}
		for _, link := range eval[[]string](t, v, `[...document.querySelectorAll("a[href]")].map(a => a.href.baseVal === undefined ? a.href : new URL(a.href.baseVal, document.baseURI).href).filter(href => href.startsWith("file:"))`) {
			links[link] = true
		}
	}
	if len(links) < 100 {
		t.Errorf("the pages have only %d links", len(links))
	}
	for link := range links {
		if !strings.Contains(link, ".html") { // the feed, data and texts are there as files: the check proves that
			continue
		}
		v.do(t, chromedp.Navigate(link))
		if !eval[bool](t, v, `document.querySelector("main") !== null && (location.hash === "" || document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null)`) {
			t.Errorf("%s leads to no page, or to no place on it", strings.TrimPrefix(link, root))
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, message := range v.console {
		t.Errorf("on the console: %s", message)
	}
	for _, request := range v.requests {
		if !strings.HasPrefix(request, root+"/") {
			t.Errorf("a request for %s", request)
		}
	}
}
