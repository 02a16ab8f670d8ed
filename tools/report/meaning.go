package report

import (
	"fmt"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// Markdown gives some signs a meaning that the person who wrote them did not have in
// mind: 2*3*4 would lose its stars, H~2~O would be crossed out, and the items 1, 3 and
// 7 would be numbered 1, 2 and 3.

// checkEmphasis checks that a * or ~ is not part of a calculation or formula.
func (r *markdownReader) checkEmphasis(n ast.Node) {
	start, end := r.spanOf(n)
	if start < 0 {
		return
	}
	isMark := func(i int) bool {
		return i >= 0 && i < len(r.source) && (r.source[i] == '*' || r.source[i] == '_' || r.source[i] == '~')
	}
	before, after := start-1, end
	for isMark(before) {
		before--
	}
	for isMark(after) {
		after++
	}
	left, _ := utf8.DecodeLastRune(r.source[:before+1])
	first, _ := utf8.DecodeRune(r.source[start:])
	last, _ := utf8.DecodeLastRune(r.source[:end])
	right, _ := utf8.DecodeRune(r.source[after:])
	isWrong := unicode.IsDigit(left) && unicode.IsDigit(first) || unicode.IsDigit(last) && unicode.IsDigit(right)
	sign := "*"
	if n.Kind() == east.KindStrikethrough {
		sign = "~"
		isSingle := start-before == 2 && after-end == 1
		isWrong = isWrong || isSingle && (unicode.IsLetter(left) || unicode.IsDigit(left) || unicode.IsLetter(right) || unicode.IsDigit(right))
	}
	if isWrong {
		r.problems.add(r.placeAt(start), "emphasis", fmt.Sprintf("the %s signs next to a digit or letter here would not be shown", sign), fmt.Sprintf("write \\%s for a plain %[1]s", sign))
	}
}

// spanOf returns where the words in a node begin and end in the text, or -1.
func (r *markdownReader) spanOf(n ast.Node) (start, end int) {
	start = -1
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			if start < 0 {
				start = t.Segment.Start
			}
			end = t.Segment.Stop
		}
		return ast.WalkContinue, nil
	})
	return start, end
}

// itemNumber matches the number of a list's item at the end of what is before its words.
var itemNumber = regexp.MustCompile(`([0-9]{1,9})[.)][ \t]*$`)

// checkList checks that the written numbers of a list are those that it would show, or
// all the same.
func (r *markdownReader) checkList(n *ast.List) {
	if !n.IsOrdered() {
		return
	}
	want, same := n.Start, true
	var wrong *Problem
	for item := n.FirstChild(); item != nil; item, want = item.NextSibling(), want+1 {
		block := item.FirstChild()
		if block == nil || block.Lines() == nil || block.Lines().Len() == 0 {
			return
		}
		offset := block.Lines().At(0).Start
		begin := offset
		for begin > 0 && r.source[begin-1] != '\n' {
			begin--
		}
		m := itemNumber.FindSubmatch(r.source[begin:offset])
		if m == nil {
			return
		}
		number, _ := strconv.Atoi(string(m[1])) // nine digits at most
		same = same && number == n.Start
		if number != want && wrong == nil {
			wrong = &Problem{Place: r.placeAt(offset), Rule: "list-number", What: fmt.Sprintf("this item is number %d, but would be shown as %d", number, want),
				Do: fmt.Sprintf("number the items one after another; if the numbers must stay, write %d\\. and put each item in a paragraph of its own", number)}
		}
	}
	if wrong != nil && !same {
		r.problems = append(r.problems, *wrong)
	}
}

// checkFootnoteText checks that a footnote ends with a paragraph, which has the link back.
func (r *markdownReader) checkFootnoteText(n *east.Footnote) {
	if last := n.LastChild(); last != nil && last.Kind() == east.KindFootnoteBacklink {
		r.problems.add(r.placeAt(max(offsetOf(firstText(n)), 0)), "footnote", "this footnote ends with a list, a table or a quotation", "end it with a sentence")
	}
}

// firstText returns the first text in a node, or the node itself.
func firstText(n ast.Node) ast.Node {
	for child := n; child != nil; child = child.FirstChild() {
		n = child
	}
	return n
}

// checkBareAddress checks that an address in the text ends where its link does.
func (r *markdownReader) checkBareAddress(n *ast.AutoLink) {
	next, ok := n.NextSibling().(*ast.Text)
	if !ok {
		return
	}
	if sign, _ := utf8.DecodeRune(next.Segment.Value(r.source)); sign > unicode.MaxASCII && unicode.IsLetter(sign) {
		r.problems.add(r.placeAt(next.Segment.Start), "link", fmt.Sprintf("the address %s is followed by a letter outside a to z (U+%04X)", Quote(string(n.Label(r.source))), sign),
			"copy it again from the browser, and leave a space after it")
	}
}
