package report

import (
	"net/url"
	"slices"
	"strings"
)

// A Way is one of the main ways through a report, which every page's menu has.
type Way struct {
	Title   string
	Address string // by the name of its file
	Current string // "page" if it leads to this page, "true" if this page is on it, or ""
}

// askedID is the element of a summary that lists what the report asks.
const askedID = "asked"

// Ways are the main ways through the page's report, or the latest, in the order
// of their menu. A report has those for which it has something to show.
func (p *Page) Ways() []Way {
	rep := p.Nearest()
	ways := []Way{{Title: p.lib.say("menu_summary"), Address: rep.Summary.Target().File(), Current: p.current(rep.Summary)}}
	add := func(name string, to *Page) {
		if to != nil {
			ways = append(ways, Way{p.lib.say(name), to.Target().File(), p.current(to)})
		}
	}
	add("menu_findings", rep.findings())
	if len(rep.AllItems()) > 0 {
		way := Way{Title: p.lib.say("menu_asked"), Address: Target{rep.Summary, askedID}.File()}
		if p.Item != nil || p.Lists == "challenges" || p.Lists == "recommendations" {
			way.Current = "true"
		}
		ways = append(ways, way)
	}
	add("menu_progress", rep.Listing("progress"))
	add("menu_organisations", rep.Listing("organisations"))
	add("menu_young_people", rep.Listing("help"))
	return ways
}

// current says how a page stands to one that a menu leads to.
func (p *Page) current(to *Page) string {
	switch {
	case p == to:
		return "page"
	case p.Canonical() == to.Canonical():
		return "true"
	}
	return ""
}

// findings returns the page that tells what the report found: that with most of the
// paragraphs which its items refer to, the first of several, or else its first
// section, or nil.
func (rep *Report) findings() *Page {
	most := 0
	var found *Page
	for _, p := range rep.Pages {
		n := 0
		for _, h := range p.Passages {
			n += len(h.Items)
		}
		if n > most {
			most, found = n, p
		}
	}
	if found == nil {
		if i := slices.IndexFunc(rep.Pages, func(p *Page) bool { return p.Number != "" }); i >= 0 {
			found = rep.Pages[i]
		}
	}
	return found
}

// Tell returns the address by which a reader says that something is wrong on a page
// at an address, or "" if the settings give none.
func (lib *Library) Tell(title, address string) string {
	if !strings.Contains(lib.contact, "@") {
		return lib.contact
	}
	// An e-mail program shows a plus sign as it is, so spaces are %20.
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	return "mailto:" + lib.contact + "?subject=" + escape(title) + "&body=" + escape(address)
}
