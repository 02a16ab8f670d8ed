package check_test

import (
	"math/rand/v2"
	"strings"
)

// pageTrials are about what a page is and has, apart from what is asked.
var pageTrials = []trial{
	{
		rule: "help", name: "another number, and another page",
		damage: []damage{edit(purpose, "href=tel:08001111", "href=tel:0800111"), edit(errorPage, "https://www.leedsscp.org.uk/concerned-about-a-child/", "https://www.leedsscp.org.uk/")},
		want: `
			data/contacts.toml:«[childline]»: /2014/purpose/: [help] the contact “childline” is not shown; check that layouts/_partials/frame/help.html shows every contact, and that layouts/baseof.html includes it
			data/contacts.toml:«[leeds]»: /404.html: [help] the contact “leeds” is not shown; check that layouts/_partials/frame/help.html shows every contact, and that layouts/baseof.html includes it`,
	},
	{
		rule: "help", name: "hidden",
		damage: []damage{edit(errorPage, "<a href=https://www.leedsscp.org.uk/concerned-about-a-child/", "<a hidden href=https://www.leedsscp.org.uk/concerned-about-a-child/")},
		want:   `data/contacts.toml:«[leeds]»: /404.html: [help] the contact “leeds” is not shown; check that layouts/_partials/frame/help.html shows every contact, and that layouts/baseof.html includes it`,
	},
	{
		rule: "help", name: "a number that can be called and not be read, and one that reads otherwise",
		damage: []damage{edit(purpose, ">0800 1111</a>", "></a>"), edit(glossary, ">0800 1111</a>", ">0800 1112</a>")},
		want:   `data/contacts.toml:«[childline]»: /2014/purpose/ and /glossary/: [help] the contact “childline” is not shown; check that layouts/_partials/frame/help.html shows every contact, and that layouts/baseof.html includes it`,
	},
	{
		rule: "help", name: "written in another way",
		damage: []damage{
			edit(purpose, "href=tel:08001111>0800 1111", `HREF=" tel:08001111"><b>0800</b>&nbsp;1111`),
			edit(glossary, ">0800 1111</a>", ">Call 0800 1111 now</a>"),
			edit(errorPage, "<a href=https://www.leedsscp.org.uk/concerned-about-a-child/>", `<a class=x href="https://www.leedsscp.org.uk/concerned-about-a-child/">`)},
	},
	{
		rule: "weight", name: "what cannot be compressed",
		damage: []damage{end(purpose, "<p>"+noise(12000)+"</p>")},
		advice: `content/2014/purpose.md: /2014/purpose/: [weight] the page takes <n>,<n> bytes to send; only 14,600 arrive at once; if a part of it reads as well on a page of its own, move it there`,
	},
	{
		rule: "weight", name: "the page of the whole report",
		damage: []damage{end(whole, "<p>"+noise(42000)+"</p>")},
		advice: `content/2014: /2014/full.html: [weight] the page of the whole report takes <n>,<n> bytes to send, so on a slow phone it comes a moment later; nothing has to be done: it is as long as the report`,
	},
	{
		rule: "weight", name: "the summary, and a page of records",
		damage: []damage{end(summary, "<p>"+noise(12000)+"</p>"), end(front, "<p>"+noise(12000)+"</p>"), end(recommendations, "<p>"+noise(12000)+"</p>")},
		advice: `
			content/2014/_index.md: /: [weight] the page takes <n>,<n> bytes to send; only 14,600 arrive at once; if a part of it reads as well on a page of its own, move it there
			content/2014/_index.md: /2014/: [weight] the page takes <n>,<n> bytes to send; only 14,600 arrive at once; if a part of it reads as well on a page of its own, move it there
			content/2014/recommendations.md: /2014/recommendations/: [weight] the page takes <n>,<n> bytes to send; only 14,600 arrive at once; nothing has to be done: it grows with the records that it shows`,
	},
	{
		rule: "weight", name: "a page that is wrong as well",
		damage: []damage{end(purpose, "<p>"+noise(12000)+"</p>"), edit(purpose, "</main>", "</main>TO WRITE")},
		want:   `layouts/baseof.html: /2014/purpose/: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
		advice: `content/2014/purpose.md: /2014/purpose/: [weight] the page takes <n>,<n> bytes to send; only 14,600 arrive at once; if a part of it reads as well on a page of its own, move it there`,
	},
	{
		rule: "weight", name: "long, but it repeats itself",
		damage: []damage{end(purpose, "<p>"+noise(5500)+"</p><p>"+strings.Repeat("word ", 12000)+"</p>"), end(whole, "<p>"+noise(24000)+"</p>")},
	},
	{
		rule: "repeated-id", name: "two elements",
		damage: []damage{end(glossary, "<p id=term-placement>x</p>")},
		want:   `data/glossary.toml:«[placement]»: /glossary/: [repeated-id] two elements have the id term-placement; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "an item's, on one that lacks all",
		damage: []damage{edit(whole, "<article id=recommendation-bereavement", "<div id=recommendation-bereavement></div><article id=recommendation-bereavement")},
		want: `
			data/2014/recommendations.toml:«[bereavement]»: /2014/full.html: [item] the page does not show recommendation “bereavement” in full and in order: “Make bereavement services more available and easier to use” is missing; check layouts/_partials/items/item.html
			data/2014/recommendations.toml:«[bereavement]»: /2014/full.html: [repeated-id] two elements have the id recommendation-bereavement; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "on the whole report alone, from two sections",
		damage: []damage{end(background, "<p id=fn:1>x</p>"), end(issues, "<p id=fn:1>x</p>"), end(whole, "<p id=fn:1>x</p><p id=fn:1>x</p>")},
		want:   `content/2014/main-issues.md: /2014/full.html: [repeated-id] two elements have the id fn:1; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "on a section, which the whole report repeats",
		damage: []damage{end(issues, "<p id=fn:1>x</p><p id=fn:1>x</p>"), end(whole, "<p id=fn:1>x</p><p id=fn:1>x</p>")},
		want:   `content/2014/main-issues.md: /2014/main-issues/ and /2014/full.html: [repeated-id] two elements have the id fn:1; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "on the whole report alone, of a heading without a number",
		damage: []damage{end(whole, "<p id=how-this-site-tells-it>x</p>")},
		want:   `content/2014/purpose.md:«## How this»: /2014/full.html: [repeated-id] two elements have the id how-this-site-tells-it; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "of footnotes, in the paragraphs of four sections",
		damage: []damage{repeat(issues, "id=3.8"), repeat(background, "id=2.2"), repeat(conclusions, "id=4.1"), repeat(purpose, "id=how-this-site-tells-it")},
		want: `
			content/2014/background.md:«{#2.2}»: /2014/background/: [repeated-id] two elements have the id fnref:1; give one of them another id
			content/2014/conclusions.md:«{#4.1}»: /2014/conclusions/: [repeated-id] two elements have the id fnref:1; give one of them another id
			content/2014/main-issues.md:«{#3.8}»: /2014/main-issues/: [repeated-id] two elements have the id fnref:1; give one of them another id
			content/2014/purpose.md:«## How this»: /2014/purpose/: [repeated-id] two elements have the id fnref:1; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "that no text gives",
		damage: []damage{end(recommendations, "<p id=main>x</p>"), end(whole, "<p id=main>x</p>")},
		want:   `layouts: /2014/recommendations/ and /2014/full.html: [repeated-id] two elements have the id main; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "in the same way on many pages",
		damage: []damage{edit(pages, "</main>", "<p id=main></p></main>")},
		want:   `layouts/baseof.html: /2014/background/, /2014/challenges/bereavement/ and 36 more: [repeated-id] two elements have the id main; give one of them another id`,
	},
	{
		rule: "repeated-id", name: "capitals make another id",
		damage: []damage{end(glossary, "<p id=Term-placement>x</p>")},
	},
	{
		rule: "page-title", name: "as another page has it",
		damage: []damage{edit(purpose, "<title>Purpose of this report", "<title>Background")},
		want:   `content/2014/purpose.md: /2014/background/ and /2014/purpose/: [page-title] these pages have the same title, “Background | Annual report 2014”; give each its own, so that people can tell them apart`,
	},
	{
		rule: "page-title", name: "as the whole report has it",
		damage: []damage{edit(purpose, "<title>Purpose of this report", "<title>Whole: How well are children in Leeds kept…")},
		want:   `content/2014/purpose.md: /2014/purpose/ and /2014/full.html: [page-title] these pages have the same title, “Whole: How well are children in Leeds kept… | Annual report 2014”; long titles are cut at the …, so make the words before it differ`,
	},
	{
		rule: "head", name: "no title, but one of a drawing",
		damage: []damage{edit(purpose, "<title>Purpose of this report | Annual report 2014</title>", ""), end(purpose, "<svg><title>Purpose</title></svg>")},
		want:   `content/2014/purpose.md: /2014/purpose/: [head] the title is “”, not “Purpose of this report | Annual report 2014”; check layouts/_partials/frame/head.html`,
	},
	{
		rule: "page-title", name: "one, and a drawing with another's",
		damage: []damage{end(purpose, "<svg><title>Background | Annual report 2014 | Leeds Safeguarding Children Board</title></svg>")},
	},
	{
		rule: "head", name: "no description",
		damage: []damage{edit(purpose, "name=description", "property=x:description")},
		want:   `content/2014/purpose.md: /2014/purpose/: [head] the description is “”, which is not the page's own; check layouts/_partials/frame/head.html`,
	},
	{
		rule: "page-title", name: "as another page has it",
		damage: []damage{
			edit(purpose, "What this report is: a brief summary of the main issues and challenges in the Board’s annual report.", "One."),
			edit(background, "What the Leeds Safeguarding Children Board is, what it is for and why it reports to the Leeds Health and Wellbeing Board every year.", "One.")},
		want: `content/2014/purpose.md: /2014/background/ and /2014/purpose/: [page-title] these pages have the same description, “One. (Annual report 2014)”; give each its own, so that people can tell them apart`,
	},
	{
		rule: "page-title", name: "written in another way; the page for lost addresses needs none",
		damage: []damage{edit(purpose, "<meta name=description content=", "<META NAME='Description' CONTENT=")},
	},
	{
		rule: "foreign-request", name: "a picture",
		damage: []damage{end(purpose, "<img alt=x src=//example.org/x.png>")},
		want:   `content/2014/purpose.md:«## How this»: /2014/purpose/: [foreign-request] the page loads something from another host: //example.org/x.png; save it on this site, or link to it`,
	},
	{
		rule: "foreign-request", name: "wherever it hides",
		damage: []damage{end(purpose, `<link rel=preload href=https://example.org/a.js><svg><use xlink:href=https://example.org/b.svg#x></use></svg><video poster=https://example.org/c.png></video><p style="background:URL(https://example.org/d.png)">`)},
		want: `
			content/2014/purpose.md:«## How this»: /2014/purpose/: [foreign-request] the page loads something from another host: https://example.org/a.js; save it on this site, or link to it
			content/2014/purpose.md:«## How this»: /2014/purpose/: [foreign-request] the page loads something from another host: https://example.org/b.svg#x; save it on this site, or link to it
			content/2014/purpose.md:«## How this»: /2014/purpose/: [foreign-request] the page loads something from another host: https://example.org/c.png; save it on this site, or link to it
			content/2014/purpose.md:«## How this»: /2014/purpose/: [foreign-request] the page loads something from another host: https://example.org/d.png; save it on this site, or link to it
			content/2014/purpose.md:«## How this»: /2014/purpose/: [policy] the page has a style attribute, which the policy does not allow; remove it`,
	},
	{
		rule: "foreign-request", name: "from a section, which the whole report repeats",
		damage: []damage{end(purpose, "<img alt=x src=//example.org/x.png>"), end(whole, "<img alt=x src=//example.org/x.png>")},
		want:   `content/2014/purpose.md:«## How this»: /2014/purpose/ and /2014/full.html: [foreign-request] the page loads something from another host: //example.org/x.png; save it on this site, or link to it`,
	},
	{
		rule: "foreign-request", name: "a link, and a picture in the page",
		damage: []damage{end(purpose, "<img alt=x src=data:image/gif;base64,R0lGODlhAQABAAAAACw=><a href=https://example.org/>x</a>")},
	},
	{
		rule: "policy", name: "another stylesheet",
		damage: []damage{edit(purpose, "<style>", "<style> ")},
		want: `
			layouts/baseof.html: /2014/purpose/: [policy] the policy allows what the page does not use: style-src <hash>; remove it from layouts/baseof.html
			layouts/baseof.html: /2014/purpose/: [policy] the policy does not allow the stylesheet in the page, <hash>; check that layouts/baseof.html gives the hash of exactly the text in <style>, and that nothing changes it afterwards`,
	},
	{
		rule: "policy", name: "allows scripts, and there are none",
		damage: []damage{edit(purpose, "base-uri 'none'", "base-uri 'none'; script-src 'self'")},
		want:   `layouts/baseof.html: /2014/purpose/: [policy] the policy allows what the page does not use: script-src 'self'; remove it from layouts/baseof.html`,
	},
	{
		rule: "policy", name: "allows no scripts, and there is one",
		damage: []damage{put("x.js", ""), end(purpose, "<script src=../../x.js></script>")},
		want:   `content/2014/purpose.md:«## How this»: /2014/purpose/: [policy] the page loads what the policy does not allow: script-src 'self'; allow it in layouts/baseof.html, or remove it`,
	},
	{
		rule: "policy", name: "what runs in the page",
		damage: []damage{end(purpose, "<p style=color:red onclick=x()><script>x()</script>")},
		want: `
			content/2014/purpose.md:«## How this»: /2014/purpose/: [policy] the page has a script, which the policy does not allow; remove it
			content/2014/purpose.md:«## How this»: /2014/purpose/: [policy] the page has a style attribute, which the policy does not allow; remove it
			content/2014/purpose.md:«## How this»: /2014/purpose/: [policy] the page has an event handler, which the policy does not allow; remove it`,
	},
	{
		rule: "policy", name: "none, on all pages",
		damage: []damage{edit(pages, "http-equiv=Content-Security-Policy", "name=policy")},
		want:   `layouts/baseof.html: /2014/background/, /2014/challenges/bereavement/ and 36 more: [policy] the page has no Content-Security-Policy; check that layouts/baseof.html writes one`,
	},
	{
		rule: "policy", name: "two, and one that begins otherwise",
		damage: []damage{
			edit(purpose, "<meta name=viewport", "<meta http-equiv=content-security-policy content=x><meta name=viewport"),
			edit(glossary, "default-src 'none'", "default-src 'self'")},
		want: `
			layouts/baseof.html: /2014/purpose/: [policy] the page has two Content-Security-Policies; keep one
			layouts/baseof.html: /glossary/: [policy] the policy allows what the page does not use: default-src 'self'; remove it from layouts/baseof.html
			layouts/baseof.html: /glossary/: [policy] the policy does not begin with default-src 'none'; check layouts/baseof.html`,
	},
	{
		rule: "policy", name: "a script that it allows, and one that is data",
		damage: []damage{put("x.js", ""), edit(purpose, "base-uri 'none'", "base-uri 'none'; Script-Src 'self'"), end(purpose, "<script src=../../x.js></script><script type=application/json>{}</script>")},
	},
	{
		rule: "cut-off", name: "half a page",
		damage: []damage{cut(issues, "<h2 id=3.6>")},
		want:   `content/2014/main-issues.md: /2014/main-issues/: [cut-off] the page does not end with </html>; build the site again; the file may be incomplete`,
	},
	{
		rule: "cut-off", name: "half a page with items, whose loss is not reported",
		damage: []damage{cut(conclusions, "<article id=challenge-early-help"), cut(whole, "<article id=challenge-early-help")},
		want:   `content/2014/conclusions.md: /2014/conclusions/ and /2014/full.html: [cut-off] the page does not end with </html>; build the site again; the file may be incomplete`,
	},
	{
		rule: "cut-off", name: "a main part that does not end",
		damage: []damage{edit(purpose, "</main>", "")},
		want:   `content/2014/purpose.md: /2014/purpose/: [cut-off] the main part does not end before the page does; check that layouts/baseof.html closes <main>`,
	},
	{
		rule: "cut-off", name: "no main part",
		damage: []damage{edit(purpose, "<main id=main>", "<div id=main>")},
		want:   `content/2014/purpose.md: /2014/purpose/: [cut-off] the page has no main part; check that layouts/baseof.html has a <main>`,
	},
	{
		rule: "cut-off", name: "an empty main part",
		damage: []damage{replace("accessibility/index.html", "", func(html string) string {
			before, rest, _ := strings.Cut(html, "<main id=main>")
			_, after, _ := strings.Cut(rest, "</main>")
			return before + "<main id=main> <p hidden>x</p></main>" + after
		}), every(az, "accessibility/index.html#", "glossary/index.html?"), every(search, "href=../accessibility/index.html#", "href=../glossary/index.html?")},
		want: `content/accessibility.md: /accessibility/: [cut-off] the main part is empty; write the page's text, or delete the page`,
	},
	{
		rule: "cut-off", name: "without </body>, and with capitals",
		damage: []damage{edit(purpose, "</body></html>", "</HTML >\n")},
	},
	{
		rule: "markup", name: "not ended",
		damage: []damage{edit(purpose, "</h1>", "")},
		want:   `layouts: /2014/purpose/: [markup] <h1> is not ended where it should be (the last id before it is main); end it in the layout that writes it`,
	},
	{
		rule: "markup", name: "not ended, on all pages",
		damage: []damage{edit(pages, "<h2 id=title-help…</h2>", "")},
		want:   `layouts: /2014/background/, /2014/challenges/bereavement/ and 36 more: [markup] <h2> is not ended where it should be (the last id before it is help); end it in the layout that writes it`,
	},
	{
		rule: "markup", name: "not begun, on all pages",
		damage: []damage{edit(pages, "<h2 id=title-help…</h2>", "</h2></div>")},
		want:   `layouts: /2014/background/, /2014/challenges/bereavement/ and 36 more: [markup] </div> has no start tag (the last id before it is title-help); remove it from the layout that writes it, or add the start tag`,
	},
	{
		rule: "markup", name: "an attribute twice, of which browsers take either",
		damage: []damage{edit(purpose, "<meta charset=utf-8>", "<meta charset=utf-8 charset=iso-2022-kr>"), edit(background, "<main id=main>", `<main id="main"id='main'>`)},
		want: `
			content/2014/purpose.md: /2014/purpose/: [markup] a tag <meta> gives an attribute twice; remove one from the layout
			layouts/baseof.html: /2014/background/: [markup] a tag <main> gives an attribute twice; remove one from the layout`,
	},
	{
		rule: "markup", name: "another doctype, and none",
		damage: []damage{edit(purpose, "<!doctype html>", "<!doctype svg>"), edit(background, "<!doctype html>", "")},
		want: `
			content/2014/background.md: /2014/background/: [markup] the page does not begin with <!doctype html>, or has another doctype as well; check that layouts/baseof.html begins with it
			content/2014/purpose.md: /2014/purpose/: [markup] the page does not begin with <!doctype html>, or has another doctype as well; check that layouts/baseof.html begins with it`,
	},
	{
		rule: "markup", name: "attributes written in many ways",
		damage: []damage{edit(purpose, "<!doctype html>", "<!DOCTYPE HTML >"), edit(purpose, "<main id=main>", "<MAIN\n\tid = 'main' / class class2 title=\"a='b' c\"lang=\"\" >")},
	},
	{
		rule: "markup", name: "tags that everybody may leave out",
		damage: []damage{
			every(purpose, "</li>", ""), every(purpose, "</p>", ""), every(purpose, "</body>", ""),
			edit(purpose, "<main id=main>", `<main id=main><svg><path d="M0"/><g /></svg><table><tr><td>a<td>b<tr><td>c</table>`)},
	},
	{
		rule: "placeholder", name: "in a record that two pages show",
		damage: []damage{edit(glossary, "A service that supports people", "TO WRITE: A service that supports people"), edit(whole, "A service that supports people", "TO WRITE: A service that supports people")},
		want:   `data/glossary.toml:«[bereavement-service]»: /glossary/ and /2014/full.html: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
	},
	{
		rule: "placeholder", name: "in a description",
		damage: []damage{edit(glossary, "name=description content=\"", "name=description content=\"TO WRITE ")},
		want:   `content/glossary.md: /glossary/: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
	},
	{
		rule: "placeholder", name: "outside a paragraph, which the whole report repeats",
		damage: []damage{edit(purpose, "<h1>", "<h1>TO WRITE "), end(whole, "<section id=aims><h2>TO WRITE</h2></section>")},
		want:   `content/2014/purpose.md: /2014/purpose/ and /2014/full.html: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
	},
	{
		rule: "placeholder", name: "in a paragraph of the summary, which two pages repeat",
		damage: []damage{edit(summary, "id=summary-2…There is", "TO WRITE "), edit(front, "id=summary-2…There is", "TO WRITE "), edit(whole, "id=summary-2…There is", "TO WRITE ")},
		want:   `content/2014/_index.md:«{#summary-2}»: /2014/, /2014/full.html and 1 more: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
	},
	{
		rule: "placeholder", name: "on the whole report alone, below a heading without a number, and before the first heading",
		damage: []damage{edit(whole, "id=how-this-site-tells-it…The sections", "TO WRITE "), edit(whole, "id=background…</h2>", "</h2>TO WRITE")},
		want: `
			content/2014/background.md: /2014/full.html: [placeholder] there is text here still to be written; write it in place of TO WRITE
			content/2014/purpose.md:«## How this»: /2014/full.html: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
	},
	{
		rule: "placeholder", name: "around the main part",
		damage: []damage{edit(purpose, "<footer>", "<footer>TO WRITE")},
		want:   `layouts/baseof.html: /2014/purpose/: [placeholder] there is text here still to be written; write it in place of TO WRITE`,
	},
	{
		rule: "placeholder", name: "words that are only like it",
		damage: []damage{end(purpose, "<p>To write, or TO  WRITE</p>")},
	},
}

// repeat puts the mark of a footnote into the text below a heading, and again.
func repeat(file, heading string) damage {
	return edit(file, heading+"…<p>", "<p><sup id=fnref:1>1</sup><sup id=fnref:1>1</sup>")
}

// noise returns some letters that can hardly be compressed, always the same.
func noise(size int) string {
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, size)
	for i := range text {
		text[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random.IntN(64)]
	}
	return string(text)
}
