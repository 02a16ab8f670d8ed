package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A text is split where a sentence ends, and nowhere else.
func TestSentences(t *testing.T) {
	for text, want := range map[string][]int{
		"":                              nil,
		"One two three.":                {3},
		"One two. Three four five. Six": {2, 3, 1},
		"One, e.g. two, i.e. three etc. four. Five": {7, 1},
		"Paragraph 3.9 has 1,200 in no. 12. Two":    {7, 1},
		"Mr. Smith and Dr. Jones went. Two":         {6, 1},
		"The answer was no. Then more":              {4, 2},
		"One two? Three! Four… Five (six.) Seven":   {2, 1, 1, 2, 1},
		"One – two — three / four":                  {4},
		"it is the board's, the boards' and ours":   {8},
		"He said \"one two three.\" Then one":       {2, 2},
		"He said “one. ” Then one":                  {2, 2},
		"He said “one. Two” and ‘three isn’t’ four": {4},
		"'Think Family' is one of two":              {4},
		"one \"two three":                           {3},
		"1. One two":                                {1, 2},
		"[one](x) two. *Three*":                     {2, 1},
	} {
		var got []int
		for _, s := range sentences(text) {
			got = append(got, s.words)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q has sentences of %v words, want %v", text, got, want)
		}
	}
}

// The time to split a text is in proportion to its length.
func TestSentencesOfHostileTexts(t *testing.T) {
	for _, part := range []string{"‘", "“", "'", `"`, " '", "“a”", " 'a", "a. ", "(", "a"} {
		start := time.Now()
		sentences(strings.Repeat(part, 1<<20/len(part)))
		if duration := time.Since(start); duration > 2*time.Second {
			t.Errorf("%q takes %s", part, duration)
		}
	}
}

// A number that is missing may be lost if the others count up by one.
func TestGaps(t *testing.T) {
	for _, test := range []struct{ numbers, want string }{
		{"", ""}, {"1", ""}, {"1 2 3", ""}, {"3 4 5", ""},
		{"1 2 3 5 6", "3 5: 4 4"},
		{"1 2 4", "2 4: 3 3"},
		{"3.6 3.7 3.9 4.1 4.2", "3.7 3.9: 3.8 3.8"},
		{"A1 A2 A5 A6 A7", "A2 A5: A3 A4"},
		{"finding-1 finding-2 finding-4", "finding-2 finding-4: finding-3 finding-3"},
		{"1 2 4 3", ""},                 // in another order
		{"1 3 5 7", ""},                 // they do not count up by one
		{"10 20 30", ""},                //
		{"101 102 103 201 202 203", ""}, // each chapter starts again
		{"1 2 2 3", ""},                 // reported elsewhere
		{"1 1.1 1.2 2 3 A", ""},
		{"1 2 99999999999999999999 3", ""},
	} {
		numbers := strings.Fields(test.numbers)
		var got []string
		for _, g := range gaps(numbers) {
			got = append(got, fmt.Sprintf("%s %s: %s %s", numbers[g.lower], numbers[g.upper], g.first, g.last))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s has the gaps %q, want %q", test.numbers, got, test.want)
		}
	}
}

func TestAdviseGaps(t *testing.T) {
	l := &loader{}
	var all []citation
	for i, number := range []string{"1", "2", "3", "5", "6", "9"} {
		all = append(all, citation{number, Place{"data/2014/challenges.toml", 10 * i}, "c"})
	}
	l.adviseGaps("challenge", all)
	want := `data/2014/challenges.toml:30: [gap] there are challenges 3 and 5, but no 4; if it was lost, restore it; if the report skips it, ignore this
data/2014/challenges.toml:50: [gap] there are challenges 6 and 9, but no 7 to 8; if it was lost, restore it; if the report skips it, ignore this`
	if got := Problems(l.advice).Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// as_at is out of date when it is over 90 days ago.
func TestAdviseAsAt(t *testing.T) {
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	place := Place{"config.toml", 8}
	for days, want := range map[int]string{
		0: "", 90: "", -3: "",
		91: "config.toml:8: [as-at] the pages describe the position as at 1 September 2026, over 90 days ago; record what has happened since, and move as_at on",
	} {
		l := &loader{}
		l.adviseAsAt(Date{now.AddDate(0, 0, -days).Truncate(24 * time.Hour)}, place, now)
		if got := Problems(l.advice).Error(); got != want {
			t.Errorf("after %d days: got %q, want %q", days, got, want)
		}
	}
	l := &loader{}
	l.adviseAsAt(Date{}, place, now)
	if len(l.advice) > 0 {
		t.Errorf("without a date, the advice is %v", l.advice)
	}
}
