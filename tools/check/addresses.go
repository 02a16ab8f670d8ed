package check

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"annualreport/tools/report"
	"annualreport/tools/share"
)

// checkAddresses checks that either all pages give their full address, correctly, or none
// does.
func (c *checker) checkAddresses() {
	if !slices.ContainsFunc(c.pages, func(p *page) bool { return p.canonical != "" || p.share != "" }) {
		return
	}
	addresses := map[string]string{} // the pages that a sitemap should have, by their whole addresses
	for _, p := range c.pages {
		want := c.base + strings.TrimPrefix(Address(p.name), "/")
		year := c.expected.echoes[p.name]
		switch {
		case p.redirect:
			continue
		case p.name == lostPage:
			want = ""
		case p.name == front && year != "": // it is the latest report's summary
			want = c.base + year + "/"
		default:
			addresses[want] = p.name
		}
		if p.broken {
			continue
		}
		for what, address := range map[string]string{"canonical link": p.canonical, "og:url": p.share} {
			if address != want {
				c.add(report.Place{File: frame}, p.name, "address", fmt.Sprintf("the page's %s is not its address below the one given as --base-url", what),
					"check layouts/_partials/frame/head.html (404.html has none)")
			}
		}
	}
	c.checkSitemap(addresses)
	c.checkShared()
}

// checkShared checks that pages name the pictures they are shared with, and that these,
// the icons and the manifest are the ones that package share makes.
func (c *checker) checkShared() {
	for _, p := range c.pages {
		if p.redirect || p.broken || p.name == lostPage {
			continue
		}
		if p.card != c.expected.cards[p.name] {
			c.add(report.Place{File: frame}, p.name, "shared", "og:image:width, og:image:height, og:image:alt or twitter:card is missing or wrong", "check layouts/_partials/frame/head.html")
		}
		if want := c.expected.pictures[p.name]; p.picture != c.base+want {
			c.add(report.Place{File: frame}, p.name, "shared", "og:image is not the picture that the page is shared with, "+c.base+want, "check layouts/_partials/frame/head.html")
		}
	}
	files, err := c.expected.shared()
	if err != nil {
		c.add(report.Place{File: "data"}, share.Picture, "shared", "the pictures cannot be made: "+err.Error(), "show this to the person who looks after the site")
	}
	for _, want := range files {
		if got, err := c.readText(want.Name, 2*len(want.Bytes)+1); !c.obstacles[want.Name] && (err != nil || !bytes.Equal(got, want.Bytes)) {
			c.add(report.Place{File: path.Join("data", reportOf(want.Name))}, want.Name, "shared", "the file is missing, or is not the one made from the reports", "build the site again")
		}
	}
}

// sitemapFile is where search engines find every page's address.
const sitemapFile = "sitemap.xml"

// checkSitemap checks that the sitemap lists exactly the given pages, by their full
// addresses.
func (c *checker) checkSitemap(pages map[string]string) {
	place := report.Place{File: "layouts/_partials/sitemap.xml"}
	add := func(name, what string) {
		c.add(place, name, "sitemap", what, "build the site again; if the message stays, check layouts/_partials/sitemap.xml")
	}
	type location struct {
		Address string `xml:"loc"`
	}
	var sitemap struct {
		Pages []location `xml:"url"`
	}
	if c.obstacles[sitemapFile] {
		return
	}
	if err := c.readXML(sitemapFile, &sitemap); err != nil {
		add(sitemapFile, "the sitemap "+describe(err))
		return
	}
	entries := map[string]bool{}
	strange := slices.DeleteFunc(slices.Clone(sitemap.Pages), func(p location) bool { return pages[p.Address] != "" })
	if n := len(strange); n == 1 {
		add(sitemapFile, "the sitemap lists "+strange[0].Address+", which is not a page's address")
	} else if n > 1 {
		add(sitemapFile, fmt.Sprintf("the sitemap lists %s and %d other addresses that are not those of pages", strange[0].Address, n-1))
	}
	for _, p := range sitemap.Pages {
		if entries[p.Address] {
			add(sitemapFile, "the sitemap lists "+p.Address+" twice")
		}
		entries[p.Address] = true
	}
	for _, address := range slices.Sorted(maps.Keys(pages)) {
		if !entries[address] {
			add(pages[address], "the page is not in the sitemap")
		}
	}
}
