package check_test

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"annualreport/tools/check"
)

// A page may be written in many ways that say the same: with other white space, quotation
// marks, entities or capitals, and its attributes in another order. None of these is a
// problem.
func TestHarmlessDifferences(t *testing.T) {
	seed := uint64(15)
	if os.Getenv("SEED") != "" {
		seed = seedOf(t)
	}
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	differences := 0
	for name, sample := range damageSites {
		s := sample()
		files := fstest.MapFS{}
		for _, name := range slices.Sorted(maps.Keys(s.files)) {
			files[name] = s.files[name]
			if path.Ext(name) == ".html" {
				w := writer{random: random}
				w.write(string(s.files[name].Data))
				differences += w.differences
				files[name] = &fstest.MapFile{Data: []byte(w.String())}
			}
		}
		if _, err := check.Site(files, s.lib, os.DirFS(s.source)); err != nil {
			t.Errorf("of %s, the check says\n%v", name, err)
		}
		if err := check.Same(files, s.files, s.lib); err != nil {
			t.Errorf("of %s, the comparison with another build says\n%v", name, err)
		}
	}
	t.Logf("%d differences", differences)
	if differences < 1000 {
		t.Errorf("only %d differences were made", differences)
	}
}

// A writer writes a page again, in other ways.
type writer struct {
	strings.Builder
	random      *rand.Rand
	differences int
}

// chance decides whether to make a difference, one time in a number of them.
func (w *writer) chance(n int) bool {
	if w.random.IntN(n) > 0 {
		return false
	}
	w.differences++
	return true
}

func (w *writer) write(page string) {
	tokens := html.NewTokenizer(strings.NewReader(page))
	raw := false // in a style, a script or a number, whose text is what it is
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			if tokens.Err() != io.EOF {
				panic(tokens.Err())
			}
			return
		case html.TextToken:
			text := string(tokens.Raw())
			if !raw {
				text = w.text(html.UnescapeString(text))
			}
			w.WriteString(text)
		case html.StartTagToken, html.SelfClosingTagToken:
			before := string(tokens.Raw())
			token := tokens.Token()
			raw = token.Data == "style" || token.Data == "script" || slices.Contains(token.Attr, html.Attribute{Key: "class", Val: "number"})
			w.tag(token, strings.HasSuffix(before, "/>"))
		case html.EndTagToken:
			raw = false
			w.WriteString("</" + w.capitals(tokens.Token().Data))
			if w.chance(9) {
				w.WriteString(" ")
			}
			w.WriteString(">")
		default:
			w.Write(tokens.Raw())
		}
	}
}

// capitals writes the name of an element or an attribute in capitals, or not.
func (w *writer) capitals(name string) string {
	if w.chance(9) {
		return strings.ToUpper(name)
	}
	return name
}

func (w *writer) tag(token html.Token, selfClosing bool) {
	w.WriteString("<" + w.capitals(token.Data))
	attrs := token.Attr
	if len(attrs) > 1 && w.chance(2) {
		w.random.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })
	}
	for _, a := range attrs {
		w.WriteString([]string{" ", "\n", "  ", "\t"}[w.random.IntN(4)] + w.capitals(a.Key))
		value := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "'", "&#39;", ">", "&#x3e;").Replace(a.Val)
		switch bare := !strings.ContainsAny(a.Val, " \t\n\f\r\"'`=<>") && a.Val != ""; {
		case a.Val == "" && w.chance(2):
		case bare && !selfClosing && w.chance(3):
			w.WriteString("=" + value)
		case w.chance(2):
			w.WriteString(" = '" + value + "'")
		default:
			w.WriteString(`="` + value + `"`)
		}
	}
	if selfClosing {
		w.WriteString(" /")
	}
	w.WriteString(">")
}

// text writes a text with other white space, and with entities for some of its letters.
func (w *writer) text(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == ' ' && w.chance(6):
			b.WriteString([]string{"\n", "  ", "\t", " \n "}[w.random.IntN(4)])
		case r == '<' || r == '&' || w.chance(40) && r > ' ':
			b.WriteString([]string{fmt.Sprintf("&#%d;", r), fmt.Sprintf("&#x%X;", r)}[w.random.IntN(2)])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
