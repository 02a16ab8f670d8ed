package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// attributes are those of one start tag that the check looks at. Their values
// last until the next tag.
type attributes struct {
	id        int32  // as a number, or -1
	href      []byte // nil if there is none
	src       bool   // there is one
	hidden    bool
	name      []byte
	httpEquiv []byte
	property  []byte
	content   []byte
	rel       []byte
	kind      []byte // type
	loads     []loaded
}

// A loaded is an address that the browser fetches by itself.
type loaded struct {
	address []byte
	as      usage
}

// A usage is what something loaded is used as. Its name is the directive of a
// policy that it falls under.
type usage uint

const (
	noUsage usage = iota
	asImage
	asScript
	asStyle
	asMedia
	asFrame
	asObject
	asManifest
	asOther
)

var directives = [...]string{"", "img-src", "script-src", "style-src", "media-src", "frame-src", "object-src", "manifest-src", "connect-src"}

func (u usage) String() string { return directives[u] }

// sourceUsage says what the src of an element is used as.
var sourceUsage = map[atom.Atom]usage{
	atom.Img: asImage, atom.Input: asImage, atom.Script: asScript, atom.Iframe: asFrame, atom.Frame: asFrame,
	atom.Embed: asObject, atom.Audio: asMedia, atom.Video: asMedia, atom.Track: asMedia, atom.Source: asMedia,
}

// relUsage says what a <link> with a rel is used as, if the browser loads it.
var relUsage = map[string]usage{
	"icon": asImage, "apple-touch-icon": asImage, "mask-icon": asImage, "stylesheet": asStyle, "manifest": asManifest,
	"modulepreload": asScript, "preload": asOther, "prefetch": asOther, "preconnect": asOther, "dns-prefetch": asOther,
	"prerender": asOther,
}

// add takes up one attribute. Attributes that stand twice count once, the
// first time, as they do in a browser.
func (a *attributes) add(r *reader, tag atom.Atom, key, value []byte) {
	switch string(key) {
	case "id":
		if a.id < 0 && len(value) > 0 {
			a.id = r.intern(value)
		}
	case "hidden":
		a.hidden = true
	case "href", "xlink:href":
		if a.href == nil {
			a.href = value
			if tag == atom.Image || string(key) == "xlink:href" && tag != atom.A {
				a.loads = append(a.loads, loaded{value, asImage})
			}
		}
	case "src":
		a.src = true
		as := sourceUsage[tag]
		if as == noUsage {
			as = asOther
		}
		a.loads = append(a.loads, loaded{value, as})
	case "srcset", "imagesrcset":
		for candidate := range bytes.SplitSeq(value, []byte(",")) {
			if fields := bytes.Fields(candidate); len(fields) > 0 {
				a.loads = append(a.loads, loaded{fields[0], asImage})
			}
		}
	case "poster", "background":
		a.loads = append(a.loads, loaded{value, asImage})
	case "data":
		if tag == atom.Object {
			a.loads = append(a.loads, loaded{value, asObject})
		}
	case "ping":
		for _, address := range bytes.Fields(value) {
			a.loads = append(a.loads, loaded{address, asOther})
		}
	case "style":
		r.policy.styleAttribute = true
		r.page.foreign = append(r.page.foreign, foreignCSS(string(value))...)
	case "name":
		a.name = value
	case "http-equiv":
		a.httpEquiv = value
	case "property":
		a.property = value
	case "content":
		a.content = value
	case "rel":
		a.rel = value
	case "type":
		a.kind = value
	default:
		if len(key) > 2 && key[0] == 'o' && key[1] == 'n' {
			r.policy.handler = true
		}
	}
}

// runs tells whether a <script> is run and not just data.
func (a *attributes) runs() bool {
	kind := bytes.ToLower(a.kind)
	return len(kind) == 0 || string(kind) == "module" || bytes.Contains(kind, []byte("javascript")) || bytes.Contains(kind, []byte("ecmascript"))
}

// is tells whether a value is a word, in capitals or not.
func is(value []byte, word string) bool {
	return len(value) == len(word) && strings.EqualFold(string(value), word)
}

// meta takes up a <meta>.
func (r *reader) meta(a *attributes) {
	switch {
	case is(a.httpEquiv, "content-security-policy"):
		r.policy.contents = append(r.policy.contents, string(a.content))
	case is(a.httpEquiv, "refresh"):
		if m := refresh.FindSubmatch(a.content); m != nil {
			r.page.redirect = true
			if file, fragment, local := r.resolve(m[1]); local {
				r.page.leadsTo = string(file)
				r.refer(file, fragment, true)
			}
		}
	case is(a.name, "description") && r.page.description == "":
		r.page.description = fold(string(a.content))
	case is(a.property, "og:url"):
		r.page.shared = string(a.content)
	}
}

