// Package check proves a built site against the report that it shows.
//
// It reads the HTML as a browser would be given it and knows nothing of how
// the pages are made: neither Hugo nor the templates are asked. What has to be
// found comes from the data, by way of [report.Library], and a [report.Problem]
// names the record's own file and line, which is where an editor looks first.
//
// The founding rule: every challenge and recommendation stands exactly once on
// its page and once on the page of the whole report, with its title and formal
// wording, and is linked by its title from the summary; and nothing stands
// there that the data does not have.
package check

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"annualreport/tools/report"
)

// A Proof counts what a site was found to have.
type Proof struct {
	Reports int
	Items   int // challenges and recommendations
	Pages   int // HTML files
}

// An item is a challenge or a recommendation of one report.
type item struct {
	kind    string // "challenge", "recommendation"
	record  report.Record
	title   string
	wording string
}

func (i item) elementID() string { return i.kind + "-" + i.record.ID }

func (i item) label() string { return fmt.Sprintf("%s “%s”", i.kind, i.record.ID) }

// places are the pages of a report where items of each kind stand, apart from
// the page of the whole report.
var places = map[string]string{
	"challenge":      "conclusions/index.html",
	"recommendation": "recommendations/index.html",
}

const whole = "full.html"

// Site proves the pages in built, a folder of HTML, against lib. An error that
// says what is wrong with the site is of type [report.Problems].
func Site(built fs.FS, lib *report.Library) (Proof, error) {
	c := &checker{built: built, pages: map[string]*pageFacts{}}
	if err := c.readPages(); err != nil {
		return Proof{}, err
	}
	proof := Proof{Reports: len(lib.Reports), Pages: len(c.pages)}
	for i, rep := range lib.Reports {
		items := itemsOf(rep)
		proof.Items += len(items)
		summaries := []string{path.Join(rep.Year, "index.html")}
		if i == 0 {
			summaries = append(summaries, "index.html") // the front page is the latest report's summary
		}
		c.checkItems(rep.Year, items, summaries)
		c.checkStrays(rep.Year, items)
	}
	return proof, c.problems.Err()
}

type checker struct {
	built    fs.FS
	pages    map[string]*pageFacts // by the file's name in built
	problems report.Problems
}

// itemElement is what the id of an item's element looks like.
var itemElement = regexp.MustCompile(`^(challenge|recommendation)-`)

// readPages reads every HTML file.
func (c *checker) readPages() error {
	return fs.WalkDir(c.built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("the built site cannot be read: %w", err)
		}
		if !entry.Type().IsRegular() || path.Ext(name) != ".html" {
			return nil
		}
		f, err := c.built.Open(name)
		if err != nil {
			return fmt.Errorf("the built page %s cannot be read: %w", name, err)
		}
		defer f.Close()
		facts, err := readPage(f, name, itemElement.MatchString)
		if err != nil {
			return fmt.Errorf("the built page %s cannot be read: %w", name, err)
		}
		c.pages[name] = facts
		return nil
	})
}

func itemsOf(rep report.Report) []item {
	var items []item
	for _, ch := range rep.Challenges {
		items = append(items, item{"challenge", ch.Record, ch.Title, ch.Wording})
	}
	for _, r := range rep.Recommendations {
		items = append(items, item{"recommendation", r.Record, r.Title, r.Wording})
	}
	return items
}

func (c *checker) add(at report.Place, rule, what, do string) {
	c.problems = append(c.problems, report.Problem{Place: at, Rule: rule, What: what, Do: do})
}

// checkItems proves that every item stands where it should and is linked from
// the summaries. A page that is missing is told once, not for each item.
func (c *checker) checkItems(year string, items []item, summaries []string) {
	needed := []string{path.Join(year, whole)}
	for _, place := range slices.Sorted(maps.Values(places)) {
		needed = append(needed, path.Join(year, place))
	}
	for _, name := range append(needed, summaries...) {
		if c.pages[name] == nil {
			c.add(report.Place{File: sourceOf(name)}, "missing-page", "the site has no page "+address(name),
				"put this file back, or see in config.toml that the page is made")
		}
	}
	for _, it := range items {
		own := path.Join(year, places[it.kind])
		c.checkItem(it, []string{own, path.Join(year, whole)})
		c.checkLinked(it, own+"#"+it.elementID(), summaries)
	}
}

