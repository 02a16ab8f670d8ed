package site

import (
	"cmp"
	"context"
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
	lib, err := Load(s.Source)
	if err != nil {
		return check.Proof{}, err
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
	s.BaseURL = proof.BaseURL
	rebuilt, err := s.rebuild(ctx, lib, public)
	if err == nil {
		err = cmp.Or(check.Same(public, rebuilt, lib), checkDocuments(ctx, public, lib))
	}
	return proof, explainStop(ctx, err, s.Destination)
}

// rebuild builds a published site again in memory, except its PDFs, which it copies:
// printing takes long, and each version of a browser prints other bytes.
func (s Settings) rebuild(ctx context.Context, lib *report.Library, public fs.FS) (fs.FS, error) {
	for _, rep := range lib.Reports {
		if _, err := fs.Stat(public, check.DocumentName(rep.Name)); err == nil {
			s.PDF, s.printed = true, public
		}
	}
	files, err := s.assemble(ctx, lib, "")
	return afero.NewIOFS(files), err
}
