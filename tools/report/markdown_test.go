package report_test

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// page is an extra page of the tests' own report, without a number. withText returns the
// report with this text on it.
const page = "content/2014/annex.md"

func withText(text string) func(*testing.T) fstest.MapFS {
	return func(*testing.T) fstest.MapFS {
		files := testkit.MemorySource()
		files[page] = &fstest.MapFile{Data: []byte("+++\ntitle = \"Annex\"\ndescription = \"An annex.\"\n+++\n\n" + text + "\n")}
		return files
	}
}

const (
	notRead     = "only a paragraph's number, {#6.9}, and a table's caption, {caption=\"…\"}, work here"
	literally   = "[attributes] the { here begins a number or caption, and would be shown as it is; put it on its own line, as in {#6.9}, with straight quotes around a caption; for a plain { write \\{"
	unread      = "[attributes] this line begins with a { and cannot be read; put a paragraph's number or a table's caption alone on the line, as in {#6.9}; for a plain { write \\{"
	unplaced    = "is not below a paragraph: lists, tables, quotations and pictures, and any text in them, cannot have a number; write it as the last line of a paragraph of text"
	addColumn   = "add a column to the head and to the line of hyphens; for a | within a cell write \\|"
	noTable     = "[table] this line looks like a part of a table, but would be shown as it is; put a line of hyphens such as |---|---| below the head of the table, with as many cells as the head"
	headingMove = "[heading] a heading cannot be part of a quotation, a list or a footnote; move it out, or put its words in bold, **as here**"
)

