package main

import (
	"context"
	"errors"
	"fmt"

	"annualreport/tools/report"
	"annualreport/tools/site"
)

// serveSite shows the preview until ctx ends, and prints what is wrong whenever
// that has changed.
func serveSite(ctx context.Context, r *request) error {
	if r.port < 1 || r.port > 65535 {
		return site.UsageError(fmt.Sprintf("serve: --port cannot be %d; write a number from 1 to 65535", r.port))
	}
	ask, err := askMake(r.Source)
	if err != nil {
		return err
	}
	preview := site.Preview{
		Source: r.Source,
		Port:   r.port,
		Make:   ask,
		Ready: func(address string) {
			fmt.Fprintf(r.stdout, "Open %s in a browser. Stop with Ctrl-C.\n", address)
		},
		Told: func(err error) {
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
