package release

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"annualreport/tools/report"
)

// A Verdict is what was proved.
type Verdict struct {
	Files int    // that are as the list has them
	Sum   Sum    // of a zip itself
	By    string // the file, given or found beside a zip, that the whole was proved by; "" if there was only the list in it
}

// Verify proves a zip that this command packed, or a folder that was unpacked
// from one, against checksums.
//
// A zip is proved against the list in it, and itself against sums, or if that
// is "" against the SHA256SUMS beside it if that names the zip. A folder is
// proved against sums, which may be a list or the zip that was signed off, or if
// that is "" against the list in it. The files and folders allowed, paths within
// the folder, may stand there without being listed.
//
// An error that says what is altered, missing or extra is of type
// [report.Problems]; one that says that a named file is not there is
// [fs.ErrNotExist].
func Verify(name, sums string, allowed []string) (Verdict, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return Verdict{}, unread(name, err)
	case info.IsDir():
		return verifyFolder(name, sums, allowed)
	case len(allowed) > 0:
		return Verdict{}, fmt.Errorf("nothing may stand in %s beside what was packed; --allow is for a folder", name)
	case info.Mode().IsRegular():
		v, _, err := verifyZip(name, sums)
		return v, err
	}
	return Verdict{}, fmt.Errorf("%s is neither a zip nor a folder", name)
}

func verifyFolder(name, sums string, allowed []string) (Verdict, error) {
	root, err := os.OpenRoot(name) // in which no link leads out
	if err != nil {
		return Verdict{}, unread(name, err)
	}
	defer root.Close()
	var text []byte
	if sums == "" {
		text, err = readList(root.FS(), filepath.Join(name, SumsFile))
	} else {
		text, err = readListOrZip(sums)
	}
	if err != nil {
		return Verdict{}, err
	}
	from := sums
	if from == "" {
		from = filepath.Join(name, SumsFile)
	}
	listed, err := ReadSums(bytes.NewReader(text))
	if err != nil {
		return Verdict{}, notAList(from, err)
	}
	problems := proveFolder(root.FS(), listed, text, allowed)
	if err := problems.Err(); err != nil {
		return Verdict{}, err
	}
	return Verdict{Files: len(listed), By: sums}, nil
}

// readList reads the list in a folder. name is for messages.
func readList(folder fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(folder, SumsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no list of checksums in %s; name one, or the zip that was signed off, with --sums FILE", filepath.Dir(name))
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil, notAList(name, errors.New("it is not a plain file"))
	}
	file, err := folder.Open(SumsFile)
	if err != nil {
		return nil, notAList(name, plain(err))
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSums+1))
}

// readListOrZip reads a list from a file, or from the zip that it is.
func readListOrZip(name string) ([]byte, error) {
	file, err := openPlain(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(file, head); err == nil && string(head) == "PK\x03\x04" {
		_, text, err := verifyZip(name, "")
		return text, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(file, maxSums+1))
}

// openPlain opens a file, and nothing that reading might never end of.
func openPlain(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, unread(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a plain file", name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, unread(name, err)
	}
	return file, nil
}

// verifyZip proves a zip and gives the list in it.
func verifyZip(name, sums string) (v Verdict, list []byte, err error) {
	file, err := openPlain(name)
	if err != nil {
		return v, nil, err
	}
	defer file.Close()
	sum, size, err := sumOf(file, maxTotal)
	if err != nil {
		return v, nil, unread(name, err)
	}
	by, want, err := kept(name, sums)
	if err != nil {
		return v, nil, err
	}
	listed, list, problems := proveZip(file, size)
	if by != "" && sum != want {
		problems = append(problems, report.Problem{Rule: "altered", What: "the zip is not the one that " + by + " has the checksum of",
			Do: "do not use it; get it again from where it was signed off"})
	}
	for i, p := range problems {
		if p.File == "" {
			problems[i].File = name
		}
	}
	return Verdict{Files: len(listed), Sum: sum, By: by}, list, problems.Err()
}

// kept gives the checksum that a zip itself has to have, and the list that says
// so: the one named, or else the one beside the zip, if that names it.
func kept(name, sums string) (by string, sum Sum, err error) {
	by = sums
	if by == "" {
		by = filepath.Join(filepath.Dir(name), SumsFile)
		if _, err := os.Lstat(by); errors.Is(err, fs.ErrNotExist) {
			return "", sum, nil
		}
	}
	file, err := openPlain(by)
	if err != nil {
		return "", sum, err
	}
	defer file.Close()
	listed, err := ReadSums(file)
	if err != nil {
		return "", sum, notAList(by, err)
	}
	sum, ok := listed[filepath.Base(name)]
	switch {
	case !ok && sums == "":
		return "", sum, nil
	case !ok:
		return "", sum, fmt.Errorf("%s has no checksum of %s; name the list that came with it", by, filepath.Base(name))
	}
	return by, sum, nil
}

// notThere is the name of a file that was asked for and is not there.
type notThere string

func (n notThere) Error() string        { return "there is no " + string(n) }
func (n notThere) Is(target error) bool { return target == fs.ErrNotExist }

func unread(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return notThere(name)
	}
	return fmt.Errorf("%s cannot be read: %w", name, plain(err))
}

