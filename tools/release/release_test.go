package release

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"annualreport/tools/report"
)

var when = time.Date(2015, time.March, 4, 5, 6, 8, 0, time.UTC)

// newSite returns a site with the given files, names and texts by turns, with its list.
func newSite(t testing.TB, files ...string) fstest.MapFS {
	t.Helper()
	site := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		site[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	sums, err := SumFiles(site)
	if err != nil {
		t.Fatal(err)
	}
	site[SumsFile] = &fstest.MapFile{Data: sums.Text()}
	return site
}

func packZip(t testing.TB, site fs.FS) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Zip(&b, site, when); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An entry is a file of a hostile zip.
type entry struct {
	name, text string
	mode       fs.FileMode
}

// makeZip returns a zip of the given entries and a list for the first two.
func makeZip(t testing.TB, entries ...entry) []byte {
	t.Helper()
	sums := Sums{"index.html": sha256.Sum256([]byte("front")), "a/b.html": sha256.Sum256([]byte("page"))}
	entries = append([]entry{{Folder + "/index.html", "front", 0}, {Folder + "/a/b.html", "page", 0}, {Folder + "/" + SumsFile, string(sums.Text()), 0}}, entries...)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		header.SetMode(e.mode | 0o644)
		w, err := z.CreateHeader(header)
		if err == nil && e.text != "" {
			_, err = io.WriteString(w, e.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func prove(data []byte) report.Problems {
	_, problems := proveZip(bytes.NewReader(data), int64(len(data)))
	return problems
}

// The same files give the same bytes, whatever their times and modes.
func TestZip(t *testing.T) {
	site := newSite(t, "index.html", "front", "a/b.html", "page", "a.html", "x", "é ü.html", "y")
	first := packZip(t, site)
	for _, file := range site {
		file.ModTime, file.Mode = time.Now(), 0o600
	}
	zone := time.Local
	time.Local = time.FixedZone("east", 13*3600)
	defer func() { time.Local = zone }()
	var second bytes.Buffer
	if err := Zip(&second, site, when.In(time.Local)); err != nil || !bytes.Equal(first, second.Bytes()) {
		t.Errorf("the zip is another: %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range z.File {
		if !file.Modified.Equal(when) || file.Mode() != 0o644 {
			t.Errorf("%s is of %v with the mode %v", file.Name, file.Modified, file.Mode())
		}
	}
	if problems := prove(first); len(problems) > 0 {
		t.Error(problems)
	}
	var early bytes.Buffer
	if err := Zip(&early, site, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	z, err = zip.NewReader(bytes.NewReader(early.Bytes()), int64(early.Len()))
	if err != nil || !z.File[0].Modified.Equal(oldest) {
		t.Errorf("a zip of before there were zips: %v", err)
	}
}

// contents returns the names and contents of the files of a zip.
func contents(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%q %q\n", file.Name, text)
	}
	return all.String()
}

// A change of any byte of a zip is detected, if it makes a difference to the contents
// of the files.
func TestEveryByte(t *testing.T) {
	data := packZip(t, newSite(t, "index.html", strings.Repeat("front ", 100), "a/b.html", "page"))
	want := contents(t, data)
	detections := 0
	for i := range data {
		data[i] ^= 0x10
		if len(prove(data)) > 0 {
			detections++
		} else if contents(t, data) != want {
			t.Errorf("byte %d was altered, and nothing is reported", i)
		}
		data[i] ^= 0x10
	}
	if detections < len(data)/2 {
		t.Errorf("only %d of %d bytes make a difference", detections, len(data))
	}
	for i := range data {
		if len(prove(data[:i])) == 0 {
			t.Errorf("cut off after %d bytes, nothing is reported", i)
		}
	}
}

func TestHostileZips(t *testing.T) {
	if problems := prove(makeZip(t, entry{Folder + "/a/", "", fs.ModeDir})); len(problems) > 0 {
		t.Errorf("a folder is reported: %v", problems)
	}
	for name, e := range map[string]entry{
		"outside: ../up.html":                  {"../up.html", "x", 0},
		"outside: annual-report/../../up.html": {Folder + "/../../up.html", "x", 0},
		"outside: annual-report/../../up/":     {Folder + "/../../up/", "", fs.ModeDir},
		"outside: /etc/passwd":                 {"/etc/passwd", "x", 0},
		"outside: annual-report//x":            {Folder + "//x", "x", 0},
		"outside: other/index.html":            {"other/index.html", "x", 0},
		"outside: annual-report":               {Folder, "x", 0},
		`extra: ..\up.html`:                    {Folder + `/..\up.html`, "x", 0},
		`extra: "a\x1b[2J\n.html"`:             {Folder + "/a\x1b[2J\n.html", "x", 0},
		`extra: "\u202elmth.a"`:                {Folder + "/\u202elmth.a", "x", 0},
		`outside: "annual-report/\xff"`:        {Folder + "/\xff", "x", 0},
		"extra: c.html":                        {Folder + "/c.html", "x", 0},
		"extra: INDEX.HTML":                    {Folder + "/INDEX.HTML", "x", 0},
		"repeated: index.html":                 {Folder + "/index.html", "front", 0},
		"repeated: a/b.html":                   {Folder + "/a/b.html", "other", 0},
		"altered: link":                        {Folder + "/link", "/etc/passwd", fs.ModeSymlink},
		"altered: pipe":                        {Folder + "/pipe", "", fs.ModeNamedPipe},
		"altered: dir/":                        {Folder + "/dir/", "", fs.ModeSymlink},
	} {
		problems := prove(makeZip(t, e))
		if len(problems) != 1 || problems[0].Rule+": "+problems[0].File != name {
			t.Errorf("want %s; there are:\n%v", name, problems)
		}
	}
	for name, list := range map[string]string{
		"is empty":                       "",
		"line 1":                         "x",
		"line 2":                         strings.Repeat("0", 64) + "  a\n" + strings.Repeat("0", 64) + "  ../a\n",
		"larger than any list of":        "",
		"line 2 is not the checksum of ": strings.Repeat(strings.Repeat("0", 64)+"  a\n", 2),
	} {
		if strings.HasPrefix(name, "larger") {
			list = strings.Repeat(" ", maxSums+1)
			name = "too large"
		}
		site := fstest.MapFS{SumsFile: {Data: []byte(list)}}
		if problems := prove(packZip(t, site)); len(problems) != 1 || !strings.Contains(problems[0].What, name) {
			t.Errorf("want %q; there are:\n%v", name, problems)
		}
	}
	if problems := prove(packZip(t, fstest.MapFS{"index.html": {}})); len(problems) != 1 || !strings.Contains(problems[0].What, "has no annual-report/SHA256SUMS") {
		t.Error(problems)
	}
}

// makeBomb returns a zip of count files, of as many copies of a compressed megabyte each.
func makeBomb(t *testing.T, megabyte []byte, count, megabytes int, name func(i int) string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	sums := Sums{"x": Sum{}}
	for i := range count {
		w, err := z.CreateRaw(&zip.FileHeader{Name: Folder + "/" + name(i), Method: zip.Deflate,
			CompressedSize64: uint64(megabytes * len(megabyte)), UncompressedSize64: uint64(megabytes) << 20})
		if err != nil {
			t.Fatal(err)
		}
		for range megabytes {
			if _, err := w.Write(megabyte); err != nil {
				t.Fatal(err)
			}
		}
		if megabytes > 0 {
			sums[name(i)] = Sum{}
		}
	}
	w, err := z.Create(Folder + "/" + SumsFile)
	if err == nil {
		_, err = w.Write(sums.Text())
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Zips designed to exhaust memory, disk or time do not.
func TestBombs(t *testing.T) {
	// A megabyte of zeros, compressed so that it may be repeated.
	var megabyte bytes.Buffer
	writer, err := flate.NewWriter(&megabyte, flate.DefaultCompression)
	if err == nil {
		_, err = writer.Write(make([]byte, 1<<20))
	}
	if err != nil || writer.Flush() != nil {
		t.Fatal(err)
	}
	bomb := func(count, megabytes int, name func(i int) string) []byte {
		return makeBomb(t, megabyte.Bytes(), count, megabytes, name)
	}
	for name, data := range map[string][]byte{
		"a file of 300 MB":       bomb(1, 300, func(int) string { return "big.html" }),
		"7 files of 100 MB":      bomb(7, 100, func(i int) string { return fmt.Sprint(i) }),
		"200,000 files":          bomb(200_000, 0, func(i int) string { return fmt.Sprint(i) }),
		"names of 64 KB, of 300": bomb(300, 0, func(i int) string { return fmt.Sprintf("%060000d", i) }),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		problems := prove(data)
		runtime.ReadMemStats(&after)
		if len(problems) == 0 || !strings.Contains(problems.Error(), "too large") && !strings.Contains(problems.Error(), "more files than any site") {
			t.Errorf("%s: %v", name, problems)
		}
		t.Logf("%s: %.1f s", name, time.Since(start).Seconds())
		if taken := int64(after.Sys) - int64(before.Sys); taken > 200<<20 {
			t.Errorf("%s took %d MB", name, taken>>20)
		}
	}
	// A list of bounded size in a zip may still be a bomb of its own.
	data := bomb(0, 0, nil)
	if len(prove(data)) != 1 {
		t.Error("a site of nothing is good")
	}
	// A file of a size that no zip has, with nothing in it.
	name := filepath.Join(t.TempDir(), "huge.zip")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, maxTotal+1); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(name, "", nil); err == nil || !strings.Contains(err.Error(), "huge.zip: it is too large") {
		t.Error(err)
	}
}

// Lists are read as sha256sum writes them, and in no other form.
func TestSums(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	for _, text := range []string{
		sum + "  a\n", sum + " *a\n", sum + "  a", sum + "  a\r\n" + sum + "  b\r\n", strings.ToUpper(sum) + "  a\n", `\` + sum + `  a\\b\nc` + "\n",
		sum + "   a b \n",
	} {
		if _, err := ReadSums(strings.NewReader(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{
		"", "\n", "x\n", sum + "\n", sum + "  \n", sum + " a\n", sum[1:] + "  a\n", sum[1:] + "g  a\n", sum + "  a\n\n", "\ufeff" + sum + "  a\n",
		sum + "  /a\n", sum + "  ../a\n", sum + "  a/../b\n", sum + "  .\n", sum + "  a/\n", sum + "  ./a\n", sum + "  \xff\n", sum + "  a\n" + sum + " *a\n",
	} {
		if sums, err := ReadSums(strings.NewReader(text)); err == nil {
			t.Errorf("%q is read as %v", text, sums)
		}
	}
	odd := Sums{"a\nb\\c\rd": Sum{1}, "é": Sum{2}, " ": Sum{3}}
	if sums, err := ReadSums(bytes.NewReader(odd.Text())); err != nil || fmt.Sprint(sums) != fmt.Sprint(odd) {
		t.Errorf("%v, %v", sums, err)
	}
}

// What could not be verified later is not packed.
func TestTooLargeToPack(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "film.mp4")
	if err := errors.Join(os.WriteFile(name, nil, 0o644), os.Truncate(name, maxFile+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := SumFiles(os.DirFS(dir)); err == nil || err.Error() != "cannot pack film.mp4: it is too large: the limit is 256 MB for a file, and 512 MB for all of them" {
		t.Error(err)
	}
}

// Files with unusual names are packed and verified.
func TestOddNames(t *testing.T) {
	site := newSite(t, "a b.html", "1", "été/ü.html", "2", "-x", "3", "a\\b", "4", "100%.html", "5", "?#.html", "6", "a\nb", "7", "*", "8")
	if problems := prove(packZip(t, site)); len(problems) > 0 {
		t.Error(problems)
	}
	checksums, err := readList(bytes.NewReader(site[SumsFile].Data))
	if err != nil {
		t.Fatal(err)
	}
	if problems := proveFolder(site, checksums, nil); len(problems) > 0 {
		t.Error(problems)
	}
}

// A file has become a folder, and the other way round.
func TestKindChanged(t *testing.T) {
	site := newSite(t, "a", "1", "b/c", "2")
	checksums, err := readList(bytes.NewReader(site[SumsFile].Data))
	if err != nil {
		t.Fatal(err)
	}
	changed := fstest.MapFS{"a/x": {}, "b": {}, SumsFile: site[SumsFile]}
	got := proveFolder(changed, checksums, nil).Err().Error()
	for _, want := range []string{"a: [extra] this folder", "a: [missing]", "b: [extra] this file", "b/c: [missing]"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func FuzzZip(f *testing.F) {
	f.Add(packZip(f, newSite(f, "index.html", "front", "a/b.html", "page")))
	f.Add(makeZip(f, entry{"../x", "x", 0}, entry{Folder + "/index.html", "y", fs.ModeSymlink}, entry{Folder + "/a/", "", fs.ModeDir}))
	f.Add(makeZip(f, entry{Folder + "/" + SumsFile, strings.Repeat("0", 64) + "  x\n", 0}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		checksums, problems := proveZip(bytes.NewReader(data), int64(len(data)))
		for _, p := range problems {
			if strings.ContainsAny(p.String(), "\n\x1b") || p.What == "" || p.Do == "" {
				t.Errorf("%q is not a line that says what to do", p.String())
			}
		}
		if len(problems) > 0 {
			return
		}
		// Without problems, the zip has each listed file, once, with the listed contents.
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		sums := Sums{}
		for _, file := range z.File {
			name := strings.TrimPrefix(file.Name, Folder+"/")
			if strings.HasSuffix(name, "/") {
				continue
			}
			r, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if _, isRepeated := sums[name]; isRepeated {
				t.Errorf("%s appears twice", name)
			}
			sums[name] = sha256.Sum256(content)
		}
		if sums[SumsFile] != sha256.Sum256(checksums.text) && checksums.sums[SumsFile] == (Sum{}) {
			t.Error("the list is another")
		}
		for name, sum := range checksums.sums {
			if sums[name] != sum {
				t.Errorf("%s is another", name)
			}
			delete(sums, name)
		}
		delete(sums, SumsFile)
		if len(sums) > 0 {
			t.Errorf("these are extra: %v", sums)
		}
	})
}

func FuzzSums(f *testing.F) {
	sum := strings.Repeat("0a", 32)
	for _, text := range []string{sum + "  a\n", sum + " *a/b\r\n", `\` + sum + `  a\\b\nc` + "\n", "\n", sum + "  ../a\n", sum} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sums, err := ReadSums(bytes.NewReader(text))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is not one line", err)
			}
			return
		}
		again, err := ReadSums(bytes.NewReader(sums.Text()))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(sums) {
			t.Errorf("%v is written and read as %v: %v", sums, again, err)
		}
		for name := range sums {
			if !fs.ValidPath(name) {
				t.Errorf("the name %q leads out of the folder", name)
			}
		}
	})
}
