package check

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// A ref is an address that a page refers to.
type ref struct {
	file     string // of the site, or a full external address, unescaped
	fragment string
	form     form
	id       string // of the nearest element around or before it that has one
	anchor   bool   // a link that a reader can follow
	main     bool   // it is in the page's main part
}

// A form is how an address is written.
type form uint8

const (
	formFile    form = iota // ../2014/index.html
	formFolder              // ../2014/
	formPlace               // #3.9, on the page itself
	formWhole               // https://www.example.org/2014/#3.9, within the site
	formForeign             // another host, a telephone number or the like
)

// scheme is how addresses such as https: and mailto: begin.
var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// spelling reads an address as browsers do.
var spelling = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/")

// resolve returns where an address leads from the page called name, in the folder dir. A
// file that begins with / or ../ is outside the site's folder.
func resolve(name, dir, address string) ref {
	address = spelling.Replace(strings.Trim(address, " \t\n\r\f"))
	if strings.HasPrefix(address, "//") || strings.Contains(address, ":") && scheme.MatchString(address) {
		return ref{file: unescaped(address), form: formForeign}
	}
	file, fragment, _ := strings.Cut(address, "#")
	if strings.ContainsAny(address, ":%? ") { // needs the rules of the URL standard
		u, err := url.Parse(address)
		if err != nil { // nobody can follow it
			return ref{file: address}
		}
		file, fragment = u.Path, u.Fragment
	}
	switch {
	case file == "":
		return ref{file: name, fragment: fragment, form: formPlace}
	case file[0] == '/':
		return ref{file: file, fragment: fragment}
	}
	last := file[strings.LastIndexByte(file, '/')+1:]
	for strings.HasPrefix(file, "../") && dir != "" { // most addresses; saves copying
		dir = dir[:max(strings.LastIndexByte(dir, '/'), 0)]
		file = file[len("../"):]
	}
	if dir == "" {
		file = path.Clean(file)
	} else {
		file = path.Join(dir, file)
	}
	if last == "" || last == "." || last == ".." {
		return ref{file: path.Join(file, "index.html"), fragment: fragment, form: formFolder}
	}
	return ref{file: file, fragment: fragment}
}

// unescaped returns an address without its escapes, such as %27 for ', so that equal
// addresses compare as equal.
func unescaped(address string) string {
	address = strings.TrimSpace(address)
	if plain, err := url.PathUnescape(address); err == nil {
		return plain
	}
	return address
}

// findBase returns the address of the site according to the pages, or "": a canonical link
// without the page's own address.
func (c *checker) findBase() string {
	for _, p := range c.pages {
		address := strings.TrimPrefix(Address(p.name), "/")
		if base, ok := strings.CutSuffix(p.canonical, address); ok && address != "" && strings.HasSuffix(base, "/") {
			return base
		}
	}
	return ""
}

// localise turns a full address within the site into a local one.
func (c *checker) localise(r ref) ref {
	if r.form != formForeign || c.base == "" {
		return r
	}
	address, fragment, _ := strings.Cut(r.file, "#")
	address, _, _ = strings.Cut(address, "?")
	if address+"/" == c.root {
		address = c.root
	}
	if file, ok := strings.CutPrefix(address, c.root); ok {
		r.file, r.fragment, r.form = fileOf(file), fragment, formWhole
	}
	return r
}

// fileOf returns the file that an address within the site leads to.
func fileOf(address string) string {
	if address == "" || strings.HasSuffix(address, "/") {
		address += "index.html"
	}
	return strings.TrimPrefix(address, "/")
}

// leads reports whether a ref leads to a place that exists, or whose loss has been
// reported.
func (c *checker) leads(r ref) bool {
	p, exists := c.files[r.file]
	if exists && p != nil && !p.broken && r.fragment != "" && r.fragment != "top" {
		exists = p.ids[r.fragment]
	}
	return exists || c.isBehindObstacle(r.file) || c.losses[r.file] || c.losses[r.file+"#"+r.fragment]
}

// wrongLinks are the wrong refs to one place.
type wrongLinks struct {
	page   *page // of the first
	first  ref
	folder bool // the place exists, but they lead to a folder
	size   int
	others int // wrong links of the page to other places, which are not reported on their own
}

// checkLinks checks that every address within the site leads somewhere. Wrong links to one
// place are one problem, reported at the first of them.
func (c *checker) checkLinks() {
	groups := map[string]*wrongLinks{} // by target
	var order []*wrongLinks
	for _, p := range c.pages {
		for _, r := range p.refs {
			if r.form == formForeign || p.name == lostPage && r.form <= formFolder { // checkLost reports it
				continue
			}
			_, exists := c.files[r.file]
			folder := exists && r.form == formFolder
			leads := c.leads(r)
			if leads && !folder {
				continue
			}
			key := r.file + "#" + r.fragment
			if leads || !exists { // whatever the place
				key = r.file + "/"
			}
			if groups[key] == nil {
				groups[key] = &wrongLinks{page: p, first: r, folder: leads}
				order = append(order, groups[key])
			}
			groups[key].size++
		}
	}
	counts := map[*page]int{}
	for _, w := range order {
		counts[w.page]++
	}
	const most = 10 // of one page; more have one cause
	for _, w := range order {
		if counts[w.page] > most {
			w.others, counts[w.page] = counts[w.page]-1, 0
		} else if counts[w.page] == 0 {
			continue
		}
		c.reportWrongLinks(w)
	}
}

