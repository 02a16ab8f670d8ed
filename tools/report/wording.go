package report

import (
	"fmt"
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

// innerBullet matches an item of a list with a bullet, and the white space before it.
var innerBullet = regexp.MustCompile(`^([ \t]*)[-*•–][ \t]`)

// checkWording checks that a wording has no list with bullets within another list: its
// items would be shown as items of that list.
func checkWording(name, text string) (rule, what, do string) {
	outer := -1 // the white space before the first item of the list
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		space := len(line) - len(strings.TrimLeft(line, " \t"))
		switch isItem := listMark.MatchString(trimmed); {
		case trimmed == "":
		case isItem && outer < 0:
			outer = space
		case isItem && space > outer+1 && innerBullet.MatchString(line):
			return "nested-list", fmt.Sprintf("the item %s of %s is in a list within a list, and would be shown as an item of the outer one", Quote(trimmed), name),
				"put the inner items on the line of the outer one, with semicolons between them, or give them marks of their own, such as (i)"
		case isItem:
			outer = space
		case !isItem && space <= max(outer, 0):
			outer = -1
		}
	}
	return
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
