package main

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// The layout is described where it is read: reference/table.go. Both change
// together; the magic's last byte counts the versions.
const magic = "CLEWREF\x02"

// builder collects the sections of the table.
type builder struct {
	strings []string // services, actions, types, ARNs, keys, meta: in this order

	actionAt map[string]uint32 // "service:name" in lower case
	typeAt   map[string]uint32
	keyAt    map[string]uint32 // "type\x00name", name in lower case

	setAt   map[string]uint32
	setLens []uint32
	setData []uint32

	err error // the first inconsistency of the package
}

// fail notes an inconsistency; the table is not written then.
func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// encode lays the package out as the table's bytes. An inconsistency in the
// package (an unknown level, a name that nothing defines) is an error: the
// table would be wrong in silence otherwise.
func encode(src *source) ([]byte, error) {
	b := &builder{actionAt: map[string]uint32{}, typeAt: map[string]uint32{}, keyAt: map[string]uint32{}, setAt: map[string]uint32{}}
	b.set(nil) // list 0 is the empty one
	keys := b.number(src)
	var services, actions, types, levels []uint32
	for _, s := range src.Services {
		services = append(services, uint32(len(s.Actions)), uint32(len(s.Types)), b.set(b.serviceKeys(s)), flags(s))
		for _, a := range s.Actions {
			levels = append(levels, b.level(s.Name, a))
			actions = append(actions, b.set(b.resources(s, a)), b.set(b.actionKeys(s, a)), b.set(b.dependents(a)))
		}
		for _, t := range s.Types {
			types = append(types, b.set(b.keyIDs(s, t.ConditionKeys)))
		}
	}
	keyTypes := make([]uint32, len(keys))
	for i, k := range keys {
		keyTypes[i] = b.keyType(k)
	}
	return b.bytes(services, levels, actions, types, keyTypes), b.err
}

// number gives every name its place, and returns the distinct condition keys
// in the order of lower-case name and type.
func (b *builder) number(src *source) []key {
	var actions, types, arns []string
	for _, s := range src.Services {
		b.strings = append(b.strings, s.Name)
		for _, a := range s.Actions {
			b.actionAt[strings.ToLower(s.Name+":"+a.Name)] = uint32(len(actions))
			actions = append(actions, a.Name)
		}
		for _, t := range s.Types {
			b.typeAt[strings.ToLower(s.Name+":"+t.Key)] = uint32(len(types))
			types, arns = append(types, t.Key), append(arns, t.ARN)
		}
	}
	keys := distinctKeys(src)
	b.strings = append(append(append(b.strings, actions...), types...), arns...)
	for i, k := range keys {
		b.keyAt[k.Type+"\x00"+strings.ToLower(k.Key)] = uint32(i)
		b.strings = append(b.strings, k.Key)
	}
	b.strings = append(b.strings, src.Version, src.Date)
	return keys
}

func distinctKeys(src *source) []key {
	var keys []key
	for _, s := range src.Services {
		keys = append(keys, s.Keys...)
	}
	order := func(a, b key) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key)), strings.Compare(a.Type, b.Type), strings.Compare(a.Key, b.Key))
	}
	slices.SortFunc(keys, order)
	return slices.CompactFunc(keys, func(a, b key) bool {
		return a.Type == b.Type && strings.EqualFold(a.Key, b.Key)
	})
}

// flags are a service's yes-or-no facts: bit 0, resource control policies.
func flags(s service) uint32 {
	if s.RCP {
		return 1
	}
	return 0
}

func (b *builder) serviceKeys(s service) []uint32 {
	names := make([]string, len(s.Keys))
	for i, k := range s.Keys {
		names[i] = k.Key
	}
	return b.keyIDs(s, names)
}

// keyIDs are the keys' places, each with the type that this service gives it.
func (b *builder) keyIDs(s service, names []string) []uint32 {
	ids := make([]uint32, 0, len(names))
	for _, name := range names {
		at := slices.IndexFunc(s.Keys, func(k key) bool { return strings.EqualFold(k.Key, name) })
		if at < 0 {
			b.fail("service %s does not define condition key %q", s.Name, name)
			continue
		}
		ids = append(ids, b.keyAt[s.Keys[at].Type+"\x00"+strings.ToLower(name)])
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// actionKeys joins what the action lists, what it lists for a resource type,
// and what each of these types lists.
func (b *builder) actionKeys(s service, a action) []uint32 {
	names := slices.Clone(a.ConditionKeys)
	for _, use := range a.ResourceTypes {
		names = append(names, use.ConditionKeys...)
		names = append(names, b.typeNamed(s, use.Name).ConditionKeys...)
	}
	return b.keyIDs(s, names)
}

func (b *builder) typeNamed(s service, name string) resource {
	at := slices.IndexFunc(s.Types, func(t resource) bool { return strings.EqualFold(t.Key, name) })
	if at < 0 {
		b.fail("service %s does not define resource type %q", s.Name, name)
		return resource{}
	}
	return s.Types[at]
}

// resources are the types of an action, each shifted left by one, with the
// lowest bit set where the type is required.
func (b *builder) resources(s service, a action) []uint32 {
	uses := make([]uint32, 0, len(a.ResourceTypes))
	for _, use := range a.ResourceTypes {
		id := b.typeAt[strings.ToLower(s.Name+":"+b.typeNamed(s, use.Name).Key)] << 1
		if use.Required {
			id |= 1
		}
		uses = append(uses, id)
	}
	slices.Sort(uses)
	return slices.Compact(uses)
}

func (b *builder) dependents(a action) []uint32 {
	ids := make([]uint32, 0, len(a.DependentActions))
	for _, name := range a.DependentActions {
		id, ok := b.actionAt[strings.ToLower(name)]
		if !ok {
			b.fail("action %s depends on %q, which nothing defines", a.Name, name)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// set returns the place of a list; equal lists share one.
func (b *builder) set(list []uint32) uint32 {
	at := fmt.Sprint(list)
	if id, ok := b.setAt[at]; ok {
		return id
	}
	id := uint32(len(b.setLens))
	b.setAt[at] = id
	b.setLens = append(b.setLens, uint32(len(list)))
	b.setData = append(b.setData, list...)
	return id
}

// bytes writes the sections. Numbers that repeat in columns stand in columns,
// which gzip packs better than records.
func (b *builder) bytes(services, levels, actions, types, keyTypes []uint32) []byte {
	out := []byte(magic)
	lens := make([]uint32, len(b.strings))
	var heap strings.Builder
	for i, s := range b.strings {
		lens[i] = uint32(len(s))
		heap.WriteString(s)
	}
	for _, section := range [][]uint32{services, levels, columns(actions, 3), types, keyTypes, b.setLens, b.setData, lens} {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(section)))
		for _, n := range section {
			out = binary.AppendUvarint(out, uint64(n))
		}
	}
	return append(out, heap.String()...)
}

func columns(records []uint32, width int) []uint32 {
	out := make([]uint32, 0, len(records))
	for c := range width {
		for i := c; i < len(records); i += width {
			out = append(out, records[i])
		}
	}
	return out
}
