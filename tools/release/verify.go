package release

import (
	"archive/zip"
	"bytes"
	"cmp"
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

// Unproven says that nothing but the list in a zip vouches for it.
func (v Verdict) Unproven() bool { return v.By == "" && v.Sum != Sum{} }

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
func Verify(name, sums string, allowed []string) (v Verdict, err error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case info.IsDir():
		v, err = verifyFolder(name, sums, allowed)
	case len(allowed) > 0:
		err = fmt.Errorf("--allow is only for folders, and %s is not one; leave it out", name)
	case info.Mode().IsRegular():
		v, _, err = verifyZip(name, sums)
	default:
		err = fmt.Errorf("%s is neither a zip nor a folder", name)
	}
	var file *fs.PathError
	switch {
	case !errors.As(err, &file):
		return v, err
	case errors.Is(err, fs.ErrNotExist):
		return v, missing(file.Path)
	}
	return v, fmt.Errorf("cannot read %s: %w", file.Path, file.Err)
}

// missing is the name of a file that was asked for and is not there.
type missing string

func (m missing) Error() string        { return "there is no " + string(m) }
func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

func verifyFolder(name, sums string, allowed []string) (v Verdict, err error) {
	root, err := os.OpenRoot(name) // in which no link leads out
	if err != nil {
		return v, err
	}
	defer root.Close()
	by := cmp.Or(sums, filepath.ToSlash(filepath.Join(name, SumsFile)))
	switch info, err := root.Lstat(SumsFile); {
	case sums != "":
	case errors.Is(err, fs.ErrNotExist):
		return v, fmt.Errorf("there is no list of checksums in %s; give one, or the zip that was signed off, with --sums FILE", path.Dir(by))
	case err == nil && !info.Mode().IsRegular():
		return v, noList(by, errors.New("it is not a regular file"))
	}
	listed, err := openList(by)
	if bytes.HasPrefix(listed.text, []byte("PK\x03\x04")) {
		_, listed, err = verifyZip(by, "")
	}
	if err != nil {
		return v, err
	}
	if zip := zipOf(listed, root.FS()); zip != "" {
		return v, fmt.Errorf("%s lists zips, not the files of a folder; give the zip that the folder was unpacked from, such as %s, with --sums", by, path.Join(path.Dir(filepath.ToSlash(by)), zip))
	}
	return Verdict{Files: len(listed.sums), By: sums}, proveFolder(root.FS(), listed, allowed).Err()
}

// zipOf gives a zip of a list that has nothing else, as one has that
// stands beside zips, or "". The folder itself may have zips.
func zipOf(l list, folder fs.FS) (zip string) {
	for name := range l.sums {
		if _, err := fs.Stat(folder, name); err == nil || path.Ext(name) != ".zip" || strings.Contains(name, "/") {
			return ""
		}
		zip = max(zip, name)
	}
	return zip
}

// verifyZip proves a zip and gives the list in it.
func verifyZip(name, sums string) (v Verdict, listed list, err error) {
	file, err := openPlain(name)
	if err != nil {
		return v, listed, err
	}
	defer file.Close()
	sum, size, err := sumOf(file, maxTotal)
	if err != nil {
		return v, listed, &fs.PathError{Op: "read", Path: name, Err: plain(err)}
	}
	by := cmp.Or(sums, filepath.ToSlash(filepath.Join(filepath.Dir(name), SumsFile)))
	beside, err := openList(by)
	want, ok := beside.sums[filepath.Base(name)]
	switch {
	case sums == "" && (errors.Is(err, fs.ErrNotExist) || err == nil && !ok):
		by, want = "", sum
	case err != nil:
		return v, listed, err
	case !ok:
		return v, listed, fmt.Errorf("%s has no checksum for %s; give the list that came with it", by, filepath.Base(name))
	}
	listed, problems := proveZip(file, size)
	if sum != want {
		problems = append(problems, report.Problem{Rule: "altered", What: "the zip does not match its checksum in " + by,
			Do: "do not use it; get it again from where it was signed off"})
	}
	for i := range problems {
		problems[i].File = cmp.Or(problems[i].File, name)
	}
	return Verdict{len(listed.sums), sum, by}, listed, problems.Err()
}

// openPlain opens a file, and nothing that reading might never end of.
func openPlain(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return os.Open(name)
}

// openList reads a list from a file. What was read is given even if it is none.
func openList(name string) (list, error) {
	file, err := openPlain(name)
	if err != nil {
		return list{}, err
	}
	defer file.Close()
	listed, err := readList(file)
	if err != nil {
		err = noList(name, err)
	}
	return listed, err
}

func noList(name string, err error) error {
	return fmt.Errorf("%s is not a list of checksums: %w; give another, or the zip that was signed off, with --sums FILE", name, err)
}

