package report

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The fixed words that the layouts show are in a translation table of Hugo's, so that
// they can be changed without touching a layout. If a layout uses words that the
// table does not have, or words use a value that the layout does not pass, Hugo
// shows nothing and does not complain: it is checked here.
const (
	wordsFolder = "data/words"
	wordsFile   = wordsFolder + "/en.toml"
)

var (
	// The use of words in a layout: an item's kind before the key, the key, and what
	// follows it.
	wordsUse    = regexp.MustCompile(`\b(?:T|i18n) +(\(print \S+ )?"([^"]+)"\)?( +(?:\(dict|[$.\w]))?`)
	layoutNotes = regexp.MustCompile(`(?s)\{\{-? */\*.*?\*/ *-?\}\}`)
	quotedName  = regexp.MustCompile(`"([a-z]+)"`)
	placeholder = regexp.MustCompile(`\{\{ *\.([a-z]+) *\}\}`)
)

// A use is a place in the layouts that shows words.
type use struct {
	key   string
	place Place
	names []string // of the values that the layout passes; nil if they are not known
}

// checkWords checks that the table has all words that the layouts show, and that
// layouts pass the values that the words use.
func (l *loader) checkWords() {
	words, r := l.readTOML(wordsFile)
	if r == nil || !l.checkWordTexts(words, r) {
		return
	}
	l.words = words
	byKey := l.usesByKey()
	spare := slices.DeleteFunc(sortedKeys(words), func(key string) bool { _, ok := byKey[key]; return ok })
	for _, key := range sortedKeys(byKey) {
		u := byKey[key]
		if words[key] == nil {
			do := fmt.Sprintf("add or restore the line %s = \"…\"", key)
			if best := nearest(key, spare); best != "" {
				do = fmt.Sprintf("rename the line %s", best)
			}
			l.problems.add(Place{File: wordsFile}, "words", fmt.Sprintf("%s is missing, but %s uses it", Quote(key), u.place.File), do)
			continue
		}
		for _, text := range wordTexts(words[key]) {
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				if u.names != nil && !slices.Contains(u.names, m[1]) {
					l.problems.add(r.place(key), "words", fmt.Sprintf("there is no value for %s here", Quote(m[0])), Suggest(m[1], u.names, "delete it"))
				}
			}
		}
	}
}

// usesByKey returns the uses of words in layouts and in this package. The use of a key
// has the names of the values that all places pass.
func (l *loader) usesByKey() map[string]use {
	uses := l.wordUses()
	for _, state := range States[:len(States)-1] { // a request is never closed
		uses = append(uses, use{"reply_" + stateWord(state), Place{File: "layouts/_partials/items/totals.html"}, []string{}})
	}
	for _, key := range sortedKeys(wordValues) {
		uses = append(uses, use{key, Place{File: "tools/report/say.go"}, wordValues[key]})
	}
	for _, kind := range Kinds {
		uses = append(uses, use{"asked_of_" + kind + "s", Place{File: "layouts/_partials/items/asked-together.html"}, []string{}})
	}
	for _, kind := range StatusKinds {
		uses = append(uses, use{"statuses_" + kind, Place{File: "layouts/_partials/items/statuses.html"}, []string{}})
	}
	for _, value := range slices.Concat(Directions, meaningWords(), States, []string{requirementsTitle, requirementsDescription}) {
		uses = append(uses, use{stateWord(value), Place{File: "layouts/_partials"}, []string{}})
	}
	byKey := map[string]use{}
	for _, u := range uses {
		if first, ok := byKey[u.key]; ok {
			u.place = first.place
			if first.names == nil || u.names == nil {
				u.names = nil
			} else {
				u.names = slices.DeleteFunc(slices.Clone(u.names), func(name string) bool { return !slices.Contains(first.names, name) })
			}
		}
		byKey[u.key] = u
	}
	return byKey
}

// meaningWords returns the keys of the words for the meanings of measures.
func meaningWords() (all []string) {
	for _, meaning := range Meanings {
		all = append(all, "measures_"+meaning)
	}
	return all
}

// stateWord returns the key of the words for a state, a direction and the like.
func stateWord(value string) string { return strings.ReplaceAll(value, "-", "_") }

// wordTexts returns the texts of an entry of the table: one, or one for each plural
// form.
func wordTexts(entry any) (texts []string) {
	switch entry := entry.(type) {
	case string:
		return []string{entry}
	case map[string]any:
		for _, key := range sortedKeys(entry) {
			text, _ := entry[key].(string)
			texts = append(texts, text)
		}
	}
	return texts
}

// checkWordTexts checks that every entry of the table has valid words.
func (l *loader) checkWordTexts(words map[string]any, r *tableReader) (ok bool) {
	if len(words) == 0 {
		l.problems.add(Place{wordsFile, 1}, "no-data", "the file has no words", "restore it from the last version that worked")
		return false
	}
	ok = true
	for _, key := range sortedKeys(words) {
		texts := wordTexts(words[key])
		table, isTable := words[key].(map[string]any)
		if isTable && table["other"] == nil {
			l.problems.add(r.place(key), "words", fmt.Sprintf("[%s] begins a table, which hides the words below it", key), "delete the line")
			ok = false
			continue
		}
		if len(texts) == 0 || slices.ContainsFunc(texts, func(text string) bool { return strings.TrimSpace(text) == "" }) {
			l.problems.add(r.place(key), "empty-field", Quote(key)+" has no words", fmt.Sprintf("write them in quotes, %s = \"…\"", key))
			ok = false
		}
		for _, text := range texts {
			if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
				l.problems.add(r.place(key), "words", "there are curly brackets { } here that cannot be read", "write values as {{ .year }}, with the name that was there")
				ok = false
			}
		}
	}
	return ok
}

// wordUses returns every place in the layouts that shows words.
func (l *loader) wordUses() (uses []use) {
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(l.source, "layouts", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || path.Ext(name) != ".html" && path.Ext(name) != ".xml" {
			return nil // unreadable files are reported elsewhere
		}
		data, err := fs.ReadFile(l.source, name)
		if err != nil {
			return nil
		}
		layout := layoutNotes.ReplaceAllString(string(data), "")
		for _, m := range wordsUse.FindAllStringSubmatchIndex(layout, -1) {
			names := []string{}
			switch {
			case m[6] < 0:
			case strings.HasSuffix(layout[m[6]:m[7]], "(dict"):
				for _, n := range quotedName.FindAllStringSubmatch(bracketContent(layout[m[7]:]), -1) {
					names = append(names, n[1])
				}
			default:
				names = nil
			}
			keys := []string{layout[m[4]:m[5]]}
			if m[2] >= 0 { // after an item's kind
				keys = []string{Challenge + keys[0], Recommendation + keys[0]}
			}
			for _, key := range keys {
				uses = append(uses, use{key, Place{File: name}, names})
			}
		}
		return nil
	})
	return uses
}

// bracketContent returns the text up to the bracket that closes one before it.
func bracketContent(text string) string {
	depth := 1
	for i, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text[:i]
			}
		}
	}
	return text
}
