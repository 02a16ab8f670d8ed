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
	"time"
)

// A Library is all that the source folder says, read and found to be right.
type Library struct {
	Organisations []Organisation // in the order of their ids
	Glossary      []Term         // in the order of their ids
	Reports       []Report       // those to publish, newest first; at least one
	Drafts        []Draft        // newest first
}

// A Report is one year's report.
type Report struct {
	Year            string // the name of its folder: the year it was published in, "2014"
	Themes          []Theme
	Challenges      []Challenge
	Recommendations []Recommendation
	Measures        []Measure
	Paragraphs      []Paragraph
}

// A Place is where in the source something stands.
type Place struct {
	File string // from the source folder, with forward slashes
	Line int    // counted from 1; 0 if it is the file as a whole
}

// A Record is what every table in data/ has: a name and a place.
type Record struct {
	ID    string // the table's name: lower-case letters, digits, hyphens
	Place Place  // the line that the table begins on
}

// An Organisation is a body that reports speak to.
type Organisation struct {
	Record
	Name        string   `toml:"name"`
	Role        string   `toml:"role"` // one plain sentence
	AlsoKnownAs []string `toml:"also_known_as,omitempty"`
	Source      string   `toml:"source,omitempty"` // for what the role says beyond the report
}

// A Term is an entry of the glossary.
type Term struct {
	Record
	Term         string `toml:"term"`
	Meaning      string `toml:"meaning"`
	Abbreviation string `toml:"abbreviation,omitempty"`
	Source       string `toml:"source,omitempty"`
}

// A Theme is what challenges are grouped by.
type Theme struct {
	Record
	Number  int    `toml:"number"`
	Title   string `toml:"title"`
	Wording string `toml:"wording"`
}

// A Challenge is something that strategic bodies are challenged to do.
type Challenge struct {
	Record
	Number      int      `toml:"number"`
	Theme       string   `toml:"theme"`        // a Theme's id
	Title       string   `toml:"title"`        // plain English, one line
	Wording     string   `toml:"wording"`      // exactly as the report has it
	AddressedTo []string `toml:"addressed_to"` // Organisations' ids
	Findings    []string `toml:"findings,omitempty"`
	Follows     string   `toml:"follows,omitempty" says:"what it carries on of the report before: \"2014/early-help\" is [early-help] of 2014"`
	Closed      string   `toml:"closed,omitempty" form:"line" says:"why the next report does not ask it again, in one plain sentence"`
	Updates     []Update `toml:"updates,omitempty"`
}

// A Recommendation is something that named bodies are asked to do.
type Recommendation struct {
	Record
	Number      int      `toml:"number"`
	Title       string   `toml:"title"`
	Wording     string   `toml:"wording"`
	AddressedTo []string `toml:"addressed_to"`
	Challenges  []string `toml:"challenges"` // the Challenges' ids that it arises from
	Findings    []string `toml:"findings,omitempty"`
	Follows     string   `toml:"follows,omitempty" says:"what it carries on of the report before: \"2014/early-help\" is [early-help] of 2014"`
	Closed      string   `toml:"closed,omitempty" form:"line" says:"why the next report does not ask it again, in one plain sentence"`
	Updates     []Update `toml:"updates,omitempty"`
}

// An Update says what became of a challenge or recommendation.
type Update struct {
	Place  Place     `toml:"-"`
	Date   time.Time `toml:"date"` // a day, at midnight UTC
	By     []string  `toml:"by"`   // Organisations' ids
	Status string    `toml:"status"`
	Text   string    `toml:"text"`
	Source string    `toml:"source"` // an https address
}

// A Measure is something that the report says is moving, and which way.
type Measure struct {
	Record
	Number    int     `toml:"number"`
	Title     string  `toml:"title"`
	Direction string  `toml:"direction"`
	Meaning   string  `toml:"meaning"`
	Finding   string  `toml:"finding"` // a Paragraph's id
	Unit      string  `toml:"unit,omitempty"`
	Values    []Value `toml:"values,omitempty"`
	Source    string  `toml:"source,omitempty"`
}

// A Value is one figure of a measure.
type Value struct {
	Place  Place   `toml:"-"`
	Period string  `toml:"period"` // such as "2013/14"
	Value  float64 `toml:"value"`
}

// A Paragraph is a passage with a number that people cite.
type Paragraph struct {
	ID    string // the address within its page: "3.9", "summary-1"
	Title string
	Place Place
}

// What a status, a direction and a meaning may be.
var (
	Statuses   = []string{"accepted", "in progress", "completed", "not accepted"}
	Directions = []string{"rising", "falling", "improving", "steady"}
	Meanings   = []string{"good", "bad", "neutral"}
)
