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

// A NewReport says what report to begin.
type NewReport struct {
	Name   string // of its folders: "2015", "2014-15", "2015-review"
	Series string // the line of reports that it stands in, or "" for the annual ones
	Empty  bool   // it follows no other report
}

// New begins a report: content/NAME and, if it has any data, data/NAME in source,
// as a draft. It follows the newest report of its series, unless it is to be
// empty or is the first of a series of its own. today bounds the year. Nothing
// that is there is changed, and if there is an error, nothing is added. One that
// says what is wrong with the report that it follows is of type
// [report.Problems].
func New(ctx context.Context, source string, wanted NewReport, today time.Time) (report.Beginning, error) {
	if err := wanted.check(today); err != nil {
		return report.Beginning{}, err
	}
	if err := findSource(source); err != nil {
		return report.Beginning{}, err
	}
	var there []string
	for _, part := range reportFolders {
		if _, err := os.Lstat(filepath.Join(source, part, wanted.Name)); err == nil {
			there = append(there, part+"/"+wanted.Name)
		}
	}
	if len(there) > 0 {
		return report.Beginning{}, isThere(there...)
	}
	begun := emptyReport(wanted.Name, wanted.Series)
	if !wanted.Empty {
		var err error
		if begun, err = next(source, wanted, begun, today); err != nil {
			return report.Beginning{}, err
		}
	}
	return begun, addReport(ctx, source, wanted.Name, begun.Files)
}

// longestReportName is more letters than a name that is part of addresses should have.
const longestReportName = 60

var seriesName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check sees that there can be such a report.
func (w NewReport) check(today time.Time) error {
	year := today.Year()
	switch {
	case len(w.Name) > longestReportName:
		return UsageError(fmt.Sprintf("new: the report's name has %d characters; the limit is %d", utf8.RuneCountInString(w.Name), longestReportName))
	case !report.ReportName.MatchString(w.Name):
		return UsageError(fmt.Sprintf("new: %q cannot be a report's name; write its year, with a hyphen and a word if you need them, as in: go run ./tools new %d, or %[2]d-review", w.Name, year))
	case w.Series != "" && (!seriesName.MatchString(w.Series) || len(w.Series) > longestReportName):
		return UsageError(fmt.Sprintf("new: --series cannot be %.70q; use lower-case letters, digits and hyphens, as in: --series reviews", w.Series))
	case w.Empty && w.year() > year+1:
		return w.isFarOff(year + 1)
	}
	return nil
}

// year is the one that the report's name begins with.
func (w NewReport) year() int { return yearOf(w.Name) }

// yearOf gives the year that a report's name begins with.
func yearOf(name string) int {
	year, _ := strconv.Atoi(name[:4]) // four digits
	return year
}

func (w NewReport) isFarOff(last int) error {
	return UsageError(fmt.Sprintf("new: %s is too far ahead; the latest possible year is %d", w.Name, last))
}

// next begins a report that follows the newest one of its series, or gives empty
// if it is the first of one.
func next(source string, wanted NewReport, empty report.Beginning, today time.Time) (report.Beginning, error) {
	lib, err := Load(source)
	if err != nil {
		return report.Beginning{}, err
	}
	latest, err := lib.Newest(wanted.Series)
	switch {
	case err != nil:
		return report.Beginning{}, err
	case latest == nil && wanted.Series != "":
		return empty, nil
	case latest == nil:
		return report.Beginning{}, UsageError("new: there is no annual report for this one to follow; to start from nothing, add --empty")
	}
	switch last, most := yearOf(latest.Name), max(yearOf(latest.Name), today.Year())+1; {
	case wanted.year() < last:
		return report.Beginning{}, UsageError(fmt.Sprintf("new: %s is before the latest report, %s; choose a later year, or add --empty to start from nothing", wanted.Name, latest.Name))
	case wanted.year() > most:
		return report.Beginning{}, wanted.isFarOff(most)
	}
	return report.Next(os.DirFS(source), latest, wanted.Name)
}

// The folders of the source that have a folder for each report.
var reportFolders = []string{"content", "data"}

// addReport puts a report's files into source: all of them, or none.
func addReport(ctx context.Context, source, name string, files map[string]string) (err error) {
	made, err := os.MkdirTemp(source, ".new-")
	if err != nil {
		return cannotAdd(name, err)
	}
	defer os.RemoveAll(made)
	for file, text := range files {
		if err := addFile(made, file, []byte(text)); err != nil {
			return cannotAdd(name, err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped before anything was added")
	}
	var all []string
	for _, part := range reportFolders {
		folder := path.Join(part, name)
		if _, err := os.Stat(filepath.Join(made, folder)); err == nil { // a report may have no data
			all = append(all, folder)
		}
	}
	// Of two that run at once, the second finds the first one's folder in its way.
	err = moveAll(made, source, all)
	if i := slices.IndexFunc(all, func(folder string) bool { return isInWay(err, filepath.Join(source, folder)) }); i >= 0 {
		err = isThere(all[i])
	}
	return cannotAdd(name, err)
}

// isInWay tells whether err says that something is there already.
func isInWay(err error, file string) bool {
	var link *os.LinkError
	return errors.As(err, &link) && errors.Is(link.Err, fs.ErrExist) && link.New == file
}

// isThere refuses a report of which a folder exists.
func isThere(folders ...string) UsageError {
	return UsageError("new would overwrite " + strings.Join(folders, " and ") + "; edit what is there, or move it away first")
}

// cannotAdd says that a report could not be added, unless err does.
func cannotAdd(name string, err error) error {
	if cause, ofFile := fileCause(err); ofFile {
		return fmt.Errorf("cannot add the %s report: %w; check that you can write to this folder, and to content and data in it", name, cause)
	}
	return err
}

// fileCause gives what went wrong with a file or folder, without the path that
// a message would not explain, and whether err was about one.
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
