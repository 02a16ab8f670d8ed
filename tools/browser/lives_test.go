package browser

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// What happens to a report over six years, in the test's own words: what the pages
// have to say is reckoned from this, and not by package report.
type (
	life struct {
		id, due string
		bodies  []string // their ids
		news    []said   // the oldest first
	}
	said struct {
		day, by, answer, progress, verdict, next, due, withdrawn string
		n                                                        int // which makes its text its own
	}
)

const (
	livesReport = "2019-storm"
	livesAsAt   = "2025-12-01"
	monitor     = "sea-safety-monitor"
)

// askedBodies are the ids of the bodies that are asked.
var askedBodies = []string{"coast-rescue-service", "harrow-sound-ferries", "islands-assembly", "islands-health-service",
	"kelder-harbour-trust", "lights-commission", "marine-survey-office", "pilotage-authority"}

// makeLives makes 30 items, to 8 bodies, with 150 updates.
func makeLives(random *rand.Rand) []life {
	var lives []life
	for i := range 30 {
		l := life{id: fmt.Sprintf("thing-%d", i+1)}
		for _, b := range random.Perm(len(askedBodies))[:1+random.IntN(3)] {
			l.bodies = append(l.bodies, askedBodies[b])
		}
		if i%3 > 0 {
			l.due = fmt.Sprintf("20%d-06-30", 20+random.IntN(8))
		}
		lives = append(lives, l)
	}
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	day := time.Date(2019, 7, 1, 0, 0, 0, 0, time.UTC)
	for n := range 150 {
		i := random.IntN(26) // of the last four, nobody says anything
		l := &lives[i]
		day = day.AddDate(0, 0, 10+random.IntN(11))
		u := said{day: day.Format(time.DateOnly), by: l.bodies[random.IntN(len(l.bodies))], n: n}
		kind := random.IntN(7)
		if i > 22 { // these are answered, and no more
			kind = 0
		}
		switch kind {
		case 0, 1:
			u.answer = pick("accepted", "accepted-in-part", "not-accepted")
		case 2, 3:
			u.progress, u.next = pick("not-started", "in-progress", "in-progress"), fmt.Sprintf("The next step is number %d.", n)
			u.due = max(u.day, fmt.Sprintf("20%d-03-31", 22+random.IntN(6)))
		case 4:
			u.progress = "completed"
		case 5:
			u.by, u.verdict = monitor, pick("not-met", "partly-met", "met")
		case 6:
			u.withdrawn = fmt.Sprintf("The letter number %d was about another thing.", n)
			if n%3 == 0 {
				u.by, u.verdict = monitor, "not-met"
			} else {
				u.progress = "completed"
			}
		}
		l.news = append(l.news, u)
	}
	return lives
}

// livesSource writes the lives as a report.
func livesSource(t *testing.T, lives []life) string {
	source := t.TempDir()
	if err := testkit.Copy(project, source, testkit.Inquiry); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"content", "data"} {
		if err := os.RemoveAll(filepath.Join(source, folder, "2023-ferry-inquiry")); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		name = filepath.Join(source, name)
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			err = os.WriteFile(name, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	page := func(name, title, params string) {
		write("content/"+livesReport+"/"+name, fmt.Sprintf("+++\ntitle = %q\ndescription = \"%s of the storm.\"\n%s+++\n\nWords.\n", title, title, params))
	}
	page("_index.md", "The storm of 2019", "date = 2019-06-28\n\n[params]\nseries = \"inquiries\"\nlabel = \"Report on the storm\"\n")
	for _, lists := range []string{"recommendations", "progress", "organisations"} {
		page(lists+".md", "The "+lists, fmt.Sprintf("\n[params]\nlists = %q\n", lists))
	}
	write("data/"+livesReport+"/recommendations.toml", livesRecords(lives))
	return source
}

func livesRecords(lives []life) string {
	var text strings.Builder
	line := func(key, value string, quoted bool) {
		if value != "" && quoted {
			fmt.Fprintf(&text, "%s = %q\n", key, value)
		} else if value != "" {
			fmt.Fprintf(&text, "%s = %s\n", key, value)
		}
	}
	for i, l := range lives {
		fmt.Fprintf(&text, "\n[%s]\nnumber = %d\ntitle = \"Do the thing of number %[2]d\"\nwording = \"Let it be done.\"\naddressed_to = [\"%s\"]\n", l.id, i+1, strings.Join(l.bodies, `", "`))
		line("due", l.due, false)
		for _, u := range l.news {
			fmt.Fprintf(&text, "\n[[%s.updates]]\ndate = %s\nby = [%q]\ntext = \"This is news number %d.\"\nsource = \"https://example.org/news/%[4]d\"\n", l.id, u.day, u.by, u.n)
			line("answer", u.answer, true)
			line("progress", u.progress, true)
			line("verdict", u.verdict, true)
			line("next", u.next, true)
			line("due", u.due, false)
			line("withdrawn", u.withdrawn, true)
		}
	}
	return text.String()
}

var statusNames = map[string]string{
	"accepted": "Accepted", "accepted-in-part": "Accepted in part", "not-accepted": "Not accepted",
	"not-started": "Not started", "in-progress": "In progress", "completed": "Completed",
	"not-met": "Not met", "partly-met": "Partly met", "met": "Met",
}

func date(iso string) time.Time {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		panic(err) // the test's own
	}
	return d
}

