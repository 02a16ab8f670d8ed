package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Chart is a picture of a measure's figures: a line for each of its series over a
// scale that starts at zero, unless the measure has another baseline or figures
// below it. Lengths are in units of the chart, which is Width wide. There is room
// for its labels in every common typeface.
type Chart struct {
	Width, Height       float64
	Left, Right, Bottom float64 // of the plot area
	Scale               []Tick  // from the bottom up
	Periods             []Label // below the plot, as many as there is room for
	Lines               []Line
	Goal                *Line // a horizontal line at the target, or nil
	From, To            Text  // the first and the last period
	Count               int   // of periods
}

// A Tick is a line of the scale with its figure.
type Tick struct {
	Y     float64
	Label Label
	Base  bool // it is zero, or the baseline
}

// A Label is lines of text below each other, anchored at X.
type Label struct {
	X, Y   float64 // Y is the baseline of the first line
	Anchor string  // "start", "middle" or "end"
	Lines  []string
}

// A Line is the figures of one series. Its dashes, marks and label tell it from the
// others without colour.
type Line struct {
	Name            Text
	Path, Marks     string // the line and its points, for SVG
	Dashes          string // for SVG; "" for a solid line
	Start           *Label // of the first figure, if it is the only line and there is room
	End             Label  // of the last figure, with the name
	Leader          string // a path from the last point to its label, if it is not next to it
	First, Last     Point
	Lowest, Highest *Point // nil if it is the first or the last
}

// A Point is a figure on a line.
type Point struct {
	Value
	Figure string // as readers see it
	X, Y   float64

	column int // the index of its period
}

const (
	chartWidth  = 340.0
	chartType   = 15.0 // font size: over 12 pixels on the smallest phones, where the chart is 288 pixels wide
	chartLine   = 18.0 // from one line of text to the next
	plotTop     = 13.0
	plotHeight  = 176.0
	labelLength = 12  // in characters
	markSize    = 4.5 // half of it
)

// Chart draws the measure's figures. It returns nil if there are fewer than two
// periods, or no line has two figures. goal is the word for a target.
func (m *Measure) Chart(goal string) *Chart {
	lines := m.Lines()
	periods, _ := mergePeriods(lines)
	if len(periods) < 2 || !slices.ContainsFunc(lines, func(s Series) bool { return len(s.Values) > 1 }) {
		return nil
	}
	d := charter{measure: m, notation: m.notation(), periods: periods, height: plotHeight}
	d.readLines(lines)
	ends := d.endLabels(goal)
	total, widest := 0.0, 0.0
	for _, e := range ends {
		total += e.height()
		widest = max(widest, textWidth(e.label.Lines))
	}
	d.height = max(d.height, total)
	d.setScale()
	d.Width, d.Right = chartWidth, chartWidth-widest-markSize-8
	if len(ends) > 1 {
		d.gap = 12
		d.Right -= d.gap
	}
	d.setColumns()
	for i := range d.Lines {
		d.drawLine(&d.Lines[i], i)
	}
	if d.Goal != nil {
		y := d.y(*m.Goal)
		d.Goal.Path = fmt.Sprintf("M%.1f %.1fH%.1f", d.Left, y, d.Right)
		d.Goal.Last = Point{X: d.Right - markSize, Y: y}
	}
	d.placeEnds(ends)
	if len(d.Lines) == 1 {
		d.placeStart(&d.Lines[0])
	}
	d.placePeriods()
	return &d.Chart
}

// A charter draws a chart.
type charter struct {
	Chart
	measure   *Measure
	notation  notation
	periods   []Text
	points    [][]Point // by line, in the order of the periods
	xs        []float64 // of the periods
	height    float64   // of the plot
	low, high float64   // the ends of the scale
	gap       float64   // extra space between the plot and several labels
}

// readLines reads the figures of each line in the order of the periods.
func (d *charter) readLines(lines []Series) {
	for _, s := range lines {
		line := Line{Name: s.Name}
		var points []Point
		for _, v := range s.Values {
			points = append(points, Point{Value: v, Figure: d.notation.write(v.Value, d.notation.decimals), column: slices.Index(d.periods, v.Period)})
		}
		slices.SortFunc(points, func(a, b Point) int { return a.column - b.column })
		line.First, line.Last = points[0], points[len(points)-1]
		byValue := func(a, b Point) int { return cmp.Compare(a.Value.Value, b.Value.Value) }
		if p := slices.MinFunc(points, byValue); byValue(p, line.First) < 0 && byValue(p, line.Last) < 0 {
			line.Lowest = &p
		}
		if p := slices.MaxFunc(points, byValue); byValue(p, line.First) > 0 && byValue(p, line.Last) > 0 {
			line.Highest = &p
		}
		d.points, d.Lines = append(d.points, points), append(d.Lines, line)
	}
	d.From, d.To, d.Count = d.periods[0], d.periods[len(d.periods)-1], len(d.periods)
}

