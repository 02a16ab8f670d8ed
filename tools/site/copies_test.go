package site

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/afero"

	"annualreport/tools/testkit"
)

// A build, a check and a preview take no more memory for a file of 200 MB in static
// than for a small one, however often the file is requested.
func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads gigabytes")
	}
	source, destination := testkit.NewSource(t, "../.."), filepath.Join(t.TempDir(), "public")
	film := filepath.Join(source, "static", "2014", "film.pdf")
	work := func(size int64) uint64 {
		if err := os.WriteFile(film, []byte("%PDF-1.7\n%%EOF\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(film, size); err != nil {
			t.Fatal(err)
		}
		before := allocated()
		s := Settings{Source: source, Destination: destination}
		if _, err := Build(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(destination, "2014", "film.pdf")); err != nil || info.Size() != size {
			t.Fatalf("the copy is %v: %v", info, err)
		}
		if _, err := Check(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		requestFilm(t, source, size)
		return allocated() - before
	}
	const small, large = 1 << 10, 200 << 20
	work(small) // fills caches
	want := work(small)
	if got := work(large); got > want+large/4 {
		t.Errorf("for a file of %d MB, %d MB more were allocated", large>>20, (got-want)>>20)
	}
}

// allocated returns how many bytes this process has ever allocated.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// requestFilm requests 2014/film.pdf several times at once from a preview of source,
// whole and in part.
func requestFilm(t *testing.T, source string, size int64) {
	t.Helper()
	s := startShow(t, source)
	server := httptest.NewServer(s)
	defer server.Close()
	var clients sync.WaitGroup
	for _, part := range []string{"", "", "bytes=0-", "bytes=-100", "bytes=0-99,200-299"} {
		clients.Go(func() {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/2014/film.pdf", nil)
			if err != nil {
				t.Error(err)
				return
			}
			request.Header.Set("Range", part)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			want := size
			if part == "bytes=-100" {
				want = 100
			}
			if n, err := io.Copy(io.Discard, response.Body); err != nil || n != want || response.Header.Get("Content-Type") != "application/pdf" {
				t.Errorf("%q: %d bytes of %s: %v", part, n, response.Header.Get("Content-Type"), err)
			}
		})
	}
	clients.Wait()
}

// startShow returns what a preview of source shows.
func startShow(t *testing.T, source string) *show {
	t.Helper()
	request, err := json.Marshal(job{Source: source})
	if err != nil {
		t.Fatal(err)
	}
	in, end := io.Pipe() // stays open as long as the preview lives
	defer end.Close()
	answer, out := io.Pipe()
	go func() { out.CloseWithError(Work(t.Context(), io.MultiReader(bytes.NewReader(request), in), out)) }()
	s := newShow("127.0.0.1")
	w := &worker{in: nopCloser{io.Discard}, out: answer, stop: func() {}}
	if _, err := w.run(t.Context(), job{Source: source}, s.show); err != nil {
		t.Fatal(err)
	}
	return s
}

// Files in static are published byte for byte, whatever they are.
func TestCopies(t *testing.T) {
	t.Parallel()
	source, destination := testkit.NewSource(t, "../.."), filepath.Join(t.TempDir(), "public")
	texts := map[string]string{"BingSiteAuth.xml": "<?xml version=\"1.0\"?>\n<users>\n  <user>1</user>\n</users>\n", "a/b/c.json": "{ }\n", "empty.txt": ""}
	for name, text := range texts {
		file := filepath.Join(source, "static", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Build(t.Context(), Settings{Source: source, Destination: destination}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(startShow(t, source))
	defer server.Close()
	for name, want := range texts {
		if got, err := os.ReadFile(filepath.Join(destination, filepath.FromSlash(name))); string(got) != want {
			t.Errorf("%s is %q: %v", name, got, err)
		}
		response, err := http.Get(server.URL + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		response.Body.Close()
		if string(got) != want || response.StatusCode != http.StatusOK {
			t.Errorf("the preview answers %s with %s, %q: %v", name, response.Status, got, err)
		}
	}
}

// No copy is made of a file that has changed since it was checked.
func TestChangedOriginal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(file, []byte("checked"), 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	files := &siteFS{inMemory(t, sites[0]), map[string]original{}}
	if err := files.addCopy("letter.pdf", file, info); err != nil {
		t.Fatal(err)
	}
	if err := writeFiles(t.Context(), files, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	entries, err := afero.ReadDir(files, ".")
	i := slices.IndexFunc(entries, func(entry fs.FileInfo) bool { return entry.Name() == "letter.pdf" })
	if err != nil || i < 0 || entries[i].Size() != info.Size() {
		t.Errorf("the folder lists %v: %v", entries, err)
	}
	if err := os.WriteFile(file, []byte("changed since"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writeFiles(t.Context(), files, t.TempDir()); err == nil || !strings.Contains(err.Error(), "letter.pdf changed while the site was being built; build it again") {
		t.Errorf("the error is %v", err)
	}
}
