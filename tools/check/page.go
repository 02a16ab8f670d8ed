package check

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"annualreport/tools/report"
)

// Beyond these, a file is not a page that anybody means to publish. They bound
// the memory that a page can take.
const (
	maxPage  = 8 << 20 // bytes of a page
	maxToken = 1 << 20 // bytes of a tag or of a text between two
	maxDepth = 1000    // elements within each other
	maxNotes = 16      // elements within each other whose text is wanted
)

var toWrite = []byte(report.ToWrite)

// errTooDeep and errTooLong say that a page goes beyond the bounds.
var (
	errTooDeep = errors.New("its elements stand within each other more than a thousand deep")
	errTooLong = errors.New("it is larger than any page should be")
)

// A page is what one HTML file was found to have. Names are numbers from the
// worker's table, and from the checker's once all pages are read.
type page struct {
	name        string
	title       string
	description string
	redirect    bool    // it does nothing but lead to another page
	ids         []int32 // sorted once all pages are read
	repeated    []string
	items       map[string]*found // by the element's id
	strays      []string          // ids of elements that look like items and are none here
	links       []link            // with their texts; only of overviews
	turns       []string          // the addresses of contacts that it links to
	canonical   string            // the address that it gives as its own
	shared      string            // the address that it gives to those who share it (og:url)
	leadsTo     string            // the file that a redirect leads to
	wholes      []wholeLink       // its links that are written with a host
	unwritten   []string          // the ids of the nearest elements to texts still to be written
	foreign     []string          // addresses on other hosts that the page loads
	faults      []fault           // of the policy, or of the page as a whole
	worker      int               // the reader that read it
	first, last int               // its refs in that reader's table
	unread      bool              // it could not be read
}

// A fault is something wrong with a page as a whole.
type fault struct{ rule, what, do string }

// A link is an <a href> within the site with the text that a reader sees in it.
type link struct{ file, fragment, text string }

// A ref is an address within the site that a page refers to.
type ref struct {
	page     int32 // that refers
	owner    int32 // the id of the nearest element around or before it that has one
	file     int32 // that is referred to
	fragment int32
	form     form
	anchor   bool // a link that a reader can follow
	main     bool // it stands in the page's main part
}

// A form is how an address within the site is written.
type form uint8

const (
	asFile   form = iota // ../2014/index.html
	asFolder             // ../2014/
	asPlace              // #3.9, on the page itself
	asWhole              // https://www.example.org/2014/#3.9
)

// A wholeLink is a link that is written with a host. Which of these lead to the
// site itself is known when all pages are read.
type wholeLink struct {
	address string
	owner   int32
	main    bool
}

// An open is an element whose end has not been met yet.
type open struct {
	tag    string // its name, if it is none that HTML knows
	atom   atom.Atom
	traits traits
	hidden bool
	text   *strings.Builder // collects what a reader sees in it, if that is wanted
	end    func(text string)
}

// A reader reads pages one after the other.
type reader struct {
	expected expectations
	names    []string
	numbers  map[string]int32
	refs     []ref
	html     bytes.Buffer // the page
	at       int          // how much of it has been read as tags
	seen     []int32      // the last page, counted from 1, that had the id of this number
	scratch  []byte       // for a tag's name
	file     []byte       // for an address's file
	form     form         // of the address that was resolved last
	judged   map[string][]fault
	sheet    stylesheet // the last that was met: most pages have the same
	weigher  weigher

	// Of the page being read:
	z         *html.Tokenizer
	page      page
	number    int32  // of the page
	dir       string // that it stands in, without a slash at its end
	stack     []open
	hidden    int // how many open elements are hidden
	capturing int // how many open elements collect their text
	owner     int32
	policy    policy
	toWrite   bool // it has a text that is still to be written
	inMain    bool
	openMain  bool // the page ended within its main part
	mainText  bool // the main part has text
	mains     int
	end       bool // </html> was met
	inItem    *itemReader
}

// An itemReader collects what inspect asks for while an item's element is open.
type itemReader struct {
	item                         *item
	fragments, addresses, places []string
}

func newReader(x expectations) *reader {
	return &reader{expected: x, numbers: map[string]int32{}, judged: map[string][]fault{}}
}

