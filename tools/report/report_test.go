package report

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
)

// The real report, which these tests read from the project's own folder.
var real = os.DirFS("../..")

func load(t *testing.T) *Library {
	t.Helper()
	lib, err := Load(real, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestRealReport(t *testing.T) {
	lib := load(t)
	rep := lib.Reports[len(lib.Reports)-1]
	if rep.Year != "2014" || len(rep.Themes) != 4 || len(rep.Challenges) != 11 || len(rep.Recommendations) != 2 {
		t.Errorf("report of %s: %d themes, %d challenges, %d recommendations; the paper of 2014 has 4, 11 and 2",
			rep.Year, len(rep.Themes), len(rep.Challenges), len(rep.Recommendations))
	}
	want := strings.Fields("summary-1 summary-2 summary-3 1.1 2.1 2.2 2.3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.1")
	if got := paragraphIDs(rep.Paragraphs); !slices.Equal(got, want) {
		t.Errorf("paragraphs %v\nwant %v", got, want)
	}
	for i, c := range rep.Challenges {
		if c.Number != i+1 {
			t.Errorf("challenge %d of the list has the number %d", i+1, c.Number)
		}
	}
}

// What was adopted is a matter of record: every wording stands in the paper.
func TestWordingIsThePapers(t *testing.T) {
	data, err := os.ReadFile("../../static/2014/paper.txt")
	if err != nil {
		t.Fatal(err)
	}
	paper := strings.Join(strings.Fields(string(data)), " ")
	lib := load(t)
	rep := lib.Reports[len(lib.Reports)-1]
	wordings := map[string]string{}
	for _, v := range rep.Themes {
		wordings["theme "+v.ID] = v.Wording
	}
	for _, v := range rep.Challenges {
		wordings["challenge "+v.ID] = v.Wording
	}
	for _, v := range rep.Recommendations {
		wordings["recommendation "+v.ID] = v.Wording
	}
	for name, wording := range wordings {
		if !strings.Contains(paper, wording) {
			t.Errorf("the wording of %s is not the paper's: %q", name, wording)
		}
	}
}

var (
	linkAddress = regexp.MustCompile(`\]\([^)]*\)`)
	blockEnd    = regexp.MustCompile(`\n\s*\n|\n- |\n#+ `)
	sentenceEnd = regexp.MustCompile(`[.?!]["’”)]?(\s+|$)`)
)

// The narrative is plain English: 25 words a sentence at most.
func TestNarrativeIsPlain(t *testing.T) {
	sentences := 0
	check := func(where, text string) {
		for _, block := range blockEnd.Split(linkAddress.ReplaceAllString(text, ""), -1) {
			for _, sentence := range sentenceEnd.Split(block, -1) {
				sentences++
				if words := strings.Fields(sentence); len(words) > 25 {
					t.Errorf("%s: %d words: %s", where, len(words), strings.Join(words, " "))
				}
			}
		}
	}
	lib := load(t)
	for _, o := range lib.Organisations {
		check(o.ID, o.Role)
	}
	for _, term := range lib.Glossary {
		check(term.ID, term.Meaning)
	}
	err := fs.WalkDir(real, "content", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		data, err := fs.ReadFile(real, name)
		_, body, _, _ := splitFrontMatter(string(data))
		check(name, body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if sentences < 100 {
		t.Errorf("only %d sentences were found", sentences)
	}
}

// The short version for young people is short, and can be read at about the age
// of ten: by the automated readability index, from letters, words and sentences
// (Senter and Smith, 1967), that is a grade of 5.
func TestYoungPeople(t *testing.T) {
	data, err := fs.ReadFile(real, "content/2014/young-people.md")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _, _ := splitFrontMatter(string(data))
	words, letters, sentences := 0, 0, 0
	for _, block := range blockEnd.Split(linkAddress.ReplaceAllString(body, ""), -1) {
		for _, sentence := range sentenceEnd.Split(block, -1) {
			all := strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && !unicode.IsDigit(r) })
			if len(all) > 20 {
				t.Errorf("%d words: %s", len(all), sentence)
			}
			words += len(all)
			letters += len([]rune(strings.Join(all, "")))
			if len(all) > 0 {
				sentences++
			}
		}
	}
	grade := 4.71*float64(letters)/float64(words) + 0.5*float64(words)/float64(sentences) - 21.43
	if words < 200 || words > 300 || grade > 5 {
		t.Errorf("%d words, for grade %.1f", words, grade)
	}
}

func TestKeyLines(t *testing.T) {
	const text = `# a comment
[a]
x = 1
long = '''
[b]
x = 2
'''
list = [
  "one",
  "two",
]
[[a.updates]]
date = 2015-01-01
[[a.updates]]
"date" = 2015-02-01
values = [{ period = "1" }, {
  period = "2" }]
[b.sub]
dotted.key = 1
`
	lines, err := keyLines(text)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{
		"a": 2, "a.x": 3, "a.long": 4, "a.list": 8, "a.list[0]": 9, "a.list[1]": 10,
		"a.updates[0]": 12, "a.updates[0].date": 13, "a.updates[1]": 14, "a.updates[1].date": 15,
		"a.updates[1].values[0].period": 16, "a.updates[1].values[1].period": 17,
		"b": 18, "b.sub": 18, "b.sub.dotted.key": 19,
	} {
		if got := lines[key]; got != want {
			t.Errorf("%s is on line %d, want %d", key, got, want)
		}
	}
	if _, ok := lines["b.x"]; ok {
		t.Error("a key was found inside a text")
	}
}

func TestProblemIsOneLine(t *testing.T) {
	for _, p := range []struct {
		problem Problem
		want    string
	}{
		{Problem{Place{"a.toml", 3}, nil, "rule", "what", "do"}, "a.toml:3: [rule] what; do"},
		{Problem{Place{"a.toml", 0}, nil, "rule", "what", ""}, "a.toml: [rule] what"},
		{Problem{Place{}, nil, "rule", "what", "do"}, "[rule] what; do"},
		{Problem{Place{"a.toml", 3}, []string{"/a/"}, "rule", "what", "do"}, "a.toml:3: /a/: [rule] what; do"},
		{Problem{Place{"a.toml", 3}, []string{"/a/", "/b/"}, "rule", "what", "do"}, "a.toml:3: /a/ and /b/: [rule] what; do"},
		{Problem{Place{"a.toml", 3}, []string{"/a/", "/b/", "/c/", "/d/"}, "rule", "what", "do"}, "a.toml:3: /a/, /b/ and 2 more: [rule] what; do"},
	} {
		if got := p.problem.String(); got != p.want {
			t.Errorf("%q, want %q", got, p.want)
		}
	}
	if err := (Problems{}).Err(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
}

// small is a report with one of everything.
var small = map[string]string{
	"content/_index.md":               "+++\ntitle = \"t\"\ndescription = \"d\"\n+++\n",
	"content/glossary.md":             "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"glossary\"\n+++\n",
	"content/2014/_index.md":          "+++\ntitle = \"t\"\ndescription = \"d\"\ndate = 2014-10-22\n[params.paper]\nsubject = \"s\"\nfrom = \"a\"\nto = \"a\"\nauthor = \"x\"\ntelephone = \"1\"\n+++\n",
	"content/2014/findings.md":        "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nnumber = 1\n+++\n\n## One {#1.1}\n\nText.\n\n### Two {#1.2}\n\nText.\n",
	"content/2014/conclusions.md":     "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"challenges\"\n+++\n",
	"content/2014/recommendations.md": "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"recommendations\"\n+++\n",
	"content/2014/organisations.md":   "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"organisations\"\n+++\n",
	"data/organisations.toml":         "[a]\nname = \"A\"\nrole = \"r\"\n",
	"data/glossary.toml":              "[t]\nterm = \"t\"\nmeaning = \"m\"\n",
	"data/contacts.toml":              "[c]\nnumber = 1\ntitle = \"t\"\ntelephone = \"0800 1111\"\nchecked = 2026-11-23\n",
	"data/2014/themes.toml":           "[th]\nnumber = 1\ntitle = \"t\"\nwording = \"w\"\n",
	"data/2014/challenges.toml":       "[c]\nnumber = 1\ntheme = \"th\"\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\"a\"]\n",
	"data/2014/recommendations.toml":  "[r]\nnumber = 1\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\"a\"]\nchallenges = [\"c\"]\nfindings = [\"1.2\"]\n\n[[r.updates]]\ndate = 2015-09-15\nby = [\"a\"]\nstatus = \"completed\"\ntext = \"x\"\nsource = \"https://example.org/\"\n",
	"data/2014/measures.toml":         "[m]\nnumber = 1\ntitle = \"t\"\ndirection = \"rising\"\nmeaning = \"good\"\nfinding = \"1.1\"\nvalues = [{ period = \"1\", value = 1.5 }, { period = \"2\", value = 2 }]\n",

	"layouts/_partials/lists/challenges.html":      "",
	"layouts/_partials/lists/glossary.html":        "",
	"layouts/_partials/lists/organisations.html":   "",
	"layouts/_partials/lists/recommendations.html": "",
}

// replaced gives the small report's source with one file's content replaced.
func replaced(name string, data []byte) fs.FS {
	source := fstest.MapFS{}
	for file, text := range small {
		source[file] = &fstest.MapFile{Data: []byte(text)}
	}
	source[name] = &fstest.MapFile{Data: data}
	return source
}

func TestSmallReport(t *testing.T) {
	lib, err := Load(replaced("README.md", nil), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	rep := lib.Reports[0]
	update := rep.Recommendations[0].Updates[0]
	if update.Date.Format("2 January 2006") != "15 September 2015" || update.Place != (Place{"data/2014/recommendations.toml", 9}) {
		t.Errorf("the update is of %v and at %v", update.Date, update.Place)
	}
	if values := rep.Measures[0].Values; len(values) != 2 || values[0].Value != 1.5 || values[1] != (Value{Place{"data/2014/measures.toml", 7}, "2", 2}) {
		t.Errorf("the values are %+v", values)
	}
	if place := rep.Paragraphs[1].Place; place != (Place{"content/2014/findings.md", 12}) {
		t.Errorf("paragraph 1.2 is at %v", place)
	}
}

// Files saved on Windows, with its line ends, are read like others, and their lines counted alike.
func TestWindowsLineEnds(t *testing.T) {
	for _, name := range []string{"content/2014/findings.md", "data/2014/recommendations.toml"} {
		data := strings.ReplaceAll(small[name], "\n", "\r\n")
		if _, err := Load(replaced(name, []byte(data)), time.Now()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		data = strings.NewReplacer("{#1.2}", "{#1.3}", "[\"1.2\"]", "[\"1.3\"]").Replace(data)
		_, err := Load(replaced(name, []byte(data)), time.Now())
		var problems Problems
		if !errors.As(err, &problems) || problems[0].Line != map[string]int{"content/2014/findings.md": 12, "data/2014/recommendations.toml": 7}[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A byte order mark, which Windows programs write, does not stand in the way of
// a page, and its lines are counted alike.
func TestByteOrderMark(t *testing.T) {
	const name = "content/2014/findings.md"
	if _, err := Load(replaced(name, []byte("\ufeff"+small[name])), time.Now()); err != nil {
		t.Error(err)
	}
	_, err := Load(replaced(name, []byte("\ufeff"+strings.Replace(small[name], "{#1.2}", "{#1.3}", 1))), time.Now())
	var problems Problems
	if !errors.As(err, &problems) || problems[0].Line != 12 {
		t.Error(err)
	}
}

// What is yet to come can't be told of. It is today as long as it is anywhere on earth.
func TestUpdateDate(t *testing.T) {
	const name = "data/2014/recommendations.toml"
	later := strings.Replace(small[name][strings.Index(small[name], "\n[[r.updates]]"):], "2015-09-15", "2015-09-16", 1)
	for _, test := range []struct {
		now, data string
		want      []string
	}{
		{"2015-09-15T00:00:00Z", small[name], nil},
		{"2015-09-14T10:00:00Z", small[name], nil}, // in Kiritimati it is the 15th
		{"2015-09-15T10:00:00+14:00", small[name], nil},
		{"2051-01-01T00:00:00Z", small[name] + later, nil},
		{"2015-09-14T09:59:59Z", small[name], []string{"10: [update-date] this update is of 2015-09-15, which is yet to come; correct the date, or this computer's clock"}},
		// That the next update stands after one with a wrong year is no second mistake.
		{"2016-01-01T00:00:00Z", strings.Replace(small[name], "2015-09-15", "2051-09-15", 1) + later,
			[]string{"10: [update-date] this update is of 2051-09-15, which is yet to come; correct the date, or this computer's clock"}},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Load(replaced(name, []byte(test.data)), now)
		var got []string
		if problems, ok := err.(Problems); ok {
			for _, p := range problems {
				got = append(got, strings.TrimPrefix(p.String(), name+":"))
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("at %s: %q, want %q", test.now, got, test.want)
		}
	}
}

// fuzz feeds bytes to Load as the content of one file: it must not panic, and
// what it says must be what an editor can use.
func fuzz(f *testing.F, name string) {
	seed := small[name]
	f.Add([]byte(seed))
	f.Add([]byte("\ufeff" + seed))
	for _, part := range []string{"", "\n", "\xff", "[a]", "[[a]]", "a = 1", "+++\n+++\n", "+++\ntitle=\"\"\n+++\n# x {#9999999999999999999999}"} {
		f.Add([]byte(part))
		f.Add([]byte(seed + part))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := Load(replaced(name, data), time.Now())
		if err == nil {
			return
		}
		var problems Problems
		if !errors.As(err, &problems) {
			t.Fatalf("an error of the type %T", err)
		}
		for _, p := range problems {
			if p.File == "" || p.Rule == "" || p.What == "" || p.File == name && p.Line > 1+strings.Count(string(data), "\n") {
				t.Errorf("no use to an editor: %+v", p)
			}
			if strings.ContainsAny(p.String(), "\n\r") {
				t.Errorf("more than one line: %q", p.String())
			}
		}
	})
}

func FuzzData(f *testing.F) { fuzz(f, "data/2014/recommendations.toml") }

func FuzzPage(f *testing.F) { fuzz(f, "content/2014/findings.md") }
