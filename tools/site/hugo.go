package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/gohugoio/hugo/commands"
	"github.com/gohugoio/hugo/common/herrors"

	"annualreport/tools/report"
)

// render has Hugo make the pages of source in the folder made, with those of
// the drafts if they are to be shown, and links to the files listed.
func render(source, made, baseURL string, drafts []report.Draft, shown bool, files listing) error {
	source, err := filepath.Abs(source)
	if err != nil {
		return err
	}
	s := settings{address: baseURL, drafts: drafts, files: files}
	if !shown {
		s.hidden = hideDrafts(source, drafts)
	}
	cache := made + "-cache" // Hugo's own would be kept, and would be one more thing that a build depends on
	defer os.RemoveAll(cache)
	said, err := runHugo(s, append(options(source, made), "--cacheDir", cache)...)
	return explain(said, err, source)
}

// options are those of Hugo's command line. Of two builds of one source, the
// day makes no difference: --buildFuture.
func options(source, made string) []string {
	return []string{"--source", source, "--destination", made, "--environment", "production", "--noBuildLock",
		"--printPathWarnings", "--logLevel", "warn", "--buildFuture", "--buildDrafts"}
}

// Hugo writes to os.Stdout and os.Stderr, which a process has once.
var hugoRuns sync.Mutex

// settings are what Hugo is told beside what config.toml says.
type settings struct {
	address string         // where the site will stand: site.Params.address in the layouts
	drafts  []report.Draft // their years, parted by spaces, are site.Params.drafts
	hidden  []string       // patterns of the files that Hugo does not see
	files   listing        // as JSON, they are site.Params.files
}

// apply puts the settings where Hugo looks for them, and keeps others there
// from it: what it makes depends on its source and on these alone.
func (s settings) apply() error {
	clearSettings()
	var years []string
	for _, d := range s.drafts {
		years = append(years, d.Year)
	}
	hidden, err := json.Marshal(append([]string{}, s.hidden...))
	if err != nil {
		return err
	}
	files, err := json.Marshal(s.files.orEmpty())
	if err != nil {
		return err
	}
	return errors.Join(os.Setenv("HUGO_PARAMS_FILES", string(files)), os.Setenv("HUGO_PARAMS_ADDRESS", s.address), os.Setenv("HUGO_PARAMS_DRAFTS", strings.Join(years, " ")),
		os.Setenv("HUGO_IGNOREFILES", string(hidden)))
}

// hideDrafts gives patterns of the drafts' files, for settings.hidden.
func hideDrafts(source string, drafts []report.Draft) []string {
	folders := regexp.QuoteMeta(source)
	if real, err := filepath.EvalSymlinks(source); err == nil {
		folders += "|" + regexp.QuoteMeta(real)
	}
	var patterns []string
	for _, d := range drafts {
		patterns = append(patterns, fmt.Sprintf(`^(%s)[/\\](content|data)[/\\]%s([/\\]|$)`, folders, d.Year))
	}
	return patterns
}

// runHugo runs Hugo's command line in this process and gives what it wrote to
// stderr.
func runHugo(s settings, args ...string) (said string, err error) {
	hugoRuns.Lock()
	defer hugoRuns.Unlock()
	if err := s.apply(); err != nil {
		return "", err
	}
	defer clearSettings()
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		return "", err
	}
	outWrite, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	var written bytes.Buffer
	copied := make(chan struct{})
	go func() {
		io.Copy(&written, errRead)
		close(copied)
	}()

	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = outWrite, errWrite
	func() {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("Hugo gave up: %v", r)
			}
		}()
		err = commands.Execute(args)
	}()
	os.Stdout, os.Stderr = stdout, stderr
	log.SetOutput(stderr) // Hugo points it at its own output

	errWrite.Close()
	outWrite.Close()
	<-copied
	errRead.Close()
	return written.String(), err
}

// forLayouts is what an editor can do about a message from inside Hugo.
const forLayouts = "if you have not changed the layouts or the settings, show this to the person who looks after them"

// clearSettings keeps settings in the environment from Hugo.
func clearSettings() {
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "HUGO") {
			os.Unsetenv(name)
		}
	}
}

var (
	logEntry = regexp.MustCompile(`(?m)^(ERROR|WARN) +`)
	position = regexp.MustCompile(`^"(.+?):(\d+):\d+": ((?s:.*))$`)
	ruled    = regexp.MustCompile(`^(?:([^ ]+): )?\[([a-z-]+)\] (.*?)(?:; (.*))?$`)
)

// explain turns what Hugo logged and returned into problems in the editor's
// words. A warning is a problem too: nothing that Hugo doubts is published.
func explain(said string, err error, source string) error {
	var problems report.Problems
	starts := logEntry.FindAllStringIndex(said, -1)
	for i, start := range starts {
		end := len(said)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		problems = append(problems, entry(strings.TrimSpace(said[start[1]:end]), source))
	}
	// That Hugo logged errors is no news where they are there.
	if err != nil && (len(problems) == 0 || !strings.Contains(err.Error(), "logged ")) {
		problems = append(problems, failure(err, source))
	}
	return problems.Err()
}

// entry reads one of Hugo's log entries. Our own, from errorf in a layout,
// begin with the place and the rule.
func entry(text, source string) report.Problem {
	p := report.Problem{Rule: "hugo"}
	if m := position.FindStringSubmatch(text); m != nil {
		p.Place, text = place(m[1], m[2], source), m[3]
	}
	if m := ruled.FindStringSubmatch(text); m != nil {
		p.Rule, p.What, p.Do = m[2], m[3], m[4]
		if m[1] != "" {
			p.File = m[1]
		}
		return p
	}
	if forbidden(&p, text) {
		return p
	}
	p.Place, p.What = inOurWords(p.Place, relative(firstLine(text), source), text)
	p.Do = forLayouts
	return p
}

// deeds say what a layout was kept from, by the setting in config.toml that
// did, as [security] names it.
var deeds = map[string]string{
	"http.urls":    "would fetch %s from another computer",
	"http.method":  "would ask another computer for something, by %s",
	"exec.allow":   "would start the program %s",
	"exec.osenv":   "would hand the setting %s of this computer to a program",
	"funcs.getenv": "would read the setting %s of this computer",
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
	p.Do = "take it out"
	return true
}

// failure reads the error that stopped Hugo.
func failure(err error, source string) report.Problem {
	p := report.Problem{Rule: "hugo"}
	// The innermost file that Hugo names is the one to open.
	for _, file := range herrors.UnwrapFileErrors(err) {
		if pos := file.Position(); pos.Filename != "" && filepath.IsAbs(pos.Filename) {
			p.Place = place(pos.Filename, strconv.Itoa(pos.LineNumber), source)
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

func place(file, line, source string) report.Place {
	n, _ := strconv.Atoi(line) // digits
	return report.Place{File: relative(file, source), Line: n}
}

// relative takes the source folder's path out of a text.
func relative(text, source string) string {
	return filepath.ToSlash(strings.ReplaceAll(text, source+string(filepath.Separator), ""))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
