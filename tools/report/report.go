// Package report says what an annual report is, reads one, and works out all
// that follows from it.
//
// A [Library] is everything that the source folder holds: the bodies that
// reports speak to, the glossary, the pages, and one [Report] for each year. A
// report's formal items (themes, challenges, recommendations, measures) are
// TOML files in data/, a table for each record, the table's name being the
// record's id. Its narrative is Markdown in content/, where a heading with a
// number as its id, ### Child protection plans {#3.9}, begins a [Passage] that
// people cite.
//
// [Load] reads it all and believes nothing. What is wrong comes back as
// [Problems], all of them at once, each with the file and line that an editor
// has to open. What Load returns without an error is complete, consistent and
// resolved: everything is in the order in which readers meet it, knows its
// address, what it belongs to and what refers to it. Layouts, open data, feed
// and check read this one Library, and work out nothing of it again.
//
// What can be linked to is a [Linkable]: an item, a body, a passage, a page.
// [Page.Link] says how one page links to it. How far an item is, its [State],
// follows from its updates and from those of the items that it follows.
//
// A report that is not to be published yet is a [Draft]. It is kept beside the
// reports and keeps its problems to itself, so that it is in nobody's way,
// unless [Options] ask for drafts to be shown. What a report leaves open, the
// next one takes up or closes: its items follow those of the report before.
// [Next] begins such a report.
package report

import (
	"strings"
	"time"
)

// A Library is all that the source folder says, read, found to be right and
// resolved.
type Library struct {
	Organisations []*Organisation // in the order of their ids
	Glossary      []*Term         // in the order of the alphabet
	Contacts      []*Contact      // in the order of their numbers
	Reports       []*Report       // those that are shown, newest first; at least one
	Drafts        []*Draft        // newest first
	ShowsDrafts   bool            // drafts are among the reports
	Pages         []*Page         // all that are shown: the front page, then each report's, then the others
	Front         *Page           // the front page, which is the latest report's summary
	Lost          *Page           // shown for an address that does not exist
	Latest        *Report         // the newest that is no draft; of drafts alone, the newest
	Moved         []*Moved        // the old addresses of the pages that are shown
	News          []*News         // every update of every report, newest first
	Advice        Advice          // what could be better in the source of what is shown

	byPath   map[string]*Page   // pages by [Page.Path]
	static   map[string]bool    // the files that are published as they are, by their addresses
	pictures map[string]Picture // that pages show, by their files
}

// A Moved is an address that a page of the site used to have.
type Moved struct {
	Place
	From string // the old address within the site: "/2014/old-name/" or "/old.html"
	To   *Page
}

// A News is an update with the item that it belongs to.
type News struct {
	*Item
	Update *Update
}

// A Report is one year's report.
type Report struct {
	Year            string // the name of its folder: the year it was published in, "2014"
	Title           Text   // of its summary
	Draft           bool   // it is not published yet
	Paper           Paper
	Themes          []*Theme // records are in the order of their numbers
	Challenges      []*Item
	Recommendations []*Item
	Measures        []*Measure
	Paragraphs      []*Passage // the numbered passages, in the report's order
	Bodies          []*Body    // the bodies that it asks something of, by name
	Summary         *Page
	Whole           *Page   // all of the report on one page
	Sections        []*Page // the numbered pages, in order
	Others          []*Page // its other pages, by title
	After           *Report // the next report, or nil
	Changed         Date    // the newest of its own date and those of its updates

	// Files are those that are published beside the report's pages, by what
	// they are: "data", "recommendations", "challenges", "pdf". Whoever
	// publishes the report fills it in.
	Files map[string]File

	shown  bool             // the Library has it among its reports
	bodies map[string]*Body // all organisations, as this report speaks of them
	asks   map[string]*Asks // by kind
}

// A File is published beside a report's pages.
type File struct {
	Name string // in the report's folder
	Size string // as a reader meets it: "24 KB"
}

// A Paper is what the head of the committee paper says that the report is.
type Paper struct {
	Date         Date
	Subject      Text
	From, To     *Organisation
	Author       Text
	Telephone    Text
	Declarations []Declaration
}

// A Declaration is a question that every such paper answers.
type Declaration struct {
	Question Text `toml:"question"`
	Answer   Text `toml:"answer"`
}

// A Place is where in the source something is written.
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
// ",omitempty" if it may be left out; fields without a name there are resolved
// from the others. says is what it holds, in the words that editors meet: in
// the JSON schemas, at the head of each data file and in the README, all
// written from here by go generate ./tools/schemas. form names one of the
// [Forms], for texts and lists of texts that may not be just anything. only
// names the kind of record that has the field, if not all of the type do.

