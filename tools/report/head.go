package report

import (
	"path"
	"strings"
	"unicode/utf8"
)

// titleLength is how many letters of a title search engines and those who share a
// page show.
const titleLength = 65

// HeadTitle is the page's title in the browser, where people search and where a page
// is shared: with the report that it belongs to, or else with the site's title. It
// is not too long to be shown.
func (p *Page) HeadTitle() string {
	lib, rep := p.lib, p.Shown()
	switch {
	case rep == nil:
		title := p.Title.String()
		if p == lib.Lost {
			title = lib.say("lost")
		}
		for _, site := range []string{lib.Title, lib.Publisher.Name.String()} {
			if made := lib.say("title_outside", "title", title, "site", site); site != title && utf8.RuneCountInString(made) <= titleLength {
				return made
			}
		}
		return shorten(title, func(title string) string { return title })
	case p.Whole:
		return shorten(p.Title.String(), func(title string) string {
			return lib.say("whole_title", "title", lib.say("title_of", "title", title, "report", rep.Called()))
		})
	}
	title := p.Title.String()
	if p == lib.Front {
		title = lib.Publisher.Name.String() // its summary at its own address has the title
	}
	return shorten(title, func(title string) string { return lib.say("title_of", "title", title, "report", rep.Called()) })
}

// shorten takes words off the end of a title until what is made of it is not too
// long, or one word is left.
func shorten(title string, whole func(string) string) string {
	words := strings.Fields(title)
	made := whole(strings.Join(words, " "))
	if len(words) == 0 || utf8.RuneCountInString(whole(words[0]+"…")) > titleLength { // what stands beside it is too long
		return made
	}
	for n := len(words) - 1; utf8.RuneCountInString(made) > titleLength && n > 0; n-- {
		made = whole(strings.TrimRight(strings.Join(words[:n], " "), ",:;") + "…")
	}
	return made
}

// The picture that a page is shared with: its name, in the site's folder or its
// report's, and its size in pixels, as those who show it ask for.
const (
	SharePicture = "share.png"
	ShareWidth   = 1200
	ShareHeight  = 630
)

// A Share is the picture that a page is shared with.
type Share struct {
	Picture       string // its address within the site
	Width, Height int    // in pixels
	Words         string // all that it says
}

// Shared returns the picture that the page is shared with: its report's, or the
// site's.
func (p *Page) Shared() Share {
	lib := p.lib
	s := Share{Picture: "/" + SharePicture, Width: ShareWidth, Height: ShareHeight}
	said := []string{lib.Publisher.Name.String()}
	if rep := p.Shown(); rep != nil {
		s.Picture = path.Join("/", rep.Name, SharePicture)
		said = append(said, rep.Title.String(), rep.Dated(), rep.Totals().String())
	} else {
		said = append(said, lib.Title, lib.Totals().String())
	}
	for _, text := range said {
		if text != "" {
			s.Words += text
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") && !strings.HasSuffix(text, "!") {
				s.Words += "."
			}
			s.Words += " "
		}
	}
	s.Words = strings.TrimSpace(s.Words)
	return s
}
