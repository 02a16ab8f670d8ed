// Package opendata writes reports as data for programs and spreadsheets:
// report.json, with all formal items, and a table each of the recommendations and
// the challenges. Like the pages, the data comes from [report.Library]; package
// check proves that the two agree.
//
// [Report] defines the shape of report.json, which has a version: a name keeps its
// meaning as long as the version stays the same. The JSON schema, generated from
// the types' tags by go generate ./tools/schemas, is published beside the reports.
package opendata

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"path"
	"strings"

	"annualreport/tools/report"
)

// Version is the version of the shape of report.json and of the tables' columns.
const Version = 2

// Schema is the JSON schema of report.json. It is published as [SchemaFile].
//
//go:embed report.schema.json
var Schema []byte

// SchemaFile is the name of the schema in the site.
const SchemaFile = "report.schema.json"

// A Report is the content of report.json.
type Report struct {
	Schema          string           `json:"$schema" jsonschema_description:"the address of this file's schema"`
	Version         int              `json:"version" jsonschema_description:"the version of this shape: names keep their meaning as long as it stays the same" jsonschema:"enum=2"`
	Name            string           `json:"name" jsonschema_description:"the name of the report's folder on the site, such as 2014 or 2014-15"`
	Series          string           `json:"series,omitempty" jsonschema_description:"the series that it belongs to; left out for annual reports"`
	Label           string           `json:"label,omitempty" jsonschema_description:"what the report is called; left out for annual reports"`
	Title           string           `json:"title" jsonschema_description:"the title of the report's summary"`
	Date            string           `json:"date" jsonschema_description:"the date of the report" jsonschema:"format=date"`
	AsAt            string           `json:"as_at" jsonschema_description:"the day as at which statements about now, such as overdue, are made" jsonschema:"format=date"`
	Due             string           `json:"due,omitempty" jsonschema_description:"when answers or results are due; left out if the report does not say" jsonschema:"format=date"`
	Subject         string           `json:"subject,omitempty" jsonschema_description:"the subject of the committee paper; left out if the report is not one"`
	From            Body             `json:"from" jsonschema_description:"the publisher of the report"`
	To              *Body            `json:"to,omitempty" jsonschema_description:"the body that the paper is addressed to; left out if there is none"`
	Address         string           `json:"address" jsonschema_description:"the address of the summary; addresses on the site are relative to this file, or absolute if the site was built with --base-url" jsonschema:"format=uri-reference"`
	Recommendations []Recommendation `json:"recommendations" jsonschema_description:"what named bodies are asked to do, in the report's order"`
	Challenges      []Challenge      `json:"challenges" jsonschema_description:"what strategic bodies are challenged to do, in the report's order"`
	Themes          []Theme          `json:"themes" jsonschema_description:"what the challenges are grouped by"`
	Measures        []Measure        `json:"measures" jsonschema_description:"what the report says is changing, and in which direction"`
	Requirements    []Requirement    `json:"requirements" jsonschema_description:"what law or guidance requires of the report, in the order of its data; empty if nothing is recorded"`
	Paragraphs      []Paragraph      `json:"paragraphs" jsonschema_description:"the numbered passages that people cite, in order"`
	Organisations   []Organisation   `json:"organisations" jsonschema_description:"the bodies that this file refers to by their ids"`
	Statuses        []Status         `json:"statuses" jsonschema_description:"the words for bodies' answers, for their progress and for independent verdicts, by kind, least advanced first"`
}

