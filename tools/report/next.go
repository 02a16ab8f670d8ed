package report

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// A Beginning is the first draft of a report, for people to complete.
type Beginning struct {
	Files           map[string]string // the text of each file, by its name in the source folder
	Follows         string            // the name of the report that it follows, or ""
	Challenges      int               // carried forward
	Recommendations int               // carried forward
}

// HasData reports whether the report has any files in data/.
func (b Beginning) HasData() bool {
	for file := range b.Files {
		if strings.HasPrefix(file, "data/") {
			return true
		}
	}
	return false
}

// Newest returns the newest report of a series, whether or not it is a draft, or
// nil if there is none. If it is a draft with problems, the error is [Problems].
func (lib *Library) Newest(series string) (*Report, error) {
	var newest *Report
	for _, rep := range lib.Reports {
		if rep.Series == series && (newest == nil || rep.compare(newest) > 0) {
			newest = rep
		}
	}
	for _, d := range lib.Drafts {
		if d.Series == series && (newest == nil || d.compare(newest) >= 0) {
			return d.Report, d.Problems.Err() // the drafts are in order, the newest first
		}
	}
	return newest, nil
}

// Next drafts the report with the given name, which follows the report previous, in
// the same series and source. It carries forward the items of previous that are
// neither done nor closed, with their wording, and the pages with their headings
// and paragraph numbers. Texts to be written are marked [ToWrite]; the findings of
// previous are not repeated. What previous does not have, such as challenges,
// recommendations or any data, the draft does not have either.
func Next(source fs.FS, previous *Report, name string) (Beginning, error) {
	n := next{l: newLoader(source), previous: previous, name: name}
	n.draft = Beginning{Files: map[string]string{}, Follows: previous.Name}
	for _, entry := range n.l.list(path.Join("content", previous.Name)) {
		if path.Ext(entry.Name()) == ".md" {
			n.draftPage(entry.Name())
		}
	}
	n.draftRecords()
	return n.draft, n.l.problems.Err()
}

// A next drafts the next report.
type next struct {
	l        *loader
	previous *Report
	name     string
	draft    Beginning
}

// draftPage drafts a page that the previous report has.
func (n *next) draftPage(file string) {
	old := path.Join("content", n.previous.Name, file)
	p, ok := n.l.readPage(old)
	source, sourceOK := n.l.read(old)
	if !ok || !sourceOK {
		return
	}
	_, body, _, _ := splitFrontMatter(source)
	w := &writer{notes: map[string]string{}}
	w.line("+++")
	if file == "_index.md" {
		n.draftSummary(w, &p.front)
	} else {
		w.comment(fmt.Sprintf("The numbers and headings are those of %s. Delete what this report does not need, and add what is new.", n.previous.Name),
			"Write plain English, in sentences of at most 25 words.")
	}
	p.front.Draft = false // written by draftSummary
	p.front.Aliases = nil // they belong to the old page
	n.markIfDated(w, "title", &p.front.Title, "the page’s title")
	n.markUnwritten(w, "description", &p.front.Description, fmt.Sprintf("what the page “%s” of the report of %s contains, in one sentence", p.Title, n.name))
	n.markUnwritten(w, "params.asked", &p.front.Params.Asked, "who is asked, in one or two sentences")
	w.table("", reflect.ValueOf(p.front))
	w.line("+++")
	n.draft.Files[path.Join("content", n.name, file)] = w.String() + skeleton(body)
}

// draftSummary drafts what the summary says about the report as a whole.
func (n *next) draftSummary(w *writer, front *frontMatter) {
	w.comment("While this line is here, the report is a draft: the preview shows it, but the published site does not.",
		"To publish it, write what is marked "+ToWrite+" in content/"+n.name+" and data/"+n.name+", and delete this line.")
	w.value("draft", true)
	year, _ := strconv.Atoi(n.name[:4]) // four digits
	front.Date = Date{time.Date(max(year, n.previous.Date.Year()+1), time.January, 1, 0, 0, 0, 0, time.UTC)}
	w.notes["date"] = "The date of the report. 1 January is a placeholder: replace it."
	if due := front.Params.Due; !due.IsZero() { // an old date would look like a decision
		w.notes["date"] += fmt.Sprintf("\nIn %s, answers were due on %s. If this report says so too, write due = … below [params].", n.previous.Name, due.ISO())
		front.Params.Due = Date{}
	}
	if asks := front.Params.Asks; asks != nil {
		w.notes["params.asks"] = "If this report makes recommendations or challenges, delete this line."
		if *asks {
			front.Params.Asks = nil // which goes without saying
		}
	}
	n.markUnwritten(w, "params.label", &front.Params.Label, "what readers call the report "+n.name)
	paper := &front.Params.Paper
	n.markIfDated(w, "params.paper.subject", &paper.Subject, "the subject of the paper")
	n.markUnwritten(w, "params.paper.author", &paper.Author, "the author’s name")
	n.markUnwritten(w, "params.paper.telephone", &paper.Telephone, "the author’s telephone number")
	for i := range paper.Declarations {
		n.markUnwritten(w, elementPath("params.paper.declarations", i)+".answer", &paper.Declarations[i].Answer, "the answer")
	}
}

