package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// buildSite builds the tests' own report in a temporary folder.
func buildSite(t *testing.T) string {
	t.Helper()
	destination := filepath.Join(t.TempDir(), "public")
	if _, err := Build(context.Background(), Settings{Source: testkit.NewSource(t, "../.."), Destination: destination}); err != nil {
		t.Fatal(err)
	}
	return destination
}

// eachPage calls f with every HTML file below dir.
func eachPage(t *testing.T, dir string, f func(name, html string)) {
	t.Helper()
	pages := 0
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		f(filepath.ToSlash(rel), string(data))
		pages++
		return err
	})
	if err != nil || pages == 0 {
		t.Fatalf("%d pages were read: %v", pages, err)
	}
}

var (
	styleElement = regexp.MustCompile(`<style>((?s).*?)</style>`)
	heading      = regexp.MustCompile(`<h([1-6])[ >]`)
	idAttribute  = regexp.MustCompile(` id=["']?([^"' >]+)`)
	rootedURL    = regexp.MustCompile(`(?:href|src)=["']?/`)
)

// Every page has what browsers and screen readers rely on.
func TestEveryPage(t *testing.T) {
	eachPage(t, buildSite(t), func(name, html string) {
		if strings.Contains(html, "http-equiv=refresh") { // it leads on to a page
			return
		}
		style := styleElement.FindStringSubmatch(html)
		if style == nil {
			t.Fatalf("%s has no stylesheet", name)
		}
		sum := sha256.Sum256([]byte(style[1]))
		if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(html, "style-src 'sha256-"+hash+"'") {
			t.Errorf("%s: the policy does not allow the page's own stylesheet, %s", name, hash)
		}
		level, titles := 0, 0
		for _, m := range heading.FindAllStringSubmatch(html, -1) {
			next := int(m[1][0] - '0')
			if next > level+1 {
				t.Errorf("%s: a heading of level %d follows one of level %d", name, next, level)
			}
			if next == 1 {
				titles++
			}
			level = next
		}
		if titles != 1 {
			t.Errorf("%s has %d headings of level 1", name, titles)
		}
		ids := map[string]bool{}
		for _, m := range idAttribute.FindAllStringSubmatch(html, -1) {
			if ids[m[1]] {
				t.Errorf("%s: the id %s appears twice", name, m[1])
			}
			ids[m[1]] = true
		}
		for _, tag := range []string{"<html lang=en-GB>", "<title>", "name=viewport", "<header>", "<main id=main>", "<footer>", "href=#main", "</main>", "</html>"} {
			if !strings.Contains(html, tag) {
				t.Errorf("%s has no %s", name, tag)
			}
		}
		if name != "404.html" && !strings.Contains(html, "rel=icon") {
			t.Errorf("%s has no icon", name)
		}
		if name != "404.html" && !strings.Contains(html, "<meta name=description content=") {
			t.Errorf("%s has no description", name)
		}
		if m := rootedURL.FindString(html); m != "" {
			t.Errorf("%s has an address that only works at a site's root: %s", name, m)
		}
		if name != "search/index.html" && strings.Contains(strings.ReplaceAll(html, "<script type=application/ld+json>", ""), "<script") { // that is data
			t.Errorf("%s has a script", name)
		}
	})
}

// A stopped build ends at once and leaves nothing behind, even if a layout would never
// finish.
func TestStopped(t *testing.T) {
	t.Parallel()
	endless := testkit.NewSource(t, "../..")
	change(t, endless, "layouts/404.html", "<h1>", "<h1>{{ range 1000000000000 }}{{ end }}")
	for _, source := range []string{testkit.NewSource(t, "../.."), endless} {
		for _, after := range []time.Duration{0, 10 * time.Millisecond, 300 * time.Millisecond} {
			ctx, stop := context.WithTimeout(context.Background(), after)
			dir := t.TempDir()
			start := time.Now()
			_, err := Build(ctx, Settings{Source: source, Destination: filepath.Join(dir, "public")})
			stop()
			if err == nil && source != endless {
				continue // it finished in time
			}
			if err == nil || !strings.Contains(err.Error(), "stopped before finishing") {
				t.Errorf("the error is %v", err)
			}
			if took := time.Since(start); took > after+5*time.Second {
				t.Errorf("it took %v to stop", took)
			}
			if entries, _ := os.ReadDir(dir); len(entries) > 0 {
				t.Errorf("%s was left behind", entries[0].Name())
			}
		}
	}
}

