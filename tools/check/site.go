package check

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"annualreport/tools/report"
)

// listFiles lists every file of the site, and gives the names of the pages.
func (c *checker) listFiles(built fs.FS) (names []string) {
	c.files, c.blocked = map[string]int32{}, map[string]bool{}
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			c.unreadable(name, err)
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		case !entry.Type().IsRegular():
			c.files[name] = -1
			c.unreadable(name, errors.New("it is a link or a device, and not a plain file"))
		case path.Ext(name) == ".html":
			c.files[name] = int32(len(names))
			names = append(names, name)
		default:
			c.files[name] = -1
		}
		return nil
	})
	return names
}

// readSite reads every file of the site: pages for what is in them, others for
// that they are there. It lists them first: two workers get through pages
// faster than a third can hand them over.
func (c *checker) readSite(built fs.FS) {
	names := c.listFiles(built)
	c.pages = make([]page, len(names))
	errs := make([]error, len(names))
	readers := make([]*reader, min(runtime.GOMAXPROCS(0), max(len(names), 1)))
	var next atomic.Int64
	var done sync.WaitGroup
	for w := range readers {
		readers[w] = newReader(c.expected)
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(names)); i = next.Add(1) - 1 {
				c.pages[i], errs[i] = readFile(built, readers[w], names[i], int32(i))
				c.pages[i].worker = w
			}
		})
	}
	done.Wait()
	c.merge(readers)
	for i, name := range names {
		if errs[i] != nil {
			c.files[name] = -1
			c.pages[i] = page{name: name, unread: true}
			c.unreadable(name, errs[i])
		}
	}
}

func readFile(built fs.FS, r *reader, name string, number int32) (page, error) {
	f, err := built.Open(name)
	if err != nil {
		return page{}, err
	}
	defer f.Close()
	return r.read(f, name, number)
}

func (c *checker) unreadable(name string, err error) {
	c.blocked[name] = true
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	at := report.Place{}
	if path.Ext(name) == ".html" {
		at.File = SourceOf(name)
	}
	c.add(at, []string{name}, "unreadable", "the file cannot be read: "+err.Error(), "build the site again")
}

// merge puts the workers' tables together: their numbers for names become the
// checker's.
func (c *checker) merge(readers []*reader) {
	c.numbers = map[string]int32{}
	global := make([][]int32, len(readers))
	total := 0
	for w, r := range readers {
		global[w] = make([]int32, len(r.names))
		for i, name := range r.names {
			n, ok := c.numbers[name]
			if !ok {
				n = int32(len(c.names))
				c.numbers[name] = n
				c.names = append(c.names, name)
			}
			global[w][i] = n
		}
		total += len(r.refs)
	}
	c.refs = make([]ref, 0, total)
	for i := range c.pages {
		p := &c.pages[i]
		number := global[p.worker]
		for j, id := range p.ids {
			p.ids[j] = number[id]
		}
		slices.Sort(p.ids)
		p.ids = slices.Compact(p.ids)
		for j := range p.wholes {
			p.wholes[j].owner = number[p.wholes[j].owner]
		}
		for _, ref := range readers[p.worker].refs[p.first:p.last] {
			ref.owner, ref.file, ref.fragment = number[ref.owner], number[ref.file], number[ref.fragment]
			c.refs = append(c.refs, ref)
		}
	}
}

// A target is where a broken link leads.
type target struct{ file, fragment int32 }

// checkLinks proves that every address within the site leads somewhere, and
// that every page is led to. Links to one place that is not there are one
// problem; those to a missing page have been told with it.
func (c *checker) checkLinks(missing map[string]bool) {
	broken, folders := map[target][]ref{}, map[target][]ref{}
	var order, toFolders []target
	leads := make([][]int32, len(c.pages)) // the pages that a page links to
	for _, r := range c.refs {
		if c.pages[r.page].name == lostName && r.form <= asFolder {
			continue // told by checkLost
		}
		name := c.names[r.file]
		i, there := c.files[name]
		if there && i >= 0 {
			if r.anchor {
				leads[r.page] = append(leads[r.page], i)
			}
			if fragment := c.names[r.fragment]; fragment != "" && fragment != "top" {
				_, there = slices.BinarySearch(c.pages[i].ids, r.fragment)
			}
		}
		if there || missing[name] || missing[name+"#"+c.names[r.fragment]] {
			if r.form == asFolder && there {
				t := target{r.file, -1}
				if folders[t] == nil {
					toFolders = append(toFolders, t)
				}
				folders[t] = append(folders[t], r)
			}
			continue
		}
		t := target{r.file, r.fragment}
		if broken[t] == nil {
			order = append(order, t)
		}
		broken[t] = append(broken[t], r)
	}
	for _, t := range order {
		c.tellBroken(t, broken[t])
	}
	for _, t := range toFolders {
		file := c.names[t.file]
		c.tellLinks(folders[t], "folder-link", "leads to the folder of "+Address(file)+", which shows no page when the site is opened from a disk",
			"write it with partial \"file.html\" in the layout, so that it ends with "+path.Base(file))
	}
	c.checkReached(leads, missing)
}

