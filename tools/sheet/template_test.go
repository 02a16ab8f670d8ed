package sheet_test

import (
	"fmt"
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
	files := testkit.SmallSource()
	files["data/organisations.toml"] = &fstest.MapFile{Data: []byte(organisations)}
	files["data/2014/recommendations.toml"] = &fstest.MapFile{Data: []byte(recommendations)}
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

// A cell means the body with that id, or else with that present name, or else with
// that other name. A body whose name is another's too goes by its id.
func TestBodies(t *testing.T) {
	lib := load(t, organisation("a", "B", "")+organisation("b", "The Board’s “team”", "formerly = [{ name = \"Old Board\", until = 2010-01-01 }]")+
		organisation("c", "Council", "also_known_as = [\"The City\", \"Partners\"]")+organisation("d", "Partners", "")+organisation("e", "council", ""), recommendation)
	for cell, want := range map[string]string{
		"a": "a", "B": "b", " the board's  \"TEAM\"": "b", "old board": "b", "The City": "c", "partners": "d", "Council": "c e", "Nobody": "", "a; b": "",
	} {
		var got []string
		for _, o := range sheet.FindBodies(lib, cell) {
			got = append(got, o.ID)
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("%q means %q, want %q", cell, all, want)
		}
	}
	for id, want := range map[string]string{"a": "a", "b": "The Board’s “team”", "c": "c", "d": "Partners", "e": "e"} {
		for _, o := range lib.Organisations {
			if got := sheet.BodyName(lib, o); o.ID == id && got != want {
				t.Errorf("the body %s is called %q, want %q", id, got, want)
			}
		}
	}
}
