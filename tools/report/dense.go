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

// What reads and renders Markdown takes time or memory by the square of some
// things on a page. These bounds are far beyond what anybody writes on one.
const (
	maxSigns    = 2000    // in a block: of links, emphasis and code
	maxNotes    = 1000    // lines that begin with [name]:
	maxCells    = 50_000  // of all tables
	maxEmpty    = 1000    // cells that rows lack, beyond four for each character of the table
	maxNodes    = 100_000 // paragraphs, links and all else
	maxAddress  = 2000    // characters of a link's address
	maxCopies   = 1 << 20 // characters of all links' addresses and titles
	maxRepeats  = 300_000 // ids that are tried for headings with the same words
	maxProblems = 500     // that are reported of one page
	notDense    = "split the page in two, or check what was pasted here"
)

// checkDense checks that a page's text has no block that takes long to read. first
// is how many lines of the file stand before body.
func (l *loader) checkDense(file, body string, first int) bool {
	signs, notes := 0, 0
	for line := range strings.Lines(body) {
		first++
		if util.IsBlank([]byte(line)) {
			signs = 0
			continue
		}
		for _, c := range []byte(line) {
			if strings.IndexByte("[]*_~`<", c) >= 0 {
				signs++
			}
		}
		if line[0] == '[' && strings.Contains(line, "]:") {
			notes++
		}
		if signs > maxSigns || notes > maxNotes {
			l.dense(Place{file, first})
			return false
		}
	}
	return true
}

func (l *loader) dense(at Place) {
	l.problems.add(at, "too-dense", "there are too many links, notes or table cells here", notDense)
}

// A tableBound is a transformer of paragraphs that comes before the one that
// makes tables of them, and keeps what would be too large from it: a table's
// rows are all made as long as its head.
type tableBound struct{}

// A tableCount is what is known of a page's tables.
type tableCount struct {
	cells int
	large []int // the offsets of those that are too large
}

var tableKey = parser.NewContextKey()

func (tableBound) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	columns, size := 0, 0
	for i := range node.Lines().Len() {
		segment := node.Lines().At(i)
		line := segment.Value(reader.Source())
		size += len(line)
		if i > 0 && len(bytes.Trim(line, "|:- \t\r\n\f\v")) == 0 { // it may stand below a head
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

// parse returns the tree of the page's text, and whether it is one to go through.
func (r *markdownReader) parse() (doc ast.Node, ok bool) {
	pc := parser.NewContext()
	doc = markdown.Parse(text.NewReader(r.source), parser.WithContext(pc))
	if count, ok := pc.Get(tableKey).(*tableCount); ok && len(count.large) > 0 {
		for _, at := range count.large {
			r.dense(r.at(at))
		}
		return doc, false
	}
	nodes, last := 0, 0
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if nodes++; nodes > 2*maxNodes { // each is met twice
			return ast.WalkStop, nil
		}
		if entering && n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			last = n.Lines().At(0).Start
		}
		return ast.WalkContinue, nil
	})
	if nodes > 2*maxNodes {
		r.dense(r.at(last))
		return doc, false
	}
	return doc, true
}

// checkCopies checks that a link's address is not as long as none is, and that a
// page doesn't have a long one many times.
func (r *markdownReader) checkCopies(at Place, destination, title []byte) bool {
	if len(destination)+len(title) > maxAddress {
		r.problems.add(at, "link", fmt.Sprintf("the address of this link has %d characters", len(destination)+len(title)), "use a shorter one, copied from the browser")
		return false
	}
	before := r.copies
	if r.copies += len(destination) + len(title); r.copies > maxCopies && before <= maxCopies {
		r.dense(at)
	}
	return r.copies <= maxCopies
}
