// Package hosting tests the configurations for web servers in its folder. Each is used unchanged by a server that serves
// the site below a path, and the server's answers are compared with one table. IIS runs only on Windows, so its file is
// read and compared with the same table instead. The headers of all configurations are written from headerTable.
package hosting

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/html"

	"annualreport/tools/site"
	"annualreport/tools/testkit"
)

// sitePath is the site's address on each server, two folders deep.
const sitePath = "/safeguarding/annual-report"

// An expectation is what every server must answer for one address.
type expectation struct {
	path    string // below the site's folder
	status  int
	kind    string // the Content-Type
	leadsTo string // the end of a redirect's target
	has     string // a part of the body
	text    bool   // it is sent compressed on request
	forEver bool   // it never changes
}

var table = []expectation{
	{path: "/", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "/index.html", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "", status: 301, leadsTo: sitePath + "/"},
	{path: "/2014", status: 301, leadsTo: sitePath + "/2014/"},
	{path: "/2014/", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "/2014/main-issues/index.html", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "/2014/full.html", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "/2014/older/aims/", status: 200, kind: "text/html; charset=utf-8", has: "This page has moved", text: true},
	{path: "/updates.xml", status: 200, kind: "application/atom+xml; charset=utf-8", has: "<feed", text: true},
	{path: "/sitemap.xml", status: 200, kind: "application/xml; charset=utf-8", has: "<urlset", text: true},
	{path: "/icon.svg", status: 200, kind: "image/svg+xml; charset=utf-8", has: "<svg"},
	{path: "/files/figures.csv", status: 200, kind: "text/csv; charset=utf-8", has: "period,value", text: true},
	{path: "/files/figures.json", status: 200, kind: "application/json; charset=utf-8", has: "period", text: true},
	{path: "/files/about.txt", status: 200, kind: "text/plain; charset=utf-8", has: "figures", text: true},
	{path: "/files/site.webmanifest", status: 200, kind: "application/manifest+json"},
	{path: "/files/dot.png", status: 200, kind: "image/png"},
	{path: "/files/report.pdf", status: 200, kind: "application/pdf"},
	{path: "/files/report.zip", status: 200, kind: "application/zip"},
	{path: "/files/chart.0123456789abcdef.svg", status: 200, kind: "image/svg+xml; charset=utf-8", has: "<svg", forEver: true},
	{path: "/files/", status: 403}, // folders are not listed
	{path: "/none", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found", text: true},
	{path: "/2014/none/", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found", text: true},
	{path: "/no/such/folder/at/all.html?x=1", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found", text: true},
	{path: "/2014/none.0123456789abcdef.svg", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found"},
}

const (
	revalidate = "no-cache"
	immutable  = "public, max-age=31536000, immutable"
)

// The sites that the servers serve, built by TestMain.
var (
	room       string // the folder that contains the others
	withConfig string // the site, with Apache's file inside and compressed copies of the texts
	public     string // the same without Apache's file
	bare       string // the same without the compressed files, too
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	if testing.Short() {
		return m.Run(), nil
	}
	var err error
	if room, err = os.MkdirTemp("", "hosting-test-"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(room)
	// The servers run as somebody else.
	if err := os.Chmod(room, 0o755); err != nil {
		return 0, err
	}
	withConfig, public, bare = filepath.Join(room, "with-config"), filepath.Join(room, "public"), filepath.Join(room, "bare")
	if err := makeSites(filepath.Join(room, "source")); err != nil {
		return 0, err
	}
	var stop func()
	if browser, stop, err = testkit.StartChromium(filepath.Join(room, "profile")); err != nil {
		return 0, err
	}
	defer stop()
	defer stopServers()
	return m.Run(), nil
}

// makeSites builds the tests' own report with an old address, some files to send,
// and Apache's file in static, as the file itself says.
func makeSites(source string) error {
	if err := testkit.CopySource("../..", source); err != nil {
		return err
	}
	purpose, err := os.ReadFile(filepath.Join(source, "content/2014/purpose.md"))
	if err != nil {
		return err
	}
	config, err := os.ReadFile("apache.htaccess")
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		"content/2014/purpose.md":                 strings.Replace(string(purpose), "+++\n", "+++\naliases = [\"/2014/older/aims/\"]\n", 1),
		"static/.htaccess":                        string(config),
		"static/files/figures.csv":                "period,value\n" + strings.Repeat("2013/14,8\n", 100),
		"static/files/site.webmanifest":           `{"name": "x"}`,
		"static/files/figures.json":               `{"period": "` + strings.Repeat("2013/14 ", 100) + `"}`,
		"static/files/about.txt":                  strings.Repeat("These are figures.\n", 100),
		"static/files/dot.png":                    dot,
		"static/files/report.pdf":                 "%PDF-1.7\n%%EOF",
		"static/files/report.zip":                 "no archive",
		"static/files/chart.0123456789abcdef.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`,
	} {
		if err := writeFile(filepath.Join(source, name), text); err != nil {
			return err
		}
	}
	_, err = site.Build(context.Background(), site.Settings{Source: source, Destination: withConfig, BaseURL: "http://127.0.0.1" + sitePath, Precompress: true})
	if err != nil {
		return err
	}
	if err := copySite(withConfig, public, func(name string) bool { return path.Base(name) == ".htaccess" }); err != nil {
		return err
	}
	return copySite(public, bare, func(name string) bool { return path.Ext(name) == ".gz" || path.Ext(name) == ".br" })
}

// dot is a picture of one pixel, in PNG.
const dot = "\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cch\x00\x00\x00\x82\x00\x81w\xcdr\xb6\x00\x00\x00\x00IEND\xaeB`\x82"

// copySite copies a folder without some of its files.
func copySite(source, target string, without func(name string) bool) error {
	return fs.WalkDir(os.DirFS(source), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || without(name) {
			return err
		}
		data, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return err
		}
		return writeFile(filepath.Join(target, name), string(data))
	})
}

func writeFile(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// A server serves a folder with one of the configurations.
type server struct {
	name      string
	folder    *string
	encodings []string // in which it sends text on request
	command   func(dir, folder, address string) (*exec.Cmd, error)

	once    sync.Once // for what follows
	address string    // of the site, without a slash at its end
	err     error
	stop    func()
}

var servers = []*server{
	{name: "nginx", folder: &public, encodings: []string{"gzip"}, command: nginx("")},
	{name: "nginx without compressed files", folder: &bare, encodings: []string{"gzip"}, command: nginx("")},
	{name: "nginx with brotli", folder: &public, encodings: []string{"gzip", "br"}, command: nginx("load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;")},
	{name: "Apache", folder: &public, encodings: []string{"gzip", "br"}, command: apache(false)},
	{name: "Apache without compressed files", folder: &bare, encodings: []string{"gzip"}, command: apache(false)},
	{name: "Apache by the folder's own file", folder: &withConfig, encodings: []string{"gzip", "br"}, command: apache(true)},
}

// eachServer runs a test with every server, in parallel. The first test of a
// server starts it, and the others use it too.
func eachServer(t *testing.T, test func(t *testing.T, s *server)) {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs servers")
	}
	t.Parallel()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if s.once.Do(func() { s.err = s.start() }); s.err != nil {
				t.Fatal(s.err)
			}
			test(t, s)
		})
	}
}

