package neo4j

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/clewgraph/clew/graph"
)

// A key is the hash of all that a row says. A row that says something else is
// another row.
type key [16]byte

// A table is a set of rows that are compared with what the server has. Its
// name is part of their uid.
type table struct {
	name     string
	relation graph.Relation // of relations; empty for nodes
	rows     iter.Seq2[row, error]
}

// A row is a node or a relation to be in the server.
type row struct {
	key      key
	labels   []string // of a node
	from, to string   // of a relation: the uids of its ends
	props    []prop
	size     int // bytes of text
}

// A prop is a property: a string, []string, int64, bool or time.Time. Empty
// ones are left out.
type prop struct {
	name  string
	value any
}

// maxIndexed is how long a text may be that stands in an index: a range index
// takes no keys above some 8 KB.
const maxIndexed = 4000

// refProp is the property that holds a ref.
func refProp(ref graph.Ref) prop {
	text := encode(string(ref))
	if len(text) > maxIndexed {
		return prop{"refLong", text}
	}
	return prop{"ref", text}
}

func textProp(name, value string) prop { return prop{name, encode(value)} }

func textsProp[S ~string](name string, values []S) prop {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = encode(string(v))
	}
	return prop{name, out}
}

// node makes the row of a node.
func node(labels []string, props ...prop) row {
	return row{labels: labels, props: props}.hashed()
}

// relation makes the row of a relation between two uids.
func relation(from, to string, props ...prop) row {
	return row{from: from, to: to, props: props}.hashed()
}

// hashed gives r its key and size. Everything is preceded by its length or
// ends with a zero that it cannot hold, so that no two rows write the same.
func (r row) hashed() row {
	kept := r.props[:0]
	buf := make([]byte, 0, 512)
	for _, l := range r.labels {
		buf = appendText(buf, 'l', l)
	}
	buf = appendText(buf, 'f', r.from)
	buf = appendText(buf, 't', r.to)
	for _, p := range r.props {
		if empty(p.value) {
			continue
		}
		kept = append(kept, p)
		buf = appendText(buf, 'p', p.name)
		buf = appendValue(buf, p.value)
	}
	sum := sha256.Sum256(buf)
	copy(r.key[:], sum[:])
	r.props, r.size = kept, len(buf)
	return r
}

func empty(v any) bool {
	switch v := v.(type) {
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case bool:
		return !v
	case time.Time:
		return v.IsZero()
	}
	return v == nil
}

func appendText(buf []byte, sort byte, s string) []byte {
	buf = append(buf, sort)
	buf = binary.AppendUvarint(buf, uint64(len(s)))
	return append(buf, s...)
}

func appendValue(buf []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(buf, 's', v)
	case document:
		return appendText(buf, 'd', string(v))
	case []string:
		buf = binary.AppendUvarint(append(buf, 'a'), uint64(len(v)))
		for _, s := range v {
			buf = appendText(buf, 's', s)
		}
		return buf
	case bool:
		return append(buf, 'b')
	case int64:
		return binary.AppendVarint(append(buf, 'i'), v)
	case time.Time:
		return binary.AppendVarint(binary.AppendVarint(append(buf, 'z'), v.Unix()), int64(v.Nanosecond()))
	}
	return buf
}

// A document is a text that may be there and empty.
type document string

// properties are what the server gets.
func (r row) properties(uid string, number int64) parameters {
	out := make(parameters, len(r.props)+2)
	for _, p := range r.props {
		out[p.name] = p.value
		if d, ok := p.value.(document); ok {
			out[p.name] = string(d)
		}
	}
	out["uid"], out["from"] = uid, number
	return out
}

// prefix is what all uids of a table start with. Names of estates hold no
// slash.
func prefix(estate, table string) string { return estate + "/" + table + "/" }

// uid names one row from one snapshot on.
func uid(estate, table string, k key, from int64) string {
	return prefix(estate, table) + hex.EncodeToString(k[:]) + "/" + strconv.FormatInt(from, 10)
}

// parseUID reads key and number of a uid.
func parseUID(text string) (k key, from int64, err error) {
	parts := strings.Split(text, "/")
	if len(parts) != 4 || len(parts[2]) != 2*len(k) {
		return k, 0, fmt.Errorf("uid %.80q: want estate, table, key and number", text)
	}
	if _, err := hex.Decode(k[:], []byte(parts[2])); err != nil {
		return k, 0, fmt.Errorf("uid %.80q: %w", text, err)
	}
	if from, err = strconv.ParseInt(parts[3], 10, 64); err != nil {
		return k, 0, fmt.Errorf("uid %.80q: %w", text, err)
	}
	return k, from, nil
}
