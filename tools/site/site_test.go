package site

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
		for _, part := range []string{"<html lang=en-GB>", "<title>", "name=viewport", "<header>", "<main id=main>", "<footer>", "href=#main", "rel=icon", "</main>", "</html>"} {
			if !strings.Contains(html, part) {
				t.Errorf("%s has no %s", name, part)
			}
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
