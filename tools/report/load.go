package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// Load reads the library in source, the folder that holds content/ and data/,
// without the drafts. An error is of type [Problems] and tells everything that
// is wrong with what is shown; what is wrong with a draft is kept with it.
//
// now is the clock's time: what an update tells has happened by then. That is
// all that depends on it but for advice, and what is good once stays good, so a site that can
// be made today can be made again on any later day, byte for byte.
func Load(source fs.FS, now time.Time) (*Library, error) { return load(source, now, false) }

// LoadDrafts does as [Load] does, and shows the drafts among the reports.
func LoadDrafts(source fs.FS, now time.Time) (*Library, error) { return load(source, now, true) }

func load(source fs.FS, now time.Time, drafts bool) (*Library, error) {
	l := newLoader(source)
	l.latest = now.Add(eastmost)
	years := l.years()
	l.readData(years)
	organisations := readRecords[Organisation](l, "data", "organisations.toml")
	terms := readRecords[Term](l, "data", "glossary.toml")
	contacts := readRecords[Contact](l, "data", "contacts.toml")
	l.checkContacts(contacts)
	l.adviseContacts(contacts, now)
	l.adviseRecords()
	l.checkFiles()
	l.checkWords()

	pages := l.readPages()
	if len(years) == 0 {
		l.problems.add(Place{File: "data"}, "no-data", "there is no report", "add a folder named by a year, such as data/2014, and the same below content")
	}
	lib := &Library{Organisations: organisations, Glossary: terms, Contacts: contacts, ShowsDrafts: drafts, byPath: map[string]*Page{}}
	for _, year := range years {
		rep := l.readReport(year, pages, organisations)
		if rep.Draft = l.isDraft(year); rep.Draft {
			lib.Drafts = append(lib.Drafts, l.draft(rep))
		}
		if !rep.Draft || drafts {
			rep.shown = true
			lib.Reports = append(lib.Reports, rep)
		}
	}
	l.resolve(lib, pages)
	if !drafts {
		l.setDraftsApart(lib)
	}
	l.checkThreads(lib)
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	lib.resolveStates()
	lib.Advice = l.advice.Sorted()
	return lib, nil
}

// Somewhere on earth the clocks are this far ahead of UTC: what is dated today
// there, and checked elsewhere, is not of the future.
const eastmost = 14 * time.Hour

type loader struct {
	source   fs.FS
	latest   time.Time                 // no day that begins later than this, in UTC, has begun anywhere
	tables   map[string]*tableReader   // by file
	values   map[string]map[string]any // of data files, by file
	problems Problems
	advice   Advice

	// What makes a report a draft, by its year: see Draft.
	marked    map[string]Place
	unwritten map[string][]Place

	// incomplete has the folders of which a page could not be read: what other
	// files say of that page's paragraphs cannot be judged.
	incomplete map[string]bool

	static map[string]bool // the files in static, by their addresses
	lists  []string        // the names of the lists that there are templates for

	// lost has the sections of which there is no paragraph, each after the
	// folder of what refers to them.
	lost map[string]bool

	// mistaken has, by year, the numbers that paragraphs with a wrong number
	// should have: what refers to them is right.
	mistaken map[string][]string
}

func newLoader(source fs.FS) *loader {
	l := &loader{source: source}
	files, _ := fs.Glob(source, "layouts/_partials/lists/*.html") // errs only on a bad pattern
	for _, file := range files {
		l.lists = append(l.lists, strings.TrimSuffix(path.Base(file), ".html"))
	}
	return l.fork()
}

// fork gives a loader of the same source that has found nothing yet.
func (l *loader) fork() *loader {
	return &loader{source: l.source, latest: l.latest, lists: l.lists,
		tables: map[string]*tableReader{}, values: map[string]map[string]any{}, marked: map[string]Place{}, unwritten: map[string][]Place{},
		incomplete: map[string]bool{}, lost: map[string]bool{}, mistaken: map[string][]string{}, static: map[string]bool{}}
}

// share has forks of the loader do n things at once, and takes up what they
// found in the order of the things: what is told does not depend on who was
// first.
func (l *loader) share(n int, do func(l *loader, i int)) {
	forks := make([]*loader, n)
	workers := errgroup.Group{}
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		workers.Go(func() error {
			forks[i] = l.fork()
			do(forks[i], i)
			return nil
		})
	}
	_ = workers.Wait() // no worker gives an error
	for _, fork := range forks {
		l.problems = append(l.problems, fork.problems...)
		l.advice = append(l.advice, fork.advice...)
		maps.Copy(l.tables, fork.tables)
		maps.Copy(l.values, fork.values)
		maps.Copy(l.marked, fork.marked)
		maps.Copy(l.incomplete, fork.incomplete)
		for year, places := range fork.unwritten {
			l.unwritten[year] = append(l.unwritten[year], places...)
		}
	}
}

