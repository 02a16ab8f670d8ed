package sheet_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"annualreport/tools/report"
	"annualreport/tools/sheet"
)

const head = "item,body,date,text\n"

// Files are read whatever program and country they come from.
func TestRead(t *testing.T) {
	for name, text := range map[string]string{
		"commas":               "item,body,date,text\nr,a,2026-11-25,x\n",
		"a byte order mark":    "\ufeffitem,body,date,text\nr,a,2026-11-25,x\n",
		"semicolons":           "item;body;date;text\nr;a;2026-11-25;x\n",
		"tabs":                 "item\tbody\tdate\ttext\nr\ta\t2026-11-25\tx\n",
		"Windows":              "item,body,date,text\r\nr,a,2026-11-25,x\r\n",
		"an old Macintosh":     "item,body,date,text\rr,a,2026-11-25,x\r",
		"no last line break":   "item,body,date,text\nr,a,2026-11-25,x",
		"another order":        "Text , DATE,Body,item\nx,2026-11-25,a,r\n",
		"quotes":               "\"item\",\"body\",\"date\",\"text\"\n\"r\",\"a\",\"2026-11-25\",\"x\"\n",
		"a line for Excel":     "sep=;\nitem;body;date;text\nr;a;2026-11-25;x\n",
		"spaces":               "item,body,date,text\n r , a , 2026-11-25 , x \n",
		"an empty last column": "item,body,date,text,\nr,a,2026-11-25,x,\n",
		"short rows":           "item,body,date,text,source\nr,a,2026-11-25,x\n",
	} {
		s, err := sheet.Read("u.csv", []byte(text))
		if err != nil || len(s.Rows) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		row := s.Rows[0]
		if got := []string{row.Cell(sheet.Item), row.Cell(sheet.Body), row.Cell(sheet.Date), row.Cell(sheet.Text)}; row.Number != 2 || !slices.Equal(got, []string{"r", "a", "2026-11-25", "x"}) {
			t.Errorf("%s: row %d is %q", name, row.Number, got)
		}
	}
}

// Rows have the numbers that the spreadsheet shows.
func TestRowNumbers(t *testing.T) {
	s, err := sheet.Read("u.csv", []byte(head+"r,a,2026-11-25,\"x\n\ny\"\n\nr,a,,\nr,a,2026-11-26,'=x\nr,a,2026-11-27,- a list\n"))
	if err != nil || len(s.Rows) != 3 || s.Unfilled != 1 {
		t.Fatalf("%v, %+v", err, s)
	}
	var got []string
	for _, row := range s.Rows {
		got = append(got, fmt.Sprint(row.Number, " ", row.Cell(sheet.Text)))
	}
	if want := []string{"2 x\n\ny", "5 =x", "6 - a list"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What cannot be read, or cannot be right, is refused with its place.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                "u.csv: [not-a-table] the file is empty",
		"PK\x03\x04\x00":                                  "u.csv: [not-a-table] this is a workbook, not a CSV file",
		"\xff\xfei\x00":                                   "u.csv: [not-a-table] the file is in UTF-16",
		"a\x00b":                                          "u.csv: [not-a-table] this is not a CSV file",
		head + "r,a,2026-11-25,\xe9":                      "u.csv: [not-a-table] line 2 has a letter that is not UTF-8",
		"item,body,date\n":                                "u.csv, row 1: [missing-column] there is no column text",
		"early-help,ctb,2026-11-25,x\n":                   "u.csv, row 1: [missing-column] the first row has no column names; write them there",
		"item,body,date,text,text\n":                      "u.csv, row 1: [repeated-column] the column text appears twice",
		"item,body,date,text,satus\n":                     "u.csv, row 1: [unknown-column] there is no column “satus”",
		head + "r,a,2026-11-25,x,y\n":                     "u.csv, row 2, column E: [unknown-column] “y” is in a column without a name",
		head + "r,a,2026-11-25,\"x\n":                     "u.csv, row 2: [not-a-table] there is an unmatched quotation mark",
		head + "r,a,2026-11-25,x\"y\n":                    "u.csv, row 2: [not-a-table] there is an unmatched quotation mark",
		head + "r,a,########,x\n":                         "u.csv, row 2, column date: [cell] the column was too narrow",
		head + "r,a,2026-11-25,#NAME?\n":                  "u.csv, row 2, column text: [cell] “#NAME?” is what a spreadsheet shows for a faulty formula",
		head + "r,a,2026-11-25,+1+2\n":                    "u.csv, row 2, column text: [formula] “+1+2” looks like a formula",
		head + "r,a,2026-11-25,-1\n":                      "u.csv, row 2, column text: [formula]",
		head + "r,a,2026-11-25,@x\n":                      "u.csv, row 2, column text: [formula]",
		head + "r,a,2026-11-25,a\x07b\n":                  "u.csv, row 2, column text: [hidden-character]",
		head + "r,a,2026-11-25,TO WRITE: x\n":             "u.csv, row 2, column text: [to-write] TO WRITE marks text that is still to be written",
		head + strings.Repeat("r,a,2026-11-25,x\n", 5001): "u.csv: [too-large] more than 5000 rows are filled in",
		strings.Repeat("x", sheet.MaxBytes+1):             "u.csv: [too-large] the file is more than 4 MB",
	} {
		_, err := sheet.Read("u.csv", []byte(text))
		var problems report.Problems
		if !errors.As(err, &problems) || len(problems) != 1 || !strings.HasPrefix(problems[0].String(), want) {
			t.Errorf("%.40q: got %v, want %s", text, err, want)
		}
	}
}

// Dates are read with the day first, and ambiguous ones are refused.
func TestParseDate(t *testing.T) {
	for cell, want := range map[string]string{
		"2026-11-25": "2026-11-25", "25/11/2026": "2026-11-25", "5/1/2026": "2026-01-05", "05/11/2026": "2026-11-05", "2026-1-5": "2026-01-05", "29/02/2024": "2024-02-29",
	} {
		if day, what, _ := sheet.ParseDate(cell); what != "" || day.ISO() != want {
			t.Errorf("%s is %s, %s", cell, day.ISO(), what)
		}
	}
	for cell, want := range map[string]string{
		"11/25/2026": "“11/25/2026” has the month before the day", "25/11/26": "“25/11/26” does not give the century", "25-Nov-26": "“25-Nov-26” does not give the century",
		"46351": "“46351” is a spreadsheet's own number for a date", "29/02/2026": "“29/02/2026” is not a day", "2026-13-13": "“2026-13-13” is not a day", "soon": "“soon” is not a date",
		"25.11.2026": "“25.11.2026” is not a date", "2026-11-25 00:00": "“2026-11-25 00:00” is not a date", "2026": "“2026” is not a date", "00/00/0000": "“00/00/0000” is not a day",
	} {
		if day, what, do := sheet.ParseDate(cell); !strings.HasPrefix(what, want) || do == "" {
			t.Errorf("%s is %s: %s; %s", cell, day.ISO(), what, do)
		}
	}
}

// FuzzRead reads anything without a panic, with the rows in order.
func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "r,a,2026-11-25,\"x\n\ny\"\n\nr,a,,\n"))
	f.Add([]byte("sep=;\nitem;body;date;text;\nr;a;25/11/2026;x;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Read("u.csv", data)
		if err != nil {
			return
		}
		last := 1
		for _, row := range s.Rows {
			if row.Number <= last {
				t.Errorf("row %d comes after row %d", row.Number, last)
			}
			last = row.Number
			sheet.ParseDate(row.Cell(sheet.Date))
		}
	})
}
