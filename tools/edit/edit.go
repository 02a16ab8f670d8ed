// Package edit changes TOML files that people write, without reformatting them.
//
// A change inserts text; every other byte stays, whether it is a comment, a blank
// line or somebody's layout. The offset comes from go-toml's syntax tree. [Add]
// inserts updates below their items, oldest first, and [SetDate] replaces the date
// in a field. Both are pure: they take the bytes of a file and return new ones,
// and do not touch the disk.
//
// TOML can express the same thing in several ways, and not all can be extended: an
// inline table is closed. So each result is parsed again, and must have the values
// of the source and the change, and nothing else. Otherwise there is an error and
// no result.
package edit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"annualreport/tools/report"
)

// An Addition is an update to add to a file of items.
type Addition struct {
	Item   string // the id of the item, whose record is in the file
	Update *report.Update
}

// Add returns the source with the updates added, and the line, from 1, on which each
// begins. An update goes after those of its item that are not later. Two with the same
// date stay in the order of updates.
func Add(source []byte, updates []Addition) (result []byte, lines []int, err error) {
	oldValues, err := decode(source)
	if err != nil {
		return nil, nil, err
	}
	tables, err := outline(source)
	if err != nil {
		return nil, nil, err
	}
	insertions := make([]insertion, len(updates))
	for i, u := range updates {
		offset, err := findOffset(source, tables, oldValues, u)
		if err != nil {
			return nil, nil, err
		}
		insertions[i] = insertion{offset, i, u.Update.Date, u.Update.TOML(u.Item)}
	}
	slices.SortStableFunc(insertions, func(a, b insertion) int {
		return cmp.Or(a.offset-b.offset, a.date.Compare(b.date.Time))
	})
	result, lines = insert(source, insertions)
	newValues, err := decode(result)
	if err == nil {
		err = checkResult(oldValues, newValues, updates, insertions)
	}
	if err != nil {
		return nil, nil, err
	}
	return result, lines, nil
}

// An insertion is text to insert at an offset.
type insertion struct {
	offset int
	index  int // of the update
	date   report.Date
	text   string
}

// insert makes the insertions, which are in order, with an empty line before and after
// each.
func insert(source []byte, all []insertion) (result []byte, lines []int) {
	var buffer bytes.Buffer
	lines = make([]int, len(all))
	line, offset := 1, 0
	write := func(text string) {
		buffer.WriteString(text)
		line += strings.Count(text, "\n")
	}
	for i, ins := range all {
		write(string(source[offset:ins.offset]))
		offset = ins.offset
		eol := lineEnd(source, ins.offset)
		if buffer.Len() > 0 && !bytes.HasSuffix(buffer.Bytes(), []byte("\n")) {
			write(eol)
		}
		if buffer.Len() > 0 && !endsBlank(buffer.Bytes()) {
			write(eol)
		}
		lines[ins.index] = line
		write(strings.ReplaceAll(ins.text, "\n", eol))
		last := i+1 == len(all) || all[i+1].offset != ins.offset
		if next := firstLine(source[offset:]); last && offset < len(source) && !isBlank(next) {
			write(eol)
		}
	}
	write(string(source[offset:]))
	return buffer.Bytes(), lines
}

// lineEnd returns the line ending to use at an offset: that of the line before, or
// else of the first line.
func lineEnd(source []byte, offset int) string {
	end := offset - 1
	if end < 0 || source[end] != '\n' {
		end = bytes.IndexByte(source, '\n')
	}
	if end > 0 && source[end-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// endsBlank reports whether text ends with an empty line.
func endsBlank(text []byte) bool {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return isBlank(text[bytes.LastIndexByte(text, '\n')+1:])
}

func isBlank(line []byte) bool { return len(bytes.Trim(line, " \t\r\n")) == 0 }

// firstLine returns text up to its first line break.
func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

// findOffset returns the offset where an update belongs.
func findOffset(source []byte, tables []table, values map[string]any, u Addition) (int, error) {
	var itemTables, news []table
	for _, t := range tables {
		if t.key[0] == u.Item {
			itemTables = append(itemTables, t)
		}
		if t.list && slices.Equal(t.key, []string{u.Item, "updates"}) {
			news = append(news, t)
		}
	}
	record := slices.IndexFunc(itemTables, func(t table) bool { return len(t.key) == 1 && !t.list })
	dates, ok := updateDates(values, u.Item)
	if record < 0 || !ok || len(dates) != len(news) {
		return 0, addError(u.Item)
	}
	if i := firstLater(dates, u.Update.Date); i < len(news) {
		return offsetAbove(source, tables, news[i]), nil
	}
	return offsetBelow(source, itemTables[len(itemTables)-1]), nil
}

// addError is the error for a record written in a way that cannot be extended.
func addError(item string) error {
	return fmt.Errorf("an update cannot be added to [%s]: write the record below a line [%[1]s], and each of its updates below a line [[%[1]s.updates]]", item)
}

// updateDates returns the dates of an item's updates, in order.
func updateDates(values map[string]any, item string) (dates []time.Time, ok bool) {
	record, ok := values[item].(map[string]any)
	if !ok {
		return nil, false
	}
	updates, ok := record["updates"].([]map[string]any)
	for _, u := range updates {
		day, _ := u["date"].(time.Time)
		dates = append(dates, time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC))
	}
	return dates, ok || record["updates"] == nil
}

// firstLater returns the index of the first date that is later than day, or the number
// of dates.
func firstLater(dates []time.Time, day report.Date) int {
	for i, date := range dates {
		if date.After(day.Time) {
			return i
		}
	}
	return len(dates)
}

// offsetAbove returns the offset of the line on which a table begins, or of a comment
// directly above, which belongs to it.
func offsetAbove(source []byte, tables []table, t table) int {
	first := 0 // the end of the table before it
	for _, other := range tables {
		if other.end <= t.start {
			first = max(first, other.end)
		}
	}
	offset := t.start
	for offset > first {
		line := source[first : offset-1] // without its line break
		start := first + bytes.LastIndexByte(line, '\n') + 1
		if !isComment(source[start:offset]) {
			break
		}
		offset = start
	}
	return offset
}

// offsetBelow returns the offset of the line after a table and any comment directly below,
// unless that is directly above another table, to which it then belongs.
func offsetBelow(source []byte, t table) int {
	offset := t.end
	for offset < len(source) {
		line := firstLine(source[offset:])
		switch {
		case isComment(line):
			offset = min(offset+len(line)+1, len(source))
			continue
		case isBlank(line):
			return offset
		}
		return t.end
	}
	return offset
}

func isComment(line []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("#")) }

