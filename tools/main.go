// Command tools builds, checks, previews and packages the annual report's site.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"annualreport/tools/release"
	"annualreport/tools/report"
	"annualreport/tools/site"
)

const usage = `Builds, checks, previews and packages the annual report's site.

Usage:

    go run ./tools build [--destination FOLDER] [--base-url ADDRESS] [--pdf] [--precompress] [--advice] [--source FOLDER]
    go run ./tools check [--format text|json|github] [--base-url ADDRESS] [--weights] [--advice] [--destination FOLDER] [--source FOLDER]
    go run ./tools serve [--port NUMBER] [--source FOLDER]
    go run ./tools new NAME [--empty] [--series NAME] [--source FOLDER]
    go run ./tools new --publisher NAME --into FOLDER [--source FOLDER]
    go run ./tools updates FILE.csv [--dry-run] [--source FOLDER]
    go run ./tools updates --template [FILE.csv] [--source FOLDER]
    go run ./tools package [--output FOLDER] [--base-url ADDRESS] [--pdf] [--precompress] [--advice] [--source FOLDER]
    go run ./tools verify ZIP|FOLDER [--sums FILE] [--allow NAME]

build   builds the site, checks it and puts it in the destination. If anything
        is wrong, it says what, and leaves the destination unchanged.
check   checks the site already in the destination against the report's data,
        and reports everything that differs from what build would make.
serve   shows the site in a browser on this computer. Each change appears as
        soon as you save it, with everything that build would find wrong.
        Press Ctrl-C to stop.
new     starts a report, as a draft: it carries forward what the latest report
        asks and is not done, with pages for you to fill in. Its name is its
        year, as in 2015, 2014-15 or 2015-review. A draft appears in serve,
        marked as one, and build leaves it out. With --publisher, it creates a
        folder for another body's reports instead, with an example.
updates records what happened next, many updates at once: each row of a
        spreadsheet is an update to a recommendation or a challenge. It says
        what each row changes. If any row is wrong, it says where, and nothing
        changes. With --template, it writes the spreadsheet to fill in, with a
        row for each unfinished item and body.
package builds and checks the site, and packs it as a zip for the web team, with
        checksums and a note of what it was built from. The same source gives
        the same zip.
verify  reports altered, missing or extra files in a zip, or in a folder that
        was unpacked from one.

    --source FOLDER        the folder with config.toml, content and data
                           (default: the current folder)
    --destination FOLDER   where build puts the site, and check looks for it
                           (default: public, in the source folder)
    --format FORMAT        how check prints what it finds: text (the default),
                           json for programs, github for notes on a pull request
    --weights              have check list how many bytes each page takes to send
    --advice               list every piece of advice, such as long sentences and
                           heavy pages, instead of one line for each kind
    --base-url ADDRESS     the site's address on the web, so that search engines
                           keep one address for each page; check makes sure
                           that the pages give this address
    --pdf                  also print each report as a PDF, which needs the
                           browser Chromium
    --precompress          put a .gz and a .br file beside each text file, for
                           servers that send those
    --output FOLDER        where package puts the zip (default: dist, in the
                           source folder)
    --sums FILE            what verify compares with: the zip that was signed off,
                           or a SHA256SUMS kept from it
    --allow NAME           a file or folder of your own that verify ignores, such
                           as .htaccess; can be repeated
    --empty                start the report from nothing
    --series NAME          start a report in a series of its own, such as
                           reviews, beside the annual reports
    --publisher NAME       the body that new creates a folder for, in quotes
    --into FOLDER          where new creates that folder; it must be new or empty
    --template             write the spreadsheet to fill in, to the file if you
                           name one
    --dry-run              say what updates would change, and change nothing
    --port NUMBER          the preview's port (default: 1313)

Examples:

    go run ./tools build
    go run ./tools build --base-url https://www.example.org/annual-report/
    go run ./tools build --pdf
    go run ./tools serve --port 8080
    go run ./tools new 2015
    go run ./tools new 2015-review --series reviews
    go run ./tools new --publisher "Audit Northshire" --into ../northshire
    go run ./tools updates --template updates.csv
    go run ./tools updates updates.csv --dry-run
    go run ./tools package --base-url https://www.example.org/annual-report/
    go run ./tools verify live --sums dist/annual-report-2014-1a2b3c4d.zip

Exits with 0 on success, 1 if something is wrong, and 2 if the command was used
wrongly. Advice never stops a build. Each message says where, what is wrong and
what to do:

    file:line: page: [rule] what is wrong; what to do
`

