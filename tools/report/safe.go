package report

import (
	"fmt"
	"html"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nothing that a contributor sends is trusted: not that a file is a plain file, not
// that it can be read in reasonable time, and not that its text is what an editor
// sees.

// maxBytes is the size limit of a file, by extension. A report can be of any
// size, but not a single file of it. dense.go and keyReader limit the time that a
// malicious file takes to read.
var maxBytes = map[string]int64{".md": 512 << 10, ".toml": 1 << 20}

// folders are the folders with files that are read or published.
var folders = []string{"content", "data", "layouts", "static"}

// stylesheet is included in every page.
const stylesheet = "static/css/report.css"

func isLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }

// checkFiles checks that everything that is read or published is a plain file of a
// kind that belongs there.
func (l *loader) checkFiles() {
	if _, err := fs.Stat(l.source, stylesheet); err != nil {
		l.problems.add(Place{File: stylesheet}, "missing-file", "the stylesheet is missing", "restore it")
	}
	if info, err := fs.Lstat(l.source, settingsFile); err == nil && isLink(info) {
		l.reportNotPlain(settingsFile, info.Mode())
	}
	var names []string
	for _, folder := range folders {
		if info, err := fs.Lstat(l.source, folder); err != nil || isLink(info) {
			if err == nil {
				l.reportNotPlain(folder, info.Mode())
			}
			continue // a missing folder is reported where it is needed
		}
		// The walk's only error would be one that this function returns.
		_ = fs.WalkDir(l.source, folder, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil: // reported where it is read
			case entry.IsDir() && folder != "static" && strings.HasPrefix(entry.Name(), "."):
				return fs.SkipDir // as Hugo does
			case entry.IsDir():
			case !entry.Type().IsRegular():
				l.reportNotPlain(name, entry.Type())
			case folder == "static" && IsLeftover(name):
			default:
				if folder == "static" {
					l.checkStatic(name)
				}
				if folder == "static" && !strings.HasPrefix(name, "static/css/") {
					l.static[strings.TrimPrefix(name, "static")] = true
				}
				names = append(names, name)
				if _, address, _ := strings.Cut(name, "/"); IsPDF(address) {
					l.problems.add(Place{File: name}, "name-taken", "the build writes a file of this name", "rename this one")
				}
				l.checkKind(folder, name)
				l.checkMerged(folder, name, entry)
			}
			return nil
		})
	}
	l.checkNames(names)
}

// textFiles are the extensions of files in layouts and static that people write, and
// maxTextFile is the most bytes that are read of one.
var textFiles = []string{".html", ".css", ".js", ".xml", ".json", ".txt", ".svg"}

const maxTextFile = 4 << 20

// checkMerged checks that a file in layouts or static has no conflict markers. (Those
// in content and data are read as a whole.)
func (l *loader) checkMerged(folder, name string, entry fs.DirEntry) {
	if folder != "layouts" && folder != "static" || !slices.Contains(textFiles, path.Ext(name)) {
		return
	}
	if info, err := entry.Info(); err != nil || info.Size() > maxTextFile {
		return
	}
	if data, err := fs.ReadFile(l.source, name); err == nil { // otherwise it is reported where it is used
		l.checkMerge(name, data)
	}
}

// reportNotPlain reports something in the source that is not a plain file.
func (l *loader) reportNotPlain(name string, mode fs.FileMode) {
	l.incompleteFolders[name], l.incompleteFolders[path.Dir(name)] = true, true
	if mode&fs.ModeSymlink != 0 {
		l.problems.add(Place{File: name}, "not-a-file", "this is a link to another place, which could publish anything", "put the file itself here")
		return
	}
	l.problems.add(Place{File: name}, "not-a-file", "this is not a file", "remove it and restore the file")
}

// maxDocument is how many bytes a document may have.
const maxDocument = 10 << 20

// maxPicture is how many bytes a picture may have.
const maxPicture = 1 << 20

