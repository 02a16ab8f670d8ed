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

// A Verdict is the result of a verification without problems.
type Verdict struct {
	Files int    // number of files, all as listed
	Sum   Sum    // of the zip itself; zero for a folder
	List  string // the file with the list that it was verified against; "" if there was only the list inside
}

// IsZip reports whether a zip was verified, not a folder.
func (v Verdict) IsZip() bool { return v.Sum != Sum{} }

// Unproven reports whether there was only the list inside to verify against.
func (v Verdict) Unproven() bool { return v.List == "" }

// Verify verifies a zip that this command packed, or a folder unpacked from one,
// against checksums.
//
// The files of a zip are verified against the list inside it, and the zip itself
// against sums or, if that is "", against the SHA256SUMS beside it if that lists
// the zip. A folder is verified against sums, which is a list or the zip that was
// signed off, or if that is "" against the list inside it. The files and folders
// in allow, paths within the folder, need not be listed.
//
// If files are altered, missing or extra, the error is of type [report.Problems].
// If a file that was named does not exist, the error is [fs.ErrNotExist].
func Verify(name, sums string, allow []string) (v Verdict, err error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case info.IsDir():
		v, err = verifyFolder(name, sums, allow)
	case len(allow) > 0:
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
		return v, missingError(file.Path)
	}
	return v, fmt.Errorf("cannot read %s: %w", file.Path, file.Err)
}

// A missingError is the name of a file that was named and does not exist.
type missingError string

func (m missingError) Error() string        { return "there is no " + string(m) }
func (m missingError) Is(target error) bool { return target == fs.ErrNotExist }

func verifyFolder(name, sums string, allow []string) (v Verdict, err error) {
	root, err := os.OpenRoot(name) // so that no link leads out of it
	if err != nil {
		return v, err
	}
	defer root.Close()
	listName := cmp.Or(sums, filepath.ToSlash(filepath.Join(name, SumsFile)))
	switch info, err := root.Lstat(SumsFile); {
	case sums != "":
	case errors.Is(err, fs.ErrNotExist):
		return v, fmt.Errorf("there is no list of checksums in %s; give one, or the zip that was signed off, with --sums FILE", path.Dir(listName))
	case err == nil && !info.Mode().IsRegular():
		return v, notListError(listName, errors.New("it is not a regular file"))
	}
	checksums, err := openList(listName)
	if bytes.HasPrefix(checksums.text, []byte("PK\x03\x04")) {
		_, checksums, err = verifyZip(listName, "")
	}
	if err != nil {
		return v, err
	}
	if zip := findZip(checksums, root.FS()); zip != "" {
		return v, fmt.Errorf("%s lists zips, not the files of a folder; give the zip that the folder was unpacked from, such as %s, with --sums", listName, path.Join(path.Dir(filepath.ToSlash(listName)), zip))
	}
	return Verdict{Files: len(checksums.sums), List: sums}, proveFolder(root.FS(), checksums, allow).Err()
}

// findZip returns a zip in a list that has nothing but zips, like the list beside
// packages, or "". The folder itself may contain listed zips.
func findZip(l list, folder fs.FS) (zip string) {
	for name := range l.sums {
		if _, err := fs.Stat(folder, name); err == nil || path.Ext(name) != ".zip" || strings.Contains(name, "/") {
			return ""
		}
		zip = max(zip, name)
	}
	return zip
}

// verifyZip verifies a zip and returns the list inside it.
func verifyZip(name, sums string) (v Verdict, checksums list, err error) {
	file, err := openPlain(name)
	if err != nil {
		return v, checksums, err
	}
	defer file.Close()
	sum, size, err := computeSum(file, maxTotal)
	if err != nil {
		return v, checksums, &fs.PathError{Op: "read", Path: name, Err: trimPath(err)}
	}
	listName := cmp.Or(sums, filepath.ToSlash(filepath.Join(filepath.Dir(name), SumsFile)))
	adjacent, err := openList(listName)
	want, ok := adjacent.sums[filepath.Base(name)]
	switch {
	case sums == "" && (errors.Is(err, fs.ErrNotExist) || err == nil && !ok):
		listName, want = "", sum
	case err != nil:
		return v, checksums, err
	case !ok:
		return v, checksums, fmt.Errorf("%s has no checksum for %s; give the list that came with it", listName, filepath.Base(name))
	}
	checksums, problems := proveZip(file, size)
	if sum != want {
		problems = append(problems, report.Problem{Rule: "altered", What: "the zip does not match its checksum in " + listName,
			Do: "do not use it; get it again from where it was signed off"})
	}
	for i := range problems {
		problems[i].File = cmp.Or(problems[i].File, name)
	}
	return Verdict{len(checksums.sums), sum, listName}, checksums, problems.Err()
}

// openPlain opens a regular file, and no device or pipe, of which reading might never end.
func openPlain(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return os.Open(name)
}

// openList reads a list from a file. It returns the text even if it is not a list.
func openList(name string) (list, error) {
	file, err := openPlain(name)
	if err != nil {
		return list{}, err
	}
	defer file.Close()
	checksums, err := readList(file)
	if err != nil {
		err = notListError(name, err)
	}
	return checksums, err
}

