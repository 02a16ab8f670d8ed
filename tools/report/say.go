package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The words for how far something has got are put together here, from the fixed words
// in data/words/en.toml, so that the check can prove that each page shows them.

// wordValues are the names of the values that this package fills in, by the keys of the
// fixed words that it uses.
var wordValues = map[string][]string{
	"challenge_title":          {"number", "title"},
	"recommendation_title":     {"number", "title"},
	"challenge_number":         {"number"},
	"recommendation_number":    {"number"},
	"item_description":         {"item", "title"},
	"all_bodies":               {},
	"all_bodies_description":   {},
	"all_progress":             {},
	"all_progress_description": {},
	"organisation_description": {"name"},
	"paragraph":                {"number"},
	"paragraph_of_series":      {"number", "series"},
	"main_message":             {"number"},
	"theme_number":             {"number"},
	"requirement_number":       {"number"},
	"changing":                 {},
	"section_called":           {"number"},
	"find_index":               {},
	"find_index_description":   {},
	"find_search":              {},
	"find_search_description":  {},
	"find_page":                {},
	"find_term":                {},
	"find_body":                {},
	"find_asked":               {},
	"find_help":                {},
	"find_paragraphs":          {},
	"find_articles":            {},
	"not_asked_again":          {"year"},
	"status_then":              {"status", "month", "ago"},
	"status_on":                {"status", "date"},
	"status_part":              {"status"},
	"replied":                  {},
	"news_from":                {"bodies", "month"},
	"and":                      {},
	"unanswered_again":         {"year", "status"},
	"late_day":                 {"date", "due"},
	"late":                     {"days", "date", "due"},
	"years_ago":                {"years"},
	"year_ago":                 {},
	"months_ago":               {"months"},
	"month_ago":                {},
	"days_ago":                 {},
	"annual_report_of":         {"name"},
	"report_dated":             {"report", "month"},
	"title_of":                 {"title", "report"},
	"title_outside":            {"title", "site"},
	"whole_title":              {"title"},
	"lost":                     {},
	"menu_summary":             {},
	"menu_findings":            {},
	"menu_asked":               {},
	"menu_progress":            {},
	"menu_organisations":       {},
	"menu_young_people":        {},
}

// say returns fixed words with values filled in.
func (lib *Library) say(key string, namesAndValues ...string) string {
	return placeholder.ReplaceAllStringFunc(lib.words[key], func(text string) string {
		name := placeholder.FindStringSubmatch(text)[1]
		for i := 0; i+1 < len(namesAndValues); i += 2 {
			if namesAndValues[i] == name {
				return namesAndValues[i+1]
			}
		}
		return text
	})
}

// Words returns the texts of the fixed words by key. If a key has several, a page shows
// one of them.
func (lib *Library) Words() map[string][]string { return lib.phrases }

// sayStatus returns the words for a status with its date. If that is over a year ago, it
// says how long ago, and that nothing has been said since, unless the matter is done.
func (lib *Library) sayStatus(status string, day Date, done bool) string {
	if lib.isOld(day) && !done {
		return lib.say("status_then", "status", status, "month", day.MonthOfYear(), "ago", lib.ago(day))
	}
	return lib.say("status_on", "status", status, "date", day.String())
}

// isOld reports whether a day is over a year before as_at.
func (lib *Library) isOld(day Date) bool { return day.AddDate(1, 0, 0).Before(lib.AsAt.Time) }

// DisplayName returns the name of the report: its label, or "Annual report 2014".
func (rep *Report) DisplayName() string {
	if rep.Label != "" {
		return rep.Label.String()
	}
	return rep.lib.say("annual_report_of", "name", rep.Name)
}

// DatedName returns the name of the report with its month.
func (rep *Report) DatedName() string {
	return rep.lib.say("report_dated", "report", rep.DisplayName(), "month", rep.Date.MonthOfYear())
}

// ParagraphExample returns the name of the page's first numbered paragraph, as it is
// written within a sentence, or "".
func (p *Page) ParagraphExample() string {
	for _, h := range p.Passages {
		if h.Number != "" {
			return h.NameInText()
		}
	}
	return ""
}

