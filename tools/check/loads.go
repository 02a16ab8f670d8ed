package check

import (
	"bytes"
	"cmp"
	"net/url"
	"regexp"
	"strings"
)

// An attr is an attribute. Its value lasts until the next tag.
type attr struct {
	key   string
	value []byte
}

// countAttributes returns how many attributes a start tag gives. The tokenizer leaves out
// those that it gives again.
func countAttributes(tag []byte) (n int) {
	const spaces = " \t\n\f\r"
	i := bytes.IndexAny(tag, spaces+"/>")
	skip := func(set string, isIn bool) {
		for i < len(tag) && bytes.IndexByte([]byte(set), tag[i]) >= 0 == isIn {
			i++
		}
	}
	for i >= 0 {
		skip(spaces+"/", true)
		if i >= len(tag) || tag[i] == '>' {
			break
		}
		n++
		i++ // a name may begin with =
		skip(spaces+"/>=", false)
		skip(spaces, true)
		if i >= len(tag) || tag[i] != '=' {
			continue
		}
		i++
		skip(spaces, true)
		if i < len(tag) && (tag[i] == '"' || tag[i] == '\'') {
			quote := tag[i]
			i++
			skip(string(quote), false)
			i++
		} else {
			skip(spaces+">", false)
		}
	}
	return n
}

// attr returns the value of an attribute of the start tag that is being read.
func (r *reader) attr(key string) (value []byte, ok bool) {
	for _, a := range r.attrs {
		if a.key == key {
			return a.value, true
		}
	}
	return nil, false
}

// attrIs reports whether an attribute is a word, in capitals or not.
func (r *reader) attrIs(key, word string) bool {
	value, _ := r.attr(key)
	return strings.EqualFold(string(value), word)
}

// address returns the address of the current element. In a drawing, it may be in
// xlink:href.
func (r *reader) address() (href []byte, ok bool) {
	for _, a := range r.attrs {
		if a.key == "href" || a.key == "xlink:href" {
			return a.value, true
		}
	}
	return nil, false
}

// These directives of a policy govern what a page loads.
const (
	images    = "img-src"
	scripts   = "script-src"
	styles    = "style-src"
	media     = "media-src"
	frames    = "frame-src"
	objects   = "object-src"
	manifests = "manifest-src"
	others    = "connect-src"
)

// sourceLoads maps elements to the directive for their src.
var sourceLoads = map[string]string{
	"img": images, "input": images, "script": scripts, "iframe": frames, "frame": frames,
	"embed": objects, "audio": media, "video": media, "track": media, "source": media,
}

// relLoads maps the rel of a <link> that browsers load to its directive.
var relLoads = map[string]string{
	"icon": images, "apple-touch-icon": images, "mask-icon": images, "stylesheet": styles, "manifest": manifests,
	"modulepreload": scripts, "preload": others, "prefetch": others, "preconnect": others, "dns-prefetch": others,
	"prerender": others,
}

// takeLoads records what an element's attributes make the browser load or run.
func (r *reader) takeLoads(tag string) {
	for _, a := range r.attrs {
		switch {
		case a.key == "src":
			r.load(a.value, cmp.Or(sourceLoads[tag], others))
		case a.key == "srcset", a.key == "imagesrcset":
			for candidate := range bytes.SplitSeq(a.value, []byte(",")) {
				if fields := bytes.Fields(candidate); len(fields) > 0 {
					r.load(fields[0], images)
				}
			}
		case a.key == "poster", a.key == "background", a.key == "href" && tag == "image", a.key == "xlink:href" && tag != "a":
			r.load(a.value, images)
		case a.key == "data" && tag == "object":
			r.load(a.value, objects)
		case a.key == "ping":
			for address := range bytes.FieldsSeq(a.value) {
				r.load(address, others)
			}
		case a.key == "style":
			r.policy.use(styleAttribute, r.origin())
			r.takeForeign(foreignCSS(string(a.value))...)
		case len(a.key) > 2 && strings.HasPrefix(a.key, "on"):
			r.policy.use(handler, r.origin())
		}
	}
}

