package site

import (
	"errors"
	"strings"
	"testing"
)

// A page keeps every byte except its policy, whatever it looks like, and gets the
// preview's parts once.
func TestAdd(t *testing.T) {
	m := moment{files: map[string][]byte{}, err: errors.New("</aside><script>alert(1)</script>")}
	head, top := m.render("head"), m.render("body")
	if strings.Contains(top, "<script>") {
		t.Error("the problem is not escaped")
	}
	const own = "script-src 'self';style-src 'self';connect-src 'self'"
	for _, page := range []struct{ given, want, policy string }{
		{"<!doctype html><HTML><head><style>a{}</head>{}</style></head><body class=x><p>é &amp; ü</body></html>",
			"<!doctype html><HTML><head><style>a{}</head>{}</style>" + head + "</head><body class=x>" + top + "<p>é &amp; ü</body></html>", own},
		{"<head><META HTTP-EQUIV=content-security-policy content=\"default-src 'none';Style-Src 'sha256-x='; img-src 'self'\"><meta charset=utf-8></head><!-- <body> --><body>",
			"<head><meta charset=utf-8>" + head + "</head><!-- <body> --><body>" + top,
			"default-src 'none';Style-Src 'sha256-x=' 'self'; img-src 'self';script-src 'self';connect-src 'self'"},
		{"<title>t</title><body>x", "<title>t</title>" + head + "<body>" + top + "x", own},
		{"<p>cut o", "<p>cut o" + head + top, own},
		{"", head + top, own},
	} {
		policy, body := m.inject([]byte(page.given))
		if string(body) != page.want {
			t.Errorf("%s becomes\n%s\nwant\n%s", page.given, body, page.want)
		}
		if normalise(policy) != normalise(page.policy) {
			t.Errorf("%s has the policy\n%s\nwant\n%s", page.given, policy, page.policy)
		}
	}
}

// normalise returns a policy without spaces around its directives.
func normalise(policy string) string {
	parts := strings.Split(policy, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, ";")
}

// Pages are those of an earlier version only if the current run has shown none, however
// often it is judged.
func TestStale(t *testing.T) {
	s := newShow("127.0.0.1")
	check := func(want bool, when string) {
		t.Helper()
		if m, _ := s.now(); m.Stale != want {
			t.Errorf("%s, the pages are of an earlier version: %t, want %t", when, m.Stale, want)
		}
	}
	s.begin()
	s.show(message{Files: map[string][]byte{"index.html": nil}})
	s.judge(errEndless, nil)
	s.judge(nil, nil)
	check(false, "after a slow check")
	s.begin()
	s.judge(errors.New("x"), nil)
	check(true, "after a run without pages")
	s.show(message{Files: map[string][]byte{"index.html": nil}})
	s.judge(nil, nil)
	check(false, "once it has pages")
}
