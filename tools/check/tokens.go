package check

import (
	"bytes"

	"golang.org/x/net/html"
)

// tokens reads a page as a stream of tags and of the texts between them.
//
// HTML can be written in many ways, and the tokenizer of golang.org/x/net/html
// knows them all. That costs several copies for each attribute, which is more
// than all else that the check does with it. A minified page is written in few
// ways: those are read here, in place. At the first tag that is written in
// another way, the rest of the page is left to the tokenizer. That both say the
// same of any page is what FuzzTokens proves.
type tokens struct {
	html  []byte
	begin int // where the token that was met last begins
	at    int // where it ends

	// Of that token; what is not copied lasts until the next.
	name       []byte // of a tag, in lower case
	attrs      []attr // of a start tag, each name once
	endsItself bool   // a start tag written as <br/> is
	content    []byte // of a text that has no tags, such as that of a <title>, or nil

	noTags bool            // the next token is such a text, if that is not empty
	z      *html.Tokenizer // reads the rest of the page, if it is not nil
}

// An attr is an attribute, its name in lower case.
type attr struct{ key, value []byte }

// reset begins to read a page.
func (t *tokens) reset(page []byte) {
	*t = tokens{html: page, attrs: t.attrs[:0]}
}

// next goes on to the next token and gives its kind, which is
// html.StartTagToken for a tag such as <br/> as well, and html.ErrorToken at
// the end of the page.
func (t *tokens) next() html.TokenType {
	if t.z != nil {
		return t.askTokenizer()
	}
	if t.noTags {
		t.noTags = false
		if t.readContent() {
			return html.TextToken
		}
	}
	t.content = nil
	t.begin = t.at
	rest := t.html[t.at:]
	if len(rest) == 0 {
		return html.ErrorToken
	}
	if n := textLength(rest); n > 0 {
		t.at += n
		return html.TextToken
	}
	if bytes.HasPrefix(rest, doctype) {
		t.at += len(doctype)
		return html.DoctypeToken
	}
	if kind, n := t.plainTag(rest); n > 0 {
		t.at += n
		t.noTags = kind == html.StartTagToken && hasNoTags(t.name)
		return kind
	}
	t.z = html.NewTokenizer(bytes.NewReader(rest))
	return t.askTokenizer()
}

// skip goes past the text that follows a <style> if it is known to be css, and
// tells whether it is.
func (t *tokens) skip(css []byte) bool {
	rest := t.html[t.at:]
	if t.z != nil || !bytes.HasPrefix(rest, css) || !bytes.HasPrefix(rest[len(css):], []byte("</style>")) {
		return false
	}
	t.at += len(css)
	t.noTags = false
	return true
}

var doctype = []byte("<!doctype html>")

func (t *tokens) askTokenizer() html.TokenType {
	kind := t.z.Next()
	t.begin = t.at
	t.at += len(t.z.Raw())
	t.endsItself = kind == html.SelfClosingTagToken
	if t.endsItself {
		kind = html.StartTagToken
	}
	switch kind {
	case html.StartTagToken, html.EndTagToken:
		t.attrs = t.attrs[:0]
		var key, value []byte
		name, more := t.z.TagName()
		t.name = name
		for more {
			key, value, more = t.z.TagAttr()
			if value == nil { // as for href="", which is an address all the same
				value = []byte{}
			}
			t.attrs = append(t.attrs, attr{key, value})
		}
	}
	return kind
}

// readContent reads the text that follows a tag such as <title>, if there is any.
func (t *tokens) readContent() bool {
	rest := t.html[t.at:]
	if end := bytes.IndexByte(rest, '<'); end >= 0 && t.endsHere(rest[end:]) && !bytes.ContainsAny(rest[:end], "\r\x00") {
		t.content = rest[:end]
		if string(t.name) == "title" || string(t.name) == "textarea" {
			t.content = unescape(t.content)
		}
		t.begin, t.at = t.at, t.at+end
		return end > 0
	}
	z := html.NewTokenizer(bytes.NewReader(t.html[t.begin:]))
	z.Next() // the tag, which says what ends the text
	if z.Next() != html.TextToken {
		return false
	}
	t.begin = t.at
	t.at += len(z.Raw())
	t.content = z.Text()
	return true
}

// endsHere tells whether rest begins with the plain end tag of the element that
// was just begun, and that element has one.
func (t *tokens) endsHere(rest []byte) bool {
	rest, ok := bytes.CutPrefix(rest, []byte("</"))
	rest, same := bytes.CutPrefix(rest, t.name)
	return ok && same && len(rest) > 0 && rest[0] == '>' && string(t.name) != "plaintext"
}

