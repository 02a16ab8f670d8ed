package schemas

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

var update = flag.Bool("update", false, "write the files that are made from the fields")

const root = "../.."

// The folder of the tests' own report, in the project's.
const fixture = "tools/testkit/report"

// What is made from the fields says what they say: the schemas, the tables
// in tools/docs, and the heads of the data files that the tests have. Those of the
// live report are written with them, and not tested: what editors do to a
// comment is their business.
func TestUpToDate(t *testing.T) {
	files, err := Files(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	source := testkit.MemorySource()
	for _, name := range []string{fieldsFile, rulesFile} {
		page, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		source[name] = &fstest.MapFile{Data: page}
	}
	own, err := Files(source)
	if err != nil {
		t.Fatal(err)
	}
	live := map[string]bool{}
	for name := range files {
		live[name] = strings.HasPrefix(name, "data/")
	}
	for name, text := range own {
		if strings.HasPrefix(name, "data/") {
			files[path.Join(fixture, name)] = text
		}
	}
	for name, text := range files {
		file := filepath.Join(root, name)
		if old, err := os.ReadFile(file); err == nil && string(old) == text {
			continue
		}
		switch {
		case *update:
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Error(err)
			}
		case !live[name]:
			t.Errorf("%s is not what the fields in tools/report/report.go and the rules in check.Rules say; run go generate ./tools/schemas", name)
		}
	}
	written, err := filepath.Glob("*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range written {
		if _, ok := files["tools/schemas/"+name]; !ok {
			t.Errorf("%s is the schema of no data file; delete it", name)
		}
	}
}

// What an editor writes into the comment that a file begins with is kept.
func TestHeaderKeepsNotes(t *testing.T) {
	t.Parallel()
	head := []string{"#:schema b.json", "# title  new", "# list   new, with", "#        more (optional)"}
	for _, test := range []struct{ text, want string }{
		{"", strings.Join(head, "\n") + "\n"},
		{"[a]\n", strings.Join(head, "\n") + "\n[a]\n"},
		{"#:schema a.json\n# A note.\n# title  old\n#        older\n\n# Another.\n[a]\n", strings.Join(head, "\n") + "\n# A note.\n\n# Another.\n[a]\n"},
		{"#:schema b.json\n# A note.\n# title  new\n# list   new, with\n#        more (optional)\n# Another.\n[a]\n", ""},
		{"#:schema b.json\r\n# title  new\r\n# list   new, with\r\n#        more (optional)\r\n[a]\r\n", ""},
	} {
		if test.want == "" {
			test.want = test.text
		}
		if got := withHeader(test.text, head); got != test.want {
			t.Errorf("%q becomes\n%q, want\n%q", test.text, got, test.want)
		}
	}
}

// verdicts judges data files by their schemas and by what reads the report.
type verdicts struct {
	t       *testing.T
	source  fstest.MapFS
	schemas map[string]*jsonschema.Schema // by the data file's name: "themes.toml"
}

func newVerdicts(t *testing.T, source fstest.MapFS) verdicts {
	v := verdicts{t, source, map[string]*jsonschema.Schema{}}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat() // as Taplo does
	for _, kind := range report.DataFiles {
		schema, err := compiler.Compile(schemaName(kind))
		if err != nil {
			t.Fatal(err)
		}
		v.schemas[kind.Name] = schema
	}
	return v
}

// judge returns what the schema of a file has against a text, and what is said of
// the file when the report is read with it.
func (v verdicts) judge(name, text string) (loader report.Problems, schema error) {
	values := map[string]any{}
	if _, err := toml.Decode(text, &values); err != nil {
		v.t.Fatalf("%s: %v in\n%s", name, err, text)
	}
	data, err := json.Marshal(plain(values))
	if err != nil {
		v.t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		v.t.Fatal(err)
	}
	schema = v.schemas[path.Base(name)].Validate(instance)

	source := maps.Clone(v.source)
	source[name] = &fstest.MapFile{Data: []byte(text)}
	if _, err := report.Load(source, time.Now()); err != nil {
		for _, p := range err.(report.Problems) {
			if p.File == name {
				loader = append(loader, p)
			}
		}
	}
	return loader, schema
}

