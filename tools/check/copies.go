package check

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"annualreport/tools/opendata"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// Every file of the site is one that the command makes, or a copy of one in the
// source, byte for byte. There is no other.

// readSource reads a file of the source, if that is known.
func (c *checker) readSource(name string) ([]byte, error) {
	if c.source == nil {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(c.source, name)
}

// copied gives the file in the source that a file of the site is a copy of, or "".
func (c *checker) copied(name string) string {
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

// made gives the files that the command makes, beside pages.
func (c *checker) made() map[string]bool {
	made := map[string]bool{opendata.SchemaFile: true, sitemapFile: c.base != ""}
	if files, err := c.expected.data(c.base); err == nil {
		for _, f := range files {
			made[f.Name] = true
		}
	}
	for _, f := range c.expected.feeds {
		made[f.file] = true
	}
	if c.base != "" {
		files, _ := c.expected.shared() // what is wrong is told by checkShared
		for _, f := range files {
			made[f.Name] = true
		}
	}
	for _, rep := range c.expected.reports {
		made[path.Join(rep.year, "annual-report-"+rep.year+".pdf")] = true
	}
	for _, m := range c.expected.moves {
		made[fileOf(m.From)] = true
	}
	for name, things := range c.expected.model.places {
		made[name] = things[""] != nil
	}
	for _, name := range []string{lostPage, feedFile, release.Mark, release.SumsFile, release.Manifest} { // a package has the last two
		made[name] = true
	}
	return made
}

// checkCopies sees that each file is made by the command, or a copy of one in the
// source, and that no copy is missing.
func (c *checker) checkCopies() {
	if c.source == nil {
		return
	}
	made := c.made()
	for _, name := range c.names() {
		original := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".br")
		if _, beside := c.files[original]; made[name] || c.obstacles[name] || beside && original != name {
			continue
		}
		from := c.copied(name)
		if from == "" {
			c.add(report.Place{}, name, "file", "this file does not belong to the site", "delete it, or put it in the source's static folder")
			continue
		}
		want, err := fs.ReadFile(c.source, from)
		if err != nil {
			c.add(report.Place{File: from}, name, "file", "the file "+plain(err), "restore it")
			continue
		}
		if got, err := c.readText(name, len(want)+1); err != nil || !bytes.Equal(got, want) {
			c.add(report.Place{File: from}, name, "file", "the copy on the site differs from this file", "build the site again")
		}
	}
	c.checkCopied()
}

// checkCopied sees that every file in static is on the site.
func (c *checker) checkCopied() {
	err := fs.WalkDir(c.source, "static", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name == "static/css":
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		own := strings.TrimPrefix(name, "static/")
		if _, there := c.files[own]; !there {
			c.add(report.Place{File: name}, own, "file", "the site does not have this file", "build the site again")
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.add(report.Place{File: "static"}, "static", "file", fmt.Sprintf("the folder %s", plain(err)), "restore it")
	}
}
