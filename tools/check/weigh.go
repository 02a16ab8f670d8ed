package check

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"path"
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
	var w weigher
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" || !entry.Type().IsRegular() {
			return err
		}
		html, err := fs.ReadFile(built, name)
		all = append(all, Weight{Address(name), len(html), Headers + w.compressed(gzip.DefaultCompression, html), mostOf(name)})
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

// A weigher compresses to learn how small something gets.
type weigher struct {
	writers map[int]*gzip.Writer // by level
	written counter
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// compressed gives how many bytes some parts come to, one after the other.
func (w *weigher) compressed(level int, parts ...[]byte) int {
	if w.writers[level] == nil {
		if w.writers == nil {
			w.writers = map[int]*gzip.Writer{}
		}
		w.writers[level], _ = gzip.NewWriterLevel(nil, level) // the levels are those of this package
	}
	w.written = 0
	z := w.writers[level]
	z.Reset(&w.written)
	for _, part := range parts {
		z.Write(part) // a counter takes everything
	}
	z.Close()
	return int(w.written)
}

// weigh sees that the page that was just read is light enough. Most pages are
// far from the limit, and the quickest compression shows as much, of what is not
// the stylesheet that they share: the exact weight is asked for near the limit
// only.
func (r *reader) weigh() {
	html := r.html.Bytes()
	most := mostOf(r.page.name)
	limit := most - Headers
	if len(html) <= limit {
		return
	}
	if before, after, ok := bytes.Cut(html, r.sheet.text); ok && len(r.sheet.text) > 0 {
		if r.sheet.weight == 0 {
			r.sheet.weight = r.weigher.compressed(gzip.BestSpeed, r.sheet.text)
		}
		if r.sheet.weight+len(before)+len(after) <= limit {
			return
		}
		for _, level := range []int{gzip.HuffmanOnly, gzip.BestSpeed} {
			if r.sheet.weight+r.weigher.compressed(level, before, after) <= limit {
				return
			}
		}
	}
	if sent := Headers + r.weigher.compressed(gzip.DefaultCompression, html); sent > most {
		r.fault("weight", fmt.Sprintf("the page takes %d bytes to send, %d more than the first packets of a connection hold", sent, sent-most),
			"shorten it, or move a part of it to a page of its own; to see what each page takes: go run ./tools check --weights")
	}
}