// markIfDated marks a text to be rewritten if it mentions the year of the previous
// report.
func (n *next) markIfDated(w *writer, key string, value *Text, what string) {
	if strings.Contains(string(*value), n.previous.Name[:4]) {
		n.markUnwritten(w, key, value, what)
	}
}

// markUnwritten marks a text to be rewritten, unless it is empty. A comment keeps the old
// text.
func (n *next) markUnwritten(w *writer, key string, value *Text, what string) {
	if *value == "" {
		return
	}
	if !isUnwritten(string(*value)) {
		w.notes[key] = fmt.Sprintf("In %s: %s", n.previous.Name, oneLine(string(*value)))
	}
	*value = Text(ToWrite + ": " + what)
}

var markdownLink = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)

// skeleton returns a page's headings and paragraph numbers, with text to be written
// wherever the page has text.
func skeleton(body string) string {
	source := []byte(body)
	var b strings.Builder
	part := "what comes before the first heading"
	hasText := false // whether there is text to be written for the part
	for node := markdown.Parse(text.NewReader(source)).FirstChild(); node != nil; node = node.NextSibling() {
		switch node := node.(type) {
		case *ast.Heading:
			title := strings.TrimSpace(markdownLink.ReplaceAllString(oneLine(string(node.Lines().Value(source))), "$1"))
			if !isUnwritten(title) {
				title = ToWrite + ": " + title
			}
			fmt.Fprintf(&b, "\n%s %s", strings.Repeat("#", node.Level), title)
			if id, ok := node.AttributeString("id"); ok {
				fmt.Fprintf(&b, " {#%s}", id)
				part = fmt.Sprintf("paragraph %s", id)
			} else {
				part = "what comes below this heading"
			}
			b.WriteString("\n")
			hasText = false
		case *ast.HTMLBlock, *attributeLine, *east.FootnoteList: // comments, lines read with the block above, and footnotes
		default:
			if id := numberBelow(node); id != "" {
				fmt.Fprintf(&b, "\n%s: paragraph %s.\n{#%[2]s}\n", ToWrite, id)
			} else if !hasText {
				fmt.Fprintf(&b, "\n%s: %s.\n", ToWrite, part)
			}
			hasText = true
		}
	}
	return b.String()
}

// numberBelow returns the number on the line below a paragraph, or "".
func numberBelow(node ast.Node) string {
	line, ok := node.NextSibling().(*attributeLine)
	if !ok || line.HasBlankPreviousLines() {
		return ""
	}
	id, _ := line.AttributeString("id")
	number, _ := id.([]byte)
	return string(number)
}

// draftRecords drafts the data files.
func (n *next) draftRecords() {
	challenges := n.openItems(Challenge)
	recommendations := n.openItems(Recommendation)
	n.draft.Challenges, n.draft.Recommendations = len(challenges), len(recommendations)
	var themes []*Theme
	for _, t := range n.previous.Themes {
		if slices.ContainsFunc(challenges, func(c *Item) bool { return c.Theme == t.ID }) {
			again := *t
			themes = append(themes, &again)
		}
	}
	renumber(themes, func(t *Theme) *Number { return &t.Number })
	for _, r := range recommendations {
		r.Challenges = slices.DeleteFunc(slices.Clone(r.Challenges), func(id string) bool { return findByID(challenges, id) == nil })
	}
	if len(challenges) == 0 && len(n.previous.Challenges) > 0 {
		challenges = []*Item{n.blankItem(Challenge)}
	}
	if len(recommendations) == 0 && len(n.previous.Recommendations) > 0 {
		recommendations = []*Item{n.blankItem(Recommendation)}
	}
	n.draftItems(Challenge, challenges)
	n.draftItems(Recommendation, recommendations)
	if len(themes) > 0 {
		w := n.startFile("themes.toml")
		writeRecords(w, themes)
		n.save("themes.toml", w)
	}
	if len(n.previous.Measures) > 0 {
		n.draftMeasures()
	}
	if len(n.previous.Requirements) > 0 {
		n.draftRequirements()
	}
}

