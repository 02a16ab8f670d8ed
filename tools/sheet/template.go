package sheet

import (
	"bytes"
	"encoding/csv"

	"annualreport/tools/report"
)

// Template returns the spreadsheet to fill in, as CSV: a row for each open item and
// each body that has something left to do for it, oldest report first. Items that
// a later report follows up are left to that report.
func Template(lib *report.Library) []byte {
	var text bytes.Buffer
	text.WriteString("\ufeff") // for spreadsheets to recognise UTF-8
	out := csv.NewWriter(&text)
	out.UseCRLF = true
	write := func(cells map[string]string) {
		row := make([]string, len(Columns))
		for i, column := range Columns {
			row[i] = plainCell(cells[column])
		}
		_ = out.Write(row) // cannot fail in memory
	}
	head := map[string]string{}
	for _, column := range Columns {
		head[column] = column
	}
	write(head)
	for i := len(lib.Reports) - 1; i >= 0; i-- {
		for _, it := range lib.Reports[i].AllItems() {
			for _, body := range openBodies(lib, it) {
				write(map[string]string{Report: it.Report.Name, Kind: it.Kind, Item: it.ID, Number: string(it.Number), Title: string(it.Title), Body: body})
			}
		}
	}
	out.Flush()
	return text.Bytes()
}

// openBodies returns the names of the bodies that have something left to do for an
// item, or one empty name if it is not addressed to any.
func openBodies(lib *report.Library, it *report.Item) []string {
	if it.State.Kind == report.Closed || it.Later != nil {
		return nil
	}
	if len(it.Requests) == 0 {
		return []string{""}
	}
	var all []string
	for _, r := range it.Requests {
		if !r.Done() {
			all = append(all, BodyName(lib, r.Body.Organisation))
		}
	}
	return all
}

// BodyName returns the name of a body for a cell: its present name, or its id if that
// name is ambiguous.
func BodyName(lib *report.Library, o *report.Organisation) string {
	if matches := FindBodies(lib, string(o.Name)); len(matches) == 1 && matches[0] == o {
		return string(o.Name)
	}
	return o.ID
}

// plainCell returns a cell that spreadsheets do not take for a formula.
func plainCell(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}
