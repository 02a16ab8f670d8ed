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
	"slices"
	"strconv"
	"strings"
	"time"

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
	Source    string    `json:"source,omitempty" jsonschema_description:"a public page that says so; left out if there is none" jsonschema:"format=uri"`
	Address   string    `json:"address" jsonschema_description:"of its place" jsonschema:"format=uri-reference"`
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
	next := followers(lib)
	for _, rep := range lib.Reports {
		data := newMaker(lib, rep, address, next).report()
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
		all = append(all, File{path.Join(rep.Year, JSONFile), text.Bytes()},
			File{path.Join(rep.Year, RecommendationsFile), recommendations}, File{path.Join(rep.Year, ChallengesFile), challenges})
	}
	return all, nil
}

// A maker makes one report's data.
type maker struct {
	lib   *report.Library
	rep   report.Report
	base  string // what stands before an address within the site
	names map[string]string
	asked map[string]bool   // the organisations that the report asks something of
	next  map[string]string // see followers
}

func newMaker(lib *report.Library, rep report.Report, address string, next map[string]string) *maker {
	m := &maker{lib, rep, address, map[string]string{}, map[string]bool{}, next}
	if m.base == "" {
		m.base = "../" // from the report's folder
	}
	for _, o := range lib.Organisations {
		m.names[o.ID] = o.Name
	}
	for _, ch := range rep.Challenges {
		m.ask(ch.AddressedTo)
	}
	for _, r := range rep.Recommendations {
		m.ask(r.AddressedTo)
	}
	return m
}

func (m *maker) ask(ids []string) {
	for _, id := range ids {
		m.asked[id] = true
	}
}

// at gives an address in the report of a year.
func (m *maker) at(year, within string) string {
	if year == m.rep.Year && m.base == "../" {
		if within == "" || within[0] == '#' { // or else it would be this file
			return "./" + within
		}
		return within
	}
	return m.base + year + "/" + within
}

func (m *maker) report() Report {
	rep := m.rep
	r := Report{
		Schema: m.base + SchemaFile, Version: Version, Year: number(rep.Year), Title: rep.Title, Date: day(rep.Paper.Date), Subject: rep.Paper.Subject,
		From: m.body(rep.Paper.From), To: m.body(rep.Paper.To), Address: m.at(rep.Year, ""),
		Recommendations: []Recommendation{}, Challenges: []Challenge{}, Themes: []Theme{}, Measures: []Measure{}, Paragraphs: []Paragraph{}, Organisations: []Organisation{},
	}
	for _, t := range rep.Themes {
		r.Themes = append(r.Themes, Theme{t.Number, t.ID, t.Title, t.Wording, m.at(rep.Year, themePlace+t.ID)})
	}
	for _, p := range rep.Paragraphs {
		r.Paragraphs = append(r.Paragraphs, m.paragraph(p.ID))
	}
	for _, c := range rep.Challenges {
		it := m.item(challengePlace, c.Record, c.Number, c.Title, c.Wording, c.AddressedTo, c.Findings, c.Follows, c.Closed, c.Updates)
		r.Challenges = append(r.Challenges, Challenge{it, m.theme(c.Theme)})
	}
	for _, rec := range rep.Recommendations {
		it := m.item(recommendationPlace, rec.Record, rec.Number, rec.Title, rec.Wording, rec.AddressedTo, rec.Findings, rec.Follows, rec.Closed, rec.Updates)
		r.Recommendations = append(r.Recommendations, Recommendation{it, m.challenges(rec.Challenges)})
	}
	for _, me := range rep.Measures {
		measure := Measure{me.Number, me.ID, me.Title, me.Pace, me.Direction, me.Meaning, m.paragraph(me.Finding), me.Unit, []Value{}, me.Source, m.at(rep.Year, "#measure-"+me.ID)}
		for _, v := range me.Values {
			measure.Values = append(measure.Values, Value{v.Period, v.Value})
		}
		r.Measures = append(r.Measures, measure)
	}
	for _, o := range m.lib.Organisations {
		body := Organisation{o.ID, o.Name, o.Role, append([]string{}, o.AlsoKnownAs...), o.Source, ""}
		if m.asked[o.ID] {
			body.Address = m.at(rep.Year, "organisations/#organisation-"+o.ID)
		}
		r.Organisations = append(r.Organisations, body)
	}
	return r
}

// Where in a report's folder things stand, but for their ids.
const (
	challengePlace      = "conclusions/#challenge-"
	recommendationPlace = "recommendations/#recommendation-"
	themePlace          = "conclusions/#theme-"
)

func (m *maker) item(place string, rec report.Record, number int, title, wording string, addressedTo, findings []string, follows, closed string, updates []report.Update) Item {
	it := Item{Number: number, ID: rec.ID, Title: title, Wording: wording, Address: m.at(m.rep.Year, place+rec.ID),
		AddressedTo: m.bodies(addressedTo), Findings: []Paragraph{}, Follows: m.other(place, follows), FollowedBy: m.other(place, m.next[place+m.rep.Year+"/"+rec.ID]), Updates: []Update{}}
	if m.rep.Year != m.lib.Reports[0].Year { // or else no report says that it is not asked again
		it.Closed = closed
	}
	for _, id := range findings {
		it.Findings = append(it.Findings, m.paragraph(id))
	}
	for _, u := range updates {
		it.Updates = append(it.Updates, Update{day(u.Date), m.bodies(u.By), u.Status, u.Text, u.Source})
		it.Status = u.Status
	}
	return it
}

// other gives the item that follows names, as in "2014/early-help", or nil.
func (m *maker) other(place, follows string) *Other {
	year, id, ok := strings.Cut(follows, "/")
	if !ok {
		return nil
	}
	return &Other{number(year), id, m.at(year, place+id)}
}

// followers gives the item that follows each, as in "2015/early-help", by the
// place of its kind and what the follower says that it follows.
func followers(lib *report.Library) map[string]string {
	all := map[string]string{}
	for _, rep := range slices.Backward(lib.Reports) {
		for _, c := range rep.Challenges {
			all[challengePlace+c.Follows] = rep.Year + "/" + c.ID
		}
		for _, r := range rep.Recommendations {
			all[recommendationPlace+r.Follows] = rep.Year + "/" + r.ID
		}
	}
	return all
}

func (m *maker) body(id string) Body { return Body{id, m.names[id]} }

func (m *maker) bodies(ids []string) []Body {
	all := []Body{}
	for _, id := range ids {
		all = append(all, m.body(id))
	}
	return all
}

func (m *maker) theme(id string) Ref {
	for _, t := range m.rep.Themes {
		if t.ID == id {
			return Ref{id, t.Title, m.at(m.rep.Year, themePlace+id)}
		}
	}
	return Ref{ID: id} // the library has no such challenge
}

func (m *maker) challenges(ids []string) []Ref {
	all := []Ref{}
	for _, id := range ids {
		for _, c := range m.rep.Challenges {
			if c.ID == id {
				all = append(all, Ref{id, c.Title, m.at(m.rep.Year, challengePlace+id)})
			}
		}
	}
	return all
}

func (m *maker) paragraph(id string) Paragraph {
	for _, p := range m.rep.Paragraphs {
		if p.ID == id {
			page := strings.TrimSuffix(path.Base(p.Place.File), ".md") + "/"
			if page == "_index/" {
				page = ""
			}
			return Paragraph{id, p.Title, m.at(m.rep.Year, page+"#"+id)}
		}
	}
	return Paragraph{ID: id} // the library has no such finding
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// number gives the year that a report's name is: four digits.
func number(year string) int {
	n, _ := strconv.Atoi(year)
	return n
}
