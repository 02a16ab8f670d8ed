package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"annualreport/tools/opendata"
	"annualreport/tools/pdf"
	"annualreport/tools/report"
)

// A listing is what the layouts are told of the files that stand beside the
// pages: of each report, by its year, the files by what they are. They link to
// no file that is not listed, and the preview lists none.
type listing map[string]map[string]listed

// A listed is one file of a listing.
type listed struct {
	Name string `json:"name"` // in the report's folder
	Size string `json:"size"` // as a reader meets it: "24 KB"
}

func (l listing) orEmpty() listing {
	if l == nil {
		return listing{}
	}
	return l
}

func (l listing) add(year, what, name, size string) {
	if l[year] == nil {
		l[year] = map[string]listed{}
	}
	l[year][what] = listed{name, size}
}

// addData lists the files of the reports' open data.
func (l listing) addData(files []opendata.File) {
	what := map[string]string{opendata.JSONFile: "data", opendata.RecommendationsFile: "recommendations", opendata.ChallengesFile: "challenges"}
	for _, f := range files {
		year, name := path.Split(f.Name)
		if year != "" {
			l.add(path.Clean(year), what[name], name, size(len(f.Bytes)))
		}
	}
}

// size gives a number of bytes as a reader meets it.
func size(bytes int) string {
	if bytes >= 1_000_000 {
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%d KB", max(1, (bytes+500)/1000))
}

// printReports prints the page of each whole report in the folder made, and
// lists what it gives.
func printReports(ctx context.Context, browser, made, baseURL string, lib *report.Library, files listing) ([]opendata.File, error) {
	var pages []pdf.Page
	for _, rep := range lib.Reports {
		pages = append(pages, pdf.Page{Name: rep.Year + "/full.html", Date: rep.Paper.Date})
	}
	documents, err := pdf.Print(ctx, browser, os.DirFS(made), baseURL, pages)
	if err != nil {
		return nil, fmt.Errorf("no PDF was made, and nothing was published: %w", err)
	}
	var all []opendata.File
	for i, rep := range lib.Reports {
		name := "annual-report-" + rep.Year + ".pdf"
		all = append(all, opendata.File{Name: rep.Year + "/" + name, Bytes: documents[i].Bytes})
		pages := fmt.Sprintf("%d pages", documents[i].Pages)
		if documents[i].Pages == 1 {
			pages = "1 page"
		}
		files.add(rep.Year, "pdf", name, size(len(documents[i].Bytes))+", "+pages)
	}
	return all, nil
}

// namesFree sees that no file of the editors' own has the name of one that the
// site makes.
func namesFree(source, made string, files []opendata.File) error {
	var problems report.Problems
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(made, filepath.FromSlash(f.Name))); err != nil {
			continue
		}
		at := report.Place{File: "static/" + f.Name}
		if _, err := os.Stat(filepath.Join(source, filepath.FromSlash(at.File))); err != nil {
			at.File = "content/" + f.Name
		}
		problems = append(problems, report.Problem{Place: at, Rule: "name-taken", What: "the site makes a file of this name itself", Do: "give this one another name"})
	}
	return problems.Err()
}

// addFiles writes files into the folder made.
func addFiles(made string, files []opendata.File) error {
	for _, f := range files {
		if err := writeNew(filepath.Join(made, filepath.FromSlash(f.Name)), f.Bytes); err != nil {
			return err
		}
	}
	return nil
}

// writeNew writes a file that must not be there.
func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