func stopServers() {
	for _, s := range servers {
		if s.stop != nil {
			s.stop()
		}
	}
}

// nginx starts nginx, with modules as the snippet's comment says.
func nginx(modules string) func(dir, folder, address string) (*exec.Cmd, error) {
	return func(dir, folder, address string) (*exec.Cmd, error) {
		snippet, err := os.ReadFile("nginx.conf")
		if err != nil {
			return nil, err
		}
		if modules != "" {
			snippet = bytes.Replace(snippet, []byte("# brotli_static on;"), []byte("brotli_static on;"), 1)
		}
		if err := writeFile(filepath.Join(dir, "snippets/annual-report.conf"), string(snippet)); err != nil {
			return nil, err
		}
		// The lines that the snippet says to add, with the test's address and folder.
		err = writeFile(filepath.Join(dir, "nginx.conf"), modules+`
daemon off;
pid nginx.pid;
error_log stderr;
events { }
http {
    access_log off;
    client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
    include /etc/nginx/mime.types;
    add_header X-Server-Block "does not apply";
    server {
        listen `+address+`;
        location = `+sitePath+` { absolute_redirect off; return 301 `+sitePath+`/; }
        location `+sitePath+`/ {
            alias `+folder+`/;
            error_page 404 `+sitePath+`/404.html;
            include snippets/annual-report.conf;
        }
    }
}
`)
		return exec.Command("/usr/sbin/nginx", "-p", dir, "-c", "nginx.conf", "-e", "stderr"), err
	}
}

