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
)

// A replacement is a file of the source that gets other bytes.
type replacement struct {
	name     string // from the source folder
	old, new []byte
}

// replaceFiles gives files of source their new bytes: all of them, or none. They
// keep their modes. A file that is not as it was read is left alone.
func replaceFiles(ctx context.Context, source string, all []replacement) (err error) {
	if err := checkReplaceable(source, all); err != nil {
		return err
	}
	var made []string // what is written beside the files, until it takes their places
	defer func() {
		for _, name := range made {
			os.Remove(name)
		}
	}()
	news, olds := make([]string, len(all)), make([]string, len(all))
	for i, r := range all {
		for _, side := range []struct {
			name *string
			data []byte
		}{{&news[i], r.new}, {&olds[i], r.old}} {
			name, err := writeBeside(filepath.Join(source, filepath.FromSlash(r.name)), side.data)
			if name != "" {
				made = append(made, name)
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
	if err := checkReplaceable(source, all); err != nil { // nobody has saved one of them meanwhile
		return err
	}
	for i, r := range all {
		if err := os.Rename(news[i], filepath.Join(source, filepath.FromSlash(r.name))); err != nil {
			err = cannotChange(r.name, err)
			for j, done := range all[:i] {
				err = errors.Join(err, os.Rename(olds[j], filepath.Join(source, filepath.FromSlash(done.name))))
			}
			return err
		}
	}
	return nil
}

// cannotChange says why a file cannot be changed.
func cannotChange(name string, err error) error {
	cause, _ := fileCause(err)
	return fmt.Errorf("cannot change %s: %w; nothing was changed", name, cause)
}

// writeBeside writes bytes into a new file beside another one, with its mode. It
// gives the new file's name if there is one, whatever the error.
func writeBeside(file string, data []byte) (name string, err error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".updates-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
}

// locks are the names of what programs leave beside a file while somebody has it
// open: LibreOffice, Vim and Emacs.
var locks = []string{".~lock.%s#", ".%s.swp", ".#%s"}

// checkReplaceable sees that each file is as it was read, that it can be written,
// and that nobody has it open and would save it over what is written.
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
		for _, lock := range locks {
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
