package sheet_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/sheet"
	"annualreport/tools/testkit"
)

// load reads the small report with other organisations and recommendations.
func load(t *testing.T, organisations, recommendations string) *report.Library {
	t.Helper()
	return loadFiles(t, smallWith(organisations, recommendations))
}

// smallWith returns the small report's source with other organisations and
// recommendations.
func smallWith(organisations, recommendations string) fstest.MapFS {
	files := testkit.SmallSource()
	files["data/organisations.toml"] = &fstest.MapFile{Data: []byte(organisations)}
	files["data/2014/recommendations.toml"] = &fstest.MapFile{Data: []byte(recommendations)}
	return files
}

func loadFiles(t *testing.T, files fstest.MapFS) *report.Library {
	t.Helper()
	lib, err := report.Load(files, time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// organisation returns the record of an organisation in TOML.
func organisation(id, name, more string) string {
	return fmt.Sprintf("[%s]\nname = %q\nrole = \"r\"\n%s\n", id, name, more)
}

const recommendation = "[r]\nnumber = 1\ntitle = \"=t\"\nwording = \"w\"\naddressed_to = [\"a\", \"b\"]\n"

// The template has a row for each body that has something left to do, and puts an
// apostrophe before what a spreadsheet would take for a formula.
func TestTemplate(t *testing.T) {
	lib := load(t, organisation("a", "A", "")+organisation("b", "B", ""), recommendation+
		"\n[[r.updates]]\ndate = 2015-09-15\nby = [\"a\"]\nprogress = \"completed\"\ntext = \"x\"\nsource = \"https://example.org/\"\n\n[s]\nnumber = 2\ntitle = \"t\"\nwording = \"w\"\naddressed_to = []\n")
	want := "\ufeffreport,kind,item,number,title,body,date,answer,progress,verdict,due,next,text,quote,source,document,archived,id\r\n" +
		"2014,recommendation,r,1,'=t,B,,,,,,,,,,,,\r\n2014,recommendation,s,2,t,,,,,,,,,,,,,\r\n2014,challenge,c,1,t,A,,,,,,,,,,,,\r\n"
	if got := string(sheet.Template(lib)); got != want {
		t.Errorf("the template is\n%s\nwant\n%s", got, want)
	}
	if s, err := sheet.Read("u.csv", sheet.Template(lib)); err != nil || len(s.Rows) != 0 || s.Unfilled != 3 {
		t.Errorf("the template is read as %+v, %v", s, err)
	}
}

// Items that a later report follows up are left to that report, and closed items are
// left out.
func TestTemplateOfTwoReports(t *testing.T) {
	files := smallWith(organisation("a", "A", "")+organisation("b", "B", ""), recommendation+"\n[s]\nnumber = 2\ntitle = \"t\"\nwording = \"w\"\naddressed_to = []\nclosed = \"It is over.\"\n")
	for name, file := range maps.Clone(files) {
		if strings.Contains(name, "/2014/") {
			text := strings.NewReplacer("date = 2014", "date = 2015", "[r]\n", "[r]\nfollows = \"2014/r\"\n", "[c]\n", "[c]\nfollows = \"2014/c\"\n").Replace(string(file.Data))
			text, _, _ = strings.Cut(text, "\n[s]")
			files[strings.Replace(name, "2014", "2015", 1)] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	var got []string
	for row := range strings.Lines(string(sheet.Template(loadFiles(t, files)))) {
		got = append(got, strings.Join(strings.Split(row, ",")[:3], " "))
	}
	if all, want := strings.Join(got[1:], ", "), "2015 recommendation r, 2015 recommendation r, 2015 challenge c"; all != want {
		t.Errorf("the template has rows for %s, want %s", all, want)
	}
}

// A cell means the body with that id, or else with that present name, or else with
// that other name. A body whose name is another's too goes by its id.
func TestBodies(t *testing.T) {
	lib := load(t, organisation("a", "B", "")+organisation("b", "The Board’s “team”", "formerly = [{ name = \"Old Board\", until = 2010-01-01 }]")+
		organisation("c", "Council", "also_known_as = [\"The City\", \"PARTNERS\"]")+organisation("d", "Partners", "")+organisation("e", "council", "")+organisation("f", "Police; Fire", ""), recommendation)
	for cell, want := range map[string]string{
		"a": "a", "B": "b", " the board's  \"TEAM\"": "b", "old board": "b", "The City": "c", "partners": "d", "Council": "c e", "Nobody": "", "a; b": "", "Police; Fire": "",
	} {
		var got []string
		for _, o := range sheet.FindBodies(lib, cell) {
			got = append(got, o.ID)
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("%q means %q, want %q", cell, all, want)
		}
	}
	for id, want := range map[string]string{"a": "a", "b": "The Board’s “team”", "c": "c", "d": "Partners", "e": "e", "f": "f"} {
		for _, o := range lib.Organisations {
			if got := sheet.BodyName(lib, o); o.ID == id && got != want {
				t.Errorf("the body %s is called %q, want %q", id, got, want)
			}
		}
	}
}
