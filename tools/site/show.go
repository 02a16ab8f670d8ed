package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"annualreport/tools/report"
)

var (
	//go:embed preview.css preview.js
	previewFiles embed.FS
	//go:embed preview.html
	previewHTML  string
	previewParts = template.Must(template.New("").Parse(previewHTML))
)

// assetPath is where the preview serves its own files. No page of a site has such an address.
const assetPath = "/-preview/"

// A moment is the state of the preview at one time.
type moment struct {
	files  map[string][]byte   // the site's, by name; nil until some could be rendered
	copies map[string]original // the rest of its files
	err    error               // the problems of the source, or nil
	advice report.Advice

	Pages string // a digest of the files' names and contents
	Stale bool   // the pages were rendered from an older source
	fresh bool   // the pages are from the current run
}

// A fault is a problem or a piece of advice, split into the parts of [report.Problem.String].
type fault struct {
	Where string // file, line and pages, each followed by a colon, or ""
	Rule  string // or ""
	What  string // what is wrong, and what to do
}

// has reports whether the site has a file.
func (m moment) has(name string) bool {
	_, inMemory := m.files[name]
	_, copied := m.copies[name]
	return inMemory || copied
}

// None reports whether no pages have been rendered yet.
func (m moment) None() bool { return m.files == nil }

// Problems returns what is wrong.
func (m moment) Problems() []fault {
	var problems report.Problems
	switch {
	case m.err == nil:
		return nil
	case !errors.As(m.err, &problems):
		return []fault{{What: m.err.Error()}}
	}
	return newFaults(problems)
}

// Advice returns what could be better.
func (m moment) Advice() []fault { return newFaults(m.advice) }

func newFaults(problems []report.Problem) []fault {
	faults := make([]fault, len(problems))
	for i, p := range problems {
		where, what, _ := strings.Cut(p.String(), "["+p.Rule+"]")
		faults[i] = fault{strings.TrimSpace(where), p.Rule, strings.TrimSpace(what)}
	}
	return faults
}

// Mark returns a digest of the problems as the page shows them.
func (m moment) Mark() string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, m.err, m.Stale, m.None())))
}

// AdviceMark returns a digest of the advice as the page shows it.
func (m moment) AdviceMark() string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, report.Problems(m.advice), m.err == nil)))
}

// render returns one of the parts in preview.html.
func (m moment) render(name string) string {
	var b strings.Builder
	if err := previewParts.ExecuteTemplate(&b, name, m); err != nil {
		panic(err) // both the template and its data are part of the program
	}
	return b.String()
}

// A show serves the current moment to browsers.
type show struct {
	address   string // host:port
	assets    http.Handler
	ready     chan struct{} // closed when there is something to show
	readyOnce sync.Once

	mu      sync.RWMutex
	current moment
	next    chan struct{} // closed when current changes
}

func newShow(address string) *show {
	return &show{address: address, ready: make(chan struct{}), next: make(chan struct{}),
		assets: http.StripPrefix(assetPath, http.FileServerFS(previewFiles))}
}

// begin notes that a new run has started: the files shown are from an earlier one.
func (s *show) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.fresh = false
}

// show replaces the site's files, or some of them. Their problems are not known
// yet.
func (s *show) show(m message) {
	files, copies := m.Files, m.Copies
	if m.Part {
		current, _ := s.now()
		if files, copies = maps.Clone(current.files), current.copies; files == nil {
			return // some files alone are not a site
		}
		maps.Copy(files, m.Files)
	}
	pages := digest(files, copies)
	s.change(func(m *moment) { m.files, m.copies, m.Pages, m.fresh, m.Stale = files, copies, pages, true, false })
}

// judge replaces the problems and the advice, and reports whether they have
// changed.
func (s *show) judge(err error, advice report.Advice) (news bool) {
	s.change(func(m *moment) {
		news = fmt.Sprint(err) != fmt.Sprint(m.err) || fmt.Sprint(advice) != fmt.Sprint(m.advice)
		m.err, m.advice, m.Stale = err, advice, !m.fresh
	})
	return news
}

// change edits the current moment and wakes those who wait for a change.
func (s *show) change(edit func(m *moment)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.current)
	close(s.next)
	s.next = make(chan struct{})
	s.readyOnce.Do(func() { close(s.ready) })
}

// now returns the current moment, and a channel that is closed when it changes.
func (s *show) now() (moment, <-chan struct{}) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.current, s.next
}

// digest returns a checksum of the names and contents of files, and of the names
// and stamps of copies.
func digest(files map[string][]byte, copies map[string]original) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(sum, "%s\x00%d\x00", name, len(files[name]))
		sum.Write(files[name])
	}
	for _, name := range slices.Sorted(maps.Keys(copies)) {
		fmt.Fprintf(sum, "%s\x00%v\x00", name, copies[name].Stamp)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// ServeHTTP answers only to this computer's own names. Otherwise a site on the
// web could point its own name here, and read the pages.
func (s *show) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	w.Header().Set("X-Frame-Options", "DENY") // no site may show it in a frame
	w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // many ranges of a file can add up to more than the file
	}
	switch {
	case name != host && name != "localhost":
		http.Error(w, "This preview is only for the computer it runs on. There, open http://"+s.address+"/", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(w, "The preview only shows pages.", http.StatusMethodNotAllowed)
	case r.URL.Path == assetPath+"events":
		s.streamEvents(w, r)
	case strings.HasPrefix(r.URL.Path, assetPath):
		s.assets.ServeHTTP(w, r)
	default:
		select {
		case <-s.ready:
			s.servePage(w, r)
		case <-r.Context().Done():
		}
	}
}

// servePage answers with a file of the site. It adds the preview's parts to pages.
func (s *show) servePage(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	m, _ := s.now()
	status := http.StatusOK
	if !m.has(name) {
		if m.has(path.Join(name, "index.html")) {
			http.Redirect(w, r, (&url.URL{Path: "/" + name + "/", RawQuery: r.URL.RawQuery}).String(), http.StatusFound)
			return
		}
		status, name = http.StatusNotFound, "404.html"
	}
	if copied, ok := m.copies[name]; ok {
		serveCopy(w, r, copied.Path)
		return
	}
	data, ok := m.files[name]
	if !ok {
		data = []byte(m.render("page"))
	}
	if m.None() {
		status = http.StatusServiceUnavailable
	}
	if path.Ext(name) != ".html" {
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
		return
	}
	policy, body := m.inject(data)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", strings.TrimSuffix(strings.TrimSpace(policy), ";")+"; frame-ancestors 'none'")
	w.WriteHeader(status)
	w.Write(body)
}

// serveCopy answers with a file of the source, as it is now.
func serveCopy(w http.ResponseWriter, r *http.Request, name string) {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() { // reading a device or pipe might never end
		http.Error(w, "This file has been removed from the source.", http.StatusNotFound)
		return
	}
	file, err := os.Open(name)
	if err != nil {
		http.Error(w, "This file cannot be read.", http.StatusInternalServerError)
		return
	}
	defer file.Close()
	http.ServeContent(w, r, name, time.Time{}, file)
}

// streamEvents sends a page the current state, and again after each change.
func (s *show) streamEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	select {
	case <-s.ready:
	case <-r.Context().Done():
		return
	}
	for {
		m, next := s.now()
		news, err := json.Marshal(map[string]string{"pages": m.Pages, "mark": m.Mark(), "problems": m.render("problems"), "adviceMark": m.AdviceMark(), "advice": m.render("advice")})
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", news); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		}
	}
}
