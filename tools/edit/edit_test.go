package edit_test

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	burnt "github.com/BurntSushi/toml"
	"github.com/pelletier/go-toml/v2"

	"annualreport/tools/edit"
	"annualreport/tools/report"
)

func day(text string) report.Date {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return report.Date{Time: d}
}

// update returns an update with a date and a text.
func update(date, text string) *report.Update {
	return &report.Update{Date: day(date), By: []string{"a"}, Text: report.Text(text), Source: "https://example.org/"}
}

// block returns an update as it is written in a file.
func block(item, date, text string) string {
	return "[[" + item + ".updates]]\ndate = " + date + "\nby = [\"a\"]\ntext = \"" + text + "\"\nsource = \"https://example.org/\"\n"
}

// An update goes where people would put it, and nothing else changes.
func TestAdd(t *testing.T) {
	for name, test := range map[string]struct{ source, item, date, want string }{
		"below a record": {
			"[r]\nnumber = 1\n\n[s]\nnumber = 2\n", "r", "2020-01-02",
			"[r]\nnumber = 1\n\n" + block("r", "2020-01-02", "new") + "\n[s]\nnumber = 2\n"},
		"at the end of the file": {
			"[r]\nnumber = 1\n", "r", "2020-01-02",
			"[r]\nnumber = 1\n\n" + block("r", "2020-01-02", "new")},
		"after a last line without a line break": {
			"[r]\nnumber = 1", "r", "2020-01-02",
			"[r]\nnumber = 1\n\n" + block("r", "2020-01-02", "new")},
		"after empty lines at the end": {
			"[r]\nnumber = 1\n\n\n", "r", "2020-01-02",
			"[r]\nnumber = 1\n\n" + block("r", "2020-01-02", "new") + "\n\n"},
		"after an earlier one": {
			"[r]\n\n" + block("r", "2019-01-01", "old") + "\n[s]\n", "r", "2020-01-02",
			"[r]\n\n" + block("r", "2019-01-01", "old") + "\n" + block("r", "2020-01-02", "new") + "\n[s]\n"},
		"after one with the same date": {
			"[r]\n\n" + block("r", "2020-01-02", "old") + "\n[s]\n", "r", "2020-01-02",
			"[r]\n\n" + block("r", "2020-01-02", "old") + "\n" + block("r", "2020-01-02", "new") + "\n[s]\n"},
		"before a later one": {
			"[r]\n\n" + block("r", "2021-01-01", "old") + "\n[s]\n", "r", "2020-01-02",
			"[r]\n\n" + block("r", "2020-01-02", "new") + "\n" + block("r", "2021-01-01", "old") + "\n[s]\n"},
		"before a later one and the comment above it": {
			"[r]\nn = 1\n# A note.\n# It is long.\n" + block("r", "2021-01-01", "old"), "r", "2020-01-02",
			"[r]\nn = 1\n\n" + block("r", "2020-01-02", "new") + "\n# A note.\n# It is long.\n" + block("r", "2021-01-01", "old")},
		"between tables without an empty line": {
			"[r]\nn = 1\n[s]\n", "r", "2020-01-02",
			"[r]\nn = 1\n\n" + block("r", "2020-01-02", "new") + "\n[s]\n"},
		"above a comment between records": {
			"[r]\nn = 1\n\n# What others are asked\n\n[s]\n", "r", "2020-01-02",
			"[r]\nn = 1\n\n" + block("r", "2020-01-02", "new") + "\n# What others are asked\n\n[s]\n"},
		"above the comment on the next record": {
			"[r]\nn = 1\n# On s\n[s]\n", "r", "2020-01-02",
			"[r]\nn = 1\n\n" + block("r", "2020-01-02", "new") + "\n# On s\n[s]\n"},
		"below the comment on the record": {
			"[r]\nn = 1 # one\n# On r\n\n[s]\n", "r", "2020-01-02",
			"[r]\nn = 1 # one\n# On r\n\n" + block("r", "2020-01-02", "new") + "\n[s]\n"},
		"below a text that looks like a record": {
			"[r]\nt = \"\"\"\n[s]\n# no comment\n\"\"\"\n[s]\n", "r", "2020-01-02",
			"[r]\nt = \"\"\"\n[s]\n# no comment\n\"\"\"\n\n" + block("r", "2020-01-02", "new") + "\n[s]\n"},
		"below a record's own tables": {
			"[r]\n[r.more]\nn = 1\n[s]\n", "r", "2020-01-02",
			"[r]\n[r.more]\nn = 1\n\n" + block("r", "2020-01-02", "new") + "\n[s]\n"},
		"below updates in another place": {
			"[r]\n[s]\n\n" + block("r", "2019-01-01", "old"), "r", "2020-01-02",
			"[r]\n[s]\n\n" + block("r", "2019-01-01", "old") + "\n" + block("r", "2020-01-02", "new")},
		"below a name in quotes": {
			"[ \"r\" ]\nn = 1\n", "r", "2020-01-02",
			"[ \"r\" ]\nn = 1\n\n" + block("r", "2020-01-02", "new")},
		"with the line endings of Windows": {
			"[r]\r\nn = 1\r\n\r\n[s]\r\n", "r", "2020-01-02",
			"[r]\r\nn = 1\r\n\r\n" + strings.ReplaceAll(block("r", "2020-01-02", "new"), "\n", "\r\n") + "\r\n[s]\r\n"},
		"with the line endings of Windows, after a last line without one": {
			"[r]\r\nn = 1", "r", "2020-01-02",
			"[r]\r\nn = 1\r\n\r\n" + strings.ReplaceAll(block("r", "2020-01-02", "new"), "\n", "\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			got, lines, err := edit.Add([]byte(test.source), []edit.Addition{{Item: test.item, Update: update(test.date, "new")}})
			if err != nil || string(got) != test.want {
				t.Fatalf("got %v\n%s\nwant\n%s", err, got, test.want)
			}
			if line := strings.Split(test.want, "\n")[lines[0]-1]; strings.TrimSpace(line) != "[["+test.item+".updates]]" {
				t.Errorf("line %d is %q", lines[0], line)
			}
		})
	}
}

