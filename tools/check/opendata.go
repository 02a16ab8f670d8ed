package check

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"annualreport/tools/report"
)

// maxData is beyond what any report's data needs, in bytes of a file.
const maxData = 1 << 20

// The files of a report's open data. The tables have one kind of item each.
const dataFile = "report.json"

var dataTables = []struct{ kind, file string }{{"recommendation", "recommendations.csv"}, {"challenge", "challenges.csv"}}

// A datum is what open data says of an item, in texts that can be compared. A
// table says of the updates only what the last one does.
type datum struct {
	number, title, wording, bodies, findings, group string
	follows, followedBy, closed, status             string
	updates                                         string
	address                                         string
}

// differs gives the names of what is not the same, but for the address.
func (d datum) differs(from datum) []string {
	var names []string
	for _, part := range []struct{ name, a, b string }{
		{"number", d.number, from.number}, {"title", d.title, from.title}, {"formal wording", d.wording, from.wording}, {"bodies", d.bodies, from.bodies},
		{"findings", d.findings, from.findings}, {"theme or challenges", d.group, from.group}, {"item before", d.follows, from.follows},
		{"item after", d.followedBy, from.followedBy}, {"reason why it is closed", d.closed, from.closed}, {"status", d.status, from.status}, {"updates", d.updates, from.updates},
	} {
		if part.a != part.b {
			names = append(names, part.name)
		}
	}
	return names
}

// A wanted is an item that open data has to have.
type wanted struct {
	kind   string
	record report.Record
	whole  datum // as report.json has it
	row    datum // as its table has it
}

// openDataParts gives what proves that each report's data, for programs and for
// spreadsheets, holds the items that the report has, and no others, and that its
// addresses lead somewhere. What is missing from the pages has been told.
func openDataParts(built fs.FS, lib *report.Library, missing map[string]bool) (parts []func(*checker)) {
	for i, rep := range lib.Reports {
		all := sync.OnceValue(func() []wanted { return wantedOf(lib, i) })
		parts = append(parts,
			func(c *checker) {
				c.checkData(built, rep.Year, dataFile, missing, all(), func(w wanted) datum { return w.whole }, readData)
			},
			func(c *checker) {
				for _, t := range dataTables {
					own := slices.DeleteFunc(slices.Clone(all()), func(w wanted) bool { return w.kind != t.kind })
					c.checkData(built, rep.Year, t.file, missing, own, func(w wanted) datum { return w.row }, readTable(t.kind))
				}
			})
	}
	return parts
}

// A dataReader gives to found each item that a file holds, with its kind and
// id, and to leads each address that has to lead to a place on the site.
type dataReader func(text []byte, found func(kind, id string, d datum), leads func(address string)) error

// checkData proves one file.
func (c *checker) checkData(built fs.FS, year, file string, missing map[string]bool, all []wanted, as func(wanted) datum, read dataReader) {
	name := path.Join(year, file)
	tell := func(at report.Place, what string) {
		c.add(at, []string{name}, "open-data", what, "build the site again")
	}
	of := report.Place{File: "data/" + year}
	if c.blocked[name] {
		return // told already; to open it might never end
	}
	if _, there := c.files[name]; !there {
		tell(of, "the report's data is not there")
		return
	}
	text, err := readBounded(built, name)
	met := map[string]int{}
	strays, nowhere, first := 0, 0, ""
	leads := func(address string) {
		if !c.leads(year, address, missing) {
			if nowhere++; nowhere == 1 {
				first = address
			}
		}
	}
	if err == nil {
		err = read(text, func(kind, id string, d datum) {
			i := slices.IndexFunc(all, func(w wanted) bool { return w.kind == kind && w.record.ID == id })
			if i < 0 {
				strays++
				return
			}
			w := all[i]
			label := fmt.Sprintf("%s “%s”", kind, id)
			if met[label]++; met[label] > 1 {
				if met[label] == 2 {
					tell(w.record.Place, label+" stands more than once in the data")
				}
				return
			}
			if names := d.differs(as(w)); len(names) > 0 {
				tell(w.record.Place, fmt.Sprintf("%s has not the same %s in the data as in the report", label, strings.Join(names, ", ")))
			}
			if place(year, d.address) != path.Join(year, places[kind])+"#"+kind+"-"+id {
				tell(w.record.Place, label+" does not have the address of its place in the data")
			}
		}, leads)
	}
	if err != nil {
		tell(of, "the report's data cannot be read: "+plainData(err))
		return
	}
	for _, w := range all {
		if label := fmt.Sprintf("%s “%s”", w.kind, w.record.ID); met[label] == 0 {
			tell(w.record.Place, label+" is not in the data")
		}
	}
	if strays > 0 {
		tell(of, "the data has "+plural(strays, "item")+" that the report does not have")
	}
	if nowhere > 0 {
		what := "an address in the data leads nowhere: " + short(first)
		if nowhere > 1 {
			what += fmt.Sprintf(" (and so do %s like it)", plural(nowhere-1, "other"))
		}
		tell(of, what)
	}
}

