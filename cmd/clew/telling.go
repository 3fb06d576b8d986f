package main

import (
	"cmp"
	"slices"
)

// telling chooses the paths to crown jewels that say most to somebody who does
// not know them: sure ones before others, then those that come in from outside,
// start in running code, cross accounts and take many steps. Administrators are left out, as everybody
// expects them to reach what is theirs, and each path starts elsewhere, ends
// elsewhere and takes none of the steps of the ones before it.
func telling(rows []right, admins []administration, most int) []right {
	expected := map[string]bool{}
	for _, ad := range admins {
		expected[ad.right.Principal.Ref] = true
	}
	list := slices.DeleteFunc(slices.Clone(rows), func(r right) bool {
		return expected[r.Principal.Ref] || len(r.Via.Steps) == 0 || !sure(r.Verdict)
	})
	slices.SortStableFunc(list, moreTelling)
	var chosen []right
	taken := map[string]bool{}
	for _, r := range list {
		if len(chosen) == most {
			break
		}
		if names := passes(r); !slices.ContainsFunc(names, func(n string) bool { return taken[n] }) {
			chosen = append(chosen, r)
			for _, n := range names {
				taken[n] = true
			}
		}
	}
	return chosen
}

// passes lists everything that a path leads over, both ends included.
func passes(r right) []string {
	names := []string{r.Via.From.Ref}
	for _, st := range r.Via.Steps {
		names = append(names, st.To.Ref)
	}
	return names
}

func moreTelling(a, b right) int {
	return cmp.Or(
		cmp.Compare(sureness(b.Verdict), sureness(a.Verdict)),
		cmp.Compare(surprise(b), surprise(a)),
		cmp.Compare(strength(b.Levels), strength(a.Levels)),
		cmp.Compare(a.Principal.Ref, b.Principal.Ref),
		cmp.Compare(len(a.Target.Ref), len(b.Target.Ref)),
		cmp.Compare(a.Target.Ref, b.Target.Ref),
	)
}

// surprise weighs a path: an entry from outside counts three, one through code
// that runs two, each account that is crossed two, each step one.
func surprise(r right) int {
	weight := len(r.Via.Steps) + 2*crossings(r.Via)
	switch {
	case fromOutside(r.Principal):
		weight += 3
	case r.Principal.Kind == "WORKLOAD":
		weight += 2
	}
	return weight
}

// fromOutside says that nobody inside needs to be taken over first.
func fromOutside(t thing) bool {
	return t.Kind == "FEDERATED_SUBJECT" || t.Kind == "ANONYMOUS" || t.Mentioned
}

// crossings counts the steps of a path that lead from one scope into another.
func crossings(w way) int {
	n, last := 0, scopeRef(w.From)
	for _, st := range w.Steps {
		if next := scopeRef(st.To); next != "" {
			if last != "" && next != last {
				n++
			}
			last = next
		}
	}
	return n
}

func scopeRef(t thing) string {
	if t.Scope == nil {
		return ""
	}
	return t.Scope.Ref
}

// strength orders levels of access by what they can do harm with.
func strength(words []string) int {
	most := 0
	for _, w := range words {
		most = max(most, 1+slices.Index([]string{"LIST", "TAGGING", "READ", "WRITE", "PERMISSIONS"}, w))
	}
	return most
}
