// Package report says what an annual report is, and reads one.
//
// A [Library] is everything that the source folder holds: the bodies that
// reports speak to, the glossary, and one [Report] for each year. A report's
// formal items (themes, challenges, recommendations, measures) stand in TOML
// files in data/, a table for each record, the table's name being the record's
// id. Its narrative stands in Markdown files in content/, where a heading with
// a number as its id, ### Child protection plans {#3.9}, is a [Paragraph] that
// people cite.
//
// [Load] reads it all and believes nothing: what it returns without error is
// complete and consistent, so that templates and checks need not ask again.
// What is wrong comes back as [Problems], all of them at once, each with the
// file and line that an editor has to open.
//
// A report that is not to be published yet is a [Draft]. It stands beside the
// reports and keeps its problems to itself, so that it is in nobody's way.
// What a report leaves open, the next one takes up or closes: its items follow
// those of the report before. [Next] begins such a report.
package report

import (
	"strings"
	"time"
)

// A Library is all that the source folder says, read and found to be right.
type Library struct {
	Organisations []Organisation // in the order of their ids
	Glossary      []Term         // in the order of their ids
	Contacts      []Contact      // in the order of their numbers
	Reports       []Report       // those to publish, newest first; at least one
	Drafts        []Draft        // newest first
	Moved         []Moved        // the old addresses of pages, but for those of drafts
}

// A Moved is an address that a page of the site used to have.
type Moved struct {
	Place
	From string // the old address within the site: "/2014/old-name/" or "/old.html"
	To   string // the page's own address: "/2014/new-name/"
}

// A Report is one year's report.
type Report struct {
	Year            string // the name of its folder: the year it was published in, "2014"
	Title           string // of its summary
	Paper           Paper
	Themes          []Theme
	Challenges      []Challenge
	Recommendations []Recommendation
	Measures        []Measure
	Paragraphs      []Paragraph
}

// A Paper is what the head of the committee paper says that the report is.
type Paper struct {
	Date    time.Time // at midnight UTC
	Subject string
	From    string // an Organisation's id
	To      string // an Organisation's id
}

// A Place is where in the source something stands.
type Place struct {
	File string // from the source folder, with forward slashes
	Line int    // counted from 1; 0 if it is the file as a whole
}

// A Record is what every table in data/ has: a name and a place.
type Record struct {
	ID    string `toml:"-"` // the table's name: lower-case letters, digits, hyphens
	Place Place  `toml:"-"` // the line that the table begins on
}

// Each field of a record has tags. toml is its name in the file, with
// ",omitempty" if it may be left out. says is what it holds, in the words that
// editors meet: in the JSON schemas, at the head of each data file and in the
// README, all written from here by go generate ./tools/schemas. form names one
// of the [Forms], for texts and lists of texts that may not be just anything.

// An Organisation is a body that reports speak to.
type Organisation struct {
	Record
	Name        string   `toml:"name" form:"line" says:"as the reports write it"`
	Role        string   `toml:"role" form:"line" says:"one plain sentence"`
	AlsoKnownAs []string `toml:"also_known_as,omitempty" form:"line" says:"other names that a reader may meet"`
	Source      string   `toml:"source,omitempty" form:"address" says:"a public page for what the role says and the reports do not"`
}

// A Term is an entry of the glossary.
type Term struct {
	Record
	Term         string `toml:"term" form:"line" says:"as a reader meets it"`
	Meaning      string `toml:"meaning" says:"in plain English"`
	Abbreviation string `toml:"abbreviation,omitempty" form:"line" says:"the short form that the paper uses"`
	Source       string `toml:"source,omitempty" form:"address" says:"a public page that says so"`
}

// A Contact is where somebody who is worried about a child can turn. It has a
// telephone number, a page, or both.
type Contact struct {
	Record
	Number    int       `toml:"number" says:"the order on the page, counted from 1 without a gap"`
	Title     string    `toml:"title" form:"line" says:"for whom or when it is, as the page shows it"`
	Telephone string    `toml:"telephone,omitempty" form:"telephone" says:"the number to call, spaced as it is read out" jsonschema:"anyof_required=telephone"`
	Page      string    `toml:"page,omitempty" form:"address" says:"a public page, beside the telephone number or in its place" jsonschema:"anyof_required=page"`
	Children  bool      `toml:"children,omitempty" says:"true if it is for children themselves, who see it first"`
	Checked   time.Time `toml:"checked" says:"when somebody last saw that it is right, without quotes: 2026-11-23"` // at midnight UTC
}

// Dial gives the telephone number as a link dials it: its digits, after a plus
// sign if it begins with one.
func (c Contact) Dial() string { return strings.ReplaceAll(c.Telephone, " ", "") }

