package check

import (
	"io/fs"
	"net/url"
	"path"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"annualreport/tools/report"
)

// Besides fixed words and the report's own text, a page may show the values of the
// matters it is about: an item's title, a body's name, the date of an update. They are
// read from the Library by reflection: from fields, and from methods without
// parameters. So a new field or a new kind of page needs no change here.

// A matter is a record, a page or a part of one that pages say something about.
type matter struct {
	record  any // a pointer to a type of package report
	kind    reflect.Type
	place   report.Place
	parents []*matter // what it belongs to; their values may be used with its own
	// requests are an item's. Their values may be used where their bodies are named.
	requests []*matter
	parts    []*matter // of a passage: the charts in it
	read     sync.Once
	// values are grouped by their first bytes.
	values map[byte][]value
}

// A value is what one field of a record says.
type value struct{ text, field string }

// A model finds the matters that elements and links of pages are about.
type model struct {
	lib       *report.Library
	site      fs.FS
	matters   map[any]*matter
	places    map[string]map[string]*matter // by page names, then element ids; "" is the page itself
	elsewhere map[string][]*matter          // by external addresses
	common    *matter                       // what every page may show
	charts    string                        // the word for a target in charts
}

// modelOf returns the model of a library.
func modelOf(lib *report.Library, site fs.FS) *model {
	m := &model{lib: lib, site: site, matters: map[any]*matter{}, places: map[string]map[string]*matter{}, elsewhere: map[string][]*matter{}}
	if target := lib.Words()["target"]; len(target) > 0 {
		m.charts = target[0]
	}
	m.common = m.add(lib, report.Place{})
	for _, o := range lib.Organisations {
		m.add(o, o.Place)
		m.link(o, o.Source, o.Reports)
	}
	for _, c := range lib.Contacts {
		m.add(c, c.Place)
		m.link(c, c.Page, c.Chat, "tel:"+c.Dial(), "sms:"+c.DialText())
	}
	for _, p := range lib.Pages {
		m.addPage(p)
	}
	m.addPage(lib.NotFound)
	for _, t := range lib.Glossary {
		m.put(t, t.Place)
		m.link(t, t.Source)
	}
	for _, s := range lib.Statuses {
		m.add(s, s.Place)
		for _, p := range lib.Pages {
			m.locate(nameOf(p), "status-"+s.ID, s)
		}
	}
	for _, rep := range lib.Reports {
		m.addReport(lib, rep)
	}
	m.addTotals(lib.Progress, lib.Totals())
	return m
}

func (m *model) addPage(p *report.Page) {
	if p == nil {
		return
	}
	t := m.add(p, report.Place{File: p.File})
	name := nameOf(p)
	m.locate(name, "", p)
	if p.Report != nil {
		t.parents = append(t.parents, m.add(p.Report, report.Place{File: p.Report.Summary.File}))
	}
	if p.Item != nil {
		t.parents = append(t.parents, m.add(p.Item, p.Item.Place))
	}
	if p.Organisation != nil {
		t.parents = append(t.parents, m.add(p.Organisation, p.Organisation.Place))
	}
	for _, h := range p.Passages {
		passage := m.add(h, h.Place)
		passage.parents = []*matter{t}
		m.locate(name, h.ID, h)
	}
}

func (m *model) addReport(lib *report.Library, rep *report.Report) {
	parent := m.add(rep, report.Place{File: rep.Summary.File})
	for _, o := range lib.Organisations {
		m.locate(nameOf(o.Target().Page), "in-"+rep.Name, rep)
	}
	for _, p := range append([]*report.Page{rep.Summary}, rep.Parts()...) {
		m.locate(nameOf(rep.Whole), p.PartID(), p)
		for _, h := range p.Passages {
			m.locate(nameOf(rep.Whole), h.WholeID, h)
		}
	}
	for _, t := range rep.Themes {
		m.put(t, t.Place, parent)
	}
	for _, measure := range rep.Measures {
		m.put(measure, measure.Place, parent)
		m.locate(nameOf(rep.Summary), measure.Target().ID, measure)
		m.link(measure, measure.Source)
		for _, page := range figurePages(lib, rep, measure) {
			m.locate(nameOf(page), figuresID(measure), measure)
		}
		if passage := m.matters[measure.Passage]; passage != nil {
			passage.parts = append(passage.parts, m.matters[measure])
		}
	}
	for _, r := range rep.Requirements {
		m.put(r, r.Place, parent)
		m.link(r, r.Source)
	}
	for _, o := range lib.Organisations {
		if b := rep.Body(o.ID); b != nil {
			m.put(b, o.Place, parent, m.matters[o])
		}
	}
	for _, it := range rep.AllItems() {
		m.addItem(it, parent)
	}
	for _, kind := range report.Kinds {
		m.addAsks(lib, rep, rep.Asks(kind))
	}
	m.addTotals(rep.Summary, rep.Totals())
	m.addTotals(rep.Listing("progress"), rep.Totals())
	if page := rep.Listing("progress"); page != nil && page.Full {
		m.addTotals(rep.Whole, rep.Totals())
	}
	if rep == lib.Latest {
		m.addTotals(lib.Front, rep.Totals())
		m.matters[lib.Front].parents = append(m.matters[lib.Front].parents, parent)
		for _, measure := range rep.Measures {
			m.locate(nameOf(lib.Front), measure.Target().ID, measure)
		}
		for _, h := range rep.Summary.Passages {
			m.locate(nameOf(lib.Front), h.ID, h)
		}
	}
}

