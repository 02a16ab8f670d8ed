package report_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// Quotation marks and apostrophes are typographic for readers.
func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[report.Text]string{
		`The Board's "joined up" plan`: "The Board’s “joined up” plan", `'a'/'b'`: "‘a’/‘b’", `("a", 'b')`: "(“a”, ‘b’)", `"'a' is b"`: "“‘a’ is b”", `a–"b"`: "a–“b”", "no marks": "no marks",
	} {
		if got := text.String(); got != want {
			t.Errorf("%s is shown as %s, want %s", string(text), got, want)
		}
	}
}

// A wording's paragraphs and lists are as the report has them. A list ends where the
// kind of its marks changes.
func TestBlocks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]report.Block{
		"One\ntwo.\n\nThree.":           {{Texts: []report.Text{"One two."}}, {Texts: []report.Text{"Three."}}},
		"To:\n- one\n  more\n- two\n":   {{Texts: []report.Text{"To:"}}, {List: true, Texts: []report.Text{"one more", "two"}}},
		"(a) one;\n(b) two.":            {{List: true, Marked: true, Texts: []report.Text{"(a) one;", "(b) two."}}},
		"- one\n1. two\n\n2. three":     {{List: true, Texts: []report.Text{"one"}}, {List: true, Marked: true, Texts: []report.Text{"1. two", "2. three"}}},
		"(a) one\n\nThree.\n\n(b) four": {{List: true, Marked: true, Texts: []report.Text{"(a) one"}}, {Texts: []report.Text{"Three."}}, {List: true, Marked: true, Texts: []report.Text{"(b) four"}}},
	} {
		got := report.Text(text).Blocks()
		if !slices.EqualFunc(got, want, func(a, b report.Block) bool {
			return a.List == b.List && a.Marked == b.Marked && slices.Equal(a.Texts, b.Texts)
		}) {
			t.Errorf("%q has the blocks %+v, want %+v", text, got, want)
		}
	}
}

// An abbreviation in a wording is a whole word.
func TestAbbreviations(t *testing.T) {
	t.Parallel()
	for wording, want := range map[string]int{"The CP plan, too.": 1, "(CP plan)": 1, "A CP planner.": 0, "An SCP plan.": 0, "CP": 0} {
		files := smallWith("data/glossary.toml", "[t]\nterm = \"t\"\nmeaning = \"m\"\nabbreviation = \"CP plan\"\n")
		replace(recommendations, `wording = "w"`, `wording = "`+wording+`"`)(t, files)
		if got := load(t, files).Latest.Recommendations[0].Abbreviations; len(got) != want {
			t.Errorf("%q uses %d abbreviations, want %d", wording, len(got), want)
		}
	}
}

// The next page of a section is the next one in the whole report. Pages that list
// updates change with the newest of them, and others do not.
func TestPageOrder(t *testing.T) {
	t.Parallel()
	lib := load(t, first(t))
	rep := lib.Latest
	count := 0
	for p := lib.Page("/2014/purpose"); p != nil; p = p.Next {
		if !p.Full {
			t.Errorf("%s is not in the whole report, but is the next page of %s", p.Path, p.Previous.Path)
		}
		count++
	}
	if all := len(slices.DeleteFunc(slices.Clone(rep.Pages), func(p *report.Page) bool { return !p.Full })); count != all || count == len(rep.Pages) {
		t.Errorf("%d pages follow each other, want %d", count, all)
	}
	for path, want := range map[string]string{"/2014/purpose": "2014-10-22", "/2014/progress": "2015-09-15", "/2014": "2015-09-15", "/2014/recommendations/think-family": "2015-09-15", "/2014/recommendations/bereavement": "2014-10-22"} {
		if got := lib.Page(path).LastChange.ISO(); got != want {
			t.Errorf("%s was last changed on %s, want %s", path, got, want)
		}
	}
}

