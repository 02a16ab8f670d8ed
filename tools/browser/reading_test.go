package browser

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// On a phone, the question, the verdict and the first answer are there before anybody scrolls.
func TestFirstScreen(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 390, "light")
	v.do(t, size(390, 664), chromedp.Navigate(fixture.address+"/"))
	for _, selector := range []string{"h1", ".lead", ".answers h2"} {
		if bottom := eval[float64](t, v, fmt.Sprintf(`document.querySelector(%q).getBoundingClientRect().bottom`, selector)); bottom > 664 {
			t.Errorf("%s ends at %.0f pixels, below the first screen", selector, bottom)
		}
	}
}

// Lines are 45 to 75 characters long where there is room, counted in those of the text.
func TestLineLength(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/main-issues/"))
	for _, width := range []int64{1280, 2560} {
		v.become(t, width, "light")
		// The paragraph's characters over its lines: the last line is short, so a long paragraph is measured.
		length := eval[float64](t, v, `(() => {
			const p = [...document.querySelectorAll("main > p")].sort((a, b) => b.textContent.length - a.textContent.length)[0];
			const lines = new Set([...Array(p.childNodes.length).keys()].flatMap(i => {
				const r = document.createRange(); r.selectNode(p.childNodes[i]);
				return [...r.getClientRects()].map(r => Math.round(r.bottom / 10));
			})).size;
			return p.textContent.length / lines;
		})()`)
		if length < 45 || length > 75 {
			t.Errorf("at %d pixels a line has %.0f characters", width, length)
		}
	}
}

var (
	pdfPage = regexp.MustCompile(`/Type /Page[^s]`)
	number  = regexp.MustCompile(`^[0-9]+ / [0-9]+$`)
)

// The whole report prints as a paper: tagged, in its language, of a sensible
// number of pages, with its name and a number on each, and no heading left
// alone at a page's foot.
func TestPrint(t *testing.T) {
	browse(t)
	fixture := fixtureSite(t)
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/full.html"))
	pdf, text := printPage(t, v)
	for _, mark := range []string{"/StructTreeRoot", "/Marked true", "/Lang (en-GB)"} {
		if !bytes.Contains(pdf, []byte(mark)) {
			t.Errorf("the PDF has no %s", mark)
		}
	}
	if n := len(pdfPage.FindAll(pdf, -1)); n < 10 || n > 16 {
		t.Errorf("the report takes %d pages; 13 are expected, or a few more or fewer with other fonts", n)
	}
	checkSheets(t, v, text, "Leeds Safeguarding Children Board: Annual report 2014")
	if !strings.Contains(text, "news.leeds.gov.uk/news/think-family") {
		t.Error("the address of an update's source is not printed")
	}
	checkItemsWhole(t, "the whole report", text, "Cite as:")
	v.do(t, chromedp.Navigate(fixture.address+"/2014/conclusions/"))
	_, text = printPage(t, v)
	checkItemsWhole(t, "the list of challenges", text, "What happened next")
}

// checkItemsWhole sees that no challenge or recommendation is printed on two sheets: on each,
// as many end as begin. last is how the last part of each begins.
func checkItemsWhole(t *testing.T, name, text, last string) {
	t.Helper()
	ends := regexp.MustCompile(`(?m)^ *` + last)
	all := 0
	for i, sheet := range strings.Split(text, "\f") {
		begin, end := len(itemLabel.FindAllString(sheet, -1)), len(ends.FindAllString(sheet, -1))
		all += begin
		if begin != end && !strings.Contains(sheet, "About this report") { // which is cited as well
			t.Errorf("%s: on sheet %d, %d items begin and %d end", name, i+1, begin, end)
		}
	}
	if all < 11 {
		t.Errorf("%s prints %d items", name, all)
	}
}

var itemLabel = regexp.MustCompile(`(?m)^ *(Challenge|Recommendation) [0-9]+$`)

// printPage prints the page that a tab shows, and gives the PDF and its text,
// in which a form feed ends each sheet.
func printPage(t *testing.T, v *visit) (pdf []byte, text string) {
	t.Helper()
	v.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		printed, err := cdp.Call(ctx, tab, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true), GenerateTaggedPDF: new(true)})
		pdf = printed.Data
		return err
	}))
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v; install it with apt-get install poppler-utils, or run bash tools/test.sh", err)
	}
	return pdf, string(out)
}

// checkSheets sees that each sheet of a printed page begins with the report's
// name and ends with its own number, and not with a heading.
func checkSheets(t *testing.T, v *visit, text, name string) {
	t.Helper()
	headings := eval[[]string](t, v, `[...document.querySelectorAll("main h1, main h2, main h3, main h4, main h5, main dt, figcaption")].map(e => e.innerText.replaceAll("#", "").trim().split(/\s+/).join(" "))`)
	entries := eval[[]string](t, v, `[...document.querySelectorAll("main li")].map(e => e.innerText.trim())`)
	sheets := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, sheet := range sheets {
		var lines []string
		for line := range strings.Lines(sheet) {
			if line = strings.Join(strings.Fields(line), " "); line != "" {
				lines = append(lines, line)
			}
		}
		if len(lines) < 3 {
			t.Errorf("sheet %d is empty", i+1)
			continue
		}
		first, foot, last := lines[0], lines[len(lines)-1], lines[len(lines)-2]
		if i == 0 && strings.Contains(sheet, "All of this is as at") { // the cover
			continue
		}
		if first != name {
			t.Errorf("sheet %d begins with %q and not with the report's name", i+1, first)
		}
		if !number.MatchString(foot) || !strings.HasPrefix(foot, fmt.Sprint(i+1, " /")) {
			t.Errorf("sheet %d ends with %q and not with its number", i+1, foot)
		}
		for _, heading := range headings {
			if heading != "" && (last == heading || len(last) > 10 && strings.HasSuffix(heading, last)) && !slices.Contains(entries, last) {
				t.Errorf("sheet %d has a heading at its foot: %q", i+1, last)
			}
		}
		for _, hidden := range []string{"Skip to the main content", "More pages"} {
			if strings.Contains(sheet, hidden) {
				t.Errorf("sheet %d has %q", i+1, hidden)
			}
		}
	}
}
