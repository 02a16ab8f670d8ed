package report

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"
)

// markdown parses pages as Hugo does, with the extensions that Hugo has turned on,
// except typographic signs, which make no difference here.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.TaskList, extension.DefinitionList, extension.Footnote),
	goldmark.WithParserOptions(parser.WithAttribute(), parser.WithBlockParsers(util.Prioritized(attributeParser{}, 100)), parser.WithParagraphTransformers(util.Prioritized(tableBound{}, 150)))).Parser()

// readMarkdown reads a page's passages and links from its text, and reports what
// pages must not contain. first is the number of lines of the file before body.
func (l *loader) readMarkdown(p *Page, body string, first int) {
	l.checkEntities(p.File, body, first)
	if !l.checkNested(p.File, body, first) || !l.checkDense(p.File, body, first) {
		l.incompleteFolders[path.Dir(p.File)] = true
		return
	}
	l.checkFootnotes(p.File, body, first)
	placeAt := placesIn(p.File, body, first)
	r := &markdownReader{loader: l, page: p, source: l.checkBraces(body, placeAt), placeAt: placeAt, ids: map[string]bool{}, repeats: map[string]int{}, level: 1,
		numbers: map[ast.Node]Place{}, notes: map[int]*Passage{}, references: map[string]bool{}}
	for _, id := range pageIDs(p) {
		r.ids[id] = true
	}
	doc, ok := r.parse()
	if !ok {
		l.incompleteFolders[path.Dir(p.File)] = true
		return
	}
	r.joinAttributes(doc)
	r.readReferences(doc)
	// The walk's only error would be one that visit returns.
	_ = ast.Walk(doc, r.visit)
	r.readProse(doc)
	if len(l.problems) > maxProblems {
		l.incompleteFolders[path.Dir(p.File)] = true
	}
}

// A markdownReader reads the text of one page.
type markdownReader struct {
	*loader
	page    *Page
	source  []byte
	placeAt func(offset int) Place
	ids     map[string]bool
	repeats map[string]int     // how often each heading has occurred
	tries   int                // how many ids Hugo has to try for the headings so far
	copies  int                // characters in the addresses and titles of links so far
	level   int                // of the last heading
	passage *Passage           // that is being read, or nil
	numbers map[ast.Node]Place // of paragraphs, and where they are written
	notes   map[int]*Passage   // by the number of a footnote, the passage that cites it first
	block   ast.Node           // of the last words

	references map[string]bool // the names of reference links, [name]: address, that are used and not yet defined
}

// atLine returns the place of a block's first line.
func (r *markdownReader) atLine(n ast.Node) Place { return r.placeAt(n.Lines().At(0).Start) }

// visit reads one node of the page's syntax tree.
func (r *markdownReader) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	if len(r.problems) > maxProblems {
		return ast.WalkStop, nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		r.readHeading(n)
	case *ast.List:
		r.checkList(n)
	case *ast.Emphasis, *east.Strikethrough:
		r.checkEmphasis(n)
	case *ast.Paragraph, *ast.TextBlock:
		if place, ok := r.numbers[n]; ok {
			r.readParagraph(n, place)
		}
		r.checkText(n)
		r.checkNoTable(n)
		r.adviseSentences(n)
	case *east.TableCell:
		if n.Lines().Len() > 0 {
			r.checkBrace(r.atLine(n), string(n.Lines().Value(r.source)))
		}
	case *ast.Blockquote:
		r.checkQuotation(n)
	case *east.FootnoteLink:
		if _, ok := r.notes[n.Index]; !ok {
			r.notes[n.Index] = r.passage
		}
	case *east.Footnote:
		r.checkFootnoteText(n)
		r.passage = r.notes[n.Index]
	case *ast.Text:
		r.checkSigns(r.placeAt(n.Segment.Start), string(n.Value(r.source)))
		r.addWords(n, readableText(n, r.source))
	case *ast.Link:
		r.addLink(n, n.Destination, n.Title, plainText(n, r.source), false)
	case *ast.Image:
		r.addLink(n, n.Destination, n.Title, plainText(n, r.source), true)
		if r.copies <= maxCopies {
			r.addWords(n, append(slices.Clone(n.Title), ' ')) // which is its caption
		}
	case *east.Table:
		r.checkTable(n)
		if caption, _ := n.AttributeString("caption"); caption != nil {
			r.addWords(n, fmt.Appendf(nil, "%s", caption))
		}
	case *ast.AutoLink:
		r.checkBareAddress(n)
		r.addLink(n, addressOf(n, r.source), nil, string(n.Label(r.source)), false)
		r.addWords(n, n.Label(r.source))
	case *ast.LinkReferenceDefinition:
		r.checkReference(n)
	default:
		r.checkMarkup(n)
	}
	return ast.WalkContinue, nil
}

