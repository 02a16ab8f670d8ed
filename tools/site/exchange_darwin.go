package site

import "golang.org/x/sys/unix"

// exchange swaps two folders in one step, so that there is always one.
func exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
