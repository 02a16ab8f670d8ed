package check

import (
	"time"
	"unicode"
	"unicode/utf8"
)

// fold returns a text in the form for comparison: white space, kinds of quotation marks
// and invisible characters make no difference.
func fold(text string) string { return string(appendFolded(nil, []byte(text))) }

// appendFolded appends the folded text to dst.
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

// foldStrictly is like fold, but keeps invisible characters, which a page may only have if
// the source does.
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

// isDay reports whether a text gives the day, or its month, that the datetime day does.
func isDay(day, text string) bool {
	d, err := time.Parse(time.DateOnly, day)
	return err == nil && (text == d.Format("2 January 2006") || text == d.Format("January 2006"))
}
