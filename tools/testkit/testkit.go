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

// title is the site's, in config.toml, which belongs to the report.
var title = regexp.MustCompile(`(?m)^title = ".*$`)

const reportTitle = `title = "Leeds Safeguarding Children Board: annual report"`

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
	settings, err := os.ReadFile(filepath.Join(project, "config.toml"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.toml"), title.ReplaceAll(settings, []byte(reportTitle)), 0o644)
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
		return nil, nil, fmt.Errorf("Chromium does not start; install it with apt-get install chromium, or run bash tools/test.sh: %w", err)
	}
	return browser, stop, nil
}
