package check_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"annualreport/tools/check"
	"annualreport/tools/release"
	"annualreport/tools/report"
	"annualreport/tools/testkit"
)

// The sites that are damaged at random: of three different reports.
var damageSites = map[string]func() *sample{
	testkit.Own:     sync.OnceValue(func() *sample { return kitSample(testkit.Own, "https://example.org/reports/") }),
	testkit.Second:  sync.OnceValue(func() *sample { return kitSample(testkit.Second, "") }),
	testkit.Inquiry: sync.OnceValue(func() *sample { return kitSample(testkit.Inquiry, "") }),
}

// kitSample builds one of the reports of testkit.
func kitSample(name, address string) *sample {
	return buildSample("kit-"+name, address, func(source string) error { return testkit.Copy("../..", source, name) })
}

// A document is a page that is being damaged.
type document struct {
	root   *html.Node
	random *rand.Rand
}

// nodes returns all elements and texts below a node that fit.
func nodes(root *html.Node, fits func(*html.Node) bool) (all []*html.Node) {
	for n := range root.Descendants() {
		if fits(n) {
			all = append(all, n)
		}
	}
	return all
}

func element(tags ...string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Type == html.ElementNode && slices.Contains(tags, n.Data) }
}

// pick returns one of some nodes, or nil.
func (d *document) pick(all []*html.Node) *html.Node {
	if len(all) == 0 {
		return nil
	}
	return all[d.random.IntN(len(all))]
}

// within returns the first element with a tag.
func (d *document) within(tag string) *html.Node {
	if all := nodes(d.root, element(tag)); len(all) > 0 {
		return all[0]
	}
	return nil
}

// part returns the main part, or at times what is around it.
func (d *document) part() *html.Node {
	if d.random.IntN(5) == 0 {
		if part := d.within([]string{"header", "footer"}[d.random.IntN(2)]); part != nil {
			return part
		}
	}
	return d.within("main")
}

// isSeen reports whether a text is one that a reader sees.
func isSeen(n *html.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "style" || up.Data == "script" || up.Data == "head" {
			return false
		}
	}
	return n.Type == html.TextNode && len(strings.TrimSpace(n.Data)) > 0
}

// words returns a text with at least so many letters.
func (d *document) words(least int) *html.Node {
	return d.pick(nodes(d.part(), func(n *html.Node) bool { return isSeen(n) && len(strings.TrimSpace(n.Data)) >= least }))
}

