package report

import (
	"reflect"
	"slices"
	"strings"
)

// A DataFile is a kind of file in data/.
type DataFile struct {
	Name            string       // "challenges.toml"
	PerReport       bool         // in data/NAME, for each report; otherwise in data
	Record          reflect.Type // the type of its tables
	Noun            string       // the word for a record: "a challenge"
	MustExist       bool         // it must exist
	MustHaveRecords bool         // it must have records if it exists
}

// DataFiles are all kinds of files in data/, in the order for a new reader.
var DataFiles = []DataFile{
	{"organisations.toml", false, reflect.TypeFor[Organisation](), "an organisation", true, true},
	{"statuses.toml", false, reflect.TypeFor[Status](), "a status", false, true},
	{"contacts.toml", false, reflect.TypeFor[Contact](), "a contact", false, true},
	{"glossary.toml", false, reflect.TypeFor[Term](), "a term", false, false},
	{"recommendations.toml", true, reflect.TypeFor[Item](), "a recommendation", false, true},
	{"challenges.toml", true, reflect.TypeFor[Item](), "a challenge", false, true},
	{"themes.toml", true, reflect.TypeFor[Theme](), "a theme", false, true},
	{"measures.toml", true, reflect.TypeFor[Measure](), "a measure", false, false},
	{"requirements.toml", true, reflect.TypeFor[Requirement](), "a requirement", false, true},
}

// dataFile returns the kind of file with that name.
func dataFile(name string) DataFile {
	return DataFiles[slices.IndexFunc(DataFiles, func(f DataFile) bool { return f.Name == name })]
}

// Has reports whether records in the file have the field.
func (f DataFile) Has(field reflect.StructField) bool {
	only := field.Tag.Get("only")
	return only == "" || strings.HasSuffix(f.Noun, " "+only)
}

// dataFileNames returns the names that files in data/, or in data/NAME, can have.
func dataFileNames(perReport bool) []string {
	var names []string
	for _, f := range DataFiles {
		if f.PerReport == perReport {
			names = append(names, f.Name)
		}
	}
	return names
}
