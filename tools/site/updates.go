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
	"annualreport/tools/report"
	"annualreport/tools/sheet"
)

// A Recording is what a spreadsheet of updates changes.
type Recording struct {
	Entries  []Entry // one for each row that is filled in
	Unfilled int     // how many rows are not
	Files    []string
	AsAt     report.Date // the site's day from now on
	Moved    bool        // it was an earlier one
}

// An Entry is what one row says.
type Entry struct {
	Row     int
	Item    *report.Item
	Update  *report.Update
	Known   bool     // it is recorded already
	Differs []string // the columns in which it says something else than what is recorded
}

// Added gives how many updates are new.
func (r Recording) Added() int {
	n := 0
	for _, e := range r.Entries {
		if !e.Known {
			n++
		}
	}
	return n
}

// Template gives the spreadsheet to fill in: see [sheet.Template].
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

// Record puts the updates of a spreadsheet, a CSV file, into the data files of
// source, and moves the site's day on to the newest of them. It changes all that
// it would change, or, if there is an error or dry is true, nothing. An error
// that says what is wrong with the spreadsheet or with the source is of type
// [report.Problems].
func Record(ctx context.Context, source, file string, dry bool) (Recording, error) {
	if err := findSource(source); err != nil {
		return Recording{}, err
	}
	table, err := readSheet(file)
	if err != nil {
		return Recording{}, err
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
		err = replaceFiles(ctx, source, changes)
	}
	return p.recording(changes), err
}

// readSheet reads a spreadsheet from the disk.
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
	data, err := io.ReadAll(io.LimitReader(f, sheet.MostBytes+1))
	if err != nil {
		return nil, cannotRead(err)
	}
	return sheet.Read(filepath.ToSlash(file), data)
}

// loadWithoutDocuments loads the source as if it had none of the documents that
// no update names yet: an editor has put them there for the updates to come.
func loadWithoutDocuments(source fs.FS, now time.Time) (*report.Library, error) {
	lib, err := report.Load(source, now)
	var problems report.Problems
	if !errors.As(err, &problems) {
		return lib, err
	}
	without := overlay{source, map[string][]byte{}}
	for _, p := range problems {
		if p.Rule == "unknown-file" && strings.HasPrefix(p.File, "content/") {
			without.files[p.File] = nil
		}
	}
	if len(without.files) == 0 {
		return nil, err
	}
	if lib, again := report.Load(without, now); again == nil {
		return lib, nil
	}
	return nil, err
}

// A plan is what a spreadsheet changes, while it is worked out.
type plan struct {
	lib      *report.Library
	sheet    *sheet.Sheet
	now      time.Time
	entries  []Entry
	asAt     report.Date
	placed   map[string][]placed // where new updates stand, by file
	problems report.Problems
}

// A placed update stands in a changed file from a line on.
type placed struct {
	entry *Entry
	line  int
}

func (p *plan) tell(row int, column, rule, what, do string) {
	p.problems = append(p.problems, report.Problem{Place: p.sheet.Place(row, column), Rule: rule, What: what, Do: do})
}

// err gives the problems, if there are any.
func (p *plan) err() error {
	if len(p.problems) == 0 {
		return nil
	}
	return p.problems
}

// read works out what each row says, and which updates are new.
func (p *plan) read() error {
	p.asAt = p.lib.AsAt
	for _, row := range p.sheet.Rows {
		it := p.item(row)
		u := p.update(row)
		if it == nil || u == nil {
			continue
		}
		p.enter(row, it, u)
	}
	return p.err()
}

// enter adds what a row says to the plan.
func (p *plan) enter(row sheet.Row, it *report.Item, u *report.Update) {
	e := Entry{Row: row.Number, Item: it, Update: u}
	names := map[string]bool{}
	others := slices.Clone(it.Updates)
	for _, earlier := range p.entries {
		if earlier.Item == it && !earlier.Known {
			others = append(others, earlier.Update)
		}
	}
	for _, other := range others {
		names[other.Name()] = true
		if sameNews(other, u) && !e.Known {
			e.Known, e.Differs = true, differences(other, u)
		}
	}
	switch {
	case e.Known:
	case u.ID != "" && names[u.ID]:
		p.tell(row.Number, sheet.ID, "repeated-update", fmt.Sprintf("another update of this %s has the id %s", it.Kind, report.Quote(u.ID)), "give this one a different id, or leave the cell empty")
		return
	case names[u.Name()]:
		u.ID = u.ProposeID(names)
	}
	if u.Date.After(p.asAt.Time) {
		p.asAt = u.Date
	}
	p.entries = append(p.entries, e)
}

// sameNews tells whether two updates of an item are the same: of one day, from
// the same bodies, with the same text.
func sameNews(a, b *report.Update) bool {
	return a.Date.Equal(b.Date.Time) && slices.Equal(slices.Sorted(slices.Values(a.By)), slices.Sorted(slices.Values(b.By))) &&
		strings.Join(strings.Fields(string(a.Text)), " ") == strings.Join(strings.Fields(string(b.Text)), " ")
}

