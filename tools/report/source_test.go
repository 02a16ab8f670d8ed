package report_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
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

// replace replaces the first old in a file, which must have it, with text.
func replace(name, old, text string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		before, after, ok := strings.Cut(read(t, files, name), old)
		if !ok {
			t.Fatalf("%s has no %q", name, old)
		}
		files[name] = &fstest.MapFile{Data: []byte(before + text + after)}
	}
}

// write creates a file or replaces its content.
func write(name, text string) edit {
	return func(t *testing.T, files fstest.MapFS) { files[name] = &fstest.MapFile{Data: []byte(text)} }
}

// begin puts text at the beginning of a file.
func begin(name, text string) edit {
	return func(t *testing.T, files fstest.MapFS) { write(name, text+read(t, files, name))(t, files) }
}

// remove removes a file or a folder.
func remove(name string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		if move(files, name, "") == 0 {
			t.Fatalf("there is no %s", name)
		}
	}
}

// rename gives a file or a folder another name.
func rename(name, newName string) edit {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		if move(files, name, newName) == 0 {
			t.Fatalf("there is no %s", name)
		}
	}
}

// move gives a file, or all files in a folder, another name, or removes them if that is
// "". It returns the number of files.
func move(files fstest.MapFS, oldName, newName string) int {
	matches := fstest.MapFS{}
	for name, file := range files {
		if rest, ok := strings.CutPrefix(name, oldName); ok && (rest == "" || rest[0] == '/') {
			matches[newName+rest] = file
			delete(files, name)
		}
	}
	if newName != "" {
		maps.Copy(files, matches)
	}
	return len(matches)
}

// folder creates an empty folder.
func folder(name string) edit {
	return func(t *testing.T, files fstest.MapFS) { files[name] = &fstest.MapFile{Mode: fs.ModeDir | 0o755} }
}

// link creates a symbolic link.
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

// A problem is a message, word for word, at the first line of a file that has text, or
// for the file as a whole if there is no text.
type problem struct{ file, text, message string }

type problems []problem

// where returns the place of the first line of a file that has text, or of the
// file as a whole if there is no text.
func where(t *testing.T, files fstest.MapFS, name, text string) string {
	t.Helper()
	if text == "" {
		return name
	}
	before, _, ok := strings.Cut(read(t, files, name), text)
	if !ok {
		t.Fatalf("%s has no %q", name, text)
	}
	return fmt.Sprintf("%s:%d", name, 1+strings.Count(before, "\n"))
}

// compare checks that err has exactly the problems in want.
func compare(t *testing.T, files fstest.MapFS, err error, want problems) {
	t.Helper()
	var got report.Problems
	if err != nil && !errors.As(err, &got) {
		t.Fatalf("the error has the type %T: %v", err, err)
	}
	match(t, files, got, want)
}

// match checks that got has exactly the problems in want.
func match(t *testing.T, files fstest.MapFS, got []report.Problem, want problems) {
	t.Helper()
	var gotLines, wantLines []string
	for _, p := range got {
		gotLines = append(gotLines, p.String())
	}
	for _, p := range want {
		wantLines = append(wantLines, where(t, files, p.file, p.text)+": "+p.message)
	}
	slices.Sort(gotLines)
	slices.Sort(wantLines)
	if !slices.Equal(gotLines, wantLines) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(gotLines, "\n"), strings.Join(wantLines, "\n"))
	}
}

// A mistake is a series of edits, with the problems that follow.
type mistake struct {
	name  string
	edits []edit
	want  problems
}

// try makes each mistake in a source of its own, and compares the problems that Load
// reports.
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

// load reads a source that must be valid.
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
