package site

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// built makes the real site in a folder of the test's own.
func built(t *testing.T) string {
	t.Helper()
	destination := filepath.Join(t.TempDir(), "public")
	if _, err := Build(context.Background(), Settings{Source: "../..", Destination: destination}); err != nil {
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

// What a browser and a screen reader rely on holds on every page.
func TestEveryPage(t *testing.T) {
	eachPage(t, built(t), func(name, html string) {
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
				t.Errorf("%s: the id %s stands twice", name, m[1])
			}
			ids[m[1]] = true
		}
		for _, part := range []string{"<html lang=en-GB>", "<title>", "name=viewport", "<header>", "<main id=main>", "<footer>", "href=#main", "</main>", "</html>"} {
			if !strings.Contains(html, part) {
				t.Errorf("%s has no %s", name, part)
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
		if strings.Contains(strings.ReplaceAll(html, "<script type=application/ld+json>", ""), "<script") { // that is data
			t.Errorf("%s has a script", name)
		}
	})
}

// A build that is stopped leaves nothing behind.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	dir := t.TempDir()
	_, err := Build(ctx, Settings{Source: "../..", Destination: filepath.Join(dir, "public")})
	if err == nil || !strings.Contains(err.Error(), "stopped before it was done") {
		t.Errorf("the error is %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("%s was left behind", entries[0].Name())
	}
}

// Where a system cannot swap two folders in one step, two steps are taken.
func TestPublishInTwoSteps(t *testing.T) {
	dir := t.TempDir()
	made, destination := filepath.Join(dir, "made"), filepath.Join(dir, "public")
	for folder, file := range map[string]string{made: "new", destination: "old"} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, file), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	unable := func(a, b string) error { return errors.ErrUnsupported }
	if err := swap(made, destination, unable); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(destination, "new")); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d folders are left, want the destination alone", len(entries))
	}

	// What cannot be swapped at all leaves the destination as it was.
	if err := swap(filepath.Join(dir, "missing"), destination, unable); err == nil {
		t.Error("a folder that is not there was published")
	}
	if _, err := os.Stat(filepath.Join(destination, "new")); err != nil {
		t.Error(err)
	}
}

// Hugo's words come out as the editor's: without times, paths of the machine or Go's types.
func TestExplain(t *testing.T) {
	const said = `WARN  deprecated: something was deprecated
and will be removed
ERROR "/src/content/2014/purpose.md:7:3": [link] the link goes nowhere; write one
ERROR "/src/content/2014/purpose.md:7:3": [link] the link goes nowhere; write one
ERROR layouts/x.html: [missing-file] it is missing; put it back
`
	err := explain(said, errors.New("error building site: logged 3 error(s)"), "/src")
	want := `[hugo] deprecated: something was deprecated; ` + forLayouts + `
content/2014/purpose.md:7: [link] the link goes nowhere; write one
layouts/x.html: [missing-file] it is missing; put it back`
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant\n%s", err, want)
	}
	if err := explain("", nil, "/src"); err != nil {
		t.Errorf("a silent build is the error %v", err)
	}
	if err := explain("", errors.New("error building site: render: something broke"), "/src"); err == nil || !strings.Contains(err.Error(), "something broke") {
		t.Errorf("%v", err)
	}
}

// What Hugo says of layouts and settings comes out without Go's types, a
// template's inside or a function's name, and with the file that it is in.
func TestHugoInOurWords(t *testing.T) {
	for _, mistake := range []struct{ file, old, text, want string }{
		{"layouts/404.html", "{{ end }}", "{{ ed }}", "layouts/404.html:5: [hugo] there is no function “ed” for layouts; "},
		{"layouts/404.html", "{{ end }}", "{{ .Nope.Foo }}{{ end }}", "layouts/404.html:5: [hugo] there is no “Nope” in what the layout is given here; "},
		{"layouts/404.html", "<h1>", "<h1>{{ index (slice 1) `a` }}", "layouts/404.html:16: [hugo] something is done here that cannot be done with what there is; "},
		{"layouts/404.html", "<h1>", "<a href=\"{{ if true }}\"{{ end }}><h1>", "layouts/404.html:16: [hugo] the branches of an if, a with or a range leave the HTML in different states: close in each branch what it opens; "},
		{"layouts/404.html", "<h1>", "<h1>{{ partialCached `header.html` }}", "layouts/404.html:16: [hugo] “partialCached” is given 1 values and needs at least 3; "},
		{"layouts/404.html", "<h1>", "<h1>{{ partial `none.html` . }}", "layouts/404.html:16: [hugo] partial \"none.html\" not found; "},
		{"config.toml", "relativeURLs = true", "relativeURLs = tru", "config.toml:7: [hugo] there is no value that can be read after the =, where “true” may be meant; "},
		{"config.toml", "relativeURLs = true", "timeout = \"x\"", "config.toml: [hugo] "},
		{"config.toml", "relativeURLs = true", "theme = \"x\"", "config.toml: [hugo] a theme or module is asked for that is not there; "},
		{"config.toml", "isHTML = true", "isHTML = \"a\"", "config.toml: [hugo] a setting is not of the kind that it must be, such as text where there should be true or false; "},
		{"config.toml", "\"rss\"", "\"rs\"", "config.toml: [hugo] disableKinds cannot have “rs”, which is no kind of page; "},
		{"config.toml", "text/html", "text/x", "config.toml: [hugo] there is no media type “text/x”; "},
		{"config.toml", "page = [\"html\"]", "page = [\"htm\"]", "config.toml: [hugo] pages of the kind “page” cannot be put out as “htm”, which is not set up; "},
	} {
		source := copied(t)
		name := filepath.Join(source, mistake.file)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), mistake.old) {
			t.Fatalf("%s has no %q", mistake.file, mistake.old)
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(data), mistake.old, mistake.text, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err = Make(context.Background(), Settings{Source: source, Destination: t.TempDir()})
		if err == nil || !strings.HasPrefix(err.Error(), mistake.want) && !strings.Contains(err.Error(), "\n"+mistake.want) || goWords.MatchString(err.Error()) {
			t.Errorf("%s in %s is told as\n%v\nwant\n%s", mistake.text, mistake.file, err, mistake.want)
		}
	}
}

// What comes out of a run apart is what the run gave, and a run that breaks
// down is told without Go's words.
func TestAsk(t *testing.T) {
	problem := report.Problem{Place: report.Place{File: "data/x.toml", Line: 3}, Pages: []string{"/2014/"}, Rule: "number", What: "“<&>” is wrong", Do: "mend it"}
	for _, given := range []error{nil, report.Problems{problem}, UsageError("there is no config.toml")} {
		name := filepath.Join(t.TempDir(), "answer")
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(Answer(f, check.Proof{Pages: 12}, given), f.Close()); err != nil {
			t.Fatal(err)
		}
		proof, got := Ask(context.Background(), "cat", name)
		if proof.Pages != 12 || fmt.Sprint(got) != fmt.Sprint(given) {
			t.Errorf("%v becomes %v, %+v", given, got, proof)
		}
	}
	for command, want := range map[string]string{
		"false":                            "[hugo] Hugo broke down while it made the pages; " + forLayouts,
		filepath.Join(t.TempDir(), "gone"): "stop the preview and start it again",
	} {
		if _, err := Ask(context.Background(), command); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", command, err, want)
		}
	}
}
