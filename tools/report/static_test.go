package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"strings"
	"testing"

	"annualreport/tools/report"
)

// What is published as it is: the files in static, pictures and documents. Each is refused
// for what it says besides what it shows, or does besides being shown; near misses pass.

// messages are the ends of messages that many rows share.
const (
	privateNote = ", which can say more than it shows, such as where it was taken or by whom; save a copy without it (on Windows: Properties, Details, Remove Properties), or take a screenshot of the picture"
	drawingDo   = "; save it as a plain drawing (in Inkscape: “Optimised SVG”), or as a .png file"
	privateFile = "[private-file] a name that begins with a full stop is for private files, but everything in static is published; move it out of static, or rename it"
	pageInstead = "[unknown-file] browsers would show this file as a page, and pages belong in content; write it as an .md file in content, or save it as a .pdf or .txt file"
)

var grey = image.NewGray(image.Rect(0, 0, 2, 2))

// jpegPicture returns a JPEG file with a segment of that kind before its pixels.
func jpegPicture(kind byte, text string) string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, grey, nil); err != nil {
		panic(err) // memory is not full
	}
	segment := binary.BigEndian.AppendUint16([]byte{0xff, kind}, uint16(2+len(text)))
	return "\xff\xd8" + string(segment) + text + b.String()[2:]
}

// pngPicture returns a PNG file with a chunk of that kind before its pixels.
func pngPicture(kind, text string) string {
	body := kind + text
	chunk := string(binary.BigEndian.AppendUint32(nil, uint32(len(text)))) + body + string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
	return dot[:33] + chunk + dot[33:]
}

// gifPicture returns a GIF file with a comment before its pixels.
func gifPicture(comment string) string {
	var b bytes.Buffer
	if err := gif.Encode(&b, grey, nil); err != nil {
		panic(err)
	}
	start := 13 + 3*256
	return b.String()[:start] + "!\xfe" + string(rune(len(comment))) + comment + "\x00" + b.String()[start:]
}

// webpPicture is a WebP file of one pixel, and webpWith the same with another chunk.
const webpPicture = "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

func webpWith(kind, text string) string {
	text += strings.Repeat("\x00", len(text)%2)
	chunk := kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(text)))) + text
	return "RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(webpPicture)-8+len(chunk)))) + webpPicture[8:] + chunk
}

// exif returns EXIF data with tags, each of which is a number, and perhaps another table.
func exif(next uint32, tags ...uint16) string {
	data := binary.BigEndian.AppendUint16([]byte("MM\x00*\x00\x00\x00\x08"), uint16(len(tags)))
	for _, tag := range tags {
		data = binary.BigEndian.AppendUint16(data, tag)
		data = append(data, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0)
	}
	return string(binary.BigEndian.AppendUint32(data, next))
}

const (
	xmpHead = `http://ns.adobe.com/xap/1.0/` + "\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:PixelXDimension="2">`
	xmpFoot = `</rdf:Description></rdf:RDF></x:xmpmeta>`
	onMac   = `<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">Screenshot</rdf:li></rdf:Alt></exif:UserComment>`
)

