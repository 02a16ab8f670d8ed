package report_test

import (
	"testing"
)

// Mistakes in links and pictures are reported at their lines.
func TestLinkMistakes(t *testing.T) {
	t.Parallel()
	try(t, first, []mistake{
		{"a link to a term that does not exist",
			edits(replace(issues, "term-early-help", "term-early-hlp")),
			problems{{issues, "term-early-hlp", "[link] the link “Early help” to “/glossary.md#term-early-hlp” goes to #term-early-hlp, which content/glossary.md does not have; use a number or name that it has"}}},
		{"a link to a page that does not exist",
			edits(replace(issues, "/glossary.md#term-early-help", "/glosary.md")),
			problems{{issues, "/glosary.md", "[link] the link “Early help” to “/glosary.md” goes to a page that does not exist; name a file in content, such as main-issues.md#3.9 or /glossary.md#term-early-help"}}},
		{"a link to a paragraph that does not exist",
			edits(replace(issues, "(#3.7)", "(#3.77)")),
			problems{{issues, "(#3.77)", "[link] the link “3.7” to “#3.77” goes to #3.77, which this page does not have; use a number or name that it has"}}},
		{"a link to a challenge that does not exist",
			edits(replace(issues, "(#3.7)", "(conclusions.md#challenge-erly-help)")),
			problems{{issues, "erly", "[link] the link “3.7” to “conclusions.md#challenge-erly-help” goes to #challenge-erly-help, which content/2014/conclusions.md does not have; use a number or name that it has"}}},
		{"a link that runs a script",
			edits(replace(issues, "(#3.7)", "(javascript:alert(1))")),
			problems{{issues, "javascript", "[link] the link “3.7” to “javascript:alert(1)” has a kind of address that pages cannot use; use one that begins with https://, mailto: or tel:"}}},
		{"a link to data",
			edits(replace(issues, "(#3.7)", "(DATA:text/html,x)")),
			problems{{issues, "DATA:", "[link] the link “3.7” to “DATA:text/html,x” has a kind of address that pages cannot use; use one that begins with https://, mailto: or tel:"}}},
		{"a link without a scheme",
			edits(replace(issues, "(#3.7)", "(//example.org/x)")),
			problems{{issues, "//example.org", "[link] the link “3.7” to “//example.org/x” has an address without https:; write https://example.org/x"}}},
		{"a link without an address",
			edits(replace(issues, "(#3.7)", "()")),
			problems{{issues, "[3.7]()", "[link] the link “3.7” to “” goes nowhere; write the address between the round brackets"}}},
		{"a missing picture",
			edits(replace(issues, "Progress is also", "![A chart](chart.png)\nProgress is also")),
			problems{{issues, "chart.png", "[image] there is no picture “chart.png”; put the file in the page's folder, and check the spelling of its name"}}},
		{"a picture without a description",
			edits(replace(issues, "Progress is also", "![](/icon.svg)\nProgress is also")),
			problems{{issues, "![]", "[image] the picture “/icon.svg” has no description; say what it shows: ![what it shows](/icon.svg)"}}},
		{"a picture on another site",
			edits(replace(issues, "Progress is also", "![A chart](https://example.org/x.png)\nProgress is also")),
			problems{{issues, "example.org", "[image] the picture “https://example.org/x.png” is not on this site; save it beside the page and write only its name"}}},
		{"a link to another site without https",
			edits(replace(issues, "(#3.7)", "(www.leeds.gov.uk)")),
			problems{{issues, "www.leeds", "[link] the link “3.7” to “www.leeds.gov.uk” goes to a page that does not exist; for a page on another site, write https://www.leeds.gov.uk"}}},
		{"a picture without its !",
			edits(replace(issues, "(#3.7)", "(chart.png)")),
			problems{{issues, "chart.png", "[link] the link “3.7” to “chart.png” goes to a page that does not exist; to show a picture, put ! before it: ![what it shows](chart.png)"}}},
		{"a link with an invalid address",
			edits(replace(issues, "(#3.7)", "(https://example.org/%zz)")),
			problems{{issues, "%zz", "[link] the link “3.7” to “https://example.org/%zz” has an address that cannot be read; copy it again from the browser"}}},
		{"a link with a name before its host",
			edits(replace(issues, "(#3.7)", "(https://www.leeds.gov.uk@example.org/)")),
			problems{{issues, "@example", "[link] the link “3.7” to “https://www.leeds.gov.uk@example.org/” has a name before its domain, and can look like another site’s; delete the @ and everything before it"}}},
		{"a host with letters that look like others",
			edits(replace(issues, "(#3.7)", "(https://www.лидс.gov.uk/)")),
			problems{{issues, "лидс", "[link] the link “3.7” to “https://www.лидс.gov.uk/” has a domain with letters outside a to z, and can look like another site’s; copy it again from the browser, or link to another page that says the same"}}},
		{"a host without a full stop",
			edits(replace(issues, "(#3.7)", "(https://intranet/)")),
			problems{{issues, "(https://intranet/)", "[link] the link “3.7” to “https://intranet/” has a domain without a full stop, which only works inside an organisation; copy it again from the browser, or link to another page that says the same"}}},
		{"one number in place of a host",
			edits(replace(issues, "(#3.7)", "(https://3232235777/)")),
			problems{{issues, "(https://3232235777/)", "[link] the link “3.7” to “https://3232235777/” has a number in place of a domain, so nobody can tell whose it is; copy it again from the browser, or link to another page that says the same"}}},
		{"a host with a full stop at its end",
			edits(replace(issues, "(#3.7)", "(https://www.gov.uk./)")),
			problems{{issues, "(https://www.gov.uk./)", "[link] the link “3.7” to “https://www.gov.uk./” has a full stop at the end of its domain; copy it again from the browser, or link to another page that says the same"}}},
		{"a host with a _",
			edits(replace(issues, "(#3.7)", "(https://a_b.example/)")),
			problems{{issues, "(https://a_b.example/)", "[link] the link “3.7” to “https://a_b.example/” has a _ in its domain, which no public site has; copy it again from the browser, or link to another page that says the same"}}},
		{"a scheme in capital letters",
			edits(replace(issues, "(#3.7)", "(HTTPS://www.example.org/)")),
			problems{{issues, "(HTTPS://www.example.org/)", "[link] the link “3.7” to “HTTPS://www.example.org/” begins with capital letters; write https: in lower case"}}},
		{"an address with a backslash",
			edits(replace(issues, "(#3.7)", `(https://www.example.org/\<a)`)),
			problems{{issues, "example.org", "[link] the link “3.7” to “https://www.example.org/\\<a” has a \\ in its address; copy it again from the browser"}}},
		{"a document beside the page",
			edits(replace(issues, "(#3.7)", "(letter.pdf)")),
			problems{{issues, "(letter.pdf)", "[link] the link “3.7” to “letter.pdf” goes to a document, and pages cannot link to one beside them; put the file into static, as static/2014/letter.pdf, and write /2014/letter.pdf"}}},
		{"a link without words",
			edits(replace(issues, "[3.7](#3.7)", "[](https://www.gov.uk/)")),
			problems{{issues, "[](", "[link] the link to “https://www.gov.uk/” has no words; write them between the square brackets"}}},
		{"a link to an e-mail address without mailto",
			edits(replace(issues, "(#3.7)", "(board@example.org)")),
			problems{{issues, "board@", "[link] the link “3.7” to “board@example.org” goes to a page that does not exist; for an e-mail address, write mailto:board@example.org"}}},
		{"a link out of the folder",
			edits(replace(issues, "(#3.7)", "(/../config.toml)")),
			problems{{issues, "config.toml", "[link] the link “3.7” to “/../config.toml” goes to a page that does not exist; name a file in content, such as main-issues.md#3.9 or /glossary.md#term-early-help"}}},
		{"a link to a missing file",
			edits(replace(issues, "(#3.7)", "(/2014/papers.txt)")),
			problems{{issues, "papers.txt", "[link] the link “3.7” to “/2014/papers.txt” goes to a page that does not exist; name a file in content, such as main-issues.md#3.9 or /glossary.md#term-early-help"}}},
		{"a picture that is a text file",
			edits(write("content/2014/chart.png", "Dear Board\n"), replace(issues, "Progress is also", "![A chart](chart.png)\nProgress is also")),
			problems{{issues, "chart.png", "[image] the picture “chart.png” cannot be read; save it again as a .png or .jpg file"}}},
		{"several mistakes at once",
			edits(replace(purpose, "glossary.md#term-challenge", "glossary.md#term-nothing"), replace(issues, "(#3.7)", "()"), replace(issues, "Progress is also", "![A chart](chart.png)\nProgress is also")),
			problems{{purpose, "term-nothing", "[link] the link “challenges” to “/glossary.md#term-nothing” goes to #term-nothing, which content/glossary.md does not have; use a number or name that it has"},
				{issues, "[3.7]()", "[link] the link “3.7” to “” goes nowhere; write the address between the round brackets"},
				{issues, "chart.png", "[image] there is no picture “chart.png”; put the file in the page's folder, and check the spelling of its name"}}},
	})
}

