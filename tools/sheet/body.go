package sheet

import (
	"slices"
	"strings"

	"annualreport/tools/report"
)

// FindBodies returns the organisations that a cell can mean: by id, or else by present
// name, or else by any other present or former name. If there is more than one, the
// cell is ambiguous.
func FindBodies(lib *report.Library, cell string) []*report.Organisation {
	if strings.Contains(cell, valueSeparator) {
		return nil // several values
	}
	for _, names := range []func(o *report.Organisation) []report.Text{
		func(o *report.Organisation) []report.Text { return []report.Text{report.Text(o.ID)} },
		func(o *report.Organisation) []report.Text { return []report.Text{o.Name} },
		func(o *report.Organisation) []report.Text {
			all := slices.Clone(o.AlsoKnownAs)
			for _, former := range o.Formerly {
				all = append(all, former.Name)
			}
			return all
		},
	} {
		var matches []*report.Organisation
		for _, o := range lib.Organisations {
			if slices.ContainsFunc(names(o), func(name report.Text) bool { return SameWords(string(name), cell) }) {
				matches = append(matches, o)
			}
		}
		if len(matches) > 0 {
			return matches
		}
	}
	return nil
}

// SameWords reports whether two names are the same, apart from capitals, spaces and
// the shape of quotation marks.
func SameWords(a, b string) bool { return strings.EqualFold(plainWords(a), plainWords(b)) }

var plainMarks = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

func plainWords(text string) string {
	return plainMarks.Replace(strings.Join(strings.Fields(text), " "))
}
