package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/afero"

	"annualreport/tools/lock"
	"annualreport/tools/release"
)

// cleanDestination gives the destination's real path. It refuses folders whose
// replacing would lose something: the source itself, and folders that hold
// anything but a site made by this command.
func cleanDestination(source, destination string) (string, error) {
	refuse := func(why string) (string, error) {
		return "", UsageError(fmt.Sprintf("cannot put the site in %s: %s", destination, why))
	}
	dst, err := realPath(destination)
	if err != nil {
		return refuse(fmt.Sprintf("%v; create it first", err))
	}
	src, err := realPath(source)
	if err != nil {
		return "", fmt.Errorf("cannot read the source folder %s: %w", source, err)
	}
	if within(src, dst) {
		return refuse("it contains the source; choose another folder, such as public")
	}
	if partOfSource(src, dst) {
		return refuse("it is part of the source; choose another folder, such as public")
	}
	if err := checkReplaceableSite(src, dst); err != nil {
		return refuse(err.Error())
	}
	return dst, nil
}

// checkReplaceableSite sees that a folder is missing, empty, or holds what a
// build wrote and nothing else.
func checkReplaceableSite(source, folder string) error {
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return errors.New("it is not a folder that can be read; choose another")
	}
	names, err := readMark(folder)
	if err != nil {
		return fmt.Errorf("it contains files, but no %s, which every build leaves in its folder; choose another folder. If an older version of this command built the site there and nothing in it is yours, delete the folder and build again", release.Mark)
	}
	extra, err := strangers(folder, names, filepath.Join(source, "static"))
	if err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	if len(extra) > 0 {
		return fmt.Errorf("it contains files that no build put there and that would be lost: %s; move them away, or into static to have them published", some(extra))
	}
	return nil
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
// What a killed build left beside it goes.
func publish(ctx context.Context, files afero.Fs, source, destination string) error {
	unlock, err := lock.Folder(ctx, filepath.Dir(destination))
	if err != nil {
		return err
	}
	defer unlock()
	tidy(destination)
	if err := checkReplaceableSite(source, destination); err != nil { // there may be more than before the build
		return UsageError(fmt.Sprintf("cannot put the site in %s: %v", filepath.ToSlash(destination), err))
	}
	written, err := os.MkdirTemp(filepath.Dir(destination), "."+filepath.Base(destination)+"-") // that only its owner can read
	if err != nil {
		return fmt.Errorf("cannot write the site beside %s: %w; check that you can write to the folder around it", destination, err)
	}
	if err := writeFiles(ctx, files, written); err != nil {
		return errors.Join(err, os.RemoveAll(written))
	}
	if _, err := os.Lstat(destination); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(written, destination)
	}
	return swap(written, destination, exchange)
}

// writeFiles writes a site in memory into the folder dir, which is there and
// empty, with the modes that it is published with, whatever the user mask is: a
// server may read everything, and only the owner may write. The folder itself
// becomes readable in the end. The mark comes first: what a kill leaves can be
// told from other people's files.
func writeFiles(ctx context.Context, files afero.Fs, dir string) error {
	write := func(name string) error {
		data, err := afero.ReadFile(files, name)
		if err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Chmod(0o644), f.Close())
	}
	if err := write(release.Mark); err != nil {
		return err
	}
	err := fs.WalkDir(afero.NewIOFS(files), ".", func(name string, entry fs.DirEntry, err error) error {
		file := filepath.Join(dir, filepath.FromSlash(name))
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case name == ".", name == release.Mark:
			return nil
		case entry.IsDir():
			return errors.Join(os.Mkdir(file, 0o755), os.Chmod(file, 0o755))
		}
		return write(name)
	})
	return errors.Join(err, os.Chmod(dir, 0o755))
}

// swap puts a written site into the place of destination, with exchange if that
// can and file by file if not, and removes the one that stood there.
func swap(written, destination string, exchange func(a, b string) error) error {
	err := exchange(written, destination)
	if err != nil {
		err = moveFiles(written, destination, func() error { return nil })
	}
	if errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) {
		return errors.Join(fmt.Errorf("cannot replace %s, which is a disk or a shared folder of its own; choose a folder inside it, such as %s", destination, filepath.Join(destination, "annual-report")), removeSite(written, ""))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("cannot replace %s with the new site: %w; check that you can write to it, and build again", destination, err), removeSite(written, ""))
	}
	if err := removeSite(written, destination); err != nil {
		return fmt.Errorf("the new site is in place, but some of the old one is left in %s: %w; move anything of yours out of it, and delete the rest", written, err)
	}
	return nil
}

// moveFiles puts the files of a written site into destination, one after
// another, where the system cannot swap two folders in one step. The folder is
// always there, and each file is the old or the new one. While this is at work,
// the mark has both: if it is killed, the next build replaces all of them. step
// is called before each change, and its error ends the work.
func moveFiles(written, destination string, step func() error) error {
	fresh, err := readMark(written)
	if err != nil {
		return err
	}
	old, err := readMark(destination)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	all, gone := maps.Clone(fresh), map[string]bool{}
	for name := range old {
		if all[name] = true; !fresh[name] {
			gone[name] = true
		}
	}
	move := func(from, to string) error {
		if err := step(); err != nil {
			return err
		}
		to = filepath.Join(destination, filepath.FromSlash(to))
		return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Rename(filepath.Join(written, filepath.FromSlash(from)), to))
	}
	text := markHead + "\n" + strings.Join(slices.Sorted(maps.Keys(all)), "\n") + "\n"
	union := release.Mark + both
	if err := os.WriteFile(filepath.Join(written, union), []byte(text), 0o644); err != nil {
		return err
	}
	if err := move(union, release.Mark); err != nil {
		return errors.Join(err, removeFiles(written, map[string]bool{union: true}))
	}
	if err := removeFiles(destination, inTheWay(gone, fresh)); err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(fresh))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for _, name := range names {
		if err := move(name, name); err != nil {
			return err
		}
	}
	if err := step(); err != nil {
		return err
	}
	if err := removeFiles(destination, gone); err != nil {
		return err
	}
	return move(release.Mark, release.Mark)
}

// rank orders the files of a site: pages come after what they show.
func rank(name string) int {
	if path.Ext(name) == ".html" {
		return 1
	}
	return 0
}

// inTheWay gives the old files that stand where a new folder does, or in a folder
// where a new file does.
func inTheWay(old, fresh map[string]bool) map[string]bool {
	above := map[string]bool{} // all folders of new files
	for name := range fresh {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			above[dir] = true
		}
	}
	way := map[string]bool{}
	for name := range old {
		way[name] = above[name]
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			way[name] = way[name] || fresh[dir]
		}
	}
	maps.DeleteFunc(way, func(_ string, is bool) bool { return !is })
	return way
}
