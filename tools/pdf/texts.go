package pdf

import (
	"bytes"
	"context"
	"os/exec"
	"regexp"
)

// reader is the program that reads PDFs, of the Poppler tools.
const reader = "pdfinfo"

// CanRead reports whether this computer has the program that [Read] needs.
func CanRead() bool {
	_, err := exec.LookPath(reader)
	return err == nil
}

// These match what pdfinfo prints: a text, a drawing with the texts in it, and a link.
var (
	taggedText = regexp.MustCompile(`(?m)^ *"(.*)"$`)
	annotation = regexp.MustCompile(`(?m)^ *[0-9]+ +Annotation +(.*)$`)
	drawing    = regexp.MustCompile(`(?m)^ *Figure.*\n(?: *".*"\n)+`)
)

// Read returns the texts of a tagged PDF, but those within drawings, in the order in
// which a screen reader reads them, and the addresses that its links lead to outside of it.
// Where a line ends on paper, the texts have no space.
func Read(ctx context.Context, document []byte) (texts, links []string, err error) {
	run := func(option string) ([]byte, error) {
		command := exec.CommandContext(ctx, reader, "-enc", "UTF-8", option, "-")
		command.Stdin = bytes.NewReader(document)
		return command.Output()
	}
	output, err := run("-struct-text")
	if err != nil {
		return nil, nil, err
	}
	for _, m := range taggedText.FindAllSubmatch(drawing.ReplaceAll(output, nil), -1) {
		texts = append(texts, string(m[1]))
	}
	if output, err = run("-url"); err != nil {
		return nil, nil, err
	}
	for _, m := range annotation.FindAllSubmatch(output, -1) {
		links = append(links, string(m[1]))
	}
	return texts, links, nil
}
