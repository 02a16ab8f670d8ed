// Package pdf prints pages of a built site with the browser Chromium, so that
// the PDF is the page: tagged for screen readers, with an outline of its
// headings, its title and its language.
//
// The browser is given the pages from the folder, at the address where the
// site will stand, without a server and without a way to the network. So links
// to other pages come out as they will be on the web. Where that is not known,
// they come out as their words alone: an address of this machine is of no use
// to anybody.
//
// A page's contents, which are links in an element of the class contents, have
// the numbers of the pages that they lead to.
//
// Two prints of one page by one browser give the same bytes.
package pdf

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/url"
	"os"
	"os/exec"
	"path"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"annualreport/tools/report"
)

// A Page is one to print.
type Page struct {
	Name  string    // of its file in the site: "2014/full.html"
	Title string    // that the PDF bears: the page's own may be cut short for a search engine
	Date  time.Time // that the PDF bears
}

// A Document is a printed page.
type Document struct {
	Bytes []byte
	Pages int // of paper
}

// ErrNoBrowser says that there is no Chromium on this computer.
var ErrNoBrowser = errors.New("there is no Chromium")

// Find gives the program that prints: Chromium, or a browser made from it. The
// error is [ErrNoBrowser].
func Find() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	switch runtime.GOOS {
	case "darwin":
		names = append(names, "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
	case "windows":
		names = append(names, `C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`)
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", ErrNoBrowser
}

// patience is how long the browser may take to start, and for each page.
var patience = time.Minute

// nowhere stands in for the site's address where that is not known.
const nowhere = "http://annual-report.invalid/"

// Print prints pages of the site in built with the program browser. address is
// where the site will stand, with a slash at its end, or "". If ctx ends, so
// does the browser; no process and no file is left behind.
func Print(ctx context.Context, browser string, built fs.FS, address string, pages []Page) ([]Document, error) {
	// A browser that is stopped leaves behind what it has put beside its profile.
	own, err := os.MkdirTemp("", "annual-report-pdf-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(own)
	most := patience * time.Duration(1+len(pages))
	limited, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	allocator, stop := chromedp.NewExecAllocator(limited, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.UserAgent("Chromium"), // which the PDF names as its creator
		chromedp.Env("TMPDIR="+own), chromedp.Flag("disable-gpu", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"))...)
	defer stop()
	silent := func(string, ...any) {}
	main, quit := chromedp.NewContext(allocator, chromedp.WithLogf(silent), chromedp.WithErrorf(silent)) // what counts comes back as an error
	defer quit()

	var all []Document
	err = chromedp.Do(main)
	for _, p := range pages {
		if err != nil {
			break
		}
		var d Document
		d, err = printPage(main, built, address, p)
		all = append(all, d)
	}
	switch {
	case err == nil:
		return all, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("the browser %s did not finish within %v; try again", browser, most)
	default:
		return nil, fmt.Errorf("the browser %s could not print: %s", browser, plain(err))
	}
}

// cause finds, in what a browser says as it fails to start, a line that tells why.
var cause = regexp.MustCompile(`(?m)^.*(?:FATAL|[Ss]andbox|shared librar).*$`)

// plain is an error from the browser on one line.
func plain(err error) string {
	var ended *exec.ExitError
	said, unstarted := strings.CutPrefix(err.Error(), "chrome failed to start:\n")
	switch why := cause.FindString(said); {
	case unstarted && why != "":
		return "it does not start: " + strings.TrimSpace(why)
	case unstarted:
		return "it does not start; run it yourself to see why"
	case errors.As(err, &ended):
		return "it stopped with " + ended.Error() + "; try again"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// unlink takes the links to other pages of the site off a page.
const unlink = `for (const a of document.querySelectorAll("a[href]")) {
	const to = new URL(a.getAttribute("href"), document.baseURI);
	if (to.origin === location.origin && to.pathname !== location.pathname) a.removeAttribute("href");
}`

func printPage(browser context.Context, built fs.FS, address string, p Page) (Document, error) {
	base, err := url.Parse(cmp.Or(address, nowhere))
	if err != nil {
		return Document{}, err
	}
	tab, closeTab := chromedp.NewContext(browser)
	defer closeTab()
	serve := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		err := chromedp.Listen(tab, func(event any) {
			if asked, ok := event.(*fetch.EventRequestPaused); ok {
				go answer(tab, target, built, base, asked) // whoever listens may not call
			}
		})
		if err == nil {
			_, err = cdp.Call(ctx, target, fetch.Enable, fetch.EnableParams{})
		}
		return err
	})
	title, err := json.Marshal(p.Title)
	if err != nil {
		return Document{}, err
	}
	steps := []chromedp.Action[chromedp.Void]{serve, chromedp.Navigate(base.JoinPath(p.Name).String())}
	if p.Title != "" {
		steps = append(steps, chromedp.Evaluate[chromedp.Void]("document.title = "+string(title)+"; undefined"))
	}
	if address == "" {
		steps = append(steps, chromedp.Evaluate[chromedp.Void](unlink))
	}
	if err := chromedp.Do(tab, steps...); err != nil {
		return Document{}, err
	}
	printed, err := printNumbered(tab)
	if err != nil {
		return Document{}, err
	}
	return finish(printed, p.Date)
}

// answer gives the browser a file of the site, and nothing else.
func answer(ctx context.Context, target *chromedp.Target, built fs.FS, base *url.URL, asked *fetch.EventRequestPaused) {
	file, err := read(built, base, asked.Request.URL)
	if err != nil {
		_, _ = cdp.Call(ctx, target, fetch.FailRequest, fetch.FailRequestParams{RequestID: asked.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
		return
	}
	kind := mime.TypeByExtension(path.Ext(asked.Request.URL))
	// If the browser is gone, its going is the error to tell.
	_, _ = cdp.Call(ctx, target, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: asked.RequestID, ResponseCode: 200, Body: file,
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: kind}}})
}

// read gives the file of the site at an address. The host makes no difference:
// a browser may write its name in another way, and no page that loads anything
// from another host passes the check.
func read(built fs.FS, base *url.URL, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	name, below := strings.CutPrefix(u.Path, base.Path)
	if !below {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(built, name)
}

var dates = regexp.MustCompile(`\((D:)[0-9]{14}(\+00'00')\)`)

// promised are what a tagged PDF with outline, title and language has. Chromium
// writes these as plain text.
var promised = []string{"/StructTreeRoot", "/Outlines", "/Title", "/Lang"}

// strong is how Chromium tags <strong>. Readers of the PDF's version do not
// know that tag, and leave its text out. The other has the same length, so that
// everything stays in its place.
var strong, known = []byte("/S /Strong"), []byte("/S /Span  ")

// finish gives a printed page the date of its report in place of the clock's
// and tags that readers know, and sees that it is what this package promises.
func finish(printed []byte, date time.Time) (Document, error) {
	for _, part := range promised {
		if !bytes.Contains(printed, []byte(part)) {
			return Document{}, fmt.Errorf("the PDF has no %s; install a newer Chromium", part)
		}
	}
	printed = bytes.ReplaceAll(printed, strong, known)
	d := Document{
		Bytes: dates.ReplaceAll(printed, []byte("(${1}"+date.UTC().Format("20060102150405")+"${2})")),
		Pages: report.Sheets(printed),
	}
	if d.Pages == 0 {
		return Document{}, errors.New("the PDF has no pages")
	}
	return d, nil
}
