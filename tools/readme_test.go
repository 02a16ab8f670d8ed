package main

import (
	"os"
	"strings"
	"testing"

	"annualreport/tools/check"
)

// The README has every rule of the check with what must hold. (Package check has
// tests that break each.)
func TestRulesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.ReplaceAll(string(text), "`", "")
	for _, rule := range check.Rules {
		if row := "| " + rule.Name + " | " + rule.Holds + " |"; !strings.Contains(readme, row) {
			t.Errorf("the README has no row %s", row)
		}
	}
}