// plain makes texts of times, as Taplo does before it asks a schema.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, v := range value {
			out[key] = plain(v)
		}
		return out
	case []map[string]any:
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = plain(v)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = plain(v)
		}
		return out
	case time.Time:
		if value.Location().String() == "date-local" {
			return value.Format(time.DateOnly)
		}
		return value.Format(time.RFC3339)
	}
	return value
}

// requirementsFile holds what is made up to be required of the tests' own
// report, of which nothing is recorded.
const requirementsFile = "data/2014/requirements.toml"

func sourceWithRequirements() fstest.MapFS {
	source := testkit.MemorySource()
	source[requirementsFile] = &fstest.MapFile{Data: []byte(`[met]
number = 1
wording = "w"
source = "https://www.example.org/act"
met_in = ["3.9", "summary-1", "measure/child-deaths", "challenge/early-help"]

[not-met]
number = 2
wording = "w"
source = "https://www.example.org/act"
not_met = "n"
`)}
	return source
}

func TestGoodDataIsValid(t *testing.T) {
	t.Parallel()
	v := newVerdicts(t, sourceWithRequirements())
	judged := 0
	for name, file := range v.source {
		if path.Ext(name) != ".toml" || !strings.HasPrefix(name, "data/") || path.Dir(name) == "data/words" { // that is Hugo's
			continue
		}
		judged++
		if loader, schema := v.judge(name, string(file.Data)); schema != nil || loader != nil {
			t.Errorf("%s: %v; %v", name, schema, loader)
		}
	}
	if judged < len(report.DataFiles) {
		t.Errorf("only %d data files were judged", judged)
	}
}

