package report

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// A link is misleading if its words show the address of a page, an e-mail address or a
// telephone number, but it leads to another. Its target must not be deceptive either:
// a host cannot be a number or have letters that look like others, and what a
// telephone dials must be a number, not a command.

// hostFault returns why a link cannot lead to a host with that name, or "".
func hostFault(host string) string {
	host = strings.ToLower(host)
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	switch {
	case strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }):
		return "has a domain with letters outside a to z, and can look like another site’s"
	case strings.HasPrefix(host, "["), numberHost.MatchString(host):
		return "has a number in place of a domain, so nobody can tell whose it is"
	case strings.Contains(host, "_"):
		return "has a _ in its domain, which no public site has"
	case strings.HasSuffix(strings.TrimRight(host, ":0123456789"), "."):
		return "has a full stop at the end of its domain"
	case !strings.Contains(host, "."):
		return "has a domain without a full stop, which only works inside an organisation"
	case !plainHost.MatchString(host):
		return "has a domain that cannot be read"
	case strings.HasPrefix(host, "xn--"), strings.Contains(host, ".xn--"):
		return "has a domain in a code for another alphabet, and can look like another site’s"
	case last[0] <= '9':
		return "has a number in place of a domain, so nobody can tell whose it is"
	}
	return ""
}

// numberHost matches a host that is a single number.
var numberHost = regexp.MustCompile(`^(?:[0-9]+|0x[0-9a-f]+)(?::[0-9]+)?$`)

// dialNumber matches what a telephone link can dial.
var dialNumber = regexp.MustCompile(`^\+?[0-9]+([-. ]?[0-9]+)*$`)

// callFault returns what is wrong with the address of a telephone or e-mail link, or
// nil.
func callFault(u *url.URL) *fault {
	switch address := outsidePart(u); {
	case u.Scheme == "tel" && !dialNumber.MatchString(address):
		return &fault{what: "does not dial a plain telephone number", do: "write tel: and the number's digits, as in tel:08001111"}
	case u.Scheme == "mailto" && !email.MatchString(address):
		return &fault{what: "does not lead to a single e-mail address", do: "write mailto:name@example.org"}
	case u.Scheme == "mailto" && u.RawQuery != "" && (!strings.HasPrefix(u.RawQuery, "subject=") || strings.ContainsAny(u.RawQuery, "&;") || strings.Contains(strings.ToLower(u.RawQuery), "%0")):
		return &fault{what: "fills in more of the e-mail than its subject", do: "delete everything after the address, from the ?"}
	}
	return nil
}

// outsidePart returns the telephone number or e-mail address of a link.
func outsidePart(u *url.URL) string {
	part := u.Opaque
	if u.Opaque == "" {
		part = u.Host + u.Path
	}
	if plain, err := url.PathUnescape(part); err == nil {
		return plain
	}
	return part
}

// wordsFault returns how the words of a link to an address outside the site mislead, or nil.
func wordsFault(words string, u *url.URL) *fault {
	words = plainAddressSigns.Replace(norm.NFKC.String(words))
	if u.Scheme == "tel" {
		return callWordsFault(words, outsidePart(u))
	}
	for _, part := range digits.FindAllString(words, -1) {
		if callNumber.MatchString(plainNumber(part)) && !datePattern.MatchString(part) && !strings.Contains(strings.ToUpper(words), "ISBN") {
			return &fault{what: "shows a telephone number but does not dial it", do: "write tel: and the number's digits between the round brackets, or other words between the square ones"}
		}
	}
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`()[]<>"“”‘’,;|`, r) }) {
		word = strings.TrimRight(strings.TrimPrefix(word, "mailto:"), ".…:!?'")
		switch name, host, mail := strings.Cut(word, "@"); {
		case mail && name != "" && isHost(host):
			if u.Scheme != "mailto" || !strings.EqualFold(word, outsidePart(u)) {
				return &fault{what: "shows a different e-mail address from the one it leads to", do: "write the same address in both places"}
			}
		case looksLikeAddress(word):
			if !leadsTo(word, u) {
				return &fault{what: "shows a different address from the one it leads to", do: "write the same address in both places, or the page's title"}
			}
		}
	}
	return nil
}