func (m *model) addItem(it *report.Item, rep *matter) {
	m.put(it, it.Place, rep)
	parent := m.matters[it]
	m.locate(nameOf(it.Page()), it.Target().ID, it)
	if page := it.Report.Listing("connections"); page != nil {
		m.locate(nameOf(page), "thread-"+it.Target().ID, it)
	}
	for _, u := range it.Updates {
		m.add(u, u.Place).parents = []*matter{parent}
		m.locate(nameOf(it.Page()), "update-"+u.Name(), u)
		m.link(u, u.Source, u.Archived)
	}
	for _, r := range it.Requests {
		request := m.add(r, it.Place)
		request.parents = []*matter{parent, m.matters[r.Body], m.matters[r.Body.Organisation]}
		parent.requests = append(parent.requests, request)
		m.locate(nameOf(it.Page()), "request-"+r.Body.ID, r)
		m.locate(nameOf(r.Body.Organisation.Target().Page), strings.Join([]string{"request", it.Report.Name, it.Kind, it.ID}, "-"), r)
	}
}

// addAsks adds what pages say once for all items of a kind: how far they are, and who
// they are asked of, which is looked up at the first.
func (m *model) addAsks(lib *report.Library, rep *report.Report, asks *report.Asks) {
	if asks.Says() != "" {
		m.add(asks, report.Place{File: rep.Summary.File})
		for _, page := range summariesOf(lib, rep) {
			m.locate(nameOf(page), "state-of-"+asks.Kind+"s", asks)
		}
	}
	if asks.CommonBodies != nil {
		for _, page := range append([]*report.Page{rep.Summary, rep.Whole}, rep.Pages...) {
			m.locate(nameOf(page), "asked-of-"+asks.Kind+"s", asks.Items[0])
		}
	}
}

// addTotals adds a page's totals.
func (m *model) addTotals(p *report.Page, totals report.Totals) {
	if p != nil {
		m.add(&totals, report.Place{File: p.File})
		m.locate(nameOf(p), "totals", &totals)
	}
}

// add returns the matter for a record, which is created if it is new.
func (m *model) add(record any, place report.Place) *matter {
	t := m.matters[record]
	if t == nil {
		t = &matter{record: record, kind: reflect.TypeOf(record), place: place}
		m.matters[record] = t
	}
	return t
}

// put adds a record that has a place on a page and, there too, on the page of the whole
// report.
func (m *model) put(record report.Linkable, place report.Place, parents ...*matter) {
	t := m.add(record, place)
	t.parents = parents
	target := record.Target()
	if target.Page == nil {
		return
	}
	m.locate(nameOf(target.Page), target.ID, record)
	if target.Page.Report != nil {
		m.locate(nameOf(target.Page.Report.Whole), target.ID, record)
	} else {
		for _, rep := range m.lib.Reports {
			m.locate(nameOf(rep.Whole), target.ID, record)
		}
	}
}

// locate notes that an element of a page is about a record. The first record to claim an
// element keeps it.
func (m *model) locate(page, id string, record any) {
	if m.places[page] == nil {
		m.places[page] = map[string]*matter{}
	}
	if m.places[page][id] == nil {
		m.places[page][id] = m.matters[record]
	}
}

// link notes that a record names external addresses.
func (m *model) link(record any, addresses ...string) {
	for _, address := range addresses {
		if address = unescaped(address); address != "" {
			m.elsewhere[address] = append(m.elsewhere[address], m.matters[record])
		}
	}
}

// mattersOn returns the matters that a page's elements are about, by their ids.
func (m *model) mattersOn(page string) map[string]*matter {
	if m == nil {
		return nil
	}
	return m.places[page]
}