// A command is one of the commands in usage.
type command struct {
	options  string // the names of its options
	argument bool   // it takes an argument: a report's name, a file or a folder
	run      func(context.Context, *request) error
}

var commands = map[string]command{
	"build":   {"source destination base-url pdf precompress advice", false, buildSite},
	"check":   {"source destination base-url format weights advice", false, checkSite},
	"serve":   {"source port", false, serveSite},
	"new":     {"source empty series publisher into", true, beginReport},
	"updates": {"source template dry-run", true, recordUpdates},
	"package": {"source output base-url pdf precompress advice", false, packSite},
	"verify":  {"source sums allow", true, verifySite},
}

const commandNames = "build, check, serve, new, updates, package or verify"

// A request holds the options and the argument of a command line.
type request struct {
	site.Settings
	argument       string // the report's name, the spreadsheet, or the zip or folder
	format         string
	weights        bool
	advice         bool // list all of it
	port           int
	output         string
	sums           string
	allow          []string
	empty          bool
	series         string
	publisher      string
	into           string
	template       bool
	dryRun         bool
	stdout, stderr io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if os.Getenv(worker) != "" {
		if err := site.Work(ctx, os.Stdin, os.Stdout); err != nil {
			os.Exit(1) // the preview reports it
		}
		return
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run runs the command in args and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return finish(runCommand(ctx, args, stdout, stderr), stdout, stderr)
}

// finish prints what a command's error says and returns the exit code.
func finish(err error, stdout, stderr io.Writer) int {
	var problems report.Problems
	var misuse site.UsageError
	var partial site.PartialError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case errors.Is(err, errFailure):
		return 1
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "%v\nFor help: go run ./tools help\n", err)
		return 2
	case errors.As(err, &problems):
		printText(stderr, problems)
		return 1
	case errors.Is(err, syscall.ENOSPC) && !errors.As(err, &partial):
		fmt.Fprintln(stderr, "the disk is full, so nothing was changed; free some space and run the command again")
		return 1
	default:
		fmt.Fprintln(stderr, err)
		return 1
	}
}

// errFailure ends a command that has already printed what is wrong.
var errFailure = errors.New("failure")

func runCommand(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return site.UsageError("Which command? Choose " + commandNames)
	}
	name, args := args[0], args[1:]
	if slices.Contains([]string{"help", "-h", "--help", "-help"}, name) {
		return flag.ErrHelp
	}
	c, ok := commands[name]
	if !ok {
		return site.UsageError(fmt.Sprintf("there is no command %q; choose %s", name, commandNames))
	}
	r := &request{stdout: stdout, stderr: stderr}
	if err := r.parse(name, c, args); err != nil {
		return err
	}
	return c.run(ctx, r)
}

// parse reads a command's options and its argument, in any order.
func (r *request) parse(name string, c command, args []string) error {
	flags := r.flags(name, c.options)
	var arguments []string
	if err := checkOptions(name, flags, args); err != nil {
		return err
	}
	for {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return err
		} else if err != nil {
			return site.UsageError(name + ": " + misuse(flags, args))
		}
		if flags.NArg() == 0 {
			break
		}
		arguments = append(arguments, flags.Arg(0))
		args = flags.Args()[1:]
	}
	if len(arguments) > 0 && c.argument {
		r.argument, arguments = arguments[0], arguments[1:]
	}
	if len(arguments) > 0 {
		return site.UsageError(fmt.Sprintf("%s does not take %q; options begin with --", name, arguments[0]))
	}
	return errors.Join(
		r.folder(flags, "destination", "public", &r.Destination),
		r.folder(flags, "output", "dist", &r.output))
}

// checkOptions returns an error if an option is given twice, or if its value is another
// option: package flag would take the last, and a folder called --pdf or -pdf.
func checkOptions(command string, flags *flag.FlagSet, args []string) error {
	names := map[string]bool{}
	for i := 0; i < len(args); i++ {
		option, _, hasValue := strings.Cut(args[i], "=")
		name := strings.TrimLeft(option, "-")
		f := flags.Lookup(name)
		if f == nil || !strings.HasPrefix(option, "-") { // an argument, or a mistake that flags finds
			continue
		}
		if names[name] && name != "allow" {
			return site.UsageError(fmt.Sprintf("%s: --%s is given twice; keep one of them", command, name))
		}
		names[name] = true
		if !takesValue(f) || hasValue {
			continue
		}
		if i++; i < len(args) && strings.HasPrefix(args[i], "-") && flags.Lookup(strings.TrimLeft(args[i], "-")) != nil {
			return site.UsageError(fmt.Sprintf("%s: --%s needs a value, but %s follows it", command, name, args[i]))
		}
	}
	return nil
}

