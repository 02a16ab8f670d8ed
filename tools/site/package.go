package site

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gohugoio/hugo/common/hugo"
	"github.com/spf13/afero"

	"annualreport/tools/lock"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// An Archive describes a packed site.
type Archive struct {
	Result
	Zip   string      // the path of the zip
	Sum   release.Sum // of the zip
	Dirty bool        // it contains uncommitted changes; false if git does not know the source
}

// Package builds the site and packs it as a zip in the folder output, with its
// checksum in the SHA256SUMS beside it. It ignores Settings.Destination. The same
// source and settings give the same bytes, and an existing zip is never changed.
// If the report has problems, the error is of type [report.Problems]. If Package
// fails, it leaves output unchanged and nothing else behind. If ctx ends, it
// stops at once.
func Package(ctx context.Context, s Settings, output string) (Archive, error) {
	s.Destination = ""
	if _, err := s.clean(); err != nil {
		return Archive{}, err
	}
	if err := checkCode(s.Source, s.Code); err != nil {
		return Archive{}, err
	}
	folder, err := cleanOutput(s.Source, output)
	if err != nil {
		return Archive{}, err
	}
	lib, err := s.load(ctx)
	if err != nil {
		return Archive{}, explainStop(ctx, err, output)
	}
	if err := checkDrafts(lib.Drafts); err != nil {
		return Archive{}, err
	}
	archive, err := s.pack(ctx, lib, folder, output)
	return archive, explainStop(ctx, err, output)
}

// checkDrafts returns an error if a report is a draft only because some of its text is to
// be written. A build leaves it out, as it does every draft; but whoever deleted its line
// draft = true means to publish it, and a package without it would take it off the site.
func checkDrafts(drafts []*report.Draft) error {
	var problems report.Problems
	for _, d := range drafts {
		if place, why, do := d.Reason(); d.DraftLine.File == "" {
			problems = append(problems, report.Problem{Place: place, Rule: "draft", What: fmt.Sprintf("the %s report would be left out of the package: %s", d.Name, why),
				Do: fmt.Sprintf("%s; to leave the report out on purpose, add a line draft = true to content/%s/_index.md", do, d.Name)})
		}
	}
	return problems.Err()
}

// pack builds the site and packs it into folder, which messages call output.
func (s Settings) pack(ctx context.Context, lib *report.Library, folder, output string) (Archive, error) {
	v, err := findVersion(ctx, s.Source, lib.Latest)
	if err != nil {
		return Archive{}, err
	}
	archive := Archive{Dirty: v.dirty}
	site, err := s.build(ctx, lib)
	if archive.Result = site.Result; err != nil {
		return archive, err
	}
	if err := seal(site.files, manifest(s, v, site)); err != nil {
		return archive, err
	}
	unlock, err := lock.Folder(ctx, filepath.Dir(folder)) // so that two packages do not overwrite each other's list
	if err != nil {
		return archive, err
	}
	defer unlock()
	tidy(folder)
	temporary, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+"-")
	if err != nil {
		return archive, cannotPack(output, err)
	}
	defer os.RemoveAll(temporary)
	mark := markHead + "\nzip\n" + release.SumsFile + "\n"
	if err := os.WriteFile(filepath.Join(temporary, release.Mark), []byte(mark), 0o600); err != nil {
		return archive, cannotPack(output, err)
	}
	if archive.Sum, err = writeZip(site.files, filepath.Join(temporary, "zip"), v); err != nil {
		return archive, err
	}
	// A change saved in the meantime may be in a part of the site only.
	again, err := findVersion(ctx, s.Source, lib.Latest)
	if err := cmp.Or(ctx.Err(), err); err != nil {
		return archive, err
	}
	if again != v {
		return archive, errors.New("the source changed while it was being packed; pack it again")
	}
	name := release.Folder + "-" + v.name + ".zip"
	archive.Zip = filepath.Join(output, name)
	return archive, cannotPack(output, addPackage(temporary, folder, name, archive.Sum))
}

// cleanOutput returns the real path of the output folder. It refuses folders
// where the next build would delete the package, or that are part of the source.
func cleanOutput(source, output string) (string, error) {
	refuse := func(reason string) (string, error) {
		return "", UsageError(fmt.Sprintf("cannot put the package in %s: %s", output, reason))
	}
	folder, err := realPath(output)
	if err != nil {
		return refuse(fmt.Sprintf("%v; create it first", err))
	}
	src, err := realPath(source)
	if err != nil {
		return "", fmt.Errorf("cannot read the source folder %s: %w", source, err)
	}
	if isPartOfSource(src, folder) {
		return refuse("it is part of the source; choose another folder, such as dist")
	}
	if filepath.Dir(folder) == folder {
		return refuse("it is the whole disk; choose another folder, such as dist")
	}
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return refuse("it is a file; choose a folder, such as dist")
	}
	if _, err := os.Stat(filepath.Join(folder, "index.html")); err == nil {
		return refuse("it contains a site, and the next build would replace everything there; choose another folder, such as dist")
	}
	return folder, nil
}

