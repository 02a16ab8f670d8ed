package report

import (
	"fmt"
	"path"
	"reflect"
	"strings"
)

// frontMatter is the TOML between the +++ lines of a page.
type frontMatter struct {
	Title       Text     `toml:"title" says:"the page's heading"`
	Description Text     `toml:"description" says:"one sentence for lists of pages and for search engines; no two pages have the same"`
	Draft       bool     `toml:"draft,omitempty" page:"summary" says:"true while the report is not to be published"`
	Date        Date     `toml:"date,omitempty" page:"summary" says:"the day that the report is dated, without quotes: 2014-10-22"`
	Weight      int      `toml:"weight,omitempty" page:"other" says:"its place in the report: pages with one come first, by weight, then the others by number, then by title"`
	Aliases     []string `toml:"aliases,omitempty" form:"old-address" says:"where the page used to be: its old addresses lead to it"`
	Params      params   `toml:"params,omitempty"`
}

// params is the table [params] of a page's front matter.
type params struct {
	Number Number `toml:"number,omitempty" page:"other" says:"the section's number in the report: a number, or a text"`
	Lists  string `toml:"lists,omitempty" page:"other" says:"the records that follow the text: challenges, recommendations, organisations, progress, connections, help, and, in glossary.md, glossary"`
	Asked  Text   `toml:"asked,omitempty" page:"other" says:"who the records that it lists are addressed to, in words, if their names do not say enough"`
	Full   *bool  `toml:"full,omitempty" page:"other" says:"false to leave the page out of the whole report, /2014/full.html, and of the PDF"`
	Series string `toml:"series,omitempty" page:"summary" form:"id" says:"a name, such as reviews, if the report is not an annual one but belongs to a series of its own"`
	Label  Text   `toml:"label,omitempty" page:"summary" form:"line" says:"what readers and citations call the report, if it is not the annual report of its folder's name"`
	Asks   *bool  `toml:"asks,omitempty" page:"summary" says:"false if the report makes neither recommendations nor challenges"`
	Note   Text   `toml:"numbers_note,omitempty" page:"summary" form:"line" says:"a note on the numbers of its recommendations and challenges, shown where they are cited, in one sentence"`
	Due    Date   `toml:"due,omitempty" page:"summary" says:"the deadline for answering or doing what the report asks, without quotes"`
	Paper  paper  `toml:"paper,omitempty" page:"summary" says:"the head of the committee paper, if the report is one"`
}

// paper is the head of a committee paper.
type paper struct {
	Subject      Text          `toml:"subject" says:"the subject of the paper"`
	From         string        `toml:"from,omitempty" form:"id" says:"whose paper it is, if not the publisher's: an id from data/organisations.toml"`
	To           string        `toml:"to,omitempty" form:"id" says:"the body that it was submitted to: an id from data/organisations.toml"`
	Author       Text          `toml:"author,omitempty" says:"the author's name"`
	Telephone    Text          `toml:"telephone,omitempty" says:"the telephone number that it gives"`
	Declarations []Declaration `toml:"declarations,omitempty" says:"the questions that every such paper answers: one [[params.paper.declarations]] for each"`
}

// FrontMatter is the type of a page's front matter. Its fields have the tags of
// records, and the tag page: "summary" for fields that only belong in a report's
// _index.md, "other" for those that do not belong there.
var FrontMatter = reflect.TypeFor[frontMatter]()

// checkMisplaced checks that a page's front matter has no fields for another kind of
// page.
func (l *loader) checkMisplaced(p *Page) {
	l.checkMisplacedFields(p, "", FrontMatter)
	l.checkMisplacedFields(p, "params", reflect.TypeFor[params]())
}

// checkMisplacedFields checks the fields of one table of the front matter.
func (l *loader) checkMisplacedFields(p *Page, table string, fields reflect.Type) {
	for i := range fields.NumField() {
		f := fields.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
		key := childPath(table, name)
		kind := f.Tag.Get("page")
		if kind == "" || !l.isValid(p.File, key) || (kind == "summary") == isSummary(p.File) && reportOf(p.File) != "" {
			continue
		}
		place := l.place(p.File, key)
		switch {
		case key == "draft":
			l.problems.add(place, "draft", "only a report as a whole can be a draft", "delete the line; to make the report a draft, put it in its _index.md")
		case kind == "summary":
			l.problems.add(place, "misplaced-field", fmt.Sprintf("%s describes the report as a whole, and belongs in its _index.md", name), "move it there, or delete it")
		case isSummary(p.File):
			l.problems.add(place, "misplaced-field", fmt.Sprintf("%s has no effect in a report's _index.md, which is its summary", name), "delete it, or move it to the page that it is about")
		case key == "params.lists" || key == "weight": // of a page outside reports
		default:
			l.problems.add(place, "misplaced-field", fmt.Sprintf("%s only has an effect on the pages of a report", name), "delete it, or move "+path.Base(p.File)+" into a report's folder")
		}
	}
}