// draftRequirements drafts the file of requirements: those of the previous report, all
// of them still to be met.
func (n *next) draftRequirements() {
	w := n.startFile(requirementsFile)
	w.line("")
	w.comment(fmt.Sprintf("What was required of the report of %s. Check at each source that it is still required, in these words.", n.previous.Name),
		`Where this report meets it, write met_in = ["3.9"] in place of not_met; where it does not, write why.`)
	w.notes = map[string]string{}
	var all []*Requirement
	for _, r := range n.previous.Requirements {
		was := string(r.NotMet)
		if len(r.MetIn) > 0 {
			was = "met in " + strings.Join(r.MetIn, ", ")
		}
		if !isUnwritten(was) {
			w.notes[r.ID+".not_met"] = fmt.Sprintf("In %s: %s", n.previous.Name, oneLine(was))
		}
		again := *r
		again.MetIn, again.NotMet = nil, ToWrite+": where the report meets this, or why it does not"
		all = append(all, &again)
	}
	writeRecords(w, all)
	n.save(requirementsFile, w)
}

// blankItem returns an item that is still to be written.
func (n *next) blankItem(kind string) *Item {
	return &Item{Record: blankRecord, Number: "1", Title: Text(ToWrite + ": the " + kind + " in plain English"),
		Wording: ToWrite + ": exactly as the report has it", AddressedTo: n.previous.Items(kind)[0].AddressedTo}
}

// openItems returns copies of the previous report's items of a kind that are
// neither done nor closed.
func (n *next) openItems(kind string) []*Item {
	var all []*Item
	for _, it := range n.previous.Items(kind) {
		if it.Closed == "" && it.isOpen() {
			again := *it
			again.Follows = n.previous.Name + "/" + it.ID
			again.Findings, again.Updates, again.Due = nil, nil, Date{}
			all = append(all, &again)
		}
	}
	renumber(all, func(it *Item) *Number { return &it.Number })
	return all
}

// renumber numbers records from 1 if all their numbers are integers. Only the author
// can change numbers such as 4.1 or A4.
func renumber[T any](all []T, number func(T) *Number) {
	for _, v := range all {
		if _, err := strconv.Atoi(string(*number(v))); err != nil {
			return
		}
	}
	for i, v := range all {
		*number(v) = Number(strconv.Itoa(i + 1))
	}
}

// draftItems drafts the data file of a kind of items.
func (n *next) draftItems(kind string, items []*Item) {
	if len(items) == 0 {
		return
	}
	w := n.startFile(kind + "s.toml")
	w.line("")
	w.comment(fmt.Sprintf("Each %s here follows one of %s that is not done. If this report words it differently, write the", kind, n.previous.Name),
		"new wording. Once the paragraphs that bear on it are written, name them in findings. Add new ones below, without",
		"follows. If one is not repeated, delete it here, and say why in its record in",
		itemFile(n.previous.Name, kind)+": closed = \"…\"")
	w.comment(describeEnded(items)...)
	writeRecords(w, items)
	n.save(kind+"s.toml", w)
}

