package report

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
)

// open tells whether an item is not completed, as its last update has it.
func (it *Item) open() bool {
	return len(it.Updates) == 0 || it.Updates[len(it.Updates)-1].Status != "completed"
}

// checkClosed sees that an item that is closed needs closing.
func (l *loader) checkClosed(it *Item) {
	if it.Closed != "" && !it.open() {
		l.problems.add(l.at(it.Place.File, it.ID+".closed"), "closed", quote(it.ID)+" is completed, and closed as well", "take the line closed = … out")
	}
}

// checkThreads sees that each report takes up, or closes, what the one before
// it leaves open. For a report to publish, that is the one published before
// it; for a draft, it is any.
func (l *loader) checkThreads(lib *Library) {
	t := &threads{loader: l, wrong: l.problems.files(), reports: map[string]*Report{}, drafts: map[string]*Draft{}}
	hidden := lib.Drafts
	if lib.ShowsDrafts {
		hidden = nil
	}
	for _, d := range hidden {
		maps.Copy(t.wrong, d.Problems.files())
		t.drafts[d.Year] = d
		t.reports[d.Year] = d.Report
	}
	for _, rep := range lib.Reports {
		t.reports[rep.Year] = rep
	}
	for _, rep := range lib.Reports {
		t.check(rep, lib.before(rep), &l.problems)
	}
	for _, d := range hidden {
		var before *Report
		for _, rep := range t.reports {
			if rep.Year < d.Year && (before == nil || rep.Year > before.Year) {
				before = rep
			}
		}
		t.check(d.Report, before, &d.Problems)
		d.Problems = d.Problems.sorted()
	}
}

type threads struct {
	*loader
	wrong   map[string]bool // the files that have other problems: what follows from those is not told as well
	reports map[string]*Report
	drafts  map[string]*Draft
}

// check tells to problems what is wrong between a report and the one before
// it, which may be nil.
func (t *threads) check(rep *Report, before *Report, problems *Problems) {
	for _, kind := range Kinds {
		file := itemFile(rep.Year, kind)
		followed := t.checkFollows(rep, before, kind, problems)
		if before != nil && !t.isWrong(file) && !t.isWrong(itemFile(before.Year, kind)) {
			t.checkAccounted(before, kind, rep.Year, followed, problems)
		}
	}
}

// isWrong tells whether a data file, or one of its report's folders, has other
// problems.
func (t *threads) isWrong(file string) bool {
	return t.wrong[file] || t.wrong[path.Dir(file)] || t.wrong["content/"+reportOf(file)]
}

// itemFile is the file that a report's items of a kind stand in.
func itemFile(year, kind string) string { return "data/" + year + "/" + kind + "s.toml" }

var itemName = regexp.MustCompile(`^([0-9]{4})/([^/]+)$`)

// checkFollows sees that what a report's items follow is there, and gives it:
// the ids of the items followed, each with that of the one that follows.
func (t *threads) checkFollows(rep *Report, before *Report, kind string, problems *Problems) map[string]string {
	followed := map[string]string{}
	file := itemFile(rep.Year, kind)
	var known, others []string // the items that could be followed, and those of the other kind
	if before != nil {
		for _, k := range Kinds {
			for _, it := range before.Items(k) {
				if name := before.Year + "/" + it.ID; k == kind {
					known = append(known, name)
				} else {
					others = append(others, name)
				}
			}
		}
	}
	for _, it := range rep.Items(kind) {
		if it.Follows == "" || toWrite(it.Follows) {
			continue
		}
		tell := func(what, do string) {
			t.wrong[file] = true
			problems.add(t.at(file, it.ID+".follows"), "follows", what, do)
		}
		m := itemName.FindStringSubmatch(it.Follows)
		year, id := "", it.Follows
		if m != nil {
			year, id = m[1], m[2]
		}
		draft, isDraft := t.drafts[year]
		isDraft = isDraft && year < rep.Year
		switch {
		case before == nil && !isDraft:
			tell("there is no report before this one that an item could follow", "take the line out")
		case m == nil:
			tell(quote(it.Follows)+" is not a year and a name", didYouMean(before.Year+"/"+id, known, `write them as in "2014/early-help"`))
		case year >= rep.Year:
			tell(fmt.Sprintf("%s follows %s, which is not of an earlier report", quote(it.ID), quote(it.Follows)), didYouMean(before.Year+"/"+id, known, "name an item of the report of "+before.Year))
		case isDraft && (before == nil || year != before.Year):
			at, why, do := draft.Reason()
			t.wrong[file] = true
			problems.add(at, "draft", fmt.Sprintf("the report of %s follows that of %s, which is a draft: %s", rep.Year, year, why), do)
		case year != before.Year:
			what := "there is no report of " + year
			if _, ok := t.reports[year]; ok {
				what = fmt.Sprintf("the report of %s is not the one before this", year)
			}
			tell(what, didYouMean(before.Year+"/"+id, known, "name an item of the report of "+before.Year))
		case slices.Contains(known, it.Follows):
			if first, ok := followed[id]; ok {
				tell(fmt.Sprintf("%s follows %s, as %s does", quote(it.ID), quote(it.Follows), quote(first)), "let one of them follow it, and take the line out of the other")
				continue
			}
			followed[id] = it.ID
		case len(known) == 0: // that file has been complained about
		case slices.Contains(others, it.Follows):
			tell(fmt.Sprintf("%s is not a %s, as %s is", quote(it.Follows), kind, quote(it.ID)), "name one, or take the line out")
		default:
			tell(fmt.Sprintf("the report of %s has no %s %s", year, kind, quote(id)), didYouMean(it.Follows, known, "write one of the names in [brackets] in "+itemFile(year, kind)))
		}
	}
	return followed
}

// checkAccounted sees that every open item of a report is followed in the
// report of the year next, or closed with a reason.
func (t *threads) checkAccounted(rep *Report, kind, next string, followed map[string]string, problems *Problems) {
	file := itemFile(rep.Year, kind)
	for _, it := range rep.Items(kind) {
		by, isFollowed := followed[it.ID]
		switch {
		case isFollowed && it.Closed != "":
			problems.add(t.at(file, it.ID+".closed"), "closed", fmt.Sprintf("%s is closed, and %s of %s follows it", quote(it.ID), quote(by), next),
				fmt.Sprintf("take the line closed = … out, or that %s out of %s", kind, itemFile(next, kind)))
		case !isFollowed && it.open() && it.Closed == "":
			problems.add(it.Place, "unaccounted", fmt.Sprintf("the %s [%s] is not completed, and the report of %s does not take it up", kind, it.ID, next),
				fmt.Sprintf(`write follows = "%s/%s" in a %s of %s, or say here why it is not asked again: closed = "…"`, rep.Year, it.ID, kind, next))
		}
	}
}
