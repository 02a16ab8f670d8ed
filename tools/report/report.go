// Package report defines what an annual report is, reads it from the source
// folder, and works out everything that follows from it.
//
// A [Library] is everything in the source folder: the organisations that reports
// address, the glossary, the pages and the [Report]s. A report's formal records
// (themes, challenges, recommendations, measures) are TOML files in data/, with a
// table for each record, named by the record's id. Its narrative is Markdown in
// content/, where a heading with a number as its id, ### Child protection plans
// {#3.9}, or a paragraph with a last line {#3.9}, begins a [Passage] that people
// cite.
//
// [Load] reads and checks all of it. If anything is wrong it returns [Problems],
// all of them at once, each with the file and line that an editor has to open.
// Without an error, the Library is complete, consistent and resolved: everything
// is in the order in which readers see it, and knows its address, what it belongs
// to and what refers to it. Layouts, open data, feed and check all read this one
// Library and do not work anything out again.
//
// Anything that has an address is a [Linkable]: an item, a body, a passage, a
// page. [Page.Link] returns the link to it from a page. The [State] of an item
// follows from what the bodies asked have said. Whatever depends on the day is
// worked out as at [Library.AsAt], the date in config.toml.
//
// A report that is not published yet is a [Draft]. It is kept apart from the
// reports, with its own problems, so that it does not stop them from being
// published; [LoadDrafts] shows drafts among the reports. The next report of a
// series follows up or closes what a report leaves open: its items follow those
// of the previous report. [Next] drafts such a report.
package report

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
)

// A Library is everything in the source folder, read, checked and resolved.
type Library struct {
	Title         string          // of the site
	Publisher     *Organisation   // whose reports these are
	AsAt          Date            // the date of the site's statements about "now"
	Organisations []*Organisation // by id
	Statuses      []*Status       // by kind, then by rank
	Glossary      []*Term         // in alphabetical order
	Contacts      []*Contact      // in the order of their file
	Reports       []*Report       // those that are shown, by date, newest first; at least one
	Drafts        []*Draft        // newest first
	ShowsDrafts   bool            // drafts are among the reports
	Pages         []*Page         // all that are shown: the front page, then each report's, then the others
	Bodies        *Page           // the page that lists all bodies
	Progress      *Page           // the page that shows what happened next to every item
	IndexPage     *Page           // the page with the index from A to Z
	Search        *Search         // on the page that searches everything
	Front         *Page           // the front page, which is the latest report's summary
	NotFound      *Page           // shown for an address that does not exist
	Latest        *Report         // the one on the front page: see [Library.latest]
	Redirects     []*Redirect     // the old addresses of the pages that are shown
	News          []*News         // every update of every report, newest first
	Table         File            // with the progress of every item; filled in by whoever publishes the site
	Advice        Advice          // what could be better in the source of what is shown

	contact  string              // the e-mail address, or the address of the page, for reports of mistakes, or ""
	words    map[string]string   // the fixed words, by their names
	phrases  map[string][]string // the same, with all forms of those that depend on a number
	byPath   map[string]*Page    // pages by [Page.Path]
	static   map[string]bool     // the files that are published as they are, by their addresses
	pictures map[string]Picture  // that pages show, by their files
	terms    map[string]*Term    // by their ids
	byFirst  map[string][]*Term  // by the first words of their abbreviations
}

// A Redirect is an address that redirects to a page: an old address of the page, or
// the fixed address of the items that it lists.
type Redirect struct {
	Place
	From string // the address within the site: "/2014/old-name/" or "/old.html"
	To   *Page
}

// A News is an update, with the item that it belongs to.
type News struct {
	*Item
	Update *Update
}

// A Report is one annual report, or one of another series: a review, an inquiry.
type Report struct {
	Name            string        // of its folder: "2014", "2014-15", "2015-review"
	Series          string        // the series that it belongs to, or "" for the annual reports
	Label           Text          // its name for readers, such as "Review of 2015"; "" for an annual report
	Title           Text          // of its summary
	Date            Date          // on its cover
	Due             Date          // the deadline for what it asks; zero if it gives none
	Publisher       *Organisation // whose report it is
	NumbersNote     Text          // a note on its items' numbers, shown where they are cited, or ""
	Draft           bool          // it is not published yet
	Paper           Paper
	Themes          []*Theme // in the order of the file, as all records
	Challenges      []*Item
	Recommendations []*Item
	Measures        []*Measure
	Requirements    []*Requirement // what law or guidance requires of it
	Paragraphs      []*Passage     // those with a number, in the report's order
	Bodies          []*Body        // those that it asks for something, by name
	Summary         *Page
	Whole           *Page   // all of the report on one page
	Pages           []*Page // all others, in reading order
	Search          *Search // its own search page, or nil if the site's covers all of its text: see [MaxIndex]
	Next            *Report // the next report of its series, or nil
	LastChange      Date    // its own date, or that of its newest update

	// Files are published beside the report's pages. The keys are "data",
	// "recommendations", "challenges" and "pdf". Whoever publishes the report
	// fills it in.
	Files map[string]File

	bodies  map[string]*Body // all organisations, by id, as this report names them
	asks    map[string]*Asks // by kind
	numbers map[string]bool  // of its paragraphs
	lib     *Library
}

