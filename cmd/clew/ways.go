package main

import "strings"

// printWays writes paths with the reason of every step.
func printWays(s *screen, list []way) {
	for i, w := range list {
		if i > 0 {
			s.line("")
		}
		printWay(s, i+1, w)
	}
}

func printWay(s *screen, number int, w way) {
	s.line("%d  %s %s %s   %s, %s", number, in(bold, "%s", fullName(w.From)), in(faint, "→"), in(bold, "%s", fullName(w.To)),
		ofVerdict(w.Verdict), plural(len(w.Steps), "step", "steps"))
	if len(w.Steps) == 0 {
		s.line("   the start is the end")
	}
	for _, step := range w.Steps {
		printStep(s, step)
	}
}

func printStep(s *screen, st step) {
	held := ""
	if st.Held != "" {
		held = ", held by " + st.Held
	}
	s.line("   %d. %s%s", st.Index+1, fullName(st.From), styled{faint, held})
	s.line("      %s %s   %s", st.verb(), in(bold, "%s", fullName(st.To)), ofVerdict(st.Verdict))
	printWhy(s, st)
	for i, b := range st.Breakers {
		label := "break it"
		if i > 0 {
			label = "or      "
		}
		s.line("      %s %s", styled{green, label}, b.Text)
	}
}

// printWhy writes what makes a step, and what shows that it was taken.
func printWhy(s *screen, st step) {
	if st.Technique != nil {
		printUse(s, st.From, st.Technique)
		printLog(s, st)
		return
	}
	if by := stepBy(st); by != "" {
		s.line("      by       %s", by)
	}
	if st.Verdict == "CONDITIONAL" || st.Verdict == "UNKNOWN" {
		s.line("      if       %s", st.Formula)
	}
	for _, e := range st.Evidence {
		s.line("      because  %s", cite(e))
	}
	printLog(s, st)
}

// stepBy says which actions make a step.
func stepBy(st step) string {
	by := few(st.Actions, 6)
	if by == "" {
		by = st.Action
	}
	if on := st.Targets.String(); on != "" {
		by += " on " + on
	}
	return by
}

// wayTable is paths as a table: one row a step.
func wayTable(list []way) *table {
	t := &table{head: []string{"path", "path_verdict", "step", "from", "held", "relation", "technique", "actions", "to", "verdict", "formula", "evidence", "break", "needs", "log"}}
	for i, w := range list {
		for _, st := range w.Steps {
			t.add(i+1, w.Verdict, st.Index+1, st.From.Ref, st.Held, st.Relation, techniqueID(st), allActions(st), st.To.Ref,
				st.Verdict, st.Formula, joinEach(st.Evidence, cite), joinEach(st.Breakers, func(b breaker) string { return b.Text }), needsOf(st),
				joinEach(st.LogSignature, logEvents.String))
		}
	}
	return t
}

func techniqueID(st step) string {
	if st.Technique == nil {
		return ""
	}
	return st.Technique.ID
}

func needsOf(st step) string {
	if st.Technique == nil {
		return ""
	}
	return joinEach(st.Technique.Needs, need.String)
}

func allActions(st step) string {
	if len(st.Actions) > 0 {
		return strings.Join(st.Actions, " ")
	}
	return st.Action
}

func joinEach[T any](list []T, say func(T) string) string {
	words := make([]string, len(list))
	for i, item := range list {
		words[i] = say(item)
	}
	return strings.Join(words, "; ")
}
