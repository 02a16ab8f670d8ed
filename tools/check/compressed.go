package check

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"

	"annualreport/tools/report"
)

// The endings of files that servers send compressed, and that may stand in a
// site compressed already, as index.html.gz and index.html.br.
var textFiles = []string{".html", ".xml", ".json", ".csv", ".svg", ".txt", ".css", ".js", ".md"}

// IsText tells whether a file is one that servers send compressed.
func IsText(name string) bool {
	return slices.Contains(textFiles, strings.ToLower(path.Ext(name)))
}

// Compressed proves every compressed file of the site in built, as [Site] does
// with all else. It serves a build that has just compressed the files of a site
// already proved.
func Compressed(built fs.FS) error {
	c := &checker{site: built, index: map[[4]any]int{}}
	c.listFiles()
	c.checkCompressed()
	return c.problems.Err()
}

// checkCompressed proves that every file that servers would send in the place
// of another is that other, compressed.
func (c *checker) checkCompressed() {
	for _, name := range c.names() {
		ending := path.Ext(name)
		original := strings.TrimSuffix(name, ending)
		_, exists := c.files[original]
		if unpackers[ending] == nil || !exists && !IsText(original) || c.obstacles[name] || c.obstacles[original] {
			continue // archive.tar.gz is a file like any other
		}
		what := "this is the compressed form of a file that does not exist"
		if exists {
			same, err := c.unpacksTo(name, original)
			if same {
				continue
			}
			what = "this is not the compressed form of " + path.Base(original) + ", in whose place some servers would send it"
			if err != nil {
				what = "this compressed file cannot be read: it is not a " + strings.TrimPrefix(ending, ".") + " file, or is incomplete"
			}
		}
		c.add(report.Place{}, name, "compressed", what, "build the site again with --precompress, or delete the file")
	}
}

// unpackers open compressed files, by their endings.
var unpackers = map[string]func(io.Reader) (io.Reader, error){
	".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
}

// unpacksTo tells whether a file unpacks to its original. It unpacks no more
// than one byte beyond that: a small file can unpack to any size.
func (c *checker) unpacksTo(name, original string) (bool, error) {
	want, err := fs.ReadFile(c.site, original)
	if err != nil {
		return false, nil
	}
	file, err := c.site.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	unpacked, err := unpackers[path.Ext(name)](bufio.NewReader(file))
	if err != nil {
		return false, err
	}
	got, err := io.ReadAll(io.LimitReader(unpacked, int64(len(want))+1))
	return bytes.Equal(got, want) && err == nil, err
}
