// Package schemas describes the data files to editors: in a JSON schema for each
// kind of file, with which programs such as VS Code complete and check what one
// types; in the comment at the top of each data file; and in the tables in
// tools/docs. All are generated from the types and tags of the fields in package
// report, so they cannot contradict it. After changing a field, run go generate
// ./tools/schemas; until then a test fails.
//
// The schema of the open data is generated in the same way.
package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"annualreport/tools/check"
	"annualreport/tools/opendata"
	"annualreport/tools/report"
)

//go:generate go test -run TestUpToDate -update .

// Files returns every file in the project's folder that is generated from the fields,
// wholly or in part, with the text that it should have.
func Files(project fs.FS) (map[string]string, error) {
	files := map[string]string{}
	var rows table
	explained := map[reflect.Type]string{} // tables within records, and the file that explains them
	for _, kind := range report.DataFiles {
		all, err := fieldsOf(kind, kind.Record)
		if err != nil {
			return nil, err
		}
		name := "tools/schemas/" + schemaName(kind)
		if files[name], err = schema(kind, all); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		head := header(kind, all, explained)
		pattern := "data/" + kind.Name
		if kind.PerReport {
			pattern = "data/[0-9][0-9][0-9][0-9]*/" + kind.Name
		}
		names, err := fs.Glob(project, pattern)
		if err != nil {
			return nil, err
		}
		// The files of a new folder have the same comments.
		for _, name := range []string{"data/" + kind.Name, "data/report/" + kind.Name} {
			if _, err := fs.Stat(project, path.Join(start, name)); err == nil {
				names = append(names, path.Join(start, name))
			}
		}
		for _, name := range names {
			text, err := fs.ReadFile(project, name)
			if err != nil {
				return nil, err
			}
			files[name] = withHeader(string(text), head)
		}
		rows.add(strings.TrimSuffix(kind.Name, ".toml"), all)
	}
	var err error
	if files["tools/opendata/"+opendata.SchemaFile], err = openData(); err != nil {
		return nil, err
	}
	return files, addTables(project, files, rows.String())
}

// addTables adds the pages with tables to files. rows are those of the table of fields.
func addTables(project fs.FS, files map[string]string, rows string) (err error) {
	for _, t := range []struct{ file, head, rows string }{
		{fieldsFile, pagesHead, pageRows()}, {fieldsFile, settingsHead, settingRows()}, {fieldsFile, tableHead, rows},
		{rulesFile, rulesHead, ruleRows()}, {rulesFile, adviceHead, adviceRows()},
	} {
		text := files[t.file]
		if text == "" {
			page, err := fs.ReadFile(project, t.file)
			if err != nil {
				return err
			}
			text = string(page)
		}
		if files[t.file], err = withTable(text, t.head, t.rows); err != nil {
			return fmt.Errorf("%s: %w", t.file, err)
		}
	}
	return nil
}

// The pages with the tables.
const (
	fieldsFile = "tools/docs/fields.md"
	rulesFile  = "tools/docs/rules.md"
)

// start has the first files of a new folder for another publisher.
const start = "tools/site/start"

// The heads of the tables of rules and of advice.
const (
	rulesHead  = "| rule | what must hold |\n|---|---|\n"
	adviceHead = "| advice | what should be |\n|---|---|\n"
)

func ruleRows() string {
	var rows strings.Builder
	for _, rule := range check.Rules {
		fmt.Fprintf(&rows, "| `%s` | %s |\n", rule.Name, strings.ReplaceAll(rule.Holds, "</html>", "`</html>`"))
	}
	return rows.String()
}

func adviceRows() string {
	var rows strings.Builder
	for _, rule := range report.AdviceRules {
		fmt.Fprintf(&rows, "| `%s` | %s |\n", rule.Name, rule.Holds)
	}
	return rows.String()
}

const pagesHead = "| field | on | what it holds |\n|---|---|---|\n"

