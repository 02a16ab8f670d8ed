package check_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// The pages of the tests' report.
const (
	front           = "index.html"
	summary         = "2014/index.html"
	whole           = "2014/full.html"
	recommendations = "2014/recommendations/index.html"
	conclusions     = "2014/conclusions/index.html"
	connections     = "2014/connections/index.html"
	progress        = "2014/progress/index.html"
	issues          = "2014/main-issues/index.html"
	purpose         = "2014/purpose/index.html"
	thinkFamily     = "2014/recommendations/think-family/index.html"
	saferLeeds      = "organisations/safer-leeds-partnership/index.html"
	allProgress     = "progress/index.html"
	bodies          = "organisations/index.html"
	background      = "2014/background/index.html"
	glossary        = "glossary/index.html"
	errorPage       = "404.html"
)

// itemTrials are about what is asked: that it is on the pages, in the feed and
// in the data, whole and once.
var itemTrials = []trial{
	{
		rule: "item", name: "not on its page; links to it are not reported again",
		damage: []damage{edit(recommendations, "id=recommendation-bereavement", "id=gone")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/: [item] the page does not show recommendation “bereavement”; check that layouts/_partials/items/item.html shows it in an element with the id recommendation-bereavement`,
	},
	{
		rule: "item", name: "lost by a layout",
		damage: []damage{edit(recommendations, "id=recommendation-bereavement", "id=gone"), edit(whole, "id=recommendation-bereavement", "id=gone")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/ and /2014/full.html: [item] the page does not show recommendation “bereavement”; check that layouts/_partials/items/item.html shows it in an element with the id recommendation-bereavement`,
	},
	{
		rule: "item", name: "hidden",
		damage: []damage{edit(recommendations, "<article id=recommendation-bereavement", "<article hidden id=recommendation-bereavement")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/: [item] the page does not show recommendation “bereavement”; check that layouts/_partials/items/item.html shows it in an element with the id recommendation-bereavement`,
	},
	{
		rule: "item", name: "written in another way",
		damage: []damage{edit(recommendations, "<article id=recommendation-bereavement", `<ARTICLE CLASS=x ID='recommendation&#45;bereavement'`)},
	},
	{
		rule: "item", name: "another title",
		damage: []damage{edit(recommendations, "id=recommendation-bereavement…Make bereavement services more", "Make services more")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/: [item] the page does not show recommendation “bereavement” in full and in order: “Make bereavement services more available and easier to use” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "with a tag and a line break in it",
		damage: []damage{edit(recommendations, "id=recommendation-bereavement…Make bereavement services more", "Make <em>bereavement</em>\n services&nbsp;more")},
	},
	{
		rule: "item", name: "another wording, and another title",
		damage: []damage{
			edit(recommendations, "id=recommendation-bereavement…Make bereavement services more", "Make services more"),
			edit(recommendations, "To improve the availability", "To improve availability")},
		want: `
			data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/: [item] the page does not show recommendation “bereavement” in full and in order: “Make bereavement services more available and easier to use” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "only where no reader sees it",
		damage: []damage{edit(recommendations, "To improve the availability and accessibility of bereavement services.",
			"<!-- To improve the availability and accessibility of bereavement services. --><span hidden>To improve the availability and accessibility of bereavement services.</span>")},
		want: `data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/: [item] the page does not show recommendation “bereavement” in full and in order: “To improve the availability and accessibility of bereavement services.” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "the quote marks of an inch",
		damage: []damage{edit(recommendations, "‘Think Family Work Family’", `"Think Family Work Family"`)},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/: [item] the page does not show recommendation “think-family” in full and in order: “To implement the 'Think Family Work Family' protocol (which promotes more 'join…” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "what a reader takes for the same",
		damage: []damage{
			edit(recommendations, "To improve the availability and", "To&nbsp;improve <b>the</b>\n   availability &#97;nd"),
			edit(recommendations, "‘Think Family Work Family’", "&apos;Think Family Work Family&#8217;")},
	},
	{
		rule: "item", name: "another name",
		damage: []damage{edit(thinkFamily, "id=recommendation-think-family…>Leeds Health and Wellbeing Board</a>", ">Leeds Board</a>")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [item] the page does not show recommendation “think-family” in full and in order: “Safer Leeds Partnership” is missing; check layouts/item.html`,
	},
	{
		rule: "item", name: "another name, said once for all",
		damage: []damage{edit(recommendations, "id=asked-of-recommendations…>Safer Leeds Partnership</a>", ">Leeds Board</a>")},
		want:   `content/2014/recommendations.md: /2014/recommendations/: [item] the page does not show who all recommendations are asked of in full and in order: “Safer Leeds Partnership” is missing; check layouts/_partials/items/asked-together.html`,
	},
	{
		rule: "item", name: "with tags and line breaks in it",
		damage: []damage{edit(thinkFamily, "id=recommendation-think-family…>Leeds Health and Wellbeing Board</a>", ">Leeds  Health <b>and Wellbeing</b>\nBoard</a>")},
	},
	{
		rule: "item", name: "a link to the page alone",
		damage: []damage{edit(conclusions, "id=challenge-early-help…main-issues/index.html#3.8", "main-issues/index.html")},
		want:   `data/2014/challenges.toml:«[early-help]»: /2014/conclusions/: [item] the page does not link challenge “early-help” to paragraph 3.8; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "written in another way",
		damage: []damage{edit(conclusions, "id=challenge-early-help…../../2014/main-issues/index.html#3.8", `"../main-issues/index.html#3.8"`)},
	},
	{
		rule: "item", name: "the day",
		damage: []damage{edit(whole, "15 September 2015</time>", "September 2015</time>")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/full.html: [item] the page does not show recommendation “think-family” in full and in order: “15 September 2015” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "the text",
		damage: []damage{edit(whole, "working together to embed", "working to embed")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/full.html: [item] the page does not show recommendation “think-family” in full and in order: “In progress The Board, Safer Leeds and the Leeds Adult Safeguarding Board were …” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "the source",
		damage: []damage{edit(whole, "href=https://news.leeds.gov.uk/", "href=https://news.example.org/")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/full.html: [item] the page does not link recommendation “think-family” to the source of the update of 15 September 2015; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "written in another way",
		damage: []damage{
			edit(whole, "15 September 2015</time>", "15&nbsp;<b>September</b> 2015</time>"),
			edit(whole, "href=https://news.leeds.gov.uk/news/think-family", `HREF=" https://news.leeds.gov.uk/news/think%2Dfamily`),
			edit(whole, "at-the-heart-of-the-city>", `at-the-heart-of-the-city">`)},
	},
	{
		rule: "item", name: "the item before", site: threeReports,
		damage: []damage{edit("2016/full.html", "../2014/recommendations/index.html#recommendation-think-family", "../2014/recommendations/index.html")},
		want:   `data/2016/recommendations.toml:«[think-family]»: /2016/full.html: [item] the page does not link recommendation “think-family” to recommendation “think-family” of 2014, which it follows; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "the item that follows, elsewhere", site: threeReports,
		damage: []damage{edit(recommendations, "../2015/recommendations/index.html#recommendation-think-family", "../2015/full.html#recommendation-think-family")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/: [item] the page does not link recommendation “think-family” to recommendation “think-family” of 2015, which follows it; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "none, when a layout shows no threads", site: threeReports,
		damage: []damage{
			edit(conclusions, "../2015/conclusions/index.html#challenge-early-help", "../2015/conclusions/index.html"), edit(whole, "../2015/conclusions/index.html#challenge-early-help", "../2015/conclusions/index.html"),
			edit("2015/conclusions/index.html", "../2014/conclusions/index.html#challenge-early-help", "../2014/conclusions/index.html"), edit("2015/full.html", "../2014/conclusions/index.html#challenge-early-help", "../2014/conclusions/index.html")},
		want: `
			data/2014/challenges.toml:«[early-help]»: /2014/conclusions/ and /2014/full.html: [item] the page does not link challenge “early-help” to challenge “early-help” of 2015, which follows it; check layouts/_partials/items/item.html
			data/2015/challenges.toml:«[early-help]»: /2015/conclusions/ and /2015/full.html: [item] the page does not link challenge “early-help” to challenge “early-help” of 2014, which it follows; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "written in another way", site: threeReports,
		damage: []damage{edit("2016/full.html", "../2014/recommendations/index.html#recommendation-think-family", `"../2014/./recommendations/index.html#recommendation-think%2Dfamily"`)},
	},
	{
		rule: "item", name: "another reason", site: threeReports,
		damage: []damage{edit(whole, "The ‘Board’ asks others now.", "The Board asks no one.")},
		want:   `data/2014/challenges.toml:«[bereavement]»: /2014/full.html: [item] the page does not show challenge “bereavement” in full and in order: “The 'Board' asks others now.” is missing; check layouts/_partials/items/item.html`,
	},
	{
		rule: "item", name: "other quote marks", site: threeReports,
		damage: []damage{edit(whole, "The ‘Board’ asks others now.", "The 'Board' asks others <b>now</b>.")},
	},
	{
		rule: "item-link", name: "a link without the title",
		damage: []damage{edit(summary, "recommendations/bereavement/index.html>Make", "recommendations/bereavement/index.html></a><a href=../glossary/index.html>Make")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/: [item-link] recommendation “bereavement” is not linked by its title; check that layouts/_partials/report/summary.html lists every recommendation`,
	},
	{
		rule: "item-link", name: "a link to another item, and the front page",
		damage: []damage{
			edit(summary, "recommendations/bereavement/index.html>Make", "recommendations/bereavement/index.html></a><a href=../glossary/index.html>Make"),
			edit(front, "recommendations/bereavement/", "recommendations/think-family/")},
		want: `data/2014/recommendations.toml:«[bereavement]»: /2014/ and /: [item-link] recommendation “bereavement” is not linked by its title; check that layouts/_partials/report/summary.html lists every recommendation`,
	},
	{
		rule: "item-link", name: "written in another way",
		damage: []damage{edit(summary, "href=../2014/recommendations/bereavement/index.html", `HREF="recommendations/index.html#recommendation-bereavement"`)},
	},
	{
		rule: "item-link", name: "links to another item",
		damage: []damage{every(connections, "recommendations/bereavement/", "recommendations/think-family/")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/connections/: [item-link] recommendation “bereavement” is not linked by its title; check that the page's template in layouts/_partials/lists shows every recommendation`,
	},
	{
		rule: "item-link", name: "another title",
		damage: []damage{edit(progress, "Make bereavement services more available", "More")},
		want: `
			content/2014/progress.md: /2014/progress/: [shown] the page does not show the group “no-response-recorded-here-yet” in full and in order: “Recommendation 2: Make bereavement services more available and easier to use” is missing; check layouts/_partials/items/progress.html
			data/2014/recommendations.toml:«[bereavement]»: /2014/progress/: [item-link] recommendation “bereavement” is not linked by its title; check that the page's template in layouts/_partials/lists shows every recommendation`,
	},
	{
		rule: "item-link", name: "a page that leads on instead",
		damage: []damage{put(progress, `<!doctype html><html><head><title>Moved</title><meta http-equiv=refresh content="0; url=../connections/index.html"></head></html>`)},
	},
	{
		rule: "item", name: "another month, in the list and on its own page",
		damage: []damage{edit(recommendations, "In progress in September 2015", "In progress in October 2015"), edit(thinkFamily, "<span class=status>In progress in September 2015", "<span class=status>In progress in May 2025")},
		want: `
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/: [item] the page does not show recommendation “think-family” in full and in order: “In progress in September 2015 (11 years ago). We have found nothing newer.” is missing; check layouts/_partials/items/item.html
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [item] the page does not show recommendation “think-family” in full and in order: “In progress in September 2015 (11 years ago). We have found nothing newer.” is missing; check layouts/item.html`,
	},
	{
		rule: "item", name: "written in another way",
		damage: []damage{edit(recommendations, "In progress in September 2015", "In&nbsp;progress <i>in</i> September\n2015")},
	},
	{
		rule: "shown", name: "two bodies' answers are swapped",
		damage: []damage{every(thinkFamily, "request-safer-leeds-partnership", "request-x"), every(thinkFamily, "request-health-and-wellbeing-board", "request-safer-leeds-partnership"), every(thinkFamily, "request-x", "request-health-and-wellbeing-board")},
		want: `
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [shown] the page does not show what Leeds Health and Wellbeing Board said about recommendation “think-family” in full and in order: “Leeds Health and Wellbeing Board” is missing; check layouts/_partials/items/request.html
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [shown] the page does not show what Safer Leeds Partnership said about recommendation “think-family” in full and in order: “Safer Leeds Partnership” is missing; check layouts/_partials/items/request.html`,
	},
	{
		rule: "shown", name: "a body that has said nothing is dropped",
		damage: []damage{edit(thinkFamily, "<section class=request id=request-health-and-wellbeing-board", "<section hidden class=request id=request-health-and-wellbeing-board")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [shown] the page does not show what Leeds Health and Wellbeing Board said about recommendation “think-family”; check that layouts/_partials/items/request.html shows it in an element with the id request-health-and-wellbeing-board`,
	},
	{
		rule: "shown", name: "one digit of a day, on a body's page",
		damage: []damage{edit(saferLeeds, "15 September 2015", "16 September 2015")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /organisations/safer-leeds-partnership/: [shown] the page does not show what Safer Leeds Partnership said about recommendation “think-family” in full and in order: “In progress, 15 September 2015” is missing; check layouts/_partials/items/request.html`,
	},
	{
		rule: "shown", name: "one digit of a total",
		damage: []damage{edit(allProgress, "<b>12</b>", "<b>11</b>")},
		want:   `layouts/progress.html: /progress/: [shown] the page does not show the totals in full and in order: “12” is missing; check layouts/_partials/items/totals.html`,
	},
	{
		rule: "shown", name: "what an update says is not done",
		damage: []damage{edit(thinkFamily, "There were briefings", "There were no briefings")},
		want:   `data/2014/recommendations.toml:«[[think-family.updates]]»: /2014/recommendations/think-family/: [shown] the page does not show the update of 15 September 2015 on recommendation “think-family” in full and in order: “In progress The Board, Safer Leeds and the Leeds Adult Safeguarding Board were …” is missing; check layouts/_partials/items/updates.html`,
	},
	{
		rule: "shown", name: "in other elements, with other spaces",
		damage: []damage{edit(thinkFamily, "There were briefings", "There  were <em>briefings</em>"), edit(allProgress, "<b>12</b>", "<strong> 12 </strong>")},
	},
	{
		rule: "passage", name: "a paragraph that is left out of the whole",
		damage: []damage{edit(whole, "<h4 id=3.9>", "<h4>")},
		want:   `content/2014/main-issues.md:«### Child protection plans»: /2014/full.html: [passage] the page does not show paragraph 3.9; check that layouts/_partials/text/passages.html shows it in an element with the id 3.9`,
	},
	{
		rule: "passage", name: "a page that is left out of the whole, and a passage that nobody sees on its page",
		damage: []damage{edit(whole, "<h2 id=background>", "<h2>"), every(whole, "href=#background", "href=#main"), edit(purpose, "<h2 id=how-this-site-tells-it>", "<h2 hidden id=how-this-site-tells-it>")},
		want: `
			content/2014/background.md: /2014/full.html: [passage] the page does not show the page “Background”; check that layouts/_partials/text/passages.html shows it in an element with the id background
			content/2014/purpose.md:«## How this site»: /2014/purpose/: [passage] the page does not show the passage “How this site tells it”; check that layouts/_partials/text/passages.html shows it in an element with the id how-this-site-tells-it`,
	},
	{
		rule: "passage", name: "ids in another order, with other quotes",
		damage: []damage{edit(whole, "<h4 id=3.9>", `<h4 class=x id="3.9">`)},
	},
	{
		rule: "item", name: "one that the data does not have",
		damage: []damage{end(conclusions, "<p id=challenge-invented>Do more</p>")},
		want:   `content/2014/conclusions.md: /2014/conclusions/: [item] the element with the id challenge-invented looks like an item, but the data has no such item here; remove it or rename its heading, or add the item to the data`,
	},
	{
		rule: "item", name: "in the wrong place",
		damage: []damage{end(conclusions, "<p id=recommendation-bereavement>Do more</p>")},
		want:   `content/2014/conclusions.md: /2014/conclusions/: [item] the element with the id recommendation-bereavement looks like an item, but the data has no such item here; remove it or rename its heading, or add the item to the data`,
	},
	{
		rule: "item", name: "a heading of a section, which the whole report repeats",
		damage: []damage{end(purpose, "<h2 id=challenge-invented>Do more</h2>"), end(whole, "<h2 id=challenge-invented>Do more</h2>")},
		want:   `content/2014/purpose.md: /2014/purpose/ and /2014/full.html: [item] the element with the id challenge-invented looks like an item, but the data has no such item here; remove it or rename its heading, or add the item to the data`,
	},
	{
		rule: "item", name: "an id that only sounds like one",
		damage: []damage{end(conclusions, "<p id=title-of-challenge>Do more</p>")},
	},
	{
		rule: "feed", name: "another text",
		damage: []damage{edit("updates.xml", "across the city", "across Leeds")},
		want:   `data/2014/recommendations.toml:«[[think-family.updates]]»: /updates.xml: [feed] the update of 15 September 2015 on recommendation “think-family” is not in the feed; check that layouts/_partials/feed.xml gives every update with its date, text, source and address`,
	},
	{
		rule: "feed", name: "another item",
		damage: []damage{edit("updates.xml", "recommendations/think-family/#", "recommendations/bereavement/#")},
		want:   `data/2014/recommendations.toml:«[[think-family.updates]]»: /updates.xml: [feed] the update of 15 September 2015 on recommendation “think-family” is not in the feed; check that layouts/_partials/feed.xml gives every update with its date, text, source and address`,
	},
	{
		rule: "feed", name: "another source, and another day",
		damage: []damage{edit("updates.xml", "https://news.leeds.gov.uk/", "https://news.example.org/"), edit("updates.xml", "<entry>…2015-09-15", "2015-09-16")},
		want:   `data/2014/recommendations.toml:«[[think-family.updates]]»: /updates.xml: [feed] the update of 15 September 2015 on recommendation “think-family” is not in the feed; check that layouts/_partials/feed.xml gives every update with its date, text, source and address`,
	},
	{
		rule: "feed", name: "an entry twice",
		damage: []damage{edit("updates.xml", "</entry>", `</entry><entry><id>urn:uuid:842006cc-7790-3636-81b6-8395360d1c3e</id><link rel="alternate" href="./"/></entry>`)},
		want:   `layouts/home.feed.xml: /updates.xml: [feed] two entries have the id urn:uuid:842006cc-7790-3636-81b6-8395360d1c3e; give each update its own date or source`,
	},
	{
		rule: "feed", name: "empty",
		damage: []damage{put("updates.xml", "")},
		want:   `layouts/home.feed.xml: /updates.xml: [feed] the feed cannot be read: it is not XML, or is incomplete; build the site again`,
	},
	{
		rule: "feed", name: "gone, without links to it",
		damage: []damage{drop("updates.xml"), every(pages, "../updates.xml", "../icon.svg"), every("index.html", "=./updates.xml", "=./icon.svg")},
		want:   `layouts/home.feed.xml: /updates.xml: [feed] the feed is missing; build the site again`,
	},
	{
		rule: "feed", name: "below another address", site: wholeAddress,
		damage: []damage{edit("updates.xml", "https://example.org/2013/safe/2014", "https://example.org/2014")},
		want: `
			data/2014/recommendations.toml:«[[think-family.updates]]»: /updates.xml: [feed] the update of 15 September 2015 on recommendation “think-family” is not in the feed; check that layouts/_partials/feed.xml gives every update with its date, text, source and address
			layouts/home.feed.xml: /updates.xml: [feed] an entry leads to https://example.org/2014/recommendations/think-family/#update-2015-09-15, which is not below the site's address, https://example.org/2013/safe/; check layouts/_partials/feed.xml`,
	},
	{
		rule: "feed", name: "a body's feed lacks what it was asked, and has another's",
		damage: []damage{edit("organisations/health-and-wellbeing-board/updates.xml", "across the city", "across Leeds"), edit("organisations/children-and-families-trust-board/updates.xml", "</feed>", `<entry><id>urn:x</id><link rel="alternate" href="../../2014/"/></entry></feed>`)},
		want: `
			data/2014/recommendations.toml:«[[think-family.updates]]»: /organisations/health-and-wellbeing-board/updates.xml: [feed] the update of 15 September 2015 on recommendation “think-family” is not in the feed; check that layouts/_partials/feed.xml gives every update with its date, text, source and address
			layouts/organisation.feed.xml: /organisations/children-and-families-trust-board/updates.xml: [feed] the feed has more entries than there are updates (1 and 0); build the site again`,
	},
	{
		rule: "feed", name: "written in another way",
		damage: []damage{edit("updates.xml", "across the city", "across&#160;the\n city")},
	},
	{
		rule: "open-data", name: "another id",
		damage: []damage{edit("2014/report.json", `"id": "bereavement"`, `"id": "bereavment"`)},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/report.json: [open-data] recommendation “bereavement” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "another wording",
		damage: []damage{edit("2014/report.json", "To improve the availability", "To improve availability")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/report.json: [open-data] recommendation “bereavement” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "another status",
		damage: []damage{edit("2014/report.json", `"state": "under-way"`, `"state": "done"`)},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/report.json: [open-data] recommendation “think-family” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "another address",
		damage: []damage{edit("2014/report.json", "recommendations/#recommendation-bereavement", "recommendations/#recommendation-think-family")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/report.json: [open-data] recommendation “bereavement” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "an address that leads nowhere",
		damage: []damage{edit("2014/report.json", `"paragraphs"…main-issues/#3.9`, "main-issues/#3.99")},
		want:   `data/2014: /2014/report.json: [open-data] the data is not what the report says; build the site again`,
	},
	{
		rule: "open-data", name: "an address whose place is lost from the page",
		damage: []damage{
			edit("2014/organisations/index.html", "id=organisation-safer-leeds-partnership", "id=gone"),
			every(pages, "organisations/index.html#organisation-safer-leeds-partnership", "organisations/index.html"),
			every(pages, "href=#organisation-safer-leeds-partnership", "href=#main")},
		want: `
			content/2014/recommendations.md:«The Leeds»: /2014/recommendations/ and /2014/full.html: [text] the links in “The Leeds Safeguarding Children Board's annual report makes these recommendatio…” do not lead where the source says; check layouts/_markup
			data/2014: /2014/report.json: [open-data] an address in the data leads nowhere: organisations/#organisation-safer-leeds-partnership; restore the id or the page`,
	},
	{
		rule: "open-data", name: "a row of a table",
		damage: []damage{edit("2014/recommendations.csv", "To improve the availability", "To better the availability")},
		want:   `data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations.csv: [open-data] recommendation “bereavement” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "a body in a table",
		damage: []damage{edit("2014/recommendations.csv", "Safer Leeds Partnership; ", "")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/recommendations.csv: [open-data] recommendation “think-family” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "no last row of a table",
		damage: []damage{cut("2014/challenges.csv", "2014,11,")},
		want:   `data/2014/challenges.toml:«[bereavement]»: /2014/challenges.csv: [open-data] challenge “bereavement” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "an item that the report does not have",
		damage: []damage{edit("2014/challenges.csv", "2014,1,", "2014,12,invented"+strings.Repeat(",x", 21)+"\r\n2014,1,")},
		want:   `data/2014: /2014/challenges.csv: [open-data] the data is not what the report says; build the site again`,
	},
	{
		rule: "open-data", name: "lines that end in another way",
		damage: []damage{every("2014/challenges.csv", "\r\n", "\n")},
		want:   `data/2014: /2014/challenges.csv: [open-data] the data is not what the report says; build the site again`,
	},
	{
		rule: "open-data", name: "a cell that a spreadsheet takes for a formula",
		damage: []damage{edit("2014/challenges.csv", "2014,11,", "2014,=11,")},
		want:   `data/2014/challenges.toml:«[bereavement]»: /2014/challenges.csv: [open-data] challenge “bereavement” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "another version, an empty table, and none",
		damage: []damage{edit("2014/report.json", `"version": 2`, `"version": 3`), put("2014/recommendations.csv", ""), drop("2014/challenges.csv"), every(pages, "challenges.csv", "report.json")},
		want: `
			data/2014: /2014/challenges.csv: [open-data] the data is missing; build the site again
			data/2014: /2014/report.json: [open-data] the data is not what the report says; build the site again
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations.csv: [open-data] recommendation “think-family” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "half a file",
		damage: []damage{cut("2014/report.json", `"themes"`)},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/report.json: [open-data] recommendation “think-family” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "a schema of somebody else's",
		damage: []damage{put("report.schema.json", "{}")},
		want:   `data: /report.schema.json: [open-data] the data is not what the report says; build the site again`,
	},
	{
		rule: "open-data", name: "a file that is made to exhaust memory",
		damage: []damage{put("2014/report.json", strings.Repeat(`[`, 4<<20)), put("2014/challenges.csv", strings.Repeat(`id,`, 4<<20))},
		want: `
			data/2014/challenges.toml:«[voice-in-services]»: /2014/challenges.csv: [open-data] challenge “voice-in-services” is missing from the data, or differs from the report; build the site again
			data/2014/recommendations.toml:«[think-family]»: /2014/report.json: [open-data] recommendation “think-family” is missing from the data, or differs from the report; build the site again`,
	},
	{
		rule: "open-data", name: "below a whole address", site: wholeAddress,
	},
	{
		rule: "open-data", name: "below an address with a space", site: wholeAddress,
		damage: []damage{func(t *testing.T, files fstest.MapFS) {
			for name := range files {
				text := strings.ReplaceAll(string(files[name].Data), "example.org/2013/safe/", "example.org/2013/my%20site/")
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}},
	},
}