// blocks are the elements that a text stands in.
var blocks = []string{"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "figcaption", "blockquote", "article", "section", "td", "th", "tr", "dl", "ul", "figure"}

// block returns an element that has text.
func (d *document) block(tags ...string) *html.Node {
	if len(tags) == 0 {
		tags = blocks
	}
	return d.pick(nodes(d.within("main"), func(n *html.Node) bool {
		return element(tags...)(n) && len(nodes(n, isSeen)) > 0
	}))
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func setAttribute(n *html.Node, key, value string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// clone copies a node with all in it.
func clone(n *html.Node) *html.Node {
	result := &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
	for child := range n.ChildNodes() {
		result.AppendChild(clone(child))
	}
	return result
}

func newElement(tag, text string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: tag}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	return n
}

// A harm damages a page, or reports that it cannot.
type harm func(d *document) bool

// toText returns a harm that changes a text.
func toText(least int, change func(d *document, text string) string) harm {
	return func(d *document) bool {
		n := d.words(least)
		if n == nil {
			return false
		}
		before := n.Data
		n.Data = change(d, n.Data)
		return strings.Join(strings.Fields(before), " ") != strings.Join(strings.Fields(n.Data), " ")
	}
}

// toBlock returns a harm that changes an element that has text.
func toBlock(change func(d *document, n *html.Node)) harm {
	return func(d *document) bool {
		n := d.block("p", "li", "h2", "h3", "dd", "dt", "article", "blockquote", "figure")
		if n == nil {
			return false
		}
		change(d, n)
		return true
	}
}

// hides returns a harm that puts an element around another's content, so that nobody sees it.
func hides(tag string, attrs ...html.Attribute) harm {
	return toBlock(func(_ *document, n *html.Node) {
		wrapper := &html.Node{Type: html.ElementNode, Data: tag, Attr: attrs}
		for n.FirstChild != nil {
			child := n.FirstChild
			n.RemoveChild(child)
			wrapper.AppendChild(child)
		}
		n.AppendChild(wrapper)
	})
}

// marks returns a harm that gives an element an attribute.
func marks(key, value string) harm {
	return toBlock(func(_ *document, n *html.Node) { setAttribute(n, key, value) })
}

// adds returns a harm that adds an element to the main part.
func adds(make func() *html.Node) harm {
	return func(d *document) bool {
		n := d.block("p", "li", "dd", "section")
		if n == nil {
			return false
		}
		n.AppendChild(make())
		return true
	}
}

// toHead returns a harm that adds something to the head.
func toHead(markup string) harm {
	return func(d *document) bool {
		head := d.within("head")
		all, err := html.ParseFragment(strings.NewReader(markup), head)
		for _, n := range all {
			head.AppendChild(n)
		}
		return err == nil
	}
}

// toLink returns a harm that changes a link.
func toLink(fits func(href string) bool, change func(d *document, n *html.Node)) harm {
	return func(d *document) bool {
		n := d.pick(nodes(d.part(), func(n *html.Node) bool { return element("a")(n) && fits(attribute(n, "href")) }))
		if n == nil {
			return false
		}
		change(d, n)
		return true
	}
}

func internal(href string) bool {
	return href != "" && !strings.Contains(href, ":") && !strings.HasPrefix(href, "#")
}
func external(href string) bool { return strings.HasPrefix(href, "https:") }

// fields replaces one of the words of a text.
func fields(text string, d *document, change func(words []string, i int) []string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text
	}
	return strings.Join(change(words, d.random.IntN(len(words))), " ")
}

// harms are the kinds of damage to a page.
var harms = map[string]harm{
	"a word less": toText(8, func(d *document, text string) string {
		return fields(text, d, func(words []string, i int) []string { return slices.Delete(words, i, i+1) })
	}),
	"a word more": toText(8, func(d *document, text string) string {
		return fields(text, d, func(words []string, i int) []string { return slices.Insert(words, i, "never") })
	}),
	"another word": toText(8, func(d *document, text string) string {
		return fields(text, d, func(words []string, i int) []string { words[i] = "other"; return words })
	}),
	"two words in the other order": toText(12, func(d *document, text string) string {
		return fields(text, d, func(words []string, i int) []string {
			if i > 0 {
				words[i], words[i-1] = words[i-1], words[i]
			}
			return words
		})
	}),
	"a denial": toText(20, func(_ *document, text string) string {
		for _, verb := range []string{" is ", " are ", " was ", " has ", " have ", " will "} {
			if strings.Contains(text, verb) {
				return strings.Replace(text, verb, verb+"not ", 1)
			}
		}
		return text
	}),
	"another digit": toText(1, func(d *document, text string) string {
		if i := strings.IndexAny(text, "012345678"); i >= 0 {
			return text[:i] + string(text[i]+1) + text[i+1:]
		}
		return text
	}),
	"another letter": toText(4, func(d *document, text string) string {
		if i := strings.IndexAny(text, "aeiou"); i >= 0 {
			return text[:i] + "y" + text[i+1:]
		}
		return text
	}),
	"cut short":   toText(20, func(_ *document, text string) string { return strings.TrimSpace(text)[:len(strings.TrimSpace(text))/2] }),
	"no text":     toText(4, func(*document, string) string { return "" }),
	"said twice":  toText(8, func(_ *document, text string) string { return text + " " + text }),
	"a full stop": toText(20, func(_ *document, text string) string { return strings.Replace(text, " ", ". ", 1) }),
	"a sentence less": toText(60, func(_ *document, text string) string {
		if i := strings.Index(text, ". "); i > 0 {
			return text[i+2:]
		}
		return text
	}),
	"a sentence more": toText(8, func(_ *document, text string) string { return text + " Nothing of this has been agreed." }),
	"a sign that cannot be seen": toText(8, func(_ *document, text string) string {
		i := strings.IndexAny(text, "aeiou")
		return text[:max(i, 0)] + "\u200b" + text[max(i, 0):]
	}),
	"a soft hyphen":              toText(8, func(_ *document, text string) string { return text[:4] + "\u00ad" + text[4:] }),
	"a letter that looks alike":  toText(8, func(_ *document, text string) string { return strings.Replace(text, "a", "а", 1) }),
	"written from right to left": toText(8, func(_ *document, text string) string { return "\u202e" + text }),
	"in capitals":                toText(8, func(_ *document, text string) string { return strings.ToUpper(text) }),
	"the text of another": func(d *document) bool {
		a, b := d.words(12), d.words(12)
		if a == nil || b == nil || strings.TrimSpace(a.Data) == strings.TrimSpace(b.Data) {
			return false
		}
		a.Data = b.Data
		return true
	},
	"two texts changed over": func(d *document) bool {
		a, b := d.words(12), d.words(12)
		if a == nil || b == nil || strings.TrimSpace(a.Data) == strings.TrimSpace(b.Data) {
			return false
		}
		a.Data, b.Data = b.Data, a.Data
		return true
	},
	"an element less": func(d *document) bool {
		n := d.block()
		if n == nil {
			return false
		}
		n.Parent.RemoveChild(n)
		return true
	},
	"an entry less": func(d *document) bool {
		n := d.block("li", "tr", "dd")
		if n == nil {
			return false
		}
		n.Parent.RemoveChild(n)
		return true
	},
	"an element twice": func(d *document) bool {
		n := d.block("p", "h2", "blockquote", "dd", "article")
		if n == nil {
			return false
		}
		n.Parent.InsertBefore(clone(n), n)
		return true
	},
	"an element elsewhere": func(d *document) bool {
		n, target := d.block("p", "blockquote", "dd", "h3"), d.block("section", "article")
		if n == nil || target == nil || target == n.Parent || slices.Contains(nodes(n, func(*html.Node) bool { return true }), target) {
			return false
		}
		n.Parent.RemoveChild(n)
		target.AppendChild(n)
		return true
	},
	"hidden":             marks("hidden", ""),
	"hidden until found": marks("hidden", "until-found"),
	"aria-hidden":        marks("aria-hidden", "true"),
	"inert":              marks("inert", ""),
	"popover":            marks("popover", ""),
	"style":              marks("style", "display:none"),
	"another language":   marks("lang", "fr"),
	"right to left":      marks("dir", "rtl"),
	"editable":           marks("contenteditable", "true"),
	"a class that hides": marks("class", "skip"),
	"a handler":          marks("onclick", "alert(1)"),
	"dialog":             hides("dialog"),
	"template":           hides("template"),
	"noscript":           hides("noscript"),
	"details":            hides("details"),
	"canvas":             hides("canvas"),
	"video":              hides("video"),
	"audio":              hides("audio"),
	"object":             hides("object"),
	"datalist":           hides("datalist"),
	"select":             hides("select"),
	"struck out":         hides("s"),
	"deleted":            hides("del"),
	"a comment": toBlock(func(_ *document, n *html.Node) {
		var text bytes.Buffer
		for child := range n.ChildNodes() {
			html.Render(&text, child)
		}
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.CommentNode, Data: strings.ReplaceAll(text.String(), "--", "")})
	}),
	"a paragraph more":  adds(func() *html.Node { return newElement("p", "This was withdrawn by the Board.") }),
	"a fixed word more": adds(func() *html.Node { return newElement("p", "It was not asked of anybody.") }),
	"a text box":        adds(func() *html.Node { return newElement("textarea", "Write to us") }),
	"a button":          adds(func() *html.Node { return newElement("button", "Send") }),
	"a form": adds(func() *html.Node {
		f := newElement("form", "Name")
		setAttribute(f, "action", "https://example.net/")
		return f
	}),
	"a marquee":    adds(func() *html.Node { return newElement("marquee", "News") }),
	"a script":     adds(func() *html.Node { return newElement("script", "document.title='x'") }),
	"a stylesheet": adds(func() *html.Node { return newElement("style", "article{display:none}") }),
	"a picture from afar": adds(func() *html.Node {
		n := newElement("picture", "")
		i := &html.Node{Type: html.ElementNode, Data: "img"}
		setAttribute(i, "src", "https://example.net/x.png")
		n.AppendChild(i)
		return n
	}),
	"a frame": adds(func() *html.Node { n := newElement("iframe", ""); setAttribute(n, "srcdoc", "<p>x"); return n }),
	"a link out": adds(func() *html.Node {
		n := newElement("a", "Summary")
		setAttribute(n, "href", "https://example.net/")
		return n
	}),
	"a link elsewhere": toLink(internal, func(d *document, n *html.Node) {
		other := d.pick(nodes(d.within("main"), func(o *html.Node) bool {
			return element("a")(o) && internal(attribute(o, "href")) && attribute(o, "href") != attribute(n, "href")
		}))
		if other != nil {
			setAttribute(n, "href", attribute(other, "href"))
		} else {
			setAttribute(n, "href", "nowhere.html")
		}
	}),
	"a link to another site": toLink(external, func(_ *document, n *html.Node) { setAttribute(n, "href", "https://example.net/") }),
	"a link to another page": toLink(external, func(_ *document, n *html.Node) { setAttribute(n, "href", attribute(n, "href")+"x") }),
	"another number to call": toLink(func(href string) bool { return strings.HasPrefix(href, "tel:") }, func(_ *document, n *html.Node) { setAttribute(n, "href", "tel:0909123456") }),
	"a link that leads nowhere": toLink(internal, func(_ *document, n *html.Node) {
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "href" })
	}),
	"another id": func(d *document) bool {
		n := d.pick(nodes(d.within("main"), func(n *html.Node) bool {
			return attribute(n, "id") != "" && !strings.HasPrefix(attribute(n, "id"), "title-")
		}))
		if n == nil {
			return false
		}
		setAttribute(n, "id", "other")
		return true
	},
	"two ids changed over": func(d *document) bool {
		all := nodes(d.within("main"), func(n *html.Node) bool {
			return strings.ContainsAny(attribute(n, "id"), ".") || strings.HasPrefix(attribute(n, "id"), "challenge-") || strings.HasPrefix(attribute(n, "id"), "recommendation-")
		})
		a, b := d.pick(all), d.pick(all)
		if a == nil || a == b {
			return false
		}
		id := attribute(a, "id")
		setAttribute(a, "id", attribute(b, "id"))
		setAttribute(b, "id", id)
		return true
	},
	"another day for programs": func(d *document) bool {
		n := d.pick(nodes(d.root, element("time")))
		if n == nil {
			return false
		}
		setAttribute(n, "datetime", "2031-01-01")
		return true
	},
	"another label": func(d *document) bool {
		n := d.pick(nodes(d.root, func(n *html.Node) bool { return attribute(n, "aria-label") != "" }))
		if n == nil {
			return false
		}
		setAttribute(n, "aria-label", attribute(n, "aria-label")+" x")
		return true
	},
	"another title":       func(d *document) bool { d.within("title").FirstChild.Data += " (withdrawn)"; return true },
	"another description": toMeta("name", "description", func(text string) string { return text + " It is wrong." }),
	"another viewport":    toMeta("name", "viewport", func(string) string { return "width=320, user-scalable=no" }),
	"another character set": func(d *document) bool {
		for _, n := range nodes(d.within("head"), element("meta")) {
			if attribute(n, "charset") != "" {
				setAttribute(n, "charset", "utf-7")
				return true
			}
		}
		return false
	},
	"not for search engines":   toHead(`<meta name=robots content=noindex>`),
	"leads on by itself":       toHead(`<meta http-equiv=refresh content="0; url=https://example.net/">`),
	"leads on at once":         toHead(`<meta http-equiv=refresh content="0; url=index.html">`),
	"another base":             toHead(`<base href="https://example.net/">`),
	"another canonical link":   toHead(`<link rel=canonical href="https://example.net/">`),
	"another title to share":   toHead(`<meta property=og:title content="Withdrawn">`),
	"data for search engines":  toHead(`<script type=application/ld+json>{"@type":"Report","name":"Withdrawn"}</script>`),
	"a stylesheet in the head": toHead(`<style>.status{display:none}</style>`),
	"another stylesheet": func(d *document) bool {
		d.within("style").FirstChild.Data += "#help{display:none}"
		return true
	},
	"another language of all": func(d *document) bool { setAttribute(d.within("html"), "lang", "fr"); return true },
	"no policy": func(d *document) bool {
		for _, n := range nodes(d.within("head"), element("meta")) {
			if strings.EqualFold(attribute(n, "http-equiv"), "content-security-policy") {
				n.Parent.RemoveChild(n)
				return true
			}
		}
		return false
	},
}

