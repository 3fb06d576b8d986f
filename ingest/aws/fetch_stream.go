package aws

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Errors of this package, wrapped with file and position.
var (
	// ErrSyntax: the file is not the JSON document that it should be: cut
	// short, garbled, a member twice, more than one value.
	ErrSyntax = errors.New("not a sound JSON document")
	// ErrUnknownDocument: sound JSON, and no document that this package reads.
	ErrUnknownDocument = errors.New("not a document that is read")
	// ErrMisplaced: the document says nothing of its subject or account and
	// lies outside of a tree that would, or in the wrong place of one.
	ErrMisplaced = errors.New("document out of place")
	// ErrTwoDumps: two different dumps of one account, of which one is older.
	ErrTwoDumps = errors.New("two dumps of one account")
	// ErrContent: a record of the document is not what it should be.
	ErrContent = errors.New("unexpected content")
)

// A recordFunc takes one record: an element of an array, or a whole value.
// The record is gone after the call.
type recordFunc func(m *mapper, record jsontext.Value) error

// maxText bounds how much of a file that is no JSON is read: error messages
// are short.
const maxText = 64 << 10

// readMembers reads a document that is one JSON object and calls member with
// the decoder before each value, which member must read or skip.
func readMembers(dec *jsontext.Decoder, member func(name string) error) error {
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() != '{' {
		return fmt.Errorf("%w: want a JSON object", ErrUnknownDocument)
	}
	for dec.PeekKind() != '}' {
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := member(tok.String()); err != nil {
			return err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	return wantEnd(dec)
}

// wantEnd checks that nothing follows the document's one value.
func wantEnd(dec *jsontext.Decoder) error {
	_, err := dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return fmt.Errorf("%w: more data after the document's end", ErrSyntax)
	}
	return err
}

// readRecords reads the next value: each element if it is an array, nothing if
// it is null, the value itself otherwise.
func readRecords(dec *jsontext.Decoder, record func(jsontext.Value) error) error {
	if dec.PeekKind() != '[' {
		v, err := dec.ReadValue()
		if err != nil || v.Kind() == 'n' {
			return err
		}
		return record(v)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := record(v); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// sound are the options for what was read and thereby checked before: to look
// for members given twice once more costs a third.
var sound = jsontext.AllowDuplicateNames(true)

// decode unmarshals one record. Its error names the place inside the record.
func decode(record jsontext.Value, into any) error {
	err := json.Unmarshal(record, into, sound)
	if wrong := new(json.SemanticError); errors.As(err, &wrong) {
		return fmt.Errorf("%w: %s is %s, want %s", ErrContent, cmp.Or(string(wrong.JSONPointer), "the record"), kindWord(wrong.JSONKind), typeWord(wrong.GoType))
	}
	return err
}

// typeWord names what a Go type is in JSON.
func typeWord(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	}
	return "a number"
}

// kindWord names a JSON kind for a person.
func kindWord(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "nothing"
}

// failAt words an error of reading f, with line and byte offset. Offset is
// where the reader stood; a syntax error knows better.
func (f file) failAt(offset int64, err error) error {
	syntax := new(jsontext.SyntacticError)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.ByteOffset
		err = syntaxError(syntax)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		err = fmt.Errorf("%w: cut short", ErrSyntax)
	case isPacking(err):
		return fmt.Errorf("%s: %w: %w", f.path, ErrSyntax, err)
	case !isOurs(err):
		return fmt.Errorf("%s: %w", f.path, err) // of reading, not of what was read
	}
	return fmt.Errorf("%s:%d: byte %d: %w", f.path, f.lineOf(offset), offset, err)
}

// isPacking reports whether an error is about the gzip around a document.
func isPacking(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader)
}

// isOurs reports whether an error is about what a document holds.
func isOurs(err error) bool {
	ours := []error{ErrSyntax, ErrUnknownDocument, ErrMisplaced, ErrContent, ErrTwoDumps}
	return slices.ContainsFunc(ours, func(e error) bool { return errors.Is(err, e) })
}

func syntaxError(e *jsontext.SyntacticError) error {
	within := ""
	if pointer := strings.TrimRight(string(e.JSONPointer), "/"); pointer != "" {
		within = " within " + pointer
	}
	if errors.Is(e.Err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: cut short%s", ErrSyntax, within)
	}
	return fmt.Errorf("%w: %s%s", ErrSyntax, strings.TrimPrefix(e.Err.Error(), "jsontext: "), within)
}

// lineOf counts lines up to offset by reading the file again: only an error
// pays for it.
func (f file) lineOf(offset int64) int {
	r, err := f.unpack(context.Background())
	if err != nil {
		return 1
	}
	defer r.Close()
	line := 1
	buf := make([]byte, 32<<10)
	for rest := io.LimitReader(r, offset); ; {
		n, err := rest.Read(buf)
		line += bytes.Count(buf[:n], []byte{'\n'})
		if err != nil {
			return line
		}
	}
}

// firstByte returns the first byte of r that is no white space, without taking
// it; io.EOF if there is none.
func firstByte(r reader) (byte, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if !slices.Contains([]byte(" \t\r\n"), b) {
			return b, r.UnreadByte()
		}
	}
}
