package report_test

import (
	"annualreport/tools/report"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// A report stays a draft, which stops nothing, while its _index.md says so or any text
// in it is still to be written. The reason has a place, and the draft's problems are
// kept apart.
func TestDrafts(t *testing.T) {
	t.Parallel()
	const mark = "draft = true\n"
	finished := func(t *testing.T, files fstest.MapFS) { finish(files, "2015") }
	for _, test := range []struct {
		name       string
		edits      []edit
		file, text string // the place of the reason
		why, do    string
		problems   problems
	}{
		{"as it was drafted", nil,
			nextSummary, "description = ", "78 texts are still to be written", "write this one first", nil},
		{"without the line draft = true",
			edits(replace(nextSummary, mark, "")),
			nextSummary, "description = ", "78 texts are still to be written", "write this one first", nil},
		{"only one text is to be written",
			edits(finished, replace(nextChallenges, `title = "Embed the early help approach"`, `title = "TO WRITE" # soon`)),
			nextChallenges, "TO WRITE", "1 text is still to be written", "write it", nil},
		{"only the date is to be written, and a comment says TO WRITE",
			edits(finished, replace(nextChallenges, `title = "Embed the early help approach"`, `title = "Embed early help" # TO WRITE better`), replace(nextSummary, "date = 2015-10-21", "date = 2015-01-01")),
			nextSummary, "date = ", "1 text is still to be written", "write it", nil},
		{"all is written, but the line draft = true is still there",
			edits(finished, replace(nextSummary, "date = ", mark+"date = ")),
			nextSummary, mark, "it has a line draft = true", "delete the line to publish it", nil},
		{"a word processor has added a byte order mark",
			edits(finished, replace(nextSummary, "date = ", mark+"date = "), begin(nextSummary, "\ufeff")),
			nextSummary, mark, "it has a line draft = true", "delete the line to publish it", nil},
		{"it has mistakes",
			edits(finished, replace(nextSummary, "date = ", mark+"date = "), replace(nextChallenges, "number = 3", "number = "), replace(nextRecommendations, "title = ", "titel = ")),
			nextSummary, mark, "it has a line draft = true", "delete the line to publish it",
			problems{{nextChallenges, "number = \n", `[syntax] there is no valid value after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`},
				{nextRecommendations, "titel", "[unknown-field] “titel” is not a field of a recommendation; did you mean title?"}}},
		{"its data is missing",
			edits(finished, replace(nextSummary, "date = ", mark+"date = "), remove("data/2015")),
			nextSummary, mark, "it has a line draft = true", "delete the line to publish it",
			problems{{nextChallenges, "", "[missing-file] this file is missing, and content/2015/conclusions.md lists its records; restore it, or delete the line lists = \"challenges\" from that page"},
				{nextRecommendations, "", "[missing-file] this file is missing, and content/2015/recommendations.md lists its records; restore it, or delete the line lists = \"recommendations\" from that page"}}},
		{"it does not take up an open item of the previous report",
			edits(replace(nextChallenges, "follows = \"2014/early-help\"\n", "")),
			nextSummary, "description = ", "78 texts are still to be written", "write this one first",
			problems{{challenges, "[early-help]", `[unaccounted] the challenge [early-help] is not done, but the report of 2015 does not take it up; write follows = "2014/early-help" in a challenge of 2015, or say here why it was not repeated: closed = "…"`}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := draft(t)
			for _, edit := range test.edits {
				edit(t, files)
			}
			lib := load(t, files)
			if len(lib.Reports) != 1 || len(lib.Drafts) != 1 || lib.Drafts[0].Name != "2015" {
				t.Fatalf("%d reports and %d drafts, want those of 2014 and 2015", len(lib.Reports), len(lib.Drafts))
			}
			place, why, do := lib.Drafts[0].Reason()
			got := fmt.Sprintf("%s:%d: %s; %s", place.File, place.Line, why, do)
			if want := fmt.Sprintf("%s: %s; %s", where(t, files, test.file, test.text), test.why, test.do); got != want {
				t.Errorf("it says\n%s\nwant\n%s", got, want)
			}
			compare(t, files, draftProblems(lib), test.problems)
		})
	}
}

// If every report is a draft, there is nothing to publish. A complete report is not a
// draft.
func TestDraftsAlone(t *testing.T) {
	t.Parallel()
	try(t, first, []mistake{
		{"the only report is a draft",
			edits(replace(summary, "title = ", "draft = true\ntitle = ")),
			problems{{summary, "draft = true", "[draft] the report of 2014 is a draft, and there is no other to publish: it has a line draft = true; delete the line to publish it"}}},
		{"a comment says TO WRITE, below a text that does not end",
			edits(replace(purpose, `title = "Purpose of this report"`, "title = \"Purpose\n# TO WRITE: more")),
			problems{{purpose, `title = "Purpose`, `[syntax] the text in quotes does not end on the same line; add the closing "; write a " inside the text as \"`}}},
		{"the only report has a text to be written",
			edits(replace(purpose, "This report is a brief", "TO WRITE: a brief")),
			problems{{purpose, "TO WRITE", "[draft] the report of 2014 is a draft, and there is no other to publish: 1 text is still to be written; write it"}}},
	})
	lib := load(t, second(t))
	if len(lib.Reports) != 2 || len(lib.Drafts) != 0 || lib.Reports[0].Name != "2015" {
		t.Errorf("%d reports and %d drafts, want two reports and none", len(lib.Reports), len(lib.Drafts))
	}
}

// The next report follows the latest one, whether or not that is a draft, and cannot be
// drafted if that has mistakes.
func TestNextFollowsLatest(t *testing.T) {
	t.Parallel()
	files := draft(t)
	finish(files, "2015")
	replace(nextSummary, "date = ", "draft = true\ndate = ")(t, files)
	if next, err := follow(files, "2016"); err != nil || next.Follows != "2015" {
		t.Errorf("it follows %s: %v", next.Follows, err)
	}

	files = draft(t)
	replace(nextChallenges, "number = 3", "number = ")(t, files)
	_, err := follow(files, "2016")
	compare(t, files, err, problems{{nextChallenges, "number = \n", `[syntax] there is no valid value after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`}})

	files = first(t)
	replace(recommendations, "number = 2", "number = 1")(t, files)
	_, err = follow(files, "2015")
	compare(t, files, err, problems{{recommendations, "number = 1\ntitle = \"Make", "[number] recommendation 1 appears twice: it is also “think-family”; give each its own number"}})
}

// The draft of the next report carries forward open items with their wording, but none
// of the previous report's findings.
func TestNext(t *testing.T) {
	t.Parallel()
	files := first(t)
	next, err := follow(files, "2015")
	if err != nil || next.Follows != "2014" || next.Challenges != 11 || next.Recommendations != 2 {
		t.Fatalf("%d challenges and %d recommendations of %s: %v; want 11 and 2 of 2014", next.Challenges, next.Recommendations, next.Follows, err)
	}
	for name := range first(t) {
		if strings.Contains(name, "/2014/") && !strings.HasPrefix(name, "static/") {
			if later := strings.Replace(name, "2014", "2015", 1); next.Files[later] == "" {
				t.Errorf("there is no %s", later)
			}
		}
	}
	for _, test := range []struct {
		file      string
		has, lost []string
	}{
		{nextRecommendations,
			[]string{
				"\n[think-family]\nnumber = 1\ntitle = \"Put the Think Family Work Family protocol into practice\"\n",
				"\nwording = \"To implement the 'Think Family Work Family' protocol (which promotes more 'joined up working' in responding to vulnerable children, young people and adults).\"\n",
				"\naddressed_to = [\"health-and-wellbeing-board\", \"safer-leeds-partnership\", \"adult-safeguarding-board\"]\nchallenges = [\"think-family\"]\nfollows = \"2014/think-family\"\n",
				"If one is not repeated, delete it here",
			},
			[]string{"\n[[", "\nfindings", "news.leeds.gov.uk"}},
		{nextChallenges, []string{"\nfollows = \"2014/early-help\"\n", "\n# findings "}, []string{"\nfindings", "\n[["}},
		{"data/2015/themes.toml", []string{"\nstem = \"To embed key partnership initiatives eg:\"\n"}, []string{"TO WRITE"}},
		{"data/2015/measures.toml", []string{"\n# [child-deaths]\n# number = 1\n"}, []string{"\n[", "\nnumber"}},
		{"content/2015/background.md", []string{"\n## TO WRITE: What the Board is {#2.1}\n\nTO WRITE: paragraph 2.1.\n"}, []string{"scrutiny role"}},
		{"content/2015/main-issues.md", []string{"\nnumber = 3\n", "\n### TO WRITE: Early help {#3.8}\n\nTO WRITE: paragraph 3.8.\n"}, []string{"](", "right service at the right time"}},
		{nextSummary,
			[]string{"\ndraft = true\n", "\ndate = 2015-01-01\n", "\nfrom = \"leeds-safeguarding-children-board\"\n", "\n# In 2014: Phil Coneron\nauthor = \"TO WRITE: the author’s name\"\n"},
			[]string{"cautiously optimistic"}},
	} {
		text := files[test.file].Data
		for _, part := range test.has {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no %q", test.file, part)
			}
		}
		for _, part := range test.lost {
			if strings.Contains(string(text), part) {
				t.Errorf("%s has %q", test.file, part)
			}
		}
	}
}

