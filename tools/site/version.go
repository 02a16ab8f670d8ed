package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"annualreport/tools/report"
)

// What a site is built from: the files that Hugo reads, and the command's code.
var (
	siteSource = []string{"config.toml", "content", "data", "layouts", "static"}
	codeSource = []string{"go.mod", "go.sum", "tools"} // in tools, only the files of isCode
)

// codeSpecs are git pathspecs of the files in tools that the command is built
// from: its Go files except tests, and the files they embed.
var codeSpecs = []string{":(glob)tools/**/*.go", ":(glob,exclude)tools/**/*_test.go", ":(exclude)tools/node_modules",
	"tools/opendata/report.schema.json", ":(glob)tools/site/preview.*", "tools/site/start"}

// isCode reports whether the command is built from this file of tools.
func isCode(name string) bool {
	return path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") || name == "tools/opendata/report.schema.json" ||
		strings.HasPrefix(name, "tools/site/preview.") || strings.HasPrefix(name, "tools/site/start/")
}

// checkCode returns an error unless this program was built from the code in the
// source folder, and from the libraries listed in its go.sum. It accepts a source
// without code.
func checkCode(source string, code fs.FS) error {
	if _, err := os.Stat(filepath.Join(source, "tools")); code == nil || err != nil {
		return nil
	}
	const advice = "; build the command again, or run go run ./tools package"
	err := fs.WalkDir(os.DirFS(source), "tools", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "node_modules":
			return fs.SkipDir
		case entry.IsDir(), !isCode(name), strings.Count(name, "/") > 2 && !strings.HasPrefix(name, "tools/site/start/"):
			return nil
		}
		current, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(name)))
		built, err2 := fs.ReadFile(code, strings.TrimPrefix(name, "tools/"))
		if err != nil || err2 != nil || !bytes.Equal(current, built) {
			return fmt.Errorf("this command was built from a different %s than the one in the source%s", name, advice)
		}
		return nil
	})
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil {
		return fmt.Errorf("the source has the command's code, but not its go.sum: %w", err)
	}
	info, _ := debug.ReadBuildInfo()
	for _, library := range info.Deps {
		if library.Replace != nil {
			library = library.Replace
		}
		if !bytes.Contains(sums, []byte(library.Path+" "+library.Version+" "+library.Sum+"\n")) || library.Sum == "" {
			return fmt.Errorf("this command was built with a different %s than go.sum lists; if there is a go.work, set GOWORK=off%s", library.Path, advice)
		}
	}
	return nil
}

// A version identifies what a site was built from.
type version struct {
	name   string    // the latest report's name and a short hash of the source: 2014-1a2b3c4d
	source string    // a full description of the source
	time   time.Time // depends only on the source
	dirty  bool      // the source has changed since the commit
}

// findVersion identifies the source in its present state: by its commit, and by a
// checksum if it has changed since the commit or git does not know it.
func findVersion(ctx context.Context, source string, latest *report.Report) (version, error) {
	commit, when, dirty := findCommit(ctx, source)
	if commit != "" && !dirty {
		return version{name: latest.Name + "-" + commit[:8], source: "commit " + commit, time: when}, nil
	}
	sum, err := sumSource(source)
	if err != nil {
		return version{}, fmt.Errorf("cannot read the source: %w", err)
	}
	// Servers and caches use times to tell two versions of a file apart, so each
	// source without a commit gets a time of its own.
	year, _ := strconv.Atoi(latest.Name[:4]) // four digits
	when = time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(binary.BigEndian.Uint32(sum[:])%(180*86400)) * 2 * time.Second)
	v := version{name: fmt.Sprintf("%s-source-%x", latest.Name, sum[:4]), source: fmt.Sprintf("files with the checksum %x, not committed", sum), time: when, dirty: dirty}
	if commit != "" {
		v.name = fmt.Sprintf("%s-%s-changed-%x", latest.Name, commit[:8], sum[:4])
		v.source = fmt.Sprintf("commit %s with uncommitted changes: files with the checksum %x", commit, sum)
	}
	return v, nil
}

// findCommit returns the source's commit, the time of that commit, and whether the
// files that the site is built from have changed since. Without git, or if git does
// not know the source, commit is "".
func findCommit(ctx context.Context, source string) (commit string, when time.Time, dirty bool) {
	index := "GIT_OPTIONAL_LOCKS=0"
	runGit := func(args ...string) (string, bool) {
		git := exec.CommandContext(ctx, "git", append([]string{"-C", source, "--no-optional-locks", "--no-replace-objects", "-c", "core.fsmonitor=false",
			"-c", "core.sparseCheckout=false", "-c", "core.ignoreStat=false", "-c", "core.untrackedCache=false"}, args...)...)
		for _, setting := range os.Environ() {
			// In a git hook, these variables point to another repository.
			if name, _, _ := strings.Cut(setting, "="); !slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}, name) {
				git.Env = append(git.Env, setting)
			}
		}
		git.Env = append(git.Env, index)
		out, err := git.Output()
		return strings.TrimSpace(string(out)), err == nil
	}
	if _, isTracked := runGit("ls-files", "--error-unmatch", "--", "config.toml"); !isTracked {
		return "", when, false
	}
	head, ok := runGit("rev-list", "--max-count=1", "--timestamp", "HEAD")
	seconds, commit, _ := strings.Cut(head, " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if !ok || err != nil || len(commit) < 8 {
		return "", when, false
	}
	// The source's own index may mark changed files as unchanged.
	temporary, err := os.MkdirTemp("", "annual-report-")
	if err != nil {
		return "", when, false
	}
	defer os.RemoveAll(temporary)
	index = "GIT_INDEX_FILE=" + filepath.Join(temporary, "index")
	if _, ok := runGit("read-tree", "HEAD"); !ok {
		return "", when, false
	}
	status := []string{"status", "--porcelain", "--untracked-files=all", "--ignored", "--ignore-submodules=none", "--"}
	site, ok := runGit(slices.Concat(status, siteSource)...)
	code, ok2 := runGit(slices.Concat(status, []string{"go.mod", "go.sum"}, codeSpecs)...)
	if !ok || !ok2 {
		return "", when, false
	}
	return commit, time.Unix(n, 0).UTC(), site != "" || code != ""
}

// sumSource returns a checksum of the names and contents of all files that the
// site is built from.
func sumSource(source string) (sum [sha256.Size]byte, err error) {
	files := os.DirFS(source)
	all := sha256.New()
	for _, part := range slices.Concat(siteSource, codeSource) {
		if _, err := fs.Stat(files, part); err != nil {
			continue // a copy of the source may lack the code
		}
		err := fs.WalkDir(files, part, func(name string, entry fs.DirEntry, err error) error {
			code := part == "tools"
			switch {
			case err != nil:
				return err
			case entry.IsDir() && code && entry.Name() == "node_modules":
				return fs.SkipDir
			case entry.IsDir(), code && !isCode(name):
				return nil
			}
			file, err := files.Open(name)
			if err != nil {
				return err
			}
			defer file.Close()
			one := sha256.New()
			_, err = io.Copy(one, file)
			fmt.Fprintf(all, "%x  %q\n", one.Sum(nil), name)
			return err
		})
		if err != nil {
			return sum, err
		}
	}
	return [sha256.Size]byte(all.Sum(nil)), nil
}
