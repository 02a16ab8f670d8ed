// Package release packs a built site for the people who put it on the web, and
// proves later that what they have is what was packed.
//
// What is proved rests on a list of checksums, [Sums], in the form that the
// program sha256sum writes and reads, so that anybody can check it without this
// one. The list stands in the folder that is packed, in the file [SumsFile]. It
// proves that no file changed on its way; whoever changes a file on purpose can
// change the list as well. So what is live is proved against a list that was
// kept elsewhere: the one in the zip that was signed off, whose own checksum
// stands beside it.
//
// [Zip] gives the same bytes for the same files. [Verify] reads what may come
// from anywhere: it writes nothing, follows no link, and what it reads and holds
// in memory is bounded.
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
	"os"
	"regexp"
	"slices"
	"strings"
)

// The files that a packed site has beside the site's own.
const (
	SumsFile = "SHA256SUMS" // the list of all other files' checksums
	Manifest = "MANIFEST"   // what it is and what it was made from
)

// Mark is the file of a site that says that a build wrote it, and which files it
// wrote. No other folder is ever replaced.
const Mark = ".annual-report"

// Beyond these, it is no site that this command packed. They bound what proving
// one can take.
const (
	maxFile  = 256 << 20 // bytes of a file
	maxTotal = 512 << 20 // bytes of all files, and of a zip
	maxSums  = 8 << 20   // bytes of a list of checksums, and of a zip's directory
)

// A Sum is a file's SHA-256 checksum.
type Sum [sha256.Size]byte

func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Sums are the checksums of files by their names. In a list of a folder's, a
// name is a path within the folder, with forward slashes.
type Sums map[string]Sum

// The characters that sha256sum writes in another way, behind a line's leading
// backslash.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)
	unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r")
)

// Text gives the list as sha256sum writes it, in the order of the names.
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

// ReadSums reads a list as sha256sum writes it. The error says which line is
// not as it has to be.
func ReadSums(from io.Reader) (Sums, error) {
	listed, err := readList(from)
	return listed.sums, err
}

// A list is a text and what it lists.
type list struct {
	text []byte
	sums Sums
}

// sumLine is a line of a list: the checksum, a space, a space or an asterisk, and
// the name, in which characters are escaped if there is a backslash in front.
var sumLine = regexp.MustCompile(`^(\\?)([0-9A-Fa-f]{64}) [ *](.+)$`)

// readList reads a list. If it is none, its text is given all the same.
func readList(from io.Reader) (list, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxSums+1))
	switch {
	case err != nil:
		return list{}, plain(err)
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
			hex.Decode(sum[:], []byte(m[2])) // sumLine lets nothing else through
		}
		if _, twice := sums[name]; twice || name == "." || !fs.ValidPath(name) {
			return list{text: text}, fmt.Errorf("line %d is not the checksum of another file, as sha256sum writes it", n)
		}
		sums[name] = sum
	}
	return list{text, sums}, nil
}

// sum gives the checksum that a file has to have. The list may stand among the
// files.
func (l list) sum(name string) (sum Sum, listed bool) {
	if sum, listed = l.sums[name]; !listed && name == SumsFile {
		return sha256.Sum256(l.text), true
	}
	return sum, listed
}

// SumFiles gives the checksums of all files of a folder.
func SumFiles(folder fs.FS) (Sums, error) {
	sums, left := Sums{}, int64(maxTotal)
	err := readFiles(folder, func(name string, file io.Reader) error {
		sum, size, err := sumOf(file, min(maxFile, left))
		left -= size
		if err == nil && !fs.ValidPath(name) {
			err = errors.New("its name is not in UTF-8; rename it") // fs.ValidPath asks for no more
		}
		if err != nil {
			return fmt.Errorf("cannot pack %s: %w", shown(name), plain(err))
		}
		sums[name] = sum
		return nil
	})
	return sums, err
}

// readFiles has read read each file of a folder, in the order of their names.
func readFiles(folder fs.FS, read func(name string, file io.Reader) error) error {
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := folder.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		return read(name, file)
	})
}

// SumFile gives a file's checksum.
func SumFile(name string) (Sum, error) {
	file, err := os.Open(name)
	if err != nil {
		return Sum{}, err
	}
	defer file.Close()
	sum, _, err := sumOf(file, maxTotal)
	return sum, err
}

// errTooLarge says that there is more to read than there should be.
var errTooLarge = fmt.Errorf("it is too large: the limit is %d MB for a file, and %d MB for all of them", maxFile>>20, maxTotal>>20)

// sumOf reads to the end, which must come within most bytes, and gives the
// checksum and the size of what it read.
func sumOf(from io.Reader, most int64) (sum Sum, size int64, err error) {
	hash := sha256.New()
	size, err = io.Copy(hash, io.LimitReader(from, most+1))
	if err == nil && size > most {
		err = errTooLarge
	}
	return Sum(hash.Sum(nil)), size, err
}

// plain takes the path and the name of the operation off an error: what tells
// of it names the file.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