// A reply is what one body has said to one thing.
type reply struct {
	answer, progress, last *said
	next, due              string
	silent, done, late     bool
}

// replyOf reckons what a body has said.
func (l life) replyOf(body string) reply {
	r := reply{silent: true, due: l.due}
	for i, u := range l.news {
		if u.by != body || u.withdrawn != "" {
			continue
		}
		r.silent, r.last = false, &l.news[i]
		if u.answer != "" {
			r.answer = &l.news[i]
		}
		if u.progress != "" {
			r.progress = &l.news[i]
		}
		if u.next != "" {
			r.next = u.next
		}
		if u.due != "" {
			r.due = u.due
		}
	}
	r.done = r.progress != nil && r.progress.progress == "completed"
	if r.done {
		r.next = "" // a step that was next is not, when nothing is left to do
	}
	r.late = r.due != "" && r.due < livesAsAt && !r.done
	return r
}

// words are all that a page has to say of a reply.
func (r reply) words() (all []string) {
	if r.silent {
		all = append(all, "We have found no public reply")
	}
	for _, u := range []*said{r.answer, r.progress} {
		if u != nil {
			all = append(all, statusNames[u.answer+u.progress]+", "+date(u.day).Format("2 January 2006"), "example.org")
		}
	}
	if u := r.progress; u != nil && !r.done && u.day < "2024-12-01" {
		all = append(all, "In progress in "+date(u.day).Format("January 2006")+" ("+yearsAgo(u.day)+"). We have found nothing newer.")
		if u.progress == "not-started" {
			all[len(all)-1] = strings.Replace(all[len(all)-1], "In progress", "Not started", 1)
		}
	}
	if r.next != "" {
		all = append(all, r.next)
	}
	if !r.silent && r.due != "" {
		all = append(all, date(r.due).Format("2 January 2006"))
	}
	if r.late {
		all = append(all, r.lateness())
	}
	return all
}

// yearsAgo says how many whole years ago a day was.
func yearsAgo(day string) string {
	years := 1
	for !date(day).AddDate(years+1, 0, 0).After(date(livesAsAt)) {
		years++
	}
	if years == 1 {
		return "a year ago"
	}
	return fmt.Sprintf("%d years ago", years)
}

// lateness says by how many days it is late.
func (r reply) lateness() string {
	days := r.daysLate()
	if days < 1000 {
		return fmt.Sprintf("%d day", days)
	}
	return fmt.Sprintf("%d,%03d day", days/1000, days%1000)
}

func (r reply) daysLate() int { return int(date(livesAsAt).Sub(date(r.due)).Hours() / 24) }

// labels are what stands before the parts of a reply, none more and none less.
func (r reply) labels() string {
	var all []string
	add := func(label string, want bool) {
		if want {
			all = append(all, label)
		}
	}
	add("Answer", r.answer != nil)
	add("Progress", r.progress != nil)
	add("Next step", r.next != "")
	add("By when", !r.silent && r.due != "")
	return strings.Join(all, ", ")
}

