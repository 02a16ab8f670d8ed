package site

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
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

// siteSource are the files and folders that Hugo reads, and codeSource those that the
// command is built from.
var (
	siteSource = []string{"config.toml", "content", "data", "layouts", "static"}
	codeSource = []string{"go.mod", "go.sum", "tools"} // in tools, only the files of isCode
)

// isCode reports whether the command is built from this file of tools: its Go files
// except tests, and the files they embed.
func isCode(name string) bool {
	return path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") || name == "tools/opendata/report.schema.json" ||
		strings.HasPrefix(name, "tools/site/preview.") || strings.HasPrefix(name, "tools/site/start/")
}

// isSource reports whether a site is built from this file of the source.
func isSource(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return isSiteSource(name) || slices.Contains(codeSource, top) && (top != "tools" || isCode(name))
}

// isSiteSource reports whether Hugo reads this file or folder of the source. It does not
// read what programs leave there, which can be anything hidden, except in static: there,
// servers ask for some hidden files, and a build reports the others.
func isSiteSource(name string) bool {
	top, rest, _ := strings.Cut(name, "/")
	switch {
	case !slices.Contains(siteSource, top):
		return false
	case top == "static":
		return !report.IsLeftover(rest)
	}
	return !strings.HasPrefix(rest, ".") && !strings.Contains(rest, "/.") && !strings.HasSuffix(rest, "~")
}

