package report_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// The mistakes that editors make, and what each is told: the file and line to
// open, what is wrong, and what to do. Every row changes the report in one way
// and has all that is said, word for word.

func TestDataMistakes(t *testing.T) {
	t.Parallel()
	try(t, first, []mistake{
		{"a field is misspelt",
			edits(replace(recommendations, `title = "Put`, `titel = "Put`)),
			problems{{recommendations, "titel", "[unknown-field] “titel” is not a field of a recommendation; did you mean title?"}}},
		{"a field is lost",
			edits(replace(recommendations, "title = \"Put the Think Family Work Family protocol into practice\"\n", "")),
			problems{{recommendations, "[think-family]", "[missing-field] the recommendation [think-family] has no title; add a line title = …"}}},
		{"a number is in quotes",
			edits(replace(recommendations, "number = 1", `number = "1"`)),
			problems{{recommendations, `number = "1"`, "[wrong-type] number should be a whole number, and is text; write it without quotes, number = 1"}}},
		{"a text is empty",
			edits(replace(recommendations, `title = "Make bereavement services more available and easier to use"`, `title = " "`)),
			problems{{recommendations, `title = " "`, "[empty-field] title is empty; fill it in"}}},
		{"a list is empty",
			edits(replace(recommendations, `findings = ["3.3"]`, "findings = []")),
			problems{{recommendations, "findings = []", "[empty-field] findings is an empty list; fill it in, or take the line out"}}},
		{"a number stands twice",
			edits(replace(recommendations, "number = 2", "number = 1")),
			problems{{recommendations, "number = 1\ntitle = \"Make", "[number] recommendation 1 stands twice: it is also “think-family”; give each a number of its own"}}},
		{"a number is left out",
			edits(replace(challenges, "number = 11", "number = 12")),
			problems{{challenges, "number = 12", "[number] there is challenge 12, but no challenge 11; put the lost challenge back, or number them without a gap"}}},
		{"a number is nought",
			edits(replace(measures, "number = 1", "number = 0")),
			problems{{measures, "number = 0", "[number] 0 cannot be a measure's number; count from 1"}}},
		{"an id has capitals and spaces, in quotes",
			edits(replace(recommendations, "[bereavement]", `["Bereavement Services"]`)),
			problems{{recommendations, `["Bereavement`, "[bad-id] “Bereavement Services” cannot be the name of a recommendation; use lower-case letters, digits and single hyphens, such as bereavement-services"}}},
		{"an id has spaces",
			edits(replace(recommendations, "[bereavement]", "[bereavement services]")),
			problems{{recommendations, "[bereavement services]", "[syntax] the name of a record cannot be read; write it on a line of its own, in lower-case letters, digits and hyphens: [early-help], or [[early-help.updates]] for an update"}}},
		{"an id is not closed",
			edits(replace(recommendations, "[bereavement]", "[bereavement")),
			problems{{recommendations, "[bereavement\n", "[syntax] the name of a record cannot be read; write it on a line of its own, in lower-case letters, digits and hyphens: [early-help], or [[early-help.updates]] for an update"}}},
		{"a record has double brackets",
			edits(replace(recommendations, "[bereavement]", "[[bereavement]]")),
			problems{{recommendations, "[[bereavement]]", "[wrong-type] [[bereavement]] has double brackets, which a recommendation does not have; write [bereavement]"}}},
		{"two records have one id",
			edits(replace(recommendations, "[bereavement]", "[think-family]")),
			problems{{recommendations, "[think-family]\nnumber = 2", "[syntax] “think-family” stands twice; keep one of them; if another record begins here, give it a name of its own in brackets"}}},
		{"the first name in brackets is deleted",
			edits(replace(recommendations, "[think-family]\n", "")),
			problems{{recommendations, "number = 1", "[no-record] “number” stands outside any record; put a line with the name of a recommendation in brackets above it, such as [early-help]"}}},
		{"a later name in brackets is deleted, below an update",
			edits(replace(recommendations, "[bereavement]\n", "")),
			problems{{recommendations, "number = 2", "[unknown-field] number, title, wording, addressed_to, challenges are not fields of an update; take them out, or, if they belong to another record, put its name in brackets above them"}}},
		{"a later name in brackets is deleted, below a record",
			edits(replace(challenges, "[early-help]\n", "")),
			problems{{challenges, "number = 3", "[syntax] “voice-in-planning.number” stands twice; keep one of them; if another record begins here, give it a name of its own in brackets"}}},
		{"an organisation is misspelt",
			edits(replace(recommendations, `"safer-leeds-partnership"`, `"safer-leeds-partnershp"`)),
			problems{{recommendations, "partnershp", "[unknown-reference] “safer-leeds-partnershp” is not the id of an organisation in data/organisations.toml; did you mean safer-leeds-partnership?"}}},
		{"a challenge is misspelt",
			edits(replace(recommendations, `challenges = ["think-family"]`, `challenges = ["think_family"]`)),
			problems{{recommendations, "think_family", "[unknown-reference] “think_family” is not the id of a challenge in data/2014/challenges.toml; did you mean think-family?"}}},
		{"a theme is misspelt",
			edits(replace(challenges, `theme = "voice"`, `theme = "voices"`)),
			problems{{challenges, `"voices"`, "[unknown-reference] “voices” is not the id of a theme in data/2014/themes.toml; did you mean voice?"}}},
		{"a paragraph number is wrong",
			edits(replace(recommendations, `findings = ["3.3"]`, `findings = ["3.33"]`)),
			problems{{recommendations, "3.33", "[unknown-reference] the report has no paragraph “3.33”; write one that is there; if its heading, or the {#3.33} behind it, is lost from content/2014/main-issues.md, put that back"}}},
		{"a paragraph number is not in quotes",
			edits(replace(recommendations, `findings = ["3.3"]`, "findings = [3.10]")),
			problems{{recommendations, "3.10", `[wrong-type] item 1 of findings should be text, and is a number with a point; write it in quotes, "…"`}}},
		{"a paragraph stands twice in a list",
			edits(replace(recommendations, `findings = ["3.3"]`, "findings = [\n  \"3.3\",\n  \"3.3\",\n]")),
			problems{{recommendations, "\"3.3\",\n]", "[repeated-value] “3.3” stands twice in this list; take one of them out"}}},
		{"a list has no brackets",
			edits(replace(recommendations, `findings = ["3.3"]`, `findings = "3.3"`)),
			problems{{recommendations, `findings = "3.3"`, `[wrong-type] findings should be a list, and is text; write it in square brackets, findings = ["…", "…"]`}}},
		{"a list has no comma",
			edits(replace(recommendations, `findings = ["3.3"]`, `findings = ["3.3" "3.4"]`)),
			problems{{recommendations, `"3.3" "3.4"`, `[syntax] a list is not closed, here or above, or a comma is missing in it; write ["…", "…"]`}}},
		{"a date is in quotes",
			edits(replace(recommendations, "date = 2015-09-15", `date = "2015-09-15"`)),
			problems{{recommendations, `date = "`, "[wrong-type] date should be a date, and is text; write the day without quotes, date = 2015-09-15"}}},
		{"a date does not exist",
			edits(replace(recommendations, "date = 2015-09-15", "date = 2015-02-30")),
			problems{{recommendations, "2015-02-30", "[syntax] “2015-02-30” is no date; write the day as 2015-09-15"}}},
		{"a date is written the British way",
			edits(replace(recommendations, "date = 2015-09-15", "date = 15/09/2015")),
			problems{{recommendations, "15/09/2015", `[syntax] there is more on this line than one field; put each field on a line of its own; a date is written 2015-09-15, and a " inside a text \"`}}},
		{"a date has a time",
			edits(replace(recommendations, "date = 2015-09-15", "date = 2015-09-15T10:00:00Z")),
			problems{{recommendations, "10:00", "[wrong-type] date should be a date, and is a time; write the day without quotes, date = 2015-09-15"}}},
		{"a date has not come yet",
			edits(replace(recommendations, "date = 2015-09-15", "date = 9015-09-15")),
			problems{{recommendations, "9015", "[update-date] this update is of 9015-09-15, which is yet to come; correct the date, or this computer's clock"}}},
		{"the second update is wrong, not the first",
			edits(replace(recommendations, "[bereavement]", "[[think-family.updates]]\ndate = 2014-12-01\nby = [\"safer-leeds-partnership\"]\nstatus = \"done\"\ntext = \"x\"\nsource = \"www.example.org\"\n\n[bereavement]")),
			problems{{recommendations, "date = 2014-12-01", "[update-order] this update, of 2014-12-01, stands after a later one; put the oldest update first"},
				{recommendations, `status = "done"`, "[unknown-word] “done” cannot be a status; write accepted, in progress, completed or not accepted"},
				{recommendations, `source = "www.example.org"`, "[bad-source] “www.example.org” is not the address of a public page; copy the whole address from the browser; it begins with https://"}}},
		{"a source is no address",
			edits(replace(recommendations, `source = "https`, `source = "http`)),
			problems{{recommendations, `source = "http:`, "[bad-source] “http://news.leeds.gov.uk/news/think-family-work-family-puts…” is not the address of a public page; copy the whole address from the browser; it begins with https://"}}},
		{"a status is misspelt",
			edits(replace(recommendations, `status = "in progress"`, `status = "in-progress"`)),
			problems{{recommendations, "in-progress", "[unknown-word] “in-progress” cannot be a status; did you mean in progress?"}}},
		{"a text has no quotes",
			edits(replace(recommendations, `status = "in progress"`, "status = in progress")),
			problems{{recommendations, "status = in", `[syntax] there is no value that can be read after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`}}},
		{"a text has no quote at its end",
			edits(replace(recommendations, `title = "Put the Think Family Work Family protocol into practice"`, `title = "Put the Think Family Work Family protocol into practice`)),
			problems{{recommendations, `title = "Put`, `[syntax] a text in quotes does not end on its line; put the closing " at its end; a " inside the text is written \"`}}},
		{"a text has quotes inside",
			edits(replace(recommendations, `title = "Put the Think Family Work Family protocol into practice"`, `title = "Put the "Think Family" protocol into practice"`)),
			problems{{recommendations, `title = "Put`, `[syntax] there is more on this line than one field; put each field on a line of its own; a date is written 2015-09-15, and a " inside a text \"`}}},
		{"a field has no equals sign",
			edits(replace(recommendations, `title = "Put`, `title "Put`)),
			problems{{recommendations, `title "Put`, `[syntax] a field has no = after its name; write name = "text"`}}},
		{"a field has no value",
			edits(replace(recommendations, `title = "Put the Think Family Work Family protocol into practice"`, "title =")),
			problems{{recommendations, "title =\n", `[syntax] there is no value that can be read after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`}}},
		{"an update has single brackets",
			edits(replace(recommendations, "[[think-family.updates]]", "[think-family.updates]")),
			problems{{recommendations, "[think-family.updates]", "[wrong-type] updates should be a list of tables, and is a table; begin each with a line [[think-family.updates]]"}}},
		{"an update has a wrong name",
			edits(replace(recommendations, "[[think-family.updates]]", "[[think-famly.updates]]")),
			problems{{recommendations, "[[think-famly", "[unknown-reference] there is no record [think-famly] that this could be an update to; did you mean think-family?"}}},
		{"a title has two lines",
			edits(replace(challenges, `title = "Embed the early help approach"`, "title = \"\"\"Embed the early\nhelp approach\"\"\"")),
			problems{{challenges, `title = """`, "[more-than-one-line] title goes over more than one line; write it on one"}}},
		{"a theme has no challenge",
			edits(replace(challenges, `theme = "bereavement"`, `theme = "voice"`)),
			problems{{themes, "[bereavement]", `[empty-theme] no challenge belongs to the theme “bereavement”; write theme = "bereavement" in a challenge, or take the theme out`}}},
		{"a measure moves in no known way",
			edits(replace(measures, `direction = "falling"`, `direction = "down"`)),
			problems{{measures, `"down"`, "[unknown-word] “down” cannot be a direction; write rising, falling, improving or steady"}}},
		{"a glossary cannot be read: that is told, and not each link to its terms",
			edits(replace("data/glossary.toml", `term = "bereavement service"`, "term = ")),
			problems{{"data/glossary.toml", "term = \n", `[syntax] there is no value that can be read after the =; write text in quotes, "…", lists in [ ], numbers and dates as they are`}}},
		{"two people changed the same lines",
			edits(replace(recommendations, "[bereavement]", "<<<<<<< HEAD\n[bereavement]\n=======\n[bereavement-services]\n>>>>>>> theirs")),
			problems{{recommendations, "<<<<<<<", "[unfinished-merge] two people's changes met here and nobody has chosen between them; keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"}}},
		{"quotes come from a word processor",
			edits(replace(recommendations, `"in progress"`, "“in progress”")),
			problems{{recommendations, "“in progress”", `[syntax] there are curly quotes on this line, as word processors make them; type straight ones around a text: "…"`}}},
		{"a telephone number is typed with words in it",
			edits(replace(contacts, `telephone = "0800 1111"`, `telephone = "0800 1111 (free)"`)),
			problems{{contacts, "(free)", `[bad-telephone] “0800 1111 (free)” is not a telephone number; write digits and single spaces, as in "0808 800 5000"`}}},
		{"a contact has lost its only number",
			edits(replace(contacts, "telephone = \"0800 1111\"\n", "")),
			problems{{contacts, "[childline]", `[missing-field] the contact “childline” has neither a telephone number nor a page; write telephone = "0808 800 5000", or page = "https://…"`}}},
		{"a telephone number has no quotes",
			edits(replace(contacts, `telephone = "0800 1111"`, "telephone = 0800 1111")),
			problems{{contacts, "= 0800 1111", `[syntax] a number or date here cannot be read; write a date as 2015-12-01, and a telephone number in quotes, "0808 800 5000"`}}},
		{"a date is written as people write it",
			edits(replace(recommendations, "date = 2015-09-15", "date = 01/09/2015")),
			problems{{recommendations, "01/09/2015", `[syntax] a number or date here cannot be read; write a date as 2015-12-01, and a telephone number in quotes, "0808 800 5000"`}}},
		{"an update is older than the report",
			edits(replace(recommendations, "date = 2015-09-15", "date = 2013-09-15")),
			problems{{recommendations, "date = 2013", "[update-date] this update is of 2013-09-15, which is before the report itself, of 2014-10-22; correct the date"}}},
	})
}

