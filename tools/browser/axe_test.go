package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core and of what the tests call of it in a page.
var axe = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed; run npm ci in tools, or bash tools/test.sh: %w", err)
	}
	return string(source) + auditor, nil
})

// auditor has audit, which runs some of axe's rules on the page, and hasNew,
// which is true if anything shows that did not at the time of remember.
const auditor = `;
window.audit = async rules => {
	const result = await axe.run({runOnly: rules, resultTypes: ["violations"]});
	return JSON.stringify({
		passes: result.passes.length,
		violations: result.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.failureSummary + " " + n.html)),
	});
};
{
	const shown = () => new Set([...document.querySelectorAll("body *")].filter(e => e.checkVisibility({visibilityProperty: true})));
	let memory;
	window.remember = () => { memory = shown() };
	window.hasNew = () => [...shown()].some(e => !memory.has(e));
}`

// What axe is run with.
const (
	// WCAG 2.2 at all levels, and axe's best practices.
	allRules = `["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	// What may change with the colours. Text that has the contrast of level AAA has that of AA.
	colourRules = `{type: "rule", values: ["color-contrast-enhanced", "link-in-text-block"]}`
	// What may change where there is less room, and some parts are left out.
	widthRules = `{type: "rule", values: ["target-size", "scrollable-region-focusable", "bypass", "skip-link", "region", "heading-order", "page-has-heading-one", "landmark-one-main"]}`
)

// audit gives what axe finds wrong by some of its rules with the page as it is
// shown. least is how many rules must have found something and passed it: a page
// that axe cannot read has no faults either.
func audit(t *testing.T, v *visit, rules string, least int) []string {
	t.Helper()
	source, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	if eval[bool](t, v, `window.audit === undefined`) {
		v.do(t, chromedp.Evaluate[chromedp.Void](source))
	}
	var report struct {
		Passes     int
		Violations []string
	}
	err = json.Unmarshal([]byte(eval[string](t, v, `audit(`+rules+`)`)), &report)
	if err != nil || report.Passes < least {
		t.Fatalf("axe passed the page by %d rules, and should by %d at least: %v", report.Passes, least, err)
	}
	return report.Violations
}

// inspect sees that the page that a tab shows, as it is now, has no fault that
// axe knows of and does not scroll sideways: on a wide screen and on a phone,
// in light and in dark. All of axe is run once, and again on a phone if that
// shows what the wide screen does not; otherwise, what the change may affect.
func inspect(t *testing.T, v *visit, when string) {
	t.Helper()
	width, scheme := v.width, v.scheme
	look := func(width int64, scheme string) {
		t.Helper()
		v.become(t, width, scheme)
		v.do(t, chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`)) // further down, what stays in view covers a part of the page
		if wide := eval[int64](t, v, `document.documentElement.scrollWidth`); wide > width {
			t.Errorf("%s, %s at %d: it is %d pixels wide and scrolls sideways", when, scheme, width, wide)
		}
	}
	run := func(rules string, least int) {
		t.Helper()
		for _, violation := range audit(t, v, rules, least) {
			t.Errorf("%s, %s at %d: %s", when, v.scheme, v.width, violation)
		}
	}
	look(1280, "light")
	run(allRules, 10)
	v.do(t, chromedp.Evaluate[chromedp.Void](`remember()`))
	look(1280, "dark")
	run(colourRules, 1)
	look(320, "dark")
	other := eval[bool](t, v, `hasNew()`)
	if other {
		run(colourRules, 1)
	}
	look(320, "light")
	if other {
		run(allRules, 10)
	} else {
		run(widthRules, 5)
	}
	v.become(t, width, scheme)
}