// pictureName matches the names of pictures, which become addresses. A second
// extension could mislead a server.
var pictureName = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z]+$`)

// checkKind checks that a file in content is a page, a picture or a document:
// anything else would be published too. (reportNames checks the files in data, and
// those in static are meant to be published as they are.)
func (l *loader) checkKind(folder, name string) {
	base := path.Base(name)
	ending := path.Ext(base)
	if folder != "content" || isIgnored(base) || ending == ".md" {
		return
	}
	switch {
	case strings.EqualFold(ending, ".md"):
		l.problems.add(Place{File: name}, "bad-file-name", "the name of a page must end with .md, in lower case", "name it "+strings.TrimSuffix(base, ending)+".md")
		return
	case isReserved(base):
		l.problems.add(Place{File: name}, "bad-file-name", "Windows does not allow a file with this name", "rename it")
		return
	case documentName.MatchString(lowerEnding(base)) && !documentName.MatchString(base):
		l.problems.add(Place{File: name}, "bad-file-name", "the name of a document must end in lower case", "name it "+lowerEnding(base))
		return
	case documentName.MatchString(base):
		l.documents = append(l.documents, name)
		if info, err := fs.Stat(l.source, name); err == nil && info.Size() > maxDocument {
			l.problems.add(Place{File: name}, "too-large", fmt.Sprintf("this document is %.1f MB; the limit is %d MB", float64(info.Size())/1e6, maxDocument>>20), "make it smaller, or link to where it is published")
			return
		}
		l.checkDocumentFile(name)
		return
	case formats[strings.ToLower(ending)] == "":
		l.problems.add(Place{File: name}, "unknown-file", "this kind of file cannot be a page, or a picture in one",
			"write pages as .md files, save pictures as .png, .jpg, .webp or .gif, and letters as .pdf; put other files that pages link to in static")
		return
	case !pictureName.MatchString(base):
		l.problems.add(Place{File: name}, "bad-file-name", "a picture's file name becomes its address, and this one cannot",
			"use letters, digits and hyphens, such as "+suggestID(strings.TrimSuffix(base, ending))+strings.ToLower(ending))
		return
	}
	if info, err := fs.Stat(l.source, name); err == nil && info.Size() > maxPicture {
		l.problems.add(Place{File: name}, "too-large", fmt.Sprintf("this picture is %.1f MB, which takes too long to load on a phone", float64(info.Size())/1e6),
			"make it smaller, at most 1 MB; 1,600 pixels across is enough")
		l.wrongPictures[name] = true
		return
	}
	l.pictures = append(l.pictures, name)
}

// checkDocuments checks that an update names every document: others would be
// published too.
func (l *loader) checkDocuments(reports []*Report) {
	names := map[string]bool{}
	for _, rep := range reports {
		for _, it := range rep.AllItems() {
			for _, u := range it.Updates {
				names[path.Join("content", rep.Name, u.Document)] = true
			}
		}
	}
	for _, name := range l.documents {
		if !names[name] && !l.isReported("data/"+reportOf(name)) {
			l.problems.add(Place{File: name}, "unknown-file", "no update names this document", fmt.Sprintf("write document = %q in the update that it belongs to, or remove the file", path.Base(name)))
		}
	}
}

// isIgnored reports whether Hugo ignores a file in content.
func isIgnored(base string) bool {
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~")
}

// reserved matches names that Windows reserves, whatever follows the first dot.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

func isReserved(base string) bool { return reserved.MatchString(base) }

// checkPageName checks that a page's file name can be its address, and that no
// other page has it.
func (l *loader) checkPageName(name string) {
	base := strings.TrimSuffix(path.Base(name), ".md")
	switch {
	case base == "_index":
	case base == "index":
		l.problems.add(Place{File: name}, "bad-file-name", "a page with this name would replace _index.md and all pages beside it", "rename it")
	case path.Dir(name) == "content" && base == "404":
		l.problems.add(Place{File: name}, "bad-file-name", "a page with this name would replace the page for addresses that do not exist", "rename it")
	case path.Dir(name) == "content" && slices.Contains([]string{organisationsPage, progressPage, searchPage}, base):
		l.problems.add(Place{File: name}, "bad-file-name", "a page with this name would replace one made from the data", "rename it")
	case reportOf(name) != "" && base == searchPage:
		l.problems.add(Place{File: name}, "bad-file-name", "a page with this name would replace the report's search", "rename it")
	case path.Dir(name) == "content" && ReportName.MatchString(base):
		l.problems.add(Place{File: name}, "bad-file-name", "a page with this name would replace a report's summary", "rename it, or move its text to content/"+base+"/_index.md")
	case isReserved(base):
		l.problems.add(Place{File: name}, "bad-file-name", "Windows does not allow a file with this name", "rename it")
	case !goodID.MatchString(base):
		l.problems.add(Place{File: name}, "bad-file-name", "a page's file name becomes its address, and this one cannot",
			"use lower-case letters, digits and single hyphens, such as "+suggestID(base)+".md")
	}
}

// invisible are the characters that readers cannot see, or that reverse the text
// around them. Letters of all scripts, accents, emoji and the soft hyphen are not
// among them.
var invisible = []*unicode.RangeTable{
	unicode.Cc, unicode.Co, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Noncharacter_Code_Point,
	unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
	{R16: []unicode.Range16{{0x180e, 0x180e, 1}, {0x200b, 0x200d, 1}, {0x2060, 0x2064, 1}, {0x206a, 0x206f, 1}, {0x2800, 0x2800, 1}, {0xfeff, 0xfeff, 1}, {0xfff9, 0xfffb, 1}},
		R32: []unicode.Range32{{0x1bca0, 0x1bca3, 1}, {0x1d173, 0x1d17a, 1}, {0xe0001, 0xe007f, 1}}},
}

// flags are the tag characters that turn a black flag into that of England, Scotland
// or Wales. Other tag characters could hide any text.
var flags = regexp.MustCompile(`^\x{e0067}\x{e0062}(?:\x{e0065}\x{e006e}\x{e0067}|\x{e0073}\x{e0063}\x{e0074}|\x{e0077}\x{e006c}\x{e0073})\x{e007f}`)

// maxMarks is the most accents that one letter can have, in any script.
const maxMarks = 6

// latinLooking are the Cyrillic and Greek letters that look like Latin ones. Beside a Latin
// letter, they make a word that nobody finds, or a name that is not the one it looks like.
const latinLooking = "АВЕЅІЈКМНОРСТУХԚԜаеѕіјорсухһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ"

// findHidden returns the offset of the first character in text that is not what readers see,
// or -1: an invisible one, or a letter that only looks like another. Invisible ones
// that change what is visible are allowed: joiners in emoji and in scripts that
// have them, variation selectors of emoji, and the tags of a flag.
func findHidden(text string) int {
	const blackFlag, softHyphen = '\U0001f3f4', '\u00ad'
	isJoiner := func(r rune) bool { return r == '\u200c' || r == '\u200d' }
	previous, flag, marks := rune(0), 0, 0
	for i, r := range text {
		if marks++; !unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Variation_Selector, r) {
			marks = 0
		}
		switch {
		case ' ' <= r && r <= '~', r == '\t', r == '\n', r == '\r' && strings.HasPrefix(text[i:], "\r\n"), i < flag:
		case isJoiner(r):
			if previous <= unicode.MaxLatin1 || isJoiner(previous) || unicode.Is(unicode.Latin, previous) || unicode.IsPunct(previous) || unicode.IsSpace(previous) {
				return i
			}
		case r == '\ufe0e' || r == '\ufe0f':
			if previous == 0 || unicode.IsLetter(previous) || unicode.IsSpace(previous) || unicode.Is(unicode.Variation_Selector, previous) {
				return i
			}
		case r == blackFlag:
			flag = i + utf8.RuneLen(r)
			flag += len(flags.FindString(text[flag:]))
		case r == utf8.RuneError, r == softHyphen && previous == r, marks > maxMarks, unicode.In(r, invisible...):
			return i
		case strings.ContainsRune(latinLooking, r):
			if next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); unicode.Is(unicode.Latin, previous) || unicode.Is(unicode.Latin, next) {
				return i
			}
		}
		previous = r
	}
	return -1
}

// isBlank reports whether a reader sees nothing of a text.
func isBlank(text string) bool {
	return strings.TrimSpace(strings.ReplaceAll(text, "\u00ad", "")) == ""
}

const hiddenAdvice = "delete it together with the letters around it, and type those again"

// describeHidden describes the hidden character at an offset in a text by its number
// and the words before it, since the editor cannot see it.
func describeHidden(text string, offset int) string {
	var r rune
	for _, r = range text[offset:] {
		break
	}
	line := text[:offset]
	line = strings.TrimSpace(line[strings.LastIndexByte(line, '\n')+1:])
	if runes := []rune(line); len(runes) > 30 {
		line = "…" + string(runes[len(runes)-29:])
	}
	what := "an invisible character"
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		what = "a character that reverses the text around it"
	case strings.ContainsRune(latinLooking, r):
		what = "a letter that only looks like one of ours"
	case r == utf8.RuneError:
		what = "a sign in place of a character that was lost"
	case unicode.Is(unicode.Co, r):
		what = "a character that other computers cannot show"
	}
	where := "at the beginning"
	if line != "" {
		where = "after “" + line + "”"
	}
	return fmt.Sprintf("there is %s (U+%04X) %s", what, r, where)
}

// checkHidden reports each line of a file with a hidden character.
func (l *loader) checkHidden(name, text string) (hasHidden bool) {
	if path.Ext(name) == ".toml" || path.Ext(name) == ".md" {
		text = strings.TrimPrefix(text, byteOrderMark) // checked where the file is read
	}
	if findHidden(text) < 0 {
		return false
	}
	for i, line := range strings.SplitAfter(text, "\n") {
		if offset := findHidden(line); offset >= 0 {
			l.problems.add(Place{name, i + 1}, "hidden-character", describeHidden(line, offset), hiddenAdvice)
		}
	}
	return true
}

// entity matches a character written by its number or name: &#x202e; &zwj;
var entity = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);`)