// figures adds lines to the first measure, whose figures they are.
func figures(lines string) []edit {
	return edits(replace(measures, "finding = \"summary-3\"\n", "finding = \"summary-3\"\n"+lines+"\n"))
}

func TestFigureMistakes(t *testing.T) {
	t.Parallel()
	const values = `values = [{ period = "2012/13", value = 10 }, { period = "2013/14", value = 8 }]`
	const england = `{ name = "England", values = [{ period = "2012/13", value = 10 }, { period = "2013/14", value = 9 }] }`
	try(t, first, []mistake{
		{"both values and series",
			figures(values + "\nseries = [" + england + "]"),
			problems{{measures, "series = ", "[two-kinds-of-figures] the measure “child-deaths” has both values and series; keep values for one line, or series for several"}}},
		{"a series has no name",
			figures("series = [\n  " + england + ",\n  { values = [{ period = \"2013/14\", value = 9 }] },\n]"),
			problems{{measures, "{ values", "[missing-field] the series has no name; add a line name = …"}}},
		{"two series have one name",
			figures("series = [\n  " + england + ",\n  { name = \"England\", values = [{ period = \"2013/14\", value = 9 }] },\n]"),
			problems{{measures, `{ name = "England", values = [{ period = "2013/14", value = 9`, "[repeated-name] the series “England” appears twice; give each a name of its own"}}},
		{"a period is there twice",
			figures("values = [\n  { period = \"2012/13\", value = 10 },\n  { period = \"2012/13\", value = 8 },\n]"),
			problems{{measures, `{ period = "2012/13", value = 8`, "[repeated-period] the period “2012/13” appears twice; give each figure a period of its own"}}},
		{"a period is there twice in a series",
			figures("series = [\n  " + england + ",\n  { name = \"Leeds\", values = [{ period = \"2013/14\", value = 9 }, { period = \"2013/14\", value = 9 }] },\n]"),
			problems{{measures, `{ name = "Leeds"`, "[repeated-period] the period “2013/14” appears twice; give each figure a period of its own"}}},
		{"two series have their periods in two orders",
			figures("series = [\n  " + england + ",\n  { name = \"Leeds\", values = [{ period = \"2013/14\", value = 9 }, { period = \"2012/13\", value = 9 }] },\n]"),
			problems{{measures, `{ name = "Leeds"`, "[period-order] the series “Leeds” has its periods in another order than the series before it; put the oldest first in each"}}},
		{"a chart stands in no paragraph",
			figures(values + "\nplace = \"3.33\""),
			problems{{measures, `place = "3.33"`, "[unknown-reference] the report has no paragraph “3.33”; write one that is there; if its heading, or the {#3.33} behind it, is lost from content/2014/main-issues.md, put that back"}}},
		{"a target has no figures",
			figures("target = 5"),
			problems{{measures, "target = 5", `[no-figures] the measure “child-deaths” has a target for its chart, and no figures to draw; add values = [{ period = "2013/14", value = 8 }], or take the line out`}}},
		{"a baseline has no figures",
			figures("baseline = 5"),
			problems{{measures, "baseline = 5", `[no-figures] the measure “child-deaths” has a baseline for its chart, and no figures to draw; add values = [{ period = "2013/14", value = 8 }], or take the line out`}}},
		{"a place has no figures",
			figures(`place = "3.9"`),
			problems{{measures, `place = "3.9"`, `[no-figures] the measure “child-deaths” has a place for its chart, and no figures to draw; add values = [{ period = "2013/14", value = 8 }], or take the line out`}}},
		{"a baseline is above a figure",
			figures(values + "\nbaseline = 8.5"),
			problems{{measures, "baseline = 8.5", "[baseline] the baseline 8.5 is above 8, which the chart has to show; write a lower one, or take the line out"}}},
		{"a baseline is above a figure of a series",
			figures("series = [" + england + "]\nbaseline = 9.5"),
			problems{{measures, "baseline = 9.5", "[baseline] the baseline 9.5 is above 9, which the chart has to show; write a lower one, or take the line out"}}},
		{"a baseline is above the target",
			figures(values + "\nbaseline = 7\ntarget = 5"),
			problems{{measures, "baseline = 7", "[baseline] the baseline 7 is above 5, which the chart has to show; write a lower one, or take the line out"}}},
	})
}