// closeItems closes items in a file.
func closeItems(t *testing.T, files fstest.MapFS, name string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		replace(name, "["+id+"]\n", "["+id+"]\nclosed = \"It is done.\"\n")(t, files)
	}
}

// The third report does not repeat what is completed or closed in the second.
func TestNextLeavesOutClosedItems(t *testing.T) {
	t.Parallel()
	files := second(t)
	replace(nextRecommendations, `follows = "2014/bereavement"`,
		"follows = \"2014/bereavement\"\n\n[[bereavement.updates]]\ndate = 2016-03-01\nby = [\"health-and-wellbeing-board\", \"safer-leeds-partnership\", \"adult-safeguarding-board\"]\nprogress = \"completed\"\ntext = \"A service is open.\"\nsource = \"https://example.org/\"")(t, files)
	closeItems(t, files, nextChallenges, "suicide", "bereavement")
	next, err := follow(files, "2016")
	if err != nil || next.Follows != "2015" || next.Challenges != 9 || next.Recommendations != 1 {
		t.Errorf("%d challenges and %d recommendations of %s: %v; want 9 and 1 of 2015", next.Challenges, next.Recommendations, next.Follows, err)
	}
	for name, part := range map[string]string{"challenges": "suicide]", "themes": "bereavement", "recommendations": "bereavement"} {
		if strings.Contains(next.Files["data/2016/"+name+".toml"], part) {
			t.Errorf("the %s have %s", name, part)
		}
	}
	if err := draftProblems(load(t, files)); err != nil {
		t.Error(err)
	}
	finish(files, "2016")
	if lib := load(t, files); len(lib.Reports) != 3 || len(lib.Drafts) != 0 {
		t.Errorf("%d reports and %d drafts, want three reports", len(lib.Reports), len(lib.Drafts))
	}
}

