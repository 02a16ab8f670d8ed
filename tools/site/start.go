package site

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"annualreport/tools/lock"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// start has the texts of a new folder and, in its subfolders called report, those
// of a report that follows no other. Names in braces are placeholders: see fill.
//
//go:embed all:start
var start embed.FS

// A Folder describes a new source folder, in which another body can publish its
// reports.
type Folder struct {
	Path      string
	Publisher string // the name as the pages show it
	Report    string // the name of the example report
}

// Start creates the folder into for the reports of another body, with the layouts,
// static files, settings and command of source, new texts, and an example report.
// It builds as it is. today dates the example. If Start fails, it leaves into
// unchanged.
func Start(ctx context.Context, source, publisher, into string, today time.Time) (Folder, error) {
	name, id, err := publisherName(publisher)
	if err != nil {
		return Folder{}, err
	}
	if err := findSource(source); err != nil {
		return Folder{}, err
	}
	if err := checkInto(source, into); err != nil {
		return Folder{}, err
	}
	day := today
	if day.YearDay() == 1 { // 1 January is the placeholder for a date
		day = day.AddDate(0, 0, -1)
	}
	folder := Folder{into, name, strconv.Itoa(day.Year())}
	texts := folderTexts(folder, id, day)
	err = fillFolder(ctx, into, func(temp string) error {
		if err := copySource(ctx, source, temp); err != nil {
			return err
		}
		if err := writeTexts(source, temp, texts); err != nil {
			return err
		}
		if _, err := Load(temp); err != nil {
			return err // about a copied file, which has the same name in source
		}
		if ctx.Err() != nil {
			return errors.New("stopped before anything was created")
		}
		return nil
	})
	return folder, cannotStart(into, err)
}

// cannotStart adds to a file's error that the folder was not created, and what to do.
func cannotStart(into string, err error) error {
	if cause, ofFile := fileCause(err); ofFile {
		return fmt.Errorf("cannot create %s: %w; check that you can write to the folder around it, and read everything in this one", into, cause)
	}
	return err
}

// longestName limits the name of a body, in characters.
const longestName = 120

// namePunctuation is what a body's name can contain besides letters, digits and
// spaces. None of it has a meaning in Markdown, or in TOML between quotes.
const namePunctuation = `‘’“”.,&()/+:!-–—`

// publisherName returns a body's name with typographic quotes, as pages show it,
// and an id made from it.
func publisherName(text string) (name, id string, err error) {
	refuse := func(format string, args ...any) (string, string, error) {
		return "", "", UsageError("new: " + fmt.Sprintf(format, args...))
	}
	name = report.Text(strings.TrimSpace(text)).String()
	if n := utf8.RuneCountInString(name); n > longestName {
		return refuse("the publisher’s name has %d characters; the limit is %d", n, longestName)
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != ' ' && !strings.ContainsRune(namePunctuation, r) {
			return refuse("the publisher’s name cannot contain %q; use letters, digits, spaces and signs such as & ( ) and ’", r)
		}
	}
	id = strings.Trim(notForID.ReplaceAllString(plainLetters(strings.ToLower(name)), "-"), "-")
	if id == "" {
		return refuse("%q has no letter from a to z, which the publisher’s id is made from; write the name with those", name)
	}
	return name, id, nil
}

var notForID = regexp.MustCompile(`[^a-z0-9]+`)

// plainLetters returns a text without apostrophes and accents, which ids cannot have.
func plainLetters(text string) string {
	text = strings.NewReplacer("’", "", "‘", "", "&", "and").Replace(text)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// checkInto returns an error unless into does not exist yet or is an empty folder,
// outside source.
func checkInto(source, into string) error {
	refuse := func(format string, args ...any) error { return UsageError("new: " + fmt.Sprintf(format, args...)) }
	root, err := realPath(source)
	if err != nil {
		return cannotStart(into, err)
	}
	if folder, err := realPath(into); err == nil && isInside(folder, root) { // other errors are explained below
		return refuse("%s is inside the folder that it would be copied from; choose one beside it, such as ../northshire", into)
	}
	entries, err := os.ReadDir(into)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Stat(filepath.Dir(filepath.Clean(into))); err != nil || !info.IsDir() {
			return refuse("there is no folder %s to create %s in; create it first", filepath.Dir(filepath.Clean(into)), filepath.Base(into))
		}
		if _, err := os.Lstat(into); err == nil {
			return refuse("%s is a link to a folder that does not exist; choose a folder that is new or empty", into)
		}
	case err != nil:
		for _, name := range []string{into, filepath.Dir(filepath.Clean(into))} {
			if info, statErr := os.Stat(name); statErr == nil && !info.IsDir() {
				return refuse("%s is a file; choose a folder that is new or empty", name)
			}
		}
		return cannotStart(into, err)
	case len(entries) > 0:
		return refuse("%s is not empty; choose a folder that is new or empty", into)
	}
	return nil
}

