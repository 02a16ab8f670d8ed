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

// textFiles are the endings of files that servers send compressed, and that may have
// compressed forms beside them, such as index.html.gz and index.html.br.
var textFiles = []string{".html", ".xml", ".json", ".csv", ".svg", ".txt", ".css", ".js", ".md"}

// IsText reports whether servers send a file compressed.
func IsText(name string) bool {
	return slices.Contains(textFiles, strings.ToLower(path.Ext(name)))
}

// Compressed checks every compressed file of a site, for a build that has
// compressed the files of a site that [Site] has checked.
func Compressed(site fs.FS) error {
	c := &checker{site: site, index: map[[4]any]int{}}
	c.listFiles()
	c.checkCompressed()
	return c.problems.Err()
}

// checkCompressed checks that every compressed file unpacks to the file that servers would
// send it for.
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
var unpackers = map[string]func(*bufio.Reader) (io.Reader, error){
	".gz": unpackGzip,
	".br": func(r *bufio.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
}

// unpackGzip opens a gzip file as browsers do: they read its first member only, and refuse
// flags that gzip does not have.
func unpackGzip(r *bufio.Reader) (io.Reader, error) {
	const flags, reserved = 3, 0xe0
	if head, err := r.Peek(flags + 1); err == nil && head[flags]&reserved != 0 {
		return nil, gzip.ErrHeader
	}
	z, err := gzip.NewReader(r)
	if err == nil {
		z.Multistream(false)
	}
	return z, err
}

// unpacksTo reports whether a file unpacks to its original. It reads at most one byte more
// than that: a small file can unpack to any size.
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
	packed := bufio.NewReader(file)
	unpacked, err := unpackers[path.Ext(name)](packed)
	if err != nil {
		return false, err
	}
	got, err := io.ReadAll(io.LimitReader(unpacked, int64(len(want))+1))
	_, end := packed.ReadByte()
	return bytes.Equal(got, want) && err == nil && end == io.EOF, err
}
