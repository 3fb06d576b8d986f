package generate

import (
	"slices"
	"strings"
)

var (
	plantFolders = []string{"identity", "boundary", "trust", "managed", "policy-version", "scp"}
	plainSorts   = []string{"organization", "account", "user", "role", "group", "policy", "attached", "service", "key", "login", "profile"}
	thingOptions = []string{"type", "runs-as", "account"}
)

// unable says why no documents can be made of a story's files, "" if they can.
func unable(files map[string]string) string {
	g := &planting{files: files, lines: setupLines(files["setup"])}
	for name := range files {
		if folder, file, inFolder := strings.Cut(name, "/"); inFolder && !g.hasPlace(folder, file) {
			return name
		}
	}
	for _, l := range g.lines {
		if !slices.Contains(plainSorts, l.sort) && !g.writable(l) {
			return strings.Join(append([]string{l.sort}, l.plain...), " ") + " " + l.options["type"]
		}
	}
	return ""
}

// hasPlace reports whether some document holds a policy of a folder.
func (g *planting) hasPlace(folder, file string) bool {
	switch folder {
	case "scp":
		return file == storyAccount+".json"
	case "resource":
		return kindOf(g.lineOf(strings.TrimSuffix(file, ".json"))).policies
	}
	return slices.Contains(plantFolders, folder)
}

// writable reports whether documents can be made of a line that is about no
// identity.
func (g *planting) writable(l setupLine) bool {
	switch l.sort {
	case "none":
		return l.word(0) == "get-login-profile" || l.word(0) == "resource" && kindOf(g.lineOf(l.word(1))).policies
	case "fact":
		_, known := accessFacts[l.word(0)]
		return l.word(0) == managedFact || known && l.word(1) == storyManager
	case "listed":
		return l.word(1) == "iam" && l.word(2) == "list-access-keys" || g.shows(l.word(1), l.word(2))
	case "saml":
		return g.trusts(l.options["provider"])
	case "resource", "workload":
		return isThing(l)
	}
	return false
}

// shows reports whether an operation is written: a list may hold nothing, but
// what describes one thing at a time needs a thing.
func (g *planting) shows(service, operation string) bool {
	for typ, kind := range thingKinds {
		for _, f := range kind.forms {
			if f.service == service && f.operation == operation {
				return f.each == nil || len(g.ofType(typ)) > 0
			}
		}
	}
	return false
}

// trusts reports whether a role of the story trusts a provider: its subjects
// come of that.
func (g *planting) trusts(provider string) bool {
	for name, text := range g.files {
		if strings.HasPrefix(name, "trust/") && strings.Contains(text, `"`+provider+`"`) {
			return true
		}
	}
	return false
}

// isThing reports whether documents show all that a line says of a thing.
func isThing(l setupLine) bool {
	kind, known := thingKinds[l.options["type"]]
	for option := range l.options {
		known = known && slices.Contains(thingOptions, option)
	}
	for attr := range l.attrs {
		known = known && slices.Contains(kind.attrs, attr)
	}
	return known && len(l.plain) == 2 && (kind.tags || len(l.tags) == 0)
}

// organizationOf is what a story says of the organization, which is one for all
// that is planted: a near miss in which it is another cannot stand beside.
func organizationOf(files map[string]string) string {
	var list []string
	for _, l := range setupLines(files["setup"]) {
		if l.sort == "organization" || l.sort == "account" || slices.Contains(l.plain, storyManager) {
			list = append(list, l.sort+" "+strings.Join(l.plain, " ")+" "+l.options["management"])
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}