// What comes close to such a mistake and is none is read without a word.
func TestRightFigures(t *testing.T) {
	t.Parallel()
	const values = `values = [{ period = "2012/13", value = 10 }, { period = "2013/14", value = 8 }]`
	const england = `{ name = "England", values = [{ period = "2012/13", value = 10 }, { period = "2013/14", value = 9 }] }`
	for _, lines := range []string{
		values + "\nplace = \"3.9\"\ntarget = 0\nbaseline = 0",
		values + "\nplace = \"summary-1\"",
		values + "\nbaseline = 8\ntarget = 8",
		"values = [{ period = \"2013/14\", value = 8 }]\ntarget = -1",
		"series = [" + england + "]",
		"series = [" + england + `, { name = "england", values = [{ period = "2009/10", value = 3 }, { period = "2013/14", value = 9 }] }]`,
		"series = [" + england + `, { name = "Wales", values = [{ period = "2011", value = 3 }, { period = "2012", value = 9 }] }]` + "\nbaseline = 3",
	} {
		files := testkit.MemorySource()
		for _, edit := range figures(lines) {
			edit(t, files)
		}
		if _, err := report.Load(files, today); err != nil {
			t.Errorf("%s: %v", lines, err)
		}
	}
}

func TestPageMistakes(t *testing.T) {
	t.Parallel()
	try(t, first, []mistake{
		{"two people changed the same sentence",
			edits(replace(issues, "### Early help", "<<<<<<< HEAD\n### Early help")),
			problems{{issues, "<<<<<<<", "[unfinished-merge] two people's changes met here and nobody has chosen between them; keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"}}},
		{"a paragraph number stands twice",
			edits(replace(issues, "{#3.9}", "{#3.8}")),
			problems{{issues, "plans {#3.8}", "[paragraph-number] paragraph 3.8 stands twice; give this one another number: the other is in content/2014/main-issues.md:56"}}},
		{"a paragraph number is mistyped",
			edits(replace(issues, "{#3.9}", "{#3.19}")),
			problems{{issues, "{#3.19}", "[paragraph-number] paragraph 3.19 stands where 3.9 should be; put the lost paragraph back, or number the paragraphs in their order"}}},
		{"a paragraph number has the wrong section",
			edits(replace(issues, "{#3.9}", "{#4.9}")),
			problems{{issues, "{#4.9}", "[paragraph-number] paragraph 4.9 stands in section 3; number it {#3.…}, or move it"}}},
		{"a paragraph number is not closed",
			edits(replace(issues, "{#3.9}", "{#3.9")),
			problems{{issues, "{#3.9\n", "[paragraph-number] the number behind this heading cannot be read; end the line with it, as in ### Early help {#3.8}"},
				{issues, "### Child protection plans {#3.9", "[paragraph-number] this heading has no number, and paragraph 3.9 is missing; end the line with {#3.9}"}}},
		{"a paragraph number is deleted",
			edits(replace(issues, " {#3.9}", "")),
			problems{{issues, "### Child protection plans", "[paragraph-number] this heading has no number, and paragraph 3.9 is missing; end the line with {#3.9}"}}},
		{"a section has the wrong number",
			edits(replace(issues, "number = 3", "number = 2")),
			problems{{issues, "number = 2", "[number] section 2 stands twice: it is also “background”; give each a number of its own"},
				{issues, "number = 2", "[paragraph-number] this is section 2, and its paragraphs are numbered 3.…; make the two agree"}}},
		{"a heading has one #",
			edits(replace(issues, "### Early help {#3.8}", "# Early help {#3.8}")),
			problems{{issues, "# Early help {", "[heading-level] a heading with one # would be a second title of the page; begin it with ##"},
				{issues, "### Child protection plans {#3.9}", "[heading-level] a heading with ### cannot follow one with #; begin it with ##"}}},
		{"a heading goes too deep",
			edits(replace(issues, "### Independent reviews", "##### Independent reviews")),
			problems{{issues, "##### Indep", "[heading-level] a heading with ##### cannot follow one with ###; begin it with ####"}}},
		{"a heading has no space",
			edits(replace(issues, "### Early help {#3.8}", "###Early help {#3.8}")),
			problems{{issues, "###Early", `[heading] this line looks like a heading and is not one; put a space after the #; if no heading is meant, write \#`},
				{issues, "### Child protection plans {#3.9}", "[paragraph-number] paragraph 3.9 stands where 3.8 should be; put the lost paragraph back, or number the paragraphs in their order"}}},
		{"a link has a space in its address",
			edits(replace(issues, "(#3.7)", "(main issues.md)")),
			problems{{issues, "(main issues.md)", "[link] a link or picture is not written as one; write [the words](the address); an address with a space in it goes between < and >"}}},
		{"a word is set in HTML",
			edits(replace(issues, "Progress is also", "<b>Progress</b> is also")),
			problems{{issues, "<b>", "[raw-html] the HTML tag <b> cannot be used in a page; write **the words**"}}},
		{"a script is pasted in",
			edits(replace(issues, "Progress is also", "<script>alert(1)</script>\nProgress is also")),
			problems{{issues, "<script>", "[raw-html] the HTML tag <script> cannot be used in a page; take it out: pages run no scripts"}}},
		{"a shortcode is pasted in",
			edits(replace(issues, "Progress is also", "{{< youtube abc >}}\nProgress is also")),
			problems{{issues, "youtube", "[shortcode] this site has no “{{< youtube”; write the same in Markdown"}}},
		{"a page loses its title",
			edits(replace(issues, "title = \"Main issues\"\n", "")),
			problems{{issues, "+++", "[missing-field] the page has no title; add a line title = …"}}},
		{"a page's title has no quote at its end",
			edits(replace(issues, `title = "Main issues"`, `title = "Main issues`)),
			problems{{issues, `title = "Main issues`, `[syntax] a text in quotes does not end on its line; put the closing " at its end; a " inside the text is written \"`}}},
		{"a page loses its first line",
			edits(replace(issues, "+++\ntitle", "title")),
			problems{{issues, "title = ", `[no-front-matter] the page does not begin with its title and description; begin it with a line +++, then title = "…" and description = "…", then another line +++`}}},
		{"a page does not list what it should",
			edits(replace(conclusions, "lists = \"challenges\"\n", "")),
			problems{{conclusions, "[params]", `[wrong-list] this page does not list the report's challenges; write lists = "challenges" below [params]`}}},
		{"a page lists what there is not",
			edits(replace(conclusions, `lists = "challenges"`, `lists = "chalenges"`)),
			problems{{conclusions, "chalenges", "[unknown-list] there are no lists of “chalenges” to show; did you mean challenges?"}}},
		{"a report loses its date",
			edits(replace(summary, "date = 2014-10-22\n", "")),
			problems{{summary, "+++", "[missing-field] the report has no date; add a line date = 2014-10-22"}}},
		{"a report goes to a body that does not exist",
			edits(replace(summary, `to = "health-and-wellbeing-board"`, `to = "health-board"`)),
			problems{{summary, "health-board", "[unknown-reference] “health-board” is not the id of an organisation in data/organisations.toml; write one of the names in [brackets] there"}}},
		{"a paragraph loses its text",
			edits(replace(issues, "We need to develop better responses to related issues, such as children and young people who:\n\n- go missing\n- are [trafficked](/glossary.md#term-trafficked)\n- are subject to [forced marriage](/glossary.md#term-forced-marriage).\n", "")),
			problems{{issues, "{#3.12}", "[empty-paragraph] there is no text below this heading; put it back, or take the heading out"}}},
		{"the top of a page is not closed",
			edits(replace(issues, "number = 3\n+++", "number = 3")),
			problems{{issues, "+++", "[no-front-matter] the title and description at the top do not end; put a line +++ below them"}}},
		{"a link has a space in its middle",
			edits(replace(issues, "[Early help](", "[Early help] (")),
			problems{{issues, "[Early help] (", "[link] a link is parted by a space, and would not be one; write [the words](the address) without a space between ] and ("}}},
		{"a paragraph begins with a tab",
			edits(replace(issues, "This activity is", "\n\tThis activity is")),
			problems{{issues, "This activity is", "[code] this text begins with a tab or four spaces, and would be shown as computer code; begin it at the line's start"}}},
		{"a list is pasted from a word processor",
			edits(replace(issues, "- go missing", "•\tgo missing")),
			problems{{issues, "•\tgo", "[bullet] this line begins with a •, as word processors make lists, and would not be one; begin it with a hyphen and a space, and leave a line empty above the list"}}},
		{"bold letters are not ended",
			edits(replace(issues, "This activity is steadily", "This **activity is steadily")),
			problems{{issues, "**activity", "[emphasis] there are two signs ** here that do not enclose anything, and would be shown; put them at both ends of the words, without a space between, **as here**, or take them out"}}},
		{"a link has square brackets around its address",
			edits(replace(issues, "[self-harm](/glossary.md#term-self-harm)", "[self-harm][/glossary.md#term-self-harm]")),
			problems{{issues, "[self-harm][", "[link] a link is not written as one; write [the words](the address), with round brackets around the address"}}},
		{"a heading has lost its number",
			edits(replace(issues, "### Early help {#3.8}", "### Early help"), replace(challenges, `findings = ["3.8"]`, `findings = ["3.7"]`), replace(measures, `finding = "3.8"`, `finding = "3.7"`)),
			problems{{issues, "### Early help", "[paragraph-number] this heading has no number, and paragraph 3.8 is missing; end the line with {#3.8}"}}},
		{"a character is one that nobody can see: it is told by its number and the words before it",
			edits(replace(issues, "Progress is also", "Progress\u202e is also")),
			problems{{issues, "Progress\u202e", "[hidden-character] there is a character after “Progress”, U+202E, which turns the text around it about; delete it with the letters around it, and type those again"}}},
		{"a page alone is a draft, which would lose it without a word",
			edits(replace("content/2014/background.md", "title = ", "draft = true\ntitle = ")),
			problems{{"content/2014/background.md", "draft", "[draft] only a report as a whole can be a draft; take the line out; to make the report a draft, write it in its _index.md"}}},
		{"a page says in words that it is a draft",
			edits(replace("content/2014/background.md", "title = ", "draft = \"yes\"\ntitle = ")),
			problems{{"content/2014/background.md", "draft", "[wrong-type] draft should be true or false, and is text; write it without quotes, draft = true"}}},
	})
}

