package site

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/sheet"
)

// findItem returns the item of a row. If there is none, it adds a problem and returns nil.
func (p *plan) findItem(row sheet.Row) *report.Item {
	reports, ok := p.findReports(row)
	if !ok {
		return nil
	}
	kinds, ok := p.parseKinds(row)
	if !ok {
		return nil
	}
	id := row.Cell(sheet.Item)
	if id == "" {
		p.addProblem(row.Number, sheet.Item, "missing-cell", "the row does not say which recommendation or challenge it is about", "write its id, as the template has it")
		return nil
	}
	var matches []*report.Item
	var names []string
	for _, rep := range reports {
		for _, kind := range kinds {
			for _, it := range rep.Items(kind) {
				names = append(names, it.ID)
				if strings.EqualFold(it.ID, id) {
					matches = append(matches, it)
				}
			}
		}
	}
	switch {
	case len(matches) == 0:
		p.addProblem(row.Number, sheet.Item, "unknown-reference", report.Quote(id)+" is not the id of "+nameKinds(kinds), report.Suggest(id, names, "use one that the template has: go run ./tools updates --template"))
		return nil
	case len(matches) > 1:
		p.addProblem(row.Number, sheet.Item, "unknown-reference", fmt.Sprintf("%s is the id of several items: %s", report.Quote(id), listItems(matches)), "fill in "+chooseColumns(matches))
		return nil
	}
	if other := findOtherTitle(row.Cell(sheet.Title), matches[0]); other != nil {
		p.addProblem(row.Number, sheet.Title, "wrong-title", fmt.Sprintf("the row is about %s, but has the title of %s", report.Quote(matches[0].ID), report.Quote(other.ID)), "check that its cells were not moved when the spreadsheet was sorted")
		return nil
	}
	return matches[0]
}

// chooseColumns returns the columns that tell several items with the same id apart.
func chooseColumns(matches []*report.Item) string {
	one := matches[0]
	isOtherReport := func(it *report.Item) bool { return it.Report != one.Report }
	isOtherKind := func(it *report.Item) bool { return it.Kind != one.Kind }
	switch reports, kinds := slices.ContainsFunc(matches, isOtherReport), slices.ContainsFunc(matches, isOtherKind); {
	case reports && kinds:
		return "the columns report and kind"
	case reports:
		return "the column report"
	}
	return "the column kind"
}

// findOtherTitle returns another item of the same report with the title in a cell,
// or nil. The title column only helps people to see which item a row is about.
func findOtherTitle(title string, item *report.Item) *report.Item {
	title = strings.TrimPrefix(title, "'")
	if title == "" || sheet.SameWords(title, string(item.Title)) {
		return nil
	}
	for _, it := range item.Report.AllItems() {
		if sheet.SameWords(title, string(it.Title)) {
			return it
		}
	}
	return nil
}

// nameKinds lists kinds of items: a challenge or a recommendation.
func nameKinds(kinds []string) string { return "a " + strings.Join(kinds, " or a ") }

// listItems lists items by kind and report.
func listItems(all []*report.Item) string {
	var names []string
	for _, it := range all {
		names = append(names, fmt.Sprintf("a %s of %s", it.Kind, it.Report.Name))
	}
	return strings.Join(names, ", ")
}

// findReports returns the reports that a row can be about.
func (p *plan) findReports(row sheet.Row) ([]*report.Report, bool) {
	name := row.Cell(sheet.Report)
	if name == "" {
		return p.lib.Reports, true
	}
	var names []string
	for _, rep := range p.lib.Reports {
		if slices.ContainsFunc(listSpellings(rep.Name), func(s string) bool { return strings.EqualFold(s, name) }) {
			return []*report.Report{rep}, true
		}
		names = append(names, rep.Name)
	}
	what, do := "there is no report "+report.Quote(name), report.Suggest(name, names, "write one of "+strings.Join(names, ", "))
	for _, d := range p.lib.Drafts {
		if d.Name == name {
			what, do = "the "+name+" report is a draft", "record updates once it is published"
		}
	}
	p.addProblem(row.Number, sheet.Report, "unknown-reference", what, do)
	return nil, false
}

// listSpellings returns a report's name and, for a name such as 2011-12, what
// spreadsheets turn it into when they take it for a month.
func listSpellings(name string) []string {
	all := []string{name}
	if month, err := time.Parse("2006-01", name); err == nil {
		for _, form := range []string{"Jan-06", "Jan 06", "01/2006", "02/01/2006", "2006-01-02", "January 2006"} {
			all = append(all, month.Format(form))
		}
	}
	return all
}

// parseKinds returns the kinds of items that a row can be about.
func (p *plan) parseKinds(row sheet.Row) ([]string, bool) {
	kind := strings.ToLower(row.Cell(sheet.Kind))
	switch {
	case kind == "":
		return report.Kinds, true
	case slices.Contains(report.Kinds, kind):
		return []string{kind}, true
	}
	p.addProblem(row.Number, sheet.Kind, "unknown-word", report.Quote(kind)+" is not a kind of item", report.Suggest(kind, report.Kinds, "write recommendation or challenge"))
	return nil, false
}

