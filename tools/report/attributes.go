package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A line {#6.9} below a paragraph is its number, and {caption="…"} below a table its
// caption. Hugo reads such lines with its own extension of goldmark, and this one
// reads them in the same way. Hugo would accept much else between the braces, and
// lose what it cannot use: anything but a number or a caption is refused here.

// An attributeLine is a block of attributes for the block before it.
type attributeLine struct {
	ast.BaseBlock
	start int
}

var kindAttributeLine = ast.NewNodeKind("AttributeLine")

func (*attributeLine) Kind() ast.NodeKind              { return kindAttributeLine }
func (n *attributeLine) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// attributeParser reads attribute lines.
type attributeParser struct{}

func (attributeParser) Trigger() []byte                             { return []byte{'{'} }
func (attributeParser) CanInterruptParagraph() bool                 { return true }
func (attributeParser) CanAcceptIndentedLine() bool                 { return false }
func (attributeParser) Close(ast.Node, text.Reader, parser.Context) {}
func (attributeParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}

func (attributeParser) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	_, line := reader.PeekLine()
	all, ok := parser.ParseAttributes(reader)
	if !ok {
		return nil, parser.RequireParagraph
	}
	n := &attributeLine{start: line.Start}
	for _, a := range all {
		n.SetAttribute(a.Name, a.Value)
	}
	return n, parser.NoChildren
}

var (
	// A line that begins with a brace, after any marks of quotations, lists and footnotes.
	braceLine = regexp.MustCompile(`(?m)^(?:[ \t]*(?:>|[-+*:]|[0-9]{1,9}[.)]|\[\^[^\]\n]*\]:))*[ \t]*(\{[^\n]*)$`)

	// Braces alone on a line, which Hugo would lose.
	closedBraces = regexp.MustCompile(`^\{[^{}\[\]]*\}\s*$`)

	// The start of a number or caption, which should not be among words.
	attributes = regexp.MustCompile(`(?:^|[^\\])\{(?:#|(?:caption|class|id|style)\s*=)`)
)

// checkBraces reports lines that begin with a brace and are not attributes, and
// returns the text with these braces replaced: the parser could read on from each
// of them to the next.
func (l *loader) checkBraces(body string, placeAt func(offset int) Place) []byte {
	source := []byte(body)
	for _, m := range braceLine.FindAllStringSubmatchIndex(body, -1) {
		line := body[m[2]:m[3]]
		if closedBraces.MatchString(line) || strings.HasPrefix(line, "{{") { // that is never read as attributes
			continue
		}
		source[m[2]] = '('
		l.problems.add(placeAt(m[2]), "attributes", "this line begins with a { and cannot be read",
			"put a paragraph's number or a table's caption alone on the line, as in {#6.9}; for a plain { write \\{")
	}
	return source
}

// checkBrace checks that there is no number or caption among words.
func (r *markdownReader) checkBrace(place Place, words string) {
	if strings.Contains(words, "{") && attributes.MatchString(words) {
		r.problems.add(place, "attributes", "the { here begins a number or caption, and would be shown as it is",
			"put it on its own line, as in {#6.9}, with straight quotes around a caption; for a plain { write \\{")
	}
}

// joinAttributes sets the attributes on the line below each block, as Hugo does, and
// reports those that do not fit.
func (r *markdownReader) joinAttributes(doc ast.Node) {
	var lines []*attributeLine
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if line, ok := n.(*attributeLine); ok && entering {
			lines = append(lines, line)
		}
		return ast.WalkContinue, nil
	})
	for _, line := range lines {
		block, next := line.PreviousSibling(), line.NextSibling()
		if line.HasBlankPreviousLines() {
			block = nil
		}
		line.Parent().RemoveChild(line.Parent(), line)
		source, _, _ := strings.Cut(string(r.source[line.start:]), "\n")
		what, do := r.wrongAttributes(strings.TrimSpace(source), line, block)
		if p, ok := next.(*ast.Paragraph); ok && what == "" && !p.HasBlankPreviousLines() {
			what, do = "the text below this line would be a separate paragraph", "move the line to the end of the paragraph, or leave an empty line below it"
		}
		if what == "" && r.numbers[block] != (Place{}) {
			what, do = "there is already a number or caption on the line above", "delete one of them"
		}
		if what != "" {
			r.problems.add(r.placeAt(line.start), "attributes", what, do)
			continue
		}
		for _, a := range line.Attributes() {
			block.SetAttribute(a.Name, a.Value)
			r.numbers[block] = r.placeAt(line.start)
		}
	}
}