var (
	// plainAddressSigns replaces signs that look like those in addresses, or cannot be seen.
	plainAddressSigns = strings.NewReplacer("\u00ad", "", "\u2215", "/", "\u2044", "/", "\u29f8", "/", "\u3002", ".")

	// similarLetters replaces letters that look like those from a to z.
	similarLetters = strings.NewReplacer("а", "a", "с", "c", "ԁ", "d", "е", "e", "һ", "h", "і", "i", "ј", "j", "к", "k", "м", "m", "о", "o", "р", "p", "ԛ", "q", "ѕ", "s", "т", "t", "у", "y", "х", "x", "ѵ", "v", "ԝ", "w",
		"α", "a", "ε", "e", "ι", "i", "κ", "k", "ν", "v", "ο", "o", "ρ", "p", "τ", "t", "υ", "u", "χ", "x", "ı", "i", "ɡ", "g", "ɑ", "a")

	// callNumber matches the digits of a telephone number in the United Kingdom, but not those of
	// a year or of a company.
	callNumber  = regexp.MustCompile(`^0[1235789][0-9]{8,9}$|^0[58]00[0-9]{4,6}$|^0845[0-9]{4}$`)
	datePattern = regexp.MustCompile(`^[0-9]{1,2}[. –-][0-9]{1,2}[. –-][0-9]{4}$`)
)

// isHost reports whether a word is the name of a host on the internet, or looks like one.
func isHost(word string) bool {
	word = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && unicode.IsLetter(r) {
			return 'x'
		}
		return r
	}, similarLetters.Replace(strings.ToLower(word)))
	suffix, public := publicsuffix.PublicSuffix(word)
	public = public || strings.Contains(suffix, ".")
	return plainHost.MatchString(word) && public && !strings.ContainsAny(suffix, "0123456789")
}

var pathStart = regexp.MustCompile(`[/?#:\\]`)

// looksLikeAddress reports whether a word looks like the address of a page.
func looksLikeAddress(word string) bool {
	lower := strings.ToLower(word)
	return strings.Contains(lower, "://") || strings.HasPrefix(lower, "www.") || isHost(pathStart.Split(lower, 2)[0])
}

// leadsTo reports whether a link leads to the address in its words, or to one below it.
func leadsTo(word string, u *url.URL) bool {
	if u.Scheme != "https" && u.Scheme != "http" {
		return false
	}
	if _, after, ok := strings.Cut(word, "://"); ok {
		word = after
	}
	host, path := word, ""
	if i := pathStart.FindStringIndex(word); i != nil {
		host, path = word[:i[0]], word[i[0]:]
	}
	bare := func(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
	if wordsHost, real := bare(host), bare(u.Hostname()); wordsHost != real && !strings.HasSuffix(real, "."+wordsHost) {
		return false
	}
	if strings.HasPrefix(path, ":") { // a port
		_, path, _ = strings.Cut(path, "/")
		path = "/" + path
	}
	whole := u.EscapedPath()
	if u.RawQuery != "" {
		whole += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		whole += "#" + u.EscapedFragment()
	}
	path = strings.TrimRight(path, "/")
	plain, err := url.PathUnescape(whole)
	return strings.HasPrefix(strings.ToLower(whole), strings.ToLower(path)) || err == nil && strings.HasPrefix(strings.ToLower(plain), strings.ToLower(path))
}

// digits matches a telephone number with any usual separators.
var digits = regexp.MustCompile(`\+?[0-9](?:[ \x{a0}().–-]{0,3}[0-9])*`)

// callWordsFault returns how the words of a telephone link mislead, or nil. They have to
// show the number: on paper, and when a telephone asks before it dials, readers
// have nothing else.
func callWordsFault(words, number string) *fault {
	hasNumber := false
	for _, part := range digits.FindAllString(words, -1) {
		switch same := plainNumber(part) == plainNumber(number); {
		case same:
			hasNumber = true
		case len(plainNumber(part)) >= 5:
			return &fault{what: "shows a different number from the one it dials", do: "write the same number in both places"}
		}
	}
	if !hasNumber {
		return &fault{what: "does not show the number that it dials", do: "put the number in the words between the square brackets"}
	}
	return nil
}

// plainNumber returns the digits of a telephone number as dialled in the United
// Kingdom.
func plainNumber(text string) string {
	number := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ReplaceAll(text, "(0)", ""))
	if strings.HasPrefix(text, "+44") {
		return "0" + number[2:]
	}
	if rest, ok := strings.CutPrefix(number, "0044"); ok {
		return "0" + rest
	}
	return number
}
