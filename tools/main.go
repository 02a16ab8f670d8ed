// Command tools makes, checks, previews and packs the annual report's site.
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

	"annualreport/tools/check"
	"annualreport/tools/release"
	"annualreport/tools/report"
	"annualreport/tools/site"
)

const usage = `Makes, checks, previews and packs the annual report's site.

Usage:

    go run ./tools build [--destination FOLDER] [--base-url ADDRESS] [--pdf] [--precompress] [--source FOLDER]
    go run ./tools check [--format text|json|github] [--weights] [--destination FOLDER] [--source FOLDER]
    go run ./tools serve [--port NUMBER] [--source FOLDER]
    go run ./tools new YEAR [--source FOLDER]
    go run ./tools package [--output FOLDER] [--base-url ADDRESS] [--pdf] [--precompress] [--source FOLDER]
    go run ./tools verify ZIP|FOLDER [--sums FILE] [--allow NAME]

build   makes the site, checks it and puts it into the destination.
        If anything is wrong, it says what, and the destination stays as it was.
check   checks the site that stands in the destination against the data.
serve   shows the site in a browser on this computer, and every change to it
        as soon as it is saved, with all that build would find wrong.
        Stop it with Ctrl-C.
new     begins next year's report, as a draft: what the latest report asks and
        is not completed, and its pages with their texts to be written. A draft
        is shown by serve, marked, and left out by build.
package makes and checks the site, and packs it as a zip for the web team, with
        checksums and what it was made from. The same source gives the same zip.
verify  tells what is altered, missing or extra in a zip, or in the folder that
        was unpacked from one.

    --source FOLDER        the folder that holds config.toml, content and data
                           (default: the folder you are in)
    --destination FOLDER   where the site is put, or is looked for
                           (default: public, in the source folder)
    --format FORMAT        how check prints what it finds: text (the default),
                           json for programs, github for notes on a pull request
    --weights              have check list how many bytes each page takes to send
    --base-url ADDRESS     where the site will stand on the web, so that search
                           engines keep one address for each page
    --pdf                  have build or package print each report as a PDF as
                           well, which needs the browser Chromium
    --precompress          put a .gz and a .br file beside each text, for servers
                           that send those
    --output FOLDER        where the zip is put (default: dist, in the source folder)
    --sums FILE            what verify goes by: the zip that was signed off, or a
                           SHA256SUMS kept from it
    --allow NAME           a file or folder that verify may find beside the site's
                           own, such as .htaccess; may be said more than once
    --port NUMBER          the preview's port (default: 1313)

Examples:

    go run ./tools build
    go run ./tools build --base-url https://www.example.org/annual-report/
    go run ./tools build --pdf
    go run ./tools serve --port 8080
    go run ./tools new 2015
    go run ./tools package --base-url https://www.example.org/annual-report/
    go run ./tools verify live --sums dist/annual-report-2014-1a2b3c4d.zip

It ends with 0 if all is good, 1 if something is wrong, and 2 if the command
was used wrongly. A message says where, what is wrong and what to do:

    file:line: page: [rule] what is wrong; what to do
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if os.Getenv(worker) != "" {
		if err := site.Work(ctx, os.Stdin, os.Stdout); err != nil {
			os.Exit(1) // the preview tells that it broke down
		}
		return
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// errTold ends a command that has printed what is wrong.
var errTold = errors.New("told")

func told(err error) error {
	if err != nil {
		return errTold
	}
	return nil
}

// run carries out the command that args give and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := command(ctx, args, stdout, stderr)
	var problems report.Problems
	var misuse site.UsageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case errors.Is(err, errTold):
		return 1
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "%v\nFor help: go run ./tools help\n", err)
		return 2
	case errors.As(err, &problems):
		printText(stderr, problems)
		return 1
	default:
		fmt.Fprintln(stderr, err)
		return 1
	}
}

func command(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return site.UsageError("say what to do: build, check, serve, new, package or verify")
	}
	name, args := args[0], args[1:]
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	s := site.Settings{}
	flags.StringVar(&s.Source, "source", ".", "")
	port := 1313
	given := map[string]bool{} // the options that args have
	var do func() error
	var positional *string // what the command takes that is no option
	switch name {
	case "build":
		flags.StringVar(&s.Destination, "destination", "", "")
		flags.StringVar(&s.BaseURL, "base-url", "", "")
		flags.BoolVar(&s.Precompress, "precompress", false, "")
		flags.BoolVar(&s.PDF, "pdf", false, "")
		do = func() error {
			start := time.Now()
			made, err := site.Build(ctx, s)
			if err == nil {
				printMade(stdout, s.Destination, made, time.Since(start))
			}
			return err
		}
	case "check":
		flags.StringVar(&s.Destination, "destination", "", "")
		format := flags.String("format", "text", "")
		weights := flags.Bool("weights", false, "")
		do = func() error {
			if !slices.Contains(formats, *format) {
				return site.UsageError(fmt.Sprintf("check: --format cannot be %q; write text, json or github", *format))
			}
			if *weights && *format != "text" {
				return site.UsageError("check: --weights is a table for people; leave --format out")
			}
			start := time.Now()
			proof, err := site.Check(s)
			var problems report.Problems
			if err != nil && !errors.As(err, &problems) {
				return err
			}
			switch {
			case *format == "json":
				return errors.Join(printJSON(stdout, proof, problems), told(err))
			case *format == "github":
				printGitHub(stdout, problems)
				return told(err)
			case err == nil:
				fmt.Fprintf(stdout, "%s is good: %s, in %.1f s.\n", s.Destination, proved(proof), time.Since(start).Seconds())
			case proof.Pages > 0:
				fmt.Fprintln(stdout, "If the source has changed since the site was built, build it again before anything else.")
			}
			if *weights {
				return errors.Join(err, printWeights(stdout, s))
			}
			return err
		}
	case "serve":
		flags.IntVar(&port, "port", port, "")
		do = func() error {
			if port < 1 || port > 65535 {
				return site.UsageError(fmt.Sprintf("serve: --port cannot be %d; write a number from 1 to 65535", port))
			}
			return serve(ctx, s.Source, port, stdout, stderr)
		}
	case "new":
		year := ""
		positional = &year
		do = func() error {
			if year == "" {
				return site.UsageError("new: say the year of the report, as in: go run ./tools new 2015")
			}
			begun, err := site.New(ctx, s.Source, year, time.Now())
			if err == nil {
				printBegun(stdout, year, begun)
			}
			return err
		}
	case "package":
		output := flags.String("output", "", "")
		flags.StringVar(&s.BaseURL, "base-url", "", "")
		flags.BoolVar(&s.Precompress, "precompress", false, "")
		flags.BoolVar(&s.PDF, "pdf", false, "")
		do = func() error {
			switch {
			case !given["output"]:
				*output = filepath.Join(s.Source, "dist")
			case *output == "":
				return site.UsageError("package: --output needs a folder's name")
			}
			start := time.Now()
			packed, err := site.Package(ctx, s, *output)
			if err == nil {
				printMade(stdout, packed.Zip, packed.Made, time.Since(start))
				fmt.Fprintf(stdout, "Its SHA-256 checksum is %s. Sign it off with that.\n", packed.Sum)
				if packed.Changed {
					fmt.Fprintln(stdout, "It has changes that are in no commit. Commit them and pack it again before it is signed off.")
				}
			}
			return err
		}
	case "verify":
		name := ""
		positional = &name
		sums := flags.String("sums", "", "")
		var allowed []string
		flags.Func("allow", "", func(name string) error { allowed = append(allowed, name); return nil })
		do = func() error {
			if name == "" {
				return site.UsageError("verify: say what to verify, as in: go run ./tools verify dist/annual-report-2014-1a2b3c4d.zip")
			}
			verdict, err := release.Verify(name, *sums, allowed)
			if errors.Is(err, fs.ErrNotExist) {
				return site.UsageError("verify: " + err.Error())
			}
			if err == nil {
				printVerdict(stdout, name, verdict)
			}
			return err
		}
	case "help", "-h", "--help", "-help":
		return flag.ErrHelp
	default:
		return site.UsageError(fmt.Sprintf("there is no command %q; say build, check, serve, new, package or verify", name))
	}
	err := flags.Parse(args)
	if err == nil && positional != nil && flags.NArg() > 0 {
		*positional = flags.Arg(0)
		err = flags.Parse(flags.Args()[1:])
	}
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return site.UsageError(name + ": " + plainFlagError(err))
	}
	if flags.NArg() > 0 {
		return site.UsageError(fmt.Sprintf("%s takes no %q; options begin with --", name, flags.Arg(0)))
	}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case !given["destination"]:
		s.Destination = filepath.Join(s.Source, "public")
	case s.Destination == "":
		return site.UsageError(name + ": --destination needs a folder's name")
	}
	return do()
}

var (
	unknownFlag = regexp.MustCompile(`^flag provided but not defined: -*(.*)$`)
	badValue    = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-(.*?):`)
	noValue     = regexp.MustCompile(`^flag needs an argument: -*(.*)$`)
)

