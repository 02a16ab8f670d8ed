package check

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
)

// wholePage returns a page that has all that a page needs, with body in its main part.
func wholePage(title, body string) string {
	return `<!doctype html><html lang=en><head><meta http-equiv=Content-Security-Policy content="default-src 'none'"><title>` + title +
		`</title><meta name=description content="` + title + `"></head><body><main>text ` + body + `</main></body></html>`
}

// problems checks a site with nothing but the given files, and gives what is wrong with it, but for the data that it lacks.
func problems(t *testing.T, site fs.FS) report.Problems {
	t.Helper()
	_, err := Site(site, &report.Library{}, nil)
	var all report.Problems
	if err != nil && !errors.As(err, &all) {
		t.Fatalf("an error of the type %T", err)
	}
	return slices.DeleteFunc(all, func(p report.Problem) bool { return p.Rule == "open-data" })
}

// one checks that a site has exactly one problem, of the given rule, whose text has the given words.
func one(t *testing.T, site fs.FS, rule, words string) {
	t.Helper()
	if all := problems(t, site); len(all) != 1 || all[0].Rule != rule || !strings.Contains(all[0].String(), words) {
		t.Errorf("want one problem [%s] … %s; there are:\n%v", rule, words, all)
	}
}

// An endless is a file of a size that no page has, made as it is read.
type endless struct {
	fs.FS
	head, unit string
	size       int64
}

type endlessFile struct {
	io.Reader
	endless
}

func (e endless) Open(name string) (fs.File, error) {
	if name != "index.html" {
		return e.FS.Open(name)
	}
	return &endlessFile{io.MultiReader(strings.NewReader(e.head), io.LimitReader(&repeat{unit: e.unit}, e.size)), e}, nil
}

func (f *endlessFile) Stat() (fs.FileInfo, error) { return fs.Stat(f.FS, "index.html") }
func (f *endlessFile) Close() error               { return nil }

type repeat struct {
	unit string
	next int
}

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.unit[r.next]
		r.next = (r.next + 1) % len(r.unit)
	}
	return len(p), nil
}

// Pages that are made to exhaust memory are reported without exhausting it.
func TestBounds(t *testing.T) {
	base := fstest.MapFS{"index.html": {Data: []byte("x")}}
	for name, e := range map[string]endless{
		"one line of 200 MB":      {base, "<p>", "a", 200 << 20},
		"one attribute of 200 MB": {base, "<p id=", "a", 200 << 20},
		"one comment of 200 MB":   {base, "<!-- ", "a", 200 << 20},
		"one script of 200 MB":    {base, "<script>", "a", 200 << 20},
		"200 MB of elements":      {base, "", "<p>a</p>", 200 << 20},
		"200 MB of links":         {base, "", "<a href=x>a</a>", 200 << 20},
		"a million open elements": {base, "", "<b>", 3_000_000},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		one(t, e, "unreadable", "/: [unreadable] the file cannot be read: it")
		runtime.ReadMemStats(&after)
		t.Logf("%s: %.1f s", name, time.Since(start).Seconds())
		if taken := int64(after.Sys) - int64(before.Sys); taken > 200<<20 {
			t.Errorf("%s took %d MB", name, taken>>20)
		}
	}
}

// Elements whose text is wanted, within each other: a page with too many is
// reported, not read in part.
func TestNestedNotes(t *testing.T) {
	const unit = "<div id=challenge-x><a href=#challenge-x>"
	text := strings.Repeat("some text<b></b>", 400_000)
	for times, want := range map[int]error{maxNotes / 2: nil, maxNotes/2 + 1: errNotes, 400: errNotes} {
		r := newReader(expectX())
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, err := r.read(strings.NewReader(strings.Repeat(unit, times)+text), itemPage)
		runtime.ReadMemStats(&after)
		if err != want || err == nil && len(p.twins) != times-1 {
			t.Errorf("%d times within each other: %v", times, err)
		}
		if taken := int64(after.Sys) - int64(before.Sys); taken > 200<<20 {
			t.Errorf("it took %d MB", taken>>20)
		}
	}
}

