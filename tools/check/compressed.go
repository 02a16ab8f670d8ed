package check

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
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
	c := &checker{}
	c.listFiles(built)
	c.checkCompressed(built)
	return c.problems.Err()
}

// checkCompressed proves that every file that servers would send in the place
// of another is that other, compressed. It holds little of either in memory,
// and reads no further than they are alike.
func (c *checker) checkCompressed(built fs.FS) {
	for name := range c.files {
		plain, ending := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
		unpack := unpackers[ending]
		_, beside := c.files[plain]
		if unpack == nil || !beside && !IsText(plain) || c.blocked[name] || c.blocked[plain] {
			continue // archive.tar.gz is a file like any other
		}
		what := ""
		if !beside {
			what = "this is the compressed form of a file that is not there"
		} else if same, err := unpacksTo(built, name, plain, unpack); err != nil {
			what = "this compressed file cannot be read: it is no " + strings.TrimPrefix(ending, ".") + " file, or was written half-way"
		} else if !same {
			what = "this is not the compressed form of " + path.Base(plain) + ", which some servers would send it for"
		}
		if what != "" {
			c.add(report.Place{}, []string{name}, "compressed", what, "build the site again with --precompress, or take the file away")
		}
	}
}

// unpackers open compressed files, by their endings.
var unpackers = map[string]func(io.Reader) (io.Reader, error){
	".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
}

// unpacksTo tells whether the file called packed unpacks to the file called
// plain. The error is one of unpacking.
func unpacksTo(built fs.FS, packed, plain string, unpack func(io.Reader) (io.Reader, error)) (bool, error) {
	want, err := built.Open(plain)
	if err != nil {
		return false, nil
	}
	defer want.Close()
	from, err := built.Open(packed)
	if err != nil {
		return false, err
	}
	defer from.Close()
	got, err := unpack(bufio.NewReader(from))
	if err != nil {
		return false, err
	}
	_, err = io.Copy(&matcher{want: want}, got)
	if err == nil {
		_, err = io.ReadFull(want, make([]byte, 1))
		return err == io.EOF, nil // and not before the end of what it has to be
	}
	if errors.Is(err, errDiffers) {
		err = nil
	}
	return false, err
}

// A matcher takes what is the same as in want.
type matcher struct {
	want io.Reader
	held []byte
}

var errDiffers = errors.New("it differs")

func (m *matcher) Write(p []byte) (int, error) {
	m.held = slices.Grow(m.held[:0], len(p))[:len(p)]
	if _, err := io.ReadFull(m.want, m.held); err != nil || !bytes.Equal(p, m.held) {
		return 0, errDiffers
	}
	return len(p), nil
}