// intern gives the number of a name.
func (r *reader) intern(name []byte) int32 {
	if n, ok := r.numbers[string(name)]; ok {
		return n
	}
	n := int32(len(r.names))
	s := string(name)
	r.names = append(r.names, s)
	r.numbers[s] = n
	return n
}

// read reads the HTML of the page that is called name and has the given number.
func (r *reader) read(src io.Reader, name string, number int32) (page, error) {
	r.html.Reset()
	if _, err := r.html.ReadFrom(io.LimitReader(src, maxPage+1)); err != nil {
		return page{}, err
	}
	if r.html.Len() > maxPage {
		return page{}, errTooLong
	}
	r.at = 0
	r.tokenize(r.html.Bytes())
	r.page = page{name: name}
	r.number = number
	r.dir = strings.TrimPrefix(path.Dir("/"+name), "/")
	r.stack = r.stack[:0]
	r.hidden, r.capturing, r.mains = 0, 0, 0
	r.owner = r.intern(nil)
	r.policy = policy{}
	r.inMain, r.openMain, r.mainText, r.end = false, false, false, false
	r.inItem = nil
	kept := len(r.refs)

	r.toWrite = bytes.Contains(r.html.Bytes(), toWrite)
	if err := r.tokens(); err != nil {
		r.refs = r.refs[:kept]
		return page{}, err
	}
	if r.toWrite && len(r.page.unwritten) == 0 { // it stands in an attribute
		r.page.unwritten = []string{""}
	}
	r.finish()
	r.page.first, r.page.last = kept, len(r.refs)
	return r.page, nil
}

// tokenize begins to read tags from the rest of the page.
func (r *reader) tokenize(rest []byte) {
	r.z = html.NewTokenizer(bytes.NewReader(rest))
	r.z.SetMaxBuf(maxToken)
}

func (r *reader) tokens() error {
	for {
		kind := r.z.Next()
		r.at += len(r.z.Raw())
		switch kind {
		case html.ErrorToken:
			switch err := r.z.Err(); {
			case errors.Is(err, io.EOF):
				r.openMain = r.openMain || r.inMain
				r.closeTo(0)
				return nil
			case errors.Is(err, html.ErrBufferExceeded):
				return errTooLong
			default:
				return err
			}
		case html.TextToken:
			r.text()
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := r.start(); err != nil {
				return err
			}
		case html.EndTagToken:
			r.endTag()
		}
	}
}

func (r *reader) text() {
	if r.toWrite && bytes.Contains(r.z.Raw(), toWrite) {
		r.page.unwritten = append(r.page.unwritten, r.names[r.owner])
	}
	if n := len(r.stack); n > 0 && r.stack[n-1].atom == atom.Style {
		r.takeStylesheet(r.z.Raw())
		return
	}
	if r.hidden > 0 {
		if n := len(r.stack); n > 0 && r.stack[n-1].atom == atom.Title && r.stack[n-1].end != nil {
			r.write(r.z.Text())
		}
		return
	}
	if r.capturing == 0 && (!r.inMain || r.mainText) {
		return
	}
	text := r.z.Text()
	if r.inMain && !r.mainText && len(bytes.TrimSpace(text)) > 0 {
		r.mainText = true
	}
	r.write(text)
}

// write adds text to every open element that collects it.
func (r *reader) write(text []byte) {
	if r.capturing == 0 {
		return
	}
	for i := range r.stack {
		if r.stack[i].text != nil {
			r.stack[i].text.Write(text)
		}
	}
}

var space = []byte(" ")

// tag gives the name of the tag that was just met. The tokenizer's own way
// makes a copy each time, which for every tag of a site is a lot.
func (r *reader) tag() (name []byte, attributes bool) {
	raw := r.z.Raw()[1:] // after the <
	if raw[0] == '/' {
		raw = raw[1:]
	}
	name = r.scratch[:0]
	for _, c := range raw {
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == ' ', c == '>', c == '/', c == '\n', c == '\t', c == '\r', c == '\f':
			r.scratch = name
			return name, len(name)+1 < len(raw)
		}
		name = append(name, c)
	}
	r.scratch = name
	return name, false
}