// An Organisation is a body that reports speak to.
type Organisation struct {
	Record
	Name        Text   `toml:"name" form:"line" says:"as the reports write it"`
	Role        Text   `toml:"role" form:"line" says:"one plain sentence"`
	AlsoKnownAs []Text `toml:"also_known_as,omitempty" form:"line" says:"other names that a reader may meet"`
	Source      string `toml:"source,omitempty" form:"address" says:"a public page for what the role says and the reports do not"`
}

// A Body is an organisation as one report speaks of it, with what the report
// asks of it: nothing, if it is only named.
type Body struct {
	*Organisation
	Recommendations []*Item
	Challenges      []*Item
	page            *Page // that lists the bodies that are asked, or nil
}

// A Term is an entry of the glossary.
type Term struct {
	Record
	Term         Text   `toml:"term" form:"line" says:"as a reader meets it"`
	Meaning      Text   `toml:"meaning" says:"in plain English"`
	Abbreviation Text   `toml:"abbreviation,omitempty" form:"line" says:"the short form that the paper uses"`
	Source       string `toml:"source,omitempty" form:"address" says:"a public page that says so"`

	Uses []*Passage `toml:"-"` // the passages that link to it, in the order of the pages
	page *Page      // that lists it
}

// A Contact is where somebody who is worried about a child can turn. It has a
// telephone number, a page, or both.
type Contact struct {
	Record
	Number    int    `toml:"number" says:"the order on the page, counted from 1 without a gap"`
	Title     Text   `toml:"title" form:"line" says:"for whom or when it is, as the page shows it"`
	Telephone string `toml:"telephone,omitempty" form:"telephone" says:"the number to call, spaced as it is read out" jsonschema:"anyof_required=telephone"`
	Page      string `toml:"page,omitempty" form:"address" says:"a public page, beside the telephone number or in its place" jsonschema:"anyof_required=page"`
	Children  bool   `toml:"children,omitempty" says:"true if it is for children themselves, who see it first"`
	Checked   Date   `toml:"checked" says:"when somebody last saw that it is right, without quotes: 2026-11-23"`
}

// Dial gives the telephone number as a link dials it: its digits, after a plus
// sign if it begins with one.
func (c Contact) Dial() string { return strings.ReplaceAll(c.Telephone, " ", "") }

// A Theme is what challenges are grouped by.
type Theme struct {
	Record
	Number  int  `toml:"number" says:"the order on the page, counted from 1 without a gap"`
	Title   Text `toml:"title" form:"line" says:"plain English, one line"`
	Wording Text `toml:"wording" says:"exactly as the report has it"`

	Challenges []*Item `toml:"-"`
	page       *Page   // that lists it
}

// The kinds of items that a report asks something with.
const (
	Challenge      = "challenge"      // something that strategic bodies are challenged to do
	Recommendation = "recommendation" // something that named bodies are asked to do
)

// Kinds are the kinds of items.
var Kinds = []string{Challenge, Recommendation}

// An Item is a challenge or a recommendation.
type Item struct {
	Record
	Number      int       `toml:"number" says:"how people cite it, counted from 1 without a gap"`
	Theme       string    `toml:"theme" only:"challenge" form:"id" says:"what it is grouped by: an id from themes.toml"`
	Title       Text      `toml:"title" form:"line" says:"plain English, one line"`
	Wording     Text      `toml:"wording" says:"exactly as the report has it"`
	AddressedTo []string  `toml:"addressed_to" form:"id" says:"who is asked: ids from data/organisations.toml"`
	Challenges  []string  `toml:"challenges" only:"recommendation" form:"id" says:"what it arises from: ids from challenges.toml"`
	Findings    []string  `toml:"findings,omitempty" form:"paragraph" says:"the paragraphs that bear on it, by their numbers in quotes"`
	Follows     string    `toml:"follows,omitempty" form:"item" says:"what it carries on of the report before, by year and name: \"2014/early-help\""`
	Closed      Text      `toml:"closed,omitempty" form:"line" says:"why the next report does not ask it again, in one plain sentence"`
	Updates     []*Update `toml:"updates,omitempty" says:"what became of it, oldest first: one [[id.updates]] for each"`

	Kind          string     `toml:"-"` // Challenge or Recommendation
	Report        *Report    `toml:"-"`
	Group         *Theme     `toml:"-"` // that Theme names, or nil
	Bodies        []*Body    `toml:"-"` // those in AddressedTo
	Paragraphs    []*Passage `toml:"-"` // those in Findings
	ArisesFrom    []*Item    `toml:"-"` // those in Challenges
	TakenUpIn     []*Item    `toml:"-"` // the recommendations that arise from it
	Earlier       []*Item    `toml:"-"` // the items that it goes back to, the first one first
	Later         *Item      `toml:"-"` // the item that follows it, or nil
	State         State      `toml:"-"`
	Silent        []*Body    `toml:"-"` // the bodies asked that no update comes from, if there are updates
	Abbreviations []*Term    `toml:"-"` // the terms whose abbreviation its wording has
	page          *Page      // that lists it
}

