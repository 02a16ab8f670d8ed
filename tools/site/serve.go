package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"annualreport/tools/check"
)

// A Preview shows the site in a browser on this computer, and every change to
// it as soon as it is saved, with what is wrong with it.
//
// After each change the whole site is made and checked as [Build] does it, in
// a folder of its own, so what the preview says is what a build would say. The
// browser is given those pages; what the preview adds to them, see [moment],
// is added on the way and stands in no file. While no pages can be made, it is
// given the last ones.
type Preview struct {
	Source string // the folder that holds config.toml, content/ and data/
	Port   int    // from 1 to 65535

	// Make makes and proves the site in folder, as the function [Make] does.
	Make func(ctx context.Context, folder string) (check.Proof, error)
	// Ready is called with the address to open.
	Ready func(address string)
	// Told is called with what is wrong, which may be of type
	// [report.Problems], when that has changed, and with nil when all is good
	// again.
	Told func(err error)
}

// host is the only address that the preview can be reached at.
const host = "127.0.0.1"

// Serve shows the preview until ctx ends, which is no error. What is in the
// source need not be good. Nothing is left behind.
func (p Preview) Serve(ctx context.Context) error {
	if err := findSource(p.Source); err != nil {
		return err
	}
	at := net.JoinHostPort(host, strconv.Itoa(p.Port))
	l, err := net.Listen("tcp", at)
	if err != nil {
		return busy(p.Port, err)
	}
	defer l.Close()
	room, err := filepath.Abs(os.TempDir()) // it may be given relative to this folder
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp(room, "annual-report-preview-")
	if err != nil {
		return fmt.Errorf("the preview has no room for its pages: %w", err)
	}
	defer os.RemoveAll(folder)

	s := newShow(at)
	server := &http.Server{
		Handler:           s,
		ErrorLog:          log.New(io.Discard, "", 0), // a browser that went away is no news
		ReadHeaderTimeout: 10 * time.Second,
	}
	go server.Serve(l)
	defer server.Close()
	p.Ready("http://" + at + "/")
	p.follow(ctx, folder, s)
	return nil
}

// busy says why the port cannot be used.
func busy(port int, err error) error {
	other := port + 1
	if other > 65535 {
		other = 1313
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the preview may not use port %d, which this computer keeps for other things; choose another with --port 1313", port)
	}
	return fmt.Errorf("the preview cannot use port %d: another program, or another preview, does; close that, or choose another with --port %d", port, other)
}

// follow makes the site whenever the source has changed, each time in a folder
// of its own within folder, and shows and tells how that went.
func (p Preview) follow(ctx context.Context, folder string, s *show) {
	var source map[string]stamp // as it was when the site was made last
	for n := 1; ; n++ {
		var err error
		if source, err = changed(ctx, p.Source, source); err != nil {
			return
		}
		made := filepath.Join(folder, strconv.Itoa(n))
		proof, err := p.make(ctx, made)
		if ctx.Err() != nil {
			return
		}
		if err != nil && unlike(p.Source, source) { // it may have been half-saved
			os.RemoveAll(made)
			continue
		}
		whole := proof.Pages > 0
		old, news := s.change(made, whole, err)
		if !whole {
			old = made
		}
		if old != "" {
			os.RemoveAll(old)
		}
		if news {
			p.Told(err)
		}
	}
}

func (p Preview) make(ctx context.Context, made string) (check.Proof, error) {
	if err := os.MkdirAll(made, 0o700); err != nil {
		return check.Proof{}, fmt.Errorf("the preview has no room for its pages: %w", err)
	}
	return p.Make(ctx, made)
}

// unlike reports whether the source has changed since it was as before.
func unlike(source string, before map[string]stamp) bool {
	return !maps.Equal(look(os.DirFS(source)), before)
}