// SetDate returns the source with day as the value of a field, which must exist and
// be a date. key is the path of the field: the names of its tables, then its own.
func SetDate(source []byte, day report.Date, key ...string) ([]byte, error) {
	oldValues, err := decode(source)
	if err != nil {
		return nil, err
	}
	start, end, err := dateRange(source, key)
	if err != nil {
		return nil, err
	}
	result := slices.Concat(source[:start], []byte(day.ISO()), source[end:])
	newValues, err := decode(result)
	if err != nil {
		return nil, err
	}
	set := oldValues
	for _, name := range key[:len(key)-1] {
		inner, ok := set[name].(map[string]any)
		if !ok {
			return nil, dateError(key)
		}
		set = inner
	}
	set[key[len(key)-1]], err = dateValue(day)
	if err == nil && !equal(oldValues, newValues) {
		err = dateError(key)
	}
	return result, err
}

// dateValue returns a day as the parser reads it from TOML.
func dateValue(day report.Date) (any, error) {
	values, err := decode([]byte("d = " + day.ISO()))
	return values["d"], err
}

func dateError(key []string) error {
	return fmt.Errorf("%s cannot be changed: write it on its own line, as in %s = 2026-11-25", strings.Join(key, "."), key[len(key)-1])
}

// decode returns the values of TOML.
func decode(source []byte) (map[string]any, error) {
	values := map[string]any{}
	_, err := toml.Decode(string(source), &values)
	return values, err
}

// checkResult checks that newValues are oldValues with the insertions, and nothing else.
func checkResult(oldValues, newValues map[string]any, updates []Addition, insertions []insertion) error {
	want := maps.Clone(oldValues)
	for _, ins := range insertions {
		item := updates[ins.index].Item
		dates, _ := updateDates(want, item) // findOffset has checked that it is a record
		record := maps.Clone(want[item].(map[string]any))
		list, _ := record["updates"].([]map[string]any)
		record["updates"] = slices.Insert(slices.Clone(list), firstLater(dates, ins.date), updateFields(ins.text, item))
		want[item] = record
	}
	for _, u := range updates {
		if !equal(want[u.Item], newValues[u.Item]) {
			return addError(u.Item)
		}
	}
	if !equal(want, newValues) {
		return errors.New("an update cannot be added here without changing other records")
	}
	return nil
}

// updateFields returns the values of an update from its text, or nil if there are others.
func updateFields(text, item string) map[string]any {
	values, err := decode([]byte(text))
	record, _ := values[item].(map[string]any)
	if list, _ := record["updates"].([]map[string]any); err == nil && len(values) == 1 && len(record) == 1 && len(list) == 1 {
		return list[0]
	}
	return nil
}

// equal reports whether two values of TOML are the same. The kind of line breaks in
// text does not matter, and NaN is the same as itself.
func equal(a, b any) bool {
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && unixLines(a) == unixLines(b)
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || math.IsNaN(a) && math.IsNaN(b))
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, func(a, b any) bool { return equal(a, b) })
	case []map[string]any:
		b, ok := b.([]map[string]any)
		return ok && slices.EqualFunc(a, b, func(a, b map[string]any) bool { return equal(a, b) })
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	}
	return reflect.DeepEqual(a, b)
}

func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
