package report_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
)

// words returns a sentence of n words, without its full stop.
func words(n int) string { return "Services" + strings.Repeat(" word", n-1) }

// longSentence is the advice on a sentence of 26 words.
const longSentence = "[long-sentence] the sentence that begins “Services word word word word …” has 26 words; split it in two, unless the words are somebody else's"

// Advice has the file and line of what could be better, and does not stop anything.
func TestAdvice(t *testing.T) {
	t.Parallel()
	addText := func(text string) edit {
		return func(t *testing.T, files fstest.MapFS) {
			write(purpose, read(t, files, purpose)+"\n"+text+"\n")(t, files)
		}
	}
	for _, test := range []struct {
		name  string
		edits []edit
		want  problems
	}{
		{"nothing", nil, nil},
		{"a long sentence on a line after the end of a short one",
			edits(addText("A short one\nends here. " + words(26) + ".")), problems{{purpose, "ends here", longSentence}}},
		{"a page's file that ends in the middle of a word",
			edits(func(t *testing.T, files fstest.MapFS) {
				write(purpose, read(t, files, purpose)+"\nIt is in supporting childre")(t, files)
			}), problems{{purpose, "supporting childre", "[unfinished-page] the file ends in the middle of a sentence; restore what is missing, or end the sentence and the line"}}},
		{"a page's file that ends with a whole sentence, and one with an item of a list",
			edits(func(t *testing.T, files fstest.MapFS) {
				write(purpose, read(t, files, purpose)+"\nIt is in supporting children.")(t, files)
				write(issues, read(t, files, issues)+"\n- it is in supporting children")(t, files)
			}), nil},
		{"a long sentence in a list",
			edits(addText("- one\n- " + words(26))), problems{{purpose, "- Services", longSentence}}},
		{"a long sentence with a link, emphasis and signs",
			edits(addText("Services *word* [word](/glossary.md) word **word** " + strings.Repeat("word ", 21) + "\u2013.")),
			problems{{purpose, "Services *word", longSentence}}},
		{"a sentence of 25 words, and short sentences next to each other",
			edits(addText(words(25)+". "+words(14)+". "+words(14)+"."), addText(words(20)+"\n\n"+words(20))), nil},
		{"somebody else's words, and text that is not a sentence",
			edits(addText("> " + words(40) + "\n\n| a | b |\n|---|---|\n| " + words(40) + " | c |\n\nThe Board says: \"" + words(30) + ".\" So it is.\n\n![A dot](dot.png)\n\n### " + words(30) + "\n\nText.")),
			nil},
		{"a long title, and a long update",
			edits(replace(recommendations, `title = "Make bereavement services more available and easier to use"`, `title = "`+words(26)+`"`),
				replace(recommendations, "[bereavement]", "[[think-family.updates]]\ndate = 2015-12-01\nby = [\"safer-leeds-partnership\"]\nanswer = \"accepted\"\ntext = \""+words(26)+".\"\nsource = \"https://example.org/\"\n\n[bereavement]")),
			problems{{recommendations, `title = "Services`, longSentence}, {recommendations, `text = "Services`, longSentence}}},
		{"a measure moves the other way than it says",
			edits(replace(measures, "[early-help]\n", "[early-help]\nunit = \"plans\"\nvalues = [{ period = \"2013\", value = 99 }, { period = \"2014\", value = 10 }]\n")),
			problems{{measures, "direction = \"rising\"\npace = \"steadily\"", "[direction] the measure “early-help” is rising, but goes from 99 in 2013 to 10 in 2014; correct the direction or the figures; if both are right, ignore this"}}},
		{"a falling measure of large figures rises",
			edits(replace(measures, "[early-help]\n", "[early-help]\nunit = \"£\"\nvalues = [{ period = \"2013\", value = 1200000 }, { period = \"2014\", value = 1250000 }]\n"), replace(measures, "direction = \"rising\"\npace = \"steadily\"", "direction = \"falling\"\npace = \"steadily\"")),
			problems{{measures, "direction = \"falling\"\npace = \"steadily\"", "[direction] the measure “early-help” is falling, but goes from £1,200,000 in 2013 to £1,250,000 in 2014; correct the direction or the figures; if both are right, ignore this"}}},
		{"figures go back in time",
			edits(replace(measures, "[early-help]\n", "[early-help]\nunit = \"plans\"\nvalues = [{ period = \"2012/13\", value = 9 }, { period = \"2010/11\", value = 8 }, { period = \"2013/14\", value = 10 }]\n")),
			problems{{measures, "[early-help]", "[periods] the figures of the measure “early-help” go back from 2012/13 to 2010/11; put them in order of time, as a chart shows them; if the order is right, ignore this"}}},
		{"figures of three months in a year, and of places",
			edits(replace(measures, "[early-help]\n", "[early-help]\nunit = \"plans\"\nvalues = [{ period = \"May 2013\", value = 9 }, { period = \"June 2013\", value = 9.5 }, { period = \"North\", value = 10 }]\n")), nil},
		{"a measure moves there and back",
			edits(replace(measures, "[early-help]\n", "[early-help]\nunit = \"plans\"\nvalues = [{ period = \"2012\", value = 9 }, { period = \"2013\", value = 99 }, { period = \"2014\", value = 10 }]\n")), nil},
		{"a long role and a long meaning",
			edits(replace("data/organisations.toml", `role = "`, `role = "`+words(26)+`. `), replace("data/glossary.toml", `meaning = "`, `meaning = "`+words(26)+`. `)),
			problems{{"data/organisations.toml", `role = "Services`, longSentence}, {"data/glossary.toml", `meaning = "Services`, longSentence}}},
		{"a long wording, which is a matter of record",
			edits(replace(themes, `stem = "`, `stem = "`+words(40)+". ")), nil},
		{"a comment with text to be written on a page outside reports, and one without",
			edits(write("content/accessibility.md", "+++\ntitle = \"Accessibility\"\ndescription = \"How to reach us.\"\n+++\n\nTell us.\n\n<!-- One\nTO WRITE: an address. -->\n\n<!-- To write is not all. -->\n")),
			problems{{"content/accessibility.md", "TO WRITE", "[to-write] a comment here marks text that is still to be written; write it and delete the comment"}}},
		{"the organisation of the example",
			edits(replace("data/organisations.toml", "[adult-safeguarding-board]", "[example-body]\nname = \"Example body\"\nrole = \"It does not exist.\"\n\n[adult-safeguarding-board]")),
			problems{{"data/organisations.toml", "[example-body]", "[to-write] the site still has the organisation of the example report; write your own report in place of the example, and delete this record"}}},
		{"telephone numbers of odd lengths",
			edits(replace(contacts, `"0808 800 5000"`, `"0808 800 50001"`), replace(contacts, `"0800 1111"`, "\"0909 100 200\"\ntext = \"0113 222\""), replace(contacts, `"999"`, `"1"`)),
			problems{{contacts, `"0808 800 50001"`, "[contact-number] 0808 800 50001 has 12 digits; numbers that begin with 0 have 10 or 11; compare it with the page of the service; if it is right, ignore this"},
				{contacts, `"0909 100 200"`, "[contact-number] 0909 100 200 begins with 09, and such calls are expensive; compare it with the page of the service; if it is right, ignore this"},
				{contacts, `"0113 222"`, "[contact-number] 0113 222 has 7 digits; numbers that begin with 0 have 10 or 11; compare it with the page of the service; if it is right, ignore this"},
				{contacts, `"1"`, "[contact-number] 1 has 1 digit; numbers that do not begin with 0 have 3 to 6; compare it with the page of the service; if it is right, ignore this"}}},
		{"a telephone number in a link, and one of usual length",
			edits(addText("Ring [0909 123 456](tel:0909123456) or [0113-222-4403](tel:0113-222-4403).")),
			problems{{purpose, "0909 123", "[contact-number] 0909123456 begins with 09, and such calls are expensive; compare it with the page of the service; if it is right, ignore this"}}},
		{"telephone numbers of usual lengths",
			edits(replace(contacts, `"0808 800 5000"`, `"+44 113 222 4403"`), replace(contacts, `"0800 1111"`, "\"0800 1111\"\ntext = \"85258\""), replace(contacts, `"999"`, `"116 123"`)), nil},
		{"a contact checked over six months ago, and one checked exactly six months ago",
			edits(replace(contacts, "checked = 2026-11-23", "checked = 2026-05-31"), replace(contacts, "checked = 2026-11-23", "checked = 2026-06-01")),
			problems{{contacts, "checked = 2026-05-31", "[contact-checked] the contact “emergency” was last checked on 31 May 2026, over six months ago; try it, correct what has changed, and update the date in checked"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := first(t)
			files["content/2014/dot.png"] = &fstest.MapFile{Data: []byte(dot)}
			for _, edit := range test.edits {
				edit(t, files)
			}
			match(t, files, load(t, files).Advice, test.want)
		})
	}
}

// By default, there is one line for each rule, however much advice it gives.
func TestAdviceLines(t *testing.T) {
	one := report.Problem{Place: report.Place{File: "content/2014/purpose.md"}, Pages: []string{"/2014/purpose/"}, Rule: "weight", What: "heavy", Do: "split it"}
	two := report.Problem{Place: report.Place{File: "content/2014/background.md"}, Pages: []string{"/2014/background/"}, Rule: "weight", What: "heavy"}
	three := report.Problem{Place: report.Place{File: "data/contacts.toml", Line: 12}, Rule: "contact-checked", What: "old"}
	for _, test := range []struct {
		advice report.Advice
		want   []string
	}{
		{nil, nil},
		{report.Advice{one}, []string{"advice: content/2014/purpose.md: /2014/purpose/: [weight] heavy; split it"}},
		{report.Advice{three, one, two}, []string{
			"advice: [weight] 2 pages take more than 14,600 bytes to send: /2014/purpose/ and /2014/background/; more",
			"advice: data/contacts.toml:12: [contact-checked] old"}},
		{report.Advice{three, three, three, three}, []string{"advice: [contact-checked] 4 contacts have not been checked for six months: data/contacts.toml:12, data/contacts.toml:12 and 2 more; more"}},
	} {
		if got := test.advice.Lines("; more"); !slices.Equal(got, test.want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
}

// Advice on a draft is only for the preview.
func TestAdviceOfDrafts(t *testing.T) {
	files := second(t)
	const page = "content/2015/purpose.md"
	replace("content/2015/_index.md", "date =", "draft = true\ndate =")(t, files)
	write(page, read(t, files, page)+"\n"+words(26)+".\n")(t, files)
	match(t, files, load(t, files).Advice, nil)
	lib, err := report.LoadDrafts(files, today)
	if err != nil {
		t.Fatal(err)
	}
	match(t, files, lib.Advice, problems{{page, "Services", longSentence}})
}

// On a later day, only the advice on dates is different.
func TestAdviceLater(t *testing.T) {
	lib, err := report.Load(first(t), today.Add(300*24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]int{}
	for _, p := range lib.Advice {
		rules[p.Rule]++
	}
	if want := map[string]int{"contact-checked": len(lib.Contacts), "as-at": 1}; !maps.Equal(rules, want) {
		t.Errorf("the advice is %v, want %v", rules, want)
	}
}