// A check that is stopped while it reads the source says no more about it.
func TestStoppedCheck(t *testing.T) {
	t.Parallel()
	source := testkit.NewSource(t, "../..")
	change(t, source, "data/2014/recommendations.toml", "number = 2", "number = 1")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Check(ctx, Settings{Source: source, Destination: filepath.Join(source, "public")}); err == nil || !strings.HasPrefix(err.Error(), "stopped before finishing; ") {
		t.Errorf("the error is %v", err)
	}
}

// A package that is stopped when its zip is written, but not in its place, leaves nothing.
func TestStoppedPackage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := Package(&lateStop{Context: t.Context(), pattern: filepath.Join(folder, ".dist-*", "zip")}, Settings{Source: testkit.NewSource(t, "../..")}, filepath.Join(folder, "dist"))
	if err == nil || !strings.HasPrefix(err.Error(), "stopped before finishing; ") {
		t.Errorf("the error is %v", err)
	}
	if entries, _ := os.ReadDir(folder); len(entries) > 0 {
		t.Errorf("%s was left behind", entries[0].Name())
	}
}

// A lateStop is a context that ends when there is a file of that pattern.
type lateStop struct {
	context.Context
	pattern string
	ended   atomic.Bool
}

func (c *lateStop) Err() error {
	if files, _ := filepath.Glob(c.pattern); files != nil {
		c.ended.Store(true)
	}
	if c.ended.Load() {
		return context.Canceled
	}
	return nil
}

// change replaces text in a file of a source.
func change(t *testing.T, source, file, old, text string) {
	t.Helper()
	name := filepath.Join(source, filepath.FromSlash(file))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), old, text, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Hugo's warnings are problems, each reported once.
