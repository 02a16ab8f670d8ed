package main

import (
	"os"
	"strings"
	"testing"

	"annualreport/tools/check"
	"annualreport/tools/report"
)

// The README has every rule of the check with what must hold, and all that is
// advised. (Packages check and report have tests that break each.)
func TestRulesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.ReplaceAll(string(text), "`", "")
	rows := map[string]string{}
	for _, rule := range check.Rules {
		rows[rule.Name] = rule.Holds
	}
	for _, rule := range report.AdviceRules {
		rows[rule.Name] = rule.Holds
	}
	for name, holds := range rows {
		if row := "| " + name + " | " + holds + " |"; !strings.Contains(readme, row) {
			t.Errorf("the README has no row %s", row)
		}
	}
}
