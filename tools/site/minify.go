package site

import (
	"context"
	"fmt"
	"path"
	"runtime"

	"github.com/spf13/afero"
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"
	"github.com/tdewolff/minify/v2/json"
	"github.com/tdewolff/minify/v2/xml"
	"golang.org/x/sync/errgroup"
)

// The files that are minified, by their endings: those that Hugo renders.
var mediaTypes = map[string]string{".html": "text/html", ".xml": "text/xml"}

// newMinifier gives a minifier that leaves stylesheets as they are, since the
// hash of each page's is in its policy, and leaves no tag to be guessed.
func newMinifier() *minify.M {
	m := minify.New()
	m.Add("text/html", &html.Minifier{KeepDocumentTags: true, KeepEndTags: true})
	m.AddFunc("application/json", json.Minify) // in pages
	m.AddFunc("text/xml", xml.Minify)
	return m
}

// minifyPages minifies the pages of a site in memory, and its feed and sitemap.
func minifyPages(ctx context.Context, files afero.Fs) error {
	m := newMinifier()
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	err := eachFile(files, func(name string) error {
		mediaType := mediaTypes[path.Ext(name)]
		if mediaType == "" {
			return ctx.Err()
		}
		workers.Go(func() error {
			data, err := afero.ReadFile(files, name)
			if err != nil {
				return err
			}
			small, err := m.Bytes(mediaType, data)
			if err != nil {
				return fmt.Errorf("cannot minify %s: %w", name, err)
			}
			return afero.WriteFile(files, name, small, 0o644)
		})
		return ctx.Err()
	})
	if wait := workers.Wait(); wait != nil {
		return wait
	}
	return err
}
