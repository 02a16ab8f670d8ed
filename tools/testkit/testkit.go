// Package testkit has what the tests of several packages begin with: the source
// of a report that is theirs alone, and a Chromium.
//
// The report is a copy of the first real one, as it was when the tests were
// written. An editor may change the live report in any way without a test
// noticing; what belongs to the code (layouts, stylesheet, settings) is the
// project's own.
package testkit

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Source names what a build reads, in the project's folder.
var Source = []string{"config.toml", "content", "data", "layouts", "static"}

//go:embed all:report
var fixture embed.FS

// Report has the folders content and data of the tests' own report.
func Report() fs.FS {
	report, err := fs.Sub(fixture, "report")
	if err != nil {
		panic(err) // the name is valid
	}
	return report
}

// own are the lines of config.toml that belong to a report, and the tests' own.
var own = map[string]*regexp.Regexp{
	`title = "Leeds Safeguarding Children Board: annual report"`: regexp.MustCompile(`(?m)^title = .*$`),
	`publisher = "leeds-safeguarding-children-board"`:            regexp.MustCompile(`(?m)^publisher = .*$`),
	`as_at = 2019-12-31`: regexp.MustCompile(`(?m)^as_at = .*$`),
}

// settings gives the text of config.toml with the lines of the tests' own report.
func settings(text []byte) []byte {
	for line, pattern := range own {
		text = pattern.ReplaceAll(text, []byte(line))
	}
	return text
}

// CopySource makes a source folder in dir: the tests' own report, with the
// layouts, static files and settings of the folder project. Nothing in dir is
// written over.
func CopySource(project, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.CopyFS(dir, Report()); err != nil {
		return err
	}
	for _, name := range []string{"layouts", "static"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(project, name))); err != nil {
			return err
		}
	}
	if err := addWords(project, dir); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(project, "config.toml"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.toml"), settings(text), 0o644)
}

const wordsFile = "data/words/en.toml"

// word is a line of the table of fixed words.
var word = regexp.MustCompile(`(?m)^([a-z_]+) = .*\n`)

// addWords adds the fixed words that the project's layouts have been given
// since the tests' report was made.
func addWords(project, dir string) error {
	words, err := os.ReadFile(filepath.Join(dir, wordsFile))
	if err != nil {
		return err
	}
	own, err := os.ReadFile(filepath.Join(project, wordsFile))
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, m := range word.FindAllSubmatch(words, -1) {
		known[string(m[1])] = true
	}
	for _, m := range word.FindAllSubmatch(own, -1) {
		if !known[string(m[1])] {
			words = append(words, m[0]...)
		}
	}
	return os.WriteFile(filepath.Join(dir, wordsFile), words, 0o644)
}

// NewSource gives a source folder as [CopySource] makes it, which is gone when
// the test ends.
func NewSource(tb testing.TB, project string) string {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "source")
	if err := CopySource(project, dir); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// recordName is the head of a record in a data file.
var recordName = regexp.MustCompile(`(?m)^\[([a-z-]+)\]$`)

// CopyReports makes a source folder in dir as [CopySource] does, in which the
// tests' own report stands once for each of count years, up to 2014. Each report
// asks again what the one before it asked, and every tenth year that ends:
// nobody is asked the same for five hundred years.
func CopyReports(project, dir string, count int) error {
	if err := CopySource(project, dir); err != nil {
		return err
	}
	for year := 2014 - count + 1; year <= 2014; year++ {
		thread := ""
		if year > 2014-count+1 && year%10 != 0 {
			thread += fmt.Sprintf("\nfollows = \"%d/$1\"", year-1)
		}
		if year < 2014 && (year+1)%10 == 0 {
			thread += "\nclosed = \"It was asked for ten years.\""
		}
		for _, part := range []string{"content", "data"} {
			if err := copyReport(dir, part, strconv.Itoa(year), thread); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyReport writes one of the two folders of a year's report into dir. What
// thread says is said of every item.
func copyReport(dir, part, year, thread string) error {
	folder := filepath.Join(dir, part, year)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return fs.WalkDir(Report(), part+"/2014", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Report(), name)
		if err != nil {
			return err
		}
		text := strings.ReplaceAll(string(data), "2014", year)
		if base := entry.Name(); base == "challenges.toml" || base == "recommendations.toml" {
			text = recordName.ReplaceAllString(text, "[$1]"+thread)
		}
		return os.WriteFile(filepath.Join(folder, entry.Name()), []byte(text), 0o644)
	})
}

// NewReports gives a source folder as [CopyReports] makes it, which is gone
// when the test ends.
func NewReports(tb testing.TB, project string, count int) string {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "source")
	if err := CopyReports(project, dir, count); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// StartChromium starts a Chromium with a profile in the given folder, which
// asks nobody for anything. Tabs are opened from the context; stop ends it.
func StartChromium(profile string) (browser context.Context, stop func(), err error) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.UserDataDir(profile))
	for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "disable-back-forward-cache"} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), flags...)
	browser, quit := chromedp.NewContext(allocator)
	stop = func() { quit(); end() }
	if err := chromedp.Do(browser); err != nil {
		stop()
		return nil, nil, fmt.Errorf("the browser Chromium does not start; install it with apt-get install chromium, or run bash tools/test.sh: %w", err)
	}
	return browser, stop, nil
}
