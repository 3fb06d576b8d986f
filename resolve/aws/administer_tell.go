package aws

import (
	"encoding/binary"
	"strconv"
	"strings"
	"sync"

	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
)

// This file tells which actions come to the same in a comparison: most
// documents tell few of the tens of thousands apart.

// A teller tells actions apart by which of some statements speak of them, and by
// what these look at.
type teller struct {
	statements []toldBy
	key        []byte
}

// A toldBy is a statement as it tells actions apart.
type toldBy struct {
	speaks   compile.Set   // of these
	supports []compile.Set // by key that it looks at: the actions whose requests can carry it
}

func newTeller(lists ...[]bound) *teller {
	t := &teller{}
	each(lists, func(s *Statement) {
		by := toldBy{speaks: actionsOf(s).table}
		look := func(key string) { by.supports = append(by.supports, supporting(key)) }
		for i := range s.Conditions {
			look(s.Conditions[i].compiled.key)
			for _, parts := range s.Conditions[i].compiled.parts {
				lookAt(parts, look)
			}
		}
		for i := range s.compiled.resources {
			lookAt(s.compiled.resources[i].parts, look)
		}
		t.statements = append(t.statements, by)
	})
	return t
}

// lookAt tells the keys of variables.
func lookAt(parts []part, look func(key string)) {
	for _, p := range parts {
		if p.variable != nil {
			look(strings.ToLower(p.variable.key))
		}
	}
}

// of is equal for actions of the table that all of the statements treat alike,
// on samples of the same types. It is good until the next is asked for.
func (t *teller) of(id int) []byte {
	t.key = binary.LittleEndian.AppendUint32(t.key[:0], actionSorts()[id])
	for i := range t.statements {
		by := &t.statements[i]
		if !by.speaks.Has(id) {
			t.key = append(t.key, '-')
			continue
		}
		t.key = append(t.key, '+')
		for _, carries := range by.supports {
			t.key = append(t.key, boolText(carries.Has(id))[0])
		}
	}
	return t.key
}

// actionSorts numbers what of an action itself can change an evaluation, by its
// number in the table: its service, the types that it acts on, and, of those that
// evaluations know by name, that.
var actionSorts = sync.OnceValue(func() []uint32 {
	sorts, numbers := make([]uint32, reference.NumActions()), map[string]uint32{}
	for id := range sorts {
		key := sortOfAction(actionOf(reference.ActionID(id)))
		n, ok := numbers[key]
		if !ok {
			n = uint32(len(numbers))
			numbers[key] = n
		}
		sorts[id] = n
	}
	return sorts
})

func sortOfAction(a action) string {
	key := []byte(a.service)
	for _, u := range infoOf(a.id).uses {
		key = strconv.AppendUint(append(key, ' '), uint64(u.Type), 10)
	}
	if _, star := starActions[a.folded]; star || a.special() {
		key = append(append(key, ' '), a.name...)
	}
	return string(key)
}

// maxSupporting bounds the keys of which it is remembered which actions support
// them.
const maxSupporting = 1 << 10

var supported memo[string, compile.Set]

// supporting are the actions of the table that support a condition key.
func supporting(key string) compile.Set {
	return supported.within(maxSupporting, key, func() compile.Set {
		set := compile.NewSet(reference.NumActions())
		for id := range reference.NumActions() {
			if reference.ActionID(id).Supports(key) {
				set.Add(id)
			}
		}
		return set
	})
}
