package check

import (
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"
)

// A page has to arrive in what a server may send on a new connection before
// the first answer comes back: ten packets of 1,460 bytes (RFC 6928). The page
// of the whole report is as long as the report is, so it has the twenty packets
// of the next round trip as well.
const (
	FirstFlight  = 14600 // bytes
	SecondFlight = 43800 // bytes, with those of the first
	Headers      = 600   // bytes that are kept for the answer's headers
)

// A Weight is how much of a page goes over the wire.
type Weight struct {
	Page  string // its address on the site, "/2014/"
	Plain int    // bytes of its file
	Sent  int    // bytes compressed as servers do it, and Headers
	Most  int    // bytes that it may take to send
}

// Weigh gives the weight of every page of the site in built.
func Weigh(built fs.FS) ([]Weight, error) {
	var all []Weight
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" || !entry.Type().IsRegular() {
			return err
		}
		html, err := fs.ReadFile(built, name)
		all = append(all, Weight{Address(name), len(html), Headers + measure(html, gzip.DefaultCompression), mostOf(name)})
		return err
	})
	return all, err
}

// mostOf gives how many bytes a page may take to send.
func mostOf(name string) int {
	if path.Base(name) == whole {
		return SecondFlight
	}
	return FirstFlight
}

// weigh sees that the page that was just read is light enough. rest is the page
// without its stylesheet if that is known, and most pages need no more than a
// look at that: a page is no heavier than its parts, and what fits at the
// fastest level fits at the one that servers use.
func (r *reader) weigh(rest []byte) {
	most := mostOf(r.page.name)
	room := most - Headers
	if len(rest) < len(r.html) {
		room -= r.sheet.size
	}
	over := len(rest) - room
	if over <= 0 {
		return
	}
	if n := min(4096+2*over, len(rest)); measure(rest[:n], gzip.BestSpeed) <= n-over { // the rest of it can stay as it is
		return
	}
	if sent := Headers + measure(r.html, gzip.DefaultCompression); sent > most {
		r.page.fault("weight", fmt.Sprintf("the page takes %d bytes to send, %d more than the first packets of a connection hold", sent, sent-most),
			"shorten it, or move a part of it to a page of its own; to see what each page takes: go run ./tools check --weights")
	}
}

// packers have writers that compress, by their levels.
var packers = map[int]*sync.Pool{gzip.BestSpeed: {}, gzip.DefaultCompression: {}}

// measure gives how many bytes a text takes, compressed.
func measure(text []byte, level int) int {
	var size counter
	z, _ := packers[level].Get().(*gzip.Writer)
	if z == nil {
		z, _ = gzip.NewWriterLevel(io.Discard, level) // the level is one that there is
	}
	defer packers[level].Put(z)
	z.Reset(&size)
	z.Write(text) // a counter takes everything
	z.Close()
	return int(size)
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
