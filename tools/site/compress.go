package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/andybalholm/brotli"
	"golang.org/x/sync/errgroup"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// The forms that servers send files in, by their endings, each as small as it gets.
var compressors = map[string]func(io.Writer) io.WriteCloser{
	".gz": func(w io.Writer) io.WriteCloser {
		z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is the package's own
		return z
	},
	".br": func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) },
}

// compressFiles puts beside every text below dir its compressed forms, where
// they are smaller: a server that knows how to sends them in its place. If ctx
// ends, it stops.
func compressFiles(ctx context.Context, dir string) error {
	var texts []string
	var problems report.Problems
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !check.IsText(name) {
			return err
		}
		for ending := range compressors {
			if _, err := os.Lstat(name + ending); err == nil {
				rel, _ := filepath.Rel(dir, name+ending) // both come from one walk
				problems = append(problems, report.Problem{Place: report.Place{File: filepath.ToSlash(filepath.Join("static", rel))}, Rule: "compressed",
					What: "the file stands where --precompress would put one", Do: "take it away, or give it another name"})
			}
		}
		texts = append(texts, name)
		return nil
	})
	if err != nil {
		return err
	}
	if err := problems.Err(); err != nil {
		return err
	}
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range texts {
		workers.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return compressFile(name)
		})
	}
	return workers.Wait()
}

func compressFile(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for ending, compressor := range compressors {
		var small bytes.Buffer
		z := compressor(&small)
		if _, err := z.Write(text); err != nil {
			return fmt.Errorf("%s cannot be compressed: %w", filepath.Base(name), err)
		}
		if err := z.Close(); err != nil {
			return fmt.Errorf("%s cannot be compressed: %w", filepath.Base(name), err)
		}
		if small.Len() < len(text) {
			if err := os.WriteFile(name+ending, small.Bytes(), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// setModes gives all files and folders below dir the modes that they are
// published with, whatever the user mask and the modes in the source are: a
// server may read everything, and only the owner may write. It counts the files.
func setModes(dir string) (files int, err error) {
	err = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.Chmod(name, 0o755)
		case entry.Type().IsRegular():
			files++
			return os.Chmod(name, 0o644)
		}
		return nil
	})
	return files, err
}