// sources are the addresses at which it can be read.
func (r reply) sources() string {
	var all []string
	for _, u := range []*said{r.answer, r.progress} {
		if u != nil {
			all = append(all, fmt.Sprintf("https://example.org/news/%d", u.n))
		}
	}
	return strings.Join(all, " ")
}

// verdicts are what others found, the newest first.
func (l life) verdicts() (all []said) {
	for _, u := range slices.Backward(l.news) {
		if u.verdict != "" && u.withdrawn == "" {
			all = append(all, u)
		}
	}
	return all
}

// state reckons how far an item is.
func (l life) state() string {
	done, progress, answered := true, false, false
	for _, b := range l.bodies {
		r := l.replyOf(b)
		done = done && r.done
		progress = progress || r.progress != nil
		answered = answered || !r.silent
	}
	switch {
	case done:
		return "Done"
	case progress:
		return "Under way"
	case answered:
		return "Answered"
	}
	return "We have found no public reply"
}

// Over six years, each page says what the data says: of each body asked, its answer,
// its progress, its next step, by when, whether that is late, and where it can be
// read; that it is silent; what others found; all news. How many, how far and who is
// late is on one screen.
func TestSixYears(t *testing.T) {
	browse(t)
	seed := uint64(20191128)
	t.Logf("the seed is %d", seed)
	all := storm{lives: makeLives(rand.New(rand.NewPCG(seed, 1)))}
	all.website = publish(t, site.Settings{Source: livesSource(t, all.lives)})
	all.visit = open(t, 1280, "light")
	all.count(t)
	for _, l := range all.lives {
		all.seeItem(t, l)
	}
	for _, b := range askedBodies {
		all.seeBody(t, b)
	}
	for _, page := range []string{"/progress/", "/" + livesReport + "/progress/"} {
		all.seeProgress(t, page)
	}
	readTable(t, filepath.Join(all.folder, "progress.csv"), all.lives)
}

// A storm is the report's site, and what the test has counted.
type storm struct {
	website
	*visit
	lives   []life
	states  map[string]int
	replies int
	late    []string // what is said of each answer that is late: the one due first comes first
}

func (s *storm) count(t *testing.T) {
	type answer struct{ due, words string }
	var late []answer
	s.states = map[string]int{}
	verdicts, struck, silent := 0, 0, 0
	for _, l := range s.lives {
		s.states[l.state()]++
		verdicts += len(l.verdicts())
		for _, u := range l.news {
			if u.withdrawn != "" {
				struck++
			}
		}
		for _, b := range l.bodies {
			s.replies++
			r := l.replyOf(b)
			if r.silent {
				silent++
			}
			if r.late {
				late = append(late, answer{r.due, fmt.Sprintf("%s %s %s", l.id, b, r.lateness())})
			}
		}
	}
	slices.SortStableFunc(late, func(a, b answer) int { return strings.Compare(a.due, b.due) })
	for _, a := range late {
		s.late = append(s.late, a.words)
	}
	if len(late) < 5 || silent < 5 || verdicts < 5 || struck < 5 || len(s.states) != 4 {
		t.Errorf("the test tests little: %d late, %d silent, %d verdicts, %d withdrawn, states %v", len(late), silent, verdicts, struck, s.states)
	}
}

