package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Subject is something that readers look for: a page, a passage, an item, a body,
// a term and so on. The A to Z index and the search have all subjects.
type Subject struct {
	Target Target
	Report *Report // that it belongs to, or nil
	Name   string  // as people cite it: "Paragraph 3.9", "Challenge 4"; or what it is
	Title  Text    // "" for a paragraph without a heading
	Others []Text  // its other names
	Text   string  // everything about it, on one line
	Spots  []Spot  // other places where it occurs
	series string  // of a paragraph without a heading
}

// A Spot is a place where a subject occurs.
type Spot struct {
	Name   string
	Target Target
	Report *Report // that it belongs to, or nil
}

// NameInText returns the passage's name as it is written within a sentence: "paragraph 3.9".
func (h *Passage) NameInText() string {
	first, size := utf8.DecodeRuneInString(h.Name())
	return string(unicode.ToLower(first)) + h.Name()[size:]
}

// Name returns how people cite a passage: "Paragraph 3.9", "Finding 12". Without a
// number, it is the name of the page.
func (h *Passage) Name() string {
	lib := h.Page.lib
	switch {
	case h.Number == "":
		return h.Page.name()
	case h.Series == "summary":
		return lib.say("main_message", "number", h.Number)
	case h.Series != "":
		return lib.say("paragraph_of_series", "series", seriesName(h.Series), "number", h.Number)
	}
	return lib.say("paragraph", "number", h.Number)
}

// seriesName returns the word before a passage's number as in a title: "Key finding"
// for key-finding.
func seriesName(series string) string {
	name := strings.ReplaceAll(series, "-", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// name returns what a page is called where its title is not enough.
func (p *Page) name() string {
	switch {
	case p.Number != "":
		return p.lib.say("section_called", "number", string(p.Number))
	case p.isSummary():
		return p.lib.say("menu_summary")
	}
	return p.Title.String()
}

// flat joins texts into one line.
func flat(texts ...Text) string {
	var all []string
	for _, t := range texts {
		all = append(all, strings.Fields(string(t))...)
	}
	return Text(strings.Join(all, " ")).String()
}

// subjects returns the subjects of a report, or, for nil, those outside reports.
func (lib *Library) subjects(rep *Report) (all []Subject) {
	if rep == nil {
		return slices.Concat(lib.termSubjects(), lib.bodySubjects(), lib.pageSubjects(lib.textPages()), lib.helpSubjects())
	}
	all = append(all, lib.pageSubjects(rep.pagesInOrder())...)
	for _, it := range slices.Concat(rep.Challenges, rep.Recommendations) {
		all = append(all, it.subject())
	}
	for _, t := range rep.Themes {
		all = append(all, Subject{Target: t.Target(), Name: lib.say("theme_number", "number", string(t.Number)), Title: t.Title, Text: flat(t.Stem, t.Wording.Plain())})
	}
	for _, m := range rep.Measures {
		all = append(all, Subject{Target: m.Target(), Name: lib.say("changing"), Title: m.Title})
	}
	for _, r := range rep.Requirements {
		all = append(all, Subject{Target: r.Target(), Name: lib.say("requirement_number", "number", string(r.Number)), Text: flat(r.Wording.Plain(), r.NotMet), series: requirementsList})
	}
	for i := range all {
		all[i].Report = rep
	}
	return all
}

// textPages returns the pages of text outside reports.
func (lib *Library) textPages() []*Page {
	return slices.DeleteFunc(lib.Others(), func(p *Page) bool { return p.Layout != "" })
}

// pageSubjects returns pages and their passages.
func (lib *Library) pageSubjects(pages []*Page) (all []Subject) {
	for _, p := range pages {
		name := lib.say("find_page")
		if p.Number != "" || p.isSummary() {
			name = p.name()
		}
		all = append(all, Subject{Target: p.Target(), Name: name, Title: p.Title, Text: flat(Text(p.words))})
		for _, h := range p.Passages {
			all = append(all, Subject{Target: h.Target(), Name: h.Name(), Title: h.Title, Text: flat(Text(h.words)), series: h.Series})
		}
	}
	return all
}

// helpSubjects returns the contacts, which every page has.
func (lib *Library) helpSubjects() (all []Subject) {
	for _, c := range lib.Contacts {
		if lib.Front != nil {
			all = append(all, Subject{Target: Target{lib.Front, "help"}, Name: lib.say("find_help"), Title: c.Title, Text: strings.TrimSpace(c.Telephone + " " + c.Text)})
		}
	}
	return all
}

// termSubjects returns the glossary's terms.
func (lib *Library) termSubjects() (all []Subject) {
	for _, t := range lib.Glossary {
		s := Subject{Target: t.Target(), Name: lib.say("find_term"), Title: t.Term, Text: flat(t.Meaning)}
		if t.Abbreviation != "" {
			s.Others = []Text{t.Abbreviation}
		}
		for _, h := range t.Uses {
			s.Spots = append(s.Spots, Spot{h.Name(), h.Target(), h.Page.Report})
		}
		all = append(all, s)
	}
	return all
}

// bodySubjects returns the organisations.
func (lib *Library) bodySubjects() (all []Subject) {
	for _, o := range lib.Organisations {
		s := Subject{Target: o.Target(), Name: lib.say("find_body"), Title: o.Name, Others: slices.Clone(o.AlsoKnownAs), Text: flat(o.Role)}
		for _, former := range o.Formerly {
			s.Others = append(s.Others, former.Name)
		}
		for _, rep := range lib.Reports {
			if b := rep.bodies[o.ID]; b != nil && b.page != nil && b.IsAsked() {
				s.Spots = append(s.Spots, Spot{lib.say("find_asked"), b.Target(), rep})
			}
		}
		all = append(all, s)
	}
	return all
}

// subject returns the item as a subject, with its wording and updates.
func (it *Item) subject() Subject {
	texts := []Text{it.Stem(), it.Wording.Plain()}
	for _, b := range it.Bodies {
		texts = append(texts, b.Name)
	}
	texts = append(texts, it.AddressedNote, it.DoneWhen, it.Closed)
	for _, u := range it.Updates {
		texts = append(texts, u.Text, u.Quote, u.Next, u.Withdrawn)
	}
	var parts []string
	for _, t := range texts {
		if t != "" {
			parts = append(parts, flat(t))
		}
	}
	return Subject{Target: it.ownPage.Target(), Name: it.Report.lib.say(it.Kind+"_number", "number", string(it.Number)), Title: it.Title, Text: strings.Join(parts, lineSeparator)}
}
