package pdf

import (
	"bytes"
	"context"
	"os/exec"
	"regexp"
)

// reader is the program that reads PDFs, of the Poppler tools.
const reader = "pdfinfo"

// CanRead reports whether this computer has the program that [Texts] needs.
func CanRead() bool {
	_, err := exec.LookPath(reader)
	return err == nil
}

// These match what pdfinfo prints: a text, and a drawing with the texts in it.
var (
	taggedText = regexp.MustCompile(`(?m)^ *"(.*)"$`)
	drawing    = regexp.MustCompile(`(?m)^ *Figure.*\n(?: *".*"\n)+`)
)

// Texts returns the texts of a tagged PDF, but those within drawings, in the order in
// which a screen reader reads them. Where a line ends on paper, Texts has no space.
func Texts(ctx context.Context, document []byte) (texts []string, err error) {
	command := exec.CommandContext(ctx, reader, "-enc", "UTF-8", "-struct-text", "-")
	command.Stdin = bytes.NewReader(document)
	output, err := command.Output()
	if err != nil {
		return nil, err
	}
	for _, m := range taggedText.FindAllSubmatch(drawing.ReplaceAll(output, nil), -1) {
		texts = append(texts, string(m[1]))
	}
	return texts, nil
}
