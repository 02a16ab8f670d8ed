package check

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"annualreport/tools/report"
)

// A thing is a description for search engines, in the terms of schema.org: a report with
// its sections, or breadcrumbs.
type thing struct {
	kind, name, headline, date, author, publisher, address string
	parts                                                  []step
}

// A step is a section of a report, or a page in the breadcrumbs.
type step struct{ position, name, address string }

// thingsOf returns what each page has to tell, by its name. Without an address of the
// site, there are no breadcrumbs, and reports have no address.
func thingsOf(lib *report.Library) map[string]func(base string) []thing {
	all := map[string]func(string) []thing{}
	for _, p := range lib.Pages {
		if p.Path != "/" && !p.Whole && p != lib.NotFound {
			all[nameOf(p)] = func(base string) []thing { return wayTo(p, base) }
		}
	}
	for _, rep := range lib.Reports {
		tell := func(base string) []thing { return []thing{reportThing(lib, rep, base)} }
		all[nameOf(rep.Summary)] = tell
		if rep == lib.Latest {
			all[front] = tell
		}
	}
	return all
}

func reportThing(lib *report.Library, rep *report.Report, base string) thing {
	t := thing{
		kind: "Report", name: rep.Title.String(), headline: rep.Title.String(), date: rep.Date.ISO(),
		author: rep.Publisher.NameOn(rep.Date).String(), publisher: lib.Publisher.Name.String(), address: wholeAddressOf(base, rep.Summary),
	}
	if rep.Paper.Subject != "" {
		t.name = rep.Paper.Subject.String()
	}
	for _, p := range rep.Pages {
		if p.Number != "" {
			t.parts = append(t.parts, step{string(p.Number), p.Title.String(), wholeAddressOf(base, p)})
		}
	}
	return t
}

func wayTo(p *report.Page, base string) []thing {
	if base == "" {
		return nil
	}
	t := thing{kind: "BreadcrumbList"}
	for i, stop := range append(p.Trail(), p) {
		t.parts = append(t.parts, step{strconv.Itoa(i + 1), stop.Title.String(), base + strings.TrimPrefix(stop.Canonical(), "/")})
	}
	return []thing{t}
}

func wholeAddressOf(base string, p *report.Page) string {
	if base == "" {
		return ""
	}
	return base + strings.TrimPrefix(p.Target().Address(), "/")
}

// parseThing parses what a page tells, apart from fields that are not checked.
func parseThing(text string) (thing, error) {
	type party struct{ Name string }
	var data struct {
		Type              string `json:"@type"`
		Name, Headline    string
		DatePublished     string
		URL               string
		Author, Publisher party
		HasPart           []struct{ Position, Name, URL string }
		ItemListElement   []struct {
			Position   json.Number
			Name, Item string
		}
	}
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		return thing{}, err
	}
	t := thing{data.Type, data.Name, data.Headline, data.DatePublished, data.Author.Name, data.Publisher.Name, data.URL, nil}
	for _, p := range data.HasPart {
		t.parts = append(t.parts, step{p.Position, p.Name, p.URL})
	}
	for _, p := range data.ItemListElement {
		t.parts = append(t.parts, step{p.Position.String(), p.Name, p.Item})
	}
	return t, nil
}

// fold returns a thing with its texts folded.
func (t thing) fold() thing {
	for _, text := range []*string{&t.name, &t.headline, &t.author, &t.publisher} {
		*text = fold(*text)
	}
	parts := make([]step, len(t.parts))
	for i, p := range t.parts {
		parts[i] = step{p.position, fold(p.name), p.address}
	}
	t.parts = parts
	return t
}

// checkThings checks that pages tell search engines what the reports say, and nothing
// else.
func (c *checker) checkThings() {
	for _, p := range c.pages {
		if p.redirect || p.broken {
			continue
		}
		var want []thing
		if tell := c.expected.things[p.name]; tell != nil {
			want = tell(c.base)
		}
		right := len(p.data) == len(want)
		for i := 0; right && i < len(want); i++ {
			got, err := parseThing(p.data[i])
			right = err == nil && reflect.DeepEqual(got.fold(), want[i].fold())
		}
		if !right {
			c.add(report.Place{File: frame}, p.name, "search-data", "what the page tells search engines is not what the report says",
				"check layouts/_partials/report/json-ld.html and layouts/_partials/frame/breadcrumbs.html")
		}
	}
}