// An Item is what a recommendation and a challenge have in common.
type Item struct {
	Number        string      `json:"number" jsonschema_description:"how people cite it"`
	ID            string      `json:"id" jsonschema_description:"its name within the report, among items of its kind"`
	Title         string      `json:"title" jsonschema_description:"in plain English"`
	Stem          string      `json:"stem,omitempty" jsonschema_description:"words of the report that come before the wording; left out if there are none"`
	Wording       string      `json:"wording" jsonschema_description:"the formal wording, exactly as the report has it, with its paragraphs and lists"`
	Address       string      `json:"address" jsonschema_description:"the address of its place in the list" jsonschema:"format=uri-reference"`
	Page          string      `json:"page" jsonschema_description:"the address of its own page, with everything that is known about it, which people cite" jsonschema:"format=uri-reference"`
	AddressedTo   []Body      `json:"addressed_to" jsonschema_description:"who is asked; empty if the report does not say"`
	AddressedNote string      `json:"addressed_note,omitempty" jsonschema_description:"a reservation about who is asked, such as chiefly; left out if there is none"`
	Findings      []Paragraph `json:"findings" jsonschema_description:"the paragraphs that it is based on, in the view of the site's editors"`
	Follows       *Other      `json:"follows,omitempty" jsonschema_description:"the item of an earlier report that it continues; left out if there is none"`
	FollowedBy    *Other      `json:"followed_by,omitempty" jsonschema_description:"the item of the next report that continues it; left out if there is none"`
	Due           string      `json:"due,omitempty" jsonschema_description:"when an answer or result is due; left out if nobody says" jsonschema:"format=date"`
	DoneWhen      string      `json:"done_when,omitempty" jsonschema_description:"what would count as done; left out if nobody says"`
	Closed        string      `json:"closed,omitempty" jsonschema_description:"why the next report does not ask it again; left out if it does, or there is none yet"`
	State         string      `json:"state" jsonschema_description:"how far it has got: done (every body asked says so), under-way (one says how far it has got), answered (one has answered), no-public-reply, or closed (the next report says why it does not ask it again)" jsonschema:"enum=done,enum=under-way,enum=answered,enum=no-public-reply,enum=closed"`
	Requests      []Request   `json:"requests" jsonschema_description:"one for each body asked, with what it has said"`
	Updates       []Update    `json:"updates" jsonschema_description:"what happened next, oldest first"`
}

// A Request is what an item asks of one body, and what that body has said.
type Request struct {
	Body     Body   `json:"body" jsonschema_description:"the body that is asked"`
	Answer   string `json:"answer,omitempty" jsonschema_description:"its latest answer, as in statuses; left out if there is none"`
	Progress string `json:"progress,omitempty" jsonschema_description:"its latest progress, as in statuses; left out if there is none"`
	Due      string `json:"due,omitempty" jsonschema_description:"when it has promised it, or when it is due; left out if nobody says" jsonschema:"format=date"`
	Overdue  bool   `json:"overdue" jsonschema_description:"that day is past, and the body has not said that it is done"`
	Silent   bool   `json:"silent" jsonschema_description:"the body is not known to have said anything"`
}

// A Recommendation is an item that arises from challenges.
type Recommendation struct {
	Item
	Challenges []Ref `json:"challenges" jsonschema_description:"what it arises from"`
}

// A Challenge is an item that belongs to a theme.
type Challenge struct {
	Item
	Theme *Ref `json:"theme,omitempty" jsonschema_description:"its theme; left out if it has none"`
}

// A Body is a reference to an organisation.
type Body struct {
	ID   string `json:"id" jsonschema_description:"as in organisations"`
	Name string `json:"name" jsonschema_description:"on the report's day"`
}

// A Ref is a reference to a theme or challenge of the report.
type Ref struct {
	ID      string `json:"id" jsonschema_description:"as in challenges, or themes"`
	Title   string `json:"title" jsonschema_description:"in plain English"`
	Address string `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
}

// An Other is a reference to an item of another report.
type Other struct {
	Report  string `json:"report" jsonschema_description:"the name of that report"`
	ID      string `json:"id" jsonschema_description:"its name within that report"`
	Address string `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
}