// plainFlagError says what is wrong with an option in the words of the usage.
func plainFlagError(err error) string {
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		return "there is no option --" + m[1]
	}
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Sprintf("--%s cannot be %s", m[2], m[1])
	}
	if m := noValue.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Sprintf("--%s needs something after it", m[1])
	}
	return err.Error()
}

// proved says what a check found to be there.
func proved(p check.Proof) string {
	return fmt.Sprintf("%s, %s, %s, %s", count(p.Reports, "report"), count(p.Items, "challenge and recommendation"), count(p.Pages, "page"), count(p.Links, "link"))
}

// count says how many there are of something: 1 report, 2 reports.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, strings.ReplaceAll(what, " and ", "s and "))
}

// printMade says what was made, and what was left out.
func printMade(w io.Writer, name string, made site.Made, took time.Duration) {
	fmt.Fprintf(w, "%s is made and checked: %s, in %.1f s.\n", name, proved(made.Proof), took.Seconds())
	for _, d := range made.Drafts {
		fmt.Fprintln(w, leftOut(d))
	}
}

// printVerdict says what verify proved, and what it rests on.
func printVerdict(w io.Writer, name string, v release.Verdict) {
	files := count(v.Files, "file")
	zip := v.Sum != release.Sum{}
	switch {
	case zip && v.By != "":
		fmt.Fprintf(w, "%s is good: %s as packed, and the zip itself as %s says.\n", name, files, v.By)
	case zip:
		fmt.Fprintf(w, "%s is good: %s as packed. Compare the zip's SHA-256 checksum with the one that was signed off: %s\n", name, files, v.Sum)
	case v.By != "":
		fmt.Fprintf(w, "%s is good: %s as %s says, and no others.\n", name, files, v.By)
	default:
		fmt.Fprintf(w, "%s is good: %s as its own list says, and no others. To prove that this is what was signed off, name that zip with --sums\n", name, files)
	}
}

