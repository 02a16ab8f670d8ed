package report

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
)

const settingsFile = "config.toml"

// settings is the table [params] of config.toml. Hugo reads the rest.
type settings struct {
	Publisher string `toml:"publisher" form:"id" says:"whose reports these are: an id from data/organisations.toml"`
	AsAt      Date   `toml:"as_at" says:"the date of everything that the site says about the present, without quotes: move it on whenever you record an update"`
	Contact   string `toml:"contact,omitempty" form:"contact" says:"where readers can report a mistake on a page: an e-mail address, or the address of a page"`
}

// Settings is the type of what config.toml has for editors. Its fields have the tags of
// records.
var Settings = reflect.TypeFor[struct {
	Title  string   `toml:"title" says:"the site's name, which ends the titles of pages in browsers and search engines"`
	Params settings `toml:"params"`
}]()

// checkMounts checks that the site is made of the folders here alone: Hugo would take files
// from anywhere on the computer.
func (l *loader) checkMounts(values map[string]any) {
	module, _ := values["module"].(map[string]any)
	mounts, _ := module["mounts"].([]map[string]any)
	for i, mount := range mounts {
		source, _ := mount["source"].(string)
		if top, _, _ := strings.Cut(source, "/"); !fs.ValidPath(source) || !slices.Contains(folders, top) {
			l.problems.add(l.place(settingsFile, elementPath("module.mounts", i)+".source"), "setting", fmt.Sprintf("%s is not a folder that the site is made of", Quote(source)), "delete these lines, from [[module.mounts]] on")
		}
	}
}

// readSettings reads the title, publisher, date and contact of the site.
func (l *loader) readSettings(lib *Library) {
	values, r := l.readTOML(settingsFile)
	if r == nil {
		return
	}
	l.tables[settingsFile] = r
	l.checkMounts(values)
	lib.Title, _ = values["title"].(string)
	table, _ := values["params"].(map[string]any)
	var s settings
	r.storeFields("params", "the table [params]", table, reflect.ValueOf(&s).Elem())
	if lib.contact = s.Contact; s.Contact == "" && !l.hasKey(settingsFile, "params.contact") {
		l.advise(Place{File: settingsFile}, "no-contact", "readers are not told where to report a mistake on a page", `add a line contact = "…" below [params], with an e-mail address or the address of a page`)
	}
	if s.Publisher != "" {
		l.checkReference(l.place(settingsFile, "params.publisher"), s.Publisher, lib.bodyReferences())
	}
	if i := slices.IndexFunc(lib.Organisations, func(o *Organisation) bool { return o.ID == s.Publisher }); i >= 0 {
		lib.Publisher = lib.Organisations[i]
	}
	if lib.AsAt = s.AsAt; s.AsAt.After(l.lastMoment) {
		l.problems.add(l.place(settingsFile, "params.as_at"), "as-at-date", "as_at is "+s.AsAt.ISO()+", which is in the future", "correct the date, or this computer's clock")
	}
}
