package report

import (
	"encoding/json"
	"slices"
	"strings"
)

// MaxIndex is the most bytes that the index of the search page can have with the
// text of all reports. If there is more, it has the older reports in brief, and
// each of these gets its own search page.
const MaxIndex = 300_000

// A Search is what a search page searches, besides what is outside reports.
type Search struct {
	Page  *Page
	Whole []*Report // with all their text
	Brief []*Report // with only titles, names and terms
}

// A searchIndex is the data for the script of a search page.
type searchIndex struct {
	Root    string      `json:"root"`    // the path from the page to the site's folder
	Reports []string    `json:"reports"` // their names
	Pages   []string    `json:"pages"`   // the files of pages, from the site's folder
	Rows    []searchRow `json:"rows"`
}

// A searchRow is one subject: the index of its page, the element there, the index of
// its report (-1 for none), its name, title, other names and text.
type searchRow [7]any

// deriveSearches adds the A to Z index and the search pages to the library.
func (lib *Library) deriveSearches(add func(*Page) *Page) {
	addPage := func(path, layout string, rep *Report) *Page {
		name := path[strings.LastIndex(path, "/")+1:]
		p := &Page{File: layoutFile(layout), Path: path, Layout: layout, Report: rep, Title: Text(lib.say("find_" + name)), Description: Text(lib.say("find_" + name + "_description"))}
		if rep != nil {
			p.File = rep.Summary.File
		}
		return add(p)
	}
	lib.IndexPage = addPage("/"+indexName, indexPage, nil)
	lib.Search = &Search{Page: addPage("/"+searchPage, searchPage, nil)}
	// The latest report comes first, though another may be newer.
	order := slices.DeleteFunc(slices.Clone(lib.Reports), func(rep *Report) bool { return rep == lib.Latest || rep.Summary == nil })
	if lib.Latest != nil && lib.Latest.Summary != nil {
		order = append([]*Report{lib.Latest}, order...)
	}
	room := MaxIndex - searchSize(lib.subjects(nil), false)
	var gains []int // the bytes that each report adds if it is not in brief
	for _, rep := range order {
		all := lib.subjects(rep)
		brief := searchSize(all, true)
		gains = append(gains, searchSize(all, false)-brief)
		room -= brief
	}
	for i, rep := range order {
		room -= gains[i] // after a report that does not fit, older ones do not fit either
		if i == 0 || room >= 0 {
			lib.Search.Whole = append(lib.Search.Whole, rep)
			continue
		}
		lib.Search.Brief = append(lib.Search.Brief, rep)
		rep.Search = &Search{Page: addPage("/"+rep.Name+"/"+searchPage, searchPage, rep), Whole: []*Report{rep}}
	}
}

// searchSize returns the bytes that subjects take in an index.
func searchSize(all []Subject, brief bool) int {
	var x searchIndex
	x.add(all, brief)
	data, _ := json.Marshal(x) // texts and numbers cannot fail
	return len(data)
}

// Search returns what a search page searches, or nil for any other page.
func (p *Page) Search() *Search {
	switch {
	case p.Layout != searchPage:
		return nil
	case p.Report != nil:
		return p.Report.Search
	}
	return p.lib.Search
}

// IsFinder reports whether the page is for finding others: the A to Z index, or a search
// page.
func (p *Page) IsFinder() bool { return p.Layout == indexPage || p.Layout == searchPage }

// Index returns the data for the page's script, as JSON.
func (s *Search) Index() (string, error) {
	lib := s.Page.lib
	x := searchIndex{Root: strings.Repeat("../", strings.Count(s.Page.Path, "/"))}
	x.add(lib.subjects(nil), false)
	for _, rep := range s.Whole {
		x.add(lib.subjects(rep), false)
	}
	for _, rep := range s.Brief {
		x.add(lib.subjects(rep), true)
	}
	data, err := json.Marshal(x)
	return string(data), err
}

// add adds subjects to the index, in brief with only their titles and names.
func (x *searchIndex) add(all []Subject, brief bool) {
	report := -1
	for _, s := range all {
		if brief && s.Title == "" {
			continue
		}
		if s.Report != nil && report < 0 {
			report = len(x.Reports)
			x.Reports = append(x.Reports, s.Report.DisplayName())
		}
		file, id, _ := strings.Cut(strings.TrimPrefix(s.Target.File(), "/"), "#")
		if n := len(x.Pages); n == 0 || x.Pages[n-1] != file {
			x.Pages = append(x.Pages, file)
		}
		text := s.Text
		if brief {
			text = ""
		}
		x.Rows = append(x.Rows, searchRow{len(x.Pages) - 1, id, report, s.Name, s.Title.String(), flat(s.Others...), text})
	}
}