// valuesOf returns the values of a matter, by their first bytes.
func (m *model) valuesOf(t *matter) map[byte][]value {
	t.read.Do(func() {
		c := &collector{texts: map[string]bool{}, values: map[byte][]value{}, owner: t.record}
		m.collect(c, t.record)
		t.values = c.values
	})
	return t.values
}

// collect collects the values of a record.
func (m *model) collect(c *collector, record any) {
	v := reflect.ValueOf(record)
	switch record := record.(type) {
	case *report.Library:
		c.take("Title", reflect.ValueOf(record.Title), 0)
		c.take("AsAt", reflect.ValueOf(record.AsAt), 0)
		if record.Publisher != nil {
			c.names("Publisher", reflect.ValueOf(record.Publisher))
			c.take("Until", reflect.ValueOf(record.Publisher.Until), 0)
		}
		if len(record.Contacts) > 0 {
			c.take("Checked", reflect.ValueOf(record.OldestCheck()), 0)
		}
		c.files(m.site, ".")
	case *report.Asks:
		c.add("Items", strconv.Itoa(len(record.Items)))
		c.add("Says", record.Says())
	case *report.Totals:
		c.fields(v.Elem(), 0)
		c.add("Overdue", strconv.Itoa(len(record.Overdue)))
	default:
		c.fields(v.Elem(), 0)
		c.methods(v)
	}
	if record, ok := record.(report.Linkable); ok {
		c.add("Address", record.Target().Address())
	}
	m.collectRelated(c, record)
}

// collectRelated collects what a record is shown with: the values of records that belong
// to it, and what methods with parameters return.
func (m *model) collectRelated(c *collector, record any) {
	switch record := record.(type) {
	case *report.Measure:
		c.take("Rows", reflect.ValueOf(record.Rows()), 0)
		if chart := record.Chart(m.charts); chart != nil {
			c.take("Chart", reflect.ValueOf(*chart), 0)
		}
	case *report.Item:
		for _, u := range record.Updates {
			c.fields(reflect.ValueOf(u).Elem(), 0)
		}
		for _, other := range append([]*report.Item{record.Later}, record.Earlier...) {
			if other != nil {
				c.names("Report", reflect.ValueOf(other.Report))
			}
		}
		c.add("Address", record.Page().Target().Address())
		for _, n := range record.OtherNews(true) {
			c.add("OtherNews", n.Label())
		}
	case *report.Page:
		for _, h := range record.Passages {
			c.add("Passages", h.Number)
			c.series(h)
		}
	case *report.Passage:
		c.series(record)
	case *report.Report:
		for _, kind := range report.Kinds {
			c.take("Addressees", reflect.ValueOf(record.Asks(kind).Addressees), 0)
		}
		for _, theme := range record.Themes {
			c.names("Themes", reflect.ValueOf(theme))
		}
		c.files(m.site, record.Name)
		c.add("Address", record.Summary.Target().Address())
		for _, o := range []*report.Organisation{record.Publisher, record.Paper.From, record.Paper.To} {
			if o != nil {
				c.names("Publisher", reflect.ValueOf(o))
				c.take("Until", reflect.ValueOf(o.Until), 0)
			}
		}
	case *report.Organisation:
		c.add("Requests", strconv.Itoa(m.lib.CountRequests(record)))
	case *report.Request:
		for _, u := range []*report.Update{record.Answer, record.Progress, record.Last} {
			if u != nil {
				c.fields(reflect.ValueOf(u).Elem(), 0)
			}
		}
	}
}

// A collector collects the values of one record.
type collector struct {
	owner  any
	texts  map[string]bool
	values map[byte][]value
}

func (c *collector) add(field, text string) {
	text = foldStrictly(text)
	if text == "" || c.texts[text] {
		return
	}
	c.texts[text] = true
	c.values[text[0]] = append(c.values[text[0]], value{text, field})
}

var (
	textType   = reflect.TypeFor[report.Text]()
	dateType   = reflect.TypeFor[report.Date]()
	numberType = reflect.TypeFor[report.Number]()
	placeType  = reflect.TypeFor[report.Place]()
	recordType = reflect.TypeFor[report.Record]()
)

// silentFields are fields that no page shows.
var silentFields = map[string]bool{"ID": true, "Path": true, "Layout": true, "Lists": true, "Kind": true, "Place": true, "Record": true,
	"Direction": true, "Finding": true, "Findings": true, "AddressedTo": true, "By": true, "Follows": true, "Successor": true, "Theme": true, "MetIn": true}

// fields collects the fields of a struct.
func (c *collector) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || silentFields[f.Name] || f.Type == placeType || f.Type == recordType {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Pointer {
			continue
		}
		c.take(f.Name, v.Field(i), depth)
	}
}

