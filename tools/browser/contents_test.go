package browser

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

var (
	contentsList  = regexp.MustCompile(`(?s)<nav class=contents.*?</nav>`)
	contentsEntry = regexp.MustCompile(`(?s)<li><a href="?#([^\s">]+)"?>(.*?)</a>`)
	markup        = regexp.MustCompile(`<[^>]*>`)
)

// words gives a text with single spaces.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// Each report's PDF has a cover without a number, and contents that say on
// which page each part begins.
func TestPDFContents(t *testing.T) {
	browse(t)
	for _, name := range []string{testkit.Own, testkit.Second, testkit.Inquiry} {
		t.Run(name, func(t *testing.T) {
			source := filepath.Join(t.TempDir(), "source")
			if err := testkit.Copy(project, source, name); err != nil {
				t.Fatal(err)
			}
			public := filepath.Join(t.TempDir(), "public")
			if err := build(site.Settings{Source: source, Destination: public, PDF: true}); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(public, "*", "annual-report-*.pdf"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no PDF: %v", err)
			}
			for _, file := range files {
				checkContents(t, file)
			}
		})
	}
}

// checkContents compares the contents of a PDF with its pages.
func checkContents(t *testing.T, file string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(filepath.Dir(file), "full.html"))
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(poppler(t, "pdftotext", "-layout", file, "-"), "\f")
	for i := range pages {
		pages[i] = words(pages[i])
	}
	if cover := pages[0]; strings.Contains(cover, "Contents") || !regexp.MustCompile(`[0-9]+ [A-Z][a-z]+ 20[0-9]{2}.* All of this is as at`).MatchString(cover) {
		t.Errorf("%s has the cover %s", file, cover)
	}
	places := poppler(t, "pdfinfo", "-dests", file)
	entries := contentsEntry.FindAllStringSubmatch(string(contentsList.Find(page)), -1)
	if len(entries) < 4 {
		t.Errorf("%s has contents of %d lines", file, len(entries))
	}
	for _, entry := range entries {
		id, title := entry[1], words(html.UnescapeString(markup.ReplaceAllString(entry[2], "")))
		place := regexp.MustCompile(`(?m)^ *([0-9]+) \[.*\] "` + regexp.QuoteMeta(id) + `"$`).FindStringSubmatch(places)
		if place == nil {
			t.Errorf("%s has no place %s", file, id)
			continue
		}
		if line := title + " " + place[1] + " "; !strings.Contains(pages[1]+" ", line) {
			t.Errorf("%s: the contents have no “%s”: %s", file, line, pages[1])
		}
		n := 0
		for _, digit := range place[1] {
			n = 10*n + int(digit-'0')
		}
		if id != "summary" && !strings.Contains(pages[n-1], title) { // the summary has no heading of its own
			t.Errorf("%s: page %d has no “%s”", file, n, title)
		}
	}
}