// wrongAttributes returns why attributes do not fit a block, or "".
func (r *markdownReader) wrongAttributes(source string, line *attributeLine, block ast.Node) (what, do string) {
	const onlyThese = `only a paragraph's number, {#6.9}, and a table's caption, {caption="…"}, work here`
	if len(line.Attributes()) != 1 {
		return fmt.Sprintf("%s is not a single number or caption", Quote(source)), "write one of them; " + onlyThese
	}
	a := line.Attributes()[0]
	value, isText := a.Value.([]byte)
	switch {
	case bytes.Equal(a.Name, []byte("caption")):
		_, isTable := block.(*east.Table)
		switch {
		case !isTable:
			return "there is no table directly above this caption", `write it on the line below the table; a picture's caption goes after its file: ![what it shows](file.png "the caption")`
		case !isText || len(bytes.TrimSpace(value)) == 0:
			return "this caption has no text in quotes", `write {caption="…"}`
		}
		return "", ""
	case !bytes.Equal(a.Name, []byte("id")):
		return fmt.Sprintf("%s cannot be set in a page", Quote(string(a.Name))), "delete the line; " + onlyThese
	case block == nil:
		return fmt.Sprintf("there is no paragraph directly above the number %s", Quote(source)), "write it as the last line of its paragraph, with no empty line between"
	case block.Kind() == ast.KindHeading:
		return fmt.Sprintf("%s is below its heading", Quote(source)), "write it at the end of the heading's line, as in ### Early help {#3.8}"
	case block.Kind() != ast.KindParagraph || block.Parent().Kind() != ast.KindDocument || isPictureAlone(block):
		return fmt.Sprintf("%s is not below a paragraph: lists, tables, quotations and pictures, and any text in them, cannot have a number", Quote(source)), "write it as the last line of a paragraph of text"
	case !isText || !passageNumber.Match(value):
		return fmt.Sprintf("%s cannot be the number of a paragraph", Quote(source)), "use digits and full stops, as in {#6.9}, with a word before them for a separate series, as in {#finding-12}"
	case recordID.Match(value):
		return fmt.Sprintf("%s could be mistaken for the address of a record", Quote(string(value))), "give the paragraph another number"
	}
	return "", ""
}

// isPictureAlone reports whether a block consists of one picture.
func isPictureAlone(n ast.Node) bool {
	_, ok := n.FirstChild().(*ast.Image)
	return ok && n.ChildCount() == 1
}

// checkHeadingAttributes reads the id after a heading, and checks that there are no
// other attributes.
func (r *markdownReader) checkHeadingAttributes(h *Passage, n *ast.Heading) {
	for _, a := range n.Attributes() {
		value, isText := a.Value.([]byte)
		switch {
		case !bytes.Equal(a.Name, []byte("id")):
			r.problems.add(h.Place, "attributes", fmt.Sprintf("%s cannot be set in a page", Quote(string(a.Name))), "delete it; a heading can only have a number or a name, as in {#3.8}")
		case !isText || len(value) == 0:
			r.problems.add(h.Place, "paragraph-number", "the number after this heading cannot be read", "end the line with it, as in ### Early help {#3.8}")
		default:
			h.ID = string(value)
		}
	}
}