func TestFileMistakes(t *testing.T) {
	t.Parallel()
	try(t, first, []mistake{
		{"a section is gone: what refers to it says so, and guesses nothing",
			edits(remove(issues)),
			problems{{conclusions, "number = 4", "[number] there is section 4, but no section 3; put the lost section back, or number them without a gap"},
				{challenges, "findings = [\"3.3\"]\n\n[child-protection-plans]", "[unknown-reference] the report has no paragraph “3.3”, nor any other of section 3; put the section's page back, or write the number of a paragraph that is there"}}},
		{"a page is deleted",
			edits(remove(conclusions)),
			problems{{conclusions, "", "[missing-file] this file is missing; put it back, or take it from the last version that worked"}}},
		{"a page of text is deleted",
			edits(remove("content/2014/purpose.md")),
			problems{{"content/2014/background.md", "number = 2", "[number] there is section 2, but no section 1; put the lost section back, or number them without a gap"}}},
		{"a report's text is deleted",
			edits(remove("content/2014")),
			problems{{"content/2014", "", "[missing-file] this folder is missing; put it back, or take it from the last version that worked"}}},
		{"a report's data is deleted",
			edits(remove("data/2014")),
			problems{{"data/2014", "", "[missing-file] this folder is missing; put it back, or take it from the last version that worked"}}},
		{"all data is deleted",
			edits(remove("data")),
			problems{{"data", "", "[missing-file] this folder is missing; put it back, or take it from the last version that worked"}}},
		{"all text is deleted",
			edits(remove("content")),
			problems{{"content", "", "[missing-file] this folder is missing; put it back, or take it from the last version that worked"}}},
		{"every report is deleted",
			edits(remove("data/2014"), remove("content/2014")),
			problems{{"data", "", "[no-data] there is no report; add a folder named by a year, such as data/2014, and the same below content"}}},
		{"a data file is deleted",
			edits(remove("data/glossary.toml")),
			problems{{"data/glossary.toml", "", "[missing-file] this file is missing; put it back, or take it from the last version that worked"}}},
		{"the layouts are gone, or those of what pages list",
			edits(remove("layouts")),
			problems{{"layouts", "", "[missing-file] this folder is missing; put it back, or take it from the last version that worked"}}},
		{"two people changed the same layout, and the stylesheet",
			edits(write("layouts/_partials/footer.html", "<footer>\n<<<<<<< HEAD\n<nav"), write("static/css/report.css", "a {\n}\n>>>>>>> theirs\nbody {")),
			problems{{"layouts/_partials/footer.html", "<<<<<<<", "[unfinished-merge] two people's changes met here and nobody has chosen between them; keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"},
				{"static/css/report.css", ">>>>>>>", "[unfinished-merge] two people's changes met here and nobody has chosen between them; keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"}}},
		{"a data file is emptied",
			edits(write(recommendations, "")),
			problems{{recommendations + ":1", "", "[no-data] the file holds no records; add a recommendation, or take the file from the last version that worked"}}},
		{"a folder has a file's name",
			edits(remove(measures), folder(measures)),
			problems{{measures, "", "[not-a-file] this is a folder where a file should be; take it away and put the file back"}}},
		{"a data file has another name",
			edits(rename(measures, "data/2014/mesures.toml")),
			problems{{measures, "", "[missing-file] this file is missing; put it back, or take it from the last version that worked"},
				{"data/2014/mesures.toml", "", "[unknown-file] the site does not read a file of this name; did you mean measures.toml?"}}},
		{"a page is emptied",
			edits(write(purpose, "")),
			problems{{purpose + ":1", "", `[no-front-matter] the page does not begin with its title and description; begin it with a line +++, then title = "…" and description = "…", then another line +++`}}},
		{"a data file is saved in an old encoding",
			edits(begin(themes, "# caf\xe9\n")),
			problems{{themes, "# caf", "[not-utf-8] there is a character here that is not in UTF-8; save the file with the encoding UTF-8"}}},
		{"a data file is saved with a byte order mark, as Windows programs may do",
			edits(begin(themes, "\ufeff")),
			problems{{themes, "\ufeff", "[byte-order-mark] the file begins with an invisible byte order mark, which data may not have; save it with the encoding UTF-8, not “UTF-8 with BOM”"}}},
		{"a page is saved as UTF-16",
			edits(write(purpose, inUTF16("+++\ntitle = \"Purpose\"\n"))),
			problems{{purpose + ":1", "", "[not-utf-8] there is a character here that is not in UTF-8; save the file with the encoding UTF-8"}}},
		{"a page has a name that no address can have",
			edits(rename("content/accessibility.md", "content/My page.md")),
			problems{{"content/My page.md", "", "[bad-file-name] a page's file name becomes its address, and this cannot; use lower-case letters, digits and single hyphens, such as my-page.md"}}},
		{"a page stands too deep",
			edits(rename("content/accessibility.md", "content/2014/more/a.md")),
			problems{{"content/2014/more/a.md", "", "[misplaced-page] a page stands in a folder within a report's folder; move it up, beside the report's other pages"}}},
		{"a folder is no report's",
			edits(rename("content/accessibility.md", "content/drafts/a.md")),
			problems{{"content/drafts", "", "[unknown-file] this folder is not a report's; name it by the report's year, such as 2014, or take it away"}}},
		{"a picture is a document",
			edits(write("content/2014/chart.pdf", "Dear Board\n")),
			problems{{"content/2014/chart.pdf", "", "[unknown-file] a file of this kind cannot be a page, nor a picture in one; write pages as .md files, and save pictures as .png, .jpg, .webp or .gif; other files that pages link to stand in static"}}},
		{"a picture comes straight from a camera",
			edits(write("content/2014/photo.jpg", strings.Repeat("\x00", 2_000_000))),
			problems{{"content/2014/photo.jpg", "", "[too-large] this picture has 2.0 MB, which a phone would load for long; save it smaller, with at most 1 MB; 1,600 pixels across are enough"}}},
		{"a folder is a link, which is not followed, wherever it leads",
			edits(rename("content", "elsewhere"), link("content", "elsewhere")),
			problems{{"content", "", "[not-a-file] this is a link to somewhere else, from where anything could be published; put the file itself here"}}},
	})
}

