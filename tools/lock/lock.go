// Package lock lets only one command at a time work on a folder.
//
// The system releases the lock when the process ends, even if it is killed. Where
// folders cannot be locked, as on some network drives, commands do not wait for
// each other.
package lock

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

const (
	pause    = 20 * time.Millisecond // between two tries
	patience = time.Minute           // a command takes a few seconds
)

// errBusy says that another process has the lock.
var errBusy = errors.New("another command has the lock")

// Folder locks a folder, which must exist, as soon as no other command has it
// locked, and returns a function that unlocks it. It gives up if ctx ends, or
// after a minute.
func Folder(ctx context.Context, folder string) (unlock func(), err error) {
	for end := time.Now().Add(patience); ; {
		unlock, err := try(folder)
		switch {
		case err == nil:
			return unlock, nil
		case !errors.Is(err, errBusy):
			return func() {}, nil // nothing can be locked here
		case time.Now().After(end):
			return nil, fmt.Errorf("another command has been writing to %s for a minute; wait for it to finish, or stop it, and try again", filepath.ToSlash(folder))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}
