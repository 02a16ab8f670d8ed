package report_test

import (
	"strings"
	"testing"

	"annualreport/tools/report"
)

// Requirements for the tests' own report. They are made up.
const (
	requirements     = "data/2014/requirements.toml"
	someRequirements = `# All made up.

[effectiveness]
number = 1
wording = "A report on how safe children are."
source = "https://www.example.org/act"
met_in = ["3.9", "summary-1", "measure/child-deaths", "challenge/early-help", "recommendation/think-family"]

[deaths]
number = "1a"
wording = """
It should say:

(a) how many died;
(b) why."""
source = "https://www.example.org/guidance"
not_met = "Another panel says so."
`
)

func TestRequirementMistakes(t *testing.T) {
	t.Parallel()
	change := func(old, new string) []edit {
		text := strings.Replace(someRequirements, old, new, 1)
		if text == someRequirements && old != new {
			t.Errorf("there is no %q", old)
		}
		return edits(write(requirements, text))
	}
	try(t, first, []mistake{
		{"all is well", change("", ""), nil},
		{"neither met_in nor not_met",
			change("not_met = \"Another panel says so.\"\n", ""),
			problems{{requirements, "[deaths]", `[missing-field] “deaths” says neither where it is met nor why it is not; add a line met_in = ["3.9"], or not_met = "…"`}}},
		{"both met_in and not_met",
			change("not_met =", "met_in = [\"3.9\"]\nnot_met ="),
			problems{{requirements, "not_met =", "[requirement] “deaths” says both where it is met and why it is not; delete one of the two"}}},
		{"both, and both are empty",
			change("not_met = \"Another panel says so.\"", "met_in = []\nnot_met = \"\""),
			problems{{requirements, "met_in = []", "[empty-field] met_in is an empty list; fill it in, or delete the line"},
				{requirements, "not_met =", "[empty-field] not_met is empty; fill it in, or delete the line"},
				{requirements, "not_met =", "[requirement] “deaths” says both where it is met and why it is not; delete one of the two"}}},
		{"a number appears twice",
			change(`"1a"`, "1"),
			problems{{requirements, "number = 1\nwording = \"\"\"", "[number] requirement 1 appears twice: it is also “effectiveness”; give each its own number"}}},
		{"the source is not an address",
			change("https://www.example.org/act", "the Act"),
			problems{{requirements, "the Act", "[bad-source] “the Act” is not the address of a public page; copy the whole address from the browser; it begins with https://"}}},
		{"a paragraph is missing",
			change(`"3.9"`, `"3.99"`),
			problems{{requirements, "3.99", "[unknown-reference] the report has no paragraph “3.99”; use one that is there; if its heading, or the {#3.99} after it, was lost from content/2014/main-issues.md, restore it"}}},
		{"a measure is misspelt",
			change("child-deaths", "child-death"),
			problems{{requirements, "child-death", "[unknown-reference] “child-death” is not the id of a measure in data/2014/measures.toml; did you mean child-deaths?"}}},
		{"a challenge is called a recommendation",
			change(`"challenge/early-help", "recommendation/think-family"`, `"challenge/bereavement", "recommendation/early-help"`),
			problems{{requirements, "recommendation/early-help", "[unknown-reference] “early-help” is not the id of a recommendation in data/2014/recommendations.toml; use one of the names in [brackets] there"}}},
		{"the kind is missing",
			change("measure/child-deaths", "child-deaths"),
			problems{{requirements, `"child-deaths"`, `[unknown-reference] “child-deaths” is not a place in the report; write "measure/child-deaths"`}}},
		{"one kind is misspelt, and another cannot be used",
			change(`"challenge/early-help", "recommendation/think-family"`, `"challenges/early-help", "page/purpose"`),
			problems{{requirements, "challenges/", "[unknown-reference] “challenges/early-help” is not a place in the report; did you mean challenge?"},
				{requirements, "page/", `[unknown-reference] “page/purpose” is not a place in the report; write "3.9" for a paragraph, or "measure/…", "challenge/…" or "recommendation/…" with an id`}}},
		{"a paragraph is not in quotes, and one appears twice",
			change(`"3.9", "summary-1"`, `3.9, "summary-1", "summary-1"`),
			problems{{requirements, "3.9", `[wrong-type] item 1 of met_in should be text, but is a decimal number; write it in quotes, "…"`},
				{requirements, "summary-1", "[repeated-value] “summary-1” appears twice in this list; delete one of them"}}},
		{"the reason has two lines",
			change(`"Another panel says so."`, `"Another panel\nsays so."`),
			problems{{requirements, "not_met", "[more-than-one-line] not_met runs over more than one line; put it on one line"}}},
		{"the file is empty",
			edits(write(requirements, "# All made up.\n")),
			problems{{requirements, "# All", "[no-data] the file has no records; add a requirement, or restore the file from the last version that worked"}}},
		{"a page has the name of the page of requirements",
			append(change("", ""), write("content/2014/requirements.md", "+++\ntitle = \"R\"\ndescription = \"R.\"\n+++\n\nText.\n")),
			problems{{"content/2014/requirements.md", "", "[bad-file-name] a page with this name would replace the page of requirements, which is made from data/2014/requirements.toml; rename it"}}},
		{"a page has that name, but there are no requirements",
			edits(write("content/2014/requirements.md", "+++\ntitle = \"R\"\ndescription = \"R.\"\n+++\n\nText.\n")), nil},
		{"a page lists the requirements",
			append(change("", ""), replace(purpose, "[params]\n", "[params]\nlists = \"requirements\"\n")),
			problems{{purpose, "lists", "[wrong-list] the requirements have their own page, made from requirements.toml; delete the line"}}},
		{"a page's old address is that of the page of requirements",
			append(change("", ""), replace(purpose, "title =", "aliases = [\"/2014/requirements/\"]\ntitle =")),
			problems{{purpose, "aliases", "[old-address] “/2014/requirements/” is already the address of data/2014/requirements.toml; delete it"}}},
		{"a text links to a requirement, and to one that does not exist",
			append(change("", ""), write("content/2014/more.md", "+++\ntitle = \"M\"\ndescription = \"M.\"\n+++\n\n[One](requirements.md#requirement-deaths), [two](requirements.md#requirement-death).\n")),
			problems{{"content/2014/more.md", "[One]", "[link] the link “two” to “requirements.md#requirement-death” goes to #requirement-death, which data/2014/requirements.toml does not have; use a number or name that it has"}}},
	})
}