// checkMarkup reports computer code and HTML, which pages cannot contain.
func (r *markdownReader) checkMarkup(n ast.Node) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		r.problems.add(r.placeAt(max(n.Pos(), 0)), "code", "the text after ``` would be shown as computer code", "delete the lines with ```")
	case *ast.CodeBlock:
		if n.Lines().Len() > 0 {
			r.problems.add(r.atLine(n), "code", "this text begins with a tab or four spaces, so it would be shown as computer code",
				"begin it at the start of the line")
		}
	case *ast.HTMLBlock:
		if n.HTMLBlockType == ast.HTMLBlockType2 {
			r.checkComment(n)
		} else {
			r.reportHTML(r.atLine(n), string(n.Lines().Value(r.source)))
		}
	case *ast.RawHTML:
		if tag := string(n.Segments.Value(r.source)); !strings.HasPrefix(tag, "<!--") {
			r.reportHTML(r.placeAt(n.Segments.At(0).Start), tag)
		}
	}
}

// readHeading begins a passage with a heading.
func (r *markdownReader) readHeading(n *ast.Heading) {
	if n.Parent().Kind() != ast.KindDocument {
		r.problems.add(r.placeAt(max(n.Pos(), 0)), "heading", "a heading cannot be part of a quotation, a list or a footnote",
			"move it out, or put its words in bold, **as here**")
		return
	}
	if n.Lines().Len() == 0 {
		r.problems.add(r.placeAt(max(n.Pos(), 0)), "heading", "this heading has no words", "write them after the # signs, or delete the line")
		r.begin(&Passage{ID: r.newID(""), Level: n.Level, Place: r.placeAt(max(n.Pos(), 0))})
		return
	}
	h := &Passage{Title: Text(plainText(n, r.source)), Level: n.Level, Place: r.atLine(n)}
	r.checkHeadingAttributes(h, n)
	r.checkHeading(h, string(n.Lines().Value(r.source)), r.level)
	if isEmpty(n) {
		r.problems.add(h.Place, "empty-paragraph", "there is no text below this heading", "restore it, or delete the heading")
	}
	r.level = n.Level
	if h.cite(); h.Number == "" && h.ID != "" && r.ids[h.ID] {
		r.reportRepeatedName(h)
	}
	if h.hasOwnID = h.ID != ""; !h.hasOwnID {
		tries := r.tries
		h.ID = r.newID(string(h.Title))
		if tries <= maxRepeats && r.tries > maxRepeats {
			r.problems.add(h.Place, "too-dense", fmt.Sprintf("too many headings on this page have the words %s", Quote(string(h.Title))), denseAdvice)
		}
	}
	r.begin(h)
}

// reportRepeatedName reports that a heading's name is already used on the page.
func (r *markdownReader) reportRepeatedName(h *Passage) {
	if slices.Contains(pageIDs(r.page), h.ID) {
		r.problems.add(h.Place, "repeated-id", fmt.Sprintf("the page itself already uses the name %s", Quote(h.ID)), "give the heading another name, or none")
		return
	}
	r.problems.add(h.Place, "repeated-id", fmt.Sprintf("two headings on this page have the name %s", Quote(h.ID)), "give one of them another name, or none")
}

// pageIDs returns the ids that a page has whatever its text.
func pageIDs(p *Page) []string {
	all := []string{"main", "contents", "help", "title-help", "pages", "ways"}
	switch {
	case isSummary(p.File):
		all = append(all, "asked", "changing", "read-on", "data", "paper", "earlier", "drafts", "beside", "came-of-it", "totals")
	case p.Lists == "progress":
		all = append(all, "totals", "late", "title-late", "statuses")
		for _, id := range groupIDs {
			all = append(all, id, "title-"+id)
		}
	}
	return all
}