// pageRows returns rows that explain the fields at the top of a page.
func pageRows() string {
	pages := map[string]string{"": "all pages", "summary": "a report’s `_index.md`", "other": "a report’s other pages"}
	var rows strings.Builder
	eachField("", report.FrontMatter, func(table string, f field, tags reflect.StructTag) {
		where := pages[tags.Get("page")]
		if table != "" && table != "params" {
			where = "`" + table + "`"
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", f.name, where, f.line())
	})
	return rows.String()
}

const settingsHead = "| setting | what it holds |\n|---|---|\n"

// settingRows returns rows that explain the settings in config.toml.
func settingRows() string {
	var rows strings.Builder
	eachField("", report.Settings, func(_ string, f field, _ reflect.StructTag) {
		fmt.Fprintf(&rows, "| `%s` | %s |\n", f.name, f.line())
	})
	return rows.String()
}

// eachField calls visit with each field of t that says what it holds, and with those of
// the tables in it. Names have those of the tables before them. table is t's, or "".
func eachField(table string, t reflect.Type, visit func(table string, f field, tags reflect.StructTag)) {
	for i := range t.NumField() {
		tags := t.Field(i).Tag
		name, optional := strings.CutSuffix(tags.Get("toml"), ",omitempty")
		f := field{name: strings.TrimPrefix(table+"."+name, "."), says: tags.Get("says"), optional: optional}
		if f.says != "" {
			visit(table, f, tags)
		}
		fieldType := t.Field(i).Type
		if fieldType.Kind() == reflect.Slice {
			fieldType = fieldType.Elem()
		}
		if fieldType.Kind() == reflect.Struct && fieldType != reflect.TypeFor[report.Date]() {
			eachField(f.name, fieldType, visit)
		}
	}
}

// A field is a field of a record, as its tags describe it.
type field struct {
	name     string // in the file
	says     string // what it holds
	optional bool
	form     report.Form
	empty    bool         // it is a list that may be empty
	table    reflect.Type // of its elements, if it is a list of tables
	fields   []field      // of such a table
}

// fieldsOf returns the fields of type t in a kind of file.
func fieldsOf(kind report.DataFile, t reflect.Type) ([]field, error) {
	var all []field
	for i := range t.NumField() {
		tags := t.Field(i).Tag
		name, optional := strings.CutSuffix(tags.Get("toml"), ",omitempty")
		if name == "" || name == "-" || !kind.Has(t.Field(i)) {
			continue
		}
		form, ok := report.Forms[tags.Get("form")]
		f := field{name: name, says: tags.Get("says"), optional: optional, form: form, empty: tags.Get("list") != ""}
		if f.says == "" || !ok {
			return nil, fmt.Errorf("%s.%s needs a tag says:\"what it holds\"; if it has a tag form, that must be one of those in tools/report/form.go", t, t.Field(i).Name)
		}
		if form.Words != nil {
			f.says += ": " + strings.Join(form.Words, ", ")
		}
		if fieldType := t.Field(i).Type; fieldType.Kind() == reflect.Slice && fieldType.Elem().Kind() != reflect.String {
			var err error
			if f.table = fieldType.Elem(); f.table.Kind() == reflect.Pointer {
				f.table = f.table.Elem()
			}
			if f.fields, err = fieldsOf(kind, f.table); err != nil {
				return nil, err
			}
		}
		all = append(all, f)
	}
	return all, nil
}

// line returns what the field holds, and whether it is optional.
func (f field) line() string {
	if f.optional {
		return f.says + " (optional)"
	}
	return f.says
}

func schemaName(kind report.DataFile) string {
	return strings.TrimSuffix(kind.Name, ".toml") + ".schema.json"
}

// schema returns the JSON schema of a kind of data file. It uses draft 7, the newest
// for Taplo, the library behind VS Code's Even Better TOML, which treats a date in
// TOML as text.
func schema(kind report.DataFile, all []field) (string, error) {
	r := jsonschema.Reflector{FieldNameTag: "toml", Anonymous: true, DoNotReference: true, Mapper: func(t reflect.Type) *jsonschema.Schema {
		switch {
		case t == reflect.TypeFor[report.Date]():
			return &jsonschema.Schema{Type: "string", Format: "date"}
		case t == reflect.TypeFor[report.Number]():
			return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "integer", Minimum: "0"}, {Type: "string", Pattern: report.Forms["number"].Pattern}}}
		case t.Kind() == reflect.Int:
			return &jsonschema.Schema{Type: "integer", Minimum: "1"}
		}
		return nil
	}}
	record := r.ReflectFromType(kind.Record)
	record.Version = ""
	refine(record, all)
	_, noun, _ := strings.Cut(kind.Noun, " ")
	record.Description = fmt.Sprintf("%s%s. Its name in [brackets] is its id.", strings.ToUpper(noun[:1]), noun[1:])
	file := &jsonschema.Schema{
		Version:              "http://json-schema.org/draft-07/schema#",
		Type:                 "object",
		PatternProperties:    map[string]*jsonschema.Schema{report.Forms["id"].Pattern: record},
		AdditionalProperties: jsonschema.FalseSchema,
	}
	if kind.MustHaveRecords {
		file.MinProperties = count(1)
	}
	return encode(file)
}

// openData returns the JSON schema of a report's open data. New properties can be
// added without a new version.
func openData() (string, error) {
	r := jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, AllowAdditionalProperties: true}
	file := r.ReflectFromType(reflect.TypeFor[opendata.Report]())
	file.Title = "The open data of an annual report"
	file.Description = fmt.Sprintf("The shape of YEAR/%s, version %d.", opendata.JSONFile, opendata.Version)
	return encode(file)
}

