package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"annualreport/tools/report"
)

// No page that anybody means to publish exceeds these limits. They bound the memory that
// a page can take.
const (
	maxPage  = 8 << 20 // bytes of a page
	maxDepth = 1000    // elements within each other
	maxNotes = 16      // items, and links whose text is wanted, within each other
	maxAttrs = 50      // attributes of a tag
)

// A page exceeds a limit.
var (
	errDepth = errors.New("its elements are nested more than a thousand deep")
	errNotes = errors.New("items or links to items are nested in each other, as if end tags were missing")
	errSize  = errors.New("it is larger than 8 MB")
	errAttrs = errors.New("a tag has more than 50 attributes")
)

// A page is what was found in one HTML file.
type page struct {
	name          string
	title         string
	description   string
	redirect      bool // it only leads to another page
	ids           map[string]bool
	refs          []ref
	twins         []twin   // ids that two elements have
	hiddenIDs     []string // ids of elements that no reader sees
	statements    []string // ids of those it makes visibly
	misstatements []misstatement
	strayIDs      []string      // of elements that look like items but are not
	links         []link        // to items on their own pages; only of overviews
	contactLinks  []contactLink // its links to contacts
	lookup        lookup        // of finders only
	canonical     string        // its canonical link
	share         string        // og:url
	picture       string        // og:image
	card          [4]string     // og:image:width, og:image:height, og:image:alt and twitter:card
	data          []string      // for search engines, in JSON
	destination   string        // the file that a redirect leads to
	orphan        orphan
	blanks        []origin // of texts still to be written
	foreign       []foreign
	faults        []fault // except lapses
	weight        int     // bytes to send, if too many, or 0
	lapses        []fault // in its text, which are reported once it has no others
	names         []naming
	metas         []meta
	sheets        []string // its stylesheets, without the header of printed pages
	language      string
	frame         []string // the blocks around its main part
	fixedLinks    []fixedLink
	broken        bool // it could not be read to its end; nothing else about it is reported
}

// An orphan is the first tag of a page without its counterpart. Those after it may be its
// consequence.
type orphan struct {
	tag string // "</div>" or "<div>", or "" if there is none
	id  string // of the nearest element around or before it that has one, or ""
}

// A fault is something wrong, and what to do about it. twin is the id of the elements it
// is about, if any; place is where it comes from in the source, if that is known.
type fault struct {
	rule, what, do, twin string
	place                report.Place
	origin               origin
}

// An origin is a position on a page: in which part, and after which id.
type origin struct {
	part part
	id   string
}

// A part of a page has layouts of its own, where an editor looks if something in it is wrong.
type part uint8

const (
	inWhole part = iota // the page as a whole, or its head
	inMain              // its main part
	inFrame             // around the main part, as on other pages
)

// A twin is an id that two elements have.
type twin struct {
	id     string
	origin origin // of the second
}

// A foreign is an address on another host that a page loads.
type foreign struct {
	address string
	origin  origin
}

// A link leads to an item. text is what a reader sees of it.
type link struct {
	to   *report.Item
	text string
}

// A contactLink is a link to a contact. text is what a reader sees of it.
type contactLink struct{ address, text string }

// An element is one whose end has not been reached yet.
type element struct {
	tag         string
	traits      traits
	hidden      bool
	text        bool         // its visible text is wanted
	statement   *statement   // that it makes
	link        *report.Item // that it leads to
	start       int          // where its text starts in the account's words
	mention     int          // its number among the mentions, from 1, or 0
	parent      int          // the scope around its own
	isTrail     bool         // it holds the breadcrumbs
	isNumber    bool         // it holds a number, whose spaces the stylesheet keeps
	serial      int          // its number among all elements
	hasScope    bool         // it began a scope
	isStruck    bool         // it strikes out its text
	folds       int          // what it adds to the account's openFolds
	hasSummary  bool         // it has a summary
	hasPicture  bool         // it has a picture
	term        string       // the last of its terms and descriptions: "dt", "dd" or ""
	day         string       // the datetime of a <time>
	contactLink string       // the address of a contact, if it leads to one
	id          string       // of the nearest element around or before it that has one
	view        int          // where its text starts in the reader's view
	refs        int          // where its refs start among the reader's
	runs        bool         // it is a script
	index       bool         // it holds the index of a search page
	data        bool         // it holds data for search engines
}