// toMeta returns a harm that changes what the head says.
func toMeta(key, value string, change func(string) string) harm {
	return func(d *document) bool {
		for _, n := range nodes(d.within("head"), element("meta")) {
			if attribute(n, key) == value {
				setAttribute(n, "content", change(attribute(n, "content")))
				return true
			}
		}
		return false
	}
}

// harmsToFiles are the kinds of damage to other files.
var harmsToFiles = map[string]func(random *rand.Rand, files fstest.MapFS) (name string){
	"a letter of a file": func(random *rand.Rand, files fstest.MapFS) string {
		// Of a feed, its titles and authors are not proved yet; the mark of a build is for no reader.
		name := pickFile(random, files, func(name string) bool {
			return path.Ext(name) != ".html" && path.Base(name) != "updates.xml" && name != ".annual-report"
		})
		data := slices.Clone(files[name].Data)
		data[random.IntN(len(data))] ^= 1
		files[name] = &fstest.MapFile{Data: data}
		return name
	},
	"half a file": func(random *rand.Rand, files fstest.MapFS) string {
		name := pickFile(random, files, func(name string) bool { return path.Ext(name) != ".html" && name != release.Mark })
		files[name] = &fstest.MapFile{Data: files[name].Data[:len(files[name].Data)/2]}
		return name
	},
	"no file": func(random *rand.Rand, files fstest.MapFS) string {
		name := pickFile(random, files, func(name string) bool { return name != release.Mark })
		delete(files, name)
		return name
	},
	"a file more": func(_ *rand.Rand, files fstest.MapFS) string {
		files["2014/notes.txt"] = &fstest.MapFile{Data: []byte("Not for the public.\n")}
		return "2014/notes.txt"
	},
	"a page more": func(_ *rand.Rand, files fstest.MapFS) string {
		files["2014/other/index.html"] = files["glossary/index.html"]
		return "2014/other/index.html"
	},
	"a script more": func(_ *rand.Rand, files fstest.MapFS) string {
		files["sw.js"] = &fstest.MapFile{Data: []byte("self\n")}
		return "sw.js"
	},
}

