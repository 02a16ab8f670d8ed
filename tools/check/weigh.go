package check

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
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
	bound := Headers + r.sheet.atMost + len(before)
	if bound+len(after) <= most || bound+r.packer.atMost(after) <= most {
		return
	}
	if sent := sent(html); sent > most {
		r.fault("weight", fmt.Sprintf("the page takes %d bytes to send, %d more than the first packets of a connection hold", sent, sent-most),
			"shorten it, or move a part of it to a page of its own; to see what each page takes: go run ./tools check --weights")
	}
}

// A packer tells how small a text gets at least, without compressing it.
type packer struct{ matches []matchfinder.Match }

// What gzip needs around what is compressed, and what compressed data takes
// with the codes that the format has ready (RFC 1951, 3.2.6): nine bits at most
// for a byte, and 31 for what stood there before, up to 258 bytes at once.
const (
	gzipFrame   = 18 + 2 // bytes
	byteBits    = 9
	matchBits   = 31
	matchLength = 258   // bytes
	matchReach  = 32768 // bytes
	finderReach = 65536 // bytes that the finder takes at once
)

// atMost gives a number of bytes that a text surely fits into, compressed: what
// the simplest way of compressing makes of it. Servers do better.
func (p *packer) atMost(text []byte) int {
	bits := 0
	for part := range slices.Chunk(text, finderReach) {
		p.matches = matchfinder.M0{MaxDistance: matchReach}.FindMatches(p.matches[:0], part)
		for _, m := range p.matches {
			bits += m.Unmatched*byteBits + (m.Length+matchLength-1)/matchLength*matchBits
		}
	}
	return gzipFrame + (bits+7)/8
}