// readParagraph begins a passage with a numbered paragraph.
func (r *markdownReader) readParagraph(n ast.Node, place Place) {
	id, _ := n.AttributeString("id")
	h := &Passage{ID: string(id.([]byte)), Place: place, hasOwnID: true}
	h.cite()
	r.begin(h)
}

// begin adds a passage, to which the text that follows belongs.
func (r *markdownReader) begin(h *Passage) {
	h.Page = r.page
	r.ids[h.ID] = true
	r.passage = h
	r.page.Passages = append(r.page.Passages, h)
}

// isEmpty reports whether the heading has nothing below it.
func isEmpty(n *ast.Heading) bool {
	next := n.NextSibling()
	for isComment(next) {
		next = next.NextSibling()
	}
	switch next := next.(type) {
	case nil, *east.FootnoteList:
		return true
	case *ast.Heading:
		return next.Level <= n.Level
	}
	return false
}

// checkComment checks that a comment ends, and that nothing follows it on its last
// line: Markdown would leave that out too.
func (r *markdownReader) checkComment(n *ast.HTMLBlock) {
	text := string(n.Lines().Value(r.source))
	if n.HasClosure() {
		text += string(n.ClosureLine.Value(r.source))
	}
	text = strings.TrimSpace(text)
	_, rest, hasEnd := strings.Cut(strings.TrimPrefix(text, "<!"), "-->")
	switch {
	case !hasEnd:
		r.problems.add(r.atLine(n), "comment", "this comment does not end, so all the text below it would be left out", "add --> after it, or delete the <!--")
	case strings.TrimSpace(rest) != "":
		r.problems.add(r.atLine(n), "comment", "the words "+Quote(strings.TrimSpace(rest))+" after this comment would be left out", "move them to a line of their own, with an empty line above")
	}
}

// readReferences notes the names of the reference links that the page uses.
func (r *markdownReader) readReferences(doc ast.Node) {
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		var reference *ast.ReferenceLink
		switch n := n.(type) {
		case *ast.Link:
			reference = n.Reference
		case *ast.Image:
			reference = n.Reference
		}
		if reference != nil && entering {
			r.references[util.ToLinkReference(reference.Value)] = true
		}
		return ast.WalkContinue, nil
	})
}

// checkReference checks that a link uses a line [name]: address. Markdown leaves
// the line out, so it must not be text.
func (r *markdownReader) checkReference(n *ast.LinkReferenceDefinition) {
	name := util.ToLinkReference(n.Label)
	switch pending, ok := r.references[name]; {
	case !ok:
		r.problems.add(r.placeAt(max(n.Pos(), 0)), "link", fmt.Sprintf("no link uses [%s], so this line would be left out", oneLine(string(n.Label))),
			fmt.Sprintf("if it is text, write \\[%s]; if it is a link's address, write [the words][%[1]s] where the link belongs", oneLine(string(n.Label))))
	case pending:
		r.references[name] = false // another one would be left out
	default:
		r.problems.add(r.placeAt(max(n.Pos(), 0)), "link", fmt.Sprintf("there are two addresses for [%s], and this one would be left out", oneLine(string(n.Label))), "give each its own name")
	}
}

func isComment(n ast.Node) bool {
	html, ok := n.(*ast.HTMLBlock)
	return ok && html.HTMLBlockType == ast.HTMLBlockType2
}

// cite sets the passage's number and series from its id.
func (h *Passage) cite() {
	if m := passageNumber.FindStringSubmatch(h.ID); m != nil {
		h.Series, h.Number = m[1], m[2]
	}
}

// passageNumber matches an id that is a number, with or without a series before it:
// 3.9, 12, A4, finding-12.
var passageNumber = regexp.MustCompile(`^(?:([a-z]+(?:-[a-z]+)*)-)?([A-Z]?[0-9]+(?:\.[0-9]+)*)$`)

// newID makes an id from the words of a heading that has none. The same words must
// always make the same id: people link to it.
func (r *markdownReader) newID(title string) string {
	var b strings.Builder
	for _, c := range strings.TrimSpace(title) {
		switch {
		case c == '-' || c == ' ':
			b.WriteByte('-')
		case c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(unicode.ToLower(c))
		}
	}
	id := cmp.Or(b.String(), "heading")
	for first := id; r.ids[id]; id = fmt.Sprintf("%s-%d", first, r.repeats[first]) {
		r.repeats[first]++
		r.tries += r.repeats[first] // Hugo starts again for each
	}
	return id
}

