package reference

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

//go:embed table.bin.gz
var packedTable []byte

const magic = "CLEWREF\x02"

// span is a half-open run of numbers.
type span struct{ first, last uint32 }

// table is the decoded reference. In the file stand, after the magic, eight
// sections of numbers (each a 32-bit count, then so many varints), then one
// heap of text. Lists (of resource types, condition keys, actions) are kept
// once each and named by their number; list 0 is empty.
//
//	services   four a service: how many actions, how many types, list of keys,
//	           flags (bit 0: resource control policies apply)
//	levels     one an action: bit set of Level
//	actions    three columns: lists of resources, of keys, of dependent actions
//	types      one a type: list of keys
//	key types  one a condition key: index into keyTypes
//	list lens  one a list
//	list data  the lists one after another
//	text lens  one a text: services, actions, types, ARN templates, keys, version, date
type table struct {
	texts []string // views into one heap

	serviceActions []span
	serviceTypes   []span
	serviceKeys    []uint32
	serviceFlags   []uint32

	levels          []uint32
	actionResources []uint32
	actionKeys      []uint32
	actionDeps      []uint32
	typeKeys        []uint32
	keyTypes        []uint32

	lists []span
	data  []uint32

	actionTexts, typeTexts, arnTexts, keyTexts uint32 // where each kind starts in texts
	templates                                  []uint32
}

// get decodes the embedded table at its first call. The table is part of the
// program: if it is broken then so is the build, and there is no going on.
var get = sync.OnceValue(func() *table {
	raw, err := unpack(packedTable)
	if err != nil {
		panic(fmt.Sprintf("reference: embedded table: %v", err))
	}
	t, err := decode(raw)
	if err != nil {
		panic(fmt.Sprintf("reference: embedded table: %v", err))
	}
	return t
})

// unpack inflates gzip into one buffer of the right size, which the last four
// bytes of the format name.
func unpack(packed []byte) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw := make([]byte, binary.LittleEndian.Uint32(packed[len(packed)-4:]))
	if _, err := io.ReadFull(zr, raw); err != nil {
		return nil, err
	}
	var end [1]byte
	if _, err := zr.Read(end[:]); !errors.Is(err, io.EOF) { // also verifies the checksum
		return nil, fmt.Errorf("after the data: %w", err)
	}
	return raw, nil
}

var errShort = errors.New("table is cut short")

// cursor reads sections; its first error sticks.
type cursor struct {
	rest []byte
	err  error
}

// numbers reads one section.
func (c *cursor) numbers() []uint32 {
	if c.err != nil || len(c.rest) < 4 {
		c.err = errShort
		return nil
	}
	count := binary.LittleEndian.Uint32(c.rest)
	c.rest = c.rest[4:]
	if int64(count) > int64(len(c.rest)) { // each number takes a byte or more
		c.err = errShort
		return nil
	}
	out := make([]uint32, count)
	for i := range out {
		n, size := binary.Uvarint(c.rest)
		if size <= 0 || n > 1<<32-1 {
			c.err = errShort
			return nil
		}
		out[i], c.rest = uint32(n), c.rest[size:]
	}
	return out
}

func decode(raw []byte) (*table, error) {
	if !bytes.HasPrefix(raw, []byte(magic)) {
		return nil, errors.New("not a reference table of this version")
	}
	c := &cursor{rest: raw[len(magic):]}
	t := &table{}
	services := c.numbers()
	t.levels = c.numbers()
	actions := c.numbers()
	t.typeKeys = c.numbers()
	t.keyTypes = c.numbers()
	t.lists, t.data = spans(c.numbers()), c.numbers()
	texts := spans(c.numbers())
	if c.err != nil {
		return nil, c.err
	}
	n := len(t.levels)
	if len(actions) != 3*n || len(services)%4 != 0 {
		return nil, errors.New("columns of different length")
	}
	t.actionResources, t.actionKeys, t.actionDeps = actions[:n], actions[n:2*n], actions[2*n:]
	t.addServices(services)
	return t, t.addTexts(texts, string(c.rest))
}

// spans turns lengths into runs, one after another.
func spans(lens []uint32) []span {
	out := make([]span, len(lens))
	var at uint32
	for i, n := range lens {
		out[i] = span{at, at + n}
		at += n
	}
	return out
}

func (t *table) addServices(records []uint32) {
	var actions, types uint32
	for i := 0; i < len(records); i += 4 {
		t.serviceActions = append(t.serviceActions, span{actions, actions + records[i]})
		t.serviceTypes = append(t.serviceTypes, span{types, types + records[i+1]})
		t.serviceKeys = append(t.serviceKeys, records[i+2])
		t.serviceFlags = append(t.serviceFlags, records[i+3])
		actions, types = actions+records[i], types+records[i+1]
	}
}

func (t *table) addTexts(at []span, heap string) error {
	want := len(t.serviceActions) + len(t.levels) + 2*len(t.typeKeys) + len(t.keyTypes) + 2
	if len(at) != want || int(at[want-1].last) != len(heap) {
		return errShort
	}
	t.texts = make([]string, want)
	for i, s := range at {
		t.texts[i] = heap[s.first:s.last]
	}
	t.actionTexts = uint32(len(t.serviceActions))
	t.typeTexts = t.actionTexts + uint32(len(t.levels))
	t.arnTexts = t.typeTexts + uint32(len(t.typeKeys))
	t.keyTexts = t.arnTexts + uint32(len(t.typeKeys))
	for k := range t.keyTypes {
		if isTemplate(t.texts[t.keyTexts+uint32(k)]) {
			t.templates = append(t.templates, uint32(k))
		}
	}
	return nil
}

// list returns the table's own slice.
func (t *table) list(id uint32) []uint32 {
	s := t.lists[id]
	return t.data[s.first:s.last:s.last]
}

// Version is the version of the npm package that the reference was made from.
func Version() string { t := get(); return t.texts[len(t.texts)-2] }

// Date is the day (YYYY-MM-DD, UTC) on which that package last read AWS's pages.
func Date() string { t := get(); return t.texts[len(t.texts)-1] }
