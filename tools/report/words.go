package report

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
)

// Quote returns a text in quotation marks, cut short if it is long.
func Quote(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		s = string(runes[:59]) + "…"
	}
	return "“" + s + "”"
}

// nearest returns the candidate that is most similar to word, or "".
func nearest(word string, candidates []string) string {
	best, distance := "", len(word)/3+2
	if len(word) > 100 || len(candidates) > 1000 { // no slip of the pen, or too many to compare
		return ""
	}
	word = strings.ToLower(word)
	for _, same := range []string{word, strings.ReplaceAll(word, " ", "-")} { // an id, written as a name is
		if slices.Contains(candidates, same) {
			return same
		}
	}
	for _, k := range candidates {
		if len(k) > 2*len(word)+100 {
			continue
		}
		if len(word) > 2 && strings.HasPrefix(k, word) {
			return k
		}
		if d := levenshtein.ComputeDistance(word, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// Suggest returns a question whether word was meant to be a similar candidate, or
// otherwise if there is none.
func Suggest(word string, candidates []string, otherwise string) string {
	if best := nearest(word, candidates); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return otherwise
}

// joinOr joins words as alternatives: good, bad or neutral.
func joinOr(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// explainSyntax translates a message from BurntSushi/toml about a line into what is wrong
// and what to do.
func explainSyntax(message, line string) (what, do string) {
	if strings.ContainsAny(line, "“”„") {
		return "this line has curly quotes, as word processors make them", `put text in straight quotes: "…"`
	}
	if m := britishDate.FindStringSubmatch(line); m != nil {
		do := "write the day as 2015-09-15"
		if day, err := time.Parse("2/1/2006", strings.Join(m[2:], "/")); err == nil {
			do = "write " + day.Format(time.DateOnly)
		}
		return Quote(m[1]) + " is not written as dates are here", do
	}
	if m := innerQuote.FindStringSubmatch(line); m != nil {
		return fmt.Sprintf("the text in quotes ends before %s", Quote(m[1])), `write a " inside the text as \"`
	}
	for _, e := range syntaxErrors {
		if m := e.says.FindStringSubmatch(message); m != nil {
			if len(m) > 1 {
				return fmt.Sprintf(e.what, Quote(m[1])), e.do
			}
			return e.what, e.do
		}
	}
	return "this line cannot be read: " + message, "compare it with the records around it"
}

var (
	britishDate = regexp.MustCompile(`=\s*(([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}))\b`)
	innerQuote  = regexp.MustCompile(`=\s*"[^"\\]+"\s*([^\s",#\]}][^"]*)"`) // and what follows the text that it ends
)

var syntaxErrors = []struct {
	says     *regexp.Regexp
	what, do string
}{
	{regexp.MustCompile(`^Key '(.*\.(?:updates|formerly|values|series|declarations))' (?:has already been defined|was already created)`), "%s has single brackets, here or above", "write double ones each time, such as [[early-help.updates]]"},
	{regexp.MustCompile(`^Key '(.*)' (?:has already been defined|was already created)`), "%s appears twice", "keep one of them; if another record begins here, give it its own name in brackets"},
	{regexp.MustCompile(`strings cannot contain newlines`), "the text in quotes does not end on the same line", `add the closing "; write a " inside the text as \"`},
	{regexp.MustCompile(`^unexpected EOF`), "the file ends too soon", "finish the last record; the file may be incomplete"},
	{regexp.MustCompile(`expected '\.' or '=', but got`), "a field has no = after its name", `write name = "text"`},
	{regexp.MustCompile(`expected value but found .* instead`), "there is no valid value after the =", `write text in quotes, "…", lists in [ ], numbers and dates as they are`},
	{regexp.MustCompile(`unexpected newline.*|expected value.*newline`), "this line ends too soon", "write the value on the same line as its name"},
	{regexp.MustCompile(`expected a comma`), "a list here or above is not closed, or is missing a comma", `write ["…", "…"]`},
	{regexp.MustCompile(`expected a top-level item to end with a newline`), "there is more than one field on this line", `put each field on its own line, and write a date as 2015-09-15`},
	{regexp.MustCompile(`nvalid (?:TOML )?[Dd]atetime: "?([^"]*)"?`), "%s is not a date", "write the day as 2015-09-15"},
	{regexp.MustCompile(`cannot have leading zeroes|Invalid integer|Invalid float`), "a number or date here cannot be read", `write a date as 2015-12-01, and a telephone number in quotes, "0808 800 5000"`},
	{regexp.MustCompile(`nvalid escape character`), `a \ in quoted text has a special meaning`, `write \\, or put the text in single quotes`},
	{regexp.MustCompile(`table name|table array name`), "the name of a record cannot be read", "put it on its own line, in lower-case letters, digits and hyphens: [early-help], or [[early-help.updates]] for an update"},
	{regexp.MustCompile(`bare keys cannot contain (.*)`), "the name of a field or record contains %s", "use lower-case letters, digits and hyphens"},
}
