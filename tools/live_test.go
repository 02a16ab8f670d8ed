package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The live report can be built, and passes the check. This is the only test here
// that reads content and data, so a change that a build accepts fails no test.
func TestLiveReport(t *testing.T) {
	t.Parallel()
	public := filepath.Join(t.TempDir(), "public")
	for _, command := range []string{"build", "check"} {
		if output, err := exec.Command("tools", command, "--source", "..", "--destination", public).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, output)
		}
	}
}
