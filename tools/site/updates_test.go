package site

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// An overlay reads like a folder on the disk.
func TestOverlay(t *testing.T) {
	source := fstest.MapFS{"a/one": {Data: []byte("1")}, "a/two": {Data: []byte("2")}, "a/three": {Data: []byte("3")}}
	want := fstest.MapFS{"a/one": {Data: []byte("one")}, "a/three": {Data: []byte("3")}}
	files := overlay{source, map[string][]byte{"a/one": []byte("one"), "a/two": nil}}
	for name, file := range want {
		if data, err := files.ReadFile(name); err != nil || string(data) != string(file.Data) {
			t.Errorf("%s is %q, %v", name, data, err)
		}
		if info, err := files.Lstat(name); err != nil || info.Size() != int64(len(file.Data)) {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if entries, err := files.ReadDir("a"); err != nil || len(entries) != 2 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
	for _, err := range []error{errOf(files.ReadFile("a/two")), errOf(files.Open("a/two")), errOf(files.Stat("a/two"))} {
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a file that would not be there: %v", err)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }

// All files are replaced, or none, and no temporary files are left.
func TestReplaceFiles(t *testing.T) {
	files := map[string]string{"a.toml": "a", "b.toml": "b"}
	begin := func(t *testing.T) (string, []replacement) {
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
				t.Fatal(err)
			}
		}
		return dir, []replacement{{"a.toml", []byte("a"), []byte("A")}, {"b.toml", []byte("b"), []byte("B")}}
	}
	has := func(t *testing.T, dir, a, b string) {
		t.Helper()
		for name, want := range map[string]string{"a.toml": a, "b.toml": b} {
			info, err := os.Stat(filepath.Join(dir, name))
			data, _ := os.ReadFile(filepath.Join(dir, name))
			if err != nil || string(data) != want || info.Mode().Perm() != 0o640 {
				t.Errorf("%s is %q, %v", name, data, err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(dir, ".updates-*")); left != nil {
			t.Errorf("%v are left", left)
		}
	}
	t.Run("all", func(t *testing.T) {
		dir, all := begin(t)
		if err := replaceFiles(context.Background(), dir, all, os.Rename); err != nil {
			t.Error(err)
		}
		has(t, dir, "A", "B")
	})
	t.Run("changed meanwhile", func(t *testing.T) {
		dir, all := begin(t)
		all[1].old = []byte("x")
		if err := replaceFiles(context.Background(), dir, all, os.Rename); err == nil || !strings.HasPrefix(err.Error(), "cannot change b.toml: it has changed in the meantime") {
			t.Error(err)
		}
		has(t, dir, "a", "b")
	})
	t.Run("stopped", func(t *testing.T) {
		dir, all := begin(t)
		ctx, stop := context.WithCancel(context.Background())
		stop()
		if err := replaceFiles(ctx, dir, all, os.Rename); err == nil || err.Error() != "stopped before anything was changed" {
			t.Error(err)
		}
		has(t, dir, "a", "b")
	})
	cannot := func(old, new string) error {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: syscall.ENOSPC}
	}
	t.Run("half-way", func(t *testing.T) {
		dir, all := begin(t)
		err := replaceFiles(context.Background(), dir, all, func(old, new string) error {
			if filepath.Base(new) == "b.toml" {
				return cannot(old, new)
			}
			return os.Rename(old, new)
		})
		if err == nil || err.Error() != "cannot change b.toml: no space left on device; nothing was changed" {
			t.Error(err)
		}
		has(t, dir, "a", "b")
	})
	t.Run("half-way and not back", func(t *testing.T) {
		dir, all := begin(t)
		n := 0
		err := replaceFiles(context.Background(), dir, all, func(old, new string) error {
			if n++; n > 1 {
				return cannot(old, new)
			}
			return os.Rename(old, new)
		})
		var partial PartialError
		if !errors.As(err, &partial) || err.Error() != "cannot change b.toml: no space left on device; other files were changed before it, and could not be changed back: what they had before is in a.toml.old" {
			t.Error(err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "a.toml.old")); string(data) != "a" {
			t.Errorf("a.toml.old is %q, %v", data, err)
		}
	})
	t.Run("open in an editor", func(t *testing.T) {
		dir, all := begin(t)
		if err := os.Symlink("somebody@somewhere", filepath.Join(dir, ".#b.toml")); err != nil {
			t.Skip(err)
		}
		if err := replaceFiles(context.Background(), dir, all, os.Rename); err == nil || !strings.Contains(err.Error(), "cannot change b.toml: it is open in another program") {
			t.Error(err)
		}
		has(t, dir, "a", "b")
	})
}

// Names and ids in rows are matched as people write them, and ambiguous ones are
// refused.
func TestRecord(t *testing.T) {
	dir := testkit.NewSource(t, "../..")
	const head = "report,kind,item,title,body,date,answer,text,source\n"
	for row, want := range map[string]string{
		"2014,Challenge,Early-Help,,ctb,2026-11-20,ACCEPTED,x,https://example.org/":                        "",
		",,early-help,,CTB,2026-11-20,accepted,x,https://example.org/":                                     "",
		"2014,,think-family,,ctb,2026-11-20,,x,https://example.org/":                                       "column item: [unknown-reference] “think-family” is the id of several items: a challenge of 2014, a recommendation of 2014; fill in the column kind",
		"2014,,,,ctb,2026-11-20,,x,https://example.org/":                                                   "column item: [missing-cell]",
		"2014,chalenge,early-help,,ctb,2026-11-20,,x,https://example.org/":                                 "column kind: [unknown-word] “chalenge” is not a kind of item; did you mean challenge?",
		"2014,challenge,early-help,Embed the Think Family protocol,ctb,2026-11-20,,x,https://example.org/": "column title: [wrong-title] the row is about “early-help”, but has the title of “think-family”",
		"2014,challenge,early-help,Our own words,ctb,2026-11-20,,x,https://example.org/":                   "",
		"2014,challenge,early-help,,ctb; CTB,2026-11-20,,x,https://example.org/":                           "column body: [repeated-value] “CTB” appears twice in this cell",
		"2014,challenge,early-help,,;,2026-11-20,,x,https://example.org/":                                  "column body: [missing-cell]",
		"2014,challenge,early-help,,ctb,2026-11-20,to do,x,https://example.org/":                           "column answer: [unknown-reference] “to do” is not one of the words for a body's answer; write one of ",
		"2014,challenge,early-help,,ctb,2026-11-20,,\"a\n[\"\"to-write\"\"]\",https://example.org/":        "column text: [draft] the report of 2014 is a draft",
	} {
		file := filepath.Join(t.TempDir(), "u.csv")
		if err := os.WriteFile(file, []byte(head+row+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		recording, err := Record(context.Background(), dir, file, true)
		var problems report.Problems
		switch {
		case want == "" && (err != nil || recording.Added() != 1 || recording.MovesDate):
			t.Errorf("%s: %v, %+v", row, err, recording)
		case want != "" && (!errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(problems[0].String(), want)):
			t.Errorf("%s: it says %v", row, err)
		}
	}
}

// Spreadsheets turn some reports' names into months.
func TestSpellings(t *testing.T) {
	if all := strings.Join(listSpellings("2011-12"), " "); !strings.HasPrefix(all, "2011-12 Dec-11 ") {
		t.Error(all)
	}
	if all := listSpellings("2014-15"); len(all) != 1 {
		t.Error(all)
	}
}