// Many updates can be added at once, and each has the right line.
func TestAddMany(t *testing.T) {
	source := "[r]\nn = 1\n\n" + block("r", "2020-06-01", "old") + "\n[s]\nn = 2\n"
	got, lines, err := edit.Add([]byte(source), []edit.Addition{
		{Item: "s", Update: update("2020-03-03", "1")}, {Item: "r", Update: update("2020-07-01", "2")},
		{Item: "r", Update: update("2020-01-01", "3")}, {Item: "r", Update: update("2020-07-01", "4")}, {Item: "r", Update: update("2019-01-01", "5")},
	})
	want := "[r]\nn = 1\n\n" + block("r", "2019-01-01", "5") + "\n" + block("r", "2020-01-01", "3") + "\n" + block("r", "2020-06-01", "old") + "\n" +
		block("r", "2020-07-01", "2") + "\n" + block("r", "2020-07-01", "4") + "\n[s]\nn = 2\n\n" + block("s", "2020-03-03", "1")
	if err != nil || string(got) != want {
		t.Fatalf("got %v\n%s\nwant\n%s", err, got, want)
	}
	for i, line := range lines {
		if text := strings.Split(want, "\n")[line+2]; text != `text = "`+string(rune('1'+i))+`"` {
			t.Errorf("update %d: line %d begins the one with %s", i+1, line, text)
		}
	}
	if same, _, err := edit.Add([]byte(source), nil); err != nil || string(same) != source {
		t.Errorf("without updates: %v\n%s", err, same)
	}
}

