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
// without the drafts. An error is of type [Problems] and lists everything that
// is wrong with what is shown; problems with a draft are kept with the draft.
//
// now is the time on the clock. The site's statements about "now" are made as at
// the date in config.toml, so that the same source always builds the same site;
// the clock only limits that date, and is used for advice.
func Load(source fs.FS, now time.Time) (*Library, error) { return load(source, now, false) }

// LoadDrafts is like [Load], but shows the drafts among the reports.
func LoadDrafts(source fs.FS, now time.Time) (*Library, error) { return load(source, now, true) }

// load reads the library in source, with or without the drafts among the reports.
func load(source fs.FS, now time.Time, drafts bool) (*Library, error) {
	l := newLoader(source)
	l.lastMoment = now.Add(maxClockLead)
	names := l.reportNames()
	l.readData(names)
	lib := &Library{
		Organisations: readRecords[Organisation](l, "data", "organisations.toml"),
		Statuses:      readRecords[Status](l, "data", "statuses.toml"),
		Glossary:      readRecords[Term](l, "data", "glossary.toml"),
		Contacts:      readRecords[Contact](l, "data", "contacts.toml"),
		ShowsDrafts:   drafts, byPath: map[string]*Page{},
	}
	l.checkOrganisations(lib.Organisations)
	l.adviseExample(lib.Organisations)
	l.checkStatuses(lib.Statuses)
	l.checkContacts(lib.Contacts)
	l.checkReaders(lib)
	l.readSettings(lib)
	l.settleNames(lib)
	l.adviseContacts(lib.Contacts, now)
	l.adviseAsAt(lib.AsAt, l.place(settingsFile, "params.as_at"), now)
	l.adviseRecords()
	l.checkFiles()
	l.checkWords()

	lib.words, lib.phrases = map[string]string{}, map[string][]string{}
	for key, value := range l.words {
		lib.words[key], _ = value.(string)
		lib.phrases[key] = wordTexts(value)
	}
	pages := l.readPages()
	l.checkGlossary(lib, pages)
	if len(names) == 0 {
		l.problems.add(Place{File: "data"}, "no-data", "there is no report", "add a folder named after the report, such as data/2014, and another with the same name in content")
	}
	pages = append(pages, l.readReports(lib, names, pages)...)
	l.resolve(lib, pages)
	l.checkPictures(lib)
	if !drafts {
		l.separateDrafts(lib)
	}
	l.checkThreads(lib)
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	lib.resolveStates()
	lib.Advice = l.advice.Sorted()
	return lib, nil
}

// readReports adds the reports and drafts to the library, newest first. It returns
// the pages made from their data, which are not among pages.
func (l *loader) readReports(lib *Library, names []string, pages []*Page) (dataPages []*Page) {
	var all []*Report
	for _, name := range names {
		rep := l.readReport(lib, name, pages)
		rep.Draft = l.isDraft(name)
		all = append(all, rep)
		for _, p := range rep.Pages {
			if p.Layout != "" {
				dataPages = append(dataPages, p)
			}
		}
	}
	slices.SortFunc(all, func(a, b *Report) int { return b.compare(a) })
	for _, rep := range all {
		if rep.Draft {
			lib.Drafts = append(lib.Drafts, l.newDraft(rep))
		}
		if !rep.Draft || lib.ShowsDrafts {
			lib.Reports = append(lib.Reports, rep)
		}
	}
	l.checkLabels(all)
	l.checkDocuments(all)
	return dataPages
}

// maxClockLead is how far clocks can be ahead of UTC: what is dated today in one
// country must not be in the future when it is checked in another.
const maxClockLead = 14 * time.Hour