// A Theme is what challenges are grouped by.
type Theme struct {
	Record
	Number  int    `toml:"number" says:"the order on the page, counted from 1 without a gap"`
	Title   string `toml:"title" form:"line" says:"plain English, one line"`
	Wording string `toml:"wording" says:"exactly as the report has it"`
}

// A Challenge is something that strategic bodies are challenged to do.
type Challenge struct {
	Record
	Number      int      `toml:"number" says:"how people cite it, counted from 1 without a gap"`
	Theme       string   `toml:"theme" form:"id" says:"what it is grouped by: an id from themes.toml"`
	Title       string   `toml:"title" form:"line" says:"plain English, one line"`
	Wording     string   `toml:"wording" says:"exactly as the report has it"`
	AddressedTo []string `toml:"addressed_to" form:"id" says:"who is asked: ids from data/organisations.toml"`
	Findings    []string `toml:"findings,omitempty" form:"paragraph" says:"the paragraphs that bear on it, by their numbers in quotes"`
	Follows     string   `toml:"follows,omitempty" form:"item" says:"what it carries on of the report before, by year and name: \"2014/early-help\""`
	Closed      string   `toml:"closed,omitempty" form:"line" says:"why the next report does not ask it again, in one plain sentence"`
	Updates     []Update `toml:"updates,omitempty" says:"what became of it, oldest first: one [[id.updates]] for each"`
}

// A Recommendation is something that named bodies are asked to do.
type Recommendation struct {
	Record
	Number      int      `toml:"number" says:"how people cite it, counted from 1 without a gap"`
	Title       string   `toml:"title" form:"line" says:"plain English, one line"`
	Wording     string   `toml:"wording" says:"exactly as the report has it"`
	AddressedTo []string `toml:"addressed_to" form:"id" says:"who is asked: ids from data/organisations.toml"`
	Challenges  []string `toml:"challenges" form:"id" says:"what it arises from: ids from challenges.toml"`
	Findings    []string `toml:"findings,omitempty" form:"paragraph" says:"the paragraphs that bear on it, by their numbers in quotes"`
	Follows     string   `toml:"follows,omitempty" form:"item" says:"what it carries on of the report before, by year and name: \"2014/early-help\""`
	Closed      string   `toml:"closed,omitempty" form:"line" says:"why the next report does not ask it again, in one plain sentence"`
	Updates     []Update `toml:"updates,omitempty" says:"what became of it, oldest first: one [[id.updates]] for each"`
}

// An Update says what became of a challenge or recommendation.
type Update struct {
	Place  Place     `toml:"-"`
	Date   time.Time `toml:"date" says:"without quotes: 2015-09-15"` // at midnight UTC
	By     []string  `toml:"by" form:"id" says:"who it comes from: ids from data/organisations.toml"`
	Status string    `toml:"status" form:"status" says:"how far it is"`
	Text   string    `toml:"text" says:"in plain English"`
	Source string    `toml:"source" form:"address" says:"a public page that says so"`
}

// A Measure is something that the report says is moving, and which way.
type Measure struct {
	Record
	Number    int     `toml:"number" says:"the order on the page, counted from 1 without a gap"`
	Title     string  `toml:"title" form:"line" says:"plain English, one line"`
	Direction string  `toml:"direction" form:"direction" says:"which way it moves"`
	Pace      string  `toml:"pace,omitempty" form:"line" says:"how it moves, in the report’s own word, such as steadily"`
	Meaning   string  `toml:"meaning" form:"meaning" says:"how the report takes it"`
	Finding   string  `toml:"finding" form:"paragraph" says:"the paragraph that says so, by its number in quotes"`
	Unit      string  `toml:"unit,omitempty" form:"line" says:"what its figures count, where the report gives any"`
	Values    []Value `toml:"values,omitempty" says:"its figures: [{ period = \"2012/13\", value = 10 }, { period = \"2013/14\", value = 8 }]"`
	Source    string  `toml:"source,omitempty" form:"address" says:"a public page that says so"`
}

// A Value is one figure of a measure.
type Value struct {
	Place  Place   `toml:"-"`
	Period string  `toml:"period" form:"line" says:"the time that it is for"`
	Value  float64 `toml:"value" says:"a number, without quotes"`
}

// A Paragraph is a passage with a number that people cite.
type Paragraph struct {
	ID    string // the address within its page: "3.9", "summary-1"
	Title string // as a reader sees it, without Markdown's signs
	Place Place
}

// What a status, a direction and a meaning may be.
var (
	Statuses   = []string{"accepted", "in progress", "completed", "not accepted"}
	Directions = []string{"rising", "falling", "improving", "steady"}
	Meanings   = []string{"good", "bad", "neutral"}
)
