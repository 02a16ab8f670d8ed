package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/gohugoio/hugo/common/hugo"
	"github.com/spf13/afero"

	"annualreport/tools/lock"
	"annualreport/tools/release"
	"annualreport/tools/report"
)

// A Packed is a site that was packed.
type Packed struct {
	Made
	Zip     string      // the zip's path
	Sum     release.Sum // of the zip
	Changed bool        // it has what is in no commit, though git knows the source
}

// Package makes the site and packs it as a zip in the folder output, with its
// checksum in the SHA256SUMS beside it. Settings.Destination is not used. The
// same source and settings give the same bytes. A zip that is there already is
// never changed. An error that says what is wrong with the report is of type
// [report.Problems]. Whatever the error, output is as it was and nothing else is
// left behind. If ctx ends, Package stops at once.
func Package(ctx context.Context, s Settings, output string) (Packed, error) {
	s.Destination = ""
	if _, err := s.clean(); err != nil {
		return Packed{}, err
	}
	if err := checkCode(s.Source, s.Code); err != nil {
		return Packed{}, err
	}
	folder, err := cleanOutput(s.Source, output)
	if err != nil {
		return Packed{}, err
	}
	lib, err := await(ctx, func() (*report.Library, error) { return Load(s.Source) })
	if err != nil {
		return Packed{}, stopped(ctx, err, output)
	}
	packed, err := s.pack(ctx, lib, folder, output)
	return packed, stopped(ctx, err, output)
}

// pack makes the site and packs it into folder, which messages call output.
func (s Settings) pack(ctx context.Context, lib *report.Library, folder, output string) (Packed, error) {
	v, err := versionOf(ctx, s.Source, lib.Latest)
	if err != nil {
		return Packed{}, err
	}
	packed := Packed{Changed: v.changed}
	site, err := s.make(ctx, lib)
	if packed.Made = site.Made; err != nil {
		return packed, err
	}
	// What was saved meanwhile may be in the site, or in half of it.
	if now, err := versionOf(ctx, s.Source, lib.Latest); err != nil || now != v {
		return packed, errors.Join(err, errors.New("the source changed while it was being packed; pack it again"))
	}
	if err := seal(site.files, manifest(s, v, site)); err != nil {
		return packed, err
	}
	unlock, err := lock.Folder(ctx, filepath.Dir(folder)) // the list of another package must not be lost
	if err != nil {
		return packed, err
	}
	defer unlock()
	tidy(folder)
	temporary, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+"-")
	if err != nil {
		return packed, cannotPack(output, err)
	}
	defer os.RemoveAll(temporary)
	mark := markHead + "\nzip\n" + release.SumsFile + "\n"
	if err := os.WriteFile(filepath.Join(temporary, release.Mark), []byte(mark), 0o600); err != nil {
		return packed, cannotPack(output, err)
	}
	if packed.Sum, err = pack(site.files, filepath.Join(temporary, "zip"), v); err != nil {
		return packed, err
	}
	name := release.Folder + "-" + v.name + ".zip"
	packed.Zip = filepath.Join(output, name)
	return packed, errors.Join(ctx.Err(), cannotPack(output, addPackage(temporary, folder, name, packed.Sum)))
}

// cleanOutput gives the real path of the folder that packages are put into. It
// refuses those where a package would be lost with the next build, or be taken
// for a part of the source.
func cleanOutput(source, output string) (string, error) {
	refuse := func(why string) (string, error) {
		return "", UsageError(fmt.Sprintf("cannot put the package in %s: %s", output, why))
	}
	folder, err := realPath(output)
	if err != nil {
		return refuse(fmt.Sprintf("%v; create it first", err))
	}
	src, err := realPath(source)
	if err != nil {
		return "", fmt.Errorf("cannot read the source folder %s: %w", source, err)
	}
	if partOfSource(src, folder) {
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

// seal puts into a made site what tells that it is whole, and what it is.
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

// manifest says what a package is and what it was made from: nothing that is
// not the same wherever and whenever it is made.
func manifest(s Settings, v version, site made) string {
	var config struct{ Title string }
	// Hugo has read it; a site without a title is still one.
	_, _ = toml.DecodeFile(filepath.Join(s.Source, "config.toml"), &config)
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
	var years []string
	for _, rep := range site.lib.Reports {
		years = append(years, rep.Name)
	}
	lines := [][2]string{
		{"what", config.Title},
		{"version", v.name},
		{"source", v.source},
		{"made by", command},
		{"made with", fmt.Sprintf("Hugo %s, Go %s", hugo.CurrentVersion.Version(), strings.TrimPrefix(runtime.Version(), "go"))},
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

// pack writes the made site as a zip to the file called name, and gives its
// checksum.
func pack(files afero.Fs, name string, v version) (sum release.Sum, err error) {
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

// addPackage moves the zip from the temporary folder to its place, and sees
// that the SHA256SUMS beside it names it. Either both are there in the end, or
// all is as it was.
func addPackage(temporary, folder, name string, sum release.Sum) (err error) {
	switch there := os.Mkdir(folder, 0o755); {
	case there == nil:
		defer func() {
			if err != nil {
				os.Remove(folder) // made here, and empty
			}
		}()
	case !errors.Is(there, fs.ErrExist):
		return there
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
	_, missing := os.Lstat(place)
	if errors.Is(missing, fs.ErrNotExist) {
		if err := os.Rename(filepath.Join(temporary, "zip"), place); err != nil {
			return err
		}
	} else if there, err := release.SumFile(place); err != nil || there != sum {
		return fmt.Errorf("%s already exists and differs: it was made with other options, or with another version of Hugo or Go; move it away, or choose another folder with --output", name)
	}
	err = os.Rename(list, filepath.Join(folder, release.SumsFile))
	if err != nil && missing != nil {
		os.Remove(place) // put there just now
	}
	return err
}

// listWith gives the text of the SHA256SUMS in folder with the zip called name.
// Zips that are no longer there are left out: checking the list would fail.
func listWith(folder, name string, sum release.Sum) ([]byte, error) {
	sums := release.Sums{}
	text, err := os.ReadFile(filepath.Join(folder, release.SumsFile))
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

// cannotPack says that a package cannot be added to a folder, or nothing if
// there is no error.
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