// y returns the vertical position of a figure.
func (d *charter) y(value float64) float64 {
	return plotTop + d.height*(d.high-value)/(d.high-d.low)
}

// setScale finds a scale for all figures, in four or five round steps.
func (d *charter) setScale() {
	base := d.measure.Baseline
	low, high := base, base
	for _, points := range d.points {
		for _, p := range points {
			low, high = min(low, p.Value.Value), max(high, p.Value.Value)
		}
	}
	if goal := d.measure.Goal; goal != nil {
		low, high = min(low, *goal), max(high, *goal)
	}
	if low == high {
		high++
	}
	step := roundStep((high-low)/4, max(d.notation.decimals, 0))
	d.low, d.high = low, high
	if low < base {
		d.low = step * math.Floor(low/step)
	}
	if high > base {
		d.high = step * math.Ceil(high/step-1e-9)
	}
	d.Bottom = plotTop + d.height
	var values []float64
	if first := math.Ceil(d.low/step - 1e-9); step*first-d.low > step/1000 {
		values = append(values, d.low)
	}
	for i := range 8 { // there are six at most
		v := step * (math.Ceil(d.low/step-1e-9) + float64(i))
		if v <= d.high+step/1000 && (len(values) == 0 || d.y(values[len(values)-1])-d.y(v) >= chartLine) {
			values = append(values, v)
		}
	}
	width := 0.0
	for _, v := range values {
		text := d.notation.abbreviate(v, values)
		width = max(width, textWidth([]string{text}))
		d.Scale = append(d.Scale, Tick{Y: d.y(v), Base: v == base, Label: Label{Y: d.y(v) + chartType/3, Anchor: "end", Lines: []string{text}}})
	}
	d.Left = width + 8
	for i := range d.Scale {
		d.Scale[i].Label.X = d.Left - 6
	}
}

// roundStep returns the smallest round number that is at least least and has no more
// decimals than the figures.
func roundStep(least float64, decimals int) float64 {
	unit := math.Pow(10, -float64(decimals))
	if least <= unit {
		return unit
	}
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, n := range []float64{1, 2, 2.5, 5} {
		if whole := n * power / unit; n*power >= least*(1-1e-9) && math.Abs(whole-math.Round(whole)) < 1e-6 {
			return n * power
		}
	}
	return 10 * power
}

// abbreviate returns a figure for a scale: 2.5m for 2,500,000.
func (n notation) abbreviate(value float64, scale []float64) string {
	largest := 0.0
	for _, v := range scale {
		largest = max(largest, math.Abs(v)*n.factor)
	}
	for _, unit := range []notation{{suffix: "tn", factor: 1e12}, {suffix: "bn", factor: 1e9}, {suffix: "m", factor: 1e6}} {
		if largest < unit.factor || n.suffix == "%" {
			continue
		}
		n.suffix = unit.suffix
		value *= n.factor / unit.factor
		break
	}
	if value == 0 && n.suffix != "%" {
		return n.prefix + "0"
	}
	value = math.Round(value*1e6) / 1e6 // not 0.30000000000000004
	return n.write(value, -1)
}

// setColumns sets the horizontal position of each period: by year, if all have one and
// they are in order, otherwise at equal distances.
func (d *charter) setColumns() {
	positions := make([]float64, len(d.periods))
	for i, p := range d.periods {
		positions[i] = float64(yearOf(p))
		if positions[i] == 0 || i > 0 && positions[i] <= positions[i-1] {
			for j := range positions {
				positions[j] = float64(j)
			}
			break
		}
	}
	left, right := d.Left+markSize+4, d.Right-markSize
	for _, x := range positions {
		d.xs = append(d.xs, left+(right-left)*(x-positions[0])/(positions[len(positions)-1]-positions[0]))
	}
	for i := range d.points {
		for j := range d.points[i] {
			p := &d.points[i][j]
			p.X, p.Y = d.xs[p.column], d.y(p.Value.Value)
		}
	}
}

