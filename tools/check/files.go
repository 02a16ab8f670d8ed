package check

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"annualreport/tools/report"
)

// listFiles lists every file of the site. Anything but a plain file is reported and never
// opened: reading it might never end.
func (c *checker) listFiles() {
	c.files, c.obstacles = map[string]*page{}, map[string]bool{}
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(c.site, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			c.reportUnreadable(name, err)
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		case !entry.Type().IsRegular():
			c.reportUnreadable(name, errors.New("it is a link or a device, not a plain file"))
			fallthrough
		default:
			c.files[name] = nil
		}
		return nil
	})
}

// Access checks that all who can read most files of a published site can read every one,
// and that all who can enter most folders can enter every one. The error is of type
// [report.Problems].
func Access(site fs.FS) error {
	modes := map[string]fs.FileMode{}
	files, folders := map[fs.FileMode]int{}, map[fs.FileMode]int{}
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		switch {
		case err != nil:
		case info.IsDir():
			modes[name] = info.Mode() & (fs.ModeDir | 0o555)
			folders[modes[name]]++
		default:
			modes[name] = info.Mode() & 0o444
			files[modes[name]]++
		}
		return err
	})
	if err != nil {
		return err
	}
	c := &checker{index: map[[4]any]int{}}
	usual := map[bool]fs.FileMode{true: most(folders), false: most(files)}
	for _, name := range slices.Sorted(maps.Keys(modes)) {
		if mode := modes[name]; usual[mode.IsDir()]&^mode != 0 {
			c.add(report.Place{}, name, "permissions", "fewer users can read this than the rest of the site: a web server may not be able to send it", "give it the permissions of the others, or build the site again")
		}
	}
	return c.problems.Err()
}

// readPages reads every page of the site. Those that repeat others come last, so that a
// fault is reported where it was written.
func (c *checker) readPages() {
	names := slices.DeleteFunc(c.names(), func(name string) bool { return path.Ext(name) != ".html" || c.obstacles[name] })
	c.pages = make([]*page, len(names))
	errs := make([]error, len(names))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			r := newReader(c.expected)
			for i := next.Add(1) - 1; i < int64(len(names)); i = next.Add(1) - 1 {
				c.pages[i], errs[i] = r.readFile(c.site, names[i])
			}
		})
	}
	workers.Wait()
	for i, name := range names {
		if errs[i] != nil {
			c.reportUnreadable(name, errs[i])
			c.pages[i] = &page{name: name, broken: true}
		}
		c.files[name] = c.pages[i]
	}
	slices.SortStableFunc(c.pages, func(a, b *page) int {
		return cmp.Compare(len(c.expected.echoes[a.name]), len(c.expected.echoes[b.name]))
	})
}

func (r *reader) readFile(site fs.FS, name string) (*page, error) {
	file, err := site.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return r.read(file, name)
}

// names returns the names of all files, in order.
func (c *checker) names() []string { return slices.Sorted(maps.Keys(c.files)) }

func (c *checker) reportUnreadable(name string, err error) {
	c.obstacles[name] = true
	place := report.Place{}
	if path.Ext(name) == ".html" {
		place.File = c.expected.source(name)
	}
	do := "build the site again"
	switch err {
	case errDepth, errNotes:
		do = "check that the page's layout ends every element it begins, and build the site again"
	case errAttrs:
		do = "check the page's layout, and build the site again"
	case errSize:
		do = "shorten it, or look for an endless loop in its layout, and build the site again"
	}
	c.add(place, name, "unreadable", "the file "+describe(err), do)
}

// describe says what is wrong with a file, without its path, which the message gives.
func describe(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "is missing"
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return "cannot be read: " + err.Error()
}

// readText reads at most limit bytes of a file of the site.
func (c *checker) readText(name string, limit int) ([]byte, error) {
	file, err := c.site.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(limit)))
}

// readXML reads an XML file of the site into v.
func (c *checker) readXML(name string, v any) error {
	text, err := c.readText(name, maxPage)
	if err == nil && xml.Unmarshal(text, v) != nil {
		err = errors.New("it is not XML, or is incomplete")
	}
	return err
}
