package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// grownSource makes a source folder with much more in it than the report has:
// forty challenges, some with long words, and measures with figures.
func grownSource(t *testing.T) string {
	t.Helper()
	source := testkit.NewSource(t, project)
	change := func(name string, change func(string) string) {
		name = filepath.Join(source, name)
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, []byte(change(string(text))), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change("data/2014/challenges.toml", func(text string) string {
		for n := 12; n <= 40; n++ {
			title := "Do more of the same"
			if n%5 == 0 {
				title = "Donaudampfschifffahrtsgesellschaftskapitän " + strings.Repeat("and once more ", 12)
			}
			text += fmt.Sprintf("\n[more-%d]\nnumber = %d\ntheme = \"bereavement\"\ntitle = %q\nwording = \"More.\"\naddressed_to = [\"safer-leeds-partnership\"]\nfindings = [\"3.%d\"]\n", n, n, strings.TrimSpace(title), 1+n%12)
		}
		return text
	})
	change("data/2014/measures.toml", func(text string) string {
		return text + `
[figures]
number = 9
title = "A measure with figures"
direction = "falling"
meaning = "neutral"
finding = "3.9"
unit = "plans"
values = [{ period = "2010/11", value = 1012.5 }, { period = "2011/12", value = 900 }, { period = "2012/13", value = 950 }, { period = "2013/14", value = -3 }]
source = "https://example.org/figures"

[flat]
number = 10
title = "A measure that does not move"
direction = "steady"
meaning = "bad"
finding = "3.9"
values = [{ period = "2012/13", value = 5 }, { period = "2013/14", value = 5 }]

[single]
number = 11
title = "A measure with one figure"
direction = "improving"
meaning = "good"
finding = "3.9"
values = [{ period = "2013/14", value = 5 }]
`
	})
	return source
}

// tangles finds what is wrong with the rows that draw the connections of a page:
// boxes over each other or out of the page, text out of its box, and an arrow that
// leads nowhere.
const tangles = `(() => {
	const wrong = [];
	document.querySelectorAll(".threads > li").forEach(row => {
		const boxes = [...row.querySelectorAll("dl > div")], places = boxes.map(b => b.getBoundingClientRect());
		places.forEach((b, i) => {
			places.slice(i + 1).forEach(c => { if (b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom) wrong.push("two boxes overlap: " + row.id) });
			if (b.left < 0 || b.right > innerWidth) wrong.push("a box is out of the page: " + row.id);
			if ([...boxes[i].querySelectorAll("a")].some(a => a.getBoundingClientRect().right > b.right)) wrong.push("a text is too large for its box: " + row.id);
		});
		if (boxes.filter(b => b.className === "item").length !== 1) wrong.push("not one item: " + row.id);
	});
	return wrong;
})()`

// The drawing of the connections has each item once, in the order of the numbers,
// with a box for what it comes from and one for what it leads to; on a phone they
// are below each other.
func TestConnections(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/connections/"))
	checkDrawing(t, v, fixture)
	order := eval[[]string](t, v, `[...document.querySelectorAll(".threads .item dt")].map(e => e.textContent)`)
	var want []string
	for n := range 11 {
		want = append(want, fmt.Sprintf("Challenge %d", n+1))
	}
	if want = append(want, "Recommendation 1", "Recommendation 2"); !slices.Equal(order, want) {
		t.Errorf("the items come in the order %q", order)
	}
	beside := `(() => { const [from, item] = document.querySelectorAll("#thread-challenge-early-help dl > div"); return from.getBoundingClientRect().right < item.getBoundingClientRect().left })()`
	if !eval[bool](t, v, beside) {
		t.Error("on a wide screen, what an item comes from is not beside it")
	}
	v.become(t, 390, "light")
	checkDrawing(t, v, fixture)
	if eval[bool](t, v, beside) {
		t.Error("on a phone, what an item comes from is beside it")
	}
}

// What leads on to another row leads there, and that row stands out with its whole
// path. It has the colour of the theme that it comes from.
func TestConnectionsPath(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/connections/"))
	const style = `(id, property) => getComputedStyle(document.querySelector("#thread-" + id + " .item"))[property]`
	if !eval[bool](t, v, `(s => s("challenge-think-family", "borderLeftColor") === s("recommendation-think-family", "borderLeftColor") && s("challenge-think-family", "borderLeftColor") !== s("challenge-voice-in-services", "borderLeftColor"))(`+style+`)`) {
		t.Error("a recommendation has not the colour of its challenge, or all have the same")
	}
	plain := eval[string](t, v, `(`+style+`)("recommendation-think-family", "backgroundColor")`)
	v.do(t, chromedp.Click(`#thread-challenge-think-family .to a`))
	if hash := eval[string](t, v, `location.hash`); hash != "#thread-recommendation-think-family" {
		t.Errorf("the path leads to %q", hash)
	}
	same := eval[int](t, v, fmt.Sprintf(`[...document.querySelectorAll(":target dl > div")].filter(e => getComputedStyle(e).backgroundColor === %q).length`, plain))
	if same > 0 {
		t.Errorf("%d boxes of the row that the path leads to do not stand out", same)
	}
}

// In the system's colours, arrows are arrows, in the colour of text, and the row
// that is looked at stands out.
func TestConnectionsForced(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "dark")
	v.do(t, prefer(&emulation.MediaFeature{Name: "forced-colors", Value: "active"}), chromedp.Navigate(fixture.address+"/2014/connections/#thread-challenge-early-help"))
	wrong := eval[[]string](t, v, `(() => {
		const text = getComputedStyle(document.body).color, wrong = [];
		document.querySelectorAll(".threads .from + .item, .threads .to").forEach(e => {
			const s = getComputedStyle(e, "::before");
			if (s.backgroundColor !== text || !s.clipPath.startsWith("polygon")) wrong.push("an arrow is " + s.backgroundColor + " " + s.clipPath);
		});
		if (getComputedStyle(document.querySelector(":target .item")).borderTopColor === text) wrong.push("the row that is looked at looks like all");
		return wrong;
	})()`)
	for _, message := range wrong {
		t.Error(message)
	}
}

