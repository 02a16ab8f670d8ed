package site

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
)

// An overlay is a source folder with some of its files as they would be: with
// other bytes, or, where these are nil, not there.
type overlay struct {
	source fs.FS
	files  map[string][]byte
}

// gone tells whether a file is one that would not be there.
func (o overlay) gone(name string) bool {
	data, ok := o.files[name]
	return ok && data == nil
}

// notThere is the error of doing something with a file that would not be there.
func notExistError(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// Open opens a file or folder.
func (o overlay) Open(name string) (fs.File, error) {
	if o.gone(name) {
		return nil, notExistError("open", name)
	}
	file, err := o.source.Open(name)
	if data, ok := o.files[name]; ok && err == nil {
		return &openFile{file, bytes.NewReader(data)}, nil
	}
	return file, err
}

// ReadFile gives a file's bytes.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if o.gone(name) {
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
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return o.gone(path.Join(name, e.Name())) }), err
}

// Stat describes a file or folder.
func (o overlay) Stat(name string) (fs.FileInfo, error) { return o.describe(name, fs.Stat) }

// Lstat describes a file, a folder or a link.
func (o overlay) Lstat(name string) (fs.FileInfo, error) { return o.describe(name, fs.Lstat) }

// ReadLink tells where a link leads.
func (o overlay) ReadLink(name string) (string, error) { return fs.ReadLink(o.source, name) }

func (o overlay) describe(name string, stat func(fs.FS, string) (fs.FileInfo, error)) (fs.FileInfo, error) {
	if o.gone(name) {
		return nil, notExistError("stat", name)
	}
	info, err := stat(o.source, name)
	if data, ok := o.files[name]; ok && err == nil {
		return changedInfo{info, int64(len(data))}, nil
	}
	return info, err
}

// A changedInfo describes a file with other bytes.
type changedInfo struct {
	fs.FileInfo
	size int64
}

// Size is how many bytes it has.
func (i changedInfo) Size() int64 { return i.size }

// An openFile is a file with other bytes, open.
type openFile struct {
	fs.File
	data io.Reader
}

// Read reads from the other bytes.
func (f *openFile) Read(p []byte) (int, error) { return f.data.Read(p) }

// Stat describes the file as the disk has it, but for its size, which nobody
// that reads it to the end needs.
func (f *openFile) Stat() (fs.FileInfo, error) { return f.File.Stat() }
