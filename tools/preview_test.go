package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"
)

// Every mistake that an editor makes while the preview runs is told in the
// terminal and in the browser in the words of a build: mistakes.txt is played
// again, and after each build the preview must say the same.
func TestPreviewSaysWhatBuildSays(t *testing.T) {
	script, err := os.ReadFile("testdata/mistakes.txt")
	if err != nil {
		t.Fatal(err)
	}
	const build = "\n! tools build\n"
	if n := bytes.Count(script, []byte(build)); n < 100 {
		t.Fatalf("mistakes.txt has %d failing builds only", n)
	}
	dir := t.TempDir()
	again := "preview\n" + strings.ReplaceAll(string(script), build, build+"shown\n")
	if err := os.WriteFile(filepath.Join(dir, "mistakes-in-preview.txt"), []byte(again), 0o644); err != nil {
		t.Fatal(err)
	}
	params := scripts
	params.Dir = dir
	testscript.Run(t, params)
}

// A previewer is the preview that a script has started.
type previewer struct {
	address string
	mu      sync.Mutex
	said    bytes.Buffer // on the terminal
}

func (p *previewer) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(text)
}

// terminal gives all that the preview has printed.
func (p *previewer) terminal() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// browser gives the problems that the front page lists, as a build prints them.
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
		if node.Type != html.ElementNode || node.Data != "aside" {
			continue
		}
		for node := range node.Descendants() {
			if node.Data == "li" || node.Data == "h2" {
				lines.WriteString(text(node) + "\n")
			}
		}
	}
	heading, list, _ := strings.Cut(lines.String(), "\n")
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
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	at := l.Addr().String()
	l.Close()
	_, port, err := net.SplitHostPort(at)
	ts.Check(err)

	p := &previewer{address: "http://" + at + "/"}
	cmd := exec.Command("tools", "serve", "--port", port)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), io.Discard, p
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
// the last command printed to stderr.
func shown(ts *testscript.TestScript, neg bool, args []string) {
	previewersMu.Lock()
	p := previewers[ts.Getenv("WORK")]
	previewersMu.Unlock()
	want := ts.ReadFile("stderr")
	var terminal, browser string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if terminal, browser = p.terminal(), p.browser(); strings.HasSuffix(terminal, want) && browser == want {
			return
		}
	}
	ts.Fatalf("the build says\n%s\nthe browser\n%s\nthe terminal, after all else\n%s", want, browser, terminal[max(0, len(terminal)-2*len(want)):])
}
