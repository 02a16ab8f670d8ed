package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The report that is published from this folder can be built, and what is built
// passes the check. This is the only test here that reads content and data: an
// editor's change that a build accepts makes no test fail.
func TestLiveReport(t *testing.T) {
	t.Parallel()
	public := filepath.Join(t.TempDir(), "public")
	for _, command := range []string{"build", "check"} {
		if said, err := exec.Command("tools", command, "--source", "..", "--destination", public).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, said)
		}
	}
}