// take collects one value.
func (c *collector) take(field string, v reflect.Value, depth int) {
	switch v.Type() {
	case textType:
		text := v.Interface().(report.Text)
		c.add(field, string(text))
		if strings.Contains(string(text), "\n") || len(text) > 2 {
			for _, b := range text.Blocks() {
				for _, part := range b.Texts {
					c.add(field, string(part))
				}
			}
		}
		return
	case numberType:
		c.add(field, v.String())
		return
	case dateType:
		if d := v.Interface().(report.Date); !d.IsZero() {
			c.add(field, d.String())
			c.add(field, d.MonthOfYear())
			c.add(field, strconv.Itoa(d.Year()))
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		text := v.String()
		if strings.Contains(text, "://") {
			if u, err := url.Parse(text); err == nil {
				c.add(field, u.Hostname())
			}
			return
		}
		c.add(field, text)
	case reflect.Int:
		c.add(field, strconv.FormatInt(v.Int(), 10))
	case reflect.Struct:
		if depth < 6 {
			c.fields(v, depth+1)
		}
	case reflect.Slice:
		c.takeAll(field, v, depth)
	case reflect.Map:
		for _, key := range v.MapKeys() {
			c.take(field, v.MapIndex(key), depth+1)
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		switch v.Interface().(type) {
		case *report.Tick, *report.Label, *report.Line, *report.Point:
			c.take(field, v.Elem(), depth+1)
			return
		}
		c.names(field, v)
	}
}

func (c *collector) takeAll(field string, v reflect.Value, depth int) {
	switch v.Type().Elem().Kind() {
	case reflect.Pointer:
		if _, ok := c.owner.(*report.Report); ok {
			return
		}
		switch reflect.Zero(v.Type().Elem()).Interface().(type) {
		case *report.Body, *report.Organisation, *report.Term, *report.Status:
			for i := range v.Len() {
				c.names(field, v.Index(i))
			}
		}
		return
	case reflect.String:
		if field == "Lines" { // of a text broken into lines
			var lines []string
			for i := range v.Len() {
				lines = append(lines, v.Index(i).String())
			}
			c.add(field, strings.Join(lines, " "))
			return
		}
	}
	for i := range v.Len() {
		c.take(field, v.Index(i), depth+1)
	}
}

// series collects the name of the series in which a passage is numbered, as readers see
// it.
func (c *collector) series(h *report.Passage) {
	if h.Series != "" {
		first, size := utf8.DecodeRuneInString(h.Series)
		rest := strings.ReplaceAll(h.Series[size:], "-", " ")
		c.add("Series", string(unicode.ToUpper(first))+rest)
		c.add("Series", string(first)+rest)
	}
}

// files collects the sizes of the files in a folder of the site.
func (c *collector) files(site fs.FS, folder string) {
	entries, _ := fs.ReadDir(site, folder) // unreadable files are reported by listFiles
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && entry.Type().IsRegular() && path.Ext(entry.Name()) != ".html" {
			c.add("Files", report.Size(info.Size()))
			if report.IsPDF(path.Join(folder, entry.Name())) {
				data, _ := fs.ReadFile(site, path.Join(folder, entry.Name()))
				c.add("Files", report.PrintedSize(data))
			}
		}
	}
}

// names collects what another record is called.
func (c *collector) names(field string, v reflect.Value) {
	if v.IsNil() {
		return
	}
	switch record := v.Interface().(type) {
	case *report.Organisation:
		c.add(field, string(record.Name))
		for _, former := range record.Formerly {
			c.add(field, string(former.Name))
		}
	case *report.Body:
		c.add(field, string(record.Name))
	case *report.Term:
		c.add(field, string(record.Term))
		c.add(field, string(record.Abbreviation))
	case *report.Status:
		c.add(field, string(record.Name))
	case *report.Theme:
		c.add(field, string(record.Title))
		c.take(field, reflect.ValueOf(record.Stem), 0)
	case *report.Report:
		c.add(field, string(record.Label))
		c.add(field, record.Name)
		c.take(field, reflect.ValueOf(record.Date), 0)
	}
}

// methods collects what methods without parameters return.
func (c *collector) methods(v reflect.Value) {
	for i := range v.NumMethod() {
		method := v.Type().Method(i)
		if method.Type.NumIn() != 1 || method.Type.NumOut() != 1 || silentFields[method.Name] {
			continue
		}
		switch out := method.Type.Out(0); {
		case out == textType, out == dateType, out.Kind() == reflect.String, out.Kind() == reflect.Int:
			c.take(method.Name, v.Method(i).Call(nil)[0], 0)
		}
	}
}
