package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"annualreport/tools/edit"
	"annualreport/tools/lock"
	"annualreport/tools/report"
	"annualreport/tools/sheet"
)

// A Recording describes what a spreadsheet of updates changes.
type Recording struct {
	Entries   []Entry // one for each row with an update
	Unfilled  int     // the number of rows that are not filled in
	Files     []string
	AsAt      report.Date // the new as_at of the site
	MovesDate bool        // AsAt has changed
}

// An Entry is the update of one row.
type Entry struct {
	Row      int
	Item     *report.Item
	Update   *report.Update
	Recorded bool     // the source has it already
	Differs  []string // if it is recorded: the columns where the row differs
}

// Added returns the number of new updates.
func (r Recording) Added() int {
	n := 0
	for _, e := range r.Entries {
		if !e.Recorded {
			n++
		}
	}
	return n
}

// Template returns the spreadsheet to fill in; see [sheet.Template].
func Template(source string) ([]byte, error) {
	if err := findSource(source); err != nil {
		return nil, err
	}
	lib, err := loadWithoutDocuments(os.DirFS(source), time.Now())
	if err != nil {
		return nil, err
	}
	return sheet.Template(lib), nil
}

// Record adds the updates of a spreadsheet, a CSV file, to the data files of
// source, and moves as_at to the date of the newest. It makes all changes, or
// none if it fails or dry is true. If the spreadsheet or the source has problems,
// the error is of type [report.Problems].
func Record(ctx context.Context, source, file string, dry bool) (Recording, error) {
	if err := findSource(source); err != nil {
		return Recording{}, err
	}
	table, err := readSheet(file)
	if err != nil {
		return Recording{}, err
	}
	if !dry {
		unlock, err := lock.Folder(ctx, source)
		if err != nil {
			return Recording{}, err
		}
		defer unlock()
	}
	now := time.Now()
	lib, err := loadWithoutDocuments(os.DirFS(source), now)
	if err != nil {
		return Recording{}, err
	}
	p := &plan{lib: lib, sheet: table, now: now}
	if err := p.read(); err != nil {
		return Recording{}, err
	}
	changes, err := p.changes(source)
	if err != nil {
		return Recording{}, err
	}
	if err := p.prove(source, changes); err != nil {
		return Recording{}, err
	}
	if dry {
		err = checkReplaceable(source, changes)
	} else {
		err = replaceFiles(ctx, source, changes, os.Rename)
	}
	return p.recording(changes), err
}

// readSheet reads a spreadsheet from a file.
func readSheet(file string) (*sheet.Sheet, error) {
	cannotRead := func(err error) error {
		cause, _ := fileCause(err)
		return fmt.Errorf("cannot read %s: %w", file, cause)
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, UsageError("updates: there is no file " + file)
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a file")
	}
	if err != nil {
		return nil, cannotRead(err)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, cannotRead(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, sheet.MaxBytes+1))
	if err != nil {
		return nil, cannotRead(err)
	}
	return sheet.Read(filepath.ToSlash(file), data)
}

// loadWithoutDocuments loads the source without the documents that no update
// names yet: an editor has added them for the updates in the spreadsheet.
func loadWithoutDocuments(source fs.FS, now time.Time) (*report.Library, error) {
	lib, err := report.Load(source, now)
	var problems report.Problems
	if !errors.As(err, &problems) {
		return lib, err
	}
	rest := overlay{source, map[string][]byte{}}
	for _, p := range problems {
		if p.Rule == "unknown-file" && strings.HasPrefix(p.File, "content/") {
			rest.files[p.File] = nil
		}
	}
	if len(rest.files) == 0 {
		return nil, err
	}
	if lib, again := report.Load(rest, now); again == nil {
		return lib, nil
	}
	return nil, err
}

// A plan collects what a spreadsheet changes.
type plan struct {
	lib        *report.Library
	sheet      *sheet.Sheet
	now        time.Time
	entries    []Entry
	asAt       report.Date
	placements map[string][]placement // of new updates, by file
	problems   report.Problems
}

// A placement is the line of a changed file at which an entry's update begins.
type placement struct {
	entry *Entry
	line  int
}

func (p *plan) addProblem(row int, column, rule, what, do string) {
	p.problems = append(p.problems, report.Problem{Place: p.sheet.Place(row, column), Rule: rule, What: what, Do: do})
}

// err returns the problems, or nil.
func (p *plan) err() error {
	if len(p.problems) == 0 {
		return nil
	}
	return p.problems
}

