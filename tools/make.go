package main

import (
	"context"
	"os"
	"path/filepath"

	"annualreport/tools/check"
	"annualreport/tools/site"
)

// makeSite is the hidden command make, which the preview runs after each change,
// each time in a process of its own.
func makeSite(ctx context.Context, r *request) error {
	proof, err := site.Make(ctx, r.Settings)
	return site.Answer(r.stdout, proof, err)
}

// askMake gives a function that has the command make do its work, for
// [site.Preview].
func askMake(source string) (func(ctx context.Context, folder string) (check.Proof, error), error) {
	command, err := os.Executable()
	return func(ctx context.Context, folder string) (check.Proof, error) {
		return site.Ask(ctx, command, "make", "--source", source, "--destination", folder, "--published", filepath.Join(source, "public"))
	}, err
}