// seal adds the manifest and the checksums to a site.
func seal(files afero.Fs, manifest string) error {
	for _, name := range []string{release.Manifest, release.SumsFile} {
		if _, err := files.Stat(name); err == nil {
			return report.Problems{{Place: report.Place{File: "static/" + name}, Rule: "package",
				What: "the package needs this name for a file of its own", Do: "remove or rename this one"}}
		}
	}
	if err := afero.WriteFile(files, release.Manifest, []byte(manifest), 0o644); err != nil {
		return err
	}
	sums, err := release.SumFiles(afero.NewIOFS(files))
	if err != nil {
		return err
	}
	return afero.WriteFile(files, release.SumsFile, sums.Text(), 0o644)
}

// manifest describes a package and what it was built from. It contains nothing
// that depends on the place or the time of the build.
func manifest(s Settings, v version, site checkedSite) string {
	command := "go run ./tools package"
	if s.BaseURL != "" {
		command += " --base-url " + s.BaseURL
	}
	if s.PDF {
		command += " --pdf"
	}
	if s.Precompress {
		command += " --precompress"
	}
	var code string
	if s.Code != nil && !hasCode(s.Source) { // otherwise the source vouches for it
		code = "code with the checksum " + sumCode(s.Code) + ", which is not in the source"
	}
	var years []string
	for _, rep := range site.lib.Reports {
		years = append(years, rep.Name)
	}
	lines := [][2]string{
		{"what", site.lib.Title},
		{"version", v.name},
		{"source", v.source},
		{"made by", command},
		{"made with", fmt.Sprintf("Hugo %s, Go %s", hugo.CurrentVersion.Version(), strings.TrimPrefix(runtime.Version(), "go"))},
		{"command", code},
		{"address", s.BaseURL},
		{"reports", fmt.Sprintf("%d: %s", site.Reports, strings.Join(years, ", "))},
		{"pages", fmt.Sprint(site.Pages)},
		{"files", fmt.Sprintf("%d, and %s and %s", site.Files, release.Manifest, release.SumsFile)},
		{"to check it", "sha256sum -c " + release.SumsFile},
	}
	var b strings.Builder
	for _, line := range lines {
		if line[1] != "" {
			fmt.Fprintf(&b, "%-12s %s\n", line[0]+":", line[1])
		}
	}
	return b.String()
}

// writeZip writes the site as a zip to the file name, and returns its checksum.
func writeZip(files afero.Fs, name string, v version) (sum release.Sum, err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	if err := release.Zip(file, afero.NewIOFS(files), v.time); err != nil {
		return sum, err
	}
	if err := errors.Join(file.Chmod(0o644), file.Sync()); err != nil {
		return sum, err
	}
	return release.SumFile(name)
}

// addPackage moves the zip from the temporary folder to its place and lists it
// in the SHA256SUMS beside it. It does both, or neither.
func addPackage(temporary, folder, name string, sum release.Sum) (err error) {
	switch mkdirErr := os.Mkdir(folder, 0o755); {
	case mkdirErr == nil:
		defer func() {
			if err != nil {
				os.Remove(folder) // created above, and still empty
			}
		}()
	case !errors.Is(mkdirErr, fs.ErrExist):
		return mkdirErr
	}
	text, err := listWith(folder, name, sum)
	if err != nil {
		return err
	}
	list := filepath.Join(temporary, release.SumsFile)
	if err := os.WriteFile(list, text, 0o644); err != nil {
		return err
	}
	if err := os.Chmod(list, 0o644); err != nil {
		return err
	}
	place := filepath.Join(folder, name)
	_, statErr := os.Lstat(place)
	if errors.Is(statErr, fs.ErrNotExist) {
		if err := os.Rename(filepath.Join(temporary, "zip"), place); err != nil {
			return err
		}
	} else if oldSum, err := release.SumFile(place); err != nil || oldSum != sum {
		return fmt.Errorf("%s already exists and differs: it was made with other options, or with another version of this command, Hugo or Go; move it away, or choose another folder with --output", name)
	}
	err = os.Rename(list, filepath.Join(folder, release.SumsFile))
	if err != nil && statErr != nil {
		os.Remove(place) // moved there above
	}
	return err
}

// listWith returns the text of folder's SHA256SUMS with the zip name added. It
// leaves out zips that no longer exist, for which sha256sum -c would fail.
func listWith(folder, name string, sum release.Sum) ([]byte, error) {
	sums := release.Sums{}
	place := filepath.Join(folder, release.SumsFile)
	if info, err := os.Stat(place); err == nil && !info.Mode().IsRegular() { // reading a device or pipe might never end
		return nil, fmt.Errorf("the %s there is not a file; move it away", release.SumsFile)
	}
	text, err := os.ReadFile(place)
	switch {
	case err == nil && len(text) > 0:
		if sums, err = release.ReadSums(bytes.NewReader(text)); err != nil {
			return nil, fmt.Errorf("the %s there is not a list of checksums: %w; move it away", release.SumsFile, err)
		}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	for other := range sums {
		if _, err := os.Lstat(filepath.Join(folder, filepath.FromSlash(other))); errors.Is(err, fs.ErrNotExist) {
			delete(sums, other)
		}
	}
	sums[name] = sum
	return sums.Text(), nil
}

// cannotPack adds to an error that the package was not put in output. It returns
// nil if err is nil.
func cannotPack(output string, err error) error {
	if err == nil {
		return nil
	}
	cause, ofFile := fileCause(err)
	if ofFile {
		cause = fmt.Errorf("%w; check that you can write to the folder", cause)
	}
	return fmt.Errorf("cannot put the package in %s: %w", output, cause)
}
