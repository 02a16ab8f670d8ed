package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Lines returns the measure's series, or its values as one series without a name.
// There are none if the report gives no figures.
func (m *Measure) Lines() []Series {
	if len(m.Values) > 0 {
		return []Series{{Values: m.Values}}
	}
	return m.Series
}

// maxFigures and maxLines are the most figures and lines that a chart can show.
const (
	maxFigures = 1000
	maxLines   = 20
)

// count returns the number of the measure's figures and series.
func (m *Measure) count() int {
	n := len(m.Series)
	for _, line := range m.Lines() {
		n += len(line.Values)
	}
	return n
}

// A Row is the row for one period in a measure's table.
type Row struct {
	Period  Text
	Figures []string // one for each of the measure's lines; "" where a line has none
}

// Rows returns the measure's figures by period.
func (m *Measure) Rows() []Row {
	lines := m.Lines()
	n := m.notation()
	periods, _ := mergePeriods(lines)
	rows := make([]Row, len(periods))
	for i, period := range periods {
		rows[i] = Row{period, make([]string, len(lines))}
	}
	for i, line := range lines {
		for _, v := range line.Values {
			rows[slices.Index(periods, v.Period)].Figures[i] = n.write(v.Value, n.decimals)
		}
	}
	return rows
}

// mergePeriods merges the periods of all lines into one order, which keeps the order
// in each line. Where the lines leave the order open, the years decide. wrong is
// the index of the first line whose order contradicts those before it, or -1.
func mergePeriods(lines []Series) (all []Text, wrong int) {
	wrong = -1
	for i, line := range lines {
		next := 0 // the first possible index of a new period
		for j, v := range line.Values {
			index := slices.Index(all, v.Period)
			if index >= 0 && index < next && wrong < 0 {
				wrong = i
			}
			if index < 0 {
				index = max(next, findPeriodIndex(v.Period, all, next, line.Values[j+1:]))
				all = slices.Insert(all, index, v.Period)
			}
			next = index + 1
		}
	}
	return all, wrong
}

// findPeriodIndex returns the index in all for a new period, from next on and before those
// that come later in its line.
func findPeriodIndex(period Text, all []Text, next int, later []Value) int {
	end := len(all)
	for _, v := range later {
		if index := slices.Index(all, v.Period); index >= 0 {
			end = index
			break
		}
	}
	for index := next; index < end; index++ {
		if year := yearOf(period); year > 0 && yearOf(all[index]) > year {
			return index
		}
	}
	return end
}

var yearInPeriod = regexp.MustCompile(`(?:^|[^0-9])((?:1[5-9]|2[01])[0-9]{2})(?:[^0-9]|$)`)

// yearOf returns the year of a period, or in which it begins, or 0.
func yearOf(period Text) int {
	if m := yearInPeriod.FindStringSubmatch(string(period)); m != nil {
		year, _ := strconv.Atoi(m[1]) // four digits
		return year
	}
	return 0
}

// A notation is how figures with a unit are written: £1.2m, 12.5%.
type notation struct {
	prefix, suffix string
	factor         float64 // that the figures are counted in: 1,000,000 for £ million
	decimals       int     // of every figure; -1 if each has its own
}

var (
	currency = regexp.MustCompile(`^([£€$])\s*(million|billion|thousand|m|bn|k|'?000s?|’000s?)?(?:\s|,|$)`)
	percent  = regexp.MustCompile(`^(?:%|(?i:per ?cent)\b)`)

	factors = map[string]notation{
		"million": {suffix: "m", factor: 1e6}, "m": {suffix: "m", factor: 1e6},
		"billion": {suffix: "bn", factor: 1e9}, "bn": {suffix: "bn", factor: 1e9},
		"thousand": {suffix: "k", factor: 1e3}, "k": {suffix: "k", factor: 1e3},
	}
)

// notation reads the unit. All figures get as many decimals as the one with the most,
// so that they line up.
func (m *Measure) notation() notation {
	n := notation{factor: 1}
	unit := string(m.Unit)
	if match := currency.FindStringSubmatch(unit); match != nil {
		if word := match[2]; strings.Contains(word, "000") {
			n = factors["k"]
		} else if word != "" {
			n = factors[word]
		}
		n.prefix = match[1]
	} else if percent.MatchString(unit) {
		n.suffix = "%"
	}
	for _, line := range m.Lines() {
		for _, v := range line.Values {
			n.decimals = max(n.decimals, decimals(v.Value))
		}
	}
	if n.decimals > 6 { // a figure such as 1e-9: as the source has it
		n.decimals = -1
	}
	return n
}

// tidy removes the rounding errors that a spreadsheet leaves in a number.
func tidy(value float64) float64 {
	value, _ = strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64) // the text of a number is valid
	return value
}

// decimals returns the number of decimals with which a number is written.
func decimals(value float64) int {
	_, after, _ := strings.Cut(strconv.FormatFloat(tidy(value), 'f', -1, 64), ".")
	return len(after)
}

// Figure returns a number as readers see it: with the sign of its unit and commas
// between thousands.
func (m *Measure) Figure(value float64) string {
	n := m.notation()
	return n.write(value, n.decimals)
}