// An Update is news about an item from somebody.
type Update struct {
	Date      string `json:"date" jsonschema_description:"the date of the news" jsonschema:"format=date"`
	By        []Body `json:"by" jsonschema_description:"who the news is from, which need not be a body that is asked"`
	Answer    string `json:"answer,omitempty" jsonschema_description:"their answer to being asked, as in statuses; left out if there is none"`
	Progress  string `json:"progress,omitempty" jsonschema_description:"how far they say it has got, as in statuses; left out if they do not"`
	Verdict   string `json:"verdict,omitempty" jsonschema_description:"what somebody independent found, as in statuses; left out if nothing"`
	Due       string `json:"due,omitempty" jsonschema_description:"when they promise it; left out if they do not" jsonschema:"format=date"`
	Next      string `json:"next,omitempty" jsonschema_description:"the next step; left out if they name none"`
	Text      string `json:"text" jsonschema_description:"in plain English, by the site's editors"`
	Quote     string `json:"quote,omitempty" jsonschema_description:"their own words; left out if there are none"`
	ID        string `json:"id" jsonschema_description:"its name among the updates of the item"`
	Source    string `json:"source,omitempty" jsonschema_description:"a public page that says so; left out if a document does" jsonschema:"format=uri"`
	Document  string `json:"document,omitempty" jsonschema_description:"the address of a document that says so; left out if a page does" jsonschema:"format=uri-reference"`
	Archived  string `json:"archived,omitempty" jsonschema_description:"a copy of that page; left out if there is none" jsonschema:"format=uri"`
	Withdrawn string `json:"withdrawn,omitempty" jsonschema_description:"why it turned out to be wrong; left out if it did not"`
}

// A Status is a word for an answer, for progress or for a verdict.
type Status struct {
	ID      string `json:"id" jsonschema_description:"the id that updates and requests use"`
	Name    string `json:"name" jsonschema_description:"as the pages show it"`
	Kind    string `json:"kind" jsonschema_description:"what the word is about" jsonschema:"enum=answer,enum=progress,enum=verdict"`
	Meaning string `json:"meaning" jsonschema_description:"in one sentence"`
	Open    bool   `json:"open" jsonschema_description:"there is something left to do"`
}

// A Theme is what challenges are grouped by.
type Theme struct {
	Number  string `json:"number" jsonschema_description:"how people cite it"`
	ID      string `json:"id" jsonschema_description:"its name within the report"`
	Title   string `json:"title" jsonschema_description:"in plain English"`
	Stem    string `json:"stem,omitempty" jsonschema_description:"words of the report that come before its challenges' wordings; left out if there are none"`
	Wording string `json:"wording,omitempty" jsonschema_description:"exactly as the report has it; left out if the theme has none of its own"`
	Address string `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
}

// A Measure is something that the report says is changing.
type Measure struct {
	Number    string    `json:"number" jsonschema_description:"its place in the order"`
	ID        string    `json:"id" jsonschema_description:"its name within the report"`
	Title     string    `json:"title" jsonschema_description:"in plain English"`
	Pace      string    `json:"pace,omitempty" jsonschema_description:"how it changes, in the report’s own word"`
	Direction string    `json:"direction" jsonschema_description:"the direction of the change" jsonschema:"enum=rising,enum=falling,enum=improving,enum=steady"`
	Meaning   string    `json:"meaning" jsonschema_description:"whether the report sees it as good or bad" jsonschema:"enum=good,enum=bad,enum=neutral"`
	Finding   Paragraph `json:"finding" jsonschema_description:"the paragraph that says so"`
	Unit      string    `json:"unit,omitempty" jsonschema_description:"what its figures count; left out if the report gives none"`
	Values    []Value   `json:"values" jsonschema_description:"its figures, if the report gives any"`
	Series    []Series  `json:"series,omitempty" jsonschema_description:"its figures, if they are for more than one body or area; values is then empty"`
	Target    *float64  `json:"target,omitempty" jsonschema_description:"the target figure; left out if there is none"`
	Baseline  float64   `json:"baseline,omitempty" jsonschema_description:"where the scale of its chart starts; left out if at zero"`
	Source    string    `json:"source,omitempty" jsonschema_description:"a public page that says so; left out if there is none" jsonschema:"format=uri"`
	Address   string    `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
}