// checkItem proves that an item stands whole on each of the pages. What is
// wrong with it on several pages in the same way is told once.
func (c *checker) checkItem(it item, pages []string) {
	var missing, repeated, untitled, unworded []string
	for _, name := range pages {
		page := c.pages[name]
		if page == nil {
			continue
		}
		found := page.elements[it.elementID()]
		switch {
		case len(found) == 0:
			missing = append(missing, name)
		case len(found) > 1:
			repeated = append(repeated, name)
		}
		for _, text := range found {
			text = fold(text)
			if !strings.Contains(text, fold(it.title)) {
				untitled = append(untitled, name)
			}
			if !strings.Contains(text, fold(it.wording)) {
				unworded = append(unworded, name)
			}
		}
	}
	tell := func(pages []string, rule, what, do string) {
		if len(pages) > 0 {
			c.add(it.record.Place, rule, fmt.Sprintf(what, it.label(), addresses(pages)), do)
		}
	}
	tell(missing, "item-missing", "%s is not shown on %s",
		fmt.Sprintf("see that layouts/_partials/lists/%ss.html shows every %s in an element with the id %s", it.kind, it.kind, it.elementID()))
	tell(repeated, "item-repeated", "%s stands more than once on %s", "see that only one element there has the id "+it.elementID())
	tell(untitled, "item-title", "%s stands without its title on %s", "see that layouts/_partials/item.html shows the title")
	tell(unworded, "item-wording", "%s stands without its formal wording on %s", "see that layouts/_partials/item.html shows the wording, whole and unchanged")
}

func (c *checker) checkLinked(it item, target string, summaries []string) {
	var unlinked []string
	for _, name := range summaries {
		page := c.pages[name]
		if page != nil && !slices.ContainsFunc(page.links, func(l link) bool {
			return l.target == target && strings.Contains(fold(l.text), fold(it.title))
		}) {
			unlinked = append(unlinked, name)
		}
	}
	if len(unlinked) > 0 {
		c.add(it.record.Place, "summary-link", fmt.Sprintf("%s is not linked by its title from the summary, %s", it.label(), addresses(unlinked)),
			"see that layouts/_partials/summary.html lists every "+it.kind)
	}
}

// checkStrays finds elements that look like items and are none, or stand on a
// page where items of their kind do not.
func (c *checker) checkStrays(year string, items []item) {
	allowed := map[string]bool{}
	for _, it := range items {
		for _, place := range []string{places[it.kind], whole} {
			allowed[path.Join(year, place)+"#"+it.elementID()] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.pages)) {
		if !strings.HasPrefix(name, year+"/") {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(c.pages[name].elements)) {
			if !allowed[name+"#"+id] {
				c.add(report.Place{File: sourceOf(name)}, "stray-item", fmt.Sprintf("%s has an element with the id %s, which the data does not have there", address(name), id),
					"take it out of the text or the layout, or add the record to data/"+year)
			}
		}
	}
}

// address is a page's address on the site: /2014/conclusions/ for
// 2014/conclusions/index.html.
func address(name string) string { return "/" + strings.TrimSuffix(name, "index.html") }

func addresses(names []string) string {
	var all []string
	for _, name := range slices.Compact(names) {
		all = append(all, address(name))
	}
	return strings.Join(all, " and ")
}

// sourceOf is the file in content/ that a page is made from.
func sourceOf(name string) string {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch {
	case base != "index.html", !strings.Contains(dir, "/") && (dir == "" || isYear(dir)):
		return path.Join("content", dir, "_index.md")
	default:
		return path.Join("content", dir) + ".md"
	}
}

func isYear(name string) bool {
	return len(name) == 4 && strings.Trim(name, "0123456789") == ""
}