func (s *storm) text(t *testing.T, selector string) string {
	return eval[string](t, s.visit, fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "").replace(/\s+/g, " ")`, selector))
}

// want sees that words are in a text, in their order.
func want(t *testing.T, where, got string, words ...string) {
	t.Helper()
	rest := got
	for _, w := range words {
		_, after, there := strings.Cut(rest, w)
		if !there {
			t.Errorf("%s: %q is missing, or out of order: %q", where, w, got)
			return
		}
		rest = after
	}
}

// seeReply sees what a page says of one body's reply, in the section with the id.
func (s *storm) seeReply(t *testing.T, where, id string, r reply) {
	got := s.text(t, "#"+id)
	for _, words := range r.words() {
		want(t, where, got, words)
	}
	if !r.late && strings.Contains(got, "late") || !r.silent && strings.Contains(got, "no public reply") {
		t.Errorf("%s: it says %q", where, got)
	}
	list := func(selector, property string) string {
		return eval[string](t, s.visit, fmt.Sprintf(`[...document.querySelectorAll("#%s dl %s")].map(e => e.%s).join("%s")`, id, selector, property, map[string]string{"dt": ", ", "a": " "}[selector]))
	}
	if labels := list("dt", "innerText"); labels != r.labels() {
		t.Errorf("%s: it tells %q, want %q", where, labels, r.labels())
	}
	if sources := list("a", "href"); sources != r.sources() {
		t.Errorf("%s: its sources are %q, want %q", where, sources, r.sources())
	}
}

// verdictWords are the words of what others found.
func verdictWords(verdicts []said) (words []string) {
	for _, u := range verdicts {
		words = append(words, statusNames[u.verdict]+", Sea Safety Monitor, "+date(u.day).Format("2 January 2006"), fmt.Sprintf("This is news number %d.", u.n))
	}
	return words
}

func (s *storm) seeItem(t *testing.T, l life) {
	page := "/" + livesReport + "/recommendations/" + l.id + "/"
	s.do(t, chromedp.Navigate(s.address+page))
	var ids []string
	for _, b := range l.bodies {
		ids = append(ids, "request-"+b)
		s.seeReply(t, page+" "+b, "request-"+b, l.replyOf(b))
	}
	if got := eval[[]string](t, s.visit, `[...document.querySelectorAll(".request")].map(e => e.id)`); !slices.Equal(got, ids) {
		t.Errorf("%s: it tells of %q, want %q", page, got, ids)
	}
	others := s.text(t, "section:has(> #verdicts)")
	want(t, page+" what others found", others, verdictWords(l.verdicts())...)
	if n := eval[int](t, s.visit, `document.querySelectorAll("section:has(> #verdicts) li").length`); n != len(l.verdicts()) {
		t.Errorf("%s: others found %d things, want %d", page, n, len(l.verdicts()))
	}
	history := eval[[]string](t, s.visit, `[...document.querySelectorAll(".updates > li")].map(li => (li.querySelector("s") ? "struck " : "") + li.innerText.replace(/\s+/g, " ") + " " + [...li.querySelectorAll("a")].at(-1).href)`)
	if len(history) != len(l.news) {
		t.Fatalf("%s: it has %d pieces of news, want %d", page, len(history), len(l.news))
	}
	for i, u := range l.news {
		got := history[len(history)-1-i]
		want(t, page+" the history", got, date(u.day).Format("2 January 2006"), statusNames[u.answer+u.progress+u.verdict], u.withdrawn, fmt.Sprintf("This is news number %d.", u.n), u.next, fmt.Sprintf("https://example.org/news/%d", u.n))
		if strings.HasPrefix(got, "struck ") != (u.withdrawn != "") {
			t.Errorf("%s: struck out or not: %q", page, got)
		}
	}
}

func (s *storm) seeBody(t *testing.T, b string) {
	page := "/organisations/" + b + "/"
	s.do(t, chromedp.Navigate(s.address+page))
	var ids []string
	for _, l := range s.lives {
		if slices.Contains(l.bodies, b) {
			id := "request-" + livesReport + "-recommendation-" + l.id
			ids = append(ids, id)
			s.seeReply(t, page+" "+l.id, id, l.replyOf(b))
			want(t, page+" "+l.id, s.text(t, "#"+id), verdictWords(l.verdicts())...)
			for _, u := range l.verdicts() {
				if !eval[bool](t, s.visit, fmt.Sprintf(`!!document.querySelector("#%s a[href='https://example.org/news/%d']")`, id, u.n)) {
					t.Errorf("%s: of %s it does not say where news number %d can be read", page, l.id, u.n)
				}
			}
		}
	}
	if got := eval[[]string](t, s.visit, `[...document.querySelectorAll(".request")].map(e => e.id)`); !slices.Equal(got, ids) {
		t.Errorf("%s: it was asked %q, want %q", page, got, ids)
	}
}

// seeProgress sees that the totals are what the test has counted, that all who are
// late are listed, and that the totals and the first of those who are late are there
// before anybody scrolls.
func (s *storm) seeProgress(t *testing.T, page string) {
	for _, screen := range [][2]int64{{1280, 800}, {390, 844}} {
		s.do(t, size(screen[0], screen[1]), chromedp.Navigate(s.address+page))
		totals := s.text(t, "#totals")
		for _, words := range []string{"30 things", fmt.Sprintf("%d answers were", s.replies), fmt.Sprintf("%d answers are late", len(s.late))} {
			want(t, page, totals, words)
		}
		for state, n := range s.states {
			want(t, page, totals, fmt.Sprintf("%d %s", n, state))
			if got := eval[int](t, s.visit, fmt.Sprintf(`[...document.querySelectorAll("main section")].find(e => e.querySelector("h2, h3")?.innerText === %q)?.querySelectorAll(":scope > ul > li").length ?? 0`, state)); got != n {
				t.Errorf("%s: %d things are in the group %q, want %d", page, got, state, n)
			}
		}
		late := eval[[]string](t, s.visit, `[...document.querySelectorAll("#late li")].map(li => [...li.querySelectorAll("a")].map(a => a.href.match(/([^\/#]+)(\/|\/index.html)?$/)[1]).join(" ") + " " + li.innerText.match(/[\d,]+ day/)[0])`)
		if !slices.Equal(late, s.late) {
			t.Errorf("%s: late are %q, want %q", page, late, s.late)
		}
		if page != "/progress/" {
			continue
		}
		// On a phone, those who are late are there by name, with how many answers of each.
		seen := map[string]string{"how many, how far and who is late": "#totals"}
		if screen[0] > 1000 {
			seen["the first answer that is late"] = "#late li"
		}
		for what, selector := range seen {
			if bottom := eval[float64](t, s.visit, fmt.Sprintf(`document.querySelector(%q).getBoundingClientRect().bottom`, selector)); bottom > float64(screen[1]) {
				t.Errorf("at %d pixels, %s ends at %.0f, below the first screen of %d", screen[0], what, bottom, screen[1])
			}
		}
		bodies := map[string]int{}
		for _, words := range s.late {
			bodies[strings.Fields(words)[1]]++
		}
		for body, n := range bodies {
			want(t, page, s.text(t, fmt.Sprintf("#totals li:has(a[href*='/%s/'])", body)), fmt.Sprintf(": %d", n))
		}
		for _, l := range s.lives {
			if v := l.verdicts(); len(v) > 0 {
				want(t, page, s.text(t, fmt.Sprintf("section:not(#late) > .items > li:has(a[href*='/%s/'])", l.id)), verdictWords(v[:1])...)
			}
		}
	}
}

// readTable sees that the table of all progress has a row for each thing and body.
func readTable(t *testing.T, name string, lives []life) {
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cell := func(row []string, column string) string { return row[slices.Index(rows[0], column)] }
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		i := slices.IndexFunc(lives, func(l life) bool { return l.id == cell(row, "id") })
		r := lives[i].replyOf(cell(row, "body_id"))
		want := map[string]string{"overdue": "no", "next": r.next, "due": r.due}
		if r.answer != nil {
			want["answer"] = r.answer.answer
		}
		if r.progress != nil {
			want["progress"] = r.progress.progress
		}
		if r.last != nil {
			want["last_news"], want["source"] = r.last.day, fmt.Sprintf("https://example.org/news/%d", r.last.n)
		}
		if v := lives[i].verdicts(); len(v) > 0 {
			want["verdict"] = v[0].verdict
		}
		if r.late {
			want["overdue"], want["days_late"] = "yes", fmt.Sprint(r.daysLate())
		}
		for _, column := range []string{"answer", "progress", "verdict", "next", "due", "overdue", "days_late", "last_news", "source"} {
			if got := cell(row, column); got != want[column] {
				t.Errorf("the table has %q as %s of %s to %s, want %q", got, column, cell(row, "body_id"), lives[i].id, want[column])
			}
		}
		if key := cell(row, "id") + " " + cell(row, "body_id"); seen[key] || !slices.Contains(lives[i].bodies, cell(row, "body_id")) {
			t.Errorf("the table has a row too many: %s", key)
		} else {
			seen[key] = true
		}
	}
	all := 0
	for _, l := range lives {
		all += len(l.bodies)
	}
	if len(seen) != all {
		t.Errorf("the table has %d rows for %d answers", len(seen), all)
	}
}