// A Series is one of several rows of figures of a measure.
type Series struct {
	Name   string  `json:"name" jsonschema_description:"whose figures they are"`
	Values []Value `json:"values"`
}

// A Value is one figure of a measure.
type Value struct {
	Period string  `json:"period" jsonschema_description:"the period that the figure is for"`
	Value  float64 `json:"value"`
}

// A Requirement is something that law or guidance demands of the report. It has
// either met_in or not_met.
type Requirement struct {
	Number  string  `json:"number" jsonschema_description:"how people cite it"`
	ID      string  `json:"id" jsonschema_description:"its name within the report"`
	Wording string  `json:"wording" jsonschema_description:"what the law or guidance requires, in its exact words, with its paragraphs and lists"`
	Source  string  `json:"source" jsonschema_description:"a public page that says so" jsonschema:"format=uri"`
	MetIn   []Place `json:"met_in" jsonschema_description:"where the report meets it; empty if it does not"`
	NotMet  string  `json:"not_met,omitempty" jsonschema_description:"why the report does not meet it; left out if it does"`
	Address string  `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
}

// A Place is where the report meets a requirement.
type Place struct {
	Kind    string `json:"kind" jsonschema_description:"what is there" jsonschema:"enum=paragraph,enum=measure,enum=challenge,enum=recommendation"`
	ID      string `json:"id" jsonschema_description:"as in the list of those"`
	Title   string `json:"title,omitempty" jsonschema_description:"its heading or title; left out if it has none"`
	Address string `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
}

// A Paragraph is a passage with a number that people cite.
type Paragraph struct {
	ID      string `json:"id" jsonschema_description:"its number: 3.9"`
	Title   string `json:"title,omitempty" jsonschema_description:"its heading; left out if it has none"`
	Address string `json:"address" jsonschema_description:"the address of its place" jsonschema:"format=uri-reference"`
	name    string // within a sentence: "paragraph 3.9"
}

// An Organisation is a body that reports speak to.
type Organisation struct {
	ID          string   `json:"id" jsonschema_description:"its name in this file"`
	Name        string   `json:"name" jsonschema_description:"its name today, or its last name"`
	Role        string   `json:"role" jsonschema_description:"what it is, in one sentence"`
	AlsoKnownAs []string `json:"also_known_as" jsonschema_description:"other names that readers may come across"`
	Until       string   `json:"until,omitempty" jsonschema_description:"the day on which another body took over; left out if none did" jsonschema:"format=date"`
	Successor   *Body    `json:"successor,omitempty" jsonschema_description:"that body"`
	Source      string   `json:"source,omitempty" jsonschema_description:"a public page about its role; left out if there is none" jsonschema:"format=uri"`
	Address     string   `json:"address,omitempty" jsonschema_description:"the address of its place; left out if this report does not ask it anything" jsonschema:"format=uri-reference"`
}

// A File is a file to publish.
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

// ProgressFile is the name in the site of the table of progress across all reports.
const ProgressFile = "progress.csv"

// Files returns the data of the reports in lib, each in its own folder, and the
// schema. address is the site's address on the web, with a slash at its end, or
// "".
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
	progress, err := progressTable(lib, address)
	return append(all, File{ProgressFile, progress}), err
}

func reportFiles(lib *report.Library, rep *report.Report, address string) ([]File, error) {
	m := maker{rep.Name, address}
	data := m.report(lib, rep)
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(data); err != nil {
		return nil, err
	}
	files := []File{{path.Join(rep.Name, JSONFile), text.Bytes()}}
	for _, t := range []struct {
		name  string
		items int
		make  func(Report) ([]byte, error)
	}{{RecommendationsFile, len(data.Recommendations), recommendationsTable}, {ChallengesFile, len(data.Challenges), challengesTable}} {
		if t.items == 0 {
			continue
		}
		text, err := t.make(data)
		if err != nil {
			return nil, err
		}
		files = append(files, File{path.Join(rep.Name, t.name), text})
	}
	return files, nil
}

