package site

import (
	"context"
	"fmt"
	"path"

	"github.com/spf13/afero"
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"
	"github.com/tdewolff/minify/v2/json"
	"github.com/tdewolff/minify/v2/xml"
)

// mediaTypes are those of the files to minify, by their extensions: all that Hugo renders.
var mediaTypes = map[string]string{".html": "text/html", ".xml": "text/xml"}

// newMinifier returns a minifier that keeps all tags, and leaves stylesheets
// unchanged, since each page's policy has the hash of its stylesheet.
func newMinifier() *minify.M {
	m := minify.New()
	m.Add("text/html", &html.Minifier{KeepDocumentTags: true, KeepEndTags: true})
	m.AddFunc("application/json", json.Minify) // in pages
	m.AddFunc("text/xml", xml.Minify)
	return m
}

// minifyPages minifies the pages of a site in memory, and its feed and sitemap.
func minifyPages(ctx context.Context, files *siteFS) error {
	m := newMinifier()
	var names []string
	err := eachFile(files, func(name string) error {
		if mediaTypes[path.Ext(name)] != "" && !files.isCopy(name) {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eachParallel(ctx, names, func(name string) error {
		data, err := afero.ReadFile(files, name)
		if err != nil {
			return err
		}
		small, err := m.Bytes(mediaTypes[path.Ext(name)], data)
		if err != nil {
			return fmt.Errorf("cannot minify %s: %w", name, err)
		}
		return afero.WriteFile(files, name, small, 0o644)
	})
}
