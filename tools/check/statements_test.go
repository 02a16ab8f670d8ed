package check_test

import (
	"bytes"
	"os"
	"path/filepath"

	"annualreport/tools/testkit"
)

// requiring is the report with what law or guidance is made up to require of it.
var requiring = sampleOf("requiring", "", func(source string) error {
	return os.WriteFile(filepath.Join(source, "data/2014/requirements.toml"), []byte(`[effectiveness]
number = 1
wording = "A report on how 'safe' children are."
source = "https://www.example.org/act"
met_in = ["3.9", "measure/child-deaths", "challenge/early-help", "recommendation/think-family"]

[deaths]
number = 2
wording = """
It should say:

- how many died
- why."""
source = "https://www.example.org/guidance"
not_met = "Another panel says so."
`), 0o644)
})

// judged is the report with what somebody independent found of a recommendation.
var judged = sampleOf("judged", "", func(source string) error {
	name := filepath.Join(source, "data/2014/recommendations.toml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, bytes.Replace(text, []byte("\n[bereavement]\n"), []byte(`
[[think-family.updates]]
date = 2015-10-20
by = ["leeds-safeguarding-children-partnership"]
verdict = "not-met"
text = "Nobody had been briefed."
source = "https://www.example.org/found"

[bereavement]
`), 1), 0o644)
})

// noted is the report with news of a recommendation from a body that was not asked.
var noted = sampleOf("noted", "", func(source string) error {
	name := filepath.Join(source, "data/2014/recommendations.toml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, []byte(`
[[bereavement.updates]]
date = 2016-04-20
by = ["leeds-safeguarding-children-partnership"]
text = "A new service began."
source = "https://www.example.org/news"
`)...), 0o644)
})

const otherNews = "Leeds Safeguarding Children Partnership, April 2016"

const requirements = "2014/requirements/index.html"

const bodiesAsked = "2014/organisations/index.html"

// statementTrials are about what comes from data, apart from what is asked.
var statementTrials = []trial{
	{
		rule: "shown", name: "the figure of another year", site: damageSites[testkit.Second],
		damage: []damage{edit("2015/protection/index.html", "<td>41.0</td>", "<td>51.0</td>")},
		want:   `data/2015/measures.toml:«[plans]»: /2015/protection/: [shown] the page does not show the figures of measure “plans” in full and in order: “2013/14 41.0 42.1” is missing; check layouts/_partials/report/chart.html`,
		advice: index,
	},
	{
		rule: "shown", name: "figures with white space around them", site: damageSites[testkit.Second],
		damage: []damage{edit("2015/protection/index.html", "<tbody><tr><th scope=row>2009/10</th><td>56.0</td>", "<tbody><tr><th scope=row> 2009/10 </th><td> 56.0 </td>")},
		advice: index,
	},
	{
		rule: "shown", name: "another verdict, in its own place, on a body's page and among all", site: judged,
		damage: []damage{edit(thinkFamily, "id=found…Not met", "Met"), edit(saferLeeds, "Not met", "Met"), edit(allProgress, "Not met", "Met")},
		want: `
			data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [shown] the page does not show what others found about recommendation “think-family” in full and in order: “Not met” is missing; check layouts/item.html
			data/2014/recommendations.toml:«[think-family]»: /organisations/safer-leeds-partnership/: [shown] the page does not show what Safer Leeds Partnership said about recommendation “think-family” in full and in order: “Not met” is missing; check layouts/_partials/items/request.html
			layouts/progress.html: /progress/: [shown] the page does not show the group “in-progress” in full and in order: “Not met” is missing; check layouts/_partials/items/progress.html`,
	},
	{
		rule: "shown", name: "no place for the verdict", site: judged,
		damage: []damage{edit(thinkFamily, "id=found", "id=lost")},
		want:   `data/2014/recommendations.toml:«[think-family]»: /2014/recommendations/think-family/: [shown] the page does not show what others found about recommendation “think-family”; check that layouts/item.html shows it in an element with the id found`,
	},
	{
		rule: "shown", name: "a verdict in other elements", site: judged,
		damage: []damage{edit(thinkFamily, "id=found…<b>Not met</b>", "<em>Not  met</em>"), edit(saferLeeds, "<b>Not met</b>", "<strong>Not met</strong>")},
	},
	{
		rule: "shown", name: "news from another body is lost, beside how far it is and in a list, or leads elsewhere", site: noted,
		damage: []damage{
			edit(recommendations, otherNews, "Ofsted, April 2016"), edit(summary, "<p id=news-recommendation-bereavement", "<p hidden id=news-recommendation-bereavement"),
			edit(bodiesAsked, otherNews, "Leeds Safeguarding Children Partnership, April 2015"), edit(allProgress, otherNews, "Leeds Safeguarding Children Partnership"),
			edit(saferLeeds, "bereavement/index.html#update-2016-04-20", "bereavement/index.html")},
		want: `
			data/2014/recommendations.toml:«[bereavement]»: /2014/: [shown] the page does not show what others said about recommendation “bereavement”; check that layouts/_partials/items/others.html shows it in an element with the id news-recommendation-bereavement
			data/2014/recommendations.toml:«[bereavement]»: /2014/organisations/: [shown] the page does not show what others said about recommendation “bereavement” in full and in order: “Leeds Safeguarding Children Partnership, April 2016” is missing; check layouts/_partials/items/others.html
			data/2014/recommendations.toml:«[bereavement]»: /2014/recommendations/: [item] the page does not show recommendation “bereavement” in full and in order: “Leeds Safeguarding Children Partnership, April 2016” is missing; check layouts/_partials/items/item.html
			data/2014/recommendations.toml:«[bereavement]»: /organisations/safer-leeds-partnership/: [shown] the page does not link what Safer Leeds Partnership said about recommendation “bereavement” to the news “Leeds Safeguarding Children Partnership, April 2016”; check layouts/_partials/items/request.html
			layouts/progress.html: /progress/: [shown] the page does not show the group “no-response-recorded-here-yet” in full and in order: “Leeds Safeguarding Children Partnership, April 2016” is missing; check layouts/_partials/items/progress.html`,
	},
	{
		rule: "shown", name: "news from another body in other elements, with other spaces", site: noted,
		damage: []damage{edit(recommendations, otherNews, "Leeds  Safeguarding <b>Children</b>\nPartnership, April&nbsp;2016"), edit(saferLeeds, "../../2014/recommendations/bereavement/index.html#update-2016-04-20", `"../../2014/./recommendations/bereavement/index.html#update-2016-04-20"`)},
	},
	{
		rule: "shown", name: "how far all challenges are, on the summary",
		damage: []damage{edit("2014/index.html", "id=state-of-challenges class=to>All 11", "id=state-of-challenges class=to>All 2")},
		want:   `content/2014/_index.md: /2014/: [shown] the page does not show how far all challenges are in full and in order: “11” is missing; check layouts/_partials/report/put-to.html`,
	},
	{
		rule: "shown", name: "not on its page, and hidden on the other", site: requiring,
		damage: []damage{edit(requirements, "id=requirement-deaths", "id=gone"), edit(whole, "<article id=requirement-effectiveness", "<article hidden id=requirement-effectiveness")},
		want: `
			data/2014/requirements.toml:«[effectiveness]»: /2014/full.html: [shown] the page does not show requirement “effectiveness”; check that layouts/_partials/lists/requirements.html shows it in an element with the id requirement-effectiveness
			data/2014/requirements.toml:«[deaths]»: /2014/requirements/: [shown] the page does not show requirement “deaths”; check that layouts/_partials/lists/requirements.html shows it in an element with the id requirement-deaths`,
	},
	{
		rule: "shown", name: "another wording", site: requiring,
		damage: []damage{edit(requirements, "how many died", "how many have died")},
		want:   `data/2014/requirements.toml:«[deaths]»: /2014/requirements/: [shown] the page does not show requirement “deaths” in full and in order: “It should say: how many died why.” is missing; check layouts/_partials/lists/requirements.html`,
	},
	{
		rule: "shown", name: "no reason", site: requiring,
		damage: []damage{edit(whole, "Another panel says so.", "")},
		want:   `data/2014/requirements.toml:«[deaths]»: /2014/full.html: [shown] the page does not show requirement “deaths” in full and in order: “Another panel says so.” is missing; check layouts/_partials/lists/requirements.html`,
	},
	{
		rule: "shown", name: "each other's source", site: requiring,
		damage: []damage{edit(requirements, "href=https://www.example.org/act", "href=https://www.example.org/guidance")},
		want:   `data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to its source; check layouts/_partials/lists/requirements.html`,
	},
	{
		rule: "shown", name: "links to other places", site: requiring,
		damage: []damage{
			edit(requirements, "id=requirement-effectiveness…main-issues/index.html#3.9", "main-issues/index.html#3.8"),
			edit(requirements, "id=requirement-effectiveness…index.html#measure-child-deaths", "index.html#changing"),
			edit(requirements, "id=requirement-effectiveness…conclusions/index.html#challenge-early-help", "conclusions/index.html"),
			edit(requirements, "id=requirement-effectiveness…recommendations/index.html#recommendation-think-family", "full.html#recommendation-think-family")},
		want: `
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to challenge “early-help”; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to measure “child-deaths”; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to paragraph 3.9; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to recommendation “think-family”; check layouts/_partials/lists/requirements.html`,
	},
	{
		rule: "shown", name: "on the page of the whole report, a link to another place", site: requiring,
		damage: []damage{edit(whole, "id=requirement-effectiveness…href=#3.9", "href=#3.8")},
		want:   `data/2014/requirements.toml:«[effectiveness]»: /2014/full.html: [shown] the page does not link requirement “effectiveness” to paragraph 3.9; check layouts/_partials/lists/requirements.html`,
	},
	{
		rule: "shown", name: "the links of one in the other", site: requiring,
		damage: []damage{every(requirements, "requirement-deaths", "requirement-x"), every(requirements, "requirement-effectiveness", "requirement-deaths"), every(requirements, "requirement-x", "requirement-effectiveness")},
		want: `
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to challenge “early-help”; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to its source; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to measure “child-deaths”; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to paragraph 3.9; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not link requirement “effectiveness” to recommendation “think-family”; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[effectiveness]»: /2014/requirements/: [shown] the page does not show requirement “effectiveness” in full and in order: “A report on how 'safe' children are.” is missing; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[deaths]»: /2014/requirements/: [shown] the page does not link requirement “deaths” to its source; check layouts/_partials/lists/requirements.html
			data/2014/requirements.toml:«[deaths]»: /2014/requirements/: [shown] the page does not show requirement “deaths” in full and in order: “It should say: how many died why.” is missing; check layouts/_partials/lists/requirements.html`,
	},
	{
		rule: "shown", name: "written in another way", site: requiring,
		damage: []damage{
			edit(requirements, "<article id=requirement-deaths", `<ARTICLE CLASS=x ID='requirement&#45;deaths'`),
			edit(requirements, "how many died", "how <b>many</b>\n died"),
			edit(requirements, "‘safe’", `'safe'`),
			edit(requirements, "href=https://www.example.org/act", `href=" https://www.example.org/%61ct"`),
			edit(requirements, "../../2014/main-issues/index.html#3.9", `"../main-issues/index.html#3.9"`)},
	},
	{
		rule: "missing-page", name: "the page of the requirements", site: requiring,
		damage: []damage{drop(requirements)},
		want:   `data/2014/requirements.toml: /2014/requirements/: [missing-page] this page is missing; build the site again`,
	},
	{
		rule: "shown", name: "not there, and hidden",
		damage: []damage{edit(progress, "id=status-accepted-in-part", "id=gone"), edit(progress, "<div id=status-completed", "<div hidden id=status-completed")},
		want: `
			data/statuses.toml:«[accepted-in-part]»: /2014/progress/: [shown] the page does not show the status “accepted-in-part”; check that layouts/_partials/items/statuses.html shows it in an element with the id status-accepted-in-part
			data/statuses.toml:«[completed]»: /2014/progress/: [shown] the page does not show the status “completed”; check that layouts/_partials/items/statuses.html shows it in an element with the id status-completed`,
	},
	{
		rule: "shown", name: "another's name, of which its own is a part",
		damage: []damage{edit(progress, "id=status-accepted>…Accepted", "Accepted in part")},
		want:   `data/statuses.toml:«[accepted]»: /2014/progress/: [shown] the page does not show the status “accepted” in full and in order: “Accepted The body said that it would do it.” is missing; check layouts/_partials/items/statuses.html`,
	},
	{
		rule: "shown", name: "another meaning",
		damage: []damage{edit(progress, "id=status-completed…had done it", "would do it")},
		want:   `data/statuses.toml:«[completed]»: /2014/progress/: [shown] the page does not show the status “completed” in full and in order: “Completed The body said that it had done it.” is missing; check layouts/_partials/items/statuses.html`,
	},
	{
		rule: "shown", name: "written in another way",
		damage: []damage{edit(progress, "id=status-completed…had done it", "had\n <i>done</i>&nbsp;it"), edit(progress, "id=status-accepted>", `ID="status-accepted" class=x>`)},
	},
	{
		rule: "shown", name: "on a page that need not be there",
		damage: []damage{edit(background, "</main>", "<p id=status-none>x</p></main>")},
	},
}
