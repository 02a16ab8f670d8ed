package check

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"math/bits"
	"path"
	"slices"

	"github.com/andybalholm/brotli/matchfinder"
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
	Plain int    // bytes as it stands in its file
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
		all = append(all, Weight{Address(name), len(html), sent(html), mostOf(name)})
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

// sent gives how many bytes a page takes to send.
func sent(html []byte) int {
	var written counter
	z := gzip.NewWriter(&written)
	z.Write(html) // a counter takes everything
	z.Close()
	return Headers + int(written)
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// weigh sees that the page that was just read is light enough. Nearly every
// page is far from the limit, and a bound shows as much, of what is not the
// stylesheet that pages share. Only near the limit is a page compressed.
func (r *reader) weigh() {
	html := r.html.Bytes()
	most := mostOf(r.page.name)
	if len(html)+Headers <= most {
		return
	}
	before, after, shared := bytes.Cut(html, r.sheet.text)
	if !shared || len(r.sheet.text) == 0 {
		before, after = nil, html
	}
	if r.packer.fits(after, most-Headers-r.sheet.atMost-len(before)) {
		return
	}
	if sent := sent(html); sent > most {
		r.fault("weight", fmt.Sprintf("the page takes %d bytes to send, %d more than the first packets of a connection hold", sent, sent-most),
			"shorten it, or move a part of it to a page of its own; to see what each page takes: go run ./tools check --weights")
	}
}

// A packer tells what a text can be compressed to, without doing so: what the
// format of compressed data takes with the codes that it has ready (RFC 1951,
// 3.2.6). Servers do better with nearly every text, since they choose codes that
// suit it; where they choose badly, an eighth on top has been enough for all that
// FuzzAtMost has tried.
type packer struct{ matches []matchfinder.Match }

const (
	gzipFrame   = 64    // bytes, more than stand around what is compressed
	matchLength = 258   // bytes at most that one match stands for
	matchReach  = 32768 // bytes at most between the two places of a match
)

// atMost gives a number of bytes that a text surely fits into, compressed.
func (p *packer) atMost(text []byte) int {
	all := 0
	for part := range slices.Chunk(text, matchReach) {
		all += p.bits(part)
	}
	return inBytes(all)
}

// fits tells whether a text surely fits into some bytes, compressed. It looks
// at no more of it than it has to.
func (p *packer) fits(text []byte, room int) bool {
	all := 0
	for {
		asItIs := len(text) + 5*(len(text)/matchReach+1) // in blocks that are not compressed, with their heads
		if inBytes(all)+asItIs <= room {
			return true
		}
		if len(text) == 0 {
			return false
		}
		n := min(matchReach, len(text))
		all += p.bits(text[:n])
		text = text[n:]
	}
}

// inBytes gives what bits come to, with the margin and the frame.
func inBytes(bits int) int { return gzipFrame + (bits+bits/8+7)/8 }

// bits gives how many bits a text of at most matchReach bytes takes: eight for
// a byte, or nine for some, and for what stood there before, codes that say how
// long it is and how far back.
func (p *packer) bits(text []byte) int {
	p.matches = matchfinder.M0{MaxLength: matchLength}.FindMatches(p.matches[:0], text)
	all := 0
	for _, m := range p.matches {
		for _, c := range text[:m.Unmatched] {
			all += 8
			if c >= 144 {
				all++
			}
		}
		text = text[m.Unmatched+m.Length:]
		if m.Length > 0 {
			all += 8 + max(bits.Len(uint(m.Length-3))-3, 0) + 5 + max(bits.Len(uint(m.Distance-1))-2, 0)
		}
	}
	return all
}
