package report_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"annualreport/tools/report"
)

// checkParts checks that a text has some parts and not others.
func checkParts(t *testing.T, name, text string, parts, lost []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s has no %q:\n%s", name, part, text)
		}
	}
	for _, part := range lost {
		if strings.Contains(text, part) {
			t.Errorf("%s has %q", name, part)
		}
	}
}

// The draft of the next report keeps the shape of the previous one, whatever that is:
// the front matter of its pages, but nothing that was true of that report alone.
func TestNextKeepsShape(t *testing.T) {
	t.Parallel()
	files := first(t)
	for _, edit := range edits(
		begin("content/2014/background.md", "\ufeff"),
		replace(summary, `title = "How well`, `title = "2014: how well`),
		replace(summary, "date = 2014-10-22\n", "date = 2014-10-22\n\n[params]\ndue = 2015-01-31\nlabel = \"Review of 2014\"\nseries = \"reviews\"\n"),
		replace(purpose, "[params]\nnumber = 1\n", "weight = 7\naliases = [\"/2014/old/\"]\n\n[params]\nnumber = \"01\"\n"),
		write("content/2014/appendix.md", "+++\ntitle = \"Appendix\"\ndescription = \"More.\"\n\n[params]\nnumber = \"A\"\n+++\n\nBefore.\n\nA paragraph,\nof two lines.[^1]\n{#9.1}\n\nAnother.\n{#finding-12}\n\n| a | b |\n|---|---|\n| c | d |\n{caption=\"All\"}\n\n[^1]: A note.\n"),
		replace(recommendations, "number = 1\n", "number = \"4.1\"\ndue = 2015-06-30\n"),
		replace(recommendations, `wording = "To improve the availability and accessibility of bereavement services."`, `wording = """
To improve "services":

- one\\two
- three"""`),
		replace("data/organisations.toml", "[safer-leeds-partnership]\n", "[safer-leeds-partnership]\nuntil = 2016-01-01\nsuccessor = \"adult-safeguarding-board\"\n"),
	) {
		edit(t, files)
	}
	before, err := load(t, files).Newest("reviews")
	if err != nil || before == nil {
		t.Fatal(err)
	}
	next, err := report.Next(files, before, "2015-review")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		file      string
		has, lost []string
	}{
		{"content/2015-review/_index.md", []string{
			"\n# In 2014: 2014: how well are children in Leeds kept safe?\ntitle = \"TO WRITE: the page’s title\"\n",
			"\n# In 2014, answers were due on 2015-01-31. If this report says so too, write due = … below [params].\ndate = 2015-01-01\n",
			"\nseries = \"reviews\"\n# In 2014: Review of 2014\nlabel = \"TO WRITE: what readers call the report 2015-review\"\n",
		}, []string{"\ndue ="}},
		{"content/2015-review/purpose.md", []string{"\nweight = 7\n", "\nnumber = \"01\"\n"}, []string{"aliases"}},
		{"content/2015-review/background.md", []string{"{#2.1}\n", "{#2.3}\n"}, nil}, // of a file with a byte order mark
		{"content/2015-review/connections.md", []string{"\nfull = false\n"}, nil},
		{"content/2015-review/appendix.md", []string{
			"\nnumber = \"A\"\n",
			"\n+++\n\nTO WRITE: what comes before the first heading.\n\nTO WRITE: paragraph 9.1.\n{#9.1}\n\nTO WRITE: paragraph finding-12.\n{#finding-12}\n",
		}, []string{"note", "caption", "|"}},
		{"data/2015-review/recommendations.toml", []string{
			"\n[think-family]\nnumber = \"4.1\"\n", "\n[bereavement]\nnumber = 2\n", // as the report has them
			"\nwording = \"\"\"\nTo improve \"services\":\n\n- one\\\\two\n- three\"\"\"\n",
			"\n# safer-leeds-partnership ended on 2016-01-01: ask adult-safeguarding-board, which took its place, or another.\n",
		}, []string{"\ndue ="}}, // the deadline was for the earlier report
	} {
		checkParts(t, test.file, next.Files[test.file], test.has, test.lost)
	}
	for name, text := range next.Files {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	lib := load(t, files)
	if err := draftProblems(lib); err != nil || len(lib.Drafts) != 1 {
		t.Errorf("%d drafts: %v", len(lib.Drafts), err)
	} else if got, want := lib.Drafts[0].Recommendations[1].Wording, lib.Latest.Recommendations[1].Wording; got != want {
		t.Errorf("the wording is %q, want %q", got, want)
	}
}

