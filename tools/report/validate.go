package report

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxContacts is the most contacts that a site can have.
const maxContacts = 100

// checkContacts checks the numbers, dates and ways of contact of the contacts.
func (l *loader) checkContacts(all []*Contact) {
	if len(all) > maxContacts { // every page shows them all
		l.problems.add(Place{contactsFile, 1}, "too-many", fmt.Sprintf("the file has %d contacts; the limit is %d", len(all), maxContacts), "keep those that most readers need, and link to a page with the others")
		return
	}
	l.checkNumbers("contact", citations(l, all, func(c *Contact) Number { return c.Number }))
	for _, c := range all {
		file := c.Place.File
		if c.Checked.After(l.lastMoment) {
			l.problems.add(l.place(file, c.ID+".checked"), "checked-date", fmt.Sprintf("the contact %s was checked on %s, which is in the future", Quote(c.ID), c.Checked.ISO()),
				"correct the date, or this computer's clock")
		}
		if !slices.ContainsFunc([]string{"telephone", "page", "text", "chat"}, func(key string) bool { return l.hasKey(file, c.ID+"."+key) }) {
			l.problems.add(c.Place, "missing-field", fmt.Sprintf("the contact %s has neither a telephone number nor a page", Quote(c.ID)),
				`write telephone = "0808 800 5000", or page = "https://…"`)
		}
	}
}

// checkOrganisations sorts the organisations by id, and checks their former names
// and successors.
func (l *loader) checkOrganisations(all []*Organisation) {
	const file = organisationsFile
	slices.SortFunc(all, func(a, b *Organisation) int { return strings.Compare(a.ID, b.ID) })
	bodies := references{ids(all), "an organisation", file}
	for _, o := range all {
		if o.Successor != "" {
			l.checkReference(l.place(file, o.ID+".successor"), o.Successor, bodies)
		}
		if o.Heir = findByID(all, o.Successor); o.Heir != nil && o.Until.IsZero() && !l.hasKey(file, o.ID+".until") {
			l.problems.add(l.place(file, o.ID+".successor"), "missing-field", fmt.Sprintf("%s has a successor but no date for the handover", Quote(o.ID)), "add a line until = 2018-04-09")
		}
		for i := range o.Formerly[:max(len(o.Formerly)-1, 0)] {
			if next := o.Formerly[i+1]; next.Until.Before(o.Formerly[i].Until.Time) && !next.Until.IsZero() {
				l.problems.add(l.place(file, elementPath(o.ID+".formerly", i+1)), "former-name", "this former name ended before the one above it", "put the oldest name first")
			}
		}
	}
	for _, o := range all {
		chain := map[*Organisation]bool{}
		for heir := o; heir != nil && !chain[heir]; heir = heir.Heir {
			chain[heir] = true
			if heir.Heir == o {
				l.problems.add(l.place(file, o.ID+".successor"), "successor", fmt.Sprintf("%s ends up as its own successor", Quote(o.ID)), "name the body that took over from it")
			}
		}
	}
}

// checkStatuses sorts the statuses by kind and rank, and checks the ranks.
func (l *loader) checkStatuses(all []*Status) {
	slices.SortStableFunc(all, func(a, b *Status) int {
		return cmp.Or(slices.Index(StatusKinds, a.Kind)-slices.Index(StatusKinds, b.Kind), a.Number-b.Number)
	})
	for i, s := range all {
		place := l.place(s.Place.File, s.ID+".number")
		if s.Number < 1 && l.isValid(s.Place.File, s.ID+".number") {
			l.problems.add(place, "number", fmt.Sprintf("%d cannot be the rank of a status", s.Number), "number them from 1, the least advanced first")
		} else if i > 0 && s.Kind == all[i-1].Kind && s.Number == all[i-1].Number && s.Number != 0 {
			l.problems.add(place, "number", fmt.Sprintf("%s has the same rank as %s", Quote(s.ID), Quote(all[i-1].ID)), "give each its own rank")
		}
	}
}

// references are the ids that a field can name.
type references struct {
	ids  []string
	noun string // what they are the ids of: "a theme"
	file string // that has the records
}

