package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Problem is one thing that is wrong, described for the person who can fix it. In
// [Advice], it is one thing that could be better.
type Problem struct {
	Place
	Pages []string // the addresses of the pages where it shows, such as "/2014/"; none before the pages are built
	Rule  string   // the short name of the rule that was broken, such as "missing-field"
	What  string   // what is wrong
	Do    string   // what to do about it
}

// String returns the problem on one line: file:line: pages: [rule] what; do.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.Place.String() + ": ")
	}
	if len(p.Pages) > 0 {
		b.WriteString(shortList(p.Pages) + ": ")
	}
	fmt.Fprintf(&b, "[%s] %s", p.Rule, p.What)
	if p.Do != "" {
		b.WriteString("; " + p.Do)
	}
	return oneLine(b.String())
}

// String returns the place as file:line, or as the file alone.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Problems is an error that is a list of what is wrong.
type Problems []Problem

// Error returns one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns the problems as an error, sorted by place and without repeats, or
// nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps.sorted()
}

func (ps Problems) sorted() Problems {
	sorted := slices.Clone(ps)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), slices.Compare(a.Pages, b.Pages), strings.Compare(a.Rule, b.Rule))
	})
	return slices.CompactFunc(sorted, func(a, b Problem) bool { return a.String() == b.String() })
}

func (ps *Problems) add(place Place, rule, what, do string) {
	*ps = append(*ps, Problem{Place: place, Rule: rule, What: oneLine(what), Do: oneLine(do)})
}

// oneLine replaces line breaks, and other characters that would break or reverse
// a line of output, with spaces: a message may quote the file.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, invisible...) || r == '\t' {
			return ' '
		}
		return r
	}, text)
}
