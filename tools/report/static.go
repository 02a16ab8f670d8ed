package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
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

// plainNames are the extensions of other files that nothing runs. Names without an
// extension are for hosts, such as CNAME.
var plainNames = strings.Fields(" .txt .csv .tsv .json .geojson .xml .css .ico .webmanifest .zip .gz .br .ics .vtt .mp3 .mp4 .config")

// serverProgram matches names that some servers take for programs, whatever follows.
var serverProgram = regexp.MustCompile(`(?i)\.(php[0-9]?|phtml|phar|aspx?|jspx?|cgi|pl|py|rb|sh)(\.|$)`)

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
	case serverProgram.MatchString(name), !isLooked(ending) && ending != "" && !slices.Contains(plainNames, ending) && !slices.Contains(dotNames, ending):
		l.problems.add(Place{File: name}, "unknown-file", "files of this kind are not published: they may be programs, or hide one", "save it as a picture or as a .pdf, .docx, .xlsx, .csv or .txt file, or link to where it is published")
	case isLooked(ending):
		l.checkContents(name, ending)
	}
}

// isLooked reports whether files in static with an extension, in lower case, are looked at.
func isLooked(ending string) bool {
	return ending == ".svg" || ending == ".xml" || ending == ".pdf" || formats[ending] != "" || members[ending].name != ""
}

// checkContents checks what is in a file in static. ending is in lower case.
func (l *loader) checkContents(name, ending string) {
	if info, err := fs.Stat(l.source, name); err != nil || info.Size() > maxStatic {
		return
	}
	data, err := fs.ReadFile(l.source, name)
	if err != nil {
		return // reported where it is copied
	}
	switch {
	case formats[ending] != "":
		f := metadataFault(data)
		if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil {
			f = &fault{what: "cannot be read", do: "save it again as a .png or .jpg file"}
		}
		if f != nil {
			l.problems.add(Place{File: name}, "image", "this picture "+f.what, f.do)
			l.wrongPictures[name] = true
		}
	case ending == ".svg":
		if f, line := drawingFault(data); f != nil {
			l.problems.add(Place{name, line}, "image", "this drawing "+f.what, f.do)
		}
	case ending == ".xml":
		if line := pageLine(data); line > 0 {
			l.problems.add(Place{name, line}, "unknown-file", "browsers would show this file as a page or drawing, or cannot read it", "save it as a .txt or .csv file")
		}
	default:
		l.reportDocument(name, documentFault(ending, data))
	}
}

// pageLine returns the line of XML from which a browser would show a page or a drawing, with
// any scripts in it, or where it cannot be read, or 0.
func pageLine(data []byte) int {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return 0
		}
		line, _ := d.InputPos()
		if err != nil {
			return line
		}
		switch t := token.(type) {
		case xml.StartElement:
			if strings.HasPrefix(t.Name.Space, "http://www.w3.org/") && !strings.HasPrefix(t.Name.Space, "http://www.w3.org/2005/Atom") {
				return line
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				return line
			}
		case xml.Directive:
			return line
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
	var uses nesting
	for {
		token, err := d.Token()
		if err == io.EOF {
			if uses.isNested() {
				return &fault{what: "repeats a part (<use>) that repeats other parts, which can fill a phone's memory", do: do}, 1
			}
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
			uses.begin(name, t.Attr)
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
			uses.end()
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

// A nesting finds out whether a part of a drawing that is repeated repeats others.
type nesting struct {
	open    []string        // the ids of open elements, "" for none
	repeats map[string]bool // the ids of elements that repeat others
	targets []string        // the ids of elements that are repeated
}

// begin takes a start tag, and end an end tag.
func (n *nesting) begin(name string, attrs []xml.Attr) {
	id, target := "", ""
	for _, a := range attrs {
		switch strings.ToLower(a.Name.Local) {
		case "id":
			id = a.Value
		case "href":
			target = strings.TrimPrefix(strings.TrimSpace(a.Value), "#")
		}
	}
	n.open = append(n.open, id)
	if name == "use" {
		n.targets = append(n.targets, target)
		for _, id := range n.open {
			if n.repeats == nil {
				n.repeats = map[string]bool{}
			}
			n.repeats[id] = id != ""
		}
	}
}

func (n *nesting) end() { n.open = n.open[:max(0, len(n.open)-1)] }

func (n *nesting) isNested() bool {
	return slices.ContainsFunc(n.targets, func(id string) bool { return n.repeats[id] })
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
