package pdf

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// A browser that hangs is stopped in the end, and leaves nothing behind.
func TestHangs(t *testing.T) {
	defer func(was time.Duration) { patience = was }(patience)
	patience = 200 * time.Millisecond
	dir, tmp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	browser := filepath.Join(dir, "chromium")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\nexec sleep 600\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err := Print(context.Background(), browser, fstest.MapFS{}, "", []Page{{Name: "full.html"}})
	if err == nil || !strings.HasSuffix(err.Error(), "did not finish within 400ms; try again") || time.Since(start) > 30*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	if entries, _ := os.ReadDir(tmp); len(entries) > 0 {
		t.Errorf("%s is left behind", entries[0].Name())
	}
}

func TestFind(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if program, err := Find(); !errors.Is(err, ErrNoBrowser) {
		t.Errorf("%s: %v", program, err)
	}
}

// Changes keep the length of a PDF, which contains byte offsets.
func TestFinish(t *testing.T) {
	data := []byte("<</Title (x) /Lang (en)\n/CreationDate (D:20261123051754+00'00')\n/ModDate (D:20261123051754+00'00')>> /StructTreeRoot 1 0 R /Outlines 2 0 R " +
		"<</Type /Pages>> <</Type /Page\n>> <</Type /Page>>")
	finished, err := finish(data, time.Date(2014, 10, 22, 0, 0, 0, 0, time.UTC))
	if err != nil || len(finished) != len(data) || bytes.Count(finished, []byte("(D:20141022000000+00'00')")) != 2 {
		t.Errorf("%s: %v", finished, err)
	}
	for _, part := range []string{"/StructTreeRoot", "/Outlines", "/Title", "/Lang", "/Type /Page"} {
		if _, err := finish(bytes.ReplaceAll(data, []byte(part), nil), time.Now()); err == nil {
			t.Errorf("a PDF without %s passes", part)
		}
	}
}