// What the previous report does not have, the next one does not have either.
func TestNextWithoutParts(t *testing.T) {
	t.Parallel()
	asksNothing := edits(
		remove("data/2014"), remove("content/2014/recommendations.md"), remove("content/2014/conclusions.md"), remove("content/2014/organisations.md"),
		remove("content/2014/connections.md"), remove("content/2014/progress.md"),
		write(purpose, "+++\ntitle = \"Purpose\"\ndescription = \"Why.\"\n\n[params]\nnumber = 1\n+++\n\nText.\n"),
		write(summary, "+++\ntitle = \"Summary\"\ndescription = \"All.\"\ndate = 2014-10-22\n\n[params]\nasks = false\n+++\n\nText.\n"),
	)
	for _, test := range []struct {
		name  string
		edits []edit
		lost  []string // the ends of files' names
		has   map[string]string
	}{
		{"all", nil, nil, map[string]string{"data/2015/challenges.toml": "[early-help]", "data/2015/themes.toml": "stem = "}},
		{"no challenges", edits(
			remove("data/2014/challenges.toml"), remove("data/2014/themes.toml"),
			replace(recommendations, "challenges = [\"think-family\"]\n", ""), replace(recommendations, "challenges = [\"bereavement\"]\n", ""),
			replace("content/2014/conclusions.md", "lists = \"challenges\"\n", "")),
			[]string{"challenges.toml", "themes.toml"}, map[string]string{nextRecommendations: "\n[think-family]\nnumber = 1\n"}},
		{"no recommendations", edits(remove(recommendations), remove("content/2014/recommendations.md")),
			[]string{"recommendations.toml", "recommendations.md"}, map[string]string{nextChallenges: "[early-help]"}},
		{"no items", asksNothing, []string{".toml"}, map[string]string{nextSummary: "\n# If this report makes recommendations or challenges, delete this line.\nasks = false\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := first(t)
			for _, edit := range test.edits {
				edit(t, files)
			}
			unlink(files)
			next, err := follow(files, "2015")
			if err != nil {
				t.Fatal(err)
			}
			for name := range next.Files {
				for _, lost := range test.lost {
					if strings.HasSuffix(name, lost) {
						t.Errorf("%s should not exist", name)
					}
				}
			}
			for name, part := range test.has {
				checkParts(t, name, next.Files[name], []string{part}, nil)
			}
			lib := load(t, files)
			if err := draftProblems(lib); err != nil || len(lib.Drafts) != 1 {
				t.Errorf("%d drafts: %v", len(lib.Drafts), err)
			}
		})
	}
}

// inlineLink matches a link in Markdown.
var inlineLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// unlink replaces the links in the pages of 2014 with their words, so that a test can
// remove pages.
func unlink(files fstest.MapFS) {
	for name, file := range files {
		if strings.HasPrefix(name, "content/2014/") {
			files[name] = &fstest.MapFile{Data: inlineLink.ReplaceAll(file.Data, []byte("$1"))}
		}
	}
}

// A new report follows the newest of its own series, whether or not that is a draft.
func TestNewestOfSeries(t *testing.T) {
	t.Parallel()
	files := draft(t)
	lib := load(t, files)
	for series, want := range map[string]string{"": "2015", "reviews": ""} {
		got := ""
		newest, err := lib.Newest(series)
		if newest != nil {
			got = newest.Name
		}
		if err != nil || got != want {
			t.Errorf("the newest of %q is %q (%v), want %q", series, got, err, want)
		}
	}
	replace(nextSummary, "[params.paper]", "[params]\nseries = \"reviews\"\nlabel = \"Review\"\n\n[params.paper]")(t, files)
	for series, want := range map[string]string{"": "2014", "reviews": "2015"} {
		newest, err := load(t, files).Newest(series)
		if newest == nil || newest.Name != want {
			t.Errorf("the newest of %q is not %s: %v", series, want, err)
		}
	}
}
