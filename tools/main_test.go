package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tools": main, "plain-hugo": plainHugo})
}

// A full disk changes nothing, unless the command says what it has changed.
func TestDiskFull(t *testing.T) {
	full := fmt.Errorf("write x: %w", syscall.ENOSPC)
	for want, err := range map[string]error{
		"the disk is full, so nothing was changed": full,
		"write x: no space left on device\n":       site.PartialError{Err: full},
	} {
		var stdout, stderr strings.Builder
		if code := finish(err, &stdout, &stderr); code != 1 || stdout.Len() > 0 || !strings.HasPrefix(stderr.String(), want) {
			t.Errorf("it exits with %d and says %s%s, want %s", code, stdout.String(), stderr.String(), want)
		}
	}
}

// scripts run in folders of their own, each with a copy of the tests' own report.
var scripts = testscript.Params{
	Dir:             "testdata",
	ContinueOnError: true,
	Setup: func(env *testscript.Env) error {
		project, err := filepath.Abs("..")
		if err != nil {
			return err
		}
		env.Setenv("PROJECT", project)
		env.Cd = filepath.Join(env.WorkDir, "site")
		return copySource(env.Cd)
	},
	Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"restore": restore,
		"edit":    edit,
		"at":      at,
		"same":    same,
		"tidy":    tidy,
		"get":     get,
		"port":    port,
		"preview": preview,
		"shown":   shown,
		"write":   write,
		"add":     add,
		"unpack":  unpack,
	},
}

// TestScripts runs the sessions in testdata.
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts)
}

// copySource copies the source to a folder. Its contacts are marked as checked
// today, so that the scripts see no advice to check them, whatever the day.
func copySource(folder string) error {
	contacts := filepath.Join(folder, "data", "contacts.toml")
	err := testkit.CopySource("..", folder)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(contacts)
	if err != nil {
		return err
	}
	return os.WriteFile(contacts, checkedLine.ReplaceAll(text, []byte("checked = "+time.Now().UTC().Format(time.DateOnly))), 0o644)
}

var checkedLine = regexp.MustCompile(`(?m)^checked = .*$`)

// restore restores the source. restore NAME [N] replaces it with another of testkit's
// reports: second, or inquiry, which makes N recommendations if N is given.
func restore(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range testkit.Source {
		ts.Check(os.RemoveAll(ts.MkAbs(name)))
	}
	switch len(args) {
	case 0:
		ts.Check(copySource(ts.MkAbs(".")))
	case 1:
		ts.Check(testkit.Copy("..", ts.MkAbs("."), args[0]))
	default:
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		ts.Check(testkit.CopyRecommendations("..", ts.MkAbs("."), n))
	}
}

var lineBreaks = strings.NewReplacer(`\n`, "\n")

// edit FILE OLD NEW replaces the first OLD in FILE, which must contain it. \n is a line break.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	old, text := lineBreaks.Replace(args[1]), ts.ReadFile(args[0])
	if !strings.Contains(text, old) {
		ts.Fatalf("%s has no %q", args[0], old)
	}
	text = strings.Replace(text, old, lineBreaks.Replace(args[2]), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// at FILE TEXT sets $at to file:line of the first line of FILE that contains TEXT, and $line to the line number.
func at(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: at FILE TEXT")
	}
	start, _, ok := strings.Cut(ts.ReadFile(args[0]), lineBreaks.Replace(args[1]))
	if !ok {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	line := strconv.Itoa(1 + strings.Count(start, "\n"))
	ts.Setenv("at", args[0]+":"+line)
	ts.Setenv("line", line)
}

// same DIR DIR fails unless two folders have the same files, byte for byte.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same DIR DIR")
	}
	a, b := tree(ts, args[0]), tree(ts, args[1])
	differ := len(a) != len(b)
	for name, data := range a {
		if other, ok := b[name]; !ok || !bytes.Equal(data, other) {
			ts.Logf("%s differs", name)
			differ = true
		}
	}
	if differ != neg {
		ts.Fatalf("%s and %s: differ is %v", args[0], args[1], differ)
	}
}

func tree(ts *testscript.TestScript, dir string) map[string][]byte {
	files := map[string][]byte{}
	root := ts.MkAbs(dir)
	ts.Check(filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil || entry.IsDir() {
			files[rel+"/"] = nil
			return err
		}
		files[rel], err = os.ReadFile(name)
		return err
	}))
	return files
}

// tidy NAME... fails if the folder contains anything but the source and the names.
func tidy(ts *testscript.TestScript, neg bool, args []string) {
	allowed := map[string]bool{}
	for _, name := range append(args, testkit.Source...) {
		allowed[name] = true
	}
	entries, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	for _, entry := range entries {
		if !allowed[entry.Name()] {
			ts.Fatalf("%s was left behind", entry.Name())
		}
	}
}

// write YEAR fills in what is still to be written in the report of YEAR and deletes
// the line draft = true, so that it can be published.
func write(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: write YEAR")
	}
	toWrite := strings.NewReplacer("\ndraft = true", "", "date = "+args[0]+"-01-01", "date = "+args[0]+"-10-21", "TO WRITE: ", "Of "+args[0]+": ")
	for _, part := range []string{"content", "data"} {
		names, err := filepath.Glob(ts.MkAbs(filepath.Join(part, args[0], "*")))
		ts.Check(err)
		for _, name := range names {
			ts.Check(os.WriteFile(name, []byte(toWrite.Replace(ts.ReadFile(name))), 0o644))
		}
	}
}

// unpack ZIP DIR unpacks a zip to a new folder. ZIP may be a pattern.
func unpack(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: unpack ZIP DIR")
	}
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	if err != nil || len(names) != 1 {
		ts.Fatalf("%s is %d files: %v", args[0], len(names), err)
	}
	z, err := zip.OpenReader(names[0])
	ts.Check(err)
	defer z.Close()
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), z))
	for _, file := range z.File {
		ts.Check(os.Chtimes(filepath.Join(ts.MkAbs(args[1]), file.Name), file.Modified, file.Modified))
	}
}

// exampleBlock matches a block of TOML, CSV or Markdown in tools/docs/editing.md.
var exampleBlock = regexp.MustCompile("(?s)```(?:toml|csv|markdown)\n(.*?)```")

// add N FILE appends the Nth example block, counted from 1, to FILE, which need not exist.
func add(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: add N FILE")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	readme, err := os.ReadFile("docs/editing.md")
	ts.Check(err)
	blocks := exampleBlock.FindAllSubmatch(readme, -1)
	if n < 1 || n > len(blocks) {
		ts.Fatalf("tools/docs/editing.md has %d blocks", len(blocks))
	}
	text := ""
	if _, err := os.Stat(ts.MkAbs(args[1])); err == nil {
		text = ts.ReadFile(args[1]) + "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text+string(blocks[n-1][1])), 0o644))
}

// patience is how long a test waits for a preview on a busy computer.
const patience = 30 * time.Second

// port sets $port to a free port.
func port(ts *testscript.TestScript, neg bool, args []string) {
	_, number, err := net.SplitHostPort(freeAddress(ts))
	ts.Check(err)
	ts.Setenv("port", number)
}

// freeAddress returns an address of this computer with a free port.
func freeAddress(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	return l.Addr().String()
}

// get URL TEXT requests URL until the answer contains TEXT, or with ! no longer
// contains it, for at most half a minute.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: get URL TEXT")
	}
	var last string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		response, err := http.Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if last = string(body); err == nil && strings.Contains(last, args[1]) != neg {
			return
		}
	}
	ts.Fatalf("%s: after %v, %q is there: %v\n%s", args[0], patience, args[1], neg, last)
}
