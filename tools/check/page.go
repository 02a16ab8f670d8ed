package check

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Beyond these, a file is not a page that anybody means to publish. They bound
// the memory that a page can take.
const (
	maxPage  = 8 << 20 // bytes of a page
	maxToken = 1 << 20 // bytes of a tag or of a text between two
	maxDepth = 1000    // elements within each other
)

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
	ids         []int32 // sorted
	repeated    []string
	items       map[string]*found // by the element's id
	strays      []string          // ids of elements that look like items and are none here
	links       []link            // with their texts; only of summaries
	foreign     []string          // addresses on other hosts that the page loads
	faults      []fault           // of the policy, or of the page as a whole
	worker      int               // the reader that read it
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
	anchor   bool // a link that a reader can follow
	main     bool // it stands in the page's main part
}

// An open is an element whose end has not been met yet.
type open struct {
	tag    string
	atom   atom.Atom
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

	// Of the page being read:
	z         *html.Tokenizer
	page      page
	number    int32 // of the page
	dir       string
	stack     []open
	hidden    int // how many open elements are hidden
	capturing int // how many open elements collect their text
	owner     int32
	seen      map[int32]bool // ids
	policy    policy
	inMain    bool
	openMain  bool // the page ended within its main part
	mainText  bool // the main part has text
	mains     int
	end       bool // </html> was met
	inItem    *itemReader
}

// An itemReader collects what inspect asks for while an item's element is open.
type itemReader struct {
	fragments, addresses []string
}

func newReader(x expectations) *reader {
	return &reader{expected: x, numbers: map[string]int32{}}
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
	limited := &io.LimitedReader{R: src, N: maxPage + 1}
	r.z = html.NewTokenizer(limited)
	r.z.SetMaxBuf(maxToken)
	r.page = page{name: name}
	r.number = number
	r.dir = path.Dir("/" + name)
	r.stack = r.stack[:0]
	r.hidden, r.capturing, r.mains = 0, 0, 0
	r.owner = r.intern(nil)
	r.seen = map[int32]bool{}
	r.policy = policy{used: map[usage]bool{}}
	r.inMain, r.openMain, r.mainText, r.end = false, false, false, false
	r.inItem = nil
	kept := len(r.refs)

	err := r.tokens()
	if err == nil && limited.N == 0 {
		err = errTooLong
	}
	if err != nil {
		r.refs = r.refs[:kept]
		return page{}, err
	}
	r.finish()
	return r.page, nil
}

