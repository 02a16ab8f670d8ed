package report

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The requirements have a page of their own, made only from their records.
const (
	requirementsList = "requirements"
	requirementsFile = requirementsList + ".toml"

	// The fixed words for that page's title and description.
	requirementsTitle       = "requirements"
	requirementsDescription = "requirements_description"
)

// requirementsPage returns the page of a report's requirements, or nil if there are
// none.
func (l *loader) requirementsPage(rep *Report) *Page {
	if len(rep.Requirements) == 0 {
		return nil
	}
	p := &Page{File: path.Join("data", rep.Name, requirementsFile), Path: "/" + path.Join(rep.Name, requirementsList),
		Title: l.word(requirementsTitle), Description: l.word(requirementsDescription), Lists: requirementsList, Full: true, Report: rep, Layout: textPage}
	if file := path.Join("content", rep.Name, requirementsList+".md"); l.exists(file) {
		l.problems.add(Place{File: file}, "bad-file-name", "a page with this name would replace the page of requirements, which is made from "+p.File, "rename it")
	}
	return p
}

// word returns a fixed word without values to fill in, or "" if it is missing, which
// has been reported.
func (l *loader) word(key string) Text {
	text, _ := l.words[key].(string)
	return Text(text)
}

// placeName matches what a requirement is met in: the number of a paragraph, or the
// kind and id of a record.
var placeName = regexp.MustCompile(passageNumber.String() + "|^(" + strings.Join(placeKinds, "|") + ")/[a-z0-9]+(-[a-z0-9]+)*$")

// placeKinds are the kinds of records that can meet a requirement.
var placeKinds = append([]string{"measure"}, Kinds...)

// checkRequirements checks that each requirement is either met in places that exist,
// or has a reason why it is not met.
func (l *loader) checkRequirements(rep *Report) {
	l.checkNumbers("requirement", citations(l, rep.Requirements, func(r *Requirement) Number { return r.Number }))
	for _, r := range rep.Requirements {
		file := r.Place.File
		switch hasMetIn, hasNotMet := l.hasKey(file, r.ID+".met_in"), l.hasKey(file, r.ID+".not_met"); {
		case hasMetIn && hasNotMet:
			l.problems.add(l.place(file, r.ID+".not_met"), "requirement", fmt.Sprintf("%s says both where it is met and why it is not", Quote(r.ID)), "delete one of the two")
		case !hasMetIn && !hasNotMet:
			l.problems.add(r.Place, "missing-field", fmt.Sprintf("%s says neither where it is met nor why it is not", Quote(r.ID)), `add a line met_in = ["3.9"], or not_met = "…"`)
		}
		for i, name := range r.MetIn {
			if name != "" {
				l.checkPlace(l.place(file, elementPath(r.ID+".met_in", i)), name, rep)
			}
		}
	}
}

// checkPlace checks that the place where a requirement is met exists.
func (l *loader) checkPlace(place Place, name string, rep *Report) {
	targets := map[string][]string{"measure": ids(rep.Measures), Challenge: ids(rep.Challenges), Recommendation: ids(rep.Recommendations)}
	kind, id, ok := strings.Cut(name, "/")
	if ok && slices.Contains(placeKinds, kind) {
		l.checkReference(place, id, references{targets[kind], "a " + kind, path.Join("data", rep.Name, kind+"s.toml")})
		return
	}
	if passageNumber.MatchString(name) {
		l.checkParagraphReference(place, name, rep)
		return
	}
	if isUnwritten(name) {
		return
	}
	do := `write "3.9" for a paragraph, or "measure/…", "challenge/…" or "recommendation/…" with an id`
	if ok {
		do = Suggest(kind, placeKinds, do)
	}
	for _, kind := range placeKinds {
		if slices.Contains(targets[kind], name) {
			do = fmt.Sprintf("write %q", kind+"/"+name)
			break
		}
	}
	l.problems.add(place, "unknown-reference", Quote(name)+" is not a place in the report", do)
}

// connectRequirement resolves the places where a requirement is met.
func (rep *Report) connectRequirement(r *Requirement, passages map[string]*Passage) {
	r.page = rep.Listing(requirementsList)
	for _, name := range r.MetIn {
		kind, id, _ := strings.Cut(name, "/")
		if m := findByID(rep.Measures, id); kind == "measure" && m != nil {
			r.Measures = append(r.Measures, m)
		} else if it := findByID(rep.Items(kind), id); slices.Contains(Kinds, kind) && it != nil {
			r.Items = append(r.Items, it)
		} else if h := passages[name]; h != nil {
			r.Paragraphs = append(r.Paragraphs, h)
		}
	}
}