func (r *reader) start() error {
	name, more := r.tag()
	tag := atom.Lookup(name)
	o := open{atom: tag, traits: traitsOf[tag]}
	o.hidden = o.traits&unseen != 0
	if tag == 0 {
		o.tag = string(name)
	}
	r.closeImplied(tag, o.traits)
	if o.traits&inline == 0 && r.hidden == 0 {
		r.write(space)
	}
	attrs := attributes{id: -1}
	for more {
		var key, value []byte
		if key, value, more = r.z.TagAttr(); len(key) > 0 {
			attrs.add(r, tag, key, value)
		}
	}
	o.hidden = o.hidden || attrs.hidden
	r.element(&o, &attrs)
	if o.traits&empty != 0 {
		if o.end != nil {
			o.end("")
		}
		return nil
	}
	if len(r.stack) >= maxDepth {
		return errTooDeep
	}
	r.stack = append(r.stack, o)
	if o.hidden {
		r.hidden++
	}
	if o.text != nil {
		r.capturing++
	}
	if tag == atom.Style {
		r.skipStylesheet()
	}
	return nil
}

// skipStylesheet goes past the text of a <style> that was just met if it is
// the one that the page before had: most of a site's bytes are its stylesheet,
// over and over.
func (r *reader) skipStylesheet() {
	rest := r.html.Bytes()[r.at:]
	if text := r.sheet.text; len(text) > 0 && bytes.HasPrefix(rest, text) && bytes.HasPrefix(rest[len(text):], []byte("</style>")) {
		r.takeStylesheet(text)
		r.at += len(text)
		r.tokenize(rest[len(text):])
	}
}

func (r *reader) takeStylesheet(text []byte) {
	sheet := r.stylesheet(text)
	r.policy.hashes = append(r.policy.hashes, sheet.hash)
	r.page.foreign = append(r.page.foreign, sheet.foreign...)
}

// element takes up what the start tag of an element says.
func (r *reader) element(o *open, attrs *attributes) {
	hidden := r.hidden > 0 || o.hidden
	if attrs.id >= 0 {
		r.id(o, attrs.id, hidden)
	}
	switch o.atom {
	case atom.A, atom.Area:
		if attrs.href != nil {
			r.follow(o, attrs.href, hidden)
		}
	case atom.Title:
		if r.page.title == "" && len(r.stack) > 0 && r.stack[len(r.stack)-1].atom == atom.Head {
			r.collect(o, func(text string) { r.page.title = fold(text) })
		}
	case atom.Main:
		r.mains++
		r.inMain = true
	case atom.Meta:
		r.meta(attrs)
	case atom.Link:
		r.linkElement(attrs)
	case atom.Script:
		if attrs.runs() && !attrs.src {
			r.policy.inlineScript = true
		}
	}
	for _, l := range attrs.loads {
		r.load(l.address, l.as)
	}
}

// id takes up an element's id.
func (r *reader) id(o *open, id int32, hidden bool) {
	r.owner = id
	name := r.names[id]
	for len(r.seen) <= int(id) {
		r.seen = append(r.seen, 0)
	}
	if r.seen[id] == r.number+1 {
		r.page.repeated = append(r.page.repeated, name)
	}
	r.seen[id] = r.number + 1
	r.page.ids = append(r.page.ids, id)
	if hidden || !itemElement.MatchString(name) {
		return
	}
	it := r.expected.elements[r.page.name][name]
	if it == nil {
		r.page.strays = append(r.page.strays, name)
		return
	}
	if r.page.items == nil {
		r.page.items = map[string]*found{}
	}
	f := r.page.items[name]
	if f == nil {
		f = &found{}
		r.page.items[name] = f
	}
	f.times++
	ir := &itemReader{item: it}
	r.inItem = ir
	r.collect(o, func(text string) {
		f.lacks = append(f.lacks, it.inspect(text, ir.fragments, ir.addresses, ir.places)...)
		r.inItem = nil
	})
}

// collect has an open element keep the text that a reader sees in it, and
// gives it to end when the element ends. Within too many others of its kind,
// which no page has, it does not: their texts would add up.
func (r *reader) collect(o *open, end func(text string)) {
	if r.capturing >= maxNotes {
		return
	}
	if o.text == nil {
		o.text = new(strings.Builder)
		o.end = end
		return
	}
	first := o.end
	o.end = func(text string) { first(text); end(text) }
}

