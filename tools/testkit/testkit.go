// Package testkit has what the tests of several packages begin with: a copy of
// the real report's source, and a Chromium.
package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// Source names what a build reads, in the project's folder.
var Source = []string{"config.toml", "content", "data", "layouts", "static"}

// CopySource copies the source in the folder project into dir, which is made
// if it is not there. Nothing in dir is written over.
func CopySource(project, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range Source {
		from, to := filepath.Join(project, name), filepath.Join(dir, name)
		info, err := os.Stat(from)
		if err != nil {
			return err
		}
		if info.IsDir() {
			err = os.CopyFS(to, os.DirFS(from))
		} else {
			var data []byte
			if data, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, data, 0o644)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// StartChromium starts a Chromium with a profile in the given folder, which
// asks nobody for anything. Tabs are opened from the context; stop ends it.
func StartChromium(profile string) (browser context.Context, stop func(), err error) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.UserDataDir(profile))
	for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
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