// checkReport checks a report's records against each other.
func (l *loader) checkReport(rep *Report, lib *Library) {
	l.checkNumbers("theme", citations(l, rep.Themes, func(t *Theme) Number { return t.Number }))
	l.checkThemes(rep)
	for _, kind := range Kinds {
		items := rep.Items(kind)
		l.checkNumbers(kind, citations(l, items, func(it *Item) Number { return it.Number }))
		for _, it := range items {
			l.checkItem(it, lib)
			l.checkUpdates(it, lib)
		}
	}
	l.checkNumbers("measure", citations(l, rep.Measures, func(m *Measure) Number { return m.Number }))
	for _, m := range rep.Measures {
		if m.Finding != "" {
			l.checkParagraphReference(l.place(m.Place.File, m.ID+".finding"), m.Finding, rep)
		}
		l.checkFigures(m, rep)
		l.adviseDirection(m)
		l.advisePeriods(m)
	}
	l.checkRequirements(rep)
	l.checkAsks(rep)
}

// checkThemes checks that every theme has a challenge.
func (l *loader) checkThemes(rep *Report) {
	file := itemFile(rep.Name, Challenge)
	if len(rep.Themes) == 0 || l.isUnread(file) || l.isReported(file) {
		return
	}
	if len(rep.Challenges) == 0 {
		l.problems.add(Place{File: rep.Themes[0].Place.File}, "empty-theme", "the report has themes, but no challenge that could belong to one", "restore "+file+", or delete this file")
		return
	}
	themes := map[string]bool{}
	for _, c := range rep.Challenges {
		themes[c.Theme] = true
	}
	for _, t := range rep.Themes {
		if !themes[t.ID] {
			l.problems.add(t.Place, "empty-theme", fmt.Sprintf("no challenge belongs to the theme %s", Quote(t.ID)),
				fmt.Sprintf("restore its challenges, or write theme = %q in one; if the report has none, delete the theme", t.ID))
		}
	}
}

// checkAsks checks that a report asks for something, unless it says that it does
// not, and that a page lists what it asks.
func (l *loader) checkAsks(rep *Report) {
	summary := path.Join("content", rep.Name, "_index.md")
	dir := path.Join("data", rep.Name)
	if l.tables[summary] == nil || rep.Summary == nil { // or its folder disappeared while it was read
		return
	}
	setting := rep.Summary.front.Params.Asks
	asks := setting == nil || *setting
	items := rep.AllItems()
	if !asks && len(items) > 0 {
		l.problems.add(l.place(summary, "params.asks"), "asks", "the report says that it asks for nothing, but has "+countOf(len(items), "recommendation or challenge", "recommendations and challenges"),
			"delete the line asks = false, or remove the files from "+dir)
	}
	for _, lists := range []struct {
		name string
		all  int
	}{{"recommendations", len(rep.Recommendations)}, {"challenges", len(rep.Challenges)}, {"organisations", len(items)}} {
		page := rep.Listing(lists.name)
		switch file := path.Join(dir, lists.name+".toml"); {
		case l.incompleteFolders[path.Join("content", rep.Name)] || l.isReported(path.Join("content", rep.Name)) || l.isUnread(file): // what is missing has been reported
		case lists.all > 0 && page == nil:
			l.problems.add(Place{File: path.Join("content", rep.Name)}, "no-list", "no page of the report lists its "+lists.name,
				fmt.Sprintf("add lists = %q below [params] to one of them", lists.name))
		case lists.all == 0 && page != nil && lists.name != "organisations":
			l.checkListed(page, file)
		}
	}
	if asks && len(items) == 0 && !l.isReported(dir) {
		l.problems.add(Place{File: dir}, "no-data", "the report asks for nothing", "add recommendations.toml or challenges.toml; if that is right, add asks = false below [params] in "+summary)
	}
}

