package check

import (
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"annualreport/tools/report"
)

// Beyond these, a file is not a page that anybody means to publish. They bound
// the memory that a page can take.
const (
	maxPage  = 8 << 20 // bytes of a page
	maxDepth = 1000    // elements within each other
	maxNotes = 16      // items, and links whose texts are wanted, within each other
)

var toWrite = []byte(report.ToWrite)

// These say that a page goes beyond the bounds.
var (
	errTooDeep = errors.New("its elements stand within each other more than a thousand deep")
	errTooMany = errors.New("items or links to items stand within each other, as if their end tags were left out")
	errTooLong = errors.New("it is larger than any page should be")
)

// A page is what one HTML file was found to have. Names are numbers from the
// worker's table, and from the checker's once all pages are read.
type page struct {
	name        string
	title       string
	description string
	redirect    bool      // it does nothing but lead to another page
	ids         []int32   // each once and sorted, when all pages are read
	refs        []ref     // the addresses within the site that it refers to
	outside     []outside // its links that lead to another host, or name one
	repeated    []string
	items       map[string]*found // by the element's id
	strays      []string          // ids of elements that look like items and are none here
	links       []link            // to items on their own pages; only of overviews
	turns       []turn            // its links to where people can turn
	canonical   string            // the address that it gives as its own
	shared      string            // the address that it gives to those who share it (og:url)
	leadsTo     string            // the file that a redirect leads to
	unmatched   unmatched
	unwritten   []string // the ids of the nearest elements to texts still to be written
	foreign     []string // addresses on other hosts that the page loads
	faults      []fault  // of the policy, or of the page as a whole
	worker      int      // the reader that read it
	unread      bool     // it could not be read, or not to its end
}

// An unmatched is the first tag of a page that ends nothing, or that nothing
// ends. Those that come after it may be its doing.
type unmatched struct {
	tag string // "</div>" or "<div>", or "" if there is none
	id  string // of the nearest element around or before it that has one, or ""
}

// A fault is something wrong with a page as a whole.
type fault struct{ rule, what, do string }

// A link leads to an item. Its text is what a reader sees in it.
type link struct {
	to   *item
	text string
}

// A turn leads to where people can turn. Its text is what a reader sees in it.
type turn struct{ address, text string }

