package report

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

// A Piece is a part of a page's rendered text: a passage, the text before the first,
// or the footnotes after the last.
type Piece struct {
	*Passage                // nil before the first and for the footnotes
	Heading   template.HTML // the words of the passage's heading
	Paragraph template.HTML // without a heading, the words of the numbered paragraph
	Text      template.HTML // what is below it
	Notes     bool          // it is the footnotes
}

// An Opening is a summary's text in the parts that its page shows: the lead before
// the first heading, the first two headings with their text, side by side, and the
// rest.
type Opening struct {
	Lead    []Piece
	Answers [][]Piece // each begins with a heading
	Rest    []Piece
}

// answers is how many headings are side by side at the top of a summary.
const answers = 2

// Open splits a summary's text, as rendered by Hugo, into the parts of its page.
func (p *Page) Open(content template.HTML) (Opening, error) {
	pieces, err := p.Cut(content)
	var o Opening
	for _, piece := range pieces {
		isStart := piece.Passage != nil && piece.Level == 2
		switch n := len(o.Answers); {
		case piece.Notes || len(o.Rest) > 0 || isStart && n == answers || piece.Passage != nil && n == 0 && !isStart:
			o.Rest = append(o.Rest, piece)
		case isStart:
			o.Answers = append(o.Answers, []Piece{piece})
		case n == 0:
			o.Lead = append(o.Lead, piece)
		default:
			o.Answers[n-1] = append(o.Answers[n-1], piece)
		}
	}
	return o, err
}

// mark matches a heading or a numbered paragraph as rendered by Hugo. These come only
// from Markdown: raw HTML is refused.
var mark = regexp.MustCompile(`(?s)<h[1-6][^>]*>(.*?)</h[1-6]>\n?|<p id="([^"]*)">(.*?)</p>\n?`)

const footnotes = `<div class="footnotes"`

// Cut splits a page's text, as rendered by Hugo, into pieces, so that layouts can add
// what belongs to each passage. It fails if the passages in the text are not those
// that [Load] has read.
func (p *Page) Cut(content template.HTML) ([]Piece, error) {
	text, notes := content, template.HTML("")
	if i := strings.LastIndex(string(content), footnotes); i >= 0 {
		text, notes = content[:i], content[i:]
	}
	text = addFigures(text)
	marks := mark.FindAllStringSubmatchIndex(string(text), -1)
	if len(marks) != len(p.Passages) {
		return nil, fmt.Errorf("%s has %d passages, but %d were rendered", p.File, len(p.Passages), len(marks))
	}
	var all []Piece
	piece, start := Piece{}, 0
	for i, m := range marks {
		h := p.Passages[i]
		if numbered := m[4] >= 0; numbered != (h.Level == 0) || numbered && string(text[m[4]:m[5]]) != h.ID {
			return nil, fmt.Errorf("%s has passage %q where another was rendered", p.File, h.ID)
		}
		piece.Text = text[start:m[0]]
		if piece.Passage != nil || piece.Text != "" {
			all = append(all, piece)
		}
		piece, start = Piece{Passage: h}, m[1]
		if h.Level > 0 {
			piece.Heading = text[m[2]:m[3]]
		} else {
			piece.Paragraph = text[m[6]:m[7]]
		}
	}
	piece.Text = text[start:]
	all = append(all, piece)
	if notes != "" {
		all = append(all, Piece{Text: addFigures(notes), Notes: true})
	}
	return all, nil
}

// aloneTitled matches a picture with a title, alone in a paragraph.
var aloneTitled = regexp.MustCompile(`<p>(<img [^>]*?) title="([^"]*)">((?:&#160;<a [^>]*>[^<]*</a>)*)</p>`)

// addFigures turns each picture that is alone and has a title into a figure with the
// title as its caption.
func addFigures(text template.HTML) template.HTML {
	return template.HTML(aloneTitled.ReplaceAllString(string(text), `<figure>$1><figcaption>$2</figcaption></figure>$3`))
}

// LabelLinks returns the piece's text with words for screen readers on the links back
// from footnotes, whose sign is ↩.
func (p Piece) LabelLinks(words string) template.HTML {
	const back = ` role="doc-backlink"`
	return template.HTML(strings.ReplaceAll(string(p.Text), back, back+` aria-label="`+template.HTMLEscapeString(words)+`"`))
}

// A Quotation is a quotation in a page's text, as rendered by Hugo, with its
// attribution.
type Quotation struct {
	Words template.HTML
	From  template.HTML // "— A young woman, 16", or ""
}

// attribution matches a quotation's last line, if that begins with a dash.
var attribution = regexp.MustCompile(`(?s)^(.+?)(?:<p>|(?:<br>)?\n)([—–][ \x{a0}][^\n]*)</p>\s*$`)

// Quotation separates a quotation's words from its attribution, if its last line is
// one.
func (p *Page) Quotation(text string) Quotation {
	m := attribution.FindStringSubmatch(text)
	if m == nil || strings.Contains(m[2], "<p>") {
		return Quotation{Words: template.HTML(text)}
	}
	words := strings.TrimSpace(m[1])
	if strings.LastIndex(words, "<p>") > strings.LastIndex(words, "</p>") {
		words += "</p>"
	}
	return Quotation{template.HTML(words), template.HTML(m[2])}
}

// A Table is a table in a page's text.
type Table struct {
	Caption     Text
	HasRowNames bool // its first column has the names of its rows: the cell above them is empty
}

// Table returns a table with these attributes and this first cell in its head.
func (p *Page) Table(attributes map[string]any, corner string) Table {
	caption, _ := attributes["caption"].(string)
	return Table{Text(strings.TrimSpace(caption)), strings.TrimSpace(corner) == ""}
}
