package aws

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Estates have as many policies as things, and most passes read those of things
// again, as there is no room to keep them. Nearly all are plain JSON: no escape,
// no character beyond ASCII, no null. That is taken apart here without a copy;
// encoding/json reads the others, and says what is wrong.

// maxPlainDepth bounds the nesting of what is taken apart here.
const maxPlainDepth = 32

// plainFields returns the fields of a plain object, in the order of its text,
// and adds them to list; ok is false for everything else. Names may come twice.
func plainFields(raw []byte, list []field) (_ []field, ok bool) {
	rest := afterSpace(raw)
	if len(rest) == 0 || rest[0] != '{' {
		return nil, false
	}
	if rest = afterSpace(rest[1:]); len(rest) > 0 && rest[0] == '}' {
		return list, len(afterSpace(rest[1:])) == 0
	}
	for {
		name := plainEnd(rest)
		value := afterColon(rest[name:])
		n := plainValue(value, maxPlainDepth)
		if name == 0 || n == 0 {
			return nil, false
		}
		list = append(list, field{fieldName(rest[1 : name-1]), value[:n:n]})
		rest = afterSpace(value[n:])
		if len(rest) == 0 || rest[0] != ',' {
			return list, len(rest) > 0 && rest[0] == '}' && len(afterSpace(rest[1:])) == 0
		}
		rest = afterSpace(rest[1:])
	}
}

// plainElements returns the elements of a plain array.
func plainElements(raw []byte) (list []json.RawMessage, ok bool) {
	rest := afterSpace(raw)
	if len(rest) == 0 || rest[0] != '[' {
		return nil, false
	}
	if rest = afterSpace(rest[1:]); len(rest) > 0 && rest[0] == ']' {
		return []json.RawMessage{}, len(afterSpace(rest[1:])) == 0
	}
	for {
		n := plainValue(rest, maxPlainDepth)
		if n == 0 {
			return nil, false
		}
		list = append(list, rest[:n:n])
		rest = afterSpace(rest[n:])
		if len(rest) == 0 || rest[0] != ',' {
			return list, len(rest) > 0 && rest[0] == ']' && len(afterSpace(rest[1:])) == 0
		}
		rest = afterSpace(rest[1:])
	}
}

// afterColon is what stands behind the colon that raw begins with, nil if it
// begins with none.
func afterColon(raw []byte) []byte {
	if raw = afterSpace(raw); len(raw) == 0 || raw[0] != ':' {
		return nil
	}
	return afterSpace(raw[1:])
}

// plainValue returns where the plain value ends with which raw begins, 0 if it
// does not begin with one. What it takes is valid JSON.
func plainValue(raw []byte, depth int) int {
	if len(raw) == 0 || depth == 0 {
		return 0
	}
	switch raw[0] {
	case '"':
		return plainEnd(raw)
	case '{':
		return plainList(raw, depth, '}')
	case '[':
		return plainList(raw, depth, ']')
	case 't':
		return plainWord(raw, "true")
	case 'f':
		return plainWord(raw, "false")
	}
	return plainNumber(raw)
}

// plainList is plainValue for objects and arrays.
func plainList(raw []byte, depth int, closing byte) int {
	rest := afterSpace(raw[1:])
	if len(rest) > 0 && rest[0] == closing {
		return len(raw) - len(rest) + 1
	}
	for {
		if closing == '}' {
			name := plainEnd(rest)
			if name == 0 {
				return 0
			}
			rest = afterColon(rest[name:])
		}
		n := plainValue(rest, depth-1)
		if n == 0 {
			return 0
		}
		rest = afterSpace(rest[n:])
		switch {
		case len(rest) > 0 && rest[0] == closing:
			return len(raw) - len(rest) + 1
		case len(rest) == 0 || rest[0] != ',':
			return 0
		}
		rest = afterSpace(rest[1:])
	}
}

func plainWord(raw []byte, word string) int {
	if bytes.HasPrefix(raw, []byte(word)) {
		return len(word)
	}
	return 0
}

// plainNumber is plainValue for whole numbers that begin with no zero; the
// longest that a policy has are times.
func plainNumber(raw []byte) int {
	n := 0
	for n < len(raw) && raw[n] >= '0' && raw[n] <= '9' {
		n++
	}
	switch {
	case n == 0 || n > 1 && raw[0] == '0':
		return 0
	case n < len(raw) && (raw[n] == '.' || raw[n] == 'e' || raw[n] == 'E'):
		return 0
	}
	return n
}

// uniqueFields are the fields of an object, of which the last of a name counts;
// nil for what is none.
func uniqueFields(raw json.RawMessage, room []field) []field {
	if fields, ok := plainFields(raw, room); ok && !repeats(fields) {
		return fields
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		return nil
	}
	return sortedFields(object)
}

// sortedFields are the fields of an object by name: of several that are wrong,
// the same is told each time.
func sortedFields(object map[string]json.RawMessage) []field {
	fields := make([]field, 0, len(object))
	for name, value := range object {
		fields = append(fields, field{name, value})
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return fields
}

// elementsOf are the elements of an array.
func elementsOf(raw json.RawMessage) (list []json.RawMessage, err error) {
	if list, ok := plainElements(raw); ok {
		return list, nil
	}
	return list, json.Unmarshal(raw, &list)
}

// repeats reports whether a name comes twice: statements have few.
func repeats(fields []field) bool {
	for i := range fields {
		if valueOf(fields[:i], fields[i].name) != nil {
			return true
		}
	}
	return false
}

// valueOf returns the value of a field, nil if there is none.
func valueOf(fields []field, name string) json.RawMessage {
	for i := range fields {
		if fields[i].name == name {
			return fields[i].value
		}
	}
	return nil
}

// fieldName is a name as text; those of policies are not copied.
func fieldName(name []byte) string {
	for _, known := range fieldNames {
		if string(name) == known {
			return known
		}
	}
	return string(name)
}

var fieldNames = [...]string{"Effect", "Action", "Resource", "Principal", "Condition", "Sid", "Version", "Statement",
	"AWS", "Service", "Federated", "Id", "NotAction", "NotResource", "NotPrincipal"}
