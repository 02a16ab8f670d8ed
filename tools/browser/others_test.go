package browser

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// An other is the site of a report that is not the tests' own: of another size
// and shape, or another body's.
type other struct {
	website
	source, public string
	report         string // the name of its folder
	name           string // on each sheet of paper
	kinds          []string
	passages       int // numbered, on the pages that the whole report holds
	items          int
	notes          int // footnotes
	tables         int // in the text
	lastColumn     string
}

var others = map[string]func() (other, error){
	testkit.Inquiry: sync.OnceValues(func() (other, error) {
		return makeOther(testkit.Inquiry, other{report: "2023-ferry-inquiry", name: "Harrow Sound Ferry Inquiry: Report of the Harrow Sound Ferry Inquiry",
			kinds: []string{"recommendation"}, passages: 63, items: 40, notes: 20, tables: 5, lastColumn: "Raft places"})
	}),
	testkit.Second: sync.OnceValues(func() (other, error) {
		return makeOther(testkit.Second, other{report: "2015", name: "Leeds Safeguarding Children Board: Annual report 2015",
			kinds: []string{"challenge", "recommendation"}, passages: 64, items: 32, notes: 20, tables: 6, lastColumn: "Said where they had been"})
	}),
}

func makeOther(name string, o other) (other, error) {
	o.source, o.public = filepath.Join(room, name, "source"), filepath.Join(room, name, "public")
	if err := testkit.Copy(project, o.source, name); err != nil {
		return o, err
	}
	if err := build(site.Settings{Source: o.source, Destination: o.public, PDF: true}); err != nil {
		return o, err
	}
	w, stop, err := serve(o.public, "")
	atEnd(stop)
	o.website = w
	return o, err
}

// Reports of other sizes and shapes read as well as the tests' own: every page
// on a phone and on a wide screen, and all of it on one page and on paper.
func TestOtherReports(t *testing.T) {
	browse(t)
	for name, open := range others {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := open()
			if err != nil {
				t.Fatal(err)
			}
			for _, page := range o.pages {
				if strings.HasPrefix(page, "/2014/") {
					continue // as in the tests' own report
				}
				t.Run(page, func(t *testing.T) { t.Parallel(); readOther(t, o, page) })
			}
			t.Run("whole", func(t *testing.T) { t.Parallel(); checkWhole(t, o) })
			t.Run("paper", func(t *testing.T) { t.Parallel(); checkPaper(t, o) })
		})
	}
}

// readOther reads one of an other's pages.
func readOther(t *testing.T, o other, page string) {
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(o.address+page))
	inspect(t, v, "as built")
	v.do(t, chromedp.Navigate(o.address+page))
	for _, fault := range eval[[]string](t, v, `(() => {
		const faults = [], ids = new Set();
		for (const e of document.querySelectorAll("[id]")) {
			if (ids.has(e.id)) faults.push("two elements have the id " + e.id);
			ids.add(e.id);
		}
		for (const a of document.querySelectorAll("[role=doc-noteref], [role=doc-backlink]")) {
			const to = new URL(a.href);
			if (to.pathname !== location.pathname) faults.push("a footnote leads to " + a.href);
			else if (!document.getElementById(decodeURIComponent(to.hash.slice(1)))) faults.push("a footnote leads nowhere: " + a.href);
		}
		for (const i of document.querySelectorAll("main img")) if (!i.naturalWidth) faults.push("a picture is missing: " + i.src);
		return faults;
	})()`) {
		t.Error(fault)
	}
	if o.report == "2023-ferry-inquiry" {
		if words := foreign.FindAllString(eval[string](t, v, allWords), -1); len(words) > 0 {
			t.Errorf("it speaks of what is not its own: %q", words)
		}
	}
	v.checkConsole(t)
}

// foreign are words of the first report and its Board, which another body has
// no use for.
var foreign = regexp.MustCompile(`(?i)\b(child(ren)?|leeds|safeguarding|LSCB|helplines?|worried|where to turn)\b|\bBoard\b`)

// allWords gives all that a page says, to whomever it says it.
const allWords = `(() => {
	const words = [document.title];
	const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) if (walker.currentNode.parentElement.localName !== "style") words.push(walker.currentNode.data);
	for (const e of document.querySelectorAll("*")) for (const name of ["alt", "title", "aria-label", "content"]) if (e.hasAttribute(name)) words.push(e.getAttribute(name));
	return words.join("\n");
})()`

// A numbered is a paragraph of the source with a number.
type numbered struct{ id, words string }

var (
	lastLine   = regexp.MustCompile(`^\{#([a-z0-9.-]+)\}$`)
	headLine   = regexp.MustCompile(`^#+ (.*) \{#([a-z0-9.-]+)\}$`)
	withNumber = regexp.MustCompile(`[0-9]+`)
	inline     = regexp.MustCompile(`\[([^\]^]*)\]\([^)]*\)`)
	recordHead = regexp.MustCompile(`(?m)^\[([a-z0-9-]+)\]\nnumber = "?([0-9a-z]+)"?\n(?:theme = .*\n)?title = "(.*)"$`)
	pageTitle  = regexp.MustCompile(`(?m)^title = "(.*)"$`)
)