// at gives the place of a key in a data file.
func (l *loader) at(file, key string) Place {
	if r := l.tables[file]; r != nil {
		return r.at(key)
	}
	return Place{File: file}
}

var yearName = regexp.MustCompile(`^[0-9]{4}$`)

// years gives the names of the reports' folders in data/ and content/, newest
// first, and tells of anything there that the site would not read.
func (l *loader) years() []string {
	var years []string
	for _, dir := range []string{"data", "content"} {
		for _, entry := range l.list(dir) {
			name := path.Join(dir, entry.Name())
			switch {
			case entry.IsDir() && yearName.MatchString(entry.Name()):
				if !slices.Contains(years, entry.Name()) {
					years = append(years, entry.Name())
				}
			case name == wordsFolder:
			case entry.IsDir() && !(dir == "data" && path.Ext(name) == ".toml"):
				l.problems.add(Place{File: name}, "unknown-file", "this folder is not a report's", "name it by the report's year, such as 2014, or take it away")
			case dir == "data":
				l.unknownFile(name, dataFileNames(false))
			}
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	if _, err := fs.Stat(l.source, wordsFolder); err == nil {
		for _, entry := range l.list(wordsFolder) {
			l.unknownFile(path.Join(wordsFolder, entry.Name()), []string{path.Base(wordsFile)})
		}
	}
	for _, year := range years {
		for _, entry := range l.list("data/" + year) {
			l.unknownFile(path.Join("data", year, entry.Name()), dataFileNames(true))
		}
	}
	return years
}

// list reads a folder, leaving out what editors and systems leave behind.
func (l *loader) list(dir string) []fs.DirEntry {
	entries, err := fs.ReadDir(l.source, dir)
	if err != nil {
		l.unreadable(dir, "folder", err)
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~")
	})
}

func (l *loader) unknownFile(name string, known []string) {
	if base := path.Base(name); !slices.Contains(known, base) {
		l.problems.add(Place{File: name}, "unknown-file", "the site does not read a file of this name",
			didYouMean(base, known, "take it away"))
	}
}

func (l *loader) unreadable(name, kind string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		// If the folder around it is missing too, that is the one thing to tell.
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if _, err := fs.Stat(l.source, dir); errors.Is(err, fs.ErrNotExist) {
				name, kind = dir, "folder"
			}
		}
		l.problems.add(Place{File: name}, "missing-file", "this "+kind+" is missing", "put it back, or take it from the last version that worked")
		return
	}
	l.problems.add(Place{File: name}, "unreadable-file", "this "+kind+" cannot be read: "+plainError(err), "see that it may be read, and that it is a "+kind)
}