// A maker creates the data of a report.
type maker struct {
	name string // the report's name, or "" for files in the site's own folder
	base string // the site's address, with a slash at its end, or ""
}

// link returns the address of target, relative to the report's folder if the
// site's address is not known.
func (m maker) link(target report.Linkable) string {
	address := strings.TrimPrefix(target.Target().Address(), "/")
	if m.base != "" {
		return m.base + address
	}
	name, isOwn := strings.CutPrefix(address, m.name+"/")
	switch {
	case m.name == "": // the file is in the site's own folder
		return address
	case !isOwn:
		return "../" + address
	case name == "" || name[0] == '#': // "" would mean this file
		return "./" + name
	}
	return name
}

func (m maker) report(lib *report.Library, rep *report.Report) Report {
	schema := SchemaFile
	if m.base == "" {
		schema = "../" + schema
	}
	r := Report{
		Schema: m.base + schema, Version: Version, Name: rep.Name, Series: rep.Series, Label: string(rep.Label), Title: string(rep.Title),
		Date: rep.Date.ISO(), AsAt: lib.AsAt.ISO(), Due: formatDay(rep.Due), Subject: string(rep.Paper.Subject),
		From: newBody(rep.Body(rep.Publisher.ID)), Address: m.link(rep.Summary),
		Recommendations: []Recommendation{}, Challenges: []Challenge{}, Themes: []Theme{}, Measures: []Measure{}, Requirements: m.requirements(rep), Paragraphs: m.paragraphs(rep.Paragraphs),
		Organisations: []Organisation{}, Statuses: []Status{},
	}
	if to := rep.Paper.To; to != nil {
		r.To = &Body{to.ID, string(to.NameOn(rep.Date))}
	}
	for _, t := range rep.Themes {
		r.Themes = append(r.Themes, Theme{string(t.Number), t.ID, string(t.Title), string(t.Stem), string(t.Wording), m.link(t)})
	}
	for _, s := range lib.Statuses {
		r.Statuses = append(r.Statuses, Status{s.ID, string(s.Name), s.Kind, string(s.Meaning), s.Open})
	}
	for _, it := range rep.Challenges {
		c := Challenge{Item: m.item(it)}
		if t := it.Group; t != nil {
			c.Theme = &Ref{t.ID, string(t.Title), m.link(t)}
		}
		r.Challenges = append(r.Challenges, c)
	}
	for _, it := range rep.Recommendations {
		origins := []Ref{}
		for _, c := range it.ArisesFrom {
			origins = append(origins, Ref{c.ID, string(c.Title), m.link(c)})
		}
		r.Recommendations = append(r.Recommendations, Recommendation{m.item(it), origins})
	}
	for _, me := range rep.Measures {
		measure := Measure{string(me.Number), me.ID, string(me.Title), string(me.Pace), me.Direction, me.Meaning, m.paragraph(me.Paragraph), string(me.Unit), newValues(me.Values), nil, me.Goal, me.Baseline, me.Source, m.link(me)}
		for _, s := range me.Series {
			measure.Series = append(measure.Series, Series{string(s.Name), newValues(s.Values)})
		}
		r.Measures = append(r.Measures, measure)
	}
	for _, o := range lib.Organisations {
		b := Organisation{ID: o.ID, Name: string(o.Name), Role: string(o.Role), AlsoKnownAs: []string{}, Until: formatDay(o.Until), Source: o.Source}
		if o.Heir != nil {
			b.Successor = &Body{o.Heir.ID, string(o.Heir.Name)}
		}
		for _, name := range o.AlsoKnownAs {
			b.AlsoKnownAs = append(b.AlsoKnownAs, string(name))
		}
		if organisation := rep.Body(o.ID); organisation.IsAsked() {
			b.Address = m.link(organisation)
		}
		r.Organisations = append(r.Organisations, b)
	}
	return r
}