// takesValue reports whether a value follows an option.
func takesValue(f *flag.Flag) bool {
	value, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !value.IsBoolFlag()
}

// flags returns the options of a command.
func (r *request) flags(command, options string) *flag.FlagSet {
	all := flag.NewFlagSet("", flag.ContinueOnError)
	all.StringVar(&r.Source, "source", ".", "")
	all.StringVar(&r.Destination, "destination", "", "")
	all.StringVar(&r.BaseURL, "base-url", "", "")
	all.BoolVar(&r.PDF, "pdf", false, "")
	all.BoolVar(&r.Precompress, "precompress", false, "")
	all.StringVar(&r.format, "format", "text", "")
	all.BoolVar(&r.weights, "weights", false, "")
	all.BoolVar(&r.advice, "advice", false, "")
	all.IntVar(&r.port, "port", 1313, "")
	all.StringVar(&r.output, "output", "", "")
	all.StringVar(&r.sums, "sums", "", "")
	all.Func("allow", "", func(name string) error { r.allow = append(r.allow, name); return nil })
	all.BoolVar(&r.empty, "empty", false, "")
	all.StringVar(&r.series, "series", "", "")
	all.StringVar(&r.publisher, "publisher", "", "")
	all.StringVar(&r.into, "into", "", "")
	all.BoolVar(&r.template, "template", false, "")
	all.BoolVar(&r.dryRun, "dry-run", false, "")
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for name := range strings.FieldsSeq(options) {
		flags.Var(all.Lookup(name).Value, name, "")
	}
	return flags
}

// malformedOption matches what package flag rejects as an option without consuming
// it, unlike other mistakes.
var malformedOption = regexp.MustCompile(`^(---|--?=)`)

// misuse describes the option in args that flags could not parse.
func misuse(flags *flag.FlagSet, args []string) string {
	if malformedOption.MatchString(flags.Arg(0)) {
		return fmt.Sprintf("%q is not an option", flags.Arg(0))
	}
	args = args[:len(args)-flags.NArg()]
	last := args[len(args)-1]
	if len(args) > 1 {
		if f := flags.Lookup(strings.TrimLeft(args[len(args)-2], "-")); f != nil && takesValue(f) { // last is its value
			return fmt.Sprintf("--%s cannot be %q", f.Name, last)
		}
	}
	name, value, ok := strings.Cut(strings.TrimLeft(last, "-"), "=")
	switch {
	case flags.Lookup(name) == nil:
		return "there is no option --" + name
	case ok:
		return fmt.Sprintf("--%s cannot be %q", name, value)
	}
	return fmt.Sprintf("--%s needs a value", name)
}

// folder sets a folder to its default, inside the source folder, unless the option
// is set.
func (r *request) folder(flags *flag.FlagSet, option, defaultName string, folder *string) error {
	isSet := false
	flags.Visit(func(f *flag.Flag) { isSet = isSet || f.Name == option })
	switch {
	case !isSet:
		*folder = filepath.ToSlash(filepath.Join(r.Source, defaultName))
	case *folder == "":
		return site.UsageError(flags.Name() + ": --" + option + " needs the name of a folder")
	}
	return nil
}

func buildSite(ctx context.Context, r *request) error {
	start := time.Now()
	result, err := site.Build(ctx, r.Settings)
	r.printAdvice(result.Advice)
	if err == nil {
		printResult(r.stdout, r.Destination, result, time.Since(start))
		printLost(r.stdout, r.Destination, result.Lost)
	}
	return err
}

func checkSite(ctx context.Context, r *request) error {
	if !slices.Contains(formats, r.format) {
		return site.UsageError(fmt.Sprintf("check: --format cannot be %q; use text, json or github", r.format))
	}
	if r.weights && r.format != "text" {
		return site.UsageError("check: --weights prints a table; leave out --format")
	}
	start := time.Now()
	proof, err := site.Check(ctx, r.Settings)
	var problems report.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	if r.format != "text" {
		if err != nil {
			err = errFailure
		}
		return errors.Join(printFormat(r.stdout, r.format, proof, problems), err)
	}
	r.printAdvice(proof.Advice)
	switch {
	case err == nil:
		fmt.Fprintf(r.stdout, "%s passed all checks: %s, in %.1f s.\n", r.Destination, summarise(proof), time.Since(start).Seconds())
	case proof.Pages > 0:
		fmt.Fprintln(r.stdout, "If the source has changed since the site was built, build it again first.")
	}
	if r.weights {
		err = errors.Join(err, printWeights(r.stdout, r.Settings))
	}
	return err
}

