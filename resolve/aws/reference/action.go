package reference

import (
	"sort"
	"strings"
)

// ActionID is the number of an action of the reference: 0 up to [NumActions],
// in the order of service, then lower-case name. It holds for one [Version]
// only and is never stored. Its methods panic on a number that is none, as an
// index out of range does.
type ActionID uint32

// Level is AWS's measure of what an action does, as its pages print it.
type Level uint8

// The levels, weakest first. Tagging stands above Write because AWS calls an
// action that only changes tags both: the strongest level is the printed one.
const (
	List Level = iota
	Read
	Write
	Tagging
	Permissions
)

// numLevels counts the levels above.
const numLevels = 5

// String is the level in capitals: LIST, READ, WRITE, TAGGING, PERMISSIONS.
func (l Level) String() string {
	if l >= numLevels {
		return "UNKNOWN"
	}
	return [numLevels]string{"LIST", "READ", "WRITE", "TAGGING", "PERMISSIONS"}[l]
}

// ResourceUse is one resource type that an action is checked against.
type ResourceUse struct {
	Type TypeID
	// Required says that AWS marks the type with an asterisk: every request of
	// the action needs a resource of it. Of types that are not required, a
	// request names those that it touches.
	Required bool
}

// NumActions is the number of actions in the reference.
func NumActions() int { return len(get().levels) }

// Find returns the action of a name such as "s3:GetObject", whatever its case.
func Find(action string) (ActionID, bool) {
	prefix, name, ok := strings.Cut(action, ":")
	if !ok {
		return 0, false
	}
	t := get()
	s, ok := t.service(prefix)
	if !ok {
		return 0, false
	}
	return t.actionIn(t.serviceActions[s], name)
}

func (t *table) actionIn(run span, name string) (ActionID, bool) {
	texts := t.texts[t.actionTexts+run.first : t.actionTexts+run.last]
	i := sort.Search(len(texts), func(i int) bool { return compareFold(texts[i], name) >= 0 })
	if i == len(texts) || !equalFold(texts[i], name) {
		return 0, false
	}
	return ActionID(run.first) + ActionID(i), true
}

// service finds a service by its prefix, case folded.
func (t *table) service(prefix string) (int, bool) {
	names := t.texts[:t.actionTexts]
	i := sort.Search(len(names), func(i int) bool { return compareFold(names[i], prefix) >= 0 })
	return i, i < len(names) && equalFold(names[i], prefix)
}

// ServiceActions returns the half-open run of a service's actions; it is empty
// where the service is unknown.
func ServiceActions(service string) (first, last ActionID) {
	t := get()
	s, ok := t.service(service)
	if !ok {
		return 0, 0
	}
	run := t.serviceActions[s]
	return ActionID(run.first), ActionID(run.last)
}

// KnownService says whether the reference has the service prefix, case folded.
func KnownService(service string) bool {
	_, ok := get().service(service)
	return ok
}

// SupportsRCP says whether the source names the service among those to whose
// resources resource control policies apply; AWS adds to them now and then.
func SupportsRCP(service string) bool {
	t := get()
	s, ok := t.service(service)
	return ok && t.serviceFlags[s]&1 != 0
}

// Services returns all service prefixes, sorted. It is the table's own slice.
func Services() []string { t := get(); return t.texts[:t.actionTexts:t.actionTexts] }

// String is the action as AWS spells it: "s3:GetObject".
func (a ActionID) String() string { return a.Service() + ":" + a.Name() }

// Name is the action without its service: "GetObject".
func (a ActionID) Name() string {
	t := get()
	_ = t.levels[a]
	return t.texts[t.actionTexts+uint32(a)]
}

// Service is the action's prefix: "s3".
func (a ActionID) Service() string {
	t := get()
	_ = t.levels[a]
	return t.texts[owner(t.serviceActions, uint32(a))]
}

// owner finds the run that holds n, among runs that follow one another.
func owner(runs []span, n uint32) int {
	return sort.Search(len(runs), func(i int) bool { return runs[i].last > n })
}

// Level is the access level that AWS prints for the action.
func (a ActionID) Level() Level {
	bits := get().levels[a]
	for l := Permissions; l > List; l-- {
		if bits&(1<<l) != 0 {
			return l
		}
	}
	return List
}

// Levels are all levels of the action, weakest first: an action that changes
// permissions or tags also writes.
func (a ActionID) Levels() []Level {
	var out []Level
	for l := List; l <= Permissions; l++ {
		if get().levels[a]&(1<<l) != 0 {
			out = append(out, l)
		}
	}
	return out
}

// Resources are the resource types that the action is checked against, by type.
// Where there is none, the action is checked against "*".
func (a ActionID) Resources() []ResourceUse {
	t := get()
	list := t.list(t.actionResources[a])
	out := make([]ResourceUse, len(list))
	for i, packed := range list {
		out[i] = ResourceUse{Type: TypeID(packed >> 1), Required: packed&1 != 0}
	}
	return out
}

// Dependent are the actions that AWS says a caller of this one needs as well.
func (a ActionID) Dependent() []ActionID {
	t := get()
	list := t.list(t.actionDeps[a])
	out := make([]ActionID, len(list))
	for i, id := range list {
		out[i] = ActionID(id)
	}
	return out
}
