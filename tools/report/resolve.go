package report

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// resolve connects everything in the library and follows every reference. The
// target of a reference may be missing: that has been reported, or is reported
// here, and the library is then not used.
func (l *loader) resolve(lib *Library, pages []*Page) {
	lib.static, lib.pictures = l.static, map[string]Picture{}
	slices.SortStableFunc(lib.Glossary, func(a, b *Term) int {
		return strings.Compare(strings.ToLower(string(a.Term)), strings.ToLower(string(b.Term)))
	})
	lib.connect(pages)
	if !lib.ShowsDrafts && len(lib.Drafts) > 0 {
		drafts := *lib // as the drafts' own pages see it
		drafts.Reports, drafts.byPath, drafts.ShowsDrafts = slices.Clone(lib.Reports), maps.Clone(lib.byPath), true
		for _, d := range lib.Drafts {
			drafts.Reports = append(drafts.Reports, d.Report)
		}
		drafts.connect(pages)
	}
	for _, p := range lib.Pages {
		l.checkLinks(p)
	}
	for _, p := range pages {
		if p.lib != nil && p.lib != lib {
			l.checkLinks(p)
		}
	}
	for _, p := range lib.Pages {
		p.ids() // while there is one goroutine: layouts ask from several
	}
	lib.Redirects = l.readRedirects(lib, pages)
}

// connect adds to the library the pages of its reports, and those outside reports,
// unless they belong to another library already.
func (lib *Library) connect(pages []*Page) {
	for _, p := range pages {
		if p.Report == nil && p.Path == "/" {
			lib.Front = p
		}
		if p.File == glossaryFile {
			for _, t := range lib.Glossary {
				t.page = p
			}
		}
	}
	for _, rep := range lib.Reports {
		lib.connectReport(rep)
	}
	lib.Latest = lib.latest()
	adopt := func(all ...*Page) {
		for _, p := range all {
			if p.lib == nil {
				p.lib = lib
				lib.Pages = append(lib.Pages, p)
			}
			if !p.Whole {
				lib.byPath[p.Path] = p
			}
		}
	}
	if lib.Front != nil {
		adopt(lib.Front)
	}
	for _, rep := range lib.Reports {
		if rep.Summary != nil {
			adopt(rep.Summary, rep.Whole)
			adopt(rep.Pages...)
		}
	}
	others := slices.DeleteFunc(slices.Clone(pages), func(p *Page) bool { return p.Report != nil || p == lib.Front })
	slices.SortStableFunc(others, compareTitles)
	adopt(others...)
	for _, rep := range lib.Reports {
		if rep.Summary != nil {
			rep.setWholeIDs()
		}
	}
	adopt(lib.derive()...)
	if lib.NotFound == nil {
		lib.NotFound = &Page{File: layoutFile("404"), Path: "/404", lib: lib}
		lib.byPath["/404"], lib.byPath["/404.html"] = lib.NotFound, lib.NotFound
	}
}

// latest returns the report that the front page shows: the newest annual report
// that is published, or else the newest that is published, or else the newest draft.
func (lib *Library) latest() *Report {
	for _, fits := range []func(*Report) bool{
		func(rep *Report) bool { return !rep.Draft && rep.Series == "" },
		func(rep *Report) bool { return !rep.Draft },
		func(*Report) bool { return true },
	} {
		if i := slices.IndexFunc(lib.Reports, fits); i >= 0 {
			return lib.Reports[i]
		}
	}
	return nil
}

// connectReport resolves the references within a report.
func (lib *Library) connectReport(rep *Report) {
	if rep.bodies != nil || rep.Summary == nil {
		return
	}
	rep.Whole = &Page{File: rep.Summary.File, Path: rep.Summary.Path, Title: rep.Summary.Title, Description: rep.Summary.Description, Report: rep, Whole: true}
	rep.bodies = map[string]*Body{}
	for _, o := range lib.Organisations {
		rep.bodies[o.ID] = &Body{Organisation: o, Name: o.NameOn(rep.Date), page: rep.Listing("organisations")}
	}
	passages := map[string]*Passage{}
	for _, p := range rep.pagesInOrder() {
		for _, h := range p.Passages {
			passages[h.ID] = h
		}
	}
	lib.connectRecords(rep, passages)
	for _, b := range rep.bodies {
		if b.IsAsked() {
			rep.Bodies = append(rep.Bodies, b)
		}
	}
	slices.SortFunc(rep.Bodies, func(a, b *Body) int {
		return cmp.Or(strings.Compare(string(a.Name), string(b.Name)), strings.Compare(a.ID, b.ID))
	})
	rep.connectAsks()
	rep.dateNews()
	rep.connectPages()
}

