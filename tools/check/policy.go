package check

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
)

// A stylesheet is what the check keeps of a <style>.
type stylesheet struct {
	html    []byte // the whole element, if it has no attributes
	hash    string // of text, as a policy writes it
	foreign []string
	text    string
	size    int // how many bytes it takes to send
}

func newStylesheet(text []byte) stylesheet {
	html := slices.Concat([]byte("<style>"), text, []byte("</style>"))
	return stylesheet{html, hashOf(text), foreignCSS(string(text)), string(text), measure(html, gzip.BestSpeed)}
}

func (r *reader) takeStylesheet(s stylesheet) {
	r.sheet = s
	r.page.sheets = append(r.page.sheets, s.text)
	r.policy.hashes = append(r.policy.hashes, s.hash)
	r.takeForeign(s.foreign...)
}

// withoutStylesheet returns the current page without its stylesheet, if that is the same
// as the page before's: most of a site's bytes are its stylesheet, over and over.
func (r *reader) withoutStylesheet() []byte {
	before, after, same := bytes.Cut(r.html, r.sheet.html)
	if !same || r.sheet.html == nil {
		return r.html
	}
	r.takeStylesheet(r.sheet)
	r.rest = append(append(r.rest[:0], before...), after...)
	return r.rest
}

// A policy is a page's Content-Security-Policy, and what the page uses.
type policy struct {
	texts  []string
	hashes []string // of the stylesheets in the page, as a policy writes them
	runs   []string // of the scripts of a search page
	large  bool     // one of these is too large
	uses   []use
}

// A use is the first thing on a page that a directive governs, or that no policy here
// allows.
type use struct {
	what   string
	origin origin
}

// maxScript is the largest size of a search page's script, in bytes.
const maxScript = 4096

// takeScript records a search page's script.
func (p *policy) takeScript(text []byte) {
	p.runs = append(p.runs, hashOf(text))
	p.large = p.large || len(text) > maxScript
}

// reportScripts reports faults of the scripts of a search page.
func (p *policy) reportScripts(allowed []string, tell func(what, do string)) {
	for _, hash := range p.runs {
		if !slices.Contains(allowed, hash) {
			tell("the policy does not allow the script in the page, "+hash, "check that layouts/baseof.html gives the hash of exactly the script that layouts/search.html writes, and that nothing changes it afterwards")
		}
	}
	if len(p.runs) > 1 {
		tell("the page has more than one script", "keep the one that searches")
	}
	if p.large {
		tell("the page's script is larger than 4 KB", "make layouts/_partials/find/search.js shorter")
	}
}

// hashOf returns the hash of a text as a policy writes it.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// What no policy here allows.
const (
	styleAttribute = "a style attribute"
	script         = "a script"
	handler        = "an event handler"
)

func (p *policy) use(what string, position origin) {
	if !p.has(what) {
		p.uses = append(p.uses, use{what, position})
	}
}

func (p *policy) has(what string) bool {
	return slices.ContainsFunc(p.uses, func(u use) bool { return u.what == what })
}

// faults returns what a policy forbids although the page uses it, and what it allows
// although the page does not.
func (p *policy) faults() (faults []fault) {
	tell := func(what, do string, position origin) {
		faults = append(faults, fault{rule: "policy", what: what, do: do, origin: position})
	}
	add := func(what, do string) { tell(what, do, origin{part: inFrame}) } // about the policy itself, which a layout writes
	if len(p.texts) == 0 {
		add("the page has no Content-Security-Policy", "check that layouts/baseof.html writes one")
		return faults
	}
	allowed := map[string][]string{}
	for directive := range strings.SplitSeq(p.texts[0], ";") {
		if words := strings.Fields(directive); len(words) > 0 {
			if name := strings.ToLower(words[0]); allowed[name] == nil {
				allowed[name] = words[1:]
			}
		}
	}
	sources := func(directive string) []string {
		if s, ok := allowed[directive]; ok {
			return s
		}
		return allowed["default-src"]
	}
	if len(p.texts) > 1 {
		add("the page has two Content-Security-Policies", "keep one")
	}
	if !slices.Equal(allowed["default-src"], []string{"'none'"}) {
		add("the policy does not begin with default-src 'none'", "check layouts/baseof.html")
	}
	for _, hash := range p.hashes {
		if !slices.Contains(sources(styles), hash) {
			add("the policy does not allow the stylesheet in the page, "+hash, "check that layouts/baseof.html gives the hash of exactly the text in <style>, and that nothing changes it afterwards")
		}
	}
	p.reportScripts(sources(scripts), add)
	for _, u := range p.uses {
		switch u.what {
		case styleAttribute, script, handler:
			tell("the page has "+u.what+", which the policy does not allow", "remove it", u.origin)
		default:
			if !slices.Contains(sources(u.what), "'self'") {
				tell("the page loads what the policy does not allow: "+u.what+" 'self'", "allow it in layouts/baseof.html, or remove it", u.origin)
			}
		}
	}
	for directive, words := range allowed {
		for _, word := range words {
			fits := word == "'none'" || word == "'self'" && p.has(directive) || directive == styles && slices.Contains(p.hashes, word) || directive == scripts && slices.Contains(p.runs, word)
			if !fits {
				add("the policy allows what the page does not use: "+directive+" "+word, "remove it from layouts/baseof.html")
			}
		}
	}
	return faults
}
