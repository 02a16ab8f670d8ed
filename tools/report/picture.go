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

	_ "golang.org/x/image/webp"
)

// maxPixels is how many a picture may have: what is a small file can take all the
// memory that a reader's telephone has.
const maxPixels = 8_000_000

// formats are what the files of each ending hold.
var formats = map[string]string{".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".gif": "gif"}

// A seen is what was found when a picture was last looked at: to decode one
// takes long, and a preview reads all of them again and again.
type seen struct {
	size  image.Config
	fault *fault
}

var looked sync.Map // from a picture's ending and bytes to a seen

// readPicture reads a picture to its end, and how large it is. A drawing in
// static, which is the site's own, need not say.
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
	if known, ok := looked.Load(key); ok {
		found := known.(seen)
		pic.Width, pic.Height = found.size.Width, found.size.Height
		return pic, found.fault
	}
	size, f := look(ending, data)
	looked.Store(key, seen{size, f})
	pic.Width, pic.Height = size.Width, size.Height
	return pic, f
}

// look reads the picture that data is, and says what is wrong with it.
func look(ending string, data []byte) (image.Config, *fault) {
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
	if format == "gif" { // one that stands still ends behind its first picture
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
	return size, nil
}

// checkPictures looks at the pictures that no page shows, which are published as
// well.
func (l *loader) checkPictures(lib *Library) {
	for _, file := range l.pictures {
		if _, known := lib.pictures[file]; known || l.wrongPictures[file] {
			continue
		}
		if _, f := l.readPicture(file); f != nil && f.what != "" {
			l.problems.add(Place{File: file}, "image", "this picture "+f.what, f.do)
		}
	}
}

// checkPicture checks that a picture is there, can be read and is described.
func (l *loader) checkPicture(lib *Library, p *Page, w textLink) {
	target := strings.TrimSpace(w.destination)
	tell := func(what, do string) { l.problems.add(w.place, "image", "the picture "+quote(target)+" "+what, do) }
	if strings.TrimSpace(w.words) == "" {
		tell("has no description", fmt.Sprintf("say what it shows: ![what it shows](%s)", target))
	}
	if hasScheme.MatchString(target) {
		tell("is not on this site", "save it beside the page and write only its name")
		return
	}
	file := p.pictureFile(w.destination)
	if _, known := lib.pictures[file]; known || l.wrongPictures[file] {
		return
	}
	switch pic, f := l.readPicture(file); {
	case f == nil:
		lib.pictures[file] = pic
	case f.what == "":
		l.problems.add(w.place, "image", "there is no picture "+quote(target), "put the file in the page's folder, and write its name exactly")
	default:
		l.wrongPictures[file] = true
		tell(f.what, f.do)
	}
}

// oddName says why a file cannot have a name on every computer, or "".
func oddName(base string) string {
	switch {
	case isReserved(base), strings.HasSuffix(base, "."), strings.HasSuffix(base, " "), strings.ContainsAny(base, `<>:"\|?*`):
		return "Windows does not allow a file with this name"
	case hidden(base) >= 0:
		return "this name has an invisible character"
	}
	return ""
}

// checkNames checks that files can have their names, each of its own, on every
// computer: some do not tell capitals from small letters.
func (l *loader) checkNames(names []string) {
	known := map[string]string{}
	for _, name := range names {
		if odd := slices.IndexFunc(strings.Split(name, "/"), func(part string) bool { return oddName(part) != "" }); odd >= 0 && strings.HasPrefix(name, "static/") {
			l.problems.add(Place{File: oneLine(name)}, "bad-file-name", oddName(strings.Split(name, "/")[odd]), "rename it")
		}
		lower := strings.ToLower(name)
		if other := known[lower]; other != "" {
			l.problems.add(Place{File: oneLine(name)}, "bad-file-name", "on some computers this is the same file as "+quote(other), "rename it")
		}
		known[lower] = name
	}
}
