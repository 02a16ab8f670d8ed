package site

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"annualreport/tools/testkit"
)

// New drafts are valid: those of two successive years have no problems, and their
// pages pass the check in the preview.
func TestDraftsAreRightAsMade(t *testing.T) {
	source := testkit.NewSource(t, "../..")
	for _, year := range []string{"2015", "2016"} {
		if _, err := New(context.Background(), source, NewReport{Name: year}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	lib, err := Load(source)
	if err != nil || len(lib.Drafts) != 2 || len(lib.Reports) != 1 {
		t.Fatalf("%v: %+v", err, lib)
	}
	for _, d := range lib.Drafts {
		if len(d.Problems) > 0 {
			t.Errorf("the draft of %s: %v", d.Name, d.Problems)
		}
	}
	pages := 0
	if _, err := buildPreview(context.Background(), job{Source: source}, func(m message) { pages = len(m.Files) }); err != nil || pages < 30 {
		t.Errorf("%d files: %v", pages, err)
	}
}

// A report that cannot be added leaves the source unchanged.
func TestNewAddsAllOrNothing(t *testing.T) {
	source := testkit.NewSource(t, "../..")
	if err := os.Mkdir(filepath.Join(source, "data", "2015"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "data", "2015", "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	// As if data/2015 was created after New had looked for it.
	err := addReport(context.Background(), source, "2015", map[string]string{"content/2015/_index.md": "", "data/2015/themes.toml": ""})
	var usage UsageError
	if !errors.As(err, &usage) {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(source, "content", "2015")); err == nil {
		t.Error("content/2015 was added without data/2015")
	}
	if entries, _ := os.ReadDir(source); len(entries) != 5 {
		t.Errorf("something was left behind: %v", entries)
	}

	canceled, stop := context.WithCancel(context.Background())
	stop()
	if _, err := New(canceled, source, NewReport{Name: "2016"}, time.Now()); err == nil {
		t.Error("it was not stopped")
	}
	if _, err := os.Stat(filepath.Join(source, "content", "2016")); err == nil {
		t.Error("it was stopped and added a report")
	}
}

// What a killed command left is removed by the next one, except what it did not write.
func TestKilledNew(t *testing.T) {
	source := t.TempDir()
	temp, remove, err := makeTemp(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if err := addFile(temp, "content/2015/_index.md", nil); err != nil {
		t.Fatal(err)
	}
	killed, letter := filepath.Join(source, ".new-1"), filepath.Join(source, ".new-2", "letter.doc")
	for _, folder := range []string{killed, filepath.Dir(letter)} {
		if err := os.CopyFS(folder, os.DirFS(temp)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(letter, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	remove()
	if _, remove, err = makeTemp(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	remove()
	if _, err := os.Stat(killed); err == nil {
		t.Error("what a killed command left is still there")
	}
	if text, err := os.ReadFile(letter); string(text) != "mine" {
		t.Errorf("the letter is lost: %v", err)
	}
	if entries, _ := os.ReadDir(source); len(entries) != 1 {
		t.Errorf("%d folders are left, want the letter's alone", len(entries))
	}
}
