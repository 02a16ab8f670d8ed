package report_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// recommendationWith returns the small report with a recommendation to a and b that has more fields
// and these updates, each "date body fields".
func recommendationWith(t *testing.T, fields string, updates ...string) fstest.MapFS {
	t.Helper()
	files := testkit.SmallSource()
	write("data/organisations.toml", "[a]\nname = \"A\"\nrole = \"r\"\n\n[b]\nname = \"B\"\nrole = \"r\"\n\n[c]\nname = \"C\"\nrole = \"r\"\n\n[d]\nname = \"D\"\nrole = \"r\"\n")(t, files)
	text := "[r]\nnumber = 1\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\"a\", \"b\"]\n" + fields + "\n"
	for _, u := range updates {
		parts := strings.SplitN(u, " ", 3)
		text += fmt.Sprintf("\n[[r.updates]]\ndate = %s\nby = [%q]\ntext = \"x\"\nsource = \"https://example.org/\"\n%s\n", parts[0], parts[1], parts[2])
	}
	write(recommendations, text)(t, files)
	return files
}

// The state of an item and of each request follows from what the bodies asked have
// said, as at 23 November 2026.
func TestStates(t *testing.T) {
	t.Parallel()
	const (
		completed  = `progress = "completed"`
		inProgress = `progress = "in-progress"`
		accepted   = `answer = "accepted"`
		noReply    = "We have found no public reply"
	)
	for _, test := range []struct {
		name, fields string
		updates      []string
		want         string // the item's state and its words, then those of each request, with how late it is
	}{
		{"nobody has replied", "", nil,
			"no-public-reply: " + noReply + " / " + noReply + " / " + noReply},
		{"one of two is done", "", []string{"2026-05-01 a " + completed},
			"under-way: Completed by some of those asked, on 1 May 2026 / Completed on 1 May 2026 / " + noReply},
		{"both are done", "", []string{"2024-05-01 a " + completed, "2024-06-01 b " + completed},
			"done: Completed on 1 June 2024 / Completed on 1 May 2024 / Completed on 1 June 2024"},
		{"a reply without a status follows progress", "", []string{"2026-05-01 a " + inProgress, "2026-06-01 a "},
			"under-way: In progress on 1 May 2026 / In progress on 1 May 2026 / " + noReply},
		{"an answer follows progress of another body", "", []string{"2026-05-01 a " + inProgress, "2026-06-01 b " + accepted},
			"under-way: In progress on 1 May 2026 / In progress on 1 May 2026 / Accepted on 1 June 2026"},
		{"a reply has no status", "", []string{"2026-05-01 a "},
			"answered: Replied on 1 May 2026 / Replied on 1 May 2026 / " + noReply},
		{"an answer is over a year old", "", []string{"2025-01-31 a " + accepted},
			"answered: Accepted in January 2025 (a year ago). We have found nothing newer. / Accepted in January 2025 (a year ago). We have found nothing newer. / " + noReply},
		{"an update is withdrawn", "", []string{"2026-05-01 a " + completed + "\nwithdrawn = \"It was wrong.\""},
			"no-public-reply: " + noReply + " / " + noReply + " / " + noReply},
		{"news comes from a body that was not asked", "", []string{"2026-05-01 c " + completed},
			"no-public-reply: " + noReply + " / " + noReply + " / " + noReply},
		{"one body is done, the other is late", "due = 2026-11-22", []string{"2026-05-01 a " + completed},
			"under-way: Completed by some of those asked, on 1 May 2026 / Completed on 1 May 2026 / " + noReply + ", 1 day late as at 23 November 2026: it was due on 22 November 2026"},
		{"it is due today", "due = 2026-11-23", []string{"2026-05-01 a " + inProgress},
			"under-way: In progress on 1 May 2026 / In progress on 1 May 2026 / " + noReply},
		{"one of two was done over a year ago", "", []string{"2024-05-01 a " + completed},
			"under-way: Completed by some of those asked, in May 2024 (2 years ago). We have found nothing newer. / Completed on 1 May 2024 / " + noReply},
		{"a reply without a status is over a year old", "", []string{"2024-05-01 a "},
			"answered: Replied in May 2024 (2 years ago). We have found nothing newer. / Replied in May 2024 (2 years ago). We have found nothing newer. / " + noReply},
		{"one body has promised a later date, the other an earlier one", "due = 2026-11-23",
			[]string{"2026-05-01 a due = 2027-01-31\n" + accepted, "2026-05-02 b due = 2026-06-23\n" + accepted},
			"answered: Accepted on 2 May 2026 / Accepted on 1 May 2026 / Accepted on 2 May 2026, 153 days late as at 23 November 2026: it was due on 23 June 2026"},
	} {
		it := load(t, recommendationWith(t, test.fields, test.updates...)).Latest.Recommendations[0]
		got := it.State.Kind + ": " + it.Says()
		late := false
		for _, r := range it.Requests {
			got += " / " + r.Says()
			if r.Lateness() != "" {
				got += ", " + r.Lateness()
				late = true
			}
		}
		if got != test.want || it.State.Overdue != late {
			t.Errorf("%s: got\n%s (overdue: %t)\nwant\n%s", test.name, got, it.State.Overdue, test.want)
		}
	}
}