// addLink adds a link or a picture, which is checked when all pages have been read.
func (r *markdownReader) addLink(n ast.Node, destination, title []byte, words string, picture bool) {
	place := r.placeAt(max(offsetOf(n), 0))
	if !r.checkCopies(place, destination, title) {
		return
	}
	w := textLink{destination: string(destination), words: words, around: r.around(n, words), title: string(title), place: place, picture: picture}
	w.passage = r.passage
	r.page.links = append(r.page.links, w)
}

// around returns the words of a link with the letters, digits, full stops and the like that
// they touch: together, they may look like an address.
func (r *markdownReader) around(n ast.Node, words string) string {
	isEdge := func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune(".-/@", c)
	}
	if t, ok := n.PreviousSibling().(*ast.Text); ok {
		text := string(t.Segment.Value(r.source))
		words = text[strings.LastIndexFunc(text, isEdge)+1:] + words
	}
	if t, ok := n.NextSibling().(*ast.Text); ok {
		text := string(t.Segment.Value(r.source))
		if i := strings.IndexFunc(text, isEdge); i >= 0 {
			text = text[:i]
		}
		words += text
	}
	return words
}

// offsetOf returns the offset of an inline node in the text: where its words begin,
// or those next to it, or its block.
func offsetOf(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Type() == ast.TypeBlock {
			if n.Lines() != nil && n.Lines().Len() > 0 {
				return n.Lines().At(0).Start
			}
			continue
		}
		for _, near := range []ast.Node{n.FirstChild(), n.PreviousSibling(), n.NextSibling()} {
			if t, ok := near.(*ast.Text); ok {
				return t.Segment.Start
			}
		}
	}
	return -1
}

// lineSeparator separates lines that are joined into one.
const lineSeparator = " · "

// addWords adds words to the current passage, or to the text before the first. The
// words of a heading are its title and are not added.
func (r *markdownReader) addWords(n ast.Node, words []byte) {
	block := n
	for block.Type() != ast.TypeBlock {
		block = block.Parent()
	}
	if block.Kind() == ast.KindHeading {
		return
	}
	target := &r.page.words
	if r.passage != nil {
		target = &r.passage.words
	}
	switch {
	case r.block == block || len(*target) == 0:
	case block.Parent() != nil && block.Parent().Kind() == ast.KindListItem:
		*target = append(*target, lineSeparator...)
	default:
		*target = append(*target, ' ')
	}
	r.block = block
	*target = append(*target, words...)
}

// addressOf returns the address that a bare address in the text links to.
func addressOf(n *ast.AutoLink, source []byte) []byte {
	address := n.URL(source)
	if len(n.Protocol) > 0 { // the text has none, and Hugo uses https
		address = append([]byte("https"), address[len(n.Protocol):]...)
	}
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(string(address)), "mailto:") {
		address = append([]byte("mailto:"), address...)
	}
	return address
}

// readableText returns the words of a text as a reader sees them.
func readableText(t *ast.Text, source []byte) []byte {
	words := plainSigns(t.Value(source))
	if t.SoftLineBreak() || t.HardLineBreak() {
		words = append(slices.Clip(words), ' ')
	}
	return words
}

// plainText returns the text in a node as a reader sees it.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(readableText(t, source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

var (
	unspaced  = regexp.MustCompile(`^#{1,6}[^#\s]`)
	splitLink = regexp.MustCompile(`\][ \t]+\((?:https?:|mailto:|#|[\w/.-]+\.md)`)
	bullet    = regexp.MustCompile(`^(?:[•·●▪■◦‣⁃–—][ \t\x{a0}]|o\t)`)
	hyphens   = regexp.MustCompile(`^--+[ \t]`)
	shortcode = regexp.MustCompile(`\{\{[<%]\s*/?\s*([^\s>%}]*)`)
)

