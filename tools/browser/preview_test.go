package browser

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

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
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return edited{testkit.NewSource(t, project), l.Addr().(*net.TCPAddr).Port, "http://" + l.Addr().String()}
}

// command gives the program that an editor runs.
var command = sync.OnceValues(func() (string, error) {
	program := filepath.Join(room, "annual-report")
	if output, err := exec.Command("go", "build", "-o", program, "annualreport/tools").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return program, nil
})

// serve starts the preview and gives what ends it, as with Ctrl-C: it must end well.
func (e edited) serve(t *testing.T) (stop func()) {
	t.Helper()
	program, err := command()
	if err != nil {
		t.Fatal(err)
	}
	preview := exec.Command(program, "serve", "--source", e.folder, "--port", strconv.Itoa(e.port))
	var output bytes.Buffer
	preview.Stderr = &output
	if err := preview.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		preview.Process.Signal(os.Interrupt) // if that fails, it has ended
		if err := preview.Wait(); err != nil {
			t.Errorf("the preview ends with %v: %s", err, output.String())
		}
	})
	t.Cleanup(stop)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(e.address, "http://"))
		if err == nil {
			conn.Close()
			return stop
		}
		if time.Now().After(end) {
			t.Fatalf("the preview does not answer: %v", err)
		}
	}
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
// saved, and sees it go when it is mended: here in two tabs, on a phone and on a
// wide screen.
func TestPreview(t *testing.T) {
	browse(t)
	e := newEdited(t)
	stop := e.serve(t)
	phone, desk := open(t, 320, "light"), open(t, 1280, "dark")
	both := []*visit{phone, desk}
	see := func(what, script string) {
		t.Helper()
		for _, v := range both {
			wait(t, v, what, script)
		}
	}
	for _, v := range both {
		v.do(t, chromedp.Navigate(e.address+"/2014/recommendations/"))
	}
	see("a good page has no list of problems", wholePage+problems+` === 0`)
	inspect(t, phone, "a good page")

	// The reader is far down the page when it goes wrong.
	for _, v := range both {
		v.do(t, chromedp.Evaluate[chromedp.Void](`scrollTo(0, document.body.scrollHeight)`))
	}
	e.edit(t, "data/2014/recommendations.toml", `title = "Put`, `titel = "Put`)
	see("the problem is listed", problems+` === 1`)
	for _, v := range both {
		if text := eval[string](t, v, `document.querySelector("#preview li").textContent`); !strings.HasPrefix(text, "data/2014/recommendations.toml:") || !strings.HasSuffix(text, ": [unknown-field] “titel” is not a field of a recommendation; did you mean title?") {
			t.Errorf("it says %q", text)
		}
		if !eval[bool](t, v, `(() => { const r = document.querySelector("#preview details").getBoundingClientRect(); return r.top >= 0 && r.height > 0 && r.bottom <= innerHeight * .6 })()`) {
			t.Errorf("%s at %d: the list is out of view, or in the way", v.scheme, v.width)
		}
	}
	inspect(t, phone, "a page with a problem")

	// It can be closed and stays so, by keyboard too.
	for _, v := range both {
		v.do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("#preview summary").focus()`), chromedp.KeyEvent(kb.Enter))
	}
	see("the list is closed", problems+` === 0`)
	inspect(t, phone, "a closed list")
	for _, v := range both {
		v.do(t, chromedp.Reload())
	}
	see("the list is there, and closed", wholePage+`document.querySelector("#preview details:not([open])") !== null`)

	// Another problem opens it again. That the page is from before is said.
	e.edit(t, "content/2014/purpose.md", `+++`, `++`)
	see("both problems are listed", problems+` === 2`)
	e.edit(t, "content/2014/purpose.md", `++`, `+++`)
	e.edit(t, "data/2014/recommendations.toml", `titel = "Put`, `title = "Put`)
	see("nothing is listed any more", wholePage+`document.querySelector("#preview details") === null`)

	// A change is seen without a key being pressed.
	e.edit(t, "data/2014/recommendations.toml", `title = "Put`, `title = "Put all of`)
	see("the page has the change", wholePage+`document.body.textContent.includes("Put all of")`)
	e.edit(t, "data/2014/recommendations.toml", `title = "Put all of`, `title = "Put`)
	see("the page has it no more", wholePage+`!document.body.textContent.includes("Put all of")`)
	for _, v := range both {
		v.checkConsole(t)
	}

	// That the preview has stopped is said, and it goes on when it is started again.
	stop()
	const stopped = `document.querySelector("#preview-stopped").innerText.includes("The preview has stopped")`
	see("it says that the preview has stopped", stopped)
	for _, violation := range audit(t, desk, allRules, 10) {
		t.Errorf("a stopped preview: %s", violation)
	}
	e.edit(t, "data/2014/recommendations.toml", `title = "Put`, `title = "Put all of`)
	e.serve(t)
	see("the page goes on", wholePage+`!`+stopped+` && document.body.textContent.includes("Put all of")`)
}

// A preview that never had a good page shows one with what is wrong.
func TestPreviewWithoutPages(t *testing.T) {
	browse(t)
	e := newEdited(t)
	e.edit(t, "config.toml", `relativeURLs = true`, `relativeURLs = tru`)
	e.serve(t)
	v := open(t, 320, "light")
	v.do(t, chromedp.Navigate(e.address+"/2014/"))
	wait(t, v, "the problem is listed", problems+` === 1`)
	inspect(t, v, "without pages")
	e.edit(t, "config.toml", `relativeURLs = tru`, `relativeURLs = true`)
	wait(t, v, "the page comes", wholePage+`document.querySelector("#preview details") === null`)
}