// connectRecords resolves the references of a report's records to each other and to
// its passages.
func (lib *Library) connectRecords(rep *Report, passages map[string]*Passage) {
	for _, t := range rep.Themes {
		t.page, t.report = rep.Listing("challenges"), rep
	}
	themes := indexByID(rep.Themes)
	for _, kind := range Kinds {
		for _, it := range rep.Items(kind) {
			if it.Group = themes[it.Theme]; it.Group != nil {
				it.Group.Challenges = append(it.Group.Challenges, it)
			}
			rep.connectItem(it, passages)
		}
	}
	challenges := indexByID(rep.Challenges)
	for _, it := range rep.Recommendations {
		for _, id := range it.Challenges {
			if c := challenges[id]; c != nil {
				it.ArisesFrom = append(it.ArisesFrom, c)
				c.TakenUpIn = append(c.TakenUpIn, it)
			}
		}
	}
	for _, kind := range Kinds {
		for _, it := range rep.Items(kind) {
			it.Abbreviations = lib.abbreviations(string(it.Stem() + " " + it.Wording))
		}
	}
	for _, m := range rep.Measures {
		m.page, m.Paragraph = rep.Summary, passages[m.Finding]
		if m.Passage = passages[m.Position]; m.Passage != nil {
			m.Passage.Charts = append(m.Passage.Charts, m)
		}
	}
	for _, r := range rep.Requirements {
		rep.connectRequirement(r, passages)
	}
}

// connectItem resolves what an item refers to within its report.
func (rep *Report) connectItem(it *Item, passages map[string]*Passage) {
	it.page = rep.Listing(it.Kind + "s")
	for _, id := range it.AddressedTo {
		if b := rep.bodies[id]; b != nil {
			it.Bodies = append(it.Bodies, b)
			if it.Kind == Challenge {
				b.Challenges = append(b.Challenges, it)
			} else {
				b.Recommendations = append(b.Recommendations, it)
			}
		}
	}
	for _, id := range it.Findings {
		if h := passages[id]; h != nil {
			it.Paragraphs = append(it.Paragraphs, h)
			h.Items = append(h.Items, it)
		}
	}
	for _, u := range it.Updates {
		for _, id := range u.By {
			if b := rep.bodies[id]; b != nil {
				u.Bodies = append(u.Bodies, b)
			}
		}
	}
	it.connectRequests()
}

// updateLists are the lists that show updates.
var updateLists = []string{"challenges", "recommendations", "organisations", "progress"}

// lastChange returns the date of the item's newest update, or else of its report.
func (it *Item) lastChange() Date {
	day := it.Report.Date
	for _, u := range it.Updates {
		day = latest(day, u.Date)
	}
	return day
}

// dateNews sets the dates on which the report's pages last changed.
func (rep *Report) dateNews() {
	rep.LastChange = rep.Date
	for _, it := range rep.AllItems() {
		rep.LastChange = latest(rep.LastChange, it.lastChange())
	}
	for _, p := range rep.pagesInOrder() {
		p.LastChange = rep.Date
		if p.isSummary() || slices.Contains(updateLists, p.Lists) {
			p.LastChange = rep.LastChange
		}
	}
	rep.Whole.LastChange = rep.LastChange
}

// connectPages sets the previous and next pages of each page in the whole report.
func (rep *Report) connectPages() {
	previous := rep.Summary
	for _, p := range rep.Pages {
		if !p.Full {
			continue
		}
		p.Previous = previous
		if previous != rep.Summary {
			previous.Next = p
		}
		previous = p
	}
}

// abbreviations returns the terms whose abbreviations are words of a text.
func (lib *Library) abbreviations(text string) []*Term {
	if lib.byFirst == nil {
		lib.byFirst = map[string][]*Term{}
		for _, t := range lib.Glossary {
			if first := plainWord.FindString(string(t.Abbreviation)); first != "" {
				lib.byFirst[first] = append(lib.byFirst[first], t)
			}
		}
	}
	terms := map[*Term]bool{}
	for _, span := range plainWord.FindAllStringIndex(text, -1) {
		for _, t := range lib.byFirst[text[span[0]:span[1]]] {
			abbreviation := string(t.Abbreviation)
			start := span[0] - plainWord.FindStringIndex(abbreviation)[0]
			if start >= 0 && strings.HasPrefix(text[start:], abbreviation) && isWord(text, start, start+len(abbreviation)) {
				terms[t] = true
			}
		}
	}
	if len(terms) == 0 {
		return nil
	}
	return slices.SortedFunc(maps.Keys(terms), func(a, b *Term) int { return a.Place.Line - b.Place.Line })
}

// plainWord matches a word in an abbreviation.
var plainWord = regexp.MustCompile(`[A-Za-z0-9]+`)

// isWord reports whether a part of a text has no letter or digit next to it.
func isWord(text string, start, end int) bool {
	return !plainWord.MatchString(text[max(start-1, 0):start]) && !plainWord.MatchString(text[end:min(end+1, len(text))])
}

// Body returns the organisation with that id as the report sees it.
func (rep *Report) Body(id string) *Body { return rep.bodies[id] }

// IsAsked reports whether the report asks the body for anything.
func (b *Body) IsAsked() bool { return len(b.Recommendations)+len(b.Challenges) > 0 }

// Items returns all that the report asks of the body, the recommendations first.
func (b *Body) Items() []*Item { return slices.Concat(b.Recommendations, b.Challenges) }

// indexByID returns records by id, to look up many. Of two with the same id, which
// is reported elsewhere, it has the first.
func indexByID[T interface{ record() Record }](all []T) map[string]T {
	index := make(map[string]T, len(all))
	for _, v := range slices.Backward(all) {
		index[v.record().ID] = v
	}
	return index
}

func findByID[T interface{ record() Record }](all []T, id string) (match T) {
	for _, v := range all {
		if v.record().ID == id {
			return v
		}
	}
	return match
}