// News from bodies that were not asked stands beside the state, the newest from each.
func TestOtherNews(t *testing.T) {
	t.Parallel()
	const inProgress = `progress = "in-progress"`
	for _, test := range []struct {
		name    string
		updates []string
		want    string // all of it / without verdicts
	}{
		{"none", nil, " / "},
		{"of a body that was asked", []string{"2026-05-01 a " + inProgress}, " / "},
		{"old and new of one body, and a verdict", []string{"2026-05-01 c ", "2026-05-02 a ", "2026-06-01 c ", "2026-07-01 d verdict = \"met\""},
			"Met, D, July 2026; C, June 2026 / C, June 2026"},
		{"withdrawn", []string{"2026-05-01 c withdrawn = \"It was wrong.\""}, " / "},
	} {
		files := recommendationWith(t, "", test.updates...)
		files["data/statuses.toml"].Data = append(files["data/statuses.toml"].Data, "\n[met]\nnumber = 1\nname = \"Met\"\nkind = \"verdict\"\nmeaning = \"m\"\n"...)
		it := load(t, files).Latest.Recommendations[0]
		var got []string
		for _, verdicts := range []bool{true, false} {
			var labels []string
			for _, n := range it.OtherNews(verdicts) {
				labels = append(labels, n.Label())
			}
			got = append(got, strings.Join(labels, "; "))
		}
		if all := strings.Join(got, " / "); all != test.want {
			t.Errorf("%s: got %q, want %q", test.name, all, test.want)
		}
	}
}

// A body has given no public reply where nobody asked has, whatever others say. What is
// late, or answered by another body, is said of each item.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, fields, update string
		want                 bool
	}{
		{"news from a body that was not asked", "", "2026-05-01 c ", true},
		{"another body asked has answered", "", `2026-05-01 b progress = "in-progress"`, false},
		{"it is late", "due = 2026-11-22", "2026-05-01 c ", false},
	} {
		if got := load(t, recommendationWith(t, test.fields, test.update)).Latest.Recommendations[0].Bodies[0].Unanswered(); got != test.want {
			t.Errorf("%s: got %t", test.name, got)
		}
	}
}

// The age of news is in whole months and years before as_at.
func TestAgo(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{
		"2026-11-23": "less than a month ago", "2026-10-24": "less than a month ago", "2026-10-23": "a month ago", "2026-09-23": "2 months ago",
		"2025-11-24": "11 months ago", "2025-11-23": "a year ago", "2024-11-24": "a year ago", "2024-11-23": "2 years ago",
	} {
		if got := load(t, recommendationWith(t, "", day+` a progress = "completed"`, day+` b progress = "completed"`+"\nid = \"second\"")).Latest.Recommendations[0].Age(); got != want {
			t.Errorf("%s is %q, want %q", day, got, want)
		}
	}
	for _, updates := range [][]string{nil, {`2024-11-23 a progress = "in-progress"`}} { // which has no age, and which says it
		if got := load(t, recommendationWith(t, "", updates...)).Latest.Recommendations[0].Age(); got != "" {
			t.Errorf("%v is %q, want nothing", updates, got)
		}
	}
}

