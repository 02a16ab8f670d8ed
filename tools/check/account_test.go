package check_test

import (
	"os"
	"path/filepath"
	"strings"

	"annualreport/tools/testkit"
)

// index is the advice on the second report's A to Z index.
const index = "layouts/a-to-z.html: /index/: [weight] the page takes <n>,<n> bytes to send; only 14,600 arrive at once; nothing has to be done: it grows with the records that it shows"

// repeating has a challenge whose title says one thing twice by itself.
var repeating = sampleOf("repeating", "", func(source string) error {
	name := filepath.Join(source, "data", "2014", "challenges.toml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(strings.Replace(string(text), `title = "Embed the early help approach"`, `title = "Ask again and again and again"`, 1)), 0o644)
})

// accountTrials are about the words of pages, and what else is on them and beside them.
var accountTrials = []trial{
	{
		rule: "text", name: "a denial",
		damage: []damage{edit(purpose, "How this site tells it", "How this site never tells it")},
		want:   `content/2014/purpose.md:«## How this site tells it»: /2014/purpose/: [text] “How this site tells it” is shown as “How this site never tells it”; build the site again; if the message stays, check layouts/_partials/text`,
	},
	{
		rule: "text", name: "white space, quotation marks and emphasis",
		damage: []damage{edit(purpose, "<main id=main>", "<main  id='main' >\n"), edit(purpose, " the ", "  <em>the</em>\n")},
	},
	{
		rule: "word", name: "a sentence more",
		damage: []damage{end(purpose, "<p>Nothing of this has been agreed.")},
		want:   `content/2014/purpose.md:14: /2014/purpose/: [word] “Nothing of this has been agreed.” comes neither from the report's text, nor from data/words or the data it is about; remove it from the layout, or add it to data/words or to the data`,
	},
	{
		rule: "word", name: "fixed words more",
		damage: []damage{end(purpose, "<p>On this page")},
	},
	{
		rule: "word", name: "a value said twice, and one of another item in a list",
		damage: []damage{
			edit(thinkFamily, "<p class=kicker>Recommendation 1, Annual report 2014", "<p class=kicker>Recommendation 1, Annual report 2014 Annual report 2014"),
			edit(thinkFamily, "Embed the Think Family protocol</a>", "Embed the Think Family protocol</a> In progress in September 2015 (11 years ago). We have found nothing newer.")},
		want: `
			data/2014/recommendations.toml: /2014/recommendations/think-family/: [word] “Challenge 4: Embed the Think Family protocol In progress in September 2015 (11 …” comes neither from the report's text, nor from data/words or the data it is about; remove it from the layout, or add it to data/words or to the data
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [word] “Recommendation 1, Annual report 2014 Annual report 2014” comes neither from the report's text, nor from data/words or the data it is about; remove it from the layout, or add it to data/words or to the data`,
	},
	{
		rule: "word", name: "a step of the breadcrumbs and one body's role are lost",
		damage: []damage{
			edit(purpose, "<li><a href=../../2014/index.html>Annual report 2014</a></li>", ""),
			edit(bodies, "The community safety partnership for Leeds.", "")},
		want: `
			content/2014/purpose.md: /2014/purpose/: [word] the breadcrumbs do not show the way to this page; check layouts/_partials/frame/breadcrumbs.html
			data/organisations.toml: /organisations/: [word] “The community safety partnership for Leeds.” is missing, though the list shows the same of every other entry; check the layout of the list`,
	},
	{
		rule: "word", name: "a link of the footer is lost, and one leads elsewhere",
		damage: []damage{
			edit(purpose, "<li><a href=../../2014/young-people/index.html>For young people</a></li>", ""),
			edit(background, "href=../../accessibility/index.html>Accessibility statement", "href=../../glossary/index.html>Accessibility statement")},
		want: `
			layouts/baseof.html: /2014/background/: [word] “Accessibility statement” is missing from the header or footer, where the report's other pages have it; build the site again; if the message stays, check layouts/_partials/frame
			layouts/baseof.html: /2014/purpose/: [word] “For young people” is missing from the header or footer, where the report's other pages have it; build the site again; if the message stays, check layouts/_partials/frame`,
	},
	{
		rule: "word", name: "a term without its description, and a section without its name",
		damage: []damage{
			edit(thinkFamily, "<dt>Related paragraphs</dt>", "<dt>Related paragraphs</dt><dt>Comes from</dt>"),
			edit(thinkFamily, "aria-labelledby=history", "aria-labelledby=none")},
		want: `
			data/2014/recommendations.toml: /2014/recommendations/think-family/: [word] a term in a list has no description after it; check that the layout writes the <dd>
			data/2014/recommendations.toml: /2014/recommendations/think-family/: [word] an element takes its name from none, which the page does not show; check that the layout writes it`,
	},
	{rule: "word", name: "a title that says one thing twice", site: repeating},
	{
		rule: "word", name: "struck out beside news that was withdrawn", site: damageSites[testkit.Second],
		damage: []damage{
			edit("2015/recommendations/doctors/index.html", "That a general practitioner be able to begin early help by one telephone call of less than five minutes.", "<s>That a general practitioner be able to begin early help by one telephone call of less than five minutes.</s>"),
			edit("2015/full.html", "<p>The line has been open to all 105 surgeries since 2 November.", "<p><s>The line has been open to all 105 surgeries since 2 November.</s>")},
		want: `
			content/2015/recommendations.md: /2015/full.html: [word] “The line has been open to all 105 surgeries since 2 November.” is struck out, but was not withdrawn; remove it from the layout, or add it to data/words or to the data
			data/2015/recommendations.toml: /2015/recommendations/doctors/: [word] “That a general practitioner be able to begin early help by one telephone call o…” is struck out, but was not withdrawn; remove it from the layout, or add it to data/words or to the data`,
		advice: index,
	},
	{
		rule: "word", name: "a number with a gap",
		damage: []damage{edit("2014/main-issues/index.html", ">3.9 </a>", ">3.9\n\n </a>"), edit("2014/main-issues/index.html", ">3.8 </a>", ">3.8</a> ")},
		want:   `content/2014/main-issues.md:«### Child protection plans»: /2014/main-issues/: [word] there is a gap in the number “3.9”; write it without line breaks in the layout, with at most one space at its end`,
	},
	{
		rule: "word", name: "news that was withdrawn, struck out", site: damageSites[testkit.Second],
		damage: []damage{edit("2015/full.html", "<s>Completed</s>", "<del>Completed</del>")},
		advice: index,
	},
	{
		rule: "word", name: "said twice in front of other words, in a heading, and before a link", site: damageSites[testkit.Second],
		damage: []damage{
			edit("2015/voice/index.html", ">What young people told us</h2>", ">What young people told us What young people told us</h2>"),
			edit("2015/challenges/think-family/index.html", "<b>Annual report 2014</b>", "<b>Annual report 2014 Annual report 2014</b>")},
		want: `
			content/2015/voice.md:«## What young people»: /2015/voice/: [text] “What young people told us” is shown as “What young people told us What young people told us”; build the site again; if the message stays, check layouts/_partials/text
			data/2015/challenges.toml: /2015/challenges/think-family/: [word] “Annual report 2014 Annual report 2014 Challenge 4: Embed the Think Family proto…” comes neither from the report's text, nor from data/words or the data it is about; remove it from the layout, or add it to data/words or to the data`,
		advice: index,
	},
	{
		rule: "head", name: "not for search engines",
		damage: []damage{edit(purpose, "<title>", "<meta name=robots content=noindex><title>")},
		want:   `content/2014/purpose.md: /2014/purpose/: [head] the head gives robots as “noindex”, unlike other pages; remove it from the layout`,
	},
	{
		rule: "head", name: "in another order, and in capitals, within what browsers look at",
		damage: []damage{edit(purpose, "<meta charset=utf-8>", strings.Repeat(" ", 900)+`<META CHARSET="UTF-8">`)},
	},
	{
		rule: "head", name: "its encoding where no browser looks",
		damage: []damage{edit(purpose, "<meta charset=utf-8>", strings.Repeat(" ", 1000)+"<meta charset=utf-8>")},
		want:   `content/2014/purpose.md: /2014/purpose/: [head] the head does not give the character encoding within the page's first 1,024 bytes; check layouts/_partials/frame/head.html`,
	},
	{
		rule: "file", name: "altered, and one more",
		damage: []damage{edit("2014/paper.txt", "t", "x"), put("2014/notes.txt", "Not for the public.\n")},
		want: `
			/2014/notes.txt: [file] this file does not belong to the site; delete it, or put it in the source's static folder
			static/2014/paper.txt: /2014/paper.txt: [file] the copy on the site differs from this file; build the site again`,
	},
	{
		rule: "file", name: "a copy is missing",
		damage: []damage{drop("2014/paper.txt")},
		want: `
			content/2014/background.md:21: /2014/background/: [broken-link] a link leads to /2014/paper.txt, which does not exist (and so do 7 others like it); fix the link, or restore the page
			static/2014/paper.txt: /2014/paper.txt: [file] the site does not have this file; build the site again`,
	},
	{
		rule: "file", name: "compressed beside it",
		damage: []damage{compress},
	},
	{
		rule: "style", name: "what hides the helplines",
		damage: []damage{edit(purpose, "</style>", "#help{display:none}</style>")},
		want: `
			layouts/baseof.html: /2014/purpose/: [policy] the policy allows what the page does not use: style-src <hash>; remove it from layouts/baseof.html
			layouts/baseof.html: /2014/purpose/: [policy] the policy does not allow the stylesheet in the page, <hash>; check that layouts/baseof.html gives the hash of exactly the text in <style>, and that nothing changes it afterwards
			static/css/report.css: /2014/purpose/: [style] the page's stylesheet differs from this one; build the site again`,
	},
	{rule: "style", name: "as it is"},
}
