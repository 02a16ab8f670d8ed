package site

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/spf13/afero"
)

// sites are two sites; where one has a folder, the other has a file.
var sites = []map[string]string{
	{"index.html": "1", "404.html": "1", "a/index.html": "1", "b/index.html": "1", "c": "1", "d/e": "1"},
	{"index.html": "2", "404.html": "2", "a/index.html": "2", "c/index.html": "2", "d": "2", "x/y/z": "2"},
}

// inMemory returns a site in memory, with its mark.
func inMemory(t *testing.T, site map[string]string) afero.Fs {
	t.Helper()
	files := afero.NewMemMapFs()
	for name, text := range site {
		if err := afero.WriteFile(files, name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := addMark(files); err != nil {
		t.Fatal(err)
	}
	return files
}

// expectSite checks that the destination is the site, and alone in its folder.
func expectSite(t *testing.T, destination string, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for name := range want {
		data, err := os.ReadFile(filepath.Join(destination, name))
		if err != nil {
			t.Error(err)
		}
		got[name] = string(data)
	}
	if extra, err := findExtraFiles(destination, set(want), ""); err != nil || len(extra) > 0 || !maps.Equal(got, want) {
		t.Errorf("there is %v, and beside it %v (%v), want %v", got, extra, err, want)
	}
	if entries, _ := os.ReadDir(filepath.Dir(destination)); len(entries) != 1 {
		t.Errorf("%d folders are left, want the destination alone", len(entries))
	}
}

func set(site map[string]string) map[string]bool {
	names := map[string]bool{}
	for name := range site {
		names[name] = true
	}
	return names
}

// Without a swap in one step, a build that is killed at any moment leaves the folder
// with its front page and each file whole, and the next build completes it.
func TestKillBetweenFiles(t *testing.T) {
	killed := errors.New("killed")
	for last := 0; ; last++ {
		parent := t.TempDir()
		destination := filepath.Join(parent, "public")
		if err := publish(t.Context(), inMemory(t, sites[0]), parent, destination); err != nil {
			t.Fatal(err)
		}
		written := filepath.Join(parent, ".public-123")
		if err := os.Mkdir(written, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := writeFiles(t.Context(), inMemory(t, sites[1]), written); err != nil {
			t.Fatal(err)
		}
		n := 0
		err := moveFiles(written, destination, func() error {
			if n++; n > last {
				return killed
			}
			return nil
		})
		if data, err := os.ReadFile(filepath.Join(destination, "index.html")); err != nil || !slices.Contains([]string{"1", "2"}, string(data)) {
			t.Fatalf("after %d changes the front page is %q: %v", last, data, err)
		}
		if err := publish(t.Context(), inMemory(t, sites[1]), parent, destination); err != nil {
			t.Fatalf("after %d changes: %v", last, err)
		}
		expectSite(t, destination, sites[1])
		if err == nil {
			return
		}
	}
}

func goOn() error { return nil }

// cannotExchange is how a system exchanges folders if it cannot.
func cannotExchange(a, b string) error { return errors.ErrUnsupported }

// If a disk is full between two files, the error says whether something has changed.
func TestSwapHalfway(t *testing.T) {
	for last := 0; ; last++ {
		parent := t.TempDir()
		destination, written := filepath.Join(parent, "public"), filepath.Join(parent, ".public-1")
		if err := errors.Join(publish(t.Context(), inMemory(t, sites[0]), parent, destination),
			os.Mkdir(written, 0o700), writeFiles(t.Context(), inMemory(t, sites[1]), written)); err != nil {
			t.Fatal(err)
		}
		n := 0
		err := swap(written, destination, cannotExchange, func() error {
			if n++; n > last {
				return syscall.ENOSPC
			}
			return nil
		})
		var partial PartialError
		switch {
		case err == nil:
			expectSite(t, destination, sites[1])
			return
		case !errors.Is(err, syscall.ENOSPC):
			t.Errorf("after %d changes the error is %v", last, err)
		case errors.As(err, &partial) != (last > 0):
			t.Errorf("after %d changes it says %v", last, err)
		case last == 0:
			expectSite(t, destination, sites[0])
		}
	}
}

// A swap has the same result whether or not the system can exchange folders.
func TestSwap(t *testing.T) {
	for name, way := range map[string]func(a, b string) error{
		"in one step": exchange,
		"in many":     cannotExchange,
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			destination, written := filepath.Join(parent, "public"), filepath.Join(parent, ".public-1")
			if err := publish(t.Context(), inMemory(t, sites[0]), parent, destination); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(written, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(writeFiles(t.Context(), inMemory(t, sites[1]), written), swap(written, destination, way, goOn)); err != nil {
				t.Fatal(err)
			}
			expectSite(t, destination, sites[1])
		})
	}
}

// A file that appears during a build is not deleted.
func TestSwapKeepsStrangers(t *testing.T) {
	parent := t.TempDir()
	destination, written := filepath.Join(parent, "public"), filepath.Join(parent, ".public-1")
	if err := publish(t.Context(), inMemory(t, sites[0]), parent, destination); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(destination, "letter.doc"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := publish(t.Context(), inMemory(t, sites[1]), parent, destination); err == nil {
		t.Fatal("a folder with somebody's letter was replaced")
	}
	if err := errors.Join(os.Mkdir(written, 0o700), writeFiles(t.Context(), inMemory(t, sites[1]), written)); err != nil {
		t.Fatal(err)
	}
	if err := swap(written, destination, exchange, goOn); err == nil {
		t.Error("nothing is said of the letter")
	}
	if data, err := os.ReadFile(filepath.Join(written, "letter.doc")); string(data) != "mine" {
		t.Errorf("the letter is gone: %v", err)
	}
}
