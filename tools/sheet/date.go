package sheet

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"annualreport/tools/report"
)

var (
	yearFirst = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$`)
	dayFirst  = regexp.MustCompile(`^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$`)
	shortYear = regexp.MustCompile(`^[0-9]{1,2}[/.-]([0-9]{1,2}|[A-Za-z]{3,})[/.-][0-9]{2}$`)
	serial    = regexp.MustCompile(`^[0-9]{5}([.,][0-9]+)?$`)
)

const dateAdvice = "write it as 2026-11-25, or with the day first, as 25/11/2026"

// ParseDate reads a date: 2026-11-25, or 25/11/2026 in the British way. If the cell
// has no date, or an ambiguous one, it returns what is wrong and what to do.
func ParseDate(cell string) (day report.Date, what, do string) {
	var y, m, d string
	if part := yearFirst.FindStringSubmatch(cell); part != nil {
		y, m, d = part[1], part[2], part[3]
	} else if part := dayFirst.FindStringSubmatch(cell); part != nil {
		y, m, d = part[3], part[2], part[1]
	} else {
		return explainNotDate(cell)
	}
	date, err := time.Parse(time.DateOnly, y+"-"+twoDigits(m)+"-"+twoDigits(d))
	if err == nil {
		return report.Date{Time: date}, "", ""
	}
	month, _ := strconv.Atoi(m) // only digits
	if second, _ := strconv.Atoi(d); month > 12 && second <= 12 {
		return day, report.Quote(cell) + " has the month before the day", dateAdvice + "; check that the other dates are not reversed as well"
	}
	return day, report.Quote(cell) + " is not a day in the calendar", dateAdvice
}

func twoDigits(n string) string { return strings.Repeat("0", 2-len(n)) + n }

// explainNotDate returns what is wrong with a cell that is not a date.
func explainNotDate(cell string) (day report.Date, what, do string) {
	switch {
	case shortYear.MatchString(cell):
		return day, report.Quote(cell) + " does not give the century, and could be read in several ways", dateAdvice
	case serial.MatchString(cell):
		return day, report.Quote(cell) + " is a spreadsheet's own number for a date", "format the column as dates and save the file again; or " + dateAdvice
	}
	return day, report.Quote(cell) + " is not a date", fmt.Sprintf("%s, in full", dateAdvice)
}