func notAList(name string, err error) error {
	return fmt.Errorf("%s is no list of checksums: %w; name another, or the zip that was signed off, with --sums FILE", name, err)
}

// A proof compares files with the list of what they have to be.
type proof struct {
	listed   Sums
	free     []string        // may be there or not
	seen     map[string]bool // the files that were met
	left     int64           // bytes that may still be read
	mend     string          // what to do about a file
	takeAway string          // what to do about one too many; %s is its name
	problems report.Problems
}

// newProof begins to prove files against a list, whose own text may be there
// as the file SumsFile.
func newProof(listed Sums, text []byte, mend, takeAway string) *proof {
	p := &proof{listed: Sums{}, seen: map[string]bool{}, left: maxTotal, mend: mend, takeAway: takeAway}
	for name, sum := range listed {
		p.listed[name] = sum
	}
	if _, ok := listed[SumsFile]; !ok {
		p.listed[SumsFile], _, _ = sumOf(bytes.NewReader(text), maxSums) // memory can be read
		p.free = []string{SumsFile}
	}
	return p
}

func (p *proof) add(name, rule, what, do string) {
	p.problems = append(p.problems, report.Problem{Place: report.Place{File: shown(name)}, Rule: rule, What: what, Do: do})
}

// file proves one file.
func (p *proof) file(name string, open func() (io.ReadCloser, error)) {
	want, ok := p.listed[name]
	if !ok {
		p.extra(name, "file")
		return
	}
	if p.seen[name] {
		p.add(name, "repeated", "two files have this name", p.mend)
		return
	}
	p.seen[name] = true
	from, err := open()
	if err == nil {
		defer from.Close()
		var sum Sum
		var size int64
		sum, size, err = sumOf(from, min(maxFile, p.left))
		p.left -= size
		if err == nil && sum != want {
			p.add(name, "altered", "the file is not as it was packed", p.mend)
		}
	}
	if err != nil {
		p.add(name, "unreadable", "the file cannot be read: "+plain(err).Error(), p.mend)
	}
}

func (p *proof) extra(name, kind string) {
	p.add(name, "extra", "the "+kind+" is not one of those that were packed", strings.ReplaceAll(p.takeAway, "%s", shown(name)))
}

// finish tells what was not met.
func (p *proof) finish() report.Problems {
	for name := range p.listed {
		if !p.seen[name] && !slices.Contains(p.free, name) {
			p.add(name, "missing", "the file is not there", p.mend)
		}
	}
	return p.problems
}

