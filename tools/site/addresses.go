package site

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"annualreport/tools/check"
	"annualreport/tools/opendata"
	"annualreport/tools/report"
)

// A succession is a fresh site, and the live one that it is to replace.
type succession struct {
	source, fresh, live fs.FS
	folder              string // the live site's, for messages
	withPDFs            bool   // the fresh site has PDFs, if they were to be printed
	problems            report.Problems
	advice              report.Advice
}

// check returns an error unless the fresh site has a page, or a redirect, at every
// address of the live site, every document, and every numbered paragraph and record that
// a live page has: people have linked to them. Nor may a contact disappear. A lost folder
// is one problem, whatever is lost inside it. The advice is on pages that got shorter.
func (s *succession) check() (report.Advice, error) {
	if err := fs.WalkDir(s.live, ".", s.checkFile); err != nil {
		return nil, fmt.Errorf("cannot read the published site: %w", err)
	}
	s.add("index.html", findLostContacts(s.fresh, s.live)...)
	return s.advice, s.problems.Err()
}

// add adds what is lost with the live file or folder of that name.
func (s *succession) add(name string, all ...report.Problem) {
	for _, p := range all {
		p.Do += removal(s.folder, name)
		s.problems = append(s.problems, p)
	}
}

// checkFile checks what becomes of one live file or folder.
func (s *succession) checkFile(name string, entry fs.DirEntry, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist): // nothing is published yet
		return nil
	case err != nil:
		return err
	case entry.IsDir():
		page := path.Join(name, "index.html")
		if hasFile(s.fresh, name) || !hasFile(s.live, page) {
			return nil
		}
		s.add(name, lostPage(page))
		return fs.SkipDir
	case !entry.Type().IsRegular(): // reading a device or pipe might never end
		return nil
	case isDocument(name):
		if !hasFile(s.fresh, name) && (s.withPDFs || !report.IsPDF(name)) {
			s.add(name, lostDocument(name))
		}
		return nil
	case path.Ext(name) != ".html":
		return nil
	case !hasFile(s.fresh, name):
		s.add(name, lostPage(name))
		return nil
	}
	return s.comparePage(name)
}

// comparePage compares a live page with the fresh one. It skips the front page, which
// shows another report each year, the page of the whole report, which repeats its sections,
// and the pages of bodies, which repeat what items have.
func (s *succession) comparePage(name string) error {
	if name == "index.html" || path.Base(name) == "full.html" || strings.HasPrefix(name, "organisations/") {
		return nil
	}
	var pages [2][]byte
	for i, site := range []fs.FS{s.live, s.fresh} {
		var err error
		if pages[i], err = fs.ReadFile(site, name); err != nil {
			return err
		}
		if bytes.Contains(pages[i], []byte("http-equiv=refresh")) {
			return nil // a redirect
		}
	}
	if bytes.Equal(pages[0], pages[1]) {
		return nil // true of most pages
	}
	lost := findLostPlaces(name, pages[0], pages[1])
	s.add(name, lost...)
	if file := check.SourceOf(name); len(lost) == 0 && hasFile(s.source, file) {
		s.adviseShorter(report.Place{File: file}, name, countWords(pages[0]), countWords(pages[1]))
	}
	return nil
}

// minLoss is how many words a page has to lose to be pointed out, if that is a third of them.
const minLoss = 30

// adviseShorter points out a page that has lost many of its words: part of its file may be
// missing.
func (s *succession) adviseShorter(place report.Place, name string, before, now int) {
	if loss := before - now; loss >= minLoss && 3*loss >= before {
		s.advice = append(s.advice, report.Problem{Place: place, Pages: []string{check.Address(name)}, Rule: "shorter",
			What: fmt.Sprintf("this page has %d words, and the published one has %d", now, before),
			Do:   "if you did not cut it, restore what is missing"})
	}
}

// countWords returns the number of words in the main part of a page.
func countWords(page []byte) int {
	_, main, _ := bytes.Cut(page, []byte("<main"))
	main, _, _ = bytes.Cut(main, []byte("</main>"))
	return len(bytes.Fields(tag.ReplaceAll(main, []byte(" "))))
}

var tag = regexp.MustCompile(`<[^>]*>`)

// removal says how to remove something from the site on purpose, after what to do
// otherwise: delete the file or folder of that name from the folder of the live site.
func removal(folder, name string) string {
	return fmt.Sprintf("; to remove it on purpose, delete %s, and build again", path.Join(filepath.ToSlash(folder), name))
}

// publishedContact matches a contact of a page: its id, and what its first link shows, which
// is its number or page.
var publishedContact = regexp.MustCompile(`<li data-contact="?([a-z0-9-]+)"?>.*?<a [^>]*>([^<]*)</a>`)

// findContacts returns the contacts that the front page of a site shows: the number or page of
// each, by its id.
func findContacts(site fs.FS) map[string]string {
	page, _ := fs.ReadFile(site, "index.html") // a page that is missing is reported
	contacts := map[string]string{}
	for _, m := range publishedContact.FindAllSubmatch(page, -1) {
		contacts[string(m[1])] = string(m[2])
	}
	return contacts
}

// findLostContacts returns a problem for each contact that the live site shows and the fresh
// one lacks: somebody may need it, and nothing else would show that it is missing.
func findLostContacts(fresh, live fs.FS) (problems report.Problems) {
	contacts := findContacts(fresh)
	for id, number := range findContacts(live) { // sorted later
		if _, ok := contacts[id]; !ok {
			problems = append(problems, report.Problem{Place: report.Place{File: "data/contacts.toml"}, Rule: "lost-contact",
				What: fmt.Sprintf("the published pages show the contact %s, %s, which would disappear", report.Quote(id), number),
				Do:   "restore it, or its old name in [brackets]"})
		}
	}
	return problems
}