// dashes distinguish lines.
var dashes = []string{"", "8 4", "2 4", "12 4 2 4", "5 3 2 3 2 3"}

// drawLine draws a line, with gaps for periods without a figure. If there are many
// points, it marks only some, so that the dashes can be seen.
func (d *charter) drawLine(line *Line, rank int) {
	var path, marks strings.Builder
	points := d.points[rank]
	for i, p := range points {
		move := "M"
		if i > 0 && p.column == points[i-1].column+1 {
			move = "L"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", move, p.X, p.Y)
		isAlone := move == "M" && (i+1 == len(points) || points[i+1].column > p.column+1)
		if isAlone || i == 0 || i+1 == len(points) || (points[len(points)-1].column-p.column)%(1+len(d.periods)/9) == 0 {
			marks.WriteString(markPath(rank, p.X, p.Y))
		}
	}
	line.Path, line.Marks, line.Dashes = path.String(), marks.String(), dashes[rank%len(dashes)]
	line.First, line.Last = points[0], points[len(points)-1]
}

// markPath draws a point in the shape of its line: a disc, a square, a triangle or a
// diamond.
func markPath(rank int, x, y float64) string {
	const r = markSize
	switch rank % 4 {
	case 0:
		return fmt.Sprintf("M%.1f %.1fa%[3]v %[3]v 0 1 0 %[4]v 0a%[3]v %[3]v 0 1 0-%[4]v 0z", x-r, y, r, 2*r)
	case 1:
		return fmt.Sprintf("M%.1f %.1fh%[3]vv%[3]vh-%[3]vz", x-r+.5, y-r+.5, 2*r-1)
	case 2:
		return fmt.Sprintf("M%.1f %.1fl%[3]v %[4]vh-%[4]vz", x, y-r-.5, r+.5, 2*r+1)
	}
	return fmt.Sprintf("M%.1f %.1fl%[3]v %[3]v-%[3]v %[3]v-%[3]v-%[3]vz", x, y-r-1, r+1)
}

// An end is the label of a line that is still to be placed.
type end struct {
	line  *Line
	label *Label
}

func (e end) height() float64 { return chartLine*float64(len(e.label.Lines)) + 2 }

// endLabels returns the labels at the ends of the lines: the name and the last figure.
func (d *charter) endLabels(goal string) []end {
	var all []end
	for i := range d.Lines {
		line := &d.Lines[i]
		if line.Name != "" {
			line.End.Lines = textLines(line.Name.String(), labelLength)
		}
		line.End.Lines = append(line.End.Lines, line.Last.Figure)
		all = append(all, end{line, &line.End})
	}
	if d.measure.Goal != nil {
		d.Goal = &Line{End: Label{Lines: append(textLines(goal, labelLength), d.measure.GoalFigure())}}
		all = append(all, end{d.Goal, &d.Goal.End})
	}
	return all
}

// placeEnds puts the labels next to the ends of their lines, or as near as possible
// without overlaps: labels that would overlap are spread around the middle of their
// ideal positions.
func (d *charter) placeEnds(ends []end) {
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.line.Last.Y, b.line.Last.Y) })
	type block struct{ wish, n float64 } // labels that touch: their ideal position, without the height of those above
	var blocks []block
	height := 0.0 // the height of the labels above
	for _, e := range ends {
		b := block{e.line.Last.Y - e.height()/2 - height, 1}
		for len(blocks) > 0 && blocks[len(blocks)-1].wish >= b.wish {
			last := blocks[len(blocks)-1]
			b = block{(last.wish*last.n + b.wish*b.n) / (last.n + b.n), last.n + b.n}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
		height += e.height()
	}
	lowest := d.Bottom + 2 - height
	i, top := 0, 0.0
	for _, b := range blocks {
		for range int(b.n) {
			e := ends[i]
			y := min(max(b.wish, 2), max(lowest, 2)) + top
			*e.label = Label{d.Right + markSize + 5 + d.gap, y + chartType, "start", e.label.Lines}
			if middle, p := y+e.height()/2, e.line.Last; math.Abs(middle-p.Y) > chartLine/2 || d.Right-p.X > 2*markSize {
				e.line.Leader = fmt.Sprintf("M%.1f %.1fL%.1f %.1f", p.X+markSize+2, p.Y, e.label.X-3, middle)
			}
			i, top = i+1, top+e.height()
		}
	}
}