// A ref is an address within the site that a page refers to.
type ref struct {
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

// An outside is a link whose address names a host, a telephone number or the
// like. Which of these lead to the site itself is known when all pages are read.
type outside struct {
	address int32 // as unescaped gives it
	owner   int32
	anchor  bool
	main    bool
}

// An open is an element whose end has not been met yet.
type open struct {
	tag      string // its name, if it is none that HTML knows
	atom     atom.Atom
	traits   traits
	hidden   bool
	collects bool   // what a reader sees in it is wanted
	title    bool   // it is the page's <title>
	item     *item  // that it has to hold
	link     *item  // that it leads to
	turn     string // the address of a contact, if it leads to one
	from     mark   // where what stands in it begins
	owner    int32  // the id of the nearest element around or before it that has one
}

// A mark is how far the reader's tables reached at some point of the page.
type mark struct{ text, refs, outside int }

// A reader reads pages one after the other.
type reader struct {
	expected expectations
	names    []string
	numbers  map[string]int32
	escaped  map[string]int32 // the numbers of outside addresses, by how they are written
	html     bytes.Buffer     // the page
	met      []int32          // the last page, counted from 1, that had the id of this number
	folded   []byte           // for a text
	file     []byte           // for an address's file
	form     form             // of the address that was resolved last
	judged   *policy          // the last that was met; most pages have the same
	faults   []fault          // what is wrong with that
	sheet    stylesheet       // the last that was met; most pages have the same
	packer   packer

	// Of the page being read:
	tokens    tokens
	page      page
	number    int32  // of the page
	dir       string // that it stands in, without a slash at its end
	overview  bool   // its links to items matter
	ids       []int32
	refs      []ref
	outside   []outside
	stack     []open
	seen      []byte // what a reader sees, from where the outermost element begins that collects it
	hidden    int    // how many open elements are hidden
	capturing int    // how many open elements collect their text
	owner     int32
	policy    policy
	toWrite   bool // it has a text that is still to be written
	inMain    bool
	openMain  bool // the page ended within its main part
	mainText  bool // the main part has text
	mains     int
	end       bool // </html> was met
}

// newReader gives a reader whose number 0 is the empty name.
func newReader(x expectations) *reader {
	r := &reader{expected: x, names: []string{""}, numbers: map[string]int32{"": 0}, escaped: map[string]int32{}}
	r.html.Grow(64 << 10) // as much as a long page needs
	return r
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
	r.tokens.reset(r.html.Bytes())
	r.page = page{name: name}
	r.number = number
	r.dir = strings.TrimPrefix(path.Dir("/"+name), "/")
	r.overview = r.expected.overviews[name]
	r.ids, r.refs, r.outside = r.ids[:0], r.refs[:0], r.outside[:0]
	r.stack, r.seen = r.stack[:0], r.seen[:0]
	r.hidden, r.capturing, r.mains = 0, 0, 0
	r.owner = 0
	r.policy.reset()
	r.inMain, r.openMain, r.mainText, r.end = false, false, false, false

	r.toWrite = bytes.Contains(r.html.Bytes(), toWrite)
	if err := r.readTokens(); err != nil {
		return page{}, err
	}
	if r.toWrite && len(r.page.unwritten) == 0 { // it stands in an attribute
		r.page.unwritten = []string{""}
	}
	r.finish()
	r.page.ids, r.page.refs, r.page.outside = slices.Clone(r.ids), slices.Clone(r.refs), slices.Clone(r.outside)
	return r.page, nil
}

func (r *reader) readTokens() error {
	for {
		switch r.tokens.next() {
		case html.ErrorToken:
			r.openMain = r.openMain || r.inMain
			for _, o := range r.stack {
				r.unended(&o)
			}
			r.closeTo(0)
			return nil
		case html.TextToken:
			r.text()
		case html.StartTagToken:
			if err := r.start(); err != nil {
				return err
			}
		case html.EndTagToken:
			r.endTag()
		}
	}
}

func (r *reader) text() {
	if r.toWrite && bytes.Contains(r.tokens.raw(), toWrite) {
		r.page.unwritten = append(r.page.unwritten, r.names[r.owner])
	}
	if n := len(r.stack); n > 0 && r.stack[n-1].atom == atom.Style {
		r.takeStylesheet(r.tokens.raw())
		return
	}
	if r.hidden > 0 {
		if n := len(r.stack); n > 0 && r.stack[n-1].title {
			r.write(r.tokens.text())
		}
		return
	}
	if r.capturing == 0 && (!r.inMain || r.mainText) {
		return
	}
	text := r.tokens.text()
	if r.inMain && !r.mainText && len(bytes.TrimSpace(text)) > 0 {
		r.mainText = true
	}
	r.write(text)
}

// write adds to what a reader sees, if any open element collects that.
func (r *reader) write(text []byte) {
	if r.capturing > 0 {
		r.seen = append(r.seen, text...)
	}
}

var space = []byte(" ")

func (r *reader) start() error {
	tag := atom.Lookup(r.tokens.name)
	o := open{atom: tag, traits: traitsOf[tag]}
	o.hidden = o.traits&unseen != 0
	if tag == 0 {
		o.tag = string(r.tokens.name)
	}
	r.closeImplied(tag, o.traits)
	if o.traits&inline == 0 && r.hidden == 0 {
		r.write(space)
	}
	attrs := attributes{id: -1}
	for _, a := range r.tokens.attrs {
		attrs.add(r, tag, a.key, a.value)
	}
	o.hidden = o.hidden || attrs.hidden
	o.from, o.owner = mark{len(r.seen), len(r.refs), len(r.outside)}, r.owner
	r.element(&o, &attrs)
	if o.collects {
		if r.capturing++; r.capturing > maxNotes {
			return errTooMany
		}
	}
	if o.hidden {
		r.hidden++
	}
	if o.traits&empty != 0 || r.tokens.endsItself && r.inDrawing() {
		r.close(&o)
		return nil
	}
	if len(r.stack) >= maxDepth {
		return errTooDeep
	}
	r.stack = append(r.stack, o)
	if tag == atom.Style {
		r.skipStylesheet()
	}
	return nil
}

// skipStylesheet goes past the text of a <style> that was just met if it is
// the one that the page before had: most of a site's bytes are its stylesheet,
// over and over.
func (r *reader) skipStylesheet() {
	if len(r.sheet.text) > 0 && r.tokens.skip(r.sheet.text) {
		r.takeStylesheet(r.sheet.text)
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
			o.title, o.collects = true, true
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
	for len(r.met) <= int(id) {
		r.met = append(r.met, 0)
	}
	if r.met[id] == r.number+1 {
		r.page.repeated = append(r.page.repeated, name)
	} else {
		r.ids = append(r.ids, id)
	}
	r.met[id] = r.number + 1
	if hidden || !likeItem(name) {
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
	if r.page.items[name] == nil {
		r.page.items[name] = &found{}
	}
	r.page.items[name].times++
	o.item, o.collects = it, true
}

// follow takes up a link that a reader can follow.
func (r *reader) follow(o *open, href []byte, hidden bool) {
	file, fragment, local := r.resolve(href)
	if !local {
		n := r.outsideNumber(href)
		r.outside = append(r.outside, outside{n, r.owner, !hidden, r.inMain})
		if address := r.names[n]; !hidden && r.expected.turns[address] {
			o.turn, o.collects = address, true
		}
		return
	}
	r.refer(file, fragment, !hidden)
	if !r.overview || hidden || len(fragment) == 0 {
		return
	}
	if it := r.expected.elements[string(file)][string(fragment)]; it != nil && it.page == string(file) {
		o.link, o.collects = it, true
	}
}

// outsideNumber gives the number of an address that leads to another host, as
// unescaped gives it.
func (r *reader) outsideNumber(href []byte) int32 {
	n, ok := r.escaped[string(href)]
	if !ok {
		n = r.intern([]byte(unescaped(string(href))))
		r.escaped[string(href)] = n
	}
	return n
}

func (r *reader) refer(file, fragment []byte, anchor bool) {
	r.refs = append(r.refs, ref{r.owner, r.intern(file), r.intern(fragment), r.form, anchor, r.inMain})
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
	name := r.tokens.name
	n := len(r.stack)
	same := n > 0 && r.stack[n-1].atom != 0 && r.stack[n-1].atom.String() == string(name) // as nearly always
	var tag atom.Atom
	var its traits
	if same {
		tag, its = r.stack[n-1].atom, r.stack[n-1].traits
	} else {
		tag = atom.Lookup(name)
		its = traitsOf[tag]
	}
	if r.hidden == 0 && its&inline == 0 {
		r.write(space)
	}
	switch tag {
	case atom.Html, atom.Body:
		r.end = r.end || tag == atom.Html
		r.openMain = r.openMain || r.inMain
	}
	if same {
		r.closeTo(n - 1)
		return
	}
	for i := n - 1; i >= 0; i-- {
		if r.stack[i].atom == tag && (tag != 0 || r.stack[i].tag == string(name)) {
			for _, o := range r.stack[i+1:] {
				r.unended(&o)
			}
			r.closeTo(i)
			return
		}
	}
	r.unmatched("</"+string(name)+">", r.owner)
}

// unended takes up that an element has no end tag.
func (r *reader) unended(o *open) {
	switch {
	case o.traits&endsItself != 0, o.atom == atom.Main: // which is told by finish
	case o.atom == 0:
		r.unmatched("<"+o.tag+">", o.owner)
	default:
		r.unmatched("<"+o.atom.String()+">", o.owner)
	}
}

func (r *reader) unmatched(tag string, owner int32) {
	if r.page.unmatched.tag == "" {
		r.page.unmatched = unmatched{tag, r.names[owner]}
	}
}

// closeTo ends every element from stack[i] inwards.
func (r *reader) closeTo(i int) {
	for j := len(r.stack) - 1; j >= i; j-- {
		r.close(&r.stack[j])
	}
	r.stack = r.stack[:i]
}

// close takes up what is known of an element when it ends.
func (r *reader) close(o *open) {
	if o.hidden {
		r.hidden--
	}
	if o.atom == atom.Main {
		r.inMain = false
	}
	if !o.collects {
		return
	}
	r.folded = appendFolded(r.folded[:0], r.seen[o.from.text:])
	text := string(r.folded)
	switch {
	case o.title:
		r.page.title = text
	case o.link != nil:
		r.page.links = append(r.page.links, link{o.link, text})
	case o.turn != "":
		r.page.turns = append(r.page.turns, turn{o.turn, text})
	}
	if o.item != nil {
		f := r.page.items[o.item.elementID]
		f.lacks = append(f.lacks, r.inspect(o.item, text, r.refs[o.from.refs:], r.outside[o.from.outside:])...)
	}
	if r.capturing--; r.capturing == 0 {
		r.seen = r.seen[:0]
	}
}

// finish takes up what can be said of a page when all of it is read.
func (r *reader) finish() {
	if r.page.redirect {
		return
	}
	if !r.end {
		r.fault("cut-off", "the page does not end with </html>", "build the site again; the file may have been written half-way")
		r.page.unread = true
		return
	}
	if r.mains == 0 || r.openMain { // a page that is not whole has tags without their ends
		r.page.unmatched = unmatched{}
	}
	switch {
	case r.mains == 0:
		r.fault("cut-off", "the page has no main part", "see that layouts/baseof.html has a <main>")
	case r.openMain:
		r.fault("cut-off", "the main part does not end before the page does", "see that layouts/baseof.html closes <main>")
	case !r.mainText:
		r.fault("cut-off", "the main part is empty", "write the page's text, or take the page away")
	}
	if r.judged == nil || !r.judged.equal(&r.policy) {
		r.judged, r.faults = r.policy.clone(), r.policy.faults()
	}
	r.page.faults = append(r.page.faults, r.faults...)
	r.weigh()
}

func (r *reader) fault(rule, what, do string) {
	r.page.faults = append(r.page.faults, fault{rule, what, do})
}