// The menu's link to the findings goes to the page that items cite most, or else to
// the first section.
func TestFindingsPage(t *testing.T) {
	t.Parallel()
	for findings, want := range map[string]string{`["1.2", "2.1"]`: "/2014/findings/index.html", `["2.1", "2.2", "1.2"]`: "/2014/more/index.html"} {
		files := smallWith("content/2014/more.md", "+++\ntitle = \"More\"\ndescription = \"More.\"\n[params]\nnumber = 2\n+++\n\n## One {#2.1}\n\nText.\n\n## Two {#2.2}\n\nText.\n")
		replace(recommendations, `findings = ["1.2"]`, "findings = "+findings)(t, files)
		if got := load(t, files).Latest.Summary.Ways()[1].Address; got != want {
			t.Errorf("with the findings %s, the menu links to %s, want %s", findings, got, want)
		}
	}
}

// A title that is too long for search engines is shortened, between words.
func TestHeadTitle(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"Short", strings.Repeat("word ", 20) + "word"} {
		files := testkit.MemorySource()
		write(page, "+++\ntitle = \""+title+"\"\ndescription = \"An annex.\"\n+++\n\nText.\n")(t, files)
		got := load(t, files).Page("/2014/annex").HeadTitle()
		begin, _, isCut := strings.Cut(got, "…")
		if utf8.RuneCountInString(got) > 65 || isCut != (title != "Short") || !strings.HasSuffix(got, "Annual report 2014") || isCut && !strings.HasSuffix(begin, " word") {
			t.Errorf("%q has the title %q", title, got)
		}
	}
}

// A proposed id is free among those of the item's other updates.
func TestProposeID(t *testing.T) {
	t.Parallel()
	u := load(t, testkit.SmallSource()).Latest.Recommendations[0].Updates[0]
	names := map[string]bool{}
	for _, want := range []string{"a-2015-09-15", "a-2015-09-15-2", "a-2015-09-15-2-2"} {
		got := u.ProposeID(names)
		if got != want {
			t.Errorf("the proposal is %s, want %s", got, want)
		}
		names[got] = true
	}
}

// A body's new name holds from the day of the change.
func TestNameOn(t *testing.T) {
	t.Parallel()
	for until, want := range map[string]report.Text{"2014-10-21": "A", "2014-10-22": "A", "2014-10-23": "Old A"} {
		files := smallWith("data/organisations.toml", "[a]\nname = \"A\"\nrole = \"r\"\nformerly = [{ name = \"Older A\", until = 2010-01-01 }, { name = \"Old A\", until = "+until+" }]\n")
		if got := load(t, files).Latest.Body("a").Name; got != want {
			t.Errorf("with a name until %s, the report of 22 October 2014 has %s, want %s", until, got, want)
		}
	}
}

// A term's uses are on published pages.
func TestUsesOmitDrafts(t *testing.T) {
	t.Parallel()
	files := draft(t)
	const name = "content/2015/purpose.md"
	write(name, read(t, files, name)+"\n### More {#1.9}\n\nSee [it](/glossary.md#term-core-group).\n")(t, files)
	count := func(lib *report.Library) int {
		i := slices.IndexFunc(lib.Glossary, func(term *report.Term) bool { return term.ID == "core-group" })
		return len(lib.Glossary[i].Uses)
	}
	lib, err := report.LoadDrafts(files, today)
	if err != nil {
		t.Fatal(err)
	}
	if published, all := count(load(t, files)), count(lib); all != published+1 {
		t.Errorf("the term has %d uses, and %d with drafts; want one more", published, all)
	}
}

// A draft follows the newest of the reports before it.
func TestDraftFollowsNewest(t *testing.T) {
	t.Parallel()
	files := third(t)
	replace("content/2016/_index.md", "date = ", "draft = true\ndate = ")(t, files)
	for range 8 { // the order in which reports are compared is random
		if err := draftProblems(load(t, files)); err != nil {
			t.Fatal(err)
		}
	}
}

