package check_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"

	"annualreport/tools/check"
	"annualreport/tools/report"
	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// The tests of this package damage a site in memory and see what the check says
// of it. The sites are made from the tests' own report, each once.

// A trial is one damage to a site, and what the check has to say of it. A rule
// needs at least two: one that breaks it, and one that comes near.
type trial struct {
	rule   string // that it is about
	name   string
	site   func() *sample // oneReport if it is nil
	damage []damage
	want   string // a line for each problem, in their order; see pattern
	advice string // a line for each page that is advised to be lighter
}

// A sample is a site, with the source that it was made from.
type sample struct {
	files  fstest.MapFS
	lib    *report.Library
	source string
}

// folder holds the samples' sources while the tests run.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "check-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

var (
	oneReport    = sampleOf("one", "", nil)
	wholeAddress = sampleOf("whole", "https://example.org/2013/safe", nil)
	threeReports = sampleOf("three", "", addReports)
)

// builds has one sample built at a time.
var builds sync.Mutex

// sampleOf returns what makes a sample when it is first asked for. change, if it is
// given, changes the source.
func sampleOf(name, address string, change func(source string) error) func() *sample {
	return sync.OnceValue(func() *sample {
		return buildSample(name, address, func(source string) error {
			err := testkit.CopySource("../..", source)
			if err == nil && change != nil {
				err = change(source)
			}
			return err
		})
	})
}

// buildSample makes a sample of the source that write writes.
func buildSample(name, address string, write func(source string) error) *sample {
	builds.Lock()
	defer builds.Unlock()
	// Hugo does not look at the environment, by which it is given the address, where it checks that it is tested.
	defer func(args []string) { os.Args = args }(os.Args)
	os.Args = os.Args[:1]
	s := &sample{files: fstest.MapFS{}, source: filepath.Join(folder, name)}
	public := s.source + "-public"
	err := write(s.source)
	if err == nil {
		_, err = site.Build(context.Background(), site.Settings{Source: s.source, Destination: public, BaseURL: address})
	}
	if err == nil {
		s.lib, err = site.Load(s.source)
	}
	if err == nil {
		err = fs.WalkDir(os.DirFS(public), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(filepath.Join(public, name))
			s.files[name] = &fstest.MapFile{Data: text}
			return err
		})
	}
	if err != nil {
		panic(fmt.Sprintf("the sample %s cannot be made:\n%v", name, err))
	}
	return s
}

