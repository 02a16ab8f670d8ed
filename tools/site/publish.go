package site

import (
	"context"
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

	"annualreport/tools/lock"
	"annualreport/tools/release"
)

// cleanDestination returns the destination's real path. It refuses folders that
// cannot be replaced without losing something: the source itself, and folders
// that contain anything but a site built by this command.
func cleanDestination(source, destination string) (string, error) {
	refuse := func(reason string) (string, error) {
		return "", UsageError(fmt.Sprintf("cannot put the site in %s: %s", destination, reason))
	}
	dst, err := realPath(destination)
	if err != nil {
		return refuse(fmt.Sprintf("%v; create it first", err))
	}
	src, err := realPath(source)
	if err != nil {
		return "", fmt.Errorf("cannot read the source folder %s: %w", source, err)
	}
	if isInside(src, dst) {
		return refuse("it contains the source; choose another folder, such as public")
	}
	if isPartOfSource(src, dst) {
		return refuse("it is part of the source; choose another folder, such as public")
	}
	if err := checkReplaceableSite(src, dst); err != nil {
		return refuse(err.Error())
	}
	return dst, nil
}

// checkReplaceableSite returns an error unless the folder is missing, empty, or
// contains only what a build wrote.
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
	extra, err := findExtraFiles(folder, names, filepath.Join(source, "static"))
	if err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	if len(extra) > 0 {
		return fmt.Errorf("it contains files that no build put there and that would be lost: %s; move them away, or into static to have them published", abbreviate(extra))
	}
	return nil
}

// isPartOfSource reports whether folder is part of the source. Both are real
// paths.
func isPartOfSource(source, folder string) bool {
	return slices.ContainsFunc(slices.Concat(siteSource, codeSource, []string{".ci", ".git"}), func(name string) bool {
		return isInside(folder, filepath.Join(source, name))
	})
}

// realPath resolves symbolic links. The last element of the path need not exist.
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

// isInside reports whether inner is outer or inside it. Both are real paths.
func isInside(inner, outer string) bool {
	rel, err := filepath.Rel(outer, inner)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// publish writes a site beside the destination, and then replaces the destination
// with it. If ctx ends before that, it stops and leaves nothing behind. It removes
// what a killed build left beside the destination.
func publish(ctx context.Context, files afero.Fs, source, destination string) error {
	unlock, err := lock.Folder(ctx, filepath.Dir(destination))
	if err != nil {
		return err
	}
	defer unlock()
	tidy(destination)
	if err := checkReplaceableSite(source, destination); err != nil { // there may be new files since the build began
		return UsageError(fmt.Sprintf("cannot put the site in %s: %v", filepath.ToSlash(destination), err))
	}
	temp, err := os.MkdirTemp(filepath.Dir(destination), "."+filepath.Base(destination)+"-") // readable for its owner only
	if err != nil {
		return fmt.Errorf("cannot write the site beside %s: %w; check that you can write to the folder around it", destination, err)
	}
	if err := writeFiles(ctx, files, temp); err != nil {
		return errors.Join(err, os.RemoveAll(temp))
	}
	if _, err := os.Lstat(destination); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(temp, destination); err != nil {
			return errors.Join(err, os.RemoveAll(temp))
		}
		return nil
	}
	return swap(temp, destination, exchange, func() error { return nil })
}

// writeFiles writes a site from memory to dir, an empty folder, with the modes for
// publishing, whatever the umask: everybody may read, and only the owner may
// write. The folder itself becomes readable at the end. The mark is written
// first, so that what a killed build leaves can be told from other files.
func writeFiles(ctx context.Context, files afero.Fs, dir string) error {
	write := func(name string) error {
		source, err := files.Open(name)
		if err != nil {
			return err
		}
		defer source.Close()
		f, err := os.Create(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		_, err = io.Copy(f, source)
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

// swap replaces destination with the site in temp, with exchange if the system can
// or else file by file, and removes the old site. It calls step as moveFiles does.
func swap(temp, destination string, exchange func(a, b string) error, step func() error) error {
	err := exchange(temp, destination)
	if err != nil {
		err = moveFiles(temp, destination, step)
	}
	var partial PartialError
	switch {
	case errors.As(err, &partial):
		err = PartialError{fmt.Errorf("only a part of the new site is in %s: %w; the rest is still the old site; check that you can write to the folder and that its disk is not full, and build again", destination, partial.Err)}
	case errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV):
		err = fmt.Errorf("cannot replace %s, which is a disk or a shared folder of its own; choose a folder inside it, such as %s", destination, filepath.Join(destination, "annual-report"))
	case err != nil:
		err = fmt.Errorf("cannot replace %s with the new site: %w; check that you can write to it, and build again", destination, err)
	}
	if err != nil {
		return errors.Join(err, removeSite(temp, ""))
	}
	if err := removeSite(temp, destination); err != nil {
		return PartialError{fmt.Errorf("the new site is in place, but some of the old one is left in %s: %w; move anything of yours out of it, and delete the rest", temp, err)}
	}
	return nil
}

// moveFiles moves the files in temp to destination one by one, for systems that
// cannot swap two folders in one step. The folder always exists, and each file is
// either the old or the new one. In the meantime the mark lists the files of both
// sites, so that the next build can replace them all if this one is killed.
// moveFiles calls step before each change, and stops if it returns an error. If it fails
// after the first change, the error is a [PartialError].
func moveFiles(temp, destination string, step func() error) error {
	fresh, err := readMark(temp)
	if err != nil {
		return err
	}
	old, err := readMark(destination)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	all, obsolete := maps.Clone(fresh), map[string]bool{}
	for name := range old {
		if all[name] = true; !fresh[name] {
			obsolete[name] = true
		}
	}
	move := func(source, target string) error {
		if err := step(); err != nil {
			return err
		}
		target = filepath.Join(destination, filepath.FromSlash(target))
		return errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.Rename(filepath.Join(temp, filepath.FromSlash(source)), target))
	}
	text := markHead + "\n" + strings.Join(slices.Sorted(maps.Keys(all)), "\n") + "\n"
	union := release.Mark + unionSuffix
	if err := os.WriteFile(filepath.Join(temp, union), []byte(text), 0o644); err != nil {
		return err
	}
	if err := move(union, release.Mark); err != nil {
		return errors.Join(err, removeFiles(temp, map[string]bool{union: true}))
	}
	err = removeFiles(destination, findObstacles(obsolete, fresh))
	names := slices.Sorted(maps.Keys(fresh))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for _, name := range names {
		if err == nil {
			err = move(name, name)
		}
	}
	if err == nil {
		err = step()
	}
	if err == nil {
		err = removeFiles(destination, obsolete)
	}
	if err == nil {
		err = move(release.Mark, release.Mark)
	}
	if err != nil {
		return PartialError{err}
	}
	return nil
}

// rank orders the files of a site: pages come after the files they show.
func rank(name string) int {
	if path.Ext(name) == ".html" {
		return 1
	}
	return 0
}

// findObstacles returns the old files that have the name of a new folder, or are
// in a folder with the name of a new file.
func findObstacles(old, fresh map[string]bool) map[string]bool {
	above := map[string]bool{} // the folders of new files
	for name := range fresh {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			above[dir] = true
		}
	}
	obstacles := map[string]bool{}
	for name := range old {
		obstacles[name] = above[name]
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			obstacles[name] = obstacles[name] || fresh[dir]
		}
	}
	maps.DeleteFunc(obstacles, func(_ string, isObstacle bool) bool { return !isObstacle })
	return obstacles
}