func (m maker) requirements(rep *report.Report) []Requirement {
	all := []Requirement{}
	for _, r := range rep.Requirements {
		data := Requirement{string(r.Number), r.ID, string(r.Wording), r.Source, []Place{}, string(r.NotMet), m.link(r)}
		for _, h := range r.Paragraphs {
			data.MetIn = append(data.MetIn, Place{"paragraph", h.ID, string(h.Title), m.link(h)})
		}
		for _, measure := range r.Measures {
			data.MetIn = append(data.MetIn, Place{"measure", measure.ID, string(measure.Title), m.link(measure)})
		}
		for _, it := range r.Items {
			data.MetIn = append(data.MetIn, Place{it.Kind, it.ID, string(it.Title), m.link(it)})
		}
		all = append(all, data)
	}
	return all
}

func (m maker) item(it *report.Item) Item {
	data := Item{Number: string(it.Number), ID: it.ID, Title: string(it.Title), Stem: string(it.Stem()), Wording: string(it.Wording), Address: m.link(it), Page: m.link(it.Page()),
		AddressedTo: newBodies(it.Bodies), AddressedNote: string(it.AddressedNote), Findings: m.paragraphs(it.Paragraphs), FollowedBy: m.other(it.Later),
		Due: formatDay(it.Due), DoneWhen: string(it.DoneWhen), State: it.State.Kind, Requests: []Request{}, Updates: []Update{}}
	if n := len(it.Earlier); n > 0 {
		data.Follows = m.other(it.Earlier[n-1])
	}
	if it.State.Closed != nil {
		data.Closed = string(it.Closed)
	}
	for _, r := range it.Requests {
		request := Request{Body: newBody(r.Body), Due: formatDay(r.Due), Overdue: r.Overdue, Silent: r.Silent}
		if r.Answer != nil {
			request.Answer = r.Answer.Answer
		}
		if r.Progress != nil {
			request.Progress = r.Progress.Progress
		}
		data.Requests = append(data.Requests, request)
	}
	for _, u := range it.Updates {
		data.Updates = append(data.Updates, Update{u.Date.ISO(), newBodies(u.Bodies), u.Answer, u.Progress, u.Verdict, formatDay(u.Due), string(u.Next), string(u.Text),
			string(u.Quote), u.Name(), u.Source, m.document(it, u), u.Archived, string(u.Withdrawn)})
	}
	return data
}

// document returns the address of an update's document, or "".
func (m maker) document(it *report.Item, u *report.Update) string {
	if u.Document == "" {
		return ""
	}
	if m.base != "" {
		return m.base + it.Report.Name + "/" + u.Document
	}
	return u.Document
}

// formatDay returns a date in ISO format, or "" for none.
func formatDay(d report.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.ISO()
}

func newValues(list []report.Value) []Value {
	all := []Value{}
	for _, v := range list {
		all = append(all, Value{string(v.Period), v.Value})
	}
	return all
}

// other returns a reference to an item of another report, or nil.
func (m maker) other(it *report.Item) *Other {
	if it == nil {
		return nil
	}
	return &Other{it.Report.Name, it.ID, m.link(it)}
}

func newBody(b *report.Body) Body { return Body{b.ID, string(b.Name)} }

func newBodies(list []*report.Body) []Body {
	all := []Body{}
	for _, b := range list {
		all = append(all, newBody(b))
	}
	return all
}

func (m maker) paragraph(h *report.Passage) Paragraph {
	return Paragraph{h.ID, string(h.Title), m.link(h), h.NameInText()}
}

func (m maker) paragraphs(list []*report.Passage) []Paragraph {
	all := []Paragraph{}
	for _, h := range list {
		all = append(all, m.paragraph(h))
	}
	return all
}
