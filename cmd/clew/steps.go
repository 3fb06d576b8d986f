package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A techniqueUse is a technique as one step uses it.
type techniqueUse struct {
	ID, Title, Category, URL string
	Needs                    []need
	Missing                  []string
}

// A need is one request that a technique takes.
type need struct {
	Principal, Action, Resource string
	Given                       bool
	With                        []struct {
		Key    string
		Values []string
	}
	Verdict, Formula string
	Evidence         []evidence
}

// String says a need in one line.
func (n need) String() string {
	text := n.Action + " on " + n.Resource
	for _, w := range n.With {
		if len(w.Values) == 0 {
			text += " without " + w.Key
			continue
		}
		text += fmt.Sprintf(" with %s=%s", w.Key, strings.Join(w.Values, ","))
	}
	return text
}

// logEvents is what a provider's log shows of a step.
type logEvents struct {
	Source     string
	EventNames []string
	Match      map[string]string
}

// String says what to look for in one line.
func (l logEvents) String() string {
	text := l.Source + " " + strings.Join(l.EventNames, ", ")
	for i, path := range slices.Sorted(maps.Keys(l.Match)) {
		word := " where "
		if i > 0 {
			word = " and "
		}
		text += word + path + " = " + l.Match[path]
	}
	return text
}

// printUse writes what a technique takes, each need with its statements.
func printUse(s *screen, from thing, u *techniqueUse) {
	s.line("      by       %s, %s  %s", in(bold, "%s", u.ID), u.Title, styled{faint, u.URL})
	for _, n := range u.Needs {
		s.line("      needs    %s%s   %s", n, asWhom(from, n), ofVerdict(n.Verdict))
		if n.Formula != "" && n.Verdict != "ALLOWED" {
			s.line("               if       %s", n.Formula)
		}
		if n.Given {
			s.line("               because  the actor wrote the policy of it before")
		}
		for _, e := range n.Evidence {
			s.line("               because  %s", cite(e))
		}
	}
	for _, m := range u.Missing {
		s.line("      %s  %s", in(purple, "missing"), m)
	}
}

// asWhom names who asks, where that is not who takes the step.
func asWhom(from thing, n need) string {
	if n.Principal == "" || n.Principal == from.Ref {
		return ""
	}
	return ", asked by " + n.Principal
}

// printLog writes what the provider's log would show of a step.
func printLog(s *screen, st step) {
	for _, l := range st.LogSignature {
		s.line("      log      %s", l)
	}
}
