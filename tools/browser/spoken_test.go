package browser

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// spokenRoles are those that a screen reader says before what has them.
var spokenRoles = []string{"heading", "listitem", "term", "definition", "link", "image"}

// spoken gives what the page that v shows says to a screen reader, in its order,
// from Chromium's accessibility tree: texts, and before them what they are.
func spoken(t *testing.T, v *visit) string {
	t.Helper()
	var tree accessibility.GetFullAXTreeResult
	v.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) (err error) {
		tree, err = cdp.Call(ctx, tab, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		return err
	}))
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	var words []string
	var speak func(n *accessibility.Node)
	speak = func(n *accessibility.Node) {
		role := textOf(n.Role)
		switch {
		case n.Ignored:
		case role == "StaticText":
			words = append(words, strings.Fields(textOf(n.Name))...)
			return
		case slices.Contains(spokenRoles, role):
			if words = append(words, role+":"); role == "image" {
				words = append(words, textOf(n.Name))
			}
		}
		for _, id := range n.ChildIDs {
			if child := nodes[id]; child != nil {
				speak(child)
			}
		}
	}
	speak(tree.Nodes[0])
	return strings.Join(words, " ")
}

// textOf is the text that a value of the accessibility tree holds, or "".
func textOf(value *accessibility.Value) (text string) {
	if value != nil {
		json.Unmarshal([]byte(value.Value), &text) // other values are no text
	}
	return text
}
