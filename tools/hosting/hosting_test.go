// Package hosting proves the servers' configurations that stand beside it: each is used as it is, by a server that is
// started for it below a path, and what the server answers is held against one table. IIS runs on Windows alone, so its
// file is read instead, and held against the same table.
package hosting

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"annualreport/tools/testkit"
)

// below is the path that each server has the site at, two folders deep.
const below = "/safeguarding/annual-report"

// An expectation is what every server has to answer for one address.
type expectation struct {
	path    string // below the site's folder
	status  int
	kind    string // the Content-Type
	leadsTo string // the end of the address that a redirect leads to
	has     string // a part of the body
	text    bool   // it is sent compressed to those who ask for that
	forEver bool   // it never changes
}

var table = []expectation{
	{path: "/", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "/index.html", status: 200, kind: "text/html; charset=utf-8", has: "<main", text: true},
	{path: "", status: 301, leadsTo: below + "/"},
	{path: "/2014", status: 301, leadsTo: below + "/2014/"},
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
	{path: "/files/dot.png", status: 200, kind: "image/png"},
	{path: "/files/report.pdf", status: 200, kind: "application/pdf"},
	{path: "/files/report.zip", status: 200, kind: "application/zip"},
	{path: "/files/chart.0123456789abcdef.svg", status: 200, kind: "image/svg+xml; charset=utf-8", has: "<svg", forEver: true},
	{path: "/files/", status: 403}, // what is in a folder is not listed
	{path: "/none", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found", text: true},
	{path: "/2014/none/", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found", text: true},
	{path: "/no/such/folder/at/all.html?x=1", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found", text: true},
	{path: "/2014/none.0123456789abcdef.svg", status: 404, kind: "text/html; charset=utf-8", has: "This page cannot be found"},
}

// headers are those that every answer has.
var headers = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

const (
	revalidate  = "no-cache"
	forEverSaid = "public, max-age=31536000, immutable"
)

var (
	public     string // the built site, with files compressed beside it
	bare       string // the same without those
	withConfig string // as public, with Apache's file inside
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "hosting-test-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	// The servers run as somebody else.
	if err := os.Chmod(dir, 0o755); err != nil {
		return 0, err
	}
	public, bare, withConfig = filepath.Join(dir, "public"), filepath.Join(dir, "bare"), filepath.Join(dir, "with-config")
	if err := makeSites(filepath.Join(dir, "source")); err != nil {
		return 0, err
	}
	var stop func()
	if browser, stop, err = testkit.StartChromium(filepath.Join(dir, "profile")); err != nil {
		return 0, err
	}
	defer stop()
	return m.Run(), nil
}

// makeSites builds the report with an old address and some files to send.
func makeSites(source string) error {
	if err := testkit.CopySource("../..", source); err != nil {
		return err
	}
	files := map[string]string{
		"static/files/figures.csv":                "period,value\n" + strings.Repeat("2013/14,8\n", 100),
		"static/files/figures.json":               `{"period": "` + strings.Repeat("2013/14 ", 100) + `"}`,
		"static/files/about.txt":                  strings.Repeat("These are figures.\n", 100),
		"static/files/dot.png":                    "no picture",
		"static/files/report.pdf":                 "no PDF",
		"static/files/report.zip":                 "no archive",
		"static/files/chart.0123456789abcdef.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`,
	}
	purpose, err := os.ReadFile("../../content/2014/purpose.md")
	if err != nil {
		return err
	}
	files["content/2014/purpose.md"] = strings.Replace(string(purpose), "+++\n", "+++\naliases = [\"/2014/older/aims/\"]\n", 1)
	for name, text := range files {
		name = filepath.Join(source, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	command := source + "-command" // within a test's own process, Hugo does not see what it is told by the environment
	if said, err := exec.Command("go", "build", "-o", command, "annualreport/tools").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, said)
	}
	for _, destination := range []string{public, bare, withConfig} {
		if destination == withConfig {
			data, err := os.ReadFile("apache.htaccess")
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(source, "static/.htaccess"), data, 0o644); err != nil {
				return err
			}
		}
		build := exec.Command(command, "build", "--source", source, "--destination", destination, "--base-url", "http://127.0.0.1"+below)
		if said, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, said)
		}
		if destination != bare {
			if err := compress(destination); err != nil {
				return err
			}
		}
	}
	return nil
}

// compress writes FILE.gz and FILE.br beside each file of text.
func compress(dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch path.Ext(name) {
		case ".html", ".xml", ".svg", ".csv", ".json", ".txt":
		default:
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var zipped, brotlied bytes.Buffer
		z, b := gzip.NewWriter(&zipped), brotli.NewWriter(&brotlied)
		z.Write(data)
		b.Write(data)
		if err := z.Close(); err != nil {
			return err
		}
		if err := b.Close(); err != nil {
			return err
		}
		if err := os.WriteFile(name+".gz", zipped.Bytes(), 0o644); err != nil {
			return err
		}
		return os.WriteFile(name+".br", brotlied.Bytes(), 0o644)
	})
}

// A server is one that serves a folder by one of the configurations.
type server struct {
	name      string
	folder    *string
	encodings []string // that it sends text in, if asked for each alone
	start     func(t *testing.T, dir, folder, address string) *exec.Cmd
}

