// Package sheet reads updates from a spreadsheet that is saved as CSV, and writes
// the template to fill in.
//
// People fill it in with Excel or LibreOffice, which save different files: with or
// without a byte order mark, with commas, semicolons or tabs, with either kind of
// line breaks, also within cells. [Read] accepts all of that. What is not certain,
// such as letters that are not UTF-8 or a date that two countries read differently,
// it refuses, and names the row and column.
//
// Rows are numbered as in spreadsheets: the row with the column names is row 1.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"annualreport/tools/report"
)

// The names of the columns. Most are the names of an update's fields.
const (
	Report   = "report"
	Kind     = "kind"
	Item     = "item"
	Number   = "number"
	Title    = "title"
	Body     = "body"
	Date     = "date"
	Answer   = "answer"
	Progress = "progress"
	Verdict  = "verdict"
	Due      = "due"
	Next     = "next"
	Text     = "text"
	Quote    = "quote"
	Source   = "source"
	Document = "document"
	Archived = "archived"
	ID       = "id"
)

// Columns are all columns, in the order of the template.
var Columns = []string{Report, Kind, Item, Number, Title, Body, Date, Answer, Progress, Verdict, Due, Next, Text, Quote, Source, Document, Archived, ID}

// templateColumns are the columns that the template fills in.
var templateColumns = []string{Report, Kind, Item, Number, Title, Body}

// requiredColumns are the columns that every spreadsheet must have.
var requiredColumns = []string{Item, Body, Date, Text}

// valueSeparator separates several values in one cell.
const valueSeparator = ";"

// More than anybody would fill in by hand.
const (
	MaxBytes = 4 << 20
	maxRows  = 5000 // that are filled in
)

// A Row is a row that is filled in.
type Row struct {
	Number int
	cells  map[string]string // by column
}

// Cell returns the text in a column, or "".
func (r Row) Cell(column string) string { return r.cells[column] }

// Values returns the values in a column, of which there can be several.
func (r Row) Values(column string) []string {
	var all []string
	for value := range strings.SplitSeq(r.Cell(column), valueSeparator) {
		if value = strings.TrimSpace(value); value != "" {
			all = append(all, value)
		}
	}
	return all
}

// isFilled reports whether somebody has filled in anything.
func (r Row) isFilled() bool {
	for column, cell := range r.cells {
		if cell != "" && !slices.Contains(templateColumns, column) {
			return true
		}
	}
	return false
}

// A Sheet is the content of a spreadsheet.
type Sheet struct {
	Name     string // of its file
	Rows     []Row  // those that are filled in
	Unfilled int    // the number of other rows
}

// Place returns the place of a row in the spreadsheet, and of a column in it, unless
// that is "".
func (s *Sheet) Place(row int, column string) report.Place {
	if column == "" {
		return report.Place{File: fmt.Sprintf("%s, row %d", s.Name, row)}
	}
	return report.Place{File: fmt.Sprintf("%s, row %d, column %s", s.Name, row, column)}
}

// A reader reads one spreadsheet.
type reader struct {
	*Sheet
	columns  []string // their names, in the order of the file; "" for one without a name
	problems report.Problems
}

func (r *reader) addProblem(place report.Place, rule, what, do string) {
	r.problems = append(r.problems, report.Problem{Place: place, Rule: rule, What: what, Do: do})
}