// checkText checks the lines of a paragraph for mistyped headings, lists and links.
func (r *markdownReader) checkText(n ast.Node) {
	if all := string(plainSigns(n.Lines().Value(r.source))); n.Lines().Len() > 0 && isBlank(all) {
		r.problems.add(r.atLine(n), "hidden-character", "there are only invisible characters here", "delete them")
	}
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		text := string(segment.Value(r.source))
		if text == "" {
			continue
		}
		place := r.placeAt(segment.Start)
		if text[0] == '#' && unspaced.MatchString(text) {
			r.problems.add(place, "heading", "this line looks like a heading but is not one",
				"put a space after the #; if no heading is meant, write \\#")
		} else {
			r.checkBrace(place, text)
		}
		if sign := bullet.FindString(text); (text[0] >= utf8.RuneSelf || text[0] == 'o') && sign != "" && !isAttribution(n, i, sign) {
			r.problems.add(place, "bullet", "this line begins with a "+strings.TrimSpace(sign)+", as lists in word processors do, and would not be shown as a list",
				"begin it with a hyphen and a space, and leave an empty line above the list")
		}
		if strings.HasPrefix(text, "--") && hyphens.MatchString(text) && isAttribution(n, i, "—") {
			r.problems.add(place, "quotation", "this line begins with --, so it would not be shown as the source of the quotation", "write — in place of --")
		}
		if strings.Contains(text, "]") && splitLink.MatchString(text) {
			r.problems.add(place, "link", "this link has a space in the middle, so it would not work", "write [the words](the address) without a space between ] and (")
		}
	}
}

// isAttribution reports whether line i of a block, which begins with sign, is the
// attribution of a quotation.
func isAttribution(n ast.Node, i int, sign string) bool {
	return n.Parent().Kind() == ast.KindBlockquote && n.NextSibling() == nil && i == n.Lines().Len()-1 &&
		(i > 0 || n.PreviousSibling() != nil) && (strings.HasPrefix(sign, "—") || strings.HasPrefix(sign, "–"))
}

// notice matches the start of a box in other programs; Hugo leaves that line out.
var notice = regexp.MustCompile(`^\[![A-Za-z]+\]`)

// checkQuotation reports boxes, which begin like quotations.
func (r *markdownReader) checkQuotation(n *ast.Blockquote) {
	if p, ok := n.FirstChild().(*ast.Paragraph); ok {
		if sign := notice.Find(p.Lines().Value(r.source)); sign != nil {
			r.problems.add(r.atLine(p), "quotation", fmt.Sprintf("%s does not make a box on this site", Quote(string(sign))), "delete it, and the > at the start of each line unless it is a quotation")
		}
	}
}

var (
	footnote    = regexp.MustCompile(`(?:^|[^\\])\[\^([^\]\n]+)\]`)
	footnoteTop = regexp.MustCompile(`(?m)^[ \t]*\[\^([^\]\n]+)\]:`)
)

// checkFootnotes checks that each footnote has a text, and that each text is cited:
// Markdown shows [^1] as it is if it has no text, and leaves out a text that is not
// cited. first is the number of lines of the file before body.
func (l *loader) checkFootnotes(file, body string, first int) {
	if !strings.Contains(body, "[^") {
		return
	}
	placeAt := placesIn(file, body, first)
	texts, uses := map[string]int{}, map[string]int{}
	for _, m := range footnote.FindAllStringSubmatch(body, -1) {
		uses[m[1]]++
	}
	for _, m := range footnoteTop.FindAllStringSubmatchIndex(body, -1) {
		name := body[m[2]:m[3]]
		texts[name]++
		if uses[name]--; texts[name] == 2 {
			l.problems.add(placeAt(m[2]), "footnote", fmt.Sprintf("the footnote [^%s] has two texts", name), "give one of them another number, here and where it is cited")
		}
	}
	for _, m := range footnoteTop.FindAllStringSubmatchIndex(body, -1) {
		if name := body[m[2]:m[3]]; uses[name] == 0 && texts[name] == 1 {
			l.problems.add(placeAt(m[2]), "footnote", "nothing cites this footnote, so it would be left out", fmt.Sprintf("write [^%s] where it belongs, or delete it", name))
		}
	}
	for _, m := range footnote.FindAllStringSubmatchIndex(body, -1) {
		if name := body[m[2]:m[3]]; texts[name] == 0 {
			texts[name]++ // is reported once
			l.problems.add(placeAt(m[2]), "footnote", fmt.Sprintf("the footnote [^%s] has no text", name), fmt.Sprintf("write it on its own line, at the end of the page: [^%s]: …", name))
		}
	}
}

