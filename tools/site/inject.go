package site

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// inject adds the preview's parts to a page: its script and stylesheet at the end
// of the head, the problems at the start of the body. It takes the page's policy
// out and returns one that allows these parts too, to be sent as a header.
func (m moment) inject(page []byte) (policy string, body []byte) {
	var out bytes.Buffer
	head, top := m.render("head"), m.render("body")
	flush := func(render *string) {
		out.WriteString(*render)
		*render = ""
	}
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for tokens.Next() != html.ErrorToken {
		raw := string(tokens.Raw())
		token := tokens.Token()
		switch {
		case token.Type == html.EndTagToken && token.Data == "head":
			flush(&head)
		case token.Type == html.StartTagToken && token.Data == "body":
			flush(&head)
			raw += top
			top = ""
		case token.Data == "meta" && strings.EqualFold(attribute(token, "http-equiv"), "Content-Security-Policy"):
			policy = attribute(token, "content")
			continue
		}
		out.WriteString(raw)
	}
	flush(&head)
	flush(&top)
	for _, directive := range []string{"script-src", "style-src", "connect-src"} {
		policy = allowSelf(policy, directive)
	}
	return policy, out.Bytes()
}

func attribute(token html.Token, name string) string {
	i := slices.IndexFunc(token.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return token.Attr[i].Val
}

// allowSelf adds the page's own host to a directive of a policy.
func allowSelf(policy, directive string) string {
	parts := strings.FieldsFunc(policy, func(r rune) bool { return r == ';' })
	for i, part := range parts {
		if fields := strings.Fields(part); len(fields) > 0 && strings.EqualFold(fields[0], directive) {
			parts[i] = part + " 'self'"
			return strings.Join(parts, ";")
		}
	}
	return strings.Join(append(parts, directive+" 'self'"), ";")
}