func TestWarnings(t *testing.T) {
	t.Parallel()
	source := testkit.NewSource(t, "../..")
	change(t, source, "layouts/404.html", "<h1>", `<h1>{{ warnf "something is odd" }}{{ warnf "something is odd" }}`)
	_, err := Build(context.Background(), Settings{Source: source, Destination: filepath.Join(t.TempDir(), "public")})
	if want := "[hugo] something is odd; " + forLayouts; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Hugo's messages about layouts and settings are translated, without Go types or
// template internals, and with the file to open.
func TestHugoInOurWords(t *testing.T) {
	for _, mistake := range []struct{ file, old, text, want string }{
		{"layouts/404.html", "{{ end }}", "{{ ed }}", "layouts/404.html:10: [hugo] layouts have no function “ed”; "},
		{"layouts/404.html", "{{ end }}", "{{ .Nope.Foo }}{{ end }}", "layouts/404.html:10: [hugo] the layout uses “Nope”, which does not exist here; "},
		{"layouts/404.html", "<h1>", "<h1>{{ index (slice 1) `a` }}", "layouts/404.html:18: [hugo] the layout tries something here that does not work with this value; "},
		{"layouts/404.html", "<h1>", "<a href=\"{{ if true }}\"{{ end }}><h1>", "layouts/404.html:18: [hugo] the branches of this if, with or range leave different tags or quotes open; close in each branch what it opens; "},
		{"layouts/404.html", "<h1>", "<h1>{{ partialCached `header.html` }}", "layouts/404.html:18: [hugo] “partialCached” needs at least 3 values and gets 1; "},
		{"layouts/404.html", "<h1>", "<h1>{{ partial `none.html` . }}", "layouts/404.html:18: [hugo] partial \"none.html\" not found; "},
		{"config.toml", "relativeURLs = true", "relativeURLs = tru", "config.toml:7: [syntax] there is no valid value after the =; "},
		{"config.toml", "relativeURLs = true", "timeout = \"x\"", "config.toml: [hugo] "},
		{"config.toml", "relativeURLs = true", "theme = \"x\"", "config.toml: [hugo] the settings name a theme or module that does not exist; "},
		{"config.toml", "isHTML = true", "isHTML = \"a\"", "config.toml: [hugo] a setting has the wrong kind of value, such as text in place of true or false; "},
		{"config.toml", "\"rss\"", "\"rs\"", "config.toml: [hugo] disableKinds cannot have “rs”, which is not a kind of page; "},
		{"config.toml", "text/html", "text/x", "config.toml: [hugo] there is no media type “text/x”; "},
		{"config.toml", "page = [\"html\"]", "page = [\"htm\"]", "config.toml: [hugo] pages of the kind “page” cannot be output as “htm”, which is not set up; "},
	} {
		t.Run(mistake.file+" "+mistake.text, func(t *testing.T) {
			t.Parallel()
			source := testkit.NewSource(t, "../..")
			change(t, source, mistake.file, mistake.old, mistake.text)
			_, err := Build(context.Background(), Settings{Source: source, Destination: filepath.Join(t.TempDir(), "public")})
			if err == nil || !strings.HasPrefix(err.Error(), mistake.want) && !strings.Contains(err.Error(), "\n"+mistake.want) || goWords.MatchString(err.Error()) {
				t.Errorf("%s in %s is reported as\n%v\nwant\n%s", mistake.text, mistake.file, err, mistake.want)
			}
		})
	}
}

// The saved files belong to one report, to several, or to none.
func TestChangedReport(t *testing.T) {
	t.Parallel()
	before := map[string]stamp{"content/2014/a.md": {1, 1, 0}, "data/2014/b.toml": {1, 1, 0}, "data/words/en.toml": {1, 1, 0}, "content/2015/a.md": {1, 1, 0}}
	for _, test := range []struct {
		files []string
		want  string
	}{
		{nil, ""}, {[]string{"content/2014/a.md"}, "2014"}, {[]string{"content/2014/a.md", "data/2014/b.toml"}, "2014"}, {[]string{"content/2014/new.md"}, "2014"},
		{[]string{"content/2014/a.md", "content/2015/a.md"}, ""}, {[]string{"data/words/en.toml"}, ""}, {[]string{"content/2014/a.md", "layouts/404.html"}, ""},
	} {
		current := maps.Clone(before)
		for _, name := range test.files {
			current[name] = stamp{2, 2, 0}
		}
		if got := findChangedReport(before, current); got != test.want {
			t.Errorf("%v: %q, want %q", test.files, got, test.want)
		}
		if got := findChangedReport(current, before); got != test.want {
			t.Errorf("%v, taken back: %q, want %q", test.files, got, test.want)
		}
	}
}

// The preview builds the site again after a change to what a build reads, and to nothing
// else.
func TestLook(t *testing.T) {
	t.Parallel()
	source := []string{"config.toml", "content/2014/a.md", "data/2014/b.toml", "layouts/404.html", "static/.well-known/security.txt", "static/.env"}
	others := []string{"updates.csv", "dist/SHA256SUMS", "public/index.html", "tools/main.go", ".git/HEAD", "node_modules/a.js",
		"content/2014/.a.md.swp", "data/2014/.updates-123", "data/2014/b.toml~", "static/.DS_Store"}
	files := fstest.MapFS{}
	for _, name := range slices.Concat(source, others) {
		files[name] = &fstest.MapFile{}
	}
	stamps := look(files)
	maps.DeleteFunc(stamps, func(_ string, s stamp) bool { return s.Mode.IsDir() })
	if got := slices.Sorted(maps.Keys(stamps)); !slices.Equal(got, slices.Sorted(slices.Values(source))) {
		t.Errorf("it looks at %v, want %v", got, source)
	}
}

// A change has to last a moment before the site is built again: the file may be half-saved.
func TestAwaitChange(t *testing.T) {
	source := t.TempDir()
	previous := look(os.DirFS(source))
	if err := os.WriteFile(filepath.Join(source, "config.toml"), []byte("title = "), 0o644); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	current, err := awaitChange(t.Context(), source, previous)
	if took := time.Since(start); err != nil || len(current) != 1 || took < settleTime {
		t.Errorf("after %v: %v, %v", took, current, err)
	}
}

// A worker sends the site's files and then the verdict of a build. If it crashes or
// cannot be started, the message has no Go internals.
func TestWorker(t *testing.T) {
	t.Parallel()
	good, unread, unmade := testkit.NewSource(t, "../.."), testkit.NewSource(t, "../.."), testkit.NewSource(t, "../..")
	change(t, unread, "data/2014/recommendations.toml", "number = 2", "number = 1")
	change(t, unmade, "layouts/404.html", "{{ end }}", "{{ .Nope }}{{ end }}")
	for source, want := range map[string]string{
		good:                               "",
		unread:                             "[number] recommendation 1 appears twice",
		unmade:                             "layouts/404.html",
		filepath.Join(t.TempDir(), "gone"): "has no config.toml",
	} {
		var request, answer bytes.Buffer
		j := job{Source: source}
		if source == good {
			j.Report = "2014" // its pages come first
		}
		if err := json.NewEncoder(&request).Encode(j); err != nil {
			t.Fatal(err)
		}
		open, end := io.Pipe() // the preview keeps it open as long as it lives
		if err := Work(context.Background(), io.MultiReader(&request, open), &answer); err != nil {
			t.Fatal(err)
		}
		end.Close()
		w := &worker{in: nopCloser{io.Discard}, out: &answer, stop: func() {}}
		files := 0
		_, err := w.run(context.Background(), job{Source: source}, func(m message) {
			if source == good && m.Part != (files == 0) {
				t.Errorf("after %d files, a part is %v", files, m.Part)
			}
			files = len(m.Files)
		})
		if want == "" && (err != nil || files < 20) || want != "" && (err == nil || !strings.Contains(err.Error(), want) || files > 0) {
			t.Errorf("%d files, and %v; want %q", files, err, want)
		}
	}
	for command, want := range map[string]string{
		"read line":                        "[hugo] Hugo crashed while rendering the pages; " + forLayouts,
		filepath.Join(t.TempDir(), "gone"): "stop the preview and start it again",
	} {
		p := Preview{Worker: func(ctx context.Context) *exec.Cmd {
			if filepath.IsAbs(command) {
				return exec.CommandContext(ctx, command)
			}
			return exec.CommandContext(ctx, "sh", "-c", command)
		}}
		w := p.startWorker(context.Background())
		if _, err := w.run(context.Background(), job{Source: good}, func(message) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", command, err, want)
		}
		w.stop()
	}
}

// If the preview cannot use its port, it says why and what to do.
func TestPort(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.EADDRINUSE:    "another program or preview is using port 80; close it, or choose another port with --port 81",
		windowsPortInUse:      "another program or preview is using port 80; close it, or choose another port with --port 81",
		syscall.EACCES:        "the preview is not allowed to use port 80; choose another with --port 1313",
		syscall.EADDRNOTAVAIL: "the preview cannot use port 80: bind: cannot assign requested address; choose another with --port 81",
	} {
		if err := explainListenError(80, &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", cause)}); err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// If a worker has ended before it got its job, the preview tries again with another.
func TestRetry(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	commands := []string{"exit 0", "read line"} // the second crashes
	var verdict error
	p := Preview{Source: t.TempDir(),
		Worker: func(ctx context.Context) *exec.Cmd {
			command := commands[0]
			commands = append(commands[1:], command)
			return exec.CommandContext(ctx, "sh", "-c", command)
		},
		Verdict: func(err error, _ report.Advice) {
			verdict = err
			stop()
		},
	}
	if err := os.WriteFile(filepath.Join(p.Source, "config.toml"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p.follow(ctx, newShow("127.0.0.1"))
	if fmt.Sprint(verdict) != errBroken.Error() {
		t.Errorf("the verdict is %v, want %v", verdict, errBroken)
	}
}

// A change that interrupts a build, when all pages were shown already, is shown first.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	folder := t.TempDir()
	p := Preview{Source: filepath.Join(folder, "source")}
	page := filepath.Join(p.Source, "content", "2014", "purpose.md")
	var all bytes.Buffer
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(page), 0o755),
		os.WriteFile(filepath.Join(p.Source, "config.toml"), nil, 0o644),
		os.WriteFile(page, nil, 0o644),
		gob.NewEncoder(&all).Encode(message{Files: map[string][]byte{"index.html": nil}}),
		os.WriteFile(filepath.Join(folder, "all"), all.Bytes(), 0o644),
	); err != nil {
		t.Fatal(err)
	}
	s := newShow("127.0.0.1")
	commands := []string{"read line; cat all; exec sleep 60", "read -r line; echo \"$line\" > job", "exit"} // the first never comes to its verdict
	p.Worker = func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, "sh", "-c", commands[0])
		cmd.Dir, commands = folder, commands[1:]
		return cmd
	}
	p.Verdict = func(error, report.Advice) { stop() }
	go func() {
		<-s.ready
		if err := os.WriteFile(page, []byte("changed"), 0o644); err != nil {
			t.Error(err)
		}
	}()
	p.follow(ctx, s)
	var j job
	if text, err := os.ReadFile(filepath.Join(folder, "job")); err != nil || json.Unmarshal(text, &j) != nil || j.Report != "2014" {
		t.Errorf("the second worker's job is %s (%v)", text, err)
	}
}
