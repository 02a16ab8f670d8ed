package site

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"
)

// A siteFS holds the files of a site. Those that the build writes are in memory.
// Copies of files in the source are not, since these can have any size: they are
// read from the source.
type siteFS struct {
	afero.Fs                      // the files in memory, and an empty one for each copy
	originals map[string]original // by the names of their copies
}

// An original is a file in the source that is published as it is.
type original struct {
	Path  string
	Stamp stamp
	info  fs.FileInfo
}

// addCopy adds a copy of the file at path, which has the given info.
func (s *siteFS) addCopy(name, path string, info fs.FileInfo) error {
	s.originals[name] = original{path, newStamp(info), info}
	return afero.WriteFile(s.Fs, name, nil, 0o644)
}

// isCopy reports whether a file is a copy.
func (s *siteFS) isCopy(name string) bool {
	_, ok := s.original(name)
	return ok
}

// original returns the file that the file called name is a copy of.
func (s *siteFS) original(name string) (original, bool) {
	o, ok := s.originals[strings.TrimPrefix(path.Clean("/"+filepath.ToSlash(name)), "/")]
	return o, ok
}

// Open opens a file or folder for reading. It fails if the file is a copy and its
// original has changed.
func (s *siteFS) Open(name string) (afero.File, error) {
	if o, ok := s.original(name); ok {
		return o.open()
	}
	file, err := s.Fs.Open(name)
	if err != nil {
		return nil, err
	}
	return folder{file, s, name}, nil
}

// Stat describes a file or folder.
func (s *siteFS) Stat(name string) (fs.FileInfo, error) {
	if o, ok := s.original(name); ok {
		return o.info, nil
	}
	return s.Fs.Stat(name)
}

// open opens the file, which must not have changed.
func (o original) open() (*os.File, error) {
	info, err := os.Lstat(o.Path)
	if err == nil && newStamp(info) != o.Stamp {
		err = fmt.Errorf("%s changed while the site was being built; build it again", filepath.ToSlash(o.Path))
	}
	if err != nil {
		return nil, err
	}
	return os.Open(o.Path)
}

// A folder is an open folder, or a file in memory.
type folder struct {
	afero.File
	site *siteFS
	name string
}

// Readdir describes the files of the folder.
func (f folder) Readdir(n int) ([]fs.FileInfo, error) {
	infos, err := f.File.Readdir(n)
	for i, info := range infos {
		if o, ok := f.site.original(path.Join(f.name, info.Name())); ok {
			infos[i] = o.info
		}
	}
	return infos, err
}