// Markdown that Hugo would lose, or show as it is written, is refused. Markdown that is
// nearly the same is not.
func TestMarkdownMistakes(t *testing.T) {
	t.Parallel()
	for _, m := range []struct{ name, text, line, message string }{
		{"a number without a paragraph", "Words.\n\n{#1}", "{#1}", "[attributes] there is no paragraph directly above the number “{#1}”; write it as the last line of its paragraph, with no empty line between"},
		{"a number after words", "Words. {#1}", "Words. {", literally},
		{"a number below words, with more after it", "Words.\n{#1} More.", "{#1}", unread},
		{"a number before words", "{#1} Words.", "{#1}", unread},
		{"a number that is not closed", "Words.\n{#1", "{#1", unread},
		{"a number over two lines", "Words.\n{#1\n}", "{#1", unread},
		{"a number with a comma", "Words.\n{#1,2}", "{#1,2}", literally},
		{"a number in the middle of its paragraph", "Words.\n{#1}\nMore.", "{#1}", "[attributes] the text below this line would be a separate paragraph; move the line to the end of the paragraph, or leave an empty line below it"},
		{"a name for a paragraph", "Words.\n{#why}", "{#why}", "[attributes] “{#why}” cannot be the number of a paragraph; use digits and full stops, as in {#6.9}, with a word before them for a separate series, as in {#finding-12}"},
		{"an empty number", "Words.\n{#}", "{#}", "[attributes] “{#}” cannot be the number of a paragraph; use digits and full stops, as in {#6.9}, with a word before them for a separate series, as in {#finding-12}"},
		{"an id without quotes", "Words.\n{id=1}", "{id=1}", "[attributes] “{id=1}” cannot be the number of a paragraph; use digits and full stops, as in {#6.9}, with a word before them for a separate series, as in {#finding-12}"},
		{"a number that looks like a record", "Words.\n{#requirement-1}", "{#req", "[attributes] “requirement-1” could be mistaken for the address of a record; give the paragraph another number"},
		{"a heading that looks like a record", "## Words {#requirement-1}\n\nText.", "## W", "[paragraph-number] “requirement-1” could be mistaken for the address of a record; give the heading another number or name, or none"},
		{"a number below a heading", "## Words\n{#1}\n\nText.", "{#1}", "[attributes] “{#1}” is below its heading; write it at the end of the heading's line, as in ### Early help {#3.8}"},
		{"a number for a list", "- words\n{#1}", "{#1}", "[attributes] “{#1}” " + unplaced},
		{"a number in a list", "- words\n  {#1}", "{#1}", "[attributes] “{#1}” " + unplaced},
		{"a number in a quotation", "> Words.\n> {#1}", "{#1}", "[attributes] “{#1}” " + unplaced},
		{"a number for a picture", "![A drawing](/icon.svg)\n{#1}", "{#1}", "[attributes] “{#1}” " + unplaced},
		{"a number for a table", "| a |\n|---|\n| b |\n{#1}", "{#1}", "[attributes] “{#1}” " + unplaced},
		{"a class", "Words.\n{.wide}", "{.wide}", "[attributes] “class” cannot be set in a page; delete the line; " + notRead},
		{"a style", "Words.\n{style=\"color:red\"}", "{style", "[attributes] “style” cannot be set in a page; delete the line; " + notRead},
		{"an event handler", "Words.\n{onclick=\"x\"}", "{onclick", "[attributes] “onclick” cannot be set in a page; delete the line; " + notRead},
		{"a number and a class", "Words.\n{#1 .wide}", "{#1", "[attributes] “{#1 .wide}” is not a single number or caption; write one of them; " + notRead},
		{"empty braces", "Words.\n{}", "{}", "[attributes] “{}” is not a single number or caption; write one of them; " + notRead},
		{"a class for a heading", "## Words {.wide}\n\nText.", "## W", "[attributes] “class” cannot be set in a page; delete it; a heading can only have a number or a name, as in {#3.8}"},
		{"an id without quotes for a heading", "## Words {id=1}\n\nText.", "## W", "[paragraph-number] the number after this heading cannot be read; end the line with it, as in ### Early help {#3.8}"},
		{"a caption without a table", "Words.\n{caption=\"A\"}", "{caption", `[attributes] there is no table directly above this caption; write it on the line below the table; a picture's caption goes after its file: ![what it shows](file.png "the caption")`},
		{"a caption apart from its table", "| a |\n|---|\n| b |\n\n{caption=\"A\"}", "{caption", `[attributes] there is no table directly above this caption; write it on the line below the table; a picture's caption goes after its file: ![what it shows](file.png "the caption")`},
		{"a caption in curly quotes", "| a |\n|---|\n| b |\n{caption=“A”}", "{caption", literally},
		{"an empty caption", "| a |\n|---|\n| b |\n{caption=\" \"}", "{caption", `[attributes] this caption has no text in quotes; write {caption="…"}`},
		{"a heading in a quotation", "> ## Words\n>\n> Text.", "> ##", headingMove},
		{"a heading in a list", "- ## Words", "- ##", headingMove},
		{"a heading with only a comment", "## Words\n\n<!-- to come -->", "## W", "[empty-paragraph] there is no text below this heading; restore it, or delete the heading"},
		{"a heading with only a footnote", "Text.[^1]\n\n## Words\n\n[^1]: A note.", "## W", "[empty-paragraph] there is no text below this heading; restore it, or delete the heading"},
		{"a heading with the id of another element", "## Words {#help}\n\nText.", "## W", "[repeated-id] the page itself already uses the name “help”; give the heading another name, or none"},
		{"a footnote without a text", "Words.[^1]", "Words", "[footnote] the footnote [^1] has no text; write it on its own line, at the end of the page: [^1]: …"},
		{"a footnote that nothing cites", "Words.\n\n[^1]: A note.", "[^1]", "[footnote] nothing cites this footnote, so it would be left out; write [^1] where it belongs, or delete it"},
		{"two texts of a footnote", "Words.[^1]\n\n[^1]: A note.\n[^1]: Another.", "[^1]: An", "[footnote] the footnote [^1] has two texts; give one of them another number, here and where it is cited"},
		{"a dash before the last line", "> — Words\n> and more.", "> —", "[bullet] this line begins with a —, as lists in word processors do, and would not be shown as a list; begin it with a hyphen and a space, and leave an empty line above the list"},
		{"only a line with a dash in a quotation", "> — Words", "> —", "[bullet] this line begins with a —, as lists in word processors do, and would not be shown as a list; begin it with a hyphen and a space, and leave an empty line above the list"},
		{"a dash outside a quotation", "Words\n— A young woman", "— A", "[bullet] this line begins with a —, as lists in word processors do, and would not be shown as a list; begin it with a hyphen and a space, and leave an empty line above the list"},
		{"a row with more cells than the head", "| Plans | 2013 |\n|--|--|\n| In force | 1,021 | 798 |", "| In", "[table] this row has 3 cells, but the head of the table has 2, so “798” would be left out; " + addColumn},
		{"two | signs in a cell", "| Plans | 2013 |\n|--|--|\n| a | 1 |\n| b || y |", "| b", "[table] this row has 3 cells, but the head of the table has 2, so “y” would be left out; " + addColumn},
		{"a row without outer | signs", "> Plans | 2013\n> --|--\n> x | y | z", "> x", "[table] this row has 3 cells, but the head of the table has 2, so “z” would be left out; " + addColumn},
		{"a | in code", "| Plans | 2013 | 2014 |\n|--|--|--|\n| `a|b` | 1 |", "| `a", "[table] the | between ` signs in this row would begin a new cell; for a | within a cell write \\|"},
		{"a row without words", "| a | b |\n|--|--|\n| | |\n| c | d |", "| |", "[table] this row of the table has no words; fill it in, or delete it"},
		{"a table without rows", "Words.\n\n| a | b |\n|--|--|\n\nMore.", "| a", "[table] this table has a head but no rows; add its rows below the line of hyphens, with no empty line between"},
		{"a table without a head", "| | |\n|--|--|\n| a | b |", "| |", "[table] this table has no words in its head; write what each column shows between the | signs"},
		{"a head with more cells than its line of hyphens", "| a | b | c |\n|--|--|\n| d | e | f |", "| a", noTable},
		{"a table without a line of hyphens", "| a | b |\n| c | d |", "| a", noTable},
		{"two captions", "| a |\n|---|\n| b |\n{caption=\"A\"}\n{caption=\"B\"}", "{caption=\"B", "[attributes] there is already a number or caption on the line above; delete one of them"},
		{"two numbers", "Words.\n{#1}\n{#2}", "{#2}", "[attributes] there is already a number or caption on the line above; delete one of them"},
		{"an empty heading", "## \n\nText.", "##", "[heading] this heading has no words; write them after the # signs, or delete the line"},
		{"a heading with the id of the menu", "## Words {#ways}\n\nText.", "## W", "[repeated-id] the page itself already uses the name “ways”; give the heading another name, or none"},
		{"a heading with the id of the help", "## Words {#title-help}\n\nText.", "## W", "[repeated-id] the page itself already uses the name “title-help”; give the heading another name, or none"},
		{"two hyphens before the source of a quotation", "> Quote.\n> -- Jane", "> --", "[quotation] this line begins with --, so it would not be shown as the source of the quotation; write — in place of --"},
		{"a product of numbers", "The sum is 2*3*4.", "The", "[emphasis] the * signs next to a digit or letter here would not be shown; write \\* for a plain *"},
		{"a formula", "It is H~2~O.", "It", "[emphasis] the ~ signs next to a digit or letter here would not be shown; write \\~ for a plain ~"},
		{"a list whose numbers have gaps", "1. a\n3. b\n7. c", "3.", "[list-number] this item is number 3, but would be shown as 2; number the items one after another; if the numbers must stay, write 3\\. and put each item in a paragraph of its own"},
		{"a list that counts down", "3. a\n2. b\n1. c", "2.", "[list-number] this item is number 2, but would be shown as 4; number the items one after another; if the numbers must stay, write 2\\. and put each item in a paragraph of its own"},
		{"a footnote that is a list", "Words.[^1]\n\n[^1]: - a\n    - b", "[^1]: -", "[footnote] this footnote ends with a list, a table or a quotation; end it with a sentence"},
		{"only a soft hyphen", "Words.\n\n\u00ad", "\u00ad", "[hidden-character] there are only invisible characters here; delete them"},
		{"a character that was lost", "A caf\ufffd.", "A caf", "[hidden-character] there is a sign in place of a character that was lost (U+FFFD) after “A caf”; delete it together with the letters around it, and type those again"},
		{"a box", "> [!NOTE]\n> Words.", "> [!", "[quotation] “[!NOTE]” does not make a box on this site; delete it, and the > at the start of each line unless it is a quotation"},
	} {
		try(t, withText(m.text), []mistake{{m.name, nil, problems{{page, m.line, m.message}}}})
	}
	for _, text := range []string{
		"Words.\n{#1}", "Words.\n{ #1 }", "Words.\n{id=\"1\"}", "Words.\n{#finding-1}\n\n- a list", "[A link](/glossary.md)\n{#1}", "![A drawing](/icon.svg) and words.\n{#1}",
		`Words. \{#1}`, `\{#1}`, "{ and }", "Words {a}.", "Words.\n{{ x }}",
		"| a |\n|---|\n| b |\n{caption=\"A\"}", "- in a list:\n\n  | a |\n  |---|\n  | b |\n  {caption=\"A\"}",
		"## Words\n\nText.\n{#1}", "## Words\n\n### More\n\nText.", "## Help\n\nText.",
		"Words.[^1] And again.[^1]\n\n[^1]: A note.", `Words \[^1].`, "Words.[^a]\n\nMore.\n\n[^a]: One.\n\n    Two.",
		"| Plans | 2013 |\n|--|--|\n| `a\\|b` | c \\| d |\n| x | y ||\n| z\n", "| | b |\n|--|--|\n| | 1 |", "Between | and | there is |a|.", "a | b\n- | -\n1 | 2",
		"1. a\n1. b\n1. c", "4. a\n5. b\n\n   more\n6. c", "1. a\n   - b\n2. c", "*2013* and 2013*a* and **3**rd and ~~5~~, ~5 to ~10 and 2 * 3 * 4", "> Words -- more.\n> And -- Jane.", "Words.[^1]\n\n[^1]: - a\n\n    End.",
		"> Words.\n> — A young woman, 16", "> Words.\n>\n> – Who", "> > Words.\n> > — Who",
	} {
		if _, err := report.Load(withText(text)(t), today); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// passages returns a page's passages, each as its id, number, series, level and line.
func passages(lib *report.Library, path string) (all []string) {
	for _, h := range lib.Page(path).Passages {
		all = append(all, fmt.Sprintf("%s|%s|%s|%d|%d", h.ID, h.Number, h.Series, h.Level, h.Place.Line))
	}
	return all
}

func TestPassages(t *testing.T) {
	t.Parallel()
	lib := load(t, withText("Before.\n\nOne,\nover two lines.\n{#9.1}\n\n- of it\n\n[Two](#9.1).\n{#9.2}\n\n## Why\n\nThree.\n{#audit-finding-1}\n\n### Appendix {#A1}\n\nText.\n\n## Contents\n\nText.\n\n## Follow-up: what’s “next”_1\n\nText.")(t))
	want := []string{"9.1|9.1||0|10", "9.2|9.2||0|15", "why|||2|17", "audit-finding-1|1|audit-finding|0|20", "A1|A1||3|22", "contents-1|||2|26", "follow-up-whats-next_1|||2|30"}
	if got := passages(lib, "/2014/annex"); !slices.Equal(got, want) {
		t.Errorf("passages\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A heading of a summary does not take an id of the summary's other elements.
func TestSummaryIDs(t *testing.T) {
	t.Parallel()
	files := testkit.MemorySource()
	files[summary] = &fstest.MapFile{Data: []byte(read(t, files, summary) + "\n## Data\n\nText.\n")}
	lib := load(t, files)
	all := lib.Page("/2014").Passages
	if got := all[len(all)-1].ID; got != "data-1" {
		t.Errorf("the heading has the id %s", got)
	}
}

// A term in a footnote is used in the passage that cites the footnote.
func TestLinkInFootnote(t *testing.T) {
	t.Parallel()
	lib := load(t, withText("Words.[^1]\n{#1}\n\n## Later\n\nText.\n\n[^1]: See [the term](/glossary.md#term-core-group).")(t))
	for _, term := range lib.Glossary {
		if term.ID == "core-group" && !slices.ContainsFunc(term.Uses, func(h *report.Passage) bool { return h.ID == "1" }) {
			t.Errorf("the term is used in %v", term.Uses)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	p := load(t, withText("Before.\n\nOne.\n{#9.1}\n\n- of it\n\n## Why\n\nText.[^1]\n\n[^1]: A note.")(t)).Page("/2014/annex")
	const text = "<p>Before.</p>\n<p id=\"9.1\">One.</p>\n<ul>\n</ul>\n<h2 id=\"why\">Why</h2>\n<p>Text.</p>\n"
	const notes = `<div class="footnotes" role="doc-endnotes"><a role="doc-backlink">↩</a></div>`
	pieces, err := p.Cut(text + notes)
	if err != nil {
		t.Fatal(err)
	}
	want := []report.Piece{{Text: "<p>Before.</p>\n"}, {Passage: p.Passages[0], Paragraph: "One.", Text: "<ul>\n</ul>\n"},
		{Passage: p.Passages[1], Heading: "Why", Text: "<p>Text.</p>\n"}, {Text: notes, Notes: true}}
	if !slices.Equal(pieces, want) {
		t.Errorf("pieces %+v\nwant %+v", pieces, want)
	}
	if got := pieces[3].LabelLinks(`"Back"`); !strings.Contains(string(got), `<a role="doc-backlink" aria-label="&#34;Back&#34;">`) {
		t.Error(got)
	}
	for _, other := range []template.HTML{"<p>Before.</p>", `<h2 id="a">A</h2><p id="9.1">B</p>`, `<p id="9.2">A</p><h2>B</h2>`, text + `<p id="2">More.</p>`} {
		if _, err := p.Cut(other); err == nil {
			t.Errorf("%q is cut without an error", other)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	p := load(t, withText("Before.")(t)).Page("/2014/annex")
	for text, want := range map[template.HTML]template.HTML{
		`<p><img src="a" alt="b" title="c &quot;d&quot;"></p>`:       `<figure><img src="a" alt="b"><figcaption>c &quot;d&quot;</figcaption></figure>`,
		`<p><img src="a" alt="b"></p>`:                               `<p><img src="a" alt="b"></p>`,
		`<p>See <img src="a" alt="b" title="c"></p>`:                 `<p>See <img src="a" alt="b" title="c"></p>`,
		`<p><img src="a" title="b"> <img src="c" title="d"></p>`:     `<p><img src="a" title="b"> <img src="c" title="d"></p>`,
		`<p><img src="a" title="b"></p><p><img src="c" alt="d"></p>`: `<figure><img src="a"><figcaption>b</figcaption></figure><p><img src="c" alt="d"></p>`,
	} {
		if pieces, err := p.Cut(text); err != nil || pieces[0].Text != want {
			t.Errorf("%s is %v, %v", text, pieces, err)
		}
	}
}

func TestQuotation(t *testing.T) {
	t.Parallel()
	var p *report.Page
	for text, want := range map[string]report.Quotation{
		"<p>Words.</p>\n<p>— Who</p>\n":               {Words: "<p>Words.</p>", From: "— Who"},
		"<p>Words.\n— <em>Who</em></p>\n":             {Words: "<p>Words.</p>", From: "— <em>Who</em>"},
		"<p>Words.<br>\n–\u00a0Who</p>\n":             {Words: "<p>Words.</p>", From: "–\u00a0Who"},
		"<ul><li>a</li></ul>\n<p>— Who</p>\n":         {Words: "<ul><li>a</li></ul>", From: "— Who"},
		"<p>Words — more.</p>\n":                      {Words: "<p>Words — more.</p>\n"},
		"<p>— Who</p>\n":                              {Words: "<p>— Who</p>\n"},
		"<p>A</p>\n<p>— Who</p>\n<p>More.</p>\n":      {Words: "<p>A</p>\n<p>— Who</p>\n<p>More.</p>\n"},
		"<p>A</p>\n<p>—more</p>\n":                    {Words: "<p>A</p>\n<p>—more</p>\n"},
		"<p>A</p>\n<p>— Who</p>\n<figure></figure>\n": {Words: "<p>A</p>\n<p>— Who</p>\n<figure></figure>\n"},
	} {
		if got := p.Quotation(text); got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
}

// On the page of the whole report, no two passages have the same id, numbered passages
// keep theirs, and links lead to them.
func TestWholeIDs(t *testing.T) {
	t.Parallel()
	files := testkit.MemorySource()
	add := func(name, text string) {
		files[name] = &fstest.MapFile{Data: []byte(string(files[name].Data) + "\n" + text)}
	}
	add("content/2014/background.md", "## Why {#why}\n\nText.\n\n## Only here\n\nText.\n\n## Theme of it\n\nText.\n\n## Recommendations\n\nText.")
	add("content/2014/purpose.md", "## Why {#why}\n\nSee [why](#why), [why](background.md#why) and [3.1](main-issues.md#3.1).")
	add("content/glossary.md", "## Only there\n\nText.")
	lib := load(t, files)
	uses := map[string]bool{}
	ids := map[string]string{}
	for _, path := range []string{"/2014/background", "/2014/purpose", "/2014/main-issues", "/glossary"} {
		for _, h := range lib.Page(path).Passages {
			if uses[h.WholeID] {
				t.Errorf("two passages have the id %s", h.WholeID)
			}
			uses[h.WholeID] = true
			ids[path+"#"+h.ID] = h.WholeID
		}
	}
	for place, want := range map[string]string{"/2014/background#why": "background-why", "/2014/purpose#why": "purpose-why", "/2014/background#only-here": "only-here",
		"/2014/background#theme-of-it": "background-theme-of-it", "/2014/background#recommendations": "background-recommendations", "/2014/main-issues#3.1": "3.1", "/glossary#only-there": "glossary-only-there"} {
		if ids[place] != want {
			t.Errorf("%s has the id %q, want %q", place, ids[place], want)
		}
	}
	p := lib.Page("/2014/purpose")
	for destination, want := range map[string]string{"#why": "#purpose-why", "background.md#why": "#background-why", "main-issues.md#3.1": "#3.1", "background.md": "#background"} {
		if got, err := p.Href(destination, true); err != nil || got != want {
			t.Errorf("on the page of the whole report, %s leads to %s, want %s (%v)", destination, got, want, err)
		}
	}
	whole := lib.Reports[0].Whole
	if got := whole.Link(p.Passages[len(p.Passages)-1]); got != "#purpose-why" {
		t.Errorf("the page of the whole report links to %s", got)
	}
}
