package report_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

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
