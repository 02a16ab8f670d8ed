package report

import (
	"slices"
)

// A Request is what an item asks of one body, and what the body has said to it.
type Request struct {
	Item     *Item
	Body     *Body
	Answer   *Update // the body's last update that gives one, or nil
	Progress *Update // the body's last update that gives one, or nil
	Due      Date    // as the body promised, or else as the item or the report asks; zero if none does
	Overdue  bool    // Due is before as_at, and it is not done
	Silent   bool    // the body has said nothing
	Last     *Update // the body's last news, or nil
}

// State returns how far the body says it has got: one of [States], but not Closed.
func (r *Request) State() string {
	switch {
	case r.Done():
		return Done
	case r.Progress != nil:
		return UnderWay
	case !r.Silent:
		return Answered
	}
	return Unanswered
}

// Done reports whether the body says that nothing is left to do.
func (r *Request) Done() bool { return r.Progress != nil && !r.Progress.Statuses[Progress].Open }

// connectRequests works out what each body asked has said. Withdrawn updates and
// news from others do not count.
func (it *Item) connectRequests() {
	day := it.Report.lib.AsAt
	for _, b := range it.Bodies {
		r := &Request{Item: it, Body: b, Due: it.Due, Silent: true}
		if r.Due.IsZero() {
			r.Due = it.Report.Due
		}
		for _, u := range it.Updates {
			if u.Withdrawn != "" || !slices.Contains(u.By, b.ID) {
				continue
			}
			r.Silent, r.Last = false, u
			if u.Statuses[Answer] != nil {
				r.Answer = u
			}
			if u.Statuses[Progress] != nil {
				r.Progress = u
			}
			if !u.Due.IsZero() {
				r.Due = u.Due
			}
		}
		r.Overdue = !r.Due.IsZero() && r.Due.Before(day.Time) && !r.Done()
		it.Requests = append(it.Requests, r)
	}
}

// StatusList returns the statuses that the update gives: answer, progress, verdict.
func (u *Update) StatusList() []*Status {
	var all []*Status
	for _, kind := range StatusKinds {
		if s := u.Statuses[kind]; s != nil {
			all = append(all, s)
		}
	}
	return all
}

// isOpen reports whether any body asked has something left to do.
func (it *Item) isOpen() bool {
	return len(it.Requests) == 0 || slices.ContainsFunc(it.Requests, func(r *Request) bool { return !r.Done() })
}

// Newest returns the item's updates, the newest first.
func (it *Item) Newest() []*Update {
	all := slices.Clone(it.Updates)
	slices.Reverse(all)
	return all
}

// Verdicts returns the updates with a verdict of somebody independent, newest first.
func (it *Item) Verdicts() []*Update {
	return slices.DeleteFunc(it.Newest(), func(u *Update) bool { return u.Statuses[Verdict] == nil || u.Withdrawn != "" })
}

// OtherNews returns the newest news about the item from each body that was not asked,
// newest first. It changes no state. What gives a verdict is among it if verdicts is
// true.
func (it *Item) OtherNews(verdicts bool) (all []*News) {
	for _, u := range it.Newest() {
		isKnown := slices.ContainsFunc(all, func(n *News) bool { return slices.Equal(n.Update.By, u.By) })
		if !isKnown && u.Withdrawn == "" && !it.isFromAsked(u) && (verdicts || u.Statuses[Verdict] == nil) {
			all = append(all, &News{it, u})
		}
	}
	return all
}

// isFromAsked reports whether an update comes from a body that was asked.
func (it *Item) isFromAsked(u *Update) bool {
	return slices.ContainsFunc(u.By, func(id string) bool { return slices.Contains(it.AddressedTo, id) })
}

// Thread returns the item with those of other reports that it follows or that
// follow it, oldest first, or nil if there are none.
func (it *Item) Thread() []*Item {
	all := append(slices.Clone(it.Earlier), it)
	for later := it.Later; later != nil; later = later.Later {
		all = append(all, later)
	}
	if len(all) == 1 {
		return nil
	}
	return all
}

// Next returns the next step that the body last named, or "" if it is done.
func (r *Request) Next() Text {
	if r.Done() {
		return ""
	}
	for _, u := range r.Item.Newest() {
		if slices.Contains(u.By, r.Body.ID) && u.Next != "" && u.Withdrawn == "" {
			return u.Next
		}
	}
	return ""
}

