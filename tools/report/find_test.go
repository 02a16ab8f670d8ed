package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// lineOf returns a title's line in an index, and its letter.
func lineOf(letters []report.Letter, title string) (*report.IndexLine, string) {
	for _, letter := range letters {
		for _, line := range letter.Lines {
			if line.Title.String() == title {
				return line, letter.Name
			}
		}
	}
	return nil, ""
}

func TestIndex(t *testing.T) {
	source := testkit.MemorySource()
	write(purpose, read(t, source, purpose)+"\n## The aims\n\nText.\n")(t, source)
	lib, err := report.Load(source, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	letters := lib.Index(nil)
	names := ""
	for _, letter := range letters {
		names += letter.Name
	}
	if sorted := strings.Split(names, ""); !slices.IsSorted(sorted) || !strings.HasPrefix(names, "ABC") {
		t.Errorf("the letters are %s", names)
	}
	for title, want := range map[string]string{
		"section 11":              "S: What it means at /glossary/#term-section-11, Paragraph 3.7 at /2014/main-issues/#3.7",
		"The three main messages": "T: Summary at /2014/#the-three-main-messages",
		"The aims":                "A: Section 1 at /2014/purpose/#the-aims",
		"bereavement service":     "B: What it means at /glossary/#term-bereavement-service",
		"CP plan":                 "C: see child protection plan at /glossary/#term-child-protection-plan",
		"What is this?":           "W: For young people at /2014/young-people/#what-is-this",
		"Appendix number":         "",
	} {
		line, letter := lineOf(letters, title)
		got := ""
		if line != nil {
			var spots []string
			for _, s := range line.Spots {
				spots = append(spots, s.Name+" at "+s.Target.Address())
			}
			if line.See != nil {
				spots = append(spots, "see "+line.See.Name+" at "+line.See.Target.Address())
			}
			got = letter + ": " + strings.Join(spots, ", ")
		}
		if got != want {
			t.Errorf("%s is %q, want %q", title, got, want)
		}
	}
}

// However many reports there are, the search index keeps to its limit: the earlier
// reports are in brief, and each of them has its own search with all of its text.
func TestSearchSize(t *testing.T) {
	source := filepath.Join(t.TempDir(), "source")
	if err := testkit.CopyReports("../..", source, 20); err != nil {
		t.Fatal(err)
	}
	lib, err := report.Load(os.DirFS(source), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	index, err := lib.Search.Index()
	if err != nil || len(index) > report.MaxIndex || len(index) < report.MaxIndex*9/10 {
		t.Errorf("the index has %d bytes (%v), and the limit is %d", len(index), err, report.MaxIndex)
	}
	if n := len(lib.Search.Whole); n < 2 || lib.Search.Whole[0] != lib.Latest || n+len(lib.Search.Brief) != 20 {
		t.Errorf("the search has %d reports in full and %d in brief", n, len(lib.Search.Brief))
	}
	const words = "good level of compliance"
	for _, rep := range lib.Reports {
		brief := slices.Contains(lib.Search.Brief, rep)
		if brief != (rep.Search != nil) {
			t.Errorf("%s: brief is %t, but its own search is %v", rep.Name, brief, rep.Search)
		}
		if brief {
			text, err := rep.Search.Index()
			if err != nil || !strings.Contains(text, words) || !json.Valid([]byte(text)) {
				t.Errorf("%s: its own search does not have its text: %v", rep.Name, err)
			}
		}
	}
	if got := strings.Count(index, words); got != len(lib.Search.Whole) {
		t.Errorf("%d reports have these words in the search, want %d", got, len(lib.Search.Whole))
	}
}

// A report that is too large for the search is in brief, and so are all older reports,
// even if they would fit.
func TestSearchOrder(t *testing.T) {
	source := filepath.Join(t.TempDir(), "source")
	if err := testkit.CopyReports("../..", source, 5); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(source, "content", "[0-9]*", "purpose.md"))
	if err != nil || len(pages) != 5 {
		t.Fatal(pages, err)
	}
	text, err := os.ReadFile(pages[2])
	if err == nil {
		err = os.WriteFile(pages[2], append(text, "\n"+strings.Repeat("More words. ", report.MaxIndex/12)+"\n"...), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	lib, err := report.Load(os.DirFS(source), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if whole, brief := len(lib.Search.Whole), len(lib.Search.Brief); whole != 2 || brief != 3 {
		t.Errorf("the search has %d reports in full and %d in brief, want 2 and 3", whole, brief)
	}
}
