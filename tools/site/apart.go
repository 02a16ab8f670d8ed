package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// A preview makes the site over and over, each time in a process of its own:
// Hugo keeps what it made for as long as a process lives, a fault of Hugo's can
// end a process, and a process can be stopped half-way.

// an answer is what such a process says of the site that it made.
type answer struct {
	Proof    check.Proof
	Problems report.Problems
	Failure  string // what else went wrong
}

// Answer writes what [Make] gave to w, for [Ask] to read.
func Answer(w io.Writer, proof check.Proof, err error) error {
	a := answer{Proof: proof}
	if err != nil && !errors.As(err, &a.Problems) {
		a.Failure = err.Error()
	}
	return json.NewEncoder(w).Encode(a)
}

// Ask runs a command that calls [Make] and [Answer], and gives what Make gave.
// A command that breaks down is a problem too.
func Ask(ctx context.Context, command string, args ...string) (check.Proof, error) {
	cmd := exec.CommandContext(ctx, command, args...)
	var said bytes.Buffer
	cmd.Stdout = &said // its stderr, where a breakdown is told in Go's words, goes nowhere
	ended := cmd.Run()
	if ctx.Err() != nil {
		return check.Proof{}, ctx.Err()
	}
	var a answer
	if err := json.Unmarshal(said.Bytes(), &a); err != nil {
		what := "Hugo broke down while it made the pages"
		var exit *exec.ExitError
		if ended != nil && !errors.As(ended, &exit) {
			what = "the command cannot be run again: " + strings.TrimPrefix(ended.Error(), "fork/exec ")
			return check.Proof{}, report.Problems{{Rule: "preview", What: what, Do: "stop the preview and start it again"}}
		}
		return check.Proof{}, report.Problems{{Rule: "hugo", What: what, Do: forLayouts}}
	}
	switch {
	case a.Failure != "":
		return a.Proof, errors.New(a.Failure)
	case len(a.Problems) > 0:
		return a.Proof, a.Problems
	}
	return a.Proof, nil
}