// A proof compares files, one after another, with the list of what they have to be.
type proof struct {
	list
	known    map[string]bool // the listed files that were there
	left     int64           // bytes that may still be read
	mend     string          // what to do about a file
	remove   string          // what to do about one too many; %s is its name
	problems report.Problems
}

func (p *proof) add(name, rule, what, do string) {
	do = strings.ReplaceAll(do, "%s", shown(name))
	p.problems = append(p.problems, report.Problem{Place: report.Place{File: shown(name)}, Rule: rule, What: what, Do: do})
}

// file proves a file.
func (p *proof) file(name string, open func() (io.ReadCloser, error)) {
	want, listed := p.sum(name)
	switch {
	case !listed:
		p.add(name, "extra", "this file was not packed", p.remove)
		return
	case p.known[name]:
		p.add(name, "repeated", "two files have this name", p.mend)
		return
	}
	p.known[name] = true
	var sum Sum
	from, err := open()
	if err == nil {
		defer from.Close()
		var size int64
		sum, size, err = sumOf(from, min(maxFile, p.left))
		p.left -= size
	}
	if err != nil {
		p.add(name, "unreadable", "the file cannot be read: "+plain(err).Error(), p.mend)
	} else if sum != want {
		p.add(name, "altered", "this file is not as it was packed", p.mend)
	}
}

// finish gives the problems, with the files that were not there.
func (p *proof) finish() report.Problems {
	for name := range p.sums {
		if !p.known[name] {
			p.add(name, "missing", "this file is missing", p.mend)
		}
	}
	return p.problems
}

// proveFolder compares a folder with a list.
func proveFolder(folder fs.FS, listed list, allowed []string) report.Problems {
	p := proof{list: listed, known: map[string]bool{}, left: maxTotal,
		mend:   "restore it from the zip that was signed off",
		remove: "find out who put it there and remove it, or if the server needs it, add --allow %s"}
	folders := map[string]bool{".": true} // those that listed files stand in
	for name := range listed.sums {
		for dir := path.Dir(name); !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	// The walk's only error would be one that this function returns.
	_ = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		_, isListed := listed.sum(name)
		switch {
		case err != nil:
			p.add(name, "unreadable", "it cannot be read: "+plain(err).Error(), "check that you can read it")
			return fs.SkipDir
		case entry.IsDir() && folders[name]:
			return nil
		case isListed && entry.Type()&^fs.ModeDir != 0:
			p.known[name] = true
			p.add(name, "altered", "it is a link or a device, not the file that was packed", p.mend)
			return nil
		case !isListed && slices.ContainsFunc(allowed, func(a string) bool { return path.Clean(filepath.ToSlash(a)) == name }):
		case entry.IsDir():
			p.add(name, "extra", "this folder was not packed", p.remove)
		default:
			p.file(name, func() (io.ReadCloser, error) { return folder.Open(name) })
		}
		if entry.IsDir() {
			return fs.SkipDir
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
func proveZip(from io.ReaderAt, size int64) (list, report.Problems) {
	p := proof{known: map[string]bool{}, left: maxTotal, mend: "get the zip again from where it was signed off"}
	p.remove = "do not unpack the zip; " + p.mend
	refuse := func(what string) (list, report.Problems) {
		p.add("", "unreadable", what, p.mend)
		return list{}, p.problems
	}
	b := &bounded{from, maxSums}
	z, err := zip.NewReader(b, size)
	switch {
	case errors.Is(err, errTooLarge):
		return refuse("the zip lists more files than any site has")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // those names are told below
		return refuse("this is not a zip, or it was cut short on its way")
	}
	b.left = 4 * maxTotal // files may be made to overlap, and then each is little and all are without end
	const listName = Folder + "/" + SumsFile
	i := slices.IndexFunc(z.File, func(file *zip.File) bool { return file.Name == listName })
	if i < 0 {
		return refuse("the zip has no " + listName + ", so it was not made by this command")
	}
	text, err := z.File[i].Open()
	if err == nil {
		defer text.Close()
		p.list, err = readList(text)
	}
	if err != nil {
		return refuse(listName + " is not a list of checksums: " + err.Error())
	}
	for _, file := range z.File {
		name, within := strings.CutPrefix(file.Name, Folder+"/")
		folder := strings.HasSuffix(name, "/")
		switch {
		case !within || !fs.ValidPath(strings.TrimSuffix(file.Name, "/")):
			p.add(file.Name, "outside", "the name leads out of the folder "+Folder, p.remove)
		case folder && file.UncompressedSize64 == 0 && file.Mode().Type() == fs.ModeDir: // where files stand is no news
		case !folder && file.Mode().IsRegular():
			p.file(name, file.Open)
		default:
			p.known[name] = true
			p.add(name, "altered", "it is a link or a device, not a regular file", p.remove)
		}
	}
	return p.list, p.finish()
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
