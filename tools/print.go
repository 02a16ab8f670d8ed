package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/mattn/go-isatty"

	"annualreport/tools/check"
	"annualreport/tools/report"
	"annualreport/tools/site"
)

// The shapes that check can print what it found in.
var formats = []string{"text", "json", "github"}

// printText prints a line for each problem, and how many there are.
func printText(w io.Writer, problems report.Problems) {
	colours := hasColours(w)
	for _, p := range problems {
		line := p.String()
		if rule := "[" + p.Rule + "]"; colours {
			where, rest, _ := strings.Cut(line, rule)
			line = "\x1b[1m" + where + "\x1b[0m\x1b[31m" + rule + "\x1b[0m" + rest
		}
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w, count(len(problems), "problem")+" found.")
}

// hasColours tells whether w is a terminal that wants colours.
func hasColours(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isatty.IsTerminal(f.Fd())
}

// A finding is a problem as --format json prints it. The README documents the
// shape: a name, once there, keeps its meaning as long as version is 1.
type finding struct {
	File  string   `json:"file"`            // from the source folder
	Line  int      `json:"line,omitempty"`  // counted from 1; left out if it is the file as a whole
	Pages []string `json:"pages,omitempty"` // addresses within the site
	Rule  string   `json:"rule"`
	What  string   `json:"what"`
	Do    string   `json:"do,omitempty"`
}

// printJSON prints what a check proved and found as one JSON object.
func printJSON(w io.Writer, proof check.Proof, problems report.Problems) error {
	findings := []finding{}
	for _, p := range problems {
		findings = append(findings, finding{p.File, p.Line, p.Pages, p.Rule, p.What, p.Do})
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Version int  `json:"version"`
		Good    bool `json:"good"`
		check.Proof
		Problems []finding `json:"problems"`
	}{1, len(findings) == 0, proof, findings})
}

var (
	githubValue   = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	githubMessage = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
)

// printGitHub prints each problem as an annotation on the file to open.
func printGitHub(w io.Writer, problems report.Problems) {
	for _, p := range problems {
		at := "file=" + githubValue.Replace(p.File)
		if p.Line > 0 {
			at += fmt.Sprintf(",line=%d", p.Line)
		}
		message := report.Problem{Pages: p.Pages, Rule: p.Rule, What: p.What, Do: p.Do}
		fmt.Fprintf(w, "::error %s,title=%s::%s\n", at, githubValue.Replace(p.Rule), githubMessage.Replace(message.String()))
	}
}

// printWeights prints what each page of the site in the destination takes to
// send, the heaviest first.
func printWeights(w io.Writer, s site.Settings) error {
	weights, err := site.Weigh(s)
	if err != nil {
		return fmt.Errorf("the pages cannot be weighed: %w", err)
	}
	slices.SortStableFunc(weights, func(a, b check.Weight) int { return b.Sent - a.Sent })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "page\tbytes\tsent\tat most")
	for _, page := range weights {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", page.Page, page.Plain, page.Sent, page.Most)
	}
	return table.Flush()
}
