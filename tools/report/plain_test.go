package report_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

var (
	linkAddress = regexp.MustCompile(`\]\([^)]*\)`)
	blockEnd    = regexp.MustCompile(`\n\s*\n|\n- |\n#+ `)
	sentenceEnd = regexp.MustCompile(`[.?!]["’”)]?(\s+|$)`)
)

// The version for young people is short, and can be read at about the age of ten. That
// is grade 5 of the automated readability index, which counts letters, words and
// sentences (Senter and Smith, 1967).
func TestYoungPeople(t *testing.T) {
	t.Parallel()
	words, letters, sentences := 0, 0, 0
	for _, block := range blockEnd.Split(linkAddress.ReplaceAllString(body(t, first(t), "content/2014/young-people.md"), ""), -1) {
		for _, sentence := range sentenceEnd.Split(block, -1) {
			all := strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && !unicode.IsDigit(r) })
			if len(all) > 20 {
				t.Errorf("%d words: %s", len(all), sentence)
			}
			words += len(all)
			letters += len([]rune(strings.Join(all, "")))
			if len(all) > 0 {
				sentences++
			}
		}
	}
	grade := 4.71*float64(letters)/float64(words) + 0.5*float64(words)/float64(sentences) - 21.43
	if words < 200 || words > 300 || grade > 5 {
		t.Errorf("%d words, for grade %.1f", words, grade)
	}
}

// body returns a page's text without its front matter.
func body(t *testing.T, files fstest.MapFS, name string) string {
	t.Helper()
	parts := strings.SplitN(read(t, files, name), "+++\n", 3)
	if len(parts) < 3 {
		t.Fatalf("%s has no +++ lines", name)
	}
	return parts[2]
}