// Each mistake is refused by the schema, at the place where it is, as it is by
// what reads the report.
func TestMistakes(t *testing.T) {
	t.Parallel()
	const update = "\n[[bereavement.updates]]\n"
	v := newVerdicts(t, sourceWithRequirements())
	for _, test := range []struct{ name, file, old, new, at string }{
		{"a misspelt field", "data/2014/recommendations.toml", "title = \"Put", "titel = \"Put", "/think-family"},
		{"a lost field", "data/2014/recommendations.toml", "number = 2\n", "", "/bereavement"},
		{"a field of another kind", "data/2014/themes.toml", "number = 2\n", "number = 2\naddressed_to = [\"health-and-wellbeing-board\"]\n", "/partnership"},
		{"a number with a space", "data/2014/challenges.toml", "number = 1\n", "number = \"1 a\"\n", "/voice-in-services/number"},
		{"a number below nought", "data/2014/measures.toml", "number = 1\n", "number = -1\n", "/child-deaths/number"},
		{"a number with a point", "data/2014/measures.toml", "number = 1\n", "number = 1.5\n", "/child-deaths/number"},
		{"a paragraph without quotes", "data/2014/recommendations.toml", "[\"3.3\"]", "[3.3]", "/think-family/findings/0"},
		{"no paragraph's number", "data/2014/recommendations.toml", "[\"3.3\"]", "[\"3.3 \"]", "/think-family/findings/0"},
		{"a list without brackets", "data/2014/recommendations.toml", "[\"3.3\"]", "\"3.3\"", "/think-family/findings"},
		{"an empty list", "data/2014/recommendations.toml", "[\"3.3\"]", "[]", "/think-family/findings"},
		{"a list with a repeat", "data/2014/recommendations.toml", "[\"3.3\"]", "[\"3.3\", \"3.3\"]", "/think-family/findings"},
		{"other names with a repeat", "data/organisations.toml", "[\"LSCB\", \"the Board\"]", "[\"LSCB\", \"LSCB\"]", "/leeds-safeguarding-children-board/also_known_as"},
		{"an empty text", "data/organisations.toml", "role = \"The community safety partnership for Leeds.\"", "role = \"\"", "/safer-leeds-partnership/role"},
		{"a blank text", "data/organisations.toml", "role = \"The community safety partnership for Leeds.\"", "role = \" \"", "/safer-leeds-partnership/role"},
		{"a name of two lines", "data/organisations.toml", "name = \"Safer Leeds Partnership\"", "name = \"Safer Leeds\\nPartnership\"", "/safer-leeds-partnership/name"},
		{"a body's name for its id", "data/2014/recommendations.toml", "\"safer-leeds-partnership\"", "\"Safer Leeds Partnership\"", "/think-family/addressed_to/1"},
		{"a status that is no id", "data/2014/recommendations.toml", "\"in-progress\"", "\"in progress\"", "/think-family/updates/0/progress"},
		{"an unknown direction", "data/2014/measures.toml", "\"falling\"", "\"down\"", "/child-deaths/direction"},
		{"an unknown meaning", "data/2014/measures.toml", "meaning = \"good\"", "meaning = \"fine\"", "/child-deaths/meaning"},
		{"a date with a time", "data/2014/recommendations.toml", "date = 2015-09-15", "date = 2015-09-15T10:00:00Z", "/think-family/updates/0/date"},
		{"a source without https", "data/2014/recommendations.toml", "\"https://news", "\"www.news", "/think-family/updates/0/source"},
		{"a source with a space", "data/organisations.toml", "\"https://doinggoodleeds", "\"https://doing goodleeds", "/children-and-families-trust-board/source"},
		{"an update with single brackets", "data/2014/recommendations.toml", "[[think-family.updates]]", "[think-family.updates]", "/think-family/updates"},
		{"an update of which most is lost", "data/2014/recommendations.toml", "challenges = [\"bereavement\"]\n", "challenges = [\"bereavement\"]\n" + update + "date = 2015-09-15\n", "/bereavement/updates/0"},
		{"a requirement that is met and not met", requirementsFile, "not_met =", "met_in = [\"3.9\"]\nnot_met =", "/not-met"},
		{"a requirement that is neither", requirementsFile, "not_met = \"n\"\n", "", "/not-met"},
		{"a requirement that is met in no place", requirementsFile, "challenge/early", "challenges/early", "/met/met_in/3"},
		{"a figure in quotes", "data/2014/measures.toml", "finding = \"3.8\"\n", "finding = \"3.8\"\nvalues = [{ period = \"2013/14\", value = \"8\" }]\n", "/early-help/values/0/value"},
		{"an id with capitals and spaces", "data/2014/recommendations.toml", "[bereavement]", "[\"Bereavement Services\"]", ""},
		{"an id with an underscore", "data/2014/measures.toml", "[child-deaths]", "[child_deaths]", ""},
		{"a record with double brackets", "data/2014/recommendations.toml", "[bereavement]", "[[bereavement]]", "/bereavement"},
		{"a field outside any record", "data/glossary.toml", "\n[bereavement-service]\n", "", "/term"},
	} {
		text := string(v.source[test.file].Data)
		if !strings.Contains(text, test.old) {
			t.Errorf("%s: %s has no %q", test.name, test.file, test.old)
			continue
		}
		loader, schema := v.judge(test.file, strings.Replace(text, test.old, test.new, 1))
		if loader == nil {
			t.Errorf("%s is read without a word", test.name)
		}
		failed, ok := schema.(*jsonschema.ValidationError)
		if !ok {
			t.Errorf("%s passes by the schema", test.name)
			continue
		}
		if places := leaves(failed); !slices.Contains(places, test.at) {
			t.Errorf("%s is refused at %q, want %q", test.name, places, test.at)
		}
	}
	for _, kind := range report.DataFiles {
		name := "data/" + kind.Name
		if kind.PerReport {
			name = "data/2014/" + kind.Name
		}
		if loader, schema := v.judge(name, ""); (schema != nil) != kind.MustHaveRecords || (loader != nil) != kind.MustHaveRecords {
			t.Errorf("an empty %s: %v; %v", kind.Name, schema, loader)
		}
	}
}

