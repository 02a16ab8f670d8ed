package sheet

import (
	"bytes"
	"encoding/csv"

	"annualreport/tools/report"
)

// Template returns the spreadsheet to fill in, as CSV: a row for each item that is
// open and each body that has something left to do for it, the oldest report
// first. What another report has taken up is asked there.
func Template(lib *report.Library) []byte {
	var text bytes.Buffer
	text.WriteString("\ufeff") // by which spreadsheets know UTF-8
	out := csv.NewWriter(&text)
	out.UseCRLF = true
	write := func(cells map[string]string) {
		row := make([]string, len(Columns))
		for i, column := range Columns {
			row[i] = plainCell(cells[column])
		}
		_ = out.Write(row) // to memory
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

// openBodies returns the bodies that have something left to do for an item, as a
// cell names them: "" stands for nobody, if it is addressed to nobody.
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

// BodyName returns what a cell calls a body: its name today, or its id if another
// has that name or it would be read as two.
func BodyName(lib *report.Library, o *report.Organisation) string {
	if found := FindBodies(lib, string(o.Name)); len(found) == 1 && found[0] == o {
		return string(o.Name)
	}
	return o.ID
}

// plainCell returns a cell that no spreadsheet takes for a formula.
func plainCell(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}
