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

// Whatever the clock says, Hugo makes the same bytes.
func TestClock(t *testing.T) {
	source := testkit.NewSource(t, "../..")
	lib, err := Load(source)
	if err != nil {
		t.Fatal(err)
	}
	made := func(clock time.Time) afero.Fs {
		defer func(now clocks.Clock) { htime.Clock = now }(htime.Clock)
		htime.Clock = clocks.Start(clock)
		files, err := render(context.Background(), source, "", lib, "")
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	now := made(time.Now())
	for _, clock := range []string{"1999-12-31T23:59:59+14:00", "2061-02-28T00:00:00-11:00"} {
		at, err := time.Parse(time.RFC3339, clock)
		if err != nil {
			t.Fatal(err)
		}
		other, compared := made(at), 0
		err = eachFile(now, func(name string) error {
			want, err := afero.ReadFile(now, name)
			if err != nil {
				return err
			}
			got, err := afero.ReadFile(other, name)
			if string(got) != string(want) {
				t.Errorf("at %s, %s is another", clock, name)
			}
			compared++
			return err
		})
		if err != nil || compared < 10 {
			t.Errorf("%d files were compared: %v", compared, err)
		}
	}
}
