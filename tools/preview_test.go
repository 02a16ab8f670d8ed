package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"
)

// A previewer is a preview that a script has started.
type previewer struct {
	address string
	output  terminal
	offset  int // how much of the output earlier commands have read
}

// A terminal collects the output of a preview.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *terminal) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(text)
}

// String returns all output.
func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// browser returns the problems that the front page lists, as a build prints them,
// or "" if there are none.
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
	heading, list, ok := strings.Cut(lines.String(), "\n")
	if !ok {
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

// preview starts a preview of the source, and sets $preview to its address and $pid
// to its process. At the end of the script, it is stopped as with Ctrl-C: it must
// exit cleanly and leave no folder behind.
func preview(ts *testscript.TestScript, neg bool, args []string) {
	address := freeAddress(ts)
	_, port, err := net.SplitHostPort(address)
	ts.Check(err)

	p := &previewer{address: "http://" + address + "/"}
	cmd := exec.Command("tools", "serve", "--port", port)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), &p.output, &p.output
	room := filepath.Join(ts.Getenv("WORK"), "preview-room")
	ts.Check(os.Mkdir(room, 0o755))
	cmd.Env = append(os.Environ(), "TMPDIR="+room)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		ts.Check(cmd.Process.Signal(os.Interrupt))
		ts.Check(cmd.Wait())
		if entries, err := os.ReadDir(room); err != nil || len(entries) > 0 {
			ts.Fatalf("the preview left %v behind: %v", entries, err)
		}
	})
	ts.Setenv("preview", strings.TrimSuffix(p.address, "/"))
	ts.Setenv("pid", strconv.Itoa(cmd.Process.Pid))
	previewersMu.Lock()
	defer previewersMu.Unlock()
	previewers[ts.Getenv("WORK")] = p
}

// shown waits until the preview shows, in the terminal and in the browser, what the
// last command printed to stderr; with !, until it says that there are no
// problems.
func shown(ts *testscript.TestScript, neg bool, args []string) {
	previewersMu.Lock()
	p := previewers[ts.Getenv("WORK")]
	previewersMu.Unlock()
	wantTerminal, wantBrowser := ts.ReadFile("stderr"), ts.ReadFile("stderr")
	if neg {
		wantTerminal, wantBrowser = "No problems found.\n", ""
	}
	var output, browser string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if output, browser = p.output.String(), p.browser(); strings.HasSuffix(output[p.offset:], wantTerminal) && browser == wantBrowser {
			p.offset = len(output)
			return
		}
	}
	ts.Fatalf("want\n%s\nthe browser\n%s\nthe terminal, since the last time\n%s", wantTerminal, browser, output[p.offset:])
}