// A loader reads a source folder, and collects problems and advice.
type loader struct {
	source     fs.FS
	lastMoment time.Time                 // a day that begins later than this, in UTC, is in the future everywhere
	tables     map[string]*tableReader   // by file
	values     map[string]map[string]any // of data files, by file
	problems   Problems
	advice     Advice

	// What makes a report a draft, by its name: see Draft.
	draftLines      map[string]Place
	unwrittenPlaces map[string][]Place

	// incompleteFolders are the folders with a page that could not be read: references to
	// that page's paragraphs cannot be checked.
	incompleteFolders map[string]bool

	words map[string]any // the fixed words, by their names

	documents []string // the files in content that updates may name
	pictures  []string // the files in content that are pictures

	wrongPictures map[string]bool // those that have been reported

	static map[string]bool // the files in static, by their addresses
	lists  []string        // the names of the lists that there are templates for

	// lostPlaces are the missing paragraphs and sections that were reported, each after
	// the name of its report.
	lostPlaces map[string]bool
}

func newLoader(source fs.FS) *loader {
	l := &loader{source: source}
	files, _ := fs.Glob(source, "layouts/_partials/lists/*.html") // fails only for a bad pattern
	for _, file := range files {
		l.lists = append(l.lists, strings.TrimSuffix(path.Base(file), ".html"))
	}
	return l.fork()
}

// fork returns a loader of the same source without any findings.
func (l *loader) fork() *loader {
	return &loader{source: l.source, lastMoment: l.lastMoment, lists: l.lists,
		tables: map[string]*tableReader{}, values: map[string]map[string]any{}, draftLines: map[string]Place{}, unwrittenPlaces: map[string][]Place{},
		incompleteFolders: map[string]bool{}, lostPlaces: map[string]bool{}, static: map[string]bool{}, wrongPictures: map[string]bool{}}
}

// share runs do for n things in parallel, each with a fork of the loader, and
// merges their findings in order: the result does not depend on which fork
// finished first.
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
	_ = workers.Wait() // no worker returns an error
	for _, fork := range forks {
		l.problems = append(l.problems, fork.problems...)
		l.advice = append(l.advice, fork.advice...)
		maps.Copy(l.tables, fork.tables)
		maps.Copy(l.values, fork.values)
		maps.Copy(l.draftLines, fork.draftLines)
		maps.Copy(l.incompleteFolders, fork.incompleteFolders)
		for name, places := range fork.unwrittenPlaces {
			l.unwrittenPlaces[name] = append(l.unwrittenPlaces[name], places...)
		}
	}
}

// place returns the place of a key in a file.
func (l *loader) place(file, key string) Place {
	if r := l.tables[file]; r != nil {
		return r.place(key)
	}
	return Place{File: file}
}

// ReportName matches the name of a report's folder: four digits, then whatever
// distinguishes it from others.
var ReportName = regexp.MustCompile(`^[0-9]{4}(-[a-z0-9]+)*$`)

// reportNames returns the names of the reports' folders in data/ and content/. It
// reports anything else there that the site does not read.
func (l *loader) reportNames() []string {
	var names []string
	for _, dir := range []string{"data", "content"} {
		for _, entry := range l.list(dir) {
			name := path.Join(dir, entry.Name())
			switch {
			case entry.IsDir() && ReportName.MatchString(entry.Name()):
				if !slices.Contains(names, entry.Name()) {
					names = append(names, entry.Name())
				}
			case name == wordsFolder:
			case entry.IsDir() && !(dir == "data" && path.Ext(name) == ".toml"):
				l.problems.add(Place{File: name}, "unknown-file", "this folder does not belong to a report",
					"name it after the report's year, such as 2014, 2014-15 or 2015-review, or remove it")
			case dir == "data":
				l.checkDataFileName(name, dataFileNames(false))
			}
		}
	}
	slices.Sort(names)
	if l.exists(wordsFolder) {
		for _, entry := range l.list(wordsFolder) {
			l.checkDataFileName(path.Join(wordsFolder, entry.Name()), []string{path.Base(wordsFile)})
		}
	}
	for _, name := range names {
		if !l.exists("data/" + name) {
			continue // a report need not have any data
		}
		for _, entry := range l.list("data/" + name) {
			l.checkDataFileName(path.Join("data", name, entry.Name()), dataFileNames(true))
		}
	}
	return names
}

// exists reports whether there is a file or folder of that name.
func (l *loader) exists(name string) bool {
	_, err := fs.Stat(l.source, name)
	return err == nil
}