// differences gives the columns in which a row says something that is not
// recorded.
func differences(recorded, row *report.Update) []string {
	var all []string
	for _, field := range []struct{ column, recorded, row string }{
		{sheet.Answer, recorded.Answer, row.Answer}, {sheet.Progress, recorded.Progress, row.Progress}, {sheet.Verdict, recorded.Verdict, row.Verdict},
		{sheet.Due, recorded.Due.ISO(), row.Due.ISO()}, {sheet.Next, string(recorded.Next), string(row.Next)},
		{sheet.Quote, string(recorded.Quote), string(row.Quote)}, {sheet.Source, recorded.Source, row.Source},
		{sheet.Document, recorded.Document, row.Document}, {sheet.Archived, recorded.Archived, row.Archived}, {sheet.ID, recorded.ID, row.ID},
	} {
		given := field.row != "" && field.row != report.Date{}.ISO()
		if given && strings.Join(strings.Fields(field.row), " ") != strings.Join(strings.Fields(field.recorded), " ") {
			all = append(all, field.column)
		}
	}
	return all
}

// changes gives the files that the plan changes.
func (p *plan) changes(source string) ([]replacement, error) {
	p.placed = map[string][]placed{}
	additions := map[string][]edit.Addition{}
	var files []string
	for i := range p.entries {
		e := &p.entries[i]
		if e.Known {
			continue
		}
		file := e.Item.Place.File
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
		additions[file] = append(additions[file], edit.Addition{Item: e.Item.ID, Update: e.Update})
		p.placed[file] = append(p.placed[file], placed{entry: e})
	}
	var all []replacement
	change := func(file string, do func(old []byte) ([]byte, error)) error {
		old, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(file)))
		if err != nil {
			return cannotChange(file, err)
		}
		changed, err := do(old)
		if err != nil {
			return fmt.Errorf("%s: %w; nothing was changed", file, err)
		}
		all = append(all, replacement{file, old, changed})
		return nil
	}
	for _, file := range files {
		if err := change(file, func(old []byte) ([]byte, error) {
			changed, lines, err := edit.Add(old, additions[file])
			for i, line := range lines {
				p.placed[file][i].line = line
			}
			return changed, err
		}); err != nil {
			return nil, err
		}
	}
	if p.asAt.After(p.lib.AsAt.Time) {
		if err := change(settingsFile, func(old []byte) ([]byte, error) {
			return edit.SetDate(old, p.asAt, "params", "as_at")
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// prove loads the source as the changes would leave it. What is wrong with it
// then is told of the row that it comes from. What is right has to have every
// update, in a report that is still published.
func (p *plan) prove(source string, changes []replacement) error {
	with := overlay{os.DirFS(source), map[string][]byte{}}
	for _, c := range changes {
		with.files[c.name] = c.new
	}
	lib, err := report.Load(with, p.now)
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
			p.tell(e.Row, "", "lost-update", "with this row, the "+e.Item.Report.Name+" report would become a draft, or lose an update", "look for words in it that have a special meaning, such as "+report.ToWrite)
			continue
		}
		if e.Item = it; !e.Known {
			e.Update = u
		} else {
			e.Update.Bodies, e.Update.Statuses = u.Bodies, u.Statuses
		}
	}
	return p.err()
}

// findUpdate gives an entry's item and update as a library has them.
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
				if sameNews(u, e.Update) && (e.Known || u.ID == e.Update.ID) {
					return it, u
				}
			}
			return it, nil
		}
	}
	return nil, nil
}

// trace tells of each problem with a changed source in which row and column it
// comes from.
func (p *plan) trace(problems report.Problems) error {
	var others report.Problems
	for _, problem := range problems {
		e, column := p.origin(problem.Place)
		if e == nil && problem.Rule == "as-at-date" && len(p.entries) > 0 {
			continue // a row has moved it there, and is told to be of a day that is yet to come
		}
		if e == nil {
			others = append(others, problem)
			continue
		}
		problem.Place = p.sheet.Place(e.Row, column)
		p.problems = append(p.problems, problem)
	}
	slices.SortStableFunc(p.problems, func(a, b report.Problem) int { return p.rowOf(a) - p.rowOf(b) })
	return append(p.problems, others...)
}

// rowOf gives the row that a problem is told of.
func (p *plan) rowOf(problem report.Problem) int {
	for _, e := range p.entries {
		if place := p.sheet.Place(e.Row, "").File; problem.File == place || strings.HasPrefix(problem.File, place+",") {
			return e.Row
		}
	}
	return 0
}

// origin gives the entry that wrote a line of a changed file, and the column, or
// nil.
func (p *plan) origin(at report.Place) (*Entry, string) {
	for _, placed := range p.placed[at.File] {
		lines := strings.Split(strings.TrimSuffix(placed.entry.Update.TOML(placed.entry.Item.ID), "\n"), "\n")
		i := at.Line - placed.line
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
				column, long = columnOf(key), value == `"""`
			}
		}
		return placed.entry, column
	}
	return nil, ""
}

// columnOf gives the column that a field of an update comes from.
func columnOf(field string) string {
	if field == "by" {
		return sheet.Body
	}
	return field
}

// recording gives what the plan changed.
func (p *plan) recording(changes []replacement) Recording {
	r := Recording{Entries: p.entries, Unfilled: p.sheet.Unfilled, AsAt: p.asAt, Moved: p.asAt.After(p.lib.AsAt.Time)}
	for _, c := range changes {
		if path.Base(c.name) != settingsFile {
			r.Files = append(r.Files, c.name)
		}
	}
	return r
}
