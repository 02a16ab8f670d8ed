package pdf

import (
	"maps"
	"testing"
)

// Pages are counted in the order of the paper, whatever the numbers of their objects.
// Ids can have any letters. A destination that is not a place is skipped.
func TestPlaces(t *testing.T) {
	data := []byte("7 0 obj\n<</Type /Page\n/Parent 9 0 R>>\nendobj\n3 0 obj\n<</Type /Page>>\nendobj\n9 0 obj\n<</Type /Pages\n/Kids [7 0 R 3 0 R]>>\nendobj\n" +
		"10 0 obj\n<</summary [7 0 R /XYZ 0 752.6 0]\n/3.9 [3 0 R /XYZ 0 10 0]\n/caf#C3#A9 [3 0 R /XYZ 0 5 0]\n/lost [8 0 R /XYZ 0 5 0]>>\nendobj\n11 0 obj\n<</Dest /summary>>\nendobj\n")
	want := map[string]int{"summary": 1, "3.9": 2, "café": 2}
	if got := findPlaces(data); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzPlaces(f *testing.F) {
	f.Add([]byte("7 0 obj\n<</Type /Page>>\n/a#zz#4 [7 0 R /XYZ 0 0 0]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for id, page := range findPlaces(data) {
			if page < 1 {
				t.Errorf("%q is on page %d", id, page)
			}
		}
	})
}
