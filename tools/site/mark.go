package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/afero"

	"annualreport/tools/release"
	"annualreport/tools/report"
)

// markHead is the first line of a mark. Below it stand the names of the files
// that the build wrote: no command ever deletes another.
const markHead = "A build of the annual report wrote these files, and the next one replaces them. Keep files of your own elsewhere."

// both ends the name of a mark that names the files of two sites.
const unionSuffix = ".both"

// addMark puts the mark into a made site.
func addMark(files afero.Fs) error {
	if _, err := files.Stat(release.Mark); err == nil {
		return report.Problems{{Place: report.Place{File: "static/" + release.Mark}, Rule: "name-taken",
			What: "the build writes a file of this name", Do: "delete this one"}}
	}
	text := bytes.NewBufferString(markHead + "\n")
	err := eachFile(files, func(name string) error {
		_, err := fmt.Fprintln(text, name)
		return err
	})
	return errors.Join(err, afero.WriteFile(files, release.Mark, text.Bytes(), 0o644))
}

// readMark gives the names of the files that a build wrote into a folder. The
// error is [fs.ErrNotExist] if no build did.
func readMark(folder string) (map[string]bool, error) {
	name := filepath.Join(folder, release.Mark)
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > 64<<20 {
		return nil, fs.ErrNotExist
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	if lines[0] != markHead {
		return nil, fs.ErrNotExist
	}
	names := map[string]bool{}
	for _, line := range lines[1:] {
		if fs.ValidPath(line) && line != "." { // whatever was written into it, nothing leads out
			names[line] = true
		}
	}
	return names, nil
}

// strangers gives the files in a folder that are not of the names, and that
// static has not with the same bytes.
func findExtraFiles(folder string, names map[string]bool, static string) ([]string, error) {
	var all []string
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir(), name == release.Mark, entry.Type().IsRegular() && names[name]:
		case !entry.Type().IsRegular() || !isSameFile(filepath.Join(folder, filepath.FromSlash(name)), filepath.Join(static, filepath.FromSlash(name))):
			all = append(all, name)
		}
		return nil
	})
	return all, err
}

// sameFile tells whether both are plain files with the same bytes.
func isSameFile(a, b string) bool {
	infoA, err := os.Lstat(a)
	twin, err2 := os.Lstat(b)
	if err != nil || err2 != nil || !infoA.Mode().IsRegular() || !twin.Mode().IsRegular() || infoA.Size() != twin.Size() {
		return false
	}
	f, err := os.Open(a)
	if err != nil {
		return false
	}
	defer f.Close()
	g, err := os.Open(b)
	if err != nil {
		return false
	}
	defer g.Close()
	x, err := io.ReadAll(f)
	y, err2 := io.ReadAll(g)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// removeFiles removes files of a folder, and the folders in it that have nothing
// left. No link in it leads out.
func removeFiles(folder string, names map[string]bool) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	folders := map[string]bool{}
	for name := range names {
		if info, err := root.Lstat(filepath.FromSlash(name)); err == nil && info.IsDir() {
			continue // it has what it is to keep
		}
		if err := root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
		for dir := path.Dir(name); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	for _, dir := range slices.Backward(slices.Sorted(maps.Keys(folders))) {
		if info, err := root.Lstat(filepath.FromSlash(dir)); err == nil && info.IsDir() {
			_ = root.Remove(filepath.FromSlash(dir)) // it stays if there is something in it
		}
	}
	return nil
}

// removeSite removes what a build wrote into a folder, what another folder has
// with the same bytes, and the folder if nothing else is in it. The mark goes
// last: whenever this is stopped, it can be repeated.
func removeSite(folder, twin string) error {
	names, err := readMark(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := removeFiles(folder, names); err != nil {
		return err
	}
	var folders []string // of which some may be empty, their files having been moved
	copies := map[string]bool{}
	err = fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if twin != "" && name != release.Mark && err == nil && isSameFile(filepath.Join(folder, name), filepath.Join(twin, name)) {
			copies[name] = true
		}
		if name == release.Mark+unionSuffix || err == nil && entry.IsDir() && name != "." {
			folders = append(folders, name)
		}
		return err
	})
	if err := errors.Join(err, removeFiles(folder, copies)); err != nil {
		return err
	}
	for _, name := range slices.Backward(folders) {
		_ = os.Remove(filepath.Join(folder, name)) // it stays if there is something in it
	}
	remaining, err := os.ReadDir(folder)
	if err == nil && len(remaining) == 1 && remaining[0].Name() == release.Mark {
		err = os.Remove(filepath.Join(folder, release.Mark))
	}
	return errors.Join(err, os.Remove(folder))
}

// tidy removes what killed commands left beside a folder. What it cannot take
// for theirs stays.
func tidy(folder string) {
	entries, err := os.ReadDir(filepath.Dir(folder))
	if err != nil {
		return
	}
	for _, entry := range entries {
		random, ok := strings.CutPrefix(entry.Name(), "."+filepath.Base(folder)+"-")
		if ok && entry.IsDir() && random != "" && strings.Trim(random, "0123456789") == "" {
			_ = removeSite(filepath.Join(filepath.Dir(folder), entry.Name()), "")
		}
	}
}

// some names the first few of many files.
func abbreviate(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
