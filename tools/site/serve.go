package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"annualreport/tools/report"
)

// A Preview shows the site in a browser on this computer, with each change as
// soon as it is saved, and with its problems.
//
// After each change, a separate process builds and checks the whole site as
// [Build] does, so the preview reports what a build would report; see [Work]. Hugo
// may crash in that process, and the preview can stop it half-way. The browser
// gets the pages as soon as they are rendered, and the problems when the check is
// done. The preview adds its own parts as it serves the pages, and to no file; see
// [moment]. While no pages can be rendered, it serves the last ones.
type Preview struct {
	Source string // the folder that holds config.toml, content/ and data/
	Port   int    // from 1 to 65535

	// Worker returns a command that calls [Work].
	Worker func(ctx context.Context) *exec.Cmd
	// Ready is called with the address to open.
	Ready func(address string)
	// Verdict is called when the problems or the advice have changed. err is nil
	// if there are no problems; it may be of type [report.Problems].
	Verdict func(err error, advice report.Advice)
}

// patience is how long the pages may take before the preview warns about it.
const patience = 10 * time.Second

var errEndless = report.Problems{{Rule: "preview", What: "the pages are still being rendered", Do: "if this goes on, undo the last change to a layout, which may never finish"}}

// host is the only address that the preview listens on.
const host = "127.0.0.1"

// Serve serves the preview until ctx ends, which is not an error. The source may
// have problems. Serve leaves nothing behind.
func (p Preview) Serve(ctx context.Context) error {
	if err := findSource(p.Source); err != nil {
		return err
	}
	address := net.JoinHostPort(host, strconv.Itoa(p.Port))
	l, err := net.Listen("tcp", address)
	if err != nil {
		return explainListenError(p.Port, err)
	}
	defer l.Close()
	s := newShow(address)
	server := &http.Server{
		Handler:           s,
		ErrorLog:          log.New(io.Discard, "", 0), // a browser may close a connection at any time
		ReadHeaderTimeout: 10 * time.Second,
	}
	go server.Serve(l)
	defer server.Close()
	p.Ready("http://" + address + "/")
	p.follow(ctx, s)
	return nil
}

// explainListenError says why the port cannot be used.
func explainListenError(port int, err error) error {
	otherPort := port + 1
	if otherPort > 65535 {
		otherPort = 1313
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the preview is not allowed to use port %d; choose another with --port 1313", port)
	case errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsPortInUse):
		return fmt.Errorf("another program or preview is using port %d; close it, or choose another port with --port %d", port, otherPort)
	}
	return fmt.Errorf("the preview cannot use port %d: %w; choose another with --port %d", port, cmp.Or(errors.Unwrap(err), err), otherPort)
}

// windowsPortInUse is what Windows has for EADDRINUSE.
const windowsPortInUse = syscall.Errno(10048)

// follow builds the site after each change of the source, and passes the pages and
// problems on to s.
func (p Preview) follow(ctx context.Context, s *show) {
	var source map[string]stamp // as it was at the start of the last build
	var shown map[string]stamp  // as it was when all pages that are shown were rendered
	isRetry := false            // the last worker had ended before it began
	next := p.startWorker(ctx)
	defer func() { next.stop() }()
	for {
		current, err := awaitChange(ctx, p.Source, source)
		if err != nil {
			return
		}
		s.begin()
		result := p.build(ctx, next, s, findChangedReport(shown, current), current)
		source = current
		if result.isWhole {
			shown = current
		}
		next.stop()
		next = p.startWorker(ctx) // ready for the next change
		switch {
		case ctx.Err() != nil:
			return
		case result.isInterrupted || !isRetry && errors.Is(result.err, errGone):
			isRetry = !result.isInterrupted
			source = nil // build again, even if the new change has been undone
		default:
			isRetry = false
			p.judge(s, result.err, result.advice)
		}
	}
}

// A run describes a build of the site for the preview.
type run struct {
	advice        report.Advice
	err           error // its problems, or nil
	isWhole       bool  // all pages were rendered and shown
	isInterrupted bool  // a new change has stopped it, since it might never finish by itself
}

// build has w build the site from source. only is the one report that has changed
// since all pages were shown, or "".
func (p Preview) build(ctx context.Context, w *worker, s *show, only string, source map[string]stamp) (r run) {
	work, stop := context.WithCancel(ctx)
	rendering, rendered := context.WithCancel(work)
	var watchers sync.WaitGroup
	watchers.Go(func() {
		select {
		case <-rendering.Done():
		case <-time.After(patience):
			p.judge(s, errEndless, nil)
		}
	})
	watchers.Go(func() {
		if _, err := awaitChange(work, p.Source, source); err == nil {
			stop()
		}
	})
	r.advice, r.err = w.run(work, job{p.Source, only}, func(m message) {
		if !m.Part {
			r.isWhole = true
			rendered()
		}
		s.show(m)
	})
	rendered()
	r.isInterrupted = work.Err() != nil
	stop()
	watchers.Wait()
	return r
}

// judge passes the problems and the advice on to s, and prints them if they have
// changed.
func (p Preview) judge(s *show, err error, advice report.Advice) {
	if s.judge(err, advice) {
		p.Verdict(err, advice)
	}
}
