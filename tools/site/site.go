// Package site builds the site from the source folder.
//
// A build goes through stages, each of which must succeed before the next
// begins. The source is read, validated and resolved into a [report.Library].
// Hugo, used as a library, renders the pages into memory, and they are minified.
// The open data and copies of the files in static are added. The result is checked against
// the Library and, on request, compressed. Only then is the site written to the
// disk, once, and replaces the destination in one step. So the published site is
// always a whole and checked one, either the new or the old. A package goes
// through the same stages except the last.
//
// Nothing is written before that last stage, so a build can be stopped at any
// time without leaving anything behind. PDFs are printed from the rendered pages;
// their sizes are then filled in on the pages that link to them.
package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/afero"

	"annualreport/tools/check"
	"annualreport/tools/opendata"
	"annualreport/tools/pdf"
	"annualreport/tools/report"
)

// Settings say what to build and where to put it.
type Settings struct {
	Source      string // the folder that holds config.toml, content/ and data/
	Destination string // the folder that the site is put into
	BaseURL     string // the site's address on the web, for canonical links; may be empty
	Precompress bool   // add compressed copies of each text file, for servers to send
	PDF         bool   // print each report as a PDF, which needs Chromium
	Code        fs.FS  // the source that the command was built from; nil if not known

	printed fs.FS // a published site whose PDFs to copy, in place of printing them, or nil
}

// A Result describes a built site. If the build failed, it has only the advice
// known by then.
type Result struct {
	check.Proof
	Drafts []*report.Draft // left out
	Files  int             // number of files of all kinds
	Lost   []string        // options that the published site was built with before, and now was not
}

// A checkedSite is a site in memory that has passed the check.
type checkedSite struct {
	Result
	lib   *report.Library
	files afero.Fs
}

// Build builds the site and publishes it to the destination. If the report has
// problems, the error is of type [report.Problems]. If Build fails, it leaves the
// destination unchanged and nothing else behind. If ctx ends, it stops at once.
func Build(ctx context.Context, s Settings) (Result, error) {
	destination, err := s.clean()
	if err != nil {
		return Result{}, err
	}
	lib, err := s.load(ctx)
	if err != nil {
		return Result{}, explainStop(ctx, err, s.Destination)
	}
	if err := keepReports(s.Destination, lib.Drafts); err != nil {
		return Result{}, err
	}
	site, err := s.build(ctx, lib)
	live := os.DirFS(destination)
	if err == nil {
		next := &succession{source: os.DirFS(s.Source), fresh: afero.NewIOFS(site.files), live: live, folder: s.Destination, withPDFs: true}
		var advice report.Advice
		advice, err = await(ctx, next.check)
		site.Advice = append(site.Advice, advice...)
	}
	if err == nil {
		site.Lost = s.findLostOptions(live)
		err = publish(ctx, site.files, s.Source, destination)
	}
	return site.Result, explainStop(ctx, err, s.Destination)
}

// explainStop replaces the error of an ended ctx by one that says that the
// command was stopped and left target unchanged. It returns other errors as they
// are.
func explainStop(ctx context.Context, err error, target string) error {
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return fmt.Errorf("stopped before finishing; %s is unchanged", target)
	}
	return err
}

// clean validates the settings and returns the destination's real path.
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

// build builds and checks a whole site in memory.
func (s Settings) build(ctx context.Context, lib *report.Library) (checkedSite, error) {
	site := checkedSite{Result: Result{Proof: check.Proof{Advice: lib.Advice}, Drafts: lib.Drafts}, lib: lib}
	var err error
	if site.files, err = s.assemble(ctx, lib, ""); err != nil {
		return site, err
	}
	if site.Proof, err = await(ctx, func() (check.Proof, error) { return check.Site(afero.NewIOFS(site.files), lib, os.DirFS(s.Source)) }); err != nil {
		return site, err
	}
	advice, err := checkDocuments(ctx, afero.NewIOFS(site.files), lib)
	if err != nil {
		return site, err
	}
	site.Proof.Advice = append(site.Proof.Advice, advice...)
	if s.Precompress {
		if err := compressFiles(ctx, site.files); err != nil {
			return site, err
		}
		if err := awaitError(ctx, func() error { return check.Compressed(afero.NewIOFS(site.files)) }); err != nil {
			return site, err
		}
	}
	if err := addMark(site.files); err != nil {
		return site, err
	}
	site.Files = countFiles(site.files)
	return site, ctx.Err()
}

