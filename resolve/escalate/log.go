package escalate

import (
	"strings"

	"github.com/clewgraph/clew/graph"
)

// Fill names the things that the variables stand for in the fields of an event,
// as the log would hold them. What the actor made has whatever name it chose:
// fields that hold one are left out.
func (t *Technique) Fill(e Event, bound map[string]graph.Ref) map[string]string {
	filled := map[string]string{}
	for path, value := range e.Match {
		name, ok := strings.CutPrefix(value, "$")
		if !ok {
			filled[path] = value
			continue
		}
		name, short := strings.CutSuffix(name, ".name")
		switch {
		case t.makes(name):
		case short:
			filled[path] = nameInLog(bound[name])
		default:
			filled[path] = string(bound[name])
		}
	}
	return filled
}

// makes reports whether the actor makes what a variable stands for.
func (t *Technique) makes(name string) bool {
	for _, v := range t.Vars {
		if v.Name == name {
			return v.New
		}
	}
	return false
}

// nameInLog is the name by which logs speak of a thing: what an ARN ends in.
// Stacks end in an id after their name, names of repositories hold slashes, root
// users are called by their account, inline policies follow their holder.
func nameInLog(ref graph.Ref) string {
	text := string(ref)
	if parts := strings.SplitN(text, ":", 6); len(parts) == 6 && parts[5] == "root" {
		return parts[4]
	}
	if _, stack, ok := strings.Cut(text, ":stack/"); ok {
		name, _, _ := strings.Cut(stack, "/")
		return name
	}
	if _, repository, ok := strings.Cut(text, ":repository/"); ok {
		return repository
	}
	if _, inline, ok := strings.Cut(text, "#"); ok {
		return inline
	}
	text = text[strings.LastIndexByte(text, '/')+1:]
	if strings.HasPrefix(text, "arn:") || strings.HasPrefix(text, "account:") {
		text = text[strings.LastIndexByte(text, ':')+1:]
	}
	return text
}
