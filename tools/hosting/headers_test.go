package hosting

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

//go:generate go test -short -run TestHeadersUpToDate -update .

var update = flag.Bool("update", false, "write the headers into the configurations")

// headerTable lists the headers of every answer. After changing it, run go generate
// ./tools/hosting, which writes them into every configuration.
var headerTable = []struct{ name, value, why string }{
	// It must allow what every page's own policy allows: see the comment above it in the configurations.
	{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", ""},
	{"X-Content-Type-Options", "nosniff", ""},
	{"Referrer-Policy", "same-origin", "No other site learns what was read here."},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()", ""},
	{"Cross-Origin-Opener-Policy", "same-origin", ""},
	{"Cross-Origin-Resource-Policy", "same-origin", ""},
}

// headers are the values of the headers, by their names.
var headers = func() map[string]string {
	values := map[string]string{}
	for _, h := range headerTable {
		values[h.name] = h.value
	}
	return values
}()

// A format is how a configuration writes headers.
type format struct {
	comment string // above a header, with its line's end, or "" if it can have none
	set     string // the line or lines that give a header its value
	between string // headers
	quotes  bool   // around values with spaces
	cache   bool   // it sets Cache-Control here as well
}

var formats = map[string]format{
	"nginx.conf":               {comment: "# %s\n", set: "add_header %s %s always;", between: "\n", quotes: true},
	"apache.htaccess":          {comment: "# %s\n", set: "Header always set %s %s", between: "\n", quotes: true},
	"web.config":               {comment: "        <!-- %s -->\n", set: "        <remove name=\"%[1]s\" />\n        <add name=\"%[1]s\" value=\"%[2]s\" />", between: "\n"},
	"staticwebapp.config.json": {set: `    "%s": "%s"`, between: ",\n", cache: true},
	"_headers":                 {set: "  %s: %s", between: "\n", cache: true},
}

// write writes the headers of the table.
func (f format) write() string {
	var parts []string
	if f.cache {
		parts = append(parts, fmt.Sprintf(f.set, "Cache-Control", revalidate))
	}
	for _, h := range headerTable {
		comment, value := "", h.value
		if f.comment != "" && h.why != "" {
			comment = fmt.Sprintf(f.comment, h.why)
		}
		if f.quotes && strings.Contains(value, " ") {
			value = `"` + value + `"`
		}
		parts = append(parts, comment+fmt.Sprintf(f.set, h.name, value))
	}
	return strings.Join(parts, f.between)
}

// pattern matches two or more headers in a row.
func (f format) pattern() *regexp.Regexp {
	expression := func(text string) string {
		return strings.NewReplacer("%s", "[^\n]+?", `%\[1\]s`, "[^\n]+?", `%\[2\]s`, "[^\n]+?").Replace(regexp.QuoteMeta(text))
	}
	set := "(?:" + expression(f.set) + ")"
	return regexp.MustCompile("(?m)^" + set + "(?:" + f.between + "(?:" + expression(f.comment) + ")?" + set + ")+$")
}

// Every configuration sets the headers of the table; -update writes them there.
func TestHeadersUpToDate(t *testing.T) {
	for name, format := range formats {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		block := format.pattern().FindIndex(data)
		if block == nil {
			t.Errorf("%s has no list of headers", name)
			continue
		}
		text := string(data[:block[0]]) + format.write() + string(data[block[1]:])
		switch {
		case text == string(data):
		case *update:
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("%s does not set the headers of headerTable; run go generate ./tools/hosting", name)
		}
	}
}
