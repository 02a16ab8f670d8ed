package site

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A replacement is a file of the source with its old and new contents.
type replacement struct {
	name     string // from the source folder
	old, new []byte
}

// file returns the path of the file.
func (r replacement) file(source string) string {
	return filepath.Join(source, filepath.FromSlash(r.name))
}

// replaceFiles writes the new contents of files of source with rename, [os.Rename]: all
// of them, or none. The files keep their modes. It fails if a file has changed since it
// was read. If it fails and cannot undo what it has done, the error is a [PartialError].
func replaceFiles(ctx context.Context, source string, all []replacement, rename func(old, new string) error) error {
	if err := checkReplaceable(source, all); err != nil {
		return err
	}
	tidyTemps(source, all)
	temps := map[string]bool{} // the temporary files beside them, to be removed
	defer func() {
		for name := range temps {
			os.Remove(name)
		}
	}()
	write := func(r replacement, data []byte) (string, error) {
		name, err := writeBeside(r.file(source), data)
		if name != "" {
			temps[filepath.Clean(name)] = true
		}
		return name, err
	}
	newNames, oldNames := make([]string, len(all)), make([]string, len(all))
	for i, r := range all {
		var err, err2 error
		newNames[i], err = write(r, r.new)
		oldNames[i], err2 = write(r, r.old)
		if err := cmp.Or(err, err2); err != nil {
			return cannotChange(r.name, err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped before anything was changed")
	}
	if err := checkReplaceable(source, all); err != nil { // somebody may have saved one in the meantime
		return err
	}
	for i, r := range all {
		if err := rename(newNames[i], r.file(source)); err != nil {
			kept := restore(source, all[:i], oldNames, rename)
			if kept == nil {
				return cannotChange(r.name, err)
			}
			for _, name := range kept {
				delete(temps, filepath.Join(source, filepath.FromSlash(name)))
			}
			cause, _ := fileCause(err)
			return PartialError{fmt.Errorf("cannot change %s: %w; other files were changed before it, and could not be changed back: what they had before is in %s", r.name, cause, strings.Join(kept, " and "))}
		}
	}
	return nil
}

// restore gives replaced files their old contents again, which are in the files
// oldNames. Where it cannot, it keeps the old contents in a file beside, and returns its
// name.
func restore(source string, replaced []replacement, oldNames []string, rename func(old, new string) error) (kept []string) {
	for i, r := range replaced {
		if rename(oldNames[i], r.file(source)) == nil {
			continue
		}
		name := r.name + ".old"
		if os.Rename(oldNames[i], filepath.Join(source, filepath.FromSlash(name))) != nil {
			name = path.Join(path.Dir(r.name), filepath.Base(oldNames[i]))
		}
		kept = append(kept, name)
	}
	return kept
}

// tempPrefix begins the name of a temporary file.
const tempPrefix = ".updates-"

// tidyTemps removes the temporary files of killed commands beside the files to be
// replaced.
func tidyTemps(source string, all []replacement) {
	for _, r := range all {
		folder := filepath.Dir(r.file(source))
		entries, _ := os.ReadDir(folder) // tidying is not worth stopping for
		for _, entry := range entries {
			random, ok := strings.CutPrefix(entry.Name(), tempPrefix)
			if ok && entry.Type().IsRegular() && isRandom(random) {
				os.Remove(filepath.Join(folder, entry.Name()))
			}
		}
	}
}

// cannotChange is the error for a file that cannot be changed.
func cannotChange(name string, err error) error {
	cause, _ := fileCause(err)
	return fmt.Errorf("cannot change %s: %w; nothing was changed", name, cause)
}

// writeBeside writes data to a new file beside file, with the same mode. If it has
// created one, it returns its name even if there is an error.
func writeBeside(file string, data []byte) (name string, err error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(file), tempPrefix+"*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
}

// lockNames are the names of the files that LibreOffice, Vim and Emacs keep beside
// a file while it is open.
var lockNames = []string{".~lock.%s#", ".%s.swp", ".#%s"}

// checkReplaceable returns an error unless each file is unchanged, writable, and
// not open in a program that would overwrite the change.
func checkReplaceable(source string, all []replacement) error {
	for _, r := range all {
		file := r.file(source)
		info, err := os.Lstat(file)
		if err != nil {
			return cannotChange(r.name, err)
		}
		if !info.Mode().IsRegular() {
			return cannotChange(r.name, errors.New("it is not a file"))
		}
		for _, lock := range lockNames {
			name := fmt.Sprintf(lock, path.Base(r.name))
			if _, err := os.Lstat(filepath.Join(filepath.Dir(file), name)); err == nil {
				return cannotChange(r.name, fmt.Errorf("it is open in another program; save and close it there, or if no program has it open, delete %s", path.Join(path.Dir(r.name), name)))
			}
		}
		if info.Mode().Perm()&0o200 == 0 {
			return cannotChange(r.name, errors.New("it is read-only"))
		}
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if errors.Is(err, fs.ErrPermission) {
			return cannotChange(r.name, errors.New("you do not have permission to write to it"))
		}
		if err != nil {
			return cannotChange(r.name, err)
		}
		f.Close()
		if data, err := os.ReadFile(file); err != nil || !bytes.Equal(data, r.old) {
			return cannotChange(r.name, errors.New("it has changed in the meantime"))
		}
	}
	return nil
}
