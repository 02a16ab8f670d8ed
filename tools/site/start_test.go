package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
)

const northshire = "Northshire Adult Safeguarding Board"

// foreign matches words about this folder's publisher and the people it serves.
var foreign = regexp.MustCompile(`(?i)\b(leeds|child|children|young|board)\b`)

// startNorthshire creates a folder for another body, and returns its path.
func startNorthshire(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "ns")
	created, err := Start(t.Context(), "../..", northshire, folder, time.Now())
	if err != nil || created.Publisher != northshire {
		t.Fatal(created, err)
	}
	return folder
}

// A folder for another body has every fixed word, and none about this folder's
// publisher.
func TestStartWords(t *testing.T) {
	folder := startNorthshire(t)
	var changes, words map[string]any // a text, or its singular and plural
	for name, table := range map[string]*map[string]any{"../../" + wordsFile: &changes, filepath.Join(folder, wordsFile): &words} {
		if _, err := toml.DecodeFile(name, table); err != nil {
			t.Fatal(err)
		}
	}
	for key := range changes {
		if words[key] == nil {
			t.Errorf("there are no words %s", key)
		}
	}
	for key, text := range words {
		if foreign.MatchString(fmt.Sprint(text)) {
			t.Errorf("%s = %q", key, text)
		}
	}
	start, err := os.ReadFile("start/" + wordsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range wordLine.FindAllStringSubmatch(string(start), -1) {
		if changes[m[1]] == nil {
			t.Errorf("start has words %s, but no page uses it", m[1])
		}
	}
}

// A folder for another body has no trace of this folder's publisher, and a whole
// command.
func TestStartLeavesNoTrace(t *testing.T) {
	folder := startNorthshire(t)
	texts := 0
	_ = fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			t.Error(err)
			return nil
		}
		data, _ := os.ReadFile(filepath.Join(folder, name))
		text := string(data)
		if strings.Contains(strings.ToLower(text), "leeds") {
			t.Errorf("%s speaks of Leeds", name)
		}
		if entry.IsDir() || name == wordsFile || !regexp.MustCompile(`^(content|data|README|config)`).MatchString(name) {
			return nil
		}
		texts++
		for _, name := range []string{northshire, "northshire-adult-safeguarding-board"} {
			text = strings.ReplaceAll(text, name, "")
		}
		if word := foreign.FindString(text); word != "" || strings.Contains(text, "{publisher") || strings.Contains(text, "{name") {
			t.Errorf("%s has %q, or words in braces", name, word)
		}
		return nil
	})
	if texts < 10 {
		t.Errorf("only %d texts are written", texts)
	}
	if testing.Short() {
		return
	}
	list := exec.Command("go", "list", "-deps", "./tools")
	list.Dir, list.Env = folder, append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	if out, err := list.CombinedOutput(); err != nil {
		t.Errorf("the command is not whole: %v\n%s", err, out)
	}
}

// On 1 January, an example of that date would count as still to be written.
func TestStartOnFirstOfJanuary(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "ns")
	created, err := Start(t.Context(), "../..", northshire, folder, time.Date(2026, time.January, 1, 9, 0, 0, 0, time.UTC))
	if err != nil || created.Report != "2025" {
		t.Fatal(created.Report, err)
	}
	if lib, err := Load(folder); err != nil || len(lib.Reports) != 1 || lib.Latest.Date.ISO() != "2025-12-31" {
		t.Error(err)
	}
}

// A folder that cannot be created leaves nothing behind.
func TestStartMakesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	canceled, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Start(canceled, "../..", northshire, filepath.Join(dir, "ns"), time.Now()); err == nil {
		t.Error("it was not stopped")
	}
	// As if a folder with files was created after Start had looked for it.
	occupied := filepath.Join(dir, "taken")
	err := fillFolder(t.Context(), occupied, func(temp string) error {
		return errors.Join(os.Mkdir(occupied, 0o755), os.WriteFile(filepath.Join(occupied, "mine"), nil, 0o644))
	})
	if cause, ofFile := fileCause(err); !ofFile || !errors.Is(cause, fs.ErrExist) {
		t.Errorf("the error is %v", err)
	}
	err = fillFolder(t.Context(), occupied, func(temp string) error {
		return errors.Join(addFile(temp, "a/b", nil), addFile(temp, "mine", nil))
	})
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("the error is %v", err)
	}
	var names []string
	for _, folder := range []string{dir, occupied} {
		entries, _ := os.ReadDir(folder)
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
	}
	if !slices.Equal(names, []string{"taken", "mine"}) {
		t.Errorf("there are %v", names)
	}
}

// A body's name becomes a name without meaning in Markdown or TOML, and an id.
func TestPublisherName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, name, id string }{
		{northshire, northshire, "northshire-adult-safeguarding-board"},
		{"  King's Lynn & \"West\" ", "King’s Lynn & “West”", "kings-lynn-and-west"},
		{"Bwrdd Diogelu Môn (2020)", "Bwrdd Diogelu Môn (2020)", "bwrdd-diogelu-mon-2020"},
		{strings.Repeat("a", longestName), strings.Repeat("a", longestName), strings.Repeat("a", longestName)},
		{strings.Repeat("a", longestName+1), "", ""},
		{"", "", ""}, {"&", "&", "and"}, {"—", "", ""}, {"委員会", "", ""},
		{"A\nB", "", ""}, {"A\u202eB", "", ""}, {"A *B*", "", ""}, {`A\B`, "", ""}, {"A [B]", "", ""}, {"A {{B}}", "", ""}, {"A\xffB", "", ""},
	} {
		name, id, err := publisherName(test.text)
		var usage UsageError
		if name != test.name || id != test.id || (test.name == "") != errors.As(err, &usage) {
			t.Errorf("%q becomes %q and %q, %v", test.text, name, id, err)
		}
	}
}
