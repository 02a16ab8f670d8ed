package pdf

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"strings"

	"github.com/chromedp/chromedp"
)

// numberScript writes the page numbers into the contents of a page, which the
// browser cannot do by itself.
const numberScript = `for (const a of document.querySelectorAll(".contents a[href^='#']")) {
	const page = pages[decodeURIComponent(a.hash.slice(1))];
	if (!page) continue;
	const last = a.querySelector(".page") ?? a.appendChild(document.createElement("span"));
	last.className = "page";
	last.textContent = " " + page;
}`

// maxPrints limits how often a page is printed until its numbers are right. The
// numbers may move what comes after them, but hardly more than once.
const maxPrints = 5

var errContents = errors.New("the page numbers in the contents do not settle")

// printWithNumbers prints the page in a tab, and then again with the page numbers
// of the last print, until they no longer change. It prints a page without
// contents once.
func printWithNumbers(tab context.Context) ([]byte, error) {
	var pages map[string]int
	for range maxPrints {
		data, err := chromedp.Run(tab, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFOutlineAndTagged()))
		if err != nil {
			return nil, err
		}
		current := findPlaces(data)
		if maps.Equal(current, pages) {
			return data, nil
		}
		pages = current
		encoded, err := json.Marshal(pages)
		if err != nil {
			return nil, err
		}
		if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void]("{ const pages = "+string(encoded)+"; "+numberScript+" }")); err != nil {
			return nil, err
		}
	}
	return nil, errContents
}

// These match what Chromium writes as plain text: a page, in the order of the
// paper, and the target of an internal link, by its id.
var (
	leaf  = regexp.MustCompile(`(?m)^([0-9]+) 0 obj\n<</Type /Page\b`)
	place = regexp.MustCompile(`(?m)^(?:<<)?/(\S+) \[([0-9]+) 0 R /XYZ `)
)

// findPlaces returns the page number of each id that a link leads to.
func findPlaces(data []byte) map[string]int {
	order := map[string]int{}
	for i, m := range leaf.FindAllSubmatch(data, -1) {
		order[string(m[1])] = i + 1
	}
	all := map[string]int{}
	for _, m := range place.FindAllSubmatch(data, -1) {
		if page := order[string(m[2])]; page > 0 {
			all[unescape(string(m[1]))] = page
		}
	}
	return all
}

// unescape decodes a name in a PDF, in which #20 stands for a space, as %20 does in an
// address.
func unescape(name string) string {
	text, err := url.PathUnescape(strings.NewReplacer("%", "%25", "#", "%").Replace(name))
	if err != nil {
		return name
	}
	return text
}
