package site

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"
	"github.com/tdewolff/minify/v2/json"
	"github.com/tdewolff/minify/v2/svg"
	"github.com/tdewolff/minify/v2/xml"
)

// The files that are minified, by their endings.
var mediaTypes = map[string]string{
	".html": "text/html",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".xml":  "text/xml",
}

// newMinifier gives a minifier that leaves stylesheets as they are, since the
// hash of each page's is in its policy, and leaves no tag to be guessed.
func newMinifier() *minify.M {
	m := minify.New()
	m.Add("text/html", &html.Minifier{KeepDocumentTags: true, KeepEndTags: true})
	m.AddFunc("application/json", json.Minify)
	m.AddFunc("image/svg+xml", svg.Minify)
	m.AddFunc("text/xml", xml.Minify)
	return m
}

// minifyFiles minifies every file below dir that it knows how to.
func minifyFiles(dir string) error {
	m := newMinifier()
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mediaType := mediaTypes[filepath.Ext(name)]
		if mediaType == "" || !entry.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		small, err := m.Bytes(mediaType, data)
		if err != nil {
			rel, _ := filepath.Rel(dir, name) // both come from one walk
			return fmt.Errorf("%s cannot be minified: %w", filepath.ToSlash(rel), err)
		}
		return os.WriteFile(name, small, 0o644)
	})
}
