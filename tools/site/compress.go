package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/spf13/afero"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// compressors create the compressed forms that servers send, by their extensions, as small as possible.
var compressors = map[string]func(io.Writer) io.WriteCloser{
	".gz": func(w io.Writer) io.WriteCloser {
		z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
		return z
	},
	".br": func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) },
}

// compressFiles adds to every text file of a site in memory its compressed forms,
// if they are smaller, for servers that can send them instead. If ctx ends, it
// stops.
func compressFiles(ctx context.Context, files afero.Fs) error {
	var texts []string
	var problems report.Problems
	err := eachFile(files, func(name string) error {
		if !check.IsText(name) {
			return nil
		}
		for ending := range compressors {
			if _, err := files.Stat(name + ending); err == nil {
				problems = append(problems, report.Problem{Place: report.Place{File: "static/" + name + ending}, Rule: "compressed",
					What: "--precompress would write a file of this name", Do: "remove or rename this one"})
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
	return eachParallel(ctx, texts, func(name string) error { return compressFile(files, name) })
}

func compressFile(files afero.Fs, name string) error {
	text, err := afero.ReadFile(files, name)
	if err != nil {
		return err
	}
	for ending, compressor := range compressors {
		var small bytes.Buffer
		z := compressor(&small)
		_, err := z.Write(text)
		if err := errors.Join(err, z.Close()); err != nil {
			return fmt.Errorf("cannot compress %s: %w", name, err)
		}
		if small.Len() < len(text) {
			if err := afero.WriteFile(files, name+ending, small.Bytes(), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
