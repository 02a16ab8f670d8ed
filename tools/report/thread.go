package report

import (
	"fmt"
	"path"
	"regexp"
	"slices"
)

// checkThreads checks that each report follows up or closes what the one before it
// leaves open. For a published report, that is the last one published before it;
// for a draft, it can be another draft.
func (l *loader) checkThreads(lib *Library) {
	t := &threads{loader: l, wrong: map[string]bool{}, reports: map[string]*Report{}, drafts: map[string]*Draft{}}
	drafts := lib.Drafts
	if lib.ShowsDrafts {
		drafts = nil
	}
	t.noteWrong(l.problems)
	for _, d := range drafts {
		t.noteWrong(d.Problems)
		t.drafts[d.Name] = d
		t.reports[d.Name] = d.Report
	}
	for _, rep := range lib.Reports {
		t.reports[rep.Name] = rep
	}
	if !t.areOrdered(lib.Reports, &l.problems) {
		return
	}
	for _, rep := range lib.Reports {
		t.check(rep, lib.previous(rep), &l.problems)
	}
	for _, d := range drafts {
		if !t.areOrdered(append(slices.Clone(lib.Reports), d.Report), &d.Problems) {
			continue
		}
		var previous *Report
		for _, rep := range t.reports {
			if rep.Series == d.Series && rep.compare(d.Report) < 0 && (previous == nil || rep.compare(previous) > 0) {
				previous = rep
			}
		}
		t.check(d.Report, previous, &d.Problems)
		d.Problems = d.Problems.sorted()
	}
}

// threads are the reports whose items follow each other, while they are checked.
type threads struct {
	*loader
	wrong   map[string]bool // files and fronts with other problems, which may be the cause
	reports map[string]*Report
	drafts  map[string]*Draft
}

// noteWrong notes the files that have problems, and the fronts of summaries.
func (t *threads) noteWrong(problems Problems) {
	for _, p := range problems {
		t.wrong[p.File] = true
		if r := t.tables[p.File]; isSummary(p.File) && (r == nil || p.Line <= r.lastLine()) {
			t.wrong[frontOf(p.File)] = true
		}
	}
}

// frontOf returns the name in threads.wrong of a summary's front, the settings before its
// text.
func frontOf(file string) string { return file + "#front" }

// areOrdered reports whether it is certain which report comes before which. If a report's
// _index.md is missing, or has a problem before its text, its date or series may be wrong;
// that has been reported. If most of what a report follows is in a later one, a date is wrong, which
// areOrdered adds to problems.
func (t *threads) areOrdered(all []*Report, problems *Problems) bool {
	for _, rep := range all {
		if rep.Summary == nil || rep.Date.IsZero() || t.wrong[frontOf(rep.Summary.File)] {
			return false
		}
	}
	for _, rep := range all {
		later, count := map[*Report]int{}, 0
		for _, it := range rep.AllItems() {
			name, _ := splitItemName(it.Follows)
			if name != "" {
				count++
			}
			if other := t.reports[name]; other != nil && other != rep && other.compare(rep) > 0 {
				later[other]++
			}
		}
		for other, n := range later {
			if n > 1 && 2*n > count {
				problems.add(t.place(other.Summary.File, "date"), "report-date", fmt.Sprintf("the report of %s is dated %s, after that of %s (%s), which follows it", other.Name, other.Date.ISO(), rep.Name, rep.Date.ISO()),
					fmt.Sprintf("correct the date, or the other at %s", t.place(rep.Summary.File, "date")))
				return false
			}
		}
	}
	return true
}

// check adds to problems what is wrong between a report and the one before it, which
// may be nil.
func (t *threads) check(rep *Report, previous *Report, problems *Problems) {
	for _, kind := range Kinds {
		file := itemFile(rep.Name, kind)
		for _, it := range rep.Items(kind) {
			if it.Closed != "" && !it.isOpen() {
				problems.add(t.place(file, it.ID+".closed"), "closed", Quote(it.ID)+" is closed, but every body asked says that it is done", "delete the line closed = …")
			}
		}
		followers := t.checkFollows(rep, previous, kind, problems)
		if previous != nil && !t.isWrong(file) && !t.isWrong(itemFile(previous.Name, kind)) {
			t.checkAccounted(previous, kind, rep.Name, followers, problems)
		}
	}
}

// isWrong reports whether a data file, or a folder of its report, has other problems.
func (t *threads) isWrong(file string) bool {
	return t.wrong[file] || t.wrong[path.Dir(file)] || t.wrong["content/"+reportOf(file)]
}

// itemFile returns the file with a report's items of a kind.
func itemFile(name, kind string) string { return "data/" + name + "/" + kind + "s.toml" }

