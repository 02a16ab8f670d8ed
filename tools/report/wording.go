package report

import (
	"regexp"
	"strings"
)

// A Block is a paragraph of a wording, or a list.
type Block struct {
	List   bool
	Marked bool   // the list's items begin with (a), 1. or the like
	Texts  []Text // the paragraph, or the list's items
}

// listMark matches the start of a list item: a bullet, which is not part of the
// words, or a number or letter, which is.
var listMark = regexp.MustCompile(`^(?:[-*•–][ \t]+|(\(?(?:[0-9]{1,3}|[a-z]|[ivx]{2,5})[.)])[ \t]+)`)

// Blocks returns the paragraphs and lists of a text. An empty line ends each.
func (t Text) Blocks() []Block {
	var all []Block
	newBlock := true // the next line begins a block
	for line := range strings.Lines(string(t)) {
		line = strings.TrimSpace(line)
		if line == "" {
			newBlock = true
			continue
		}
		last := len(all) - 1
		m := listMark.FindStringSubmatch(line)
		hasMark := m != nil && m[1] != ""
		switch {
		case m == nil && newBlock:
			all = append(all, Block{Texts: []Text{Text(line)}})
		case m == nil: // the line continues a paragraph or a list item
			texts := all[last].Texts
			texts[len(texts)-1] += " " + Text(line)
		default:
			if !hasMark {
				line = line[len(m[0]):]
			}
			if last < 0 || !all[last].List || all[last].Marked != hasMark {
				all = append(all, Block{List: true, Marked: hasMark})
				last++
			}
			all[last].Texts = append(all[last].Texts, Text(line))
		}
		newBlock = false
	}
	return all
}

// Plain returns a wording on one line, without the bullets of its lists.
func (t Text) Plain() Text {
	var all []string
	for _, b := range t.Blocks() {
		for _, text := range b.Texts {
			all = append(all, string(text))
		}
	}
	return Text(strings.Join(all, " "))
}
