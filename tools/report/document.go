package report

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// members are the files that a document which is a zip must have, by its extension. In
// those of LibreOffice, the first says what kind of document it is.
var members = map[string]struct{ name, start string }{
	".docx": {"word/document.xml", ""},
	".xlsx": {"xl/workbook.xml", ""},
	".odt":  {"mimetype", "application/vnd.oasis.opendocument.text"},
	".ods":  {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
	".pptx": {"ppt/presentation.xml", ""},
	".odp":  {"mimetype", "application/vnd.oasis.opendocument.presentation"},
}

// startsProgram matches what starts a program in a PDF. Parts that are compressed hide it.
var startsProgram = regexp.MustCompile(`/(JavaScript|Launch)\b`)

// documentFault returns why a document is not what its ending says, which is in lower case,
// or cannot be published, or nil.
func documentFault(ending string, data []byte) *fault {
	different := &fault{what: "is not a " + strings.TrimPrefix(ending, ".") + " file, whatever its name says", do: "open it and save it again in that format, or give it the name of its own format"}
	if strings.IndexByte("ox", ending[1]) >= 0 {
		different.what = strings.Replace(different.what, "a ", "an ", 1)
	}
	switch _, isZip := members[ending]; {
	case len(bytes.TrimSpace(data)) == 0:
		return &fault{what: "is empty", do: "save it again, or ask for it again"}
	case ending == ".pdf":
		switch {
		case !bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), "\r\n \t"), []byte("%PDF-")):
			return different
		case !bytes.Contains(data, []byte("%%EOF")):
			return &fault{what: "is incomplete", do: "save it again, or ask for it again"}
		case startsProgram.Match(data):
			return &fault{what: "has a program in it, as some forms do", do: "print it to a new PDF, or ask for one without"}
		}
	case isZip:
		return zipFault(ending, data, different)
	case invalidText(data) >= 0:
		return &fault{what: "is not a text in UTF-8", do: "save it as UTF-8 (in Excel: “CSV UTF-8”), or as a PDF"}
	}
	return nil
}

// zipFault is like [documentFault], for a document that is a zip.
func zipFault(ending string, data []byte, different *fault) *fault {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return different
	}
	want := members[ending]
	for _, file := range archive.File {
		if name := strings.ToLower(file.Name); path.Base(name) == "vbaproject.bin" || strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") {
			return &fault{what: "has macros, which are programs", do: "save it without macros, or as a PDF"}
		}
	}
	member, err := archive.Open(want.name)
	if err != nil {
		return different
	}
	defer member.Close()
	start := make([]byte, len(want.start))
	if _, err := io.ReadFull(member, start); err != nil || string(start) != want.start {
		return different
	}
	return nil
}

// checkDocumentFile checks a document beside a report's pages.
func (l *loader) checkDocumentFile(name string) {
	data, err := fs.ReadFile(l.source, name)
	if err != nil {
		l.reportUnreadable(name, "file", err)
		return
	}
	l.reportDocument(name, documentFault(path.Ext(name), data))
}

// reportDocument reports a document's fault, unless it is nil.
func (l *loader) reportDocument(name string, f *fault) {
	if f != nil {
		l.problems.add(Place{File: name}, "document", "this document "+f.what, f.do)
	}
}
