package report_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// The files that most mistakes are made in.
const (
	recommendations = "data/2014/recommendations.toml"
	challenges      = "data/2014/challenges.toml"
	themes          = "data/2014/themes.toml"
	measures        = "data/2014/measures.toml"
	contacts        = "data/contacts.toml"
	summary         = "content/2014/_index.md"
	issues          = "content/2014/main-issues.md"
	conclusions     = "content/2014/conclusions.md"
	purpose         = "content/2014/purpose.md"
)

// today is the day on which the tests read the report.
var today = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// An edit is what somebody does to one file of a source, or to a folder.
type edit func(t *testing.T, files fstest.MapFS)

func edits(all ...edit) []edit { return all }

// replace puts text in the place of the first old in a file, which must have it.
func replace(name, old, text string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		before, after, found := strings.Cut(read(t, files, name), old)
		if !found {
			t.Fatalf("%s has no %q", name, old)
		}
		files[name] = &fstest.MapFile{Data: []byte(before + text + after)}
	}
}

// write makes a file, or writes it anew.
func write(name, text string) edit {
	return func(t *testing.T, files fstest.MapFS) { files[name] = &fstest.MapFile{Data: []byte(text)} }
}

// begin puts text at the beginning of a file.
func begin(name, text string) edit {
	return func(t *testing.T, files fstest.MapFS) { write(name, text+read(t, files, name))(t, files) }
}

// remove takes a file away, or a folder.
func remove(name string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		if move(t, files, name, "") == 0 {
			t.Fatalf("there is no %s", name)
		}
	}
}

// rename returns another name to a file, or to a folder.
func rename(from, to string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		if move(t, files, from, to) == 0 {
			t.Fatalf("there is no %s", from)
		}
	}
}

// move takes the files with a name, or in a folder, to another name, or away
// if that is "". It returns how many they are.
func move(t *testing.T, files fstest.MapFS, from, to string) int {
	moved := fstest.MapFS{}
	for name, file := range files {
		if rest, found := strings.CutPrefix(name, from); found && (rest == "" || rest[0] == '/') {
			moved[to+rest] = file
			delete(files, name)
		}
	}
	if to != "" {
		for name, file := range moved {
			files[name] = file
		}
	}
	return len(moved)
}

// folder makes an empty folder.
func folder(name string) edit {
	return func(t *testing.T, files fstest.MapFS) { files[name] = &fstest.MapFile{Mode: fs.ModeDir | 0o755} }
}

// link makes a symbolic link.
func link(name, target string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		files[name] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
	}
}

func read(t *testing.T, files fstest.MapFS, name string) string {
	t.Helper()
	file := files[name]
	if file == nil {
		t.Fatalf("there is no %s", name)
	}
	return string(file.Data)
}

// A problem is what is said of a place, word for word: of the first line of a
// file that has text, or of the file as a whole if there is no text.
type problem struct{ file, text, says string }

type problems []problem

// where returns the place of the first line of a file that has text, or of the
// file as a whole if there is no text.
func where(t *testing.T, files fstest.MapFS, name, text string) string {
	t.Helper()
	if text == "" {
		return name
	}
	before, _, found := strings.Cut(read(t, files, name), text)
	if !found {
		t.Fatalf("%s has no %q", name, text)
	}
	return fmt.Sprintf("%s:%d", name, 1+strings.Count(before, "\n"))
}

// compare checks that err has the problems that are wanted, all of them and no others.
func compare(t *testing.T, files fstest.MapFS, err error, want problems) {
	t.Helper()
	var found report.Problems
	if err != nil && !errors.As(err, &found) {
		t.Fatalf("an error of the type %T: %v", err, err)
	}
	match(t, files, found, want)
}

// match checks that what was found is what is wanted, and nothing else.
func match(t *testing.T, files fstest.MapFS, found []report.Problem, want problems) {
	t.Helper()
	var lines, wanted []string
	for _, p := range found {
		lines = append(lines, p.String())
	}
	for _, p := range want {
		wanted = append(wanted, where(t, files, p.file, p.text)+": "+p.says)
	}
	slices.Sort(lines)
	slices.Sort(wanted)
	if !slices.Equal(lines, wanted) {
		t.Errorf("it says\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(wanted, "\n"))
	}
}

// A mistake is made by edits, and there are problems then.
type mistake struct {
	name  string
	edits []edit
	want  problems
}

// try makes each mistake in a source of its own, and compares what Load says.
func try(t *testing.T, source func(*testing.T) fstest.MapFS, mistakes []mistake) {
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			files := source(t)
			for _, edit := range m.edits {
				edit(t, files)
			}
			_, err := report.Load(files, today)
			compare(t, files, err, m.want)
		})
	}
}

// load reads a source that must be good.
func load(t *testing.T, files fs.FS) *report.Library {
	t.Helper()
	lib, err := report.Load(files, today)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// first returns the tests' own report, of 2014 alone.
func first(*testing.T) fstest.MapFS { return testkit.MemorySource() }