// copyReport adds a copy of the small report of 2014 with another name, date and more
// lines for its summary's params.
func copyReport(t *testing.T, files fstest.MapFS, name, date, params string) {
	t.Helper()
	for file, content := range maps.Clone(files) {
		if strings.Contains(file, "/2014/") {
			text := strings.ReplaceAll(string(content.Data), "2015-09-15", date) // of the update
			files[strings.Replace(file, "2014", name, 1)] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	replace("content/"+name+"/_index.md", "date = 2014-10-22\n", "date = "+date+"\n[params]\n"+params+"\n")(t, files)
}

// names returns the names of reports.
func names(reports []*report.Report) string {
	var all []string
	for _, rep := range reports {
		all = append(all, rep.Name)
	}
	return strings.Join(all, " ")
}

// The front page has the newest annual report, even if a review is newer. Each series
// has its own newest report.
func TestSeries(t *testing.T) {
	t.Parallel()
	files := testkit.SmallSource()
	copyReport(t, files, "2015-review", "2015-10-22", "series = \"reviews\"\nlabel = \"First review\"")
	copyReport(t, files, "2016-review", "2016-10-22", "series = \"reviews\"\nlabel = \"Second review\"")
	for _, file := range []string{challenges, "data/2015-review/challenges.toml"} {
		replace(file, "[c]\n", "[c]\nclosed = \"It is over.\"\n")(t, files)
	}
	lib := load(t, files)
	first, second, annual := lib.Reports[1], lib.Reports[0], lib.Reports[2]
	if names(lib.Reports) != "2016-review 2015-review 2014" || lib.Latest != annual || names(lib.OtherSeries()) != "2016-review 2015-review" || len(lib.EarlierReports()) > 0 {
		t.Errorf("the reports are %s, with %s on the front page, %s of other series and %s earlier", names(lib.Reports), lib.Latest.Name, names(lib.OtherSeries()), names(lib.EarlierReports()))
	}
	if annual.Newest() != annual || first.Newest() != second || second.Newest() != second || first.Next != second || annual.Next != nil {
		t.Errorf("the newest are %s, %s and %s", annual.Newest().Name, first.Newest().Name, second.Newest().Name)
	}
	if got := first.Challenges[0].Says(); got != "Not asked again in 2016" || first.Challenges[0].State.Kind != report.Closed {
		t.Errorf("a closed challenge says %q", got)
	}
	if got := annual.Challenges[0].State.Kind; got != report.Unanswered {
		t.Errorf("before there is a next report, a closed challenge is %s", got)
	}
}

// An item that nobody has answered again says what was known of the one that it follows.
func TestAskedAgain(t *testing.T) {
	t.Parallel()
	rep := load(t, second(t)).Latest
	for id, want := range map[string]string{
		"think-family": "We have found no public reply since it was asked again. As asked in 2014: In progress in September 2015 (11 years ago). We have found nothing newer.",
		"bereavement":  "We have found no public reply",
	} {
		i := slices.IndexFunc(rep.Recommendations, func(it *report.Item) bool { return it.ID == id })
		if got := rep.Recommendations[i].Says(); got != want {
			t.Errorf("%s says %q, want %q", id, got, want)
		}
	}
}

// A body's news is from it or about what it was asked. What it says about other items
// is apart from its requests.
func TestInvolvements(t *testing.T) {
	t.Parallel()
	files := recommendationWith(t, "", "2016-01-01 a ", "2016-01-02 c ")
	write(challenges, strings.Replace(read(t, files, challenges), "addressed_to = [\"a\"]", "addressed_to = []\n\n[[c.updates]]\ndate = 2016-01-03\nby = [\"c\"]\ntext = \"x\"\nsource = \"https://example.org/\"", 1))(t, files)
	lib := load(t, files)
	for i, want := range []string{"1 request, 0 others, 2 in all", "1 request, 0 others, 2 in all", "0 request, 2 others, 2 in all"} {
		o := lib.Organisations[i]
		all := lib.Involvements(o)
		if got := fmt.Sprintf("%d request, %d others, %d in all", len(all[0].Requests), len(all[0].News), len(lib.NewsFor(o))); got != want {
			t.Errorf("%s has %s; want %s", o.ID, got, want)
		}
	}
	if got := lib.LastChangeFor(lib.Organisations[1]).ISO(); got != "2016-01-02" {
		t.Errorf("the newest news for b is of %s", got)
	}
}

// Contacts are in the order of their file, but children see first those for children.
func TestContactsFor(t *testing.T) {
	t.Parallel()
	const contact = "[%s]\nnumber = %d\ntitle = \"t\"\ntelephone = \"0800 1111\"\nchecked = 2026-11-%d\n%s\n"
	lib := load(t, smallWith(contacts, fmt.Sprintf(contact+contact+contact, "x", 1, 22, "", "y", 2, 21, "children = true", "z", 3, 23, "")))
	for children, want := range map[bool]string{false: "x y z", true: "y x z"} {
		got := ""
		for _, c := range lib.ContactsFor(children) {
			got += " " + c.ID
		}
		if got != " "+want {
			t.Errorf("for children (%t), the contacts are%s, want %s", children, got, want)
		}
	}
	if got := lib.OldestCheck().ISO(); got != "2026-11-21" {
		t.Errorf("the oldest check was on %s", got)
	}
}

// Pages with a weight come first, then the others by number as people count, then by
// title.
func TestReadingOrder(t *testing.T) {
	t.Parallel()
	files := testkit.SmallSource()
	for name, params := range map[string]string{"a": "[params]\nnumber = \"3.10\"", "b": "[params]\nnumber = \"3.9\"", "d": "weight = 20", "e": "weight = 3"} {
		write("content/2014/"+name+".md", "+++\ntitle = \"x\"\ndescription = \""+name+"\"\n"+params+"\n+++\n\nText.\n")(t, files)
	}
	var got []string
	for _, p := range load(t, files).Latest.Pages {
		got = append(got, strings.TrimPrefix(p.Path, "/2014/"))
	}
	if all, want := strings.Join(got, " "), "e d findings b a conclusions organisations recommendations requirements"; all != want {
		t.Errorf("the pages are %s, want %s", all, want)
	}
}

// The link to report a mistake opens an e-mail, or the page for that.
func TestFeedbackLink(t *testing.T) {
	t.Parallel()
	for contact, want := range map[string]string{
		"web@example.org": "mailto:web@example.org?subject=One%20%26%20two&body=https%3A%2F%2Fexample.org%2Fa%20b", "https://example.org/tell": "https://example.org/tell",
	} {
		files := testkit.SmallSource()
		replace("config.toml", "web@example.org", contact)(t, files)
		if got := load(t, files).FeedbackLink("One & two", "https://example.org/a b"); got != want {
			t.Errorf("the link is %s, want %s", got, want)
		}
	}
}

// In an index of several reports, the places of an entry are grouped by report. An
// entry that is another name leads to the entry of the name, unless it has places too.
func TestIndexOfReports(t *testing.T) {
	t.Parallel()
	files := testkit.SmallSource()
	replace("content/2014/findings.md", "### Two {#1.2}\n\nText.", "### Two {#1.2}\n\n[One](/glossary.md#term-one)")(t, files)
	copyReport(t, files, "2015-review", "2015-10-22", "series = \"reviews\"\nlabel = \"Review\"")
	write("data/glossary.toml", "[one]\nterm = \"One\"\nmeaning = \"m\"\nabbreviation = \"A\"\n\n[plan]\nterm = \"Plan\"\nmeaning = \"m\"\nabbreviation = \"P\"\n")(t, files)
	letters := load(t, files).Index(nil)
	line, _ := lineOf(letters, "One")
	var got []string
	for _, g := range line.Groups {
		got = append(got, fmt.Sprintf("%s %d", g.Label, len(g.Spots)))
	}
	if all, want := strings.Join(got, ", "), " 1, Review 2, Annual report 2014 2"; all != want {
		t.Errorf("the groups are %q, want %q", all, want)
	}
	body, _ := lineOf(letters, "A")
	short, _ := lineOf(letters, "P")
	if body.See != nil || len(body.Spots) == 0 || short.See == nil || short.See.Name != "Plan" {
		t.Errorf("the entries are %+v and %+v", body, short)
	}
}
