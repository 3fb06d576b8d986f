package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unsafe"
)

// Nearly every string of a policy is plain: no escape, no character beyond
// ASCII. Those are taken as they stand; encoding/json reads the others.

// plainString returns a JSON string that stands for itself. It is a part of raw.
func plainString(raw []byte) (string, bool) {
	if n := plainEnd(raw); n > 0 && n == len(raw) {
		return borrowed(raw[1 : n-1]), true
	}
	return "", false
}

// plainEnd returns where a plain string ends with which raw begins, 0 if it
// does not begin with one.
func plainEnd(raw []byte) int {
	if len(raw) == 0 || raw[0] != '"' {
		return 0
	}
	for i := 1; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			return i + 1
		case c == '\\' || c < 0x20 || c >= 0x80:
			return 0
		}
	}
	return 0
}

// plainStrings returns an array of plain strings, as compact or indented JSON
// has it; ok is false for everything else. They are parts of raw.
func plainStrings(raw []byte) (list []string, ok bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	list = make([]string, 0, bytes.Count(raw, []byte(`","`))+1) // most often it is that many
	for rest := afterSpace(raw[1:]); ; {
		n := plainEnd(rest)
		if n == 0 {
			return nil, false
		}
		list = append(list, borrowed(rest[1:n-1]))
		rest = afterSpace(rest[n:])
		if len(rest) == 1 && rest[0] == ']' {
			return list, true
		}
		if len(rest) == 0 || rest[0] != ',' {
			return nil, false
		}
		rest = afterSpace(rest[1:])
	}
}

// plainTexts returns a plain string, or an array of some.
func plainTexts(raw []byte) ([]string, bool) {
	if one, ok := plainString(raw); ok {
		return []string{one}, true
	}
	return plainStrings(raw)
}

// borrowed is a text that nobody changes as a string, without a copy.
func borrowed(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

func afterSpace(raw []byte) []byte {
	for len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\n' || raw[0] == '\t' || raw[0] == '\r') {
		raw = raw[1:]
	}
	return raw
}

func parseString(raw json.RawMessage, pointer string) (string, error) {
	if s, ok := plainString(raw); ok {
		return s, nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", fmt.Errorf("%w: %s: want a string", ErrPolicy, pointer)
	}
	return s, nil
}

// parseStrings reads a string or an array of strings.
func parseStrings(raw json.RawMessage, pointer string) ([]string, error) {
	if list, ok := plainTexts(raw); ok {
		return list, nil
	}
	var one string
	if json.Unmarshal(raw, &one) == nil && raw[0] == '"' {
		return []string{one}, nil
	}
	var many []string
	if err := json.Unmarshal(raw, &many); err != nil || many == nil {
		return nil, fmt.Errorf("%w: %s: want a string or an array of strings", ErrPolicy, pointer)
	}
	return many, nil
}
