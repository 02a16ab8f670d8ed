package report

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	_ "golang.org/x/image/webp"
)

// A fault is what is wrong with a link, and what to do about it. If
// it is only that the target is not there, another problem may be the cause.
type fault struct {
	what, do string
	file     string // the page's file, or its folder if there is no such page
	lost     string // the id of the place on the page, or ""
}

// schemes are those that addresses outside the site may have.
var schemes = []string{"https", "http", "mailto", "tel"}

var (
	plainName = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`) // of a host: what it looks like
	isPicture = regexp.MustCompile(`(?i)\.(png|jpe?g|webp|gif|svg)$`)
	hasScheme = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:|//)`)
)

// Href gives the address of a link in the page's text, as the page itself or,
// if whole, the page of the whole report has it. The error says that the link
// is none that [Load] has found to be right.
func (p *Page) Href(destination string, whole bool) (string, error) {
	to, outside, f := p.lib.follow(p, destination)
	switch {
	case f != nil:
		return "", fmt.Errorf("the link to %q %s", destination, f.what)
	case to.Page == nil:
		return outside, nil
	}
	return p.linkTo(to, whole), nil
}

// follow gives where a link in a page's text leads: a target, or else an
// address outside, or of a file that is published as it is.
func (lib *Library) follow(p *Page, destination string) (to Target, outside string, f *fault) {
	target := strings.TrimSpace(destination)
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return to, "", &fault{what: "cannot be read as an address", do: "copy it again from the browser"}
	case target == "":
		return to, "", &fault{what: "goes nowhere", do: "write the address between the round brackets"}
	case u.Scheme != "":
		return to, target, outsideFault(u)
	case u.Host != "":
		return to, "", &fault{what: "has an address without https:", do: "write https:" + target}
	}
	page := p
	if u.Path != "" {
		page = lib.find(p, u.Path)
	}
	switch {
	case page != nil:
		if u.Fragment != "" && !page.ids()[u.Fragment] {
			where := "this page"
			if page != p {
				where = page.File
			}
			return to, "", &fault{what: fmt.Sprintf("goes to #%s, which %s does not have", u.Fragment, where), do: "use a number or name that is there", file: page.File, lost: u.Fragment}
		}
		return Target{page, u.Fragment}, "", nil
	case strings.HasPrefix(u.Path, "/") && lib.static[path.Clean(u.Path)] && path.Clean(u.Path) == u.Path:
		return to, target, nil
	}
	return to, "", lib.nowhere(p, target, u)
}

// outsideFault tells what is wrong with an address that names its kind.
func outsideFault(u *url.URL) *fault {
	web := u.Scheme == "https" || u.Scheme == "http"
	switch {
	case !slices.Contains(schemes, u.Scheme):
		return &fault{what: "has an address of a kind that pages may not use", do: "use one that begins with https://, mailto: or tel:"}
	case u.User != nil:
		return &fault{what: "has a name before its host, by which it can look like another’s", do: "take out what stands before the @, and the @"}
	case web && !plainName.MatchString(u.Host):
		return &fault{what: "does not name its host in letters from a to z, and can look like another’s", do: "copy it again from the browser"}
	}
	return nil
}

