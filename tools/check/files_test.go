package check_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// fileTrials are about files as such: that they can be read, and that those for
// servers to send are what they stand for.
var fileTrials = []trial{
	{
		rule: "compressed", name: "of another page",
		damage: []damage{compress, duplicate(purpose+".gz", "2014/background/index.html.gz")},
		want:   `/2014/background/index.html.gz: [compressed] this is not the compressed form of index.html, in whose place some servers would send it; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "of the page as it was",
		damage: []damage{compress, edit(glossary, "<p>", "<p> ")},
		want:   `/glossary/index.html.br and /glossary/index.html.gz: [compressed] this is not the compressed form of index.html, in whose place some servers would send it; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "half of it, all but its end, and nothing",
		damage: []damage{compress, half(whole + ".br"), half(whole + ".gz"), shorten(errorPage+".gz", 4), put("icon.svg.br", "")},
		want: `
			/2014/full.html.br and /icon.svg.br: [compressed] this compressed file cannot be read: it is not a br file, or is incomplete; build the site again with --precompress, or delete the file
			/2014/full.html.gz and /404.html.gz: [compressed] this compressed file cannot be read: it is not a gz file, or is incomplete; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "in two parts, of which browsers read the first, and with a flag that gzip does not have",
		damage: []damage{compress, func(_ *testing.T, files fstest.MapFS) {
			first := fstest.MapFS{"x.txt": {}}
			compress(nil, first)
			files[whole+".gz"] = &fstest.MapFile{Data: append(first["x.txt.gz"].Data, files[whole+".gz"].Data...)}
			files["icon.svg.gz"].Data[3] |= 0x20
		}},
		want: `
			/2014/full.html.gz: [compressed] this is not the compressed form of full.html, in whose place some servers would send it; build the site again with --precompress, or delete the file
			/icon.svg.gz: [compressed] this compressed file cannot be read: it is not a gz file, or is incomplete; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "with more after its end",
		damage: []damage{compress, func(_ *testing.T, files fstest.MapFS) {
			files["icon.svg.gz"].Data = append(files["icon.svg.gz"].Data, "more"...)
		}},
		want: `/icon.svg.gz: [compressed] this is not the compressed form of icon.svg, in whose place some servers would send it; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "of nothing",
		damage: []damage{compress, put("none.txt.br", "x"), put("none.txt.gz", "x")},
		want:   `/none.txt.br and /none.txt.gz: [compressed] this is the compressed form of a file that does not exist; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "of what unpacks without end",
		damage: []damage{compress, put("icon.svg", strings.Repeat(" ", 8<<20)), func(t *testing.T, files fstest.MapFS) { compress(t, fstest.MapFS{"icon.svg": files["icon.svg"]}) },
			put("icon.svg", "<svg/>")},
		want: `/icon.svg.br and /icon.svg.gz: [compressed] this is not the compressed form of icon.svg, in whose place some servers would send it; build the site again with --precompress, or delete the file`,
	},
	{
		rule: "compressed", name: "all as they should be, and one for people to keep",
		damage: []damage{compress, put("figures.tar.gz", "x")},
	},
	{
		rule: "unreadable", name: "pages and others that are no plain files",
		damage: []damage{compress, pipe("pipe.html"), pipe("updates.xml"), pipe("2014/report.json"), pipe("icon.svg.gz")},
		want: `
			/2014/report.json, /icon.svg.gz and 1 more: [unreadable] the file cannot be read: it is a link or a device, not a plain file; build the site again
			static/pipe.html: /pipe.html: [unreadable] the file cannot be read: it is a link or a device, not a plain file; build the site again`,
	},
	{
		rule: "unreadable", name: "the sitemap", site: wholeAddress,
		damage: []damage{pipe("sitemap.xml")},
		want:   `/sitemap.xml: [unreadable] the file cannot be read: it is a link or a device, not a plain file; build the site again`,
	},
	{
		rule: "unreadable", name: "larger than any page",
		damage: []damage{put(purpose, strings.Repeat("<p>a</p>\n", 1_000_000))},
		want:   `content/2014/purpose.md: /2014/purpose/: [unreadable] the file cannot be read: it is larger than 8 MB; shorten it, or look for an endless loop in its layout, and build the site again`,
	},
	{
		rule: "unreadable", name: "links that are left open",
		damage: []damage{edit(connections, "<main id=main>", "<main id=main>"+strings.Repeat("<a href=../../2014/conclusions/index.html#challenge-early-help>", 17))},
		want:   `content/2014/connections.md: /2014/connections/: [unreadable] the file cannot be read: items or links to items are nested in each other, as if end tags were missing; check that the page's layout ends every element it begins, and build the site again`,
	},
	{
		rule: "permissions", name: "of a page, a file and a folder: too few",
		damage: []damage{permit("", 0o644), permit(purpose, 0o600), permit("2014/report.json", 0o040), permit("2014/challenges", fs.ModeDir|0o700)},
		want:   `/2014/challenges, /2014/purpose/ and 1 more: [permissions] fewer users can read this than the rest of the site: a web server may not be able to send it; give it the permissions of the others, or build the site again`,
	},
	{
		rule: "permissions", name: "for the owner alone, but for one page that all can read",
		damage: []damage{permit("", 0o600), permit(purpose, 0o755), permit("2014/challenges", fs.ModeDir|0o755)},
	},
	{
		rule: "unreadable", name: "a large page",
		damage: []damage{end(purpose, strings.Repeat("<p>a</p>\n", 200_000))},
	},
}

// permit gives a file, a folder or, if name is empty, every file a mode.
func permit(name string, mode fs.FileMode) damage {
	return func(_ *testing.T, files fstest.MapFS) {
		if mode.IsDir() {
			files[name] = &fstest.MapFile{Mode: mode}
			return
		}
		for file := range files {
			if file == name || name == "" {
				files[file] = &fstest.MapFile{Data: files[file].Data, Mode: mode}
			}
		}
	}
}

// half leaves half of a file, and shorten takes some bytes from its end.
func half(name string) damage {
	return func(_ *testing.T, files fstest.MapFS) {
		put(name, string(files[name].Data[:len(files[name].Data)/2]))(nil, files)
	}
}

func shorten(name string, size int) damage {
	return func(_ *testing.T, files fstest.MapFS) {
		put(name, string(files[name].Data[:len(files[name].Data)-size]))(nil, files)
	}
}