// countOf returns a number with its noun: 1 thing, or 3 things.
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// checkItem checks what a challenge or recommendation refers to.
func (l *loader) checkItem(it *Item, lib *Library) {
	file, rep := it.Place.File, it.Report
	dir := path.Join("data", rep.Name)
	if it.Theme != "" {
		l.checkReference(l.place(file, it.ID+".theme"), it.Theme, references{ids(rep.Themes), "a theme", dir + "/themes.toml"})
	}
	l.checkReferences(file, it.ID+".addressed_to", it.AddressedTo, lib.bodyReferences())
	l.checkReferences(file, it.ID+".challenges", it.Challenges, references{ids(rep.Challenges), "a challenge", dir + "/challenges.toml"})
	for i, id := range it.Findings {
		if id != "" {
			l.checkParagraphReference(l.place(file, elementPath(it.ID+".findings", i)), id, rep)
		}
	}
	if !it.Due.IsZero() && it.Due.Before(rep.Date.Time) {
		l.problems.add(l.place(file, it.ID+".due"), "due-date", fmt.Sprintf("%s is due on %s, before the report itself (%s)", Quote(it.ID), it.Due.ISO(), rep.Date.ISO()), rep.correctDate(l))
	}
}

// correctDate says what to do about a date before that of the report.
func (rep *Report) correctDate(l *loader) string {
	if rep.Summary == nil {
		return "correct the date"
	}
	return fmt.Sprintf("correct the date, or the report's own at %s", l.place(rep.Summary.File, "date"))
}

// bodyReferences returns the references to organisations.
func (lib *Library) bodyReferences() references {
	return references{ids(lib.Organisations), "an organisation", organisationsFile}
}

// checkUpdates checks the updates of an item, and finds their statuses and documents.
func (l *loader) checkUpdates(it *Item, lib *Library) {
	file := it.Place.File
	var last Date              // the date of the last update
	names := map[string]bool{} // the names of the updates so far
	for i, u := range it.Updates {
		key := elementPath(it.ID+".updates", i)
		l.checkReferences(file, key+".by", u.By, lib.bodyReferences())
		u.Statuses = map[string]*Status{}
		for _, kind := range StatusKinds {
			l.checkStatus(l.place(file, key+"."+kind), u, kind, lib)
		}
		l.checkUpdateID(l.place(file, key+".id"), it, u, names)
		l.checkDocument(l.place(file, key+".document"), it, u)
		l.checkSense(it, u, key)
		addProblem := func(rule, what, do string) { l.problems.add(l.place(file, key+".date"), rule, "this update"+what, do) }
		switch reportDate := it.Report.Date; {
		case u.Date.IsZero(): // reported already
		case u.Date.After(l.lastMoment):
			addProblem("update-date", fmt.Sprintf(" is dated %s, which is in the future", u.Date.ISO()), "correct the date, or this computer's clock")
		case !lib.AsAt.IsZero() && u.Date.After(lib.AsAt.Time):
			addProblem("update-date", fmt.Sprintf(" is dated %s, after the site's own date, %s", u.Date.ISO(), lib.AsAt.ISO()), fmt.Sprintf("move as_at on: write as_at = %s in %s", u.Date.ISO(), settingsFile))
		case u.Date.Before(reportDate.Time):
			addProblem("update-date", fmt.Sprintf(" is dated %s, before the report itself (%s)", u.Date.ISO(), reportDate.ISO()), it.Report.correctDate(l))
		case u.Date.Before(last.Time):
			addProblem("update-order", fmt.Sprintf(", dated %s, comes after a later one", u.Date.ISO()), "put the oldest update first")
		default:
			last = u.Date
		}
	}
}

// checkUpdateID checks that an update has an address of its own, from its id or
// else its date. names has those of the updates before it.
func (l *loader) checkUpdateID(place Place, it *Item, u *Update, names map[string]bool) {
	if u.Date.IsZero() {
		return
	}
	switch name := u.Name(); {
	case !names[name]:
		names[name] = true
	case u.ID != "":
		l.problems.add(place, "repeated-update", fmt.Sprintf("another update of %s has the id %s", Quote(it.ID), Quote(u.ID)), "give each its own id")
	default:
		proposal := u.ProposeID(names)
		names[proposal] = true
		l.problems.add(u.Place, "repeated-update", fmt.Sprintf("another update of %s has this date, %s", Quote(it.ID), u.Date.ISO()), fmt.Sprintf("add a line id = %q, which becomes its permanent address", proposal))
	}
}

// ProposeID returns an id for an update whose date is already the name of another
// update of its item. names has the names of them all.
func (u *Update) ProposeID(names map[string]bool) string {
	proposal := u.Date.ISO()
	if len(u.By) > 0 {
		proposal = u.By[0] + "-" + u.Date.ISO()
	}
	for names[proposal] {
		proposal += "-2"
	}
	return proposal
}

