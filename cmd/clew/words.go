package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// fullName says what a thing is called, what it is and where it stands.
func fullName(t thing) string {
	switch {
	case t.Typename == "Scope" || t.Type == "":
		return scopeName(&t)
	case t.Scope == nil:
		return fmt.Sprintf("%s (%s)", called(t), t.Type)
	}
	return fmt.Sprintf("%s (%s in %s)", called(t), t.Type, place(t.Scope))
}

func called(t thing) string {
	if t.Name != "" {
		return t.Name
	}
	return t.Ref
}

// scopeName names a scope by both of its names.
func scopeName(t *thing) string {
	if t.Name == "" || strings.Contains(t.Ref, t.Name) {
		return t.Ref
	}
	return fmt.Sprintf("%s (%s)", t.Name, t.Ref)
}

// place is the shortest name of a scope.
func place(t *thing) string {
	if t == nil {
		return "no scope"
	}
	return called(*t)
}

func (c count) String() string {
	if c.Exact {
		return strconv.Itoa(c.Value)
	}
	return "at least " + strconv.Itoa(c.Value)
}

// of says a count with its word.
func (c count) of(word string) string {
	if c.Value == 1 && c.Exact {
		return "1 " + word
	}
	return c.String() + " " + word + "s"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// cite names a statement and where it stands.
func cite(e evidence) string {
	var b strings.Builder
	b.WriteString(e.Layer.Name)
	// A trust or resource policy has no name but that of its layer.
	if !strings.Contains(e.Layer.Name, e.Policy.Name) {
		fmt.Fprintf(&b, " %s", e.Policy.Name)
	}
	if e.Policy.Version != "" {
		fmt.Fprintf(&b, " %s", e.Policy.Version)
	}
	if e.StatementIndex >= 0 {
		fmt.Fprintf(&b, ", statement %d", e.StatementIndex)
	}
	if e.StatementSid != "" {
		fmt.Fprintf(&b, " (%s)", e.StatementSid)
	}
	if e.Policy.AttachedTo != "" {
		fmt.Fprintf(&b, ", on %s", e.Policy.AttachedTo)
	}
	return b.String()
}

// few lists at most most words, and says how many are left out.
func few(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// parts says what of a target is meant.
func (t targets) String() string {
	text := strings.Join(t.Include, ", ")
	if len(t.Exclude) > 0 {
		text += " without " + strings.Join(t.Exclude, ", ")
	}
	return strings.TrimSpace(text)
}

// verb says what a step is, as people do.
func (st step) verb() string {
	if st.HeldAfter == graph.DataOnly.String() {
		return "gets at the data of"
	}
	return verb(st.Relation)
}

// verb says a relation as people do.
func verb(relation string) string {
	verbs := map[string]string{
		"CREDENTIAL_OF": "opens", "RUNS_AS": "runs as", "MEMBER_OF": "has what is given to",
		"CAN_ASSUME": "can assume", "CAN_IMPERSONATE": "can act as", "CAN_ESCALATE": "can take over",
		"CAN_ACCESS": "can act on", "ADMINISTERS": "administers", "CONTAINS": "holds",
	}
	if v, ok := verbs[relation]; ok {
		return v
	}
	return relation
}
