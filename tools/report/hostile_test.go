package report_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// An input is what a contributor might send to use up a computer's time or memory, to
// mislead readers or to lose text. It is refused by a rule, with its place, in little
// time and with less than 200 MB. Some are near misses, which are valid.
type input struct {
	name  string
	plant func(files fstest.MapFS)
	want  string // the start of the message: "content/a.md:12: [too-dense]"; or "" if it is valid
}

const (
	maxTime   = 2 * time.Second // less than a second on a computer with nothing else to do
	maxMemory = 200 << 20
)

// onPage puts text on a page of its own, from line 6 on.
func onPage(text string) func(files fstest.MapFS) {
	return inFile("content/attack.md", "+++\ntitle = \"Attack\"\ndescription = \"Attack\"\n+++\n\n"+text+"\n")
}

func inFile(name, text string) func(files fstest.MapFS) {
	return func(files fstest.MapFS) { files[name] = &fstest.MapFile{Data: []byte(text)} }
}

// inData adds text to the end of a data file of the small report.
func inData(name, text string) func(files fstest.MapFS) {
	return func(files fstest.MapFS) {
		files[name] = &fstest.MapFile{Data: append(bytes.Clone(files[name].Data), text...)}
	}
}

// many repeats a text, with its number for each %d.
func many(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// nested returns a list of lists.
func nested(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// png returns a picture of one colour, with more parts before its pixels. It has at most
// 2,000 rows of pixels.
func png(width, height uint32, parts ...string) string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	part := func(kind string, data []byte) {
		binary.Write(&b, binary.BigEndian, uint32(len(data)))
		b.WriteString(kind)
		b.Write(data)
		binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	part("IHDR", append(head, 8, 0, 0, 0, 0))
	for _, kind := range parts {
		part(kind, make([]byte, 8))
	}
	var pixels bytes.Buffer
	z, _ := zlib.NewWriterLevel(&pixels, zlib.BestSpeed)
	if width < 5000 { // wider pictures should be refused before their pixels are read
		for range min(height, 2000) {
			z.Write(make([]byte, width+1))
		}
	}
	z.Close()
	part("IDAT", pixels.Bytes())
	part("IEND", nil)
	return b.String()
}

func picture(name, data string) func(files fstest.MapFS) { return inFile("content/2014/"+name, data) }

// inputs returns all inputs. They are large, so they are made when they are needed.
func inputs() []input {
	return []input{
		// Tables.
		{"rows without cells", onPage(strings.Repeat("|a", 500) + "|\n" + strings.Repeat("|-", 500) + "|\n" + strings.Repeat("x\n", 500)), "content/attack.md:6: [too-dense]"},
		{"rows without cells, one way of writing blank lines", onPage(strings.Repeat("|a", 500) + "|\n" + strings.Repeat("|-", 500) + "|\n" + strings.Repeat("\u00a0\n", 500)), "content/attack.md:6: [too-dense]"},
		{"rows without cells in a quotation", onPage("> " + strings.Repeat("|a", 500) + "|\n> " + strings.Repeat("|-", 500) + "|\n" + strings.Repeat("> x\n", 500)), "content/attack.md:6: [too-dense]"},
		{"rows without cells in a list", onPage("- " + strings.Repeat("a|", 500) + "\n  " + strings.Repeat("-|", 500) + "\n" + strings.Repeat("  x\n", 500)), "content/attack.md:6: [too-dense]"},
		{"many tables", onPage(strings.Repeat("|a|b|\n|-|-|\n|||\n\n", 20000)), "content/attack.md:"},
		{"a table of 300,000 cells", onPage("|a|b|\n|-|-|\n" + strings.Repeat("|||\n", 120000)), "content/attack.md:6: [too-dense]"},
		{"a table of 900 figures", onPage("|Area|2013|2014|\n|-|-:|-:|\n" + strings.Repeat("|Leeds|1|2|\n", 300)), ""},
		{"a table with a few empty cells", onPage("|Area|2013|2014|\n|-|-:|-:|\n" + strings.Repeat("|Leeds\n", 50)), ""},

		// TOML.
		{"brackets after four quotes", inData("data/glossary.toml", "x = \"\"\"\"a\"\"\"\"\ny = "+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)), "data/glossary.toml:5: [too-deep]"},
		{"brackets after five quotes", inData("data/glossary.toml", "x = '''''a'''''\ny = "+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)), "data/glossary.toml:5: [too-deep]"},
		{"brackets that do not end", inData("data/glossary.toml", "y = "+strings.Repeat("[", 900000)), "data/glossary.toml:4: [too-deep]"},
		{"brackets that are not closed", inData("data/glossary.toml", "y = "+strings.Repeat("[", 9000)+"\n"), "data/glossary.toml:"},
		{"nested inline tables", inData("data/glossary.toml", "y = "+strings.Repeat("{a=", 20000)+"1"+strings.Repeat("}", 20000)), "data/glossary.toml:4: [too-deep]"},
		{"nested inline tables, within the limit of one parser", inData("data/glossary.toml", "y = "+strings.Repeat("{a=", 9000)+"1"+strings.Repeat("}", 9000)), "data/glossary.toml:4: [too-deep]"},
		{"tables within lists", inData("data/glossary.toml", "y = "+strings.Repeat("[{a=", 4000)+"1"+strings.Repeat("}]", 4000)), "data/glossary.toml:4: [too-deep]"},
		{"a name of 20,000 parts", inData("data/glossary.toml", strings.Repeat("a.", 20000)+"a = 1"), "data/glossary.toml:4: [too-deep]"},
		{"a name of 20,000 parts in quotes", inData("data/glossary.toml", strings.Repeat("\"a\".", 20000)+"a = 1"), "data/glossary.toml:4: [too-deep]"},
		{"a table's name of 20,000 parts", inData("data/glossary.toml", "["+strings.Repeat("a.", 20000)+"a]"), "data/glossary.toml:4: [too-deep]"},
		{"a name of 20,000 parts in a table", inData("data/glossary.toml", "x = {"+strings.Repeat("a . ", 20000)+"a = 1}"), "data/glossary.toml:4: [too-deep]"},
		{"20,000 names of two parts", inData("data/glossary.toml", many(20000, "a.b%d = 1\n")), "data/glossary.toml:"},
		{"20,000 names of many parts", inData("data/glossary.toml", many(15000, "a.b.c.d.e.f.g.h.i.j.k.l.m%d = 1\n")), "data/glossary.toml:"},
		{"40,000 tables outside records", inData("data/glossary.toml", many(40000, "[t.a%d]\n")), "data/glossary.toml:"},
		{"a name of 500,000 letters", inData("data/glossary.toml", "["+strings.Repeat("a", 500000)+"]\nterm = \"a\"\nmeaning = \"m\"\n"), "data/glossary.toml"},
		{"nesting in a page's head", inFile("content/attack.md", "+++\ntitle = \"\"\"\"a\"\"\"\"\ny = "+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+"\n+++\n"), "content/attack.md:3: [too-deep]"},
		{"brackets and full stops in a text", inData("data/glossary.toml", "source = \"https://example.org/a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v\"\nabbreviation = \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"\n"), ""},

		// Headings, links and other things that take long.
		{"the same heading 60,000 times", onPage(strings.Repeat("## a\n\nx\n\n", 55000)), "content/attack.md:"},
		{"the same heading 3,000 times", onPage(strings.Repeat("## a\n\nx\n\n", 3000)), "content/attack.md:"},
		{"the same heading 60 times", onPage(strings.Repeat("## a\n\nx\n\n", 60)), ""},
		{"170,000 paragraphs", onPage(strings.Repeat("a\n\n", 170000)), "content/attack.md:"},
		{"3,000 paragraphs", onPage(strings.Repeat("A sentence of five words.\n\n", 3000)), ""},
		{"one long address, used often", onPage("[a]: https://example.org/" + strings.Repeat("a", 200000) + "\n\n" + strings.Repeat("[a]\n\n", 50000)), "content/attack.md:"},
		{"an address of 1,900 letters, used often", onPage("[a]: https://example.org/" + strings.Repeat("a", 1900) + "\n\n" + strings.Repeat("[a]\n\n", 50000)), "content/attack.md:"},
		{"one long title, used often", onPage("[a]: https://example.org/ \"" + strings.Repeat("a", 200000) + "\"\n\n" + strings.Repeat("[a]\n\n", 50000)), "content/attack.md:"},
		{"backticks", onPage(strings.Repeat("``a`", 100000)), "content/attack.md:6: [too-dense]"},
		{"tags", onPage(strings.Repeat("</a>", 100000)), "content/attack.md:6: [too-dense]"},
		{"unclosed comments within text", onPage("a " + strings.Repeat("<!-- ", 90000)), "content/attack.md:6: [too-dense]"},
		{"50,000 links to nowhere", onPage(strings.Repeat("[a](b.md)\n\n", 15000)), "content/attack.md:6: [link]"},
		{"40,000 addresses of a wrong kind", onPage(strings.Repeat("ftp://a.example ", 30000)), "content/attack.md:6: [link]"},
		{"a title of 100,000 words", inFile("content/attack.md", "+++\ntitle = \""+strings.Repeat("A ", 100000)+"\"\ndescription = \"Attack\"\n+++\n\nText.\n"), "content/attack.md:2: [too-large]"},
		{"a title of 5,000 words", inFile("content/attack.md", "+++\ntitle = \""+strings.Repeat("A ", 5000)+"\"\ndescription = \"Attack\"\n+++\n\nText.\n"), ""},
		{"2,000 contacts", inData("data/contacts.toml", many(2000, "\n[x-%d]\nnumber = 1%d\ntitle = \"Call %d\"\ntelephone = \"0800 1111\"\nchecked = 2026-11-23\n")), "data/contacts.toml:1: [too-many]"},
		{"5,000 old addresses of a page", inFile("content/attack.md", "+++\ntitle = \"Attack\"\ndescription = \"Attack\"\naliases = ["+many(5000, `"/%d/", `)+"]\n+++\n\nText.\n"), "content/attack.md:4: [too-many]"},
		{"100 old addresses of a page", inFile("content/attack.md", "+++\ntitle = \"Attack\"\ndescription = \"Attack\"\naliases = ["+many(100, `"/%d/", `)+"]\n+++\n\nText.\n"), ""},
		{"500,000 quotation marks next to each other", onPage(strings.Repeat(`"`, 500000)), "content/attack.md:6: [too-dense]"},
		{"150,000 quotation marks apart", onPage(strings.Repeat("'a\n", 150000)), "content/attack.md:"},
		{"2,000 words in quotation marks, in two paragraphs", onPage(strings.Repeat("\"a\" \"b\"\n", 500) + "\n" + strings.Repeat("\"a\" \"b\"\n", 500)), ""},
		{"100,000 lines of code", onPage(strings.Repeat("```\n", 100000)), "content/attack.md:"},
		{"100,000 attributes", onPage(strings.Repeat("{.a}\n", 100000)), "content/attack.md:"},
		{"100,000 numbers after words", onPage(strings.Repeat("a {#b}\n", 60000)), "content/attack.md:"},
		{"50,000 shortcodes", onPage(strings.Repeat("{{% a %}} ", 50000)), "content/attack.md:6: [shortcode]"},
		{"nested lists", onPage(nested(700)), "content/attack.md:"},
		{"a list of five lists", onPage(nested(5)), ""},

		// Records.
		{"15,000 terms and 8,000 items", func(files fstest.MapFS) {
			inData("data/glossary.toml", many(15000, "[t%d]\nterm = \"T%d\"\nmeaning = \"m\"\nabbreviation = \"A\"\n"))(files)
			inData("data/2014/challenges.toml", many(8000, "[c%d]\nnumber = 1%d\ntitle = \"t\"\nwording = \"A A A\"\naddressed_to = []\n"))(files)
		}, "data/2014/challenges.toml:1: [too-many]"},
		{"480 KB of dots", onPage(strings.Repeat("...a", 120000)), "content/attack.md:6: [too-dense]"},
		{"a table of contents with dots", onPage(strings.Repeat("Findings ... 12 -- 14\n\n", 900)), ""},
		{"2,900 terms and 2,900 items", func(files fstest.MapFS) {
			inData("data/glossary.toml", many(2900, "[t%d]\nterm = \"T%d\"\nmeaning = \"m\"\nabbreviation = \"A%d\"\n"))(files)
			inData("data/2014/challenges.toml", many(2900, "[c%d]\nnumber = 1%d\ntheme = \"th\"\ntitle = \"t\"\nwording = \"A A%d A\"\naddressed_to = [\"a\"]\n"))(files)
		}, ""},
		{"60,000 figures of a measure", inData("data/2014/measures.toml", "[n]\nnumber = 2\ntitle = \"t\"\ndirection = \"rising\"\nmeaning = \"good\"\nfinding = \"1.1\"\nvalues = ["+many(25000, "{ period = \"%d\", value = 1.5 },")+"]\n"), "data/2014/measures.toml:"},
		{"900 figures of a measure", inData("data/2014/measures.toml", "[n]\nnumber = 2\ntitle = \"t\"\ndirection = \"rising\"\nmeaning = \"good\"\nfinding = \"1.1\"\nvalues = ["+many(900, "{ period = \"%d\", value = 1.5 },")+"]\n"), ""},
		{"60 lines of a chart", inData("data/2014/measures.toml", "[n]\nnumber = 2\ntitle = \"t\"\nunit = \"a\"\ndirection = \"rising\"\nmeaning = \"good\"\nfinding = \"1.1\"\nseries = ["+many(60, "{ name = \"N%d\", values = [{ period = \"2012\", value = 1.5 }, { period = \"2013\", value = 2 }] },")+"]\n"), "data/2014/measures.toml:"},
		{"80,000 findings that do not exist", inData("data/2014/challenges.toml", "findings = ["+many(80000, "\"9.%d\",")+"]\n"), "data/2014/challenges.toml:7: [unknown-reference]"},
		{"60,000 bodies that do not exist", inData("data/2014/challenges.toml", "[d]\nnumber = 2\ntitle = \"t\"\nwording = \"w\"\naddressed_to = ["+many(60000, "\"b%d\",")+"]\n"), "data/2014/challenges.toml:"},
		{"two long names that are nearly the same", inData("data/2014/challenges.toml", "["+strings.Repeat("d", 300000)+"]\nnumber = 2\ntitle = \"t\"\nwording = \"w\"\naddressed_to = [\""+strings.Repeat("d", 300000)+"x\"]\n"), "data/2014/challenges.toml"},

		// Pictures.
		{"a picture of 256 million pixels", picture("large.png", png(16000, 16000)), "content/2014/large.png: [image]"},
		{"a picture that is 4,000,000,000 pixels wide", picture("wide.png", png(4000000000, 4000000000)), "content/2014/wide.png: [image]"},
		{"half a picture", picture("half.png", png(100, 100)[:60]), "content/2014/half.png: [image]"},
		{"a picture that is cut short", picture("short.png", png(1000, 5000)), "content/2014/short.png: [image]"},
		{"an animated picture", picture("moves.png", png(10, 10, "acTL")), "content/2014/moves.png: [image]"},
		{"a picture with the wrong extension", picture("other.gif", png(10, 10)), "content/2014/other.gif: [image]"},
		{"a drawing that is compressed", picture("drawing.svgz", "\x1f\x8b"), "content/2014/drawing.svgz: [unknown-file]"},
		{"a drawing in capitals", picture("drawing.SVG", "<svg/>"), "content/2014/drawing.SVG: [unknown-file]"},
		{"a picture of six million pixels", picture("good.png", png(3000, 2000)), ""},

		// Names.
		{"two extensions", picture("evil.var.png", dot), "content/2014/evil.var.png: [bad-file-name]"},
		{"two extensions, one of them of a program", picture("evil.php.png", dot), "content/2014/evil.php.png: [bad-file-name]"},
		{"a name that Windows reserves, for a document", picture("aux.txt", "x"), "content/2014/aux.txt: [bad-file-name]"},
		{"a name that Windows reserves, for a picture", picture("LPT1.png", dot), "content/2014/LPT1.png: [bad-file-name]"},
		{"a colon", picture("a:b", "x"), "content/2014/a:b: ["},
		{"a colon in static", inFile("static/a:b.txt", "x"), "static/a:b.txt: [bad-file-name]"},
		{"a name that Windows reserves, in static", inFile("static/aux.txt", "x"), "static/aux.txt: [bad-file-name]"},
		{"a full stop at the end", inFile("static/a.", "x"), "static/a.: [bad-file-name]"},
		{"names that differ only in capitals", func(files fstest.MapFS) { picture("Dot.png", dot)(files); picture("dot.png", dot)(files) }, "content/2014/dot.png: [bad-file-name]"},
		{"a valid name", picture("front-door_2014.png", dot), ""},

		// Links that mislead.
		{"another number", onPage(`[0808 800 5000](tel:0909123456)`), "content/attack.md:6: [link]"},
		{"another number among words", onPage(`[Childline, **0800** 1111](tel:0909123456)`), "content/attack.md:6: [link]"},
		{"another number beside the right one", onPage(`[0800 1111 or 0909 123456](tel:0909123456)`), "content/attack.md:6: [link]"},
		{"a number that is not shown", onPage(`[Childline](tel:0909123456)`), "content/attack.md:6: [link]"},
		{"another short number", onPage(`[Call 999](tel:0909123456)`), "content/attack.md:6: [link]"},
		{"a number in wide digits", onPage(`[０８００ 1111](tel:0909123456)`), "content/attack.md:6: [link]"},
		{"a code that diverts calls", onPage(`[**21*0909123456#](tel:**21*0909123456%23)`), "content/attack.md:6: [link]"},
		{"a code as an address", onPage("<tel:*#06#>"), "content/attack.md:6: [link]"},
		{"a number with another to dial after it", onPage(`[0800 1111](tel:08001111,,0909123456)`), "content/attack.md:6: [link]"},
		{"a number with a command", onPage(`[0800 1111](tel:08001111;postd=pp22)`), "content/attack.md:6: [link]"},
		{"a number with a code hidden in it", onPage(`[0800 1111](tel:0800%2A1111)`), "content/attack.md:6: [link]"},
		{"its own number", onPage(`[0808 800 5000](tel:08088005000) [(0113) 222-4403](tel:+441132224403) [Call 999](tel:999) [Childline: 0800 1111, free, 24 hours](tel:0800-1111)`), ""},
		{"another address", onPage(`[https://www.leeds.gov.uk/](https://evil.example/)`), "content/attack.md:6: [link]"},
		{"another address without https", onPage(`[www.leeds.gov.uk](https://evil.example/)`), "content/attack.md:6: [link]"},
		{"another host's name", onPage(`[leeds.gov.uk](https://evil.example/)`), "content/attack.md:6: [link]"},
		{"another host's name, in bold", onPage(`[see leeds.**gov**.uk for more](https://evil.example/leeds.gov.uk)`), "content/attack.md:6: [link]"},
		{"another host's name, with a soft hyphen", onPage("[www.le\u00adeds.gov.uk](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"another host's name, in wide letters", onPage("[ｗｗｗ．leeds．gov．uk](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"another host's name, as a part", onPage(`[leeds.gov.uk](https://leeds.gov.uk.evil.example/)`), "content/attack.md:6: [link]"},
		{"another host's name, at the end", onPage(`[leeds.gov.uk](https://myleeds.gov.uk/)`), "content/attack.md:6: [link]"},
		{"another host's name, as what a picture shows", func(files fstest.MapFS) {
			onPage(`[![www.leeds.gov.uk](2014/dot.png)](https://evil.example/)`)(files)
			picture("dot.png", dot)(files)
		}, "content/attack.md:6: [link]"},
		{"another page of the same host", onPage(`[https://www.gov.uk/help](https://www.gov.uk/scam)`), "content/attack.md:6: [link]"},
		{"an address that leads within the site", onPage(`[www.leeds.gov.uk](2014/_index.md)`), "content/attack.md:6: [link]"},
		{"another mail address", onPage(`[help@leeds.gov.uk](mailto:help@evil.example)`), "content/attack.md:6: [link]"},
		{"a mail address that leads to a page", onPage(`[help@leeds.gov.uk](https://evil.example/)`), "content/attack.md:6: [link]"},
		{"an address by its name", onPage("[www.leeds.gov.uk][x]\n\n[x]: https://evil.example/"), "content/attack.md:6: [link]"},
		{"a mail with a hidden copy", onPage(`[Write](mailto:a@example.org?bcc=b@evil.example)`), "content/attack.md:6: [link]"},
		{"a mail to two", onPage(`[Write](mailto:a@example.org,b@evil.example)`), "content/attack.md:6: [link]"},
		{"a mail with a text", onPage(`[Write](mailto:a@example.org?subject=x&body=y)`), "content/attack.md:6: [link]"},
		{"its own addresses", onPage(`[www.gov.uk](https://www.gov.uk/help) [https://gov.uk/help](https://www.gov.uk/help/a) [leeds.gov.uk](https://democracy.leeds.gov.uk/) www.leeds.gov.uk and https://www.leeds.gov.uk/a?b=c#d and <a@example.org>, [a@example.org](mailto:a@example.org?subject=Report) [e.g. the Act](https://www.legislation.gov.uk/) [report.json](/2014/paper.txt) [2.5 million in 2013/14](https://example.org/)`), ""},
		{"another public body’s name", onPage("[gov.uk/help](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"another public body’s mail address", onPage("[help@nhs.uk](mailto:a@evil.example)"), "content/attack.md:6: [link]"},
		{"a name that is for everybody", onPage("[github.io](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"another host’s name, in Cyrillic letters", onPage("[lееds.gov.uk](https://evil.example/)"), "content/attack.md:6: [hidden-character]"},
		{"another mail address, in Cyrillic letters", onPage("[help@lееds.gov.uk](mailto:a@evil.example)"), "content/attack.md:6: [hidden-character]"},
		{"another host’s name, with a sign like a slash", onPage("[leeds.gov.uk∕x](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"another host’s name, with Chinese full stops", onPage("[leeds。gov。uk](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"an address that ends at a Cyrillic letter", onPage("See https://www.gоv.uk/help now."), "content/attack.md:6: [hidden-character]"},
		{"an address that only ends in a link", onPage("Visit www.gov[.uk](https://evil.example/) now."), "content/attack.md:6: [link]"},
		{"an address that only begins in a link", onPage("Visit [www](https://evil.example/).gov.uk now."), "content/attack.md:6: [link]"},
		{"an address in a title", onPage("[Help](https://evil.example/ \"www.gov.uk\")"), "content/attack.md:6: [link]"},
		{"links that touch other words", onPage("E-mail:[a@example.org](mailto:a@example.org), example.org/[help](https://www.example.org/help \"Help at www.example.org\"), pre-[school](https://example.org/).\n\nSee e.g.[this](https://example.org/), [that](https://example.org/)'s end."), ""},
		{"a telephone number that leads to a page", onPage("[0800 1111](https://evil.example/)"), "content/attack.md:6: [link]"},
		{"a telephone number that leads to a mail address", onPage("[0113 222 4403](mailto:a@evil.example)"), "content/attack.md:6: [link]"},
		{"ordinary words and numbers", onPage("[In 2013–2014, 3.9, 1,021, e.g. No. 12, 01.04.2013 and ½](https://example.org/) [gov.uk](https://www.gov.uk/) [Zoë’s café, ISBN 0-7277-2013-4](https://example.org/) https://example.org/cafe – and more"), ""},

		// Hosts.
		{"a number as a host", onPage(`[x](https://203.0.113.7/)`), "content/attack.md:6: [link]"},
		{"one number as a host", onPage(`[x](https://3405803783/)`), "content/attack.md:6: [link]"},
		{"a number in hexadecimal as a host", onPage(`[x](https://0xCB.0x00.0x71.0x07/)`), "content/attack.md:6: [link]"},
		{"a number of version six as a host", onPage(`[x](https://[2001:db8::1]/)`), "content/attack.md:6: [link]"},
		{"a host in punycode", onPage(`[x](https://xn--leds-f4d.gov.uk/)`), "content/attack.md:6: [link]"},
		{"a part of a host in punycode", onPage(`[x](https://www.XN--leds-f4d.gov.uk/)`), "content/attack.md:6: [link]"},
		{"localhost", onPage(`[x](http://localhost:1313/)`), "content/attack.md:6: [link]"},
		{"a host with a full stop at its end", onPage(`[x](https://example.org./)`), "content/attack.md:6: [link]"},
		{"a host in percent signs", onPage(`[x](https://ex%61mple.org/)`), "content/attack.md:6: [link]"},
		{"a number as a source", inData("data/glossary.toml", "source = \"https://203.0.113.7/\"\n"), "data/glossary.toml:4: [bad-source]"},
		{"punycode as a source", inData("data/glossary.toml", "source = \"https://xn--leds-f4d.gov.uk/\"\n"), "data/glossary.toml:4: [bad-source]"},
		{"a host with digits", onPage(`[x](https://www.4children.org.uk/) [y](https://example.org:8443/1.2.3.4)`), ""},

		// Characters.
		{"a body's name with a Cyrillic letter", inData("data/organisations.toml", "name = \"Ex\u0430mple Board\"\nrole = \"Another.\"\n"), "data/organisations.toml:4: [hidden-character]"},
		{"words in Cyrillic and Greek, and a unit", onPage("Совет по защите детей, Χάρτης, 5 \u03bcg, \u03b1-helix."), ""},
		{"a text after a black flag", onPage("\U0001f3f4\U000e0068\U000e0065\U000e006c\U000e0070\U000e007f"), "content/attack.md:6: [hidden-character]"},
		{"a text after the flag of Wales", onPage("\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f\U000e0068"), "content/attack.md:6: [hidden-character]"},
		{"a flag that does not end", onPage("\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073"), "content/attack.md:6: [hidden-character]"},
		{"a text in joiners after an emoji", onPage("\U0001f3e0\u200d\u200d\u200c\u200d"), "content/attack.md:6: [hidden-character]"},
		{"a text in soft hyphens", onPage("a\u00ad\u00ad\u00adb"), "content/attack.md:6: [hidden-character]"},
		{"a text in selectors", onPage("\U0001f600\U000e0101\U000e0102"), "content/attack.md:6: [hidden-character]"},
		{"letters under a heap of accents", onPage("a" + strings.Repeat("\u0301", 30)), "content/attack.md:6: [hidden-character]"},
		{"flags, emoji and accents", onPage("\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f \u2764\ufe0f\u200d\U0001f525 \U0001f469\u200d\U0001f469\u200d\U0001f467 cafe\u0301 Nguye\u0302\u0303n hy\u00adphen"), ""},

		// Text that would be lost.
		{"a comment that does not end", onPage("Before.\n\n<!-- a\n\nLost."), "content/attack.md:8: [comment]"},
		{"a comment that does not end, in a list", onPage("- a\n\n  <!-- b\n\nText."), "content/attack.md:8: [comment]"},
		{"a comment that ends with other signs", onPage("<!-- a -- >\n\nLost."), "content/attack.md:6: [comment]"},
		{"text after a comment", onPage("<!-- a --> Lost."), "content/attack.md:6: [comment]"},
		{"text after a comment of several lines", onPage("<!--\na\n--> Lost."), "content/attack.md:6: [comment]"},
		{"text after <!-->, which is not a comment", onPage("<!--> Lost. -->"), "content/attack.md:6: [comment]"},
		{"comments", onPage("<!-- a -->\n\nText <!-- b --> more.\n\n<!--\nc\n\nd\n-->\n\nText."), ""},
		{"a line that looks like an address", onPage("[Childline]: 0800-1111"), "content/attack.md:6: [link]"},
		{"a line that looks like an address, in a list", onPage("- [Childline]: 0800-1111\n- b"), "content/attack.md:6: [link]"},
		{"lines that look like an address", onPage("[Childline]:\n0800-1111\n'or write to us'\n\nText."), "content/attack.md:6: [link]"},
		{"a footnote whose name has a space", onPage("Text.\n\n[^a b]: Lost."), "content/attack.md:8: ["},
		{"two addresses with the same name", onPage("[a][b]\n\n[b]: 2014/_index.md\n[B]: https://example.org/"), "content/attack.md:9: [link]"},
		{"an address that is used", onPage("[a][b] and [b] and [c][]\n\n[b]: 2014/_index.md\n[C]: https://example.org/ 'A title'"), ""},
		{"a number with a space", onPage("Text.\n{ #6.9 }\n\nMore. {#6 .9}"), "content/attack.md:9: [attributes]"},
		{"a number that is not closed", onPage("Text.\n{#6.9"), "content/attack.md:7: [attributes]"},
		{"a number with words after it", onPage("Text.\n{#6.9} more"), "content/attack.md:7: [attributes]"},
		{"a number within a line", onPage("Text {#6.9} more."), "content/attack.md:6: [attributes]"},
		{"a number in the middle of a heading", onPage("## A heading {#6.9} more\n\nText."), "content/attack.md:6: [paragraph-number]"},
		{"a number on its own", onPage("Text.\n\n{#6.9}\n\nText."), "content/attack.md:8: [attributes]"},
		{"a class", onPage("Text.\n{.lost}"), "content/attack.md:7: [attributes]"},
		{"an escaped brace", onPage("Text \\{#6.9} more."), ""},
	}
}

// loadInput reads a planted source in this process, for a test in another.
func loadInput(in input) {
	// Whatever goes wrong, the process gets no more memory than this.
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: 4 << 30, Max: 4 << 30})
	files := testkit.SmallSource()
	in.plant(files)
	_, err := report.Load(files, today)
	var problems report.Problems
	if err != nil && !errors.As(err, &problems) {
		fmt.Println("the error has another type")
	}
	for i, p := range problems {
		if i < 20 {
			fmt.Println(p)
		}
	}
}

const inputVariable = "HOSTILE_INPUT"

// TestHostile reads each input in a process of its own, to measure its time and memory.
func TestHostile(t *testing.T) {
	if name := os.Getenv(inputVariable); name != "" {
		for _, in := range inputs() {
			if in.name == name {
				loadInput(in)
			}
		}
		return
	}
	passes := 0
	for _, in := range inputs() {
		t.Run(in.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestHostile$")
			child.Env = append(os.Environ(), inputVariable+"="+in.name, "GOMAXPROCS=1")
			out, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %.600s", err, out)
			}
			text := string(out[:max(0, bytes.LastIndex(out, []byte("PASS")))]) // after it, -cover prints a line
			if in.want == "" && strings.TrimSpace(text) != "" || !strings.Contains("\n"+text, "\n"+in.want) {
				t.Errorf("got %.600q, want %q", text, in.want)
			}
			if time := child.ProcessState.UserTime() + child.ProcessState.SystemTime(); time > maxTime {
				t.Errorf("it took %v", time)
			}
			if usage := child.ProcessState.SysUsage().(*syscall.Rusage); usage.Maxrss<<10 > maxMemory {
				t.Errorf("it took %d MB", usage.Maxrss>>10)
			}
			if !t.Failed() {
				passes++
			}
		})
	}
	t.Logf("%d of %d inputs passed", passes, len(inputs()))
}
