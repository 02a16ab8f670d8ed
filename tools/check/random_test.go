package check_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// seedOf returns the seed of a random test, and says how to run the test with it
// again if it fails.
func seedOf(t *testing.T) uint64 {
	seed, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano())
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to run it again: SEED=%d go test ./tools/check -run %s", seed, t.Name())
		}
	})
	return seed
}

// A trace is one thing on the built pages that a record of the data left there.
type trace struct {
	rule   string // that has to find it gone
	page   string
	within string // the id of the element that it is in, or "" for the whole page
	text   string // what is taken out
	id     string // of the record
	place  report.Place
}

// tracesOf returns every trace of the items of a sample's latest report.
func tracesOf(s *sample) (all []trace) {
	rep := s.lib.Reports[0]
	for _, it := range rep.AllItems() {
		list, element := map[string]string{report.Challenge: conclusions, report.Recommendation: recommendations}[it.Kind], it.Target().ID
		trace := func(rule, page, within, text string) {
			all = append(all, trace{rule, page, within, text, it.ID, it.Place})
		}
		for _, page := range []string{list, whole} {
			trace("item", page, "", "id="+element)
			trace("item", page, element, string(it.Title))
			trace("item", page, element, string(it.Wording))
			for _, number := range it.Findings {
				trace("item", page, element, "#"+number+">")
			}
			for _, u := range it.Updates {
				if page != whole {
					break
				}
				trace("item", page, element, u.Date.String())
				trace("item", page, element, string(u.Text))
				trace("item", page, element, u.Source)
			}
		}
		for _, page := range []string{summary, front} {
			trace("item-link", page, "", fmt.Sprintf("%ss/%s/index.html", it.Kind, it.ID))
			trace("item-link", page, "", string(it.Title))
		}
	}
	return all
}

// Whatever one trace of whatever record is taken out of the pages, or spoilt by a
// letter, the check finds it, and names the record's own line.
func TestEveryTraceIsMissed(t *testing.T) {
	seed := seedOf(t)
	s := oneReport()
	traces := tracesOf(s)
	if len(traces) < 100 {
		t.Errorf("there are only %d traces", len(traces))
	}
	t.Run("traces", func(t *testing.T) {
		for i, tr := range traces {
			t.Run(fmt.Sprintf("%s/%s/%d", tr.rule, tr.id, i), func(t *testing.T) {
				t.Parallel()
				tr.miss(t, s, rand.New(rand.NewPCG(seed, uint64(i))))
			})
		}
	})
}

// miss takes a trace out of the sample and checks that the check finds it gone.
func (tr trace) miss(t *testing.T, s *sample, random *rand.Rand) {
	html := string(s.files[tr.page].Data)
	start, end := 0, len(html)
	if tr.within != "" {
		if start = strings.Index(html, "<article id="+tr.within+" "); start < 0 {
			t.Fatalf("%s has no %s", tr.page, tr.within)
		}
		end = start + strings.Index(html[start:], "</article>")
	}
	// The page shows quote marks in their typographic form.
	pattern := regexp.MustCompile(strings.NewReplacer("&", "&(?:amp;)?", "'", "['‘’]", `"`, "[\"“”]").Replace(regexp.QuoteMeta(tr.text)))
	part := pattern.ReplaceAllString(html[start:end], spoil(tr.text, random))
	if part == html[start:end] {
		t.Fatalf("%s of %s has no %q", tr.within, tr.page, tr.text)
	}
	files := fstest.MapFS{}
	for name, file := range s.files {
		files[name] = file
	}
	files[tr.page] = &fstest.MapFile{Data: []byte(html[:start] + part + html[end:])}
	_, err := check.Site(files, s.lib, os.DirFS(s.source))
	var problems report.Problems
	if !errors.As(err, &problems) || !slices.ContainsFunc(problems, func(p report.Problem) bool {
		return p.Rule == tr.rule && p.Place == tr.place && strings.Contains(p.What, "“"+tr.id+"”") && slices.Contains(p.Pages, check.Address(tr.page))
	}) {
		t.Errorf("%q was taken from %s, and no [%s] names %s at %v:\n%v", tr.text, tr.page, tr.rule, tr.id, tr.place, err)
	}
}

// spoil returns what takes the place of a text: nothing, or the text with one
// letter changed.
func spoil(text string, random *rand.Rand) string {
	letters := []rune(text)
	if random.IntN(2) == 0 || len(letters) < 3 {
		return ""
	}
	letters[random.IntN(len(letters)-2)+1] = 'ж'
	return string(letters)
}
