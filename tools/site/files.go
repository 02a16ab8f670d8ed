package site

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/afero"
	"golang.org/x/sync/errgroup"

	"annualreport/tools/check"
	"annualreport/tools/opendata"
	"annualreport/tools/pdf"
	"annualreport/tools/report"
	"annualreport/tools/share"
)

// dataKeys are the keys of a report's files of open data, by their names.
var dataKeys = map[string]string{opendata.JSONFile: "data", opendata.RecommendationsFile: "recommendations", opendata.ChallengesFile: "challenges"}

// listData records in the library the table of all progress, and in each report
// its files of open data.
func listData(lib *report.Library, data []opendata.File) {
	for _, f := range data {
		if f.Name == opendata.ProgressFile {
			lib.Table = report.File{Name: f.Name, Size: report.Size(int64(len(f.Bytes)))}
		}
	}
	for _, rep := range lib.Reports {
		rep.Files = map[string]report.File{}
		for _, f := range data {
			if folder, name := path.Split(f.Name); folder == rep.Name+"/" {
				rep.Files[dataKeys[name]] = report.File{Name: name, Size: report.Size(int64(len(f.Bytes)))}
			}
		}
	}
}

// listDocuments records in each report its PDF, which is yet to be printed. A
// placeholder stands for its size: see printDocuments.
func listDocuments(lib *report.Library) {
	for _, rep := range lib.Reports {
		rep.Files["pdf"] = report.File{Name: path.Base(rep.PDF()), Size: "size-of-" + rep.Name + "-not-known-yet"}
	}
}

// addDocuments prints each whole report, or copies it from s.printed, and fills in
// the size of the PDF on the pages that link to it.
func (s Settings) addDocuments(ctx context.Context, lib *report.Library, files afero.Fs) error {
	documents, err := s.printDocuments(ctx, lib, files)
	if err != nil {
		return err
	}
	for i, rep := range lib.Reports {
		for _, name := range []string{"index.html", rep.Name + "/index.html"} { // the summary, which is also the front page of the latest report
			html, err := afero.ReadFile(files, name)
			if err == nil {
				html = bytes.ReplaceAll(html, []byte(rep.Files["pdf"].Size), []byte(report.PrintedSize(documents[i])))
				err = afero.WriteFile(files, name, html, 0o644)
			}
			if err != nil {
				return err
			}
		}
		if err := addFiles(s.Source, files, []opendata.File{{Name: rep.PDF(), Bytes: documents[i]}}); err != nil {
			return err
		}
	}
	return nil
}

// printDocuments returns the PDF of each report, in order.
func (s Settings) printDocuments(ctx context.Context, lib *report.Library, files afero.Fs) (all [][]byte, err error) {
	if s.printed != nil {
		for _, rep := range lib.Reports {
			document, err := fs.ReadFile(s.printed, rep.PDF())
			if err != nil {
				return nil, err
			}
			all = append(all, document)
		}
		return all, nil
	}
	browser, err := pdf.Find()
	if err != nil {
		return nil, err
	}
	var pages []pdf.Page
	for _, rep := range lib.Reports {
		title := fmt.Sprintf("%s | %s | %s", rep.Summary.Title, rep.DisplayName(), rep.Publisher.NameOn(rep.Date))
		pages = append(pages, pdf.Page{Name: rep.Name + "/full.html", Title: title, Date: rep.Date.Time})
	}
	if all, err = pdf.Print(ctx, browser, afero.NewIOFS(files), s.BaseURL, pages); err != nil {
		return nil, fmt.Errorf("no PDF was made, and nothing was published: %w", err)
	}
	return all, nil
}

// checkDocuments checks what the PDFs of a site say. If this computer cannot read them, it
// returns advice instead.
func checkDocuments(ctx context.Context, site fs.FS, lib *report.Library) (report.Advice, error) {
	if pdf.CanRead() {
		err := check.Documents(site, lib, func(document []byte) (texts, links []string, err error) { return pdf.Read(ctx, document) })
		return nil, cmp.Or(ctx.Err(), err)
	}
	var advice report.Advice
	for _, rep := range lib.Reports {
		name := rep.PDF()
		if _, err := fs.Stat(site, name); err == nil {
			advice = append(advice, report.Problem{Rule: "pdf-unread", Pages: []string{check.Address(name)}, What: "the PDF was not compared with the report",
				Do: "install the Poppler tools (on Debian, poppler-utils) and run: go run ./tools check"})
		}
	}
	return advice, nil
}

// addShareFiles adds the pictures and icons for sharing, if the site's address is known.
func (s Settings) addShareFiles(lib *report.Library, files afero.Fs) error {
	if s.BaseURL == "" {
		return nil
	}
	shareFiles, err := share.Files(lib)
	if err != nil {
		return err
	}
	var all []opendata.File
	for _, f := range shareFiles {
		all = append(all, opendata.File(f))
	}
	return addFiles(s.Source, files, all)
}

// addFiles adds files that the build writes. A file of the editors with the same
// name is a problem.
func addFiles(source string, files afero.Fs, all []opendata.File) error {
	var problems report.Problems
	for _, f := range all {
		if _, err := files.Stat(f.Name); err == nil {
			file := "static/" + f.Name
			if _, err := os.Stat(filepath.Join(source, filepath.FromSlash(file))); err != nil {
				file = "content/" + f.Name
			}
			problems = append(problems, nameProblem(file))
			continue
		}
		if err := afero.WriteFile(files, f.Name, f.Bytes, 0o644); err != nil {
			return err
		}
	}
	return problems.Err()
}

// nameProblem is the problem with an editor's file whose name the build needs.
func nameProblem(file string) report.Problem {
	return report.Problem{Place: report.Place{File: file}, Rule: "name-taken", What: "the build writes a file of this name", Do: "rename this one"}
}

// addStatic adds the files in static, byte for byte, except the stylesheets, which
// are part of the pages, and what programs left there.
func addStatic(ctx context.Context, source string, files *siteFS) error {
	var problems report.Problems
	static := filepath.Join(source, "static")
	err := fs.WalkDir(os.DirFS(static), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == ".": // the folder is optional
			return fs.SkipAll
		case err != nil:
			return err
		case entry.IsDir() && name == "css":
			return fs.SkipDir
		case entry.IsDir(), report.IsLeftover(name):
			return nil
		}
		if _, err := files.Stat(name); err == nil {
			problems = append(problems, nameProblem("static/"+name))
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return files.addCopy(name, filepath.Join(static, filepath.FromSlash(name)), info)
	})
	if err != nil {
		return fmt.Errorf("cannot read the files in static: %w", err)
	}
	return problems.Err()
}

// eachFile calls visit with the name of every file of a site in memory, with
// forward slashes, in order.
func eachFile(files afero.Fs, visit func(name string) error) error {
	return fs.WalkDir(afero.NewIOFS(files), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return visit(strings.TrimPrefix(name, "/"))
	})
}

// eachParallel calls visit with each of the names, on all processors. It stops when
// ctx ends, or at the first error.
func eachParallel(ctx context.Context, names []string, visit func(name string) error) error {
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range names {
		workers.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return visit(name)
		})
	}
	return workers.Wait()
}
