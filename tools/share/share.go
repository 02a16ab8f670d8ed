// Package share draws how a site appears elsewhere: a picture for when somebody
// shares a page, and the icons and the manifest for a phone's home screen.
//
// [Files] draws them from the Library with the Go fonts, which come with
// golang.org/x/image, so the same source gives the same bytes on every machine.
// The colours and the mark are those of static/css/report.css and static/icon.svg.
package share

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
	"golang.org/x/text/unicode/norm"

	"annualreport/tools/report"
)

// A File is a file to publish. Its name is relative to the site's folder.
type File struct {
	Name  string
	Bytes []byte
}

// The names of the files.
const (
	Picture   = report.SharePicture
	TouchIcon = "apple-touch-icon.png"
	Manifest  = "site.webmanifest"
)

const width, height = report.ShareWidth, report.ShareHeight

// icons are the names of the icons, with their widths in pixels.
var icons = []struct {
	name string
	size int
}{{TouchIcon, 180}, {"icon-192.png", 192}, {"icon-512.png", 512}}

// Files returns the pictures, icons and manifest of a site.
func Files(lib *report.Library) (all []File, err error) {
	add := func(name string, img image.Image) {
		var file bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err == nil {
			err = encoder.Encode(&file, img)
		}
		all = append(all, File{name, file.Bytes()})
	}
	publisher := lib.Publisher.Name.String()
	add(Picture, draw(publisher, lib.Title, "", lib.Totals()))
	for _, rep := range lib.Reports {
		add(rep.Name+"/"+Picture, draw(publisher, rep.Title.String(), rep.DatedName(), rep.Totals()))
	}
	for _, icon := range icons {
		add(icon.name, drawIcon(icon.size))
	}
	if err != nil {
		return nil, err
	}
	manifest, err := manifest(lib)
	return append(all, File{Manifest, manifest}), err
}

func manifest(lib *report.Library) ([]byte, error) {
	type icon struct {
		Src   string `json:"src"`
		Sizes string `json:"sizes"`
		Type  string `json:"type"`
	}
	list := []icon{{"icon.svg", "any", "image/svg+xml"}}
	for _, i := range icons {
		if i.name != TouchIcon {
			list = append(list, icon{i.name, fmt.Sprintf("%dx%[1]d", i.size), "image/png"})
		}
	}
	return json.MarshalIndent(struct {
		Name       string `json:"name"`
		StartURL   string `json:"start_url"`
		Display    string `json:"display"`
		Theme      string `json:"theme_color"`
		Background string `json:"background_color"`
		Icons      []icon `json:"icons"`
	}{lib.Title, "./", "browser", hex(band), hex(white), list}, "", "  ")
}

var (
	band  = color.RGBA{0x0a, 0x3a, 0x4a, 0xff}
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
	glow  = color.RGBA{0xf4, 0xc9, 0x5d, 0xff}
)

// hex returns a colour as stylesheets write it.
func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// shades is the number of steps from the background to a colour, for the edges of
// letters.
const shades = 16

// A canvas is a picture with few colours, for a small file.
type canvas struct{ *image.Paletted }

func newCanvas(width, height int) canvas {
	palette := color.Palette{color.RGBA{}}
	for _, colour := range []color.RGBA{white, glow} {
		for i := range shades + 1 {
			mix := func(start, end uint8) uint8 { return uint8((int(start)*(shades-i) + int(end)*i) / shades) }
			palette = append(palette, color.RGBA{mix(band.R, colour.R), mix(band.G, colour.G), mix(band.B, colour.B), 0xff})
		}
	}
	return canvas{image.NewPaletted(image.Rect(0, 0, width, height), palette)}
}

// paint fills the mask with a colour: the background, white or glow. The mask's
// alpha decides how strongly.
func (c canvas) paint(mask *image.Alpha, colour color.RGBA) {
	first := uint8(1)
	if colour == glow {
		first += shades + 1
	}
	for y := mask.Rect.Min.Y; y < mask.Rect.Max.Y; y++ {
		row := mask.Pix[mask.PixOffset(mask.Rect.Min.X, y):][:mask.Rect.Dx()]
		for i, alpha := range row {
			offset := c.PixOffset(mask.Rect.Min.X+i, y)
			switch {
			case alpha == 0:
			case colour != band:
				c.Pix[offset] = first + uint8((int(alpha)*shades+127)/255)
			case alpha > 127:
				c.Pix[offset] = first
			}
		}
	}
}

func (c canvas) fill(r image.Rectangle, colour color.RGBA) {
	mask := image.NewAlpha(r)
	for i := range mask.Pix {
		mask.Pix[i] = 0xff
	}
	c.paint(mask, colour)
}

// A typeface is a font at a size.
type typeface struct {
	font.Face
	letters *sfnt.Font
	pixels  float64 // its size
}

func newTypeface(ttf []byte, pixels float64) typeface {
	ttfFont, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // the font is part of the program
	}
	face, err := opentype.NewFace(ttfFont, &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // so is its size
	}
	return typeface{face, ttfFont, pixels}
}

// legible removes letters that the font lacks, which would show as boxes. The text
// beside a shared picture has them all.
func (t typeface) legible(text string) string {
	text = strings.Map(func(letter rune) rune {
		if glyph, err := t.letters.GlyphIndex(nil, letter); err != nil || glyph == 0 {
			return -1
		}
		return letter
	}, norm.NFC.String(text))
	return strings.Join(strings.Fields(text), " ")
}

