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

// batch is how many pages a worker takes up at a time, at most. Those that
// follow each other are of one report, and have a stylesheet in common.
const batch = 16

// readSite reads every file of the site: pages for what is in them, others for
// that they are there. It lists them first: two workers get through pages
// faster than a third can hand them over.
func (c *checker) readSite(built fs.FS) {
	names := c.listFiles(built)
	c.pages = make([]page, len(names))
	errs := make([]error, len(names))
	readers := make([]*reader, workers(len(names)))
	for w := range readers {
		readers[w] = newReader(c.expected)
	}
	share(len(names), func(w, i int) {
		c.pages[i], errs[i] = readFile(built, readers[w], names[i], int32(i))
		c.pages[i].worker = w
	})
	c.merge(readers)
	for i, name := range names {
		if errs[i] != nil {
			c.files[name] = -1
			c.pages[i] = page{name: name, unread: true}
			c.unreadable(name, errs[i])
		} else if c.pages[i].unread {
			c.files[name] = -1 // what else it lacks is not told of
		}
	}
}

// workers gives how many it is worth having for n things to do.
func workers(n int) int { return min(runtime.GOMAXPROCS(0), n) }

// share has workers do n things, each a few at a time.
func share(n int, do func(worker, i int)) {
	few := int64(max(min(n/(8*max(workers(n), 1)), batch), 1))
	var next atomic.Int64
	var done sync.WaitGroup
	for w := range workers(n) {
		done.Go(func() {
			for first := next.Add(few) - few; first < int64(n); first = next.Add(few) - few {
				for i := first; i < min(first+few, int64(n)); i++ {
					do(w, int(i))
				}
			}
		})
	}
	done.Wait()
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
	do := "build the site again"
	switch {
	case errors.Is(err, errTooDeep), errors.Is(err, errTooMany):
		do = "see that the page's layout ends every element that it begins, and build the site again"
	case errors.Is(err, errTooLong):
		do = "shorten it, or see in its layout what goes round and round, and build the site again"
	}
	c.add(at, []string{name}, "unreadable", "the file cannot be read: "+err.Error(), do)
}

// merge puts the workers' tables together: their numbers for names become the
// checker's.
func (c *checker) merge(readers []*reader) {
	c.numbers = map[string]int32{}
	global := make([][]int32, len(readers))
	for w, r := range readers {
		global[w] = make([]int32, len(r.names))
		for i, name := range r.names {
			global[w][i] = c.number(name)
		}
	}
	share(len(c.pages), func(_, i int) {
		p := &c.pages[i]
		number := global[p.worker]
		for j, id := range p.ids {
			p.ids[j] = number[id]
		}
		slices.Sort(p.ids)
		for j, r := range p.refs {
			p.refs[j].owner, p.refs[j].file, p.refs[j].fragment = number[r.owner], number[r.file], number[r.fragment]
		}
		for j, o := range p.outside {
			p.outside[j].owner, p.outside[j].address = number[o.owner], number[o.address]
		}
	})
}

// A target is where a broken link leads.
type target struct{ file, fragment int32 }

// A source is a ref with the page that it stands on.
type source struct {
	page *page
	ref
}

// A pile is refs by where they lead, in the order in which they were met.
type pile struct {
	order []target
	refs  map[target][]source
}

func (p *pile) add(t target, r source) {
	if p.refs == nil {
		p.refs = map[target][]source{}
	}
	if p.refs[t] == nil {
		p.order = append(p.order, t)
	}
	p.refs[t] = append(p.refs[t], r)
}