// list reads a folder, ignoring the files that editors and systems leave there.
func (l *loader) list(dir string) []fs.DirEntry {
	entries, err := fs.ReadDir(l.source, dir)
	if err != nil {
		l.reportUnreadable(dir, "folder", err)
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~")
	})
}

// checkDataFileName checks that a file in data has one of the names.
func (l *loader) checkDataFileName(name string, names []string) {
	if base := path.Base(name); !slices.Contains(names, base) {
		l.problems.add(Place{File: name}, "unknown-file", "the site does not use a file with this name",
			Suggest(base, names, "remove it"))
	}
}

// reportUnreadable reports that a file or folder is missing or cannot be read.
func (l *loader) reportUnreadable(name, kind string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		// If its folder is missing too, that is the one thing to report.
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if _, err := fs.Stat(l.source, dir); errors.Is(err, fs.ErrNotExist) {
				name, kind = dir, "folder"
			}
		}
		l.problems.add(Place{File: name}, "missing-file", "this "+kind+" is missing", "restore it from the last version that worked")
		return
	}
	l.problems.add(Place{File: name}, "unreadable-file", "this "+kind+" cannot be read: "+plainError(err), "check its permissions, and that it is a "+kind)
}

// plainError describes what went wrong with a file, without its name, which the
// message already has.
func plainError(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// read returns the text of a file. If ok is false, it has reported why there is none.
func (l *loader) read(name string) (text string, ok bool) {
	if info, err := fs.Lstat(l.source, name); err == nil {
		switch {
		case isLink(info):
			return "", false // reported by checkFiles
		case info.IsDir():
			l.problems.add(Place{File: name}, "not-a-file", "this is a folder where a file should be", "remove it and restore the file")
			return "", false
		case !info.Mode().IsRegular():
			return "", false // reported by checkFiles
		case info.Size() > maxBytes[path.Ext(name)]:
			l.problems.add(Place{File: name}, "too-large", fmt.Sprintf("the file is %d KB; the limit is %d KB", (info.Size()+1023)>>10, maxBytes[path.Ext(name)]>>10),
				"restore it from the last version that worked, or split it in two")
			return "", false
		}
	}
	data, err := fs.ReadFile(l.source, name)
	if err != nil {
		l.reportUnreadable(name, "file", err)
		return "", false
	}
	l.noteDraft(name, string(data))
	if i := invalidText(data); i >= 0 {
		l.problems.add(Place{name, 1 + bytes.Count(data[:i], []byte("\n"))}, "not-utf-8",
			"this line has a character that is not UTF-8", "save the file as UTF-8")
		return "", false
	}
	if l.checkMerge(name, data) {
		return "", false
	}
	if l.checkHidden(name, string(data)) {
		return "", false
	}
	return string(data), true
}

// invalidText returns the offset of the first byte that is not UTF-8 text, or -1.
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

// byteOrderMark is what some Windows programs write before text in UTF-8. Hugo
// accepts it in pages, but not in data.
const byteOrderMark = "\ufeff"

var markers = regexp.MustCompile(`(?m)^(<<<<<<<|>>>>>>>)( |\r?$)`)

// checkMerge reports whether a file has conflict markers. If so, it adds a problem.
func (l *loader) checkMerge(name string, data []byte) bool {
	line := mergeMarker(data)
	if line > 0 {
		l.problems.add(Place{name, line}, "unfinished-merge",
			"this file has an unresolved merge conflict", "keep what is right and delete the lines that begin with <<<<<<<, ======= and >>>>>>>")
	}
	return line > 0
}

// mergeMarker returns the line of the first conflict marker, or 0.
func mergeMarker(data []byte) int {
	if !bytes.Contains(data, []byte("<<<<<<<")) && !bytes.Contains(data, []byte(">>>>>>>")) {
		return 0
	}
	if match := markers.FindIndex(data); match != nil {
		return 1 + bytes.Count(data[:match[0]], []byte("\n"))
	}
	return 0
}

// readData reads the data files of the named reports, and those outside reports.
func (l *loader) readData(names []string) {
	var files []string
	for _, kind := range DataFiles {
		dirs := []string{"data"}
		if kind.PerReport {
			dirs = nil
			for _, name := range names {
				dirs = append(dirs, path.Join("data", name))
			}
		}
		for _, dir := range dirs {
			file := path.Join(dir, kind.Name)
			if _, err := fs.Lstat(l.source, file); kind.MustExist || !errors.Is(err, fs.ErrNotExist) {
				files = append(files, file)
			}
		}
	}
	l.share(len(files), func(l *loader, i int) {
		if values, r := l.readTOML(files[i]); r != nil {
			l.values[files[i]], l.tables[files[i]] = values, r
		}
	})
}

// isUnread reports whether a data file exists but could not be read, so that its
// content is not known. The reason has been reported.
func (l *loader) isUnread(file string) bool {
	_, err := fs.Lstat(l.source, file)
	return err == nil && l.tables[file] == nil
}

// readTOML returns the values in a data file, or nil if it has a problem.
func (l *loader) readTOML(file string) (map[string]any, *tableReader) {
	text, ok := l.read(file)
	if !ok {
		return nil, nil
	}
	if strings.HasPrefix(text, byteOrderMark) {
		l.problems.add(Place{file, 1}, "byte-order-mark", "the file begins with an invisible byte order mark, which data files must not have",
			"save it as UTF-8, not “UTF-8 with BOM”")
		return nil, nil
	}
	return parseTOML(file, text, 0, &l.problems)
}

// readRecords returns the records of the data file with that name in dir, in the
// order of the file.
func readRecords[T any](l *loader, dir, name string) []*T {
	kind := dataFile(name)
	file := path.Join(dir, kind.Name)
	r := l.tables[file]
	if r == nil {
		return nil
	}
	if len(l.values[file]) == 0 && kind.MustHaveRecords {
		l.problems.add(Place{file, 1}, "no-data", "the file has no records", "add "+kind.Noun+", or restore the file from the last version that worked")
	}
	r.problems = &l.problems
	return records[T](r, kind.Noun, l.values[file])
}

// readReport reads the records of a report, and connects it with its pages.
func (l *loader) readReport(lib *Library, name string, pages []*Page) *Report {
	dir := path.Join("data", name)
	rep := &Report{
		Name:            name,
		Publisher:       lib.Publisher,
		Themes:          readRecords[Theme](l, dir, "themes.toml"),
		Challenges:      readRecords[Item](l, dir, "challenges.toml"),
		Recommendations: readRecords[Item](l, dir, "recommendations.toml"),
		Measures:        readRecords[Measure](l, dir, "measures.toml"),
		Requirements:    readRecords[Requirement](l, dir, requirementsFile),
		lib:             lib,
	}
	for _, kind := range Kinds {
		for _, it := range rep.Items(kind) {
			it.Kind, it.Report = kind, rep
		}
	}
	l.checkPages(rep, pages, lib.Organisations)
	l.checkReport(rep, lib)
	return rep
}

// readPages reads every page in content/.
func (l *loader) readPages() []*Page {
	var names []string
	err := fs.WalkDir(l.source, "content", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			if name != "content" { // a missing content is reported by reportNames
				l.reportUnreadable(name, "folder", err)
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
			l.problems.add(Place{File: name}, "misplaced-page", "this page is in a folder inside a report's folder",
				"move it up, beside the report's other pages")
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		l.reportUnreadable("content", "folder", err)
	}
	pages := make([]*Page, len(names))
	l.share(len(names), func(l *loader, i int) {
		p, ok := l.readPage(names[i])
		if !ok {
			l.incompleteFolders[path.Dir(names[i])] = true
			return
		}
		pages[i] = p
	})
	if name := "content/_index.md"; !l.exists(name) {
		l.reportUnreadable(name, "file", fs.ErrNotExist)
		l.incompleteFolders[path.Dir(name)] = true
	}
	return slices.DeleteFunc(pages, func(p *Page) bool { return p == nil })
}

// readPage reads one page. If it returns false, it has reported why there is no page.
func (l *loader) readPage(name string) (*Page, bool) {
	text, ok := l.read(name)
	if !ok {
		return nil, false
	}
	front, body, first, ok := splitFrontMatter(text)
	if !ok && strings.TrimSpace(strings.SplitN(text, "\n", 2)[0]) == "+++" {
		l.problems.add(Place{name, 1}, "no-front-matter", "the title and description at the top have no closing +++ line", "add a line +++ below them")
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
		r.storeFields("", "a page", values, reflect.ValueOf(&p.front).Elem())
		p.Title, p.Description, p.Number, p.Lists, p.Addressees = p.front.Title, p.front.Description, p.front.Params.Number, p.front.Params.Lists, p.front.Params.Asked
		p.Full = p.front.Params.Full == nil || *p.front.Params.Full
		l.checkLists(p)
		l.checkMisplaced(p)
	}
	l.readMarkdown(p, body, first)
	l.adviseUnfinished(name, body, first)
	if p.Number != "" && strings.TrimSpace(body) == "" {
		l.problems.add(Place{name, first}, "empty-page", "this section has no text", "restore it from the last version that worked")
	}
	l.checkShortcodes(name, body, first)
	if reportOf(name) == "" {
		l.adviseUnwritten(name, body, first)
	}
	return p, true
}

const (
	glossaryFile = "content/glossary.md" // the page that lists the terms
	termsFile    = "data/glossary.toml"
	contactsFile = "data/contacts.toml"

	organisationsFile = "data/organisations.toml"
	statusesFile      = "data/statuses.toml"
)

// checkLists checks that there is a template for the records that a page lists:
// Hugo's own message would point inside a template.
func (l *loader) checkLists(p *Page) {
	if p.Lists == "" {
		return
	}
	if len(l.lists) == 0 {
		l.reportUnreadable("layouts/_partials/lists/"+p.Lists+".html", "file", fs.ErrNotExist)
		return
	}
	if !slices.Contains(l.lists, p.Lists) {
		l.problems.add(l.place(p.File, "params.lists"), "unknown-list",
			fmt.Sprintf("the site cannot list %s", Quote(p.Lists)), Suggest(p.Lists, l.lists, "write one of "+joinOr(l.lists)))
		return
	}
	switch glossary := p.File == glossaryFile; {
	case p.Lists == requirementsList:
		l.problems.add(l.place(p.File, "params.lists"), "wrong-list", "the requirements have their own page, made from "+requirementsFile, "delete the line")
	case p.Lists == "glossary" && !glossary:
		l.problems.add(l.place(p.File, "params.lists"), "wrong-list", "only "+glossaryFile+" can list the glossary",
			"delete the line, or name what this page lists")
	case reportOf(p.File) == "" && p.Lists != "glossary" && p.Lists != "help":
		l.problems.add(l.place(p.File, "params.lists"), "wrong-list", fmt.Sprintf("this page does not belong to a report, so it cannot list %s", p.Lists),
			"move it into a report's folder, or delete the line")
	}
}

// checkListed checks that the data file with the records that a page lists exists.
func (l *loader) checkListed(p *Page, file string) {
	if l.exists(file) || l.isReported(file) {
		return
	}
	l.problems.add(Place{File: file}, "missing-file", "this file is missing, and "+p.File+" lists its records",
		fmt.Sprintf("restore it, or delete the line lists = %q from that page", p.Lists))
}

// checkGlossary checks that the terms have a page, that the page has terms, and
// that pages which list contacts have some.
func (l *loader) checkGlossary(lib *Library, pages []*Page) {
	for _, p := range pages {
		if p.Lists == "help" {
			l.checkListed(p, contactsFile)
		}
	}
	i := slices.IndexFunc(pages, func(p *Page) bool { return p.File == glossaryFile })
	switch {
	case l.isUnread(termsFile) || l.isReported(glossaryFile):
	case i < 0 && len(lib.Glossary) > 0:
		l.reportUnreadable(glossaryFile, "file", fs.ErrNotExist)
		l.incompleteFolders[path.Dir(glossaryFile)] = true
	case i < 0:
	case pages[i].Lists != "glossary":
		l.problems.add(Place{glossaryFile, 1}, "wrong-list", "this page does not list the glossary", `write lists = "glossary" below [params]`)
	default:
		l.checkListed(pages[i], termsFile)
	}
}