// Name returns the update's name among those of its item: its id, or else its date.
func (u *Update) Name() string { return cmp.Or(u.ID, u.Date.ISO()) }

// checkDocument checks that an update gives its source, and that the document
// which it names exists.
func (l *loader) checkDocument(place Place, it *Item, u *Update) {
	switch document := path.Join("content", it.Report.Name, u.Document); {
	case u.Source == "" && u.Document == "" && !l.isReported(it.Place.File):
		l.problems.add(u.Place, "missing-field", "this update does not say where it can be read", `add a line source = "https://…", or document = "letter.pdf" for a file beside the report's pages`)
	case u.Document != "" && documentName.MatchString(u.Document) && !l.exists(document):
		l.problems.add(place, "document", "there is no file "+document, "add it, or correct its name")
	case u.Document != "":
		if info, err := fs.Stat(l.source, document); err == nil {
			u.File = File{u.Document, Size(info.Size())}
		}
	}
}

// statusID returns the id that the update gives for a kind of status, or "".
func (u *Update) statusID(kind string) string {
	return map[string]string{Answer: u.Answer, Progress: u.Progress, Verdict: u.Verdict}[kind]
}

// checkStatus sets the status of that kind which an update names, if any.
func (l *loader) checkStatus(place Place, u *Update, kind string, lib *Library) {
	const file = statusesFile
	id := u.statusID(kind)
	if id == "" || isUnwritten(id) || l.isUnread(file) {
		return
	}
	status := findByID(lib.Statuses, id)
	var candidates []string
	for _, s := range lib.Statuses {
		if s.Kind == kind {
			candidates = append(candidates, s.ID)
		}
	}
	switch {
	case status == nil:
		what := fmt.Sprintf("%s is not the id of a status in %s", Quote(id), file)
		l.problems.add(place, "unknown-reference", what, Suggest(id, candidates, "use one of the names in [brackets] there"))
	case status.Kind != kind:
		l.problems.add(place, "wrong-status", fmt.Sprintf("%s belongs in %s, not in %s", Quote(id), status.Kind, kind), fmt.Sprintf("write %s = %q", status.Kind, id))
	default:
		u.Statuses[kind] = status
	}
}

func (l *loader) checkReferences(file, key string, values []string, targets references) {
	for i, id := range values {
		if id != "" {
			l.checkReference(l.place(file, elementPath(key, i)), id, targets)
		}
	}
}

// checkReference checks that an id is a known one, unless the file that has the
// records could not be read.
func (l *loader) checkReference(place Place, id string, targets references) {
	switch {
	case len(l.problems) > 4*maxProblems: // that is more than enough to fix
	case slices.Contains(targets.ids, id), isUnwritten(id), l.isUnread(targets.file):
	case len(targets.ids) == 0 && l.isReported(targets.file): // all records are lost
	case !l.exists(targets.file):
		if !l.isReported(targets.file) {
			l.problems.add(place, "unknown-reference", fmt.Sprintf("%s is not the id of %s: there is no %s", Quote(id), targets.noun, targets.file), "restore the file, or delete the line")
		}
	default:
		l.problems.add(place, "unknown-reference", fmt.Sprintf("%s is not the id of %s in %s", Quote(id), targets.noun, targets.file),
			l.suggest(id, targets.ids, "use one of the names in [brackets] there"))
	}
}

// suggest is like Suggest, but saves the time if there are very many problems.
func (l *loader) suggest(word string, candidates []string, otherwise string) string {
	if len(l.problems) > maxProblems {
		return otherwise
	}
	return Suggest(word, candidates, otherwise)
}