func notListError(name string, err error) error {
	return fmt.Errorf("%s is not a list of checksums: %w; give another, or the zip that was signed off, with --sums FILE", name, err)
}

// A proof compares files, one after another, with a list.
type proof struct {
	list
	present   map[string]bool // the listed files that were found
	remaining int64           // bytes that may still be read
	remedy    string          // what to do about a file
	manifest  string          // what to do if the manifest is missing, or "" for the same
	remove    string          // what to do about an extra file; %s is its name
	problems  report.Problems
}

func (p *proof) add(name, rule, what, do string) {
	do = strings.ReplaceAll(do, "%s", printable(name))
	p.problems = append(p.problems, report.Problem{Place: report.Place{File: printable(name)}, Rule: rule, What: what, Do: do})
}

// file verifies a file.
func (p *proof) file(name string, open func() (io.ReadCloser, error)) {
	want, isListed := p.sum(name)
	switch {
	case !isListed:
		p.add(name, "extra", "this file was not packed", p.remove)
		return
	case p.present[name]:
		p.add(name, "repeated", "two files have this name", p.remedy)
		return
	}
	p.present[name] = true
	var sum Sum
	r, err := open()
	if err == nil {
		defer r.Close()
		var size int64
		sum, size, err = computeSum(r, min(maxFile, p.remaining))
		p.remaining -= size
	}
	if err != nil {
		p.add(name, "unreadable", "the file cannot be read: "+trimPath(err).Error(), p.remedy)
	} else if sum != want {
		p.add(name, "altered", "this file is not as it was packed", p.remedy)
	}
}

// finish returns the problems, with those of missing files.
func (p *proof) finish() report.Problems {
	for name := range p.sums {
		remedy := p.remedy
		if name == Manifest {
			remedy = cmp.Or(p.manifest, remedy)
		}
		if !p.present[name] {
			p.add(name, "missing", "this file is missing", remedy)
		}
	}
	return p.problems
}

// proveFolder compares a folder with a list.
func proveFolder(folder fs.FS, checksums list, allow []string) report.Problems {
	p := proof{list: checksums, present: map[string]bool{}, remaining: maxTotal,
		remedy:   "restore it from the zip that was signed off",
		manifest: "build writes none: put the folder from the zip that was signed off online",
		remove:   "find out who put it there and remove it, or if the server needs it, add --allow %s"}
	folders := map[string]bool{".": true} // the folders of listed files
	for name := range checksums.sums {
		for dir := path.Dir(name); !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	// The callback returns no error.
	_ = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		_, isListed := checksums.sum(name)
		switch {
		case err != nil:
			p.add(name, "unreadable", "it cannot be read: "+trimPath(err).Error(), "check that you can read it")
			return fs.SkipDir
		case entry.IsDir() && folders[name]:
			return nil
		case isListed && entry.Type()&^fs.ModeDir != 0:
			p.present[name] = true
			p.add(name, "altered", "it is a link or a device, not the file that was packed", p.remedy)
			return nil
		case !isListed && slices.ContainsFunc(allow, func(a string) bool { return path.Clean(filepath.ToSlash(a)) == name }):
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

// A boundedReader returns an error once more than the remaining bytes are read.
type boundedReader struct {
	io.ReaderAt
	remaining int64
}

func (b *boundedReader) ReadAt(buf []byte, offset int64) (int, error) {
	if b.remaining -= int64(len(buf)); b.remaining < 0 {
		return 0, errTooLarge
	}
	return b.ReaderAt.ReadAt(buf, offset)
}

// proveZip compares the files of a zip with the list inside it, and returns the list.
func proveZip(r io.ReaderAt, size int64) (list, report.Problems) {
	p := proof{present: map[string]bool{}, remaining: maxTotal, remedy: "get the zip again from where it was signed off"}
	p.remove = "do not unpack the zip; " + p.remedy
	refuse := func(what string) (list, report.Problems) {
		p.add("", "unreadable", what, p.remedy)
		return list{}, p.problems
	}
	b := &boundedReader{r, maxSums}
	z, err := zip.NewReader(b, size)
	switch {
	case errors.Is(err, errTooLarge):
		return refuse("the zip lists more files than any site has")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // reported below
		return refuse("this is not a zip, or it was cut short on its way")
	}
	b.remaining = 4 * maxTotal // overlapping files can be small each and huge together
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
		name, isInside := strings.CutPrefix(file.Name, Folder+"/")
		folder := strings.HasSuffix(name, "/")
		switch {
		case !isInside || !fs.ValidPath(strings.TrimSuffix(file.Name, "/")):
			p.add(file.Name, "outside", "the name leads out of the folder "+Folder, p.remove)
		case folder && file.UncompressedSize64 == 0 && file.Mode().Type() == fs.ModeDir: // the folder of files
		case !folder && file.Mode().IsRegular():
			p.file(name, file.Open)
		default:
			p.present[name] = true
			p.add(name, "altered", "it is a link or a device, not a regular file", p.remove)
		}
	}
	return p.list, p.finish()
}

// printable returns a name that is safe to print on one line. It escapes what a
// terminal would not show, or would take for a command.
func printable(name string) string {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	if strings.ContainsFunc(name, odd) {
		return strconv.QuoteToASCII(name)
	}
	return name
}
