package check

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"annualreport/tools/report"
)

// Every word of a page is accounted for. Its text is read block by block, as a
// reader sees it. In the main part, the blocks of the report's own text must be
// complete and in order. All other text must consist of the fixed words and of the
// values of the matters at that place: what the elements and links around it, and
// the page itself, are about.

// A line is a block of text on a page, as a reader sees it, or a text that is read out.
type line struct {
	start, end  int    // in the account's words
	alternative string // read out but not seen: an aria-label, an alt
	scope       int    // the innermost one, or -1
	part        part
	id          string // of the nearest element around or before it that has one
	isStruck    bool   // at least in part
	isCell      bool   // in a table or a drawing, where text may be repeated
}

// A scope is an element that says what the text in it is about: by its id or, in a list
// or a table, by the links in it.
type scope struct {
	parent  int // the scope around it, or -1
	matter  *matter
	isEntry bool // of a list or a table
	list    int  // the list's serial number among all elements
	links   []int
	start   int // start and end delimit its text in the account's words
	end     int
	id      string
}

// A mention is a link on a page. start and end delimit its text in the account's words.
type mention struct {
	start, end int
	leads      ref
	scope      int
}

// An account collects what is needed to account for the text of a page.
type account struct {
	words       []byte // all visible text
	start       int    // of the current block
	blocks      []line
	scopes      []scope
	scope       int
	mentions    []mention
	openStrikes int // open elements that strike out text
	hasStrike   bool
	openFolds   int // open elements that are folded away
	trails      [][2]int
	elements    int // begun so far
}

// reset prepares the account for the next page.
func (a *account) reset() {
	*a = account{words: a.words[:0], blocks: a.blocks[:0], scopes: a.scopes[:0], mentions: a.mentions[:0], scope: -1}
}

// endBlock ends the current block, if it has text.
func (r *reader) endBlock() {
	a := &r.account
	if a.start == len(a.words) {
		return
	}
	if strings.TrimSpace(string(a.words[a.start:])) != "" {
		position := r.origin()
		a.blocks = append(a.blocks, line{start: a.start, end: len(a.words), scope: a.scope, part: position.part, id: position.id, isCell: r.inCell(), isStruck: a.hasStrike})
	}
	a.start, a.hasStrike = len(a.words), a.openStrikes > 0
}

// inCell reports whether the reader is in a table or a drawing.
func (r *reader) inCell() bool {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch r.stack[i].tag {
		case "td", "th", "svg", "table":
			return true
		case "p", "li", "dd", "section", "main":
			return false
		}
	}
	return false
}

// takeAlternatives records the attributes of an element that screen readers read out.
func (r *reader) takeAlternatives() {
	for _, a := range r.attrs {
		switch a.key {
		case "aria-label", "alt", "title", "aria-description", "aria-valuetext", "aria-roledescription", "placeholder", "label", "summary":
			if len(a.value) > 0 {
				position := r.origin()
				r.account.blocks = append(r.account.blocks, line{alternative: string(a.value), scope: r.account.scope, part: position.part, id: position.id})
			}
		}
	}
}

// openScope begins a scope at an element, if it is about something or is an entry of a
// list.
func (r *reader) openScope(tag, id string) (ok bool) {
	subject := r.places[id]
	if id == "" {
		subject = nil
	}
	entry := tag == "li" || tag == "tr"
	if subject == nil && !entry {
		return false
	}
	a := &r.account
	list := 0
	if n := len(r.stack) - 1; n >= 0 {
		list = r.stack[n].serial
	}
	a.scopes = append(a.scopes, scope{parent: a.scope, matter: subject, isEntry: entry, list: list, start: len(a.words), end: len(a.words), id: r.id})
	a.scope = len(a.scopes) - 1
	return true
}

