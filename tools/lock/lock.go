// Package lock lets one command at a time work on a folder.
//
// The system takes the lock back when a process ends, however it ends, so a
// killed command leaves none behind. Where folders cannot be locked, as on some
// network drives, there is no lock: commands do not wait for each other there.
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
	patience = time.Minute           // what one command needs is a few seconds
)

// errBusy says that another process has the lock.
var errBusy = errors.New("another command has the lock")

// Folder waits until no other command works on the folder, which must be there,
// and gives what ends the work. It gives up if ctx ends, or after a minute.
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