func unescape(text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 {
		return text
	}
	return []byte(html.UnescapeString(string(text)))
}

// raw gives the token as the page has it.
func (t *tokens) raw() []byte { return t.html[t.begin:t.at] }

// text gives what a text says.
func (t *tokens) text() []byte {
	switch {
	case t.z != nil:
		return t.z.Text()
	case t.content != nil:
		return t.content
	}
	text := t.raw()
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	return unescape(text)
}

// textLength gives how much of a page that goes on as rest is text.
func textLength(rest []byte) int {
	for i := 0; ; i++ {
		open := bytes.IndexByte(rest[i:], '<')
		if open < 0 || i+open+1 == len(rest) {
			return len(rest)
		}
		i += open
		if c := rest[i+1]; isLetter(c) || c == '/' || c == '!' || c == '?' {
			return i
		}
	}
}

// plainTag takes up the tag that rest begins with and gives its length, or 0 if
// it is written in a way that is left to the tokenizer.
func (t *tokens) plainTag(rest []byte) (kind html.TokenType, length int) {
	kind = html.StartTagToken
	i := 1 // after <
	if rest[1] == '/' {
		kind = html.EndTagToken
		i = 2
	}
	name := i
	for i < len(rest) && ('a' <= rest[i] && rest[i] <= 'z' || i > name && ('0' <= rest[i] && rest[i] <= '9' || rest[i] == '-')) {
		i++
	}
	if i == name {
		return kind, 0
	}
	t.name, t.attrs, t.endsItself = rest[name:i], t.attrs[:0], false
	for i < len(rest) {
		switch c := rest[i]; {
		case c == '>':
			return kind, i + 1
		case isSpace(c):
			i++
		case c == '/' && i+1 < len(rest) && rest[i+1] == '>':
			t.endsItself = true
			i++
		case kind == html.EndTagToken || !isSpace(rest[i-1]):
			return kind, 0
		default:
			n := t.plainAttr(rest[i:])
			if n == 0 {
				return kind, 0
			}
			i += n
		}
	}
	return kind, 0
}

// manyAttrs is more attributes than a plain tag has.
const manyAttrs = 32

// plainAttr takes up the attribute that rest begins with and gives its length,
// or 0 as plainTag does.
func (t *tokens) plainAttr(rest []byte) (length int) {
	i := 0
	capitals := false
	for i < len(rest) && (isLetter(rest[i]) || '0' <= rest[i] && rest[i] <= '9' || rest[i] == '-' || rest[i] == ':') {
		capitals = capitals || rest[i] < 'a' && isLetter(rest[i])
		i++
	}
	key, value := rest[:i], rest[i:i]
	if capitals {
		key = bytes.ToLower(key)
	}
	if i == 0 || len(t.attrs) == manyAttrs {
		return 0
	}
	for _, a := range t.attrs {
		if bytes.Equal(a.key, key) {
			return 0
		}
	}
	if i+1 < len(rest) && rest[i] == '=' {
		i++
		switch c := rest[i]; {
		case c == '"' || c == '\'':
			n := bytes.IndexByte(rest[i+1:], c)
			if n < 0 {
				return 0
			}
			value = rest[i+1 : i+1+n]
			i += n + 2
		case isSpace(c) || c == '>':
			return 0
		default:
			from := i
			for i < len(rest) && !isSpace(rest[i]) && rest[i] != '>' {
				i++
			}
			value = rest[from:i]
		}
	}
	value, ok := plainValue(value)
	if !ok {
		return 0
	}
	t.attrs = append(t.attrs, attr{key, value})
	return i
}

// plainValue gives what an attribute's value says, or false if that is left to
// the tokenizer: in a value, some characters are written as nowhere else.
func plainValue(value []byte) (said []byte, ok bool) {
	for i, c := range value {
		switch c {
		case '&':
			rest := value[i+1:]
			if len(rest) > 0 && isLetter(rest[0]) && !bytes.HasPrefix(rest, []byte("amp;")) {
				return nil, false
			}
		case '\r', 0:
			return nil, false
		}
	}
	return unescape(value), true
}

// hasNoTags tells whether what looks like tags in an element is text.
func hasNoTags(name []byte) bool {
	switch string(name) {
	case "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp":
		return true
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }
