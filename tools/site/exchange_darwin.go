package site

import "golang.org/x/sys/unix"

// exchange swaps two folders in one step, so that at no moment there is none.
func exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