// Silent returns the bodies asked that have said nothing, if others have.
func (it *Item) Silent() []*Body {
	var all []*Body
	for _, r := range it.Requests {
		if r.Silent && slices.ContainsFunc(it.Requests, func(other *Request) bool { return !other.Silent }) {
			all = append(all, r.Body)
		}
	}
	return all
}

// IsSilent reports whether the body has said nothing about the item, while others
// have.
func (it *Item) IsSilent(b *Body) bool { return slices.Contains(it.Silent(), b) }

// The states of an item or a request.
const (
	Done       = "done"            // every body asked says that nothing is left to do
	UnderWay   = "under-way"       // one has reported progress
	Answered   = "answered"        // one has answered, and none has reported progress
	Unanswered = "no-public-reply" // none has said anything
	Closed     = "closed"          // the next report does not repeat it, and the reason is recorded
)

// States are all states, in the order in which readers see them.
var States = []string{Done, UnderWay, Answered, Unanswered, Closed}

// A State is how far an item has got. Nobody types it: it follows from what the
// bodies asked have said, and from later reports.
type State struct {
	Kind     string  // one of [States]
	Status   *Status // the last progress that a body asked has reported, or else its last answer, or nil
	Date     Date    // of Status, or of the last news from a body asked, or zero
	Overdue  bool    // for at least one body
	Closed   *Report // the next report, if the item is closed
	Previous *Item   // the item that it follows, if only that one has news
}

// hasNews reports whether there is news about the item itself.
func (s State) hasNews() bool { return s.Kind != Unanswered }

// state returns the item's state, as it follows from its updates and requests.
func (it *Item) state() State {
	s := State{Kind: Unanswered}
	for _, u := range it.Updates { // oldest first
		if u.Withdrawn != "" || !it.isFromAsked(u) {
			continue
		}
		status := u.Statuses[Progress]
		if status == nil && s.Kind != UnderWay {
			status = u.Statuses[Answer]
		}
		switch {
		case u.Statuses[Progress] != nil:
			s.Kind = UnderWay
		case s.Kind == Unanswered:
			s.Kind = Answered
		}
		if status != nil || s.Status == nil {
			s.Status, s.Date = status, u.Date
		}
	}
	s.Overdue = slices.ContainsFunc(it.Requests, func(r *Request) bool { return r.Overdue })
	switch {
	case it.Closed != "" && it.Report.Next != nil:
		for _, r := range it.Requests {
			r.Overdue = false
		}
		return State{Kind: Closed, Closed: it.Report.Next}
	case !it.isOpen():
		s.Kind = Done
	case !s.hasNews() && len(it.Earlier) > 0:
		if earlier := it.Earlier[len(it.Earlier)-1]; earlier.State.hasNews() {
			s.Previous = earlier
		}
	}
	return s
}