// A reader reads one page after another.
type reader struct {
	expected expectations
	html     []byte     // the page
	rest     []byte     // the page without its stylesheet
	buffer   []byte     // for folding text
	sheet    stylesheet // the last one read; most pages have the same

	account account
	texts   map[string]string
	links   map[string]bool // links already found to be right, by text and address

	// Of the page being read:
	places map[string]*matter // by the ids of its elements
	page   *page
	dir    string // that it is in, without a slash at its end
	attrs  []attr // of the start tag
	refs   []ref
	stack  []element
	view   []byte // visible text, from the start of the outermost element whose text is wanted
	hidden int    // open elements that are hidden
	wants  int    // open elements whose text is wanted
	id     string // of the nearest element around or before
	policy policy
	mains  int  // main parts so far
	main   bool // in a main part
	words  bool // it has text
	cut    bool // it did not end before the page did
	end    bool // </html> was reached
}

func newReader(x expectations) *reader {
	return &reader{expected: x, links: map[string]bool{}, texts: map[string]string{}}
}

// read reads the HTML of the page called name.
func (r *reader) read(src io.Reader, name string) (*page, error) {
	text := bytes.NewBuffer(r.html[:0])
	if _, err := text.ReadFrom(io.LimitReader(src, maxPage+1)); err != nil {
		return nil, err
	}
	if text.Len() > maxPage {
		return nil, errSize
	}
	r.account.reset()
	*r = reader{account: r.account, links: r.links, texts: r.texts, places: r.expected.model.mattersOn(name), expected: r.expected, html: text.Bytes(), rest: r.rest, buffer: r.buffer, sheet: r.sheet, attrs: r.attrs, refs: r.refs[:0], stack: r.stack[:0], view: r.view[:0],
		page: &page{name: name, ids: make(map[string]bool, 64)}, dir: strings.TrimPrefix(path.Dir("/"+name), "/")}
	rest := r.withoutStylesheet()
	if err := r.readTokens(html.NewTokenizer(bytes.NewReader(rest))); err != nil {
		return nil, err
	}
	r.page.refs = slices.Clone(r.refs)
	if r.places[""] != nil {
		r.accountFor()
	}
	if len(r.page.blanks) == 0 && bytes.Contains(rest, blank) { // it is in an attribute
		r.page.blanks = []origin{{}}
	}
	if !r.page.redirect {
		r.finish(rest)
	}
	return r.page, nil
}

var blank = []byte(report.ToWrite)

func (r *reader) readTokens(z *html.Tokenizer) error {
	for first := true; ; first = false {
		kind := z.Next()
		if isDoctype := kind == html.DoctypeToken; (first || isDoctype) && !(first && isDoctype && strings.EqualFold(strings.TrimSpace(string(z.Text())), "html")) {
			r.page.fault("markup", "the page does not begin with <!doctype html>, or has another doctype as well", "check that layouts/baseof.html begins with it")
		}
		switch kind {
		case html.ErrorToken: // the end: reading from memory cannot fail
			r.cut = r.cut || r.main
			r.closeTo(0)
			return nil
		case html.TextToken:
			r.readText(z)
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := r.begin(z, kind == html.SelfClosingTagToken); err != nil {
				return err
			}
		case html.EndTagToken:
			r.endTag(z)
		case html.CommentToken:
			if text := strings.TrimSpace(string(z.Text())); text != "raw HTML omitted" { // as Hugo writes it
				r.reportHidden(text)
			}
		}
	}
}

