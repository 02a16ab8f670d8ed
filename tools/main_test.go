package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"annualreport/tools/testkit"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tools": main, "plain-hugo": plainHugo})
}

// scripts are run in a folder of their own that holds a copy of the tests' own report.
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

// copySource copies the source into a folder. Its contacts were checked today, so
// that the scripts meet no advice to check them, on whatever day they are run.
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
	return os.WriteFile(contacts, checked.ReplaceAll(text, []byte("checked = "+time.Now().UTC().Format(time.DateOnly))), 0o644)
}

var checked = regexp.MustCompile(`(?m)^checked = .*$`)

// restore puts the source back as it was. restore NAME [N] puts another of
// testkit's reports in its place: second, or inquiry, which makes N
// recommendations in place of its own.
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

// edit FILE OLD NEW replaces the first OLD in FILE, which must have it. \n is a line break.
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

// at FILE TEXT sets $at to the place, file:line, of the first line of FILE that has TEXT, and $line to the line alone.
func at(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: at FILE TEXT")
	}
	before, _, found := strings.Cut(ts.ReadFile(args[0]), lineBreaks.Replace(args[1]))
	if !found {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	line := strconv.Itoa(1 + strings.Count(before, "\n"))
	ts.Setenv("at", args[0]+":"+line)
	ts.Setenv("line", line)
}

// same DIR DIR sees that two folders have the same files, byte for byte.
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

// tidy sees that the folder holds the source, and else only what args name.
func tidy(ts *testscript.TestScript, neg bool, args []string) {
	known := map[string]bool{}
	for _, name := range append(args, testkit.Source...) {
		known[name] = true
	}
	entries, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	for _, entry := range entries {
		if !known[entry.Name()] {
			ts.Fatalf("%s was left behind", entry.Name())
		}
	}
}

// write YEAR writes what is still to be written in the report of YEAR and takes
// the line draft = true out, so that it is one to publish.
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

// unpack ZIP DIR unpacks a zip into a new folder, as people do. ZIP may be a pattern.
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

// exampleBlock is a block of TOML, CSV or Markdown in tools/docs/editing.md.
var exampleBlock = regexp.MustCompile("(?s)```(?:toml|csv|markdown)\n(.*?)```")

// add N FILE adds tools/docs/editing.md's Nth such block, counted from 1, at the end of FILE.
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
	text := ts.ReadFile(args[1]) + "\n" + string(blocks[n-1][1])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// patience is how long a test waits for what a preview does, on a computer that
// has other things to do.
const patience = 30 * time.Second

// port sets $port to a port that is free.
func port(ts *testscript.TestScript, neg bool, args []string) {
	_, number, err := net.SplitHostPort(freeAddress(ts))
	ts.Check(err)
	ts.Setenv("port", number)
}

// freeAddress gives an address of this computer with a port that is free.
func freeAddress(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	return l.Addr().String()
}

// get URL TEXT asks for URL until the answer has TEXT, or with ! has it no more,
// for half a minute at most.
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
	ts.Fatalf("%s: it is %v that there is %q:\n%s", args[0], neg, args[1], last)
}
