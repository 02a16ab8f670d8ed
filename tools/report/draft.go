package report

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ToWrite marks text that is still to be written, anywhere in a report's files. A
// report with such text is a [Draft].
const ToWrite = "TO WRITE"

// A Draft is a report that is not published yet: its _index.md has a line
// draft = true, or some of its text is still to be written.
type Draft struct {
	*Report
	DraftLine Place    // the line draft = true; its File is "" if there is none
	Unwritten []Place  // the lines with text that is still to be written, in order
	Problems  Problems // with the draft, which do not stop anything else from being published
}

// Reason returns the place that makes the report a draft, why, and what to do there
// to publish it. It is the first text to be written, or else the line to delete.
func (d *Draft) Reason() (place Place, why, do string) {
	switch n := len(d.Unwritten); n {
	case 0:
		return d.DraftLine, "it has a line draft = true", "delete the line to publish it"
	case 1:
		return d.Unwritten[0], "1 text is still to be written", "write it"
	default:
		return d.Unwritten[0], fmt.Sprintf("%d texts are still to be written", n), "write this one first"
	}
}

var (
	// An id cannot have spaces or capitals: see blankRecord.
	unwrittenText = regexp.MustCompile(`\b` + ToWrite + `\b|[\["]` + blankRecord.ID + `[\]"]`)

	// A date cannot contain words. No paper is dated on a public holiday.
	unwrittenDate = regexp.MustCompile(`(?m)^[ \t]*date[ \t]*=[ \t]*[0-9]{4}-01-01\b`)

	draftLine = regexp.MustCompile(`(?m)^[ \t]*draft[ \t]*=[ \t]*true\b`)
)

// isUnwritten reports whether a value is still to be written.
func isUnwritten(value string) bool { return strings.Contains(value, ToWrite) }

// isSummary reports whether a file is a report's _index.md.
func isSummary(file string) bool {
	return path.Base(file) == "_index.md" && reportOf(file) != ""
}

// reportOf returns the name of the report to which a file or folder in content/ or
// data/ belongs, or "".
func reportOf(name string) string {
	parts := strings.SplitN(name, "/", 3)
	if len(parts) < 2 || parts[0] != "content" && parts[0] != "data" || !ReportName.MatchString(parts[1]) {
		return ""
	}
	return parts[1]
}

// noteDraft notes what in a file makes its report a draft. It looks at the text, not
// at values read from it, so that a draft with mistakes in it is still a draft.
func (l *loader) noteDraft(file, text string) {
	name := reportOf(file)
	if name == "" {
		return
	}
	front := len(text) // the end of the TOML
	if path.Ext(file) == ".md" {
		text = strings.TrimPrefix(text, byteOrderMark)
		if front = 0; strings.HasPrefix(text, "+++") {
			end := strings.Index(text, "\n+++")
			if front = end; end < 0 {
				front = len(text)
			}
		}
	}
	summary := isSummary(file)
	if !summary && !strings.Contains(text, ToWrite) && !strings.Contains(text, blankRecord.ID) {
		return // as in nearly every file
	}
	settings := maskComments(text[:front])
	text = settings + text[front:]
	placeAt := func(offset int) Place { return Place{file, 1 + strings.Count(text[:offset], "\n")} }
	var places []Place
	for _, m := range unwrittenText.FindAllStringIndex(text, -1) {
		places = append(places, placeAt(m[0]))
	}
	if summary {
		if m := unwrittenDate.FindStringIndex(settings); m != nil {
			places = append(places, placeAt(m[0]))
		}
		if m := draftLine.FindStringIndex(settings); m != nil {
			l.draftLines[name] = placeAt(m[0])
		}
	}
	l.unwrittenPlaces[name] = append(l.unwrittenPlaces[name], places...)
}

// isDraft reports whether anything in its files makes a report a draft.
func (l *loader) isDraft(name string) bool {
	return l.draftLines[name].File != "" || len(l.unwrittenPlaces[name]) > 0
}

// newDraft returns the draft of a report, with what makes it one.
func (l *loader) newDraft(rep *Report) *Draft {
	places := l.unwrittenPlaces[rep.Name]
	slices.SortFunc(places, func(a, b Place) int { return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) })
	return &Draft{Report: rep, DraftLine: l.draftLines[rep.Name], Unwritten: slices.Compact(places)}
}

// maskComments replaces the comments in TOML with spaces. The text need not be valid
// TOML.
func maskComments(text string) string {
	out := []byte(text)
	quote := "" // the mark that closes the current text
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == "" && c == '#':
			for ; i < len(text) && text[i] != '\n'; i++ {
				out[i] = ' '
			}
		case quote == "" && (c == '"' || c == '\''):
			quote = string(c)
			if three := strings.Repeat(quote, 3); strings.HasPrefix(text[i:], three) {
				quote = three
			}
			i += len(quote) - 1
		case quote == "":
		case c == '\n' && len(quote) == 1: // not closed, which is reported elsewhere
			quote = ""
		case strings.HasPrefix(text[i:], quote):
			i += len(quote) - 1
			quote = ""
		case c == '\\' && quote[0] == '"':
			i++ // the next character is escaped
		}
	}
	return string(out)
}

// separateDrafts moves the problems with each draft's files to the draft, and reports
// when there is nothing but drafts.
func (l *loader) separateDrafts(lib *Library) {
	for _, d := range lib.Drafts {
		l.advice = slices.DeleteFunc(l.advice, func(p Problem) bool { return reportOf(p.File) == d.Name })
		l.problems = slices.DeleteFunc(l.problems, func(p Problem) bool {
			isOwn := reportOf(p.File) == d.Name
			if isOwn {
				d.Problems = append(d.Problems, p)
			}
			return isOwn
		})
	}
	if len(lib.Reports) == 0 && len(lib.Drafts) > 0 {
		d := lib.Drafts[0]
		place, why, do := d.Reason()
		l.problems.add(place, "draft", fmt.Sprintf("the report of %s is a draft, and there is no other to publish: %s", d.Name, why), do)
	}
}