// Updates that cannot be added without changing something else are refused.
func TestAddRefuses(t *testing.T) {
	for _, source := range []string{
		"", "[s]\nn = 1\n", "r = 1\n", "r = { n = 1 }\n", "r.n = 1\ns.n = 2\n", "[[r]]\nn = 1\n",
		"[r]\nupdates = []\n", "[r]\nupdates = [{ date = 2020-01-01 }]\n", "[r]\nupdates = 1\n", "[r]\nupdates.x = 1\n", "[r]\nn = \n", "[r.updates]\nn = 1\n",
		"[[r.updates]]\ndate = 2020-01-01\n",
	} {
		got, _, err := edit.Add([]byte(source), []edit.Addition{{Item: "r", Update: update("2020-01-01", "new")}})
		if err == nil {
			t.Errorf("%q becomes\n%s", source, got)
		}
	}
	_, _, err := edit.Add([]byte("[r]\nupdates = []\n"), []edit.Addition{{Item: "r", Update: update("2020-01-01", "new")}})
	if want := "an update cannot be added to [r]: write the record below a line [r], and each of its updates below a line [[r.updates]]"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A date is replaced with another one, wherever TOML allows it.
func TestSetDate(t *testing.T) {
	for source, want := range map[string]string{
		"[params]\nas_at = 2020-01-01 # today\n\n[o]\nas_at = 2019-01-01\n": "[params]\nas_at = 2026-11-25 # today\n\n[o]\nas_at = 2019-01-01\n",
		"params.as_at  =  2020-01-01":                                       "params.as_at  =  2026-11-25",
		"params = { p = \"a\", as_at = 2020-01-01 }\r\n":                    "params = { p = \"a\", as_at = 2026-11-25 }\r\n",
		"[params]\n\"as_at\" = 2020-01-01\n":                                "[params]\n\"as_at\" = 2026-11-25\n",
	} {
		got, err := edit.SetDate([]byte(source), day("2026-11-25"), "params", "as_at")
		if err != nil || string(got) != want {
			t.Errorf("%q becomes %q, %v", source, got, err)
		}
	}
	for _, source := range []string{"", "as_at = 2020-01-01\n", "[params]\nas_at = \"2020-01-01\"\n", "[[params]]\nas_at = 2020-01-01\n", "[params]\nas_at = 2020-01-01T00:00:00\n", "[params\n"} {
		if got, err := edit.SetDate([]byte(source), day("2026-11-25"), "params", "as_at"); err == nil {
			t.Errorf("%q becomes %q", source, got)
		}
	}
}

// FuzzAdd adds an update to any TOML. If that succeeds, no other byte changes, and the
// result has the values of before and the update, as another parser reads it.
func FuzzAdd(f *testing.F) {
	for _, source := range []string{
		"[r]\nnumber = 1\n\n[s]\nnumber = 2\n", "[r]\r\nn = 1\r\n\r\n[s]\r\n", "[r]\nn = 1", "[r]\n# a\n[s]\n", "a = 1\n[ \"r\" ] # c\nt = \"\"\"\n[s]\n\"\"\"",
		"[r]\n\n" + block("r", "2021-01-01", "old"), "[s]\n[r.x.y]\n[r]\n[[r.updates]]\n[r.updates.z]\n[s.r]", "r.n = 1\n", "r = {}", "[r]\nupdates = []", "[r]\nn = nan\n[r.updates]",
		"[r]\nd = 2020-01-01\n#a\n#b\n\n#c\n[[s]]\n[[s]]\n[[r.updates]]\ndate = 2030-01-01", "[[r.updates]]\n[r]\n",
	} {
		f.Add(source, uint16(20000), "It has begun.", "A \"quote\"\n\nin \\ two '''\"\"\"\" lines\"")
	}
	f.Fuzz(func(t *testing.T, source string, days uint16, text, quote string) {
		u := update("1970-01-01", text)
		u.Date = report.Date{Time: u.Date.AddDate(0, 0, int(days))}
		u.Quote = report.Text(quote)
		result, lines, err := edit.Add([]byte(source), []edit.Addition{{Item: "r", Update: u}})
		if err != nil {
			mustRefuse(t, source, text+" "+quote, err)
			return
		}
		checkInsertion(t, source, string(result))
		if line := strings.TrimSpace(strings.Split(string(result), "\n")[lines[0]-1]); line != "[[r.updates]]" {
			t.Errorf("line %d is %q", lines[0], line)
		}
		before, after := map[string]any{}, map[string]any{}
		if toml.Unmarshal([]byte(source), &before) != nil {
			return // the two parsers differ
		}
		if err := toml.Unmarshal(result, &after); err != nil {
			t.Fatalf("%v\n%s", err, result)
		}
		if got := removeUpdate(t, after, u); !equal(before, got) {
			t.Fatalf("before: %v\nafter: %v\n%s", before, got, result)
		}
	})
}

// mustRefuse checks that there is a reason for an error: the source is not TOML or has
// no record to add to, or the text is not valid.
func mustRefuse(t *testing.T, source, text string, err error) {
	t.Helper()
	if strings.Contains(err.Error(), "without changing other records") {
		t.Errorf("%v: %q", err, source)
	}
	values := map[string]any{}
	if _, err := burnt.Decode(source, &values); err != nil || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r == '\ufffd' }) {
		return
	}
	record, ok := values["r"].(map[string]any)
	if !ok || record["updates"] != nil {
		return
	}
	for line := range strings.SplitSeq(source, "\n") {
		if line == "[r]" && !strings.Contains(source, `"""`) && !strings.Contains(source, "'''") {
			t.Errorf("refused: %v\n%s", err, source)
		}
	}
}