// write returns a number with that many decimals, or as many as it has if that is -1.
func (n notation) write(value float64, decimals int) string {
	sign, value := "", tidy(value)
	if value < 0 {
		sign = "−"
	}
	digits := strconv.FormatFloat(math.Abs(value), 'f', decimals, 64)
	if len(digits) > 24 { // nobody reads so many
		digits = strconv.FormatFloat(math.Abs(value), 'g', -1, 64)
	}
	return sign + n.prefix + addCommas(digits) + n.suffix
}

// addCommas returns the digits of a number with commas between its thousands.
func addCommas(digits string) string {
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, ".e"); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + rest
}

// GoalFigure returns the target as readers see it, or "".
func (m *Measure) GoalFigure() string {
	if m.Goal == nil {
		return ""
	}
	n := m.notation()
	return n.write(*m.Goal, max(n.decimals, decimals(*m.Goal)))
}

// BaseFigure returns where the scale starts if that is not zero, or "".
func (m *Measure) BaseFigure() string {
	if m.Baseline == 0 {
		return ""
	}
	return m.notation().write(m.Baseline, decimals(m.Baseline))
}

// checkFigures checks a measure's figures and what goes with them.
func (l *loader) checkFigures(m *Measure, rep *Report) {
	file := m.Place.File
	addProblem := func(key, rule, what, do string) { l.problems.add(l.place(file, m.ID+"."+key), rule, what, do) }
	if m.Position != "" {
		l.checkParagraphReference(l.place(file, m.ID+".place"), m.Position, rep)
	}
	if l.hasKey(file, m.ID+".values") && l.hasKey(file, m.ID+".series") {
		addProblem("series", "two-kinds-of-figures", fmt.Sprintf("the measure %s has both values and series", Quote(m.ID)), "keep values for one line, or series for several")
		return
	}
	if !l.hasKey(file, m.ID+".values") && !l.hasKey(file, m.ID+".series") {
		for _, key := range []string{"target", "baseline", "place"} {
			if l.hasKey(file, m.ID+"."+key) {
				addProblem(key, "no-figures", fmt.Sprintf("the measure %s has a %s for its chart, but no figures to draw", Quote(m.ID), key), "add values = [{ period = \"2013/14\", value = 8 }], or delete the line")
			}
		}
		return
	}
	if count := m.count(); count > maxFigures {
		addProblem("title", "too-many", fmt.Sprintf("the measure %s has %d figures; the limit is %d", Quote(m.ID), count, maxFigures), "split it into several measures, or keep fewer periods: nobody could tell them apart in a chart")
		return
	}
	if len(m.Series) > maxLines {
		addProblem("title", "too-many", fmt.Sprintf("the measure %s has %d series; the limit is %d", Quote(m.ID), len(m.Series), maxLines), "split it into several measures: nobody could tell them apart in a chart")
		return
	}
	if !m.checkLines(addProblem) {
		return
	}
	l.checkScale(m, addProblem)
	if _, wrong := mergePeriods(m.Lines()); wrong >= 0 {
		addProblem(elementPath("series", wrong), "period-order", fmt.Sprintf("the series %s has its periods in a different order from the series before it", Quote(string(m.Series[wrong].Name))),
			"put the oldest first in both")
	}
}

// checkLines checks that no name of a series appears twice, and no period in one. It
// returns false if the order of the periods is not known.
func (m *Measure) checkLines(addProblem func(key, rule, what, do string)) bool {
	names := map[Text]bool{}
	for i, line := range m.Lines() {
		key := "values"
		if len(m.Values) == 0 {
			key = elementPath("series", i)
			if names[line.Name] && line.Name != "" {
				addProblem(key+".name", "repeated-name", fmt.Sprintf("the series %s appears twice", Quote(string(line.Name))), "give each its own name")
			}
			names[line.Name] = true
			key += ".values"
		}
		periods := map[Text]bool{}
		for j, v := range line.Values {
			if periods[v.Period] && v.Period != "" {
				addProblem(elementPath(key, j)+".period", "repeated-period", fmt.Sprintf("the period %s appears twice", Quote(string(v.Period))), "give each figure its own period")
			}
			if periods[v.Period] || v.Period == "" {
				return false
			}
			periods[v.Period] = true
		}
	}
	return true
}

// checkScale checks that no figure is below the baseline of a chart.
func (l *loader) checkScale(m *Measure, addProblem func(key, rule, what, do string)) {
	file := m.Place.File
	if !l.isValid(file, m.ID+".baseline") {
		return
	}
	lowest := math.Inf(1)
	if m.Goal != nil && l.isValid(file, m.ID+".target") {
		lowest = *m.Goal
	}
	for i, line := range m.Lines() {
		key := m.ID + ".values"
		if len(m.Values) == 0 {
			key = elementPath(m.ID+".series", i) + ".values"
		}
		for j, v := range line.Values {
			if l.isValid(file, elementPath(key, j)+".value") {
				lowest = min(lowest, v.Value)
			}
		}
	}
	if m.Baseline > lowest {
		number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
		addProblem("baseline", "baseline", fmt.Sprintf("the baseline %s is above %s, which the chart has to show", number(m.Baseline), number(lowest)), "write a lower one, or delete the line")
	}
}
