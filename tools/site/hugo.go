package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/herrors"
	"github.com/gohugoio/hugo/common/hmaps"
	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"

	"annualreport/tools/report"
)

// render renders the pages of source, from which lib was read, with Hugo: all, or
// if only is the name of a report, that report's pages and the front page.
// baseURL is the site's address, or "". If ctx ends, render returns at once, even
// if a layout never finishes.
func render(ctx context.Context, source, baseURL string, lib *report.Library, only string) (afero.Fs, error) {
	source, err := realPath(source)
	if err != nil {
		return nil, err
	}
	return await(ctx, func() (afero.Fs, error) { return runHugo(source, baseURL, lib, only) })
}

// await returns the results of f, or ctx's error as soon as ctx ends. f, which
// must change nothing but memory, may then go on running.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := f()
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// awaitError is [await] for an f that returns only an error.
func awaitError(ctx context.Context, f func() error) error {
	_, err := await(ctx, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// runHugo runs Hugo as a library, independently of this computer's settings. It
// only reads source, and writes the pages into memory.
func runHugo(source, baseURL string, lib *report.Library, only string) (afero.Fs, error) {
	log := &journal{}
	logger := loggers.New(loggers.Options{Level: logg.LevelWarn, StdOut: io.Discard, StdErr: io.Discard, HandlerPost: log.record})
	flags := config.New()
	for key, value := range map[string]any{
		"workingDir": source, "publishDir": "public", "cacheDir": os.TempDir(), // an existing folder, so that Hugo creates none
		"environment": "production",
		"buildDrafts": true, "buildFuture": true, // so that the day of the build makes no difference
		"ignoreFiles": hiddenFiles(source, lib),
		"params":      hmaps.Params{"library": lib, "address": baseURL},
	} {
		flags.Set(key, value)
	}
	if only != "" {
		flags.Set("segments", map[string]any{"only": map[string]any{"includes": []map[string]any{{"path": fmt.Sprintf("{/,/%s,/%[1]s/**}", only)}}}})
		flags.Set("renderSegments", []string{"only"})
	}
	files := afero.NewReadOnlyFs(afero.NewOsFs())
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{Fs: files, Logger: logger, Flags: flags, Filename: "config.toml",
		Environment: "production", Environ: []string{"none="}}) // without a list, Hugo would read this computer's environment
	if err != nil {
		return nil, log.problems(err, source)
	}
	pages := afero.NewMemMapFs()
	flags.Set("publishDir", "/")
	site, err := hugolib.NewHugoSites(deps.DepsCfg{Configs: configs, Fs: hugofs.NewFromSourceAndDestination(files, pages, flags), TestLogger: logger, StdOut: io.Discard, StdErr: io.Discard})
	if err == nil {
		if err = runBuild(site); errors.Is(err, errStuck) {
			os.Setenv(hugoWorkers, strconv.Itoa(2*len(lib.Pages)+len(lib.Redirects)+100)) // more than Hugo renders
			defer os.Unsetenv(hugoWorkers)
			return runHugo(source, baseURL, lib, only)
		}
		defer site.Close()
	}
	return afero.NewBasePathFs(pages, "/"), log.problems(err, source) // so that names are relative to the site
}

// hugoWorkers is the only way to set how many pages Hugo renders at once.
const hugoWorkers = "HUGO_NUMWORKERMULTIPLIER"

var errStuck = errors.New("stuck: Hugo waits for itself")

// runBuild renders the pages of a Hugo site. After ten errors Hugo's workers stop,
// and their dispatcher may wait for them without end: then the error is errStuck.
// That cannot happen with a worker for each page.
func runBuild(site *hugolib.HugoSites) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil { // such as when a file disappears while Hugo reads it
				done <- fmt.Errorf("rendering the pages crashed: %v; build again, and if it crashes again, show this to the person who looks after the site", p)
			}
		}()
		done <- site.Build(hugolib.BuildCfg{NoBuildLock: true})
	}()
	select {
	case err := <-done:
		return err
	case <-site.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(time.Second):
		return errStuck
	}
}

