package main

import (
	"slices"
	"strings"
)

// levels in the order of reference.Level; an action's levels are a bit set.
var levels = []string{"List", "Read", "Write", "Tagging", "Permissions management"}

// keyTypes in the order of the table's type byte (reference/key.go).
var keyTypes = []string{"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary",
	"ArrayOfString", "ArrayOfARN", "ArrayOfBool", "ArrayOfNumeric", "ArrayOfDate", "ArrayOfIPAddress", "ArrayOfBinary"}

// level splits a compound such as "Tagging, Write".
func (b *builder) level(service string, a action) uint32 {
	var bits uint32
	for word := range strings.SplitSeq(a.AccessLevel, ",") {
		at := slices.Index(levels, strings.TrimSpace(word))
		if at < 0 {
			b.fail("action %s:%s has the unknown access level %q", service, a.Name, a.AccessLevel)
			continue
		}
		bits |= 1 << at
	}
	return bits
}

func (b *builder) keyType(k key) uint32 {
	at := slices.Index(keyTypes, k.Type)
	if at < 0 {
		b.fail("condition key %s has the unknown type %q", k.Key, k.Type)
		return 0
	}
	return uint32(at)
}