func (r *reader) tokens() error {
	for {
		switch r.z.Next() {
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
	if n := len(r.stack); n > 0 && r.stack[n-1].atom == atom.Style {
		r.policy.style(r.z.Raw())
		r.page.foreign = append(r.page.foreign, foreignCSS(string(r.z.Raw()))...)
		return
	}
	if r.hidden > 0 {
		if n := len(r.stack); n > 0 && r.stack[n-1].atom == atom.Title && r.stack[n-1].end != nil {
			r.write(string(r.z.Text()))
		}
		return
	}
	if r.capturing == 0 && (!r.inMain || r.mainText) {
		return
	}
	text := r.z.Text()
	if r.inMain && !r.mainText && len(strings.TrimSpace(string(text))) > 0 {
		r.mainText = true
	}
	r.write(string(text))
}

// write adds text to every open element that collects it.
func (r *reader) write(text string) {
	if r.capturing == 0 {
		return
	}
	for i := range r.stack {
		if r.stack[i].text != nil {
			r.stack[i].text.WriteString(text)
		}
	}
}

func (r *reader) start() error {
	rawTag, more := r.z.TagName()
	tag := atom.Lookup(rawTag)
	o := open{atom: tag, hidden: unseen[tag]}
	if tag == 0 {
		o.tag = string(rawTag)
	}
	r.closeImplied(tag)
	if !inline[tag] && r.hidden == 0 {
		r.write(" ")
	}
	attrs := attributes{id: -1}
	for more {
		var key, value []byte
		key, value, more = r.z.TagAttr()
		attrs.add(r, tag, key, value)
	}
	o.hidden = o.hidden || attrs.hidden
	r.element(&o, &attrs)
	if empty[tag] {
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
	return nil
}

// element takes up what the start tag of an element says.
func (r *reader) element(o *open, attrs *attributes) {
	unseen := r.hidden > 0 || o.hidden
	if attrs.id >= 0 {
		r.id(o, attrs.id, unseen)
	}
	switch o.atom {
	case atom.A, atom.Area:
		if attrs.href != nil {
			r.follow(o, *attrs.href, unseen)
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
		if attrs.runs() && attrs.src == "" {
			r.policy.inlineScript = true
		}
	}
	for _, l := range attrs.loads {
		r.load(l.address, l.as)
	}
}

// id takes up an element's id.
func (r *reader) id(o *open, id int32, unseen bool) {
	r.owner = id
	name := r.names[id]
	if r.seen[id] {
		r.page.repeated = append(r.page.repeated, name)
	}
	r.seen[id] = true
	r.page.ids = append(r.page.ids, id)
	if unseen || !itemElement.MatchString(name) {
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
	ir := &itemReader{}
	r.inItem = ir
	r.collect(o, func(text string) {
		f.lacks = append(f.lacks, it.inspect(text, ir.fragments, ir.addresses)...)
		r.inItem = nil
	})
}

// collect has an open element keep the text that a reader sees in it, and
// gives it to end when the element ends.
func (r *reader) collect(o *open, end func(text string)) {
	if o.text == nil {
		o.text = new(strings.Builder)
		o.end = end
		return
	}
	first := o.end
	o.end = func(text string) { first(text); end(text) }
}

// follow takes up a link that a reader can follow.
func (r *reader) follow(o *open, href string, unseen bool) {
	file, fragment, local := resolve(r.dir, r.page.name, href)
	if r.inItem != nil && !unseen {
		if local {
			r.inItem.fragments = append(r.inItem.fragments, fragment)
		} else {
			r.inItem.addresses = append(r.inItem.addresses, strings.TrimSpace(href))
		}
	}
	if !local {
		return
	}
	r.refer(file, fragment, !unseen)
	if !unseen && r.expected.summaries[r.page.name] && fragment != "" {
		r.collect(o, func(text string) {
			r.page.links = append(r.page.links, link{file, fragment, fold(text)})
		})
	}
}

func (r *reader) refer(file, fragment string, anchor bool) {
	r.refs = append(r.refs, ref{r.number, r.owner, r.intern([]byte(file)), r.intern([]byte(fragment)), anchor, r.inMain})
}

// load takes up an address that the browser fetches by itself.
func (r *reader) load(address string, as usage) {
	file, _, local := resolve(r.dir, r.page.name, address)
	switch {
	case local:
		r.refer(file, "", false)
		r.policy.used[as] = true
	case !strings.HasPrefix(strings.ToLower(strings.TrimSpace(address)), "data:"):
		r.page.foreign = append(r.page.foreign, address)
	}
}

func (r *reader) endTag() {
	rawTag, _ := r.z.TagName()
	tag := atom.Lookup(rawTag)
	if !inline[tag] && r.hidden == 0 {
		r.write(" ")
	}
	switch tag {
	case atom.Html, atom.Body:
		r.end = r.end || tag == atom.Html
		r.openMain = r.openMain || r.inMain
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].atom == tag && (tag != 0 || r.stack[i].tag == string(rawTag)) {
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
func (r *reader) closeImplied(tag atom.Atom) {
	for len(r.stack) > 0 {
		top := r.stack[len(r.stack)-1].atom
		switch {
		case top == atom.P && endsParagraph[tag]:
		case top == atom.Head && !inHead[tag]:
		case family[top] != 0 && family[top] == family[tag]:
		default:
			return
		}
		r.closeTo(len(r.stack) - 1)
	}
}

// finish takes up what can be said of a page when all of it is read.
func (r *reader) finish() {
	slices.Sort(r.page.ids)
	r.page.ids = slices.Compact(r.page.ids)
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
	r.page.faults = append(r.page.faults, r.policy.faults()...)
}

func (r *reader) fault(rule, what, do string) {
	r.page.faults = append(r.page.faults, fault{rule, what, do})
}

// Elements that stand in a line of text, so that no space comes before or after them.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Cite: true, atom.Code: true, atom.Em: true, atom.I: true,
	atom.Mark: true, atom.Q: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true,
	atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true, atom.Wbr: true,
}

// Elements whose text is not part of the page.
var unseen = map[atom.Atom]bool{
	atom.Head: true, atom.Noscript: true, atom.Script: true, atom.Style: true, atom.Template: true,
}

// Elements that have no end tag.
var empty = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

// Elements that end a paragraph that was left open.
var endsParagraph = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Details: true, atom.Div: true,
	atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true,
	atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true,
	atom.H6: true, atom.Header: true, atom.Hr: true, atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true,
	atom.P: true, atom.Pre: true, atom.Section: true, atom.Table: true, atom.Ul: true,
}

// Elements that stand in the head; any other ends it.
var inHead = map[atom.Atom]bool{
	atom.Base: true, atom.Link: true, atom.Meta: true, atom.Noscript: true, atom.Script: true, atom.Style: true,
	atom.Template: true, atom.Title: true,
}

// family has the elements of which the next one ends the one before.
var family = map[atom.Atom]int{
	atom.Li: 1, atom.Dt: 2, atom.Dd: 2, atom.Tr: 3, atom.Td: 4, atom.Th: 4, atom.Option: 5, atom.Thead: 6, atom.Tbody: 6, atom.Tfoot: 6,
}

// fold makes two texts equal that a reader would take for the same: white
// space, the kinds of quote marks and what cannot be seen make no difference.
func fold(text string) string {
	return strings.Join(strings.Fields(folder.Replace(text)), " ")
}

var folder = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "′", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "″", `"`,
	"\u00ad", "", "\u200b", "", "\u2060", "", "\ufeff", "",
)
