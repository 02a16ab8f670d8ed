package site

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"annualreport/tools/check"
	"annualreport/tools/testkit"
)

// manyReports gives a source folder with n reports: the real one, told again
// for as many years, with the real layouts. Each asks again what the one before
// did, and every tenth year that ends: nothing is asked for five hundred years.
func manyReports(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(testkit.CopySource("../..", dir))
	for i := range n {
		year := strconv.Itoa(2014 - i)
		thread := ""
		if oldest := i == n-1; !oldest && (2014-i)%10 != 0 {
			thread += fmt.Sprintf("\nfollows = \"%d/$1\"", 2013-i)
		}
		if newest := i == 0; !newest && (2015-i)%10 == 0 {
			thread += "\nclosed = \"It was asked for ten years.\""
		}
		for _, part := range []string{"content", "data"} {
			from := filepath.Join("../..", part, "2014")
			must(os.MkdirAll(filepath.Join(dir, part, year), 0o755))
			files, err := os.ReadDir(from)
			must(err)
			for _, file := range files {
				text, err := os.ReadFile(filepath.Join(from, file.Name()))
				must(err)
				told := strings.ReplaceAll(string(text), "2014", year)
				if name := file.Name(); name == "challenges.toml" || name == "recommendations.toml" {
					told = recordName.ReplaceAllString(told, "[$1]"+thread)
				}
				must(os.WriteFile(filepath.Join(dir, part, year, file.Name()), []byte(told), 0o644))
			}
		}
	}
	return dir
}

var recordName = regexp.MustCompile(`(?m)^\[([a-z-]+)\]$`)

var sizes = []int{1, 50, 500}

// made are the sites of each size, built once for all benchmarks.
var made = map[int]struct{ source, public string }{}

// site gives a source folder with n reports and the site built from it.
func sized(b *testing.B, n int) (source, public string) {
	b.Helper()
	if m, ok := made[n]; ok {
		return m.source, m.public
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		b.Fatal(err)
	}
	source = filepath.Join(dir, "source")
	if err := os.CopyFS(source, os.DirFS(manyReports(b, n))); err != nil {
		b.Fatal(err)
	}
	public = filepath.Join(dir, "public")
	if _, err := Build(context.Background(), Settings{Source: source, Destination: public}); err != nil {
		b.Fatal(err)
	}
	made[n] = struct{ source, public string }{source, public}
	return source, public
}

// TestMain takes away the sites that benchmarks made.
func TestMain(m *testing.M) {
	if folders := os.Getenv("BENCH_CHECK"); folders != "" {
		checkOnly(folders)
	}
	code := m.Run()
	for _, s := range made {
		os.RemoveAll(filepath.Dir(s.public))
	}
	os.Exit(code)
}

// peak gives the most memory, in megabytes, that a process of its own held
// while it checked a site: this test program, called with the two folders.
func peak(b *testing.B, source, public string) float64 {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BENCH_CHECK="+source+"\n"+public)
	out, err := cmd.Output()
	kilobytes, convErr := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || convErr != nil {
		b.Fatalf("%v, %v: %s", err, convErr, out)
	}
	return float64(kilobytes) / 1024
}

var highWater = regexp.MustCompile(`VmHWM:\s*([0-9]+) kB`)

// checkOnly is what the process that peak starts does: it checks, and prints
// the most memory that it held. (What the system tells its parent of it begins
// with the parent's own.)
func checkOnly(folders string) {
	source, public, _ := strings.Cut(folders, "\n")
	if _, err := Check(Settings{Source: source, Destination: public}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status, err := os.ReadFile("/proc/self/status")
	m := highWater.FindSubmatch(status)
	if err != nil || m == nil {
		fmt.Fprintln(os.Stderr, "the memory cannot be read:", err)
		os.Exit(1)
	}
	fmt.Printf("%s\n", m[1])
	os.Exit(0)
}

// BenchmarkCheck measures the check against a plain walk that parses each page
// into a tree and collects its links. They take turns, so that whatever else the
// machine does falls on both. The check takes in proving what it read.
func BenchmarkCheck(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("reports=%d", n), func(b *testing.B) {
			source, public := sized(b, n)
			lib, err := Load(source)
			if err != nil {
				b.Fatal(err)
			}
			pages := 0
			var checking, walking time.Duration
			for b.Loop() {
				runtime.GC() // neither pays for what the other left behind
				start := time.Now()
				proof, err := check.Site(os.DirFS(public), lib)
				checking += time.Since(start)
				if err != nil {
					b.Fatal(err)
				}
				pages += proof.Pages
				runtime.GC()
				start = time.Now()
				if walked := walkTrees(b, public); walked != proof.Pages {
					b.Fatalf("%d pages are walked, and %d checked", walked, proof.Pages)
				}
				walking += time.Since(start)
			}
			b.ReportMetric(0, "ns/op") // of both together, which says nothing
			b.ReportMetric(float64(pages)/checking.Seconds(), "pages/s")
			b.ReportMetric(walking.Seconds()/checking.Seconds(), "times-trees")
			b.ReportMetric(peak(b, source, public), "peak-MB")
		})
	}
}

// walkTrees is the yardstick: it parses every page, collects its links and
// gives how many pages there were.
func walkTrees(b *testing.B, dir string) (pages int) {
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		root, err := html.Parse(f)
		if err != nil {
			return err
		}
		var found []string
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "href" || a.Key == "src" {
					found = append(found, a.Val)
				}
			}
		}
		if len(found) == 0 {
			b.Errorf("%s has no links", name)
		}
		pages++
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return pages
}

// BenchmarkBuild measures the whole build against what Hugo alone takes for it.
func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("build/reports=%d", n), func(b *testing.B) {
			source, public := sized(b, n)
			for b.Loop() {
				if _, err := Build(context.Background(), Settings{Source: source, Destination: public}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("hugo/reports=%d", n), func(b *testing.B) {
			source, _ := sized(b, n)
			for b.Loop() {
				dir := b.TempDir()
				if err := render(source, dir, "", nil, false, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