// Items in the same state are together, those with the newest news first.
func TestProgressGroups(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ date, want string }{{"2026-01-01", "c r"}, {"2015-01-01", "r c"}} {
		files := recommendationWith(t, "", "2020-01-01 a progress = \"in-progress\"")
		update := "\n[[c.updates]]\ndate = " + test.date + "\nby = [\"a\"]\nprogress = \"in-progress\"\ntext = \"x\"\nsource = \"https://example.org/\"\n"
		write(challenges, read(t, files, challenges)+update)(t, files)
		groups := load(t, files).Latest.Progress()
		if len(groups) != 1 || groups[0].State != report.UnderWay || len(groups[0].Items) != 2 {
			t.Fatalf("the groups are %+v", groups)
		}
		if got := groups[0].Items[0].ID + " " + groups[0].Items[1].ID; got != test.want {
			t.Errorf("with news of the challenge on %s, the order is %s, want %s", test.date, got, test.want)
		}
	}
}

// A body that is late for several reports has the name of the newest of them. An item
// that is closed is not late.
func TestLateBodies(t *testing.T) {
	t.Parallel()
	files := second(t)
	for _, edit := range edits(
		replace("data/organisations.toml", "[safer-leeds-partnership]\n", "[safer-leeds-partnership]\nformerly = [{ name = \"Community Safety\", until = 2015-06-01 }]\n"),
		replace(recommendations, "[think-family]\n", "[think-family]\ndue = 2015-06-30\n"),
		replace(nextRecommendations, "[think-family]\n", "[think-family]\ndue = 2016-06-30\n"),
		replace(challenges, "[early-help]\n", "[early-help]\ndue = 2015-06-30\nclosed = \"Every school has it.\"\n"),
		replace(nextChallenges, "follows = \"2014/early-help\"\n", ""),
	) {
		edit(t, files)
	}
	lib := load(t, files)
	totals := lib.Totals()
	var got []string
	for _, b := range totals.LateBodies {
		got = append(got, fmt.Sprintf("%s %d", b.Name, b.Count))
	}
	want := "Leeds Health and Wellbeing Board 2, Safer Leeds Partnership 2, Adult Safeguarding Board 2"
	if all := strings.Join(got, ", "); all != want || len(totals.Overdue) != 6 {
		t.Errorf("%d requests are late, of %s; want 6, of %s", len(totals.Overdue), all, want)
	}
}

// What all items of a kind have in common is said once, unless one is late. The items of
// a group have a status if one of them is late or says more than the group's name.
func TestSaysOnce(t *testing.T) {
	t.Parallel()
	const another = "\n[s]\nnumber = 2\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\"a\"]\n"
	const noReply = "We have found no public reply"
	for _, test := range []struct {
		name, fields, text, all string
		items                   string // what the group says of each item
	}{
		{"nobody has replied", "", another, noReply, "|"},
		{"one is late", "due = 2026-11-01", another, "", noReply + "|" + noReply},
		{"there is only one", "", "", "", ""},
		{"one has progress", "", another + "\n[[s.updates]]\ndate = 2026-11-01\nby = [\"a\"]\nprogress = \"in-progress\"\ntext = \"x\"\nsource = \"https://example.org/\"\n", "", "In progress on 1 November 2026|"},
	} {
		files := recommendationWith(t, test.fields)
		write(recommendations, read(t, files, recommendations)+test.text)(t, files)
		rep := load(t, files).Latest
		if got := rep.Asks(report.Recommendation).Says(); got != test.all {
			t.Errorf("%s: of all, it says %q, want %q", test.name, got, test.all)
		}
		var got []string
		for _, g := range rep.Progress() {
			for _, it := range g.Items {
				if it.Kind == report.Recommendation {
					got = append(got, g.Says(it))
				}
			}
		}
		if all := strings.Join(got, "|"); all != test.items {
			t.Errorf("%s: of the items, the groups say %q, want %q", test.name, all, test.items)
		}
	}
}

// The next step is the newest that was not withdrawn, of a body that is not done.
func TestNextStep(t *testing.T) {
	t.Parallel()
	const next = "\nnext = \"Train the staff.\""
	for _, test := range []struct {
		update string
		want   report.Text
	}{
		{"progress = \"in-progress\"" + next, "Train the staff."},
		{"progress = \"in-progress\"" + next + "\nwithdrawn = \"It was wrong.\"", ""},
		{"progress = \"completed\"" + next, ""},
	} {
		request := load(t, recommendationWith(t, "", "2026-05-01 a "+test.update)).Latest.Recommendations[0].Requests[0]
		if got := request.Next(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.update, got, test.want)
		}
	}
}
