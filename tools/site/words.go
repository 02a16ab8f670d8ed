package site

import (
	"path"
	"regexp"
	"strconv"

	"annualreport/tools/report"
)

// translations turn Hugo's messages about layouts and settings into words for
// editors. file is where to look, if Hugo does not say.
var translations = []struct {
	pattern *regexp.Regexp
	file    string
	text    string
}{
	{regexp.MustCompile(`^can't evaluate field (\w+) in type .*`), "", `the layout uses “$1”, which does not exist here`},
	{regexp.MustCompile(`^function "(.*)" not defined.*`), "", `layouts have no function “$1”`},
	{regexp.MustCompile(`.*branches end in different contexts.*`), "", `the branches of this if, with or range leave different tags or quotes open; close in each branch what it opens`},
	{regexp.MustCompile(`^wrong number of args for (\S+): want (.*) got (\d+)`), "", `“$1” needs $2 values and gets $3`},
	{regexp.MustCompile(`^found no layout file for "(?:.*?)" for kind "(.*?)".*`), "layouts", `there is no layout for pages of the kind “$1”`},
	{regexp.MustCompile(`^found no layout file for "(?:.*?)" for layout "(.*?)".*`), "layouts", `there is no layout “$1”`},
	{regexp.MustCompile(`^Unknown kind "(.*?)" in disableKinds.*`), "config.toml", `disableKinds cannot have “$1”, which is not a kind of page`},
	{regexp.MustCompile(`^unknown output format "(.*?)" for kind "(.*?)"`), "config.toml", `pages of the kind “$2” cannot be output as “$1”, which is not set up`},
	{regexp.MustCompile(`^maximum template call stack size exceeded.*`), "", `this layout calls itself without end`},
	{regexp.MustCompile(`^media type "(.*?)" not found`), "config.toml", `there is no media type “$1”`},
	{regexp.MustCompile(`^module does not exist.*`), "config.toml", `the settings name a theme or module that does not exist`},
	{regexp.MustCompile(`^\d+ error\(s\) decoding:.*`), "config.toml", `a setting has the wrong kind of value, such as text in place of true or false`},
	{regexp.MustCompile(`^expected keyword "(true|false)"`), "config.toml", `the value after the = cannot be read; perhaps “$1” is meant`},
}

var (
	settingsError = regexp.MustCompile(`^failed to (?:load|create|init) config\b`)
	templateError = regexp.MustCompile(`(?:^|apply base template failed: |error [a-z ]+: )(?:html/)?template: ?([^ :]+\.html):(\d+)(?::\d+)?: `)
	goWords       = regexp.MustCompile(`\*\w+\.\w+|\[\]\w+|map\[|interface ?\{|\b(?:reflect|hugolib|runtime|strconv|time|template|htmltemplate|texttemplate)\b[.:]|\bargs?\b.*\btype\b|<nil>|nil pointer|0x[0-9a-f]{6,}|goroutine`)
)

// translate turns a message of Hugo into words for editors, without Go types or
// paths through templates. It looks for the place in fullText, the whole error,
// and falls back on place.
func translate(place report.Place, text, fullText string) (report.Place, string) {
	if m := templateError.FindStringSubmatch(fullText); m != nil {
		place.File = path.Join("layouts", m[1])
		place.Line, _ = strconv.Atoi(m[2]) // digits
	}
	if place.File == "" && settingsError.MatchString(fullText) {
		place.File = "config.toml"
	}
	for _, w := range translations {
		if w.pattern.MatchString(text) {
			if place.File == "" {
				place.File = w.file
			}
			return place, w.pattern.ReplaceAllString(text, w.text)
		}
	}
	if goWords.MatchString(text) {
		return place, "the layout tries something here that does not work with this value"
	}
	return place, text
}
