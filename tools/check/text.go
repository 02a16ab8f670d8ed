package check

import (
	"time"
	"unicode"
	"unicode/utf8"
)

// fold makes two texts equal that a reader would take for the same: white
// space, the kinds of quote marks and what cannot be seen make no difference.
func fold(text string) string { return string(appendFolded(nil, []byte(text))) }

// appendFolded appends to folded what fold gives for a text.
func appendFolded(dst, text []byte) []byte {
	first := len(dst)
	gap := false
	for i := 0; i < len(text); {
		c, size := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRune(text[i:])
		}
		i += size
		switch c {
		case '\u00ad', '\u200b', '\u2060', '\ufeff':
			continue
		case '‘', '’', '‚', '‛', '′':
			c = '\''
		case '“', '”', '„', '‟', '″':
			c = '"'
		}
		if c <= ' ' || c > '~' && unicode.IsSpace(c) {
			gap = true
			continue
		}
		if gap && len(dst) > first {
			dst = append(dst, ' ')
		}
		gap = false
		dst = utf8.AppendRune(dst, c)
	}
	return dst
}

// foldStrictly does the same, but keeps what cannot be seen: nothing of it may
// stand in a page that is not in the source.
func foldStrictly(text string) string {
	result := make([]byte, 0, len(text))
	gap := false
	for i, c := range text {
		switch c {
		case '‘', '’', '‚', '‛', '′':
			c = '\''
		case '“', '”', '„', '‟', '″':
			c = '"'
		}
		if c <= ' ' && c != linkSign || c > '~' && unicode.IsSpace(c) {
			gap = true
			continue
		}
		if gap && len(result) > 0 {
			result = append(result, ' ')
		}
		gap = false
		if c == utf8.RuneError {
			_, size := utf8.DecodeRuneInString(text[i:])
			result = append(result, text[i:i+size]...)
			continue
		}
		result = utf8.AppendRune(result, c)
	}
	return string(result)
}

// isDay tells whether a day, as programs read it, is the day or the month that a text says.
func isDay(day, text string) bool {
	d, err := time.Parse(time.DateOnly, day)
	return err == nil && (text == d.Format("2 January 2006") || text == d.Format("January 2006"))
}
