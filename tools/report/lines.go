package report

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// maxNested is how deeply lists, tables and the parts of a name can be nested in
// TOML. Records need no more than six levels.
const maxNested = 16

// A depthError is the line at which TOML is nested more deeply than that.
type depthError struct{ line int }

// Error implements the error interface.
func (*depthError) Error() string { return "too deep" }

// maxOpen limits the brackets and full stops that BurntSushi/toml reads after the
// point where go-toml stopped. It explains mistakes better, but needs memory that
// grows with the square of their depth.
const maxOpen = 1000

// safeLength returns how much of a text BurntSushi/toml can read, if the text
// before an offset is known not to be nested too deeply.
func safeLength(text string, start int) int {
	open := 0
	for i := start; i < len(text); i++ {
		if strings.IndexByte("[{.", text[i]) >= 0 {
			open++
		}
		if open > maxOpen {
			return i
		}
	}
	return len(text)
}

// A keyReader finds the line of every key in a text with go-toml's parser.
type keyReader struct {
	parser   unstable.Parser
	lines    map[string]int
	breaks   []int          // the offsets of line breaks: the parser would count them again for every key
	elements map[string]int // the number of [[tables]] so far, by path
	last     int            // the line of the last key
	safe     int            // the offset before which nothing is nested too deeply
	deepLine int            // the first line that is nested too deeply, or 0
}

// keyLines returns the line of every key in valid TOML, by the key's path, with the
// indexes of array elements: "a.updates[1].date". If the text is not valid, nothing
// before the offset safe is nested too deeply.
func keyLines(text string) (lines map[string]int, safe int, err error) {
	r := keyReader{lines: map[string]int{}, elements: map[string]int{}}
	r.parser.Reset([]byte(text))
	for i := range len(text) {
		if text[i] == '\n' {
			r.breaks = append(r.breaks, i)
		}
	}
	table, depth := "", 0
	for r.deepLine == 0 && r.parser.NextExpression() {
		switch e := r.parser.Expression(); e.Kind {
		case unstable.Table:
			table, depth = r.join("", 0, e.Key())
		case unstable.ArrayTable:
			line := 0
			for it := e.Key(); it.Next(); {
				line = r.line(it.Node().Raw)
			}
			path, parts := r.join("", 0, e.Key())
			table, depth = elementPath(path, r.elements[path]), parts
			r.elements[path]++
			r.set(table, line)
		case unstable.KeyValue:
			path, parts := r.join(table, depth, e.Key())
			r.readValue(path, parts, e.Value())
		}
	}
	err = r.parser.Error()
	switch syntax := (*unstable.ParserError)(nil); {
	case r.deepLine > 0:
		return nil, 0, &depthError{r.deepLine}
	case err == nil:
		return r.lines, len(text), nil
	case errors.As(err, &syntax) && strings.Contains(syntax.Message, "nested more than"):
		return nil, 0, &depthError{r.line(r.parser.Range(syntax.Highlight))}
	}
	return nil, r.safe, err
}

func (r *keyReader) line(span unstable.Range) int {
	return 1 + sort.SearchInts(r.breaks, int(span.Offset))
}

func (r *keyReader) set(path string, line int) {
	if _, ok := r.lines[path]; !ok {
		r.lines[path] = line
	}
}

// join appends the parts of a key to path, which has the given depth, and notes the
// line of each.
func (r *keyReader) join(path string, depth int, key unstable.Iterator) (string, int) {
	for key.Next() {
		n := key.Node()
		if depth++; depth > maxNested {
			r.deepLine = r.line(n.Raw)
			return path, depth
		}
		r.last = r.line(n.Raw)
		path = childPath(path, string(n.Data))
		if count := r.elements[path]; count > 0 && !key.IsLast() {
			path = elementPath(path, count-1)
		}
		r.set(path, r.line(n.Raw))
		r.safe = int(n.Raw.Offset)
	}
	return path, depth
}

// readValue notes the lines of the keys in a value.
func (r *keyReader) readValue(path string, depth int, n *unstable.Node) {
	if depth++; depth > maxNested && r.deepLine == 0 {
		r.deepLine = max(1, r.last)
	}
	if r.deepLine > 0 {
		return
	}
	switch n.Kind {
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			child := it.Node()
			path, depth := r.join(path, depth, child.Key())
			r.readValue(path, depth, child.Value())
		}
	case unstable.Array:
		for it, i := n.Children(), 0; it.Next(); i++ {
			child := it.Node()
			if child.Raw.Length > 0 {
				r.set(elementPath(path, i), r.line(child.Raw))
			}
			r.readValue(elementPath(path, i), depth, child)
		}
	}
}

// childPath returns the path of a key in the table at path.
func childPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func elementPath(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