// find gives the page that a path in a page's text names, by its file or by its
// address, or nil.
func (lib *Library) find(from *Page, name string) *Page {
	name = pathFrom(from, name)
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

// pathFrom gives a path in a page's text from the folder content.
func pathFrom(from *Page, name string) string {
	if !strings.HasPrefix(name, "/") {
		name = path.Join(path.Dir(strings.TrimPrefix(from.File, "content")), name)
	}
	return path.Clean(name)
}

// nowhere tells of a link to a page that is not there.
func (lib *Library) nowhere(from *Page, target string, u *url.URL) *fault {
	f := &fault{what: "goes to a page that does not exist", do: "name a file in content, such as main-issues.md#3.9 or /glossary.md#term-early-help",
		file: path.Dir("content" + pathFrom(from, u.Path))}
	for _, d := range lib.Drafts {
		if !lib.ShowsDrafts && slices.Contains(strings.Split(u.Path, "/"), d.Name) {
			f.what = fmt.Sprintf("goes to the report of %s, which is a draft and is left out", d.Name)
			f.do = "publish that report too, or take the link out"
		}
	}
	switch {
	case strings.Contains(target, "@"):
		f.do = "for an email address, write mailto:" + target
	case isPicture.MatchString(target):
		f.do = fmt.Sprintf("to show a picture, put ! before it: ![what it shows](%s)", target)
	case strings.HasPrefix(target, "www."):
		f.do = "for a page on another site, write https://" + target
	}
	return f
}

// A Picture is one that a page's text shows.
type Picture struct {
	Address       string // within the site
	Width, Height int    // in pixels; 0 if the file does not say
}

// Picture gives a picture in the page's text.
func (p *Page) Picture(destination string) (Picture, error) {
	pic, ok := p.lib.pictures[p.pictureFile(destination)]
	if !ok {
		return pic, fmt.Errorf("there is no picture %q", destination)
	}
	return pic, nil
}

// pictureFile gives the file that a picture's destination names: beside the
// page, or, written from the site's root, in static.
func (p *Page) pictureFile(destination string) string {
	target := strings.TrimSpace(destination)
	if strings.HasPrefix(target, "/") {
		return "static" + target
	}
	return path.Join(path.Dir(p.File), target)
}

// checkLinks follows every link and looks at every picture in the pages' texts,
// and tells of those that are wrong. A term notes who links to it.
func (l *loader) checkLinks(p *Page) {
	lib := p.lib
	for _, w := range p.links {
		if w.picture {
			l.checkPicture(lib, p, w)
			continue
		}
		to, _, f := lib.follow(p, w.destination)
		if f != nil && l.explains(f) {
			continue
		}
		if f != nil {
			l.problems.add(w.place, "link", fmt.Sprintf("the link %s to %s %s", quote(w.words), quote(strings.TrimSpace(w.destination)), f.what), f.do)
			continue
		}
		if term := lib.term(to); term != nil && !p.hidden() && w.passage != nil && !slices.Contains(term.Uses, w.passage) {
			term.Uses = append(term.Uses, w.passage)
		}
	}
}

// explains tells whether a problem that is known already may be why a link's
// target is not there: a page of its folder that is lost or cannot be read, or
// something wrong with the page, or with the records that it lists.
func (l *loader) explains(f *fault) bool {
	if f.file == "" {
		return false
	}
	if f.lost == "" && l.incomplete[f.file] || l.lost[reportOf(f.file)+" "+f.lost] {
		return true
	}
	return slices.ContainsFunc(l.problems, func(p Problem) bool {
		switch {
		case p.Rule == "link" || p.Rule == "image":
			return false
		case f.lost == "":
			return p.Rule == "number" && path.Dir(p.File) == f.file || p.File == f.file
		}
		return p.File == f.file || (recordID.MatchString(f.lost) || f.lost == "help") && (p.File == "data" || strings.HasPrefix(p.File, "data/"))
	})
}

// term gives the term that is at a place in the glossary, or nil.
func (lib *Library) term(to Target) *Term {
	id, ok := strings.CutPrefix(to.ID, "term-")
	if !ok {
		return nil
	}
	if t := byID(lib.Glossary, id); t != nil && t.page == to.Page {
		return t
	}
	return nil
}

// checkPicture sees that a picture is there, can be read and is described.
func (l *loader) checkPicture(lib *Library, p *Page, w textLink) {
	target := strings.TrimSpace(w.destination)
	tell := func(what, do string) { l.problems.add(w.place, "image", "the picture "+quote(target)+" "+what, do) }
	if strings.TrimSpace(w.words) == "" {
		tell("has no description", fmt.Sprintf("say what it shows: ![what it shows](%s)", target))
	}
	if hasScheme.MatchString(target) {
		tell("is not on this site", "save it beside the page and write its name alone")
		return
	}
	file := p.pictureFile(w.destination)
	if _, known := lib.pictures[file]; known {
		return
	}
	pic, err := l.readPicture(file, target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.problems.add(w.place, "image", "there is no picture "+quote(target), "put the file into the page's folder, and write its name as the file's is")
	case err != nil:
		tell("cannot be read", "save it again as a .png or .jpg file")
	default:
		lib.pictures[file] = pic
	}
}

// readPicture reads how large a picture is. A drawing in static need not say.
func (l *loader) readPicture(file, target string) (Picture, error) {
	if path.Clean(file) != file || !isPicture.MatchString(file) {
		return Picture{}, fs.ErrNotExist
	}
	data, err := fs.ReadFile(l.source, file)
	if err != nil {
		return Picture{}, fs.ErrNotExist
	}
	pic := Picture{Address: strings.TrimPrefix(strings.TrimPrefix(file, "content"), "static")}
	if path.Ext(file) == ".svg" {
		return pic, nil
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	pic.Width, pic.Height = size.Width, size.Height
	return pic, err
}
