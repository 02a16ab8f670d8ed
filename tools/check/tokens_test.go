package check

import (
	"bytes"
	"fmt"
	"testing"

	"golang.org/x/net/html"
)

// ways are pages and parts of pages in many ways of writing.
var ways = []string{
	`<!doctype html><html lang=en><title>a &amp; b</title><style>a>b{}</style><body class="x y" id='z'><p hidden>text<br/><img src=a.png alt="">`,
	`<p title="a &amp; b &copy=1 &copy; &#39; & &notit;">&copy &notit; &#x6f;</p>`,
	"<p\n\tid = x\rhidden\r\n>a\r\nb\rc</p\n>\x00<b title=\x00 x>\x00</b>",
	`<P ID=x Id=y viewBox="0 0"><a href=x/>y</a><a href="x"title=y><a/href=x><a href=><a =x><a x==y><a 'x'>`,
	`<script>"</p>"<!--<script>x</script>--></script><script></script><textarea></p>&amp;</textarea><plaintext></plaintext><p>`,
	`<title>a &amp; &copy <b></title><title></title><style><</style><style>a>b&amp;{}</style><script>&amp;</script><script><!--</script><textarea>&lt;</textarea><title>`, "<title>a\rb\x00</title>",
	`<title/>x</title ><noscript><p></noscript><xmp><b></xmp >`,
	`a < b <3 <`, `a </`, `a </>b</ c>d<? e ?>f<!g>h<!-- i --> j --!>k<!--`, `<a href="x`, `<a`, `</a`, `<a href`, `<a href=`, `</p id=x>`, `<svg viewBox="0 0 1 1"><title>x</title><![CDATA[y]]></svg>`, `<`,
}

// All ways of writing are read as the tokenizer of golang.org/x/net/html reads them.
func FuzzTokens(f *testing.F) {
	for _, page := range ways {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		var got tokens
		got.reset([]byte(page))
		want := html.NewTokenizer(bytes.NewReader([]byte(page)))
		for at := 0; ; {
			kind := want.Next()
			at += len(want.Raw())
			endsItself := kind == html.SelfClosingTagToken
			if endsItself {
				kind = html.StartTagToken
			}
			if k := got.next(); k != kind || got.at != at && kind != html.ErrorToken {
				t.Fatalf("the %v up to %d of %q is read as a %v up to %d", kind, at, page, k, got.at)
			}
			switch kind {
			case html.ErrorToken:
				return
			case html.TextToken:
				if got, want := string(got.text()), string(want.Text()); got != want {
					t.Fatalf("the text %q of %q is read as %q", want, page, got)
				}
			case html.StartTagToken, html.EndTagToken:
				name, more := want.TagName()
				attrs := fmt.Sprintf("%s", name)
				for more {
					var key, value []byte
					key, value, more = want.TagAttr()
					attrs += fmt.Sprintf(" %s=%q", key, value)
				}
				all := fmt.Sprintf("%s", got.name)
				if kind == html.StartTagToken {
					if got.endsItself != endsItself {
						t.Fatalf("the tag %s of %q ends itself: %v", attrs, page, got.endsItself)
					}
					for _, a := range got.attrs {
						all += fmt.Sprintf(" %s=%q", a.key, a.value)
					}
				}
				if all != attrs {
					t.Fatalf("the tag %s of %q is read as %s", attrs, page, all)
				}
			}
		}
	})
}

// What a minified page is written in is read in place, and not left to the tokenizer.
func TestPlainTags(t *testing.T) {
	for page, plain := range map[string]bool{
		`<!doctype html><title>x</title><p class=a id="b c" hidden>x<br/>&amp;</p ><x-y data-a='&#34;'></x-y><svg viewBox="0 0"><path d=M1/></svg>`: true,
		`<P>`: false, `<p a=1 a=2>`: false, `<p a="1"b>`: false, `<p a= 1>`: false, `<!-- x -->`: false, `<p a=&copy>`: false,
	} {
		var of tokens
		of.reset([]byte(page))
		for of.next() != html.ErrorToken {
		}
		if (of.z == nil) != plain {
			t.Errorf("%s: plain is %v", page, !plain)
		}
	}
}