// accountFor reports text that a page should not have, and text that it lacks.
func (r *reader) accountFor() {
	if r.page.redirect {
		r.page.lapses = []fault{{rule: "word", what: "the page redirects to another page", do: "remove the refresh from the layout, or build the site again"}}
		return
	}
	r.endBlock()
	for i, m := range r.account.mentions {
		for s := m.scope; s >= 0; s = r.account.scopes[s].parent {
			if sc := &r.account.scopes[s]; sc.isEntry || sc.matter != nil {
				sc.links = append(sc.links, i)
				break
			}
		}
	}
	t := auditor{reader: r, prose: r.expected.prose[r.page.name]}
	for i := range r.account.blocks {
		var following *line
		if i+1 < len(r.account.blocks) {
			following = &r.account.blocks[i+1]
		}
		t.block(&r.account.blocks[i], following)
	}
	t.skipTo(len(t.prose))
	for _, trail := range r.account.trails {
		t.checkTrail(trail[0], trail[1])
	}
	t.checkEntries()
	t.pair()
	r.checkNames()
	r.accountForHead(&t)
}

// An auditor accounts for the text of one page.
type auditor struct {
	*reader
	prose        []prose // that the page has to show
	next         int     // the first that has not been seen yet
	strays       []stray
	gaps         []int           // indexes of prose that is missing
	alternatives map[string]bool // texts of the prose that may be read out; see isAlternative
	last         struct {        // the previous block
		text  string
		scope int
	}
}

// A stray is a block that nothing accounts for.
type stray struct {
	block *line
	text  string
	next  int // index of the prose expected there
}

// prose is a block of the report's own text, as a page should show it.
type prose struct {
	*report.Prose
	text    string // folded
	passage *matter
	leads   []string // where its links lead, as addressOf returns it
}

// block accounts for one block. following is the block after it, or nil.
func (t *auditor) block(b, following *line) {
	if b.part == inMain && t.expected.finders[t.page.name] != nil { // checked by checkFinders
		if b.isStruck {
			t.reportBlock(b, "word", "text is struck out that was not withdrawn")
		}
		return
	}
	if b.alternative != "" {
		if text := foldStrictly(b.alternative); !t.reads(text, t.context(b, nil)) && !t.isAlternative(text) {
			t.reportBlock(b, "word", fmt.Sprintf("“%s”, which screen readers read out, comes neither from data/words nor from the data it is about", shorten(text)))
		}
		return
	}
	text := t.text(b)
	for t.next < len(t.prose) && t.prose[t.next].text == "" { // a picture alone, which has no visible text
		t.next++
	}
	if b.part == inMain && t.next < len(t.prose) && t.shows(b, text, t.next) {
		t.next++
		return
	}
	if b.part == inMain && t.next < len(t.prose) && t.isAltered(b, text) {
		t.gaps, t.strays = append(t.gaps, t.next), append(t.strays, stray{b, text, t.next})
		t.next++
		return
	}
	links := t.linksIn(b)
	if b.isStruck && !t.isWithdrawn(b, text) {
		t.reportBlock(b, "word", fmt.Sprintf("“%s” is struck out, but was not withdrawn", shorten(text)))
	}
	whole := text
	if len(links) > 0 {
		whole = t.withoutLinks(b, links)
	}
	t.noteFrame(b, text, links)
	if b.part == inMain && text == t.last.text && b.scope == t.last.scope && len(text) > 10 && !b.isCell {
		t.strays = append(t.strays, stray{b, text, -1})
		return
	}
	t.last.text, t.last.scope = text, b.scope
	if t.expected.grammar.whole[whole] || t.reads(whole, t.context(b, links)) {
		for _, i := range links {
			t.link(b, i)
		}
		return
	}
	if b.part == inMain && t.isLater(b, text, following) {
		return
	}
	t.strays = append(t.strays, stray{b, text, t.next})
}

// isAltered reports whether a block is the next heading with something before it.
func (t *auditor) isAltered(b *line, text string) bool {
	want := &t.prose[t.next]
	return want.Heading && t.places[b.id] == want.passage && strings.HasSuffix(text, want.text)
}

