package site

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gohugoio/hugo/commands"

	"annualreport/tools/report"
)

// Serve shows the site at http://127.0.0.1:port/ until the process is
// interrupted, and shows every change as soon as it is saved. What is in source
// must be good to begin with: an error that says what is wrong with it is of
// type [report.Problems]. ready is called with the address.
func Serve(source string, port int, ready func(address string)) error {
	lib, err := Load(source)
	if err != nil {
		return err
	}
	if source, err = filepath.Abs(source); err != nil {
		return err
	}
	// Hugo would take another port without a word.
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	l, err := net.Listen("tcp", at)
	if err != nil {
		return fmt.Errorf("the preview cannot use port %d: another program, or another preview, does; close that, or choose another with --port %d", port, port+1)
	}
	l.Close()
	ready("http://" + at + "/")

	stdout := os.Stdout
	quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer quiet.Close()
	os.Stdout = quiet // Hugo's banner and statistics; its errors go to stderr
	defer func() { os.Stdout = stdout }()
	if err := (settings{drafts: lib.Drafts}).apply(); err != nil {
		return err
	}
	err = commands.Execute([]string{"server", "--source", source, "--bind", "127.0.0.1", "--port", strconv.Itoa(port),
		"--environment", "production", "--noBuildLock", "--disableFastRender", "--buildDrafts", "--buildFuture", "--renderToMemory", "--noHTTPCache"})
	if err != nil {
		return report.Problems{failure(err, source)}
	}
	return nil
}