// checkEntities reports hidden characters written by number or name. first is the
// number of lines of the file before body.
func (l *loader) checkEntities(file, body string, first int) {
	if !strings.Contains(body, "&") {
		return
	}
	placeAt := placesIn(file, body, first)
	for _, m := range entity.FindAllStringIndex(body, -1) {
		if name := body[m[0]:m[1]]; findHidden(character(name)) >= 0 {
			l.problems.add(placeAt(m[0]), "hidden-character",
				fmt.Sprintf("%s stands for an invisible character", Quote(name)), "delete it")
		}
	}
}

// character returns the character that an entity stands for.
func character(entity string) string {
	digits, base := strings.Trim(entity, "&#;"), 10
	if strings.HasPrefix(strings.ToLower(digits), "x") && entity[1] == '#' {
		digits, base = digits[1:], 16
	}
	if n, err := strconv.ParseInt(digits, base, 32); err == nil && entity[1] == '#' {
		return string(rune(n))
	}
	return html.UnescapeString(entity)
}

// nestedLine matches a line with too many marks of quotations and lists at its start.
var nestedLine = regexp.MustCompile(fmt.Sprintf(`(?m)^(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t])){%d}|^[ \t]{64}`, maxNested))

// placesIn returns a function from offsets in a text to places. first is the number
// of lines of the file before the text.
func placesIn(file, text string, first int) func(offset int) Place {
	var breaks []int
	for i := range len(text) {
		if text[i] == '\n' {
			breaks = append(breaks, i)
		}
	}
	return func(offset int) Place { return Place{file, first + 1 + sort.SearchInts(breaks, offset)} }
}

// checkNested checks that quotations and lists are not nested too deeply. first is
// the number of lines of the file before body.
func (l *loader) checkNested(file, body string, first int) bool {
	m := nestedLine.FindStringIndex(body)
	if m != nil {
		l.problems.add(Place{file, first + 1 + strings.Count(body[:m[0]], "\n")}, "too-deep", "quotations or lists are nested too deeply",
			"delete all but one of the marks at the start of the line")
	}
	return m == nil
}
