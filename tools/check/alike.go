package check

import (
	"fmt"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// The frames of pages and the entries of a list are alike: if one lacks what all others
// have, something was lost.

// A fixedLink is a link with fixed words only, and the kind of page it leads to.
type fixedLink struct{ words, kind string }

// noteFrame records a block around the main part, with where its links lead.
func (t *auditor) noteFrame(b *line, text string, links []int) {
	if b.part != inFrame || b.id == "help" || b.id == "title-help" { // checked by checkHelp
		return
	}
	for _, i := range links {
		address, _, _ := strings.Cut(addressOf(t.account.mentions[i].leads), "?")
		if place, ok := strings.CutPrefix(address, t.page.name+"#"); ok {
			address = "#" + place
		}
		text += "\x00" + address
	}
	interned, ok := t.texts[text]
	if !ok {
		interned = text
		t.texts[text] = text
	}
	t.page.frame = append(t.page.frame, interned)
}

// noteFixedLink records a link with fixed words only.
func (t *auditor) noteFixedLink(text string, m mention) {
	target := t.expected.model.mattersOn(m.leads.file)[""]
	if target == nil || !t.expected.grammar.whole[text] || m.leads.form == formPlace {
		return
	}
	p := target.record.(*report.Page)
	kind := fmt.Sprint(p.Layout, p.Lists, p.Whole, m.leads.file == front, p.Report != nil && p == p.Report.Summary, p.Number != "", m.leads.fragment)
	if p.Item != nil && m.leads.file == t.page.name {
		kind += " itself"
	}
	t.page.fixedLinks = append(t.page.fixedLinks, fixedLink{text, kind})
}

// checkTrail checks the breadcrumbs of the page.
func (t *auditor) checkTrail(start, limit int) {
	source, ok := t.places[""].record.(*report.Page)
	if !ok {
		return
	}
	var got, want []string
	end := start
	for _, m := range t.account.mentions {
		if m.start >= start && m.end <= limit && m.start < limit {
			got = append(got, m.leads.file)
			end = m.end
		}
	}
	for _, p := range source.Trail() {
		want = append(want, nameOf(p))
	}
	last := foldStrictly(string(t.account.words[end:limit]))
	if !slices.Equal(got, want) || last == "" {
		t.addLapse(fault{rule: "word", what: "the breadcrumbs do not show the way to this page", do: "check layouts/_partials/frame/breadcrumbs.html", origin: origin{inMain, ""}})
	}
}

// listValues return what a list shows either of all its entries or of none.
var listValues = []func(record any) string{
	func(record any) string {
		if it, ok := record.(*report.Item); ok {
			return it.Says()
		}
		return ""
	},
	func(record any) string {
		if o, ok := record.(*report.Organisation); ok {
			return o.Role.String()
		}
		return ""
	},
	func(record any) string {
		if p, ok := record.(*report.Page); ok && p.Layout == "" {
			return p.Description.String()
		}
		return ""
	},
}

// minEntries is the number of entries that must show a value before its absence elsewhere
// in the list is a fault.
const minEntries = 3

// checkEntries checks that all entries of a list show the same of what they are about.
func (t *auditor) checkEntries() {
	lists := map[int][]int{} // indexes of scopes, by list
	for i, s := range t.account.scopes {
		if s.isEntry && len(s.links) > 0 {
			lists[s.list] = append(lists[s.list], i)
		}
	}
	for _, entries := range lists {
		if len(entries) > minEntries {
			t.compareEntries(entries)
		}
	}
}

func (t *auditor) compareEntries(entries []int) {
	for _, says := range listValues {
		count, missing := 0, -1
		var absent string
		for _, i := range entries {
			s := t.account.scopes[i]
			text := foldStrictly(string(t.account.words[s.start:s.end]))
			value := t.valueOf(s, says)
			switch {
			case value == "":
			case strings.Contains(text, value):
				count++
			case missing >= 0: // the list does not show it of all
				count = -len(entries)
			default:
				missing, absent = i, value
			}
		}
		if missing >= 0 && count >= minEntries {
			t.addLapse(fault{rule: "word", what: fmt.Sprintf("“%s” is missing, though the list shows the same of every other entry", shorten(absent)), do: "check the layout of the list", origin: origin{inMain, t.account.scopes[missing].id}})
		}
	}
}

// valueOf returns the value for what an entry is about, or "".
func (t *auditor) valueOf(s scope, says func(any) string) string {
	for _, target := range t.mattersOf(t.account.mentions[s.links[0]]) {
		for _, candidate := range append([]*matter{target}, target.parents...) {
			if text := says(candidate.record); text != "" {
				return foldStrictly(text)
			}
		}
	}
	return ""
}

// checkFrames checks that the pages of a report have the same header, footer and menus.
func (c *checker) checkFrames() {
	groups := map[string][]*page{}
	counts, kinds := map[fixedLink]int{}, map[string]fixedLink{}
	for _, p := range c.pages {
		target := c.expected.model.mattersOn(p.name)[""]
		if target == nil || p.broken || p.redirect || p.name == lostPage {
			continue
		}
		source := target.record.(*report.Page)
		group := fmt.Sprint(source.MenuReport().Name, source.Report == nil, source.Canonical() == source.MenuReport().Summary.Target().Address())
		if source.Canonical() == source.MenuReport().Summary.Target().Address() {
			group = source.MenuReport().Name + " summary"
		}
		if !source.Whole { // like no other page
			groups[group] = append(groups[group], p)
		}
		for _, w := range p.fixedLinks {
			counts[w]++
			if counts[w] > counts[kinds[w.words]] {
				kinds[w.words] = w
			}
		}
	}
	for _, pages := range groups {
		c.compareFrames(pages)
	}
	for _, p := range c.pages {
		for _, w := range p.fixedLinks {
			if usual := kinds[w.words]; counts[w] <= fewPages && counts[usual] > 10*counts[w] && usual.kind != w.kind {
				c.add(report.Place{File: c.expected.source(p.name)}, p.name, "word", fmt.Sprintf("the link “%s” does not lead where it does on other pages", w.words), "check the layout that shows it")
			}
		}
	}
}

func (c *checker) compareFrames(pages []*page) {
	counts := map[string]int{}
	for _, p := range pages {
		if len(pages) == 2 { // a summary and the front page, whose links differ
			for i := range p.frame {
				p.frame[i], _, _ = strings.Cut(p.frame[i], "\x00")
			}
		}
		for _, text := range slices.Compact(slices.Sorted(slices.Values(p.frame))) {
			counts[text]++
		}
	}
	for text, n := range counts {
		if n == len(pages) || 5*n < 4*len(pages) && len(pages) != 2 {
			continue
		}
		for _, p := range pages {
			words, address, _ := strings.Cut(text, "\x00")
			if !slices.Contains(p.frame, text) && !p.leads(address) {
				c.add(report.Place{File: frame}, p.name, "word", fmt.Sprintf("“%s” is missing from the header or footer, where the report's other pages have it", shorten(words)), "build the site again; if the message stays, check layouts/_partials/frame")
			}
		}
	}
}

// leads reports whether a link in the page's main part leads to an address.
func (p *page) leads(address string) bool {
	return address != "" && slices.ContainsFunc(p.refs, func(r ref) bool { return r.main && addressOf(r) == address })
}
