package check

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// What a reader does not see is not said: a page that keeps words from its readers
// is wrong, whatever they are.

// hides tells whether an attribute of the start tag hides the element.
func (r *reader) hides() bool {
	for _, a := range r.attrs {
		switch a.key {
		case "hidden", "inert":
			return true
		case "aria-hidden":
			return !strings.EqualFold(string(a.value), "false")
		case "popover": // the menu of a phone is one
			return r.main
		}
	}
	return false
}

// hideText takes up a text that no reader sees.
func (r *reader) hideText(top *element, z *html.Tokenizer) {
	if top.tag == "style" || top.tag == "script" || slices.ContainsFunc(r.stack, func(e element) bool { return e.tag == "head" }) {
		return
	}
	text := string(z.Text())
	if (top.tag == "title" || top.tag == "desc") && r.inDrawing() { // which is read out
		if position := r.origin(); r.hidden == 1 && strings.TrimSpace(text) != "" {
			r.account.blocks = append(r.account.blocks, line{alternative: text, scope: r.account.scope, part: position.part, id: position.id})
		}
		return
	}
	r.reportHidden(text)
}

// unseen reports a text that no reader sees.
func (r *reader) reportHidden(text string) {
	if r.main && r.expected.finders[r.page.name] != nil { // what its script shows, which is proved by itself
		return
	}
	if text = foldStrictly(text); strings.IndexFunc(text, isWord) >= 0 {
		r.reportHere("word", fmt.Sprintf("“%s” is on the page, but hidden from readers", shorten(text)), "remove it from the layout, or show it")
	}
}

func isWord(c rune) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// wrong reports something that is wrong where the reader is.
func (r *reader) reportHere(rule, what, do string) {
	if r.main && r.expected.finders[r.page.name] != nil {
		return
	}
	r.page.lapses = append(r.page.lapses, lapse{rule: rule, what: what, do: do, origin: r.origin()})
}

// takeFold takes up an element that a reader has to open, or what is seen of it until then.
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

// refused are elements that no page here has: what is in them is not the page's own, or
// not for all to see.
var bannedTags = strings.Fields("applet audio base blink canvas datalist dialog embed frame frameset iframe marquee noframes object optgroup option plaintext portal select video xmp")

// refusedAttributes change what readers and their programs make of the words.
var bannedAttributes = strings.Fields("accesskey autofocus contenteditable dir download inputmode is lang nonce slot spellcheck srcdoc target translate xml:lang")

// refuse reports what no page here has.
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

// filled are elements that always have words or a picture in them.
var filledTags = strings.Fields("a article aside blockquote button caption dd dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header label legend main nav ol p section summary table tbody thead tr ul")

// takeTerms sees that each description in a list has its term before it, and each term a
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

// endRefusal reports what an element turns out to lack when it ends.
func (r *reader) checkContent(e *element) {
	if slices.Contains(filledTags, e.tag) && !e.hasPicture && strings.TrimSpace(string(r.account.words[e.start:])) == "" {
		r.reportHere("word", fmt.Sprintf("an element <%s> is empty", e.tag), "fill it in the layout, or remove it")
	}
	switch {
	case (e.tag == "dl" || e.tag == "div") && e.term == "dt":
		r.reportHere("word", "a term in a list has no description after it", "check that the layout writes the <dd>")
	case e.tag == "details" && !e.hasSummary:
		r.reportHere("word", "text is folded away with nothing to open it", "give the <details> a <summary>, or show the text")
	case e.day != "":
		if text := foldStrictly(string(r.account.words[e.start:])); !isDay(e.day, text) {
			r.reportHere("word", fmt.Sprintf("the date “%s” has the datetime %s, which is another day", shorten(text), e.day), "write both from the same date in the layout")
		}
	}
}

// A naming is an element's attribute that names others, by their ids.
type naming struct {
	ids    []string
	origin origin
}

// checkNames sees that what elements name is on the page, for a reader to see.
func (r *reader) checkNames() {
	for _, n := range r.page.names {
		for _, id := range n.ids {
			if !r.page.ids[id] || slices.Contains(r.page.hiddenIDs, id) {
				r.page.lapses = append(r.page.lapses, lapse{rule: "word", what: fmt.Sprintf("an element takes its name from %s, which the page does not show", id), do: "check that the layout writes it", origin: n.origin})
			}
		}
	}
}
