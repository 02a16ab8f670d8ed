package report

import (
	"path"
	"strings"
	"unicode/utf8"
)

// titleLength is how many letters of a title search engines and social media show.
const titleLength = 65

// HeadTitle returns the page's title for browsers, search engines and shared links:
// with the report that the page belongs to, or else with the site's title, and
// short enough to be shown in full.
func (p *Page) HeadTitle() string {
	lib, rep := p.lib, p.ContentReport()
	switch {
	case rep == nil:
		title := p.Title.String()
		if p == lib.NotFound {
			title = lib.say("lost")
		}
		for _, site := range []string{lib.Title, lib.Publisher.Name.String()} {
			if text := lib.say("title_outside", "title", title, "site", site); site != title && utf8.RuneCountInString(text) <= titleLength {
				return text
			}
		}
		return shorten(title, func(title string) string { return title })
	case p.Whole:
		return shorten(p.Title.String(), func(title string) string {
			return lib.say("whole_title", "title", lib.say("title_of", "title", title, "report", rep.DisplayName()))
		})
	}
	title := p.Title.String()
	if p == lib.Front {
		title = lib.Publisher.Name.String() // the summary at its own address has the title
	}
	return shorten(title, func(title string) string { return lib.say("title_of", "title", title, "report", rep.DisplayName()) })
}

// shorten removes words from the end of a title until the whole is short enough, or
// one word is left.
func shorten(title string, whole func(string) string) string {
	words := strings.Fields(title)
	result := whole(strings.Join(words, " "))
	if len(words) == 0 || utf8.RuneCountInString(whole(words[0]+"…")) > titleLength { // the rest is too long
		return result
	}
	for n := min(len(words)-1, titleLength); utf8.RuneCountInString(result) > titleLength && n > 0; n-- {
		result = whole(strings.TrimRight(strings.Join(words[:n], " "), ",:;") + "…")
	}
	return result
}

// The name of the picture for shared links, in the folder of the site or the report,
// and its size in pixels, as social media expect it.
const (
	SharePicture = "share.png"
	ShareWidth   = 1200
	ShareHeight  = 630
)

// A Share is the picture that is shown with a shared link.
type Share struct {
	Picture       string // its address within the site
	Width, Height int    // in pixels
	Words         string // on the picture
}

// Share returns the picture for links to the page: its report's, or the site's.
func (p *Page) Share() Share {
	lib := p.lib
	s := Share{Picture: "/" + SharePicture, Width: ShareWidth, Height: ShareHeight}
	texts := []string{lib.Publisher.Name.String()}
	if rep := p.ContentReport(); rep != nil {
		s.Picture = path.Join("/", rep.Name, SharePicture)
		texts = append(texts, rep.Title.String(), rep.DatedName(), rep.Totals().String())
	} else {
		texts = append(texts, lib.Title, lib.Totals().String())
	}
	for _, text := range texts {
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
