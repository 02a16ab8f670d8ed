package report

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// A tableReader decodes a TOML file in two steps. BurntSushi/toml parses it into
// plain values, or explains why it is not TOML. Each value is then stored in the
// field of a struct separately, so that all mistakes in a file are reported at
// once. The line of each key comes from go-toml's syntax tree, because
// BurntSushi/toml keeps one line for all elements of an array of tables. Hugo
// reads data files with go-toml too, so Hugo can read whatever passes here.
type tableReader struct {
	file     string
	lines    map[string]int  // a key's path, "think-family.updates[0].date", to its line
	wrong    map[string]bool // the paths of values that have the wrong type
	problems *Problems
}

// parseTOML returns the values in text, whose first line is line first+1 of the
// file, or nil if it has reported a problem.
func parseTOML(file, text string, first int, problems *Problems) (map[string]any, *tableReader) {
	lines, safe, err := keyLines(text)
	if deep, ok := err.(*depthError); ok {
		problems.add(Place{file, first + deep.line}, "too-deep", "lists, tables or names are nested too deeply",
			"write it like the records around it")
		return nil, nil
	}
	values := map[string]any{}
	if _, err := toml.Decode(text[:safeLength(text, safe)], &values); err != nil {
		place := Place{file, first + 1}
		what, do := err.Error(), ""
		if parse, ok := err.(toml.ParseError); ok {
			place.Line = first + parse.Position.Line
			// The position of a misplaced line break is on the next line: use the offset.
			if start := parse.Position.Start; start >= 0 && start <= len(text) {
				place.Line = min(place.Line, first+1+strings.Count(text[:start], "\n"))
			}
			lines := strings.Split(text, "\n")
			what, do = explainSyntax(parse.Message, lines[min(max(place.Line-first-1, 0), len(lines)-1)])
		}
		problems.add(place, "syntax", what, do)
		return nil, nil
	}
	if err != nil {
		problems.add(Place{file, first + 1}, "syntax", "the file cannot be read as TOML: "+err.Error(), "write it like the records in the other files")
		return nil, nil
	}
	for key := range lines {
		lines[key] += first
	}
	return values, &tableReader{file, lines, map[string]bool{}, problems}
}

// lastLine returns the line of the last key.
func (r *tableReader) lastLine() int {
	last := 0
	for _, line := range r.lines {
		last = max(last, line)
	}
	return last
}

