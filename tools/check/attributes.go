package check

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// attributes are those of one start tag that the check looks at.
type attributes struct {
	id        int32 // as a number, or -1
	href      *string
	src       string
	hidden    bool
	name      string
	httpEquiv string
	content   string
	rel       string
	kind      string // type
	loads     []loaded
}

// A loaded is an address that the browser fetches by itself.
type loaded struct {
	address string
	as      usage
}

// A usage is what something loaded is used as: the directive of a policy that
// it falls under.
type usage string

const (
	asImage    usage = "img-src"
	asScript   usage = "script-src"
	asStyle    usage = "style-src"
	asFont     usage = "font-src"
	asMedia    usage = "media-src"
	asFrame    usage = "frame-src"
	asObject   usage = "object-src"
	asManifest usage = "manifest-src"
	asOther    usage = "connect-src"
)

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
			s := string(value)
			a.href = &s
			if tag == atom.Image || string(key) == "xlink:href" && tag != atom.A {
				a.loads = append(a.loads, loaded{s, asImage})
			}
		}
	case "src":
		a.src = string(value)
		as := sourceUsage[tag]
		if as == "" {
			as = asOther
		}
		a.loads = append(a.loads, loaded{a.src, as})
	case "srcset", "imagesrcset":
		for _, candidate := range strings.Split(string(value), ",") {
			if fields := strings.Fields(candidate); len(fields) > 0 {
				a.loads = append(a.loads, loaded{fields[0], asImage})
			}
		}
	case "poster", "background":
		a.loads = append(a.loads, loaded{string(value), asImage})
	case "data":
		if tag == atom.Object {
			a.loads = append(a.loads, loaded{string(value), asObject})
		}
	case "ping":
		for _, address := range strings.Fields(string(value)) {
			a.loads = append(a.loads, loaded{address, asOther})
		}
	case "style":
		r.policy.styleAttribute = true
		r.page.foreign = append(r.page.foreign, foreignCSS(string(value))...)
	case "name":
		a.name = strings.ToLower(string(value))
	case "http-equiv":
		a.httpEquiv = strings.ToLower(string(value))
	case "content":
		a.content = string(value)
	case "rel":
		a.rel = strings.ToLower(string(value))
	case "type":
		a.kind = strings.ToLower(string(value))
	default:
		if len(key) > 2 && key[0] == 'o' && key[1] == 'n' {
			r.policy.handler = true
		}
	}
}

// runs tells whether a <script> is run and not just data.
func (a *attributes) runs() bool {
	return a.kind == "" || a.kind == "module" || strings.Contains(a.kind, "javascript") || strings.Contains(a.kind, "ecmascript")
}

// meta takes up a <meta>.
func (r *reader) meta(a *attributes) {
	switch {
	case a.httpEquiv == "content-security-policy":
		r.policy.contents = append(r.policy.contents, a.content)
	case a.httpEquiv == "refresh":
		if m := refresh.FindStringSubmatch(a.content); m != nil {
			r.page.redirect = true
			if file, fragment, local := resolve(r.dir, r.page.name, m[1]); local {
				r.refer(file, fragment, true)
			}
		}
	case a.name == "description" && r.page.description == "":
		r.page.description = fold(a.content)
	}
}

var refresh = regexp.MustCompile(`(?i)^\s*[0-9.]*\s*[;,]\s*(?:url\s*=)?\s*['"]?([^'"]*)`)

// linkElement takes up a <link>.
func (r *reader) linkElement(a *attributes) {
	if a.href == nil {
		return
	}
	for _, rel := range strings.Fields(a.rel) {
		if as, ok := relUsage[rel]; ok {
			r.load(*a.href, as)
			return
		}
	}
	if file, fragment, local := resolve(r.dir, r.page.name, *a.href); local {
		r.refer(file, fragment, false)
	}
}

var cssAddress = regexp.MustCompile(`(?i)(?:url\(\s*|@import\s+)["']?([^"')\s;]+)`)

// foreignCSS gives the addresses on other hosts that a stylesheet draws in.
func foreignCSS(css string) []string {
	var all []string
	for _, m := range cssAddress.FindAllStringSubmatch(css, -1) {
		if _, _, local := resolve("/", "", m[1]); !local && !strings.HasPrefix(strings.ToLower(m[1]), "data:") {
			all = append(all, m[1])
		}
	}
	return all
}

// resolve gives the file that an address on the page called name, in the
// folder dir, leads to, and the place in it. local is false if the address
// leads to another host or is of another kind, such as mailto:. A file that
// begins with / or ../ is outside the site's folder.
func resolve(dir, name, address string) (file, fragment string, local bool) {
	address = strings.Trim(address, " \t\n\r\f")
	if strings.ContainsFunc(address, special) {
		u, err := url.Parse(strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(address))
		switch {
		case err != nil:
			return address, "", !strings.Contains(address, ":") // an address of this site that nobody can follow
		case u.Scheme != "" || u.Host != "":
			return "", "", false
		}
		address, fragment = u.Path, u.Fragment
	} else {
		if strings.HasPrefix(address, "//") {
			return "", "", false
		}
		address, fragment, _ = strings.Cut(address, "#")
	}
	switch {
	case address == "":
		return name, fragment, true
	case address[0] == '/':
		return address, fragment, true
	}
	file = path.Join(dir[1:], address)
	if address == "." || address == ".." || strings.HasSuffix(address, "/") || strings.HasSuffix(address, "/..") || strings.HasSuffix(address, "/.") {
		file = path.Join(file, "index.html")
	}
	return file, fragment, true
}

// special tells whether an address with this character needs the rules of the
// URL standard to be read.
func special(c rune) bool {
	return c == ':' || c == '%' || c == '?' || c == '\\' || c <= ' '
}

// A policy is what a page's Content-Security-Policy says, and what it is about.
type policy struct {
	contents       []string
	hashes         []string // of the stylesheets in the page, as a policy writes them
	used           map[usage]bool
	styleAttribute bool
	inlineScript   bool
	handler        bool
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
	sources := func(directive usage) []string {
		if s, ok := allowed[string(directive)]; ok {
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
	for as := range p.used {
		if !slices.Contains(sources(as), "'self'") {
			tell("the page loads what the policy does not allow: "+string(as)+" 'self'", "allow it in layouts/baseof.html, or take it out")
		}
	}
	for what, there := range map[string]bool{"a style attribute": p.styleAttribute, "a script": p.inlineScript, "an event handler": p.handler} {
		if there {
			tell("the page has "+what+", which the policy does not allow", "take it out")
		}
	}
	for directive, words := range allowed {
		for _, word := range words {
			switch {
			case word == "'none'", word == "'self'" && p.used[usage(directive)], directive == string(asStyle) && slices.Contains(p.hashes, word):
			default:
				tell("the policy allows what the page does not use: "+directive+" "+word, "take it out of layouts/baseof.html")
			}
		}
	}
	slices.SortFunc(faults, func(a, b fault) int { return strings.Compare(a.what, b.what) })
	return faults
}
