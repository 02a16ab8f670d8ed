package report

import (
	"net/url"
	"slices"
	"strings"
)

// A Way is an entry in the menu of every page: one of the main ways through a report.
type Way struct {
	Title   string
	Address string // with the file name
	Current string // "page" if it leads to this page, "true" if this page is on it, or ""
}

// askedID is the id of the list of what the report asks, on its summary.
const askedID = "asked"

// Ways returns the main ways through the page's report, or the latest one, in the
// order of the menu. It leaves out those for which the report has nothing to show.
func (p *Page) Ways() []Way {
	rep := p.MenuReport()
	ways := []Way{{Title: p.lib.say("menu_summary"), Address: rep.Summary.Target().File(), Current: p.currentValue(rep.Summary)}}
	add := func(name string, target *Page) {
		if target != nil {
			ways = append(ways, Way{p.lib.say(name), target.Target().File(), p.currentValue(target)})
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

// currentValue returns what Current is for a way that leads to another page.
func (p *Page) currentValue(target *Page) string {
	switch {
	case p == target:
		return "page"
	case p.Canonical() == target.Canonical():
		return "true"
	}
	return ""
}

// findings returns the page with the report's findings: the first of those whose
// paragraphs its items cite most, or else its first section, or nil.
func (rep *Report) findings() *Page {
	most := 0
	var page *Page
	for _, p := range rep.Pages {
		n := 0
		for _, h := range p.Passages {
			n += len(h.Items)
		}
		if n > most {
			most, page = n, p
		}
	}
	if page == nil {
		if i := slices.IndexFunc(rep.Pages, func(p *Page) bool { return p.Number != "" }); i >= 0 {
			page = rep.Pages[i]
		}
	}
	return page
}

// FeedbackLink returns the link by which readers report a mistake on the page at an
// address, or "" if the settings give no contact.
func (lib *Library) FeedbackLink(title, address string) string {
	if !strings.Contains(lib.contact, "@") {
		return lib.contact
	}
	// E-mail programs do not turn a plus sign into a space, so spaces are %20.
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	return "mailto:" + lib.contact + "?subject=" + escape(title) + "&body=" + escape(address)
}