// isLater reports whether a block is prose that should come later, so that the prose
// before it is missing. A short text may be there for another reason, unless the block
// after it matches as well.
func (t *auditor) isLater(b *line, text string, following *line) bool {
	for i := t.next + 1; i < len(t.prose); i++ {
		sure := len(text) >= sureLength || following != nil && i+1 < len(t.prose) && t.text(following) == t.prose[i+1].text
		if sure && strings.HasSuffix(text, t.prose[i].text) && t.shows(b, text, i) {
			t.skipTo(i)
			t.next = i + 1
			return true
		}
	}
	return false
}

// sureLength is the length from which a text that equals some prose is taken for it.
const sureLength = 30

// text returns the visible text of a block.
func (t *auditor) text(b *line) string { return foldStrictly(string(t.account.words[b.start:b.end])) }

// skipTo notes that the prose before an index is missing.
func (t *auditor) skipTo(index int) {
	for ; t.next < index; t.next++ {
		if t.prose[t.next].text != "" {
			t.gaps = append(t.gaps, t.next)
		}
	}
}

// shows reports whether a block is the prose with an index, and checks where its links
// lead.
func (t *auditor) shows(b *line, text string, i int) bool {
	want := &t.prose[i]
	if want.Heading && t.places[b.id] != want.passage { // in a list of contents, say
		return false
	}
	if text != want.text {
		before, ok := strings.CutSuffix(text, want.text)
		if !want.Heading || !ok || want.passage == nil || !t.reads(strings.TrimSpace(before), []map[byte][]value{t.values(want.passage)}) || isTwice(text, []map[byte][]value{t.values(want.passage)}) {
			return false
		}
	}
	if b.isStruck != want.HasStrikethrough {
		return false
	}
	var leads []string
	for _, i := range t.linksIn(b) {
		m := t.account.mentions[i]
		number := want.Heading && m.start == b.start && t.expected.model.places[m.leads.file][m.leads.fragment] == want.passage
		if !number && !footnote.MatchString(m.leads.fragment) {
			leads = append(leads, addressOf(m.leads))
		}
	}
	if !slices.Equal(leads, want.leads) {
		t.addLapse(fault{rule: "text", what: fmt.Sprintf("the links in “%s” do not lead where the source says", shorten(want.text)), do: "check layouts/_markup", place: want.Place})
	}
	return true
}

// footnote matches the id of a footnote, or of a reference to one; there may be several.
var footnote = regexp.MustCompile(`fn(ref[0-9]*)?:`)

// addressOf returns where a ref leads, as one text.
func addressOf(target ref) string {
	if target.fragment == "" {
		return target.file
	}
	return target.file + "#" + target.fragment
}

// isAlternative reports whether a text is read out in place of a picture in the report's
// own text, or is a block of that text.
func (t *auditor) isAlternative(text string) bool {
	if t.alternatives == nil {
		t.alternatives = map[string]bool{}
		for _, p := range t.prose {
			t.alternatives[p.text] = true
			for _, alternative := range p.AltTexts {
				t.alternatives[foldStrictly(alternative)] = true
			}
		}
	}
	return t.alternatives[text]
}

// linksIn returns the links in a block, or around it, as indexes of mentions.
func (t *auditor) linksIn(b *line) (all []int) {
	mentions := t.account.mentions
	first := sort.Search(len(mentions), func(i int) bool { return mentions[i].start >= b.start })
	for first > 0 && mentions[first-1].end > b.start {
		first--
	}
	for i := first; i < len(mentions) && mentions[i].start < b.end; i++ {
		all = append(all, i)
	}
	return all
}

// withoutLinks returns a block's text with a linkSign in place of each link.
func (t *auditor) withoutLinks(b *line, links []int) string {
	var text []byte
	next := b.start
	for _, i := range links {
		m := t.account.mentions[i]
		if start := max(m.start, b.start); start >= next {
			text = append(text, t.account.words[next:start]...)
		}
		words := t.account.words[max(m.start, b.start):min(m.end, b.end)]
		if strings.HasPrefix(string(words), " ") {
			text = append(text, ' ')
		}
		text = append(text, linkSign)
		if strings.HasSuffix(string(words), " ") {
			text = append(text, ' ')
		}
		next = max(next, min(m.end, b.end))
	}
	return foldStrictly(string(append(text, t.account.words[next:b.end]...)))
}

