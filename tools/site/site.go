// Package site makes the site from the source folder.
//
// A build goes through stages, and each must be good before the next begins:
// the source is read, validated and resolved into a [report.Library]; Hugo, as a
// library, renders its pages into memory; they are minified, and the open data
// and the files in static are put beside them; the result is checked against
// the Library and, if that is wanted, compressed. Only then is it written, once,
// and takes the destination's place in one step. So what is published is always
// a whole, checked site: the new one, or the one from before. A package is made
// in the same stages, but for the last.
//
// Nothing is on the disk before that last stage, so a build can be stopped at
// any moment and leaves nothing. PDFs are printed from the rendered pages; how
// large they are is then filled in on the pages that link to them.
package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/afero"

	"annualreport/tools/check"
	"annualreport/tools/opendata"
	"annualreport/tools/pdf"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// Settings say what to build and where to.
type Settings struct {
	Source      string // the folder that holds config.toml, content/ and data/
	Destination string // the folder that the site is put into
	BaseURL     string // where the site will be, for canonical links; may be empty
	Precompress bool   // put beside each text its compressed forms, for servers to send
	PDF         bool   // print each report as a PDF, which needs Chromium
	Code        fs.FS  // the command's own source, as it was built; nil if that is not known
}

// A Made is what a build made. Where it made nothing, it has the advice alone, as
// far as that is known.
type Made struct {
	check.Proof
	Drafts []*report.Draft // left out
	Files  int             // of all kinds
}

// A made is a checked site in memory.
type made struct {
	Made
	lib   *report.Library
	files afero.Fs
}

// Build makes the site and publishes it to the destination. An error that says
// what is wrong with the report is of type [report.Problems]. Whatever the
// error, the destination is as it was and nothing else is left behind. If ctx
// ends, Build stops at once.
func Build(ctx context.Context, s Settings) (Made, error) {
	destination, err := s.clean()
	if err != nil {
		return Made{}, err
	}
	lib, err := await(ctx, func() (*report.Library, error) { return Load(s.Source) })
	if err != nil {
		return Made{}, stopped(ctx, err, s.Destination)
	}
	if err := keepPublished(destination, lib.Drafts); err != nil {
		return Made{}, err
	}
	site, err := s.make(ctx, lib)
	if err == nil {
		err = keepAddresses(afero.NewIOFS(site.files), os.DirFS(destination), true)
	}
	if err == nil {
		err = publish(ctx, site.files, s.Source, destination)
	}
	return site.Made, stopped(ctx, err, s.Destination)
}

// stopped gives what to say of an error: that the command was stopped, and what
// it would have changed is as it was, if ctx has ended.
func stopped(ctx context.Context, err error, unchanged string) error {
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return fmt.Errorf("stopped before finishing; %s is unchanged", unchanged)
	}
	return err
}

// clean sees that the settings can be used, and gives the destination's real path.
func (s *Settings) clean() (destination string, err error) {
	if s.PDF {
		if _, err := pdf.Find(); err != nil {
			return "", UsageError("--pdf needs the browser Chromium, which is not on this computer; install it (on Debian, apt-get install chromium) or leave out --pdf; nothing was built")
		}
	}
	if s.BaseURL, err = cleanBaseURL(s.BaseURL); err != nil {
		return "", err
	}
	if err := findSource(s.Source); err != nil {
		return "", err
	}
	if s.Destination == "" {
		return "", nil
	}
	return cleanDestination(s.Source, s.Destination)
}

// make makes a whole, checked site in memory.
func (s Settings) make(ctx context.Context, lib *report.Library) (made, error) {
	site := made{Made: Made{Proof: check.Proof{Advice: lib.Advice}, Drafts: lib.Drafts}, lib: lib}
	var err error
	if site.files, err = s.assemble(ctx, lib, ""); err != nil {
		return site, err
	}
	if site.Proof, err = await(ctx, func() (check.Proof, error) { return check.Site(afero.NewIOFS(site.files), lib, os.DirFS(s.Source)) }); err != nil {
		return site, err
	}
	if s.Precompress {
		if err := compressFiles(ctx, site.files); err != nil {
			return site, err
		}
		if err := check.Compressed(afero.NewIOFS(site.files)); err != nil {
			return site, err
		}
	}
	if err := addMark(site.files); err != nil {
		return site, err
	}
	site.Files = countFiles(site.files)
	return site, ctx.Err()
}