// load records an address that the browser loads by itself.
func (r *reader) load(address []byte, directive string) {
	if isData(string(address)) {
		return
	}
	target := r.refer(address, false)
	if target.form == formForeign {
		r.takeForeign(string(address))
	} else {
		r.policy.use(directive, r.origin())
	}
}

// takeForeign records addresses on other hosts that are loaded here.
func (r *reader) takeForeign(addresses ...string) {
	for _, address := range addresses {
		r.page.foreign = append(r.page.foreign, foreign{address, r.origin()})
	}
}

// takeMeta records a <meta>.
func (r *reader) takeMeta() {
	content, _ := r.attr("content")
	switch {
	case r.attrIs("http-equiv", "content-security-policy"):
		r.policy.texts = append(r.policy.texts, string(content))
	case r.attrIs("http-equiv", "refresh"):
		if m := refresh.FindSubmatch(content); m != nil {
			r.page.redirect = true
			if target := r.refer(m[1], true); target.form != formForeign {
				r.page.destination = target.file
			}
		}
	case r.attrIs("name", "description") && r.page.description == "":
		r.page.description = fold(string(content))
	case r.attrIs("property", "og:url"):
		r.page.share = string(content)
	case r.attrIs("property", "og:image"):
		r.page.picture = string(content)
	case r.attrIs("property", "og:image:width"):
		r.page.card[0] = string(content)
	case r.attrIs("property", "og:image:height"):
		r.page.card[1] = string(content)
	case r.attrIs("property", "og:image:alt"):
		r.page.card[2] = string(content)
	case r.attrIs("name", "twitter:card"):
		r.page.card[3] = string(content)
	}
}

var refresh = regexp.MustCompile(`(?i)^\s*[0-9.]*\s*[;,]\s*(?:url\s*=)?\s*['"]?([^'"]*)`)

// takeLink records a <link>.
func (r *reader) takeLink() {
	href, ok := r.attr("href")
	if !ok {
		return
	}
	rels, _ := r.attr("rel")
	for rel := range bytes.FieldsSeq(bytes.ToLower(rels)) {
		if directive, ok := relLoads[string(rel)]; ok {
			r.load(href, directive)
			return
		}
		if string(rel) == "canonical" {
			r.page.canonical = strings.TrimSpace(string(href))
		}
	}
	r.refer(href, false)
}

// takeScript records a <script>: code, the index of a search page, or data for search
// engines.
func (r *reader) takeScript(e *element) {
	kind, _ := r.attr("type")
	name := strings.ToLower(string(kind))
	runs := name == "" || name == "module" || strings.Contains(name, "javascript") || strings.Contains(name, "ecmascript")
	f := r.expected.finders[r.page.name]
	searches := f != nil && f.search
	e.index = searches && !runs && r.attrIs("id", "index")
	if _, hasSource := r.attr("src"); runs && !hasSource {
		if e.runs = searches; !searches {
			r.policy.use(script, r.origin())
		}
	}
	e.data = name == "application/ld+json"
}

var cssAddress = regexp.MustCompile(`(?i)(?:url\(\s*|@import\s+)["']?([^"')\s;]+)`)

// foreignCSS returns the addresses on other hosts that a stylesheet loads.
func foreignCSS(css string) (all []string) {
	if low := strings.ToLower(css); !strings.Contains(low, "url(") && !strings.Contains(low, "@import") {
		return nil // as nearly always, and much sooner
	}
	for _, m := range cssAddress.FindAllStringSubmatch(css, -1) {
		if u, err := url.Parse(m[1]); (err != nil || u.Scheme != "" || u.Host != "") && !isData(m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}

func isData(address string) bool {
	address = strings.TrimSpace(address)
	return len(address) >= 5 && strings.EqualFold(address[:5], "data:")
}