func (c *checker) tellBroken(t target, refs []ref) {
	file, fragment := c.names[t.file], c.names[t.fragment]
	what := "leads to " + Address(file) + ", which is not there"
	do := "mend the link, or put the page back"
	switch {
	case strings.HasPrefix(file, "/"):
		what = "begins with /, so it only works at the root of a host: " + file
		do = "write it relative to the page"
	case strings.HasPrefix(file, "../"):
		what = "leads out of the site's folder: " + file
		do = "take one ../ away"
	case c.page(file) != nil:
		what = fmt.Sprintf("leads to #%s, which %s does not have", fragment, Address(file))
		do = "mend the link, or give the place its name back"
	case c.page(path.Join(file, "index.html")) != nil:
		do = "end it with a slash"
	}
	c.tellLinks(refs, "broken-link", what, do)
}

// tellLinks tells what is wrong with links that lead to one place, at the
// first of them.
func (c *checker) tellLinks(refs []ref, rule, what, do string) {
	first := refs[0]
	name := c.pages[first.page].name
	if n := len(refs) - 1; n > 0 {
		what += fmt.Sprintf(" (and so do %s like it)", plural(n, "other"))
	}
	at := report.Place{File: "layouts"} // what stands around the main part is the same on all pages
	if first.main || c.pages[first.page].redirect {
		at = c.place(name, c.names[first.owner])
	}
	c.add(at, []string{name}, rule, "a link "+what, do)
}

// checkReached proves that a reader who begins at / can get to every page.
func (c *checker) checkReached(leads [][]int32, missing map[string]bool) {
	start, ok := c.files["index.html"]
	if !ok || start < 0 || slices.ContainsFunc(sorted(missing), func(name string) bool { return !strings.Contains(name, "#") }) {
		return // told already
	}
	reached := make([]bool, len(c.pages))
	reached[start] = true
	for next := []int32{start}; len(next) > 0; {
		from := next[len(next)-1]
		next = next[:len(next)-1]
		for _, to := range leads[from] {
			if !reached[to] {
				reached[to] = true
				next = append(next, to)
			}
		}
	}
	for i, p := range c.pages {
		if !reached[i] && !p.redirect && !p.unread && p.name != lostName {
			c.add(report.Place{File: SourceOf(p.name)}, []string{p.name}, "lost-page", "no link leads to this page, however a reader goes on from /", "link to it from another page, or take it away")
		}
	}
}

// checkPages tells what is wrong with pages on their own, and which of them
// cannot be told apart. What is wrong with several pages in the same way, as
// when a layout is, is told once.
func (c *checker) checkPages() {
	alike := map[fault][]string{}
	var order []fault
	tell := func(f fault, name string) {
		if alike[f] == nil {
			order = append(order, f)
		}
		alike[f] = append(alike[f], name)
	}
	unwritten := map[report.Place][]string{}
	titles, descriptions := map[string][]string{}, map[string][]string{}
	for _, p := range c.pages {
		if p.unread || p.redirect {
			continue
		}
		for _, f := range p.faults {
			tell(f, p.name)
		}
		for _, id := range p.unwritten {
			if c.expected.drafts[yearOf(p.name)] {
				break
			}
			at := c.place(p.name, id)
			unwritten[at] = append(unwritten[at], p.name)
		}
		for _, address := range p.foreign {
			tell(fault{"foreign-request", "the page loads something from another host: " + address, "save it on this site, or link to it"}, p.name)
		}
		for _, id := range p.repeated {
			tell(fault{"repeated-id", "two elements have the id " + id, "give one of them another id"}, p.name)
		}
		if p.title == "" {
			tell(fault{"page-title", "the page has no title", "write title = \"…\" at its top"}, p.name)
		} else {
			titles[p.title] = append(titles[p.title], p.name)
		}
		switch {
		case p.description != "":
			descriptions[p.description] = append(descriptions[p.description], p.name)
		case p.name != lostName:
			tell(fault{"page-description", "the page has no description", "write description = \"…\" at its top"}, p.name)
		}
	}
	for _, f := range order {
		names := slices.Compact(alike[f])
		c.add(report.Place{File: SourceOf(names[0])}, names, f.rule, f.what, f.do)
	}
	for at, names := range unwritten {
		c.add(at, slices.Compact(names), "placeholder", "there is a text here that is still to be written", "write it in place of "+report.ToWrite)
	}
	c.tellSame("page-title", "title", titles)
	c.tellSame("page-description", "description", descriptions)
}

func (c *checker) tellSame(rule, what string, pages map[string][]string) {
	for text, names := range pages {
		if len(names) > 1 {
			c.add(report.Place{File: SourceOf(names[len(names)-1])}, names, rule, fmt.Sprintf("these pages have the same %s, “%s”", what, text),
				"give each its own, so that people can tell them apart")
		}
	}
}
