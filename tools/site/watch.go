package site

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"strings"
	"time"

	"annualreport/tools/report"
)

// The preview finds changes by polling every file. That takes well under a
// millisecond, works wherever files can be read (network drives, folders shared
// with another system), and cannot miss a new or restored folder.
const (
	pollInterval = 100 * time.Millisecond // between two polls
	settleTime   = 40 * time.Millisecond  // how long a change must last: a file may be half-saved
	pollShare    = 20                     // polling takes at most one part in 20 of the time
)

// A stamp changes when the file does.
type stamp struct {
	Size    int64
	ModTime int64 // nanoseconds
	Mode    fs.FileMode
}

func newStamp(info fs.FileInfo) stamp {
	return stamp{info.Size(), info.ModTime().UnixNano(), info.Mode()}
}

// look returns the stamps of all files and folders that a site can be built from,
// except those that cannot be read.
func look(source fs.FS) map[string]stamp {
	stamps := map[string]stamp{}
	// The callback returns no error.
	_ = fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, _ error) error {
		switch {
		case name == ".":
			return nil
		case !isSiteSource(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := fs.Stat(source, name) // follows links
		if err != nil {
			return nil
		}
		s := newStamp(info)
		if info.IsDir() {
			s.Size, s.ModTime = 0, 0 // its files have stamps of their own
		}
		stamps[name] = s
		return nil
	})
	return stamps
}

// findChangedReport returns the name of the report that all changed files belong
// to, or "" if they do not belong to one report.
func findChangedReport(previous, current map[string]stamp) (year string) {
	for _, stamps := range []map[string]stamp{previous, current} {
		for name := range stamps {
			if previous[name] == current[name] {
				continue
			}
			parts := strings.SplitN(name, "/", 3)
			if len(parts) < 3 || parts[0] != "content" && parts[0] != "data" || !report.ReportName.MatchString(parts[1]) || year != "" && year != parts[1] {
				return ""
			}
			year = parts[1]
		}
	}
	return year
}

// awaitChange waits until source differs from previous and has stopped changing.
// It returns the new stamps, or an error when ctx ends.
func awaitChange(ctx context.Context, source string, previous map[string]stamp) (current map[string]stamp, err error) {
	files := os.DirFS(source)
	last := previous
	for {
		start := time.Now()
		current := look(files)
		pause := pollInterval
		if !maps.Equal(current, previous) {
			if maps.Equal(current, last) {
				return current, nil
			}
			pause = settleTime
		}
		last = current
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(max(pause, pollShare*time.Since(start))):
		}
	}
}