// checkParagraphReference checks that a paragraph exists. If its section does, the
// paragraph may have been lost from there.
func (l *loader) checkParagraphReference(place Place, id string, rep *Report) {
	if rep.hasParagraph(id) || isUnwritten(id) || len(l.problems) > 4*maxProblems {
		return
	}
	candidates := paragraphIDs(rep.Paragraphs)
	dir := path.Join("content", rep.Name)
	if l.incompleteFolders[dir] || len(candidates) == 0 && l.isReported(dir) ||
		slices.ContainsFunc(l.problems, func(p Problem) bool { return p.Rule == "paragraph-number" && path.Dir(p.File) == dir }) {
		return
	}
	if key := rep.Name + " " + id; l.lostPlaces[key] { // reported once, whatever refers to it
		return
	} else if l.lostPlaces[key] = true; l.checkUnnumbered(rep, id) {
		return
	}
	section := ""
	if i := strings.LastIndexAny(id, ".-"); i > 0 {
		section = id[:i+1]
	}
	do := l.suggest(id, candidates, "use the number of a paragraph in the report's pages")
	if i := slices.IndexFunc(rep.Paragraphs, func(p *Passage) bool { return section != "" && strings.HasPrefix(p.ID, section) }); i >= 0 {
		do = fmt.Sprintf("use one that is there; if its heading, or the {#%s} after it, was lost from %s, restore it", id, rep.Paragraphs[i].Place.File)
	} else if section != "" {
		section = section[:len(section)-1]
		if key := rep.Name + " section " + section; !l.lostPlaces[key] { // a lost section is reported once
			l.lostPlaces[key] = true
			l.problems.add(place, "unknown-reference", fmt.Sprintf("the report has no paragraph %s, or any other in section %s", Quote(id), section),
				"restore the section's page, or use the number of a paragraph that is there")
		}
		return
	}
	l.problems.add(place, "unknown-reference", fmt.Sprintf("the report has no paragraph %s", Quote(id)), do)
}

// checkUnnumbered looks for the heading that has lost the number of a paragraph,
// between its neighbours, and reports it. It returns false if there is none.
func (l *loader) checkUnnumbered(rep *Report, id string) bool {
	i := strings.LastIndexAny(id, ".-") + 1
	n, err := strconv.Atoi(id[i:])
	if err != nil {
		return false
	}
	lower, upper := id[:i]+strconv.Itoa(n-1), id[:i]+strconv.Itoa(n+1)
	for _, p := range rep.pagesInOrder() {
		end := slices.IndexFunc(p.Passages, func(h *Passage) bool { return h.ID == upper })
		if end < 0 {
			continue
		}
		start := slices.IndexFunc(p.Passages, func(h *Passage) bool { return h.ID == lower })
		for _, h := range p.Passages[min(start+1, end):end] {
			if !h.hasOwnID && h.Level > 0 {
				l.problems.add(h.Place, "paragraph-number", fmt.Sprintf("this heading has no number, and paragraph %s is missing", id), fmt.Sprintf("end the line with {#%s}", id))
				return true
			}
		}
	}
	return false
}

// citations returns the numbers of records.
func citations[T interface{ record() Record }](l *loader, all []T, number func(T) Number) []citation {
	var numbers []citation
	for _, v := range all {
		rec := v.record()
		numbers = append(numbers, citation{string(number(v)), l.place(rec.Place.File, rec.ID+".number"), rec.ID})
	}
	return numbers
}

// checkNumbers checks that no number is used twice.
func (l *loader) checkNumbers(what string, all []citation) {
	first := map[string]string{}
	var numbers []citation
	for _, c := range all {
		switch {
		case c.number == "": // reported already
		case first[c.number] != "":
			l.problems.add(c.place, "number", fmt.Sprintf("%s %s appears twice: it is also %s", what, c.number, Quote(first[c.number])), "give each its own number")
		default:
			first[c.number] = c.id
			numbers = append(numbers, c)
		}
	}
	l.adviseGaps(what, numbers)
}

// compare orders numbers as people count: 2 before 10, 3.9 before 3.10, and no
// number last.
func (n Number) compare(other Number) int {
	if (n == "") != (other == "") {
		return cmp.Compare(string(other), string(n))
	}
	parts, others := strings.Split(string(n), "."), strings.Split(string(other), ".")
	return slices.CompareFunc(parts, others, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

func (r Record) record() Record { return r }

func ids[T interface{ record() Record }](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = v.record().ID
	}
	return out
}

// hasParagraph reports whether the report has a paragraph with that number.
func (rep *Report) hasParagraph(id string) bool {
	if len(rep.numbers) == 0 {
		rep.numbers = map[string]bool{}
		for _, p := range rep.Paragraphs {
			rep.numbers[p.ID] = true
		}
	}
	return rep.numbers[id]
}

func paragraphIDs(all []*Passage) []string {
	out := make([]string, len(all))
	for i, p := range all {
		out[i] = p.ID
	}
	return out
}
