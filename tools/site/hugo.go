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

// render has Hugo make the pages of source, which lib was read from: all, or
// those of one report and the front page, if only is its year. baseURL is where
// the site will be, or "". If ctx ends, render does so at once, even if a
// layout never would.
func render(ctx context.Context, source, baseURL string, lib *report.Library, only string) (afero.Fs, error) {
	source, err := filepath.Abs(source)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(source); err == nil {
		source = real
	}
	return await(ctx, func() (afero.Fs, error) { return runHugo(source, baseURL, lib, only) })
}

// await gives what do gives, or ctx's error as soon as ctx ends: what do has
// begun, which changes nothing but memory, may then go on for ever.
func await[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := do()
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

// runHugo runs Hugo as a library. What it is given is all that it knows: it
// reads source and writes nothing but the pages, into memory.
func runHugo(source, baseURL string, lib *report.Library, only string) (afero.Fs, error) {
	log := &journal{}
	logger := loggers.New(loggers.Options{Level: logg.LevelWarn, StdOut: io.Discard, StdErr: io.Discard, HandlerPost: log.note})
	flags := config.New()
	for key, value := range map[string]any{
		"workingDir": source, "publishDir": "public", "cacheDir": os.TempDir(), // which is there, so that none is made
		"environment": "production",
		"buildDrafts": true, "buildFuture": true, // of two builds of one source, the day makes no difference
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
		Environment: "production", Environ: []string{"none="}}) // without a list, Hugo would read this computer's settings
	if err != nil {
		return nil, log.problems(err, source)
	}
	made := afero.NewMemMapFs()
	flags.Set("publishDir", "/")
	site, err := hugolib.NewHugoSites(deps.DepsCfg{Configs: configs, Fs: hugofs.NewFromSourceAndDestination(files, made, flags), TestLogger: logger, StdOut: io.Discard, StdErr: io.Discard})
	if err == nil {
		if err = build(site); errors.Is(err, errStuck) {
			os.Setenv(hugoWorkers, strconv.Itoa(2*len(lib.Pages)+len(lib.Moved)+100)) // more than Hugo makes of them
			defer os.Unsetenv(hugoWorkers)
			return runHugo(source, baseURL, lib, only)
		}
		defer site.Close()
	}
	return afero.NewBasePathFs(made, "/"), log.problems(err, source) // names are from the site's folder
}

// hugoWorkers is the only way to tell Hugo how many pages to take up at once.
const hugoWorkers = "HUGO_NUMWORKERMULTIPLIER"

var errStuck = errors.New("stuck: Hugo waits for itself")

// build has Hugo make the pages. After ten errors its workers stop, and what hands
// them the pages may go on waiting for them: then the error is errStuck. With a
// worker for each page that cannot be.
func build(site *hugolib.HugoSites) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil { // a file that it reads may go while it does
				done <- fmt.Errorf("Hugo crashed while rendering the pages: %v; build again, and if it crashes again, show this to the person who looks after the site", p)
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

// hiddenFiles gives patterns of the files of drafts that are left out: Hugo does
// not see them.
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

// A journal keeps what Hugo logs: warnings and errors.
type journal struct {
	mu      sync.Mutex
	entries []string
}

func (j *journal) note(e *logg.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Level >= logg.LevelWarn {
		j.entries = append(j.entries, e.Message)
	}
	return nil
}

// problems turns the error that stopped Hugo, or what it logged if nothing did,
// into problems in the editor's words. A warning is a problem too: nothing that
// Hugo doubts is published.
func (j *journal) problems(err error, source string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil && (len(j.entries) == 0 || len(herrors.UnwrapFileErrors(err)) > 0) {
		return report.Problems{failure(err, source)}
	}
	var problems report.Problems
	for _, text := range j.entries {
		p := report.Problem{Rule: "hugo", Do: forLayouts}
		p.Place, p.What = inOurWords(p.Place, relative(firstLine(text), source), text)
		problems = append(problems, p)
	}
	if len(problems) == 0 && err != nil {
		problems = report.Problems{failure(err, source)}
	}
	return problems.Err()
}

// forLayouts is what an editor can do about a message from inside Hugo.
const forLayouts = "if you have not changed the layouts or the settings, show this to the person who looks after them"

// deeds say what a layout was kept from, by the setting in config.toml that
// did, as [security] names it.
var deeds = map[string]string{
	"http.urls":    "would fetch %s from another computer",
	"http.method":  "would send a request of the kind %s to another computer",
	"exec.allow":   "would start the program %s",
	"exec.osenv":   "would pass the environment variable %s to a program",
	"funcs.getenv": "would read the environment variable %s",
	"allowContent": "would publish a page of the kind %s",
}

var denied = regexp.MustCompile(`access denied: "(.*?)" is not whitelisted in policy "security\.([A-Za-z.]+)"`)

// forbidden tells of what Hugo was kept from by [security] in config.toml.
func forbidden(p *report.Problem, text string) bool {
	m := denied.FindStringSubmatch(text)
	if m == nil || deeds[m[2]] == "" {
		return false
	}
	p.Rule = "security"
	p.What = "this " + fmt.Sprintf(deeds[m[2]], "“"+m[1]+"”") + ", which [security] in config.toml does not allow"
	p.Do = "remove it"
	return true
}

// failure reads the error that stopped Hugo.
func failure(err error, source string) report.Problem {
	p := report.Problem{Rule: "hugo"}
	// The innermost file that Hugo names is the one to open.
	for _, file := range herrors.UnwrapFileErrors(err) {
		if pos := file.Position(); pos.Filename != "" && filepath.IsAbs(pos.Filename) {
			p.Place = report.Place{File: relative(pos.Filename, source), Line: pos.LineNumber}
		}
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		p.What = inner.Error()
		if forbidden(&p, p.What) {
			return p
		}
	}
	p.Place, p.What = inOurWords(p.Place, relative(plainCause(firstLine(p.What)), source), err.Error())
	p.Do = forLayouts
	if strings.HasPrefix(p.File, "content/") {
		p.Do = "compare the line with other pages"
	}
	return p
}

// plainCause takes the way through templates and functions off an error's text.
func plainCause(text string) string {
	for _, end := range []string{">: ", `": `} {
		if i := strings.LastIndex(text, end); i >= 0 {
			text = text[i+len(end):]
		}
	}
	return wrapping.ReplaceAllString(text, "")
}

var wrapping = regexp.MustCompile(`^(?:error calling [^:]*: |template: [^ ]+:\d+(?::\d+)?: |toml: )+`)

// relative takes the source folder's path out of a text.
func relative(text, source string) string {
	return filepath.ToSlash(strings.ReplaceAll(text, source+string(os.PathSeparator), ""))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
