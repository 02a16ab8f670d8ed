package main

import (
	"os"
	"strings"
	"testing"

	"annualreport/tools/check"
)

// The README has every rule of the check with what must hold, and every rule
// has a script that breaks it and shows the message.
func TestRulesAreDocumentedAndTested(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	readme := strings.ReplaceAll(read("../README.md"), "`", "")
	scripts := read("testdata/check.txt") + read("testdata/unreadable.txt")
	for _, rule := range check.Rules {
		if row := "| " + rule.Name + " | " + rule.Holds + " |"; !strings.Contains(readme, row) {
			t.Errorf("the README has no row %s", row)
		}
		if !strings.Contains(scripts, `\[`+rule.Name+`\]`) {
			t.Errorf("no script shows the message of %s", rule.Name)
		}
	}
}