func (r *reader) readText(z *html.Tokenizer) {
	if bytes.Contains(z.Raw(), blank) {
		r.page.blanks = append(r.page.blanks, r.origin())
	}
	top := &element{}
	if n := len(r.stack); n > 0 {
		top = &r.stack[n-1]
	}
	switch {
	case top.tag == "script" && top.data:
		r.page.data = append(r.page.data, string(z.Raw()))
	case top.tag == "style":
		r.takeStylesheet(newStylesheet(z.Raw()))
	case top.index:
		r.page.lookup.data = slices.Clone(z.Raw())
	case top.runs:
		r.policy.takeScript(z.Raw())
	case r.hidden > 0 && !(top.tag == "title" && top.text):
		r.hideText(top, z)
	default:
		text := z.Text()
		r.words = r.words || r.main && len(bytes.TrimSpace(text)) > 0
		if r.hidden == 0 {
			r.account.words = append(r.account.words, text...)
		}
		r.see(text)
	}
}

// see adds to the visible text, if an open element wants it.
func (r *reader) see(text []byte) {
	if r.wants > 0 && (r.account.openFolds == 0 || r.hidden > 0) {
		r.view = append(r.view, text...)
	}
}

var space = []byte(" ")

// begin handles a start tag.
func (r *reader) begin(z *html.Tokenizer, endsItself bool) error {
	name, more := z.TagName()
	tag := atom.String(name)
	e := element{tag: tag, traits: traitsOf[tag]}
	r.closeImplied(e.traits)
	if e.traits&inline == 0 && r.hidden == 0 {
		r.see(space)
		if tag == "br" || tag == "tspan" {
			r.account.words = append(r.account.words, ' ')
		} else {
			r.endBlock()
		}
	}
	r.attrs = r.attrs[:0]
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		r.attrs = append(r.attrs, attr{atom.String(key), value})
	}
	switch n := countAttributes(z.Raw()); {
	case n > maxAttrs:
		return errAttrs
	case n > len(r.attrs): // browsers disagree on which one counts
		r.page.faults = append(r.page.faults, fault{rule: "markup", what: fmt.Sprintf("a tag <%s> gives an attribute twice", tag), do: "remove one from the layout", origin: r.origin()})
	}
	e.hidden = e.traits&invisible != 0 || r.hides()
	e.id, e.view, e.refs = r.id, len(r.view), len(r.refs)
	r.takeElement(&e)
	if e.hidden {
		r.hidden++
	}
	r.beginAccount(&e)
	if e.text {
		if r.wants++; r.wants > maxNotes {
			return errNotes
		}
	}
	if e.traits&empty != 0 || endsItself && r.inDrawing() {
		r.close(&e)
		return nil
	}
	if len(r.stack) >= maxDepth {
		return errDepth
	}
	r.stack = append(r.stack, e)
	return nil
}

// beginAccount begins an element in the account of the page.
func (r *reader) beginAccount(e *element) {
	a := &r.account
	if slices.Contains(bannedTags, e.tag) {
		r.page.lapses = append(r.page.lapses, fault{rule: "word", what: fmt.Sprintf("the page has an element <%s>, which no page should have", e.tag), do: "remove it from the layout", origin: r.origin()})
	}
	if r.hidden > 0 {
		return
	}
	id, _ := r.attr("id")
	a.elements++
	e.serial = a.elements
	e.parent, e.start = a.scope, len(a.words)
	e.hasScope = r.openScope(e.tag, string(id))
	class, _ := r.attr("class")
	e.isTrail = e.tag == "nav" && string(class) == "breadcrumbs"
	e.isNumber = string(class) == "number"
	r.takeFold(e)
	r.checkMarkup(e)
	if e.isStruck = e.tag == "s" || e.tag == "del" || e.tag == "strike"; e.isStruck {
		a.openStrikes++
		a.hasStrike = true
	}
	r.takeAlternatives()
}

