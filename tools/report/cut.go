package report

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

// A Piece is a part of a page's text as it is rendered: a passage, what comes
// before the first, or the footnotes after the last.
type Piece struct {
	*Passage                // nil before the first and of the footnotes
	Heading   template.HTML // the words of the passage's heading
	Paragraph template.HTML // without a heading, those of the paragraph that has the number
	Text      template.HTML // what is below it
	Notes     bool          // it is the footnotes
}

// An Opening is a summary's text as its page begins with it: what comes before
// the first heading, then what is below the first two, side by side, and the rest.
type Opening struct {
	Lead    []Piece
	Answers [][]Piece // each begins with a heading
	Rest    []Piece
}

// answers is how many headings of a summary stand at the head of its page.
const answers = 2

// Open returns a summary's text, as Hugo has rendered it, as its page begins with it.
func (p *Page) Open(content template.HTML) (Opening, error) {
	pieces, err := p.Cut(content)
	var o Opening
	for _, piece := range pieces {
		begins := piece.Passage != nil && piece.Level == 2
		switch n := len(o.Answers); {
		case piece.Notes || len(o.Rest) > 0 || begins && n == answers || piece.Passage != nil && n == 0 && !begins:
			o.Rest = append(o.Rest, piece)
		case begins:
			o.Answers = append(o.Answers, []Piece{piece})
		case n == 0:
			o.Lead = append(o.Lead, piece)
		default:
			o.Answers[n-1] = append(o.Answers[n-1], piece)
		}
	}
	return o, err
}

// mark is a heading or a paragraph with a number, as Hugo has rendered it. Nothing
// but Markdown makes any: raw HTML is refused.
var mark = regexp.MustCompile(`(?s)<h[1-6][^>]*>(.*?)</h[1-6]>\n?|<p id="([^"]*)">(.*?)</p>\n?`)

const footnotes = `<div class="footnotes"`

// Cut returns a page's text, as Hugo has rendered it, in pieces, so that layouts
// can add to each passage what belongs to it. The error says that the text has
// not the passages that [Load] has read.
func (p *Page) Cut(content template.HTML) ([]Piece, error) {
	text, notes := content, template.HTML("")
	if i := strings.LastIndex(string(content), footnotes); i >= 0 {
		text, notes = content[:i], content[i:]
	}
	text = addFigures(text)
	marks := mark.FindAllStringSubmatchIndex(string(text), -1)
	if len(marks) != len(p.Passages) {
		return nil, fmt.Errorf("%s has %d passages, and %d are rendered", p.File, len(p.Passages), len(marks))
	}
	var all []Piece
	piece, from := Piece{}, 0
	for i, m := range marks {
		h := p.Passages[i]
		if numbered := m[4] >= 0; numbered != (h.Level == 0) || numbered && string(text[m[4]:m[5]]) != h.ID {
			return nil, fmt.Errorf("%s has the passage %q where another is rendered", p.File, h.ID)
		}
		piece.Text = text[from:m[0]]
		if piece.Passage != nil || piece.Text != "" {
			all = append(all, piece)
		}
		piece, from = Piece{Passage: h}, m[1]
		if h.Level > 0 {
			piece.Heading = text[m[2]:m[3]]
		} else {
			piece.Paragraph = text[m[6]:m[7]]
		}
	}
	piece.Text = text[from:]
	all = append(all, piece)
	if notes != "" {
		all = append(all, Piece{Text: addFigures(notes), Notes: true})
	}
	return all, nil
}

// aloneTitled is a picture alone in a paragraph, with a title.
var aloneTitled = regexp.MustCompile(`<p>(<img [^>]*?) title="([^"]*)">((?:&#160;<a [^>]*>[^<]*</a>)*)</p>`)

// addFigures makes a figure of each picture that stands alone and has a title,
// which becomes its caption, for all to see.
func addFigures(text template.HTML) template.HTML {
	return template.HTML(aloneTitled.ReplaceAllString(string(text), `<figure>$1><figcaption>$2</figcaption></figure>$3`))
}

// LabelLinks returns the piece's text with words in place of the sign ↩ for those
// who hear the links from the footnotes back.
func (p Piece) LabelLinks(words string) template.HTML {
	const back = ` role="doc-backlink"`
	return template.HTML(strings.ReplaceAll(string(p.Text), back, back+` aria-label="`+template.HTMLEscapeString(words)+`"`))
}

// A Quotation is one in a page's text, as Hugo renders it, and whom it is from.
type Quotation struct {
	Words template.HTML
	From  template.HTML // "— A young woman, 16", or ""
}

// attribution is a quotation's last line, if that begins with a dash.
var attribution = regexp.MustCompile(`(?s)^(.+?)(?:<p>|(?:<br>)?\n)([—–][ \x{a0}][^\n]*)</p>\s*$`)

// Quotation parts a quotation's words from its last line, if that says whom it
// is from.
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

// A Table is one in a page's text.
type Table struct {
	Caption Text
	Named   bool // its first column has the rows' names: the cell above them is empty
}

// Table returns what a table's attributes and the first cell of its head say.
func (p *Page) Table(attributes map[string]any, corner string) Table {
	caption, _ := attributes["caption"].(string)
	return Table{Text(strings.TrimSpace(caption)), strings.TrimSpace(corner) == ""}
}
