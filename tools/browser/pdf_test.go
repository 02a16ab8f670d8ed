package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// printFixture makes the site of the tests' own report with its PDF, and gives the folder.
func printFixture(name, baseURL string) (public string, err error) {
	source := filepath.Join(room, name, "source")
	if err := testkit.CopySource(project, source); err != nil {
		return "", err
	}
	public = filepath.Join(room, name, "public")
	return public, build(site.Settings{Source: source, Destination: public, BaseURL: baseURL, PDF: true})
}

// printOnce gives such a folder, where the site's address is not known.
var printOnce = sync.OnceValues(func() (string, error) { return printFixture("printed", "") })

const pdfName = "2014/annual-report-2014.pdf"

// poppler runs one of poppler's programs on the PDF and gives what it prints.
func poppler(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// The PDF is tagged, has a title, a language and an outline, is on A4 paper,
// bears the report's date and not the clock's, and is the same each time.
func TestPDF(t *testing.T) {
	browse(t)
	public, err := printOnce()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(public, filepath.FromSlash(pdfName))
	info := poppler(t, "pdfinfo", "-isodates", file)
	for _, want := range []string{
		`Title: +How well are children in Leeds kept safe\? \| Annual report 2014 \| Leeds Safeguarding Children Board\n`,
		`CreationDate: +2014-10-22T00:00:00`, `ModDate: +2014-10-22T00:00:00`, `Tagged: +yes`, `JavaScript: +no`, `Page size: +59[45]\.[0-9]+ x 84[12]\.[0-9]+ pts \(A4\)`,
	} {
		if !regexp.MustCompile(want).MatchString(info) {
			t.Errorf("pdfinfo has no %s:\n%s", want, info)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Lang (en-GB)", "/Outlines ", "/StructTreeRoot ", "/DisplayDocTitle true"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("the PDF has no %s", want)
		}
	}
	structure := poppler(t, "pdfinfo", "-struct", file)
	for _, tag := range []string{"H1 ", "H2 ", "H3 ", "P ", "L ", "LI", "BlockQuote"} {
		if !strings.Contains(structure, tag) {
			t.Errorf("its structure has no %s", tag)
		}
	}
	for _, secret := range []string{public, "127.0.0.1", "annual-report.invalid", "file:"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the PDF has %q", secret)
		}
	}

	// It is linked with its true size and its true number of pages.
	pages := regexp.MustCompile(`Pages: +([0-9]+)`).FindStringSubmatch(info)
	link := fmt.Sprintf(`<a href=../%s type=application/pdf>The whole report as a PDF</a> (PDF, %d KB, %s pages)`, pdfName, (len(data)+500)/1000, pages[1])
	summary, err := os.ReadFile(filepath.Join(public, "2014", "index.html"))
	if err != nil || !strings.Contains(string(summary), link) {
		t.Errorf("the summary has no %s: %v", link, err)
	}

	public, err = printFixture("printed-again", "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := os.ReadFile(filepath.Join(public, filepath.FromSlash(pdfName)))
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("two builds give two PDFs: %v", err)
	}
}

// Where the site's address is known, links to its other pages are whole.
func TestPDFLinks(t *testing.T) {
	browse(t)
	public, err := printFixture("printed-for-address", "https://WWW.example.org:443/safe report")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(public, filepath.FromSlash(pdfName)))
	if err != nil || !bytes.Contains(data, []byte("/URI (https://www.example.org/safe%20report/")) {
		t.Errorf("the PDF has no link to its site: %v", err)
	}
}

// The summary says what it is in schema.org's words. It is data: the browser
// runs nothing, and has nothing to say about the policy, whatever the texts.
func TestLinkedData(t *testing.T) {
	browse(t)
	source := testkit.NewSource(t, project)
	const hostile = `</script><script>console.error(1)</script><!-- <script> & \u2028 "`
	file := filepath.Join(source, "content", "2014", "_index.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	escaped, _ := json.Marshal(hostile) // a text always can be
	hurt := strings.Replace(string(text), `"Leeds Safeguarding Children Board Annual Report"`, strings.ReplaceAll(string(escaped), `\u003c!--`, `<!--`), 1)
	if err := os.WriteFile(file, []byte(hurt), 0o644); err != nil || hurt == string(text) {
		t.Fatalf("the source was not changed: %v", err)
	}
	w := publish(t, site.Settings{Source: source, BaseURL: "https://www.example.org/report"})
	v := open(t, 1280, "light")
	for _, page := range []string{"/", "/2014/"} {
		v.do(t, chromedp.Navigate(w.address+page))
		var ld struct {
			Context  string `json:"@context"`
			Type     string `json:"@type"`
			Name     string
			URL      string
			Author   struct{ Name string }
			HasPart  []struct{ URL string }
			Encoding []struct{ ContentURL string }
		}
		if err := json.Unmarshal([]byte(eval[string](t, v, `document.querySelector("main > script").textContent`)), &ld); err != nil {
			t.Fatal(err)
		}
		if ld.Context != "https://schema.org" || ld.Type != "Report" || ld.Name != hostile || ld.Author.Name != "Leeds Safeguarding Children Board" ||
			ld.URL != "https://www.example.org/report/2014/" || len(ld.HasPart) != 5 || ld.HasPart[2].URL != "https://www.example.org/report/2014/main-issues/" || len(ld.Encoding) != 3 {
			t.Errorf("%s says of itself: %+v", page, ld)
		}
		if n := eval[int](t, v, `document.scripts.length`); n != 1 {
			t.Errorf("%s has %d scripts", page, n)
		}
	}
	v.checkConsole(t)
}
