package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// chartedSource makes a source folder whose report has charts: of a budget that
// hardly rises, of two series with a target, of three that end close together,
// of figures below zero, over a baseline, and one figure of which there is no chart.
func chartedSource(t *testing.T) string {
	t.Helper()
	source := testkit.NewSource(t, project)
	name := filepath.Join(source, "data/2014/measures.toml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	values := func(first, figures string) string {
		var year, all = 0, []string{}
		fmt.Sscan(first, &year)
		for i, figure := range strings.Fields(figures) {
			all = append(all, fmt.Sprintf(`{ period = "%d/%02d", value = %s }`, year+i, (year+i+1)%100, figure))
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	record := func(number int, title, rest string) {
		text = fmt.Appendf(text, "\n[chart-%d]\nnumber = %d\ntitle = %q\ndirection = \"rising\"\npace = \"slightly\"\nmeaning = \"neutral\"\nfinding = \"3.9\"\nsource = \"https://example.org/figures\"\n%s\n", number, number, title, rest)
	}
	record(9, "What the Board spends", "unit = \"£\"\nplace = \"3.9\"\nvalues = "+values("2010", "412345 412500 412800 413100 413582"))
	record(10, "Reviews held in time", "unit = \"%\"\nplace = \"3.10\"\ntarget = 95\nseries = [{ name = \"Leeds\", values = "+values("2009", "78.4 81 88.5 90 93.6")+" }, { name = \"England\", values = "+values("2008", "90.1 91 91.5 92 92.5 93")+" }]")
	record(11, "Children who are looked after, for each 10,000", "place = \"3.10\"\nseries = [{ name = \"Leeds\", values = "+values("2000", "62 64 66 65 68 70 74 79 86 93 96 95 94 90 64.5")+" }, { name = \"Yorkshire and The Humber\", values = "+values("2000", "55 56 57 58 58 59 60 61 62 63 64 65 66 65 64")+" }, { name = \"England\", values = "+values("2002", "54 55 55 55 54 55 57 58 59 59 60 60 60")+" }]")
	record(12, "Over or under budget", "unit = \"£ million\"\nvalues = "+values("2009", "1.2 0.4 -0.8 -2.35 0.3"))
	record(13, "Average score", "baseline = 60\nvalues = "+values("2011", "71 73 72.5"))
	record(14, "Referrals", "unit = \"referrals\"\nvalues = "+values("2013", "12345"))
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return source
}

// crowded finds texts of charts that are over each other, out of their picture
// or too small to read.
const crowded = `[...document.querySelectorAll("svg.chart")].flatMap(svg => {
	const wrong = [], frame = svg.getBoundingClientRect();
	const texts = [...svg.querySelectorAll("text")].map(e => ({ text: e.textContent, box: e.getBoundingClientRect(), group: e.closest("g") }));
	texts.forEach(({ text, box }, i) => {
		if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) wrong.push(text + " is out of its chart");
		texts.slice(i + 1).forEach(other => {
			const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left), down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
			if (across > 1 && down > 3) wrong.push(text + " is over " + other.text); // 3: no letters are in the space between lines
		});
	});
	const size = 15 * frame.width / svg.viewBox.baseVal.width;
	if (size < 12) wrong.push("letters are " + size + " pixels high");
	return wrong;
})`

func TestCharts(t *testing.T) {
	browse(t)
	w := publish(t, site.Settings{Source: chartedSource(t)})
	v := open(t, 1280, "light")
	for page, charts := range map[string]int{"/2014/main-issues/": 3, "/2014/": 2, "/2014/full.html": 5} {
		v.do(t, chromedp.Navigate(w.address+page))
		if got := eval[int](t, v, `document.querySelectorAll("svg.chart").length`); got != charts {
			t.Errorf("%s has %d charts, want %d", page, got, charts)
		}
		for _, width := range []int64{1280, 320} {
			v.become(t, width, "light")
			for _, wrong := range eval[[]string](t, v, crowded) {
				t.Errorf("%s at %d: %s", page, width, wrong)
			}
		}
		inspect(t, v, page)
	}

	v.do(t, chromedp.Navigate(w.address+"/2014/main-issues/"))
	figure := func(n int, script string) string {
		return eval[string](t, v, fmt.Sprintf(`(figure => %s)(document.querySelectorAll("figure.figures")[%d])`, script, n))
	}
	const rows = `[...figure.querySelectorAll("tr")].map(row => [...row.cells].map(cell => cell.textContent).join(" | ")).join("\n")`
	for _, test := range []struct {
		n            int
		what, script string
		want         string
	}{
		{0, "caption", `figure.querySelector("figcaption").innerText.replace(/\s*\n\s*/g, " / ").trim()`, "What the Board spends, £ / Rising slightly"},
		{0, "table", rows, "Period | £\n2010/11 | £412,345\n2011/12 | £412,500\n2012/13 | £412,800\n2013/14 | £413,100\n2014/15 | £413,582"},
		{0, "text", `figure.querySelector("svg.chart").getAttribute("aria-label")`,
			"Line chart: What the Board spends, £, 5 periods from 2010/11 to 2014/15. £412,345 in 2010/11, £413,582 in 2014/15. The table has every figure."},
		{1, "table", rows, "Period | Leeds | England\n2008/09 | not given | 90.1%\n2009/10 | 78.4% | 91.0%\n2010/11 | 81.0% | 91.5%\n2011/12 | 88.5% | 92.0%\n2012/13 | 90.0% | 92.5%\n2013/14 | 93.6% | 93.0%\nTarget | 95.0% | 95.0%"},
		{2, "text", `figure.querySelector("svg.chart").getAttribute("aria-label")`,
			"Line chart: Children who are looked after, for each 10,000, 15 periods from 2000/01 to 2014/15. Leeds: 62.0 in 2000/01, 64.5 in 2014/15, highest 96.0 in 2010/11. Yorkshire and The Humber: 55.0 in 2000/01, 64.0 in 2014/15, highest 66.0 in 2012/13. England: 54.0 in 2002/03, 60.0 in 2014/15. The table has every figure."},
	} {
		if got := figure(test.n, test.script); got != test.want {
			t.Errorf("chart %d has the %s\n%s\nand not\n%s", test.n, test.what, got, test.want)
		}
	}

	// A budget that rises by a third of a per cent looks flat.
	if slope := eval[float64](t, v, `(box => box.height / box.width)(document.querySelector("svg.chart .line path").getBBox())`); slope > .01 {
		t.Errorf("the budget climbs by %.3f of its length", slope)
	}

	// The list of all measures leads to the charts that are in the text.
	v.do(t, chromedp.Navigate(w.address+"/2014/"))
	links := eval[[]string](t, v, `[...document.querySelectorAll("[id^=measure-chart-]:not(:has(figure)) .to")].map(e => e.textContent)`)
	if !slices.Contains(links, "Chart in Paragraph 3.9: Child protection plans") {
		t.Errorf("the list leads to %q", links)
	}
	if got := eval[string](t, v, `document.querySelector("#measure-chart-13 figure > div p").textContent`); got != "The scale starts at 60, not at zero." {
		t.Errorf("of its baseline a chart says %q", got)
	}
}
