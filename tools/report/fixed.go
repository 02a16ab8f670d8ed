package report

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The fixed words that the layouts show are in a table of Hugo's, so that they
// can be changed without a layout. Where a layout asks for words that the table
// does not have, Hugo would show nothing, without saying so.
const (
	wordsFolder = "data/words"
	wordsFile   = wordsFolder + "/en.toml"
)

var (
	wordsUse    = regexp.MustCompile(`\b(?:T|i18n) +(\(print \S+ )?"([^"]+)"`)
	layoutNotes = regexp.MustCompile(`(?s)\{\{-? */\*.*?\*/ *-?\}\}`)
)

// checkWords sees that the table has all words that the layouts ask for.
func (l *loader) checkWords() {
	words, r := l.readTOML(wordsFile)
	if r == nil {
		return
	}
	for key, word := range words {
		if plural, ok := word.(map[string]any); ok {
			word = plural["other"]
		}
		if text, ok := word.(string); !ok || strings.TrimSpace(text) == "" {
			l.problems.add(r.at(key), "empty-field", quote(key)+" has no words", "write them in quotes; where there is one of something and more, below one and other")
		}
	}
	need := func(at Place, keys ...string) {
		for _, key := range keys {
			if words[key] == nil {
				l.problems.add(at, "words", fmt.Sprintf("%s has no words for %s", wordsFile, quote(key)), didYouMean(key, sortedKeys(words), "add them there"))
			}
		}
	}
	for _, value := range slices.Concat(Statuses, Directions, Meanings[:2], Kinds) { // a neutral meaning is not shown
		need(Place{File: wordsFile}, strings.ReplaceAll(value, " ", "_"))
	}
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(l.source, "layouts", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || path.Ext(name) != ".html" && path.Ext(name) != ".xml" {
			return nil // what cannot be read is told elsewhere
		}
		data, err := fs.ReadFile(l.source, name)
		if err != nil {
			return nil
		}
		layout := layoutNotes.ReplaceAllStringFunc(string(data), func(note string) string { return strings.Repeat("\n", strings.Count(note, "\n")) })
		for _, m := range wordsUse.FindAllStringSubmatchIndex(layout, -1) {
			keys := []string{layout[m[4]:m[5]]}
			if m[2] >= 0 { // behind an item's kind
				keys = []string{Challenge + keys[0], Recommendation + keys[0]}
			}
			need(Place{name, 1 + strings.Count(layout[:m[0]], "\n")}, keys...)
		}
		return nil
	})
}