// Files that are no plain files are reported and never opened: reading a FIFO would wait for ever.
func TestNotPlainFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("index.html", wholePage("front", `<a href=pipe.html>x</a>`))
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.html"), 0o644); err != nil {
		t.Fatal(err)
	}
	one(t, os.DirFS(dir), "unreadable", "/pipe.html: [unreadable] the file cannot be read: it is a link or a device, not a plain file")
	os.Remove(filepath.Join(dir, "pipe.html"))

	// A folder that holds itself is not walked round and round.
	write("index.html", wholePage("front", ""))
	if err := os.Symlink(".", filepath.Join(dir, "loop")); err != nil {
		t.Fatal(err)
	}
	one(t, os.DirFS(dir), "unreadable", "/loop: [unreadable] the file cannot be read: it is a link")
}

// A vanishing is a site of which a file goes away between being listed and being read.
type vanishing struct{ fs.FS }

func (v vanishing) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "gone") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return v.FS.Open(name)
}

func TestVanishingFile(t *testing.T) {
	site := fstest.MapFS{
		"index.html": {Data: []byte(wholePage("front", `<a href=gone.html>x</a>`))},
		"gone.html":  {Data: []byte(wholePage("gone", ""))},
	}
	one(t, vanishing{site}, "unreadable", "/gone.html: [unreadable] the file is missing")
}

// Names with spaces, percent signs, question marks and letters of any script are found.
func TestStrangeNames(t *testing.T) {
	site := fstest.MapFS{"index.html": {Data: []byte(wholePage("front",
		`<a href="a%20b/index.html?">1</a><a href="a b/index.html">2</a><a href=%C3%A9t%C3%A9.html>3</a><a href=été.html#%C3%A9>4</a><a href=100%25.html>5</a><a href=x%3Fy.html?z>6</a>`))}}
	for name, title := range map[string]string{"a b/index.html": "1", "été.html": `2`, "100%.html": "3", "x?y.html": "4"} {
		site[name] = &fstest.MapFile{Data: []byte(wholePage(title, "<p id=é>x"))}
	}
	if all := problems(t, site); len(all) > 0 {
		t.Error(all)
	}
}

// HTML may be written in many ways.
func TestWaysOfWriting(t *testing.T) {
	site := fstest.MapFS{
		"index.html": {Data: []byte(strings.ToUpper(`<!doctype html><html><head><title>front</title><meta name=description content=front>`) +
			`<META HTTP-EQUIV='content-security-policy' CONTENT='DEFAULT-SRC &apos;none&apos;'><BODY><MAIN>text<P ID='a&amp;b'>x<P>y<A HREF=&#x6f;ther.html>z</A><a href='#a&amp;b'>w</a></MAIN></HTML>`)},
		"other.html": {Data: []byte(wholePage("other", ""))},
	}
	if all := problems(t, site); len(all) > 0 {
		t.Error(all)
	}
}

// What is wrong with a hundred pages in the same way is reported once.
func TestReportedOnce(t *testing.T) {
	site := fstest.MapFS{"index.html": {Data: []byte(wholePage("front", ""))}}
	links := ""
	for _, name := range strings.Fields(strings.Repeat("x ", 100)) {
		name += string(rune('a'+len(site)%26)) + string(rune('a'+len(site)/26)) + ".html"
		links += "<a href=" + name + ">x</a>"
		site[name] = &fstest.MapFile{Data: []byte(wholePage(name, `<img alt="" src=//example.org/x.png><p id=a><p id=a><a href=nowhere.html>x</a>`))}
	}
	site["index.html"].Data = []byte(wholePage("front", links))
	rules := map[string]int{}
	for _, p := range problems(t, site) {
		rules[p.Rule]++
	}
	if len(rules) != 3 || rules["foreign-request"] != 1 || rules["repeated-id"] != 1 || rules["broken-link"] != 1 {
		t.Errorf("the problems by rule: %v", rules)
	}
}