// plainError is what went wrong with a file, without the name that the message
// has already told.
func plainError(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// read gives a file's text, or tells why it is not one.
func (l *loader) read(name string) (text string, ok bool) {
	if info, err := fs.Lstat(l.source, name); err == nil {
		switch {
		case isLink(info):
			return "", false // told by checkFiles
		case info.IsDir():
			l.problems.add(Place{File: name}, "not-a-file", "this is a folder where a file should be", "take it away and put the file back")
			return "", false
		case !info.Mode().IsRegular():
			return "", false // told by checkFiles
		case info.Size() > mostBytes[path.Ext(name)]:
			l.problems.add(Place{File: name}, "too-large", fmt.Sprintf("the file has %d KB, and can have %d at most", (info.Size()+1023)>>10, mostBytes[path.Ext(name)]>>10),
				"take it from the last version that worked, or make two of it")
			return "", false
		}
	}
	data, err := fs.ReadFile(l.source, name)
	if err != nil {
		l.unreadable(name, "file", err)
		return "", false
	}
	l.noteDraft(name, string(data))
	if i := invalidText(data); i >= 0 {
		l.problems.add(Place{name, 1 + bytes.Count(data[:i], []byte("\n"))}, "not-utf-8",
			"there is a character here that is not in UTF-8", "save the file with the encoding UTF-8")
		return "", false
	}
	if l.unfinishedMerge(name, data) {
		return "", false
	}
	if l.checkHidden(name, string(data)) {
		return "", false
	}
	return string(data), true
}

// invalidText gives the offset of the first byte that is not UTF-8 text, or -1.
func invalidText(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// byteOrderMark is what Windows programs may write before a text in UTF-8.
// Hugo reads pages with one, but no data.
const byteOrderMark = "\ufeff"

var markers = regexp.MustCompile(`(?m)^(<<<<<<<|>>>>>>>)( |\r?$)`)

// unfinishedMerge tells of a file in which an unfinished merge left its marks.
func (l *loader) unfinishedMerge(name string, data []byte) bool {
	line := mergeMarker(data)
	if line > 0 {
		l.problems.add(Place{name, line}, "unfinished-merge",
			"two people's changes met here and nobody has chosen between them", "keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>")
	}
	return line > 0
}

// mergeMarker gives the line of the first mark that an unfinished merge left, or 0.
func mergeMarker(data []byte) int {
	if !bytes.Contains(data, []byte("<<<<<<<")) && !bytes.Contains(data, []byte(">>>>>>>")) {
		return 0
	}
	if at := markers.FindIndex(data); at != nil {
		return 1 + bytes.Count(data[:at[0]], []byte("\n"))
	}
	return 0
}

// readData reads the data files of the given years, and those of none.
func (l *loader) readData(years []string) {
	var files []string
	for _, kind := range DataFiles {
		if !kind.Yearly {
			files = append(files, path.Join("data", kind.Name))
			continue
		}
		for _, year := range years {
			files = append(files, path.Join("data", year, kind.Name))
		}
	}
	l.share(len(files), func(l *loader, i int) {
		if values, r := l.readTOML(files[i]); r != nil {
			l.values[files[i]], l.tables[files[i]] = values, r
		}
	})
}

// readTOML gives the values in a data file, or nil after telling why it can't.
func (l *loader) readTOML(file string) (map[string]any, *tableReader) {
	text, ok := l.read(file)
	if !ok {
		return nil, nil
	}
	if strings.HasPrefix(text, byteOrderMark) {
		l.problems.add(Place{file, 1}, "byte-order-mark", "the file begins with an invisible byte order mark, which data may not have",
			"save it with the encoding UTF-8, not “UTF-8 with BOM”")
		return nil, nil
	}
	return parseTOML(file, text, 0, &l.problems)
}

// readRecords gives the records of the data file of the given name in dir.
func readRecords[T any](l *loader, dir, name string) []*T {
	kind := dataFile(name)
	file := path.Join(dir, kind.Name)
	r := l.tables[file]
	if r == nil {
		return nil
	}
	if len(l.values[file]) == 0 && kind.Needed {
		l.problems.add(Place{file, 1}, "no-data", "the file holds no records", "add "+kind.Noun+", or take the file from the last version that worked")
	}
	r.problems = &l.problems
	return records[T](r, kind.Noun, l.values[file])
}

func (l *loader) readReport(year string, pages []*Page, organisations []*Organisation) *Report {
	dir := path.Join("data", year)
	rep := &Report{
		Year:            year,
		Themes:          readRecords[Theme](l, dir, "themes.toml"),
		Challenges:      readRecords[Item](l, dir, "challenges.toml"),
		Recommendations: readRecords[Item](l, dir, "recommendations.toml"),
		Measures:        readRecords[Measure](l, dir, "measures.toml"),
	}
	for _, kind := range Kinds {
		for _, it := range rep.Items(kind) {
			it.Kind, it.Report = kind, rep
		}
	}
	l.checkPages(rep, pages, organisations)
	l.checkReport(rep, organisations)
	return rep
}

// frontMatter is what stands between the +++ lines of a page.
type frontMatter struct {
	Title       Text     `toml:"title"`
	Description Text     `toml:"description"`
	Draft       bool     `toml:"draft,omitempty"` // of a report's _index.md alone
	Date        Date     `toml:"date,omitempty"`
	Aliases     []string `toml:"aliases,omitempty" form:"old-address"` // where the page was: pages there lead on to it
	Params      params   `toml:"params,omitempty"`
}

type params struct {
	Number int    `toml:"number,omitempty"` // a section's number in the report
	Lists  string `toml:"lists,omitempty"`  // the records that follow the text
	Asked  Text   `toml:"asked,omitempty"`  // who those records are put to, in words, where there is more to say than names
	Paper  paper  `toml:"paper,omitempty"`
}

// paper is what the head of the committee paper declares.
type paper struct {
	Subject      Text          `toml:"subject"`
	From         string        `toml:"from"` // an Organisation's id
	To           string        `toml:"to"`   // an Organisation's id
	Author       Text          `toml:"author"`
	Telephone    Text          `toml:"telephone"`
	Declarations []Declaration `toml:"declarations,omitempty"`
}

// readPages reads every page in content/.
func (l *loader) readPages() []*Page {
	var names []string
	err := fs.WalkDir(l.source, "content", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			if name != "content" { // that content is missing is told by years
				l.unreadable(name, "folder", err)
			}
			return nil
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir // as Hugo does
		}
		if path.Ext(name) != ".md" || strings.HasPrefix(path.Base(name), ".") {
			return nil
		}
		l.checkPageName(name)
		if dir := path.Dir(name); dir != "content" && path.Dir(dir) != "content" {
			l.problems.add(Place{File: name}, "misplaced-page", "a page stands in a folder within a report's folder",
				"move it up, beside the report's other pages")
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		l.unreadable("content", "folder", err)
	}
	read := make([]*Page, len(names))
	l.share(len(names), func(l *loader, i int) {
		p, ok := l.readPage(names[i])
		if !ok {
			l.incomplete[path.Dir(names[i])] = true
			return
		}
		read[i] = p
	})
	for _, name := range []string{"content/_index.md", glossaryFile} {
		if _, err := fs.Stat(l.source, name); err != nil {
			l.unreadable(name, "file", err)
			l.incomplete[path.Dir(name)] = true
		}
	}
	return slices.DeleteFunc(read, func(p *Page) bool { return p == nil })
}

func (l *loader) readPage(name string) (*Page, bool) {
	text, ok := l.read(name)
	if !ok {
		return nil, false
	}
	text = strings.TrimPrefix(text, byteOrderMark)
	front, body, first, ok := splitFrontMatter(text)
	if !ok && strings.TrimSpace(strings.SplitN(text, "\n", 2)[0]) == "+++" {
		l.problems.add(Place{name, 1}, "no-front-matter", "the title and description at the top do not end", "put a line +++ below them")
		return nil, false
	}
	if !ok {
		l.problems.add(Place{name, 1}, "no-front-matter", "the page does not begin with its title and description",
			`begin it with a line +++, then title = "…" and description = "…", then another line +++`)
		return nil, false
	}
	p := &Page{File: name, Path: pagePath(name)}
	if values, r := parseTOML(name, front, 1, &l.problems); r != nil {
		l.tables[name] = r
		r.lines[""] = 1
		r.fields("", "a page", values, reflect.ValueOf(&p.front).Elem())
		p.Title, p.Description, p.Number, p.Lists, p.Asked = p.front.Title, p.front.Description, p.front.Params.Number, p.front.Params.Lists, p.front.Params.Asked
		l.checkLists(p)
		if p.front.Draft && !isSummary(name) {
			l.problems.add(l.at(name, "draft"), "draft", "only a report as a whole can be a draft",
				"take the line out; to make the report a draft, write it in its _index.md")
		}
	}
	l.readMarkdown(p, body, first)
	if p.Number > 0 && strings.TrimSpace(body) == "" {
		l.problems.add(Place{name, first}, "empty-page", "the section has no text", "put it back, or take it from the last version that worked")
	}
	l.checkShortcodes(name, body, first)
	return p, true
}

// glossaryFile is the page that lists the terms.
const glossaryFile = "content/glossary.md"

// checkLists sees that there is a template for the records a page asks for:
// Hugo's own message would come from inside a template.
func (l *loader) checkLists(p *Page) {
	if p.Lists == "" {
		if p.File == glossaryFile {
			l.problems.add(Place{p.File, 1}, "wrong-list", "this page does not list the glossary", `write lists = "glossary" below [params]`)
		}
		return
	}
	if len(l.lists) == 0 {
		l.unreadable("layouts/_partials/lists/"+p.Lists+".html", "file", fs.ErrNotExist)
		return
	}
	if !slices.Contains(l.lists, p.Lists) {
		l.problems.add(l.at(p.File, "params.lists"), "unknown-list",
			fmt.Sprintf("there are no lists of %s to show", quote(p.Lists)), didYouMean(p.Lists, l.lists, "write one of "+oneOf(l.lists)))
		return
	}
	switch glossary := p.File == glossaryFile; {
	case glossary != (p.Lists == "glossary"):
		l.problems.add(l.at(p.File, "params.lists"), "wrong-list", "the glossary is "+glossaryFile+", and no other page lists it",
			"take the line out, or write the lists of this page")
	case reportOf(p.File) == "" && p.Lists != "glossary" && p.Lists != "help":
		l.problems.add(l.at(p.File, "params.lists"), "wrong-list", fmt.Sprintf("this page belongs to no report, and cannot list %s", p.Lists),
			"move it into a report's folder, or take the line out")
	}
}
