package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

const (
	svgSpace   = "http://www.w3.org/2000/svg"
	xlinkSpace = "http://www.w3.org/1999/xlink"
	xhtmlSpace = "http://www.w3.org/1999/xhtml"
	mathSpace  = "http://www.w3.org/1998/Math/MathML"
)

// drawn are the elements of SVG that do nothing but draw. Scripts, pages within
// the drawing, links and animations, which can set a link, are not among them.
var drawn = strings.Fields(`svg g defs symbol use title desc metadata switch style view
	path rect circle ellipse line polyline polygon image text tspan textPath marker pattern clipPath mask
	linearGradient radialGradient stop filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
	feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
	feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`)

var (
	// A reference to a part of the drawing itself, or a picture within it.
	ownReference = regexp.MustCompile(`^(#|data:image/(png|jpe?g|gif|webp);base64,)`)

	// What a stylesheet, or an attribute that holds a part of one, draws in.
	drawsIn = regexp.MustCompile(`(?i)url\(\s*["']?\s*[^#"'\s]|@import|\\|image-set|javascript:|expression\(`)
)

// checkDrawing sees that an SVG file is a drawing and nothing more. In a page
// it could do nothing; opened by its own address, it is a page itself, without
// a policy, and could run scripts in the site's name.
func (l *loader) checkDrawing(name string) {
	data, err := fs.ReadFile(l.source, name)
	if err != nil {
		l.unreadable(name, "file", err)
		return
	}
	if line, what := drawingFault(data); what != "" {
		l.problems.add(Place{name, line}, "drawing", what, "save it again as plain SVG, or as a .png picture")
	}
}

// drawingFault tells what in an SVG file does more than to draw, and on which line.
func drawingFault(data []byte) (line int, what string) {
	d := xml.NewDecoder(bytes.NewReader(data))
	root, style := true, 0
	for {
		token, err := d.Token()
		line, _ = d.InputPos()
		switch {
		case errors.Is(err, io.EOF) && root:
			return 1, "there is no drawing in the file"
		case errors.Is(err, io.EOF):
			return 0, ""
		case err != nil:
			return line, "the drawing cannot be read: it is no XML in UTF-8"
		}
		switch t := token.(type) {
		case xml.Directive:
			if bytes.ContainsAny(t, "[") {
				return line, "the drawing defines what its words stand for"
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				return line, fmt.Sprintf("the drawing is to be shown with another file: %s", quote(t.Target))
			}
		case xml.StartElement:
			if root && t.Name != (xml.Name{Space: svgSpace, Local: "svg"}) {
				return line, "the file is no drawing in SVG"
			}
			root = false
			if what := elementFault(t); what != "" {
				return line, what
			}
			if t.Name.Local == "style" {
				style++
			}
		case xml.EndElement:
			if t.Name.Local == "style" {
				style--
			}
		case xml.CharData:
			if style > 0 && drawsIn.Match(t) {
				return line, "the drawing's stylesheet draws in something from elsewhere"
			}
		}
	}
}

// elementFault tells what an element of a drawing does more than to draw.
func elementFault(e xml.StartElement) string {
	switch {
	case e.Name.Space == svgSpace && !slices.Contains(drawn, e.Name.Local), e.Name.Space == xhtmlSpace, e.Name.Space == mathSpace:
		return fmt.Sprintf("the drawing has a <%s>, which does more than to draw", e.Name.Local)
	}
	for _, a := range e.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
		switch {
		case a.Name.Space == "xmlns" || a.Name.Space == "" && name == "xmlns": // it is named, not fetched
		case strings.HasPrefix(name, "on") && a.Name.Space == "":
			return fmt.Sprintf("the drawing has an event handler, %s", quote(a.Name.Local))
		case (name == "href" || name == "src") && (a.Name.Space == "" || a.Name.Space == xlinkSpace) && !ownReference.MatchString(value):
			return fmt.Sprintf("the drawing refers to something outside itself, %s", quote(value))
		case name == "base":
			return "the drawing says that it stands elsewhere"
		case drawsIn.MatchString(value):
			return fmt.Sprintf("the drawing draws in something from elsewhere, by its %s", quote(a.Name.Local))
		}
	}
	return ""
}
