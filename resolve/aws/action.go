package aws

import (
	"strings"

	"github.com/clewgraph/clew/resolve/policy"
)

// An actionPattern is one entry of Action or NotAction, in lower case.
// Wildcards stand in the name only; the service is a literal, or all of "*".
type actionPattern struct {
	all     bool
	service string
	name    string
	literal bool // name has no wildcard
}

func compileAction(text string) actionPattern {
	text = strings.ToLower(text)
	if text == "*" {
		return actionPattern{all: true}
	}
	service, name, _ := strings.Cut(text, ":")
	return actionPattern{service: service, name: name, literal: !strings.ContainsAny(name, "*?")}
}

// matches compares with an action that is split and in lower case.
func (p *actionPattern) matches(service, name string) bool {
	switch {
	case p.all:
		return true
	case p.service != service:
		return false
	case p.literal:
		return p.name == name
	}
	return policy.Glob(p.name, name)
}

// An actionIndex is the patterns of a statement by the service they speak of.
// Managed policies list thousands; a request looks at those of its service.
type actionIndex struct {
	all       bool
	byService map[string][]actionPattern
}

func indexActions(texts []string) actionIndex {
	index := actionIndex{byService: map[string][]actionPattern{}}
	for _, text := range texts {
		p := compileAction(text)
		if p.all {
			index.all = true
			continue
		}
		index.byService[p.service] = append(index.byService[p.service], p)
	}
	return index
}

// matchesAction reports whether the statement speaks of an action.
func (s *Statement) matchesAction(service, name string) bool {
	index := &s.compiled.actions
	if index.all {
		return !s.NotActions
	}
	patterns := index.byService[service]
	for i := range patterns {
		if patterns[i].matches(service, name) {
			return !s.NotActions
		}
	}
	return s.NotActions
}
