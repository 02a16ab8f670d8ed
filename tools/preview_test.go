package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"
)

// A previewer is the preview that a script has started.
type previewer struct {
	address string
	said    terminal
	before  int // how much it had said when what was shown was last looked at
}

// A terminal is where a preview prints.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *terminal) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(text)
}

// String gives all that was printed.
func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// browser gives the problems that the front page lists, as a build prints them,
// or nothing if there are none.
func (p *previewer) browser() string {
	response, err := http.Get(p.address)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	root, err := html.Parse(response.Body)
	if err != nil {
		return err.Error()
	}
	var lines strings.Builder
	for node := range root.Descendants() {
		if node.Type != html.ElementNode || node.Data != "aside" || !slices.Contains(node.Attr, html.Attribute{Key: "id", Val: "preview"}) {
			continue
		}
		for node := range node.Descendants() {
			if node.Data == "li" || node.Data == "h2" {
				lines.WriteString(text(node) + "\n")
			}
		}
	}
	heading, list, found := strings.Cut(lines.String(), "\n")
	if !found {
		return ""
	}
	return list + heading + ".\n"
}

func text(node *html.Node) string {
	var b strings.Builder
	for node := range node.Descendants() {
		if node.Type == html.TextNode {
			b.WriteString(node.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

var (
	previewers   = map[string]*previewer{} // by the script's folder
	previewersMu sync.Mutex
)

// preview starts a preview of the source and sets $preview to its address. It is
// ended with the script, as with Ctrl-C: it must end well and leave no folder
// behind.
func preview(ts *testscript.TestScript, neg bool, args []string) {
	at := freeAddress(ts)
	_, port, err := net.SplitHostPort(at)
	ts.Check(err)

	p := &previewer{address: "http://" + at + "/"}
	cmd := exec.Command("tools", "serve", "--port", port)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), &p.said, &p.said
	room := filepath.Join(ts.Getenv("WORK"), "preview-room")
	ts.Check(os.Mkdir(room, 0o755))
	cmd.Env = append(os.Environ(), "TMPDIR="+room)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		ts.Check(cmd.Process.Signal(os.Interrupt))
		ts.Check(cmd.Wait())
		if left, err := os.ReadDir(room); err != nil || len(left) > 0 {
			ts.Fatalf("the preview left %v behind: %v", left, err)
		}
	})
	ts.Setenv("preview", strings.TrimSuffix(p.address, "/"))
	previewersMu.Lock()
	defer previewersMu.Unlock()
	previewers[ts.Getenv("WORK")] = p
}

// shown waits until the preview says, in the terminal and in the browser, what
// the last command printed to stderr; with !, until it has said that there are
// no problems any more.
func shown(ts *testscript.TestScript, neg bool, args []string) {
	previewersMu.Lock()
	p := previewers[ts.Getenv("WORK")]
	previewersMu.Unlock()
	wanted, listed := ts.ReadFile("stderr"), ts.ReadFile("stderr")
	if neg {
		wanted, listed = "No problems found.\n", ""
	}
	var said, browser string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if said, browser = p.said.String(), p.browser(); strings.HasSuffix(said[p.before:], wanted) && browser == listed {
			p.before = len(said)
			return
		}
	}
	ts.Fatalf("wanted\n%s\nthe browser\n%s\nthe terminal, since the last time\n%s", wanted, browser, said[p.before:])
}
