package report

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A fault is what is wrong with a link, and what to do about it. If the target is
// missing, another problem may be the cause.
type fault struct {
	what, do  string
	file      string // the page's file, or its folder if there is no such page
	missingID string // the id of the place on the page, or ""
}

// schemes are the schemes that addresses outside the site can have.
var schemes = []string{"https", "http", "mailto", "tel"}

var (
	isPicture = regexp.MustCompile(`(?i)\.(png|jpe?g|webp|gif|svg)$`)
	hasScheme = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:|//)`)
)

// Href returns the address of a link in the page's text, for the page itself or, if
// whole, for the page of the whole report. It fails for links that [Load] has not
// accepted.
func (p *Page) Href(destination string, whole bool) (string, error) {
	target, outside, f := p.lib.follow(p, destination)
	switch {
	case f != nil:
		return "", fmt.Errorf("the link to %q %s", destination, f.what)
	case target.Page == nil:
		return outside, nil
	}
	return p.linkTo(target, whole), nil
}

// follow returns the target of a link in a page's text, or else its address outside
// the site or in static.
func (lib *Library) follow(p *Page, destination string) (target Target, outside string, f *fault) {
	address := strings.TrimSpace(destination)
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return target, "", &fault{what: "has an address that cannot be read", do: "copy it again from the browser"}
	case address == "":
		return target, "", &fault{what: "goes nowhere", do: "write the address between the round brackets"}
	case u.Scheme != "":
		if f := outsideFault(u); f != nil {
			return target, "", f
		}
		if scheme := address[:len(u.Scheme)]; scheme != u.Scheme {
			return target, "", &fault{what: "begins with capital letters", do: "write " + u.Scheme + ": in lower case"}
		}
		if strings.Contains(address, `\`) {
			return target, "", &fault{what: `has a \ in its address`, do: "copy it again from the browser"}
		}
		return target, address, nil
	case u.Host != "":
		return target, "", &fault{what: "has an address without https:", do: "write https:" + address}
	}
	page := p
	if u.Path != "" {
		page = lib.findPage(p, u.Path)
	}
	switch {
	case page != nil:
		if u.Fragment != "" && !page.ids()[u.Fragment] {
			where := "this page"
			if page != p {
				where = page.File
			}
			return target, "", &fault{what: fmt.Sprintf("goes to #%s, which %s does not have", u.Fragment, where), do: "use a number or name that it has", file: page.File, missingID: u.Fragment}
		}
		return Target{page, u.Fragment}, "", nil
	case strings.HasPrefix(u.Path, "/") && lib.static[path.Clean(u.Path)] && path.Clean(u.Path) == u.Path:
		return target, address, nil
	}
	return target, "", lib.missingPageFault(p, address, u)
}

// outsideFault returns what is wrong with an address that has a scheme, or nil.
func outsideFault(u *url.URL) *fault {
	web := u.Scheme == "https" || u.Scheme == "http"
	if web && u.User == nil {
		if what := hostFault(u.Host); what != "" {
			return &fault{what: what, do: "copy it again from the browser, or link to another page that says the same"}
		}
		return nil
	}
	switch {
	case !slices.Contains(schemes, u.Scheme):
		return &fault{what: "has a kind of address that pages cannot use", do: "use one that begins with https://, mailto: or tel:"}
	case u.User != nil:
		return &fault{what: "has a name before its domain, and can look like another site’s", do: "delete the @ and everything before it"}
	}
	return callFault(u)
}

// findPage returns the page that a path in a page's text names, by its file or address,
// or nil.
func (lib *Library) findPage(source *Page, name string) *Page {
	name = pathFrom(source, name)
	if year, whole := strings.CutSuffix(name, "/full.html"); whole {
		if p := lib.byPath[year]; p != nil && p.isSummary() {
			return p.Report.Whole
		}
	}
	name = strings.TrimSuffix(name, ".md")
	if path.Base(name) == "_index" {
		name = path.Dir(name)
	}
	return lib.byPath[name]
}

// pathFrom returns a path in a page's text, relative to the folder content.
func pathFrom(source *Page, name string) string {
	if !strings.HasPrefix(name, "/") {
		name = path.Join(path.Dir(strings.TrimPrefix(source.File, "content")), name)
	}
	return path.Clean(name)
}

// missingPageFault describes a link to a page that does not exist.
func (lib *Library) missingPageFault(source *Page, target string, u *url.URL) *fault {
	f := &fault{what: "goes to a page that does not exist", do: "name a file in content, such as main-issues.md#3.9 or /glossary.md#term-early-help",
		file: path.Dir("content" + pathFrom(source, u.Path))}
	for _, d := range lib.Drafts {
		if !lib.ShowsDrafts && slices.Contains(strings.Split(u.Path, "/"), d.Name) {
			f.what = fmt.Sprintf("goes to the report of %s, which is an unpublished draft", d.Name)
			f.do = "publish that report too, or delete the link"
		}
	}
	switch {
	case documentName.MatchString(u.Path):
		file := path.Join(strings.TrimPrefix(path.Dir(source.File), "content"), u.Path)
		f.what, f.file = "goes to a document, and pages cannot link to one beside them", ""
		f.do = fmt.Sprintf("put the file into static, as static%s, and write %[1]s", path.Join("/", file))
	case strings.Contains(target, "@"):
		f.do = "for an e-mail address, write mailto:" + target
	case isPicture.MatchString(target):
		f.do = fmt.Sprintf("to show a picture, put ! before it: ![what it shows](%s)", target)
	case strings.HasPrefix(target, "www."):
		f.do = "for a page on another site, write https://" + target
	}
	return f
}

// A Picture is a picture in a page's text.
type Picture struct {
	Address       string // within the site
	Width, Height int    // in pixels; 0 if the file does not say
}

// Picture returns a picture in the page's text.
func (p *Page) Picture(destination string) (Picture, error) {
	pic, ok := p.lib.pictures[p.pictureFile(destination)]
	if !ok {
		return pic, fmt.Errorf("there is no picture %q", destination)
	}
	return pic, nil
}

// pictureFile returns the file that a picture's destination names: beside the page,
// or in static if it begins with a slash.
func (p *Page) pictureFile(destination string) string {
	target := strings.TrimSpace(destination)
	if strings.HasPrefix(target, "/") {
		return "static" + target
	}
	return path.Join(path.Dir(p.File), target)
}

// checkLinks checks every link and picture in a page's text. A term notes the
// passages that link to it.
func (l *loader) checkLinks(p *Page) {
	lib := p.lib
	causes := l.causes()
	for i, w := range p.links {
		if i%maxProblems == 0 && len(l.problems) > 20*maxProblems {
			return // that is enough to fix
		}
		if w.picture {
			l.checkPicture(lib, p, w)
			continue
		}
		target, outside, f := lib.follow(p, w.destination)
		if f == nil && isBlank(w.words) {
			l.problems.add(w.place, "link", fmt.Sprintf("the link to %s has no words", Quote(strings.TrimSpace(w.destination))), "write them between the square brackets")
			continue
		}
		if f == nil {
			f = w.wordsFault(outside)
		}
		if f != nil && causes.explain(f) {
			continue
		}
		if f != nil {
			l.problems.add(w.place, "link", fmt.Sprintf("the link %s to %s %s", Quote(w.words), Quote(strings.TrimSpace(w.destination)), f.what), f.do)
			continue
		}
		if number, ok := strings.CutPrefix(outside, "tel:"); ok {
			l.adviseNumber(w.place, number)
		}
		if term := lib.term(target); term != nil && !p.isHidden() && w.passage != nil && !slices.Contains(term.Uses, w.passage) {
			term.Uses = append(term.Uses, w.passage)
		}
	}
}

// wordsFault returns how the link's words mislead about where it goes, an address outside
// the site or, if that is "", within it. It returns nil if they do not.
func (w textLink) wordsFault(outside string) *fault {
	u, err := url.Parse(outside)
	if err != nil {
		return nil
	}
	texts := []string{w.words}
	if u.Scheme != "tel" {
		texts = append(texts, w.around, w.title)
	}
	for _, text := range texts {
		lower := strings.ToLower(text)
		isFile := (outside == "" || u.Scheme == "") && !strings.Contains(lower, "://") && !strings.Contains(lower, "www.") // such as report.md
		if isFile || strings.TrimSpace(text) == strings.TrimSpace(w.destination) {
			continue
		}
		if f := wordsFault(text, u); f != nil {
			return f
		}
	}
	return nil
}

// causes are reported problems that may explain others.
type causes struct {
	*loader
	files   map[string]bool // with problems other than links
	folders map[string]bool // of pages whose number is wrong
	data    bool            // the data has a problem
}

func (l *loader) causes() causes {
	c := causes{l, map[string]bool{}, map[string]bool{}, false}
	for _, p := range l.problems {
		if p.Rule == "link" || p.Rule == "image" {
			continue
		}
		c.files[p.File] = true
		c.folders[path.Dir(p.File)] = c.folders[path.Dir(p.File)] || p.Rule == "number"
		c.data = c.data || p.File == "data" || strings.HasPrefix(p.File, "data/")
	}
	return c
}

// explain reports whether one of them may be why a link's target is missing: a lost
// or unreadable page in its folder, or a problem with the page or the records that
// it lists.
func (c causes) explain(f *fault) bool {
	switch {
	case f.file == "":
		return false
	case f.missingID == "":
		return c.incompleteFolders[f.file] || c.folders[f.file] || c.files[f.file]
	}
	return c.lostPlaces[reportOf(f.file)+" "+f.missingID] || c.files[f.file] || c.data && (recordID.MatchString(f.missingID) || f.missingID == "help")
}

// term returns the term at a target in the glossary, or nil.
func (lib *Library) term(target Target) *Term {
	id, ok := strings.CutPrefix(target.ID, "term-")
	if !ok {
		return nil
	}
	if lib.terms == nil {
		lib.terms = indexByID(lib.Glossary)
	}
	if t := lib.terms[id]; t != nil && t.page == target.Page {
		return t
	}
	return nil
}
