package main

import "embed"

// code is the command's own source, as it was when this program was built. What
// is packed is made by that, and not by what has been saved since.
//
//go:embed *.go */*.go opendata/report.schema.json site/preview.* all:site/start
var code embed.FS
