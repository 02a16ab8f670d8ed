package report

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
)

// A camera, a telephone or a drawing program writes more into a picture than its pixels:
// where and when it was taken, by whom, in which folder it was. Files are published byte
// for byte, so all of that would be, too. What says only how to show the picture, or which
// program wrote it, is harmless.

// metadataFault returns why a picture says more than it shows, or nil. It reads no further
// than it understands the file.
func metadataFault(data []byte) *fault {
	var note string
	var rest []byte
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		note, rest = jpegNote(data[2:])
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		note, rest = pngNote(data[8:])
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) > 12:
		note, rest = webpNote(data)
	case bytes.HasPrefix(data, []byte("GIF8")) && len(data) > 13:
		note, rest = gifNote(data)
	}
	if note == "" && len(bytes.Trim(rest, "\x00\r\n")) > 0 {
		note = "data after its end"
	}
	if note == "" {
		return nil
	}
	return &fault{what: "has " + note + ", which can say more than it shows, such as where it was taken or by whom",
		do: "save a copy without it (on Windows: Properties, Details, Remove Properties), or take a screenshot of the picture"}
}

// The notes in pictures, for editors.
const (
	cameraNote  = "notes of a camera or program (EXIF)"
	programNote = "notes of a program (XMP)"
	agencyNote  = "notes on its author or its place (IPTC)"
	commentNote = "a comment"
	otherNote   = "data of a camera or program"
)

// plainChunks are the chunks of a PNG file that only say how to show it.
var plainChunks = strings.Fields("IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs tIME iDOT vpAg acTL fcTL fdAT")

// jpegNote returns what the segments of a JPEG file say besides the picture, and what
// follows its end.
func jpegNote(data []byte) (note string, rest []byte) {
	for len(data) >= 4 && data[0] == 0xff {
		marker := data[1]
		switch {
		case marker == 0xff: // a filler
			data = data[1:]
			continue
		case marker == 0xd9:
			return "", data[2:]
		}
		length := 2 + int(binary.BigEndian.Uint16(data[2:]))
		if length > len(data) || length < 4 {
			return "", nil
		}
		text := data[4:length]
		data = data[length:]
		switch exif, isExif := bytes.CutPrefix(text, []byte("Exif\x00\x00")); {
		case marker == 0xe1 && isExif:
			note = exifNote(exif)
		case marker == 0xe1:
			note = xmpNote(text)
		case marker == 0xed && bytes.Contains(text, []byte("8BIM\x04\x04")):
			note = agencyNote
		case 0xe0 <= marker && marker <= 0xef && !isPlainSegment(marker, text):
			note = otherNote
		case marker == 0xfe && !isProgram(string(text)):
			note = commentNote
		case marker == 0xda: // pixels, up to the next marker
			i := 0
			for i+1 < len(data) && (data[i] != 0xff || data[i+1] == 0 || 0xd0 <= data[i+1] && data[i+1] <= 0xd7) {
				i++
			}
			if data = data[i:]; bytes.HasPrefix(data, []byte("\xff\xd9")) {
				return "", data[2:]
			}
		}
		if note != "" {
			return note, nil
		}
	}
	return "", nil
}

// isPlainSegment reports whether a segment for programs in a JPEG file only says how to show
// the picture.
func isPlainSegment(marker byte, text []byte) bool {
	switch marker {
	case 0xe0: // JFIF, or with JFXX a small copy of the picture
		return !bytes.HasPrefix(text, []byte("JFXX"))
	case 0xe2:
		return bytes.HasPrefix(text, []byte("ICC_PROFILE"))
	case 0xed:
		return bytes.HasPrefix(text, []byte("Photoshop 3.0\x008BIM"))
	}
	return marker == 0xee // Adobe's
}

// harmlessTexts are the names of texts in a PNG file that say when, or by which program, it
// was written.
var harmlessTexts = []string{"Software", "Creation Time", "CreationTime", "date:create", "date:modify", "date:timestamp", "Source Software"}

// pngNote is like [jpegNote], for a PNG file.
func pngNote(data []byte) (note string, rest []byte) {
	for len(data) >= 12 {
		length := int(binary.BigEndian.Uint32(data))
		if length < 0 || length > len(data)-12 {
			return "", nil
		}
		kind, text := string(data[4:8]), data[8:8+length]
		data = data[12+length:]
		switch key, value, _ := strings.Cut(string(text), "\x00"); {
		case kind == "IEND":
			return "", data
		case kind == "eXIf":
			note = exifNote(text)
		case kind == "iTXt" && key == "XML:com.adobe.xmp":
			note = xmpNote(text)
		case kind == "tEXt" || kind == "zTXt" || kind == "iTXt":
			if !slices.Contains(harmlessTexts, key) && !isProgram(strings.TrimLeft(value, "\x00")) {
				note = "a text (" + key + ")"
			}
		case !slices.Contains(plainChunks, kind):
			note = otherNote
		}
		if note != "" {
			return note, nil
		}
	}
	return "", nil
}

// webpNote is like [jpegNote], for a WebP file.
func webpNote(data []byte) (note string, rest []byte) {
	size := 8 + int(binary.LittleEndian.Uint32(data[4:]))
	if size > len(data) || size < 12 {
		return "", nil
	}
	rest, data = data[size:], data[12:size]
	for len(data) >= 8 {
		kind, length := string(data[:4]), int(binary.LittleEndian.Uint32(data[4:]))
		if length < 0 || length > len(data)-8 {
			return "", nil
		}
		text := data[8 : 8+length]
		data = data[min(len(data), 8+length+length%2):]
		switch kind {
		case "EXIF":
			note = exifNote(bytes.TrimPrefix(text, []byte("Exif\x00\x00")))
		case "XMP ":
			note = xmpNote(text)
		}
		if note != "" {
			return note, nil
		}
	}
	return "", rest
}

