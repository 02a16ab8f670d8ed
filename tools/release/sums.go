// Package release packs a built site for the people who put it on the web, and
// verifies later that what they have is what was packed.
//
// Verification rests on a list of checksums, [Sums], in the form of the program
// sha256sum, so that anybody can check it without this command. The packed folder
// contains the list, in the file [SumsFile]. The list proves that no file changed
// by accident; whoever changes a file on purpose can change the list as well. So
// a live site is verified against a list kept elsewhere: the one in the zip that
// was signed off, whose own checksum is in a list beside the zip.
//
// [Zip] writes the same bytes for the same files. [Verify] reads untrusted input:
// it writes nothing, follows no link, and limits what it reads and keeps in
// memory.
package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The files that a packed site has in addition to the site's own.
const (
	SumsFile = "SHA256SUMS" // the checksums of all other files
	Manifest = "MANIFEST"   // what the package is and what it was built from
)

// Mark is the file in which a build lists the files that it wrote. No folder
// without it is ever replaced.
const Mark = ".annual-report"

// No packed site exceeds these limits, which bound the time and memory for
// verifying one.
const (
	maxFile  = 256 << 20 // bytes of a file
	maxTotal = 512 << 20 // bytes of all files, and of a zip
	maxSums  = 8 << 20   // bytes of a list of checksums, and of a zip's directory
)

// A Sum is a file's SHA-256 checksum.
type Sum [sha256.Size]byte

func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Sums are the checksums of files by their names: paths within a folder, with
// forward slashes.
type Sums map[string]Sum

// escape and unescape convert the characters that sha256sum escapes in lines with a
// leading backslash.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)
	unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r")
)

// Text returns the list as sha256sum writes it, in the order of the names.
func (s Sums) Text() []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(s)) {
		mark, written := "", escape.Replace(name)
		if written != name {
			mark = `\`
		}
		fmt.Fprintf(&b, "%s%s  %s\n", mark, s[name], written)
	}
	return b.Bytes()
}

// ReadSums reads a list as sha256sum writes it. The error names the line that is
// wrong.
func ReadSums(r io.Reader) (Sums, error) {
	checksums, err := readList(r)
	return checksums.sums, err
}

// A list is the text of a list of checksums, with the checksums.
type list struct {
	text []byte
	sums Sums
}

// sumLine matches a line of a list: the checksum, a space, a space or an asterisk,
// and the name, in which characters are escaped if the line begins with a
// backslash.
var sumLine = regexp.MustCompile(`^(\\?)([0-9A-Fa-f]{64}) [ *](.+)$`)

// readList reads a list. It returns the text even if it is not a list.
func readList(r io.Reader) (list, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSums+1))
	switch {
	case err != nil:
		return list{}, trimPath(err)
	case len(text) > maxSums:
		return list{text: text}, fmt.Errorf("it is too large: the limit for a list of checksums is %d MB", maxSums>>20)
	case len(text) == 0:
		return list{}, errors.New("it is empty")
	}
	sums, n := Sums{}, 0
	for line := range strings.Lines(string(text)) {
		n++
		var name string
		var sum Sum
		if m := sumLine.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			if name = m[3]; m[1] != "" {
				name = unescape.Replace(name)
			}
			hex.Decode(sum[:], []byte(m[2])) // sumLine ensures that it can
		}
		if _, isRepeated := sums[name]; isRepeated || name == "." || !fs.ValidPath(name) {
			return list{text: text}, fmt.Errorf("line %d is not the checksum of another file, as sha256sum writes it", n)
		}
		sums[name] = sum
	}
	return list{text, sums}, nil
}

// sum returns the checksum that a file must have, and whether it is listed. The
// list itself counts as listed.
func (l list) sum(name string) (sum Sum, isListed bool) {
	if sum, isListed = l.sums[name]; !isListed && name == SumsFile {
		return sha256.Sum256(l.text), true
	}
	return sum, isListed
}

// SumFiles returns the checksums of all files of a folder.
func SumFiles(folder fs.FS) (Sums, error) {
	sums, remaining := Sums{}, int64(maxTotal)
	err := walkFiles(folder, func(name string, file io.Reader) error {
		sum, size, err := computeSum(file, min(maxFile, remaining))
		remaining -= size
		if err == nil && !fs.ValidPath(name) {
			err = errors.New("its name is not in UTF-8; rename it") // the only reason here
		}
		if err != nil {
			return fmt.Errorf("cannot pack %s: %w", printable(name), trimPath(err))
		}
		sums[name] = sum
		return nil
	})
	return sums, err
}

// walkFiles calls visit with each file of a folder, in the order of their names.
func walkFiles(folder fs.FS, visit func(name string, file io.Reader) error) error {
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := folder.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		return visit(name, file)
	})
}

// SumFile returns a file's checksum.
func SumFile(name string) (Sum, error) {
	file, err := openPlain(name)
	if err != nil {
		return Sum{}, err
	}
	defer file.Close()
	sum, _, err := computeSum(file, maxTotal)
	return sum, err
}

// errTooLarge says that a file, or a site, exceeds the limits.
var errTooLarge = fmt.Errorf("it is too large: the limit is %d MB for a file, and %d MB for all of them", maxFile>>20, maxTotal>>20)

// computeSum reads r to its end, at most limit bytes, and returns the checksum and
// the size.
func computeSum(r io.Reader, limit int64) (sum Sum, size int64, err error) {
	hash := sha256.New()
	size, err = io.Copy(hash, io.LimitReader(r, limit+1))
	if err == nil && size > limit {
		err = errTooLarge
	}
	return Sum(hash.Sum(nil)), size, err
}

// trimPath removes the path and the operation from a file's error, for messages
// that name the file themselves.
func trimPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