// place returns the place of a key, or of the nearest table around it.
func (r *tableReader) place(path string) Place {
	for path != "" {
		if line, ok := r.lines[path]; ok {
			return Place{r.file, line}
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return Place{r.file, 1}
}

// storeFields stores the values of the table at path in the struct dst. what is the
// table's name for editors: "a challenge".
func (r *tableReader) storeFields(path, what string, values map[string]any, dst reflect.Value) {
	kind := DataFile{Noun: what}
	var names, missing []string
	requiredCount := 0
	for i := range dst.NumField() {
		f := dst.Type().Field(i)
		tag, optional := strings.CutSuffix(f.Tag.Get("toml"), ",omitempty")
		switch {
		case f.Type == reflect.TypeFor[Place]():
			dst.Field(i).Set(reflect.ValueOf(r.place(path)))
			continue
		case tag == "", tag == "-", !kind.Has(f):
			continue
		}
		names = append(names, tag)
		if !optional {
			requiredCount++
		}
		value, ok := values[tag]
		if ok {
			r.store(childPath(path, tag), field{tag, optional, Forms[f.Tag.Get("form")], f.Tag.Get("list") != ""}, value, dst.Field(i))
		} else if !optional {
			missing = append(missing, tag)
		}
	}
	if requiredCount > 1 && len(missing) == requiredCount {
		r.problems.add(r.place(path), "missing-field", fmt.Sprintf("%s has no %s", describeTable(what, path), strings.Join(missing, ", ")),
			"fill it in, or check its name in brackets")
		missing = nil
	}
	for _, name := range r.checkNames(path, what, values, names, missing) {
		r.problems.add(r.place(path), "missing-field",
			fmt.Sprintf("%s has no %s", describeTable(what, path), name), fmt.Sprintf("add a line %s = …", name))
	}
}

// checkNames reports the fields of the table at path that are not among names. It
// returns the missing fields that are not in the table under a similar name.
func (r *tableReader) checkNames(path, what string, values map[string]any, names, missing []string) []string {
	var foreign []string // fields that are not similar to any of the table's
	for _, key := range sortedKeys(values) {
		if slices.Contains(names, key) {
			continue
		}
		suggestion := nearest(key, names)
		if suggestion == "" {
			foreign = append(foreign, key)
			continue
		}
		missing = slices.DeleteFunc(missing, func(name string) bool { return name == suggestion }) // one mistake is reported once
		r.problems.add(r.place(childPath(path, key)), "unknown-field",
			fmt.Sprintf("%s is not a field of %s", Quote(key), what), Suggest(key, names, ""))
	}
	r.reportForeign(path, what, foreign)
	return missing
}

// maxForeign is how many foreign fields a message names.
const maxForeign = 8

// reportForeign reports fields that do not belong in a table: a stray word, or the fields
// of another record below the wrong name.
func (r *tableReader) reportForeign(path, what string, keys []string) {
	if len(keys) == 0 {
		return
	}
	slices.SortFunc(keys, func(a, b string) int { return r.place(childPath(path, a)).Line - r.place(childPath(path, b)).Line })
	place := r.place(childPath(path, keys[0]))
	if len(keys) == 1 {
		r.problems.add(place, "unknown-field", fmt.Sprintf("%s is not a field of %s", Quote(keys[0]), what), "delete the line")
		return
	}
	names := strings.Join(keys, ", ")
	if len(keys) > maxForeign {
		names = fmt.Sprintf("%s and %d more", strings.Join(keys[:3], ", "), len(keys)-3)
	}
	r.problems.add(place, "unknown-field", fmt.Sprintf("%s are not fields of %s", names, what),
		"delete them or, if they belong to another record, put its name in brackets above them")
}

// A field describes a value in a table.
type field struct {
	name       string // for editors: "title", or "item 1 of findings"
	optional   bool
	form       Form // of a text, or of the texts in a list
	mayBeEmpty bool // it is a list that may be empty
}

// prefix returns the start of the line for the value at path, or "" in a list.
func (f field) prefix(path string) string {
	if strings.HasSuffix(path, "]") {
		return ""
	}
	return f.name + " = "
}

// store stores a value in dst, or reports what it should be.
func (r *tableReader) store(path string, f field, value any, dst reflect.Value) {
	begin := f.prefix(path)
	wrong := func(want, do string) {
		r.wrong[path] = true
		r.problems.add(r.place(path), "wrong-type", fmt.Sprintf("%s should be %s, but is %s", f.name, want, kindOf(value)), do)
	}
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	switch dst.Interface().(type) {
	case string, Text:
		r.storeText(path, f, value, dst, wrong)
	case int:
		n, ok := value.(int64)
		if !ok {
			wrong("a whole number", fmt.Sprintf("write it without quotes, %s1", begin))
			return
		}
		dst.SetInt(n)
	case Number:
		r.storeNumber(path, f, value, dst, wrong)
	case bool:
		b, ok := value.(bool)
		if !ok {
			wrong("true or false", fmt.Sprintf("write it without quotes, %strue", begin))
			return
		}
		dst.SetBool(b)
	case float64:
		storeFigure(value, dst, begin, wrong)
	case Date:
		day, ok := value.(time.Time)
		if !ok || day.Location().String() != "date-local" {
			wrong("a date", fmt.Sprintf("write the day without quotes, %s2015-09-15", begin))
			return
		}
		if day.Year() == 1 && day.YearDay() == 1 { // a Date that is not there
			r.wrong[path] = true
			r.problems.add(r.place(path), "wrong-type", fmt.Sprintf("%s is %s, which is what programs write for no date", f.name, day.Format(time.DateOnly)), "correct it; "+f.emptyAdvice())
			return
		}
		dst.Set(reflect.ValueOf(Date{time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)}))
	default:
		r.storeComposite(path, f, value, dst, wrong)
	}
}

// storeFigure stores a figure of a chart in dst.
func storeFigure(value any, dst reflect.Value, begin string, wrong func(want, do string)) {
	number, ok := value.(float64)
	if n, isWhole := value.(int64); isWhole {
		number, ok = float64(n), true
	}
	switch {
	case !ok:
		wrong("a number", fmt.Sprintf("write it without quotes, %s12.5", begin))
	case !(math.Abs(number) < maxFigure): // true for nan, too
		wrong("a number that a chart can show", "correct it, or count in a larger unit, such as £ million")
	default:
		dst.SetFloat(number)
	}
}

// storeNumber stores the number that people cite something by in dst.
func (r *tableReader) storeNumber(path string, f field, value any, dst reflect.Value, wrong func(want, do string)) {
	switch n := value.(type) {
	case int64:
		if n < 0 {
			wrong("a number from 0 up", fmt.Sprintf("write it as the report does, %s1", f.prefix(path)))
			return
		}
		dst.SetString(strconv.FormatInt(n, 10))
	case string:
		r.storeText(path, field{f.name, f.optional, Forms["number"], false}, value, dst, wrong)
	default:
		wrong("a whole number or a text", fmt.Sprintf(`write it as the report does, %s1 or %[1]s"4.1"`, f.prefix(path)))
	}
}

// storeText stores a text in dst, and checks its form.
func (r *tableReader) storeText(path string, f field, value any, dst reflect.Value, wrong func(want, do string)) {
	text, ok := value.(string)
	if !ok {
		wrong("text", fmt.Sprintf("write it in quotes, %s%s", f.prefix(path), quoteValue(value)))
		return
	}
	if isBlank(text) {
		r.problems.add(r.place(path), "empty-field", f.name+" is empty", f.emptyAdvice())
		return
	}
	if n := utf8.RuneCountInString(text); n > maxText {
		r.problems.add(r.place(path), "too-large", fmt.Sprintf("%s has %d characters; the limit is %d", f.name, n, maxText), "check what was pasted here, or put it on a page of its own")
		return
	}
	if offset := findHidden(text); offset >= 0 { // by its number: others were reported before
		r.problems.add(r.place(path), "hidden-character", describeHidden(text, offset), hiddenAdvice)
	}
	if f.form.check != nil && !isUnwritten(text) {
		if rule, what, do := f.form.check(f.name, text); rule != "" {
			r.problems.add(r.place(path), rule, what, do)
		}
	}
	dst.SetString(text)
}

// maxText is the most characters that a text can have. Formal wordings have a few hundred.
const maxText = 20_000

// maxFigure is larger than any figure in a report, and small enough for exact sums.
const maxFigure = 1e15

// storeComposite stores a list or a table in dst.
func (r *tableReader) storeComposite(path string, f field, value any, dst reflect.Value, wrong func(want, do string)) {
	switch dst.Kind() {
	case reflect.Slice:
		elements := reflect.ValueOf(value)
		if elements.Kind() != reflect.Slice {
			_, isSingle := value.(map[string]any)
			switch elem := dst.Type().Elem(); {
			case isTable(elem) && isSingle:
				r.wrong[path] = true
				r.problems.add(r.place(path), "wrong-type", fmt.Sprintf("[%s] has single brackets; %s has double ones", path, tableWords[tableType(elem)]), fmt.Sprintf("write [[%s]]", path))
			case isTable(elem):
				wrong("a list of tables", fmt.Sprintf("begin each with a line [[%s]]", path))
			default:
				wrong("a list", fmt.Sprintf(`write it in square brackets, %s = ["…", "…"]`, f.name))
			}
			return
		}
		if elements.Len() == 0 && !f.mayBeEmpty {
			r.problems.add(r.place(path), "empty-field", f.name+" is an empty list", f.emptyAdvice())
			return
		}
		dst.Set(reflect.MakeSlice(dst.Type(), elements.Len(), elements.Len()))
		for i := range elements.Len() {
			item := field{name: fmt.Sprintf("item %d of %s", i+1, f.name), form: f.form}
			r.store(elementPath(path, i), item, elements.Index(i).Interface(), dst.Index(i))
		}
		if dst.Type().Elem().Kind() == reflect.String {
			r.checkRepeats(path, dst)
		}
	case reflect.Struct:
		table, ok := value.(map[string]any)
		if !ok {
			wrong("a table", fmt.Sprintf("begin it with a line [%s]", path))
			return
		}
		r.storeFields(path, tableWords[dst.Type()], table, dst)
	default:
		panic("report: a field of a type that tables do not have: " + dst.Type().String())
	}
}

// checkRepeats reports texts that appear twice in the list at path.
func (r *tableReader) checkRepeats(path string, texts reflect.Value) {
	earlier := map[string]bool{}
	for i := range texts.Len() {
		text := texts.Index(i).String()
		if earlier[text] && text != "" {
			r.problems.add(r.place(elementPath(path, i)), "repeated-value", Quote(text)+" appears twice in this list", "delete one of them")
		}
		earlier[text] = true
	}
}

// tableType returns a type without its pointer, if it is one.
func tableType(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// isTable reports whether a field of the type is a table in TOML.
func isTable(t reflect.Type) bool {
	t = tableType(t)
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[Date]()
}

// tableWords are the names of tables within records and pages for editors.
var tableWords = map[reflect.Type]string{
	reflect.TypeFor[Update]():      "an update",
	reflect.TypeFor[Value]():       "a value",
	reflect.TypeFor[FormerName]():  "a former name",
	reflect.TypeFor[Series]():      "a series",
	reflect.TypeFor[params]():      "the table [params]",
	reflect.TypeFor[paper]():       "the table [params.paper]",
	reflect.TypeFor[Declaration](): "a declaration",
}

// records returns the records in a data file, each a table. It returns nothing if
// there are fields outside tables, because then no table is certain to be complete.
func records[T any](r *tableReader, what string, values map[string]any) []*T {
	var outside []string
	for id, value := range values {
		_, isTable := value.(map[string]any)
		if _, isList := value.([]map[string]any); !isTable && !isList {
			outside = append(outside, id)
		}
	}
	if len(outside) > 0 {
		first := slices.MinFunc(outside, func(a, b string) int { return r.lines[a] - r.lines[b] })
		r.problems.add(r.place(first), "no-record", fmt.Sprintf("%s is outside any record", Quote(first)),
			fmt.Sprintf("put a line with the name of %s in brackets above it, such as [early-help]", what))
		return nil
	}
	if len(values) > maxRecords {
		r.problems.add(Place{r.file, 1}, "too-many", fmt.Sprintf("the file has %d records; the limit is %d", len(values), maxRecords), "check what was pasted here, or restore the file from the last version that worked")
		return nil
	}
	var all []*T
	for _, id := range sortedKeys(values) {
		table, ok := r.recordTable(id, what, values)
		if !ok {
			continue
		}
		record := new(T)
		v := reflect.ValueOf(record).Elem()
		v.FieldByName("Record").Set(reflect.ValueOf(Record{id, r.place(id)}))
		r.storeFields(id, what, table, v)
		all = append(all, record)
	}
	slices.SortStableFunc(all, func(a, b *T) int { return recordLine(a) - recordLine(b) })
	return all
}

// recordTable returns the table of a record. If ok is false, it has reported why there
// is none.
func (r *tableReader) recordTable(id, what string, values map[string]any) (table map[string]any, ok bool) {
	table, ok = values[id].(map[string]any)
	if !ok {
		r.problems.add(r.place(elementPath(id, 0)), "wrong-type",
			fmt.Sprintf("[[%s]] has double brackets; %s has single ones", id, what), fmt.Sprintf("write [%s]", id))
		return nil, false
	}
	if len(id) > maxID {
		r.problems.add(r.place(id), "bad-id", fmt.Sprintf("%s is too long for the name of %s", Quote(id), what), "use a few words, such as early-help")
		return nil, false
	}
	if !goodID.MatchString(id) {
		r.problems.add(r.place(id), "bad-id",
			fmt.Sprintf("%s cannot be the name of %s", Quote(id), what), "use lower-case letters, digits and single hyphens, such as "+suggestID(id))
	}
	if _, isList := table["updates"].([]map[string]any); len(table) == 1 && isList {
		others := slices.DeleteFunc(sortedKeys(values), func(other string) bool { return other == id })
		r.problems.add(r.place(elementPath(childPath(id, "updates"), 0)), "unknown-reference", fmt.Sprintf("there is no record [%s] that this could be an update to", id),
			Suggest(id, others, "write the name of one"))
		return nil, false
	}
	return table, true
}

// maxRecords is the most records that a file can have, far more than any report
// needs: some checks compare each with all others.
const maxRecords = 3000

// maxID is the most characters that a record's name can have: it is part of an address.
const maxID = 100

// recordLine returns the line on which a record begins.
func recordLine(record any) int { return record.(interface{ record() Record }).record().Place.Line }

var (
	goodID   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	notForID = regexp.MustCompile(`[^a-z0-9]+`)
)

func suggestID(id string) string {
	id = strings.Trim(notForID.ReplaceAllString(strings.ToLower(id), "-"), "-")
	if id == "" {
		return "early-help"
	}
	return id
}

// quoteValue returns a value as text in TOML. A decimal is left open: 3.10 has been
// read as 3.1.
func quoteValue(v any) string {
	switch v := v.(type) {
	case int64:
		return fmt.Sprintf(`"%d"`, v)
	case time.Time:
		return v.Format(`"` + time.DateOnly + `"`)
	}
	return `"…"`
}

// kindOf describes the type of a TOML value in plain words.
func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return "text"
	case int64:
		if v < 0 {
			return "a negative number"
		} else if v >= maxFigure {
			return "a number of over 15 digits"
		}
		return "a number"
	case float64:
		if math.IsNaN(v) {
			return "the word nan"
		} else if math.Abs(v) >= maxFigure {
			return "a number of over 15 digits"
		}
		return "a decimal number"
	case bool:
		return fmt.Sprintf("the word %v without quotes", v)
	case time.Time:
		if v.Location().String() == "date-local" {
			return "a date"
		}
		return "a time"
	case map[string]any:
		return "a table"
	case []map[string]any:
		return "a list of tables"
	default:
		return "a list"
	}
}

// emptyAdvice returns what to do if the field is empty.
func (f field) emptyAdvice() string {
	if f.optional {
		return "fill it in, or delete the line"
	}
	return "fill it in"
}

// describeTable returns a table's kind with its name: the challenge [early-help].
func describeTable(what, path string) string {
	if noun, ok := strings.CutPrefix(what, "a "); ok {
		what = "the " + noun
	} else if noun, ok := strings.CutPrefix(what, "an "); ok {
		what = "the " + noun
	}
	if path == "" || strings.ContainsAny(what+path, "[.") {
		return what
	}
	return fmt.Sprintf("%s [%s]", what, path)
}