// leaves returns the places that an error complains of in the end.
func leaves(err *jsonschema.ValidationError) []string {
	if len(err.Causes) == 0 {
		at := ""
		for _, step := range err.InstanceLocation {
			at += "/" + step
		}
		return []string{at}
	}
	var all []string
	for _, cause := range err.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// Whatever stands in whatever field, the schema and what reads the report are
// of one mind, as far as a schema can know.
func TestSchemasAgreeWithReading(t *testing.T) {
	t.Parallel()
	v := newVerdicts(t, testkit.SmallSource())
	var dates map[string]any
	if _, err := toml.Decode("day = 2015-09-15\ntime = 2015-09-15T10:00:00Z", &dates); err != nil {
		t.Fatal(err)
	}
	day := dates["day"]
	values := []any{
		nil, // the field is taken out
		"", " ", "\n", "x", "x\n", "x\ny", " x ", "3.9", "voice", "good", "falling", "completed", "2015-09-15",
		"https://example.org", "https://example.org/a?b#c", "http://example.org", "https://example", "https://a@example.org", "https://example.org/a b", "https://",
		int64(-1), int64(0), int64(1), 1.5, true, day, dates["time"], map[string]any{}, map[string]any{"x": "y"},
		[]any{}, []any{""}, []any{"x", "x"}, []any{"3.9", "3.10"}, []any{"3.9", "3.9"}, []any{"x\ny"}, []any{int64(1)}, []any{[]any{"x"}}, []any{map[string]any{}},
		[]map[string]any{{"period": "2013/14", "value": int64(8)}, {"period": "2014/15", "value": 8.5}}, []map[string]any{{"period": "2013/14"}}, []map[string]any{{"text": "x"}},
	}
	good := map[string]map[string]any{ // the tables within records
		"updates":  {"date": day, "by": []any{"a"}, "progress": "completed", "text": "x", "source": "https://example.org/"},
		"formerly": {"name": "x", "until": day},
		"values":   {"period": "2013/14", "value": int64(8)},
		"series":   {"name": "x", "values": []map[string]any{{"period": "2013/14", "value": int64(8)}}},
	}
	count := 0
	for _, kind := range report.DataFiles {
		name := "data/" + kind.Name
		if kind.PerReport {
			name = "data/2014/" + kind.Name
		}
		all, err := fieldsOf(kind, kind.Record)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(fields []field, within func(records map[string]any) map[string]any) {
			for _, f := range fields {
				for _, value := range values {
					var records map[string]any
					if _, err := toml.Decode(string(v.source[name].Data), &records); err != nil {
						t.Fatal(err)
					}
					table := within(records)
					if table[f.name] = value; value == nil {
						delete(table, f.name)
					}
					text, err := toml.Marshal(records)
					if err != nil {
						t.Fatal(err)
					}
					count++
					loader, schema := v.judge(name, string(text))
					ok := slices.ContainsFunc(loader, schemaKnows)
					if schema != nil && loader == nil || schema == nil && ok {
						t.Errorf("%s of %s = %#v\nby the schema: %v\nas it is read: %v", f.name, kind.Noun, value, schema, loader)
					}
				}
			}
		}
		first := func(records map[string]any) map[string]any {
			return records[slices.Min(slices.Collect(maps.Keys(records)))].(map[string]any)
		}
		ask(all, first)
		for _, list := range all {
			if list.table == nil {
				continue
			}
			ask(list.fields, func(records map[string]any) map[string]any {
				table := maps.Clone(good[list.name])
				if table == nil {
					t.Fatalf("this test needs to know what %s are like", list.name)
				}
				first(records)[list.name] = []map[string]any{table}
				return table
			})
		}
	}
	if count < 1000 {
		t.Errorf("only %d questions were asked", count)
	}
}

// schemaKnows reports whether a problem is one that a schema must see too. Not
// among them: what depends on other records, and a text where a date should be
// or the other way about, which are the same to JSON.
func schemaKnows(p report.Problem) bool {
	switch p.Rule {
	case "wrong-type":
		return !timeForText.MatchString(p.What)
	case "number":
		return strings.Contains(p.What, "cannot be")
	}
	return slices.Contains([]string{"unknown-field", "missing-field", "empty-field", "repeated-value", "unknown-word",
		"bad-source", "bad-telephone", "bad-id", "more-than-one-line", "no-record", "no-data"}, p.Rule)
}

var timeForText = regexp.MustCompile(`should be a date, but is text$|should be text, but is a (date|time)$`)
