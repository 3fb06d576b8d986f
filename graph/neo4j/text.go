package neo4j

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
)

// raw is what the form of a text that a Neo4j string cannot hold starts with.
const raw = "base64:"

// arrayDelimiter stands between the elements of a list in a file to import,
// where nothing can quote it.
const arrayDelimiter = "\x1f"

// encode makes a string that Neo4j gives back as it was. Most are their own
// form.
func encode(s string) string {
	if utf8.ValidString(s) && !strings.HasPrefix(s, raw) && !strings.Contains(s, arrayDelimiter) {
		return s
	}
	return raw + base64.StdEncoding.EncodeToString([]byte(s))
}

// decode reads what encode makes.
func decode(s string) (string, error) {
	coded, ok := strings.CutPrefix(s, raw)
	if !ok {
		return s, nil
	}
	text, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return "", fmt.Errorf("text %.40q: %w", s, err)
	}
	return string(text), nil
}

var keyEscaper = strings.NewReplacer(`\`, `\\`, `=`, `\=`)

// pairs writes keys and values as "key=value".
func pairs(list []graph.Attr) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = encode(keyEscaper.Replace(a.Key) + "=" + a.Value)
	}
	return out
}

// parsePair reads one of what pairs writes.
func parsePair(s string) (graph.Attr, error) {
	var key strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			key.WriteByte(s[i])
		case c == '=':
			return graph.Attr{Key: key.String(), Value: s[i+1:]}, nil
		default:
			key.WriteByte(c)
		}
	}
	return graph.Attr{}, fmt.Errorf("pair %.40q has no '='", s)
}