// eachSourceFile calls visit with each file that a site is built from, and its size.
func eachSourceFile(source string, visit func(name string, file io.Reader, size int64) error) error {
	files := os.DirFS(source)
	for _, part := range slices.Concat(siteSource, codeSource) {
		if _, err := fs.Stat(files, part); err != nil {
			continue // a copy of the source may lack the code
		}
		err := fs.WalkDir(files, part, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && part == "tools" && entry.Name() == "node_modules":
				return fs.SkipDir
			case entry.IsDir(), !isSource(name):
				return nil
			}
			info, err := fs.Stat(files, name)
			if err == nil && !info.Mode().IsRegular() { // reading a device or pipe might never end
				err = fmt.Errorf("%s is not a file; restore it", name)
			}
			if err != nil {
				return err
			}
			file, err := files.Open(name)
			if err != nil {
				return err
			}
			defer file.Close()
			return visit(name, file, info.Size())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hasCode reports whether the source has the command's code.
func hasCode(source string) bool {
	_, err := os.Stat(filepath.Join(source, "tools"))
	return err == nil
}

// listCode returns the names of the files in tools, or in a copy of it, that the
// command is built from.
func listCode(tools fs.FS) (names []string, err error) {
	err = fs.WalkDir(tools, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "node_modules":
			return fs.SkipDir
		case entry.IsDir() || !isCode("tools/"+name):
		case !entry.Type().IsRegular(): // reading a device or pipe might never end
			return fmt.Errorf("tools/%s is not a file; restore it", name)
		default:
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// checkCode returns an error unless this program was built from the code in the
// source folder, and from the libraries listed in its go.sum. It accepts a source
// without code.
func checkCode(source string, code fs.FS) error {
	if code == nil || !hasCode(source) {
		return nil
	}
	const advice = "; build the command again, or run go run ./tools package"
	tools := os.DirFS(filepath.Join(source, "tools"))
	current, err := listCode(tools)
	embedded, err2 := listCode(code)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(current, embedded)))) {
		a, err := fs.ReadFile(tools, name)
		b, err2 := fs.ReadFile(code, name)
		if err != nil || err2 != nil || !bytes.Equal(a, b) {
			return fmt.Errorf("this command was built from a different tools/%s than the one in the source%s", name, advice)
		}
	}
	sums, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil {
		return fmt.Errorf("the source has the command's code, but not its go.sum: %w", err)
	}
	for _, library := range listLibraries() {
		if !bytes.Contains(sums, []byte(library.Path+" "+library.Version+" "+library.Sum+"\n")) || library.Sum == "" {
			return fmt.Errorf("this command was built with a different %s than go.sum lists; if there is a go.work, set GOWORK=off%s", library.Path, advice)
		}
	}
	return nil
}

// listLibraries returns the libraries that this program was built with.
func listLibraries() (libraries []*debug.Module) {
	info, _ := debug.ReadBuildInfo()
	for _, library := range info.Deps {
		if library.Replace != nil {
			library = library.Replace
		}
		libraries = append(libraries, library)
	}
	return libraries
}

// sumCode returns a checksum of the code and the libraries that this program was
// built from.
func sumCode(code fs.FS) string {
	all := sha256.New()
	names, err := listCode(code)
	for _, name := range names {
		text, readErr := fs.ReadFile(code, name)
		err = errors.Join(err, readErr)
		fmt.Fprintf(all, "%x  %q\n", sha256.Sum256(text), name)
	}
	if err != nil {
		panic(err) // the code is part of the program
	}
	for _, library := range listLibraries() {
		fmt.Fprintf(all, "%s %s %s\n", library.Path, library.Version, library.Sum)
	}
	return fmt.Sprintf("%x", all.Sum(nil))
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
	when = time.Date(parseYear(latest.Name), time.January, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(binary.BigEndian.Uint32(sum[:])%(180*86400)) * 2 * time.Second)
	v := version{name: fmt.Sprintf("%s-source-%x", latest.Name, sum[:4]), source: fmt.Sprintf("files with the checksum %x, not committed", sum), time: when, dirty: dirty}
	if commit != "" {
		v.name = fmt.Sprintf("%s-%s-changed-%x", latest.Name, commit[:8], sum[:4])
		v.source = fmt.Sprintf("commit %s with uncommitted changes: files with the checksum %x", commit, sum)
	}
	return v, nil
}

// findCommit returns the source's commit, the time of that commit, and whether the
// files that the site is built from differ from it. Without git, or if git does not
// know the source, commit is "".
//
// It compares the bytes of the files: git itself can be told that a changed file is
// unchanged, or to ignore a part of it.
func findCommit(ctx context.Context, source string) (commit string, when time.Time, dirty bool) {
	head, ok := runGit(ctx, source, "rev-list", "--max-count=1", "--timestamp", "HEAD")
	seconds, commit, _ := strings.Cut(strings.TrimSpace(head), " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if !ok || err != nil || len(commit) < 8 {
		return "", when, false
	}
	list, ok := runGit(ctx, source, "ls-tree", "-r", "-z", commit)
	blobs := map[string]string{}
	for line := range strings.SplitSeq(list, "\x00") {
		// 100644 blob 1a2b3c… TAB content/glossary.md
		if object, name, ok := strings.Cut(line, "\t"); ok && isSource(name) {
			blobs[name] = object
		}
	}
	if !ok || len(blobs) == 0 {
		return "", when, false
	}
	err = eachSourceFile(source, func(name string, file io.Reader, size int64) error {
		sum := sha1.New()
		if len(commit) == 2*sha256.Size {
			sum = sha256.New()
		}
		fmt.Fprintf(sum, "blob %d\x00", size)
		_, err := io.Copy(sum, file)
		dirty = dirty || !strings.HasPrefix(blobs[name], "100") || !strings.HasSuffix(blobs[name], fmt.Sprintf(" blob %x", sum.Sum(nil)))
		delete(blobs, name)
		return err
	})
	return commit, time.Unix(n, 0).UTC(), dirty || err != nil || len(blobs) > 0
}

// runGit returns the output of git in a folder, and whether it succeeded.
func runGit(ctx context.Context, folder string, args ...string) (string, bool) {
	git := exec.CommandContext(ctx, "git", append([]string{"-C", folder, "--no-optional-locks", "--no-replace-objects"}, args...)...)
	for _, setting := range os.Environ() {
		// In a git hook, these variables point to another repository.
		if name, _, _ := strings.Cut(setting, "="); !slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}, name) {
			git.Env = append(git.Env, setting)
		}
	}
	out, err := git.Output()
	return string(out), err == nil
}

// sumSource returns a checksum of the names and contents of all files that the
// site is built from.
func sumSource(source string) (sum [sha256.Size]byte, err error) {
	all := sha256.New()
	err = eachSourceFile(source, func(name string, file io.Reader, _ int64) error {
		one := sha256.New()
		_, err := io.Copy(one, file)
		fmt.Fprintf(all, "%x  %q\n", one.Sum(nil), name)
		return err
	})
	return [sha256.Size]byte(all.Sum(nil)), err
}