// A File is published beside a report's pages.
type File struct {
	Name string // in the report's folder
	Size string // as readers see it: "24 KB"
}

// Size returns a number of bytes as readers see it: "24 KB".
func Size(bytes int64) string {
	if bytes >= 999_500 {
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%d KB", max(1, (bytes+500)/1000))
}

// PDF returns the name of the report's PDF in the site, which a build writes if asked to:
// "2014/annual-report-2014.pdf".
func (rep *Report) PDF() string { return path.Join(rep.Name, "annual-report-"+rep.Name+".pdf") }

// IsPDF reports whether a file of a site has the name of a report's PDF.
func IsPDF(name string) bool {
	rep := Report{Name: path.Dir(name)}
	return ReportName.MatchString(rep.Name) && name == rep.PDF()
}

// sheet matches the object of a sheet of paper in a PDF.
var sheet = regexp.MustCompile(`/Type /Page\b`)

// Sheets counts the sheets of paper in a PDF.
func Sheets(pdf []byte) int { return len(sheet.FindAllIndex(pdf, -1)) }

// PrintedSize returns the size of a PDF and its number of sheets: "362 KB, 15 pages".
func PrintedSize(pdf []byte) string {
	size, sheets := Size(int64(len(pdf))), Sheets(pdf)
	if sheets == 1 {
		return size + ", 1 page"
	}
	return fmt.Sprintf("%s, %d pages", size, sheets)
}

// A Paper is the head of a committee paper, if the report is one.
type Paper struct {
	Subject      Text
	From, To     *Organisation // To is nil if the paper names no recipient
	Author       Text
	Telephone    Text
	Declarations []Declaration
}

// A Declaration is a question that every such paper answers.
type Declaration struct {
	Question Text `toml:"question"`
	Answer   Text `toml:"answer"`
}

// A Place is a line or a file in the source.
type Place struct {
	File string // relative to the source folder, with forward slashes
	Line int    // from 1; 0 for the file as a whole
}

// A Record is what every table in data/ has: a name and a place.
type Record struct {
	ID    string `toml:"-"` // the table's name: lower-case letters, digits, hyphens
	Place Place  `toml:"-"` // the line that the table begins on
}

// Each field of a record has tags. toml is its name in the file, with
// ",omitempty" if it is optional; fields without a name there are resolved from
// the others. says describes it for editors: in the JSON schemas, at the head of
// each data file and in tools/docs, all generated by go generate ./tools/schemas.
// form names one of the [Forms], for texts that have to follow one. only names
// the kind of record that has the field, if the type has other kinds too.

// A Number is how people cite something: 3, 4.1, A4. In TOML it is an integer or
// a text.
type Number string

// An Organisation is a body that reports address or mention.
type Organisation struct {
	Record
	Name        Text         `toml:"name" form:"line" says:"as it is written today, or was at its end"`
	Role        Text         `toml:"role" form:"line" says:"one plain sentence"`
	AlsoKnownAs []Text       `toml:"also_known_as,omitempty" form:"line" says:"other names that a reader may meet"`
	Source      string       `toml:"source,omitempty" form:"address" says:"a public page that supports the role, if the reports do not"`
	Reports     string       `toml:"reports,omitempty" form:"address" says:"a public page with its current reports"`
	Until       Date         `toml:"until,omitempty" says:"the day on which another body took its place, without quotes"`
	Successor   string       `toml:"successor,omitempty" form:"id" says:"that body: its id in this file"`
	Formerly    []FormerName `toml:"formerly,omitempty" says:"its earlier names, oldest first: [{ name = \"…\", until = 2012-04-01 }]; a report shows the name on its date"`

	Heir *Organisation `toml:"-"` // named by Successor, once it has taken over; or nil
	page *Page         // its own
}

// A FormerName is an earlier name of an organisation.
type FormerName struct {
	Place Place `toml:"-"`
	Name  Text  `toml:"name" form:"line" says:"as it was written then"`
	Until Date  `toml:"until" says:"the first day of the next name, without quotes"`
}

// NameOn returns the organisation's name on a day.
func (o *Organisation) NameOn(day Date) Text {
	for _, former := range o.Formerly {
		if day.Before(former.Until.Time) {
			return former.Name
		}
	}
	return o.Name
}

// A Status is a word for an answer, for progress or for a verdict, with its meaning.
type Status struct {
	Record
	Number  int    `toml:"number" says:"its rank among those of its kind, counted from 1: the least advanced first"`
	Name    Text   `toml:"name" form:"line" says:"as the pages show it"`
	Kind    string `toml:"kind" form:"kind" says:"what it describes"`
	Meaning Text   `toml:"meaning" form:"line" says:"its meaning for readers, in one sentence"`
	Open    bool   `toml:"open,omitempty" says:"true while there is something left to do"`
}

// A Body is an organisation as one report sees it, with what the report asks of
// it, which may be nothing.
type Body struct {
	*Organisation
	Name            Text // on the report's day
	Recommendations []*Item
	Challenges      []*Item
	page            *Page // the page that lists the bodies asked, or nil
}

// A Term is an entry of the glossary.
type Term struct {
	Record
	Term         Text   `toml:"term" form:"line" says:"as a reader meets it"`
	Meaning      Text   `toml:"meaning" says:"in plain English"`
	Abbreviation Text   `toml:"abbreviation,omitempty" form:"line" says:"the short form that the report uses"`
	Source       string `toml:"source,omitempty" form:"address" says:"a public page that says so"`

	Uses []*Passage `toml:"-"` // the passages that link to it, in the order of the pages
	page *Page      // that lists it
}

// A Contact offers help: by telephone, on a page, by text message or by chat.
type Contact struct {
	Record
	Number    Number `toml:"number" says:"its place in the file's order: a number, or a text"`
	Title     Text   `toml:"title" form:"line" says:"who it is for, or when to use it, as the page shows it"`
	Telephone string `toml:"telephone,omitempty" form:"telephone" says:"the number to call, spaced as it is read out" jsonschema:"anyof_required=telephone"`
	Text      string `toml:"text,omitempty" form:"telephone" says:"a number to send a text message to" jsonschema:"anyof_required=text"`
	Chat      string `toml:"chat,omitempty" form:"address" says:"a public page to chat on" jsonschema:"anyof_required=chat"`
	Page      string `toml:"page,omitempty" form:"address" says:"a public page, beside the telephone number or in its place" jsonschema:"anyof_required=page"`
	Children  bool   `toml:"children,omitempty" says:"true if it is for children themselves, who see it first"`
	Checked   Date   `toml:"checked" says:"when somebody last checked that it is right, without quotes: 2026-11-23"`
}

// Dial returns the telephone number as a link dials it: its digits, after a plus
// sign if it begins with one.
func (c Contact) Dial() string { return dial(c.Telephone) }

// DialText is like [Contact.Dial], for the number to text.
func (c Contact) DialText() string { return dial(c.Text) }

func dial(number string) string { return strings.ReplaceAll(number, " ", "") }

// A Theme groups challenges.
type Theme struct {
	Record
	Number  Number `toml:"number" says:"how people cite it: a number, or a text"`
	Title   Text   `toml:"title" form:"line" says:"plain English, one line"`
	Stem    Text   `toml:"stem,omitempty" says:"words of the report that its challenges' wordings complete, shown before them"`
	Wording Text   `toml:"wording,omitempty" form:"wording" says:"exactly as the report has it, if the theme itself has a wording"`

	Challenges []*Item `toml:"-"`
	page       *Page   // that lists it
	report     *Report
}

// The kinds of items in which a report asks for something.
const (
	Challenge      = "challenge"      // something that strategic bodies are challenged to do
	Recommendation = "recommendation" // something that named bodies are asked to do
)

// Kinds are the kinds of items.
var Kinds = []string{Challenge, Recommendation}

// An Item is a challenge or a recommendation.
type Item struct {
	Record
	Number        Number    `toml:"number" says:"how people cite it: a number, or a text"`
	Theme         string    `toml:"theme,omitempty" only:"challenge" form:"id" says:"its theme: an id from themes.toml"`
	Title         Text      `toml:"title" form:"line" says:"plain English, one line"`
	Wording       Text      `toml:"wording" form:"wording" says:"exactly as the report has it; leave a line empty between paragraphs, and begin each line of a list with a hyphen, or with (a) or 1."`
	AddressedTo   []string  `toml:"addressed_to" form:"id" list:"may be empty" says:"who is asked: ids from data/organisations.toml; [] if the report does not say"`
	AddressedNote Text      `toml:"addressed_note,omitempty" form:"line" says:"a reservation about who is asked, such as \"chiefly\""`
	Challenges    []string  `toml:"challenges,omitempty" only:"recommendation" form:"id" says:"what it arises from: ids from challenges.toml"`
	Findings      []string  `toml:"findings,omitempty" form:"paragraph" says:"the paragraphs that bear on it, by their numbers in quotes"`
	Follows       string    `toml:"follows,omitempty" form:"item" says:"the item of the previous report that it continues, by that report's name and the item's id: \"2014/early-help\""`
	Due           Date      `toml:"due,omitempty" says:"the deadline for answering or doing it, without quotes"`
	DoneWhen      Text      `toml:"done_when,omitempty" form:"line" says:"what would count as done, in one plain sentence"`
	Closed        Text      `toml:"closed,omitempty" form:"line" says:"why the next report does not repeat it, in one plain sentence"`
	Updates       []*Update `toml:"updates,omitempty" says:"what happened next, oldest first: one [[id.updates]] for each"`

	Kind          string     `toml:"-"` // Challenge or Recommendation
	Report        *Report    `toml:"-"`
	Group         *Theme     `toml:"-"` // that Theme names, or nil
	Bodies        []*Body    `toml:"-"` // those in AddressedTo
	Paragraphs    []*Passage `toml:"-"` // those in Findings
	ArisesFrom    []*Item    `toml:"-"` // those in Challenges
	TakenUpIn     []*Item    `toml:"-"` // the recommendations that arise from it
	Earlier       []*Item    `toml:"-"` // the items that it continues, oldest first
	Later         *Item      `toml:"-"` // the item that follows it, or nil
	Requests      []*Request `toml:"-"` // one for each of the bodies asked
	State         State      `toml:"-"`
	Abbreviations []*Term    `toml:"-"` // the terms whose abbreviations its wording uses
	page          *Page      // that lists it
	ownPage       *Page      // its own page
}

// Stem returns the words of its theme that the item's wording completes, or "".
func (it *Item) Stem() Text {
	if it.Group == nil {
		return ""
	}
	return it.Group.Stem
}

// An Update is news about a challenge or recommendation. It can give up to three
// different things: a body's answer to what it was asked, the progress that a body
// reports, and the verdict of somebody independent.
type Update struct {
	Place     Place    `toml:"-"`
	Date      Date     `toml:"date" says:"without quotes: 2015-09-15"`
	By        []string `toml:"by" form:"id" says:"who it comes from: ids from data/organisations.toml"`
	Answer    string   `toml:"answer,omitempty" form:"id" says:"how they respond to the request: an id from data/statuses.toml"`
	Progress  string   `toml:"progress,omitempty" form:"id" says:"how far they say it is: an id from data/statuses.toml"`
	Verdict   string   `toml:"verdict,omitempty" form:"id" says:"what somebody independent found: an id from data/statuses.toml"`
	Due       Date     `toml:"due,omitempty" says:"the date by which they promise it, without quotes"`
	Next      Text     `toml:"next,omitempty" form:"line" says:"the next step, in one plain sentence"`
	Text      Text     `toml:"text" says:"what is new, in plain English"`
	Quote     Text     `toml:"quote,omitempty" says:"their own words, exactly"`
	Source    string   `toml:"source,omitempty" form:"address" says:"a public page that says so" jsonschema:"anyof_required=source"`
	Document  string   `toml:"document,omitempty" form:"file" says:"a file that says so, beside the report's pages: letter.pdf" jsonschema:"anyof_required=document"`
	Archived  string   `toml:"archived,omitempty" form:"address" says:"a copy of that page in a public archive"`
	ID        string   `toml:"id,omitempty" form:"name" says:"its permanent name, needed if another update of the item has the same date"`
	Withdrawn Text     `toml:"withdrawn,omitempty" form:"line" says:"why it turned out to be wrong, in one plain sentence: the update stays, struck out"`

	Bodies   []*Body            `toml:"-"` // those in By
	File     File               `toml:"-"` // the document, if there is one
	Statuses map[string]*Status `toml:"-"` // that it gives, by kind
}

// A Measure is something that the report says is changing, and which way.
type Measure struct {
	Record
	Number    Number   `toml:"number" says:"its place in the file's order: a number, or a text"`
	Title     Text     `toml:"title" form:"line" says:"plain English, one line"`
	Direction string   `toml:"direction" form:"direction" says:"which way it moves"`
	Pace      Text     `toml:"pace,omitempty" form:"line" says:"how it moves, in the report’s own words, such as steadily"`
	Meaning   string   `toml:"meaning" form:"meaning" says:"how the report judges it"`
	Finding   string   `toml:"finding" form:"paragraph" says:"the paragraph that says so: its number, in quotes"`
	Unit      Text     `toml:"unit,omitempty" form:"line" says:"what its figures count, if the report gives any: plans, %, £ million"`
	Values    []Value  `toml:"values,omitempty" says:"its figures: [{ period = \"2012/13\", value = 10 }, { period = \"2013/14\", value = 8 }]"`
	Series    []Series `toml:"series,omitempty" says:"in place of values, for more than one line: [{ name = \"England\", values = [{ period = \"2013/14\", value = 8 }] }]"`
	Goal      *float64 `toml:"target,omitempty" says:"the target figure, a number without quotes"`
	Baseline  float64  `toml:"baseline,omitempty" says:"where the chart’s scale starts if its unit makes no sense from zero, a number without quotes"`
	Position  string   `toml:"place,omitempty" form:"paragraph" says:"the paragraph that shows its chart: its number, in quotes"`
	Source    string   `toml:"source,omitempty" form:"address" says:"a public page that says so"`

	Paragraph *Passage `toml:"-"` // that Finding names
	Passage   *Passage `toml:"-"` // that Position names, or nil
	page      *Page    // that shows it
}

// A Series is one of several lines of a measure's figures: ours, or England's.
type Series struct {
	Place  Place   `toml:"-"`
	Name   Text    `toml:"name" form:"line" says:"whose figures they are, as shown beside the line"`
	Values []Value `toml:"values" says:"as for a measure"`
}

// A Value is one figure of a measure.
type Value struct {
	Place  Place   `toml:"-"`
	Period Text    `toml:"period" form:"line" says:"the period that it covers"`
	Value  float64 `toml:"value" says:"a number, without quotes"`
}

// A Requirement is something that law or guidance requires of the report, with
// where the report meets it, or why it does not.
type Requirement struct {
	Record
	Number  Number   `toml:"number" says:"how people cite it: a number, or a text"`
	Wording Text     `toml:"wording" form:"wording" says:"what the law or guidance requires, in its exact words, with its paragraphs and lists"`
	Source  string   `toml:"source" form:"address" says:"a public page that says so"`
	MetIn   []string `toml:"met_in,omitempty" form:"place" says:"where the report meets it: \"3.9\" for a paragraph, \"measure/child-deaths\", \"challenge/early-help\", \"recommendation/think-family\"" jsonschema:"oneof_required=met_in"`
	NotMet  Text     `toml:"not_met,omitempty" form:"line" says:"in place of met_in, why the report does not meet it, in one plain sentence" jsonschema:"oneof_required=not_met"`

	Paragraphs []*Passage `toml:"-"` // those in MetIn
	Measures   []*Measure `toml:"-"` // those in MetIn
	Items      []*Item    `toml:"-"` // those in MetIn
	page       *Page      // that lists it
}

// The kinds of statuses.
const (
	Answer   = "answer"   // what a body says when it is asked
	Progress = "progress" // how far a body says it has got
	Verdict  = "verdict"  // what somebody independent found
)

// The words that the kind of a status and the direction and meaning of a measure can be.
var (
	StatusKinds = []string{Answer, Progress, Verdict}
	Directions  = []string{"rising", "falling", "improving", "steady"}
	Meanings    = []string{"good", "bad", "neutral"}
)

// A Text is shown to readers, by [Text.String]. Converted to a string, it is exactly as
// in the source.
type Text string

// String returns the text with typographic quotation marks and apostrophes.
func (t Text) String() string {
	if !strings.ContainsAny(string(t), `'"`) {
		return string(t)
	}
	var b strings.Builder
	opens := true // a quotation mark here is an opening one
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
		opens = strings.ContainsRune(" \t\n\u00a0([/–—‘“", r)
	}
	return b.String()
}

// A Date is a day, at midnight UTC.
type Date struct{ time.Time }

// String returns the day as readers see it: 15 September 2015.
func (d Date) String() string { return d.Format("2 January 2006") }

// MonthOfYear returns the month as readers see it: September 2015.
func (d Date) MonthOfYear() string { return d.Format("January 2006") }

// ISO returns the day as programs read it: 2015-09-15.
func (d Date) ISO() string { return d.Format(time.DateOnly) }

// dayOf returns the day of a time, in UTC.
func dayOf(t time.Time) Date { return Date{t.UTC().Truncate(24 * time.Hour)} }

// latest returns the later of two days.
func latest(a, b Date) Date {
	if b.After(a.Time) {
		return b
	}
	return a
}