// read parses each row, and finds out which updates are new.
func (p *plan) read() error {
	p.asAt = p.lib.AsAt
	for _, row := range p.sheet.Rows {
		it := p.findItem(row)
		u := p.parseUpdate(row)
		if it == nil || u == nil {
			continue
		}
		p.enter(row, it, u)
	}
	return p.err()
}

// enter adds the update of a row to the plan.
func (p *plan) enter(row sheet.Row, it *report.Item, u *report.Update) {
	e := Entry{Row: row.Number, Item: it, Update: u}
	names := map[string]bool{}
	earlier := slices.Clone(it.Updates)
	for _, entry := range p.entries {
		if entry.Item == it && !entry.Recorded {
			earlier = append(earlier, entry.Update)
		}
	}
	for _, other := range earlier {
		names[other.Name()] = true
		if isSameNews(other, u) && !e.Recorded {
			e.Recorded, e.Differs = true, differences(other, u)
		}
	}
	i := slices.IndexFunc(earlier, func(other *report.Update) bool { return isSameOccasion(other, u) })
	switch {
	case e.Recorded:
	case i >= 0 && u.ID == "": // most likely, a row that was corrected since
		where := earlier[i].Place.String()
		if i >= len(it.Updates) {
			where = "in a row above"
		}
		p.addProblem(row.Number, sheet.Text, "repeated-update", fmt.Sprintf("%s already has an update from this body on this date, in other words (%s)", report.Quote(it.ID), where),
			"correct it there; to record this one as well, give it a name of its own in the column id")
		return
	case u.ID != "" && names[u.ID]:
		p.addProblem(row.Number, sheet.ID, "repeated-update", fmt.Sprintf("another update of this %s has the id %s", it.Kind, report.Quote(u.ID)), "give this one a different id, or leave the cell empty")
		return
	case names[u.Name()]:
		u.ID = u.ProposeID(names)
	}
	if u.Date.After(p.asAt.Time) {
		p.asAt = u.Date
	}
	p.entries = append(p.entries, e)
}

// isSameOccasion reports whether two updates of an item have the same date and bodies.
func isSameOccasion(a, b *report.Update) bool {
	return a.Date.Equal(b.Date.Time) && slices.Equal(slices.Sorted(slices.Values(a.By)), slices.Sorted(slices.Values(b.By)))
}

// isSameNews reports whether two updates of an item have the same date, bodies
// and text.
func isSameNews(a, b *report.Update) bool {
	return isSameOccasion(a, b) && strings.Join(strings.Fields(string(a.Text)), " ") == strings.Join(strings.Fields(string(b.Text)), " ")
}

// differences returns the columns in which a row differs from the recorded
// update.
func differences(recorded, row *report.Update) []string {
	var all []string
	for _, field := range []struct{ column, recorded, row string }{
		{sheet.Answer, recorded.Answer, row.Answer}, {sheet.Progress, recorded.Progress, row.Progress}, {sheet.Verdict, recorded.Verdict, row.Verdict},
		{sheet.Due, recorded.Due.ISO(), row.Due.ISO()}, {sheet.Next, string(recorded.Next), string(row.Next)},
		{sheet.Quote, string(recorded.Quote), string(row.Quote)}, {sheet.Source, recorded.Source, row.Source},
		{sheet.Document, recorded.Document, row.Document}, {sheet.Archived, recorded.Archived, row.Archived}, {sheet.ID, recorded.ID, row.ID},
	} {
		isFilled := field.row != "" && field.row != report.Date{}.ISO()
		if isFilled && strings.Join(strings.Fields(field.row), " ") != strings.Join(strings.Fields(field.recorded), " ") {
			all = append(all, field.column)
		}
	}
	return all
}

// changes returns the files that the plan changes.
func (p *plan) changes(source string) ([]replacement, error) {
	p.placements = map[string][]placement{}
	additions := map[string][]edit.Addition{}
	var files []string
	for i := range p.entries {
		e := &p.entries[i]
		if e.Recorded {
			continue
		}
		file := e.Item.Place.File
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
		additions[file] = append(additions[file], edit.Addition{Item: e.Item.ID, Update: e.Update})
		p.placements[file] = append(p.placements[file], placement{entry: e})
	}
	var all []replacement
	change := func(file string, do func(old []byte) ([]byte, error)) error {
		old, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(file)))
		if err != nil {
			return cannotChange(file, err)
		}
		text, err := do(old)
		if err != nil {
			return fmt.Errorf("%s: %w; nothing was changed", file, err)
		}
		all = append(all, replacement{file, old, text})
		return nil
	}
	for _, file := range files {
		err := change(file, func(old []byte) ([]byte, error) {
			text, lines, err := edit.Add(old, additions[file])
			for i, line := range lines {
				p.placements[file][i].line = line
			}
			return text, err
		})
		if err != nil {
			return nil, err
		}
	}
	if !p.asAt.After(p.lib.AsAt.Time) {
		return all, nil
	}
	err := change(settingsFile, func(old []byte) ([]byte, error) { return edit.SetDate(old, p.asAt, "params", "as_at") })
	return all, err
}

