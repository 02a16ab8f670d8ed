package site

import (
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
	"time"

	"annualreport/tools/report"
)

// A Preview shows the site in a browser on this computer, and every change to
// it as soon as it is saved, with what is wrong with it.
//
// After each change the whole site is made and checked as [Build] does it, so
// what the preview says is what a build would say. That is done by a process of
// its own, see [Work]: a fault of Hugo's can end it, and it can be ended
// half-way. The browser is given the pages as soon as they are rendered, and the
// verdict when they are checked. What the preview adds to pages, see [moment],
// is added on the way and is in no file. While no pages can be made, the browser
// is given the last ones.
type Preview struct {
	Source string // the folder that holds config.toml, content/ and data/
	Port   int    // from 1 to 65535

	// Worker gives a command that calls [Work].
	Worker func(ctx context.Context) *exec.Cmd
	// Ready is called with the address to open.
	Ready func(address string)
	// Verdict is called when it has changed, with what is wrong, which may be
	// of type [report.Problems], or nil if all is good, and with what is advised.
	Verdict func(err error, advice report.Advice)
}

// patience is how long the pages may take before the preview says that they do.
const patience = 10 * time.Second

var errEndless = report.Problems{{Rule: "preview", What: "the pages are still being rendered", Do: "if this goes on, undo the last change to a layout, which may never finish"}}

// host is the only address that the preview can be reached at.
const host = "127.0.0.1"

// Serve shows the preview until ctx ends, which is no error. What is in the
// source need not be good. Nothing is left behind.
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
		ErrorLog:          log.New(io.Discard, "", 0), // a browser that went away is no news
		ReadHeaderTimeout: 10 * time.Second,
	}
	go server.Serve(l)
	defer server.Close()
	p.Ready("http://" + address + "/")
	p.follow(ctx, s)
	return nil
}

// busy says why the port cannot be used.
func explainListenError(port int, err error) error {
	otherPort := port + 1
	if otherPort > 65535 {
		otherPort = 1313
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the preview is not allowed to use port %d; choose another with --port 1313", port)
	}
	return fmt.Errorf("the preview cannot use port %d, which another program or preview is using; close that, or choose another port with --port %d", port, otherPort)
}

// follow makes the site whenever the source has changed, and shows and tells
// how that went.
func (p Preview) follow(ctx context.Context, s *show) {
	var source map[string]stamp // as it was when the site was made last
	isRetry := false            // the last worker was gone, and this is another's turn
	next := p.startWorker(ctx)
	for {
		current, err := awaitChange(ctx, p.Source, source)
		if err != nil {
			next.stop()
			return
		}
		only := findChangedReport(source, current)
		source = current
		work, stop := context.WithCancel(ctx)
		watchDone := make(chan struct{})
		waitDone := make(chan struct{})
		go func() {
			defer close(waitDone)
			select {
			case <-work.Done():
			case <-time.After(patience):
				if s.judge(errEndless, nil) {
					p.Verdict(errEndless, nil)
				}
			}
		}()
		go func() {
			defer close(watchDone)
			// What is saved meanwhile ends the work, which may have no end of its own.
			if _, err := awaitChange(work, p.Source, current); err == nil {
				stop()
			}
		}()
		s.begin()
		w := next
		advice, err := w.make(work, job{p.Source, only}, s.show)
		interrupted := work.Err() != nil
		stop()
		<-watchDone
		<-waitDone
		w.stop()
		next = p.startWorker(ctx) // it is ready when it is needed
		switch {
		case ctx.Err() != nil:
			next.stop()
			return
		case interrupted || !isRetry && errors.Is(err, errGone):
			isRetry = !interrupted
			source = nil // the work is still to be done, even if what was saved is gone again
		default:
			isRetry = false
			if s.judge(err, advice) {
				p.Verdict(err, advice)
			}
		}
	}
}
