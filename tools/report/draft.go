package report

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ToWrite marks, wherever it stands in a report's files, a text that is still
// to be written. A report with such a text is a [Draft].
const ToWrite = "TO WRITE"

// A Draft is a report that is not published yet: its _index.md has a line
// draft = true, or something in it is still to be written.
type Draft struct {
	*Report
	Marked    Place    // the line draft = true; its File is "" if there is none
	Unwritten []Place  // the lines with something still to be written, in their order
	Problems  Problems // what is wrong with it, which keeps nothing else from being published
}

// Reason returns the place that makes the report a draft, and what to do there
// to publish it: where the first text is to be written, or else the line to
// take out.
func (d *Draft) Reason() (at Place, why, do string) {
	switch n := len(d.Unwritten); n {
	case 0:
		return d.Marked, "it has a line draft = true", "delete the line to publish it"
	case 1:
		return d.Unwritten[0], "1 place is still to be written", "write it"
	default:
		return d.Unwritten[0], fmt.Sprintf("%d places are still to be written", n), "write this one first"
	}
}

var (
	// An id has no spaces or capitals: see blank.
	unwritten = regexp.MustCompile(`\b` + ToWrite + `\b|[\["]` + blank.ID + `[\]"]`)

	// A date cannot hold words. No paper is dated by a public holiday.
	unwrittenDate = regexp.MustCompile(`(?m)^[ \t]*date[ \t]*=[ \t]*[0-9]{4}-01-01\b`)

	draftLine = regexp.MustCompile(`(?m)^[ \t]*draft[ \t]*=[ \t]*true\b`)
)

// toWrite reports whether a value is still to be written.
func toWrite(value string) bool { return strings.Contains(value, ToWrite) }

// isSummary reports whether a file is a report's _index.md.
func isSummary(file string) bool {
	return path.Base(file) == "_index.md" && reportOf(file) != ""
}

// reportOf returns the name of the report that a file, or a folder, in content/
// or data/ belongs to, or "".
func reportOf(name string) string {
	parts := strings.SplitN(name, "/", 3)
	if len(parts) < 2 || parts[0] != "content" && parts[0] != "data" || !ReportName.MatchString(parts[1]) {
		return ""
	}
	return parts[1]
}

// noteDraft takes down what a file's text has that makes its report a draft.
// It goes by the text and not by what is read from it: a draft that is saved
// half-way stays one.
func (l *loader) noteDraft(file, text string) {
	name := reportOf(file)
	if name == "" {
		return
	}
	front := len(text) // where TOML ends
	if path.Ext(file) == ".md" {
		text = strings.TrimPrefix(text, "\ufeff")
		if front = 0; strings.HasPrefix(text, "+++") {
			end := strings.Index(text, "\n+++")
			if front = end; end < 0 {
				front = len(text)
			}
		}
	}
	summary := isSummary(file)
	if !summary && !strings.Contains(text, ToWrite) && !strings.Contains(text, blank.ID) {
		return // as in nearly every file
	}
	settings := withoutComments(text[:front], false)
	text = settings + text[front:]
	at := func(offset int) Place { return Place{file, 1 + strings.Count(text[:offset], "\n")} }
	var places []Place
	for _, m := range unwritten.FindAllStringIndex(text, -1) {
		places = append(places, at(m[0]))
	}
	if summary {
		if m := unwrittenDate.FindStringIndex(settings); m != nil {
			places = append(places, at(m[0]))
		}
		if m := draftLine.FindStringIndex(settings); m != nil {
			l.marked[name] = at(m[0])
		}
	}
	l.unwritten[name] = append(l.unwritten[name], places...)
}

func (l *loader) isDraft(name string) bool {
	return l.marked[name].File != "" || len(l.unwritten[name]) > 0
}

func (l *loader) draft(rep *Report) *Draft {
	places := l.unwritten[rep.Name]
	slices.SortFunc(places, func(a, b Place) int { return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) })
	return &Draft{Report: rep, Marked: l.marked[rep.Name], Unwritten: slices.Compact(places)}
}

// withoutComments returns TOML with spaces for its comments and, if bare, with an
// x for each character of its texts. It bears with text that is not TOML yet.
func withoutComments(text string, bare bool) string {
	out := []byte(text)
	quote := "" // that the text being passed ends with
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == "" && c == '#':
			for ; i < len(text) && text[i] != '\n'; i++ {
				out[i] = ' '
			}
			continue
		case quote == "" && (c == '"' || c == '\''):
			quote = string(c)
			if three := strings.Repeat(quote, 3); strings.HasPrefix(text[i:], three) {
				quote = three
			}
			i += len(quote) - 1
			continue
		case quote == "":
			continue
		case c == '\n' && len(quote) == 1: // not closed, which is reported elsewhere
			quote = ""
			continue
		case strings.HasPrefix(text[i:], quote):
			i += len(quote) - 1
			quote = ""
			continue
		}
		if bare && c != '\n' {
			out[i] = 'x'
		}
		if c == '\\' && quote[0] == '"' && i+1 < len(text) {
			i++
			if bare && text[i] != '\n' {
				out[i] = 'x'
			}
		}
	}
	return string(out)
}

// setDraftsApart gives each draft the problems with its own files, and tells
// if there is nothing but drafts.
func (l *loader) setDraftsApart(lib *Library) {
	for _, d := range lib.Drafts {
		l.advice = slices.DeleteFunc(l.advice, func(p Problem) bool { return reportOf(p.File) == d.Name })
		l.problems = slices.DeleteFunc(l.problems, func(p Problem) bool {
			own := reportOf(p.File) == d.Name
			if own {
				d.Problems = append(d.Problems, p)
			}
			return own
		})
	}
	if len(lib.Reports) == 0 && len(lib.Drafts) > 0 {
		d := lib.Drafts[0]
		at, why, do := d.Reason()
		l.problems.add(at, "draft", fmt.Sprintf("the report of %s is a draft, and there is no other to publish: %s", d.Name, why), do)
	}
}
