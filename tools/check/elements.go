package check

import (
	"slices"

	"golang.org/x/net/html/atom"
)

// traits say how an element takes part in a page.
type traits uint16

const (
	inline        traits = 1 << iota // stands in a line of text, so that no space comes before or after it
	unseen                           // its text is not part of the page
	empty                            // has no end tag
	endsParagraph                    // ends a paragraph that was left open
	inHead                           // stands in the head; any other ends it
	endsItself                       // its end tag may be left out
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

	atom.Html: endsItself, atom.Body: endsItself,
	atom.Head: unseen | endsItself, atom.Noscript: unseen | inHead, atom.Script: unseen | inHead, atom.Style: unseen | inHead,
	atom.Template: unseen | inHead, atom.Title: inHead,
	atom.Base: empty | inHead, atom.Link: empty | inHead, atom.Meta: empty | inHead,
	atom.Area: empty, atom.Br: empty, atom.Col: empty, atom.Embed: empty, atom.Img: empty, atom.Input: empty,
	atom.Source: empty, atom.Track: empty, atom.Hr: empty | endsParagraph,

	atom.Address: endsParagraph, atom.Article: endsParagraph, atom.Aside: endsParagraph, atom.Blockquote: endsParagraph,
	atom.Details: endsParagraph, atom.Div: endsParagraph, atom.Dl: endsParagraph, atom.Fieldset: endsParagraph,
	atom.Figcaption: endsParagraph, atom.Figure: endsParagraph, atom.Footer: endsParagraph, atom.Form: endsParagraph,
	atom.H1: endsParagraph, atom.H2: endsParagraph, atom.H3: endsParagraph, atom.H4: endsParagraph, atom.H5: endsParagraph,
	atom.H6: endsParagraph, atom.Header: endsParagraph, atom.Main: endsParagraph, atom.Nav: endsParagraph,
	atom.Ol: endsParagraph, atom.P: endsParagraph | endsItself, atom.Pre: endsParagraph, atom.Section: endsParagraph,
	atom.Table: endsParagraph, atom.Ul: endsParagraph,
	atom.Li: endsParagraph | item1 | endsItself, atom.Dt: endsParagraph | item2 | endsItself, atom.Dd: endsParagraph | item2 | endsItself,
	atom.Tr: item3 | endsItself, atom.Td: item4 | endsItself, atom.Th: item4 | endsItself, atom.Option: item5 | endsItself,
	atom.Thead: item6 | endsItself, atom.Tbody: item6 | endsItself, atom.Tfoot: item6 | endsItself,
	atom.Colgroup: endsItself, atom.Optgroup: endsItself, atom.Rp: endsItself, atom.Rt: endsItself,
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

// inDrawing tells whether the reader is in an SVG or a formula, where a tag such
// as <path/> is an element with its end.
func (r *reader) inDrawing() bool {
	return slices.ContainsFunc(r.stack, func(o open) bool { return o.atom == atom.Svg || o.atom == atom.Math })
}
