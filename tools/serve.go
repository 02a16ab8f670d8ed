package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"annualreport/tools/check"
	"annualreport/tools/report"
	"annualreport/tools/site"
)

// serve shows the preview until ctx ends, and prints what is wrong whenever
// that has changed.
func serve(ctx context.Context, source string, port int, stdout, stderr io.Writer) error {
	command, err := os.Executable()
	if err != nil {
		return err
	}
	preview := site.Preview{
		Source: source,
		Port:   port,
		Make: func(ctx context.Context, folder string) (check.Proof, error) {
			return site.Ask(ctx, command, "make", "--source", source, "--destination", folder, "--published", filepath.Join(source, "public"))
		},
		Ready: func(address string) {
			fmt.Fprintf(stdout, "Open %s in a browser. Stop with Ctrl-C.\n", address)
		},
		Told: func(err error) {
			var problems report.Problems
			switch {
			case err == nil:
				fmt.Fprintln(stdout, "No problems found.")
			case errors.As(err, &problems):
				printText(stderr, problems)
			default:
				fmt.Fprintln(stderr, err)
			}
		},
	}
	return preview.Serve(ctx)
}