// endAccount ends an element in the account of the page.
func (r *reader) endAccount(e *element) {
	a := &r.account
	if e.mention > 0 {
		a.mentions[e.mention-1].end = len(a.words)
	}
	if e.isTrail {
		a.trails = append(a.trails, [2]int{e.start, len(a.words)})
	}
	if e.hasScope {
		a.scopes[a.scope].end = len(a.words)
		a.scope = e.parent
	}
	if e.isStruck {
		a.openStrikes--
	}
	a.openFolds -= e.folds
	r.checkContent(e)
}

// takeElement records what the start tag of an element says.
func (r *reader) takeElement(e *element) {
	visible := r.hidden == 0 && !e.hidden
	if id, ok := r.attr("id"); ok && len(id) > 0 {
		r.takeID(e, string(id), visible && r.account.openFolds == 0)
	}
	switch e.tag {
	case "a", "area":
		if href, ok := r.address(); ok {
			r.follow(e, href, visible)
		}
	case "title":
		if r.page.title == "" && len(r.stack) > 0 && r.stack[len(r.stack)-1].tag == "head" { // a drawing has one of its own
			e.text = true
		}
	case "main":
		r.mains++
		r.main = true
		f := r.expected.finders[r.page.name]
		e.text = f != nil && !f.search
	case "meta":
		r.takeMeta()
		r.takeName()
	case "html":
		language, _ := r.attr("lang")
		r.page.language = string(language)
	case "link":
		r.takeLink()
	case "script":
		r.takeScript(e)
	}
	r.takeLoads(e.tag)
}

// takeID records the id of an element.
func (r *reader) takeID(e *element, id string, visible bool) {
	p := r.page
	if p.ids[id] {
		p.twins = append(p.twins, twin{id, r.origin()})
	}
	if !strings.Contains(id, "fnref:") { // the mark of a footnote, within a paragraph
		r.id = id
	}
	p.ids[id] = true
	if !visible {
		p.hiddenIDs = append(p.hiddenIDs, id)
	}
	s := r.expected.statements[p.name][id]
	if s != nil && visible {
		p.statements = append(p.statements, id)
		e.statement, e.text = s, true
	}
	if visible && resembles(id) && (s == nil || s.rule != itemRule) {
		p.strayIDs = append(p.strayIDs, id)
	}
}

// origin returns where the reader is.
func (r *reader) origin() origin {
	switch {
	case r.main:
		return origin{inMain, r.id}
	case r.mains == 0 && slices.ContainsFunc(r.stack, func(e element) bool { return e.tag == "head" }):
		return origin{inWhole, ""}
	}
	return origin{inFrame, r.id}
}

// follow records a link that readers can follow.
func (r *reader) follow(e *element, href []byte, visible bool) {
	target := r.refer(href, visible)
	if visible {
		r.account.mentions = append(r.account.mentions, mention{start: len(r.account.words), leads: target, scope: r.account.scope})
		e.mention = len(r.account.mentions)
	}
	if target.form == formForeign { // it may be a full address within the site
		r.refs = append(r.refs, target)
	}
	switch {
	case !visible || r.account.openFolds > 0:
	case target.form == formForeign:
		if r.expected.contactAddresses[target.file] {
			e.contactLink, e.text = target.file, true
		}
	case r.expected.overviews[r.page.name]:
		if it := r.expected.itemAt(target.file, target.fragment); it != nil {
			e.link, e.text = it, true
		}
	}
}

// refer records an address that the page refers to, if it is within the site.
func (r *reader) refer(address []byte, anchor bool) ref {
	target := resolve(r.page.name, r.dir, string(address))
	target.id, target.anchor, target.main = r.id, anchor, r.main
	if target.form != formForeign {
		r.refs = append(r.refs, target)
	}
	return target
}

