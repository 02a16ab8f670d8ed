package release

import (
	"archive/zip"
	"compress/flate"
	"io"
	"io/fs"
	"time"
)

// Folder is the one folder at the top of a zip. A web team that unpacks it
// where their site is gets a folder to link to, and nothing among their own
// files is replaced. It bears no version, since its name becomes part of every
// page's address.
const Folder = "annual-report"

// oldest is the first time that a zip can say.
var oldest = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Zip writes the files of site as a zip, in the order of their names, all as
// changed at the given time. The same files and time give the same bytes.
func Zip(w io.Writer, site fs.FS, changed time.Time) error {
	if changed.Before(oldest) {
		changed = oldest
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	err := readFiles(site, func(name string, file io.Reader) error {
		header := &zip.FileHeader{Name: Folder + "/" + name, Method: zip.Deflate, Modified: changed.UTC()}
		header.SetMode(0o644)
		packed, err := z.CreateHeader(header)
		if err == nil {
			_, err = io.Copy(packed, file)
		}
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}
