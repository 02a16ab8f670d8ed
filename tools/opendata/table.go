package opendata

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// byteOrderMark is what spreadsheets know UTF-8 by. Without it, Excel shows
// every dash and typographic quote mark as something else.
const byteOrderMark = "\ufeff"

// between stands between several things in one cell.
const between = "; "

// formulas are what a spreadsheet may take for the beginning of a formula, and
// run: https://owasp.org/www-community/attacks/CSV_Injection.
const formulas = "=+-@\t\r\n"

// The columns that every item has, around those of its kind.
var (
	columnsBefore = []string{"year", "number", "id", "title", "wording", "addressed_to"}
	columnsAfter  = []string{"findings", "follows", "followed_by", "closed", "status", "status_date", "status_by", "status_text", "status_source", "address"}
)

func recommendationsTable(r Report) ([]byte, error) {
	var rows [][]string
	for _, rec := range r.Recommendations {
		var challenges []string
		for _, c := range rec.Challenges {
			challenges = append(challenges, c.Title)
		}
		rows = append(rows, row(r, rec.Item, strings.Join(challenges, between)))
	}
	return table("challenges", rows)
}

func challengesTable(r Report) ([]byte, error) {
	var rows [][]string
	for _, c := range r.Challenges {
		rows = append(rows, row(r, c.Item, c.Theme.Title))
	}
	return table("theme", rows)
}

// table gives rows as RFC 4180 has them.
func table(own string, rows [][]string) ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(byteOrderMark)
	out := csv.NewWriter(&text)
	out.UseCRLF = true
	header := append(append([]string{}, columnsBefore...), own)
	for _, cells := range append([][]string{append(header, columnsAfter...)}, rows...) {
		for i := range cells {
			cells[i] = plainCell(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return text.Bytes(), out.Error()
}

// plainCell gives a cell's text so that no spreadsheet takes it for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune(formulas, rune(text[0])) {
		return "'" + text
	}
	return text
}

func row(r Report, it Item, own string) []string {
	var findings []string
	for _, p := range it.Findings {
		findings = append(findings, "paragraph "+p.ID) // 3.10 alone would become the number 3.1, or a date
	}
	last := Update{}
	if n := len(it.Updates); n > 0 {
		last = it.Updates[n-1]
	}
	return []string{fmt.Sprintf("%04d", r.Year), strconv.Itoa(it.Number), it.ID, it.Title, it.Wording, names(it.AddressedTo), own,
		strings.Join(findings, between), it.Follows.String(), it.FollowedBy.String(), it.Closed, it.Status, last.Date, names(last.By), last.Text, last.Source, it.Address}
}

// String gives the item's name, as in 2014/early-help, or "" for none.
func (o *Other) String() string {
	if o == nil {
		return ""
	}
	return fmt.Sprintf("%04d/%s", o.Year, o.ID)
}

func names(bodies []Body) string {
	var all []string
	for _, b := range bodies {
		all = append(all, b.Name)
	}
	return strings.Join(all, between)
}
