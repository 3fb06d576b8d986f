package aws

import (
	"encoding/binary"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
)

// This file turns the texts of statements into sets: action patterns into
// sets of the reference table's actions, resource patterns into sets of sorted
// references. Decide compares texts one by one (action.go, pattern.go); the
// two share no code, and a test holds them against each other.

// An actionSet is the actions that a statement's Action or NotAction covers,
// as a set over the reference table. Statements with the same texts share one.
type actionSet struct{ table compile.Set }

// actionSets are all that were ever compiled, by their texts.
var actionSets sync.Map // string → *actionSet

// actionsOf returns the actions that a statement speaks of.
func actionsOf(s *Statement) *actionSet {
	slot := &s.compiled.actions.sets[0]
	if s.NotActions {
		slot = &s.compiled.actions.sets[1]
	}
	if set := slot.Load(); set != nil {
		return set
	}
	key := strings.ToLower(strings.Join(s.Actions, "\n"))
	if s.NotActions {
		key = "!" + key
	}
	set, ok := actionSets.Load(key)
	if !ok {
		set, _ = actionSets.LoadOrStore(key, compileActions(s))
	}
	slot.Store(set.(*actionSet))
	return set.(*actionSet)
}

func compileActions(s *Statement) *actionSet {
	n := reference.NumActions()
	table := compile.NewSet(n)
	for _, text := range s.Actions {
		for _, id := range reference.Expand(text) {
			table.Add(int(id))
		}
	}
	if s.NotActions {
		table = table.Not(n)
	}
	return &actionSet{table}
}

// A thingSort is what things of the same types have in common: the actions on
// them. An action is known by its position in the list.
type thingSort struct {
	types   []reference.TypeID
	actions []reference.ActionID
	// extra are the actions that need more than the thing itself: the key that
	// encrypts it, or, which are several, other resources.
	extra, several compile.Set
	// alone are the actions whose very names decisions look at.
	alone compile.Set
	// services cuts the actions by service, where there are several.
	services []compile.Set

	mu       sync.RWMutex
	project  map[*actionSet]compile.Set
	supports map[string]compile.Set
	texts    map[string][]string
}

func newThingSort(types []reference.TypeID, actions []reference.ActionID) *thingSort {
	s := &thingSort{
		types: types, actions: actions, project: map[*actionSet]compile.Set{},
		supports: map[string]compile.Set{}, texts: map[string][]string{},
	}
	s.extra, s.several, s.alone = compile.NewSet(len(actions)), compile.NewSet(len(actions)), compile.NewSet(len(actions))
	byService := map[string]compile.Set{}
	for i, id := range actions {
		a := actionOf(id)
		if needsOthers(&a) {
			s.several.Add(i)
			s.extra.Add(i)
		}
		if _, encrypted := keyUses[a.folded]; encrypted {
			s.extra.Add(i)
		}
		if a.special() {
			s.alone.Add(i)
		}
		if byService[a.service] == nil {
			byService[a.service] = compile.NewSet(len(actions))
			s.services = append(s.services, byService[a.service])
		}
		byService[a.service].Add(i)
	}
	return s
}

// needsOthers reports whether an action needs resources besides the one that it
// acts on, keys apart.
func needsOthers(a *action) bool {
	uses := infoOf(a.id).uses
	return a.folded == "lambda:invokefunctionurl" ||
		len(uses) > 1 && slices.ContainsFunc(uses, func(u reference.ResourceUse) bool { return u.Required })
}

// of returns the actions of a set that act on the sort.
func (s *thingSort) of(set *actionSet) compile.Set {
	s.mu.RLock()
	own, ok := s.project[set]
	s.mu.RUnlock()
	if ok {
		return own
	}
	own = compile.NewSet(len(s.actions))
	for i, id := range s.actions {
		if set.table.Has(int(id)) {
			own.Add(i)
		}
	}
	s.mu.Lock()
	s.project[set] = own
	s.mu.Unlock()
	return own
}

// supporting returns the actions whose requests can carry a condition key.
func (s *thingSort) supporting(key string) compile.Set {
	s.mu.RLock()
	own, ok := s.supports[key]
	s.mu.RUnlock()
	if ok {
		return own
	}
	own = compile.NewSet(len(s.actions))
	for i, id := range s.actions {
		if id.Supports(key) {
			own.Add(i)
		}
	}
	s.mu.Lock()
	s.supports[key] = own
	s.mu.Unlock()
	return own
}

// names returns the actions of a set by name; equal sets give one slice.
func (s *thingSort) names(set compile.Set) []string {
	key := keyOf(set)
	s.mu.RLock()
	list, ok := s.texts[key]
	s.mu.RUnlock()
	if ok {
		return list
	}
	set.Each(func(i int) { list = append(list, s.actions[i].String()) })
	slices.Sort(list)
	s.mu.Lock()
	s.texts[key] = list
	s.mu.Unlock()
	return list
}

// keyOf is a set as the key of a map.
func keyOf(set compile.Set) string {
	b := make([]byte, 0, 8*len(set))
	for _, w := range set {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return string(b)
}

// cover adds to set the positions of refs, which are sorted, that a resource
// pattern without variables covers.
func cover(set compile.Set, refs []string, pattern string) {
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		if at, ok := slices.BinarySearch(refs, pattern); ok {
			set.Add(at)
		}
		return
	}
	from, to := beginWith(refs, pattern[:wild])
	if pattern[wild:] == "*" {
		set.AddRange(from, to)
		return
	}
	covers := compileWildcards(pattern).matcher()
	for i := from; i < to; i++ {
		if covers(refs[i]) {
			set.Add(i)
		}
	}
}

// beginWith returns the run of sorted texts that begin with a prefix.
func beginWith(refs []string, prefix string) (from, to int) {
	from = sort.SearchStrings(refs, prefix)
	to = from + sort.Search(len(refs)-from, func(i int) bool { return !strings.HasPrefix(refs[from+i], prefix) })
	return from, to
}
