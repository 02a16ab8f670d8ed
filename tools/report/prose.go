package report

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// A Prose is one block of a page's text in plain words, as a reader sees it: a
// paragraph, a heading, an item of a list, a cell of a table, a footnote. This
// package reads it from the Markdown independently of Hugo, so that the check can
// prove that the page says exactly that.
type Prose struct {
	Text             string
	Place            Place
	Passage          *Passage // that it is in, or nil
	Heading          bool     // its passage begins with it
	HasStrikethrough bool     // some of it is crossed out
	Links            []string // the destinations of its links, as in the source
	AltTexts         []string // the descriptions of its pictures, and the titles of its links
}

// Prose returns the page's text, block by block.
func (p *Page) Prose() []Prose { return p.prose }

// readProse reads a page's text.
func (r *markdownReader) readProse(doc ast.Node) {
	passages := r.page.Passages
	var passage *Passage
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		_, numbered := r.numbers[n]
		heading := n.Kind() == ast.KindHeading && n.Parent().Kind() == ast.KindDocument
		switch n.Kind() {
		case ast.KindHeading, ast.KindParagraph, ast.KindTextBlock, east.KindTableCell, east.KindTable, east.KindDefinitionTerm:
		default:
			return ast.WalkContinue, nil
		}
		if !entering {
			return ast.WalkContinue, nil
		}
		isStart := heading || numbered && n.Kind() == ast.KindParagraph
		if isStart && len(passages) > 0 {
			passage, passages = passages[0], passages[1:]
		}
		b := proseReader{Prose: Prose{Passage: passage, Heading: isStart, Place: r.placeAt(0)}, source: r.source}
		if n.Lines() != nil && n.Lines().Len() > 0 {
			b.Place = r.atLine(n)
		} else if offset := offsetOf(n.FirstChild()); offset >= 0 {
			b.Place = r.placeAt(offset)
		}
		if n.Kind() == east.KindTable {
			if caption, ok := n.AttributeString("caption"); ok {
				b.words.Write(caption.([]byte))
				r.page.addProse(&b)
			}
			return ast.WalkContinue, nil
		}
		b.read(n)
		r.page.addProse(&b)
		return ast.WalkSkipChildren, nil
	})
}

// addProse adds a block to the page's text, in two parts if it ends with an attribution.
func (p *Page) addProse(b *proseReader) {
	b.Text = strings.TrimSpace(b.words.String())
	if offset := b.attribution(); offset > 0 {
		first, last := b.Prose, b.Prose
		count := 0 // the number of links before it
		for count < len(b.linkOffsets) && b.linkOffsets[count] <= offset {
			count++
		}
		first.Text, last.Text, last.AltTexts, last.Heading = b.Text[:offset], b.Text[offset:], nil, false
		first.Links, last.Links = b.Links[:count:count], b.Links[count:]
		p.prose = append(p.prose, first, last)
		return
	}
	p.prose = append(p.prose, b.Prose)
}

// A proseReader reads one block.
type proseReader struct {
	Prose
	source      []byte
	words       strings.Builder
	linkOffsets []int // where in the words each link begins
	quoted      bool  // it is the last paragraph of a quotation
}

var attributionLine = regexp.MustCompile(`\n[—–][ \x{a0}][^\n]*$`)

// attribution returns the offset of the attribution in the last paragraph of a
// quotation, or -1: see [Page.Quotation].
func (b *proseReader) attribution() int {
	if m := attributionLine.FindStringIndex(b.Text); b.quoted && m != nil {
		return m[0]
	}
	return -1
}

// typographic makes the same signs as Hugo.
var typographic = strings.NewReplacer("---", "—", "--", "–", "...", "…", "<<", "«", ">>", "»")

// read reads the words of a block.
func (b *proseReader) read(block ast.Node) {
	b.quoted = block.Parent() != nil && block.Parent().Kind() == ast.KindBlockquote && block.NextSibling() == nil
	picture, alone := block.FirstChild().(*ast.Image)
	if alone = alone && aloneInBlock(picture); alone {
		b.words.Write(plainSigns(picture.Title))
	}
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			text := plainSigns(n.Value(b.source))
			if n.Parent().Kind() != ast.KindCodeSpan {
				text = []byte(typographic.Replace(string(text)))
			}
			b.words.Write(text)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.words.WriteByte('\n')
			}
		case *ast.String:
			b.words.Write(n.Value)
		case *ast.AutoLink:
			begin := b.words.Len()
			b.words.Write(n.Label(b.source))
			b.Links, b.linkOffsets = append(b.Links, string(addressOf(n, b.source))), append(b.linkOffsets, begin)
		case *ast.Link:
			if len(n.Title) > 0 {
				b.AltTexts = append(b.AltTexts, string(plainSigns(n.Title)))
			}
			b.Links, b.linkOffsets = append(b.Links, string(n.Destination)), append(b.linkOffsets, b.words.Len())
		case *east.Strikethrough:
			b.HasStrikethrough = true
		case *ast.Image:
			b.AltTexts = append(b.AltTexts, plainText(n, b.source))
			if !alone && len(n.Title) > 0 {
				b.AltTexts = append(b.AltTexts, string(plainSigns(n.Title)))
			}
			return ast.WalkSkipChildren, nil
		case *east.FootnoteLink:
			b.words.WriteString(strconv.Itoa(n.Index))
		case *east.FootnoteBacklink:
			b.words.WriteString(" ↩︎")
		}
		return ast.WalkContinue, nil
	})
}

// aloneInBlock reports whether a picture is alone in its paragraph, apart from links
// back from a footnote.
func aloneInBlock(n *ast.Image) bool {
	for next := n.NextSibling(); next != nil; next = next.NextSibling() {
		if next.Kind() != east.KindFootnoteBacklink {
			return false
		}
	}
	return n.Parent().Kind() == ast.KindParagraph
}

// Plain returns text in Markdown, such as a link's title, as a reader sees it.
func (p *Page) Plain(text string) string { return string(plainSigns([]byte(text))) }

// plainSigns replaces escapes and entities in Markdown with the signs that readers see.
func plainSigns(text []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(text)))
}
