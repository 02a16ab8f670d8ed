package report_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Mistakes in what pages list, and in the fixed words, are reported at their lines.
func TestListMistakes(t *testing.T) {
	t.Parallel()
	const (
		page     = "+++\ntitle = \"More\"\ndescription = \"More.\"\n\n[params]\nlists = \"challenges\"\n+++\n\nText.\n"
		glossary = "content/glossary.md"
		words    = "data/words/en.toml"
	)
	try(t, first, []mistake{
		{"two pages list the same records",
			edits(write("content/2014/more.md", page)),
			problems{{"content/2014/more.md", "lists", "[wrong-list] conclusions.md already lists the report's challenges; delete the line"}}},
		{"a page outside reports lists challenges",
			edits(write("content/more.md", page)),
			problems{{"content/more.md", "lists", "[wrong-list] this page does not belong to a report, so it cannot list challenges; move it into a report's folder, or delete the line"}}},
		{"the glossary's page does not list the terms",
			edits(replace(glossary, "\n[params]\nlists = \"glossary\"\n", "")),
			problems{{glossary, "+++", `[wrong-list] this page does not list the glossary; write lists = "glossary" below [params]`}}},
		{"another page lists the glossary",
			edits(write("content/more.md", "+++\ntitle = \"More\"\ndescription = \"More.\"\n\n[params]\nlists = \"glossary\"\n+++\n\nText.\n")),
			problems{{"content/more.md", "lists", "[wrong-list] only content/glossary.md can list the glossary; delete the line, or name what this page lists"}}},
		{"a page is called 404",
			edits(write("content/404.md", "+++\ntitle = \"Lost\"\ndescription = \"Lost.\"\n+++\n\nText.\n")),
			problems{{"content/404.md", "", "[bad-file-name] a page with this name would replace the page for addresses that do not exist; rename it"}}},
		{"fixed words are empty",
			edits(replace(words, `lost = "This page cannot be found"`, `lost = " "`)),
			problems{{words, `lost = " "`, `[empty-field] “lost” has no words; write them in quotes, lost = "…"`}}},
		{"fixed words are a number",
			edits(replace(words, `lost = "This page cannot be found"`, `lost = 3`)),
			problems{{words, `lost = 3`, `[empty-field] “lost” has no words; write them in quotes, lost = "…"`}}},
		{"the name of a value is misspelt",
			edits(write("layouts/more.html", `{{ T "summary_of" (dict "report" .Name) }}`), replace(words, "{{ .report }}: summary", "{{ .reporrt }}: summary")),
			problems{{words, "summary_of", "[words] there is no value for “{{ .reporrt }}” here; did you mean report?"}}},
		{"one of two layouts has another value",
			edits(write("layouts/more.html", `{{ T "summary_of" (dict "report" .Name) }}{{ T "summary_of" (dict "year" .Name) }}`)),
			problems{{words, "summary_of", "[words] there is no value for “{{ .report }}” here; delete it"}}},
		{"the braces around a value are not closed",
			edits(replace(words, "{{ .report }}: summary", "{{ .report: summary")),
			problems{{words, "summary_of", "[words] there are curly brackets { } here that cannot be read; write values as {{ .year }}, with the name that was there"}}},
		{"a line begins a table",
			edits(replace(words, "# Where to turn", "[turn]")),
			problems{{words, "[turn]", "[words] [turn] begins a table, which hides the words below it; delete the line"}}},
		{"the file of words is empty",
			edits(write(words, "# Nothing\n")),
			problems{{words, "# Nothing", "[no-data] the file has no words; restore it from the last version that worked"}}},
		{"a layout uses words that are missing",
			edits(write("layouts/more.html", "{{/* T \"nothing\" */}}\n{{ T \"lots\" }}\n{{ T (print .Kind \"_numbre\") }}")),
			problems{
				{words, "", "[words] “challenge_numbre” is missing, but layouts/more.html uses it; rename the line challenge_cited"},
				{words, "", "[words] “lots” is missing, but layouts/more.html uses it; add or restore the line lots = \"…\""},
				{words, "", "[words] “recommendation_numbre” is missing, but layouts/more.html uses it; rename the line recommendation_cited"}}},
		{"the words for a status are missing",
			edits(replace(words, "under_way = ", "under_wy = ")),
			problems{{words, "", "[words] “under_way” is missing, but layouts/_partials uses it; rename the line under_wy"}}},
		{"another file beside the words",
			edits(write("data/words/cy.toml", "")),
			problems{{"data/words/cy.toml", "", "[unknown-file] the site does not use a file with this name; did you mean en.toml?"}}},
		{"the words begin with a byte order mark",
			edits(begin(words, "\ufeff")),
			problems{{words, "# The fixed words", "[byte-order-mark] the file begins with an invisible byte order mark, which data files must not have; save it as UTF-8, not “UTF-8 with BOM”"}}},
		{"an update appears twice",
			edits(replace(recommendations, "\n[bereavement]", "\n[[think-family.updates]]\ndate = 2015-09-15\nby = [\"safer-leeds-partnership\"]\nprogress = \"completed\"\ntext = \"It is done.\"\nsource = \"https://news.leeds.gov.uk/news/think-family-work-family-puts-children-s-needs-at-the-heart-of-the-city\"\n\n[bereavement]")),
			problems{{recommendations, "[[think-family.updates]]\ndate = 2015-09-15\nby = [\"safer", "[repeated-update] another update of “think-family” has this date, 2015-09-15; add a line id = \"safer-leeds-partnership-2015-09-15\", which becomes its permanent address"}}},
		{"two updates on one day, one of them with an id",
			edits(replace(recommendations, "\n[bereavement]", "\n[[think-family.updates]]\ndate = 2015-09-15\nid = \"safer-leeds\"\nby = [\"safer-leeds-partnership\"]\ntext = \"x\"\nsource = \"https://example.org/\"\n\n[bereavement]")), nil},
		{"two updates have the same id",
			edits(replace(recommendations, "\n[bereavement]", "\n[[think-family.updates]]\ndate = 2015-09-16\nid = \"2015-09-15\"\nby = [\"safer-leeds-partnership\"]\ntext = \"x\"\nsource = \"https://example.org/\"\n\n[bereavement]")),
			problems{{recommendations, "id = \"2015-09-15\"", "[repeated-update] another update of “think-family” has the id “2015-09-15”; give each its own id"}}},
		{"a contact was checked in the future",
			edits(replace(contacts, "checked = 2026-11-23", "checked = 2199-01-01")),
			problems{{contacts, "checked = 2199", "[checked-date] the contact “emergency” was checked on 2199-01-01, which is in the future; correct the date, or this computer's clock"}}},
		{"a report is dated before its year",
			edits(replace(summary, "date = 2014-10-22", "date = 2013-12-31")),
			problems{{summary, "date = 2013", "[report-date] the report of 2014 is dated 2013-12-31, before its year begins; correct the date, or the name of the report's folders"}}},
	})
}

