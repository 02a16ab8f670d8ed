package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-isatty"

	"annualreport/tools/check"
	"annualreport/tools/release"
	"annualreport/tools/report"
	"annualreport/tools/site"
)

// formats are the values of --format.
var formats = []string{"text", "json", "github"}

// The colours of rules in a terminal.
const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
)

// printText prints a line for each problem, and their number.
func printText(w io.Writer, problems report.Problems) {
	printLines(w, problems, red)
	fmt.Fprintln(w, count(len(problems), "problem")+" found.")
}

// printAdvice prints all advice, or else a line for each rule, which ends with more
// if there is more than that. It is printed before the verdict, so that it hides
// no problem.
func printAdvice(w io.Writer, advice report.Advice, all bool, more string) {
	if !all {
		for _, line := range advice.Lines(more) {
			fmt.Fprintln(w, line)
		}
		return
	}
	if len(advice) > 0 {
		fmt.Fprintln(w, "Advice, which never stops a build:")
		printLines(w, advice, yellow)
	}
}

// printLines prints a line for each finding.
func printLines(w io.Writer, findings []report.Problem, colour string) {
	colours := hasColours(w)
	for _, p := range findings {
		line := p.String()
		if rule := "[" + p.Rule + "]"; colours {
			where, tail, _ := strings.Cut(line, rule)
			line = "\x1b[1m" + where + "\x1b[0m" + colour + rule + "\x1b[0m" + tail
		}
		fmt.Fprintln(w, line)
	}
}

// hasColours reports whether w is a terminal that shows colours.
func hasColours(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isatty.IsTerminal(f.Fd())
}

// A finding is a problem or a piece of advice as --format json prints it. A name
// keeps its meaning as long as version is 1.
type finding struct {
	File  string   `json:"file"`            // relative to the source folder
	Line  int      `json:"line,omitempty"`  // from 1; left out if the finding is about the whole file
	Pages []string `json:"pages,omitempty"` // addresses within the site
	Rule  string   `json:"rule"`
	What  string   `json:"what"`
	Do    string   `json:"do,omitempty"`
}

// printFormat prints the result of a check for programs.
func printFormat(w io.Writer, format string, proof check.Proof, problems report.Problems) error {
	if format == "json" {
		return printJSON(w, proof, problems)
	}
	printGitHub(w, "error", problems)
	printGitHub(w, "warning", proof.Advice)
	return nil
}

// printJSON prints the result of a check as one JSON object.
func printJSON(w io.Writer, proof check.Proof, problems report.Problems) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Version int  `json:"version"`
		Good    bool `json:"good"`
		check.Proof
		Problems []finding `json:"problems"`
		Advice   []finding `json:"advice"`
	}{1, len(problems) == 0, proof, newFindings(problems), newFindings(proof.Advice)})
}

func newFindings(problems []report.Problem) []finding {
	all := []finding{}
	for _, p := range problems {
		all = append(all, finding{p.File, p.Line, p.Pages, p.Rule, p.What, p.Do})
	}
	return all
}

var (
	githubValue   = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	githubMessage = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
)

// printGitHub prints each finding as a GitHub annotation of a level.
func printGitHub(w io.Writer, level string, findings []report.Problem) {
	for _, p := range findings {
		place := "file=" + githubValue.Replace(p.File)
		if p.Line > 0 {
			place += fmt.Sprintf(",line=%d", p.Line)
		}
		message := report.Problem{Pages: p.Pages, Rule: p.Rule, What: p.What, Do: p.Do}
		fmt.Fprintf(w, "::%s %s,title=%s::%s\n", level, place, githubValue.Replace(p.Rule), githubMessage.Replace(message.String()))
	}
}

// printWeights prints how many bytes each page of the site in the destination takes
// to send, the heaviest first.
func printWeights(w io.Writer, s site.Settings) error {
	weights, err := site.Weigh(s)
	if err != nil {
		return fmt.Errorf("cannot weigh the pages: %w", err)
	}
	slices.SortStableFunc(weights, func(a, b check.Weight) int { return b.Sent - a.Sent })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "page\tbytes\tsent\tadvised")
	for _, page := range weights {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", page.Page, page.Plain, page.Sent, page.Most)
	}
	return table.Flush()
}

