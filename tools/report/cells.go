package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// Markdown leaves out the cells of a row for which the head of its table has no column.
// It shows a table with a mistake at its top as plain text.

// checkTable checks that a table has a head, rows, and a column for every cell.
func (r *markdownReader) checkTable(n *east.Table) {
	head := n.FirstChild()
	if strings.Join(splitCells(r.lineOf(head)), "") == "" {
		r.problems.add(r.placeAt(head.Pos()), "table", "this table has no words in its head", "write what each column shows between the | signs")
	}
	if head.NextSibling() == nil {
		r.problems.add(r.placeAt(head.Pos()), "table", "this table has a head but no rows", "add its rows below the line of hyphens, with no empty line between")
	}
	for row := head.NextSibling(); row != nil && len(r.problems) <= maxProblems; row = row.NextSibling() {
		r.checkRow(row, head.ChildCount())
	}
}

// lineOf returns the line of a table's row in the text.
func (r *markdownReader) lineOf(row ast.Node) string {
	line, _, _ := strings.Cut(string(r.source[row.Pos():]), "\n")
	return line
}

// checkRow checks that the table's head has a column for each cell of a row. An empty
// cell at the end of the row is no loss.
func (r *markdownReader) checkRow(row ast.Node, columns int) {
	cells := splitCells(r.lineOf(row))
	if strings.Join(cells, "") == "" {
		r.problems.add(r.placeAt(row.Pos()), "table", "this row of the table has no words", "fill it in, or delete it")
		return
	}
	const escape = "for a | within a cell write \\|"
	for i, cell := range cells {
		if strings.Count(cell, "`")%2 == 1 && i+1 < len(cells) && strings.Count(cells[i+1], "`")%2 == 1 {
			r.problems.add(r.placeAt(row.Pos()), "table", "the | between ` signs in this row would begin a new cell", escape)
			return
		}
	}
	for _, cell := range cells[min(columns, len(cells)):] {
		if cell != "" {
			r.problems.add(r.placeAt(row.Pos()), "table",
				fmt.Sprintf("this row has %s, but the head of the table has %d, so %s would be left out", countOf(len(cells), "cell", "cells"), columns, Quote(cell)),
				"add a column to the head and to the line of hyphens; "+escape)
			return
		}
	}
}

// splitCells returns the cells of a row, in the same way as goldmark.
func splitCells(line string) []string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "|")
	line = strings.TrimSuffix(line, "|")
	cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(strings.TrimSpace(cell), "\x00", "|")
	}
	return cells
}

// tableLine matches a line of a table: the line of hyphens, or a row within | signs.
var tableLine = regexp.MustCompile(`^[ \t]*(?:\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?|\|[^|]*\|(?:[^|]*\|)+)[ \t]*$`)

// checkNoTable reports a paragraph that was meant to be a table.
func (r *markdownReader) checkNoTable(n ast.Node) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		line := string(segment.Value(r.source))
		if strings.Contains(line, "|") && tableLine.MatchString(strings.TrimRight(line, "\r\n")) {
			r.problems.add(r.placeAt(segment.Start), "table", "this line looks like a part of a table, but would be shown as it is",
				"put a line of hyphens such as |---|---| below the head of the table, with as many cells as the head")
			return
		}
	}
}