// leftOut says of a draft that it is not in the site, and why.
func leftOut(d *report.Draft) string {
	at, why, _ := d.Reason()
	text := fmt.Sprintf("The report of %s is a draft, and left out: %s", d.Year, why)
	if len(d.Unwritten) > 0 {
		text += fmt.Sprintf(", the first in %s:%d.", at.File, at.Line)
		if d.Marked.File == "" {
			text += " It stays a draft until all are."
		}
	} else {
		text += fmt.Sprintf(" in %s:%d. Take the line out to publish it.", at.File, at.Line)
	}
	if n := len(d.Problems); n > 0 {
		text += fmt.Sprintf(" The preview tells %s in it.", count(n, "problem"))
	}
	return text
}

// printBegun says what new has made, and what to do next.
func printBegun(w io.Writer, year string, begun report.Beginning) {
	fmt.Fprintf(w, `content/%[1]s and data/%[1]s are made: a draft of the report of %[1]s.
Carried forward from %[2]s, as not completed: %[3]s, %[4]s.
Next:
- to see it, run: go run ./tools serve
- write what is marked %[5]s, beginning with content/%[1]s/_index.md; go run ./tools build says how much is left
- to publish it, take the line draft = true out of content/%[1]s/_index.md, and run: go run ./tools build
`, year, begun.Follows, count(begun.Challenges, "challenge"), count(begun.Recommendations, "recommendation"), report.ToWrite)
}