// checkLinks proves that every address within the site leads somewhere, and
// that every page is led to. Links to one place that is not there are one
// problem; those to a missing page have been told with it.
func (c *checker) checkLinks(missing map[string]bool) {
	var broken, folders pile
	leads := make([][]int32, len(c.pages)) // the pages that a page links to
	for n := range c.pages {
		p := &c.pages[n]
		for _, r := range p.refs {
			if p.name == lostName && r.form <= asFolder {
				continue // told by checkLost
			}
			name := c.names[r.file]
			i, there := c.files[name]
			if there && i >= 0 {
				if r.anchor {
					leads[n] = append(leads[n], i)
				}
				if fragment := c.names[r.fragment]; fragment != "" && fragment != "top" {
					_, there = slices.BinarySearch(c.pages[i].ids, r.fragment)
				}
			}
			switch {
			case there && r.form == asFolder:
				folders.add(target{r.file, -1}, source{p, r})
			case there, missing[name], missing[name+"#"+c.names[r.fragment]]:
			default:
				broken.add(target{r.file, r.fragment}, source{p, r})
			}
		}
	}
	for _, t := range broken.order {
		c.tellBroken(t, broken.refs[t])
	}
	for _, t := range folders.order {
		file := c.names[t.file]
		c.tellLinks(folders.refs[t], "folder-link", "leads to the folder of "+Address(file)+", which shows no page when the site is opened from a disk",
			"write it with partial \"file.html\" in the layout, so that it ends with "+path.Base(file))
	}
	c.checkReached(leads, missing)
}

func (c *checker) tellBroken(t target, refs []source) {
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
func (c *checker) tellLinks(refs []source, rule, what, do string) {
	first := refs[0]
	name := first.page.name
	if n := len(refs) - 1; n > 0 {
		what += fmt.Sprintf(" (and so do %s like it)", plural(n, "other"))
	}
	at := report.Place{File: "layouts"} // what stands around the main part is the same on all pages
	if first.main || first.page.redirect {
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

// What is wrong in the same way with more than a few pages comes from what they
// have in common. (A text can stand on its own page, on that of the whole
// report, and, if it is the summary, on the front page.)
const (
	few   = 3
	frame = "layouts/baseof.html"
)

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
	unended := map[string][]*page{} // by the tag
	unwritten := map[report.Place][]string{}
	titles, descriptions := map[string][]string{}, map[string][]string{}
	for i := range c.pages {
		p := &c.pages[i]
		for _, f := range p.faults {
			tell(f, p.name)
		}
		if p.unread || p.redirect {
			continue
		}
		if tag := p.unmatched.tag; tag != "" {
			unended[tag] = append(unended[tag], p)
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
		at := report.Place{File: SourceOf(names[0])}
		if len(names) > few {
			at.File = frame
		}
		c.add(at, names, f.rule, f.what, f.do)
	}
	for at, names := range unwritten {
		c.add(at, slices.Compact(names), "placeholder", "there is a text here that is still to be written", "write it in place of "+report.ToWrite)
	}
	for tag, pages := range unended {
		c.tellUnmatched(tag, pages)
	}
	c.tellSame("page-title", "title", titles)
	c.tellSame("page-description", "description", descriptions)
}

// tellUnmatched tells of a tag that has no counterpart on some pages. No text
// can have one, since HTML in Markdown is not taken up: it is a layout's.
func (c *checker) tellUnmatched(tag string, pages []*page) {
	var names []string
	for _, p := range pages {
		names = append(names, p.name)
	}
	what, do := tag+" is begun, and not ended where it should be", "end it in the layout that writes it"
	if strings.HasPrefix(tag, "</") {
		what, do = tag+" ends nothing that was begun", "take it out of the layout that writes it, or begin what it ends"
	}
	if id := pages[0].unmatched.id; id != "" {
		what += " (the last id before it is " + id + ")"
	}
	c.add(report.Place{File: "layouts"}, names, "unmatched-tag", what, do)
}

func (c *checker) tellSame(rule, what string, pages map[string][]string) {
	for text, names := range pages {
		if len(names) > 1 {
			c.add(report.Place{File: SourceOf(names[len(names)-1])}, names, rule, fmt.Sprintf("these pages have the same %s, “%s”", what, text),
				"give each its own, so that people can tell them apart")
		}
	}
}
