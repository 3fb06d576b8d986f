package aws

import (
	"encoding/json"
	"strconv"
	"sync"
)

// An interner keeps what documents say alike once: millions of them have few
// lists of actions, conditions and short lists of principals. Elements are
// known by their JSON text, so that those that were seen are not read again.
// What it gives out is not to be changed.
type interner struct {
	actions    sync.Map // text → *actionList
	principals sync.Map // text → []PrincipalName
	conditions sync.Map // "v" or " " for whether variables count, and text → []Condition
}

// maxSharedPrincipals bounds the text of principals that are kept: long lists
// are most often of one document.
const maxSharedPrincipals = 80

// actionsOf reads an Action or NotAction.
func (in *interner) actionsOf(raw json.RawMessage, pointer string) (*actionList, error) {
	if l, ok := in.actions.Load(string(raw)); ok {
		return l.(*actionList), nil
	}
	texts, err := parseStrings(raw, pointer)
	if err != nil {
		return nil, err
	}
	l, _ := in.actions.LoadOrStore(string(raw), newActionList(texts))
	return l.(*actionList), nil
}

// principalsOf reads a Principal or NotPrincipal.
func (in *interner) principalsOf(raw json.RawMessage, pointer string) ([]PrincipalName, error) {
	if names, ok := in.principals.Load(string(raw)); ok {
		return names.([]PrincipalName), nil
	}
	names, err := parsePrincipals(raw, pointer)
	if err == nil && len(raw) <= maxSharedPrincipals {
		in.principals.Store(string(raw), names)
	}
	return names, err
}

// conditionsOf returns conditions that were read and compiled before.
func (in *interner) conditionsOf(raw json.RawMessage, variables bool) ([]Condition, bool) {
	list, ok := in.conditions.Load(conditionKey(raw, variables))
	if !ok {
		return nil, false
	}
	return list.([]Condition), true
}

// keep keeps compiled conditions and returns the list that all share.
func (in *interner) keep(list []Condition, raw json.RawMessage, variables bool) []Condition {
	kept, _ := in.conditions.LoadOrStore(conditionKey(raw, variables), list)
	return kept.([]Condition)
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
