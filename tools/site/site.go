// Package site makes the site from the source folder.
//
// A build goes through stages, and each must be good before the next begins:
// the data and the pages are read and validated, Hugo renders them in this
// process into a folder beside the destination, the files are minified, the
// result is checked against the data, and only then does it take the
// destination's place, in one step. So what is published is always a whole,
// checked site: the new one, or the one from before.
package site

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// Settings say what to build and where to.
type Settings struct {
	Source      string // the folder that holds config.toml, content/ and data/
	Destination string // the folder that the site is put into
	BaseURL     string // where the site will stand, for canonical links; may be empty
}

// Build makes the site and publishes it to the destination. An error that says
// what is wrong with the report is of type [report.Problems]. Whatever the
// error, the destination is as it was and nothing else is left behind. If ctx
// ends, Build stops after the stage it is in.
func Build(ctx context.Context, s Settings) (proof check.Proof, err error) {
	baseURL, err := cleanBaseURL(s.BaseURL)
	if err != nil {
		return proof, err
	}
	if err := findSource(s.Source); err != nil {
		return proof, err
	}
	destination, err := cleanDestination(s.Source, s.Destination)
	if err != nil {
		return proof, err
	}
	lib, err := Load(s.Source)
	if err != nil {
		return proof, err
	}
	made, err := os.MkdirTemp(filepath.Dir(destination), "."+filepath.Base(destination)+"-")
	if err != nil {
		return proof, fmt.Errorf("the site cannot be made beside %s: %w", s.Destination, err)
	}
	defer os.RemoveAll(made)
	if err := os.Chmod(made, 0o755); err != nil { // MkdirTemp's is for its owner alone
		return proof, err
	}
	proof, err = stages(ctx, s.Source, made, baseURL, lib)
	switch {
	case err == nil:
		return proof, publish(made, destination)
	case err == ctx.Err():
		return proof, fmt.Errorf("stopped before it was done; %s is as it was", s.Destination)
	}
	return proof, err
}

// Make makes the site in the destination, a folder that is there and empty,
// and proves it; it publishes nothing. The error is what [Build]'s would be.
// The pages are whole, though there may be something wrong with them, if the
// proof counts any.
func Make(ctx context.Context, s Settings) (proof check.Proof, err error) {
	baseURL, err := cleanBaseURL(s.BaseURL)
	if err != nil {
		return proof, err
	}
	lib, err := Load(s.Source)
	if err != nil {
		return proof, err
	}
	return stages(ctx, s.Source, s.Destination, baseURL, lib)
}

// stages takes what is made of source from stage to stage until one fails or
// ctx ends.
func stages(ctx context.Context, source, made, baseURL string, lib *report.Library) (proof check.Proof, err error) {
	for _, stage := range []func() error{
		func() error { return render(source, made, baseURL) },
		func() error { return minifyFiles(made) },
		func() (err error) { proof, err = check.Site(os.DirFS(made), lib); return err },
	} {
		if ctx.Err() != nil {
			return proof, ctx.Err()
		}
		if err := stage(); err != nil {
			return proof, err
		}
	}
	return proof, ctx.Err()
}

// findSource sees that source is a project's folder.
func findSource(source string) error {
	if _, err := os.Stat(filepath.Join(source, "config.toml")); err != nil {
		return UsageError(source + " holds no config.toml; run the command in the project's folder, or name that folder with --source")
	}
	return nil
}

// Load reads and validates what is in the source folder.
func Load(source string) (*report.Library, error) {
	if err := findSource(source); err != nil {
		return nil, err
	}
	return report.Load(os.DirFS(source))
}

// Check proves the site that stands in the destination, without building it.
func Check(s Settings) (check.Proof, error) {
	lib, err := Load(s.Source)
	if err != nil {
		return check.Proof{}, err
	}
	if _, err := os.Stat(filepath.Join(s.Destination, "index.html")); err != nil {
		return check.Proof{}, UsageError(fmt.Sprintf("there is no site in %s; make it first with: go run ./tools build", s.Destination))
	}
	return check.Site(os.DirFS(s.Destination), lib)
}

// cleanBaseURL gives the address with a slash at its end, or says what is wrong with it.
func cleanBaseURL(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", UsageError(fmt.Sprintf("--base-url %q is not a site's address; write it as https://www.example.org/reports/", address))
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// A UsageError says how a command was used wrongly.
type UsageError string

func (e UsageError) Error() string { return string(e) }
