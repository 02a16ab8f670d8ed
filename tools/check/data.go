package check

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"annualreport/tools/opendata"
	"annualreport/tools/report"
)

// checkData checks that the reports' data is byte for byte what package opendata makes of
// the reports, and that its addresses lead somewhere.
func (c *checker) checkData() {
	files, err := c.expected.data(c.base)
	if err != nil {
		c.add(report.Place{File: "data"}, opendata.SchemaFile, "open-data", "the reports' data cannot be made: "+err.Error(), "show this to the person who looks after the site")
	}
	for _, want := range files {
		name := want.Name
		place := report.Place{File: path.Join("data", reportOf(name))}
		if c.obstacles[name] {
			continue
		}
		got, err := c.readText(name, 2*len(want.Bytes)+1)
		switch {
		case err != nil:
			c.add(place, name, "open-data", "the data "+describe(err), "build the site again")
		case !bytes.Equal(got, want.Bytes):
			what := "the data is not what the report says"
			if it := c.findChange(name, got, want.Bytes); it != nil {
				place, what = it.Place, labelOfItem(it)+" is missing from the data, or differs from the report"
			}
			c.add(place, name, "open-data", what, "build the site again")
		default:
			c.checkDataAddresses(place, want)
		}
	}
}

// dataAddress matches addresses within the site in the data.
var dataAddress = regexp.MustCompile(`"(?:address|page)": "([^"]*)"`)

func (c *checker) checkDataAddresses(place report.Place, file opendata.File) {
	for _, match := range dataAddress.FindAllSubmatch(file.Bytes, -1) {
		address := string(match[1])
		if target := c.localise(resolve(file.Name, path.Dir(file.Name), address)); !c.leads(target) {
			c.add(place, file.Name, "open-data", "an address in the data leads nowhere: "+address, "restore the id or the page")
		}
	}
}

// findChange returns the first item that differs in a data file, or nil.
func (c *checker) findChange(name string, got, want []byte) *report.Item {
	items, expected := readItems(name, got), readItems(name, want)
	for _, rep := range c.expected.lib.Reports {
		for _, it := range rep.AllItems() {
			if id := it.Target().ID; rep.Name == reportOf(name) && items[id] != expected[id] {
				return it
			}
		}
	}
	return nil
}

// readItems returns what a data file says of each item, by the item's element, as far as
// the file can be read.
func readItems(name string, data []byte) map[string]string {
	all := map[string]string{}
	if kind, table := strings.CutSuffix(path.Base(name), "s.csv"); table {
		rows, _ := csv.NewReader(bytes.NewReader(data)).ReadAll()
		for _, row := range rows {
			if id := slices.Index(rows[0], "id"); id >= 0 {
				all[kind+"-"+row[id]] = strings.Join(row, "\n")
			}
		}
		return all
	}
	var lists struct{ Challenges, Recommendations []map[string]any }
	_ = json.Unmarshal(data, &lists)
	for kind, items := range map[string][]map[string]any{"challenge": lists.Challenges, "recommendation": lists.Recommendations} {
		for _, it := range items {
			id, _ := it["id"].(string)
			text, _ := json.Marshal(it) // it comes from JSON
			all[kind+"-"+id] = string(text)
		}
	}
	return all
}
