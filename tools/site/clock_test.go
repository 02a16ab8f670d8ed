package site

import (
	"context"
	"testing"
	"time"

	"github.com/bep/clocks"
	"github.com/gohugoio/hugo/common/htime"
	"github.com/spf13/afero"

	"annualreport/tools/testkit"
)

// Hugo renders the same bytes whatever the clock says.
func TestClock(t *testing.T) {
	source := testkit.NewSource(t, "../..")
	lib, err := Load(source)
	if err != nil {
		t.Fatal(err)
	}
	renderAt := func(clock time.Time) afero.Fs {
		defer func(now clocks.Clock) { htime.Clock = now }(htime.Clock)
		htime.Clock = clocks.Start(clock)
		files, err := render(context.Background(), source, "", lib, "")
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	current := renderAt(time.Now())
	for _, clock := range []string{"1999-12-31T23:59:59+14:00", "2061-02-28T00:00:00-11:00"} {
		moment, err := time.Parse(time.RFC3339, clock)
		if err != nil {
			t.Fatal(err)
		}
		files, count := renderAt(moment), 0
		err = eachFile(current, func(name string) error {
			want, err := afero.ReadFile(current, name)
			if err != nil {
				return err
			}
			got, err := afero.ReadFile(files, name)
			if string(got) != string(want) {
				t.Errorf("at %s, %s differs", clock, name)
			}
			count++
			return err
		})
		if err != nil || count < 10 {
			t.Errorf("%d files were compared: %v", count, err)
		}
	}
}
