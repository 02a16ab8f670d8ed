package edit

import (
	"bytes"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A table is a line in brackets in a TOML file with the fields below it.
type table struct {
	key        []string
	list       bool // it is an element of an array, in double brackets
	start, end int  // offsets of its lines, including the last line break
}

// outline returns the tables of a TOML file in order.
func outline(source []byte) ([]table, error) {
	var tables []table
	var p unstable.Parser
	p.Reset(source)
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			t := table{list: e.Kind == unstable.ArrayTable}
			for it := e.Key(); it.Next(); {
				n := it.Node()
				if len(t.key) == 0 {
					t.start = bytes.LastIndexByte(source[:n.Raw.Offset], '\n') + 1
				}
				t.key = append(t.key, string(n.Data))
				t.end = nextLine(source, rangeEnd(n.Raw))
			}
			tables = append(tables, t)
		case unstable.KeyValue:
			if len(tables) > 0 {
				tables[len(tables)-1].end = nextLine(source, rangeEnd(e.Raw))
			}
		}
	}
	return tables, p.Error()
}

func rangeEnd(r unstable.Range) int { return int(r.Offset) + int(r.Length) }

// nextLine returns the offset of the line after the one at an offset, or the length
// of source.
func nextLine(source []byte, offset int) int {
	if i := bytes.IndexByte(source[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(source)
}

// dateRange returns the offsets of the value of a field, which must be a date.
func dateRange(source []byte, key []string) (start, end int, err error) {
	var p unstable.Parser
	p.Reset(source)
	ok := false
	var value func(path []string, n *unstable.Node)
	value = func(path []string, n *unstable.Node) {
		switch {
		case n.Kind == unstable.LocalDate && slices.Equal(path, key):
			start, end, ok = int(n.Raw.Offset), rangeEnd(n.Raw), true
		case n.Kind == unstable.InlineTable:
			for it := n.Children(); it.Next(); {
				child := it.Node()
				if child.Kind == unstable.KeyValue {
					value(join(path, child.Key()), child.Value())
				}
			}
		}
	}
	var table []string
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = join(nil, e.Key())
		case unstable.KeyValue:
			value(join(table, e.Key()), e.Value())
		}
	}
	if err := p.Error(); err != nil {
		return 0, 0, err
	}
	if !ok {
		return 0, 0, dateError(key)
	}
	return start, end, nil
}

// join returns path with the parts of a key appended.
func join(path []string, key unstable.Iterator) []string {
	path = slices.Clone(path)
	for key.Next() {
		path = append(path, string(key.Node().Data))
	}
	return path
}
