package report_test

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// The tests' own report has the themes, items and paragraphs of its paper.
func TestReport(t *testing.T) {
	t.Parallel()
	lib := load(t, first(t))
	rep := lib.Reports[0]
	if rep.Name != "2014" || len(rep.Themes) != 4 || len(rep.Challenges) != 11 || len(rep.Recommendations) != 2 {
		t.Errorf("report of %s: %d themes, %d challenges, %d recommendations; the paper of 2014 has 4, 11 and 2",
			rep.Name, len(rep.Themes), len(rep.Challenges), len(rep.Recommendations))
	}
	want := strings.Fields("summary-1 summary-2 summary-3 1.1 2.1 2.2 2.3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.1")
	var got []string
	for _, p := range rep.Paragraphs {
		got = append(got, p.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("paragraphs %v\nwant %v", got, want)
	}
	for i, c := range rep.Challenges {
		if c.Number != report.Number(strconv.Itoa(i+1)) {
			t.Errorf("challenge %d in the list has the number %s", i+1, c.Number)
		}
	}
}

// What was adopted is a matter of record: every wording is in the paper.
func TestWordingsMatchPaper(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/paper.txt")
	if err != nil {
		t.Fatal(err)
	}
	paper := strings.Join(strings.Fields(string(data)), " ")
	rep := load(t, first(t)).Reports[0]
	wordings := map[string]string{}
	for _, v := range rep.Themes {
		if text := v.Stem + v.Wording; text != "" { // a theme may have neither
			wordings["theme "+v.ID] = string(text)
		}
	}
	for _, v := range rep.Challenges {
		wordings["challenge "+v.ID] = string(v.Wording)
	}
	for _, v := range rep.Recommendations {
		wordings["recommendation "+v.ID] = string(v.Wording)
	}
	for name, wording := range wordings {
		if wording == "" || !strings.Contains(paper, wording) {
			t.Errorf("the wording of %s is not in the paper: %q", name, wording)
		}
	}
}

func TestProblemIsOneLine(t *testing.T) {
	t.Parallel()
	file, line := report.Place{File: "a.toml"}, report.Place{File: "a.toml", Line: 3}
	for _, test := range []struct {
		place report.Place
		pages []string
		do    string
		want  string
	}{
		{line, nil, "do", "a.toml:3: [rule] what; do"},
		{file, nil, "", "a.toml: [rule] what"},
		{report.Place{}, nil, "do", "[rule] what; do"},
		{line, []string{"/a/"}, "do", "a.toml:3: /a/: [rule] what; do"},
		{line, []string{"/a/", "/b/"}, "do", "a.toml:3: /a/ and /b/: [rule] what; do"},
		{line, []string{"/a/", "/b/", "/c/", "/d/"}, "do", "a.toml:3: /a/, /b/ and 2 more: [rule] what; do"},
	} {
		p := report.Problem{Place: test.place, Pages: test.pages, Rule: "rule", What: "what", Do: test.do}
		if got := p.String(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	if err := (report.Problems{}).Err(); err != nil {
		t.Errorf("without problems, the error is %v", err)
	}
}

// small returns a file of the small report's source.
func small(name string) string { return string(testkit.SmallSource()[name].Data) }

// smallWith returns the small report's source with another text for one file.
func smallWith(name, text string) fstest.MapFS {
	files := testkit.SmallSource()
	files[name] = &fstest.MapFile{Data: []byte(text)}
	return files
}

func TestSmallReport(t *testing.T) {
	t.Parallel()
	rep := load(t, testkit.SmallSource()).Reports[0]
	update := rep.Recommendations[0].Updates[0]
	if update.Date.Format("2 January 2006") != "15 September 2015" || update.Place != (report.Place{File: recommendations, Line: 9}) {
		t.Errorf("the update is dated %v and at %v", update.Date, update.Place)
	}
	if values := rep.Measures[0].Values; len(values) != 2 || values[0].Value != 1.5 || values[1] != (report.Value{Place: report.Place{File: measures, Line: 7}, Period: "2", Value: 2}) {
		t.Errorf("the values are %+v", values)
	}
	if place := rep.Paragraphs[1].Place; place != (report.Place{File: "content/2014/findings.md", Line: 12}) {
		t.Errorf("paragraph 1.2 is at %v", place)
	}
}

// Files with the line endings of Windows are read like others, and their lines are
// counted in the same way.
func TestWindowsLineEnds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"content/2014/findings.md", recommendations} {
		data := strings.ReplaceAll(small(name), "\n", "\r\n")
		if _, err := report.Load(smallWith(name, data), today); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		data = strings.NewReplacer("{#1.2}", "{#1.1}", "[\"1.2\"]", "[\"1.3\"]").Replace(data)
		_, err := report.Load(smallWith(name, data), today)
		var problems report.Problems
		if !errors.As(err, &problems) || problems[0].Line != map[string]int{"content/2014/findings.md": 12, recommendations: 7}[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A page can begin with a byte order mark, which Windows programs write. Its lines are
// counted in the same way.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	const name = "content/2014/findings.md"
	if _, err := report.Load(smallWith(name, "\ufeff"+small(name)), today); err != nil {
		t.Error(err)
	}
	_, err := report.Load(smallWith(name, "\ufeff"+strings.Replace(small(name), "{#1.2}", "{#1.1}", 1)), today)
	var problems report.Problems
	if !errors.As(err, &problems) || problems[0].Line != 12 {
		t.Error(err)
	}
}

// An update cannot be dated in the future. It is still today while it is today anywhere
// on earth.
func TestUpdateDate(t *testing.T) {
	t.Parallel()
	const name = recommendations
	later := strings.Replace(small(name)[strings.Index(small(name), "\n[[r.updates]]"):], "2015-09-15", "2015-09-16", 1)
	for _, test := range []struct {
		now, data string
		want      []string
	}{
		{"2015-09-15T00:00:00Z", small(name), nil},
		{"2015-09-14T10:00:00Z", small(name), nil}, // it is the 15th in Kiritimati
		{"2015-09-15T10:00:00+14:00", small(name), nil},
		{"2051-01-01T00:00:00Z", small(name) + later, nil},
		{"2015-09-14T09:59:59Z", small(name), []string{"10: [update-date] this update is dated 2015-09-15, which is in the future; correct the date, or this computer's clock"}},
		// The next update, after one with a wrong year, is not a second mistake.
		{"2016-01-01T00:00:00Z", strings.Replace(small(name), "2015-09-15", "2051-09-15", 1) + later,
			[]string{"10: [update-date] this update is dated 2051-09-15, which is in the future; correct the date, or this computer's clock"}},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = report.Load(smallWith(name, test.data), now)
		var got []string
		if problems, ok := err.(report.Problems); ok {
			for _, p := range problems {
				if p.File == name {
					got = append(got, strings.TrimPrefix(p.String(), name+":"))
				}
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("at %s: %q, want %q", test.now, got, test.want)
		}
	}
}

// A report is past 18 months after its date, or once its publisher has ended. That
// depends on the date of the site, not on the clock.
func TestPast(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		asAt, until string
		want        bool
	}{
		{"2015-10-01", "", false},
		{"2015-10-01", "2015-10-01", false},
		{"2015-10-02", "2015-10-01", true},
		{"2016-04-22", "2018-04-09", false},
		{"2016-04-23", "2018-04-09", true},
	} {
		files := testkit.SmallSource()
		replace("config.toml", "as_at = 2026-11-23", "as_at = "+test.asAt)(t, files)
		if test.until != "" {
			replace("data/organisations.toml", "[a]\n", "[a]\nuntil = "+test.until+"\n")(t, files)
		}
		if got := load(t, files).Latest.Past(); got != test.want {
			t.Errorf("as at %s, with a publisher until %q: past is %t, want %t", test.asAt, test.until, got, test.want)
		}
	}
}

// A successor is named from the day after the body's last, by the date of the site.
func TestHeir(t *testing.T) {
	t.Parallel()
	for until, want := range map[string]bool{"2026-11-22": true, "2026-11-23": true, "2026-11-24": false} {
		files := testkit.SmallSource()
		replace("data/organisations.toml", "[a]\n", "[a]\nuntil = "+until+"\nsuccessor = \"b\"\n")(t, files)
		files["data/organisations.toml"].Data = append(files["data/organisations.toml"].Data, "\n[b]\nname = \"B\"\nrole = \"r\"\n"...)
		if got := load(t, files).Latest.Publisher.Heir != nil; got != want {
			t.Errorf("until %s: there is a successor: %t, want %t", until, got, want)
		}
	}
}

// fuzz loads bytes as the content of one file: that must not panic, and each problem
// must be of use to an editor.
func fuzz(f *testing.F, name string) {
	seed := small(name)
	f.Add([]byte(seed))
	f.Add([]byte("\ufeff" + seed))
	for _, part := range []string{"", "\n", "\xff", "[a]", "[[a]]", "a = 1", "+++\n+++\n", "+++\ntitle=\"\"\n+++\n# x {#9999999999999999999999}",
		"\nWords.\n{#1.3}\n", "\n{id=1}", "\n## x {id=1}", "\n| a |\n|-|\n{caption=\"b\"}", "\n> a\n> — b", "\n> {#1}\n# x", "\n[^1]\n\n[^1]: a\n{#1}"} {
		f.Add([]byte(part))
		f.Add([]byte(seed + part))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := report.Load(smallWith(name, string(data)), today)
		if err == nil {
			return
		}
		var problems report.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("the error has the type %T", err)
		}
		for _, p := range problems {
			if p.File == "" || p.Rule == "" || p.What == "" || p.File == name && p.Line > 1+strings.Count(string(data), "\n") {
				t.Errorf("an editor cannot use %+v", p)
			}
			if strings.ContainsAny(p.String(), "\n\r") {
				t.Errorf("more than one line: %q", p.String())
			}
		}
	})
}

func FuzzData(f *testing.F) { fuzz(f, recommendations) }

func FuzzPage(f *testing.F) { fuzz(f, "content/2014/findings.md") }
