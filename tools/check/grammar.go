package check

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"annualreport/tools/report"
)

// A grammar holds the fixed words that pages show.
type grammar struct {
	heads map[byte][]template // that begin with words, by first byte
	tails []template          // that begin with a slot, without the slot
	whole map[string]bool     // without slots; and linkSign
}

// A template is fixed words with slots between them for values: the words before the first
// slot, between the slots, and after the last.
type template []string

// grammarOf returns the grammar of the fixed words of a library.
func grammarOf(lib *report.Library) *grammar {
	g := &grammar{heads: map[byte][]template{}, whole: map[string]bool{string(linkSign): true}}
	keys := map[string]bool{}
	add := func(t template) {
		key := strings.Join(t, "\x00")
		if keys[key] {
			return
		}
		keys[key] = true
		if t[0] == "" {
			if len(t) > 1 {
				g.tails = append(g.tails, t[1:])
			}
			return
		}
		g.heads[t[0][0]] = append(g.heads[t[0][0]], t)
	}
	for _, texts := range lib.Words() {
		for _, text := range texts {
			t := parts(text)
			add(t)
			if len(t) == 1 {
				g.whole[t[0]] = true
			}
			if first, size := utf8.DecodeRuneInString(t[0]); size == 1 && first >= 'A' && first <= 'Z' { // may be used within a sentence
				t = slices.Clone(t)
				t[0] = strings.ToLower(t[0][:1]) + t[0][1:]
				add(t)
			}
		}
	}
	return g
}

// parts splits fixed words into a template.
func parts(text string) (t template) {
	for {
		before, after, ok := strings.Cut(text, "{{")
		if !ok {
			return append(t, foldInside(before))
		}
		_, text, _ = strings.Cut(after, "}}")
		t = append(t, foldInside(before))
	}
}

// foldInside folds a part of a text, but keeps a space at its start and end.
func foldInside(text string) string {
	result := foldStrictly(text)
	if result == "" {
		return text
	}
	if strings.HasPrefix(text, " ") {
		result = " " + result
	}
	if strings.HasSuffix(text, " ") {
		result += " "
	}
	return result
}

// A parse reads one text as fixed words and values.
type parse struct {
	*grammar
	text   string
	values []map[byte][]value // that may be used
	link   bool               // the text of a link, whose pieces no comma or full stop separates
	base   string             // the site's address, or ""
	starts map[int][]int      // where a piece can end, by its start
	runs   map[int][]int      // where one or more pieces can end, by their start
	steps  int                // so far; a text that needs too many is not accepted
}

// maxSteps bounds the work for one text, with stepsPerByte more for each of its bytes.
const (
	maxSteps     = 20000
	stepsPerByte = 200
)

func (p *parse) limit() int { return maxSteps + stepsPerByte*len(p.text) }

// linkSign takes the place of a link in a text; the words of the link are read on their
// own.
const linkSign = '\x01'

// reads reports whether a text consists of fixed words and values only. base is the
// address of the site, or "".
func (g *grammar) reads(text string, values []map[byte][]value, base string, link bool) bool {
	p := parse{link: link, grammar: g, text: text, values: values, base: base, starts: map[int][]int{}, runs: map[int][]int{}}
	starts := []int{0}
	if strings.HasPrefix(text, "(") {
		starts = append(starts, 1)
	}
	for _, start := range starts {
		for _, end := range p.run(start) {
			if slices.Contains(closers, text[end:]) {
				return true
			}
		}
	}
	return slices.Contains(closers, text)
}

// closers may end a text after its last piece.
var closers = []string{"", ".", ":", ")", ").", ",", "):", ";"}

// run returns where one or more pieces that start at an offset can end.
func (p *parse) run(start int) []int {
	if ends, ok := p.runs[start]; ok {
		return ends
	}
	p.runs[start] = nil
	visited := map[int]bool{}
	next := slices.Clone(p.piece(start))
	for len(next) > 0 && p.steps < p.limit() {
		p.steps++
		end := next[len(next)-1]
		next = next[:len(next)-1]
		if visited[end] {
			continue
		}
		visited[end] = true
		for _, t := range p.tails {
			if strings.HasPrefix(p.text[end:], t[0]) && t[0] != "" {
				next = append(next, p.follow(end+len(t[0]), t[1:])...)
			}
		}
		for _, place := range p.separators(end) {
			next = append(next, p.piece(place)...)
		}
	}
	var ends []int
	for end := range visited {
		ends = append(ends, end)
	}
	sort.Ints(ends)
	p.runs[start] = ends
	return ends
}

// separators returns where the next piece can start after one that ends at an offset.
func (p *parse) separators(end int) (all []int) {
	text := p.text[end:]
	if text == "" {
		return nil
	}
	if !isLetter(p.text, end-1) || !isLetter(p.text, end) {
		all = append(all, end)
	}
	i := 0
	if text[0] == ')' {
		i = 1
	}
	if i < len(text) && strings.IndexByte(",.:;", text[i]) >= 0 && (!p.link || text[i] == ':') {
		i++
	}
	if strings.HasPrefix(text[i:], " | ") {
		return append(all, end+i+3)
	}
	if i < len(text) && text[i] == ' ' {
		i++
		if i < len(text) {
			all = append(all, end+i)
		}
		if i < len(text) && text[i] == '(' {
			all = append(all, end+i+1)
		}
	}
	return all
}

// isLetter reports whether there is a letter or digit at an offset.
func isLetter(text string, i int) bool {
	if i < 0 || i >= len(text) {
		return false
	}
	c := text[i]
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// piece returns where a value or fixed words that start at an offset can end.
func (p *parse) piece(start int) []int {
	if ends, ok := p.starts[start]; ok {
		return ends
	}
	p.starts[start] = nil
	if start >= len(p.text) || p.steps >= p.limit() {
		return nil
	}
	p.steps++
	var ends []int
	rest := p.text[start:]
	if rest[0] == linkSign {
		ends = append(ends, start+1)
	}
	for _, values := range p.values {
		for _, v := range values[rest[0]] {
			if strings.HasPrefix(rest, v.text) {
				ends = append(ends, start+len(v.text))
			}
		}
	}
	if size := len(p.base); size > 0 && strings.HasPrefix(rest, p.base) {
		for _, values := range p.values {
			for _, v := range values['/'] {
				if strings.HasPrefix(rest[size-1:], v.text) {
					ends = append(ends, start+size-1+len(v.text))
				}
			}
		}
	}
	for _, t := range p.heads[rest[0]] {
		if strings.HasPrefix(rest, t[0]) {
			ends = append(ends, p.follow(start+len(t[0]), t[1:])...)
		}
	}
	ends = slices.DeleteFunc(ends, func(end int) bool { return isLetter(p.text, end-1) && isLetter(p.text, end) })
	slices.Sort(ends)
	ends = slices.Compact(ends)
	p.starts[start] = ends
	return ends
}

// follow returns where the rest of a template, which continues at an offset, can end.
func (p *parse) follow(first int, rest template) []int {
	places := []int{first}
	for _, words := range rest {
		var next []int
		for _, place := range places {
			for _, end := range p.run(place) {
				if strings.HasPrefix(p.text[end:], words) {
					next = append(next, end+len(words))
				}
			}
		}
		if len(next) == 0 {
			return nil
		}
		places = next
	}
	return places
}
