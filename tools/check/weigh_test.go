package check

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What a page is said to fit into is never less than it takes.
func FuzzAtMost(f *testing.F) {
	source := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(source.Uint32())
	}
	for _, text := range []string{"", "a", "’", strings.Repeat("a", 100_000), strings.Repeat("<li>é</li>", 10_000), string(random), string(random[:33_000]) + string(random[:33_000])} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p packer
		atMost := p.atMost([]byte(text))
		if takes := sent([]byte(text)) - Headers; takes > atMost {
			t.Errorf("%d bytes take %d, and were to take %d at most", len(text), takes, atMost)
		}
		for _, room := range []int{0, len(text) / 3, atMost - 1, atMost, len(text) + gzipFrame} {
			if takes := sent([]byte(text)) - Headers; p.fits([]byte(text), room) && takes > room {
				t.Errorf("%d bytes were to fit into %d, and take %d", len(text), room, takes)
			}
		}
	})
}
