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

// All files are replaced, or none, and no temporary files are left. What cannot be put back
// is kept.
func TestReplaceFiles(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	const full = "no space left on device"
	for name, trial := range map[string]struct {
		change func(dir string, all []replacement) error // before, or nil
		ctx    context.Context
		rename func(n int, new string) bool // whether the nth renaming, counted from 1, works
		err    string
		a, b   string // the texts of the files afterwards
		kept   string // what a.toml.old has
	}{
		"all": {nil, t.Context(), nil, "", "A", "B", ""},
		"changed meanwhile": {func(_ string, all []replacement) error { all[1].old = []byte("x"); return nil }, t.Context(), nil,
			"cannot change b.toml: it has changed in the meantime; nothing was changed", "a", "b", ""},
		"stopped": {nil, stopped, nil, "stopped before anything was changed", "a", "b", ""},
		"open in an editor": {func(dir string, _ []replacement) error {
			return os.Symlink("somebody@somewhere", filepath.Join(dir, ".#b.toml"))
		}, t.Context(), nil,
			"cannot change b.toml: it is open in another program; save and close it there, or if no program has it open, delete .#b.toml; nothing was changed", "a", "b", ""},
		"half-way": {nil, t.Context(), func(_ int, new string) bool { return filepath.Base(new) != "b.toml" },
			"cannot change b.toml: " + full + "; nothing was changed", "a", "b", ""},
		"half-way and not back": {nil, t.Context(), func(n int, _ string) bool { return n == 1 },
			"cannot change b.toml: " + full + "; other files were changed before it, and could not be changed back: what they had before is in a.toml.old", "A", "b", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			all := []replacement{{"a.toml", []byte("a"), []byte("A")}, {"b.toml", []byte("b"), []byte("B")}}
			err := errors.Join(os.WriteFile(filepath.Join(dir, "a.toml"), []byte("a"), 0o640), os.WriteFile(filepath.Join(dir, "b.toml"), []byte("b"), 0o640))
			if err == nil && trial.change != nil {
				err = trial.change(dir, all)
			}
			if err != nil {
				t.Skip(err)
			}
			n := 0
			err = replaceFiles(trial.ctx, dir, all, func(old, new string) error {
				if n++; trial.rename != nil && !trial.rename(n, new) {
					return &os.LinkError{Op: "rename", Old: old, New: new, Err: syscall.ENOSPC}
				}
				return os.Rename(old, new)
			})
			if err != nil && err.Error() != trial.err || (err == nil) != (trial.err == "") || errors.As(err, &PartialError{}) != (trial.kept != "") {
				t.Errorf("the error is %v, want %s", err, trial.err)
			}
			checkFiles(t, dir, trial.a, trial.b, trial.kept)
		})
	}
}

// checkFiles checks the texts of the files that TestReplaceFiles replaces.
func checkFiles(t *testing.T, dir, a, b, kept string) {
	t.Helper()
	for name, want := range map[string]string{"a.toml": a, "b.toml": b, "a.toml.old": kept} {
		info, err := os.Stat(filepath.Join(dir, name))
		if data, _ := os.ReadFile(filepath.Join(dir, name)); string(data) != want || want != "" && (err != nil || info.Mode().Perm() != 0o640) {
			t.Errorf("%s is %q, %v", name, data, err)
		}
	}
	if temps, _ := filepath.Glob(filepath.Join(dir, ".updates-*")); len(temps) > 0 {
		t.Errorf("%v are left", temps)
	}
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
