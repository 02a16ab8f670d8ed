package pdf

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"strconv"

	"github.com/chromedp/chromedp"
)

// number writes the pages' numbers into the contents of a page: a browser
// cannot count them by itself.
const number = `for (const a of document.querySelectorAll(".contents a[href^='#']")) {
	const page = pages[decodeURIComponent(a.hash.slice(1))];
	if (!page) continue;
	const last = a.querySelector(".page") ?? a.appendChild(document.createElement("span"));
	last.className = "page";
	last.textContent = " " + page;
}`

// prints is how often a page is printed until its contents are right. The
// numbers may themselves move what comes after them, but hardly more than once.
const prints = 5

var errContents = errors.New("the page numbers in the contents do not settle")

// printNumbered prints the page in a tab, then again with the page numbers that
// the print before had, until the two agree. A page without contents is printed
// once.
func printNumbered(tab context.Context) ([]byte, error) {
	var pages map[string]int
	for range prints {
		printed, err := chromedp.Run(tab, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFOutlineAndTagged()))
		if err != nil {
			return nil, err
		}
		now := places(printed)
		if maps.Equal(now, pages) {
			return printed, nil
		}
		pages = now
		known, err := json.Marshal(pages)
		if err != nil {
			return nil, err
		}
		if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void]("{ const pages = "+string(known)+"; "+number+" }")); err != nil {
			return nil, err
		}
	}
	return nil, errContents
}

// What Chromium writes as plain text: a page, in the order of the paper, and
// the place that a link within the page leads to, by its id.
var (
	leaf  = regexp.MustCompile(`(?m)^([0-9]+) 0 obj\n<</Type /Page\b`)
	place = regexp.MustCompile(`(?m)^(?:<<)?/(\S+) \[([0-9]+) 0 R /XYZ `)
)

// places gives the number of the page on which each id is that a link leads to.
func places(printed []byte) map[string]int {
	order := map[string]int{}
	for i, m := range leaf.FindAllSubmatch(printed, -1) {
		order[string(m[1])] = i + 1
	}
	all := map[string]int{}
	for _, m := range place.FindAllSubmatch(printed, -1) {
		if page := order[string(m[2])]; page > 0 {
			all[unescape(string(m[1]))] = page
		}
	}
	return all
}

var escape = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)

// unescape gives a name as it was before it was written into a PDF, which has
// #20 for a space.
func unescape(name string) string {
	return escape.ReplaceAllStringFunc(name, func(code string) string {
		b, _ := strconv.ParseUint(code[1:], 16, 8)
		return string([]byte{byte(b)})
	})
}
