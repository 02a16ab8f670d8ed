//go:build !windows && (!unix || solaris || aix)

package lock

import "errors"

// try fails: this system has no lock that ends with the process.
func try(string) (unlock func(), err error) { return nil, errors.ErrUnsupported }
