package aws

import (
	"slices"
	"sort"
	"strings"
	"sync/atomic"

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

// An actionList is the texts of an Action or NotAction, and what they become
// once. Statements with the same texts share one.
type actionList struct {
	texts    []string
	all      bool            // one of them is "*"
	patterns []actionPattern // the others, by service: managed policies list thousands, and a request looks at those of its own
	sets     [2]atomic.Pointer[actionSet]
}

func newActionList(texts []string) *actionList {
	l := &actionList{texts: texts, patterns: make([]actionPattern, 0, len(texts))}
	for _, text := range texts {
		p := compileAction(text)
		if p.all {
			l.all = true
			continue
		}
		l.patterns = append(l.patterns, p)
	}
	slices.SortStableFunc(l.patterns, func(a, b actionPattern) int { return strings.Compare(a.service, b.service) })
	return l
}

// matches reports whether some text covers an action.
func (l *actionList) matches(service, name string) bool {
	if l.all {
		return true
	}
	from := sort.Search(len(l.patterns), func(i int) bool { return l.patterns[i].service >= service })
	for i := from; i < len(l.patterns) && l.patterns[i].service == service; i++ {
		if l.patterns[i].matches(service, name) {
			return true
		}
	}
	return false
}

// matchesAction reports whether the statement speaks of an action.
func (s *Statement) matchesAction(service, name string) bool {
	return s.compiled.actions.matches(service, name) != s.NotActions
}