// resolveStates connects items that follow each other, works out the state of
// each, and lists the news.
func (lib *Library) resolveStates() {
	oldestFirst := slices.Clone(lib.Reports)
	slices.Reverse(oldestFirst)
	for _, rep := range oldestFirst {
		if previous := lib.previous(rep); previous != nil {
			previous.Next = rep
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
		for _, it := range rep.AllItems() {
			for _, u := range it.Updates {
				if u.Withdrawn == "" {
					lib.News = append(lib.News, &News{it, u})
				}
			}
		}
	}
	slices.SortStableFunc(lib.News, func(a, b *News) int { return b.Update.Date.Compare(a.Update.Date.Time) })
}

// previous returns the previous report of the same series, or nil. It is a draft
// only if the report itself is one.
func (lib *Library) previous(rep *Report) *Report {
	for _, earlier := range lib.Reports[slices.Index(lib.Reports, rep)+1:] {
		if earlier.Series == rep.Series && (!earlier.Draft || rep.Draft) {
			return earlier
		}
	}
	return nil
}

// item returns the item of a kind with a name such as "2014/early-help", or nil.
func (lib *Library) item(kind, name string) *Item {
	report, id := splitItemName(name)
	for _, rep := range lib.Reports {
		if rep.Name == report {
			return findByID(rep.Items(kind), id)
		}
	}
	return nil
}

// A Group is items in the same state.
type Group struct {
	ID    string // of its element
	State string // one of [States]
	Items []*Item
	alike bool // its name says how far each of its items is
}

// Says returns how far an item of the group has got, in words, or "" if the group's
// name says no less of all of its items.
func (g Group) Says(it *Item) string {
	if g.alike {
		return ""
	}
	return it.Says()
}

// groupIDs are the ids of the groups' elements, which people may link to.
var groupIDs = map[string]string{
	Done: "completed", UnderWay: "in-progress", Answered: "answered", Unanswered: "no-response-recorded-here-yet", Closed: "not-asked-again",
}

// Progress returns the report's items by state.
func (rep *Report) Progress() []Group { return groups(rep.AllItems()) }

// allSay reports whether every item is described by says, and none is late.
func allSay(items []*Item, says string) bool {
	return !slices.ContainsFunc(items, func(it *Item) bool { return it.Says() != says || it.State.Overdue })
}

// groups returns items by state, those with the newest news first in each group.
func groups(items []*Item) []Group {
	var all []Group
	for _, state := range States {
		g := Group{ID: groupIDs[state], State: state}
		for _, it := range items {
			if it.State.Kind == state {
				g.Items = append(g.Items, it)
			}
		}
		if len(g.Items) > 0 {
			slices.SortStableFunc(g.Items, func(a, b *Item) int { return b.State.Date.Compare(a.State.Date.Time) })
			name := g.Items[0].Report.lib.words[stateWord(g.State)]
			g.alike = allSay(g.Items, name)
			all = append(all, g)
		}
	}
	return all
}

// A MeasureGroup is measures with the same meaning.
type MeasureGroup struct {
	Meaning  string // one of [Meanings]
	Measures []*Measure
}

// MeasuresByMeaning returns the report's measures by meaning.
func (rep *Report) MeasuresByMeaning() (all []MeasureGroup) {
	for _, meaning := range Meanings {
		measures := slices.DeleteFunc(slices.Clone(rep.Measures), func(m *Measure) bool { return m.Meaning != meaning })
		if len(measures) > 0 {
			all = append(all, MeasureGroup{meaning, measures})
		}
	}
	return all
}

// Asks is everything that a report asks in items of one kind.
type Asks struct {
	Kind         string
	Items        []*Item
	Addressees   Text    // who they are addressed to, in the words of the page that lists them, or ""
	CommonBodies []*Body // the bodies that each of them is addressed to, or nil if they differ
}

// Asks returns what the report asks in items of a kind.
func (rep *Report) Asks(kind string) *Asks { return rep.asks[kind] }

// Says returns how far all items have got, in words, if it is the same for all of
// several, and none is late; or else "".
func (a *Asks) Says() string {
	if len(a.Items) < 2 {
		return ""
	}
	says := a.Items[0].Says()
	if !allSay(a.Items, says) {
		return ""
	}
	return says
}

// SaysOnce reports whether the page says once, above all items of a kind, who they
// are addressed to.
func (p *Page) SaysOnce(it *Item) bool {
	return p != it.ownPage && it.Report.asks[it.Kind].CommonBodies != nil
}

// connectAsks works out what all items of a kind have in common.
func (rep *Report) connectAsks() {
	rep.asks = map[string]*Asks{}
	for _, kind := range Kinds {
		a := &Asks{Kind: kind, Items: rep.Items(kind)}
		if page := rep.Listing(kind + "s"); page != nil {
			a.Addressees = page.Addressees
		}
		if len(a.Items) > 1 && !slices.ContainsFunc(a.Items, func(it *Item) bool {
			return !slices.Equal(it.addressees(), a.Items[0].addressees()) || it.AddressedNote != a.Items[0].AddressedNote
		}) {
			a.CommonBodies = a.Items[0].Bodies
		}
		rep.asks[kind] = a
	}
}

// addressees returns the ids of the bodies asked, in alphabetical order.
func (it *Item) addressees() []string { return slices.Sorted(slices.Values(ids(it.Bodies))) }

// Unanswered reports whether there is no public reply to anything that the report asks
// of the body, from any body asked, and nothing of it is late.
func (b *Body) Unanswered() bool {
	items := b.Items()
	return len(items) > 0 && allSay(items, items[0].Report.lib.words[stateWord(Unanswered)])
}

// A Vocabulary is the statuses of a kind, the least advanced first.
type Vocabulary struct {
	Kind     string // one of [StatusKinds]
	Statuses []*Status
}

// Vocabularies returns the statuses by kind.
func (lib *Library) Vocabularies() []Vocabulary {
	var all []Vocabulary
	for _, s := range lib.Statuses { // in the order of their kinds
		if n := len(all); n == 0 || all[n-1].Kind != s.Kind {
			all = append(all, Vocabulary{Kind: s.Kind})
		}
		last := &all[len(all)-1]
		last.Statuses = append(last.Statuses, s)
	}
	return all
}