// place gives where an address in a report's data leads, as page#id. Addresses
// are relative to the report's folder, or whole; where the site stands makes
// no difference.
func place(year, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := path.Join(year, u.Path)
	if u.Host != "" {
		// The report's own folder or, for what follows it or comes before, that of another.
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		at := len(parts) - 1
		for at >= 0 && yearOf(parts[at]+"/") == "" {
			at--
		}
		name = strings.Join(parts[max(at, 0):], "/")
	}
	if u.Path == "" || strings.HasSuffix(u.Path, "/") {
		name += "/index.html"
	}
	return name + "#" + u.Fragment
}

// leads tells whether an address in a report's data leads to a place on the
// site, or to one that is told to be missing.
func (c *checker) leads(year, address string, missing map[string]bool) bool {
	to := place(year, address)
	name, id, _ := strings.Cut(to, "#")
	if missing[name] || missing[to] {
		return true
	}
	p := c.page(name)
	if p == nil {
		return c.unread(name) // which is told
	}
	if id == "" {
		return true
	}
	n, ok := c.numbers[id]
	if ok {
		_, ok = slices.BinarySearch(p.ids, n)
	}
	return ok
}

// short cuts a text that may hold anything to what a message can bear.
func short(text string) string {
	text = fold(text)
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:99]) + "…"
	}
	return text
}

func readBounded(built fs.FS, name string) ([]byte, error) {
	f, err := built.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxData+1))
	if len(text) > maxData {
		err = errTooMuch
	}
	return text, err
}

var (
	errTooMuch  = errors.New("it is larger than any report's data should be")
	errVersion  = errors.New("it is of a version that this check does not know")
	errNoData   = errors.New("it is not what it should be, or was written half-way")
	errFormula  = errors.New("a cell begins with what a spreadsheet may take for a formula")
	errLineEnds = errors.New("its lines do not end as a table's do, with a carriage return and a line feed")
)

// plainData says what is wrong with a file that should have been data.
func plainData(err error) string {
	for _, known := range []error{errTooMuch, errVersion, errFormula, errLineEnds} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return errNoData.Error()
}