// assemble creates all files of a site as they are published, except compressed
// ones. If only is the name of a report, it renders just that report's pages and
// the front page.
func (s Settings) assemble(ctx context.Context, lib *report.Library, only string) (*siteFS, error) {
	data, err := opendata.Files(lib, s.BaseURL)
	if err != nil {
		return nil, err
	}
	listData(lib, data)
	if s.PDF {
		listDocuments(lib)
	}
	rendered, err := render(ctx, s.Source, s.BaseURL, lib, only)
	if err != nil {
		return nil, err
	}
	files := &siteFS{rendered, map[string]original{}}
	if only != "" {
		return files, minifyPages(ctx, files)
	}
	for _, stage := range []func() error{
		func() error { return addStatic(ctx, s.Source, files) },
		func() error { return addFiles(s.Source, files, data) },
		func() error { return s.addShareFiles(lib, files) },
		func() error {
			if !s.PDF {
				return nil
			}
			return s.addDocuments(ctx, lib, files)
		},
		func() error { return minifyPages(ctx, files) },
	} {
		if err := stage(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// keepReports returns an error if a draft is published in the destination: a
// mark for text to be written, added by mistake, must not remove a report from
// the site.
func keepReports(destination string, drafts []*report.Draft) error {
	var problems report.Problems
	for _, d := range drafts {
		if _, err := os.Stat(filepath.Join(destination, d.Name, "index.html")); err != nil {
			continue
		}
		place, reason, remedy := d.Reason()
		problems = append(problems, report.Problem{Place: place, Rule: "draft",
			What: fmt.Sprintf("the %s report is published, but as a draft it would be removed from the site: %s", d.Name, reason),
			Do:   remedy + removal(destination, d.Name)})
	}
	return problems.Err()
}

// findSource returns an error if source is not a project's folder.
func findSource(source string) error {
	info, err := os.Stat(filepath.Join(source, "config.toml"))
	if err != nil {
		return UsageError(source + " has no config.toml; run the command in the project's folder, or give that folder with --source")
	}
	if !info.Mode().IsRegular() { // reading a device or pipe might never end
		return UsageError(source + ": config.toml is not a file; restore the report's own")
	}
	return nil
}

// Load reads, validates and resolves the source folder.
func Load(source string) (*report.Library, error) {
	if err := findSource(source); err != nil {
		return nil, err
	}
	return report.Load(os.DirFS(source), time.Now())
}

// load is [Load], which ends at once if ctx does.
func (s Settings) load(ctx context.Context) (*report.Library, error) {
	return await(ctx, func() (*report.Library, error) { return Load(s.Source) })
}

// Weigh returns how many bytes each page of the site in the destination takes to send.
func Weigh(s Settings) ([]check.Weight, error) {
	return check.Weigh(os.DirFS(s.Destination))
}

// cleanBaseURL returns the address with a slash at its end, or an error if it is not one.
func cleanBaseURL(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.HasSuffix(u.Path, ".html") || !sitePath.MatchString(u.Path) || u.Port() != "" && !isPort(u.Port()) {
		return "", UsageError(fmt.Sprintf("--base-url %q is not the address of a site; write it like https://www.example.org/reports/", address))
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// sitePath matches the path of a site's address: no part is empty or begins with a full
// stop.
var sitePath = regexp.MustCompile(`^(/[^/.][^/]*)*/?$`)

// isPort reports whether a text is the number of a port.
func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// countFiles returns the number of files of a site.
func countFiles(files afero.Fs) (n int) {
	// Walking through memory cannot fail.
	_ = eachFile(files, func(string) error {
		n++
		return nil
	})
	return n
}

// A PartialError says that a command failed when it had already changed something, and
// what there is now. After any other error, everything is as it was before.
type PartialError struct{ Err error }

func (e PartialError) Error() string { return e.Err.Error() }
func (e PartialError) Unwrap() error { return e.Err }

// A UsageError says that a command was used wrongly, and how to use it.
type UsageError string

func (e UsageError) Error() string { return string(e) }