// hiddenFiles returns patterns of the files that Hugo must ignore: those of
// drafts that are not shown.
func hiddenFiles(source string, lib *report.Library) []string {
	if lib.ShowsDrafts {
		return nil
	}
	var patterns []string
	for _, d := range lib.Drafts {
		patterns = append(patterns, fmt.Sprintf(`^%s[/\\]content[/\\]%s([/\\]|$)`, regexp.QuoteMeta(source), d.Name))
	}
	return patterns
}

// A journal collects the warnings and errors that Hugo logs.
type journal struct {
	mu      sync.Mutex
	entries []string
}

func (j *journal) record(e *logg.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Level >= logg.LevelWarn {
		j.entries = append(j.entries, e.Message)
	}
	return nil
}

// problems turns the error that stopped Hugo, or else what it logged, into
// problems in words for editors. Warnings count as problems: what Hugo doubts is
// not published.
func (j *journal) problems(err error, source string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil && (len(j.entries) == 0 || len(herrors.UnwrapFileErrors(err)) > 0) {
		return report.Problems{describeFailure(err, source)}
	}
	var problems report.Problems
	for _, text := range j.entries {
		p := report.Problem{Rule: "hugo", Do: forLayouts}
		p.Place, p.What = translate(p.Place, stripSource(firstLine(text), source), text)
		problems = append(problems, p)
	}
	return problems.Err()
}

// forLayouts tells editors what to do about a message from inside Hugo.
const forLayouts = "if you have not changed the layouts or the settings, show this to the person who looks after them"

// denials describe what the table [security] in config.toml does not allow, by
// the name of the setting.
var denials = map[string]string{
	"http.urls":    "would fetch %s from another computer",
	"http.method":  "would send a request of the kind %s to another computer",
	"exec.allow":   "would start the program %s",
	"exec.osenv":   "would pass the environment variable %s to a program",
	"funcs.getenv": "would read the environment variable %s",
	"allowContent": "would publish a page of the kind %s",
}

var denialPattern = regexp.MustCompile(`access denied: "(.*?)" is not whitelisted in policy "security\.([A-Za-z.]+)"`)

// explainDenial describes in p what [security] in config.toml did not allow. It
// reports whether text is about that.
func explainDenial(p *report.Problem, text string) bool {
	m := denialPattern.FindStringSubmatch(text)
	if m == nil || denials[m[2]] == "" {
		return false
	}
	p.Rule = "security"
	p.What = "this " + fmt.Sprintf(denials[m[2]], "“"+m[1]+"”") + ", which [security] in config.toml does not allow"
	p.Do = "remove it"
	return true
}

// describeFailure turns the error that stopped Hugo into a problem.
func describeFailure(err error, source string) report.Problem {
	p := report.Problem{Rule: "hugo"}
	// The innermost file is the one to open.
	for _, file := range herrors.UnwrapFileErrors(err) {
		if pos := file.Position(); pos.Filename != "" && filepath.IsAbs(pos.Filename) {
			p.Place = report.Place{File: stripSource(pos.Filename, source), Line: pos.LineNumber}
		}
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		p.What = inner.Error()
		if explainDenial(&p, p.What) {
			return p
		}
	}
	p.Place, p.What = translate(p.Place, stripSource(trimCause(firstLine(p.What)), source), err.Error())
	p.Do = forLayouts
	if strings.HasPrefix(p.File, "content/") {
		p.Do = "compare the line with other pages"
	}
	return p
}

// trimCause removes the path through templates and functions from an error's text.
func trimCause(text string) string {
	for _, end := range []string{">: ", `": `} {
		if i := strings.LastIndex(text, end); i >= 0 {
			text = text[i+len(end):]
		}
	}
	return causePrefix.ReplaceAllString(text, "")
}

var causePrefix = regexp.MustCompile(`^(?:error calling [^:]*: |template: [^ ]+:\d+(?::\d+)?: |toml: )+`)

// stripSource removes the source folder's path from a text.
func stripSource(text, source string) string {
	return filepath.ToSlash(strings.ReplaceAll(text, source+string(os.PathSeparator), ""))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
