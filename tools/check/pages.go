package check

import (
	"fmt"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// A fault of more than a few pages comes from what they have in common. (A text can be on
// its own page, on that of the whole report and, if it is the summary, on the front page.)
const (
	fewPages = 3
	frame    = "layouts/baseof.html"
)

// checkPages reports the faults of single pages, and pages with the same title or
// description.
func (c *checker) checkPages() {
	groups := map[fault][]*page{}  // the pages with each fault
	orphans := map[string]string{} // the id before each tag, on the first page that has it
	titles, descriptions := map[string][]*page{}, map[string][]*page{}
	for _, p := range c.pages {
		for _, f := range p.faults {
			f.origin = origin{}
			if !slices.Contains(groups[f], p) {
				groups[f] = append(groups[f], p)
			}
		}
		if p.broken || p.redirect {
			continue
		}
		titles[p.title] = append(titles[p.title], p)
		descriptions[p.description] = append(descriptions[p.description], p)
		if tag := p.orphan.tag; tag != "" {
			if _, ok := orphans[tag]; !ok {
				orphans[tag] = p.orphan.id
			}
			c.reportOrphan(p, tag, orphans[tag])
		}
		c.reportBlanks(p)
	}
	for _, p := range c.pages {
		for _, f := range p.faults {
			c.reportFault(p, f, groups)
		}
	}
	c.reportTwins("title", titles)
	c.reportTwins("description", descriptions)
}

// reportBlanks reports text of a page that is still to be written.
func (c *checker) reportBlanks(p *page) {
	if c.expected.finders[p.name] != nil { // it repeats other pages
		return
	}
	name := reportOf(p.name)
	if slices.ContainsFunc(c.expected.lib.Reports, func(rep *report.Report) bool { return rep.Draft && (name == rep.Name || name == "") }) { // common pages list what drafts have
		return
	}
	for _, position := range p.blanks {
		place := report.Place{File: frame}
		if position.part != inFrame {
			place = c.place(p, position.id, func(q *page) bool { return len(q.blanks) > 0 })
		}
		c.add(place, p.name, "placeholder", "there is text here still to be written", "write it in place of "+report.ToWrite)
	}
}

// reportFault reports a fault of a page where it comes from: a fault around the main part,
// or of most pages, comes from the layouts. groups holds the pages with each fault.
func (c *checker) reportFault(p *page, f fault, groups map[fault][]*page) {
	key := f
	key.origin = origin{}
	pages := groups[key]
	place := report.Place{File: frame}
	isShared := f.origin.part == inFrame || len(pages) > fewPages && (f.origin.part == inWhole || 2*len(pages) > len(c.pages))
	if !isShared {
		place = c.placeFault(p, f)
	}
	c.add(place, p.name, f.rule, f.what, f.do)
}

// placeFault returns where in the source a fault of a page comes from. On a page that
// repeats others, it is the place there.
func (c *checker) placeFault(p *page, f fault) report.Place {
	for _, q := range slices.Backward(c.repeatedPages(p)) {
		for _, g := range q.faults {
			if g.rule == f.rule && g.what == f.what {
				return c.placeFault(q, g)
			}
		}
	}
	id := f.origin.id
	if _, ok := c.findRecord(p, f.twin); ok {
		id = f.twin
	} else if f.twin != "" && !strings.Contains(f.twin, "fn:") && !strings.Contains(f.twin, "fnref:") {
		return report.Place{File: "layouts"} // in the text, only headings, paragraphs and footnotes have ids
	}
	return c.place(p, id, func(q *page) bool { return q.ids[f.twin] })
}

// reportOrphan reports a tag without its counterpart. It comes from a layout, since HTML
// in Markdown is ignored.
func (c *checker) reportOrphan(p *page, tag, id string) {
	what, do := tag+" is not ended where it should be", "end it in the layout that writes it"
	if strings.HasPrefix(tag, "</") {
		what, do = tag+" has no start tag", "remove it from the layout that writes it, or add the start tag"
	}
	if id != "" {
		what += " (the last id before it is " + id + ")"
	}
	c.add(report.Place{File: "layouts"}, p.name, "markup", what, do)
}

// reportTwins reports pages with the same title or description.
func (c *checker) reportTwins(what string, pages map[string][]*page) {
	for text, twins := range pages {
		if text == "" || len(twins) < 2 {
			continue
		}
		do := "give each its own, so that people can tell them apart"
		if strings.Contains(text, "…") {
			do = "long titles are cut at the …, so make the words before it differ"
		}
		last := twins[0] // the last that repeats no other
		for _, p := range twins {
			if c.expected.echoes[p.name] == "" {
				last = p
			}
		}
		for _, p := range twins {
			c.add(report.Place{File: c.expected.source(last.name)}, p.name, "page-title", fmt.Sprintf("these pages have the same %s, “%s”", what, text), do)
		}
	}
}
