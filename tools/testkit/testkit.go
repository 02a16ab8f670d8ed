// Package testkit provides what the tests of several packages share: the source of
// a report of their own, and a Chromium.
//
// The report is a copy of the first real one, as it was when the tests were
// written, so that editors can change the live report without breaking a test.
// What belongs to the code (layouts, stylesheet, settings) is the project's own.
package testkit

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"
)

// Source lists what a build reads in the project's folder.
var Source = []string{"config.toml", "content", "data", "layouts", "static"}

//go:embed all:report all:second all:inquiry
var fixture embed.FS

// Report returns the folders content and data of the tests' own report.
func Report() fs.FS { return layer("report") }

// layer returns the folders content and data of one of the folders here.
func layer(name string) fs.FS {
	files, err := fs.Sub(fixture, name)
	if err != nil {
		panic(err) // the name is valid
	}
	return files
}

// The reports for tests.
const (
	Own     = "report"  // the tests' own, which is the first real one
	Second  = "second"  // its second year, made up: a report of ordinary length
	Inquiry = "inquiry" // another body's, made up: an inquiry that makes recommendations alone
)

// sources are the layers that each report is made of, one over the other, and its
// settings.
var sources = map[string]struct {
	layers                 []string
	title, publisher, asAt string
}{
	Own:     {[]string{"report"}, "Leeds Safeguarding Children Board: annual report", "leeds-safeguarding-children-board", "2026-11-23"},
	Second:  {[]string{"report", "second"}, "Leeds Safeguarding Children Board: annual report", "leeds-safeguarding-children-board", "2017-11-30"},
	Inquiry: {[]string{"inquiry"}, "Harrow Sound Ferry Inquiry", "ferry-inquiry", "2025-12-01"},
}

// setting matches a line of config.toml that belongs to the report.
var setting = regexp.MustCompile(`(?m)^(title|publisher|as_at) = ["0-9].*$|^contact = .*\n`)

// CopySource creates a source folder in dir: the tests' own report, with the
// layouts, static files and settings of the folder project. It overwrites
// nothing.
func CopySource(project, dir string) error { return Copy(project, dir, Own) }

// Copy creates a source folder in dir as [CopySource] does, with the report of that
// name.
func Copy(project, dir, name string) error {
	source, ok := sources[name]
	if !ok {
		return fmt.Errorf("testkit has no report %q", name)
	}
	for _, name := range []string{"layouts", "static"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(project, name))); err != nil {
			return err
		}
	}
	files := fstest.MapFS{}
	for _, name := range source.layers {
		if err := read(files, layer(name)); err != nil {
			return err
		}
	}
	if name == Inquiry { // the paper is not this body's
		if err := os.RemoveAll(filepath.Join(dir, "static", "2014")); err != nil {
			return err
		}
	}
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	if err := addWords(project, dir); err != nil {
		return err
	}
	settings, err := os.ReadFile(filepath.Join(project, "config.toml"))
	if err != nil {
		return err
	}
	settings = setting.ReplaceAllFunc(settings, func(line []byte) []byte {
		switch key, _, _ := strings.Cut(string(line), " "); key {
		case "contact":
			return nil
		case "title":
			return fmt.Appendf(nil, "title = %q", source.title)
		case "publisher":
			return fmt.Appendf(nil, "publisher = %q", source.publisher)
		default:
			return fmt.Appendf(nil, "as_at = %s\ncontact = \"web@example.org\"", source.asAt)
		}
	})
	return os.WriteFile(filepath.Join(dir, "config.toml"), settings, 0o644)
}

// read copies every file of source to files, and replaces those with the same names.
func read(files fstest.MapFS, source fs.FS) error {
	return fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(source, name)
		files[name] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
}

const wordsFile = "data/words/en.toml"

// word matches a line of the table of fixed words.
var word = regexp.MustCompile(`(?m)^([a-z_]+) = .*\n`)

// addWords adds the fixed words that the project has and the tests' report lacks.
func addWords(project, dir string) error {
	words, err := os.ReadFile(filepath.Join(dir, wordsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	projectWords, err := os.ReadFile(filepath.Join(project, wordsFile))
	if err != nil {
		return err
	}
	present := map[string]bool{}
	for _, m := range word.FindAllSubmatch(words, -1) {
		present[string(m[1])] = true
	}
	for _, m := range word.FindAllSubmatch(projectWords, -1) {
		if !present[string(m[1])] {
			words = append(words, m[0]...)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, path.Dir(wordsFile)), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, wordsFile), words, 0o644)
}

// NewSource returns a source folder as [CopySource] creates it, which is removed at
// the end of the test.
func NewSource(tb testing.TB, project string) string {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "source")
	if err := CopySource(project, dir); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// CopyRecommendations creates a source folder in dir as [Copy] does, with the
// inquiry making count recommendations. Every third has an update.
func CopyRecommendations(project, dir string, count int) error {
	if err := Copy(project, dir, Inquiry); err != nil {
		return err
	}
	bodies := []string{"islands-assembly", "harrow-sound-ferries", "kelder-harbour-trust", "coast-rescue-service"}
	var b strings.Builder
	for n := 1; n <= count; n++ {
		first, second := bodies[n%len(bodies)], bodies[(n+1)%len(bodies)]
		fmt.Fprintf(&b, "[ask-%d]\nnumber = %d\ntitle = \"Do what is asked in number %d\"\n", n, n, n)
		fmt.Fprintf(&b, "wording = \"That what was found in number %d be put right, by those who can, before the next winter, and that they say so in public.\"\n", n)
		fmt.Fprintf(&b, "addressed_to = [%q, %q]\nfindings = [\"finding-%d\"]\n\n", first, second, 1+n%60)
		if n%3 == 0 {
			fmt.Fprintf(&b, "[[ask-%d.updates]]\ndate = 2024-01-%02d\nby = [%q]\nanswer = \"accepted\"\nprogress = \"in-progress\"\n", n, 1+n%28, first)
			fmt.Fprintf(&b, "text = \"It has been begun, as far as number %d goes.\"\nsource = \"https://www.example.org/%d\"\n\n", n, n)
		}
	}
	return os.WriteFile(filepath.Join(dir, "data", "2023-ferry-inquiry", "recommendations.toml"), []byte(b.String()), 0o644)
}

// recordName matches the first line of a record in a data file.
var recordName = regexp.MustCompile(`(?m)^\[([a-z-]+)\]$`)

// CopyReports creates a source folder in dir as [CopySource] does, with a copy of
// the tests' own report for each of count years, up to 2014. Each report asks
// again what the one before it asked. Every tenth year, that chain ends: nobody is
// asked the same for five hundred years.
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

// copyReport writes one of the two folders of a year's report to dir. It adds the
// lines in thread to every item.
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

// NewReports returns a source folder as [CopyReports] creates it, which is removed
// at the end of the test.
func NewReports(tb testing.TB, project string, count int) string {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "source")
	if err := CopyReports(project, dir, count); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// StartChromium starts a Chromium with its profile in the given folder and no
// background requests. Tabs are opened from the context; stop ends it.
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
