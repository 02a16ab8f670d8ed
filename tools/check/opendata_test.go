package check

import (
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
)

// An item of another site, or below a folder that is named by a year as well,
// is at home where its address ends.
func TestPlace(t *testing.T) {
	for address, want := range map[string]string{
		"./":                                "2014/index.html#",
		"./#summary-1":                      "2014/index.html#summary-1",
		"main-issues/#3.9":                  "2014/main-issues/index.html#3.9",
		"../2015/conclusions/#challenge-a":  "2015/conclusions/index.html#challenge-a",
		"../2015/full.html#x":               "2015/full.html#x",
		"https://x.org/2014/main-issues/#1": "2014/main-issues/index.html#1",
		"https://x.org/2013/2014/#a":        "2014/index.html#a",
		"https://x.org/":                    "/index.html#",
		"../../etc/#x":                      "../etc/index.html#x",
		"%zz":                               "",
	} {
		if got := place("2014", address); got != want {
			t.Errorf("%s leads to %q, want %q", address, got, want)
		}
	}
}

// Data that is made to exhaust memory, or the one who reads the messages, is
// told of in a few lines.
func TestDataBounds(t *testing.T) {
	rec := report.Recommendation{Record: report.Record{ID: "a"}, Number: 1, Title: "t", Wording: "w"}
	lib := &report.Library{Reports: []report.Report{{Year: "2014", Recommendations: []report.Recommendation{rec}}}}
	many := func(unit string, bytes int) string { return strings.Repeat(unit, bytes/len(unit)) }
	for name, text := range map[string]string{
		"too large":         many(" ", maxData+1),
		"empty items":       `{"version": 1, "recommendations": [` + many(`{},`, maxData-100) + `{}]}`,
		"an item repeated":  `{"version": 1, "recommendations": [` + many(`{"id":"a"},`, maxData-100) + `{}]}`,
		"findings":          `{"version": 1, "recommendations": [{"id": "a", "findings": [` + many(`{},`, maxData-100) + `{}]}]}`,
		"addresses":         `{"version": 1, "x": [` + many(`{"address":"x"},`, maxData-100) + `{}]}`,
		"a long address":    `{"version": 1, "x": {"address":"` + many("x ", maxData-100) + `"}}`,
		"open lists":        many("[", maxData),
		"open lists within": `{"x": ` + many("[", maxData-10),
		"a long number":     `{"version": ` + many("9", maxData-100) + `}`,
		"nothing":           "",
		"two":               `{"version": 1}{"version": 1}`,
		"a name twice":      `{"version": 1, "version": 1}`,
		"null":              "null",
		"lists in place":    `{"version": 1, "recommendations": null}`,
	} {
		site := fstest.MapFS{"2014/report.json": {Data: []byte(text)}}
		for _, file := range []string{"2014/recommendations.csv", "2014/challenges.csv"} {
			site[file] = &fstest.MapFile{Data: []byte("\ufeffid\r\n" + many(",", min(len(text), maxData-100)) + "\r\n")}
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		c := &checker{expected: expect(lib)}
		c.readSite(site)
		c.together(openDataParts(site, lib, map[string]bool{}))
		runtime.ReadMemStats(&after)
		t.Logf("%s: %.1f s", name, time.Since(start).Seconds())
		if held := int64(after.Sys) - int64(before.Sys); held > 300<<20 {
			t.Errorf("%s took %d MB", name, held>>20)
		}
		if n := len(c.problems); n < 1 || n > 12 {
			t.Errorf("%s: %d problems", name, n)
		}
		for _, p := range c.problems {
			if len(p.String()) > 400 {
				t.Errorf("%s: the message is %d bytes long: %.200s", name, len(p.String()), p.String())
			}
		}
	}
}

func FuzzData(f *testing.F) {
	f.Add(`{"version": 1, "recommendations": [{"id": "a", "address": "./#x", "follows": {"year": 2013, "id": "b"}}]}`, "id,status\r\na,x\r\n")
	f.Add(`{"version": 1, "challenges": [1]}`, "id,id\r\n\"a\r\n\"\r\n")
	f.Fuzz(func(t *testing.T, data, table string) {
		found := func(kind, id string, d datum) { place("2014", d.address) }
		leads := func(address string) { place("2014", address) }
		_ = readData([]byte(data), found, leads) // what is not data is an error, and no panic
		_ = readTable("challenge")([]byte(table), found, leads)
	})
}
