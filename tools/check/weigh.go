package check

import (
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"

	"annualreport/tools/report"
)

// A page should fit into what a server may send on a new connection before the first
// acknowledgement: ten packets of 1,460 bytes (RFC 6928). The page of the whole report
// may use the twenty packets of the next round trip as well.
const (
	FirstFlight  = 14600  // bytes
	SecondFlight = 43800  // bytes, with those of the first
	ThirdFlight  = 102200 // bytes, with those of the next: for search pages, which hold the words of all reports
	Headers      = 600    // bytes reserved for the response's headers
)

// A Weight is how much of a page goes over the wire.
type Weight struct {
	Page  string // its address on the site, "/2014/"
	Plain int    // bytes of its file
	Sent  int    // bytes compressed as servers do it, and Headers
	Most  int    // bytes beyond which there is advice
}

// searchFile is a search page's file, in the site's folder or in that of a report.
const searchFile = "search/index.html"

// Weigh returns the weight of every page of a site.
func Weigh(site fs.FS) ([]Weight, error) {
	var all []Weight
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" || !entry.Type().IsRegular() {
			return err
		}
		html, err := fs.ReadFile(site, name)
		all = append(all, Weight{Address(name), len(html), Headers + measure(html, gzip.DefaultCompression), limitOf(name)})
		return err
	})
	return all, err
}

// limitOf returns how many bytes sending a page should take at most.
func limitOf(name string) int {
	switch {
	case path.Base(name) == whole:
		return SecondFlight
	case name == searchFile || name == path.Join(reportOf(name), searchFile):
		return ThirdFlight
	}
	return FirstFlight
}

// weigh records the weight of the current page if it is too heavy. rest is the page
// without its stylesheet, if that is known; most pages need no more than a look at it: a
// page is no heavier than its parts, and what fits at the fastest level fits at the one
// that servers use.
func (r *reader) weigh(rest []byte) {
	most := limitOf(r.page.name)
	room := most - Headers
	if len(rest) < len(r.html) {
		room -= r.sheet.size
	}
	excess := len(rest) - room
	if excess <= 0 {
		return
	}
	if n := min(4096+2*excess, len(rest)); measure(rest[:n], gzip.BestSpeed) <= n-excess { // even if the rest does not compress at all
		return
	}
	if size := Headers + measure(r.html, gzip.DefaultCompression); size > most {
		r.page.weight = size
	}
}

// adviseWeights adds advice for pages that are too heavy. A report may be of any size:
// what records make heavy, and the whole report, cannot be made lighter.
func (c *checker) adviseWeights() {
	for _, p := range c.pages {
		if p.weight == 0 {
			continue
		}
		what := fmt.Sprintf("the page takes %s bytes to send; only %s arrive at once", thousands(p.weight), thousands(limitOf(p.name)))
		place, do := report.Place{File: c.expected.source(p.name)}, "if a part of it reads as well on a page of its own, move it there"
		switch echo := c.expected.echoes[p.name]; {
		case path.Base(p.name) == whole:
			place.File = path.Join("content", reportOf(p.name))
			what = fmt.Sprintf("the page of the whole report takes %s bytes to send, so on a slow phone it comes a moment later", thousands(p.weight))
			do = "nothing has to be done: it is as long as the report"
		case echo != "":
			place.File = c.expected.source(path.Join(echo, "index.html"))
		case c.expected.lists[p.name]:
			do = "nothing has to be done: it grows with the records that it shows"
		}
		c.advice = append(c.advice, report.Problem{Place: place, Pages: []string{Address(p.name)}, Rule: "weight", What: what, Do: do})
	}
}

// thousands returns a number with commas: 14,600.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// packers hold writers that compress, by their levels.
var packers = map[int]*sync.Pool{gzip.BestSpeed: {}, gzip.DefaultCompression: {}}

// measure returns the compressed size of a text, in bytes.
func measure(text []byte, level int) int {
	var size counter
	z, _ := packers[level].Get().(*gzip.Writer)
	if z == nil {
		z, _ = gzip.NewWriterLevel(io.Discard, level) // the level is valid
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
