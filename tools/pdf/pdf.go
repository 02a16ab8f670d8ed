// Package pdf prints pages of a built site with the browser Chromium, so that
// the PDF is the page: tagged for screen readers, with an outline of its
// headings, its title and its language.
//
// The browser gets the pages from memory, at the site's future address, without a
// server or a network. So links to other pages are printed as they will be on the
// web. If the address is not known, only their words are printed: an address on
// this computer is of no use to anybody.
//
// In a page's contents, links in an element of the class contents, the page
// numbers are filled in.
//
// The same browser prints the same page to the same bytes.
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

// A Page is a page to print.
type Page struct {
	Name  string    // the name of its file in the site: "2014/full.html"
	Title string    // the title of the PDF: the page's own may be shortened for search engines
	Date  time.Time // the date of the PDF
}

// ErrNoBrowser says that there is no Chromium on this computer.
var ErrNoBrowser = errors.New("there is no Chromium")

// Find returns the program that prints: Chromium, or a browser based on it. The
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
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", ErrNoBrowser
}

// patience is how long the browser may take to start, and again for each page.
var patience = time.Minute

// nowhere stands in for the site's address if that is not known.
const nowhere = "http://annual-report.invalid/"

// Print prints pages of site with the program browser, each to a PDF. address is the site's
// address on the web, with a slash at its end, or "". If ctx ends, so does the
// browser. Print leaves no process and no file behind.
func Print(ctx context.Context, browser string, site fs.FS, address string, pages []Page) ([][]byte, error) {
	// A browser that is stopped leaves files beside its profile.
	tempDir, err := os.MkdirTemp("", "annual-report-pdf-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tempDir)
	limit := patience * time.Duration(1+len(pages))
	limitCtx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	allocator, stop := chromedp.NewExecAllocator(limitCtx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.UserAgent("Chromium"), // the creator in the PDF
		chromedp.Env("TMPDIR="+tempDir), chromedp.Flag("disable-gpu", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"))...)
	defer stop()
	discard := func(string, ...any) {}
	root, quit := chromedp.NewContext(allocator, chromedp.WithLogf(discard), chromedp.WithErrorf(discard)) // failures are returned as errors
	defer quit()

	var all [][]byte
	err = chromedp.Do(root)
	for _, p := range pages {
		if err != nil {
			break
		}
		var document []byte
		document, err = printPage(root, site, address, p)
		all = append(all, document)
	}
	switch {
	case err == nil:
		return all, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limitCtx.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("the browser %s did not finish within %v; try again", browser, limit)
	default:
		return nil, fmt.Errorf("the browser %s could not print: %s", browser, describe(err))
	}
}

// startFailure matches a line that explains why a browser does not start.
var startFailure = regexp.MustCompile(`(?m)^.*(?:FATAL|[Ss]andbox|shared librar).*$`)

// describe returns an error of the browser as one line.
func describe(err error) string {
	var exitErr *exec.ExitError
	output, isStartFailure := strings.CutPrefix(err.Error(), "chrome failed to start:\n")
	switch line := startFailure.FindString(output); {
	case isStartFailure && line != "":
		return "it does not start: " + strings.TrimSpace(line)
	case isStartFailure:
		return "it does not start; run it yourself to see why"
	case errors.As(err, &exitErr):
		return "it stopped with " + exitErr.Error() + "; try again"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// unlinkScript removes links to other pages of the site from a page.
const unlinkScript = `for (const a of document.querySelectorAll("a[href]")) {
	const to = new URL(a.getAttribute("href"), document.baseURI);
	if (to.origin === location.origin && to.pathname !== location.pathname) a.removeAttribute("href");
}`

// plainScript replaces emphasis by what looks the same. Chromium gives it tags that
// readers of this version of PDF do not know, and whose text they skip.
const plainScript = `for (const e of document.querySelectorAll("strong, em")) {
	const plain = document.createElement("span"), style = getComputedStyle(e);
	for (const name of ["color", "fontStyle", "fontWeight", "fontSize"]) plain.style[name] = style[name];
	plain.append(...e.childNodes);
	e.replaceWith(plain);
}`

func printPage(browser context.Context, site fs.FS, address string, p Page) ([]byte, error) {
	base, err := url.Parse(cmp.Or(address, nowhere))
	if err != nil {
		return nil, err
	}
	tab, closeTab := chromedp.NewContext(browser)
	defer closeTab()
	serve := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		err := chromedp.Listen(tab, func(event any) {
			if request, ok := event.(*fetch.EventRequestPaused); ok {
				go answer(tab, target, site, base, request) // a listener must not make calls
			}
		})
		if err == nil {
			_, err = cdp.Call(ctx, target, fetch.Enable, fetch.EnableParams{})
		}
		return err
	})
	title, err := json.Marshal(p.Title)
	if err != nil {
		return nil, err
	}
	steps := []chromedp.Action[chromedp.Void]{serve, chromedp.Navigate(base.JoinPath(p.Name).String()), chromedp.Evaluate[chromedp.Void](plainScript)}
	if p.Title != "" {
		steps = append(steps, chromedp.Evaluate[chromedp.Void]("document.title = "+string(title)+"; undefined"))
	}
	if address == "" {
		steps = append(steps, chromedp.Evaluate[chromedp.Void](unlinkScript))
	}
	if err := chromedp.Do(tab, steps...); err != nil {
		return nil, err
	}
	data, err := printWithNumbers(tab)
	if err != nil {
		return nil, err
	}
	return finish(data, p.Date)
}

// answer sends the browser a file of the site, or refuses the request.
func answer(ctx context.Context, target *chromedp.Target, site fs.FS, base *url.URL, request *fetch.EventRequestPaused) {
	file, err := read(site, base, request.Request.URL)
	if err != nil {
		_, _ = cdp.Call(ctx, target, fetch.FailRequest, fetch.FailRequestParams{RequestID: request.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
		return
	}
	kind := mime.TypeByExtension(path.Ext(request.Request.URL))
	// If the browser has ended, that is the error to report.
	_, _ = cdp.Call(ctx, target, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: request.RequestID, ResponseCode: 200, Body: file,
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: kind}}})
}

// read returns the file of the site at an address. It ignores the host, whose name
// a browser may write differently: no page that loads anything from another host
// passes the check.
func read(site fs.FS, base *url.URL, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	name, ok := strings.CutPrefix(u.Path, base.Path)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(site, name)
}

var dates = regexp.MustCompile(`\((D:)[0-9]{14}(\+00'00')\)`)

// requirements are the parts of a tagged PDF with outline, title and language.
// Chromium writes them as plain text.
var requirements = []string{"/StructTreeRoot", "/Outlines", "/Title", "/Lang"}

// finish sets the date of a PDF, and returns an error if a required part is missing.
func finish(data []byte, date time.Time) ([]byte, error) {
	for _, part := range requirements {
		if !bytes.Contains(data, []byte(part)) {
			return nil, fmt.Errorf("the PDF has no %s; install a newer Chromium", part)
		}
	}
	if report.Sheets(data) == 0 {
		return nil, errors.New("the PDF has no pages")
	}
	return dates.ReplaceAll(data, []byte("(${1}"+date.UTC().Format("20060102150405")+"${2})")), nil
}