// addReports adds the reports of 2015 and 2016. Each takes up what the one before
// asked, but for the challenge about bereavement, which 2014 closes. A page of
// 2014 has two old addresses.
func addReports(source string) error {
	files := map[string]string{}
	for _, part := range []string{"content/2014", "data/2014"} {
		entries, err := os.ReadDir(filepath.Join(source, part))
		if err != nil {
			return err
		}
		for _, entry := range entries {
			name := path.Join(part, entry.Name())
			text, err := os.ReadFile(filepath.Join(source, name))
			if err != nil {
				return err
			}
			files[name] = string(text)
		}
	}
	for _, year := range []string{"2015", "2016"} {
		previous := map[string]string{"2015": "2014", "2016": "2015"}[year]
		for name, text := range files {
			text = updates.ReplaceAllString(strings.ReplaceAll(text, "2014", year), "")
			switch path.Base(name) {
			case "challenges.toml", "themes.toml":
				text, _, _ = strings.Cut(text, "[bereavement]")
			case "recommendations.toml":
				text = strings.ReplaceAll(text, `challenges = ["bereavement"]`, `challenges = ["think-family"]`)
			}
			if base := path.Base(name); base == "challenges.toml" || base == "recommendations.toml" {
				text = record.ReplaceAllString(text, "$0\nfollows = \""+previous+"/$1\"")
			}
			name = filepath.Join(source, strings.ReplaceAll(name, "2014", year))
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
				return err
			}
		}
	}
	for name, edit := range map[string][2]string{
		"data/2014/challenges.toml": {"[bereavement]", "[bereavement]\nclosed = \"The 'Board' asks others now.\""},
		"content/2014/purpose.md":   {"title =", "aliases = [\"/2014/aims/\", \"/aims.html\"]\ntitle ="},
	} {
		text := strings.Replace(files[name], edit[0], edit[1], 1)
		if err := os.WriteFile(filepath.Join(source, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

var (
	record  = regexp.MustCompile(`(?m)^\[([a-z-]+)\]$`)
	updates = regexp.MustCompile(`(?m)^\[\[[a-z-]+\.updates\]\]\n(?:[a-z_]+ = .*\n)*`)
)

// A damage changes a site.
type damage func(t *testing.T, files fstest.MapFS)

// pages stands for every page, as the name of a file.
const pages = "*.html"

// edit replaces text in a file, where it first has it. What comes before an … in
// old only says where to look for what comes after it.
func edit(file, old, text string) damage {
	return replace(file, old, func(html string) string {
		position, last := 0, ""
		for _, last = range strings.Split(old, "…") {
			n := strings.Index(html[position:], last)
			if n < 0 {
				return html
			}
			position += n + len(last)
		}
		return html[:position-len(last)] + text + html[position:]
	})
}

// every replaces text wherever a file has it.
func every(file, old, text string) damage {
	return replace(file, old, func(html string) string { return strings.ReplaceAll(html, old, text) })
}

func replace(file, old string, change func(string) string) damage {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		hit := false
		for name := range files {
			if name == file || file == pages && path.Ext(name) == ".html" {
				html := string(files[name].Data)
				result := change(html)
				hit = hit || result != html
				files[name] = &fstest.MapFile{Data: []byte(result)}
			}
		}
		if !hit {
			t.Fatalf("%s has no %q", file, old)
		}
	}
}

// end adds text at the end of a page's main part.
func end(file, text string) damage { return edit(file, "</main>", text+"</main>") }

func put(file, text string) damage {
	return func(_ *testing.T, files fstest.MapFS) { files[file] = &fstest.MapFile{Data: []byte(text)} }
}

// cut leaves what a file has before some text.
func cut(file, text string) damage {
	return replace(file, text, func(html string) string { before, _, _ := strings.Cut(html, text); return before })
}

func duplicate(source, target string) damage {
	return func(_ *testing.T, files fstest.MapFS) { files[target] = files[source] }
}

// drop takes files away, and folders with all that is in them.
func drop(names ...string) damage {
	return func(t *testing.T, files fstest.MapFS) {
		t.Helper()
		for _, target := range names {
			size := len(files)
			for name := range files {
				if name == target || strings.HasPrefix(name, target+"/") {
					delete(files, name)
				}
			}
			if len(files) == size {
				t.Fatalf("there is no %s", target)
			}
		}
	}
}

// pipe makes a file one that nobody can read to its end.
func pipe(name string) damage {
	return func(_ *testing.T, files fstest.MapFS) { files[name] = &fstest.MapFile{Mode: fs.ModeNamedPipe} }
}

// compress puts the compressed forms beside each text.
func compress(_ *testing.T, files fstest.MapFS) {
	for name := range files {
		if check.IsText(name) {
			var gz, br bytes.Buffer
			z, b := gzip.NewWriter(&gz), brotli.NewWriterLevel(&br, 1)
			z.Write(files[name].Data)
			b.Write(files[name].Data)
			z.Close()
			b.Close()
			files[name+".gz"], files[name+".br"] = &fstest.MapFile{Data: gz.Bytes()}, &fstest.MapFile{Data: br.Bytes()}
		}
	}
}

// pattern returns what matches a line that is wanted. file:«text» is the first
// line of a file of the source with that text, <n> is any number and <hash> any
// hash.
func (s *sample) pattern(t *testing.T, want string) *regexp.Regexp {
	t.Helper()
	want = place.ReplaceAllStringFunc(want, func(line string) string {
		m := place.FindStringSubmatch(line)
		source, err := os.ReadFile(filepath.Join(s.source, m[1]))
		before, _, ok := strings.Cut(string(source), m[2])
		if err != nil || !ok {
			t.Fatalf("%s has no %q: %v", m[1], m[2], err)
		}
		return fmt.Sprintf("%s:%d:", m[1], 1+strings.Count(before, "\n"))
	})
	return regexp.MustCompile("^" + strings.NewReplacer("<n>", "[0-9]+", "<hash>", "'sha256-[^']*'").Replace(regexp.QuoteMeta(want)) + "$")
}

var place = regexp.MustCompile(`^([a-z0-9/_.-]+):«(.*?)»:`)

// run damages a copy of the sample and checks that the check says just what is
// wanted.
func (tr trial) run(t *testing.T) {
	t.Parallel()
	if tr.site == nil {
		tr.site = oneReport
	}
	s := tr.site()
	files := fstest.MapFS{}
	for name, file := range s.files {
		files[name] = file
	}
	for _, damage := range tr.damage {
		damage(t, files)
	}
	proof, err := check.Site(files, s.lib, os.DirFS(s.source))
	output := ""
	switch tr.rule {
	case "rebuilt":
		if err != nil {
			t.Fatalf("Site finds it already: %v", err)
		}
		err = check.Same(files, s.files, s.lib)
	case "permissions":
		if err != nil {
			t.Fatalf("Site finds it already: %v", err)
		}
		err = check.Access(files)
	case "pdf":
		err = check.Documents(files, s.lib, readPDF)
	}
	if err != nil {
		output = tr.ownProblems(err).Error()
	}
	s.compare(t, output, tr.want)
	s.compare(t, report.Problems(slices.DeleteFunc(proof.Advice, func(p report.Problem) bool { return p.Rule != "weight" })).Error(), tr.advice)
}

// ownProblems returns the problems but those of words that a trial of something else puts
// on a page: it is not about them.
func (tr trial) ownProblems(err error) report.Problems {
	var problems report.Problems
	errors.As(err, &problems)
	return slices.DeleteFunc(slices.Clone(problems), func(p report.Problem) bool {
		return tr.rule != p.Rule && slices.Contains([]string{"word", "file", "head"}, p.Rule)
	})
}

// compare checks that the lines that the check says are those that are wanted.
func (s *sample) compare(t *testing.T, output, expected string) {
	t.Helper()
	got, want := strings.Split(output, "\n"), strings.Split(strings.TrimSpace(expected), "\n")
	if !slices.EqualFunc(got, want, func(got, want string) bool { return s.pattern(t, strings.TrimSpace(want)).MatchString(got) }) {
		t.Errorf("the check says\n%s\nwant\n%s", output, expected)
	}
}

// fault reports whether the trial breaks its rule.
func (tr trial) fault() bool { return strings.Contains(tr.want+tr.advice, "["+tr.rule+"]") }

func TestTrials(t *testing.T) {
	for _, tr := range trials {
		t.Run(tr.rule+"/"+tr.name, tr.run)
	}
}

// trials are all that there are.
var trials = slices.Concat(accountTrials, itemTrials, statementTrials, linkTrials, pageTrials, fileTrials, findTrials, sameTrials, documentTrials)

// Every rule has a trial that breaks it, and one that comes near.
func TestEveryRuleIsTried(t *testing.T) {
	rules := append(slices.Clone(check.Rules), struct{ Name, Holds string }{Name: "weight"})
	for _, rule := range rules {
		counts := map[bool]int{}
		for _, tr := range trials {
			if tr.rule == rule.Name {
				counts[tr.fault()]++
			}
		}
		if counts[true] == 0 || counts[false] == 0 {
			t.Errorf("%s is broken by %d trials, and %d come near", rule.Name, counts[true], counts[false])
		}
	}
	for _, tr := range trials {
		if !slices.ContainsFunc(rules, func(r struct{ Name, Holds string }) bool { return r.Name == tr.rule }) {
			t.Errorf("there is no rule %s", tr.rule)
		}
	}
}
