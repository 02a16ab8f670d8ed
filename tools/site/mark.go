package site

import (
	"bytes"
	"crypto/sha256"
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

// markHead is the first line of a mark. The names of the files that the build
// wrote follow: no command ever deletes any other file.
const markHead = "A build of the annual report wrote these files, and the next one replaces them. Keep files of your own elsewhere."

// unionSuffix ends the name of a mark that lists the files of two sites.
const unionSuffix = ".both"

// addMark adds the mark to a site.
func addMark(files afero.Fs) error {
	if _, err := files.Stat(release.Mark); err == nil {
		return report.Problems{nameProblem("static/" + release.Mark)}
	}
	text := bytes.NewBufferString(markHead + "\n")
	err := eachFile(files, func(name string) error {
		_, err := fmt.Fprintln(text, name)
		return err
	})
	return errors.Join(err, afero.WriteFile(files, release.Mark, text.Bytes(), 0o644))
}

// readMark returns the names of the files that a build wrote to a folder. The
// error is [fs.ErrNotExist] if no build wrote it.
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
		if fs.ValidPath(line) && line != "." { // even an altered mark names nothing outside
			names[line] = true
		}
	}
	return names, nil
}

// checkMark checks that the mark of a folder, if it has one, lists files of the folder: the
// next build deletes what it lists.
func checkMark(folder string) error {
	if _, err := os.Lstat(filepath.Join(folder, release.Mark)); err != nil {
		return nil
	}
	names, err := readMark(folder)
	for name := range names {
		if err == nil {
			_, err = os.Lstat(filepath.Join(folder, filepath.FromSlash(name)))
		}
	}
	if err != nil {
		return report.Problems{{Rule: "file", Pages: []string{"/" + release.Mark}, What: "the list of the site's files was altered, or is incomplete", Do: "build the site again in a new folder"}}
	}
	return nil
}

// findExtraFiles returns the files in a folder that are neither in names nor, with
// the same contents, in static.
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

// isSameFile reports whether both are regular files with the same contents.
func isSameFile(a, b string) bool {
	info, err := os.Lstat(a)
	info2, err2 := os.Lstat(b)
	if err != nil || err2 != nil || !info.Mode().IsRegular() || !info2.Mode().IsRegular() || info.Size() != info2.Size() {
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
	x, y := sha256.New(), sha256.New()
	_, err = io.Copy(x, f)
	_, err2 = io.Copy(y, g)
	return err == nil && err2 == nil && bytes.Equal(x.Sum(nil), y.Sum(nil))
}

// removeFiles removes files of a folder, and then its empty subfolders. It follows
// no link out of the folder.
func removeFiles(folder string, names map[string]bool) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	folders := map[string]bool{}
	for name := range names {
		if info, err := root.Lstat(filepath.FromSlash(name)); err == nil && info.IsDir() {
			continue // a folder in its place stays
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
			_ = root.Remove(filepath.FromSlash(dir)) // fails unless it is empty
		}
	}
	return nil
}

// removeSite removes from a folder what a build wrote, and, unless twin is "", what the
// folder twin has with the same contents, and then the folder if it is empty. The mark
// goes last, so that an interrupted removal can be repeated.
func removeSite(folder, twin string) error {
	names, err := readMark(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := removeFiles(folder, names); err != nil {
		return err
	}
	var folders []string // some may be empty, since their files have been moved
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
		_ = os.Remove(filepath.Join(folder, name)) // fails unless it is empty
	}
	remaining, err := os.ReadDir(folder)
	if err == nil && len(remaining) == 1 && remaining[0].Name() == release.Mark {
		err = os.Remove(filepath.Join(folder, release.Mark))
	}
	return errors.Join(err, os.Remove(folder))
}

// tidy removes what killed commands left beside a folder, and nothing that they
// may not have written.
func tidy(folder string) {
	entries, err := os.ReadDir(filepath.Dir(folder))
	if err != nil {
		return
	}
	for _, entry := range entries {
		random, ok := strings.CutPrefix(entry.Name(), "."+filepath.Base(folder)+"-")
		if ok && entry.IsDir() && isRandom(random) {
			_ = removeSite(filepath.Join(filepath.Dir(folder), entry.Name()), "")
		}
	}
}

// isRandom reports whether text is what ends the name of a temporary file.
func isRandom(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// abbreviate lists the first few of many names.
func abbreviate(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