// Published pages cannot link to a draft.
func TestLinksToDraft(t *testing.T) {
	t.Parallel()
	try(t, draft, []mistake{
		{"to a paragraph, to the whole report and to the report",
			edits(replace(purpose, "This report is a brief", "[Next](/2015/purpose.md#1.1) [whole](/2015/full.html) [year](../2015/_index.md) This report is a brief")),
			problems{{purpose, "[Next]", "[link] the link “Next” to “/2015/purpose.md#1.1” goes to the report of 2015, which is an unpublished draft; publish that report too, or delete the link"},
				{purpose, "[Next]", "[link] the link “whole” to “/2015/full.html” goes to the report of 2015, which is an unpublished draft; publish that report too, or delete the link"},
				{purpose, "[Next]", "[link] the link “year” to “../2015/_index.md” goes to the report of 2015, which is an unpublished draft; publish that report too, or delete the link"}}},
	})
}

// Links can go to pages, paragraphs, records, the whole report, files and other sites.
// Pictures can be beside a page or in static.
func TestGoodLinks(t *testing.T) {
	t.Parallel()
	try(t, first, []mistake{
		{"links",
			edits(replace(purpose, "This report is a brief", `[a](background.md) [b](/2014/main-issues/#3.9) [c](conclusions.md#challenge-early-help)
[d](_index.md#measure-early-help) [e](/2014/full.html) [f](/icon.svg) [g](https://example.org/?a=1&b=2 "G") [h](mailto:a@example.org)
[999](tel:999) [j](/glossary.md#term-early-help) [k](organisations.md#organisation-safer-leeds-partnership) [l](#1.1) [m](/2014/paper.txt)
[n](conclusions.md#theme-voice) [o](recommendations.md#recommendation-bereavement) [p](http://example.org/) [q](../2014/_index.md#summary-1)

This report is a brief`)),
			nil},
		{"pictures",
			edits(write("content/2014/chart.png", dot), replace(issues, "Progress is also", "![A grey dot](chart.png \"A title\")\n\n![The icon](/icon.svg)\n\nProgress is also")),
			nil},
	})
}

// dot is the smallest possible picture.
var dot = png(1, 1)