// The colours of themes can be told from what they stand on: 7:1 on the page and
// on a shade of it.
func TestHues(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/"))
	for _, scheme := range []string{"light", "dark"} {
		v.become(t, 1280, scheme)
		weak := eval[[]string](t, v, `(() => {
			const probe = document.body.appendChild(document.createElement("i")), weak = [], contrast = `+contrastOf+`;
			const colour = name => {
				probe.style.color = name;
				return getComputedStyle(probe).color.match(/[0-9.]+/g).map(Number);
			};
			const seen = new Set();
			for (let n = 1; n <= 8; n++) {
				probe.className = "hue-" + n;
				const hue = colour("var(--hue)");
				seen.add(contrast(hue, [0, 0, 0]));
				for (const ground of ["var(--paper)", "var(--soft)"]) {
					const got = contrast(hue, colour(ground));
					if (got < 7) weak.push(probe.className + " on " + ground + ": " + got);
				}
			}
			if (seen.size < 8) weak.push("two colours are the same");
			return weak;
		})()`)
		for _, message := range weak {
			t.Errorf("%s: %s", scheme, message)
		}
	}
}

// To a screen reader, a row of the drawing is an item of a list: what it comes
// from, the item, and where that leads, each said once.
func TestConnectionsRead(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/connections/"))
	read := spoken(t, v)
	want := "listitem: term: Related paragraphs definition: link: Paragraph 3.3: What can we learn from monitoring and reviewing services for children and young people? " +
		"term: Challenge 4 definition: link: Embed the Think Family protocol " +
		"term: Leads to definition: link: Recommendation 1: Put the Think Family Work Family protocol into practice listitem:"
	if !strings.Contains(read, want) {
		t.Errorf("the page is read as\n%s\nwhich lacks\n%s", read, want)
	}
}

// connections counts what the open data of a site connects: an item with its
// findings, the bodies that it is addressed to, and the challenges that it
// arises from.
func connections(t *testing.T, w website) int {
	t.Helper()
	response, err := http.Get(w.address + "/2014/report.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	type item struct {
		Findings, Challenges []any
		AddressedTo          []struct{ ID string } `json:"addressed_to"`
	}
	var data struct{ Challenges, Recommendations []item }
	if err := json.NewDecoder(response.Body).Decode(&data); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, all := range [][]item{data.Challenges, data.Recommendations} {
		same := len(all) > 1
		for _, i := range all {
			same = same && slices.Equal(i.AddressedTo, all[0].AddressedTo)
			count += len(i.Findings) + 2*len(i.Challenges) // at both ends
		}
		for _, i := range all {
			if count += len(i.AddressedTo); same { // said once
				break
			}
		}
	}
	return count
}

// checkDrawing sees that the drawing that v shows has what the data of its site
// has, and that nothing in it is in another's way.
func checkDrawing(t *testing.T, v *visit, w website) {
	t.Helper()
	want := connections(t, w)
	if got := eval[int](t, v, `document.querySelectorAll(".threads .from a, .threads .to a, [id^=asked-of] a").length`); got != want || got < 15 {
		t.Errorf("the drawing has %d connections, and the data %d", got, want)
	}
	for _, wrong := range eval[[]string](t, v, tangles) {
		t.Error(wrong)
	}
}

// The drawings follow the data, however much of it there is.
func TestGrownReport(t *testing.T) {
	browse(t)
	w := publish(t, site.Settings{Source: grownSource(t)})
	v := open(t, 1280, "dark")
	v.do(t, chromedp.Navigate(w.address+"/2014/connections/"))
	checkDrawing(t, v, w)
	inspect(t, v, "connections")

	v.do(t, chromedp.Navigate(w.address+"/2014/"))
	labels := eval[[]string](t, v, `[...document.querySelectorAll("svg.chart")].map(e => e.getAttribute("aria-label"))`)
	want := []string{
		"Line chart: A measure that does not move, 2 periods from 2012/13 to 2013/14. 5 in 2012/13, 5 in 2013/14. The table has every figure.",
		"Line chart: A measure with figures, plans, 4 periods from 2010/11 to 2013/14. 1,012.5 in 2010/11, −3.0 in 2013/14. The table has every figure.",
	}
	if fmt.Sprint(labels) != fmt.Sprint(want) {
		t.Errorf("the charts are %q", labels)
	}
	if rows := eval[int](t, v, `document.querySelectorAll(".measures tbody tr").length`); rows != 7 {
		t.Errorf("the tables have %d figures, want 7", rows)
	}
	for _, width := range []int64{1280, 320} {
		v.become(t, width, "dark")
		out := eval[int](t, v, `[...document.querySelectorAll("svg.chart *")].filter(e => { const r = e.getBoundingClientRect(), s = e.closest("svg").getBoundingClientRect(); return r.left < s.left - 2 || r.right > s.right + 2 || r.top < s.top - 2 || r.bottom > s.bottom + 2 }).length`)
		if out > 0 {
			t.Errorf("at %d pixels, %d parts of the charts are out of their drawings", width, out)
		}
	}
	inspect(t, v, "the summary")
}
