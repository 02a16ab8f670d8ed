package check_test

// sameTrials compare a site with what a build makes.
var sameTrials = []trial{
	{
		rule: "rebuilt", name: "a letter, a class and an attribute are others",
		damage: []damage{
			edit(az, "<h2 id=letter-b>B</h2>", "<h2 id=letter-b>Words in b</h2>"),
			edit("2014/recommendations/think-family/index.html", "<ol class=updates reversed>", "<ol class=updates>"),
			edit("404.html", "<p>", "<p class=lead>"),
		},
		want: `
			data/2014/recommendations.toml: /2014/recommendations/think-family/: [rebuilt] the page has “<ol class="updates">” where a build has “<ol class="updates" reversed="">”; build the site again
			layouts/404.html: /404.html: [rebuilt] the page has “<p class="lead">” where a build has “<p>”; build the site again
			layouts/a-to-z.html: /index/: [rebuilt] the page has “Words in b” where a build has “B”; build the site again`,
	},
	{
		rule: "rebuilt", name: "a space less at a link, and one that looks like a dash",
		damage: []damage{
			edit("2014/recommendations/think-family/index.html", "danger</span> <a", "danger</span><a"),
			edit("404.html", "0800 1111</a>", "0800\u16801111</a>"),
		},
		want: `
			data/2014/recommendations.toml: /2014/recommendations/think-family/: [rebuilt] the page has “<a href="tel:999">” where a build has a space; build the site again
			layouts/404.html: /404.html: [rebuilt] the page has “0800[U+1680]1111” where a build has “0800 1111”; build the site again`,
	},
	{
		rule: "rebuilt", name: "other white space, quotation marks and order of attributes",
		damage: []damage{every(pages, "<main id=main", "<main\n id='main' "), every(pages, "</main>", " </main>\n")},
	},
}
