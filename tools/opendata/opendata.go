// Package opendata makes the files in which programs and spreadsheets get a
// report: report.json, with all of its formal items, and a table each of its
// recommendations and challenges. What is in them comes from [report.Library],
// as what is on the pages does; package check proves that the two agree.
//
// The shape of report.json is that of [Report], which has a version: a name,
// once there, keeps its meaning as long as the version stays. Its JSON schema,
// made from the types' tags by go generate ./tools/schemas, is published beside
// the reports.
package opendata

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"annualreport/tools/report"
)

// Version is that of the shape of report.json and of the tables' columns.
const Version = 1

// Schema is the JSON schema of report.json. It is published as [SchemaFile].
//
//go:embed report.schema.json
var Schema []byte

// SchemaFile is where in the site the schema of all reports' data stands.
const SchemaFile = "report.schema.json"

// A Report is what report.json holds.
type Report struct {
	Schema          string           `json:"$schema" jsonschema_description:"the address of the schema that this file is right by"`
	Version         int              `json:"version" jsonschema_description:"of this shape: a name keeps its meaning as long as it stays" jsonschema:"enum=1"`
	Year            int              `json:"year" jsonschema_description:"the year that the report was published in"`
	Title           string           `json:"title" jsonschema_description:"of the report's summary"`
	Date            string           `json:"date" jsonschema_description:"of the paper" jsonschema:"format=date"`
	Subject         string           `json:"subject" jsonschema_description:"of the paper, as its head has it"`
	From            Body             `json:"from" jsonschema_description:"whose report it is"`
	To              Body             `json:"to" jsonschema_description:"the body that it was put to"`
	Address         string           `json:"address" jsonschema_description:"of the summary; all addresses of the site are relative to this file's own, or whole if the site was built with --base-url" jsonschema:"format=uri-reference"`
	Recommendations []Recommendation `json:"recommendations" jsonschema_description:"what named bodies are asked to do, in the order of their numbers"`
	Challenges      []Challenge      `json:"challenges" jsonschema_description:"what strategic bodies are challenged to do, in the order of their numbers"`
	Themes          []Theme          `json:"themes" jsonschema_description:"what the challenges are grouped by"`
	Measures        []Measure        `json:"measures" jsonschema_description:"what the report says is moving, and which way"`
	Paragraphs      []Paragraph      `json:"paragraphs" jsonschema_description:"the passages with a number that people cite, in their order"`
	Organisations   []Organisation   `json:"organisations" jsonschema_description:"the bodies that are named in this file by their ids"`
}

// An Item is what a recommendation and a challenge have in common.
type Item struct {
	Number      int         `json:"number" jsonschema_description:"how people cite it"`
	ID          string      `json:"id" jsonschema_description:"its name within the report, among items of its kind"`
	Title       string      `json:"title" jsonschema_description:"in plain English"`
	Wording     string      `json:"wording" jsonschema_description:"the formal wording, exactly as the report has it"`
	Address     string      `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
	AddressedTo []Body      `json:"addressed_to" jsonschema_description:"who is asked"`
	Findings    []Paragraph `json:"findings" jsonschema_description:"the paragraphs that bear on it, as the site's editors see it"`
	Follows     *Other      `json:"follows,omitempty" jsonschema_description:"the item of the report before that it carries on; left out if there is none"`
	FollowedBy  *Other      `json:"followed_by,omitempty" jsonschema_description:"the item of the next report that carries it on; left out if there is none"`
	Closed      string      `json:"closed,omitempty" jsonschema_description:"why the next report does not ask it again; left out if it does, or there is none yet"`
	Status      string      `json:"status,omitempty" jsonschema_description:"the last update's; left out if nothing is recorded to have become of it" jsonschema:"enum=accepted,enum=in progress,enum=completed,enum=not accepted"`
	Updates     []Update    `json:"updates" jsonschema_description:"what is recorded to have become of it, oldest first"`
}

// A Recommendation is an item that arises from challenges.
type Recommendation struct {
	Item
	Challenges []Ref `json:"challenges" jsonschema_description:"what it arises from"`
}

// A Challenge is an item that belongs to a theme.
type Challenge struct {
	Item
	Theme Ref `json:"theme" jsonschema_description:"what it is grouped by"`
}

// A Body is an organisation that something has to do with.
type Body struct {
	ID   string `json:"id" jsonschema_description:"as in organisations"`
	Name string `json:"name" jsonschema_description:"as the reports write it"`
}

// A Ref names a theme or challenge of the report.
type Ref struct {
	ID      string `json:"id" jsonschema_description:"as in challenges, or themes"`
	Title   string `json:"title" jsonschema_description:"in plain English"`
	Address string `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
}

