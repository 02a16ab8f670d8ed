package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The files in static are published as they are, so what nobody means to publish is left
// out or refused, and so is what a browser would run.

// leftover matches the names of files that operating systems, editors and git leave in
// folders.
var leftover = regexp.MustCompile(`(?i)^(\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|.*~|\..*\.sw[a-z]|\._.*|\.~lock\..*#|\.#.*|\.git(keep|ignore|attributes))$`)

// IsLeftover reports whether a file in static, of which it is given any path, is not
// published because a program left it there.
func IsLeftover(name string) bool { return leftover.MatchString(path.Base(name)) }

// dotNames are the names beginning with a full stop that servers and hosts ask for.
var dotNames = []string{".well-known", ".htaccess", ".nojekyll"}

// backup matches the names of copies that programs keep.
var backup = regexp.MustCompile(`(?i)\.(bak|orig|tmp)$`)

// pageNames are the extensions of files that browsers show as pages.
var pageNames = []string{".htm", ".html", ".xhtml", ".xht", ".shtml", ".shtm", ".mhtml", ".mht"}

// maxStatic is how many bytes a picture, drawing or document in static can have to be
// looked at.
const maxStatic = 64 << 20

// checkStatic checks a file in static.
func (l *loader) checkStatic(name string) {
	parts := strings.Split(name, "/")[1:]
	i := slices.IndexFunc(parts, func(part string) bool { return strings.HasPrefix(part, ".") && !slices.Contains(dotNames, part) })
	switch ending := strings.ToLower(path.Ext(name)); {
	case i >= 0:
		place := Place{File: path.Join("static", path.Join(parts[:i+1]...))}
		if !l.isReported(place.File) {
			l.problems.add(place, "private-file", "a name that begins with a full stop is for private files, but everything in static is published", "move it out of static, or rename it")
		}
	case backup.MatchString(name):
		l.problems.add(Place{File: name}, "private-file", "this looks like a copy that a program kept, but everything in static is published", "remove it, or rename it")
	case slices.Contains(pageNames, ending):
		l.problems.add(Place{File: name}, "unknown-file", "browsers would show this file as a page, and pages belong in content", "write it as an .md file in content, or save it as a .pdf or .txt file")
	case ending == ".svgz":
		l.problems.add(Place{File: name}, "unknown-file", "this drawing is compressed, so nothing can tell what is in it", "save it as an .svg file")
	case ending == ".svg" || formats[ending] != "" || ending == ".pdf" || members[ending].name != "":
		if info, err := fs.Stat(l.source, name); err != nil || info.Size() > maxStatic {
			return
		}
		data, err := fs.ReadFile(l.source, name)
		if err != nil {
			return // reported where it is copied
		}
		switch {
		case formats[ending] != "":
			if f := metadataFault(data); f != nil {
				l.problems.add(Place{File: name}, "image", "this picture "+f.what, f.do)
				l.wrongPictures[name] = true
			}
		case ending == ".svg":
			if f, line := drawingFault(data); f != nil {
				l.problems.add(Place{name, line}, "image", "this drawing "+f.what, f.do)
			}
		default:
			l.reportDocument(name, documentFault(ending, data))
		}
	}
}

// actions are the elements of drawings that run something or show a page.
var actions = []string{"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}

var (
	// Where a drawing may get something from: itself, and pictures within it.
	inDrawing    = regexp.MustCompile(`^\s*(#|data:image/(png|jpe?g|gif|webp)[;,]|$)`)
	styleAddress = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)|@import|image-set|\\`)
)

// drawingFault returns why a drawing cannot be published and the line, or nil. A browser
// that is given the drawing's own address runs its scripts.
func drawingFault(data []byte) (*fault, int) {
	const do = "save it as a plain drawing (in Inkscape: “Optimised SVG”), or as a .png file"
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	name := ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil, 0
		}
		line, _ := d.InputPos()
		if err != nil {
			return &fault{what: "cannot be read", do: do}, line
		}
		what := ""
		switch t := token.(type) {
		case xml.StartElement:
			name = strings.ToLower(t.Name.Local)
			if slices.Contains(actions, name) {
				what = fmt.Sprintf("has a <%s>, which can run a program", t.Name.Local)
			}
			for _, a := range t.Attr {
				if what == "" && a.Name.Space != "xmlns" {
					what = attributeFault(a)
				}
			}
		case xml.EndElement:
			name = ""
		case xml.CharData:
			if name == "style" {
				what = styleFault(string(t))
			}
		case xml.ProcInst:
			if t.Target == "xml-stylesheet" {
				what = "has a stylesheet outside the drawing"
			}
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				what = "defines entities, which can hide anything"
			}
		}
		if what != "" {
			return &fault{what: what, do: do}, line
		}
	}
}

// attributeFault returns what is wrong with an attribute in a drawing, or "".
func attributeFault(a xml.Attr) string {
	plain, name, value := a.Name.Space == "", strings.ToLower(a.Name.Local), a.Value
	switch {
	case plain && strings.HasPrefix(name, "on"):
		return fmt.Sprintf("has %s=, which can run a program", name)
	case name == "attributename" && (strings.HasSuffix(strings.ToLower(value), "href") || strings.HasPrefix(strings.ToLower(value), "on")):
		return "changes an address while it is shown"
	case (name == "href" || name == "src") && !inDrawing.MatchString(value):
		return "has the address " + Quote(value) + ", and browsers would go there"
	case plain:
		return styleFault(value)
	}
	return ""
}

// styleFault returns what is wrong with a drawing's style, or "".
func styleFault(css string) string {
	for _, m := range styleAddress.FindAllStringSubmatch(css, -1) {
		if strings.HasPrefix(strings.ToLower(m[0]), "url") && inDrawing.MatchString(m[1]) {
			continue
		}
		return "has a style that gets something from outside the drawing, or could"
	}
	return ""
}
