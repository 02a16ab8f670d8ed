package report

import (
	"fmt"
	"html/template"
	"regexp"
)

// A Piece is a part of a page's text as it is rendered: a passage, or what comes
// before the first.
type Piece struct {
	*Passage               // nil before the first heading
	Heading  template.HTML // the words of the passage's heading
	Text     template.HTML // what is below it
}

// heading is one that Hugo has rendered. Nothing but Markdown makes any: raw HTML
// is refused.
var heading = regexp.MustCompile(`(?s)<h[1-6][^>]*>(.*?)</h[1-6]>\n?`)

// Cut gives a page's text, as Hugo has rendered it, in pieces, so that layouts
// can add to each passage what belongs to it. The error says that the text has
// not the headings that [Load] has read.
func (p *Page) Cut(content template.HTML) ([]Piece, error) {
	marks := heading.FindAllStringSubmatchIndex(string(content), -1)
	if len(marks) != len(p.Passages) {
		return nil, fmt.Errorf("%s has %d headings, and %d are rendered", p.File, len(p.Passages), len(marks))
	}
	var all []Piece
	piece, from := Piece{}, 0
	for i, m := range marks {
		piece.Text = content[from:m[0]]
		if piece.Passage != nil || piece.Text != "" {
			all = append(all, piece)
		}
		piece, from = Piece{Passage: p.Passages[i], Heading: content[m[2]:m[3]]}, m[1]
	}
	piece.Text = content[from:]
	return append(all, piece), nil
}
