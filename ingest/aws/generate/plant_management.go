package generate

import (
	"maps"
	"slices"
)

// What stands in the management account of a story is written into that of the
// whole estate, under names of its own: the rest of the story has an account of
// its own, as any other. The organization is one for all, so that who nearly can
// use such a technique differs from who can by what it has itself.

// managing returns the part of a planting that stands in the management
// account.
func (g planting) managing(account string) *planting {
	g.Account, g.away = account, true
	return &g
}

// ofManagement lists what some function draws of the parts of plantings that
// stand in account a; only the management account has any.
func (w *writer) ofManagement(a int, draw func(i int, g *planting) []any) (out []any) {
	if a != 0 {
		return nil
	}
	for i := range w.planted {
		out = append(out, draw(i, w.planted[i].managing(w.manager()))...)
	}
	return out
}

// also writes a list of n records and some more.
func (d *document) also(member string, n int, record func(i int) any, more []any) {
	d.list(member, n+len(more), func(i int) any {
		if i < n {
			return record(i)
		}
		return more[i-n]
	})
}

// An accessFact is what the management account's documents say of the whole
// organization.
type accessFact struct {
	service, operation, member string
	value                      any
}

var accessFacts = map[string]accessFact{
	"aws:root-sessions": {"iam", "list-organizations-features", "EnabledFeatures", []string{"RootSessions"}},
	"aws:stacksets-access": {"organizations", "list-aws-service-access-for-organization", "EnabledServicePrincipals",
		[]object{{"ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com", "DateEnabled": since}}},
}

// organizationAccess switches on what some planted technique needs.
func (w *writer) organizationAccess() {
	for _, name := range slices.Sorted(maps.Keys(accessFacts)) {
		needed := slices.ContainsFunc(w.planted, func(g planting) bool {
			return slices.ContainsFunc(g.lines, func(l setupLine) bool { return l.sort == "fact" && l.word(0) == name })
		})
		if f := accessFacts[name]; needed {
			d := w.open(w.path(0, "global", f.service, f.operation))
			d.member(f.member, f.value)
			d.close()
		}
	}
}