// FullWording gives the formal wording with what it goes on from: that of most
// challenges begins with their theme's.
func (it *Item) FullWording() Text {
	if it.Group != nil && it.Group.Wording != it.Wording {
		return it.Group.Wording + " " + it.Wording
	}
	return it.Wording
}

// An Update says what became of a challenge or recommendation.
type Update struct {
	Place  Place    `toml:"-"`
	Date   Date     `toml:"date" says:"without quotes: 2015-09-15"`
	By     []string `toml:"by" form:"id" says:"who it comes from: ids from data/organisations.toml"`
	Status string   `toml:"status" form:"status" says:"how far it is"`
	Text   Text     `toml:"text" says:"in plain English"`
	Source string   `toml:"source" form:"address" says:"a public page that says so"`

	Bodies []*Body `toml:"-"` // those in By
}

// A Measure is something that the report says is moving, and which way.
type Measure struct {
	Record
	Number    int     `toml:"number" says:"the order on the page, counted from 1 without a gap"`
	Title     Text    `toml:"title" form:"line" says:"plain English, one line"`
	Direction string  `toml:"direction" form:"direction" says:"which way it moves"`
	Pace      Text    `toml:"pace,omitempty" form:"line" says:"how it moves, in the report’s own word, such as steadily"`
	Meaning   string  `toml:"meaning" form:"meaning" says:"how the report takes it"`
	Finding   string  `toml:"finding" form:"paragraph" says:"the paragraph that says so, by its number in quotes"`
	Unit      Text    `toml:"unit,omitempty" form:"line" says:"what its figures count, where the report gives any"`
	Values    []Value `toml:"values,omitempty" says:"its figures: [{ period = \"2012/13\", value = 10 }, { period = \"2013/14\", value = 8 }]"`
	Source    string  `toml:"source,omitempty" form:"address" says:"a public page that says so"`

	Paragraph *Passage `toml:"-"` // that Finding names
	page      *Page    // that shows it
}

// A Value is one figure of a measure.
type Value struct {
	Place  Place   `toml:"-"`
	Period Text    `toml:"period" form:"line" says:"the time that it is for"`
	Value  float64 `toml:"value" says:"a number, without quotes"`
}

// What a status, a direction and a meaning may be.
var (
	Statuses   = []string{"accepted", "in progress", "completed", "not accepted"}
	Directions = []string{"rising", "falling", "improving", "steady"}
	Meanings   = []string{"good", "bad", "neutral"}
)

// A Text is one that readers are shown. Printed, it has typographic quote marks
// and apostrophes; as a string, it is just as the source has it.
type Text string

func (t Text) String() string {
	if !strings.ContainsAny(string(t), `'"`) {
		return string(t)
	}
	var b strings.Builder
	opens := true // a quote mark here would begin a quotation
	for _, r := range t {
		switch {
		case r == '\'' && opens:
			r = '‘'
		case r == '\'':
			r = '’'
		case r == '"' && opens:
			r = '“'
		case r == '"':
			r = '”'
		}
		b.WriteRune(r)
		opens = strings.ContainsRune(" \t\n([/–—‘“", r)
	}
	return b.String()
}

// A Date is a day, at midnight UTC.
type Date struct{ time.Time }

// String gives the day as readers meet it: 15 September 2015.
func (d Date) String() string { return d.Format("2 January 2006") }

// MonthOfYear gives the month as readers meet it: September 2015.
func (d Date) MonthOfYear() string { return d.Format("January 2006") }

// ISO gives the day as programs read it: 2015-09-15.
func (d Date) ISO() string { return d.Format(time.DateOnly) }

func latest(a, b Date) Date {
	if b.After(a.Time) {
		return b
	}
	return a
}
