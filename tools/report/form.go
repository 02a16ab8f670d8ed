package report

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A Form is a form that a text must have.
type Form struct {
	Words   []string // the texts to choose from; nil if it is not a choice
	Pattern string   // for JSON schemas: matches every valid text, and few others

	// check returns what is wrong with the text of the named field, or no rule.
	check func(name, text string) (rule, what, do string)
}

// Forms are the forms that the form tag of a field can name.
var Forms = map[string]Form{
	"":            {Pattern: `\S`},
	"wording":     {Pattern: `\S`, check: checkWording},
	"line":        {Pattern: `^\s*\S([^\r\n]*\S)?\s*$`, check: checkLine},
	"address":     {Pattern: `^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?([/?#]\S*)?$`, check: checkAddress},
	"contact":     {Pattern: `^\S+$`, check: checkReach},
	"old-address": {Pattern: oldAddress.String(), check: checkOldAddress},
	"number":      {Pattern: citableNumber.String(), check: checkNumber},
	"telephone":   {Pattern: telephone.String(), check: checkTelephone},
	"kind":        choice(StatusKinds),
	"direction":   choice(Directions),
	"meaning":     choice(Meanings),
	"file":        {Pattern: documentName.String(), check: checkDocument},
	"name":        {Pattern: goodID.String(), check: checkName},
	// References are checked when all files have been read.
	"id":        {Pattern: goodID.String()},
	"paragraph": {Pattern: passageNumber.String()},
	"item":      {Pattern: itemName.String()},
	"place":     {Pattern: placeName.String()},
}

var email = regexp.MustCompile(`^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)

// checkReach checks that a text is an e-mail address or the address of a page.
func checkReach(name, text string) (rule, what, do string) {
	if email.MatchString(text) {
		return
	}
	if rule, _, _ = checkAddress(name, text); rule != "" {
		return "bad-contact", Quote(text) + " is neither an e-mail address nor the address of a page", `write "name@example.org", or a whole address that begins with https://`
	}
	return
}

func checkName(name, text string) (rule, what, do string) {
	if !goodID.MatchString(text) {
		return "bad-id", fmt.Sprintf("%s cannot be the %s of an update", Quote(text), name), "use lower-case letters, digits and single hyphens, such as " + suggestID(text)
	}
	return
}

// documents are the extensions of documents.
var documents = []string{"pdf", "odt", "ods", "docx", "xlsx", "csv", "txt"}

var documentName = regexp.MustCompile(`^[A-Za-z0-9_-]+\.(` + strings.Join(documents, "|") + `)$`)

// lowerEnding returns a file's name with its ending in lower case.
func lowerEnding(name string) string {
	ending := path.Ext(name)
	return strings.TrimSuffix(name, ending) + strings.ToLower(ending)
}

// checkDocument checks that a text is a file's name, which becomes its address.
func checkDocument(_, text string) (rule, what, do string) {
	if lower := lowerEnding(text); !documentName.MatchString(text) && documentName.MatchString(lower) {
		return "document", Quote(text) + " has capitals in its ending", "name the file " + lower + ", here and in its folder"
	}
	if !documentName.MatchString(text) {
		return "document", Quote(text) + " is not the name of a document", "put it beside the report's pages and use letters, digits and hyphens in its name, such as letter.pdf"
	}
	return
}

// citableNumber matches a number that is written as text.
var citableNumber = regexp.MustCompile(`^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$`)

func checkNumber(_, text string) (rule, what, do string) {
	if !citableNumber.MatchString(text) {
		return "number", Quote(text) + " is not a number that people can cite", `write digits and letters, with full stops between them, as in "4.1" or "12a"`
	}
	return
}

var telephone = regexp.MustCompile(`^\+?[0-9]+( [0-9]+)*$`)

func checkTelephone(_, text string) (rule, what, do string) {
	if !telephone.MatchString(text) {
		return "bad-telephone", Quote(text) + " is not a telephone number", `write digits and single spaces, as in "0808 800 5000"`
	}
	return
}

// oldAddress matches an address within the site, of a folder or an HTML file.
var oldAddress = regexp.MustCompile(`^/([A-Za-z0-9_~-]+/)*([A-Za-z0-9_~-]+(/|\.html))$`)

// checkOldAddress checks that a text can be an old address of a page on the site.
func checkOldAddress(_, text string) (rule, what, do string) {
	if oldAddress.MatchString(text) {
		return
	}
	do = `write what follows the site's address, such as "/2014/old-name/", with letters, digits and hyphens`
	address := text
	if u, err := url.Parse(text); err == nil {
		address = u.Path
	}
	for _, suggestion := range []string{"/" + strings.Trim(address, "/") + "/", "/" + strings.TrimPrefix(address, "/")} {
		if oldAddress.MatchString(suggestion) && !strings.Contains(text, ":") {
			do = fmt.Sprintf("write %q", suggestion)
			break
		}
	}
	return "old-address", Quote(text) + " is not an address on this site", do
}

// choice returns the form of a text that is one of a few words.
func choice(words []string) Form {
	return Form{Words: words, check: func(name, text string) (rule, what, do string) {
		if slices.Contains(words, text) {
			return
		}
		return "unknown-word", fmt.Sprintf("%s cannot be a %s", Quote(text), name), Suggest(text, words, "write "+joinOr(words))
	}}
}

// checkLine checks that a text for headings and links has no line break.
func checkLine(name, text string) (rule, what, do string) {
	if strings.ContainsAny(strings.TrimSpace(text), "\r\n") {
		return "more-than-one-line", name + " runs over more than one line", "put it on one line"
	}
	return
}

// plainHost matches the name of a host in plain letters.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+(:[0-9]+)?$`)

// checkAddress checks that a source is the address of a public page.
func checkAddress(_, text string) (rule, what, do string) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") || u.User != nil ||
		strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' }) {
		return "bad-source", Quote(text) + " is not the address of a public page", "copy the whole address from the browser; it begins with https://"
	}
	if fault := hostFault(u.Host); fault != "" {
		return "bad-source", Quote(text) + " " + fault, "copy the whole address from the browser, or name another page that says the same"
	}
	return
}