// prove loads the source with the changes. It traces each problem back to the
// row that causes it. Without problems, every update must be there, in a report
// that is still published.
func (p *plan) prove(source string, changes []replacement) error {
	future := overlay{os.DirFS(source), map[string][]byte{}}
	for _, c := range changes {
		future.files[c.name] = c.new
	}
	lib, err := report.Load(future, p.now)
	var problems report.Problems
	if errors.As(err, &problems) {
		return p.trace(problems)
	}
	if err != nil {
		return err
	}
	for i := range p.entries {
		e := &p.entries[i]
		it, u := findUpdate(lib, e)
		if it == nil || u == nil {
			p.addProblem(e.Row, "", "lost-update", "with this row, the "+e.Item.Report.Name+" report would become a draft, or lose an update", "look for words in it that have a special meaning, such as "+report.ToWrite)
			continue
		}
		if e.Item = it; !e.Recorded {
			e.Update = u
		} else {
			e.Update.Bodies, e.Update.Statuses = u.Bodies, u.Statuses
		}
	}
	return p.err()
}

// findUpdate returns an entry's item and update in lib.
func findUpdate(lib *report.Library, e *Entry) (*report.Item, *report.Update) {
	for _, rep := range lib.Reports {
		if rep.Name != e.Item.Report.Name {
			continue
		}
		for _, it := range rep.Items(e.Item.Kind) {
			if it.ID != e.Item.ID {
				continue
			}
			for _, u := range it.Updates {
				if isSameNews(u, e.Update) && (e.Recorded || u.ID == e.Update.ID) {
					return it, u
				}
			}
			return it, nil
		}
	}
	return nil, nil
}

// trace moves the problems of the changed source to the rows and columns that
// cause them.
func (p *plan) trace(problems report.Problems) error {
	var others report.Problems
	for _, problem := range problems {
		e, column := p.origin(problem.Place)
		if e == nil && problem.Rule == "as-at-date" && len(p.entries) > 0 {
			continue // a row has moved as_at, and has a problem of its own
		}
		if e == nil {
			others = append(others, problem)
			continue
		}
		problem.Place = p.sheet.Place(e.Row, column)
		p.problems = append(p.problems, problem)
	}
	slices.SortStableFunc(p.problems, func(a, b report.Problem) int { return p.findRow(a) - p.findRow(b) })
	return append(p.problems, others...)
}

// findRow returns the row of a problem, or 0.
func (p *plan) findRow(problem report.Problem) int {
	for _, e := range p.entries {
		if place := p.sheet.Place(e.Row, "").File; problem.File == place || strings.HasPrefix(problem.File, place+",") {
			return e.Row
		}
	}
	return 0
}

// origin returns the entry that wrote a line of a changed file, and its column,
// or nil.
func (p *plan) origin(place report.Place) (*Entry, string) {
	for _, placement := range p.placements[place.File] {
		lines := strings.Split(strings.TrimSuffix(placement.entry.Update.TOML(placement.entry.Item.ID), "\n"), "\n")
		i := place.Line - placement.line
		if i < 0 || i >= len(lines) {
			continue
		}
		column, long := "", false // in a text of several lines
		for _, line := range lines[:i+1] {
			key, value, ok := strings.Cut(line, " = ")
			switch {
			case long:
				long = !strings.HasSuffix(line, `"""`)
			case ok:
				column, long = columnName(key), value == `"""`
			}
		}
		return placement.entry, column
	}
	return nil, ""
}

// columnName returns the column that a field of an update comes from.
func columnName(field string) string {
	if field == "by" {
		return sheet.Body
	}
	return field
}

// recording describes what the plan changed.
func (p *plan) recording(changes []replacement) Recording {
	r := Recording{Entries: p.entries, Unfilled: p.sheet.Unfilled, AsAt: p.asAt, MovesDate: p.asAt.After(p.lib.AsAt.Time)}
	for _, c := range changes {
		if path.Base(c.name) != settingsFile {
			r.Files = append(r.Files, c.name)
		}
	}
	return r
}