// indexLocation matches the address of the A to Z index in a sitemap. Every site has one.
var indexLocation = regexp.MustCompile(`<loc>([^<]+/)index/</loc>`)

// findLostOptions returns the options that the live site was built with and that s lacks.
// PDFs are not among them: a build that would lose one stops.
func (s Settings) findLostOptions(live fs.FS) (options []string) {
	sitemap, _ := fs.ReadFile(live, "sitemap.xml") // without the site's address, there is none
	if m := indexLocation.FindSubmatch(sitemap); m != nil && s.BaseURL == "" {
		options = append(options, "--base-url "+html.UnescapeString(string(m[1])))
	}
	if hasFile(live, "index.html.br") && !s.Precompress {
		options = append(options, "--precompress")
	}
	return options
}

// hasFile reports whether a site has a file or folder.
func hasFile(site fs.FS, name string) bool {
	_, err := fs.Stat(site, name)
	return err == nil
}

// documents are the extensions of files that readers open and keep, such as letters and
// papers. A picture is a part of a page, and can be replaced.
var documents = []string{".pdf", ".txt", ".csv", ".odt", ".ods", ".odp", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".rtf", ".epub"}

// isDocument reports whether a file of a site is a document. The tables that the command
// writes come and go with their records, which are accounted for, and what a host or a
// search engine asks for is nothing to cite.
func isDocument(name string) bool {
	base := path.Base(name)
	return slices.Contains(documents, strings.ToLower(path.Ext(name))) && dataKeys[base] == "" && name != opendata.ProgressFile &&
		base != "robots.txt" && base != "security.txt"
}

// lostDocument is the problem with a published document that the fresh site lacks.
func lostDocument(name string) report.Problem {
	what, do := "document", "restore it in static, or in content"
	if report.IsPDF(name) {
		what, do = "PDF", "build with --pdf"
	}
	return report.Problem{Pages: []string{"/" + name}, Rule: "lost-address", What: fmt.Sprintf("this published %s would disappear, and links to it would break", what),
		Do: do}
}

// lostPage is the problem with a published page that the fresh site lacks.
func lostPage(name string) report.Problem {
	address := check.Address(name)
	file, do := findDataFile(name), restoreRecord
	if file == "" {
		file, do = check.SourceOf(name), fmt.Sprintf("to redirect its address, add aliases = [%q] at the top of the page that replaces it", address)
	}
	return report.Problem{Place: report.Place{File: file}, Pages: []string{address}, Rule: "lost-address",
		What: "this published page would disappear, and links to it would break",
		Do:   do}
}

// restoreRecord says what to do about a lost page or place that comes from a record.
const restoreRecord = "restore the record, or its old name in [brackets]"

// recordPage matches the name of a page that comes from a record of a data file.
var recordPage = regexp.MustCompile(`^(?:([0-9]{4}(?:-[a-z0-9]+)*/)(challenges|recommendations)|(organisations))/[^/]+/index\.html$`)

// findDataFile returns the data file that the page name comes from, or "" if
// somebody wrote the page.
func findDataFile(name string) string {
	m := recordPage.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	return path.Join("data", m[1], m[2]+m[3]+".toml")
}

// citedPlace matches an element that people cite: a numbered paragraph, a record or an
// update.
var citedPlace = regexp.MustCompile(`<([a-z]+[1-6]?)(?:\s[^<>]*)?\sid="?(?:((?:[a-z]+(?:-[a-z]+)*-)?[A-Z]?[0-9]+(?:\.[0-9]+)*)|((?:challenge|recommendation|theme|measure|requirement|term|update)-[a-z0-9-]+))["\s>]`)

func findCitedPlaces(page []byte) []string {
	var ids []string
	for _, m := range citedPlace.FindAllSubmatch(page, -1) {
		if number, record := m[2], m[3]; len(number) > 0 {
			ids = append(ids, string(number))
		} else if len(m[1]) != 2 || m[1][0] != 'h' { // a heading without a number can have any id
			ids = append(ids, string(record))
		}
	}
	return ids
}

// findLostPlaces returns a problem for each source file whose places a live page has and
// the fresh one lacks.
func findLostPlaces(name string, live, fresh []byte) (problems report.Problems) {
	newIDs := findCitedPlaces(fresh)
	lost := map[source][]string{}
	for _, id := range findCitedPlaces(live) {
		if !slices.Contains(newIDs, id) {
			s := sourceOf(name, id)
			lost[s] = append(lost[s], id)
		}
	}
	for s, ids := range lost { // sorted later
		problems = append(problems, report.Problem{Place: report.Place{File: s.file}, Pages: []string{check.Address(name)}, Rule: "lost-address",
			What: fmt.Sprintf("the published page has #%s, which would disappear, and links to it would break", strings.Join(ids, ", #")),
			Do:   s.remedy})
	}
	return problems
}

// A source is where a place of a page comes from, and what to do if it is lost.
type source struct{ file, remedy string }

// sourceOf returns where the place with that id on the page name comes from.
func sourceOf(name, id string) source {
	folder, _, _ := strings.Cut(name, "/") // of the report
	switch kind, rest, _ := strings.Cut(id, "-"); kind {
	case "term":
		return source{"data/glossary.toml", restoreRecord}
	case "challenge", "recommendation", "theme", "measure", "requirement":
		return source{path.Join("data", folder, kind+"s.toml"), restoreRecord}
	case "update":
		return source{findDataFile(name), fmt.Sprintf("restore the update; if you corrected its date, add a line id = %q to it", rest)}
	}
	return source{check.SourceOf(name), "restore it"}
}
