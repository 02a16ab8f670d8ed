package check

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"annualreport/tools/opendata"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// Every file of the site is one that the command makes, or a copy of one in the source,
// byte for byte.

// readSource reads a file of the source, if there is a source.
func (c *checker) readSource(name string) ([]byte, error) {
	if c.source == nil {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(c.source, name)
}

// findOriginal returns the file in the source that a file of the site is a copy of, or "".
func (c *checker) findOriginal(name string) string {
	for _, folder := range []string{"static", "content"} {
		if path.Ext(name) == ".md" && folder == "content" {
			continue
		}
		if info, err := fs.Stat(c.source, path.Join(folder, name)); err == nil && info.Mode().IsRegular() {
			return path.Join(folder, name)
		}
	}
	return ""
}

// listProducts returns the files that the command makes, including pages.
func (c *checker) listProducts() map[string]bool {
	products := map[string]bool{opendata.SchemaFile: true, sitemapFile: c.base != ""}
	if files, err := c.expected.data(c.base); err == nil {
		for _, f := range files {
			products[f.Name] = true
		}
	}
	for _, f := range c.expected.feeds {
		products[f.file] = true
	}
	if c.base != "" {
		files, _ := c.expected.shared() // checkShared reports the error
		for _, f := range files {
			products[f.Name] = true
		}
	}
	for _, rep := range c.expected.lib.Reports {
		products[rep.PDF()] = true
	}
	for _, m := range c.expected.lib.Redirects {
		products[fileOf(m.From)] = true
	}
	for name, things := range c.expected.model.places {
		products[name] = things[""] != nil
	}
	for _, name := range []string{lostPage, feedFile, release.Mark, release.SumsFile, release.Manifest} { // the last two are in packages
		products[name] = true
	}
	return products
}

// checkCopies checks that every file is made by the command or is a copy of one in the
// source, and that no copy is missing.
func (c *checker) checkCopies() {
	if c.source == nil {
		return
	}
	products := c.listProducts()
	for _, name := range c.names() {
		original := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".br")
		if _, exists := c.files[original]; products[name] || c.obstacles[name] || exists && original != name {
			continue
		}
		source := c.findOriginal(name)
		if source == "" {
			c.add(report.Place{}, name, "file", "this file does not belong to the site", "delete it, or put it in the source's static folder")
			continue
		}
		want, err := sum(c.source, source)
		if err != nil {
			c.add(report.Place{File: source}, name, "file", "the file "+describe(err), "restore it")
			continue
		}
		if got, err := sum(c.site, name); err != nil || !bytes.Equal(got, want) {
			c.add(report.Place{File: source}, name, "file", "the copy on the site differs from this file", "build the site again")
		}
	}
	c.checkCopied()
}

// sum returns a checksum of a file, which can be too large to keep in memory.
func sum(files fs.FS, name string) ([]byte, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	return hash.Sum(nil), err
}

// checkCopied checks that every file in static is on the site, except what programs left
// there.
func (c *checker) checkCopied() {
	err := fs.WalkDir(c.source, "static", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name == "static/css":
			return fs.SkipDir
		case entry.IsDir(), report.IsLeftover(name):
			return nil
		}
		file := strings.TrimPrefix(name, "static/")
		if _, exists := c.files[file]; !exists {
			c.add(report.Place{File: name}, file, "file", "the site does not have this file", "build the site again")
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.add(report.Place{File: "static"}, "static", "file", fmt.Sprintf("the folder %s", describe(err)), "restore it")
	}
}
