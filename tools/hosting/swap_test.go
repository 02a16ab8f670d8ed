package hosting

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// The commands in tools/docs/hosting.md swap the site while people read it, and no
// page is ever missing.
func TestSwap(t *testing.T) {
	page, err := os.ReadFile("../docs/hosting.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?s)```\n(cp -r public .*?)```").FindSubmatch(page)
	if commands == nil {
		t.Fatal("tools/docs/hosting.md does not say how to swap the folder")
	}
	dir := t.TempDir()
	for _, folder := range []string{"public", "annual-report-1"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(bare)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("annual-report-1", filepath.Join(dir, "annual-report")); err != nil {
		t.Fatal(err)
	}
	var reads, missing atomic.Int64
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			_, err := os.ReadFile(filepath.Join(dir, "annual-report", "2014", "index.html"))
			reads.Add(1)
			if errors.Is(err, fs.ErrNotExist) {
				missing.Add(1)
			}
		}
	}()
	for n := range 20 {
		command := exec.Command("sh", "-ec", strings.ReplaceAll(string(commands[1]), "annual-report-2", fmt.Sprintf("annual-report-%d", n+2)))
		command.Dir = dir
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	close(stop)
	<-done
	if missing.Load() > 0 || reads.Load() < 10 {
		t.Errorf("of %d reads, %d found no page", reads.Load(), missing.Load())
	}
}
