package report

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Parsing and rendering Markdown takes time or memory that grows with the square of
// some things on a page. These limits are far beyond what anybody writes.
const (
	maxSigns    = 2000    // of links, emphasis and code in a block
	maxQuotes   = 2000    // straight quotation marks, ... and -- in a block: for each, Hugo may read all that follow
	maxNotes    = 1000    // lines that begin with [name]:
	maxCells    = 50_000  // in all tables
	maxEmpty    = 1000    // cells missing from rows, beyond four for each character of the table
	maxNodes    = 100_000 // paragraphs, links and everything else
	maxAddress  = 2000    // characters in a link's address
	maxCopies   = 1 << 20 // characters in the addresses and titles of all links
	maxRepeats  = 300_000 // ids tried for headings with the same words
	maxProblems = 500     // reported for one page
	denseAdvice = "split the page in two, or check what was pasted here"
)

// checkDense checks that a page's text has no block that takes long to parse. first
// is the number of lines of the file before body.
func (l *loader) checkDense(file, body string, first int) bool {
	signs, quotes, notes := 0, 0, 0
	for line := range strings.Lines(body) {
		first++
		if util.IsBlank([]byte(line)) {
			signs, quotes = 0, 0
			continue
		}
		for _, c := range []byte(line) {
			if strings.IndexByte("[]*_~`<", c) >= 0 {
				signs++
			}
		}
		quotes += strings.Count(line, `"`) + strings.Count(line, "'") + strings.Count(line, ">>") + strings.Count(line, "..") + strings.Count(line, "--")
		if line[0] == '[' && strings.Contains(line, "]:") {
			notes++
		}
		if quotes > maxQuotes {
			l.problems.add(Place{file, first}, "too-dense", "there are too many quotation marks, dots or hyphens here", "leave an empty line between paragraphs, or check what was pasted here")
			return false
		}
		if signs > maxSigns || notes > maxNotes {
			l.reportDense(Place{file, first})
			return false
		}
	}
	return true
}

// reportDense reports a place with too much Markdown to parse.
func (l *loader) reportDense(place Place) {
	l.problems.add(place, "too-dense", "there is too much Markdown here: links, emphasis, notes or table cells", denseAdvice)
}

// A tableBound is a paragraph transformer that removes tables which would be too
// large, before they are built: every row is filled up to the length of the head.
type tableBound struct{}

// A tableCount counts the cells of a page's tables.
type tableCount struct {
	cells int
	large []int // the offsets of tables that are too large
}

var tableKey = parser.NewContextKey()

func (tableBound) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	columns, size := 0, 0
	for i := range node.Lines().Len() {
		segment := node.Lines().At(i)
		line := segment.Value(reader.Source())
		size += len(line)
		if i > 0 && len(bytes.Trim(line, "|:- \t\r\n\f\v")) == 0 { // it may be the line below a head
			columns = max(columns, bytes.Count(line, []byte{'|'})+1)
		}
	}
	if columns == 0 {
		return
	}
	count := pc.ComputeIfAbsent(tableKey, func() any { return &tableCount{} }).(*tableCount)
	cells := columns * node.Lines().Len()
	if count.cells += cells; count.cells > maxCells || cells > maxEmpty+4*size {
		count.large = append(count.large, node.Lines().At(0).Start)
		node.Parent().RemoveChild(node.Parent(), node)
	}
}

// parse returns the tree of the page's text. If ok is false, it is too large to walk.
func (r *markdownReader) parse() (doc ast.Node, ok bool) {
	pc := parser.NewContext()
	doc = markdown.Parse(text.NewReader(r.source), parser.WithContext(pc))
	if count, ok := pc.Get(tableKey).(*tableCount); ok && len(count.large) > 0 {
		for _, offset := range count.large {
			r.reportDense(r.placeAt(offset))
		}
		return doc, false
	}
	nodes, last := 0, 0
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if nodes++; nodes > 2*maxNodes { // each is visited twice
			return ast.WalkStop, nil
		}
		if entering && n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			last = n.Lines().At(0).Start
		}
		return ast.WalkContinue, nil
	})
	if nodes > 2*maxNodes {
		r.reportDense(r.placeAt(last))
		return doc, false
	}
	return doc, true
}

// checkCopies checks that a link's address is not absurdly long, and that a page does
// not repeat long ones too often.
func (r *markdownReader) checkCopies(place Place, destination, title []byte) bool {
	if len(destination)+len(title) > maxAddress {
		r.problems.add(place, "link", fmt.Sprintf("the address of this link has %d characters", len(destination)+len(title)), "use a shorter one, copied from the browser")
		return false
	}
	sum := r.copies
	if r.copies += len(destination) + len(title); r.copies > maxCopies && sum <= maxCopies {
		r.reportDense(place)
	}
	return r.copies <= maxCopies
}
