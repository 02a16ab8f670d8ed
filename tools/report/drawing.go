package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Drawing is the thread from paragraph to challenge to recommendation to
// body: four columns of boxes, some of which may be empty, and a curve for each
// connection. Lengths are its
// own, of which it is Width wide.
type Drawing struct {
	Width, Height, Box, Line float64 // Box is a box's width, Line the height of a line of text
	Columns                  [4][]*Box
	Curves                   []Curve
}

// A Box is a part of a drawing that is a link.
type Box struct {
	X, Y, Height float64
	Lines        []string
	Link         string

	id string
}

// A Curve is a connection from the right side of a box to the left side of
// another. It goes over the columns between them, if there are any.
type Curve struct {
	X1, Y1, X2, Y2 float64
	Over           bool
}

const (
	boxWidth   = 216.0
	columnStep = 280.0 // from one column to the next
	lineHeight = 19.0
	boxGap     = 14.0
	drawingTop = 56.0
	lineLength = 25 // in characters
)

// Drawing draws how the report fits together. Challenges are below each other;
// what leads to them, and what they lead to, is as near to the middle of them
// as there is room.
func (rep *Report) Drawing() Drawing {
	d := drawer{page: rep.Summary, centres: map[string]float64{}}
	for _, kind := range Kinds {
		for _, it := range rep.Items(kind) {
			to := it.Target().ID
			for _, h := range it.Paragraphs {
				d.edge("paragraph-"+h.ID, to)
			}
			for _, c := range it.ArisesFrom {
				d.edge(c.Target().ID, to)
			}
			for _, b := range it.Bodies {
				d.edge(to, b.Target().ID)
			}
		}
	}
	var findings, recommendations, bodies []*Box
	for _, it := range rep.Recommendations {
		recommendations = append(recommendations, d.box(it, it.Target().ID, fmt.Sprint(it.Number, " ", it.Title)))
	}
	for _, h := range rep.Paragraphs {
		if len(h.Items) > 0 {
			findings = append(findings, d.box(h, "paragraph-"+h.ID, h.Number+" "+h.Title.String()))
		}
	}
	for _, b := range rep.Bodies {
		bodies = append(bodies, d.box(b, b.Target().ID, b.Name.String()))
	}
	var challenges []*Box
	y := drawingTop
	for _, it := range rep.Challenges {
		b := d.box(it, it.Target().ID, fmt.Sprint(it.Number, " ", it.Title))
		y = d.put(b, y)
		challenges = append(challenges, b)
	}
	if len(challenges) > 0 { // recommendations are placed by these, then the others by both
		recommendations = d.column(recommendations)
	} else {
		for _, b := range recommendations {
			y = d.put(b, y)
		}
	}
	drawing := Drawing{Box: boxWidth, Line: lineHeight,
		Columns: [4][]*Box{d.column(findings), challenges, recommendations, d.column(bodies)}}
	x, xs := 0.0, map[string]float64{}
	for _, column := range drawing.Columns {
		if len(column) == 0 {
			continue
		}
		drawing.Width = x + boxWidth + 2
		for _, b := range column {
			b.X = x
			xs[b.id] = x
			drawing.Height = max(drawing.Height, math.Ceil(b.Y+b.Height+2))
		}
		x += columnStep
	}
	for _, e := range d.edges {
		from, to := xs[e[0]]+boxWidth, xs[e[1]]
		drawing.Curves = append(drawing.Curves, Curve{from, d.centres[e[0]], to, d.centres[e[1]], to-from >= 2*(columnStep-boxWidth)})
	}
	return drawing
}

// A drawer places the boxes of a drawing.
type drawer struct {
	page    *Page
	edges   [][2]string        // each from one box's id to another's
	centres map[string]float64 // of the boxes that are placed, by their ids
}

func (d *drawer) edge(from, to string) { d.edges = append(d.edges, [2]string{from, to}) }

func (d *drawer) box(to Linkable, id, text string) *Box {
	lines := textLines(text, lineLength)
	return &Box{id: id, Link: d.page.Link(to), Lines: lines, Height: 16 + lineHeight*float64(len(lines))}
}

// put places a box at y, and gives where the next can be.
func (d *drawer) put(b *Box, y float64) float64 {
	b.Y = y
	d.centres[b.id] = y + b.Height/2
	return y + b.Height + boxGap
}

// column places boxes below each other, each as near as can be to the middle
// of those placed boxes that it is connected with.
func (d *drawer) column(boxes []*Box) []*Box {
	wish := map[*Box]float64{}
	for _, b := range boxes {
		sum, n := 0.0, 0.0
		for _, e := range d.edges {
			for i, id := range e {
				if centre, placed := d.centres[e[1-i]]; id == b.id && placed {
					sum, n = sum+centre, n+1
				}
			}
		}
		if wish[b] = drawingTop; n > 0 {
			wish[b] = sum / n
		}
		wish[b] -= b.Height / 2
	}
	slices.SortStableFunc(boxes, func(a, b *Box) int { return cmp.Compare(wish[a], wish[b]) })
	y := drawingTop
	for _, b := range boxes {
		y = d.put(b, max(y, wish[b]))
	}
	return boxes
}

// textLines breaks a text into lines of at most length characters, between words
// or within one that is longer than a line.
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