// Read reads the spreadsheet of updates in data. name is the name of its file. An
// error is of type [report.Problems], in the order of the rows.
func Read(name string, data []byte) (*Sheet, error) {
	r := &reader{Sheet: &Sheet{Name: name}}
	if text, ok := r.readText(data); ok {
		r.readRows(text)
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return r.Sheet, nil
}

const saveAdvice = "in Excel, save it as “CSV UTF-8 (Comma delimited)”; in LibreOffice, as “Text CSV” with the character set UTF-8"

// readText returns the text of a file with one kind of line breaks. If ok is false, it
// has reported why there is none.
func (r *reader) readText(data []byte) (string, bool) {
	place := report.Place{File: r.Name}
	refuse := func(what string) (string, bool) {
		r.addProblem(place, "not-a-table", what, saveAdvice)
		return "", false
	}
	switch {
	case len(data) > MaxBytes:
		r.addProblem(place, "too-large", fmt.Sprintf("the file is more than %d MB, which is the limit", MaxBytes>>20), "split it in two")
		return "", false
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return refuse("this is a workbook, not a CSV file")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return refuse("the file is in UTF-16, not UTF-8")
	case bytes.IndexByte(data, 0) >= 0:
		return refuse("this is not a CSV file")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for i := 0; i < len(data); {
		letter, size := utf8.DecodeRune(data[i:])
		if letter == utf8.RuneError && size == 1 {
			line := bytes.Count(data[:i], []byte("\n")) + 1
			return refuse(fmt.Sprintf("line %d has a letter that is not UTF-8", line))
		}
		i += size
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), true
}

// separators are the characters that can separate cells.
const separators = ",;\t"

// separator returns the character that separates the cells of a text: the one for
// which the first line has the most column names.
func separator(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, separator := range separators {
		count := 0
		for cell := range strings.SplitSeq(line, string(separator)) {
			if slices.Contains(Columns, columnName(strings.Trim(cell, `"`))) {
				count++
			}
		}
		if count > most {
			best, most = separator, count
		}
	}
	return best
}

// columnName returns the name of a column in the form used here.
func columnName(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// readRows reads all rows of a text.
func (r *reader) readRows(text string) {
	if line, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(line, "sep=") { // a line for Excel, which hides it
		text = rest
	}
	table := csv.NewReader(strings.NewReader(text))
	table.Comma = separator(text)
	table.FieldsPerRecord = -1
	row, line, offset := 0, 1, int64(0) // line is the line after the last row
	for len(r.problems) < maxProblems {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.reportMalformed(row, err)
			return
		}
		first, _ := table.FieldPos(0)
		row += 1 + first - line // empty lines are rows of the spreadsheet too
		line += strings.Count(text[offset:table.InputOffset()], "\n")
		offset = table.InputOffset()
		if r.columns == nil {
			if r.readHeader(cells); len(r.problems) > 0 {
				return
			}
			continue
		}
		r.readRow(row, cells)
		if len(r.Rows) > maxRows {
			r.addProblem(report.Place{File: r.Name}, "too-large", fmt.Sprintf("more than %d rows are filled in", maxRows), "split it in two")
			return
		}
	}
	if r.columns == nil {
		r.addProblem(report.Place{File: r.Name}, "not-a-table", "the file is empty", "create one to fill in: go run ./tools updates --template updates.csv")
	}
}

// maxProblems is the most problems that are reported for one file.
const maxProblems = 100

// reportMalformed reports why a row cannot be read. row is the row before it.
func (r *reader) reportMalformed(row int, err error) {
	var parse *csv.ParseError
	place := r.Place(row+1, "")
	if errors.As(err, &parse) && (errors.Is(parse.Err, csv.ErrQuote) || errors.Is(parse.Err, csv.ErrBareQuote)) {
		r.addProblem(place, "not-a-table", fmt.Sprintf("there is an unmatched quotation mark on line %d or before it", parse.Line),
			"save the file from Excel or LibreOffice, which put such cells in quotes")
		return
	}
	r.addProblem(place, "not-a-table", "the row cannot be read: "+err.Error(), saveAdvice)
}

// readHeader reads the column names.
func (r *reader) readHeader(cells []string) {
	r.columns = make([]string, len(cells))
	if !slices.ContainsFunc(cells, func(cell string) bool { return slices.Contains(Columns, columnName(cell)) }) {
		r.addProblem(r.Place(1, ""), "missing-column", "the first row has no column names", "write them there, as in the template: go run ./tools updates --template updates.csv")
		return
	}
	for i, cell := range cells {
		name := columnName(cell)
		switch {
		case name == "":
		case !slices.Contains(Columns, name):
			do := report.Suggest(name, Columns, "use the names in the template: "+strings.Join(Columns, ", "))
			if standard := columnAliases[name]; standard != "" {
				do = fmt.Sprintf("did you mean %s?", standard)
			}
			r.addProblem(r.Place(1, ""), "unknown-column", "there is no column "+report.Quote(strings.TrimSpace(cell)), do)
		case slices.Contains(r.columns, name):
			r.addProblem(r.Place(1, ""), "repeated-column", fmt.Sprintf("the column %s appears twice", name), "delete one of them")
		}
		r.columns[i] = name
	}
	if len(r.problems) > 0 {
		return
	}
	var missing []string
	for _, name := range requiredColumns {
		if !slices.Contains(r.columns, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		r.addProblem(r.Place(1, ""), "missing-column", "there is no column "+strings.Join(missing, ", "), "put the column names in the first row, as in the template: go run ./tools updates --template updates.csv")
	}
}

// columnAliases are names that people know from data files, or would expect, and the columns
// that they mean.
var columnAliases = map[string]string{"by": Body, "status": Progress, "link": Source, "url": Source, "organisation": Body, "recommendation": Item, "challenge": Item}

// readRow reads one row.
func (r *reader) readRow(number int, cells []string) {
	row := Row{number, map[string]string{}}
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
		case i >= len(r.columns) || r.columns[i] == "":
			r.addProblem(r.Place(number, columnLetters(i)), "unknown-column", report.Quote(cell)+" is in a column without a name", "move it, or delete it")
		default:
			row.cells[r.columns[i]] = cell
		}
	}
	if !row.isFilled() {
		r.Unfilled++
		return
	}
	for _, column := range Columns {
		if cell := row.cells[column]; cell != "" && column != Number && column != Title {
			row.cells[column] = r.readCell(number, column, cell)
		}
	}
	r.Rows = append(r.Rows, row)
}

// columnLetters returns the letters of a column, as in spreadsheets.
func columnLetters(i int) string {
	letters := ""
	for i++; i > 0; i = (i - 1) / 26 {
		letters = string(rune('A'+(i-1)%26)) + letters
	}
	return letters
}

// errorValues are what spreadsheets show and save in place of a value.
var errorValues = []string{"#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "#NULL!", "Err:5"}

// readCell returns the text of a cell, and reports a text that cannot be right.
func (r *reader) readCell(row int, column, cell string) string {
	addCellProblem := func(rule, what, do string) { r.addProblem(r.Place(row, column), rule, what, do) }
	switch {
	case strings.Trim(cell, "#") == "":
		addCellProblem("cell", "the column was too narrow when the file was saved, so it shows "+cell[:1]+" in place of what is in it", "make it wider, and save the file again")
	case slices.ContainsFunc(errorValues, func(e string) bool { return strings.HasPrefix(cell, e) }):
		addCellProblem("cell", report.Quote(cell)+" is what a spreadsheet shows for a faulty formula", "type the text itself")
	case isFormula(cell):
		addCellProblem("formula", report.Quote(cell)+" looks like a formula, which a spreadsheet would run", "begin it with a word; if it is right as it is, put an apostrophe before it")
	case strings.HasPrefix(cell, "'") && isFormula(cell[1:]):
		cell = cell[1:]
	}
	if i := strings.IndexFunc(cell, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }); i >= 0 {
		addCellProblem("hidden-character", "there is an invisible character here", "type the text again")
	}
	if strings.Contains(cell, report.ToWrite) {
		addCellProblem("to-write", fmt.Sprintf("%s marks text that is still to be written", report.ToWrite), "write it, or leave the row empty")
	}
	return cell
}

// isFormula reports whether a spreadsheet could take a cell for a formula. Text can
// begin with a hyphen and a space, as a list does.
func isFormula(cell string) bool {
	return cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) && !strings.HasPrefix(cell, "- ")
}
