package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// row returns figures for the years from 2001 on.
func row(figures ...float64) []Value {
	var all []Value
	for i, v := range figures {
		all = append(all, Value{Period: Text(fmt.Sprint(2001 + i)), Value: v})
	}
	return all
}

// A budget that rises by 0.3% is flat on a scale from zero.
func TestFlatBudget(t *testing.T) {
	t.Parallel()
	c := (&Measure{Unit: "£", Values: row(550000, 550700, 551650)}).Chart("Target")
	base := c.Scale[0]
	if !base.Base || base.Y != c.Bottom || base.Label.Lines[0] != "£0" {
		t.Errorf("the scale begins with %+v", base)
	}
	line := c.Lines[0]
	if climb := line.First.Y - line.Last.Y; climb < 0 || climb > 1 {
		t.Errorf("the line climbs by %.1f of %.1f", climb, c.Bottom-plotTop)
	}
}

func TestScales(t *testing.T) {
	t.Parallel()
	goal := 95.0
	for _, test := range []struct {
		measure Measure
		want    string
	}{
		{Measure{Values: row(10, 8)}, "0 5 10"}, // not in steps of two and a half, which are not whole numbers
		{Measure{Values: row(0, 0)}, "0 1"},
		{Measure{Values: row(1, 3)}, "0 1 2 3"},
		{Measure{Values: row(2000000, 7800000)}, "0 2m 4m 6m 8m"},
		{Measure{Unit: "£ million", Values: row(1.2, -2.35)}, "−£3m −£2m −£1m £0 £1m £2m"},
		{Measure{Unit: "£000", Values: row(900, 1000)}, "£0 £0.25m £0.5m £0.75m £1m"},
		{Measure{Unit: "% of plans", Goal: &goal, Values: row(80, 70)}, "0% 25% 50% 75% 100%"},
		{Measure{Baseline: 60, Values: row(71, 73)}, "60 65 70 75"},
		{Measure{Baseline: 63.5, Values: row(71.5, 73)}, "63.5 65 67.5 70 72.5 75"},
		{Measure{Values: row(-5, -8)}, "−8 −6 −4 −2 0"},
		{Measure{Values: row(.1, .3)}, "0 0.1 0.2 0.3"},
		{Measure{Baseline: 1e14, Values: row(1e14, 1e14+.02)}, ""},
	} {
		var got []string
		for _, tick := range test.measure.Chart("Target").Scale {
			got = append(got, tick.Label.Lines...)
		}
		if joined := strings.Join(got, " "); joined != test.want && test.want != "" {
			t.Errorf("%+v has the scale %s, want %s", test.measure, joined, test.want)
		}
	}
}

func TestFigure(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		unit   Text
		values []Value
		want   string
	}{
		{"", row(1234567, 10), "1,234,567"},
		{"plans", row(1012.5, 3), "1,012.5"},
		{"plans", row(999, 1.25), "999.00"},
		{"%", row(12, 12.5), "12.0%"},
		{"Per cent of plans", row(12), "12%"},
		{"percentage points", row(12), "12"},
		{"£", row(-1234), "−£1,234"},
		{"£ million", row(1.5), "£1.5m"},
		{"£m", row(1.5), "£1.5m"},
		{"£'000", row(1500), "£1,500k"},
		{"£ a week", row(20), "£20"},
		{"", row(3449.3999999999996, 1), "3,449.4"}, // as a spreadsheet writes it
		{"", row(1e-9), "0.000000001"},
		{"", row(1e-200), "1e-200"},
		{"", row(123456789012345), "123,456,789,012,345"},
	} {
		m := &Measure{Unit: test.unit, Values: test.values}
		if got := m.Figure(test.values[0].Value); got != test.want {
			t.Errorf("%v %s is written %s, want %s", test.values[0].Value, test.unit, got, test.want)
		}
	}
}

// A target has as many decimals as the figures, or more if it needs them.
func TestGoalFigure(t *testing.T) {
	t.Parallel()
	for goal, want := range map[float64]string{9: "9.0%", 9.25: "9.25%"} {
		m := &Measure{Unit: "%", Goal: &goal, Values: row(10, 8.5)}
		if got := m.GoalFigure(); got != want {
			t.Errorf("the target %v is written %s, want %s", goal, got, want)
		}
	}
	if got := (&Measure{Values: row(10)}).GoalFigure(); got != "" {
		t.Errorf("without a target, it is written %q", got)
	}
}

func TestMergePeriods(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ lines, want string }{
		{"2011 2013, 2011 2012 2013", "2011 2012 2013"},
		{"2011 2013, 2012 2014", "2011 2012 2013 2014"},
		{"2011/12 2012/13, 2009/10 2011/12", "2009/10 2011/12 2012/13"},
		{"before after, before during after", "before during after"},
		{"Q1 Q2, Q3 Q4", "Q1 Q2 Q3 Q4"},
		{"2012 2011, 2011 2012", "wrong 1"},
	} {
		var lines []Series
		for part := range strings.SplitSeq(test.lines, ", ") {
			var s Series
			for _, period := range strings.Fields(part) {
				s.Values = append(s.Values, Value{Period: Text(period)})
			}
			lines = append(lines, s)
		}
		all, wrong := mergePeriods(lines)
		got := strings.Trim(fmt.Sprint(all), "[]")
		if wrong >= 0 {
			got = fmt.Sprint("wrong ", wrong)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.lines, got, test.want)
		}
	}
}

