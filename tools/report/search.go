package report

import (
	"encoding/json"
	"slices"
	"strings"
)

// MostIndex is how many bytes the index of the search page may have and hold all
// text of all reports. Beyond that, it has the earlier ones in brief, and each
// of these has a search page of its own.
const MostIndex = 300_000

// A Search is what a search page searches, beside what belongs to no report.
type Search struct {
	Page  *Page
	Whole []*Report // of which it holds all text
	Brief []*Report // of which it holds titles, names and terms alone
}

// A searchIndex is what a search page holds for its script.
type searchIndex struct {
	Root    string      `json:"root"`    // the way from the page to the site's folder
	Reports []string    `json:"reports"` // what they are called
	Pages   []string    `json:"pages"`   // the files of pages, from the site's folder
	Rows    []searchRow `json:"rows"`
}

// A searchRow is one subject: the number of its page and the element there, the number
// of its report (-1 for none), its name, title, other names and text.
type searchRow [7]any

// deriveSearches gives the library its index from A to Z and its search pages.
func (lib *Library) deriveSearches(add func(*Page) *Page) {
	made := func(path, layout string, rep *Report) *Page {
		name := path[strings.LastIndex(path, "/")+1:]
		p := &Page{File: settingsFile, Path: path, Layout: layout, Report: rep, Title: Text(lib.say("find_" + name)), Description: Text(lib.say("find_" + name + "_description"))}
		if rep != nil {
			p.File = rep.Summary.File
		}
		return add(p)
	}
	lib.IndexPage = made("/"+indexName, indexPage, nil)
	lib.Search = &Search{Page: made("/"+searchPage, searchPage, nil)}
	// The latest report comes first, though another may be newer.
	order := slices.DeleteFunc(slices.Clone(lib.Reports), func(rep *Report) bool { return rep == lib.Latest })
	if lib.Latest != nil {
		order = append([]*Report{lib.Latest}, order...)
	}
	room := MostIndex - searchSize(lib.subjects(nil), false)
	var gains []int // how many bytes a report takes more if it is not in brief
	for _, rep := range order {
		all := lib.subjects(rep)
		brief := searchSize(all, true)
		gains = append(gains, searchSize(all, false)-brief)
		room -= brief
	}
	for i, rep := range order {
		if room -= gains[i]; i == 0 || room >= 0 {
			lib.Search.Whole = append(lib.Search.Whole, rep)
			continue
		}
		room = 0 // nor is there any for those that are older
		lib.Search.Brief = append(lib.Search.Brief, rep)
		if rep.Summary != nil {
			rep.Search = &Search{Page: made("/"+rep.Name+"/"+searchPage, searchPage, rep), Whole: []*Report{rep}}
		}
	}
}

// searchSize is how many bytes subjects take in an index.
func searchSize(all []Subject, brief bool) int {
	var x searchIndex
	x.add(all, brief)
	data, _ := json.Marshal(x) // of texts and numbers, which cannot fail
	return len(data)
}

// SearchOn returns what a search page searches, or nil of any other page.
func (p *Page) SearchOn() *Search {
	switch {
	case p.Layout != searchPage:
		return nil
	case p.Report != nil:
		return p.Report.Search
	}
	return p.lib.Search
}

// Finds reports whether the page is there to find others by: the index from A to Z,
// or a search page.
func (p *Page) Finds() bool { return p.Layout == indexPage || p.Layout == searchPage }

// Index returns what the page holds for its script.
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

// add adds subjects to the index, which has titles and names alone of those that
// are to be in brief.
func (x *searchIndex) add(all []Subject, brief bool) {
	report := -1
	for _, s := range all {
		if brief && s.Title == "" {
			continue
		}
		if s.Report != nil && report < 0 {
			report = len(x.Reports)
			x.Reports = append(x.Reports, s.Report.Called())
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
