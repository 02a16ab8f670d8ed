package check_test

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

const paper = "2014/annual-report-2014.pdf"

// writePDF adds a PDF with a text in each line. The test reads it as it is.
func writePDF(lines ...string) damage { return put(paper, strings.Join(lines, "\n")) }

// readPDF returns what writePDF wrote. A line may begin with ↗ and be a link.
func readPDF(document []byte) (texts, links []string, err error) {
	if len(document) == 0 {
		return nil, nil, exec.ErrNotFound
	}
	for line := range strings.SplitSeq(string(document), "\n") {
		if link, ok := strings.CutPrefix(line, "↗"); ok {
			links = append(links, link)
		} else {
			texts = append(texts, line)
		}
	}
	return texts, links, nil
}

// linkedReport has links, and the site's address.
var linkedReport = put("2014/full.html", `<title>T</title><link rel=canonical href=https://example.org/a/2014/full.html><main>The report
	<a href=tel:999>999</a> <a href=https://example.com>b</a> <a href="../glossary/">c</a></main><a href=mailto:x@example.org>d</a>`)

// shortReport replaces the page of the whole report by one with few words.
var shortReport = put("2014/full.html", `<title>T</title><style>p{}</style><p>Menu</p><p>Kept safe in 2014</p><main><h1>The report</h1><ol class="contents"><li>Purpose</li></ol>
	<table><tr><th>Year</th></tr><tr><td>7 children</td></tr></table><svg><text>50 %</text></svg><p>All is <em>not</em> well.</p></main><nav>More pages</nav><p>As at 2026</p>`)

// documentTrials are about PDFs.
var documentTrials = []trial{
	{
		rule: "pdf", name: "other line breaks, page numbers, a repeated table heading, and some of the text around the main part",
		damage: []damage{shortReport, writePDF("Kept safe in", "2014", "The report", "Purpose", "1", "Year", "7", "Year", "children", "All isnot", "well.", "As at 2026")},
	},
	{
		rule: "pdf", name: "links as browsers write them, and one within the site",
		damage: []damage{linkedReport, writePDF("The report", "999", "b", "c", "↗tel:%39%39%39", "↗https://example.com/", "↗https://example.org/a/glossary/")},
	},
	{
		rule: "pdf", name: "a telephone number that dials another",
		damage: []damage{linkedReport, writePDF("The report", "999", "b", "c", "↗tel:0900", "↗https://example.com/")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF has a link to tel:0900, which the page of the whole report does not have; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "a link less",
		damage: []damage{linkedReport, writePDF("The report", "999", "b", "c", "↗tel:999")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF has no link to https://example.com, which the page of the whole report has; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "a script",
		damage: []damage{shortReport, writePDF("/OpenAction <</JS (x)>>", "The report")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF has a script, a form or files in it, or changes how its pages are shown; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "no PDF",
	},
	{
		rule: "pdf", name: "a word is not there",
		damage: []damage{shortReport, writePDF("The report", "Purpose", "Year", "7 children", "All is", "well.")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF has “well.” where the page of the whole report has “not well. More pages”; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "a word more",
		damage: []damage{shortReport, writePDF("The report", "Purpose", "Year", "17 children")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF has “17 children” where the page of the whole report has “7 children All is not”; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "another beginning",
		damage: []damage{shortReport, writePDF("No report", "Purpose")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF begins with “No report”, which the page of the whole report does not say; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "another end",
		damage: []damage{shortReport, writePDF("The report", "Purpose", "Year", "7 children")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF ends before “All is not well.”; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "more at the end",
		damage: []damage{shortReport, writePDF("The report", "Purpose", "Year", "7 children", "All is not well.", "Call 0900")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF has “Call 0900” where the page of the whole report has “More pages As at 2026”; build the site again with --pdf`,
	},
	{
		rule: "pdf", name: "a PDF that cannot be read",
		damage: []damage{put(paper, "")},
		want:   `/2014/annual-report-2014.pdf: [pdf] the PDF cannot be read, or is incomplete; build the site again with --pdf`,
	},
}

// Whatever a PDF says, the comparison ends.
func FuzzDocuments(f *testing.F) {
	f.Add("The report\nPurpose", "<main>The report</main>")
	f.Add("1\n2\n", "<p>1<main>2</main>1")
	lib := &report.Library{Reports: []*report.Report{{Name: "2014"}}}
	f.Fuzz(func(t *testing.T, document, page string) {
		files := fstest.MapFS{paper: {Data: []byte(document)}, "2014/full.html": {Data: []byte(page)}}
		var problems report.Problems
		if err := check.Documents(files, lib, readPDF); err != nil && !errors.As(err, &problems) {
			t.Error(err)
		}
	})
}
