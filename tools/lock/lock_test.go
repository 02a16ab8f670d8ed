package lock

import (
	"context"
	"testing"
	"time"
)

// The second command waits for the first, however it names the folder, and gives up when
// its context ends.
func TestFolder(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	unlock, err := Folder(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	short, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if _, err := Folder(short, folder); err == nil {
		t.Fatal("two have the lock")
	}
	got := make(chan error)
	go func() {
		second, err := Folder(t.Context(), ".")
		if err == nil {
			second()
		}
		got <- err
	}()
	select {
	case err := <-got:
		t.Fatalf("the second has not waited: %v", err)
	case <-time.After(5 * pause):
	}
	unlock()
	if err := <-got; err != nil {
		t.Fatal(err)
	}
}
