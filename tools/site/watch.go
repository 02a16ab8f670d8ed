package site

import (
	"annualreport/tools/report"
	"context"
	"io/fs"
	"maps"
	"os"
	"strings"
	"time"
)

// Changes are found by looking at every file again and again. That takes well
// under a millisecond, works wherever files can be read (network drives, folders
// shared with another system), and cannot miss a folder that is new or came back.
const (
	pollInterval = 100 * time.Millisecond // between two looks
	settleTime   = 40 * time.Millisecond  // how long a change must stand: a file may be half-saved
	pollShare    = 20                     // looking takes at most one part in so many of the time
)

// A stamp changes when the file does.
type stamp struct {
	size    int64
	modTime int64 // nanoseconds
	mode    fs.FileMode
}

// look gives the stamps of all files and folders that a site can be made from.
// What cannot be read has none.
func look(source fs.FS) map[string]stamp {
	stamps := map[string]stamp{}
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, _ error) error {
		switch {
		case name == ".":
			return nil
		case isIgnored(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := fs.Stat(source, name) // follows links
		if err != nil {
			return nil
		}
		s := stamp{info.Size(), info.ModTime().UnixNano(), info.Mode()}
		if info.IsDir() {
			s.size, s.modTime = 0, 0 // what is in it has its own stamps
		}
		stamps[name] = s
		return nil
	})
	return stamps
}

// notSource reports whether the file or folder has no part in the site: it is
// hidden, or one of those that the commands make or are made of.
func isIgnored(name string) bool {
	base := name[strings.LastIndex(name, "/")+1:]
	switch name {
	case "public", "resources", "tools":
		return true
	}
	return strings.HasPrefix(base, ".") || base == "node_modules"
}

// changedReport gives the year of the report that all files that differ belong
// to, or "" if there is no such report.
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

// changed waits until source is no more as it was before, and has come to
// rest. It gives how it is then, and ends with ctx.
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
