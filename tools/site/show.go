package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/url"
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

// Where the preview's own files are, beside the site's. No page has such an address.
const ownFiles = "/-preview/"

// A moment is what the preview shows at one time.
type moment struct {
	files  map[string][]byte // the site's, by name; nil before any could be made
	err    error             // what is wrong with the source, or nil
	advice report.Advice

	Pages string // stands for the files' names and bytes: other pages have another
	Stale bool   // the pages were made from an older source
	fresh bool   // the pages are of the work that is going on
}

// A fault is one thing that is wrong, in the words of [report.Problem.String].
type fault struct {
	Where string // file, line and pages, with a colon behind each, or ""
	Rule  string // or ""
	What  string // and what to do
}

// None tells that no pages were made yet.
func (m moment) None() bool { return m.files == nil }

// Problems gives what is wrong.
func (m moment) Problems() []fault {
	var problems report.Problems
	switch {
	case m.err == nil:
		return nil
	case !errors.As(m.err, &problems):
		return []fault{{What: m.err.Error()}}
	}
	return faultsOf(problems)
}

// Advice gives what could be better.
func (m moment) Advice() []fault { return faultsOf(m.advice) }

func faultsOf(problems []report.Problem) []fault {
	faults := make([]fault, len(problems))
	for i, p := range problems {
		where, what, _ := strings.Cut(p.String(), "["+p.Rule+"]")
		faults[i] = fault{strings.TrimSpace(where), p.Rule, strings.TrimSpace(what)}
	}
	return faults
}

// Mark stands for what is said to be wrong: if anything else is, it is another.
func (m moment) Mark() string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, m.err, m.Stale, m.None())))
}

// AdviceMark does so for what is advised.
func (m moment) AdviceMark() string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, report.Problems(m.advice), m.err == nil)))
}

// part gives one of the parts in preview.html.
func (m moment) part(name string) string {
	var b strings.Builder
	if err := previewParts.ExecuteTemplate(&b, name, m); err != nil {
		panic(err) // the parts and what they are given are both of this program
	}
	return b.String()
}

// A show answers the browser with what is there at the moment.
type show struct {
	address string // host:port
	own     http.Handler
	begun   chan struct{} // closed when there is something to show
	once    sync.Once

	mu   sync.RWMutex
	now  moment
	next chan struct{} // closed when now is no more
}

func newShow(address string) *show {
	return &show{address: address, begun: make(chan struct{}), next: make(chan struct{}),
		own: http.StripPrefix(ownFiles, http.FileServerFS(previewFiles))}
}

// begin notes that the site is made anew: what is shown is not of that yet.
func (s *show) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.fresh = false
}

// show shows a site's files from then on, or a part of them and the rest as they
// were. What is wrong with them is not known yet.
func (s *show) show(m message) {
	files := m.Files
	if m.Part {
		s.mu.RLock()
		files = maps.Clone(s.now.files)
		s.mu.RUnlock()
		if files == nil {
			return // a part alone is no site
		}
		maps.Copy(files, m.Files)
	}
	pages := digest(files)
	s.change(func(m *moment) { m.files, m.Pages, m.fresh, m.Stale = files, pages, true, false })
}

// judge shows from then on what is wrong and what is advised, and tells whether
// that is news.
func (s *show) judge(err error, advice report.Advice) (news bool) {
	s.change(func(m *moment) {
		news = fmt.Sprint(err) != fmt.Sprint(m.err) || fmt.Sprint(advice) != fmt.Sprint(m.advice)
		m.err, m.advice, m.Stale, m.fresh = err, advice, !m.fresh, false
	})
	return news
}

// change makes another moment of the present one.
func (s *show) change(to func(m *moment)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to(&s.now)
	close(s.next)
	s.next = make(chan struct{})
	s.once.Do(func() { close(s.begun) })
}

// digest stands for the names and bytes of files.
func digest(files map[string][]byte) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(sum, "%s\x00%d\x00", name, len(files[name]))
		sum.Write(files[name])
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// ServeHTTP answers only to this computer's own names: otherwise any site on
// the web could have its own name lead here, and read the pages.
func (s *show) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	w.Header().Set("X-Frame-Options", "DENY") // no site may show it as a part of its own
	w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // many ranges of a file can be more than the file
	}
	switch {
	case name != host && name != "localhost":
		http.Error(w, "This preview is only for the computer it runs on. There, open http://"+s.address+"/", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(w, "The preview only shows pages.", http.StatusMethodNotAllowed)
	case r.URL.Path == ownFiles+"events":
		s.tell(w, r)
	case strings.HasPrefix(r.URL.Path, ownFiles):
		s.own.ServeHTTP(w, r)
	default:
		select {
		case <-s.begun:
			s.page(w, r)
		case <-r.Context().Done():
		}
	}
}

// page answers with a file of the site. Pages get the preview's parts.
func (s *show) page(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	m, data, err := s.read(name)
	status := http.StatusOK
	if err != nil {
		if _, _, err := s.read(path.Join(name, "index.html")); err == nil {
			http.Redirect(w, r, (&url.URL{Path: "/" + name + "/", RawQuery: r.URL.RawQuery}).String(), http.StatusFound)
			return
		}
		status, name = http.StatusNotFound, "404.html"
		if m, data, err = s.read(name); err != nil {
			data = []byte(m.part("page"))
		}
	}
	if m.None() {
		status = http.StatusServiceUnavailable
	}
	if path.Ext(name) != ".html" {
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
		return
	}
	policy, body := m.add(data)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", strings.TrimSuffix(strings.TrimSpace(policy), ";")+"; frame-ancestors 'none'")
	w.WriteHeader(status)
	w.Write(body)
}

// read gives a file of the site as it is at the moment, and that moment.
func (s *show) read(name string) (moment, []byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	data, ok := s.now.files[name]
	if !ok {
		return s.now, nil, fs.ErrNotExist
	}
	return s.now, data, nil
}

// tell keeps a page informed: at once, and whenever something has changed.
func (s *show) tell(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	select {
	case <-s.begun:
	case <-r.Context().Done():
		return
	}
	for {
		s.mu.RLock()
		m, next := s.now, s.next
		s.mu.RUnlock()
		news, err := json.Marshal(map[string]string{"pages": m.Pages, "mark": m.Mark(), "problems": m.part("problems"), "adviceMark": m.AdviceMark(), "advice": m.part("advice")})
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