func (t typeface) width(text string) int { return font.MeasureString(t, text).Ceil() }

// wrap breaks a text into lines of at most width pixels. It cuts words that are
// wider.
func (t typeface) wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if longer := strings.TrimSpace(line + " " + word); t.width(longer) <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = t.cut(word, width)
	}
	return append(lines, line)
}

// cut shortens a text to at most width pixels, with an ellipsis.
func (t typeface) cut(text string, width int) string {
	if t.width(text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && t.width(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}

// write draws a line of text with its baseline at y.
func (c canvas) write(t typeface, x, y int, text string, colour color.RGBA) {
	bounds, _ := font.BoundString(t, text)
	area := image.Rect(bounds.Min.X.Floor(), bounds.Min.Y.Floor(), bounds.Max.X.Ceil(), bounds.Max.Y.Ceil()).Add(image.Pt(x, y))
	mask := image.NewAlpha(area.Intersect(c.Rect))
	(&font.Drawer{Dst: mask, Src: image.White, Face: t, Dot: fixed.P(x, y)}).DrawString(text)
	c.paint(mask, colour)
}

const margin = 72 // pixels around all that is drawn

// draw draws a picture with the publisher, the title, the label and date of the
// report, and how far everything that it asks has got.
func draw(publisher, title, label string, totals report.Totals) image.Image {
	c := newCanvas(width, height)
	c.fill(c.Rect, band)
	c.fill(image.Rect(0, height-16, width, height), glow)
	c.mark(margin-27, margin-20, 96) // so that its visible part begins at the margin
	small := newTypeface(goregular.TTF, 34)
	publisher, title, label = small.legible(publisher), small.legible(title), small.legible(label)
	c.write(small, margin+84, margin+45, small.cut(publisher, width-2*margin-84), white)
	large, lines := fit(title)
	y := int(titleTop + large.pixels)
	for _, line := range lines {
		c.write(large, margin, y, line, white)
		y += int(large.pixels * 1.15)
	}
	c.write(small, margin, y-int(large.pixels*.5)+16, small.cut(label, width-2*margin), glow)
	if totals.Items > 0 {
		c.bar(totals)
		c.write(small, margin, height-52, small.cut(small.legible(totals.String()), width-2*margin), white)
	}
	return c
}

const titleTop = 180

// fit returns the largest typeface in which a title has at most three lines, and leaves
// room for what is below it, with the lines. If there is none, it shortens the title.
func fit(title string) (typeface, []string) {
	const most, smallest = 3, 44
	for pixels := 84.0; ; pixels -= 8 {
		face := newTypeface(gobold.TTF, pixels)
		lines := face.wrap(title, width-2*margin)
		if len(lines) <= most && titleTop+pixels*(1.15*float64(len(lines))+.5) <= height-160 {
			return face, lines
		}
		if pixels <= smallest {
			return face, append(lines[:most-1], face.cut(strings.Join(lines[most-1:], " "), width-2*margin))
		}
	}
}

// bar draws the totals by state: the more advanced, the denser.
func (c canvas) bar(totals report.Totals) {
	const top, thick, room = height - 136, 28, width - 2*margin
	for _, count := range totals.ByState {
		x := margin + int(count.X*room/100)
		end := margin + int((count.X+count.Width)*room/100)
		part := image.Rect(x, top, max(end-4, x+2), top+thick)
		c.fill(part, white)
		switch count.State {
		case report.Done:
		case report.Unanswered, report.Closed:
			c.fill(part.Inset(3), band)
		default:
			c.fill(part, glow)
		}
	}
}

// mark draws the site's mark, as in static/icon.svg, without its background.
func (c canvas) mark(x, y, size int) {
	scale := float32(size) / 32
	shape := func(colour color.RGBA, draw func(v *vector.Rasterizer)) {
		v := vector.NewRasterizer(size, size)
		draw(v)
		mask := image.NewAlpha(image.Rect(0, 0, size, size))
		v.Draw(mask, mask.Rect, image.Opaque, image.Point{})
		mask.Rect = mask.Rect.Add(image.Pt(x, y))
		c.paint(mask, colour)
	}
	for _, line := range [][3]float32{{9, 23, 8}, {9, 23, 14}, {9, 18, 20}} {
		shape(white, func(v *vector.Rasterizer) {
			const half = 1.3
			start, end, middle := line[0]*scale, line[1]*scale, line[2]*scale
			v.MoveTo(start, middle-half*scale)
			v.LineTo(end, middle-half*scale)
			v.LineTo(end, middle+half*scale)
			v.LineTo(start, middle+half*scale)
			v.ClosePath()
		})
	}
	shape(glow, func(v *vector.Rasterizer) { circle(v, 23*scale, 23*scale, 3*scale) })
}

// circle adds a circle, approximated by four curves.
func circle(v *vector.Rasterizer, x, y, r float32) {
	const k = .5523
	v.MoveTo(x+r, y)
	v.CubeTo(x+r, y+k*r, x+k*r, y+r, x, y+r)
	v.CubeTo(x-k*r, y+r, x-r, y+k*r, x-r, y)
	v.CubeTo(x-r, y-k*r, x-k*r, y-r, x, y-r)
	v.CubeTo(x+k*r, y-r, x+r, y-k*r, x+r, y)
	v.ClosePath()
}

// drawIcon draws the mark on its background, for a phone to round its corners.
func drawIcon(size int) image.Image {
	c := newCanvas(size, size)
	c.fill(c.Rect, band)
	c.mark(0, 0, size)
	return c
}
