package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

// crossings finds what is wrong with the drawing of a page in the browser:
// nodes over each other, text out of its node, curves that do not begin and
// end at a node.
const crossings = `(() => {
	const nodes = [...document.querySelectorAll(".drawing a")], wrong = [];
	const boxes = nodes.map(a => a.querySelector("rect").getBoundingClientRect());
	boxes.forEach((b, i) => {
		boxes.slice(i + 1).forEach(c => { if (b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom) wrong.push("two nodes overlap: " + nodes[i].textContent) });
		const text = nodes[i].querySelector("text").getBoundingClientRect();
		if (text.top < b.top - 1 || text.bottom > b.bottom + 1 || text.left < b.left || text.right > b.right) wrong.push("a text is too large for its node: " + nodes[i].textContent);
	});
	const svg = document.querySelector(".drawing svg").getBoundingClientRect();
	boxes.forEach((b, i) => { if (b.left < svg.left - 1 || b.right > svg.right + 1 || b.bottom > svg.bottom + 1) wrong.push("a node is out of the drawing: " + nodes[i].textContent) });
	const near = (p, side) => boxes.some(b => Math.abs(p.x - b[side]) < 2 && p.y > b.top && p.y < b.bottom);
	document.querySelectorAll(".drawing path").forEach(path => {
		const m = path.getScreenCTM(), end = path.getTotalLength();
		if (!near(path.getPointAtLength(0).matrixTransform(m), "right") || !near(path.getPointAtLength(end).matrixTransform(m), "left")) wrong.push("a curve ends nowhere");
	});
	return wrong;
})()`

func TestConnections(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/connections/"))
	checkDrawing(t, v, fixture)

	// On a phone there is a list in its place, with all that the drawing has.
	v.become(t, 390, "light")
	if eval[bool](t, v, `document.querySelector(".drawing").checkVisibility()`) {
		t.Error("a phone shows the drawing")
	}
	missing := eval[[]string](t, v, `[...document.querySelectorAll(".drawing a")].map(a => a.getAttribute("href")).filter(href => ![...document.querySelectorAll(".threads a")].some(a => a.getAttribute("href") === href && a.checkVisibility()))`)
	if len(missing) > 0 {
		t.Errorf("the list has no link to %s", strings.Join(missing, ", "))
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
		AddressedTo          []any `json:"addressed_to"`
	}
	var data struct{ Challenges, Recommendations []item }
	if err := json.NewDecoder(response.Body).Decode(&data); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, i := range append(data.Challenges, data.Recommendations...) {
		count += len(i.Findings) + len(i.AddressedTo) + len(i.Challenges)
	}
	return count
}

// checkDrawing sees that the drawing that v shows has what the data of its site
// has, and that nothing in it is in another's way.
func checkDrawing(t *testing.T, v *visit, w website) {
	t.Helper()
	want := connections(t, w)
	if got := eval[int](t, v, `document.querySelectorAll(".drawing path").length`); got != want || got < 30 {
		t.Errorf("the drawing has %d curves, and the data %d connections", got, want)
	}
	for _, wrong := range eval[[]string](t, v, crossings) {
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
		"Line chart: A measure with figures, plans, 4 periods from 2010/11 to 2013/14. 1,012.5 in 2010/11, −3.0 in 2013/14. The table has every figure.",
		"Line chart: A measure that does not move, 2 periods from 2012/13 to 2013/14. 5 in 2012/13, 5 in 2013/14. The table has every figure.",
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
