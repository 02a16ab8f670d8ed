package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"annualreport/tools/report"
	"annualreport/tools/site"
)

// worker is set in the environment of a process that makes the preview's pages.
const worker = "ANNUAL_REPORT_PREVIEW"

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
		Worker: func(ctx context.Context) *exec.Cmd {
			cmd := exec.CommandContext(ctx, command)
			cmd.Env = append(os.Environ(), worker+"=1")
			return cmd
		},
		Ready: func(address string) {
			fmt.Fprintf(stdout, "Open %s in a browser. Stop with Ctrl-C.\n", address)
		},
		Verdict: func(err error) {
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