// summarise returns the numbers of what a check covered.
func summarise(p check.Proof) string {
	text := fmt.Sprintf("%s, %s, %s, %s", count(p.Reports, "report"), count(p.Items, "challenge and recommendation"), count(p.Pages, "page"), count(p.Links, "link"))
	if p.BaseURL != "" {
		text += ", for " + p.BaseURL
	}
	return text
}

// count returns a number with a noun: 1 report, 2 reports. Of two nouns, one thing is the
// one or the other.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + strings.ReplaceAll(what, " and ", " or ")
	}
	return fmt.Sprintf("%d %ss", n, strings.ReplaceAll(what, " and ", "s and "))
}

// printResult prints what was built, and which drafts were left out.
func printResult(w io.Writer, name string, result site.Result, duration time.Duration) {
	fmt.Fprintf(w, "Built and checked %s: %s, in %.1f s.\n", name, summarise(result.Proof), duration.Seconds())
	for _, d := range result.Drafts {
		fmt.Fprintln(w, describeDraft(d))
	}
}

// printLost prints the options that a site was built with before, and now was not.
func printLost(w io.Writer, name string, options []string) {
	if len(options) > 0 {
		fmt.Fprintf(w, "Before, %s was built with %s. To keep that, build it again with the same options.\n", name, strings.Join(options, " and "))
	}
}

// printArchive prints what was packed, and what to do next.
func printArchive(w io.Writer, archive site.Archive, duration time.Duration) {
	printResult(w, filepath.ToSlash(archive.Zip), archive.Result, duration)
	if archive.Dirty {
		fmt.Fprintf(w, "Its SHA-256 checksum is %s.\nIt contains uncommitted changes. Commit them and pack it again before it is signed off.\n", archive.Sum)
		return
	}
	fmt.Fprintf(w, "Its SHA-256 checksum is %s. Use that to sign it off.\n", archive.Sum)
}

// printVerdict prints what verify has verified, and against what.
func printVerdict(w io.Writer, name string, v release.Verdict) {
	files := count(v.Files, "file")
	if v.IsZip() {
		fmt.Fprintf(w, "Verified %s: %s, all as packed. The zip itself matches %s.\n", name, files, v.List)
		return
	}
	fmt.Fprintf(w, "Verified %s: %s, all as listed in %s, and no others.\n", name, files, v.List)
}

// describeDraft says that a draft was left out, and why.
func describeDraft(d *report.Draft) string {
	place, reason, _ := d.Reason()
	text := fmt.Sprintf("Left out the %s report, which is a draft: %s", d.Name, reason)
	if len(d.Unwritten) > 0 {
		text += fmt.Sprintf(", the first in %s:%d.", place.File, place.Line)
		if d.DraftLine.File == "" {
			text += " It stays a draft until all are written."
		}
	} else {
		text += fmt.Sprintf(" in %s:%d. Delete that line to publish it.", place.File, place.Line)
	}
	if n := len(d.Problems); n > 0 {
		text += fmt.Sprintf(" The preview lists %s in it.", count(n, "problem"))
	}
	return text
}

// printBeginning prints what new has created, and what to do next.
func printBeginning(w io.Writer, name string, beginning report.Beginning) {
	folders := "content/" + name
	if beginning.HasData() {
		folders += " and data/" + name
	}
	fmt.Fprintf(w, "Created %s: a draft of the %s report.\n", folders, name)
	if beginning.Follows != "" {
		fmt.Fprintf(w, "Carried forward from %s what is not done: %s, %s.\n", beginning.Follows, count(beginning.Challenges, "challenge"), count(beginning.Recommendations, "recommendation"))
	}
	fmt.Fprintf(w, `Next:
- to see it, run: go run ./tools serve
- fill in what is marked %[2]s, starting with content/%[1]s/_index.md; go run ./tools build says how much is left
- to publish it, delete the line draft = true from content/%[1]s/_index.md, and run: go run ./tools build
`, name, report.ToWrite)
}

