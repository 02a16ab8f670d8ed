package check_test

import (
	"os"
	"path/filepath"
	"strings"
)

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
	{rule: "word", name: "a title that says one thing twice", site: repeating},
	{
		rule: "head", name: "not for search engines",
		damage: []damage{edit(purpose, "<title>", "<meta name=robots content=noindex><title>")},
		want:   `content/2014/purpose.md: /2014/purpose/: [head] the head gives robots as “noindex”, unlike other pages; remove it from the layout`,
	},
	{
		rule: "head", name: "in another order, and in capitals",
		damage: []damage{edit(purpose, "<meta charset=utf-8>", `<META CHARSET="UTF-8">`)},
	},
	{
		rule: "file", name: "altered, and one more",
		damage: []damage{edit("2014/paper.txt", "t", "x"), put("2014/notes.txt", "Not for the public.\n")},
		want: `
			/2014/notes.txt: [file] this file does not belong to the site; delete it, or put it in the source's static folder
			static/2014/paper.txt: /2014/paper.txt: [file] the copy on the site differs from this file; build the site again`,
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
