package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"annualreport/tools/report"
)

// A NewReport describes the report to begin.
type NewReport struct {
	Name   string // the name of its folders: "2015", "2014-15", "2015-review"
	Series string // the series that it belongs to, or "" for the annual reports
	Empty  bool   // start from nothing instead of following the last report
}

// New begins a report as a draft: it creates content/NAME and, if there is any
// data, data/NAME in source. The draft follows the newest report of its series,
// unless it is empty or the first of its series. today limits the year. New
// changes no existing file, and adds nothing if it fails. If the report to follow
// has problems, the error is of type [report.Problems].
func New(ctx context.Context, source string, spec NewReport, today time.Time) (report.Beginning, error) {
	if err := spec.check(today); err != nil {
		return report.Beginning{}, err
	}
	if err := findSource(source); err != nil {
		return report.Beginning{}, err
	}
	var existing []string
	for _, folder := range reportFolders {
		if _, err := os.Lstat(filepath.Join(source, folder, spec.Name)); err == nil {
			existing = append(existing, folder+"/"+spec.Name)
		}
	}
	if len(existing) > 0 {
		return report.Beginning{}, existsError(existing...)
	}
	beginning := emptyReport(spec.Name, spec.Series)
	if !spec.Empty {
		var err error
		if beginning, err = followLatest(source, spec, beginning, today); err != nil {
			return report.Beginning{}, err
		}
	}
	return beginning, addReport(ctx, source, spec.Name, beginning.Files)
}

// longestReportName limits a name that becomes part of addresses, in characters.
const longestReportName = 60

var seriesName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check returns an error if there can be no such report.
func (r NewReport) check(today time.Time) error {
	year := today.Year()
	switch {
	case utf8.RuneCountInString(r.Name) > longestReportName:
		return UsageError(fmt.Sprintf("new: the report's name has %d characters; the limit is %d", utf8.RuneCountInString(r.Name), longestReportName))
	case utf8.RuneCountInString(r.Series) > longestReportName:
		return UsageError(fmt.Sprintf("new: the name of the series has %d characters; the limit is %d", utf8.RuneCountInString(r.Series), longestReportName))
	case !report.ReportName.MatchString(r.Name):
		return UsageError(fmt.Sprintf("new: %q cannot be a report's name; write its year, with a hyphen and a word if you need them, as in: go run ./tools new %d, or %[2]d-review", r.Name, year))
	case r.Series != "" && !seriesName.MatchString(r.Series):
		return UsageError(fmt.Sprintf("new: --series cannot be %.70q; use lower-case letters, digits and hyphens, as in: --series reviews", r.Series))
	case r.Empty && r.year() > year+1:
		return r.tooFarError(year + 1)
	}
	return nil
}

// year returns the year that the report's name begins with.
func (r NewReport) year() int { return parseYear(r.Name) }

// parseYear returns the year that a report's name begins with.
func parseYear(name string) int {
	year, _ := strconv.Atoi(name[:4]) // four digits
	return year
}

func (r NewReport) tooFarError(last int) error {
	return UsageError(fmt.Sprintf("new: %s is too far ahead; the latest possible year is %d", r.Name, last))
}

// followLatest begins a report that follows the newest one of its series. It
// returns empty if there is none yet.
func followLatest(source string, spec NewReport, empty report.Beginning, today time.Time) (report.Beginning, error) {
	lib, err := Load(source)
	if err != nil {
		return report.Beginning{}, err
	}
	latest, err := lib.Newest(spec.Series)
	switch {
	case err != nil:
		return report.Beginning{}, err
	case latest == nil && spec.Series != "":
		return empty, nil
	case latest == nil:
		return report.Beginning{}, UsageError("new: there is no annual report for this one to follow; to start from nothing, add --empty")
	}
	switch last, most := parseYear(latest.Name), max(parseYear(latest.Name), today.Year())+1; {
	case spec.year() < last:
		return report.Beginning{}, UsageError(fmt.Sprintf("new: %s is before the latest report, %s; choose a later year, or add --empty to start from nothing", spec.Name, latest.Name))
	case spec.year() > most:
		return report.Beginning{}, spec.tooFarError(most)
	}
	return report.Next(os.DirFS(source), latest, spec.Name)
}

// reportFolders are the folders of the source that have a subfolder for each report.
var reportFolders = []string{"content", "data"}

// addReport puts a report's files into source: all of them, or none.
func addReport(ctx context.Context, source, name string, files map[string]string) (err error) {
	temp, remove, err := makeTemp(ctx, source)
	if err != nil {
		return cannotAdd(name, err)
	}
	defer remove()
	for file, text := range files {
		if err := addFile(temp, file, []byte(text)); err != nil {
			return cannotAdd(name, err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped before anything was added")
	}
	var folders []string
	for _, part := range reportFolders {
		folder := path.Join(part, name)
		if _, err := os.Stat(filepath.Join(temp, folder)); err == nil { // a report may have no data
			folders = append(folders, folder)
		}
	}
	// If two commands run at once, the second finds the folders of the first.
	err = moveAll(temp, source, folders)
	if i := slices.IndexFunc(folders, func(folder string) bool { return isExistError(err, filepath.Join(source, folder)) }); i >= 0 {
		err = existsError(folders[i])
	}
	return cannotAdd(name, err)
}

// isExistError reports whether err says that file already exists.
func isExistError(err error, file string) bool {
	var link *os.LinkError
	return errors.As(err, &link) && errors.Is(link.Err, fs.ErrExist) && link.New == file
}

// existsError is the error for a report whose folders exist.
func existsError(folders ...string) UsageError {
	return UsageError("new would overwrite " + strings.Join(folders, " and ") + "; edit what is there, or move it away first")
}

// cannotAdd adds to a file's error that the report was not added, and what to do.
func cannotAdd(name string, err error) error {
	if cause, ofFile := fileCause(err); ofFile {
		return fmt.Errorf("cannot add the %s report: %w; check that you can write to this folder, and to content and data in it", name, cause)
	}
	return err
}

// fileCause returns the cause of a file's error, without its path, and whether
// err was about a file at all.
func fileCause(err error) (cause error, ofFile bool) {
	var link *os.LinkError
	var name *fs.PathError
	switch {
	case errors.As(err, &link):
		return link.Err, true
	case errors.As(err, &name):
		return name.Err, true
	}
	return err, false
}