// apache starts Apache httpd, with its configuration in the folder or in the server's.
func apache(inside bool) func(dir, folder, address string) (*exec.Cmd, error) {
	return func(dir, folder, address string) (*exec.Cmd, error) {
		config, err := filepath.Abs("apache.htaccess")
		if err != nil {
			return nil, err
		}
		how := "AllowOverride None\n    Include " + config
		if inside {
			how = "AllowOverride All"
		}
		var modules strings.Builder
		for _, name := range []string{"mpm_event", "authz_core", "alias", "autoindex", "dir", "mime", "headers", "rewrite", "filter", "deflate"} {
			fmt.Fprintf(&modules, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
		}
		err = writeFile(filepath.Join(dir, "httpd.conf"), modules.String()+`
ServerName 127.0.0.1
ServerRoot `+dir+`
DefaultRuntimeDir `+dir+`
PidFile httpd.pid
ErrorLog error.log
Listen `+address+`
TypesConfig /etc/mime.types
DocumentRoot `+dir+`
AddLanguage br .br
Alias `+sitePath+` `+folder+`
<Directory `+folder+`>
    Require all granted
    `+how+`
</Directory>
`)
		return exec.Command("/usr/sbin/apache2", "-d", dir, "-f", "httpd.conf", "-DFOREGROUND"), err
	}
}

// start starts a server as an unprivileged user.
func (s *server) start() error {
	dir, err := os.MkdirTemp(room, "server-")
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()
	cmd, err := s.command(dir, *s.folder, address)
	if err != nil {
		return err
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if os.Getuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := os.Chown(dir, nobody, nobody); err != nil {
			return err
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s does not start; install it with apt-get install nginx apache2-bin media-types libnginx-mod-http-brotli-static, or run bash tools/test.sh: %w", s.name, err)
	}
	exit := make(chan error, 1)
	go func() { exit <- cmd.Wait() }()
	s.stop = func() { cmd.Process.Signal(syscall.SIGTERM); <-exit }
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			s.address = "http://" + address + sitePath
			return nil
		}
		select {
		case err := <-exit:
			exit <- err
			log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			return fmt.Errorf("%s ended: %w\n%s%s", s.name, err, output.String(), log)
		default:
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s does not answer", s.name)
		}
	}
}

// client follows no redirects and decompresses nothing.
var client = &http.Client{
	Transport:     &http.Transport{DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func get(t *testing.T, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

// Every server gives the expected answer for every address of the table.
func TestServers(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, want := range table {
			t.Run(want.path, func(t *testing.T) { s.check(t, want) })
		}
	})
}

// Every server sends every page unchanged, with the expected headers. TestBrowser
// shows that browsers obey them.
func TestPages(t *testing.T) {
	eachServer(t, func(t *testing.T, s *server) {
		for _, page := range pages(t) {
			want, err := os.ReadFile(filepath.Join(*s.folder, page.file))
			if err != nil {
				t.Fatal(err)
			}
			t.Run(page.path, func(t *testing.T) {
				s.check(t, expectation{path: page.path, status: http.StatusOK, kind: "text/html; charset=utf-8", has: string(want), text: true})
			})
		}
	})
}

// A page is a page of the site.
type page struct {
	file string // 2014/index.html
	path string // /2014/
	make string // what it has that a header may forbid: see makeOf
}

// pages returns all pages of the site.
func pages(t *testing.T) []page {
	t.Helper()
	var all []page
	err := fs.WalkDir(os.DirFS(public), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(public, name))
		all = append(all, page{name, "/" + strings.TrimSuffix(name, "index.html"), makeOf(data)})
		return err
	})
	if err != nil || len(all) < 10 {
		t.Fatalf("there are %d pages: %v", len(all), err)
	}
	return all
}

