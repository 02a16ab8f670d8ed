package check_test

import "strings"

const (
	az     = "index/index.html"
	search = "search/index.html"
)

// findTrials are about the index from A to Z and the search.
var findTrials = []trial{
	{
		rule: "find", name: "a term and its abbreviation are not in the index",
		damage: []damage{every(az, "care leaver", "leaver"), edit(az, "CP plan", "plan")},
		want: `
			data/glossary.toml:«[care-leaver]»: /index/: [find] the A to Z index has the term “care-leaver” without its name “care leaver”; check that layouts/_partials/find/letters.html shows every line
			data/glossary.toml:«[child-protection-plan]»: /index/: [find] the A to Z index has the term “child-protection-plan” without its name “cp plan”; check that layouts/_partials/find/letters.html shows every line`,
	},
	{
		rule: "find", name: "an item, a passage and a body lead elsewhere from the index",
		damage: []damage{
			edit(az, "href=../2014/challenges/early-help/index.html", "href=../2014/conclusions/index.html#challenge-early-help"),
			every(az, "href=../2014/main-issues/index.html#3.9", "href=../2014/main-issues/index.html#3.8"),
			every(az, "href=../organisations/safer-leeds-partnership/index.html", "href=../organisations/index.html")},
		want: `
			content/2014/main-issues.md:«{#3.9}»: /index/: [find] the A to Z index does not link to paragraph 3.9; check that layouts/_partials/find/letters.html shows every line
			data/2014/challenges.toml:«[early-help]»: /index/: [find] the A to Z index does not link to challenge “early-help”; check that layouts/_partials/find/letters.html shows every line
			data/organisations.toml:«[safer-leeds-partnership]»: /index/: [find] the A to Z index does not link to the body “safer-leeds-partnership”; check that layouts/_partials/find/letters.html shows every line`,
	},
	{
		rule: "find", name: "the index in another order, with links of other pages' and capitals",
		damage: []damage{edit(az, "bereavement service", "BEREAVEMENT service"), edit(az, "<h2 id=letter-b>B</h2>", "<h2 id=letter-b>Words in b</h2>")},
	},
	{
		rule: "find", name: "an item's wording, a term and a passage are not in the search",
		damage: []damage{
			edit(search, `"term-think-family-work-family",-1,"What it means","Think`, `"term-think-family-work-family",-1,"What it means","`), every(search, `"term-care-leaver"`, `"term-care"`), edit(search, "statutory safeguarding requirements", "requirements")},
		want: `
			content/2014/main-issues.md:«{#3.7}»: /search/: [find] the search index has paragraph 3.7 without its words “there is a good level of compliance across the partnership with the statutory s…”; build the site again; if the message stays, check layouts/search.html
			data/glossary.toml:«[care-leaver]»: /search/: [find] the search does not find the term “care-leaver”; build the site again; if the message stays, check layouts/search.html
			data/glossary.toml:«[think-family-work-family]»: /search/: [find] the search index has the term “think-family-work-family” without its words “think family, work family”; build the site again; if the message stays, check layouts/search.html`,
	},
	{
		rule: "find", name: "the search without its index, and with half of it",
		damage: []damage{edit(search, "id=index type=application/json", "id=other type=application/json")},
		want:   `layouts/search.html: /search/: [find] the search index is missing or cannot be read; build the site again; if the message stays, check layouts/search.html`,
	},
	{
		rule: "find", name: "the search finds more, in other quote marks",
		damage: []damage{edit(search, `"rows":[`, `"rows":[[0,"main",-1,"Page","More","","More words"],`), edit(search, "‘increasing the voice of the child’", "'increasing the voice of the child'")},
	},
	{
		rule: "find", name: "a row of the search is empty",
		damage: []damage{edit(search, `"rows":[`, `"rows":[[],`)},
		want:   `layouts/search.html: /search/: [find] the search index is missing or cannot be read; build the site again; if the message stays, check layouts/search.html`,
	},
	{
		rule: "find", name: "no index and no search",
		damage: []damage{drop("index", "search")},
		want: `
			layouts/a-to-z.html: /index/: [missing-page] this page is missing; build the site again
			layouts/search.html: /search/: [missing-page] this page is missing; build the site again`,
	},
	{
		rule: "policy", name: "another script beside the search's",
		damage: []damage{end(search, "<script>alert(1)</script>"), end(az, "<script>alert(1)</script>")},
		want: `
			layouts/a-to-z.html: /index/: [policy] the page has a script, which the policy does not allow; remove it
			layouts/baseof.html: /search/: [policy] the page has more than one script; keep the one that searches
			layouts/baseof.html: /search/: [policy] the policy does not allow the script in the page, <hash>; check that layouts/baseof.html gives the hash of exactly the script that layouts/search.html writes, and that nothing changes it afterwards`,
	},
	{
		rule: "policy", name: "a search whose script was changed, and has grown",
		damage: []damage{edit(search, "<script>(()=>{", "<script>(()=>{"+strings.Repeat("let z;", 400))},
		want: `
			layouts/baseof.html: /search/: [policy] the page's script is larger than 4 KB; make layouts/_partials/find/search.js shorter
			layouts/baseof.html: /search/: [policy] the policy allows what the page does not use: script-src <hash>; remove it from layouts/baseof.html
			layouts/baseof.html: /search/: [policy] the policy does not allow the script in the page, <hash>; check that layouts/baseof.html gives the hash of exactly the script that layouts/search.html writes, and that nothing changes it afterwards`,
	},
	{
		rule: "policy", name: "a search with data of its own, which is no script",
		damage: []damage{end(search, "<script type=application/json>{}</script>")},
	},
}
