package site

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/afero"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// A worker is a process that builds the site once, for a preview. It writes no
// files. The preview starts it in advance, since starting takes longer than
// showing a change should.
type worker struct {
	cmd  *exec.Cmd
	stop func()
	in   io.WriteCloser
	out  io.Reader
	err  error // why it could not be started, or nil
}

// A job tells a worker what to build.
type job struct {
	Source string
	Report string // the only report that has changed, which is rendered first; or ""
}

// A message is sent by a worker: first the site's files, if they could be
// rendered, and last the verdict.
type message struct {
	Files    map[string][]byte
	Copies   map[string]original // the other files, for the preview to read
	Part     bool                // these are not all files
	Verdict  bool
	Problems report.Problems
	Advice   report.Advice
	Failure  string // any other error
}

// startWorker starts a worker, which waits for its job. It ends with ctx.
func (p Preview) startWorker(ctx context.Context) *worker {
	ctx, cancel := context.WithCancel(ctx)
	w := &worker{cmd: p.Worker(ctx)}
	in, err := w.cmd.StdinPipe()
	out, err2 := w.cmd.StdoutPipe()
	w.in, w.out = in, out
	if w.err = errors.Join(err, err2); w.err == nil {
		w.err = w.cmd.Start() // its stderr, where Go prints a panic, is discarded
	}
	w.stop = sync.OnceFunc(func() {
		cancel()
		if w.err == nil {
			_ = w.cmd.Wait() // it was stopped on purpose
		}
	})
	return w
}

// run gives the worker its job. It calls show with the site's files if they can be
// rendered, and returns the advice and the problems. It ends with ctx.
func (w *worker) run(ctx context.Context, j job, show func(message)) (report.Advice, error) {
	if w.err != nil {
		return nil, report.Problems{{Rule: "preview", What: "cannot start the command again: " + strings.TrimPrefix(w.err.Error(), "fork/exec "),
			Do: "stop the preview and start it again"}}
	}
	defer context.AfterFunc(ctx, w.stop)()
	if err := json.NewEncoder(w.in).Encode(j); err != nil {
		return nil, errGone
	}
	messages := gob.NewDecoder(w.out)
	for {
		var m message
		if err := messages.Decode(&m); err != nil {
			return nil, errBroken
		}
		switch {
		case !m.Verdict:
			show(m)
		case m.Failure != "":
			return m.Advice, errors.New(m.Failure)
		default:
			return m.Advice, m.Problems.Err()
		}
	}
}

// errGone says that a worker ended before it got its job.
var errGone = errors.New("the process that renders the preview's pages has ended; save again, or restart the preview")

// errBroken says that a worker ended before its verdict.
var errBroken = report.Problems{{Rule: "hugo", What: "Hugo crashed while rendering the pages", Do: forLayouts}}

// Work is the worker's side of a preview. It reads its job from in, builds the site
// with its drafts, and writes to out the site's files and then the verdict.
func Work(ctx context.Context, in io.Reader, out io.Writer) error {
	var j job
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return nil // the preview has ended
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, in) // returns when the preview ends, even if it is killed
		cancel()
	}()
	messages := gob.NewEncoder(out)
	var sendErr error
	advice, err := buildPreview(ctx, j, func(m message) { sendErr = errors.Join(sendErr, messages.Encode(m)) })
	m := message{Verdict: true, Advice: advice}
	if err != nil && !errors.As(err, &m.Problems) {
		m.Failure = err.Error()
	}
	return errors.Join(sendErr, messages.Encode(m))
}

// buildPreview builds the site with its drafts, calls show with its files as soon
// as they are rendered, and returns what a build would return.
func buildPreview(ctx context.Context, j job, show func(message)) (report.Advice, error) {
	source := j.Source
	if err := findSource(source); err != nil {
		return nil, err
	}
	lib, err := report.LoadDrafts(os.DirFS(source), time.Now())
	if err != nil {
		return nil, err
	}
	live := filepath.Join(source, "public")
	if err := keepReports(live, lib.Drafts); err != nil {
		return lib.Advice, err
	}
	s := Settings{Source: source}
	if j.Report != "" {
		// Building all pages reports the problems of these again.
		if files, err := s.assemble(ctx, lib, j.Report); err == nil {
			if part, err := readAll(files); err == nil {
				show(message{Files: part, Part: true})
			}
		}
	}
	files, err := s.assemble(ctx, lib, "")
	if err != nil {
		return lib.Advice, err
	}
	all, err := readAll(files)
	if err != nil {
		return lib.Advice, fmt.Errorf("cannot show the pages: %w", err)
	}
	show(message{Files: all, Copies: files.originals})
	pages := afero.NewIOFS(files)
	proof, err := check.Site(pages, lib, os.DirFS(source))
	if err != nil {
		return proof.Advice, err
	}
	next := &succession{source: os.DirFS(source), fresh: pages, live: os.DirFS(live), folder: live} // a preview prints no PDF
	advice, err := next.check()
	return append(proof.Advice, advice...), err
}

// readAll returns the files of a site that are in memory, by their names.
func readAll(files *siteFS) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := eachFile(files, func(name string) (err error) {
		if files.isCopy(name) {
			return nil
		}
		all[name], err = afero.ReadFile(files, name)
		return err
	})
	return all, err
}