// follow takes up a link that a reader can follow.
func (r *reader) follow(o *open, href []byte, hidden bool) {
	file, fragment, local := r.resolve(href)
	if r.inItem != nil && !hidden {
		if local {
			r.inItem.fragments = append(r.inItem.fragments, string(fragment))
			if it := r.inItem.item; (it.before != nil || it.after != nil) && itemElement.Match(fragment) {
				r.inItem.places = append(r.inItem.places, string(file)+"#"+string(fragment))
			}
		} else {
			r.inItem.addresses = append(r.inItem.addresses, unescaped(string(href)))
		}
	}
	if !local {
		address := unescaped(string(href))
		if !hidden && r.expected.turns[address] {
			r.page.turns = append(r.page.turns, address)
		}
		if strings.HasPrefix(address, "http") {
			r.page.wholes = append(r.page.wholes, wholeLink{r.names[r.intern([]byte(address))], r.owner, r.inMain})
		}
		return
	}
	ref := r.refer(file, fragment, !hidden)
	if !hidden && len(fragment) > 0 && r.expected.overviews[r.page.name] {
		r.collect(o, func(text string) {
			r.page.links = append(r.page.links, link{r.names[ref.file], r.names[ref.fragment], fold(text)})
		})
	}
}

func (r *reader) refer(file, fragment []byte, anchor bool) ref {
	ref := ref{r.number, r.owner, r.intern(file), r.intern(fragment), r.form, anchor, r.inMain}
	r.refs = append(r.refs, ref)
	return ref
}

// load takes up an address that the browser fetches by itself.
func (r *reader) load(address []byte, as usage) {
	file, _, local := r.resolve(address)
	switch {
	case local:
		r.refer(file, nil, false)
		r.policy.used |= 1 << as
	case !isData(address):
		r.page.foreign = append(r.page.foreign, string(address))
	}
}

func (r *reader) endTag() {
	name, _ := r.tag()
	var tag atom.Atom
	if n := len(r.stack); n > 0 && r.stack[n-1].atom.String() == string(name) {
		tag = r.stack[n-1].atom // as nearly always
	} else {
		tag = atom.Lookup(name)
	}
	if r.capturing > 0 && r.hidden == 0 && traitsOf[tag]&inline == 0 {
		r.write(space)
	}
	switch tag {
	case atom.Html, atom.Body:
		r.end = r.end || tag == atom.Html
		r.openMain = r.openMain || r.inMain
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].atom == tag && (tag != 0 || r.stack[i].tag == string(name)) {
			r.closeTo(i)
			return
		}
	}
}

// closeTo ends every element from stack[i] inwards.
func (r *reader) closeTo(i int) {
	for j := len(r.stack) - 1; j >= i; j-- {
		o := &r.stack[j]
		if o.hidden {
			r.hidden--
		}
		if o.atom == atom.Main {
			r.inMain = false
		}
		if o.text != nil {
			r.capturing--
			o.end(o.text.String())
		}
		*o = open{}
	}
	r.stack = r.stack[:i]
}

// closeImplied ends the elements that the start of another ends, since their
// end tags may be left out.
func (r *reader) closeImplied(tag atom.Atom, next traits) {
	for len(r.stack) > 0 {
		top := &r.stack[len(r.stack)-1]
		switch {
		case top.atom == atom.P && next&endsParagraph != 0:
		case top.atom == atom.Head && next&inHead == 0:
		case top.traits&next&items != 0:
		default:
			return
		}
		r.closeTo(len(r.stack) - 1)
	}
}

// finish takes up what can be said of a page when all of it is read.
func (r *reader) finish() {
	if r.page.redirect {
		return
	}
	switch {
	case !r.end:
		r.fault("cut-off", "the page does not end with </html>", "build the site again; the file may have been written half-way")
	case r.mains == 0:
		r.fault("cut-off", "the page has no main part", "see that layouts/baseof.html has a <main>")
	case r.openMain:
		r.fault("cut-off", "the main part does not end before the page does", "see that layouts/baseof.html closes <main>")
	case !r.mainText:
		r.fault("cut-off", "the main part is empty", "write the page's text, or take the page away")
	}
	// Most pages have the same policy for the same things: it is judged once.
	key := r.policy.key()
	faults, ok := r.judged[key]
	if !ok {
		faults = r.policy.faults()
		r.judged[key] = faults
	}
	r.page.faults = append(r.page.faults, faults...)
	r.weigh()
}