var refresh = regexp.MustCompile(`(?i)^\s*[0-9.]*\s*[;,]\s*(?:url\s*=)?\s*['"]?([^'"]*)`)

// linkElement takes up a <link>.
func (r *reader) linkElement(a *attributes) {
	if a.href == nil {
		return
	}
	for rel := range bytes.FieldsSeq(a.rel) {
		if is(rel, "canonical") {
			r.page.canonical = strings.TrimSpace(string(a.href))
			continue
		}
		if as, ok := relUsage[strings.ToLower(string(rel))]; ok {
			r.load(a.href, as)
			return
		}
	}
	if file, fragment, local := r.resolve(a.href); local {
		r.refer(file, fragment, false)
	}
}

var cssAddress = regexp.MustCompile(`(?i)(?:url\(\s*|@import\s+)["']?([^"')\s;]+)`)

// A stylesheet is what the check wants to know of the text in a <style>.
type stylesheet struct {
	text    []byte
	hash    string // as a policy writes it
	atMost  int    // bytes that it surely fits into, compressed
	foreign []string
}

// stylesheet looks at the text of a <style>.
func (r *reader) stylesheet(text []byte) stylesheet {
	if !bytes.Equal(text, r.sheet.text) || r.sheet.hash == "" {
		sum := sha256.Sum256(text)
		r.sheet = stylesheet{
			text:    bytes.Clone(text),
			hash:    "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
			foreign: foreignCSS(string(text)),
			atMost:  r.packer.atMost(text),
		}
	}
	return r.sheet
}

// foreignCSS gives the addresses on other hosts that a stylesheet draws in.
func foreignCSS(css string) []string {
	if !mayDrawIn(css) {
		return nil
	}
	var all []string
	for _, m := range cssAddress.FindAllStringSubmatch(css, -1) {
		if u, err := url.Parse(m[1]); (err != nil || u.Scheme != "" || u.Host != "") && !isData([]byte(m[1])) {
			all = append(all, m[1])
		}
	}
	return all
}

// mayDrawIn tells whether a stylesheet has what can draw in anything. Nearly
// none has, and the expression takes forty times as long to say so.
func mayDrawIn(css string) bool {
	for i := range len(css) {
		switch css[i] {
		case '(':
			if i >= 3 && strings.EqualFold(css[i-3:i], "url") {
				return true
			}
		case '@':
			if rest := css[i+1:]; len(rest) > 6 && strings.EqualFold(rest[:6], "import") {
				return true
			}
		}
	}
	return false
}

func isData(address []byte) bool {
	address = bytes.TrimSpace(address)
	return len(address) >= 5 && strings.EqualFold(string(address[:5]), "data:")
}

// resolve gives the file that an address on the page being read leads to, and
// the place in it; both last until the next call. local is false if the
// address leads to another host or is of another kind, such as mailto:. A file
// that begins with / or ../ is outside the site's folder.
func (r *reader) resolve(address []byte) (file, fragment []byte, local bool) {
	address = bytes.Trim(address, " \t\n\r\f")
	if hasScheme(address) || bytes.HasPrefix(address, []byte("//")) {
		return nil, nil, false
	}
	if special(address) {
		u, err := url.Parse(asBrowsersRead.Replace(string(address)))
		switch {
		case err != nil:
			return address, nil, !bytes.ContainsRune(address, ':') // an address of this site that nobody can follow
		case u.Scheme != "" || u.Host != "":
			return nil, nil, false
		}
		address, fragment = []byte(u.Path), []byte(u.Fragment)
	} else {
		address, fragment, _ = bytes.Cut(address, []byte("#"))
	}
	r.form = asFile
	switch {
	case len(address) == 0:
		r.form = asPlace
		return append(r.file[:0], r.page.name...), fragment, true
	case address[0] == '/':
		return address, fragment, true
	}
	// Most addresses go up some folders and then down: that is done without a copy of the path.
	dir := r.dir
	rest := address
	for bytes.HasPrefix(rest, []byte("../")) && dir != "" {
		dir = dir[:max(strings.LastIndexByte(dir, '/'), 0)]
		rest = rest[3:]
	}
	r.file = append(r.file[:0], dir...)
	if dir != "" && len(rest) > 0 {
		r.file = append(r.file, '/')
	}
	r.file = append(r.file, rest...)
	if dotted(rest) {
		r.file = append(r.file[:0], path.Join(dir, string(rest))...)
		if string(r.file) == "." {
			r.file = r.file[:0]
		}
	} else if n := len(r.file); n > 0 && r.file[n-1] == '/' {
		r.file = r.file[:n-1]
	}
	if folder := len(rest) == 0 || rest[len(rest)-1] == '/' || bytes.HasSuffix(rest, []byte("/..")) || bytes.HasSuffix(rest, []byte("/.")) ||
		string(rest) == "." || string(rest) == ".."; folder {
		r.form = asFolder
		if len(r.file) > 0 {
			r.file = append(r.file, '/')
		}
		r.file = append(r.file, "index.html"...)
	}
	return r.file, fragment, true
}