// fillFolder calls fill with a temporary folder beside into, or inside into if that
// exists, and then moves everything from there to into, or nothing.
func fillFolder(ctx context.Context, into string, fill func(temp string) error) error {
	_, err := os.Stat(into)
	isNew := err != nil
	parent := into // into may be a disk of its own, to which nothing can be renamed from outside
	if isNew {
		parent = filepath.Dir(filepath.Clean(into))
	}
	temp, remove, err := makeTemp(ctx, parent)
	if err != nil {
		return err
	}
	defer remove()
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := fill(temp); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(temp, release.Mark)); err != nil {
		return err
	}
	if isNew {
		return os.Rename(temp, into)
	}
	entries, err := os.ReadDir(temp)
	if err != nil {
		return err
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return moveAll(temp, into, names)
}

// moveAll moves files and folders from source to target: all, or none.
func moveAll(source, target string, names []string) error {
	for i, name := range names {
		oldPath, newPath := filepath.Join(source, name), filepath.Join(target, name)
		_, err := os.Lstat(newPath)
		if err == nil {
			err = &os.LinkError{Op: "rename", Old: oldPath, New: newPath, Err: fs.ErrExist}
		} else {
			err = os.Rename(oldPath, newPath)
		}
		if err != nil {
			for _, earlier := range names[:i] {
				err = errors.Join(err, os.Rename(filepath.Join(target, earlier), filepath.Join(source, earlier)))
			}
			return err
		}
	}
	return nil
}

// What Start copies from source. What is not required may be missing.
var (
	copiedNames   = []string{"layouts", "static", "tools", "go.mod", "go.sum", "data/statuses.toml", ".gitignore", ".gitattributes", ".editorconfig"}
	requiredNames = []string{"layouts", "static", "tools", "go.mod", "go.sum"}
)

// excludedNames are the files and folders of tools that only tests need, besides
// the _test.go files.
var excludedNames = []string{"testdata", "testkit", "node_modules", "test.sh", "package.json", "package-lock.json", "schemas.go", "summary.png"}

