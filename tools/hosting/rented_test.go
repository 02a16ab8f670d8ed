package hosting

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"
)

// The files for rented hosts, which no test can start, set the expected headers, and
// the page for addresses that do not exist.
func TestRentedHosts(t *testing.T) {
	want := maps.Clone(headers)
	want["Cache-Control"] = revalidate

	data, err := os.ReadFile("staticwebapp.config.json")
	if err != nil {
		t.Fatal(err)
	}
	var azure struct {
		GlobalHeaders     map[string]string
		ResponseOverrides map[string]struct {
			Rewrite    string
			StatusCode int
		}
	}
	if err := json.Unmarshal(data, &azure); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(azure.GlobalHeaders, want) {
		t.Errorf("staticwebapp.config.json has the headers %q, want %q", azure.GlobalHeaders, want)
	}
	if lost := azure.ResponseOverrides["404"]; lost.Rewrite != "/404.html" || lost.StatusCode != 404 {
		t.Errorf("staticwebapp.config.json answers %+v for an address that does not exist", lost)
	}

	file, err := os.Open("_headers")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, all := map[string]string{}, false
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "/") {
			all = line == "/*"
		} else if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && all && !strings.HasPrefix(line, "#") {
			got[name] = value
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("_headers has %q, want %q", got, want)
	}
}