// An Other names an item of another report.
type Other struct {
	Year    int    `json:"year" jsonschema_description:"of that report"`
	ID      string `json:"id" jsonschema_description:"its name within that report"`
	Address string `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
}

// An Update says what became of an item.
type Update struct {
	Date   string `json:"date" jsonschema_description:"when" jsonschema:"format=date"`
	By     []Body `json:"by" jsonschema_description:"who it comes from"`
	Status string `json:"status" jsonschema_description:"how far it was" jsonschema:"enum=accepted,enum=in progress,enum=completed,enum=not accepted"`
	Text   string `json:"text" jsonschema_description:"in plain English"`
	Source string `json:"source" jsonschema_description:"a public page that says so" jsonschema:"format=uri"`
}

// A Theme is what challenges are grouped by.
type Theme struct {
	Number  int    `json:"number" jsonschema_description:"the order"`
	ID      string `json:"id" jsonschema_description:"its name within the report"`
	Title   string `json:"title" jsonschema_description:"in plain English"`
	Wording string `json:"wording" jsonschema_description:"exactly as the report has it"`
	Address string `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
}

// A Measure is something that the report says is moving.
type Measure struct {
	Number    int       `json:"number" jsonschema_description:"the order"`
	ID        string    `json:"id" jsonschema_description:"its name within the report"`
	Title     string    `json:"title" jsonschema_description:"in plain English"`
	Pace      string    `json:"pace,omitempty" jsonschema_description:"how it moves, in the report’s own word"`
	Direction string    `json:"direction" jsonschema_description:"which way it moves" jsonschema:"enum=rising,enum=falling,enum=improving,enum=steady"`
	Meaning   string    `json:"meaning" jsonschema_description:"how the report takes it" jsonschema:"enum=good,enum=bad,enum=neutral"`
	Finding   Paragraph `json:"finding" jsonschema_description:"the paragraph that says so"`
	Unit      string    `json:"unit,omitempty" jsonschema_description:"what its figures count; left out if the report gives none"`
	Values    []Value   `json:"values" jsonschema_description:"its figures, if the report gives any"`
	Series    []Series  `json:"series,omitempty" jsonschema_description:"its figures, if they are of more than one body or area; values is then empty"`
	Target    *float64  `json:"target,omitempty" jsonschema_description:"the figure that is aimed at; left out if there is none"`
	Baseline  float64   `json:"baseline,omitempty" jsonschema_description:"where the scale of its chart starts; left out if that is at zero"`
	Source    string    `json:"source,omitempty" jsonschema_description:"a public page that says so; left out if there is none" jsonschema:"format=uri"`
	Address   string    `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
}

// A Series is one of several rows of figures of a measure.
type Series struct {
	Name   string  `json:"name" jsonschema_description:"whose figures they are"`
	Values []Value `json:"values"`
}

// A Value is one figure of a measure.
type Value struct {
	Period string  `json:"period" jsonschema_description:"the time that it is for"`
	Value  float64 `json:"value"`
}

// A Paragraph is a passage with a number that people cite.
type Paragraph struct {
	ID      string `json:"id" jsonschema_description:"its number: 3.9"`
	Title   string `json:"title" jsonschema_description:"its heading"`
	Address string `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
}

// An Organisation is a body that reports speak to.
type Organisation struct {
	ID          string   `json:"id" jsonschema_description:"its name in this file"`
	Name        string   `json:"name" jsonschema_description:"as the reports write it"`
	Role        string   `json:"role" jsonschema_description:"what it is, in one sentence"`
	AlsoKnownAs []string `json:"also_known_as" jsonschema_description:"other names that a reader may meet"`
	Source      string   `json:"source,omitempty" jsonschema_description:"a public page for what the role says and the report does not; left out if there is none" jsonschema:"format=uri"`
	Address     string   `json:"address,omitempty" jsonschema_description:"of its place; left out if this report asks nothing of it" jsonschema:"format=uri-reference"`
}

// A File is one that the site publishes.
type File struct {
	Name  string // in the site, with forward slashes: "2014/report.json"
	Bytes []byte
}

// The names of the files in a report's folder.
const (
	JSONFile            = "report.json"
	RecommendationsFile = "recommendations.csv"
	ChallengesFile      = "challenges.csv"
)