// So is a link on a disk.
func TestLinkOnDisk(t *testing.T) {
	t.Parallel()
	files := first(t)
	rename("content", "elsewhere")(t, files)
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("elsewhere", filepath.Join(dir, "content")); err != nil {
		t.Fatal(err)
	}
	_, err := report.Load(os.DirFS(dir), today)
	compare(t, files, err, problems{{"content", "", "[not-a-file] this is a link to somewhere else, from where anything could be published; put the file itself here"}})
}

// inUTF16 gives a text as some programs on Windows save it.
func inUTF16(text string) string {
	var b bytes.Buffer
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		b.Write(binary.LittleEndian.AppendUint16(nil, unit))
	}
	return b.String()
}

// What is wrong with the old address of a page is told at its line.
func TestOldAddressMistakes(t *testing.T) {
	t.Parallel()
	const glossary = "content/glossary.md"
	try(t, first, []mistake{
		{"an address is another page's",
			edits(replace(purpose, "title =", "aliases = [\"/2014/background/\"]\ntitle =")),
			problems{{purpose, "aliases", "[old-address] “/2014/background/” is the address of content/2014/background.md; take it out, or give that page another name"}}},
		{"an address is that of the whole report",
			edits(replace(purpose, "title =", "aliases = [\"/2014/full.html\"]\ntitle =")),
			problems{{purpose, "aliases", "[old-address] “/2014/full.html” is the address of the page of the whole report; take it out, or give that page another name"}}},
		{"an address is a file's",
			edits(replace(purpose, "title =", "aliases = [\"/icon.svg\"]\ntitle =")),
			problems{{purpose, "aliases", `[old-address] “/icon.svg” is not an address within the site; write what follows the site's address, such as "/2014/old-name/", with letters, digits and hyphens`}}},
		{"addresses are not written as such, and one stands twice",
			edits(replace(purpose, "title =", `aliases = [
  "2014/old",
  "https://www.example.org/reports/2014/old/",
  "/2014/old name/",
  "/../x/",
  "/2014/aims/",
  "/2014/aims/",
]
title =`)),
			problems{{purpose, `"2014/old"`, `[old-address] “2014/old” is not an address within the site; write "/2014/old/"`},
				{purpose, "https:", `[old-address] “https://www.example.org/reports/2014/old/” is not an address within the site; write what follows the site's address, such as "/2014/old-name/", with letters, digits and hyphens`},
				{purpose, "old name", `[old-address] “/2014/old name/” is not an address within the site; write what follows the site's address, such as "/2014/old-name/", with letters, digits and hyphens`},
				{purpose, "..", `[old-address] “/../x/” is not an address within the site; write what follows the site's address, such as "/2014/old-name/", with letters, digits and hyphens`},
				{purpose, "\"/2014/aims/\",\n]", "[old-address] “/2014/aims/” is the address of another page's old one: content/2014/purpose.md; take it out, or give that page another name"},
				{purpose, "\"/2014/aims/\",\n]", "[repeated-value] “/2014/aims/” stands twice in this list; take one of them out"}}},
		{"the field is misspelt",
			edits(replace(purpose, "title =", "alias = \"/x/\"\ntitle =")),
			problems{{purpose, "alias", "[unknown-field] “alias” is not a field of a page; did you mean aliases?"}}},
		{"two pages had one address",
			edits(replace(purpose, "title =", "aliases = [\"/x/\"]\ntitle ="), replace(glossary, "title =", "aliases = [\"/x/index.html\"]\ntitle =")),
			problems{{glossary, "aliases", "[old-address] “/x/” is the address of another page's old one: content/2014/purpose.md; take it out, or give that page another name"}}},
	})
}
