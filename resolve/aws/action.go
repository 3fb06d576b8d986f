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

// matchesAction reports whether the statement speaks of an action.
func (s *Statement) matchesAction(service, name string) bool {
	for i := range s.compiled.actions {
		if s.compiled.actions[i].matches(service, name) {
			return !s.NotActions
		}
	}
	return s.NotActions
}