func (r *reader) endTag(z *html.Tokenizer) {
	i := len(r.stack) - 1
	var tag string
	if raw := z.Raw(); i >= 0 && string(raw[2:len(raw)-1]) == r.stack[i].tag { // nearly always, and faster than the tag's name
		tag = r.stack[i].tag
	} else {
		name, _ := z.TagName()
		tag = atom.String(name)
	}
	if r.hidden == 0 && traitsOf[tag]&inline == 0 {
		r.see(space)
		if tag != "tspan" {
			r.endBlock()
		}
	}
	r.end = r.end || tag == "html"
	r.cut = r.cut || r.main && (tag == "html" || tag == "body")
	for i >= 0 && r.stack[i].tag != tag {
		i--
	}
	if i < 0 {
		r.takeOrphan("</"+tag+">", r.id)
		return
	}
	r.closeTo(i + 1)
	r.close(&r.stack[i])
	r.stack = r.stack[:i]
}

// closeTo closes the elements from stack[i] inwards, whose end tags are missing.
func (r *reader) closeTo(i int) {
	for j := i; j < len(r.stack); j++ {
		if e := &r.stack[j]; e.traits&optional == 0 && e.tag != "main" { // which finish reports
			r.takeOrphan("<"+e.tag+">", e.id)
		}
	}
	for j := len(r.stack) - 1; j >= i; j-- {
		r.close(&r.stack[j])
	}
	r.stack = r.stack[:i]
}

func (r *reader) takeOrphan(tag, id string) {
	if r.page.orphan.tag == "" {
		r.page.orphan = orphan{tag, id}
	}
}

// close records what is known of an element at its end.
func (r *reader) close(e *element) {
	r.endAccount(e)
	if e.hidden {
		r.hidden--
	}
	if e.tag == "main" {
		r.main = false
	}
	if !e.text {
		return
	}
	r.buffer = appendFolded(r.buffer[:0], r.view[e.view:])
	text := string(r.buffer)
	switch {
	case e.tag == "title" && e.statement == nil:
		r.page.title = text
	case e.tag == "main":
		r.page.lookup.text = text
	case e.link != nil:
		r.page.links = append(r.page.links, link{e.link, text})
	case e.contactLink != "":
		r.page.contactLinks = append(r.page.contactLinks, contactLink{e.contactLink, text})
	}
	if e.statement != nil {
		for _, fault := range e.statement.inspect(text, r.refs[e.refs:]) {
			r.page.misstatements = append(r.page.misstatements, misstatement{e.statement, fault})
		}
	}
	if r.wants--; r.wants == 0 {
		r.view = r.view[:0]
	}
}

// finish records what is known of a page at its end. rest is the page without its
// stylesheet.
func (r *reader) finish(rest []byte) {
	p := r.page
	if !r.end {
		p.fault("cut-off", "the page does not end with </html>", "build the site again; the file may be incomplete")
		p.broken = true
		return
	}
	if r.mains == 0 || r.cut { // a page that is cut off has tags without ends
		p.orphan = orphan{}
	}
	switch {
	case r.mains == 0:
		p.fault("cut-off", "the page has no main part", "check that layouts/baseof.html has a <main>")
	case r.cut:
		p.fault("cut-off", "the main part does not end before the page does", "check that layouts/baseof.html closes <main>")
	case !r.words:
		p.fault("cut-off", "the main part is empty", "write the page's text, or delete the page")
	}
	for _, f := range p.foreign {
		p.faults = append(p.faults, fault{rule: "foreign-request", what: "the page loads something from another host: " + f.address, do: "save it on this site, or link to it", origin: f.origin})
	}
	for _, t := range p.twins {
		p.faults = append(p.faults, fault{rule: "repeated-id", what: "two elements have the id " + t.id, do: "give one of them another id", twin: t.id, origin: t.origin})
	}
	p.faults = append(p.faults, r.policy.faults()...)
	r.weigh(rest)
}

func (p *page) fault(rule, what, do string) {
	p.faults = append(p.faults, fault{rule: rule, what: what, do: do})
}
