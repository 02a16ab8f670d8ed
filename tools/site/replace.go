package site

import (
	"bytes"
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

// replaceFiles writes the new contents of files of source: all of them, or none.
// The files keep their modes. It fails if a file has changed since it was read.
func replaceFiles(ctx context.Context, source string, all []replacement) (err error) {
	if err := checkReplaceable(source, all); err != nil {
		return err
	}
	tidyTemps(source, all)
	var temps []string // the temporary files beside them, to be removed
	defer func() {
		for _, name := range temps {
			os.Remove(name)
		}
	}()
	newNames, oldNames := make([]string, len(all)), make([]string, len(all))
	for i, r := range all {
		for _, side := range []struct {
			name *string
			data []byte
		}{{&newNames[i], r.new}, {&oldNames[i], r.old}} {
			name, err := writeBeside(filepath.Join(source, filepath.FromSlash(r.name)), side.data)
			if name != "" {
				temps = append(temps, name)
			}
			if err != nil {
				return cannotChange(r.name, err)
			}
			*side.name = name
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped before anything was changed")
	}
	if err := checkReplaceable(source, all); err != nil { // somebody may have saved one in the meantime
		return err
	}
	for i, r := range all {
		if err := os.Rename(newNames[i], filepath.Join(source, filepath.FromSlash(r.name))); err != nil {
			err = cannotChange(r.name, err)
			for j, earlier := range all[:i] {
				err = errors.Join(err, os.Rename(oldNames[j], filepath.Join(source, filepath.FromSlash(earlier.name))))
			}
			return err
		}
	}
	return nil
}

// tempPrefix begins the name of a temporary file.
const tempPrefix = ".updates-"

// tidyTemps removes the temporary files of killed commands beside the files to be
// replaced.
func tidyTemps(source string, all []replacement) {
	for _, r := range all {
		folder := filepath.Dir(filepath.Join(source, filepath.FromSlash(r.name)))
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
		file := filepath.Join(source, filepath.FromSlash(r.name))
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
			return cannotChange(r.name, errors.Join(errors.New("it has changed in the meantime"), err))
		}
	}
	return nil
}
