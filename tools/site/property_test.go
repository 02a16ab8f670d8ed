package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// A trace is one thing on the built pages that a record of the data left there.
type trace struct {
	rule   string // that has to find it gone
	page   string
	within string // the id of the element that it stands in, or "" for the whole page
	text   string // what is taken out
}

// tracesOf gives every trace of an item.
func tracesOf(kind, year string, rec report.Record, title, wording string, bodies, findings []string, updates []report.Update) []trace {
	own := map[string]string{"challenge": "/conclusions/index.html", "recommendation": "/recommendations/index.html"}[kind]
	id := kind + "-" + rec.ID
	var all []trace
	for _, page := range []string{year + own, year + "/full.html"} {
		all = append(all,
			trace{"item-missing", page, "", "id=" + id},
			trace{"item-title", page, id, title},
			trace{"item-wording", page, id, wording})
		for _, name := range bodies {
			all = append(all, trace{"item-addressee", page, id, name})
		}
		for _, number := range findings {
			all = append(all, trace{"item-finding", page, id, "#" + number + ">"})
		}
		for _, u := range updates {
			all = append(all,
				trace{"item-update", page, id, u.Date.Format("2 January 2006")},
				trace{"item-update", page, id, u.Text},
				trace{"item-update", page, id, u.Source})
		}
	}
	for _, page := range []string{year + "/index.html", "index.html"} {
		all = append(all, trace{"summary-link", page, "", own + "#" + id}, trace{"summary-link", page, "", title})
	}
	return all
}

// Whatever one trace of whatever record is taken out of the built pages, the
// check finds it, and names the record's own line.
func TestEveryTraceIsMissed(t *testing.T) {
	public := filepath.Join(t.TempDir(), "public")
	if _, err := Build(context.Background(), Settings{Source: "../..", Destination: public}); err != nil {
		t.Fatal(err)
	}
	site := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(public), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(public, name))
		site[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lib, err := Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, o := range lib.Organisations {
		names[o.ID] = o.Name
	}
	bodies := func(ids []string) (all []string) {
		for _, id := range ids {
			all = append(all, names[id])
		}
		return all
	}
	count := 0
	for _, rep := range lib.Reports[:1] {
		for _, c := range rep.Challenges {
			for _, tr := range tracesOf("challenge", rep.Year, c.Record, c.Title, c.Wording, bodies(c.AddressedTo), c.Findings, c.Updates) {
				missed(t, site, lib, c.Record, tr)
				count++
			}
		}
		for _, r := range rep.Recommendations {
			for _, tr := range tracesOf("recommendation", rep.Year, r.Record, r.Title, r.Wording, bodies(r.AddressedTo), r.Findings, r.Updates) {
				missed(t, site, lib, r.Record, tr)
				count++
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d traces were tried", count)
	}
}

// missed takes a trace out of the site and sees that the check finds it gone.
func missed(t *testing.T, site fstest.MapFS, lib *report.Library, rec report.Record, tr trace) {
	t.Helper()
	html := string(site[tr.page].Data)
	from, to := 0, len(html)
	if tr.within != "" {
		from = strings.Index(html, "<article id="+tr.within+" ")
		if from < 0 {
			t.Fatalf("%s has no %s", tr.page, tr.within)
		}
		to = from + strings.Index(html[from:], "</article>")
	}
	// The page shows quote marks in their typographic form.
	pattern := regexp.MustCompile(strings.NewReplacer("&", "&(?:amp;)?", "'", "['‘’]", `"`, "[\"“”]").Replace(regexp.QuoteMeta(tr.text)))
	part := pattern.ReplaceAllString(html[from:to], spoilt(tr.text))
	if part == html[from:to] {
		t.Fatalf("%s of %s has no %q", tr.within, tr.page, tr.text)
	}
	spoiltSite := fstest.MapFS{}
	for name, file := range site {
		spoiltSite[name] = file
	}
	spoiltSite[tr.page] = &fstest.MapFile{Data: []byte(html[:from] + part + html[to:])}
	_, err := check.Site(spoiltSite, lib)
	var problems report.Problems
	if !errors.As(err, &problems) {
		t.Errorf("%q was taken from %s, and the check did not see it: %v", tr.text, tr.page, err)
		return
	}
	for _, p := range problems {
		if p.Rule == tr.rule && p.Place == rec.Place && strings.Contains(p.What, "“"+rec.ID+"”") && strings.Contains(fmt.Sprint(p.Pages), "/"+strings.TrimSuffix(tr.page, "index.html")) {
			return
		}
	}
	t.Errorf("%q was taken from %s, and no [%s] names %s at %v:\n%v", tr.text, tr.page, tr.rule, rec.ID, rec.Place, problems)
}

// spoilt is what stands in place of a trace: nothing, or the trace with one
// letter changed.
func spoilt(text string) string {
	if rand.IntN(2) == 0 || len(text) < 3 {
		return ""
	}
	letters := []rune(text)
	letters[rand.IntN(len(letters)-2)+1] = 'ж'
	return string(letters)
}
