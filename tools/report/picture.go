package report

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	_ "golang.org/x/image/webp"
)

// maxPixels is the most pixels that a picture can have: even a small file can fill
// the memory of a reader's phone.
const maxPixels = 8_000_000

// formats are the formats of pictures, by extension.
var formats = map[string]string{".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".gif": "gif"}

// A pictureCheck is the result of checking a picture. It is kept, because decoding
// takes long and a preview reads all pictures again and again.
type pictureCheck struct {
	size  image.Config
	fault *fault
}

var pictureChecks sync.Map // by a picture's extension and bytes

// readPicture reads a whole picture and returns its size. A drawing in static, which
// is part of the site, need not have one.
func (l *loader) readPicture(file string) (Picture, *fault) {
	pic := Picture{Address: strings.TrimPrefix(strings.TrimPrefix(file, "content"), "static")}
	data, err := fs.ReadFile(l.source, file)
	if err != nil || path.Clean(file) != file || !isPicture.MatchString(file) {
		return pic, &fault{}
	}
	ending := strings.ToLower(path.Ext(file))
	if ending == ".svg" {
		return pic, nil
	}
	sum := sha256.Sum256(data)
	key := ending + string(sum[:])
	if value, ok := pictureChecks.Load(key); ok {
		check := value.(pictureCheck)
		pic.Width, pic.Height = check.size.Width, check.size.Height
		return pic, check.fault
	}
	size, f := inspect(ending, data)
	pictureChecks.Store(key, pictureCheck{size, f})
	pic.Width, pic.Height = size.Width, size.Height
	return pic, f
}

// inspect reads a picture from data, and returns its size and what is wrong with it.
func inspect(ending string, data []byte) (image.Config, *fault) {
	size, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return size, &fault{what: "cannot be read", do: "save it again as a .png or .jpg file"}
	}
	if format != formats[ending] {
		return size, &fault{what: fmt.Sprintf("is a %s file, but its name says otherwise", strings.ToUpper(format)), do: "save it again as a .png or .jpg file"}
	}
	if size.Width > maxPixels || size.Height > maxPixels || size.Width*size.Height > maxPixels {
		return size, &fault{what: fmt.Sprintf("is %d by %d pixels, which may be too much for a phone's memory", size.Width, size.Height), do: "make it smaller; 1,600 pixels across is enough"}
	}
	moves := false
	reader := bytes.NewReader(data)
	if format == "gif" { // a still one ends after its first frame
		_, err = gif.Decode(reader)
		next, _ := reader.ReadByte()
		moves = err == nil && next != ';' && next != 0
	} else {
		_, _, err = image.Decode(reader)
		moves = format == "png" && bytes.Contains(data, []byte("acTL")) || format == "webp" && bytes.Contains(data, []byte("ANIM"))
	}
	switch {
	case moves:
		return size, &fault{what: "is animated, and readers cannot stop it", do: "save it as a still .png file"}
	case err != nil:
		return size, &fault{what: "is incomplete or damaged", do: "save it again as a .png or .jpg file"}
	}
	return size, metadataFault(data)
}

// checkPictures checks the pictures that no page shows, since they are published
// too.
func (l *loader) checkPictures(lib *Library) {
	for _, file := range l.pictures {
		if _, ok := lib.pictures[file]; ok || l.wrongPictures[file] {
			continue
		}
		if _, f := l.readPicture(file); f != nil && f.what != "" {
			l.problems.add(Place{File: file}, "image", "this picture "+f.what, f.do)
		}
	}
}

// checkPicture checks that a picture exists, can be read and has a description.
func (l *loader) checkPicture(lib *Library, p *Page, w textLink) {
	target := strings.TrimSpace(w.destination)
	addProblem := func(what, do string) { l.problems.add(w.place, "image", "the picture "+Quote(target)+" "+what, do) }
	if strings.TrimSpace(w.words) == "" {
		addProblem("has no description", fmt.Sprintf("say what it shows: ![what it shows](%s)", target))
	}
	if hasScheme.MatchString(target) {
		addProblem("is not on this site", "save it beside the page and write only its name")
		return
	}
	file := p.pictureFile(w.destination)
	if _, ok := lib.pictures[file]; ok || l.wrongPictures[file] {
		return
	}
	switch pic, f := l.readPicture(file); {
	case f == nil:
		lib.pictures[file] = pic
	case f.what == "":
		l.problems.add(w.place, "image", "there is no picture "+Quote(target), "put the file in the page's folder, and check the spelling of its name")
	default:
		l.wrongPictures[file] = true
		addProblem(f.what, f.do)
	}
}

// nameFault returns why a file cannot have a name on every computer, or "".
func nameFault(base string) string {
	switch {
	case isReserved(base), strings.HasSuffix(base, "."), strings.HasSuffix(base, " "), strings.ContainsAny(base, `<>:"\|?*`):
		return "Windows does not allow a file with this name"
	case !utf8.ValidString(base):
		return "this name has a character that is not UTF-8"
	case findHidden(base) >= 0, strings.ContainsAny(base, "\n\r\t"):
		return "this name has an invisible character"
	}
	return ""
}

// checkNames checks that every computer allows the names of the files, and can tell
// them apart: some ignore the case of letters.
func (l *loader) checkNames(names []string) {
	first := map[string]string{}
	for _, name := range names {
		if odd := slices.IndexFunc(strings.Split(name, "/"), func(part string) bool { return nameFault(part) != "" }); odd >= 0 && strings.HasPrefix(name, "static/") {
			l.problems.add(Place{File: oneLine(name)}, "bad-file-name", nameFault(strings.Split(name, "/")[odd]), "rename it")
		}
		lower := strings.ToLower(name)
		if other := first[lower]; other != "" {
			l.problems.add(Place{File: oneLine(name)}, "bad-file-name", "on some computers this is the same file as "+Quote(other), "rename it")
		}
		first[lower] = name
	}
}