// Files gives the data of the reports in lib, those of each year in its folder,
// and the schema. address is where the site will stand, with a slash at its
// end, or "".
func Files(lib *report.Library, address string) ([]File, error) {
	all := []File{{SchemaFile, Schema}}
	for _, rep := range lib.Reports {
		if rep.Draft {
			continue
		}
		files, err := reportFiles(lib, rep, address)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

func reportFiles(lib *report.Library, rep *report.Report, address string) ([]File, error) {
	m := maker{rep.Year, address}
	data := m.report(lib, rep)
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(data); err != nil {
		return nil, err
	}
	recommendations, err := recommendationsTable(data)
	if err != nil {
		return nil, err
	}
	challenges, err := challengesTable(data)
	if err != nil {
		return nil, err
	}
	return []File{{path.Join(rep.Year, JSONFile), text.Bytes()},
		{path.Join(rep.Year, RecommendationsFile), recommendations}, {path.Join(rep.Year, ChallengesFile), challenges}}, nil
}

// A maker makes the data of the report of a year.
type maker struct {
	year string
	base string // where the site will be, with a slash at its end, or ""
}

// at gives the address of something, from the report's folder if the site's own
// is not known.
func (m maker) at(of report.Linkable) string {
	address := strings.TrimPrefix(of.Target().Address(), "/")
	if m.base != "" {
		return m.base + address
	}
	within, own := strings.CutPrefix(address, m.year+"/")
	switch {
	case !own:
		return "../" + address
	case within == "" || within[0] == '#': // or else it would be this file
		return "./" + within
	}
	return within
}

func (m maker) report(lib *report.Library, rep *report.Report) Report {
	schema := SchemaFile
	if m.base == "" {
		schema = "../" + schema
	}
	r := Report{
		Schema: m.base + schema, Version: Version, Year: number(rep.Year), Title: string(rep.Title), Date: rep.Paper.Date.ISO(), Subject: string(rep.Paper.Subject),
		From: body(rep.Paper.From), To: body(rep.Paper.To), Address: m.at(rep.Summary),
		Recommendations: []Recommendation{}, Challenges: []Challenge{}, Themes: []Theme{}, Measures: []Measure{}, Paragraphs: m.paragraphs(rep.Paragraphs), Organisations: []Organisation{},
	}
	for _, t := range rep.Themes {
		r.Themes = append(r.Themes, Theme{t.Number, t.ID, string(t.Title), string(t.Wording), m.at(t)})
	}
	for _, it := range rep.Challenges {
		r.Challenges = append(r.Challenges, Challenge{m.item(it), Ref{it.Group.ID, string(it.Group.Title), m.at(it.Group)}})
	}
	for _, it := range rep.Recommendations {
		from := []Ref{}
		for _, c := range it.ArisesFrom {
			from = append(from, Ref{c.ID, string(c.Title), m.at(c)})
		}
		r.Recommendations = append(r.Recommendations, Recommendation{m.item(it), from})
	}
	for _, me := range rep.Measures {
		measure := Measure{me.Number, me.ID, string(me.Title), string(me.Pace), me.Direction, me.Meaning, m.paragraph(me.Paragraph), string(me.Unit), values(me.Values), nil, me.Goal, me.Baseline, me.Source, m.at(me)}
		for _, s := range me.Series {
			measure.Series = append(measure.Series, Series{string(s.Name), values(s.Values)})
		}
		r.Measures = append(r.Measures, measure)
	}
	for _, o := range lib.Organisations {
		b := Organisation{o.ID, string(o.Name), string(o.Role), []string{}, o.Source, ""}
		for _, name := range o.AlsoKnownAs {
			b.AlsoKnownAs = append(b.AlsoKnownAs, string(name))
		}
		if asked := rep.Body(o.ID); asked.Asked() {
			b.Address = m.at(asked)
		}
		r.Organisations = append(r.Organisations, b)
	}
	return r
}

func (m maker) item(it *report.Item) Item {
	data := Item{Number: it.Number, ID: it.ID, Title: string(it.Title), Wording: string(it.Wording), Address: m.at(it),
		AddressedTo: bodies(it.Bodies), Findings: m.paragraphs(it.Paragraphs), FollowedBy: m.other(it.Later), Updates: []Update{}}
	if n := len(it.Earlier); n > 0 {
		data.Follows = m.other(it.Earlier[n-1])
	}
	if it.State.Closed != nil {
		data.Closed = string(it.Closed)
	}
	for _, u := range it.Updates {
		data.Updates = append(data.Updates, Update{u.Date.ISO(), bodies(u.Bodies), u.Status, string(u.Text), u.Source})
		data.Status = u.Status
	}
	return data
}

func values(of []report.Value) []Value {
	all := []Value{}
	for _, v := range of {
		all = append(all, Value{string(v.Period), v.Value})
	}
	return all
}

// other names an item of another report, or nil.
func (m maker) other(it *report.Item) *Other {
	if it == nil {
		return nil
	}
	return &Other{number(it.Report.Year), it.ID, m.at(it)}
}

func body(o *report.Organisation) Body { return Body{o.ID, string(o.Name)} }

func bodies(of []*report.Body) []Body {
	all := []Body{}
	for _, b := range of {
		all = append(all, body(b.Organisation))
	}
	return all
}

func (m maker) paragraph(h *report.Passage) Paragraph {
	return Paragraph{h.ID, string(h.Title), m.at(h)}
}

func (m maker) paragraphs(of []*report.Passage) []Paragraph {
	all := []Paragraph{}
	for _, h := range of {
		all = append(all, m.paragraph(h))
	}
	return all
}

// number gives the year that a report's name is: four digits.
func number(year string) int {
	n, _ := strconv.Atoi(year)
	return n
}
