package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"annualreport/tools/report"
)

// New begins the report of the given name: content/NAME and data/NAME in source,
// a draft that follows the latest report. today bounds the year. Nothing that is
// there is changed, and if there is an error, nothing is added. One that says
// what is wrong with the latest report is of type [report.Problems].
func New(ctx context.Context, source, name string, today time.Time) (report.Beginning, error) {
	refuse := func(format string, args ...any) (report.Beginning, error) {
		return report.Beginning{}, UsageError("new: " + fmt.Sprintf(format, args...))
	}
	if !report.ReportName.MatchString(name) {
		return refuse("%q cannot be a report's name; write its year, and after a hyphen what tells it from others, as in: go run ./tools new %d, or %[2]d-review", name, today.Year())
	}
	if err := findSource(source); err != nil {
		return report.Beginning{}, err
	}
	var there []string
	for _, part := range reportFolders {
		if _, err := os.Lstat(filepath.Join(source, part, name)); err == nil {
			there = append(there, part+"/"+name)
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
	year, _ := strconv.Atoi(name[:4]) // four digits
	last, _ := strconv.Atoi(latest.Name[:4])
	switch {
	case year < last:
		return refuse("%s is before the latest report, of %s; say a later year", name, latest.Name)
	case year > max(last, today.Year())+1:
		return refuse("%s is a long way off; the next report is that of %d at most", name, max(last, today.Year())+1)
	}
	begun, err := report.Next(os.DirFS(source), latest, name)
	if err == nil {
		err = addReport(ctx, source, name, begun.Files)
	}
	return begun, err
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
	for path, text := range files {
		file := filepath.Join(made, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return cannotAdd(name, err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return cannotAdd(name, err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped before anything was added")
	}
	// Of two that run at once, the second finds the first one's folder in its way.
	for i, part := range reportFolders {
		if err := os.Rename(filepath.Join(made, part, name), filepath.Join(source, part, name)); err != nil {
			if _, there := os.Lstat(filepath.Join(source, part, name)); there == nil {
				err = isThere(part + "/" + name)
			}
			for _, added := range reportFolders[:i] {
				err = errors.Join(err, os.Rename(filepath.Join(source, added, name), filepath.Join(made, added, name)))
			}
			return cannotAdd(name, err)
		}
	}
	return nil
}

// isThere refuses a report of which a folder exists.
func isThere(folders ...string) UsageError {
	return UsageError("new: " + strings.Join(folders, " and ") + " would be overwritten, which new never does; edit what is there, or take it away first")
}

func cannotAdd(name string, err error) error {
	var usage UsageError
	if errors.As(err, &usage) {
		return err
	}
	cause, _ := fileCause(err)
	return fmt.Errorf("the report of %s cannot be added: %w; see that the project's folder, content and data may be written to", name, cause)
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