// If every item is closed, the draft has a blank one of each kind.
func TestNextWithoutOpenItems(t *testing.T) {
	t.Parallel()
	files := first(t)
	lib := load(t, files)
	for _, c := range lib.Reports[0].Challenges {
		closeItems(t, files, challenges, c.ID)
	}
	for _, r := range lib.Reports[0].Recommendations {
		closeItems(t, files, recommendations, r.ID)
	}
	next, err := follow(files, "2015")
	if err != nil || next.Challenges != 0 || next.Recommendations != 0 {
		t.Errorf("%d challenges and %d recommendations: %v; want none", next.Challenges, next.Recommendations, err)
	}
	if err := draftProblems(load(t, files)); err != nil {
		t.Error(err)
	}
	finish(files, "2015")
	place, why, _ := load(t, files).Drafts[0].Reason()
	got := fmt.Sprintf("%s:%d: %s", place.File, place.Line, why)
	if want := where(t, files, nextChallenges, "to-write") + ": 2 texts are still to be written"; got != want {
		t.Errorf("it is a draft by %s, want %s", got, want)
	}
	for _, name := range []string{"challenges", "recommendations"} {
		name = "data/2015/" + name + ".toml"
		write(name, strings.ReplaceAll(read(t, files, name), "to-write", "help"))(t, files)
	}
	if lib := load(t, files); len(lib.Reports) != 2 || len(lib.Reports[0].Challenges) != 1 || len(lib.Reports[0].Recommendations) != 1 {
		t.Errorf("%d reports, want two, the second with one challenge and one recommendation", len(lib.Reports))
	}
}

// A recommendation that is carried forward no longer arises from a closed challenge.
func TestNextWithoutClosedChallenge(t *testing.T) {
	t.Parallel()
	files := first(t)
	closeItems(t, files, challenges, "bereavement")
	next, err := follow(files, "2015")
	if err != nil || strings.Contains(next.Files[nextRecommendations], "challenges = [\"bereavement\"]") {
		t.Errorf("it arises from what is closed: %v", err)
	}
	if err := draftProblems(load(t, files)); err != nil {
		t.Error(err)
	}
}

// draftProblems returns what is wrong with the drafts as an error, or nil.
func draftProblems(lib *report.Library) error {
	var all report.Problems
	for _, d := range lib.Drafts {
		all = append(all, d.Problems...)
	}
	return all.Err()
}