// A report with requirements has a page for them, and each requirement has the places
// where it is met. A report without requirements has no such page.
func TestRequirements(t *testing.T) {
	t.Parallel()
	files := first(t)
	if lib := load(t, files); lib.Page("/2014/requirements") != nil {
		t.Error("there is a page, but there are no requirements")
	}
	write(requirements, someRequirements)(t, files)
	lib := load(t, files)
	page := lib.Page("/2014/requirements")
	if page == nil {
		t.Fatal("there is no page")
	}
	if page.Target().Address() != "/2014/requirements/" || page.Title != "What is required of this report" || page.Description == "" || !page.InWhole() || page.File != requirements {
		t.Errorf("the page is %+v", page)
	}
	var got []string
	for _, r := range lib.Latest.Requirements {
		got = append(got, r.Target().Address())
		for _, h := range r.Paragraphs {
			got = append(got, h.Target().Address())
		}
		for _, m := range r.Measures {
			got = append(got, m.Target().Address())
		}
		for _, it := range r.Items {
			got = append(got, it.Target().Address())
		}
	}
	want := "/2014/requirements/#requirement-effectiveness /2014/main-issues/#3.9 /2014/#summary-1 /2014/#measure-child-deaths /2014/conclusions/#challenge-early-help /2014/recommendations/#recommendation-think-family /2014/requirements/#requirement-deaths"
	if all := strings.Join(got, " "); all != want {
		t.Errorf("the places are\n%s\nwant\n%s", all, want)
	}
}

// The next draft has the same requirements, all still to be met.
func TestNextRequirements(t *testing.T) {
	t.Parallel()
	files := first(t)
	write(requirements, someRequirements)(t, files)
	next, err := follow(files, "2015")
	if err != nil {
		t.Fatal(err)
	}
	text := next.Files["data/2015/requirements.toml"]
	checkParts(t, "the file", text, []string{
		"# All made up.\n\n# What was required of the report of 2014. Check at each source that it is still required, in these words.\n",
		"\n# In 2014: met in 3.9, summary-1, measure/child-deaths, challenge/early-help, recommendation/think-family\nnot_met = \"TO WRITE: where the report meets this, or why it does not\"\n",
		"\n[deaths]\nnumber = \"1a\"\nwording = \"\"\"\nIt should say:\n\n(a) how many died;\n(b) why.\"\"\"\nsource = \"https://www.example.org/guidance\"\n# In 2014: Another panel says so.\nnot_met = \"TO WRITE",
	}, []string{"\nmet_in"})
	lib := load(t, files)
	if err := draftProblems(lib); err != nil || len(lib.Drafts) != 1 {
		t.Fatalf("%d drafts: %v", len(lib.Drafts), err)
	}
	var unwritten []report.Place
	for _, place := range lib.Drafts[0].Unwritten {
		if place.File == "data/2015/requirements.toml" {
			unwritten = append(unwritten, place)
		}
	}
	if len(unwritten) != 2 {
		t.Errorf("still to be written are %v", unwritten)
	}
}

// The statuses are grouped by kind.
func TestVocabularies(t *testing.T) {
	t.Parallel()
	var got []string
	for _, v := range load(t, first(t)).Vocabularies() {
		got = append(got, v.Kind)
		for _, s := range v.Statuses {
			got = append(got, s.ID)
		}
	}
	want := "answer not-accepted accepted-in-part accepted progress not-started in-progress completed verdict not-met partly-met met"
	if all := strings.Join(got, " "); all != want {
		t.Errorf("got %s, want %s", all, want)
	}
}