// proveFolder compares a folder with the list that text is.
func proveFolder(folder fs.FS, listed Sums, text []byte, allowed []string) report.Problems {
	p := newProof(listed, text, "put the one from the zip that was signed off in its place",
		"find out who put it there and take it away, or if the server needs it, say --allow %s")
	folders := map[string]bool{".": true} // those that listed files stand in
	for name := range p.listed {
		for dir := path.Dir(name); !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	allows := func(name string) bool {
		return slices.ContainsFunc(allowed, func(a string) bool { return path.Clean(filepath.ToSlash(a)) == name })
	}
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		_, listed := p.listed[name]
		switch {
		case err != nil:
			p.add(name, "unreadable", "it cannot be read: "+plain(err).Error(), "see that you may read it")
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case !listed && allows(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir() && !folders[name]:
			p.extra(name, "folder")
			return fs.SkipDir
		case entry.IsDir():
		case entry.Type().IsRegular() || !listed:
			p.file(name, func() (io.ReadCloser, error) { return folder.Open(name) })
		default:
			p.seen[name] = true
			p.add(name, "altered", "it is a link or a device, and not the file that was packed", p.mend)
		}
		return nil
	})
	return p.finish()
}

// A bounded reader gives an error once it is asked for more than is left.
type bounded struct {
	io.ReaderAt
	left int64
}

func (b *bounded) ReadAt(to []byte, at int64) (int, error) {
	if b.left -= int64(len(to)); b.left < 0 {
		return 0, errTooLarge
	}
	return b.ReaderAt.ReadAt(to, at)
}

// proveZip compares the files of a zip with the list in it, and gives the list.
func proveZip(from io.ReaderAt, size int64) (Sums, []byte, report.Problems) {
	const again = "get the zip again from where it was signed off"
	refuse := func(what string) (Sums, []byte, report.Problems) {
		return nil, nil, report.Problems{{Rule: "unreadable", What: what, Do: again}}
	}
	b := &bounded{from, maxSums}
	z, err := zip.NewReader(b, size)
	switch {
	case errors.Is(err, errTooLarge):
		return refuse("the zip names more files than any site has")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // those names are told below
		return refuse("this is no zip, or it was cut off on its way")
	}
	b.left = 4 * maxTotal // files may be made to overlap, and then each is little and all are without end
	files := map[string]*zip.File{}
	for _, file := range z.File {
		files[file.Name] = file
	}
	list := files[Folder+"/"+SumsFile]
	if list == nil {
		return refuse("the zip has no " + Folder + "/" + SumsFile + ", so it was not made by this command")
	}
	text, err := readAll(list)
	if err != nil {
		return refuse(list.Name + " cannot be read: " + err.Error())
	}
	listed, err := ReadSums(bytes.NewReader(text))
	if err != nil {
		return refuse(list.Name + " is no list of checksums: " + err.Error())
	}
	const refused = "do not unpack the zip; " + again
	p := newProof(listed, text, again, refused)
	for _, file := range z.File {
		name, within := strings.CutPrefix(file.Name, Folder+"/")
		folder := strings.HasSuffix(name, "/")
		switch {
		case !within || !fs.ValidPath(strings.TrimSuffix(file.Name, "/")):
			p.add(file.Name, "outside", "the name leads out of the folder "+Folder, refused)
		case folder && file.UncompressedSize64 == 0 && file.Mode().Type() == fs.ModeDir: // where files stand is no news
		case !folder && file.Mode().IsRegular():
			p.file(name, file.Open)
		default:
			p.seen[name] = true
			p.add(name, "altered", "it is a link or a device, and not a plain file", refused)
		}
	}
	return listed, text, p.finish()
}

func readAll(file *zip.File) ([]byte, error) {
	from, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, maxSums+1))
	if len(text) > maxSums {
		return nil, errTooLarge
	}
	return text, err
}

// shown gives a name as it can be printed on a line: what a terminal would not
// show, or take for an order, is written out.
func shown(name string) string {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	if strings.ContainsFunc(name, odd) {
		return strconv.QuoteToASCII(name)
	}
	return name
}
