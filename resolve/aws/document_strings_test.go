package aws

import (
	"encoding/json"
	"slices"
	"testing"
)

// TestPlainStrings: what is taken as it stands is what encoding/json reads.
func TestPlainStrings(t *testing.T) {
	for text, plain := range map[string]bool{
		`"s3:GetObject"`: true, `""`: true, `["a","b"]`: true, "[ \"a\" ,\n\t\"b\"\r]": true, `["a"]`: true,
		`"a\u002a"`: false, `"é"`: false, `[]`: false, `["a",1]`: false, `["a",["b"]]`: false, `["a\n"]`: false, `null`: false, `[null]`: false, `{"a":"b"}`: false,
	} {
		one, isOne := plainString([]byte(text))
		many, areMany := plainStrings([]byte(text))
		if (isOne || areMany) != plain {
			t.Errorf("%s: taken as it stands: %t, want %t", text, isOne || areMany, plain)
		}
		var wantOne string
		var wantMany []string
		if isOne && (json.Unmarshal([]byte(text), &wantOne) != nil || one != wantOne) {
			t.Errorf("%s is read as %q, want %q", text, one, wantOne)
		}
		if areMany && (json.Unmarshal([]byte(text), &wantMany) != nil || !slices.Equal(many, wantMany)) {
			t.Errorf("%s is read as %q, want %q", text, many, wantMany)
		}
	}
}

// FuzzPlainStrings: whatever valid JSON is taken as it stands is what
// encoding/json reads.
func FuzzPlainStrings(f *testing.F) {
	for _, seed := range []string{`"a"`, `["a", "b"]`, `["a\\", "b"]`, "[\"a\"\n]", `"\"a"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		var one string
		if got, ok := plainString([]byte(text)); ok && (json.Unmarshal([]byte(text), &one) != nil || got != one) {
			t.Errorf("%q is read as %q, want %q", text, got, one)
		}
		var many []string
		if got, ok := plainStrings([]byte(text)); ok && (json.Unmarshal([]byte(text), &many) != nil || !slices.Equal(got, many)) {
			t.Errorf("%q is read as %q, want %q", text, got, many)
		}
	})
}
