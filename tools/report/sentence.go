package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
)

// maxWords is the most words in a sentence that is easy to read.
const maxWords = 25

// A sentence is a part of a text.
type sentence struct {
	offset int // where it begins
	words  int // not counting those in quotation marks
}

// sentences splits a text into sentences. When in doubt it splits: it is better to
// miss a long sentence than to complain about a short one.
func sentences(text string) (all []sentence) {
	text = withoutQuotations(text)
	var current sentence
	words := splitWords(text)
	for i, w := range words {
		if strings.ContainsFunc(w.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			if current.words == 0 {
				current.offset = w.offset
			}
			current.words++
		}
		next := ""
		if i+1 < len(words) {
			next = words[i+1].text
		}
		if next == "" || endsSentence(w.text, next) {
			if current.words > 0 {
				all = append(all, current)
			}
			current = sentence{}
		}
	}
	return all
}

// A word is text between two spaces.
type word struct {
	offset int
	text   string
}

// splitWords returns the words of a text.
func splitWords(text string) (all []word) {
	start := -1
	for i, r := range text {
		switch space := unicode.IsSpace(r); {
		case space && start >= 0:
			all = append(all, word{start, text[start:i]})
			start = -1
		case !space && start < 0:
			start = i
		}
	}
	if start >= 0 {
		all = append(all, word{start, text[start:]})
	}
	return all
}

const (
	openers = `([{*_"'“‘`
	closers = `)]}*_"'”’`
)

// endsSentence reports whether a word ends a sentence, given the next word.
func endsSentence(word, next string) bool {
	word = strings.TrimRight(word, closers)
	if strings.HasSuffix(word, "!") || strings.HasSuffix(word, "?") {
		return true
	}
	stem, full := strings.CutSuffix(word, ".")
	if !full {
		return strings.HasSuffix(word, "…")
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, openers))
	stem = strings.ToLower(strings.TrimLeft(stem, openers))
	switch {
	case unicode.IsLower(first): // after an abbreviation
		return false
	case slices.Contains(inNames, stem):
		return false
	case slices.Contains(beforeNumbers, stem):
		return !unicode.IsDigit(first)
	}
	return true
}

// Abbreviations with a full stop that does not end a sentence: before names and
// examples, and before numbers.
var (
	inNames       = []string{"dr", "mr", "mrs", "ms", "mx", "prof", "rev", "revd", "hon", "rt", "cllr", "sgt", "insp", "supt", "st", "e.g", "eg", "i.e", "ie", "cf", "viz", "vs"}
	beforeNumbers = []string{"no", "nos", "p", "pp", "para", "paras", "s", "ss", "fig", "figs", "art", "ch", "vol", "approx", "c", "ca"}
)

// withoutQuotations replaces words in quotation marks with spaces, but keeps marks
// that end a sentence.
func withoutQuotations(text string) string {
	if !strings.ContainsAny(text, `"'“‘`) {
		return text
	}
	out := []byte(text)
	unclosed := map[rune]bool{} // no such quotation ends from here on
	previous := ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		opens := r == '“' || r == '"' || (r == '‘' || r == '\'') && !unicode.IsLetter(previous) && !unicode.IsDigit(previous)
		if opens && !unclosed[r] {
			if end := findClosing(text, i+size, r); end >= 0 {
				inside := text[i+size : end]
				for j := i + size; j < end; j++ {
					out[j] = ' '
				}
				if said := strings.TrimRight(inside, " \n"); said != "" && strings.IndexByte(".!?", said[len(said)-1]) >= 0 {
					out[end-1] = said[len(said)-1]
				}
				_, last := utf8.DecodeRuneInString(text[end:])
				i, previous = end+last, '”'
				continue
			}
			unclosed[r] = true
		}
		i, previous = i+size, r
	}
	return string(out)
}

