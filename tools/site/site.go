// Package site makes the site from the source folder.
//
// A build goes through stages, and each must be good before the next begins:
// the data and the pages are read and validated, Hugo renders them in this
// process into a folder beside the destination, the files are minified, the
// open data is put beside them, the result is checked against the data, its
// texts are compressed if that is wanted, and only then does it take the
// destination's place, in one step. So what is published is always a whole,
// checked site: the new one, or the one from before. A package is made in the
// same stages, but for the last.
//
// Where PDFs are asked for, they are printed from the rendered pages, and Hugo
// renders these again to link to them with their sizes.
package site

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"annualreport/tools/check"
	"annualreport/tools/opendata"
	"annualreport/tools/pdf"
	"annualreport/tools/report"
)

// Settings say what to build and where to.
type Settings struct {
	Source      string // the folder that holds config.toml, content/ and data/
	Destination string // the folder that the site is put into
	BaseURL     string // where the site will stand, for canonical links; may be empty
	Precompress bool   // put beside each text its compressed forms, for servers to send
	PDF         bool   // print each report as a PDF, which needs Chromium
	Published   string // for Make: the published site that a build would replace; may be empty, or not be there
}

// A Made is what a build made.
type Made struct {
	check.Proof
	Drafts []report.Draft // left out
	Files  int            // of all kinds
}

// Build makes the site and publishes it to the destination. An error that says
// what is wrong with the report is of type [report.Problems]. Whatever the
// error, the destination is as it was and nothing else is left behind. If ctx
// ends, Build stops after the stage it is in, or within it if it prints.
func Build(ctx context.Context, s Settings) (Made, error) {
	browser, err := s.browser()
	if err != nil {
		return Made{}, err
	}
	baseURL, err := cleanBaseURL(s.BaseURL)
	if err != nil {
		return Made{}, err
	}
	if err := findSource(s.Source); err != nil {
		return Made{}, err
	}
	destination, err := cleanDestination(s.Source, s.Destination)
	if err != nil {
		return Made{}, err
	}
	lib, err := Load(s.Source)
	if err != nil {
		return Made{}, err
	}
	if err := keepPublished(destination, lib.Drafts); err != nil {
		return Made{}, err
	}
	made, err := os.MkdirTemp(filepath.Dir(destination), "."+filepath.Base(destination)+"-")
	if err != nil {
		return Made{}, fmt.Errorf("the site cannot be made beside %s: %w; the folder around it must be one that you may write to", s.Destination, err)
	}
	defer os.RemoveAll(made)
	var result Made
	stages := append(s.stages(ctx, made, baseURL, browser, lib, false, &result),
		func() error { return keepAddresses(made, destination) },
		func() error { return publish(made, destination) })
	err = runStages(ctx, stages, s.Destination)
	return result, err
}

// Make makes the site in the destination, a folder that is there and empty,
// with the drafts, and proves it; it publishes nothing. The error is what
// [Build]'s would be, and what is wrong with the drafts. The pages are whole,
// though there may be something wrong with them, if the proof counts any.
func Make(ctx context.Context, s Settings) (check.Proof, error) {
	baseURL, err := cleanBaseURL(s.BaseURL)
	if err != nil {
		return check.Proof{}, err
	}
	lib, err := Load(s.Source)
	if err != nil {
		return check.Proof{}, err
	}
	var result Made
	stages := s.stages(ctx, s.Destination, baseURL, "", lib, true, &result)
	if s.Published != "" {
		stages = append([]func() error{func() error { return keepPublished(s.Published, lib.Drafts) }}, stages...)
		stages = append(stages, func() error { return keepAddresses(s.Destination, s.Published) })
	}
	err = runStages(ctx, stages, s.Destination)
	var told, drafts report.Problems
	if !errors.As(lib.DraftProblems(), &drafts) {
		return result.Proof, err
	}
	// What a broken draft makes Hugo say is no second cause.
	if errors.As(err, &told) && result.Pages > 0 {
		return result.Proof, append(told, drafts...).Err()
	}
	return result.Proof, drafts
}

// browser finds the browser that PDFs are printed with, if any are wanted.
func (s Settings) browser() (string, error) {
	if !s.PDF {
		return "", nil
	}
	browser, err := pdf.Find()
	if err != nil {
		return "", UsageError("--pdf needs the browser Chromium, which is not on this computer; install it, on Debian with apt-get install chromium, or leave --pdf out; nothing was built")
	}
	return browser, nil
}