// assemble makes all files of a site, as they are published, but for those that
// are compressed. If only is the year of a report, it makes just that report's
// pages and the front page.
func (s Settings) assemble(ctx context.Context, lib *report.Library, only string) (afero.Fs, error) {
	data, err := opendata.Files(lib, s.BaseURL)
	if err != nil {
		return nil, err
	}
	listData(lib, data)
	if s.PDF {
		listDocuments(lib)
	}
	files, err := render(ctx, s.Source, s.BaseURL, lib, only)
	if err != nil {
		return nil, err
	}
	if only != "" {
		return files, minifyPages(ctx, files)
	}
	for _, stage := range []func() error{
		func() error { return addStatic(ctx, s.Source, files) },
		func() error { return addFiles(s.Source, files, data) },
		func() error { return s.addShared(lib, files) },
		func() error {
			if !s.PDF {
				return nil
			}
			return s.print(ctx, lib, files)
		},
		func() error { return minifyPages(ctx, files) },
	} {
		if err := stage(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// keepPublished sees that no draft is a report that the destination has: a text
// still to be written, slipped into a published report, must not take it off
// the site.
func keepPublished(destination string, drafts []*report.Draft) error {
	var problems report.Problems
	for _, d := range drafts {
		if _, err := os.Stat(filepath.Join(destination, d.Name, "index.html")); err != nil {
			continue
		}
		at, why, do := d.Reason()
		problems = append(problems, report.Problem{Place: at, Rule: "draft",
			What: fmt.Sprintf("the %s report is published, but as a draft it would be removed from the site: %s", d.Name, why),
			Do:   fmt.Sprintf("%s; to remove the report on purpose, delete the folder %s from the published site first", do, d.Name)})
	}
	return problems.Err()
}

// findSource sees that source is a project's folder.
func findSource(source string) error {
	info, err := os.Stat(filepath.Join(source, "config.toml"))
	if err != nil {
		return UsageError(source + " has no config.toml; run the command in the project's folder, or give that folder with --source")
	}
	if !info.Mode().IsRegular() { // reading it might have no end
		return UsageError(source + ": config.toml is not a file; restore the report's own")
	}
	return nil
}

// Load reads, validates and resolves what is in the source folder.
func Load(source string) (*report.Library, error) {
	if err := findSource(source); err != nil {
		return nil, err
	}
	return report.Load(os.DirFS(source), time.Now())
}

// Check proves the site in the destination, without building it. The proof has
// the advice, whatever the error.
func Check(s Settings) (check.Proof, error) {
	lib, err := Load(s.Source)
	if err != nil {
		return check.Proof{}, err
	}
	_, noPage := os.Stat(filepath.Join(s.Destination, "index.html"))
	_, noMark := os.Stat(filepath.Join(s.Destination, release.Mark))
	if noPage != nil && noMark != nil {
		return check.Proof{}, UsageError(fmt.Sprintf("there is no site in %s; build it first with: go run ./tools build", s.Destination))
	}
	return check.Site(os.DirFS(s.Destination), lib, os.DirFS(s.Source))
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
		return "", UsageError(fmt.Sprintf("--base-url %q is not the address of a site; write it like https://www.example.org/reports/", address))
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// countFiles counts the files of a site in memory.
func countFiles(files afero.Fs) (n int) {
	// The walk's only error would be one of memory.
	_ = afero.Walk(files, "/", func(_ string, info fs.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n++
		}
		return nil
	})
	return n
}

// A UsageError says how a command was used wrongly.
type UsageError string

func (e UsageError) Error() string { return string(e) }
