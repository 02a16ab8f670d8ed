package hosting

import (
	"encoding/xml"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// An iisConfig is the part of a web.config that the test reads.
type iisConfig struct {
	XMLName xml.Name  `xml:"configuration"`
	Server  iisServer `xml:"system.webServer"`
	Places  []struct {
		Path   string    `xml:"path,attr"`
		Server iisServer `xml:"system.webServer"`
	} `xml:"location"`
}

type iisServer struct {
	Documents []value `xml:"defaultDocument>files>add"`
	Browse    struct {
		Enabled string `xml:"enabled,attr"`
	} `xml:"directoryBrowse"`
	Errors []struct {
		Status string `xml:"statusCode,attr"`
		Path   string `xml:"path,attr"`
		Mode   string `xml:"responseMode,attr"`
	} `xml:"httpErrors>error"`
	Removed []value `xml:"staticContent>remove"`
	Types   []value `xml:"staticContent>mimeMap"`
	Cache   struct {
		Mode   string `xml:"cacheControlMode,attr"`
		Custom string `xml:"cacheControlCustom,attr"`
	} `xml:"staticContent>clientCache"`
	Compression struct {
		Static string `xml:"doStaticCompression,attr"`
	} `xml:"urlCompression"`
	Unset   []value `xml:"httpProtocol>customHeaders>remove"`
	Headers []value `xml:"httpProtocol>customHeaders>add"`
}

type value struct {
	Name      string `xml:"name,attr"`
	Value     string `xml:"value,attr"`
	Extension string `xml:"fileExtension,attr"`
	Type      string `xml:"mimeType,attr"`
}

// builtIn are the types that IIS knows by itself.
var builtIn = map[string]string{".png": "image/png", ".pdf": "application/pdf", ".zip": "application/x-zip-compressed"}

// The file for IIS, which no test can start, is XML, and says what the table expects.
func TestIIS(t *testing.T) {
	file, err := os.Open("web.config")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := xml.NewDecoder(file)
	var config iisConfig
	if err := decoder.Decode(&config); err != nil {
		t.Fatal(err)
	}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if text, ok := token.(xml.CharData); err != nil || !ok || strings.TrimSpace(string(text)) != "" {
			t.Fatalf("something follows the configuration: %v, %v", token, err)
		}
	}
	s := config.Server

	got := map[string]string{}
	for _, h := range s.Headers {
		if !slices.ContainsFunc(s.Unset, func(u value) bool { return u.Name == h.Name }) {
			t.Errorf("%s is added without being removed: IIS refuses one that the site has already", h.Name)
		}
		got[h.Name] = h.Value
	}
	if !maps.Equal(got, headers) {
		t.Errorf("the headers are %q, want %q", got, headers)
	}
	if len(s.Documents) != 1 || s.Documents[0].Value != "index.html" {
		t.Errorf("folders show %+v, want index.html", s.Documents)
	}
	if s.Browse.Enabled != "false" {
		t.Error("folders are listed")
	}
	if len(s.Errors) != 1 || s.Errors[0].Status != "404" || s.Errors[0].Path != "404.html" || s.Errors[0].Mode != "File" {
		t.Errorf("the pages for errors are %+v", s.Errors)
	}
	if s.Cache.Mode != "NoControl" || s.Cache.Custom != revalidate {
		t.Errorf("caching is %+v, want %s", s.Cache, revalidate)
	}
	if s.Compression.Static != "true" {
		t.Error("files are not compressed")
	}
	for _, want := range table {
		if want.status != 200 {
			continue
		}
		name := strings.TrimPrefix(want.path, "/")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		if got := config.kindOf(name); got != want.kind && got != builtIn[path.Ext(name)] {
			t.Errorf("%s has the type %q, want %q", name, got, want.kind)
		}
	}
	for _, types := range append([]iisServer{s}, config.Places[0].Server) {
		for _, kind := range types.Types {
			if !slices.ContainsFunc(types.Removed, func(r value) bool { return r.Extension == kind.Extension }) {
				t.Errorf("the type of %s is added without being removed: IIS refuses one that it has already", kind.Extension)
			}
		}
	}
}

// kindOf returns the type that a file is sent with.
func (c iisConfig) kindOf(name string) string {
	all := c.Server.Types
	for _, place := range c.Places {
		if place.Path == name {
			all = append(slices.Clone(place.Server.Types), all...)
		}
	}
	for _, kind := range all {
		if kind.Extension == path.Ext(name) {
			return kind.Type
		}
	}
	return builtIn[path.Ext(name)]
}
