package report

import "testing"

func TestKeyLines(t *testing.T) {
	t.Parallel()
	const text = `# a comment
[a]
x = 1
long = '''
[b]
x = 2
'''
list = [
  "one",
  "two",
]
[[a.updates]]
date = 2015-01-01
[[a.updates]]
"date" = 2015-02-01
values = [{ period = "1" }, {
  period = "2" }]
[b.sub]
dotted.key = 1
`
	lines, _, err := keyLines(text)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{
		"a": 2, "a.x": 3, "a.long": 4, "a.list": 8, "a.list[0]": 9, "a.list[1]": 10,
		"a.updates[0]": 12, "a.updates[0].date": 13, "a.updates[1]": 14, "a.updates[1].date": 15,
		"a.updates[1].values[0].period": 16, "a.updates[1].values[1].period": 17,
		"b": 18, "b.sub": 18, "b.sub.dotted.key": 19,
	} {
		if got := lines[key]; got != want {
			t.Errorf("%s is on line %d, want %d", key, got, want)
		}
	}
	if _, ok := lines["b.x"]; ok {
		t.Error("a key was found inside a text")
	}
}