// link checks that the text of a link describes what it leads to.
func (t *auditor) link(b *line, i int) {
	m := t.account.mentions[i]
	text := foldStrictly(string(t.account.words[max(m.start, b.start):min(m.end, b.end)]))
	if text == "" {
		return
	}
	t.noteFixedLink(text, m)
	key := text + "\x00" + addressOf(m.leads)
	if t.links[key] { // the same link was right before
		return
	}
	values := []map[byte][]value{t.values(t.expected.model.common)}
	matters := t.mattersOf(m)
	for _, thing := range matters {
		values = append(values, t.values(thing))
		for _, parent := range thing.parents {
			values = append(values, t.values(parent))
		}
	}
	switch {
	case m.leads.form == formForeign:
		if !t.isKnown(m) {
			t.reportBlock(b, "word", fmt.Sprintf("the link “%s” leads to %s, an address that the source does not give", shorten(text), m.leads.file))
			return
		}
		values = append(values, hostOf(m.leads.file))
	case matters == nil:
		values = t.context(b, nil)
	}
	if t.expected.grammar.whole[text] || t.expected.grammar.reads(text, values, t.base(), true) && !isTwice(text, values) {
		t.links[key] = matters != nil || t.expected.grammar.whole[text]
	} else {
		t.reportBlock(b, "word", fmt.Sprintf("the link “%s” does not describe what it leads to, %s", shorten(text), Address(addressOf(m.leads))))
	}
}

// isKnown reports whether the source names the external address that a link leads to.
func (t *auditor) isKnown(m mention) bool {
	return t.mattersOf(m) != nil || t.expected.feedback != "" && strings.HasPrefix(m.leads.file, t.expected.feedback) ||
		t.page.canonical != "" && strings.HasPrefix(m.leads.file, t.base()) || t.page.name == lostPage
}

// mattersOf returns what a link leads to, or nil if the model does not know.
func (t *auditor) mattersOf(m mention) []*matter {
	if m.leads.form == formForeign {
		if all := t.expected.model.elsewhere[m.leads.file]; all != nil || t.page.name != lostPage {
			return all
		}
		_, file, _ := strings.Cut(m.leads.file, "://")
		for ok := true; ok; { // its links are full addresses below an unknown one
			_, file, ok = strings.Cut(file, "/")
			if target := t.expected.model.places[fileOf(file)][""]; target != nil && ok && file != "" {
				return []*matter{target}
			}
		}
		return nil
	}
	if target := t.expected.model.places[m.leads.file][m.leads.fragment]; target != nil {
		return []*matter{target}
	}
	return nil
}

// hostOf returns the host of an address as a value.
func hostOf(address string) map[byte][]value {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	host := u.Hostname()
	return map[byte][]value{host[0]: {{host, "host"}}}
}

// context returns the values that a block may use, nearest first.
func (t *auditor) context(b *line, links []int) (all []map[byte][]value) {
	var near vicinity
	for s := b.scope; s >= 0; s = t.account.scopes[s].parent {
		sc := t.account.scopes[s]
		if sc.matter != nil {
			near.add(sc.matter)
		}
		if sc.isEntry {
			near.add(t.linkedBy(sc.links)...)
		}
	}
	if passage := t.places[b.id]; passage != nil && b.part == inMain { // a passage continues after its heading
		near.add(append([]*matter{passage}, passage.parts...)...)
	}
	if page := t.places[""]; page != nil {
		near.add(page)
	}
	near.add(t.expected.model.common)
	for _, target := range t.linkedBy(links) {
		for _, m := range append([]*matter{target}, target.parents...) {
			if !slices.Contains(near, m) {
				near = append(near, m)
			}
		}
	}
	for _, m := range near {
		all = append(all, t.values(m))
		for _, r := range m.requests {
			if slices.ContainsFunc(near, func(body *matter) bool { return slices.Contains(r.parents, body) }) {
				all = append(all, t.values(r))
			}
		}
	}
	return all
}