// copySource copies files of source to temp.
func copySource(ctx context.Context, source, temp string) error {
	for _, name := range copiedNames {
		if _, err := os.Stat(filepath.Join(source, name)); err != nil {
			if slices.Contains(requiredNames, name) {
				return UsageError(fmt.Sprintf("new: %s has no %s, which a new folder needs; run the command in the project's folder, or give that folder with --source", source, name))
			}
			continue
		}
		err := filepath.WalkDir(filepath.Join(source, name), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return errors.New("stopped before anything was created")
			}
			relative, err := filepath.Rel(source, file)
			if err != nil {
				return err
			}
			switch slashName := filepath.ToSlash(relative); {
			case slashName != name && isExcluded(slashName):
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			case entry.IsDir():
				return nil
			case !entry.Type().IsRegular():
				return fmt.Errorf("%s is not a regular file; put the file itself there", slashName)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			return addFile(temp, relative, data)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isExcluded reports whether a file or folder of source is not copied: hidden
// files, files of one report, and tests.
func isExcluded(name string) bool {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "."), strings.HasSuffix(base, "~"):
		return true
	case path.Dir(name) == "static":
		return report.ReportName.MatchString(base)
	case strings.HasPrefix(name, "tools/"):
		return strings.HasSuffix(base, "_test.go") || slices.Contains(excludedNames, base)
	}
	return false
}

// makeTemp creates a temporary folder in parent for the files of [addFile], and
// returns it with a function that removes it. Until then, no other command works on
// parent. It removes what killed commands left there.
func makeTemp(ctx context.Context, parent string) (temp string, remove func(), err error) {
	unlock, err := lock.Folder(ctx, parent)
	if err != nil {
		return "", nil, err
	}
	tidy(filepath.Join(parent, "new"))
	if temp, err = os.MkdirTemp(parent, ".new-"); err == nil {
		err = os.WriteFile(filepath.Join(temp, release.Mark), []byte(markHead+"\n"), 0o600)
	}
	remove = func() {
		os.RemoveAll(temp) // does nothing for ""
		unlock()
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return temp, remove, nil
}

// addFile writes a file in temp, with the folders around it. It lists it in the
// folder's mark first.
func addFile(temp, name string, data []byte) error {
	mark, err := os.OpenFile(filepath.Join(temp, release.Mark), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(mark, filepath.ToSlash(name))
	if err := errors.Join(err, mark.Close()); err != nil {
		return err
	}
	file := filepath.Join(temp, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

const (
	settingsFile = "config.toml"
	wordsFile    = "data/words/en.toml"
)

// writeTexts writes the texts of a new folder. For settings and fixed words, texts
// has only what differs from source.
func writeTexts(source, temp string, texts map[string]string) error {
	for file, change := range map[string]func(text, changes string) string{settingsFile: mergeSettings, wordsFile: mergeWords} {
		text, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(file)))
		if err != nil {
			return err
		}
		texts[file] = change(strings.ReplaceAll(string(text), "\r\n", "\n"), texts[file])
	}
	for name, text := range texts {
		if err := addFile(temp, name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

var (
	titleLine  = regexp.MustCompile(`(?m)^title *=.*\n`)
	paramLines = regexp.MustCompile(`(?m)^\[params[^\n]*\n(?:[^\[\n][^\n]*\n)*`) // a table, up to an empty line or the next table
	wordLine   = regexp.MustCompile(`(?m)^([a-z_]+) *=.*\n`)
)

// mergeSettings replaces the title and the parameters in text by those in changes.
func mergeSettings(text, changes string) string {
	title, params := titleLine.FindString(changes), paramLines.FindString(changes)
	if line := titleLine.FindStringIndex(text); line != nil { // the first: tables can have titles too
		text = text[:line[0]] + title + text[line[1]:]
	}
	first := paramLines.FindStringIndex(text)
	if first == nil {
		return strings.TrimRight(text, "\n") + "\n\n" + params
	}
	return text[:first[0]] + params + paramLines.ReplaceAllLiteralString(text[first[1]:], "")
}

// mergeWords replaces the fixed words in text that changes has too.
func mergeWords(text, changes string) string {
	lines := map[string]string{}
	for _, m := range wordLine.FindAllStringSubmatch(changes, -1) {
		lines[m[1]] = m[0]
	}
	return wordLine.ReplaceAllStringFunc(text, func(line string) string {
		if other, ok := lines[wordLine.FindStringSubmatch(line)[1]]; ok {
			return other
		}
		return line
	})
}

// folderTexts returns the texts of a new folder with an example report.
func folderTexts(folder Folder, id string, day time.Time) map[string]string {
	words := []string{"{publisher}", folder.Publisher, "{publisher-id}", id, "{name}", folder.Report, "{next}", strconv.Itoa(day.Year() + 1),
		"{today}", day.Format(time.DateOnly), "{day}", day.Format("2 January 2006"), "{date}", day.Format(time.DateOnly),
		"{draft}", "", "{params}", "", "{asked}", `"example-body"`}
	texts := fill(folder.Report, func(file string) bool { return !isReportText(file) }, words...)
	example := append(words, report.ToWrite+": ", "Example: ", "[to-write]", "[example]")
	maps.Copy(texts, fill(folder.Report, isReportText, example...))
	return texts
}

// isReportText reports whether a file of start belongs to a report.
func isReportText(file string) bool { return strings.Contains(file, "/report/") }

// emptyReport returns the files of a draft that follows no other report.
func emptyReport(name, series string) report.Beginning {
	params := ""
	if series != "" {
		params = fmt.Sprintf("series = %q\nlabel = \"%s: what readers call the report %s\"\n", series, report.ToWrite, name)
	}
	draft := "# While this line is here, the report is a draft: the preview shows it, but the published site does not.\n" +
		fmt.Sprintf("# To publish it, write what is marked %s in content/%[2]s and data/%[2]s, and delete this line.\ndraft = true\n", report.ToWrite, name)
	files := fill(name, isReportText,
		"{name}", name, "{date}", name[:4]+"-01-01", "{draft}", draft, "{params}", params, "{asked}", "")
	return report.Beginning{Files: files}
}

// fill returns the texts of start for which include is true, by their names. It
// replaces words, given as old and new by turns, and the name of the folders
// called report by name.
func fill(name string, include func(file string) bool, words ...string) map[string]string {
	replacer := strings.NewReplacer(words...)
	texts := map[string]string{}
	err := fs.WalkDir(start, "start", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !include(file) {
			return err
		}
		text, err := fs.ReadFile(start, file)
		file = strings.TrimPrefix(file, "start/")
		texts[strings.Replace(file, "/report/", "/"+name+"/", 1)] = replacer.Replace(string(text))
		return err
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return texts
}