// placeStart puts the first figure of a line above or below its point, if there is
// room.
func (d *charter) placeStart(line *Line) {
	p := line.First
	label := Label{X: p.X - markSize, Anchor: "start", Lines: []string{p.Figure}}
	right := label.X + textWidth(label.Lines)
	if right > d.Right-4 {
		return
	}
	for _, y := range []float64{p.Y - markSize - 4, p.Y + markSize + chartType} {
		if top := y - chartType; top > 2 && y < d.Bottom-3 && !d.crosses(label.X, top-2, right+4, y+4) {
			label.Y = y
			line.Start = &label
			return
		}
	}
}

// crosses reports whether the first line, or the target, crosses a box.
func (d *charter) crosses(left, top, right, bottom float64) bool {
	if d.Goal != nil && d.Goal.Last.Y > top && d.Goal.Last.Y < bottom {
		return true
	}
	points := d.points[0]
	for i := 1; i < len(points); i++ {
		for part := 0.0; part <= 1; part += 1.0 / 32 {
			x, y := points[i-1].X+part*(points[i].X-points[i-1].X), points[i-1].Y+part*(points[i].Y-points[i-1].Y)
			if x > left && x < right && y > top && y < bottom && (i > 1 || part > 0) {
				return true
			}
		}
	}
	return false
}

// placePeriods labels the first and the last period, and as many others as there is
// room for, at equal steps.
func (d *charter) placePeriods() {
	labels := make([]Label, len(d.periods))
	most := 1
	for i, period := range d.periods {
		lines := textLines(period.String(), labelLength)
		half := textWidth(lines) / 2
		x := min(max(d.xs[i], half+2), d.Width-half-2)
		labels[i] = Label{x, d.Bottom + 6 + chartType, "middle", lines}
	}
	for step := 1; d.Periods == nil; step++ {
		d.Periods = spread(labels, step)
	}
	last := len(labels) - 1
	for step := last / 2; step > 0; step-- { // better with equal steps and three labels or more
		if even := spread(labels, step); last%step == 0 && even != nil {
			d.Periods = even
		}
	}
	if first, end := d.Periods[0], &d.Periods[len(d.Periods)-1]; len(d.Periods) == 2 && areNear(first, *end) {
		end.X = first.X + (textWidth(first.Lines)+textWidth(end.Lines))/2 + 8 // two fit side by side
	}
	for _, label := range d.Periods {
		most = max(most, len(label.Lines))
	}
	d.Height = d.Bottom + 6 + chartType + chartLine*float64(most-1) + 6
}

// spread returns the first label, every step-th after it, and the last. It returns nil
// if they would overlap, unless there are only two.
func spread(labels []Label, step int) []Label {
	last := len(labels) - 1
	var all []Label
	for i := 0; i < last; i += step {
		all = append(all, labels[i])
	}
	if len(all) > 1 && (last%step != 0) && areNear(all[len(all)-1], labels[last]) {
		all = all[:len(all)-1] // the step before the last is shorter than the others
	}
	all = append(all, labels[last])
	for i := 1; i < len(all); i++ {
		if len(all) > 2 && areNear(all[i-1], all[i]) {
			return nil
		}
	}
	return all
}

func areNear(a, b Label) bool {
	return b.X-a.X < (textWidth(a.Lines)+textWidth(b.Lines))/2+8
}

// textWidth returns the greatest width of lines of text in common typefaces, the
// widest of which is Verdana.
func textWidth(lines []string) float64 {
	widest := 0.0
	for _, line := range lines {
		width := 0.0
		for _, r := range line {
			switch {
			case strings.ContainsRune(" .,:;'’|!ijlIt()/-", r):
				width += .42
			case strings.ContainsRune("mwMW%−–", r) || r > 0x2000:
				width += 1
			case r >= 'A' && r <= 'Z':
				width += .76
			default:
				width += .645
			}
		}
		widest = max(widest, width*chartType)
	}
	return widest
}

// textLines breaks a text into lines of at most length characters, between words, or
// within a word that is longer than a line.
func textLines(text string, length int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > length {
			runes := []rune(word)
			if line != "" {
				lines = append(lines, line)
				line = ""
			}
			lines, word = append(lines, string(runes[:length])), string(runes[length:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= length:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
