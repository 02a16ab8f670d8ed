package testkit

import (
	"io/fs"
	"maps"
	"sync"
	"testing/fstest"
)

// lists are the lists that pages can name, each of which must have a layout.
var lists = []string{"challenges", "connections", "glossary", "help", "organisations", "progress", "recommendations", "requirements"}

// baseFiles returns the files that reading a report needs besides content and data.
func baseFiles() fstest.MapFS {
	files := fstest.MapFS{
		"static/css/report.css": {},
		"static/icon.svg":       {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"static/2014/paper.txt": {Data: []byte("The paper.\n")},
		"config.toml":           {Data: []byte("title = \"t\"\n\n[params]\npublisher = \"leeds-safeguarding-children-board\"\nas_at = 2026-11-23\ncontact = \"web@example.org\"\n")},
	}
	words, err := fs.ReadFile(fixture, "report/"+wordsFile)
	if err != nil {
		panic(err) // the report is part of the program
	}
	files[wordsFile] = &fstest.MapFile{Data: words}
	for _, name := range lists {
		files["layouts/_partials/lists/"+name+".html"] = &fstest.MapFile{}
	}
	return files
}

var fullSource = sync.OnceValue(func() fstest.MapFS {
	files := baseFiles()
	if err := read(files, Report()); err != nil {
		panic(err) // the report is part of the program
	}
	return files
})

// MemorySource returns a source folder in memory: the tests' own report, with as
// much of layouts and static as reading it needs. A test may add and delete files,
// but must not change the bytes of an existing one.
func MemorySource() fstest.MapFS { return maps.Clone(fullSource()) }

// SmallSource returns a source folder in memory with a minimal report that has one
// of everything, for tests that read it thousands of times. The rule of
// [MemorySource] applies here too.
func SmallSource() fstest.MapFS {
	files := baseFiles()
	for name, text := range small {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

var small = map[string]string{
	"config.toml":                     "title = \"t\"\n\n[params]\npublisher = \"a\"\nas_at = 2026-11-23\ncontact = \"web@example.org\"\n",
	"data/statuses.toml":              "[completed]\nnumber = 1\nname = \"Completed\"\nkind = \"progress\"\nmeaning = \"m\"\n\n[in-progress]\nnumber = 2\nname = \"In progress\"\nkind = \"progress\"\nmeaning = \"m\"\nopen = true\n\n[accepted]\nnumber = 1\nname = \"Accepted\"\nkind = \"answer\"\nmeaning = \"m\"\nopen = true\n",
	"content/_index.md":               "+++\ntitle = \"t\"\ndescription = \"d\"\n+++\n",
	"content/glossary.md":             "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"glossary\"\n+++\n",
	"content/2014/_index.md":          "+++\ntitle = \"t\"\ndescription = \"d\"\ndate = 2014-10-22\n[params.paper]\nsubject = \"s\"\nfrom = \"a\"\nto = \"a\"\nauthor = \"x\"\ntelephone = \"1\"\n+++\n",
	"content/2014/findings.md":        "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nnumber = 1\n+++\n\n## One {#1.1}\n\nText.\n\n### Two {#1.2}\n\nText.\n",
	"content/2014/conclusions.md":     "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"challenges\"\n+++\n",
	"content/2014/recommendations.md": "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"recommendations\"\n+++\n",
	"content/2014/organisations.md":   "+++\ntitle = \"t\"\ndescription = \"d\"\n[params]\nlists = \"organisations\"\n+++\n",
	"data/organisations.toml":         "[a]\nname = \"A\"\nrole = \"r\"\n",
	"data/glossary.toml":              "[t]\nterm = \"t\"\nmeaning = \"m\"\n",
	"data/contacts.toml":              "[c]\nnumber = 1\ntitle = \"t\"\ntelephone = \"0800 1111\"\nchecked = 2026-11-23\n",
	"data/2014/themes.toml":           "[th]\nnumber = 1\ntitle = \"t\"\nwording = \"w\"\n",
	"data/2014/challenges.toml":       "[c]\nnumber = 1\ntheme = \"th\"\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\"a\"]\n",
	"data/2014/recommendations.toml":  "[r]\nnumber = 1\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\"a\"]\nchallenges = [\"c\"]\nfindings = [\"1.2\"]\n\n[[r.updates]]\ndate = 2015-09-15\nby = [\"a\"]\nprogress = \"completed\"\ntext = \"x\"\nsource = \"https://example.org/\"\n",
	"data/2014/requirements.toml":     "[q]\nnumber = 1\nwording = \"w\"\nsource = \"https://example.org/\"\nmet_in = [\"1.1\", \"challenge/c\", \"measure/m\"]\n",
	"data/2014/measures.toml":         "[m]\nnumber = 1\ntitle = \"t\"\ndirection = \"rising\"\nmeaning = \"good\"\nfinding = \"1.1\"\nvalues = [{ period = \"1\", value = 1.5 }, { period = \"2\", value = 2 }]\n",
}