// readData reads a report.json. What it holds is read item by item, so that
// none can take more memory than its own text does.
func readData(text []byte, found func(kind, id string, d datum), leads func(address string)) error {
	in := jsontext.NewDecoder(bytes.NewBuffer(text))
	if err := enter(in, '{'); err != nil {
		return err
	}
	version := 0
	for in.PeekKind() != '}' {
		key, err := in.ReadToken()
		if err != nil {
			return err
		}
		switch name := key.String(); name {
		case "version":
			err = json.UnmarshalDecode(in, &version)
		case "recommendations", "challenges":
			err = readItems(in, strings.TrimSuffix(name, "s"), found)
		default:
			err = in.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	if _, err := in.ReadToken(); err != nil {
		return err
	}
	if _, err := in.ReadToken(); !errors.Is(err, io.EOF) {
		return errNoData
	}
	if version != 1 {
		return errVersion
	}
	return eachAddress(text, leads)
}

// enter goes into the object or list that has to come next.
func enter(in *jsontext.Decoder, kind jsontext.Kind) error {
	if in.PeekKind() != kind {
		return errNoData
	}
	_, err := in.ReadToken()
	return err
}

// A told is what report.json says of an item, as far as it has to be proved.
type told struct {
	Number      int     `json:"number"`
	ID          string  `json:"id"`
	Title       string  `json:"title"`
	Wording     string  `json:"wording"`
	Address     string  `json:"address"`
	AddressedTo []named `json:"addressed_to"`
	Findings    []named `json:"findings"`
	Theme       named   `json:"theme"`
	Challenges  []named `json:"challenges"`
	Follows     *other  `json:"follows"`
	FollowedBy  *other  `json:"followed_by"`
	Closed      string  `json:"closed"`
	Status      string  `json:"status"`
	Updates     []struct {
		Date   string  `json:"date"`
		Status string  `json:"status"`
		Text   string  `json:"text"`
		Source string  `json:"source"`
		By     []named `json:"by"`
	} `json:"updates"`
}

// A named is something that an item refers to.
type named struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
}

func readItems(in *jsontext.Decoder, kind string, found func(kind, id string, d datum)) error {
	if err := enter(in, '['); err != nil {
		return err
	}
	for in.PeekKind() != ']' {
		var it told
		if err := json.UnmarshalDecode(in, &it); err != nil {
			return err
		}
		d := datum{number: strconv.Itoa(it.Number), title: it.Title, wording: it.Wording, group: it.Theme.Title, follows: it.Follows.String(), followedBy: it.FollowedBy.String(),
			closed: it.Closed, status: it.Status, address: it.Address}
		var bodies, findings, group, updates []string
		for _, b := range it.AddressedTo {
			bodies = append(bodies, b.Name)
		}
		for _, f := range it.Findings {
			findings = append(findings, f.ID)
		}
		for _, c := range it.Challenges {
			group = append(group, c.Title)
		}
		for _, u := range it.Updates {
			parts := []string{u.Date, u.Status, u.Text, u.Source}
			for _, b := range u.By {
				parts = append(parts, b.Name)
			}
			updates = append(updates, strings.Join(parts, "\n"))
		}
		d.bodies, d.findings, d.updates = listOf(bodies), listOf(findings), listOf(updates)
		if len(group) > 0 {
			d.group = listOf(group)
		}
		found(kind, it.ID, d)
	}
	_, err := in.ReadToken()
	return err
}

// An other is an item of another report.
type other struct {
	Year int    `json:"year"`
	ID   string `json:"id"`
}

func (o *other) String() string {
	if o == nil {
		return ""
	}
	return fmt.Sprintf("%04d/%s", o.Year, o.ID)
}

func listOf(texts []string) string { return strings.Join(texts, "; ") }

// eachAddress gives to leads every address in JSON: each text that the name
// address stands for.
func eachAddress(text []byte, leads func(address string)) error {
	in := jsontext.NewDecoder(bytes.NewBuffer(text))
	for {
		kind := in.PeekKind()
		if kind != '"' {
			if _, err := in.ReadToken(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			continue
		}
		value, err := in.ReadValue()
		if err != nil {
			return err
		}
		of, length := in.StackIndex(in.StackDepth())
		if isName := of == '{' && length%2 == 1; isName && string(value) == `"address"` && in.PeekKind() == '"' {
			address, err := in.ReadToken()
			if err != nil {
				return err
			}
			leads(address.String())
		}
	}
}

// formulas are what no cell may begin with, and what begins one that was kept
// from being taken for a formula.
const formulas = "=+-@\t\r\n"

// readTable gives what reads the table of one kind of items.
func readTable(kind string) dataReader {
	return func(text []byte, found func(kind, id string, d datum), leads func(address string)) error {
		if bytes.Count(text, []byte("\n")) != bytes.Count(text, []byte("\r\n")) || !bytes.HasSuffix(text, []byte("\r\n")) {
			return errLineEnds
		}
		in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
		in.ReuseRecord = true
		var column map[string]int
		for {
			row, err := in.Read()
			if errors.Is(err, io.EOF) {
				if column == nil {
					return errNoData
				}
				return nil
			}
			if err != nil {
				return err
			}
			if column == nil {
				column = map[string]int{}
				for i, name := range row {
					column[name] = i
				}
				continue
			}
			for _, cell := range row {
				if cell != "" && strings.IndexByte(formulas, cell[0]) >= 0 {
					return errFormula
				}
			}
			cell := func(name string) string {
				i, ok := column[name]
				if !ok {
					return "\x00" // that no text has
				}
				text := row[i]
				if len(text) > 1 && text[0] == '\'' && strings.IndexByte(formulas, text[1]) >= 0 {
					text = text[1:]
				}
				return text
			}
			group := "challenges"
			if kind == "challenge" {
				group = "theme"
			}
			d := datum{number: cell("number"), title: cell("title"), wording: cell("wording"), bodies: cell("addressed_to"), group: cell(group),
				findings: strings.ReplaceAll(cell("findings"), "paragraph ", ""), follows: cell("follows"), followedBy: cell("followed_by"), closed: cell("closed"), status: cell("status"), address: cell("address")}
			if d.status != "" {
				d.updates = strings.Join([]string{cell("status_date"), cell("status"), cell("status_text"), cell("status_source"), cell("status_by")}, "\n")
			}
			leads(d.address)
			found(kind, cell("id"), d)
		}
	}
}

// wantedOf gives the items that the data of one of lib's reports has to have.
func wantedOf(lib *report.Library, index int) []wanted {
	rep := lib.Reports[index]
	names := map[string]string{}
	for _, o := range lib.Organisations {
		names[o.ID] = o.Name
	}
	bodies := func(ids []string) []string {
		var all []string
		for _, id := range ids {
			all = append(all, names[id])
		}
		return all
	}
	titles := map[string]string{}
	followed := map[string]string{} // by kind and item, the item of the next report that carries it on
	for _, t := range rep.Themes {
		titles["theme "+t.ID] = t.Title
	}
	if index > 0 {
		next := lib.Reports[index-1]
		for _, ch := range next.Challenges {
			followed["challenge "+ch.Follows] = next.Year + "/" + ch.ID
		}
		for _, r := range next.Recommendations {
			followed["recommendation "+r.Follows] = next.Year + "/" + r.ID
		}
	}
	var all []wanted
	add := func(kind string, rec report.Record, n int, title, wording string, addressedTo, findings, group []string, follows, closed string, updates []report.Update) {
		if index == 0 { // no report says that it is not asked again
			closed = ""
		}
		d := datum{number: strconv.Itoa(n), title: title, wording: wording, bodies: listOf(bodies(addressedTo)), findings: listOf(findings), group: listOf(group),
			follows: follows, followedBy: followed[kind+" "+rep.Year+"/"+rec.ID], closed: closed}
		w := wanted{kind: kind, record: rec, whole: d, row: d}
		var told []string
		for _, u := range updates {
			day := u.Date.Format("2006-01-02")
			told = append(told, strings.Join(append([]string{day, u.Status, u.Text, u.Source}, bodies(u.By)...), "\n"))
			w.row.updates = strings.Join([]string{day, u.Status, u.Text, u.Source, listOf(bodies(u.By))}, "\n")
			w.row.status, w.whole.status = u.Status, u.Status
		}
		w.whole.updates = listOf(told)
		w.row = w.row.asInTable()
		all = append(all, w)
	}
	for _, ch := range rep.Challenges {
		titles["challenge "+ch.ID] = ch.Title
		add("challenge", ch.Record, ch.Number, ch.Title, ch.Wording, ch.AddressedTo, ch.Findings, []string{titles["theme "+ch.Theme]}, ch.Follows, ch.Closed, ch.Updates)
	}
	for _, r := range rep.Recommendations {
		var group []string
		for _, id := range r.Challenges {
			group = append(group, titles["challenge "+id])
		}
		add("recommendation", r.Record, r.Number, r.Title, r.Wording, r.AddressedTo, r.Findings, group, r.Follows, r.Closed, r.Updates)
	}
	return all
}

// asInTable gives the texts that may have line breaks as a table gives them.
func (d datum) asInTable() datum {
	d.wording = strings.ReplaceAll(d.wording, "\r\n", "\n")
	d.updates = strings.ReplaceAll(d.updates, "\r\n", "\n")
	return d
}
