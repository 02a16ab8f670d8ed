package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"annualreport/tools/report"
)

var fourDigits = regexp.MustCompile(`^[0-9]{4}$`)

// New begins the report of a year: content/YEAR and data/YEAR in source, a
// draft that follows the latest report. today bounds the year. Nothing that is
// there is changed, and if there is an error, nothing is added. One that says
// what is wrong with the latest report is of type [report.Problems].
func New(ctx context.Context, source, year string, today time.Time) (report.Beginning, error) {
	refuse := func(format string, args ...any) (report.Beginning, error) {
		return report.Beginning{}, UsageError("new: " + fmt.Sprintf(format, args...))
	}
	if !fourDigits.MatchString(year) {
		return refuse("%q is not a year; write four digits, as in: go run ./tools new %d", year, today.Year())
	}
	if err := findSource(source); err != nil {
		return report.Beginning{}, err
	}
	var there []string
	for _, part := range reportFolders {
		if _, err := os.Lstat(filepath.Join(source, part, year)); err == nil {
			there = append(there, part+"/"+year)
		}
	}
	if len(there) > 0 {
		return report.Beginning{}, isThere(there...)
	}
	lib, err := Load(source)
	if err != nil {
		return report.Beginning{}, err
	}
	latest, err := lib.Newest()
	if err != nil {
		return report.Beginning{}, err
	}
	last, _ := strconv.Atoi(latest.Year) // four digits
	switch n, _ := strconv.Atoi(year); {
	case n < last:
		return refuse("%s is before the latest report, of %s; say a later year", year, latest.Year)
	case n > max(last, today.Year())+1:
		return refuse("%s is a long way off; the next report is that of %d at most", year, max(last, today.Year())+1)
	}
	begun, err := report.Next(os.DirFS(source), latest, year)
	if err == nil {
		err = addReport(ctx, source, year, begun.Files)
	}
	return begun, err
}

// The folders of the source that have a folder for each report.
var reportFolders = []string{"content", "data"}

// addReport puts a report's files into source: all of them, or none.
func addReport(ctx context.Context, source, year string, files map[string]string) (err error) {
	made, err := os.MkdirTemp(source, ".new-")
	if err != nil {
		return cannotAdd(year, err)
	}
	defer os.RemoveAll(made)
	for name, text := range files {
		file := filepath.Join(made, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return cannotAdd(year, err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return cannotAdd(year, err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped before anything was added")
	}
	// Of two that run at once, the second finds the first one's folder in its way.
	for i, part := range reportFolders {
		if err := os.Rename(filepath.Join(made, part, year), filepath.Join(source, part, year)); err != nil {
			if _, there := os.Lstat(filepath.Join(source, part, year)); there == nil {
				err = isThere(part + "/" + year)
			}
			for _, added := range reportFolders[:i] {
				err = errors.Join(err, os.Rename(filepath.Join(source, added, year), filepath.Join(made, added, year)))
			}
			return cannotAdd(year, err)
		}
	}
	return nil
}

// isThere refuses a report of which a folder exists.
func isThere(folders ...string) UsageError {
	return UsageError("new: " + strings.Join(folders, " and ") + " would be overwritten, which new never does; edit what is there, or take it away first")
}

func cannotAdd(year string, err error) error {
	var usage UsageError
	if errors.As(err, &usage) {
		return err
	}
	cause, _ := fileCause(err)
	return fmt.Errorf("the report of %s cannot be added: %w; see that the project's folder, content and data may be written to", year, cause)
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
