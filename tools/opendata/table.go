package opendata

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"path"
	"slices"
	"strconv"
	"strings"

	"annualreport/tools/report"
)

// byteOrderMark tells spreadsheets that the file is UTF-8. Without it, Excel
// garbles dashes and typographic quotation marks.
const byteOrderMark = "\ufeff"

// separator separates the values in a cell.
const separator = "; "

// formulaStarts are the characters at which a spreadsheet may start to read a
// formula, and run it: https://owasp.org/www-community/attacks/CSV_Injection.
const formulaStarts = "=+-@\t\r\n"

// The columns of every item, before and after the one of its kind.
var (
	columnsBefore = []string{"report", "number", "id", "title", "stem", "wording", "addressed_to", "addressed_note"}
	columnsAfter  = []string{"findings", "follows", "followed_by", "due", "done_when", "closed", "state", "answer", "progress", "verdict",
		"update_date", "update_by", "update_text", "update_source", "address"}
)

func recommendationsTable(r Report) ([]byte, error) {
	var rows [][]string
	for _, rec := range r.Recommendations {
		var challenges []string
		for _, c := range rec.Challenges {
			challenges = append(challenges, c.Title)
		}
		rows = append(rows, newRow(r, rec.Item, strings.Join(challenges, separator)))
	}
	return newTable("challenges", rows)
}

func challengesTable(r Report) ([]byte, error) {
	var rows [][]string
	for _, c := range r.Challenges {
		theme := ""
		if c.Theme != nil {
			theme = c.Theme.Title
		}
		rows = append(rows, newRow(r, c.Item, theme))
	}
	return newTable("theme", rows)
}

// newTable encodes a header, with the column of the kind, and rows.
func newTable(column string, rows [][]string) ([]byte, error) {
	header := append(append([]string{}, columnsBefore...), column)
	return encodeTable(append([][]string{append(header, columnsAfter...)}, rows...))
}

// encodeTable encodes rows as CSV, as in RFC 4180.
func encodeTable(rows [][]string) ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(byteOrderMark)
	out := csv.NewWriter(&text)
	out.UseCRLF = true
	for _, cells := range rows {
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

// plainCell returns a cell's text so that no spreadsheet takes it for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune(formulaStarts, rune(text[0])) {
		return "'" + text
	}
	return text
}

func newRow(r Report, it Item, group string) []string {
	var findings []string
	for _, p := range it.Findings {
		findings = append(findings, p.name) // a spreadsheet would turn 3.10 into the number 3.1, or a date
	}
	last := Update{} // the last one not withdrawn
	for _, u := range it.Updates {
		if u.Withdrawn == "" {
			last = u
		}
	}
	return []string{r.Name, it.Number, it.ID, it.Title, it.Stem, it.Wording, joinNames(it.AddressedTo), it.AddressedNote, group,
		strings.Join(findings, separator), it.Follows.String(), it.FollowedBy.String(), it.Due, it.DoneWhen, it.Closed, it.State, last.Answer, last.Progress, last.Verdict,
		last.Date, joinNames(last.By), last.Text, cmp.Or(last.Source, last.Document), it.Address}
}

// String returns the item's name, as in 2014/early-help, or "" for none.
func (o *Other) String() string {
	if o == nil {
		return ""
	}
	return o.Report + "/" + o.ID
}

func joinNames(bodies []Body) string {
	var all []string
	for _, b := range bodies {
		all = append(all, b.Name)
	}
	return strings.Join(all, separator)
}

// progressColumns are the columns of the table of progress, which has a row for
// each item and body asked.
var progressColumns = []string{"report", "kind", "number", "id", "title", "stem", "wording", "body_id", "body", "addressed_note", "state", "says",
	"answer", "progress", "verdict", "next", "due", "overdue", "days_late", "last_news", "source", "closed", "page"}

// progressTable returns the progress of every item of every published report, the
// newest report first. An item asked of nobody has a row without a body.
func progressTable(lib *report.Library, base string) ([]byte, error) {
	rows := [][]string{slices.Clone(progressColumns)}
	m := maker{"", base}
	for _, it := range lib.AllItems() {
		if it.Report.Draft {
			continue
		}
		requests := it.Requests
		if len(requests) == 0 {
			requests = []*report.Request{{Item: it}}
		}
		for _, r := range requests {
			rows = append(rows, progressRow(m, it, r))
		}
	}
	return encodeTable(rows)
}

// progressRow returns the cells of a request's row. The request has no body if nobody is
// asked.
func progressRow(m maker, it *report.Item, r *report.Request) []string {
	yes := map[bool]string{true: "yes", false: "no"}
	var id, name, answer, progress, late, lastNews, source string
	if r.Body != nil {
		id, name = r.Body.ID, string(r.Body.Name)
	}
	if r.Answer != nil {
		answer = r.Answer.Answer
	}
	if r.Progress != nil {
		progress = r.Progress.Progress
	}
	if r.Overdue {
		late = strconv.Itoa(r.DaysLate())
	}
	if u := r.Last; u != nil {
		lastNews, source = u.Date.ISO(), u.Source
		if source == "" {
			source = m.base + path.Join(it.Report.Name, u.Document)
		}
	}
	verdict := ""
	if verdicts := it.Verdicts(); len(verdicts) > 0 {
		verdict = verdicts[0].Verdict
	}
	reason := ""
	if it.State.Closed != nil {
		reason = string(it.Closed)
	}
	says := it.Says()
	if r.Body != nil {
		says = r.Says()
	}
	return []string{it.Report.Name, it.Kind, string(it.Number), it.ID, string(it.Title), string(it.Stem()), string(it.Wording), id, name, string(it.AddressedNote),
		it.State.Kind, says, answer, progress, verdict, string(r.Next()), formatDay(r.Due), yes[r.Overdue], late, lastNews, source, reason, m.link(it.Page())}
}