// A line has a gap where it has no figure, and a single figure is a point.
func TestChartGaps(t *testing.T) {
	t.Parallel()
	ours := row(1, 2, 3, 4)
	theirs := []Value{ours[0], ours[2], ours[3]}
	c := (&Measure{Series: []Series{{Name: "Ours", Values: ours}, {Name: "Theirs", Values: theirs}}}).Chart("Target")
	if path := c.Lines[1].Path; strings.Count(path, "M") != 2 || strings.Count(path, "L") != 1 {
		t.Errorf("the line with a gap is %s", path)
	}
	if marks := strings.Count(c.Lines[1].Marks, "M"); marks != 3 {
		t.Errorf("it has %d points", marks)
	}
	if (&Measure{Values: row(5)}).Chart("Target") != nil || (&Measure{}).Chart("Target") != nil ||
		(&Measure{Series: []Series{{Name: "A", Values: ours[:1]}, {Name: "B", Values: ours[1:2]}}}).Chart("Target") != nil {
		t.Error("there is a chart, but no line")
	}
}

// The distance between years is in proportion to the time between them.
func TestUnequalYears(t *testing.T) {
	t.Parallel()
	c := (&Measure{Values: []Value{{Period: "2001", Value: 1}, {Period: "2011", Value: 1}, {Period: "2012", Value: 1}}}).Chart("Target")
	var x1, x2, x3, y float64
	if _, err := fmt.Sscanf(strings.NewReplacer("M", "", "L", " ").Replace(c.Lines[0].Path), "%f %f %f %f %f %f", &x1, &y, &x2, &y, &x3, &y); err != nil {
		t.Fatal(err)
	}
	if near := (x2 - x1) / (x3 - x2); math.Abs(near-10) > .5 {
		t.Errorf("ten years are %.1f times as long as one", near)
	}
}

// A box is the area that a label covers.
type box struct {
	what                     string
	left, top, right, bottom float64
}

func boxOf(l Label) box {
	width := textWidth(l.Lines)
	b := box{strings.Join(l.Lines, " "), l.X, l.Y - chartType + 4, l.X + width, l.Y + chartLine*float64(len(l.Lines)-1)}
	switch l.Anchor {
	case "end":
		b.left, b.right = l.X-width, l.X
	case "middle":
		b.left, b.right = l.X-width/2, l.X+width/2
	}
	return b
}

// randomMeasure returns a measure with two to fifteen periods and one to four series.
func randomMeasure(r *rand.Rand) *Measure {
	m := &Measure{Unit: []Text{"", "%", "£", "£ million"}[r.IntN(4)]}
	size := math.Pow(10, float64(r.IntN(9))-1)
	switch m.Unit {
	case "%":
		size = min(size, 100)
	case "£ million":
		size = min(size, 10000)
	}
	figure := func() float64 { return math.Round((r.Float64()-float64(r.IntN(8)/7)/2)*size*10) / 10 }
	form := []string{"%d", "%d/00", "April %d to March in the next year"}[r.IntN(3)]
	n := 2 + r.IntN(14)
	values := func(start int) (all []Value) {
		for i := start; i < n; i++ {
			all = append(all, Value{Period: Text(fmt.Sprintf(form, 2000+i)), Value: figure()})
		}
		return all
	}
	if count := r.IntN(5); count > 0 {
		for i := range count {
			m.Series = append(m.Series, Series{Name: Text([]string{"Ours", "England", "Yorkshire and The Humber", "Bournemouth, Christchurch and Poole"}[i]), Values: values(r.IntN(2))})
		}
		m.Series[0].Values = values(0)
	} else {
		m.Values = values(0)
	}
	if r.IntN(2) == 0 {
		goal := figure()
		m.Goal = &goal
	}
	return m
}

// Whatever the figures are, higher ones are higher in the chart, and its labels are
// inside it and do not overlap.
func TestRandomCharts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 7))
	for range 3000 {
		m := randomMeasure(r)
		c := m.Chart("Target")
		var all []box
		for _, tick := range c.Scale {
			all = append(all, boxOf(tick.Label))
		}
		for _, label := range c.Periods {
			all = append(all, boxOf(label))
		}
		for i, line := range c.Lines {
			all = append(all, boxOf(line.End))
			if line.Start != nil {
				all = append(all, boxOf(*line.Start))
			}
			if a, b := line.Last, c.Lines[0].Last; (a.Value.Value-b.Value.Value)*(b.Y-a.Y) < 0 {
				t.Fatalf("line %d ends at %.1f for %v, and the first at %.1f for %v", i, a.Y, a.Value.Value, b.Y, b.Value.Value)
			}
			for _, p := range []Point{line.First, line.Last} {
				if p.X < c.Left || p.X > c.Right || p.Y < plotTop-.1 || p.Y > c.Bottom+.1 {
					t.Fatalf("%+v is outside the plot of %+v", p, m)
				}
			}
		}
		if c.Goal != nil {
			all = append(all, boxOf(c.Goal.End))
		}
		if c.Right-c.Left < 60 {
			t.Fatalf("the plot of %+v is %.0f wide", m, c.Right-c.Left)
		}
		for i, a := range all {
			if a.left < 0 || a.top < 0 || a.right > c.Width || a.bottom > c.Height {
				t.Fatalf("%+v is outside the chart of %+v", a, m)
			}
			for _, b := range all[i+1:] {
				if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
					t.Fatalf("%+v overlaps %+v in the chart of %+v", a, b, m)
				}
			}
		}
	}
}