// A page can have any name: on the page of the whole report, its id does not clash with
// any other.
func TestPartIDs(t *testing.T) {
	t.Parallel()
	files := first(t)
	write("content/2014/paper.md", "+++\ntitle = \"The paper\"\ndescription = \"About the paper.\"\n\n[params]\nnumber = 6\n+++\n\nText.\n")(t, files)
	page := load(t, files).Page("/2014/paper")
	if page.PartID() != "section-paper" || page.Report.Whole.Link(page) != "#section-paper" || page.Link(page) != "/2014/paper/index.html" {
		t.Errorf("the part is %s", page.PartID())
	}
}

// Challenges without a theme come first if the report begins with them, and otherwise
// after the themes.
func TestClusters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ theme, title, want string }{
		{"voice", "", "voice partnership adolescence bereavement"},
		{"bereavement", "bereavement", "voice partnership adolescence -"},
		{"voice", "voice-in-services", "- voice partnership adolescence bereavement"},
		{"voice", "voice-in-planning", "voice partnership adolescence bereavement -"},
	} {
		files := first(t)
		const name = "data/2014/challenges.toml"
		text := string(files[name].Data)
		before, after, _ := strings.Cut(text, "["+c.title+"]")
		if c.title != "" {
			text = before + "[" + c.title + "]" + strings.Replace(after, "theme = \""+c.theme+"\"\n", "", 1)
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
		if c.title == "bereavement" {
			files["data/2014/themes.toml"] = &fstest.MapFile{Data: []byte(strings.Split(string(files["data/2014/themes.toml"].Data), "[bereavement]")[0])}
		}
		var got []string
		for _, cluster := range load(t, files).Latest.Clusters() {
			if cluster.Theme == nil {
				got = append(got, "-")
			} else {
				got = append(got, cluster.Theme.ID)
			}
			if len(cluster.Challenges) == 0 {
				t.Errorf("%s: an empty cluster", c.title)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("without the theme of %q, the clusters are %s, want %s", c.title, s, c.want)
		}
	}
}

// A recommendation has the colour of the theme that it arises from, and none if there
// are two.
func TestHues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ challenges, want string }{
		{`challenges = ["think-family"]`, "hue-2"},
		{`challenges = ["think-family", "early-help"]`, "hue-2"},
		{`challenges = ["think-family", "bereavement"]`, ""},
		{"", ""},
	} {
		files := first(t)
		replace("data/2014/recommendations.toml", `challenges = ["think-family"]`, c.challenges)(t, files)
		rep := load(t, files).Latest
		if got := rep.Recommendations[0].Hue(); got != c.want {
			t.Errorf("%s: the recommendation has the colour %q, want %q", c.challenges, got, c.want)
		}
		if got := rep.Challenges[10].Hue(); got != "hue-4" {
			t.Errorf("challenge 11 has the colour %q", got)
		}
	}
}