// reportWrongLinks reports the wrong links to one place, at the first of them.
func (c *checker) reportWrongLinks(w *wrongLinks) {
	rule, what, do := c.explain(w.first, w.folder)
	if w.size == 2 {
		what += " (and so does 1 other like it)"
	} else if w.size > 2 {
		what += fmt.Sprintf(" (and so do %d others like it)", w.size-1)
	}
	if w.others > 0 {
		what += fmt.Sprintf(" (and %d other links of the page lead nowhere)", w.others)
	}
	place := report.Place{File: "layouts"} // what is around the main part comes from there
	if w.first.main || w.page.redirect {
		place = c.place(w.page, w.first.id, nil)
	}
	c.add(place, w.page.name, rule, "a link "+what, do)
}

// explain says what is wrong with a link.
func (c *checker) explain(r ref, folder bool) (rule, what, do string) {
	switch {
	case folder:
		return "broken-link", "leads to the folder of " + Address(r.file) + ", which shows no page when the site is opened from a disk",
			"write it with .Target.File in the layout, so that it ends with " + path.Base(r.file)
	case strings.HasPrefix(r.file, "/"):
		return "broken-link", "begins with /, so it only works at the root of a host: " + r.file, "write it relative to the page"
	case strings.HasPrefix(r.file, "../"):
		return "broken-link", "leads out of the site's folder: " + r.file, "remove one ../"
	case c.page(r.file) != nil:
		return "broken-link", fmt.Sprintf("leads to #%s, which %s does not have", r.fragment, Address(r.file)), "fix the link, or restore the id"
	case c.page(path.Join(r.file, "index.html")) != nil:
		return "broken-link", "leads to " + Address(r.file) + ", which does not exist", "end it with a slash"
	}
	return "broken-link", "leads to " + Address(r.file) + ", which does not exist", "fix the link, or restore the page"
}

// checkReachable checks that readers can reach every page from /.
func (c *checker) checkReachable() {
	start := c.page(front)
	if start == nil || slices.ContainsFunc(slices.Collect(maps.Keys(c.losses)), func(name string) bool { return !strings.Contains(name, "#") }) {
		return // already reported
	}
	reachable := map[*page]bool{start: true}
	for next := []*page{start}; len(next) > 0; next = next[1:] {
		for _, r := range next[0].refs {
			if target := c.page(r.file); r.anchor && target != nil && !reachable[target] {
				reachable[target] = true
				next = append(next, target)
			}
		}
	}
	var lost []*page
	for _, p := range c.pages {
		if !reachable[p] && !p.redirect && !p.broken && p.name != lostPage {
			lost = append(lost, p)
		}
	}
	for _, p := range lost {
		place := report.Place{File: c.expected.source(p.name)}
		if 2*len(lost) > len(c.pages) { // the front page lacks its links
			place.File = c.expected.source(front)
		}
		c.add(place, p.name, "lost-page", "readers cannot reach this page by links from /", "link to it from another page, or delete it")
	}
}

// lostPage is the page that servers show for addresses that do not exist.
const lostPage = "404.html"

// checkLost checks that 404.html works in any folder.
func (c *checker) checkLost() {
	p := c.page(lostPage)
	if p == nil {
		return
	}
	for _, r := range p.refs {
		if r.form > formFolder {
			continue
		}
		address := r.file
		if !strings.HasPrefix(address, "/") { // otherwise it starts at the host's root
			address = Address(address)
		}
		c.add(report.Place{File: c.expected.source(lostPage)}, lostPage, "broken-link", fmt.Sprintf("a link to %s works in one folder only, but servers show this page in any", address),
			"write it with partial \"address.html\", only in builds with --base-url, or remove it")
	}
}

// checkMoved checks that old addresses lead to the pages.
func (c *checker) checkMoved() {
	for _, m := range c.expected.lib.Redirects {
		oldName, newName := fileOf(m.From), nameOf(m.To)
		if c.page(newName) == nil { // already reported
			continue
		}
		if p := c.page(oldName); p == nil || p.destination != newName {
			c.add(m.Place, oldName, "moved-page", fmt.Sprintf("the old address %s does not lead to %s", m.From, Address(nameOf(m.To))),
				"check that layouts/redirect.html and layouts/_adapter make a page there")
		}
	}
}
