package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"

	"annualreport/tools/testkit"
)

// The benchmarks measure the whole command, each time in a process of its own,
// as people wait for it. A yardstick takes turns with it, so that whatever else
// the machine does falls on both:
//
//	go test ./tools -run xxx -bench . -benchtime 5x -timeout 1h

// BenchmarkBuild measures the CPU time that build takes for each HTML page of
// fifty reports. The yardstick is what Hugo takes for a page of the same
// Markdown if all that a layout does is to print it.
func BenchmarkBuild(b *testing.B) {
	source, public, plain := testkit.NewReports(b, "..", 50), filepath.Join(b.TempDir(), "public"), b.TempDir()
	require(b, os.CopyFS(filepath.Join(plain, "content"), os.DirFS(filepath.Join(source, "content"))))
	require(b, os.Mkdir(filepath.Join(plain, "layouts"), 0o755))
	require(b, os.WriteFile(filepath.Join(plain, "layouts", "all.html"), []byte("{{ .Content }}\n"), 0o644))
	var cpu, plainCPU time.Duration
	var pages, plainPages int
	for b.Loop() {
		took, _ := execute(b, "tools", "build", "--source", source, "--destination", public)
		cpu, pages = cpu+took, pages+len(htmlFiles(b, public))
		took, printed := execute(b, "plain-hugo", plain)
		made, err := strconv.Atoi(printed)
		require(b, err)
		plainCPU, plainPages = plainCPU+took, plainPages+made
	}
	page, plainPage := cpu.Seconds()*1000/float64(pages), plainCPU.Seconds()*1000/float64(plainPages)
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
	b.ReportMetric(page, "cpu-ms/page")
	b.ReportMetric(plainPage, "hugo-cpu-ms/page")
	b.ReportMetric(page/plainPage, "times-hugo")
}

// BenchmarkCheck measures the time that check takes for five hundred reports.
// The yardstick is what it takes to read and compress the same pages, one after
// the other.
func BenchmarkCheck(b *testing.B) {
	source, public := testkit.NewReports(b, "..", 500), filepath.Join(b.TempDir(), "public")
	execute(b, "tools", "build", "--source", source, "--destination", public)
	pages := htmlFiles(b, public)
	var checking, compressing time.Duration
	for b.Loop() {
		start := time.Now()
		execute(b, "tools", "check", "--source", source, "--destination", public)
		checking += time.Since(start)
		start = time.Now()
		for _, name := range pages {
			page, err := os.ReadFile(name)
			require(b, err)
			out, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
			require(b, err)
			_, err = out.Write(page)
			require(b, errors.Join(err, out.Close()))
		}
		compressing += time.Since(start)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(pages)), "pages")
	b.ReportMetric(checking.Seconds()/float64(b.N), "s")
	b.ReportMetric(checking.Seconds()/compressing.Seconds(), "times-gzip")
}

// BenchmarkPreview measures, with twenty reports, how long it takes from saving
// a page's Markdown until the preview serves the page with the new text, and
// until it lists what is wrong with that: the description is another page's.
func BenchmarkPreview(b *testing.B) {
	source := testkit.NewReports(b, "..", 20)
	file := filepath.Join(source, "content", "2014", "purpose.md")
	text, err := os.ReadFile(file)
	require(b, err)
	other, err := os.ReadFile(filepath.Join(source, "content", "2014", "background.md"))
	require(b, err)
	wrong := description.ReplaceAllLiteral(text, description.Find(other))
	page := startPreview(b, source) + "2014/purpose/"
	await(b, page, "", true)

	var showing, proving time.Duration
	for n := 1; b.Loop(); n++ {
		sentence := fmt.Sprintf("This is change number %d.", n)
		start := time.Now()
		require(b, os.WriteFile(file, append(wrong, "\n"+sentence+"\n"...), 0o644))
		await(b, page, sentence, true)
		showing += time.Since(start)
		await(b, page, "[page-description]", true)
		proving += time.Since(start)
		require(b, os.WriteFile(file, text, 0o644))
		await(b, page, sentence, false)
		await(b, page, "[page-description]", false)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(showing.Seconds()*1000/float64(b.N), "ms-to-page")
	b.ReportMetric(proving.Seconds()*1000/float64(b.N), "ms-to-verdict")
}

var description = regexp.MustCompile(`(?m)^description = ".*"$`)

func require(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// execute runs one of the commands that TestMain has, and gives the CPU time
// that it took and what it printed.
func execute(b *testing.B, name string, args ...string) (cpu time.Duration, printed string) {
	b.Helper()
	cmd := exec.Command(name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), strings.TrimSpace(stdout.String())
}

// htmlFiles gives the paths of all pages in a folder.
func htmlFiles(b *testing.B, folder string) (names []string) {
	b.Helper()
	require(b, filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
		if filepath.Ext(name) == ".html" {
			names = append(names, name)
		}
		return err
	}))
	return names
}

// startPreview starts a preview of a source folder, which ends with the
// benchmark, and gives its address.
func startPreview(b *testing.B, source string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require(b, err)
	l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require(b, err)
	cmd := exec.Command("tools", "serve", "--source", source, "--port", port)
	require(b, cmd.Start())
	b.Cleanup(func() {
		if err := errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()); err != nil {
			b.Error(err)
		}
	})
	return "http://127.0.0.1:" + port + "/"
}

// await asks for a page until it has a text, or has it no more.
func await(b *testing.B, address, text string, there bool) {
	b.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		response, err := http.Get(address)
		if err != nil {
			continue // it has not begun to listen
		}
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil && response.StatusCode == http.StatusOK && bytes.Contains(page, []byte(text)) == there {
			return
		}
	}
	b.Fatalf("%s: %q was to be there: %v", address, text, there)
}

// plainHugo is the yardstick of BenchmarkBuild, run as a command: it makes the
// pages of a source folder in memory and prints how many HTML pages there are.
func plainHugo() {
	flags := config.New()
	flags.Set("workingDir", os.Args[1])
	flags.Set("publishDir", "public")
	flags.Set("disableKinds", []string{"taxonomy", "term", "rss", "sitemap", "404"})
	flags.Set("disableAliases", true)
	made := afero.NewMemMapFs()
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{Fs: hugofs.Os, Flags: flags, Logger: loggers.NewDefault()})
	if err == nil {
		var sites *hugolib.HugoSites
		sites, err = hugolib.NewHugoSites(deps.DepsCfg{Configs: configs, Fs: hugofs.NewFromSourceAndDestination(hugofs.Os, made, flags)})
		if err == nil {
			err = sites.Build(hugolib.BuildCfg{})
		}
	}
	pages := 0
	err = errors.Join(err, afero.Walk(made, "/", func(name string, _ fs.FileInfo, err error) error {
		if filepath.Ext(name) == ".html" {
			pages++
		}
		return err
	}))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(pages)
}
