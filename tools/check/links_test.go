package check_test

import (
	"testing"
	"testing/fstest"
)

// redirect is a page that only leads on.
const redirect = `<!doctype html><html><head><title>Moved</title><meta http-equiv=refresh content="0; url=../2014/index.html"></head></html>`

// linkTrials are about addresses: of pages, and from one to another.
var linkTrials = []trial{
	{
		rule: "missing-page", name: "reported once, and not for each item and link",
		damage: []damage{drop(conclusions)},
		want:   `content/2014/conclusions.md: /2014/conclusions/: [missing-page] this page is missing, and so are its 11 items; restore the file`,
	},
	{
		rule: "missing-page", name: "the page for lost addresses",
		damage: []damage{drop(errorPage)},
		want:   `layouts/404.html: /404.html: [missing-page] the page that servers show for addresses that do not exist is missing; restore the file`,
	},
	{
		rule: "missing-page", name: "the front page, and one that leads on instead of the summary",
		damage: []damage{drop(front), put(summary, redirect)},
		want: `
			content/2014/_index.md: /2014/: [missing-page] this page is missing; restore the file
			content/_index.md: /: [missing-page] this page is missing; restore the file`,
	},
	{
		rule: "missing-page", name: "a page that no report needs, and no link leads to",
		damage: []damage{drop("accessibility"), every(az, "accessibility/index.html#", "glossary/index.html?"), every(search, "href=../accessibility/index.html#", "href=../glossary/index.html?"), every(pages, "accessibility/index.html", "glossary/index.html")},
	},
	{
		rule: "broken-link", name: "no such place, at its paragraph",
		damage: []damage{edit(issues, "glossary/index.html#term-early-help", "glossary/index.html#term-early-hlp")},
		want:   `content/2014/main-issues.md:«{#3.8}»: /2014/main-issues/: [broken-link] a link leads to #term-early-hlp, which /glossary/ does not have; fix the link, or restore the id`,
	},
	{
		rule: "broken-link", name: "outside a paragraph, which the whole report and the front page repeat",
		damage: []damage{
			edit(purpose, "<h1>", "<h1><a href=../../nowhere.html>x</a>"), edit(whole, "<h1>", "<h1><a href=../nowhere.html>x</a>"),
			edit(summary, "<h1>", "<h1><a href=../gone.html>x</a>"), edit(front, "<h1>", "<h1><a href=gone.html>x</a>")},
		want: `
			content/2014/_index.md: /2014/: [broken-link] a link leads to /gone.html, which does not exist (and so does 1 other like it); fix the link, or restore the page
			content/2014/purpose.md: /2014/purpose/: [broken-link] a link leads to /nowhere.html, which does not exist (and so does 1 other like it); fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "on the whole report alone, below a heading without a number, and before the first heading",
		damage: []damage{edit(whole, "id=how-this-site-tells-it…<p>", "<p><a href=gone.html>x</a>"), edit(whole, "id=background…</h2>", "</h2><a href=nowhere.html>x</a>")},
		want: `
			content/2014/background.md: /2014/full.html: [broken-link] a link leads to /2014/nowhere.html, which does not exist; fix the link, or restore the page
			content/2014/purpose.md:«## How this»: /2014/full.html: [broken-link] a link leads to /2014/gone.html, which does not exist; fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "many to a page that is gone, from what is around the main part",
		damage: []damage{drop("accessibility")},
		want:   `layouts: /2014/background/: [broken-link] a link leads to /accessibility/, which does not exist (and so do 47 others like it); fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "more than ten of one page, which have one cause",
		damage: []damage{end(purpose, "<a href=../a.html>a</a><a href=../b.html>b</a><a href=../c.html>c</a><a href=../d.html>d</a><a href=../e.html>e</a><a href=../f.html>f</a><a href=../g.html>g</a><a href=../h.html>h</a><a href=../i.html>i</a><a href=../j.html>j</a><a href=../k.html>k</a>")},
		want:   `content/2014/purpose.md:«## How this site»: /2014/purpose/: [broken-link] a link leads to /2014/a.html, which does not exist (and 10 other links of the page lead nowhere); fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "a picture that is gone",
		damage: []damage{drop("icon.svg")},
		want:   `layouts: /2014/background/: [broken-link] a link leads to /icon.svg, which does not exist (and so do 36 others like it); fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "wherever a link hides, and out of the folder",
		damage: []damage{end(purpose, `<img src=a.png srcset="b.png 1x, c.png 2x"><a HREF='../../../up.html'>up</a><a href="/root.html">root</a><a href=../../2014>folder</a><a href="../../gloss%61ry/?x#term-none">term</a>`)},
		want: `
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link begins with /, so it only works at the root of a host: /root.html; write it relative to the page
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link leads out of the site's folder: ../up.html; remove one ../
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link leads to #term-none, which /glossary/ does not have; fix the link, or restore the id
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link leads to /2014, which does not exist; end it with a slash
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link leads to /2014/purpose/a.png, which does not exist; fix the link, or restore the page
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link leads to /2014/purpose/b.png, which does not exist; fix the link, or restore the page
			content/2014/purpose.md:«## How this»: /2014/purpose/: [broken-link] a link leads to /2014/purpose/c.png, which does not exist; fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "with the site's whole address", site: wholeAddress,
		damage: []damage{
			edit(errorPage, "https://example.org/2013/safe/glossary/", "https://example.org/2013/safe/glosary/"),
			end(glossary, "<a href=https://example.org/2013/safe/2014/main-issues/#3.99>a</a><a href=https://example.org/2013/safe>b</a><a href=https://example.org/other/>c</a>")},
		want: `
			data/glossary.toml:«[working-together]»: /glossary/: [broken-link] a link leads to #3.99, which /2014/main-issues/ does not have; fix the link, or restore the id
			layouts/404.html: /404.html: [broken-link] a link leads to /glosary/, which does not exist; fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "written in another way",
		damage: []damage{end(purpose, `<a HREF=' ../../gloss%61ry/index.html?x#term-early-help '>a</a><a href="..\..\glossary\index.html#top">b</a><a href=#>c</a><a href=mailto:someone@example.org>d</a>`)},
	},
	{
		rule: "broken-link", name: "to a page that only leads on",
		damage: []damage{put("old/index.html", redirect), end(purpose, "<a href=../../old/index.html>old</a>")},
	},
	{
		rule: "broken-link", name: "from a page that only leads on",
		damage: []damage{put("old/index.html", redirect), edit("old/index.html", "../2014/", "../2013/")},
		want:   `content/old.md: /old/: [broken-link] a link leads to /2013/, which does not exist; fix the link, or restore the page`,
	},
	{
		rule: "broken-link", name: "in a paragraph",
		damage: []damage{edit(issues, "glossary/index.html#term-early-help", "glossary/#term-early-help")},
		want:   `content/2014/main-issues.md:«{#3.8}»: /2014/main-issues/: [broken-link] a link leads to the folder of /glossary/, which shows no page when the site is opened from a disk; write it with .Target.File in the layout, so that it ends with index.html`,
	},
	{
		rule: "broken-link", name: "in all layouts",
		damage: []damage{every(pages, "2014/index.html", "2014/"), every(search, `"2014/"`, `"2014/index.html"`)},
		want:   `layouts: /2014/background/: [broken-link] a link leads to the folder of /2014/, which shows no page when the site is opened from a disk (and so do <n> others like it); write it with .Target.File in the layout, so that it ends with index.html`,
	},
	{
		rule: "broken-link", name: "a folder of another host, and a whole address", site: wholeAddress,
		damage: []damage{end(issues, "<a href=https://example.org/2013/safe/glossary/#term-early-help>a</a><a href=https://www.leeds.gov.uk/>b</a>")},
	},
	{
		rule: "broken-link", name: "links that depend on the folder",
		damage: []damage{edit(errorPage, "<header>", "<header><a href=./2014/index.html>2014</a><a href=2014/full.html>all</a><a href=/>/</a><link rel=icon href=icon.svg>"),
			edit(errorPage, "default-src 'none'", "default-src 'none'; img-src 'self'")},
		want: `
			layouts/404.html: /404.html: [broken-link] a link to / works in one folder only, but servers show this page in any; write it with partial "address.html", only in builds with --base-url, or remove it
			layouts/404.html: /404.html: [broken-link] a link to /2014/ works in one folder only, but servers show this page in any; write it with partial "address.html", only in builds with --base-url, or remove it
			layouts/404.html: /404.html: [broken-link] a link to /2014/full.html works in one folder only, but servers show this page in any; write it with partial "address.html", only in builds with --base-url, or remove it
			layouts/404.html: /404.html: [broken-link] a link to /icon.svg works in one folder only, but servers show this page in any; write it with partial "address.html", only in builds with --base-url, or remove it`,
	},
	{
		rule: "broken-link", name: "links that do not",
		damage: []damage{edit(errorPage, "<header>", "<header><a href=#main>main</a><a href=https://example.org/>other</a>")},
	},
	{
		rule: "moved-page", name: "elsewhere, and nowhere", site: threeReports,
		damage: []damage{edit("aims.html", "2014/purpose/index.html", "2014/index.html"), drop("2014/aims")},
		want: `
			content/2014/purpose.md:«aliases»: /2014/aims/: [moved-page] the old address /2014/aims/ does not lead to /2014/purpose/; check that layouts/redirect.html and layouts/_adapter make a page there
			content/2014/purpose.md:«aliases»: /aims.html: [moved-page] the old address /aims.html does not lead to /2014/purpose/; check that layouts/redirect.html and layouts/_adapter make a page there`,
	},
	{
		rule: "moved-page", name: "written in another way", site: threeReports,
		damage: []damage{edit("aims.html", "url=./2014/purpose/index.html", "URL='2014/purpose/index.html'")},
	},
	{
		rule: "address", name: "no canonical link, another of the front page, another to share", site: wholeAddress,
		damage: []damage{
			edit(glossary, "<link rel=canonical", "<link rel=next"),
			edit(glossary, `property="og:url" content="https://example.org/2013/safe/glossary/"`, `property="og:url" content="https://example.org/glossary/"`),
			edit(front, "<link rel=canonical href=https://example.org/2013/safe/2014/>", "<link rel=canonical href=https://example.org/2013/safe/>")},
		want: `
			layouts/baseof.html: /glossary/: [address] the page's og:url is not its address below the one given as --base-url; check layouts/_partials/frame/head.html (404.html has none)
			layouts/baseof.html: /glossary/ and /: [address] the page's canonical link is not its address below the one given as --base-url; check layouts/_partials/frame/head.html (404.html has none)`,
	},
	{
		rule: "address", name: "written in another way", site: wholeAddress,
		damage: []damage{edit(glossary, "<link rel=canonical href=https://example.org/2013/safe/glossary/>", "<LINK HREF=' https://example.org/2013/safe/glossary/' REL='next Canonical'>")},
	},
	{
		rule: "shared", name: "another picture, another manifest, no icon", site: wholeAddress,
		damage: []damage{edit(glossary, "safe/share.png", "safe/2014/share.png"), edit("site.webmanifest", "any", "none"), drop("icon-192.png")},
		want: `
			data: /icon-192.png and /site.webmanifest: [shared] the file is missing, or is not the one made from the reports; build the site again
			layouts/baseof.html: /glossary/: [shared] og:image is not the picture that the page is shared with, https://example.org/2013/safe/share.png; check layouts/_partials/frame/head.html`,
	},
	{
		rule: "shared", name: "written in another way", site: wholeAddress,
		damage: []damage{edit(glossary, `property="og:image" content=`, `PROPERTY=og:image CONTENT=`)},
	},
	{
		rule: "shared", name: "another width, no words", site: wholeAddress,
		damage: []damage{edit(glossary, `"og:image:width" content="1200"`, `"og:image:width" content="1201"`), edit(issues, `"og:image:alt"`, `"og:image:words"`)},
		want:   `layouts/baseof.html: /2014/main-issues/ and /glossary/: [shared] og:image:width, og:image:height, og:image:alt or twitter:card is missing or wrong; check layouts/_partials/frame/head.html`,
	},
	{
		rule: "search-data", name: "another date, one step less, no JSON, none", site: wholeAddress,
		damage: []damage{
			edit("2014/index.html", `"datePublished":"2014-10-22"`, `"datePublished":"2015-10-22"`), edit(glossary, `"position":2`, `"position":3`),
			edit(purpose, `"BreadcrumbList"`, `"BreadcrumbList`), edit(issues, "application/ld+json", "text/plain")},
		want: `layouts/baseof.html: /2014/, /2014/main-issues/ and 2 more: [search-data] what the page tells search engines is not what the report says; check layouts/_partials/report/json-ld.html and layouts/_partials/frame/breadcrumbs.html`,
	},
	{
		rule: "search-data", name: "a report that is somebody else's, without an address of the site",
		damage: []damage{edit("2014/index.html", `"author":{"@type":"Organization","name":"Leeds`, `"author":{"@type":"Organization","name":"York`)},
		want:   `layouts/baseof.html: /2014/: [search-data] what the page tells search engines is not what the report says; check layouts/_partials/report/json-ld.html and layouts/_partials/frame/breadcrumbs.html`,
	},
	{
		rule: "search-data", name: "in another order, with spaces", site: wholeAddress,
		damage: []damage{edit("2014/index.html", `"datePublished":"2014-10-22",`, ""), edit("2014/index.html", `"@type":"Report",`, `"@type": "Report", "datePublished": "2014-10-22",`)},
	},
	{
		rule: "sitemap", name: "another address", site: wholeAddress,
		damage: []damage{edit("sitemap.xml", "safe/glossary/", "safe/glosary/")},
		want: `
			layouts/_partials/sitemap.xml: /glossary/: [sitemap] the page is not in the sitemap; build the site again; if the message stays, check layouts/_partials/sitemap.xml
			layouts/_partials/sitemap.xml: /sitemap.xml: [sitemap] the sitemap lists https://example.org/2013/safe/glosary/, which is not a page's address; build the site again; if the message stays, check layouts/_partials/sitemap.xml`,
	},
	{
		rule: "sitemap", name: "a page twice", site: wholeAddress,
		damage: []damage{edit("sitemap.xml", "<url>", "<url><loc>https://example.org/2013/safe/glossary/</loc></url><url>")},
		want:   `layouts/_partials/sitemap.xml: /sitemap.xml: [sitemap] the sitemap lists https://example.org/2013/safe/glossary/ twice; build the site again; if the message stays, check layouts/_partials/sitemap.xml`,
	},
	{
		rule: "sitemap", name: "empty", site: wholeAddress,
		damage: []damage{put("sitemap.xml", "")},
		want:   `layouts/_partials/sitemap.xml: /sitemap.xml: [sitemap] the sitemap cannot be read: it is not XML, or is incomplete; build the site again; if the message stays, check layouts/_partials/sitemap.xml`,
	},
	{
		rule: "sitemap", name: "gone", site: wholeAddress,
		damage: []damage{drop("sitemap.xml")},
		want:   `layouts/_partials/sitemap.xml: /sitemap.xml: [sitemap] the sitemap is missing; build the site again; if the message stays, check layouts/_partials/sitemap.xml`,
	},
	{
		rule: "sitemap", name: "written in another way", site: wholeAddress,
		damage: []damage{edit("sitemap.xml", "<loc>https://example.org/2013/safe/glossary/</loc>", "<priority>1</priority><loc>https://example.org/2013/safe/gloss&#97;ry/</loc>")},
	},
	{
		rule: "lost-page", name: "no link leads to it",
		damage: []damage{lostPage},
		want:   `content/lost.md: /lost/: [lost-page] readers cannot reach this page by links from /; link to it from another page, or delete it`,
	},
	{
		rule: "lost-page", name: "only the page for lost addresses leads to it",
		damage: []damage{lostPage, end(errorPage, "<a href=lost/>lost</a>")},
		want: `
			content/lost.md: /lost/: [lost-page] readers cannot reach this page by links from /; link to it from another page, or delete it
			layouts/404.html: /404.html: [broken-link] a link to /lost/ works in one folder only, but servers show this page in any; write it with partial "address.html", only in builds with --base-url, or remove it`,
	},
	{
		rule: "lost-page", name: "one link leads to it",
		damage: []damage{lostPage, end(glossary, "<a href=../lost/index.html>lost</a>")},
	},
}

// lostPage adds a page that is like another.
func lostPage(t *testing.T, files fstest.MapFS) {
	for _, damage := range []damage{
		duplicate("accessibility/index.html", "lost/index.html"),
		edit("lost/index.html", "<title>Accessibility", "<title>Lost"),
		edit("lost/index.html", "description content=\"How far", "description content=\"So far"),
	} {
		damage(t, files)
	}
}
