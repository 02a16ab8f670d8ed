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
			u.due = fmt.Sprintf("20%d-03-31", 22+random.IntN(6))
		case 4:
			u.progress = "completed"
		case 5:
			u.by, u.verdict = monitor, pick("not-met", "partly-met", "met")
		case 6:
			u.progress, u.withdrawn = "completed", fmt.Sprintf("The letter number %d was about another thing.", n)
		}
		l.news = append(l.news, u)
	}
	return lives
}

// source writes the lives as a report.
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
		all = append(all, "In progress in "+date(u.day).Format("January 2006")+", and nothing since")
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
		days := int(date(livesAsAt).Sub(date(r.due)).Hours() / 24)
		all = append(all, strings.TrimPrefix(fmt.Sprintf("%d,%03d day", days/1000, days%1000), "0,"))
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
// its progress, its next step, by when, and whether that is late; that it is silent;
// what others found; all news. How many, how far and who is late is on one screen.
func TestSixYears(t *testing.T) {
	browse(t)
	seed := uint64(20191128)
	t.Logf("the seed is %d", seed)
	lives := makeLives(rand.New(rand.NewPCG(seed, 1)))
	w := publish(t, site.Settings{Source: livesSource(t, lives)})
	v := open(t, 1280, "light")
	text := func(selector string) string {
		return eval[string](t, v, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector))
	}
	has := func(page, where, got string, want ...string) {
		for _, words := range want {
			if !strings.Contains(got, words) {
				t.Errorf("%s: %s lacks %q: %q", page, where, words, got)
			}
		}
	}
	states, replies, late := map[string]int{}, 0, 0
	withVerdict, silent := 0, 0
	for _, l := range lives {
		states[l.state()]++
		page := "/" + livesReport + "/recommendations/" + l.id + "/"
		v.do(t, chromedp.Navigate(w.address+page))
		for _, b := range l.bodies {
			r := l.replyOf(b)
			replies++
			if r.late {
				late++
			}
			if r.silent {
				silent++
			}
			words := text("#request-" + b)
			has(page, b, words, r.words()...)
			if !r.late && strings.Contains(words, "late") || !r.silent && strings.Contains(words, "no public reply") {
				t.Errorf("%s: of %s it says %q", page, b, words)
			}
		}
		history := eval[[]string](t, v, `[...document.querySelectorAll(".updates > li")].map(li => (li.querySelector("s") ? "struck " : "") + li.innerText)`)
		if len(history) != len(l.news) {
			t.Fatalf("%s has %d pieces of news, want %d", page, len(history), len(l.news))
		}
		verdicts := text("section:has(> #verdicts)")
		for i, u := range slices.Backward(l.news) {
			got := history[len(l.news)-1-i]
			has(page, "the history", got, fmt.Sprintf("This is news number %d.", u.n), date(u.day).Format("2 January 2006"), statusNames[u.answer+u.progress+u.verdict], u.withdrawn)
			if strings.HasPrefix(got, "struck ") != (u.withdrawn != "") {
				t.Errorf("%s: struck out or not: %q", page, got)
			}
			if u.verdict != "" {
				withVerdict++
				has(page, "the verdicts", verdicts, statusNames[u.verdict], fmt.Sprintf("This is news number %d.", u.n))
			}
		}
	}
	if late < 5 || silent < 5 || withVerdict < 5 || len(states) != 4 {
		t.Errorf("the test tests little: %d late, %d silent, %d verdicts, states %v", late, silent, withVerdict, states)
	}
	for _, b := range askedBodies {
		page := "/organisations/" + b + "/"
		v.do(t, chromedp.Navigate(w.address+page))
		for _, l := range lives {
			words := text("#request-" + livesReport + "-recommendation-" + l.id)
			if slices.Contains(l.bodies, b) {
				has(page, l.id, words, l.replyOf(b).words()...)
			} else if words != "" {
				t.Errorf("%s: it says that it was asked for %s", page, l.id)
			}
		}
	}
	seeProgress(t, v, w, states, replies, late)
	readTable(t, filepath.Join(w.folder, "progress.csv"), lives)
}

// seeProgress sees that the totals are what the test has counted, and that they and
// the first of those who are late are there before anybody scrolls.
func seeProgress(t *testing.T, v *visit, w website, states map[string]int, replies, late int) {
	for _, screen := range [][2]int64{{1280, 800}, {390, 844}} {
		v.do(t, size(screen[0], screen[1]), chromedp.Navigate(w.address+"/progress/"))
		totals := eval[string](t, v, `document.querySelector("#totals").innerText`)
		want := []string{fmt.Sprint(replies), fmt.Sprintf("%d answer", late), "30 things"}
		for state, n := range states {
			want = append(want, fmt.Sprintf("%d %s", n, state))
			if got := eval[int](t, v, fmt.Sprintf(`[...document.querySelectorAll("main section")].find(e => e.querySelector("h2")?.innerText === %q)?.querySelectorAll(":scope > ul > li").length ?? 0`, state)); got != n {
				t.Errorf("%d things are in the group %q, want %d", got, state, n)
			}
		}
		for _, words := range want {
			if !strings.Contains(strings.Join(strings.Fields(totals), " "), words) {
				t.Errorf("the totals lack %q: %q", words, totals)
			}
		}
		if got := eval[int](t, v, `document.querySelectorAll("#late li").length`); got != late {
			t.Errorf("%d are listed as late, want %d", got, late)
		}
		if bottom := eval[float64](t, v, `document.querySelector("#totals").getBoundingClientRect().bottom`); bottom > float64(screen[1]) {
			t.Errorf("at %d pixels, how many, how far and who is late end at %.0f, below the first screen of %d", screen[0], bottom, screen[1])
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
	n := 0
	for _, row := range rows[1:] {
		i := slices.IndexFunc(lives, func(l life) bool { return l.id == cell(row, "id") })
		r := lives[i].replyOf(cell(row, "body_id"))
		if n++; cell(row, "overdue") == "yes" != r.late || cell(row, "next") != r.next || cell(row, "due") != r.due || (cell(row, "last_news") == "") != r.silent ||
			(cell(row, "progress") == "completed") != r.done {
			t.Errorf("the table has %q, for %+v", row, r)
		}
	}
	all := 0
	for _, l := range lives {
		all += len(l.bodies)
	}
	if n != all {
		t.Errorf("the table has %d rows for %d answers", n, all)
	}
}