func encode(s *jsonschema.Schema) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(s)
	return out.String(), err
}

// refine adds what the tags of its fields say to a table's schema, and removes fields
// that only other kinds of the table have.
func refine(s *jsonschema.Schema, all []field) {
	for name := range s.Properties.KeysFromOldest() {
		if !slices.ContainsFunc(all, func(f field) bool { return f.name == name }) {
			s.Properties.Delete(name)
			s.Required = slices.DeleteFunc(s.Required, func(required string) bool { return required == name })
		}
	}
	for _, f := range all {
		p := s.Properties.Value(f.name)
		p.Description = f.says
		texts := p
		if p.Type == "array" {
			if !f.empty {
				p.MinItems = count(1)
			}
			texts = p.Items
			p.UniqueItems = texts.Type == "string"
		}
		switch {
		case f.table != nil:
			refine(p.Items, f.fields)
		case texts.Type == "string" && texts.Format == "":
			texts.Pattern = f.form.Pattern
			for _, word := range f.form.Words {
				texts.Enum = append(texts.Enum, word)
			}
		}
	}
}

func count(n uint64) *uint64 { return &n }

// header returns the lines of the comment at the top of a data file. A table in
// several kinds of records is explained with the first.
func header(kind report.DataFile, all []field, explained map[reflect.Type]string) []string {
	root := "../"
	if kind.PerReport {
		root = "../../"
	}
	lines := []string{"#:schema " + root + "tools/schemas/" + schemaName(kind)}
	width := 0
	for _, f := range all {
		width = max(width, len(f.name)+2)
	}
	for _, f := range all {
		line := fmt.Sprintf("# %-*s%s", width, f.name, f.line())
		if where, ok := explained[f.table]; ok {
			line += ", as in " + where
		}
		lines = append(lines, line)
		if f.table != nil && explained[f.table] == "" {
			explained[f.table] = kind.Name
			var parts []string
			for _, part := range f.fields {
				parts = append(parts, fmt.Sprintf("%s (%s)", part.name, part.line()))
			}
			lines = append(lines, wrap(strings.Join(parts, ", "), "# "+strings.Repeat(" ", width))...)
		}
	}
	return lines
}

// wrap breaks text into lines that fit on a screen, each after indent.
func wrap(text, indent string) []string {
	const width = 132
	var lines []string
	line := indent
	for _, word := range strings.SplitAfter(text, " ") {
		if len(line)+len(word) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = indent
		}
		line += word
	}
	return append(lines, line)
}

// generated matches lines that header has generated, now or earlier.
var generated = regexp.MustCompile(`^(#:|# [a-z_]+  |#    )`)

// withHeader returns a data file's text with head in the comment at its top. Anything
// else in the comment is kept.
func withHeader(text string, head []string) string {
	lines := strings.SplitAfter(text, "\n")
	end := slices.IndexFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "#") })
	if end < 0 {
		end = len(lines)
	}
	comment := lines[:end]
	rest := head
	for _, line := range comment {
		if len(rest) > 0 && strings.TrimRight(line, "\r\n") == rest[0] {
			rest = rest[1:]
		}
	}
	if len(rest) == 0 {
		return text
	}
	notes := slices.DeleteFunc(slices.Clone(comment), generated.MatchString)
	return strings.Join(head, "\n") + "\n" + strings.Join(notes, "") + strings.Join(lines[end:], "")
}

// A table lists all fields: what each holds, and in which records it is. A field that
// is described in the same way for several kinds of records has one row.
type table struct{ rows []row }

type row struct {
	name, line string
	files      []string
}

func (t *table) add(where string, all []field) {
	for _, f := range all {
		i := slices.IndexFunc(t.rows, func(r row) bool { return r.name == f.name && r.line == f.line() })
		if i < 0 {
			i = len(t.rows)
			t.rows = append(t.rows, row{name: f.name, line: f.line()})
		}
		if !slices.Contains(t.rows[i].files, where) {
			t.rows[i].files = append(t.rows[i].files, where)
		}
		t.add("`"+f.name+"`", f.fields)
	}
}

const tableHead = "| field | in | what it holds |\n|---|---|---|\n"

// String returns the table's rows.
func (t *table) String() string {
	var b strings.Builder
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.name, strings.Join(r.files, ", "), r.line)
	}
	return b.String()
}

// withTable returns a text with rows in the table below head.
func withTable(text, head, rows string) (string, error) {
	before, after, ok := strings.Cut(text, head)
	if !ok {
		return "", fmt.Errorf("there is no table that begins with %q", head)
	}
	for strings.HasPrefix(after, "|") {
		_, after, _ = strings.Cut(after, "\n")
	}
	return before + head + rows + after, nil
}