// checkSigns checks that no Markdown signs are left among the words.
func (l *loader) checkSigns(place Place, words string) {
	switch {
	case strings.Contains(words, "]("):
		l.problems.add(place, "link", "this link or picture is not written correctly",
			"write [the words](the address); put an address with a space in it between < and >")
	case strings.Contains(words, "]["):
		l.problems.add(place, "link", "this link is not written correctly", "write [the words](the address), with round brackets around the address")
	case strings.Contains(words, "**"), strings.Contains(words, "__"):
		l.problems.add(place, "emphasis", "there is a ** or __ here that encloses nothing, so it would be shown as it is",
			"put it at both ends of the words, without spaces, **as here**, or delete it")
	}
}

// checkShortcodes checks that every {{< call >}} has a template in this site. Those
// that come with Hugo load pages and scripts from other sites.
func (l *loader) checkShortcodes(file, body string, first int) {
	if !strings.Contains(body, "{{") {
		return
	}
	placeAt := placesIn(file, body, first)
	for _, m := range shortcode.FindAllStringSubmatchIndex(body, maxProblems) {
		name := body[m[2]:m[3]]
		if _, err := fs.Stat(l.source, "layouts/_shortcodes/"+name+".html"); err != nil {
			l.problems.add(placeAt(m[0]), "shortcode",
				fmt.Sprintf("this site has no %s", Quote(body[m[0]:m[3]])), "write the same in Markdown")
		}
	}
}

// checkHeading checks the level, number and name of a heading. parentLevel is the level
// of the heading before it.
func (l *loader) checkHeading(h *Passage, title string, parentLevel int) {
	switch level := h.Level; {
	case level == 1:
		l.problems.add(h.Place, "heading-level", "a heading with one # would be a second page title", "begin it with ##")
	case level > parentLevel+1:
		l.problems.add(h.Place, "heading-level", fmt.Sprintf("a heading with %s cannot follow one with %s", strings.Repeat("#", level), strings.Repeat("#", parentLevel)),
			fmt.Sprintf("begin it with %s", strings.Repeat("#", parentLevel+1)))
	}
	if strings.Contains(title, "{#") || strings.HasSuffix(strings.TrimSpace(title), "}") {
		l.problems.add(h.Place, "paragraph-number", "the number after this heading cannot be read", "end the line with it, as in ### Early help {#3.8}")
	}
	switch {
	case h.ID == "":
	case !headingID.MatchString(h.ID) && !passageNumber.MatchString(h.ID):
		l.problems.add(h.Place, "paragraph-number", fmt.Sprintf("%s cannot be the number or name of a heading", Quote(h.ID)), "use digits and full stops, or lower-case letters, digits and hyphens, as in {#3.8}")
	case recordID.MatchString(h.ID):
		l.problems.add(h.Place, "paragraph-number", fmt.Sprintf("%s could be mistaken for the address of a record", Quote(h.ID)), "give the heading another number or name, or none")
	}
}

var (
	headingID = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)

	// The start of ids that are made from records.
	recordID = regexp.MustCompile(`^(title-)?(challenge|recommendation|theme|organisation|term|measure|requirement|status|figures|news|request|state-of|asked-of|table|thread)-`)
)

var tagName = regexp.MustCompile(`^</?([a-zA-Z][a-zA-Z0-9-]*)`)

// reportHTML reports HTML in a page, with what to write in Markdown instead.
func (l *loader) reportHTML(place Place, html string) {
	do := "write it in Markdown; for a plain < write \\<"
	what := "pages cannot contain HTML tags"
	if m := tagName.FindStringSubmatch(strings.TrimSpace(html)); m != nil {
		what = fmt.Sprintf("the HTML tag <%s> cannot be used in a page", m[1])
		if instead, ok := insteadOf[strings.ToLower(m[1])]; ok {
			do = instead
		}
	}
	l.problems.add(place, "raw-html", what, do)
}

// insteadOf says how editors write in Markdown what they know from HTML.
var insteadOf = map[string]string{
	"a":      "write [the words](the address)",
	"b":      "write **the words**",
	"strong": "write **the words**",
	"i":      "write *the words*",
	"em":     "write *the words*",
	"br":     "leave an empty line to begin a new paragraph",
	"p":      "leave an empty line to begin a new paragraph",
	"img":    "write ![what it shows](the file)",
	"ul":     "begin each line of the list with a hyphen",
	"li":     "begin each line of the list with a hyphen",
	"h2":     "begin the line with ##",
	"h3":     "begin the line with ###",
	"script": "delete it: pages run no scripts",
	"style":  "delete it: the site's styles are in static/css/report.css",
}