func TestPicturesSayNoMore(t *testing.T) {
	t.Parallel()
	camera, program, comment := "notes of a camera or program (EXIF)", "notes of a program (XMP)", "a comment"
	const other = "data of a camera or program"
	for _, p := range []struct{ name, file, data, note string }{
		{"EXIF with a photographer", "a.jpg", jpegPicture(0xe1, "Exif\x00\x00"+exif(0, 0x0112, 0x013b)), camera},
		{"EXIF with a place", "a.jpeg", jpegPicture(0xe1, "Exif\x00\x00"+exif(0, 0x8825)), camera},
		{"EXIF with a small copy of the picture", "a.jpg", jpegPicture(0xe1, "Exif\x00\x00"+exif(9, 0x0112)), camera},
		{"EXIF that cannot be read", "a.jpg", jpegPicture(0xe1, "Exif\x00\x00MM\x00*\x00\x00\x99\x08"), camera},
		{"EXIF that says how to show it", "a.jpg", jpegPicture(0xe1, "Exif\x00\x00"+exif(0, 0x0112, 0x011a, 0x0131, 0xa002)), ""},
		{"XMP with a creator", "a.jpg", jpegPicture(0xe1, xmpHead+"<dc:creator>A</dc:creator>"+xmpFoot), program},
		{"XMP of a screenshot", "a.jpg", jpegPicture(0xe1, xmpHead+onMac+xmpFoot), ""},
		{"IPTC", "a.jpg", jpegPicture(0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x02AB"), "notes on its author or its place (IPTC)"},
		{"the resolution, as Photoshop has it", "a.jpg", jpegPicture(0xed, "Photoshop 3.0\x008BIM\x03\xed\x00\x00\x00\x00\x00\x02AB"), ""},
		{"a signed history (C2PA)", "a.jpg", jpegPicture(0xeb, "JP\x00\x00Jane Child"), other},
		{"a small copy", "a.jpg", jpegPicture(0xe0, "JFXX\x00\x10AB"), other},
		{"a text where IPTC is", "a.jpg", jpegPicture(0xed, "By-line: A"), other},
		{"a chunk of an unknown kind", "a.png", pngPicture("prVt", "12 Home Street"), other},
		{"a chunk of Apple's", "a.png", pngPicture("iDOT", "\x00\x00\x00\x02"), ""},
		{"a comment", "a.jpg", jpegPicture(0xfe, "Taken by A"), comment},
		{"a program's name", "a.jpg", jpegPicture(0xfe, "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n"), ""},
		{"a profile of colours, and Adobe's", "a.jpg", jpegPicture(0xe2, "ICC_PROFILE\x00\x01\x01AB"), ""},
		{"a film after the picture", "a.jpg", jpegPicture(0xee, "Adobe\x00d") + "\x00\x00\x00\x18ftypmp42", "data after its end"},
		{"zeros after the picture", "a.jpg", jpegPicture(0xee, "Adobe\x00d") + "\x00\x00\n", ""},
		{"a text", "a.png", pngPicture("tEXt", "Author\x00A"), "a text (Author)"},
		{"a compressed text", "a.png", pngPicture("zTXt", "Description\x00\x00x"), "a text (Description)"},
		{"XMP in a text", "a.png", pngPicture("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmpHead+"<dc:creator>A</dc:creator>"+xmpFoot), program},
		{"EXIF with a place", "a.png", pngPicture("eXIf", exif(0, 0x8825)), camera},
		{"texts of programs", "a.png", pngPicture("tEXt", "Software\x00Matplotlib version 3.9"), ""},
		{"a comment of a program", "a.png", pngPicture("tEXt", "Comment\x00Created with GIMP"), ""},
		{"a date", "a.png", pngPicture("tEXt", "date:create\x002024-01-01T00:00:00+00:00"), ""},
		{"density", "a.png", pngPicture("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"), ""},
		{"a letter after the picture", "a.png", pngPicture("tIME", "\x07\xe8\x01\x01\x00\x00\x00") + "PK", "data after its end"},
		{"EXIF with a place", "a.webp", webpWith("EXIF", exif(0, 0x8825)), camera},
		{"XMP with a creator", "a.webp", webpWith("XMP ", xmpHead+"<dc:creator>A</dc:creator>"+xmpFoot), program},
		{"nothing more", "a.webp", webpPicture, ""},
		{"a comment", "a.gif", gifPicture("Taken by A"), comment},
		{"a program's name", "a.gif", gifPicture("Created with GIMP"), ""},
		{"data after its end", "a.gif", gifPicture("Created with GIMP") + "PK", "data after its end"},
	} {
		for _, folder := range []string{"static/2014/", "content/2014/"} {
			t.Run(folder+p.file+": "+p.name, func(t *testing.T) {
				t.Parallel()
				files := first(t)
				write(folder+p.file, p.data)(t, files)
				_, err := report.Load(files, today)
				var want problems
				if p.note != "" {
					want = problems{{folder + p.file, "", "[image] this picture has " + p.note + privateNote}}
				}
				compare(t, files, err, want)
			})
		}
	}
}

// A picture in static that a page shows is reported once.
func TestHiddenNotesOnce(t *testing.T) {
	t.Parallel()
	files := first(t)
	write("static/a.jpg", jpegPicture(0xe1, "Exif\x00\x00"+exif(0, 0x8825)))(t, files)
	replace(purpose, "+++\n\n", "+++\n\n![A dot](/a.jpg)\n\n")(t, files)
	_, err := report.Load(files, today)
	compare(t, files, err, problems{{"static/a.jpg", "", "[image] this picture has notes of a camera or program (EXIF)" + privateNote}})
}

const (
	notPublished = "[unknown-file] files of this kind are not published: they may be programs, or hide one; save it as a picture or as a .pdf, .docx, .xlsx, .csv or .txt file, or link to where it is published"
	shownAsPage  = "[unknown-file] browsers would show this file as a page or drawing, or cannot read it; save it as a .txt or .csv file"
)

func TestStaticMistakes(t *testing.T) {
	t.Parallel()
	const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:online="https://example.org/">`
	drawing := func(name, inside, what string) mistake {
		m := mistake{"a drawing: " + name, edits(write("static/2014/map.svg", open+"\n"+inside+"</svg>")), nil}
		if what != "" {
			m.want = problems{{"static/2014/map.svg:2", "", "[image] this drawing " + what + drawingDo}}
		}
		return m
	}
	try(t, first, []mistake{
		{"pages are in static",
			edits(write("static/x.html", "a"), write("static/2014/a.HTM", "a"), write("static/b.xhtml", "a"), write("static/c.shtml", "a"), write("static/d.html.txt", "a")),
			problems{{"static/x.html", "", pageInstead}, {"static/2014/a.HTM", "", pageInstead}, {"static/b.xhtml", "", pageInstead}, {"static/c.shtml", "", pageInstead}}},
		{"programs left files",
			edits(write("static/.DS_Store", "a"), write("static/2014/Thumbs.db", "a"), write("static/desktop.ini", "a"), write("static/~$report.docx", "a"), write("static/paper.txt~", "a"), write("static/.paper.txt.swp", "a"), write("static/.gitkeep", "")), nil},
		{"private files",
			edits(write("static/.env", "KEY=1"), write("static/.git/config", "a"), write("static/.git/objects/a/b", "a"), write("static/notes.bak", "a")),
			problems{{"static/.env", "", privateFile}, {"static/.git", "", privateFile},
				{"static/notes.bak", "", "[private-file] this looks like a copy that a program kept, but everything in static is published; remove it, or rename it"}}},
		{"files for servers and hosts",
			edits(write("static/.htaccess", "a"), write("static/.well-known/security.txt", "a"), write("static/.nojekyll", ""), write("static/_headers", "a"), write("static/web.config", "a")), nil},
		{"names have a line break, and a character that is not UTF-8",
			edits(write("static/a\nb.txt", "a"), write("static/c\xffd.txt", "a")),
			problems{{"static/a b.txt", "", "[bad-file-name] this name has an invisible character; rename it"}, {"static/c\ufffdd.txt", "", "[bad-file-name] this name has a character that is not UTF-8; rename it"}}},
		drawing("a script", `<script>alert(1)</script>`, "has a <script>, which can run a program"),
		drawing("a handler", `<rect ONload="alert(1)"/>`, "has onload=, which can run a program"),
		drawing("a page", `<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>`, "has a <foreignObject>, which can run a program"),
		drawing("another host's picture", `<image xlink:href="https://example.org/a.png"/>`, "has the address “https://example.org/a.png”, and browsers would go there"),
		drawing("a script as an address", `<a href=" javascript:alert(1)"><text>a</text></a>`, "has the address “ javascript:alert(1)”, and browsers would go there"),
		drawing("an address that changes", `<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>`, "changes an address while it is shown"),
		drawing("another host's style", `<style>@import "https://example.org/a.css";</style>`, "has a style that gets something from outside the drawing, or could"),
		drawing("another host's colour", `<rect style="fill:URL( 'https://example.org/a.svg#b')"/>`, "has a style that gets something from outside the drawing, or could"),
		drawing("a picture and styles of its own", `<defs><linearGradient id="g"/></defs><style>.a{fill:url(#g)}</style><use xlink:href="#g"/><image href="data:image/png;base64,AA"/><rect fill="url('#g')" orient="auto"/><title>On script</title>`, ""),
		{"documents that are not what their names say, or have macros",
			edits(write("static/a.pdf", "<html><script>alert(1)</script>"), write("static/b.DOCX", zipOf("", "word/document.xml", "word/vbaProject.bin")), write("static/c.pdf", "%PDF-1.7\n%%EOF"), write("static/d.txt", "\xa35")),
			problems{{"static/a.pdf", "", "[document] this document is not a pdf file, whatever its name says; open it and save it again in that format, or give it the name of its own format"},
				{"static/b.DOCX", "", "[document] this document has macros, which are programs; save it without macros, or as a PDF"}}},
		{"programs",
			edits(write("static/x.exe", "MZ"), write("static/a.php.txt", "<?php"), write("static/x.html.en", "a"), write("static/b.XLSM", "PK"), write("static/old.doc", "a"), write("static/sw.js", "a"),
				write("static/CNAME", "www.example.org"), write("static/v1.2.zip", "PK"), write("static/happy.shells.csv", "a")),
			problems{{"static/x.exe", "", notPublished}, {"static/a.php.txt", "", notPublished}, {"static/x.html.en", "", notPublished}, {"static/b.XLSM", "", notPublished}, {"static/old.doc", "", notPublished}, {"static/sw.js", "", notPublished}}},
		{"XML that browsers show as pages",
			edits(write("static/a.xml", "<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>"), write("static/b.xml", "<?xml-stylesheet href=\"a.xsl\" type=\"text/xsl\"?>\n<a/>"),
				write("static/c.xml", "<a>\n<b>\n<s:svg xmlns:s='http://www.w3.org/2000/svg'/></b></a>"), write("static/d.xml", "<a>\n</b>"), write("static/e.xml", "\xff\xfe<\x00a\x00/\x00>\x00"),
				write("static/f.xml", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title></feed>")),
			problems{{"static/a.xml:2", "", shownAsPage}, {"static/b.xml:1", "", shownAsPage}, {"static/c.xml:3", "", shownAsPage}, {"static/d.xml:2", "", shownAsPage}, {"static/e.xml:1", "", shownAsPage}}},
		{"a PDF with a program in it, and one that speaks of programs",
			edits(write("static/a.pdf", "%PDF-1.7\n1 0 obj <</S /JavaScript /JS (app.alert\\(1\\))>>\n%%EOF"), write("static/b.pdf", "%PDF-1.7\n(JavaScript, /JavaScripts and how to launch)\n%%EOF")),
			problems{{"static/a.pdf", "", "[document] this document has a program in it, as some forms do; print it to a new PDF, or ask for one without"}}},
		{"a picture that is a page",
			edits(write("static/a.png", "<!doctype html><script>alert(1)</script>")),
			problems{{"static/a.png", "", "[image] this picture cannot be read; save it again as a .png or .jpg file"}}},
		{"a drawing that repeats what repeats others, and one that repeats its parts",
			edits(write("static/a.svg", open+`<g id="a"><path d="M0 0h1"/></g><g id="b"><use href="#a"/><use href="#a"/></g><g id="c"><use href="#b"/><use xlink:href="#b"/></g></svg>`),
				write("static/b.svg", open+`<g id="a"><path d="M0 0h1"/></g><g id="b"><use href="#a"/><use href="#a"/></g></svg>`)),
			problems{{"static/a.svg:1", "", "[image] this drawing repeats a part (<use>) that repeats other parts, which can fill a phone's memory" + drawingDo}}},
		{"a drawing cannot be read, and one defines entities",
			edits(write("static/a.svg", "<svg><g></svg>"), write("static/b.svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg/>"), write("static/c.svg", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg/>")),
			problems{{"static/a.svg:1", "", "[image] this drawing cannot be read" + drawingDo}, {"static/b.svg:1", "", "[image] this drawing defines entities, which can hide anything" + drawingDo}}},
	})
}

// zipOf returns a zip with files of those names, the first of which has a text.
func zipOf(text string, names ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, name := range names {
		w, err := z.Create(name)
		if err == nil && i == 0 {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			panic(err) // memory is not full
		}
	}
	z.Close()
	return b.String()
}

func TestDocumentMistakes(t *testing.T) {
	t.Parallel()
	const different, odt = "; open it and save it again in that format, or give it the name of its own format", "application/vnd.oasis.opendocument.text"
	for _, d := range []struct{ name, file, data, message string }{
		{"empty", "letter.pdf", " \n", "is empty; save it again, or ask for it again"},
		{"a page", "letter.pdf", "<html>%PDF-1.7 %%EOF", "is not a pdf file, whatever its name says" + different},
		{"half a PDF", "letter.pdf", "%PDF-1.7\n", "is incomplete; save it again, or ask for it again"},
		{"a PDF", "letter.pdf", "\r\n%PDF-1.7\n%%EOF\n<!-- signed -->", ""},
		{"a document with macros", "letter.docx", zipOf("", "word/document.xml", "word/vbaProject.bin"), "has macros, which are programs; save it without macros, or as a PDF"},
		{"a document of Word", "letter.docx", zipOf("", "[Content_Types].xml", "word/document.xml"), ""},
		{"a document of Word, called a sheet", "letter.xlsx", zipOf("", "word/document.xml"), "is not an xlsx file, whatever its name says" + different},
		{"a text, called a document", "letter.docx", "Dear Board", "is not a docx file, whatever its name says" + different},
		{"a document of LibreOffice", "letter.odt", zipOf(odt, "mimetype", "content.xml"), ""},
		{"… with macros", "letter.odt", zipOf(odt, "mimetype", "Basic/Standard/a.xml"), "has macros, which are programs; save it without macros, or as a PDF"},
		{"… called a sheet", "letter.ods", zipOf(odt, "mimetype"), "is not an ods file, whatever its name says" + different},
		{"a table in an old encoding", "table.csv", "Fee,\xa35\n", "is not a text in UTF-8; save it as UTF-8 (in Excel: “CSV UTF-8”), or as a PDF"},
		{"a table", "table.csv", "\ufeffFee,£5\r\n", ""},
	} {
		t.Run(d.file+": "+d.name, func(t *testing.T) {
			t.Parallel()
			files, file := first(t), "content/2014/"+d.file
			write(file, d.data)(t, files)
			replace(recommendations, "source = \"https", "document = \""+d.file+"\"\nsource = \"https")(t, files)
			_, err := report.Load(files, today)
			var want problems
			if d.message != "" {
				want = problems{{file, "", "[document] this document " + d.message}}
			}
			compare(t, files, err, want)
		})
	}
}