// linkedBy returns what links lead to.
func (t *auditor) linkedBy(links []int) (all []*matter) {
	for _, i := range links {
		all = append(all, t.mattersOf(t.account.mentions[i])...)
	}
	return all
}

// A vicinity is the matters around a block, nearest first.
type vicinity []*matter

// add adds matters that are equally near, then their parents. Of two matters of one kind,
// one around the other, only the inner one counts.
func (v *vicinity) add(matters ...*matter) {
	for len(matters) > 0 {
		nearer := (*v)[:len(*v)]
		var parents []*matter
		for _, m := range matters {
			if !slices.ContainsFunc(nearer, func(other *matter) bool { return other.kind == m.kind }) && !slices.Contains(*v, m) {
				*v = append(*v, m)
			}
			parents = append(parents, m.parents...)
		}
		matters = parents
	}
}

// isWithdrawn reports whether a block may be struck out: it belongs to a withdrawn update.
func (t *auditor) isWithdrawn(b *line, text string) bool {
	for s := b.scope; s >= 0; s = t.account.scopes[s].parent {
		if thing := t.account.scopes[s].matter; thing != nil {
			switch record := thing.record.(type) {
			case *report.Update:
				return record.Withdrawn != ""
			case *report.Item: // on the page of the whole report, where updates have no ids
				return slices.ContainsFunc(record.Updates, func(u *report.Update) bool { return u.Withdrawn != "" && isOf(u, text) })
			}
		}
	}
	return false
}

// isOf reports whether a block is of an update: its date, with more, its text, or its
// quotation.
func isOf(u *report.Update, text string) bool {
	return strings.HasPrefix(text, u.Date.String()) || text == foldStrictly(u.Text.String()) || text == foldStrictly(u.Quote.String())
}

func (t *auditor) values(m *matter) map[byte][]value { return t.expected.model.valuesOf(m) }

func (t *auditor) reads(text string, values []map[byte][]value) bool {
	return text == "" || t.expected.grammar.reads(text, values, t.base(), false) && !isTwice(text, values)
}

// isTwice reports whether a text has the same words twice in a row, unless a value contains
// the repetition. In a list, one name may begin another.
func isTwice(text string, values []map[byte][]value) bool {
	var starts []int // of words
	for i := range len(text) {
		if i == 0 || text[i-1] == ' ' {
			starts = append(starts, i)
		}
	}
	for k, first := range starts {
		for _, second := range starts[k+1:] {
			words := text[first : second-1]
			end := second + len(words)
			if isList := strings.HasSuffix(words, ",") || strings.HasSuffix(words, ":"); !isList && len(words) >= minRepeat && strings.HasPrefix(text[second:], words) && !isLetter(text, end) && !isWithin(text[first:end], values) {
				return true
			}
		}
	}
	return false
}

// isWithin reports whether a value contains a text.
func isWithin(text string, values []map[byte][]value) bool {
	for _, byFirst := range values {
		for _, all := range byFirst {
			if slices.ContainsFunc(all, func(v value) bool { return strings.Contains(v.text, text) }) {
				return true
			}
		}
	}
	return false
}

// minRepeat is the length from which words are not repeated on purpose.
const minRepeat = 5

// base returns the address of the site according to the page, or "".
func (r *reader) base() string {
	address := strings.TrimPrefix(Address(r.page.name), "/")
	if r.page.name == front && r.expected.echoes[front] != "" { // the front page's canonical address is the report's
		address = r.expected.echoes[front] + "/"
	}
	base, _ := strings.CutSuffix(r.page.canonical, address)
	return base
}