// String returns the number of items in each state, in words.
func (t Totals) String() string {
	var all []string
	for _, count := range t.ByState {
		word := "reply_" + stateWord(count.State)
		if count.State == Closed { // not a reply
			word = stateWord(Closed)
		}
		all = append(all, fmt.Sprintf("%d %s", count.Count, t.lib.words[word]))
	}
	return strings.Join(all, ", ")
}

// Says returns how far the item has got, in words.
func (it *Item) Says() string {
	lib, s := it.Report.lib, it.State
	switch {
	case s.Closed != nil:
		return lib.say("not_asked_again", "year", strconv.Itoa(s.Closed.Date.Year()))
	case s.Status != nil && s.Status.Kind == Progress && !s.Status.Open && s.Kind != Done: // done by some of several
		return lib.sayStatus(lib.say("status_part", "status", s.Status.Name.String()), s.Date, false)
	case s.Status != nil:
		return lib.sayStatus(s.Status.Name.String(), s.Date, s.Kind == Done || s.Status.Kind == Answer && !s.Status.Open)
	case s.Previous != nil:
		return lib.say("unanswered_again", "year", strconv.Itoa(s.Previous.Report.Date.Year()), "status", s.Previous.Says())
	case s.Kind == Answered:
		return lib.sayStatus(lib.words["replied"], s.Date, false)
	}
	return lib.words[stateWord(s.Kind)]
}

// Age returns how long before as_at the item's state was news, in words, or "" if it
// rests on none, or [Item.Says] says so.
func (it *Item) Age() string {
	lib, day := it.Report.lib, it.State.Date
	if day.IsZero() {
		return ""
	}
	if ago := lib.ago(day); !strings.Contains(it.Says(), ago) {
		return ago
	}
	return ""
}

// Label returns who the news comes from, and when, after what it says of the item if it
// says that in a status.
func (n *News) Label() string {
	lib := n.Report.lib
	var all []string
	for _, s := range n.Update.StatusList() {
		all = append(all, s.Name.String())
	}
	var names []string
	for _, b := range n.Update.Bodies {
		names = append(names, b.Name.String())
	}
	bodies := names[len(names)-1]
	if before := names[:len(names)-1]; len(before) > 0 {
		bodies = strings.Join(before, ", ") + " " + lib.words["and"] + " " + bodies
	}
	return strings.Join(append(all, lib.say("news_from", "bodies", bodies, "month", n.Update.Date.MonthOfYear())), ", ")
}

// Says returns what the body has said about the request, in words.
func (r *Request) Says() string {
	lib := r.Item.Report.lib
	switch {
	case r.Progress != nil:
		return lib.sayStatus(r.Progress.Statuses[Progress].Name.String(), r.Progress.Date, r.Done())
	case r.Answer != nil:
		return lib.sayStatus(r.Answer.Statuses[Answer].Name.String(), r.Answer.Date, !r.Answer.Statuses[Answer].Open)
	case r.Last != nil:
		return lib.sayStatus(lib.words["replied"], r.Last.Date, false)
	}
	return lib.words[stateWord(Unanswered)]
}

// DaysLate returns how many days before as_at it was due.
func (r *Request) DaysLate() int {
	return int(r.Item.Report.lib.AsAt.Sub(r.Due.Time) / (24 * time.Hour))
}

// Lateness returns by how much it is overdue, in words, or "".
func (r *Request) Lateness() string {
	if !r.Overdue {
		return ""
	}
	lib := r.Item.Report.lib
	days := r.DaysLate()
	if days == 1 {
		return lib.say("late_day", "date", lib.AsAt.String(), "due", r.Due.String())
	}
	return lib.say("late", "days", addCommas(strconv.Itoa(days)), "date", lib.AsAt.String(), "due", r.Due.String())
}

// ago returns how long before as_at a day is, in words.
func (lib *Library) ago(day Date) string {
	months := 0
	for !day.AddDate(0, months+1, 0).After(lib.AsAt.Time) {
		months++
	}
	switch years := months / 12; {
	case years > 1:
		return lib.say("years_ago", "years", strconv.Itoa(years))
	case years == 1:
		return lib.say("year_ago")
	case months > 1:
		return lib.say("months_ago", "months", strconv.Itoa(months))
	case months == 1:
		return lib.say("month_ago")
	}
	return lib.say("days_ago")
}