// printAdvice prints the advice, all of it with --advice.
func (r *request) printAdvice(advice report.Advice) {
	printAdvice(r.stdout, advice, r.advice, "; to see each: --advice")
}

func beginReport(ctx context.Context, r *request) error {
	if r.publisher != "" || r.into != "" {
		return beginFolder(ctx, r)
	}
	if r.argument == "" {
		return site.UsageError("new: which report? Give its name, as in: go run ./tools new 2015")
	}
	beginning, err := site.New(ctx, r.Source, site.NewReport{Name: r.argument, Series: r.series, Empty: r.empty}, time.Now())
	if err == nil {
		printBeginning(r.stdout, r.argument, beginning)
	}
	return err
}

func beginFolder(ctx context.Context, r *request) error {
	switch {
	case r.publisher == "" || r.into == "":
		return site.UsageError(`new: use --publisher and --into together, as in: go run ./tools new --publisher "Audit Northshire" --into ../northshire`)
	case r.argument != "" || r.empty || r.series != "":
		return site.UsageError("new: a new folder starts with an example report; use only --publisher, --into and --source here, and start other reports in that folder")
	}
	folder, err := site.Start(ctx, r.Source, r.publisher, r.into, time.Now())
	if err == nil {
		printFolder(r.stdout, folder)
	}
	return err
}

func recordUpdates(ctx context.Context, r *request) error {
	switch {
	case r.template && r.dryRun:
		return site.UsageError("updates: --template changes nothing; leave out --dry-run")
	case r.template:
		return writeTemplate(r)
	case r.argument == "":
		return site.UsageError("updates: which spreadsheet? Give its file name, as in: go run ./tools updates updates.csv; for one to fill in, add --template")
	}
	recording, err := site.Record(ctx, r.Source, r.argument, r.dryRun)
	if err == nil {
		printRecording(r.stdout, recording, r.dryRun)
	}
	return err
}

// writeTemplate writes the spreadsheet to fill in.
func writeTemplate(r *request) error {
	text, err := site.Template(r.Source)
	if err != nil {
		return err
	}
	if r.argument == "" {
		_, err := r.stdout.Write(text)
		return err
	}
	if !strings.EqualFold(filepath.Ext(r.argument), ".csv") {
		return site.UsageError(fmt.Sprintf("updates: the template is a CSV file, so %q must end in .csv; any spreadsheet program opens it", r.argument))
	}
	f, err := os.OpenFile(r.argument, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return site.UsageError(fmt.Sprintf("updates: %s already exists; choose another name, or move it away first", r.argument))
	case err != nil:
		return site.UsageError(fmt.Sprintf("updates: cannot write %s; check that its folder exists and that you can write to it", r.argument))
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("cannot write the whole spreadsheet: %w", err), os.Remove(r.argument)) // it was created above
	}
	printTemplate(r.stdout, r.argument)
	return nil
}

func packSite(ctx context.Context, r *request) error {
	start := time.Now()
	r.Code = code
	archive, err := site.Package(ctx, r.Settings, r.output)
	r.printAdvice(archive.Advice)
	if err == nil {
		printArchive(r.stdout, archive, time.Since(start))
	}
	return err
}

func verifySite(_ context.Context, r *request) error {
	if r.argument == "" {
		return site.UsageError("verify: which zip or folder? Give its name, as in: go run ./tools verify dist/annual-report-2014-1a2b3c4d.zip")
	}
	verdict, err := release.Verify(r.argument, r.sums, r.allow)
	if errors.Is(err, fs.ErrNotExist) {
		return site.UsageError("verify: " + err.Error())
	}
	switch {
	case err != nil:
		return err
	case verdict.Unproven():
		do := "give --sums and the zip that was signed off"
		if verdict.IsZip() {
			do = fmt.Sprintf("give --sums and the SHA256SUMS that came with it, or compare its SHA-256 checksum with the one that was signed off: %s", verdict.Sum)
		}
		return fmt.Errorf("%s is unproven: its %s match its own list, but whoever changed a file could have changed that list too. To prove it, %s", r.argument, count(verdict.Files, "file"), do)
	}
	printVerdict(r.stdout, r.argument, verdict)
	return nil
}