// readSource gives the numbered paragraphs of an other's report, in the order of
// their numbers, and the titles of the pages that its whole report holds.
func readSource(t *testing.T, o other) (paragraphs []numbered, titles []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(o.source, "content", o.report, "*.md"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if strings.Contains(text, "\nfull = false\n") {
			continue
		}
		if filepath.Base(file) != "_index.md" {
			titles = append(titles, pageTitle.FindStringSubmatch(text)[1])
		}
		for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
			lines := strings.Split(block, "\n")
			if m := headLine.FindStringSubmatch(lines[0]); m != nil {
				paragraphs = append(paragraphs, numbered{m[2], m[1]})
			} else if m := lastLine.FindStringSubmatch(lines[len(lines)-1]); m != nil {
				words, _, _ := strings.Cut(inline.ReplaceAllString(lines[0], "$1"), "[^")
				paragraphs = append(paragraphs, numbered{m[1], words})
			}
		}
	}
	slices.SortStableFunc(paragraphs, func(a, b numbered) int {
		return cmp.Or(-cmp.Compare(b2i(strings.HasPrefix(a.id, "summary-")), b2i(strings.HasPrefix(b.id, "summary-"))),
			slices.CompareFunc(withNumber.FindAllString(a.id, -1), withNumber.FindAllString(b.id, -1), func(a, b string) int {
				m, _ := strconv.Atoi(a) // digits
				n, _ := strconv.Atoi(b)
				return cmp.Compare(m, n)
			}))
	})
	if len(paragraphs) != o.passages {
		t.Fatalf("the source has %d numbered paragraphs, want %d", len(paragraphs), o.passages)
	}
	return paragraphs, titles
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// An item is a record of the source.
type item struct{ id, number, title string }

// readItems gives the items of a kind, in the order of their file.
func readItems(t *testing.T, o other, kind string) (all []item) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.source, "data", o.report, kind+"s.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range recordHead.FindAllStringSubmatch(string(data), -1) {
		all = append(all, item{m[1], m[2], m[3]})
	}
	return all
}

// checkWhole sees that the page of the whole report has all of it.
func checkWhole(t *testing.T, o other) {
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(o.address+"/"+o.report+"/full.html"))
	paragraphs, titles := readSource(t, o)

	var want []string
	text, items := letters(eval[string](t, v, `document.querySelector("main").textContent`)), 0
	for _, p := range paragraphs {
		want = append(want, p.id)
		_, after, found := strings.Cut(text, letters(p.words))
		if !found {
			t.Errorf("it has not, after what comes before, the words of %s: %s", p.id, p.words)
			continue
		}
		text = after
	}
	ids := eval[[]string](t, v, `[...document.querySelectorAll("main [id]")].map(e => e.id)`)
	var got []string
	for _, id := range ids {
		if slices.Contains(want, id) {
			got = append(got, id)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("it has the paragraphs\n%s, want\n%s", got, want)
	}
	for _, kind := range o.kinds {
		for _, it := range readItems(t, o, kind) {
			items++
			if !slices.Contains(ids, kind+"-"+it.id) {
				t.Errorf("it has no %s %s", kind, it.id)
			}
		}
	}
	if items != o.items {
		t.Errorf("the source has %d items, want %d", items, o.items)
	}
	headings := eval[[]string](t, v, `[...document.querySelectorAll("main h2")].map(e => e.textContent)`)
	contents := eval[[]string](t, v, `[...document.querySelectorAll(".contents a")].map(e => e.textContent)`)
	for _, title := range titles {
		ends := func(text string) bool { return strings.HasSuffix(text, title) }
		if !slices.ContainsFunc(headings, ends) || !slices.ContainsFunc(contents, ends) {
			t.Errorf("%q is not on it, or not in its contents", title)
		}
	}
	for script, want := range map[string]int{
		`document.querySelectorAll("[role=doc-noteref]").length`:                                        o.notes,
		`document.querySelectorAll("main .scroll table").length`:                                        o.tables,
		`document.querySelectorAll(".contents a").length`:                                               eval[int](t, v, `[...document.querySelectorAll(".contents a")].filter(a => document.getElementById(a.hash.slice(1))).length`),
		`document.querySelectorAll("main img").length - document.images.length`:                         0,
		`[...document.querySelectorAll("main figure > img")].filter(i => !i.nextElementSibling).length`: 0,
	} {
		if got := eval[int](t, v, script); got != want {
			t.Errorf("%s is %d, want %d", script, got, want)
		}
	}
}

// checkPaper sees that the sheets of the page as it is printed are in order, and that
// no wide table is cut off on them. That the PDF has the whole report is proved by the
// build.
func checkPaper(t *testing.T, o other) {
	v := open(t, 1280, "light")
	v.do(t, chromedp.Navigate(o.address+"/"+o.report+"/full.html"))
	_, printed := printPage(t, v)
	checkSheets(t, v, printed, o.name)

	names, err := filepath.Glob(filepath.Join(o.public, o.report, "*.pdf"))
	if err != nil || len(names) != 1 {
		t.Fatalf("it has the PDFs %q: %v", names, err)
	}
	all := letters(poppler(t, "pdftotext", "-raw", names[0], "-"))
	if !strings.Contains(all, letters(o.lastColumn)) {
		t.Errorf("a wide table is cut off before %q", o.lastColumn)
	}
}

var notLetters = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// letters gives a text's letters and digits alone: lines and hyphens fall
// differently on paper.
func letters(text string) string { return notLetters.ReplaceAllString(text, "") }
