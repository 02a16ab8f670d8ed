package site

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/afero"

	"annualreport/tools/check"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// Check checks the site in the destination: what the check of a build proves, and then
// that the site is what a build makes from the source today. It writes nothing. The proof
// has the advice even if there is an error. If ctx ends, Check stops at once.
func Check(ctx context.Context, s Settings) (check.Proof, error) {
	lib, err := s.load(ctx)
	if err != nil {
		return check.Proof{}, explainStop(ctx, err, s.Destination)
	}
	_, pageErr := os.Stat(filepath.Join(s.Destination, "index.html"))
	_, markErr := os.Stat(filepath.Join(s.Destination, release.Mark))
	if pageErr != nil && markErr != nil {
		return check.Proof{}, UsageError("there is no site in " + s.Destination + "; build it first with: go run ./tools build")
	}
	public := os.DirFS(s.Destination)
	proof, err := await(ctx, func() (check.Proof, error) { return check.Site(public, lib, os.DirFS(s.Source)) })
	if err != nil {
		return proof, explainStop(ctx, err, s.Destination)
	}
	if s.BaseURL, err = cleanBaseURL(cmp.Or(s.BaseURL, proof.BaseURL)); err != nil {
		return proof, err
	}
	if s.BaseURL != proof.BaseURL {
		what := "the pages do not give the site's address, " + s.BaseURL
		if proof.BaseURL != "" {
			what = fmt.Sprintf("the pages give the site's address as %s, not as %s", proof.BaseURL, s.BaseURL)
		}
		return proof, report.Problems{{Rule: "address", What: what, Do: "build the site again with --base-url " + s.BaseURL}}
	}
	advice, err := checkDocuments(ctx, public, lib)
	proof.Advice = append(proof.Advice, advice...)
	if err == nil {
		err = cmp.Or(check.Access(public), checkMark(s.Destination))
	}
	if err == nil {
		err = s.compare(ctx, lib, public)
	}
	return proof, explainStop(ctx, err, s.Destination)
}

// compare compares a published site with what a build makes from the source today.
func (s Settings) compare(ctx context.Context, lib *report.Library, public fs.FS) error {
	rebuilt, err := s.rebuild(ctx, lib, public)
	if err != nil {
		return err
	}
	return awaitError(ctx, func() error { return check.Same(public, rebuilt, lib) })
}

// rebuild builds a published site again in memory, except its PDFs, which it copies:
// printing takes long, and each version of a browser prints other bytes.
func (s Settings) rebuild(ctx context.Context, lib *report.Library, public fs.FS) (fs.FS, error) {
	for _, rep := range lib.Reports {
		if _, err := fs.Stat(public, rep.PDF()); err == nil {
			s.PDF, s.printed = true, public
		}
	}
	files, err := s.assemble(ctx, lib, "")
	return afero.NewIOFS(files), err
}