// gifNote is like [jpegNote], for a GIF file.
func gifNote(data []byte) (note string, rest []byte) {
	i := 13 + colours(data[10])
	for i+1 < len(data) && data[i] != ';' {
		start := i + 2 // of an extension's blocks
		if data[i] == ',' {
			if i+10 >= len(data) {
				return "", nil
			}
			start = i + 11 + colours(data[i+9])
		}
		var text []byte
		j := start
		for j < len(data) && data[j] != 0 {
			end := min(len(data), j+1+int(data[j]))
			if data[i] == '!' { // pixels are many
				text = append(text, data[j+1:end]...)
			}
			j = end
		}
		switch {
		case data[i] == '!' && data[i+1] == 0xfe && !isProgram(string(text)):
			return commentNote, nil
		case data[i] == '!' && bytes.HasPrefix(text, []byte("XMP DataXMP")):
			return programNote, nil
		}
		i = j + 1
	}
	return "", data[min(len(data), i+1):]
}

// colours returns the bytes of the table of colours that some flags of a GIF file announce.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// program matches a comment by which a program names itself alone.
var program = regexp.MustCompile(`(?i)^(created with (the )?gimp|creator: gd-jpeg|lavc[0-9]|file written by adobe photoshop|lead technologies|software: |optimized by|compressed by|handmade software)[^\r\n]{0,60}\s*$`)

// isProgram reports whether a comment only names the program that wrote it.
func isProgram(comment string) bool {
	comment = strings.Trim(comment, "\x00 \r\n")
	return comment == "" || program.MatchString(comment)
}

// harmlessTags are the tags of EXIF that say how to show a picture, which program wrote it
// and when, or what the notes themselves are.
var harmlessTags = []uint16{
	0x00fe, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0112, 0x0115, 0x011a, 0x011b, 0x011c, 0x0128, 0x0131, 0x0132, 0x013e, 0x013f, 0x0211, 0x0212, 0x0213, 0x0214,
	0x8769, 0x9000, 0x9101, 0xa000, 0xa001, 0xa002, 0xa003, 0xa005, 0xa402, 0xa403, 0xa406, 0x0001, 0x0002,
}

const (
	exifTag       = 0x8769 // where more tags are
	userComment   = 0x9286
	maxExifTables = 8
)

// exifNote returns what is wrong with the EXIF data of a picture, or "".
func exifNote(data []byte) string {
	if len(data) < 8 {
		return ""
	}
	var order binary.ByteOrder = binary.BigEndian
	if data[0] == 'I' {
		order = binary.LittleEndian
	}
	next := []uint32{order.Uint32(data[4:])}
	for n := 0; len(next) > 0 && n < maxExifTables; n++ {
		start := int(next[0])
		next = next[1:]
		if start == 0 {
			continue
		}
		if start < 8 || start > len(data)-2 {
			return cameraNote
		}
		count := int(order.Uint16(data[start:]))
		table := data[start+2:]
		if 12*count > len(table) {
			return cameraNote
		}
		for ; count > 0; count, table = count-1, table[12:] {
			switch tag := order.Uint16(table); {
			case tag == exifTag:
				next = append(next, order.Uint32(table[8:]))
			case tag == userComment && bytes.Contains(data, []byte("ASCII\x00\x00\x00Screenshot")): // of a Mac
			case !slices.Contains(harmlessTags, tag):
				return cameraNote
			}
		}
		if len(table) >= 4 && order.Uint32(table) != 0 { // the next table has a small copy of the picture, perhaps before it was cut
			return cameraNote
		}
	}
	return ""
}

// property matches the name of a property in XMP, with an equals sign or a bracket before
// its value, and harmlessProperty those that say what harmlessTags do.
var (
	property         = regexp.MustCompile(`<([A-Za-z][\w-]*:[A-Za-z][\w-]*)|\s([A-Za-z][\w-]*:[A-Za-z][\w-]*)\s*=`)
	harmlessProperty = regexp.MustCompile(`^(x|rdf|xml|xmlns):|^exif:(Pixel[XY]Dimension|ColorSpace|ExifVersion)$|^tiff:([XY]Resolution|ResolutionUnit|Orientation|Image\w+|BitsPerSample|Compression|PhotometricInterpretation|Software)$|^xmp:(CreatorTool|CreateDate|ModifyDate|MetadataDate)$|^photoshop:(ColorMode|ICCProfile)$|^dc:format$`)
	screenshot       = regexp.MustCompile(`(?s)<exif:UserComment>.{0,120}>Screenshot<.{0,80}</exif:UserComment>|exif:UserComment="Screenshot"`)
)

// xmpNote returns what is wrong with the XMP of a picture, or "".
func xmpNote(text []byte) string {
	text = screenshot.ReplaceAll(text, nil)
	for _, m := range property.FindAllSubmatch(text, -1) {
		if !harmlessProperty.Match(append(m[1], m[2]...)) {
			return programNote
		}
	}
	if !bytes.Contains(text, []byte("xmpmeta")) && !bytes.Contains(text, []byte("rdf:RDF")) && len(text) > 0 {
		return programNote
	}
	return ""
}
