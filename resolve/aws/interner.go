package aws

import (
	"encoding/json"
	"strconv"
	"sync"
	"sync/atomic"
)

// An interner keeps what documents say alike once: millions of them have few
// lists of actions, conditions and short lists of principals. Elements are
// known by their JSON text, so that those that were seen are not read again.
// What it gives out is not to be changed.
type interner struct {
	limit      int32     // how many elements of each sort are kept
	borrows    bool      // texts stay as long as documents do: strings of these are parts of them
	actions    sharedMap // text → *actionList
	principals sharedMap // text → []PrincipalName
	conditions sharedMap // "v" or " " for whether variables count, and text → []Condition
}

// maxShared is how many are kept: what comes later than that many, of an estate
// in which no two documents say the same, is its own.
const maxShared = 1 << 16

func newInterner() *interner { return &interner{limit: maxShared} }

// A sharedMap keeps values by text.
type sharedMap struct {
	sync.Map
	kept atomic.Int32
}

// keep keeps a value, if there is room, and returns the one that all share.
func (m *sharedMap) keep(text string, v any, limit int32) any {
	if m.kept.Load() >= limit {
		return v
	}
	shared, known := m.LoadOrStore(text, v)
	if !known {
		m.kept.Add(1)
	}
	return shared
}

// maxSharedPrincipals bounds the text of principals that are kept: long lists
// are most often of one document.
const maxSharedPrincipals = 80

// actionsOf reads an Action or NotAction.
func (in *interner) actionsOf(raw json.RawMessage, pointer string) (*actionList, error) {
	if l, ok := in.actions.Load(borrowed(raw)); ok {
		return l.(*actionList), nil
	}
	texts, err := parseStrings(raw, pointer)
	if err != nil {
		return nil, err
	}
	return in.actions.keep(string(raw), newActionList(texts), in.limit).(*actionList), nil
}

// principalsOf reads a Principal or NotPrincipal.
func (in *interner) principalsOf(raw json.RawMessage, pointer string) ([]PrincipalName, error) {
	if names, ok := in.principals.Load(borrowed(raw)); ok {
		return names.([]PrincipalName), nil
	}
	names, err := parsePrincipals(raw, pointer)
	if err != nil || len(raw) > maxSharedPrincipals {
		return names, err
	}
	return in.principals.keep(string(raw), names, in.limit).([]PrincipalName), nil
}

// conditionsOf returns conditions that were read and compiled before.
func (in *interner) conditionsOf(raw json.RawMessage, variables bool) ([]Condition, bool) {
	list, ok := in.conditions.Load(conditionKey(raw, variables))
	if !ok {
		return nil, false
	}
	return list.([]Condition), true
}

// keepConditions keeps compiled conditions and returns the list that all share.
func (in *interner) keepConditions(list []Condition, raw json.RawMessage, variables bool) []Condition {
	return in.conditions.keep(conditionKey(raw, variables), list, in.limit).([]Condition)
}

func conditionKey(raw json.RawMessage, variables bool) string {
	if variables {
		return "v" + string(raw)
	}
	return " " + string(raw)
}

// statementPointers are the JSON Pointers of the first statements, shared.
var statementPointers = func() (list [16]string) {
	for i := range list {
		list[i] = "/Statement/" + strconv.Itoa(i)
	}
	return list
}()

func statementPointer(i int) string {
	if i < len(statementPointers) {
		return statementPointers[i]
	}
	return "/Statement/" + strconv.Itoa(i)
}
