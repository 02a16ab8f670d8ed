package site

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"annualreport/tools/check"
	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// copied gives a copy of the real source in a folder of the test's own.
func copied(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := testkit.CopySource("../..", dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Drafts are right as they are made: those of two years, one after the other,
// have no problems, and their pages pass the check when they are shown.
func TestDraftsAreRightAsMade(t *testing.T) {
	source := copied(t)
	for _, year := range []string{"2015", "2016"} {
		if _, err := New(context.Background(), source, year, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	lib, err := Load(source)
	if err == nil {
		err = lib.DraftProblems()
	}
	if err != nil || len(lib.Drafts) != 2 {
		t.Fatalf("%d drafts: %v", len(lib.Drafts), err)
	}
	made := t.TempDir()
	args := os.Args
	os.Args = args[:1] // by -test in its arguments, Hugo knows a test, and does not look at the environment
	defer func() { os.Args = args }()
	if err := render(source, made, "", lib.Drafts, true, nil); err != nil {
		t.Fatal(err)
	}
	if err := minifyFiles(made); err != nil {
		t.Fatal(err)
	}
	proof, err := check.Preview(os.DirFS(made), lib)
	if err != nil || proof.Reports != 3 {
		t.Errorf("%+v: %v", proof, err)
	}

	// As a site to publish, it would not do.
	_, err = check.Site(os.DirFS(made), lib)
	var problems report.Problems
	if !errors.As(err, &problems) {
		t.Errorf("a site that shows drafts passes: %v", err)
	}
}

// What cannot be added leaves the source as it was.
func TestNewAddsAllOrNothing(t *testing.T) {
	source := copied(t)
	if err := os.Mkdir(filepath.Join(source, "data", "2015"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "data", "2015", "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	// As if data/2015 came about after New had looked for it.
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

	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := New(stopped, source, "2016", time.Now()); err == nil {
		t.Error("it was not stopped")
	}
	if _, err := os.Stat(filepath.Join(source, "content", "2016")); err == nil {
		t.Error("it was stopped and added a report")
	}
}