// stages give what is done, one after the other, to make a whole, checked site
// in the folder made, which is there and empty. Drafts are part of it if they
// are to be shown, and PDFs if there is a browser to print them. They say in
// result what they made.
func (s Settings) stages(ctx context.Context, made, baseURL, browser string, lib *report.Library, shown bool, result *Made) []func() error {
	result.Drafts = lib.Drafts
	prove := check.Site
	if shown {
		prove = check.Preview
	}
	var data, documents []opendata.File
	files := listing{}
	all := []func() error{
		func() (err error) { data, err = opendata.Files(lib, baseURL); files.addData(data); return err },
		func() error { return render(s.Source, made, baseURL, lib.Drafts, shown, files) },
		func() error { return namesFree(s.Source, made, data) },
	}
	if browser != "" {
		all = append(all,
			func() (err error) { documents, err = printReports(ctx, browser, made, baseURL, lib, files); return err },
			func() error { return namesFree(s.Source, made, documents) },
			func() error { return render(s.Source, made, baseURL, lib.Drafts, shown, files) },
			func() error { return addFiles(made, documents) })
	}
	all = append(all,
		func() error { return minifyFiles(made) },
		func() error { return addFiles(made, data) },
		func() (err error) { result.Proof, err = prove(os.DirFS(made), lib); return err })
	if s.Precompress {
		all = append(all,
			func() error { return compressFiles(ctx, made) },
			func() error { return check.Compressed(os.DirFS(made)) })
	}
	return append(all, func() (err error) { result.Files, err = setModes(made); return err })
}

// runStages runs stages, each if the one before was good, until ctx ends. What
// they would change is destination.
func runStages(ctx context.Context, stages []func() error, destination string) error {
	for _, stage := range stages {
		err := ctx.Err()
		if err == nil {
			err = stage()
		}
		switch {
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			return fmt.Errorf("stopped before it was done; %s is as it was", destination)
		case err != nil:
			return err
		}
	}
	return nil
}

// keepPublished sees that no draft is a report that the destination has: a text
// still to be written, slipped into a published report, must not take it off
// the site.
func keepPublished(destination string, drafts []report.Draft) error {
	var problems report.Problems
	for _, d := range drafts {
		if _, err := os.Stat(filepath.Join(destination, d.Year, "index.html")); err != nil {
			continue
		}
		at, why, do := d.Reason()
		problems = append(problems, report.Problem{Place: at, Rule: "draft",
			What: fmt.Sprintf("the report of %s is published, and would be taken off the site as a draft: %s", d.Year, why),
			Do:   fmt.Sprintf("%s; to take the report off all the same, delete the folder %s in the published site first", do, d.Year)})
	}
	return problems.Err()
}

// findSource sees that source is a project's folder.
func findSource(source string) error {
	if _, err := os.Stat(filepath.Join(source, "config.toml")); err != nil {
		return UsageError(source + " holds no config.toml; run the command in the project's folder, or name that folder with --source")
	}
	return nil
}

// Load reads and validates what is in the source folder.
func Load(source string) (*report.Library, error) {
	if err := findSource(source); err != nil {
		return nil, err
	}
	return report.Load(os.DirFS(source), time.Now())
}

// Check proves the site that stands in the destination, without building it.
func Check(s Settings) (check.Proof, error) {
	lib, err := Load(s.Source)
	if err != nil {
		return check.Proof{}, err
	}
	if _, err := os.Stat(filepath.Join(s.Destination, "index.html")); err != nil {
		return check.Proof{}, UsageError(fmt.Sprintf("there is no site in %s; make it first with: go run ./tools build", s.Destination))
	}
	return check.Site(os.DirFS(s.Destination), lib)
}

// Weigh gives how much each page of the site in the destination takes to send.
func Weigh(s Settings) ([]check.Weight, error) {
	return check.Weigh(os.DirFS(s.Destination))
}

// cleanBaseURL gives the address with a slash at its end, or says what is wrong with it.
func cleanBaseURL(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", UsageError(fmt.Sprintf("--base-url %q is not a site's address; write it as https://www.example.org/reports/", address))
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// A UsageError says how a command was used wrongly.
type UsageError string

func (e UsageError) Error() string { return string(e) }
