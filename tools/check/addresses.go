package check

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"annualreport/tools/report"
)

const (
	// lostName is the page that a server shows for an address that is not there.
	lostName = "404.html"
	// sitemapFile is where search engines find every page's address.
	sitemapFile = "sitemap.xml"
)

// findBase gives where the pages say that the site stands, or "": what is left
// of a page's canonical address when its own within the site is taken away.
func (c *checker) findBase() string {
	for _, p := range c.pages {
		own := strings.TrimPrefix(Address(p.name), "/")
		if base, ok := strings.CutSuffix(p.canonical, own); ok && own != "" && strings.HasSuffix(base, "/") {
			return base
		}
	}
	return ""
}

// followWholes makes links within the site of those that are written with the
// host where it stands.
func (c *checker) followWholes() {
	if c.base == "" {
		return
	}
	for i := range c.pages {
		p := &c.pages[i]
		for _, to := range p.outside {
			address := c.names[to.address]
			if address+"/" == c.base {
				address = c.base
			}
			rest, ok := strings.CutPrefix(address, c.base)
			if !ok {
				continue
			}
			file, fragment, _ := strings.Cut(rest, "#")
			file, _, _ = strings.Cut(file, "?")
			if file == "" || strings.HasSuffix(file, "/") {
				file += "index.html"
			}
			p.refs = append(p.refs, ref{to.owner, c.number(file), c.number(fragment), asWhole, to.anchor, to.main})
		}
	}
}

// number gives the number of a name, which may be new.
func (c *checker) number(name string) int32 {
	n, ok := c.numbers[name]
	if !ok {
		n = int32(len(c.names))
		c.numbers[name] = n
		c.names = append(c.names, name)
	}
	return n
}

// checkLost proves that the page for lost addresses works at any depth.
func (c *checker) checkLost() {
	lost := c.page(lostName)
	if lost == nil {
		return
	}
	told := map[int32]bool{}
	for _, r := range lost.refs {
		if r.form > asFolder || told[r.file] {
			continue
		}
		told[r.file] = true
		to := c.names[r.file]
		if !strings.HasPrefix(to, "/") { // or else it is outside the site's folder, and written from the host's root
			to = Address(to)
		}
		c.add(report.Place{File: "layouts/404.html"}, []string{lostName}, "not-found",
			fmt.Sprintf("a link to %s depends on the folder that the page is shown in, which can be any", to),
			"write it with partial \"address.html\", for a build with --base-url alone, or take it out")
	}
}

// checkMoved proves that old addresses lead on.
func (c *checker) checkMoved(moved []*report.Moved) {
	for _, m := range moved {
		address := m.To.Target().Address()
		from, to := fileOf(m.From), fileOf(address)
		if c.page(to) == nil { // told already
			continue
		}
		if p := c.page(from); p == nil || p.leadsTo != to {
			c.add(m.Place, []string{from}, "moved-page", fmt.Sprintf("there is no page at the old address %s that leads on to %s", m.From, address),
				"see that layouts/redirect.html and layouts/_adapter make one")
		}
	}
}

// fileOf is the file that an address within the site leads to.
func fileOf(address string) string {
	if strings.HasSuffix(address, "/") {
		address += "index.html"
	}
	return strings.TrimPrefix(address, "/")
}

// checkAddresses proves that either all pages give their whole address, and
// the right one, or none does.
func (c *checker) checkAddresses(built fs.FS) {
	if !slices.ContainsFunc(c.pages, func(p page) bool { return p.canonical != "" || p.shared != "" }) {
		return
	}
	wrong := map[string][]string{}
	listed := map[string]string{} // the pages that a sitemap should have, by their whole addresses
	for _, p := range c.pages {
		want := c.base + strings.TrimPrefix(Address(p.name), "/")
		switch {
		case p.redirect:
			continue
		case p.unread:
			listed[want] = p.name
			continue
		case p.name == lostName:
			want = ""
		case p.name == "index.html": // the front page is the latest report's summary
			for _, rep := range c.expected.reports {
				if slices.Contains(rep.summaries, p.name) {
					want = c.base + rep.year + "/"
				}
			}
		default:
			listed[want] = p.name
		}
		if p.canonical != want {
			wrong["canonical link"] = append(wrong["canonical link"], p.name)
		}
		if p.shared != want {
			wrong["og:url"] = append(wrong["og:url"], p.name)
		}
	}
	for what, names := range wrong {
		c.add(report.Place{File: "layouts/baseof.html"}, names, "address", fmt.Sprintf("the page's %s is not the address that it has below the one given to the build", what),
			"see layouts/_partials/canonical.html; 404.html has none")
	}
	c.checkSitemap(built, listed)
}

// checkSitemap proves that the sitemap lists what it should: pages by their
// whole addresses.
func (c *checker) checkSitemap(built fs.FS, pages map[string]string) {
	tell := func(what string) {
		c.add(report.Place{File: "layouts/_partials/sitemap.xml"}, []string{sitemapFile}, "sitemap", what, "build the site again, and see that layouts/_partials/sitemap.xml lists every page once")
	}
	var sitemap struct {
		Pages []struct {
			Address string `xml:"loc"`
		} `xml:"url"`
	}
	if c.blocked[sitemapFile] { // told already; to open it might never end
		return
	}
	switch err := readXML(built, sitemapFile, &sitemap); {
	case errors.Is(err, fs.ErrNotExist):
		tell("the pages say where the site stands, but there is no sitemap")
		return
	case err != nil:
		tell("the sitemap cannot be read: " + plainXML(err))
		return
	}
	seen := map[string]bool{}
	for _, p := range sitemap.Pages {
		switch {
		case pages[p.Address] == "":
			tell("the sitemap lists " + p.Address + ", which is no page's own address")
		case seen[p.Address]:
			tell("the sitemap lists " + p.Address + " twice")
		}
		seen[p.Address] = true
	}
	var lost []string
	for address, name := range pages {
		if !seen[address] {
			lost = append(lost, name)
		}
	}
	if len(lost) > 0 {
		slices.Sort(lost)
		c.add(report.Place{File: "layouts/_partials/sitemap.xml"}, lost, "sitemap", "the page is not in the sitemap", "see that layouts/_partials/sitemap.xml lists every page")
	}
}

// readXML reads an XML file of the site into v.
func readXML(built fs.FS, name string, v any) error {
	file, err := built.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return xml.NewDecoder(io.LimitReader(file, maxPage)).Decode(v)
}
