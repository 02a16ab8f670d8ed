package report

import (
	"fmt"
	"strings"
	"testing"
)

// Text that would take long to read is refused, but not what a large report has.
func TestDense(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		line int // the line that is refused, or 0
	}{
		"brackets":           {strings.Repeat("[", 3000), 1},
		"emphasis":           {"Text.\n\n" + strings.Repeat("_a", 2001), 3},
		"notes":              {strings.Repeat("[^1]: x\n\n", 1001), 2001},
		"300 links":          {strings.Repeat("- [a](b.md) and *more*\n", 300), 0},
		"many links, apart":  {strings.Repeat("[a](b.md) and *more*\n\n", 3000), 0},
		"200 footnotes":      {strings.Repeat("Text.[^1]\n\n", 200) + strings.Repeat("[^1]: See [a](https://example.org/).\n", 200), 0},
		"a table of figures": {strings.Repeat(strings.Repeat("|1", 30)+"|\n", 1000), 0},
		"a line to write on": {strings.Repeat("_", 100), 0},
	} {
		l := &loader{}
		want := ""
		if test.line > 0 {
			want = fmt.Sprintf("content/a.md:%d: [too-dense] there is too much Markdown here: links, emphasis, notes or table cells; split the page in two, or check what was pasted here", test.line+5)
		}
		ok := l.checkDense("content/a.md", test.body, 5)
		if got := l.problems.Error(); got != want || ok != (want == "") {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
