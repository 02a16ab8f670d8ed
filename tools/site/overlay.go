package site

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
)

// An overlay is a source folder in which some files have other contents or, where
// these are nil, do not exist.
type overlay struct {
	source fs.FS
	files  map[string][]byte
}

// isDeleted reports whether the overlay hides a file.
func (o overlay) isDeleted(name string) bool {
	data, ok := o.files[name]
	return ok && data == nil
}

// notExistError is the error for a file that the overlay hides.
func notExistError(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// Open opens a file or folder.
func (o overlay) Open(name string) (fs.File, error) {
	if o.isDeleted(name) {
		return nil, notExistError("open", name)
	}
	file, err := o.source.Open(name)
	if data, ok := o.files[name]; ok && err == nil {
		return &openFile{file, bytes.NewReader(data)}, nil
	}
	return file, err
}

// ReadFile returns a file's contents.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if o.isDeleted(name) {
		return nil, notExistError("open", name)
	}
	if data, ok := o.files[name]; ok {
		return slices.Clone(data), nil
	}
	return fs.ReadFile(o.source, name)
}

// ReadDir lists a folder.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.source, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return o.isDeleted(path.Join(name, e.Name())) }), err
}

// Stat describes a file or folder.
func (o overlay) Stat(name string) (fs.FileInfo, error) { return o.describe(name, fs.Stat) }

// Lstat describes a file, a folder or a link.
func (o overlay) Lstat(name string) (fs.FileInfo, error) { return o.describe(name, fs.Lstat) }

// ReadLink returns the target of a link.
func (o overlay) ReadLink(name string) (string, error) { return fs.ReadLink(o.source, name) }

func (o overlay) describe(name string, stat func(fs.FS, string) (fs.FileInfo, error)) (fs.FileInfo, error) {
	if o.isDeleted(name) {
		return nil, notExistError("stat", name)
	}
	info, err := stat(o.source, name)
	if data, ok := o.files[name]; ok && err == nil {
		return changedInfo{info, int64(len(data))}, nil
	}
	return info, err
}

// A changedInfo describes a file with other contents.
type changedInfo struct {
	fs.FileInfo
	size int64
}

// Size returns the size of the other contents.
func (i changedInfo) Size() int64 { return i.size }

// An openFile is an open file with other contents.
type openFile struct {
	fs.File
	data io.Reader
}

// Read reads the other contents.
func (f *openFile) Read(p []byte) (int, error) { return f.data.Read(p) }

// Stat describes the file on the disk. Its size is that of the old contents, which
// is harmless for those who read to the end.
func (f *openFile) Stat() (fs.FileInfo, error) { return f.File.Stat() }
