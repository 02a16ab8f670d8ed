package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"
)

// cleanDestination gives the destination's real path. It refuses folders whose
// replacing would lose something: the source itself, and folders that hold
// anything but a site made by this command.
func cleanDestination(source, destination string) (string, error) {
	refuse := func(why string) (string, error) {
		return "", UsageError(fmt.Sprintf("the site cannot be put into %s: %s", destination, why))
	}
	dst, err := realPath(destination)
	if err != nil {
		return refuse(fmt.Sprintf("%v; make the folder around it first", err))
	}
	src, err := realPath(source)
	if err != nil {
		return "", fmt.Errorf("the source folder %s cannot be read: %w", source, err)
	}
	if within(src, dst) {
		return refuse("it holds the source; choose another folder, such as public")
	}
	if partOfSource(src, dst) {
		return refuse("it is part of the source; choose another folder, such as public")
	}
	entries, err := os.ReadDir(dst)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return dst, nil
	case err != nil:
		return refuse("it is not a folder that can be read; choose another")
	}
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	hidden := slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		_, err := os.Lstat(filepath.Join(src, "static", e.Name()))
		return strings.HasPrefix(e.Name(), ".") && err != nil // a server's own file, or a repository
	})
	if !has("index.html") || !has("404.html") || hidden {
		return refuse("it holds something other than a site made by this command, which would be lost; empty it, choose another folder, or keep such files in static, from where they are published")
	}
	return dst, nil
}

// partOfSource tells whether a folder is one that the source needs. Both are
// real paths.
func partOfSource(source, folder string) bool {
	return slices.ContainsFunc([]string{".ci", ".git", "content", "data", "layouts", "static", "tools"}, func(part string) bool {
		return within(folder, filepath.Join(source, part))
	})
}

// realPath follows symbolic links. The last part of the path need not exist.
func realPath(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(abs); err == nil {
			return "", errors.New("it is a link to a folder that does not exist")
		}
		parent, err := filepath.EvalSymlinks(filepath.Dir(abs))
		if err != nil {
			return "", fmt.Errorf("there is no folder %s", filepath.ToSlash(filepath.Dir(name)))
		}
		return filepath.Join(parent, filepath.Base(abs)), nil
	}
	return real, err
}

// within reports whether inner is outer or lies in it. Both are real paths.
func within(inner, outer string) bool {
	rel, err := filepath.Rel(outer, inner)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// publish writes a site beside the destination, and puts it into the
// destination's place. If ctx ends before that, it stops, and nothing is left.
func publish(ctx context.Context, files afero.Fs, destination string) error {
	written, err := os.MkdirTemp(filepath.Dir(destination), "."+filepath.Base(destination)+"-")
	if err != nil {
		return fmt.Errorf("the site cannot be made beside %s: %w; the folder around it must be one that you may write to", destination, err)
	}
	defer os.RemoveAll(written)
	if err := writeFiles(ctx, files, written); err != nil {
		return err
	}
	if _, err := os.Lstat(destination); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(written, destination)
	}
	return swap(written, destination, exchange)
}

// writeFiles writes a site in memory into the folder dir, which is there and
// empty, with the modes that it is published with, whatever the user mask is: a
// server may read everything, and only the owner may write.
func writeFiles(ctx context.Context, files afero.Fs, dir string) error {
	return fs.WalkDir(afero.NewIOFS(files), ".", func(name string, entry fs.DirEntry, err error) error {
		file := filepath.Join(dir, filepath.FromSlash(name))
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case name == ".":
			return os.Chmod(dir, 0o755)
		case entry.IsDir():
			return errors.Join(os.Mkdir(file, 0o755), os.Chmod(file, 0o755))
		}
		data, err := afero.ReadFile(files, name)
		if err != nil {
			return err
		}
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Chmod(0o644), f.Close())
	})
}

// swap puts made into the place of destination with exchange if that can, and
// removes what stood there.
func swap(made, destination string, exchange func(a, b string) error) error {
	old := made
	if err := exchange(made, destination); err != nil {
		// Not every system swaps two folders in one step. Two steps come near.
		old = made + "-old"
		if err := os.Rename(destination, old); err != nil {
			return fmt.Errorf("the new site cannot take the place of %s: %w", destination, err)
		}
		if err := os.Rename(made, destination); err != nil {
			return errors.Join(fmt.Errorf("the new site cannot take the place of %s: %w", destination, err), os.Rename(old, destination))
		}
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("the new site is in place, but the old one is left in %s: %w", old, err)
	}
	return nil
}