// printFolder prints what new has created for another body, and what to do next.
func printFolder(w io.Writer, folder site.Folder) {
	fmt.Fprintf(w, `Created %[1]s: a folder for the reports of %[2]s, with an example, %[3]s.
Next, in that folder:
- to see it, run: go run ./tools serve
- read README.md, which explains how to write your first report
- fill in what is marked %[4]s in content/accessibility.md: how readers can contact you, and what was tested
`, folder.Path, folder.Publisher, folder.Report, report.ToWrite)
}

// printRecording prints what each row of a spreadsheet changes, and which files
// were changed, or would be if dry is true.
func printRecording(w io.Writer, r site.Recording, dry bool) {
	for _, e := range r.Entries {
		fmt.Fprintf(w, "row %d: %s, %s: %s\n", e.Row, itemName(e.Item), bodyNames(e.Update, e.Item), describeNews(e))
	}
	if r.Unfilled > 0 {
		fmt.Fprintf(w, "Skipped %s.\n", count(r.Unfilled, "unfilled row"))
	}
	if r.Added() == 0 {
		fmt.Fprintln(w, "There is nothing new to record. Nothing was changed.")
		return
	}
	if r.MovesDate {
		fmt.Fprintf(w, "The site is now as at %s: see as_at in config.toml.\n", r.AsAt)
	}
	added := fmt.Sprintf("%s in %s", count(r.Added(), "update"), strings.Join(r.Files, " and "))
	if dry {
		fmt.Fprintf(w, "This would record %s. Nothing was changed.\n", added)
		return
	}
	fmt.Fprintf(w, "Recorded %s.\nTo see it, run: go run ./tools serve\n", added)
}

// itemName returns an item's name as people cite it: 2015 recommendation 2.
func itemName(it *report.Item) string {
	return fmt.Sprintf("%s %s %s", it.Report.Name, it.Kind, it.Number)
}

// bodyNames lists the bodies that an update comes from, and marks those that were
// not asked.
func bodyNames(u *report.Update, it *report.Item) string {
	var names []string
	for _, b := range u.Bodies {
		name := string(b.Organisation.Name)
		if !slices.Contains(it.AddressedTo, b.ID) {
			name += " (not asked)"
		}
		names = append(names, name)
	}
	return strings.Join(names, " and ")
}

// describeNews returns what an entry records: in progress on 25 November 2026.
func describeNews(e site.Entry) string {
	var names []string
	for _, s := range e.Update.StatusList() {
		names = append(names, lowerFirst(string(s.Name)))
	}
	text := "news"
	if len(names) > 0 {
		text = strings.Join(names, ", ")
	}
	text += " on " + e.Update.Date.String()
	if !e.Recorded {
		if !e.Update.Due.IsZero() {
			text += ", promised by " + e.Update.Due.String()
		}
		if e.Update.ID != "" {
			text += ", with the id " + e.Update.ID
		}
		return text
	}
	text += ", already recorded"
	if len(e.Differs) > 0 {
		text += fmt.Sprintf(" with a different %s; to change that, edit %s", strings.Join(e.Differs, ", "), e.Item.Place.File)
	}
	return text
}

// lowerFirst returns a name as it appears within a sentence: in progress.
func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if second, _ := utf8.DecodeRuneInString(name[size:]); unicode.IsUpper(second) {
		return name // NHS
	}
	return string(unicode.ToLower(first)) + name[size:]
}

// printTemplate prints where the spreadsheet to fill in is, and what to do next.
func printTemplate(w io.Writer, file string) {
	fmt.Fprintf(w, `Wrote %[1]s, with a row for each unfinished item and body.
Next:
- open it in Excel or LibreOffice, and fill in the rows that you have news for; leave the others as they are
- save it as CSV in UTF-8, and run: go run ./tools updates %[1]s
`, file)
}
