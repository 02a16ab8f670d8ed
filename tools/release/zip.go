package release

import (
	"archive/zip"
	"compress/flate"
	"io"
	"io/fs"
	"time"
)

// Folder is the one folder at the top of a zip. A web team that unpacks the zip
// in their own site gets a folder to link to, and none of their files is replaced.
// The name has no version, since it becomes part of every page's address.
const Folder = "annual-report"

// oldest is the earliest time that a zip can store.
var oldest = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Zip writes the files of site as a zip, in the order of their names, all with the
// given modification time. The same files and time give the same bytes.
func Zip(w io.Writer, site fs.FS, modTime time.Time) error {
	if modTime.Before(oldest) {
		modTime = oldest
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	err := walkFiles(site, func(name string, file io.Reader) error {
		header := &zip.FileHeader{Name: Folder + "/" + name, Method: zip.Deflate, Modified: modTime.UTC()}
		header.SetMode(0o644)
		entry, err := z.CreateHeader(header)
		if err == nil {
			_, err = io.Copy(entry, file)
		}
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}
