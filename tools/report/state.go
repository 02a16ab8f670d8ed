package report

import (
	"cmp"
	"slices"
	"strings"
)

// A State is how far an item is. It is never typed: it follows from the item's
// updates, and from the reports after its own.
type State struct {
	Status string  // one of [Statuses], as the last update has it; "" if nothing is recorded
	Date   Date    // of that update
	Closed *Report // the next report, if the item is closed and that does not ask it again
	Before *Item   // the item that it follows, if nothing is recorded of it since and something was of that
}

// resolveStates works out how items follow each other and how far each is, and
// lists the news.
func (lib *Library) resolveStates() {
	oldestFirst := slices.Clone(lib.Reports)
	slices.Reverse(oldestFirst)
	for _, rep := range oldestFirst {
		if before := lib.before(rep); before != nil {
			before.After = rep
		}
	}
	for _, rep := range oldestFirst { // so that what an item follows is resolved before it
		for _, it := range rep.AllItems() {
			if earlier := lib.item(it.Kind, it.Follows); earlier != nil {
				it.Earlier = append(slices.Clone(earlier.Earlier), earlier)
				earlier.Later = it
			}
			it.State = it.state()
		}
	}
	for _, rep := range lib.Reports {
		for _, kind := range Kinds {
			for _, it := range rep.Items(kind) {
				for _, u := range it.Updates {
					lib.News = append(lib.News, &News{it, u})
				}
			}
		}
	}
	slices.SortStableFunc(lib.News, func(a, b *News) int { return b.Update.Date.Compare(a.Update.Date.Time) })
}

// before gives the report that a report follows, or nil: the one before it,
// which is a draft only if the report itself is one.
func (lib *Library) before(rep *Report) *Report {
	for _, earlier := range lib.Reports[slices.Index(lib.Reports, rep)+1:] {
		if !earlier.Draft || rep.Draft {
			return earlier
		}
	}
	return nil
}

// item gives the item of a kind that a name such as "2014/early-help" is for.
func (lib *Library) item(kind, name string) *Item {
	m := itemName.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	for _, rep := range lib.Reports {
		if rep.Year == m[1] {
			return byID(rep.Items(kind), m[2])
		}
	}
	return nil
}

func (it *Item) state() State {
	switch n := len(it.Updates); {
	case it.Closed != "" && it.Report.After != nil:
		return State{Closed: it.Report.After}
	case n > 0:
		return State{Status: it.Updates[n-1].Status, Date: it.Updates[n-1].Date}
	case len(it.Earlier) > 0:
		if before := it.Earlier[len(it.Earlier)-1]; before.State.Known() {
			return State{Before: before}
		}
	}
	return State{}
}

// Known tells whether something is recorded of the item itself.
func (s State) Known() bool { return s.Status != "" || s.Closed != nil }

// A Group is items that are equally far.
type Group struct {
	ID    string // of its element: "in-progress"
	State State  // of the first
	Items []*Item
}

// progress is the order in which readers are told of items by how far they are.
var progress = []string{"completed", "in progress", "accepted", "not accepted", ""}

// Progress gives the report's items by how far they are: those of which nothing
// is recorded after the others, and last those that are closed. In each group,
// the newest news come first.
func (rep *Report) Progress() []Group {
	var all []Group
	take := func(id string, belongs func(State) bool) {
		g := Group{ID: id}
		for _, it := range rep.AllItems() {
			if belongs(it.State) {
				g.Items = append(g.Items, it)
			}
		}
		if len(g.Items) > 0 {
			slices.SortStableFunc(g.Items, func(a, b *Item) int { return b.State.Date.Compare(a.State.Date.Time) })
			g.State = g.Items[0].State
			all = append(all, g)
		}
	}
	for _, status := range progress {
		id := cmp.Or(strings.ReplaceAll(status, " ", "-"), "no-response-recorded-here-yet")
		take(id, func(s State) bool { return s.Closed == nil && s.Status == status })
	}
	take("not-asked-again", func(s State) bool { return s.Closed != nil })
	return all
}

// Asks is all that a report asks in one way.
type Asks struct {
	Kind     string
	Items    []*Item
	Said     Text    // who they are put to, in the words of the page that lists them, or ""
	Together []*Body // who all of them are put to, if that is the same
}

// Asks gives what the report asks in items of a kind.
func (rep *Report) Asks(kind string) *Asks { return rep.asks[kind] }

// connectAsks works out what is said once of all items of a kind.
func (rep *Report) connectAsks() {
	rep.asks = map[string]*Asks{}
	for _, kind := range Kinds {
		a := &Asks{Kind: kind, Items: rep.Items(kind)}
		if page := rep.Listing(kind + "s"); page != nil {
			a.Said = page.Asked
		}
		if len(a.Items) > 0 {
			a.Together = a.Items[0].Bodies
		}
		first := slices.Sorted(slices.Values(bodyIDs(a.Together)))
		for _, it := range a.Items {
			if !slices.Equal(slices.Sorted(slices.Values(bodyIDs(it.Bodies))), first) {
				a.Together = nil
				break
			}
		}
		rep.asks[kind] = a
	}
}

func bodyIDs(bodies []*Body) []string {
	ids := make([]string, len(bodies))
	for i, b := range bodies {
		ids[i] = b.ID
	}
	return ids
}

// Unanswered tells whether nothing at all is recorded of the items.
func (a *Asks) Unanswered() bool { return unanswered(a.Items) }

// Unanswered tells whether nothing at all is recorded of what the report asks
// of the body.
func (b *Body) Unanswered() bool { return unanswered(b.Items()) }

func unanswered(items []*Item) bool {
	return !slices.ContainsFunc(items, func(it *Item) bool { return len(it.Updates) > 0 || it.Closed != "" || it.Follows != "" })
}