// pair reports missing prose, together with the stray block found in its place, and
// then the other stray blocks.
func (t *auditor) pair() {
	var passage *report.Passage
	for _, i := range t.gaps {
		want := t.prose[i]
		what := fmt.Sprintf("“%s” is missing, incomplete or out of place", shorten(want.text))
		if n := slices.IndexFunc(t.strays, func(s stray) bool { return s.next == i && s.block.part == inMain }); n >= 0 {
			what = fmt.Sprintf("“%s” is shown as “%s”", shorten(difference(want.text, t.strays[n].text)), shorten(difference(t.strays[n].text, want.text)))
			t.strays = slices.Delete(t.strays, n, n+1)
		} else if passage != nil && passage == want.Passage {
			continue
		}
		passage = want.Passage
		t.addLapse(fault{rule: "text", what: what, do: "build the site again; if the message stays, check layouts/_partials/text", place: want.Place})
	}
	for _, s := range t.strays {
		t.reportBlock(s.block, "word", fmt.Sprintf("“%s” comes neither from the report's text, nor from data/words or the data it is about", shorten(s.text)))
	}
}

// difference returns a text from shortly before the point where it differs from another.
func difference(text, other string) string {
	i := 0
	for i < len(text) && i < len(other) && text[i] == other[i] {
		i++
	}
	if i < 30 || len(text) < 60 {
		return text
	}
	start := strings.LastIndexByte(text[:i-15], ' ') + 1
	return "… " + text[start:]
}

// shorten cuts a long text.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return text
}

func (t *auditor) reportBlock(b *line, rule, what string) {
	t.addLapse(fault{rule: rule, what: what, do: "remove it from the layout, or add it to data/words or to the data", origin: origin{b.part, b.id}})
}

func (t *auditor) addLapse(f fault) { t.page.lapses = append(t.page.lapses, f) }

// proseOf returns the report's own text that each page should show, by the page's name.
func proseOf(lib *report.Library, m *model) map[string][]prose {
	all := map[string][]prose{}
	take := func(name string, p *report.Page, whole bool) {
		blocks := p.Prose()
		for i := range blocks {
			b := prose{Prose: &blocks[i], text: foldStrictly(blocks[i].Text), passage: m.matters[blocks[i].Passage]}
			if b.text == "" && len(b.AltTexts) == 0 {
				continue
			}
			for _, destination := range b.Links {
				href, _ := p.Href(destination, whole) // Load has checked it
				b.leads = append(b.leads, addressOf(resolve(name, strings.TrimPrefix(path.Dir("/"+name), "/"), strings.TrimPrefix(href, "/"))))
				if strings.HasPrefix(href, "/") {
					b.leads[len(b.leads)-1] = addressOf(resolve("", "", strings.TrimPrefix(href, "/")))
				}
			}
			all[name] = append(all[name], b)
		}
	}
	for _, p := range lib.Pages {
		if !p.Whole && p != lib.Front {
			take(nameOf(p), p, false)
		}
	}
	for _, rep := range lib.Reports {
		whole := nameOf(rep.Whole)
		take(whole, rep.Summary, true)
		for _, p := range rep.Parts() {
			take(whole, p, true)
		}
	}
	if lib.Latest != nil {
		take(nameOf(lib.Front), lib.Latest.Summary, false)
	}
	return all
}

// checkAccounts reports the faults of pages' text. Those of a page with other problems wait
// until these are fixed.
func (c *checker) checkAccounts() {
	wrong := map[string]bool{}
	for _, p := range c.problems {
		for _, page := range p.Pages {
			wrong[page] = true
		}
	}
	type key struct{ rule, what string }
	counts := map[key]int{}
	for _, p := range c.pages {
		for _, f := range p.lapses {
			counts[key{f.rule, f.what}]++
		}
	}
	for _, p := range c.pages {
		if wrong[Address(p.name)] {
			continue
		}
		for _, f := range p.lapses {
			place := f.place
			switch {
			case place.File != "":
			case f.origin.part == inFrame && counts[key{f.rule, f.what}] > fewPages:
				place.File = frame
			default:
				place = c.place(p, f.origin.id, nil)
			}
			c.add(place, p.name, f.rule, f.what, f.do)
		}
	}
}
