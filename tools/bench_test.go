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

// The benchmarks time the whole command, each run in a process of its own. Each
// alternates with a yardstick, so that a busy machine slows both:
//
//	go test ./tools -run xxx -bench . -benchtime 5x -timeout 1h

// BenchmarkBuild measures the CPU time of build for each HTML page of fifty
// reports. The yardstick is what Hugo takes for the same Markdown with a one-line
// layout.
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
		count, err := strconv.Atoi(printed)
		require(b, err)
		plainCPU, plainPages = plainCPU+took, plainPages+count
	}
	page, plainPage := cpu.Seconds()*1000/float64(pages), plainCPU.Seconds()*1000/float64(plainPages)
	b.ReportMetric(0, "ns/op") // of both together, which means nothing
	b.ReportMetric(page, "cpu-ms/page")
	b.ReportMetric(plainPage, "hugo-cpu-ms/page")
	b.ReportMetric(page/plainPage, "times-hugo")
}

// BenchmarkCheck measures the time of check for five hundred reports. The yardstick
// is the time to read and compress the same pages, one after the other.
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

// BenchmarkPreview measures, with twenty reports, the time from saving a page's
// Markdown until the preview serves the new text, and until it lists the page's
// problem: its description is another page's.
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
		await(b, page, "[page-title]", true)
		proving += time.Since(start)
		require(b, os.WriteFile(file, text, 0o644))
		await(b, page, sentence, false)
		await(b, page, "[page-title]", false)
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

// execute runs one of the commands of TestMain, and returns its CPU time and its
// output.
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

// htmlFiles returns the paths of all pages in a folder.
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

// startPreview starts a preview of a source folder, which ends with the benchmark,
// and returns its address.
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

// await requests a page until it contains a text, or no longer contains it.
func await(b *testing.B, address, text string, want bool) {
	b.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		response, err := http.Get(address)
		if err != nil {
			continue // it is not listening yet
		}
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil && response.StatusCode == http.StatusOK && bytes.Contains(page, []byte(text)) == want {
			return
		}
	}
	b.Fatalf("%s: %q is there: %v", address, text, !want)
}

// plainHugo is the yardstick of BenchmarkBuild, run as a command: it renders a
// source folder in memory and prints the number of HTML pages.
func plainHugo() {
	flags := config.New()
	flags.Set("workingDir", os.Args[1])
	flags.Set("publishDir", "public")
	flags.Set("disableKinds", []string{"taxonomy", "term", "rss", "sitemap", "404"})
	flags.Set("disableAliases", true)
	output := afero.NewMemMapFs()
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{Fs: hugofs.Os, Flags: flags, Logger: loggers.NewDefault()})
	if err == nil {
		var sites *hugolib.HugoSites
		sites, err = hugolib.NewHugoSites(deps.DepsCfg{Configs: configs, Fs: hugofs.NewFromSourceAndDestination(hugofs.Os, output, flags)})
		if err == nil {
			err = sites.Build(hugolib.BuildCfg{})
		}
	}
	pages := 0
	err = errors.Join(err, afero.Walk(output, "/", func(name string, _ fs.FileInfo, err error) error {
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