func pickFile(random *rand.Rand, files fstest.MapFS, fits func(string) bool) string {
	var names []string
	for name := range files {
		if fits(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[random.IntN(len(names))]
}

// bySame are kinds of damage that [check.Site] finds in part only: it misses what a page
// lacks where the data says that it has to be there, and not wherever a layout shows it;
// names and numbers of one thing may be in any order, a list may say one twice, and all of
// withdrawn news may be struck out.
// [check.Same] finds the others.
var bySame = []string{"a class that hides", "a full stop", "a link elsewhere", "a sentence less", "a word less", "an element elsewhere", "an element less", "an element twice",
	"an entry less", "another id", "cut short", "no text", "said twice", "struck out", "the text of another", "two ids changed over", "two texts changed over", "two words in the other order"}

// Whatever is damaged, the check finds it and names the page or the file.
func TestRandomDamage(t *testing.T) {
	seed := uint64(15)
	if os.Getenv("SEED") != "" {
		seed = seedOf(t)
	}
	t.Logf("seed %d", seed)
	kinds := slices.Sorted(maps.Keys(harms))
	for kind := range harmsToFiles {
		kinds = append(kinds, "file: "+kind)
	}
	slices.Sort(kinds)
	if n := len(kinds) - len(bySame); n < 60 {
		t.Errorf("Site has to find only %d kinds of damage", n)
	}
	var tried sync.Map // the kinds that a site had something for
	t.Cleanup(func() {
		for _, kind := range kinds {
			if _, ok := tried.Load(kind); !ok {
				t.Errorf("no site has what %s damages", kind)
			}
		}
	})
	for name, make := range damageSites {
		for i, kind := range kinds {
			for round := range max(1, (300+len(damageSites)*len(kinds)-1)/(len(damageSites)*len(kinds))) {
				random := rand.New(rand.NewPCG(seed, uint64(i*100+round)))
				t.Run(fmt.Sprintf("%s/%s/%d", name, kind, round), func(t *testing.T) {
					t.Parallel()
					if damageAndCheck(t, make(), kind, random) {
						tried.Store(kind, true)
					}
				})
			}
		}
	}
}

// damageAndCheck damages a site and sees that the check finds and places it. It
// reports whether the site has what the damage is done to.
func damageAndCheck(t *testing.T, s *sample, kind string, random *rand.Rand) bool {
	files := fstest.MapFS{}
	for name, file := range s.files {
		files[name] = file
	}
	var name string
	if kind, ok := strings.CutPrefix(kind, "file: "); ok {
		name = harmsToFiles[kind](random, files)
	} else {
		for tries := 0; name == ""; tries++ {
			if tries == 60 {
				return false
			}
			name = harmPage(t, files, kind, random)
		}
	}
	_, err := check.Site(files, s.lib, os.DirFS(s.source))
	if err == nil && (slices.Contains(bySame, kind) || !isAccounted(name)) {
		err = check.Same(files, s.files, s.lib)
	}
	var problems report.Problems
	if !errors.As(err, &problems) {
		t.Errorf("%s of %s is not found:\n%s", kind, name, describeDamage(s.files[name], files[name]))
		return true
	}
	if !slices.ContainsFunc(problems, func(p report.Problem) bool {
		return slices.ContainsFunc(p.Pages, func(page string) bool { return page == check.Address(name) }) || strings.Contains(p.What, check.Address(name))
	}) {
		t.Errorf("%s of %s is not placed there:\n%v\n%s", kind, name, err, describeDamage(s.files[name], files[name]))
	}
	return true
}

// isAccounted reports whether [check.Site] accounts for every word of a page. The index and
// the search have a rule of their own.
func isAccounted(name string) bool {
	return path.Ext(name) == ".html" && name != "404.html" && path.Base(path.Dir(name)) != "search" && path.Base(path.Dir(name)) != "index"
}

// harmPage does harm of a kind to one page, and returns its name, or "" if the page
// has nothing of the kind.
func harmPage(t *testing.T, files fstest.MapFS, kind string, random *rand.Rand) string {
	name := pickFile(random, files, func(name string) bool {
		return path.Ext(name) == ".html" && !bytes.Contains(files[name].Data, []byte("http-equiv=refresh"))
	})
	root, err := html.Parse(bytes.NewReader(files[name].Data))
	if err != nil {
		t.Fatal(err)
	}
	if !harms[kind](&document{root, random}) {
		return ""
	}
	var text bytes.Buffer
	if err := html.Render(&text, root); err != nil {
		return ""
	}
	files[name] = &fstest.MapFile{Data: text.Bytes()}
	return name
}

// describeDamage shows where a page was damaged.
func describeDamage(before, after *fstest.MapFile) string {
	if before == nil || after == nil {
		return "it is gone, or new"
	}
	root, _ := html.Parse(bytes.NewReader(before.Data))
	var same bytes.Buffer
	html.Render(&same, root)
	a, b := same.String(), string(after.Data)
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	excerpt := func(text string) string { return text[max(0, i-100):min(len(text), i+150)] }
	return "was: " + excerpt(a) + "\nis:  " + excerpt(b)
}
