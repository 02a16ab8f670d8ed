package report_test

import (
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// Files of the later report.
const (
	nextChallenges      = "data/2015/challenges.toml"
	nextRecommendations = "data/2015/recommendations.toml"
	nextSummary         = "content/2015/_index.md"
)

// follow adds the draft of a year's report, as Next makes it, to a source.
func follow(files fstest.MapFS, year string) (report.Beginning, error) {
	lib, err := report.Load(files, today)
	if err != nil {
		return report.Beginning{}, err
	}
	latest, err := lib.Newest("")
	if err != nil {
		return report.Beginning{}, err
	}
	draft, err := report.Next(files, latest, year)
	for name, text := range draft.Files {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return draft, err
}

// finish writes what is still to be written in a report, and deletes its line
// draft = true, so that it can be published.
func finish(files fstest.MapFS, year string) {
	replacer := strings.NewReplacer("\ndraft = true", "", "date = "+year+"-01-01", "date = "+year+"-10-21", "TO WRITE: ", "Of "+year+": ")
	for name, file := range files {
		if strings.HasPrefix(name, "content/"+year+"/") || strings.HasPrefix(name, "data/"+year+"/") {
			files[name] = &fstest.MapFile{Data: []byte(replacer.Replace(string(file.Data)))}
		}
	}
}

// sourceWith returns a function that makes a source once, and returns copies of it.
func sourceWith(change func(files fstest.MapFS) error) func(*testing.T) fstest.MapFS {
	once := sync.OnceValues(func() (fstest.MapFS, error) {
		files := testkit.MemorySource()
		return files, change(files)
	})
	return func(t *testing.T) fstest.MapFS {
		t.Helper()
		files, err := once()
		if err != nil {
			t.Fatal(err)
		}
		return maps.Clone(files)
	}
}

// Sources with reports that follow that of 2014.
var (
	draft = sourceWith(func(files fstest.MapFS) error { // 2015, as a new draft
		_, err := follow(files, "2015")
		return err
	})
	second = sourceWith(func(files fstest.MapFS) error { // 2015, ready to publish
		_, err := follow(files, "2015")
		finish(files, "2015")
		return err
	})
	third = sourceWith(func(files fstest.MapFS) error { // 2015 and 2016, ready to publish
		if _, err := follow(files, "2015"); err != nil {
			return err
		}
		finish(files, "2015")
		_, err := follow(files, "2016")
		finish(files, "2016")
		return err
	})
)

// Each report takes up or closes what the previous one leaves open, and its items only
// follow items that exist.
func TestThreads(t *testing.T) {
	t.Parallel()
	const update = "[[think-family.updates]]"
	try(t, second, []mistake{
		{"all is taken up", nil, nil},

		// Open items.
		{"an open item is neither taken up nor closed",
			edits(replace(nextChallenges, "follows = \"2014/early-help\"\n", "")),
			problems{{challenges, "[early-help]", `[unaccounted] the challenge [early-help] is not done, but the report of 2015 does not take it up; write follows = "2014/early-help" in a challenge of 2015, or say here why it was not repeated: closed = "…"`}}},
		{"an open recommendation is neither taken up nor closed",
			edits(replace(nextRecommendations, "follows = \"2014/think-family\"\n", "")),
			problems{{recommendations, "[think-family]", `[unaccounted] the recommendation [think-family] is not done, but the report of 2015 does not take it up; write follows = "2014/think-family" in a recommendation of 2015, or say here why it was not repeated: closed = "…"`}}},
		{"every body asked says that it is completed",
			edits(replace(recommendations, `by = ["leeds-safeguarding-children-board"`, `by = ["health-and-wellbeing-board"`), replace(recommendations, `progress = "in-progress"`, `progress = "completed"`), replace(nextRecommendations, "follows = \"2014/think-family\"\n", "")),
			nil},
		{"all but one of those asked say that it is completed",
			edits(replace(recommendations, `progress = "in-progress"`, `progress = "completed"`), replace(nextRecommendations, "follows = \"2014/think-family\"\n", "")),
			problems{{recommendations, "[think-family]", `[unaccounted] the recommendation [think-family] is not done, but the report of 2015 does not take it up; write follows = "2014/think-family" in a recommendation of 2015, or say here why it was not repeated: closed = "…"`}}},
		{"their update is withdrawn",
			edits(replace(recommendations, `by = ["leeds-safeguarding-children-board"`, `by = ["health-and-wellbeing-board"`), replace(recommendations, `progress = "in-progress"`, "progress = \"completed\"\nwithdrawn = \"It was not so.\""), replace(nextRecommendations, "follows = \"2014/think-family\"\n", "")),
			problems{{recommendations, "[think-family]", `[unaccounted] the recommendation [think-family] is not done, but the report of 2015 does not take it up; write follows = "2014/think-family" in a recommendation of 2015, or say here why it was not repeated: closed = "…"`}}},
		{"only an update before the last says so",
			edits(replace(recommendations, update, update+"\ndate = 2015-01-01\nby = [\"safer-leeds-partnership\"]\nprogress = \"completed\"\ntext = \"x\"\nsource = \"https://example.org/\"\n\n"+update),
				replace(nextRecommendations, "follows = \"2014/think-family\"\n", "")),
			problems{{recommendations, "[think-family]", `[unaccounted] the recommendation [think-family] is not done, but the report of 2015 does not take it up; write follows = "2014/think-family" in a recommendation of 2015, or say here why it was not repeated: closed = "…"`}}},
		{"it is closed",
			edits(replace(nextChallenges, "follows = \"2014/early-help\"\n", ""), replace(challenges, "[early-help]", "[early-help]\nclosed = \"Every school has it.\"")),
			nil},

		// Closed items.
		{"it is closed and taken up",
			edits(replace(challenges, "[early-help]", "[early-help]\nclosed = \"Every school has it.\"")),
			problems{{challenges, "closed = ", "[closed] “early-help” is closed, but “early-help” of 2015 follows it; delete the line closed = …, or that challenge from data/2015/challenges.toml"}}},
		{"it is closed and taken up under another name",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follows = "2014/think-family"`), replace(nextChallenges, "follows = \"2014/think-family\"\n\n[care", "follows = \"2014/early-help\"\n\n[care"),
				replace(challenges, "[early-help]", "[early-help]\nclosed = \"Every school has it.\"")),
			problems{{challenges, "closed = ", "[closed] “early-help” is closed, but “think-family” of 2015 follows it; delete the line closed = …, or that challenge from data/2015/challenges.toml"}}},
		{"it is closed and completed",
			edits(replace(recommendations, `by = ["leeds-safeguarding-children-board"`, `by = ["health-and-wellbeing-board"`), replace(recommendations, `progress = "in-progress"`, `progress = "completed"`), replace(nextRecommendations, "follows = \"2014/think-family\"\n", ""),
				replace(recommendations, "[think-family]", "[think-family]\nclosed = \"It works.\"")),
			problems{{recommendations, "closed = ", "[closed] “think-family” is closed, but every body asked says that it is done; delete the line closed = …"}}},
		{"it is closed without a reason",
			edits(replace(recommendations, "[think-family]", "[think-family]\nclosed = \"\"")),
			problems{{recommendations, "closed = ", "[empty-field] closed is empty; fill it in, or delete the line"}}},

		// A mistake in follows is reported once, and not also as an item that is not taken up.
		{"the name in follows is misspelt",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follows = "2014/early-hepl"`)),
			problems{{nextChallenges, "early-hepl", "[follows] the report of 2014 has no challenge “early-hepl”; did you mean 2014/early-help?"}}},
		{"it has no year",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follows = "early-help"`)),
			problems{{nextChallenges, `"early-help"`, "[follows] “early-help” is not the name of a report and an item; did you mean 2014/early-help?"}}},
		{"it has the report's own year",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follows = "2015/early-help"`)),
			problems{{nextChallenges, "2015/early-help", "[follows] “early-help” follows “2015/early-help”, which is not in an earlier report; did you mean 2014/early-help?"}}},
		{"it has a year that has no report",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follows = "2012/early-help"`)),
			problems{{nextChallenges, "2012/early-help", "[follows] there is no report of 2012; did you mean 2014/early-help?"}}},
		{"another item follows it too",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follows = "2014/think-family"`)),
			problems{{nextChallenges, "follows = \"2014/think-family\"\n\n[care", "[follows] “think-family” follows “2014/think-family”, but so does “early-help”; delete the line from one of them"}}},
		{"the field is misspelt",
			edits(replace(nextChallenges, `follows = "2014/early-help"`, `follow = "2014/early-help"`)),
			problems{{nextChallenges, "follow = ", "[unknown-field] “follow” is not a field of a challenge; did you mean follows?"}}},
		{"it is of another kind",
			edits(replace(nextRecommendations, `follows = "2014/think-family"`, `follows = "2014/early-help"`)),
			problems{{nextRecommendations, `follows = "2014/early-help"`, "[follows] “2014/early-help” is not a recommendation, but “think-family” is; name one, or delete the line"}}},
		{"a file cannot be read: only that is reported",
			edits(replace(nextChallenges, "number = 3", "number = ")),
			problems{{nextChallenges, "number = \n", `[syntax] there is no valid value after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`}}},

		// Several reports.
		{"the first report has no report to follow",
			edits(replace(challenges, "[early-help]", "[early-help]\nfollows = \"2013/early-help\"")),
			problems{{challenges, "follows = ", "[follows] there is no earlier report for an item to follow; delete the line"}}},
		{"the previous report is a draft",
			edits(replace(summary, "title = ", "draft = true\ntitle = ")),
			problems{{summary, "draft = true", "[draft] the report of 2015 follows that of 2014, which is a draft: it has a line draft = true; delete the line to publish it"}}},
		{"a report loses its data",
			edits(remove("data/2015")),
			problems{{nextChallenges, "", "[missing-file] this file is missing, and content/2015/conclusions.md lists its records; restore it, or delete the line lists = \"challenges\" from that page"},
				{nextRecommendations, "", "[missing-file] this file is missing, and content/2015/recommendations.md lists its records; restore it, or delete the line lists = \"recommendations\" from that page"}}},
		// Without its date, nobody knows which report comes before which.
		{"a report loses its date",
			edits(replace(nextSummary, "date = 2015-10-21\n", "")),
			problems{{nextSummary, "+++", "[missing-field] the report has no date; add a line with the day that it is dated, such as date = 2015-10-21"}}},
		{"its date cannot be read",
			edits(replace(nextSummary, "date = 2015-10-21", "date = 21/10/2015")),
			problems{{nextSummary, "date = 21", `[syntax] “21/10/2015” is not written as dates are here; write 2015-10-21`}}},
		{"its date has the year before",
			edits(replace(nextSummary, "date = 2015-10-21", "date = 2012-10-21")),
			problems{{nextSummary, "date = 2012", "[report-date] the report of 2015 is dated 2012-10-21, before its year begins; correct the date, or the name of the report's folders"}}},
		{"its title is not closed",
			edits(replace(nextSummary, "title = \"", "title = ")),
			problems{{nextSummary, "title = ", `[syntax] there is no valid value after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`}}},
		{"the first report is dated after the second",
			edits(replace(summary, "date = 2014-10-22", "date = 2016-10-22")),
			problems{{summary, "date = 2016", "[report-date] the report of 2014 is dated 2016-10-22, after that of 2015 (2015-10-21), which follows it; correct the date, or the other at content/2015/_index.md:8"},
				{recommendations, "date = 2015-09-15", "[update-date] this update is dated 2015-09-15, before the report itself (2016-10-22); correct the date, or the report's own at content/2014/_index.md:4"}}},
		{"a report loses its text",
			edits(remove("content/2015")),
			problems{{"content/2015", "", "[missing-file] this folder is missing, and data/2015 has the report's data; restore it from the last version that worked; if there is no such report, delete data/2015"}}},
	})
	try(t, third, []mistake{
		{"the third report takes up what the second does", nil, nil},
		{"the third report does not follow the first",
			edits(replace("data/2016/challenges.toml", `follows = "2015/early-help"`, `follows = "2014/early-help"`)),
			problems{{"data/2016/challenges.toml", `follows = "2014/early-help"`, "[follows] the report of 2014 is not the one before this; did you mean 2015/early-help?"}}},
	})
}