// itemName matches the name of an item in another report: 2014/early-help.
var itemName = regexp.MustCompile(`^([0-9]{4}(?:-[a-z0-9]+)*)/([a-z0-9]+(?:-[a-z0-9]+)*)$`)

// splitItemName splits the name of an item into those of its report and of the item
// there. Without a report's name, that is "".
func splitItemName(text string) (name, id string) {
	if m := itemName.FindStringSubmatch(text); m != nil {
		return m[1], m[2]
	}
	return "", text
}

// checkFollows checks that the items which a report's items follow exist. It returns
// their ids, each with the id of the item that follows it.
func (t *threads) checkFollows(rep *Report, previous *Report, kind string, problems *Problems) map[string]string {
	followers := map[string]string{}
	file := itemFile(rep.Name, kind)
	for _, it := range rep.Items(kind) {
		if it.Follows == "" || isUnwritten(it.Follows) {
			continue
		}
		name, id := splitItemName(it.Follows)
		if d := t.drafts[name]; d != nil && d.Report.compare(rep) < 0 && (previous == nil || name != previous.Name) {
			place, why, do := d.Reason()
			t.wrong[file] = true
			problems.add(place, "draft", fmt.Sprintf("the report of %s follows that of %s, which is a draft: %s", rep.Name, name, why), do)
			continue
		}
		what, do := t.followsFault(it, previous)
		if first, ok := followers[id]; ok && what == "" {
			what, do = fmt.Sprintf("%s follows %s, but so does %s", Quote(it.ID), Quote(it.Follows), Quote(first)), "delete the line from one of them"
		}
		if what != "" {
			t.wrong[file] = true
			problems.add(t.place(file, it.ID+".follows"), "follows", what, do)
		} else if len(previous.Items(kind)) > 0 { // otherwise the problem with that file has been reported
			followers[id] = it.ID
		}
	}
	return followers
}

// followsFault returns what is wrong with the name of the item that an item follows,
// or "". previous is the report before, or nil.
func (t *threads) followsFault(it *Item, previous *Report) (what, do string) {
	if previous == nil {
		return "there is no earlier report for an item to follow", "delete the line"
	}
	candidates := itemNames(previous, previous.Items(it.Kind))
	name, id := splitItemName(it.Follows)
	other := t.reports[name]
	suggestion := Suggest(previous.Name+"/"+id, candidates, "name an item from the report of "+previous.Name)
	switch {
	case name == "":
		return Quote(it.Follows) + " is not the name of a report and an item", Suggest(previous.Name+"/"+id, candidates, `write them as in "2014/early-help"`)
	case other != nil && other.compare(it.Report) >= 0:
		return fmt.Sprintf("%s follows %s, which is not in an earlier report", Quote(it.ID), Quote(it.Follows)), suggestion
	case other == nil && name != previous.Name:
		return "there is no report of " + name, suggestion
	case name != previous.Name:
		return fmt.Sprintf("the report of %s is not the one before this", name), suggestion
	case slices.Contains(candidates, it.Follows) || len(candidates) == 0:
		return "", ""
	case slices.Contains(itemNames(previous, previous.AllItems()), it.Follows):
		return fmt.Sprintf("%s is not a %s, but %s is", Quote(it.Follows), it.Kind, Quote(it.ID)), "name one, or delete the line"
	}
	return fmt.Sprintf("the report of %s has no %s %s", name, it.Kind, Quote(id)), Suggest(it.Follows, candidates, "use one of the names in [brackets] in "+itemFile(name, it.Kind))
}

// itemNames returns the names of a report's items: 2014/early-help.
func itemNames(rep *Report, items []*Item) []string {
	names := ids(items)
	for i, id := range names {
		names[i] = rep.Name + "/" + id
	}
	return names
}

// checkAccounted checks that every open item of a report is followed up in the report
// next, or closed with a reason.
func (t *threads) checkAccounted(rep *Report, kind, next string, followers map[string]string, problems *Problems) {
	file := itemFile(rep.Name, kind)
	for _, it := range rep.Items(kind) {
		follower, isFollowed := followers[it.ID]
		switch {
		case isFollowed && it.Closed != "":
			problems.add(t.place(file, it.ID+".closed"), "closed", fmt.Sprintf("%s is closed, but %s of %s follows it", Quote(it.ID), Quote(follower), next),
				fmt.Sprintf("delete the line closed = …, or that %s from %s", kind, itemFile(next, kind)))
		case !isFollowed && it.isOpen() && it.Closed == "":
			problems.add(it.Place, "unaccounted", fmt.Sprintf("the %s [%s] is not done, but the report of %s does not take it up", kind, it.ID, next),
				fmt.Sprintf(`write follows = "%s/%s" in a %s of %s, or say here why it was not repeated: closed = "…"`, rep.Name, it.ID, kind, next))
		}
	}
}