var servers = []server{
	{"nginx", &public, []string{"gzip"}, nginx("")},
	{"nginx without compressed files", &bare, []string{"gzip"}, nginx("")},
	{"nginx with brotli", &public, []string{"gzip", "br"}, nginx("load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;")},
	{"Apache", &public, []string{"gzip", "br"}, apache(false)},
	{"Apache without compressed files", &bare, []string{"gzip"}, apache(false)},
	{"Apache by the folder's own file", &withConfig, []string{"gzip", "br"}, apache(true)},
}

// nginx starts nginx with modules, of which the snippet's comment tells how to use them.
func nginx(modules string) func(t *testing.T, dir, folder, address string) *exec.Cmd {
	return func(t *testing.T, dir, folder, address string) *exec.Cmd {
		snippet, err := os.ReadFile("nginx.conf")
		if err != nil {
			t.Fatal(err)
		}
		if modules != "" {
			snippet = bytes.Replace(snippet, []byte("# brotli_static on;"), []byte("brotli_static on;"), 1)
		}
		write(t, filepath.Join(dir, "snippets/annual-report.conf"), string(snippet))
		// What the head of the snippet tells to write, for the test's address and folder.
		write(t, filepath.Join(dir, "nginx.conf"), modules+`
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
        location = `+below+` { absolute_redirect off; return 301 `+below+`/; }
        location `+below+`/ {
            alias `+folder+`/;
            error_page 404 `+below+`/404.html;
            include snippets/annual-report.conf;
        }
    }
}
`)
		return exec.Command("/usr/sbin/nginx", "-p", dir, "-c", "nginx.conf", "-e", "stderr")
	}
}

// apache starts Apache httpd, with its configuration in the folder or in the server's.
func apache(inside bool) func(t *testing.T, dir, folder, address string) *exec.Cmd {
	return func(t *testing.T, dir, folder, address string) *exec.Cmd {
		config, err := filepath.Abs("apache.htaccess")
		if err != nil {
			t.Fatal(err)
		}
		how := "AllowOverride None\n    Include " + config
		if inside {
			how = "AllowOverride All"
		}
		var modules strings.Builder
		for _, name := range []string{"mpm_event", "authz_core", "alias", "autoindex", "dir", "mime", "headers", "rewrite", "filter", "deflate"} {
			fmt.Fprintf(&modules, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
		}
		write(t, filepath.Join(dir, "httpd.conf"), modules.String()+`
ServerName 127.0.0.1
ServerRoot `+dir+`
DefaultRuntimeDir `+dir+`
PidFile httpd.pid
ErrorLog error.log
Listen `+address+`
TypesConfig /etc/mime.types
DocumentRoot `+dir+`
AddLanguage br .br
Alias `+below+` `+folder+`
<Directory `+folder+`>
    Require all granted
    `+how+`
</Directory>
`)
		return exec.Command("/usr/sbin/apache2", "-d", dir, "-f", "httpd.conf", "-DFOREGROUND")
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// serve starts a server as somebody with no rights and gives the address of the site on it.
func (s server) serve(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(filepath.Dir(public), "server-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := s.start(t, dir, *s.folder, address)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if os.Getuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s does not start; install it with apt-get install nginx apache2-bin media-types libnginx-mod-http-brotli-static, or run bash tools/test.sh: %v", s.name, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Signal(syscall.SIGTERM); <-ended })
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return "http://" + address + below
		}
		select {
		case err := <-ended:
			ended <- err
			log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Fatalf("%s ended: %v\n%s%s", s.name, err, said.String(), log)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not answer\n%s", s.name, said.String())
		}
	}
}

// client follows no redirect and decompresses nothing.
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

// Every server answers every address of the table as it should.
func TestServers(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			address := s.serve(t)
			for _, want := range table {
				t.Run(want.path, func(t *testing.T) { s.check(t, address, want) })
			}
		})
	}
}

func (s server) check(t *testing.T, address string, want expectation) {
	response, plain := get(t, address+want.path, "Accept-Encoding", "identity")
	if response.StatusCode != want.status {
		t.Fatalf("status %d, want %d", response.StatusCode, want.status)
	}
	if to := response.Header.Get("Location"); !strings.HasSuffix(to, want.leadsTo) {
		t.Errorf("it leads to %q, want %q", to, want.leadsTo)
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
		cache = forEverSaid
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
	// Apache compresses no page for an error on the way.
	if want.text && (want.status == http.StatusOK || s.folder != &bare) {
		for _, encoding := range s.encodings {
			s.checkCompressed(t, address+want.path, encoding, want, plain)
		}
	}
	if want.status == http.StatusOK {
		s.checkUnchanged(t, address+want.path, "identity")
		for _, encoding := range s.encodings {
			s.checkUnchanged(t, address+want.path, encoding)
		}
	}
}

// checkCompressed sees that a text comes compressed, and is the same text.
func (s server) checkCompressed(t *testing.T, url, encoding string, want expectation, plain []byte) {
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
	var unpacked io.Reader = brotli.NewReader(bytes.NewReader(body))
	if encoding == "gzip" {
		var err error
		if unpacked, err = gzip.NewReader(bytes.NewReader(body)); err != nil {
			t.Error(err)
			return
		}
	}
	if text, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(text, plain) {
		t.Errorf("%s: the text is not the same: %v", encoding, err)
	}
}

// checkUnchanged sees that what has not changed is not sent again.
func (s server) checkUnchanged(t *testing.T, url, encoding string) {
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
