package hosting

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var browser context.Context // a running Chromium

// Through every server, a browser reads a page of each kind, and the page for addresses that do not exist. Each has the
// right status and its own stylesheet, and causes no console message, as a forbidden script would, and no request to
// another host. Redirects work.
func TestBrowser(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		v := &visit{statuses: map[string]int64{}}
		tab, closeTab := chromedp.NewContext(browser, chromedp.WithListener(v.take), chromedp.WithNewWindow(false))
		if err := chromedp.Do(tab); err != nil { // a tab lives as long as the context that it is first used with
			t.Fatal(err)
		}
		defer closeTab()
		limitCtx, cancel := context.WithTimeout(tab, 2*time.Minute)
		defer cancel()
		read := map[string]bool{}
		for _, p := range pages(t) {
			if !read[p.make] && !p.leadsOn() {
				t.Run(p.path, func(t *testing.T) { v.read(t, limitCtx, s.address, p.path, http.StatusOK) })
			}
			read[p.make] = true
		}
		t.Run("/2014/challenges/", func(t *testing.T) {
			isThere, err := false, chromedp.Do(limitCtx, chromedp.Navigate(s.address+"/2014/challenges/"))
			for end := time.Now().Add(10 * time.Second); err == nil && !isThere && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				isThere, _ = chromedp.Run(limitCtx, chromedp.Evaluate[bool](`document.querySelector("#challenge-early-help") !== null`)) // while the page changes, this may fail
			}
			if err != nil || !isThere {
				t.Errorf("it does not lead on: %v", err)
			}
		})
		for _, path := range []string{"/none", "/2014/none/at/all/"} {
			t.Run(path, func(t *testing.T) { v.read(t, limitCtx, s.address, path, http.StatusNotFound) })
		}
	})
}

// A visit records what happened in a tab since it was last read.
type visit struct {
	mu       sync.Mutex
	requests []string
	statuses map[string]int64 // by address
	console  []string         // messages, errors and exceptions
}

func (v *visit) take(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		v.requests = append(v.requests, event.Request.URL)
	case *network.EventResponseReceived:
		v.statuses[event.Response.URL] = int64(event.Response.Status)
	case *runtime.EventConsoleAPICalled:
		v.console = append(v.console, fmt.Sprintf("%s: %+v", event.Type, event.Args))
	case *runtime.EventExceptionThrown:
		v.console = append(v.console, event.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		v.console = append(v.console, event.Entry.Text)
	}
}

func (v *visit) read(t *testing.T, ctx context.Context, address, page string, status int64) {
	v.mu.Lock()
	v.requests, v.statuses, v.console = nil, map[string]int64{}, nil
	v.mu.Unlock()
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{})
		return err
	}), chromedp.Navigate(address+page))
	if err != nil {
		t.Fatal(err)
	}
	isStyled, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`getComputedStyle(document.documentElement).getPropertyValue("--paper") !== ""`))
	if err != nil || !isStyled {
		t.Errorf("the stylesheet does not apply: %v", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if got := v.statuses[address+page]; got != status {
		t.Errorf("status %d, want %d", got, status)
	}
	for _, message := range v.console {
		// Chromium reports every page that does not exist.
		if status == 404 && strings.Contains(message, "status of 404") {
			continue
		}
		t.Errorf("on the console: %s", message)
	}
	for _, request := range v.requests {
		if !strings.HasPrefix(request, address+"/") && !strings.HasSuffix(request, "/favicon.ico") {
			t.Errorf("a request for %s", request)
		}
	}
}