// parseUpdate returns the update in a row. If it cannot, it adds problems and returns nil.
func (p *plan) parseUpdate(row sheet.Row) *report.Update {
	firstIndex := len(p.problems)
	u := &report.Update{
		Date: p.parseDate(row, sheet.Date), By: p.parseBodies(row),
		Answer: p.parseStatus(row, report.Answer), Progress: p.parseStatus(row, report.Progress), Verdict: p.parseStatus(row, report.Verdict),
		Due: p.parseDate(row, sheet.Due), Next: report.Text(row.Cell(sheet.Next)), Text: report.Text(row.Cell(sheet.Text)), Quote: report.Text(row.Cell(sheet.Quote)),
		Source: row.Cell(sheet.Source), Document: row.Cell(sheet.Document), Archived: row.Cell(sheet.Archived), ID: row.Cell(sheet.ID),
	}
	for column, do := range map[string]string{
		sheet.Date: "write the date on which it was said", sheet.Body: "write who said it: the name or id of a body", sheet.Text: "write what is new, in plain English",
	} {
		if row.Cell(column) == "" {
			p.addProblem(row.Number, column, "missing-cell", "the cell is empty", do)
		}
	}
	if u.Source == "" && u.Document == "" {
		p.addProblem(row.Number, sheet.Source, "missing-cell", "the row does not say where this can be read",
			"write the address of a public page, or in the column document the name of a file beside the report's pages")
	}
	slices.SortStableFunc(p.problems[firstIndex:], func(a, b report.Problem) int { return p.columnIndex(row, a) - p.columnIndex(row, b) })
	if len(p.problems) > firstIndex {
		return nil
	}
	return u
}

// columnIndex returns the index of the column that a problem with a row is in.
func (p *plan) columnIndex(row sheet.Row, problem report.Problem) int {
	return slices.IndexFunc(sheet.Columns, func(column string) bool { return problem.Place == p.sheet.Place(row.Number, column) })
}

// parseDate returns the date in a cell.
func (p *plan) parseDate(row sheet.Row, column string) report.Date {
	cell := row.Cell(column)
	if cell == "" {
		return report.Date{}
	}
	day, what, do := sheet.ParseDate(cell)
	if what != "" {
		p.addProblem(row.Number, column, "date", what, do)
	}
	return day
}

// parseBodies returns the ids of the bodies that a row comes from.
func (p *plan) parseBodies(row sheet.Row) []string {
	var all []string
	for _, cell := range row.Values(sheet.Body) {
		matches := sheet.FindBodies(p.lib, cell)
		switch {
		case len(matches) == 0:
			var names []string
			for _, o := range p.lib.Organisations {
				names = append(names, o.ID, string(o.Name))
			}
			p.addProblem(row.Number, sheet.Body, "unknown-reference", report.Quote(cell)+" is not the name or id of a body in data/organisations.toml", report.Suggest(cell, names, "add it there, or use one that is there"))
		case len(matches) > 1:
			p.addProblem(row.Number, sheet.Body, "unknown-reference", fmt.Sprintf("%s could be %s or %s", report.Quote(cell), matches[0].ID, matches[1].ID), "write one of these")
		case slices.Contains(all, matches[0].ID):
			p.addProblem(row.Number, sheet.Body, "repeated-value", report.Quote(cell)+" appears twice in this cell", "remove one of them")
		default:
			all = append(all, matches[0].ID)
		}
	}
	if len(all) == 0 && row.Cell(sheet.Body) != "" && len(row.Values(sheet.Body)) == 0 {
		p.addProblem(row.Number, sheet.Body, "missing-cell", "the cell names no body", "write who said it: the name or id of a body")
	}
	return all
}

// parseStatus returns the id of the status in a row's cell of a kind.
func (p *plan) parseStatus(row sheet.Row, kind string) string {
	cell := row.Cell(kind) // each kind has a column of that name
	if cell == "" {
		return ""
	}
	var names []string
	kindElsewhere := ""
	for _, s := range p.lib.Statuses {
		isMatch := strings.EqualFold(s.ID, cell) || sheet.SameWords(string(s.Name), cell)
		switch {
		case isMatch && s.Kind == kind:
			return s.ID
		case isMatch:
			kindElsewhere = s.Kind
		case s.Kind == kind:
			names = append(names, string(s.Name))
		}
	}
	if kindElsewhere != "" {
		p.addProblem(row.Number, kind, "wrong-status", fmt.Sprintf("%s belongs in the column %s, not in %s", report.Quote(cell), kindElsewhere, kind), "move it there")
		return ""
	}
	p.addProblem(row.Number, kind, "unknown-reference", fmt.Sprintf("%s is not one of the words for a body's %s", report.Quote(cell), kind), report.Suggest(cell, names, "write one of "+strings.Join(names, ", ")))
	return ""
}
