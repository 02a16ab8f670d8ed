package report

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// Pictures can say more than they show: where and when a photograph was taken, by whom and
// with which camera. Such details are published with the picture, so none may have them.

// findDetails returns what a picture says beyond what it shows, such as "Exif", or "". data
// is a picture that can be decoded.
func findDetails(format string, data []byte) string {
	switch format {
	case "jpeg":
		return findJPEGDetails(data)
	case "png":
		return findPNGDetails(data)
	case "webp":
		return findWebPDetails(data)
	}
	return ""
}

// trailer is what readers of messages call bytes after a picture's end.
const trailer = "data after its end"

// jpegDetails are the beginnings of segments with details, by the segments' markers.
var jpegDetails = map[byte][]struct{ head, name string }{
	0xe1: {{"Exif\x00", "Exif"}, {"http://ns.adobe.com/", "XMP"}},
	0xed: {{"Photoshop", "IPTC"}},
	0xfe: {{"", "a comment"}},
}

// findJPEGDetails walks the segments of a JPEG file (ITU T.81, Annex B).
func findJPEGDetails(data []byte) string {
	const endOfImage, startOfScan = 0xd9, 0xda
	for i := 2; i+4 <= len(data); {
		marker := data[i+1]
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		switch {
		case data[i] != 0xff:
			return ""
		case marker == 0xff: // fill
			i++
			continue
		}
		segment := data[i+4 : max(i+4, min(i+2+size, len(data)))]
		for _, d := range jpegDetails[marker] {
			if bytes.HasPrefix(segment, []byte(d.head)) {
				return d.name
			}
		}
		i += 2 + size
		if marker == startOfScan {
			i = skipScan(data, i)
		}
		if i+2 <= len(data) && data[i] == 0xff && data[i+1] == endOfImage {
			if len(bytes.Trim(data[i+2:], "\x00")) > 0 {
				return trailer
			}
			return ""
		}
	}
	return ""
}

// skipScan returns where the next segment begins after a scan's data, which escapes its
// bytes 0xff with a zero, and may have restart markers.
func skipScan(data []byte, i int) int {
	for ; i+1 < len(data); i++ {
		if next := data[i+1]; data[i] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			break
		}
	}
	return i
}

// plainKeywords are keywords of texts in PNG files that programs write about themselves.
var plainKeywords = []string{"software", "creation time", "date:create", "date:modify", "date:timestamp"}

// findPNGDetails walks the chunks of a PNG file.
func findPNGDetails(data []byte) string {
	for i := 8; i+12 <= len(data); {
		size, kind := int(binary.BigEndian.Uint32(data[i:])), string(data[i+4:i+8])
		end := i + 12 + size
		if size < 0 || end > len(data) {
			return ""
		}
		switch kind {
		case "eXIf":
			return "Exif"
		case "tEXt", "iTXt", "zTXt":
			keyword, _, _ := strings.Cut(string(data[i+8:end-4]), "\x00")
			if !slices.Contains(plainKeywords, strings.ToLower(keyword)) {
				return "a text, “" + keyword + "”"
			}
		case "IEND":
			if end < len(data) {
				return trailer
			}
		}
		i = end
	}
	return ""
}

// findWebPDetails walks the chunks of a WebP file.
func findWebPDetails(data []byte) string {
	if end := 8 + int(binary.LittleEndian.Uint32(data[4:])); end < len(data) {
		return trailer
	}
	for i := 12; i+8 <= len(data); {
		switch string(data[i : i+4]) {
		case "EXIF":
			return "Exif"
		case "XMP ":
			return "XMP"
		}
		size := int(binary.LittleEndian.Uint32(data[i+4:]))
		i += 8 + size + size%2
	}
	return ""
}