// findClosing returns the offset of the mark that closes the quotation whose words begin
// at start, or -1. An apostrophe within a word does not close it.
func findClosing(text string, start int, mark rune) int {
	closes := map[rune]rune{'“': '”', '"': '"', '‘': '’', '\'': '\''}[mark]
	previous := ' '
	for i, r := range text[start:] {
		if r == closes {
			next, _ := utf8.DecodeRuneInString(text[start+i+utf8.RuneLen(r):])
			if mark == '“' || mark == '"' || !unicode.IsSpace(previous) && !unicode.IsLetter(next) && !unicode.IsDigit(next) {
				return start + i
			}
		}
		previous = r
	}
	return -1
}

// adviseSentences points out the long sentences of a paragraph, except in
// quotations, footnotes and the terms of definitions.
func (r *markdownReader) adviseSentences(n ast.Node) {
	for parent := n.Parent(); parent != nil; parent = parent.Parent() {
		switch parent.Kind() {
		case ast.KindBlockquote, ast.KindHeading, extension.KindFootnote, extension.KindTable, extension.KindDefinitionTerm:
			return
		}
	}
	var text strings.Builder
	var parts [][2]int // the offset of each part of the text, here and in the page
	flush := func() {
		r.adviseText(text.String(), func(offset int) Place {
			i, _ := slices.BinarySearchFunc(parts, offset+1, func(part [2]int, offset int) int { return part[0] - offset })
			return r.placeAt(parts[max(i-1, 0)][1])
		})
		text.Reset()
		parts = parts[:0]
	}
	// The walk's only error would be one that this function returns.
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			return ast.WalkSkipChildren, nil
		case *ast.AutoLink:
			text.WriteString("address")
		case *ast.Text:
			parts = append(parts, [2]int{text.Len(), n.Segment.Start})
			text.Write(n.Segment.Value(r.source))
			if n.HardLineBreak() {
				flush()
			} else if n.SoftLineBreak() {
				text.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	flush()
}

// adviseText points out a text's long sentences. placeAt returns the place of an offset
// in the text.
func (l *loader) adviseText(text string, placeAt func(offset int) Place) {
	if len(text) < 2*maxWords {
		return
	}
	for _, s := range sentences(text) {
		if s.words > maxWords {
			l.advise(placeAt(s.offset), "long-sentence", fmt.Sprintf("the sentence that begins %s has %d words", Quote(firstWords(text[s.offset:])), s.words),
				"split it in two, unless the words are somebody else's")
		}
	}
}

// firstWords returns the first words of a text.
func firstWords(text string) string {
	text = strings.TrimSpace(text)
	for i, n := 0, 0; i < len(text); i++ {
		if text[i] == ' ' || text[i] == '\n' {
			if n++; n == 5 {
				return text[:i] + " …"
			}
		}
	}
	return text
}

// plainFields are the fields of records that are not in somebody else's words.
var plainFields = []string{"meaning", "role", "text", "title"}

// adviseRecords points out long sentences in the plain fields of records.
func (l *loader) adviseRecords() {
	for _, file := range sortedKeys(l.values) {
		for _, id := range sortedKeys(l.values[file]) {
			if fields, ok := l.values[file][id].(map[string]any); ok {
				l.adviseFields(file, id, fields)
			}
		}
	}
}

// adviseFields points out long sentences in one record, or in a table within it.
func (l *loader) adviseFields(file, path string, fields map[string]any) {
	for _, name := range sortedKeys(fields) {
		key := childPath(path, name)
		switch value := fields[name].(type) {
		case string:
			if slices.Contains(plainFields, name) {
				for _, part := range paragraphBreak.Split(value, -1) {
					l.adviseText(part, func(int) Place { return l.place(file, key) })
				}
			}
		case []map[string]any:
			for i, fields := range value {
				l.adviseFields(file, elementPath(key, i), fields)
			}
		}
	}
}

// paragraphBreak matches what separates paragraphs and the items of a list.
var paragraphBreak = regexp.MustCompile(`\n[ \t]*(?:\n|[-*+] |\(?[0-9a-z]{1,3}[.)] )`)
