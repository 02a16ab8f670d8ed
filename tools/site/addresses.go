package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// keepAddresses returns an error unless the fresh site has a page, or a redirect,
// at every address of the live site, every numbered paragraph, item, measure and update
// that a live page has, and every document: people have linked to them. A lost folder is
// one problem, whatever is lost inside it. The PDFs of reports count too if withPDFs is
// true.
func keepAddresses(fresh, live fs.FS, withPDFs bool) error {
	var problems report.Problems
	err := fs.WalkDir(live, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // nothing is published yet
			return nil
		case err != nil:
			return err
		case path.Ext(name) == ".pdf" && withPDFs && pdfName.MatchString(name):
			if _, err := fs.Stat(fresh, name); err != nil {
				problems = append(problems, report.Problem{Pages: []string{"/" + name}, Rule: "lost-address", What: "this published PDF would disappear, and links to it would break",
					Do: "build with --pdf; to remove it on purpose, delete it from the published site first"})
			}
			return nil
		case isDocument.MatchString(name) && !pdfName.MatchString(name):
			if _, err := fs.Stat(fresh, name); err != nil {
				problems = append(problems, report.Problem{Pages: []string{"/" + name}, Rule: "lost-address", What: "this published document would disappear, and links to it would break",
					Do: "restore it in content or static; to remove it on purpose, delete it from the published site first"})
			}
			return nil
		case path.Ext(name) != ".html" || !entry.Type().IsRegular(): // reading a device or pipe might never end
			return nil
		}
		if _, err := fs.Stat(fresh, name); err == nil {
			problem, err := findLostPlaces(fresh, live, name)
			problems = append(problems, problem...)
			return err
		}
		address, folder := check.Address(name), path.Dir(name)
		if _, err := fs.Stat(fresh, folder); err == nil || path.Base(name) != "index.html" {
			folder = name // the folder itself stays
		}
		// The index.html of a lost folder may come after those of its subfolders.
		problems = slices.DeleteFunc(problems, func(p report.Problem) bool { return folder != name && strings.HasPrefix(p.Pages[0], address) })
		if slices.ContainsFunc(problems, func(p report.Problem) bool {
			return strings.HasSuffix(p.Pages[0], "/") && strings.HasPrefix(address, p.Pages[0])
		}) {
			return nil
		}
		problems = append(problems, lostPage(name, folder))
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot read the published site: %w", err)
	}
	return problems.Err()
}

// lostPage is the problem with a published page that the fresh site lacks. folder is
// what to delete from the published site to remove the page on purpose.
func lostPage(name, folder string) report.Problem {
	address := check.Address(name)
	file, do := findDataFile(name), restoreRecord
	if file == "" {
		file, do = check.SourceOf(name), fmt.Sprintf("to redirect its address, add aliases = [%q] at the top of the page that replaces it", address)
	}
	return report.Problem{Place: report.Place{File: file}, Pages: []string{address}, Rule: "lost-address",
		What: "this published page would disappear, and links to it would break",
		Do:   fmt.Sprintf("%s; to remove it on purpose, delete %s from the published site first", do, folder)}
}

// isDocument matches documents beside pages, which editors add.
var isDocument = regexp.MustCompile(`/[^/]+\.(pdf|txt|docx?|xlsx?|pptx?|od[tsp]|zip)$`)

// pdfName matches the name of a PDF that a build with --pdf writes.
var pdfName = regexp.MustCompile(`^[0-9]{4}(?:-[a-z0-9]+)*/annual-report-[0-9]{4}(?:-[a-z0-9]+)*\.pdf$`)

// restoreRecord says what to do about a lost page or place that comes from a record.
const restoreRecord = "restore the record, or its old name in [brackets]"

// recordPage matches the name of a page that comes from a record of a data file.
var recordPage = regexp.MustCompile(`^(?:([0-9]{4}(?:-[a-z0-9]+)*/)(challenges|recommendations)|(organisations))/[^/]+/index\.html$`)

// findDataFile returns the data file that the page name comes from, or "" if
// somebody wrote the page.
func findDataFile(name string) string {
	m := recordPage.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	return path.Join("data", m[1], m[2]+m[3]+".toml")
}

// citedPlace matches the id of an element that people cite: a numbered paragraph, a
// challenge, a recommendation, a measure or an update.
var citedPlace = regexp.MustCompile(`\sid="?((?:[a-z]+(?:-[a-z]+)*-)?[A-Z]?[0-9]+(?:\.[0-9]+)*|(?:challenge|recommendation|measure|update)-[a-z0-9-]+)["\s>]`)

func findCitedPlaces(html []byte) []string {
	var ids []string
	for _, m := range citedPlace.FindAllSubmatch(html, -1) {
		ids = append(ids, string(m[1]))
	}
	return ids
}

// findLostPlaces returns a problem if a live page has places that the fresh one
// lacks. It skips the front page, which shows another report each year, and the
// page of the whole report, which repeats its sections.
func findLostPlaces(fresh, live fs.FS, name string) (report.Problems, error) {
	if name == "index.html" || path.Base(name) == "full.html" {
		return nil, nil
	}
	var texts [2][]byte
	for i, site := range []fs.FS{live, fresh} {
		var err error
		if texts[i], err = fs.ReadFile(site, name); err != nil {
			return nil, err
		}
		if bytes.Contains(texts[i], []byte("http-equiv=refresh")) {
			return nil, nil // a redirect
		}
	}
	if bytes.Equal(texts[0], texts[1]) {
		return nil, nil // true of most pages
	}
	ids, newIDs := findCitedPlaces(texts[0]), findCitedPlaces(texts[1])
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(newIDs, id) })
	if len(ids) == 0 {
		return nil, nil
	}
	place, do := report.Place{File: check.SourceOf(name)}, "restore it"
	switch kind, _, _ := strings.Cut(ids[0], "-"); kind {
	case "challenge", "recommendation":
		place.File, do = path.Join("data", path.Dir(path.Dir(name)), kind+"s.toml"), restoreRecord
	case "measure":
		report, _, _ := strings.Cut(name, "/")
		place.File, do = path.Join("data", report, "measures.toml"), restoreRecord
	case "update":
		place.File, do = findDataFile(name), `restore the update; if it was wrong, add withdrawn = "why" to it`
	}
	return report.Problems{{Place: place, Pages: []string{check.Address(name)}, Rule: "lost-address",
		What: fmt.Sprintf("the published page has #%s, which would disappear, and links to it would break", strings.Join(ids, ", #")),
		Do:   fmt.Sprintf("%s; to remove it on purpose, delete %s from the published site first", do, name)}}, nil
}
