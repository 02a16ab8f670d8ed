package browser

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"annualreport/tools/check"
	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// An edited is a copy of the source, in a preview.
type edited struct {
	folder  string
	port    int
	address string
}

func newEdited(t *testing.T) edited {
	t.Helper()
	folder := t.TempDir()
	if err := testkit.CopySource("../..", folder); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return edited{folder, l.Addr().(*net.TCPAddr).Port, "http://" + l.Addr().String()}
}

// serve starts the preview and gives what ends it.
func (e edited) serve(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	preview := site.Preview{Source: e.folder, Port: e.port,
		Make: func(ctx context.Context, folder string) (check.Proof, error) {
			return site.Make(ctx, site.Settings{Source: e.folder, Destination: folder})
		},
		Ready: func(string) { close(ready) },
		Told:  func(error) {},
	}
	go func() { ended <- preview.Serve(ctx) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ended <- nil // it may be stopped again
	}
	t.Cleanup(stop)
	return stop
}

// edit replaces the first old in a file, which must have it.
func (e edited) edit(t *testing.T, file, old, text string) {
	t.Helper()
	name := filepath.Join(e.folder, file)
	data, err := os.ReadFile(name)
	if err != nil || !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s has no %q: %v", file, old, err)
	}
	if err := os.WriteFile(name, bytes.Replace(data, []byte(old), []byte(text), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

// wait waits until a script gives true, which may take the page being loaded again.
func wait(t *testing.T, v *visit, what, script string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok, err := chromedp.Run(v, chromedp.Evaluate[bool](script)); err == nil && ok {
			return
		}
	}
	t.Fatalf("not within ten seconds: %s", what)
}

const (
	problems  = `document.querySelectorAll("#preview details[open] li").length`
	wholePage = `document.querySelector("footer") !== null && `
)

// Someone who only looks at the browser sees what is wrong as soon as it is
// saved, and sees it go when it is mended.
func TestPreview(t *testing.T) {
	e := newEdited(t)
	stop := e.serve(t)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 1280} {
			v := open(t, width, scheme)
			v.do(t, chromedp.Navigate(e.address+"/2014/recommendations/"))
			wait(t, v, "a good page has no list of problems", wholePage+problems+` === 0`)
			sound := func(when string) {
				t.Helper()
				for _, violation := range violations(t, v) {
					t.Errorf("%s at %d, %s: %s", scheme, width, when, violation)
				}
				if wide := eval[int64](t, v, `document.documentElement.scrollWidth`); wide > width {
					t.Errorf("%s at %d, %s: it is %d pixels wide and scrolls sideways", scheme, width, when, wide)
				}
			}
			sound("a good page")

			// The reader is far down the page when it goes wrong.
			v.do(t, chromedp.Evaluate[chromedp.Void](`scrollTo(0, document.body.scrollHeight)`))
			e.edit(t, "data/2014/recommendations.toml", `title = "Put`, `titel = "Put`)
			wait(t, v, "the problem is listed", problems+` === 1`)
			if text := eval[string](t, v, `document.querySelector("#preview li").textContent`); !strings.HasPrefix(text, "data/2014/recommendations.toml:") || !strings.HasSuffix(text, ": [unknown-field] “titel” is not a field of a recommendation; did you mean title?") {
				t.Errorf("it says %q", text)
			}
			if !eval[bool](t, v, `(() => { const r = document.querySelector("#preview details").getBoundingClientRect(); return r.top >= 0 && r.height > 0 && r.bottom <= innerHeight * .6 })()`) {
				t.Errorf("%s at %d: the list is out of view, or in the way", scheme, width)
			}
			sound("a page with a problem")

			// It can be closed and stays so, by keyboard too.
			v.do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("#preview summary").focus()`), chromedp.KeyEvent(kb.Enter))
			wait(t, v, "the list is closed", problems+` === 0`)
			sound("a closed list")
			v.do(t, chromedp.Reload())
			wait(t, v, "the list is there, and closed", wholePage+`document.querySelector("#preview details:not([open])") !== null`)

			// Another problem opens it again. That the page is from before is said.
			e.edit(t, "content/2014/purpose.md", `+++`, `++`)
			wait(t, v, "both problems are listed", problems+` === 2`)
			e.edit(t, "content/2014/purpose.md", `++`, `+++`)
			e.edit(t, "data/2014/recommendations.toml", `titel = "Put`, `title = "Put`)
			wait(t, v, "nothing is listed any more", wholePage+`document.querySelector("#preview details") === null`)

			// A change is seen without a key being pressed.
			e.edit(t, "data/2014/recommendations.toml", `title = "Put`, `title = "Put all of`)
			wait(t, v, "the page has the change", wholePage+`document.body.textContent.includes("Put all of")`)
			e.edit(t, "data/2014/recommendations.toml", `title = "Put all of`, `title = "Put`)
			wait(t, v, "the page has it no more", wholePage+`!document.body.textContent.includes("Put all of")`)

			v.mu.Lock()
			for _, message := range v.console {
				t.Errorf("%s at %d: on the console: %s", scheme, width, message)
			}
			v.mu.Unlock()
		}
	}

	// That the preview has stopped is said, and it goes on when it is started again.
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(e.address+"/2014/recommendations/"))
	wait(t, v, "the page is there", wholePage+`true`)
	stop()
	const told = `document.querySelector("#preview-stopped").innerText.includes("The preview has stopped")`
	wait(t, v, "it says that the preview has stopped", told)
	for _, violation := range violations(t, v) {
		t.Errorf("a stopped preview: %s", violation)
	}
	e.edit(t, "data/2014/recommendations.toml", `title = "Put`, `title = "Put all of`)
	e.serve(t)
	wait(t, v, "the page goes on", wholePage+`!`+told+` && document.body.textContent.includes("Put all of")`)
}

// A preview that never had a good page shows one with what is wrong.
func TestPreviewWithoutPages(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		e := newEdited(t)
		e.edit(t, "config.toml", `relativeURLs = true`, `relativeURLs = tru`)
		e.serve(t)
		v := open(t, 320, scheme)
		v.do(t, chromedp.Navigate(e.address+"/2014/"))
		wait(t, v, "the problem is listed", problems+` === 1`)
		for _, violation := range violations(t, v) {
			t.Errorf("%s: %s", scheme, violation)
		}
		e.edit(t, "config.toml", `relativeURLs = tru`, `relativeURLs = true`)
		wait(t, v, "the page comes", wholePage+`document.querySelector("#preview details") === null`)
	}
}
