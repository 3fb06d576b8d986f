package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// A statementParser reads the statements of one document.
type statementParser struct {
	*interner
	variables  bool
	conditions []json.RawMessage // of each statement, where they are still to be compiled
	fields     [8]field          // of the statement at hand
}

// exclusive are the elements of which a statement has one.
var exclusive = [...][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}}

func (p *statementParser) parse(s *Statement, raw json.RawMessage) error {
	fields := uniqueFields(raw, p.fields[:0])
	if fields == nil {
		return fmt.Errorf("%w: %s: want an object", ErrPolicy, s.Pointer)
	}
	for _, pair := range exclusive {
		if valueOf(fields, pair[0]) != nil && valueOf(fields, pair[1]) != nil {
			return fmt.Errorf("%w: %s: both %s and %s", ErrPolicy, s.Pointer, pair[0], pair[1])
		}
	}
	p.conditions = append(p.conditions, nil)
	for _, f := range fields {
		if p.parseField(s, f.name, f.value, "") != nil {
			return p.parseField(s, f.name, f.value, s.Pointer+"/"+f.name) // where it is, is asked of errors alone
		}
	}
	if valueOf(fields, "Effect") == nil {
		return fmt.Errorf("%w: %s: no Effect", ErrPolicy, s.Pointer)
	}
	if len(s.Actions) == 0 {
		return fmt.Errorf("%w: %s: no Action", ErrPolicy, s.Pointer)
	}
	return nil
}

func (p *statementParser) parseField(s *Statement, name string, raw json.RawMessage, pointer string) (err error) {
	switch name {
	case "Sid":
		s.Sid, err = parseString(raw, pointer)
	case "Effect":
		err = s.parseEffect(raw, pointer)
	case "Action", "NotAction":
		s.NotActions = name == "NotAction"
		if s.compiled.actions, err = p.actionsOf(raw, pointer); err == nil {
			s.Actions = s.compiled.actions.texts
		}
	case "Resource", "NotResource":
		s.HasResources, s.NotResources = true, name == "NotResource"
		s.Resources, err = parseStrings(raw, pointer)
	case "Principal", "NotPrincipal":
		s.HasPrincipals, s.NotPrincipals = true, name == "NotPrincipal"
		s.Principals, err = p.principalsOf(raw, pointer)
	case "Condition":
		var known bool
		if s.Conditions, known = p.conditionsOf(raw, p.variables); !known {
			s.Conditions, err = parseConditions(raw, pointer)
			p.conditions[s.Index] = raw
		}
	}
	return err
}

// compile makes of the texts what is compared.
func (p *statementParser) compile(statements []Statement) error {
	for i := range statements {
		s := &statements[i]
		s.compileResources(p.variables)
		if p.conditions[i] == nil {
			continue
		}
		if err := s.compileConditions(p.variables); err != nil {
			return err
		}
		s.Conditions = p.keepConditions(s.Conditions, p.conditions[i], p.variables)
	}
	return nil
}

func (s *Statement) parseEffect(raw json.RawMessage, pointer string) error {
	effect, err := parseString(raw, pointer)
	if err != nil {
		return err
	}
	if effect != "Allow" && effect != "Deny" {
		return fmt.Errorf("%w: %s is %q, want Allow or Deny", ErrPolicy, pointer, effect)
	}
	s.Deny = effect == "Deny"
	return nil
}

var principalTypes = []string{"AWS", "Service", "Federated", "CanonicalUser"}

func parsePrincipals(raw json.RawMessage, pointer string) ([]PrincipalName, error) {
	if bytes.HasPrefix(raw, []byte("{")) {
		return parsePrincipalLists(raw, pointer)
	}
	if all, err := parseString(raw, pointer); err == nil {
		if all != "*" {
			return nil, fmt.Errorf("%w: %s is %q, want \"*\" or an object", ErrPolicy, pointer, all)
		}
		return []PrincipalName{{Type: "*", Value: "*"}}, nil
	}
	return parsePrincipalLists(raw, pointer)
}

func parsePrincipalLists(raw json.RawMessage, pointer string) ([]PrincipalName, error) {
	fields, err := orderedFields(raw, pointer)
	if err != nil {
		return nil, err
	}
	var names []PrincipalName
	for _, f := range fields {
		kind := slices.Index(principalTypes, f.name)
		if kind < 0 {
			return nil, fmt.Errorf("%w: %s/%s: want AWS, Service, Federated or CanonicalUser", ErrPolicy, pointer, f.name)
		}
		values, err := parseStrings(f.value, pointer+"/"+f.name)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			names = append(names, PrincipalName{principalTypes[kind], v})
		}
	}
	return names, nil
}

func parseConditions(raw json.RawMessage, pointer string) ([]Condition, error) {
	operators, err := orderedFields(raw, pointer)
	if err != nil {
		return nil, err
	}
	var list []Condition
	for _, o := range operators {
		keys, err := orderedFields(o.value, pointer+"/"+o.name)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			values, err := parseScalars(k.value, pointer+"/"+o.name+"/"+escapePointer(k.name))
			if err != nil {
				return nil, err
			}
			list = append(list, Condition{Operator: o.name, Key: k.name, Values: values})
		}
	}
	return list, nil
}
