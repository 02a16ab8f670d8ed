package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Only visible text counts. A page that hides text from readers is wrong, whatever the
// text is.

// hides reports whether an attribute of the start tag hides the element.
func (r *reader) hides() bool {
	for _, a := range r.attrs {
		switch a.key {
		case "hidden", "inert":
			return true
		case "aria-hidden":
			return !strings.EqualFold(string(a.value), "false")
		case "popover": // the menu on phones is one
			return r.main
		}
	}
	return false
}

// hideText handles text that no reader sees.
func (r *reader) hideText(top *element, z *html.Tokenizer) {
	if top.tag == "style" || top.tag == "script" || slices.ContainsFunc(r.stack, func(e element) bool { return e.tag == "head" }) {
		return
	}
	text := string(z.Text())
	if (top.tag == "title" || top.tag == "desc") && r.inDrawing() { // read out by screen readers
		if position := r.origin(); r.hidden == 1 && strings.TrimSpace(text) != "" {
			r.account.blocks = append(r.account.blocks, line{alternative: text, scope: r.account.scope, part: position.part, id: position.id})
		}
		return
	}
	r.reportHidden(text)
}

// reportHidden reports text that no reader sees.
func (r *reader) reportHidden(text string) {
	if r.main && r.expected.finders[r.page.name] != nil { // shown by its script, and checked by checkFinders
		return
	}
	if text = foldStrictly(text); strings.IndexFunc(text, isWord) >= 0 {
		r.reportHere("word", fmt.Sprintf("“%s” is on the page, but hidden from readers", shorten(text)), "remove it from the layout, or show it")
	}
}

func isWord(c rune) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// reportHere reports a fault of the text at the reader's current position.
func (r *reader) reportHere(rule, what, do string) {
	if r.main && r.expected.finders[r.page.name] != nil {
		return
	}
	r.page.lapses = append(r.page.lapses, fault{rule: rule, what: what, do: do, origin: r.origin()})
}

// takeFold counts how deep the text is folded away, which a summary is not.
func (r *reader) takeFold(e *element) {
	_, open := r.attr("open")
	last := len(r.stack) - 1
	switch {
	case e.tag == "details" && !open:
		e.folds = 1
	case e.tag == "summary" && last >= 0 && r.stack[last].tag == "details":
		e.folds = -r.stack[last].folds
		r.stack[last].hasSummary = true
	}
	r.account.openFolds += e.folds
}

// bannedTags are elements that no page should have: their text is not the page's own, or
// not for everybody to see.
var bannedTags = strings.Fields("applet audio base blink canvas datalist dialog embed frame frameset iframe marquee noframes object optgroup option plaintext portal select video xmp")

// bannedAttributes change how a text is read or used.
var bannedAttributes = strings.Fields("accesskey autofocus contenteditable dir download inputmode is lang nonce slot spellcheck srcdoc target translate xml:lang")

// checkMarkup reports markup at a start tag that no page should have.
func (r *reader) checkMarkup(e *element) {
	r.takeTerms(e.tag)
	if e.tag == "img" || e.tag == "svg" || e.tag == "input" {
		for i := range r.stack {
			r.stack[i].hasPicture = true
		}
	}
	for _, a := range r.attrs {
		switch {
		case slices.Contains(bannedAttributes, a.key) && e.tag != "html":
			r.reportHere("word", fmt.Sprintf("an element has the attribute %s, which changes how its text is read", a.key), "remove it from the layout")
		case a.key == "aria-labelledby" || a.key == "aria-describedby" || a.key == "popovertarget":
			r.page.names = append(r.page.names, naming{strings.Fields(string(a.value)), r.origin()})
		case a.key == "datetime" && e.tag == "time":
			e.day = string(a.value)
		}
	}
	if _, leads := r.attr("href"); e.tag == "a" && !leads {
		r.reportHere("word", "a link has no address", "give it one, or remove it from the layout")
	}
}

// filledTags are elements that must have text or a picture in them.
var filledTags = strings.Fields("a article aside blockquote button caption dd dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header label legend main nav ol p section summary table tbody thead tr ul")

// takeTerms checks that every description in a list has a term before it, and every term a
// description after it.
func (r *reader) takeTerms(tag string) {
	var last *element
	if n := len(r.stack) - 1; n >= 0 {
		last = &r.stack[n]
	}
	if last == nil || last.tag != "dl" && last.tag != "div" {
		return
	}
	switch {
	case tag == "dd" && last.term == "":
		r.reportHere("word", "a description in a list has no term before it", "check that the layout writes the <dt>")
	case tag == "dt" && last.term == "dt":
		r.reportHere("word", "a term in a list has no description after it", "check that the layout writes the <dd>")
	}
	if tag == "dt" || tag == "dd" {
		last.term = tag
	}
}

// gap matches white space that would move what is around it where it is kept.
var gap = regexp.MustCompile(`\s\s|[\t\n\f\r]`)

// checkContent reports what an element turns out to lack at its end.
func (r *reader) checkContent(e *element) {
	if slices.Contains(filledTags, e.tag) && !e.hasPicture && strings.TrimSpace(string(r.account.words[e.start:])) == "" {
		r.reportHere("word", fmt.Sprintf("an element <%s> is empty", e.tag), "fill it in the layout, or remove it")
	}
	switch {
	case (e.tag == "dl" || e.tag == "div") && e.term == "dt":
		r.reportHere("word", "a term in a list has no description after it", "check that the layout writes the <dd>")
	case e.tag == "details" && !e.hasSummary:
		r.reportHere("word", "text is folded away with nothing to open it", "give the <details> a <summary>, or show the text")
	case e.isNumber && gap.Match(r.account.words[e.start:]):
		r.reportHere("word", fmt.Sprintf("there is a gap in the number “%s”", foldStrictly(string(r.account.words[e.start:]))), "write it without line breaks in the layout, with at most one space at its end")
	case e.day != "":
		if text := foldStrictly(string(r.account.words[e.start:])); !isDay(e.day, text) {
			r.reportHere("word", fmt.Sprintf("the date “%s” has the datetime %s, which is another day", shorten(text), e.day), "write both from the same date in the layout")
		}
	}
}

// A naming is an attribute that takes the name of an element from others, by their ids.
type naming struct {
	ids    []string
	origin origin
}

// checkNames checks that the elements that others are named by are visible.
func (r *reader) checkNames() {
	for _, n := range r.page.names {
		for _, id := range n.ids {
			if !r.page.ids[id] || slices.Contains(r.page.hiddenIDs, id) {
				r.page.lapses = append(r.page.lapses, fault{rule: "word", what: fmt.Sprintf("an element takes its name from %s, which the page does not show", id), do: "check that the layout writes it", origin: n.origin})
			}
		}
	}
}