// hasScheme tells whether an address begins as https: and mailto: do.
func hasScheme(address []byte) bool {
	for i, c := range address {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case i > 0 && c == ':':
			return true
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return false
}

// unescaped makes two addresses equal that are the same but for signs such as '
// and (, which a page may have as %27 and %28.
func unescaped(address string) string {
	address = strings.TrimSpace(address)
	if plain, err := url.PathUnescape(address); err == nil {
		return plain
	}
	return address
}

// dotted tells whether a path has steps that path.Clean would take out.
func dotted(p []byte) bool {
	return len(p) > 0 && p[0] == '.' || bytes.Contains(p, []byte("/.")) || bytes.Contains(p, []byte("//"))
}

// special tells whether an address has a character that needs the rules of the
// URL standard to be read.
func special(address []byte) bool {
	for _, c := range address {
		if c == ':' || c == '%' || c == '?' || c == '\\' || c <= ' ' {
			return true
		}
	}
	return false
}

var asBrowsersRead = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/")

// A policy is what a page's Content-Security-Policy says, and what it is about.
type policy struct {
	contents       []string
	hashes         []string // of the stylesheets in the page, as a policy writes them
	used           uint     // a bit for each usage
	styleAttribute bool
	inlineScript   bool
	handler        bool
}

// reset makes p the policy of a page of which nothing has been read.
func (p *policy) reset() { *p = policy{contents: p.contents[:0], hashes: p.hashes[:0]} }

func (p *policy) clone() *policy {
	c := *p
	c.contents, c.hashes = slices.Clone(p.contents), slices.Clone(p.hashes)
	return &c
}

// equal tells whether two policies are to be judged in the same way.
func (p *policy) equal(q *policy) bool {
	return p.used == q.used && p.styleAttribute == q.styleAttribute && p.inlineScript == q.inlineScript && p.handler == q.handler &&
		slices.Equal(p.hashes, q.hashes) && slices.Equal(p.contents, q.contents)
}

// faults says what a policy forbids that the page uses, and the other way round.
func (p *policy) faults() []fault {
	if len(p.contents) == 0 {
		return []fault{{"policy", "the page has no Content-Security-Policy", "see that layouts/baseof.html writes one"}}
	}
	allowed := map[string][]string{}
	for _, directive := range strings.Split(p.contents[0], ";") {
		if words := strings.Fields(directive); len(words) > 0 {
			if name := strings.ToLower(words[0]); allowed[name] == nil {
				allowed[name] = words[1:]
			}
		}
	}
	var faults []fault
	tell := func(what, do string) { faults = append(faults, fault{"policy", what, do}) }
	sources := func(u usage) []string {
		if s, ok := allowed[u.String()]; ok {
			return s
		}
		return allowed["default-src"]
	}
	if len(p.contents) > 1 {
		tell("the page has two Content-Security-Policies", "keep one")
	}
	if !slices.Equal(allowed["default-src"], []string{"'none'"}) {
		tell("the policy does not begin with default-src 'none'", "see layouts/baseof.html")
	}
	for _, hash := range p.hashes {
		if !slices.Contains(sources(asStyle), hash) {
			tell("the policy does not allow the stylesheet in the page, "+hash, "see that layouts/baseof.html gives the hash of the very text in <style>, and that nothing changes it after")
		}
	}
	used := map[string]bool{}
	for u := asImage; u <= asOther; u++ {
		if p.used&(1<<u) == 0 {
			continue
		}
		used[u.String()] = true
		if !slices.Contains(sources(u), "'self'") {
			tell("the page loads what the policy does not allow: "+u.String()+" 'self'", "allow it in layouts/baseof.html, or take it out")
		}
	}
	for _, there := range []struct {
		is   bool
		what string
	}{{p.styleAttribute, "a style attribute"}, {p.inlineScript, "a script"}, {p.handler, "an event handler"}} {
		if there.is {
			tell("the page has "+there.what+", which the policy does not allow", "take it out")
		}
	}
	for _, directive := range slices.Sorted(maps.Keys(allowed)) {
		for _, word := range allowed[directive] {
			switch {
			case word == "'none'", word == "'self'" && used[directive], directive == asStyle.String() && slices.Contains(p.hashes, word):
			default:
				tell("the policy allows what the page does not use: "+directive+" "+word, "take it out of layouts/baseof.html")
			}
		}
	}
	return faults
}
