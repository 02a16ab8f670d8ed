package browser

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
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
// nothing on the console and no request beyond the folder. What leads on to another page does.
func TestDisk(t *testing.T) {
	browse(t)
	source := testkit.NewSource(t, project)
	purpose, err := os.ReadFile(filepath.Join(source, "content/2014/purpose.md"))
	if err != nil {
		t.Fatal(err)
	}
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	moved := strings.Replace(string(purpose), "+++\n", "+++\naliases = [\"/2014/older/aims/\"]\n", 1) + "\n![A grey dot](dot.png)\n"
	for name, data := range map[string][]byte{"content/2014/purpose.md": []byte(moved), "content/2014/dot.png": dot.Bytes()} {
		if err := os.WriteFile(filepath.Join(source, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	public := filepath.Join(t.TempDir(), "Annual report, 50% é#1")
	if err := build(site.Settings{Source: source, Destination: public}); err != nil {
		t.Fatal(err)
	}
	pages, err := findPages(public)
	if err != nil {
		t.Fatal(err)
	}
	root := (&url.URL{Scheme: "file", Path: filepath.ToSlash(public)}).String()

	// A place is a page, or one on it: file:///…/index.html and file:///…/index.html#main.
	places, links := map[string]bool{}, map[string]bool{}
	// Some pages lead on to another, which has a part that they do not have.
	leading := map[string]struct{ page, part string }{
		"/2014/older/aims/index.html": {"/2014/purpose/index.html", "main img"},
		"/2014/challenges/index.html": {"/2014/conclusions/index.html", "#challenge-early-help"},
	}
	led := 0
	v := open(t, 1280, "light")
	for _, page := range pages {
		page = fileOf(page)
		v.do(t, chromedp.Navigate(root+page))
		if to, ok := leading[page]; ok {
			arrival := fmt.Sprintf(`new Promise(done => (function look() { location.pathname.endsWith(%q) ? done(true) : setTimeout(look, 50) })())`, to.page)
			if err := chromedp.Do(v, chromedp.WaitVisible(to.part)); err != nil || !eval[bool](t, v, arrival) {
				t.Fatalf("%s does not lead on: %v", page, err)
			}
			led++
		}
		if page == "/2014/purpose/index.html" && !eval[bool](t, v, `document.querySelector("main img").naturalWidth > 0`) {
			t.Error("the picture is not shown")
		}
		for _, place := range eval[[]string](t, v, `document.querySelector("main") === null ? [] : ["", ...[...document.querySelectorAll("[id]")].map(e => "#" + e.id)].map(hash => location.href.split("#")[0] + hash)`) {
			places[place] = true
		}
		for _, link := range eval[[]string](t, v, `[...document.querySelectorAll("a[href]")].map(a => new URL(a.href.baseVal ?? a.href, document.baseURI)).filter(to => to.protocol === "file:").map(to => to.href.split("#")[0] + decodeURIComponent(to.hash))`) {
			links[link] = true
		}
	}
	if led != len(leading) {
		t.Errorf("%d pages lead on, and not %d", led, len(leading))
	}
	if len(links) < 100 {
		t.Errorf("the pages have only %d links", len(links))
	}
	for link := range links {
		if !strings.Contains(link, ".html") { // the feed, data and texts are there as files: the check proves that
			continue
		}
		if !places[link] {
			t.Errorf("%s leads to no page, or to no place on it", strings.TrimPrefix(link, root))
		}
	}
	v.checkConsole(t)
	v.checkRequests(t, func(url string) bool { return strings.HasPrefix(url, root+"/") })
}
