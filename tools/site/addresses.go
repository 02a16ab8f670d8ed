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

// keepAddresses sees that what was made has a page, or one that leads on to
// another, at every address at which the published site has one: people have
// linked to it. What is lost below a lost folder is told with the folder. So it
// is with the numbered paragraphs and the items on a page.
func keepAddresses(made, published fs.FS, documents bool) error {
	var problems report.Problems
	err := fs.WalkDir(published, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // nothing is published yet
			return nil
		case err != nil:
			return err
		case path.Ext(name) == ".pdf" && documents && printed.MatchString(name):
			if _, err := fs.Stat(made, name); err != nil {
				problems = append(problems, report.Problem{Pages: []string{"/" + name}, Rule: "lost-address", What: "this published PDF would disappear, and links to it would break",
					Do: "build with --pdf; to remove it on purpose, delete it from the published site first"})
			}
			return nil
		case entry.IsDir() || path.Ext(name) != ".html":
			return nil
		}
		if _, err := fs.Stat(made, name); err == nil {
			problem, err := lostPlaces(made, published, name)
			problems = append(problems, problem...)
			return err
		}
		address, folder := check.Address(name), path.Dir(name)
		if _, err := fs.Stat(made, folder); err == nil || path.Base(name) != "index.html" {
			folder = name // the folder itself stays
		}
		// The index.html of a lost folder comes before those of the folders in it only by chance.
		problems = slices.DeleteFunc(problems, func(p report.Problem) bool { return folder != name && strings.HasPrefix(p.Pages[0], address) })
		if slices.ContainsFunc(problems, func(p report.Problem) bool {
			return strings.HasSuffix(p.Pages[0], "/") && strings.HasPrefix(address, p.Pages[0])
		}) {
			return nil
		}
		file, do := dataOf(name), putBack
		if file == "" {
			file, do = check.SourceOf(name), fmt.Sprintf("to redirect its address, add aliases = [%q] at the top of the page that replaces it", address)
		}
		problems = append(problems, report.Problem{Place: report.Place{File: file},
			Pages: []string{address}, Rule: "lost-address", What: "this published page would disappear, and links to it would break",
			Do: fmt.Sprintf("%s; to remove it on purpose, delete %s from the published site first", do, folder)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot read the published site: %w", err)
	}
	return problems.Err()
}

// printed is the name of a PDF that a build with --pdf makes.
var printed = regexp.MustCompile(`^[0-9]{4}(?:-[a-z0-9]+)*/annual-report-[0-9]{4}(?:-[a-z0-9]+)*\.pdf$`)

// putBack is what to do about a page, or a place on one, that was made from a record.
const putBack = "restore the record, or its old name in [brackets]"

// recordPage is the name of a page that is made from a record of a data file.
var recordPage = regexp.MustCompile(`^(?:([0-9]{4}(?:-[a-z0-9]+)*/)(challenges|recommendations)|(organisations))/[^/]+/index\.html$`)

// dataOf gives the data file that a page of this name is made from, or "" if
// somebody wrote the page.
func dataOf(name string) string {
	m := recordPage.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	return path.Join("data", m[1], m[2]+m[3]+".toml")
}

// citedPlace is the id of an element that people cite: a numbered paragraph, a
// challenge or a recommendation.
var citedPlace = regexp.MustCompile(`\sid="?((?:[a-z]+(?:-[a-z]+)*-)?[A-Z]?[0-9]+(?:\.[0-9]+)*|(?:challenge|recommendation)-[a-z0-9-]+)["\s>]`)

func citedPlaces(html []byte) []string {
	var ids []string
	for _, m := range citedPlace.FindAllSubmatch(html, -1) {
		ids = append(ids, string(m[1]))
	}
	return ids
}

// lostPlaces tells which places of a page that is published are gone from the
// one that was made. The front page shows another report each year, and the
// page of the whole report has what its sections have.
func lostPlaces(made, published fs.FS, name string) (report.Problems, error) {
	if name == "index.html" || path.Base(name) == "full.html" {
		return nil, nil
	}
	var texts [2][]byte
	for i, site := range []fs.FS{published, made} {
		var err error
		if texts[i], err = fs.ReadFile(site, name); err != nil {
			return nil, err
		}
		if bytes.Contains(texts[i], []byte("http-equiv=refresh")) {
			return nil, nil // it does nothing but lead on to another page
		}
	}
	if bytes.Equal(texts[0], texts[1]) {
		return nil, nil // as are most pages from one build to the next
	}
	before, now := citedPlaces(texts[0]), citedPlaces(texts[1])
	lost := slices.DeleteFunc(before, func(id string) bool { return slices.Contains(now, id) })
	if len(lost) == 0 {
		return nil, nil
	}
	at, do := report.Place{File: check.SourceOf(name)}, "restore it"
	if kind, _, _ := strings.Cut(lost[0], "-"); kind == "challenge" || kind == "recommendation" {
		at.File, do = path.Join("data", path.Dir(path.Dir(name)), kind+"s.toml"), putBack
	}
	return report.Problems{{Place: at, Pages: []string{check.Address(name)}, Rule: "lost-address",
		What: fmt.Sprintf("the published page has #%s, which would disappear, and links to it would break", strings.Join(lost, ", #")),
		Do:   fmt.Sprintf("%s; to remove it on purpose, delete %s from the published site first", do, name)}}, nil
}
