package main

import "embed"

// code is the source that this program was built from, and not what has been saved
// since: a package is built by that code.
//
//go:embed *.go */*.go opendata/report.schema.json site/preview.* all:site/start
var code embed.FS