// describeEnded returns a line for each body asked that no longer exists.
func describeEnded(items []*Item) (lines []string) {
	for _, it := range items {
		for _, b := range it.Bodies {
			if b.Until.IsZero() {
				continue
			}
			line := fmt.Sprintf("%s ended on %s: ask another body in its place.", b.ID, b.Until.ISO())
			if b.Heir != nil {
				line = fmt.Sprintf("%s ended on %s: ask %s, which took its place, or another.", b.ID, b.Until.ISO(), b.Heir.ID)
			}
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// blankRecord is the placeholder for a record that is still to be written.
var blankRecord = Record{ID: "to-write"}

// draftMeasures writes the measures of the previous report as comments: only the new
// report can say which way they move.
func (n *next) draftMeasures() {
	w := n.startFile("measures.toml")
	old := &writer{}
	for i, m := range n.previous.Measures {
		if i > 0 {
			old.line("")
		}
		old.record(m.ID, m)
	}
	w.line("")
	w.comment(fmt.Sprintf("What the report of %s said. For each that this report mentions too, delete the #", n.previous.Name),
		"and write what this report says.")
	w.line("")
	for line := range strings.Lines(old.String()) {
		w.line(strings.TrimSpace("# " + strings.TrimRight(line, "\n")))
	}
	n.save("measures.toml", w)
}

// startFile starts a data file with the comment at the top of the old file.
func (n *next) startFile(name string) *writer {
	w := &writer{}
	old, _ := n.l.read(path.Join("data", n.previous.Name, name))
	for line := range strings.Lines(old) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		w.line(strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "content/"+n.previous.Name, "content/"+n.name))
	}
	return w
}

// save adds a data file to the draft.
func (n *next) save(name string, w *writer) {
	n.draft.Files[path.Join("data", n.name, name)] = w.String()
}

func writeRecords[T interface{ record() Record }](w *writer, all []T) {
	for _, v := range all {
		w.line("")
		w.record(v.record().ID, v)
	}
}

// A writer writes TOML in the style of the source's files.
type writer struct {
	bytes.Buffer
	notes map[string]string // comments above fields, by the field's path
}

func (w *writer) line(text string) { w.WriteString(text + "\n") }

func (w *writer) comment(lines ...string) {
	for _, line := range lines {
		w.line("# " + line)
	}
}

func (w *writer) record(id string, v any) {
	w.line("[" + id + "]")
	w.table(id, reflect.Indirect(reflect.ValueOf(v)))
}

// TOML returns the update as it is written in a data file, below the item with that id.
func (u *Update) TOML(item string) string {
	w := &writer{}
	w.line("[[" + item + ".updates]]")
	w.table("", reflect.ValueOf(*u))
	return w.String()
}

// value writes one field.
func (w *writer) value(key string, value any) {
	switch value := value.(type) {
	case Date:
		w.line(key + " = " + value.ISO())
		return
	case Number:
		if _, err := strconv.ParseInt(string(value), 10, 64); err == nil && (value == "0" || value[0] != '0') {
			w.line(key + " = " + string(value))
			return
		}
	case []string:
		if len(value) == 0 {
			w.line(key + " = []")
			return
		}
	case Text:
		if lines := strings.TrimRight(string(value), "\n"); strings.Contains(lines, "\n") {
			w.line(key + ` = """` + "\n" + severalLines.Replace(lines) + `"""`)
			return
		}
	}
	// It fails only for types that records do not have.
	if err := toml.NewEncoder(w).Encode(map[string]any{key: value}); err != nil {
		panic("report: " + err.Error())
	}
}

// severalLines escapes a text for triple quotes.
var severalLines = strings.NewReplacer(`\`, `\\`, `"""`, `""\"`)

// table writes the fields of a struct in order, without empty ones. Those that are
// tables themselves come last, as TOML requires.
func (w *writer) table(path string, v reflect.Value) {
	var tables []func()
	for i := range v.NumField() {
		key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("toml"), ",")
		field := v.Field(i)
		empty := field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0
		if key == "" || key == "-" || empty && v.Type().Field(i).Tag.Get("list") == "" {
			continue
		}
		fieldPath := childPath(path, key)
		name := fieldPath // in brackets, without the indexes of elements
		switch {
		case field.Kind() == reflect.Struct && isTable(field.Type()):
			tables = append(tables, func() {
				if hasValues(field) {
					w.line("\n[" + name + "]")
				}
				w.table(fieldPath, field)
			})
		case field.Kind() == reflect.Slice && isTable(field.Type().Elem()):
			tables = append(tables, func() {
				for i := range field.Len() {
					w.line("\n[[" + name + "]]")
					w.table(elementPath(fieldPath, i), reflect.Indirect(field.Index(i)))
				}
			})
		default:
			if note := w.notes[fieldPath]; note != "" {
				w.comment(strings.Split(note, "\n")...)
			}
			w.value(key, field.Interface())
		}
	}
	for _, write := range tables {
		write()
	}
}

// hasValues reports whether a struct has fields other than tables. One without
// needs no name in brackets.
func hasValues(v reflect.Value) bool {
	for i := range v.NumField() {
		fieldType := v.Field(i).Type()
		if !isTable(fieldType) && !(fieldType.Kind() == reflect.Slice && isTable(fieldType.Elem())) && !v.Field(i).IsZero() {
			return true
		}
	}
	return false
}
