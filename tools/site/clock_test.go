package site

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Whatever the clock says, Hugo makes the same bytes.
func TestClock(t *testing.T) {
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	made := func(clock ...string) fs.FS {
		dir := t.TempDir()
		if said, err := runHugo(settings{}, append(options(source, dir), clock...)...); said != "" || err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return os.DirFS(dir)
	}
	now := made()
	for _, clock := range []string{"1999-12-31T23:59:59+14:00", "2061-02-28T00:00:00-11:00"} {
		other := made("--clock", clock)
		files := 0
		err := fs.WalkDir(now, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			want, err := fs.ReadFile(now, name)
			if err != nil {
				return err
			}
			got, err := fs.ReadFile(other, name)
			if string(got) != string(want) {
				t.Errorf("at %s, %s is another", clock, name)
			}
			files++
			return err
		})
		if err != nil || files < 10 {
			t.Errorf("%d files were compared: %v", files, err)
		}
	}
}