// checkInsertion checks that text was inserted into a source at one place, and nothing
// else changed.
func checkInsertion(t *testing.T, source, result string) {
	t.Helper()
	i := 0
	for i < len(source) && source[i] == result[i] {
		i++
	}
	if len(result) < len(source) || !strings.HasSuffix(result, source[i:]) {
		t.Fatalf("%q becomes %q", source, result)
	}
}

// removeUpdate returns values without the update, which must be there.
func removeUpdate(t *testing.T, values map[string]any, u *report.Update) map[string]any {
	t.Helper()
	record := values["r"].(map[string]any)
	list := record["updates"].([]any)
	want := map[string]any{"date": toml.LocalDate{Year: u.Date.Year(), Month: int(u.Date.Month()), Day: u.Date.Day()}, "by": []any{"a"}, "text": string(u.Text), "source": u.Source}
	if u.Text == "" {
		delete(want, "text")
	}
	if u.Quote != "" {
		want["quote"] = string(u.Quote)
	}
	for i, one := range list {
		if sameUpdate(want, one.(map[string]any)) {
			if list = append(list[:i:i], list[i+1:]...); len(list) == 0 {
				delete(record, "updates")
			} else {
				record["updates"] = list
			}
			return values
		}
	}
	t.Fatalf("%v is not among %v", want, list)
	return nil
}

// sameUpdate compares updates. Texts may lose line breaks at their ends, and have the
// line endings of the file.
func sameUpdate(a, b map[string]any) bool {
	plain := func(v any) any {
		if text, ok := v.(string); ok {
			return strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		}
		return v
	}
	if len(a) != len(b) {
		return false
	}
	for key := range a {
		if !reflect.DeepEqual(plain(a[key]), plain(b[key])) {
			return false
		}
	}
	return true
}

// equal compares values of TOML. NaN is the same as itself.
func equal(a, b any) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || math.IsNaN(a) && math.IsNaN(b))
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for key := range a {
			if !equal(a[key], b[key]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// FuzzSetDate changes the date of a field in any TOML: nothing else changes.
func FuzzSetDate(f *testing.F) {
	for _, source := range []string{"[params]\nas_at = 2020-01-01 # today\n", "params.as_at=2020-01-01", "params = { as_at = 2020-01-01 }", "[params.as_at]\n[[params]]"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		result, err := edit.SetDate([]byte(source), day("2026-11-25"), "params", "as_at")
		if err != nil {
			return
		}
		i := bytes.Index(result, []byte("2026-11-25"))
		for i >= 0 && (string(result[:i]) != source[:i] || string(result[i+10:]) != source[i+10:]) {
			if next := bytes.Index(result[i+1:], []byte("2026-11-25")); next < 0 {
				i = -1
			} else {
				i += 1 + next
			}
		}
		if i < 0 || len(result) != len(source) {
			t.Errorf("%q becomes %q", source, result)
		}
	})
}