func (r *reader) fault(rule, what, do string) {
	r.page.faults = append(r.page.faults, fault{rule, what, do})
}

// traits say how an element takes part in a page.
type traits uint16

const (
	inline        traits = 1 << iota // stands in a line of text, so that no space comes before or after it
	unseen                           // its text is not part of the page
	empty                            // has no end tag
	endsParagraph                    // ends a paragraph that was left open
	inHead                           // stands in the head; any other ends it
	item1                            // of two elements with one of these, the next ends the one before
	item2
	item3
	item4
	item5
	item6
	items = item1 | item2 | item3 | item4 | item5 | item6
)

var traitsOf = map[atom.Atom]traits{
	atom.A: inline, atom.Abbr: inline, atom.B: inline, atom.Cite: inline, atom.Code: inline, atom.Em: inline,
	atom.I: inline, atom.Mark: inline, atom.Q: inline, atom.S: inline, atom.Small: inline, atom.Span: inline,
	atom.Strong: inline, atom.Sub: inline, atom.Sup: inline, atom.Time: inline, atom.U: inline,
	atom.Wbr: inline | empty,

	atom.Head: unseen, atom.Noscript: unseen | inHead, atom.Script: unseen | inHead, atom.Style: unseen | inHead,
	atom.Template: unseen | inHead, atom.Title: inHead,
	atom.Base: empty | inHead, atom.Link: empty | inHead, atom.Meta: empty | inHead,
	atom.Area: empty, atom.Br: empty, atom.Col: empty, atom.Embed: empty, atom.Img: empty, atom.Input: empty,
	atom.Source: empty, atom.Track: empty, atom.Hr: empty | endsParagraph,

	atom.Address: endsParagraph, atom.Article: endsParagraph, atom.Aside: endsParagraph, atom.Blockquote: endsParagraph,
	atom.Details: endsParagraph, atom.Div: endsParagraph, atom.Dl: endsParagraph, atom.Fieldset: endsParagraph,
	atom.Figcaption: endsParagraph, atom.Figure: endsParagraph, atom.Footer: endsParagraph, atom.Form: endsParagraph,
	atom.H1: endsParagraph, atom.H2: endsParagraph, atom.H3: endsParagraph, atom.H4: endsParagraph, atom.H5: endsParagraph,
	atom.H6: endsParagraph, atom.Header: endsParagraph, atom.Main: endsParagraph, atom.Nav: endsParagraph,
	atom.Ol: endsParagraph, atom.P: endsParagraph, atom.Pre: endsParagraph, atom.Section: endsParagraph,
	atom.Table: endsParagraph, atom.Ul: endsParagraph,
	atom.Li: endsParagraph | item1, atom.Dt: endsParagraph | item2, atom.Dd: endsParagraph | item2,
	atom.Tr: item3, atom.Td: item4, atom.Th: item4, atom.Option: item5,
	atom.Thead: item6, atom.Tbody: item6, atom.Tfoot: item6,
}

// fold makes two texts equal that a reader would take for the same: white
// space, the kinds of quote marks and what cannot be seen make no difference.
func fold(text string) string {
	folded := make([]byte, 0, len(text))
	gap := false
	for _, c := range text {
		if c > ' ' && c <= '~' && !gap { // as nearly always
			folded = append(folded, byte(c))
			continue
		}
		switch c {
		case '\u00ad', '\u200b', '\u2060', '\ufeff':
			continue
		case '‘', '’', '‚', '‛', '′':
			c = '\''
		case '“', '”', '„', '‟', '″':
			c = '"'
		}
		if c <= ' ' || c > '~' && unicode.IsSpace(c) {
			gap = true
			continue
		}
		if gap && len(folded) > 0 {
			folded = append(folded, ' ')
		}
		gap = false
		folded = utf8.AppendRune(folded, c)
	}
	return string(folded)
}
