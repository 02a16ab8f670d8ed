package browser

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// spokenRoles are those that a screen reader says before what has them.
var spokenRoles = []string{"heading", "listitem", "term", "definition", "link", "image"}

// spoken gives what the page that v shows says to a screen reader, in its order,
// from Chromium's accessibility tree: texts, and before them what they are.
func spoken(t *testing.T, v *visit) string {
	t.Helper()
	var tree accessibility.GetFullAXTreeResult
	v.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) (err error) {
		tree, err = cdp.Call(ctx, tab, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		return err
	}))
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	var words []string
	var speak func(n *accessibility.Node)
	speak = func(n *accessibility.Node) {
		role := textOf(n.Role)
		switch {
		case n.Ignored:
		case role == "StaticText":
			words = append(words, strings.Fields(textOf(n.Name))...)
			return
		case slices.Contains(spokenRoles, role):
			if words = append(words, role+":"); role == "image" {
				words = append(words, textOf(n.Name))
			}
		}
		for _, id := range n.ChildIDs {
			if child := nodes[id]; child != nil {
				speak(child)
			}
		}
	}
	speak(tree.Nodes[0])
	return strings.Join(words, " ")
}

// textOf is the text that a value of the accessibility tree holds, or "".
func textOf(value *accessibility.Value) (text string) {
	if value != nil {
		json.Unmarshal([]byte(value.Value), &text) // other values are no text
	}
	return text
}

// A screen reader says what a summary and an item have to say, each thing once and
// in the order in which somebody asks for it.
func TestRead(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 390, "light")
	for page, parts := range map[string][]string{
		"/2014/": {
			"link: Skip to the main content link: Leeds Safeguarding Children Board Annual report 2014",
			"This report is from October 2014. Since 9 April 2018, the body’s successor has been the link: Leeds Safeguarding Children Partnership . link: Current reports",
			"heading: How well are children in Leeds kept safe?",
			"heading: What was asked, and what happened next 13 things were asked listitem: 1 Under way listitem: 12 We have found no public reply",
			"heading: What was asked, and of whom heading: Recommendations Asked of link: Leeds Health and Wellbeing Board ,",
			"listitem: 1 link: Put the Think Family Work Family protocol into practice In progress in September 2015 (11 years ago). We have found nothing newer.",
			"heading: What was changing heading: The report calls this progress listitem: Deaths of children, from all causes Falling: link: Main message 3",
			"heading: Worried about a child? listitem: If a child is in immediate danger link: 999",
		},
		"/2014/recommendations/think-family/": {
			"listitem: Recommendation 1 Recommendation 1, Annual report 2014 heading: Put the Think Family Work Family protocol into practice",
			"In the report’s words To implement the ‘Think Family Work Family’ protocol",
			"term: Asked of definition: link: Leeds Health and Wellbeing Board , link: Safer Leeds Partnership and link: Adult Safeguarding Board",
			"term: Related paragraphs definition: listitem: link: Paragraph 3.3:",
			"term: What happened next definition: In progress in September 2015 (11 years ago). We have found nothing newer. We have found no public reply from link: Leeds Health and Wellbeing Board",
			"heading: What each body said heading: link: Leeds Health and Wellbeing Board We have found no public reply",
			"heading: link: Safer Leeds Partnership In progress in September 2015 (11 years ago). We have found nothing newer. term: Progress definition: In progress, 15 September 2015",
			"heading: All news, newest first listitem: 15 September 2015 ,",
			"Cite as: Leeds Safeguarding Children Board,",
		},
		"/2014/young-people/": {
			"heading: For young people link: Need help now? See who can help you",
			"heading: What is this? The Leeds",
			"heading: Who can help you listitem: Childline, for children link: 0800 1111",
		},
		"/organisations/": {
			"heading: Who was asked, in every report listitem: link: Adult Safeguarding Board",
			"It was asked for 2 things.",
			"heading: Others named here, which were asked for nothing listitem: link: Leeds Safeguarding Children Board",
		},
	} {
		v.do(t, chromedp.Navigate(fixture.address+page))
		want(t, page, spoken(t, v), parts...)
	}
}

// What most readers come for is at most two clicks from the front page.
func TestTwoClicks(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 390, "light")
	for wish, way := range map[string]struct {
		links []string // the texts of what is clicked
		shows string   // what can be read then
	}{
		"sexual exploitation":                    {[]string{"Index from A to Z", "Paragraph 3.11"}, "understanding of the nature and scale of sexual exploitation"},
		"Section 11":                             {[]string{"Index from A to Z", "Paragraph 3.7"}, "section 11 of the Children Act"},
		"who must act on bereavement":            {[]string{"Make bereavement services more available and easier to use"}, "We have found no public reply"},
		"how to cite 3.9":                        {[]string{"3 Main issues", "3.9 Child protection plans"}, "Cite this section as"},
		"all that concerns one body":             {[]string{"Safer Leeds Partnership", "Safer Leeds Partnership"}, "Recommendation 1"},
		"help for a child now":                   {[]string{"Worried about a child?"}, "0800 1111"},
		"the data for a spreadsheet":             {[]string{"Use this data"}, "The recommendations as a table"},
		"what happened next":                     {[]string{"See what happened next"}, "13 things were asked"},
		"what it means for young people, simply": {[]string{"Menu", "Young people"}, "The Leeds Safeguarding Children Board brought services together"},
	} {
		v.do(t, chromedp.Navigate(fixture.address+"/"))
		if len(way.links) > 2 {
			t.Errorf("%s: %d clicks", wish, len(way.links))
		}
		for _, text := range way.links {
			// A link is followed as its address: the tab then waits until the page is there.
			address := eval[string](t, v, `(() => {
				const spaced = e => e.textContent.replaceAll(/\s+/g, " ").trim();
				const all = [...document.querySelectorAll("a, summary, button")].filter(e => e.checkVisibility());
				const element = all.find(e => spaced(e) === `+strconv.Quote(text)+`) ?? all.find(e => spaced(e).startsWith(`+strconv.Quote(text)+`));
				if (element?.href) return element.href;
				element?.click();
				return element ? "" : "missing";
			})()`)
			switch address {
			case "":
			case "missing":
				t.Errorf("%s: there is no link %q", wish, text)
			default:
				v.do(t, chromedp.Navigate(address))
			}
		}
		if !strings.Contains(eval[string](t, v, `document.body.innerText`), way.shows) {
			t.Errorf("%s: after %q, the page does not show %q", wish, way.links, way.shows)
		}
	}
}
