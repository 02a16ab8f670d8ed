package share

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font/gofont/goregular"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

func library(t *testing.T) *report.Library {
	t.Helper()
	lib, err := report.Load(testkit.MemorySource(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func files(t *testing.T, lib *report.Library) map[string][]byte {
	t.Helper()
	list, err := Files(lib)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range list {
		all[f.Name] = f.Bytes
	}
	return all
}

// Every picture has its stated size, is small, and is the same each time.
func TestFiles(t *testing.T) {
	lib := library(t)
	all, again := files(t, lib), files(t, library(t))
	sizes := map[string]int{Picture: width, "2014/" + Picture: width, TouchIcon: 180, "icon-192.png": 192, "icon-512.png": 512}
	for name, width := range sizes {
		img, err := png.Decode(bytes.NewReader(all[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := img.Bounds().Dx(); got != width || len(all[name]) > 40_000 || !bytes.Equal(all[name], again[name]) {
			t.Errorf("%s is %d wide and has %d bytes; the same again: %t", name, got, len(all[name]), bytes.Equal(all[name], again[name]))
		}
	}
	var manifest struct {
		Name  string
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(all[Manifest], &manifest); err != nil || manifest.Name != lib.Title || len(manifest.Icons) != 3 {
		t.Errorf("the manifest is %s: %v", all[Manifest], err)
	}
	for _, icon := range manifest.Icons {
		if all[icon.Src] == nil && icon.Src != "icon.svg" { // which is in static
			t.Errorf("there is no %s", icon.Src)
		}
	}
}

// A report's title changes its picture, and any text stays inside the margins.
func TestPicture(t *testing.T) {
	seen := map[string]bool{}
	for _, title := range []string{"Short", strings.Repeat("a long title that goes on ", 20), strings.Repeat("Donaudampfschifffahrt", 20), "儿童安全 🙂", ""} {
		lib := library(t)
		lib.Reports[0].Title = report.Text(title)
		lib.Publisher.Name = report.Text(strings.Repeat("A body with a long name ", 10))
		data := files(t, lib)["2014/"+Picture]
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for y := range height {
			for _, x := range []int{margin / 2, width - margin/2} {
				if r, g, b, _ := img.At(x, y).RGBA(); y < height-16 && (r>>8 != 0x0a || g>>8 != 0x3a || b>>8 != 0x4a) {
					t.Fatalf("%q: something is drawn in the margin, at %d, %d", title, x, y)
				}
			}
		}
		seen[string(data)] = true
	}
	totals := library(t).Reports[0].Totals()
	start := color.NRGBAModel.Convert(draw("A body", "A title", "", totals).At(margin+1, height-136+14))
	if empty := color.NRGBAModel.Convert(draw("A body", "A title", "", report.Totals{}).At(margin+1, height-136+14)); start == empty {
		t.Errorf("the bar begins with the background, %v", empty)
	}
	if len(seen) != 4 { // the font has no letter of the Chinese title, which leaves it out
		t.Errorf("%d pictures of four titles and one without a letter", len(seen))
	}
	face := newTypeface(goregular.TTF, 20)
	for text, want := range map[string]string{"Łódź и Ωμέγα": "Łódź и Ωμέγα", "Zoe\u0301 儿童 safe": "Zoé safe", "🙂": ""} {
		if got := face.legible(text); got != want {
			t.Errorf("%q is drawn as %q, and not as %q", text, got, want)
		}
	}
	if lines := face.wrap("one two three", face.width("one two")); !slices.Equal(lines, []string{"one two", "three"}) {
		t.Errorf("the lines are %q", lines)
	}
}

// A title too long for three lines is cut in the smallest typeface, and shown in it.
func TestFit(t *testing.T) {
	for title, want := range map[string]struct {
		pixels float64
		lines  int
	}{"Short": {84, 1}, strings.Repeat("words ", 8): {76, 2}, strings.Repeat("words ", 15): {60, 3}, strings.Repeat("words ", 60): {44, 3}} {
		face, lines := fit(title)
		if face.pixels != want.pixels || len(lines) != want.lines {
			t.Errorf("%q has %d lines of %v pixels, want %v", title, len(lines), face.pixels, want)
		}
		for _, line := range lines {
			if face.width(line) > width-2*margin {
				t.Errorf("%q is too long", line)
			}
		}
		if picture, baseline := draw("A body", title, "", report.Totals{}), titleTop+int(want.pixels); !hasInk(picture, baseline-1) || hasInk(picture, baseline+2) {
			t.Errorf("the first line of %q is not drawn at %d", title, baseline)
		}
	}
}

// hasInk reports whether a row of a picture has anything but the background.
func hasInk(picture image.Image, y int) bool {
	for x := range width {
		if r, g, b, _ := picture.At(x, y).RGBA(); r>>8 != 0x0a || g>>8 != 0x3a || b>>8 != 0x4a {
			return true
		}
	}
	return false
}

// The bar has a part for each state: filled, bright or hollow.
func TestBar(t *testing.T) {
	colours := map[string]color.RGBA{report.Done: white, report.UnderWay: glow, report.Answered: glow, report.Unanswered: band, report.Closed: band}
	c := newCanvas(width, height)
	c.fill(c.Rect, band)
	var totals report.Totals
	for i, state := range report.States {
		totals.ByState = append(totals.ByState, report.Count{State: state, Count: 1, X: float64(20 * i), Width: 20})
	}
	c.bar(totals)
	for i, state := range report.States {
		x := margin + (width-2*margin)*20*i/100
		if edge := c.At(x+1, height-136+1); edge != white && colours[state] != glow {
			t.Errorf("the part of %s has an edge of the colour %v", state, edge)
		}
		if got := c.At(x+20, height-136+14); got != colours[state] {
			t.Errorf("the part of %s has the colour %v, want %v", state, got, colours[state])
		}
	}
}
