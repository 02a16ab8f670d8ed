package check

import (
	"slices"
	"strings"
)

// traits say how an element takes part in a page.
type traits uint16

const (
	inline    traits = 1 << iota // part of a line of text, without space around it
	invisible                    // its text is not shown
	empty                        // has no end tag
	optional                     // its end tag may be left out
	block                        // ends a paragraph that was left open
	metadata                     // belongs in the head; any other ends it
	series1                      // an element ends the one before it in the same series
	series2
	series3
	series4
	series5
	series6
	series = series1 | series2 | series3 | series4 | series5 | series6
)

var traitsOf = map[string]traits{}

func init() {
	for words, t := range map[string]traits{
		"a abbr b bdi cite code data del dfn em i img ins kbd mark q s samp small span strike strong sub sup time u var wbr": inline,
		"head noscript script style template canvas video audio object iframe datalist dialog metadata title desc":           invisible,
		"area base br col embed hr img input link meta source track wbr":                                                     empty,
		"body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr":                                optional,
		"address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6":           block,
		"dd dt header hr li main nav ol p pre section table ul":                                                              block,
		"base link meta noscript script style template title":                                                                metadata,
		"li": series1, "dt dd": series2, "tr": series3, "td th": series4, "option": series5, "thead tbody tfoot": series6,
	} {
		for tag := range strings.FieldsSeq(words) {
			traitsOf[tag] |= t
		}
	}
}

// closeImplied closes the elements without end tags that the start of another ends.
func (r *reader) closeImplied(next traits) {
	for len(r.stack) > 0 {
		last := len(r.stack) - 1
		switch top := &r.stack[last]; {
		case top.tag == "p" && next&block != 0:
		case top.tag == "head" && next&metadata == 0:
		case top.traits&next&series != 0:
		default:
			return
		}
		r.closeTo(last)
	}
}

// inDrawing reports whether the reader is in an SVG or a formula, where a tag such as
// <path/> ends its element.
func (r *reader) inDrawing() bool {
	return slices.ContainsFunc(r.stack, func(e element) bool { return e.tag == "svg" || e.tag == "math" })
}
