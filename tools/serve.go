package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"annualreport/tools/report"
	"annualreport/tools/site"
)

// worker is set in the environment of a process that builds the site for the preview.
const worker = "ANNUAL_REPORT_PREVIEW"

// serveSite serves the preview until ctx ends, and prints the problems and the
// advice whenever they change.
func serveSite(ctx context.Context, r *request) error {
	if r.port < 1 || r.port > 65535 {
		return site.UsageError(fmt.Sprintf("serve: --port cannot be %d; use a number from 1 to 65535", r.port))
	}
	command, err := os.Executable()
	if err != nil {
		return err
	}
	preview := site.Preview{
		Source: r.Source,
		Port:   r.port,
		Worker: func(ctx context.Context) *exec.Cmd {
			cmd := exec.CommandContext(ctx, command)
			cmd.Env = append(os.Environ(), worker+"=1")
			return cmd
		},
		Ready: func(address string) {
			fmt.Fprintf(r.stdout, "Open %s in a browser. Press Ctrl-C to stop.\n", address)
		},
		Verdict: func(err error, advice report.Advice) {
			printAdvice(r.stdout, advice, false, "; the preview lists them all")
			var problems report.Problems
			switch {
			case err == nil:
				fmt.Fprintln(r.stdout, "No problems found.")
			case errors.As(err, &problems):
				printText(r.stderr, problems)
			default:
				fmt.Fprintln(r.stderr, err)
			}
		},
	}
	return preview.Serve(ctx)
}