// makeOf lists what a page has that a header may forbid: what it loads, runs, sends
// or styles, by element and attribute.
func makeOf(data []byte) string {
	kinds := map[string]bool{}
	for tokens := html.NewTokenizer(bytes.NewReader(data)); tokens.Next() != html.ErrorToken; {
		token := tokens.Token()
		if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
			continue
		}
		switch token.Data {
		case "style", "script", "form", "iframe", "object", "embed", "base":
			kinds[token.Data] = true
		}
		for _, a := range token.Attr {
			switch {
			case a.Key == "style", a.Key == "src", a.Key == "srcset", strings.HasPrefix(a.Key, "on"):
				kinds[token.Data+" "+a.Key] = true
			case token.Data == "link" && a.Key == "rel", token.Data == "script" && a.Key == "type", token.Data == "meta" && a.Key == "http-equiv":
				kinds[token.Data+" "+a.Key+" "+a.Val] = true
			}
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")
}

// leadsOn reports whether a page only redirects to another.
func (p page) leadsOn() bool { return strings.Contains(p.make, "meta http-equiv refresh") }

func (s *server) check(t *testing.T, want expectation) {
	response, plain := get(t, s.address+want.path, "Accept-Encoding", "identity")
	if response.StatusCode != want.status {
		t.Fatalf("status %d, want %d", response.StatusCode, want.status)
	}
	if target := response.Header.Get("Location"); !strings.HasSuffix(target, want.leadsTo) {
		t.Errorf("it leads to %q, want %q", target, want.leadsTo)
	}
	if want.path == "" { // no part of the folder
		return
	}
	for name, value := range headers {
		if got := response.Header.Values(name); len(got) != 1 || got[0] != value {
			t.Errorf("%s: %q, want %q once", name, got, value)
		}
	}
	if want.kind == "" {
		return
	}
	if got := response.Header.Get("Content-Type"); !strings.EqualFold(got, want.kind) {
		t.Errorf("Content-Type: %q, want %q", got, want.kind)
	}
	cache := revalidate
	if want.forEver {
		cache = immutable
	}
	if got := response.Header.Values("Cache-Control"); len(got) != 1 || got[0] != cache {
		t.Errorf("Cache-Control: %q, want %q once", got, cache)
	}
	if got := response.Header.Get("Content-Encoding"); got != "" {
		t.Errorf("Content-Encoding: %q, which was not asked for", got)
	}
	if !strings.Contains(string(plain), want.has) {
		t.Errorf("the body has no %q, but: %.300s", want.has, plain)
	}
	// Apache compresses no error pages on the fly.
	if want.text && (want.status == http.StatusOK || s.folder != &bare) {
		for _, encoding := range s.encodings {
			s.checkCompressed(t, s.address+want.path, encoding, want, plain)
		}
	}
	if want.status == http.StatusOK {
		s.checkUnchanged(t, s.address+want.path, "identity")
		for _, encoding := range s.encodings {
			s.checkUnchanged(t, s.address+want.path, encoding)
		}
	}
}

// checkCompressed checks that a text is sent compressed, and is the same text.
func (s *server) checkCompressed(t *testing.T, url, encoding string, want expectation, plain []byte) {
	response, body := get(t, url, "Accept-Encoding", encoding)
	if response.StatusCode != want.status {
		t.Errorf("%s: status %d, want %d", encoding, response.StatusCode, want.status)
	}
	if got := response.Header.Values("Content-Encoding"); len(got) != 1 || got[0] != encoding {
		t.Errorf("Content-Encoding: %q, want %s once", got, encoding)
		return
	}
	if got := response.Header.Get("Content-Type"); !strings.EqualFold(got, want.kind) {
		t.Errorf("%s: Content-Type: %q, want %q", encoding, got, want.kind)
	}
	if got := strings.Join(response.Header.Values("Vary"), ", "); !strings.EqualFold(got, "Accept-Encoding") {
		t.Errorf("%s: Vary: %q, want Accept-Encoding once", encoding, got)
	}
	if response.Header.Get("Content-Language") != "" {
		t.Errorf("%s: a file's ending was taken for a language", encoding)
	}
	if got := response.Header.Get("Content-Security-Policy"); got != headers["Content-Security-Policy"] {
		t.Errorf("%s: Content-Security-Policy: %q", encoding, got)
	}
	var decoded io.Reader = brotli.NewReader(bytes.NewReader(body))
	if encoding == "gzip" {
		var err error
		if decoded, err = gzip.NewReader(bytes.NewReader(body)); err != nil {
			t.Error(err)
			return
		}
	}
	if text, err := io.ReadAll(decoded); err != nil || !bytes.Equal(text, plain) {
		t.Errorf("%s: the text is not the same: %v", encoding, err)
	}
}

// checkUnchanged checks that an unchanged file is not sent again.
func (s *server) checkUnchanged(t *testing.T, url, encoding string) {
	first, _ := get(t, url, "Accept-Encoding", encoding)
	again, _ := get(t, url, "Accept-Encoding", encoding, "If-None-Match", first.Header.Get("ETag"), "If-Modified-Since", first.Header.Get("Last-Modified"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("%s: asked for again with ETag %q, it is sent again: status %d", encoding, first.Header.Get("ETag"), again.StatusCode)
	}
	old, _ := get(t, url, "Accept-Encoding", encoding, "If-None-Match", `"another"`)
	if old.StatusCode != http.StatusOK {
		t.Errorf("%s: asked for with another ETag, as after going back to an earlier build, it is not sent: status %d", encoding, old.StatusCode)
	}
}
