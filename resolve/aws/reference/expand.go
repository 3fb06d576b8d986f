package reference

import "strings"

// Expand returns the known actions that a policy's action pattern names, in
// order: "s3:Get*", "S3:getobject", "*". Wildcards ("*" any run, "?" one
// character) work in the action's part; a service is written out, except in
// "*" and "*:*", which are everything. A pattern that names nothing known gives
// nil: it may still name an action that AWS added later.
func Expand(pattern string) []ActionID {
	if pattern == "*" || pattern == "*:*" {
		return run(0, ActionID(NumActions()))
	}
	prefix, name, ok := strings.Cut(pattern, ":")
	if !ok {
		return nil
	}
	first, last := ServiceActions(prefix)
	if name == "*" {
		return run(first, last)
	}
	if !strings.ContainsAny(name, "*?") {
		if a, ok := Find(pattern); ok {
			return []ActionID{a}
		}
		return nil
	}
	var out []ActionID
	for a := first; a < last; a++ {
		if globFold(name, a.Name()) {
			out = append(out, a)
		}
	}
	return out
}

func run(first, last ActionID) []ActionID {
	if first == last {
		return nil
	}
	out := make([]ActionID, last-first)
	for i := range out {
		out[i] = first + ActionID(i)
	}
	return out
}
