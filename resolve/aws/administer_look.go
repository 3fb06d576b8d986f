package aws

import (
	"slices"

	"github.com/clewgraph/clew/resolve/compile"
)

// first are the actions that tell most principals from administrators at once.
var first = []string{"iam:CreateUser", "s3:GetObject", "ec2:RunInstances", "kms:CreateKey", "lambda:CreateFunction"}

// giving are the actions of gifts: without any of them nobody gives itself
// anything.
var giving = []string{
	"iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:PutGroupPolicy", "iam:AttachGroupPolicy", "iam:PutRolePolicy",
	"iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:AddUserToGroup",
}

// firstLooks are those actions, ready to be looked for in the documents of
// every principal of an estate.
type firstLooks struct {
	grantors      *grantors
	first, giving []lookedFor
}

// A lookedFor is an action, and whether the policy of some resource could allow
// it to everyone.
type lookedFor struct {
	action
	open bool
}

func (e *Estate) newFirstLooks() *firstLooks {
	l := &firstLooks{grantors: e.grantors()}
	for _, text := range first {
		l.first = append(l.first, l.lookFor(text))
	}
	for _, text := range giving {
		l.giving = append(l.giving, l.lookFor(text))
	}
	return l
}

func (l *firstLooks) lookFor(text string) lookedFor {
	a := parseAction(text)
	return lookedFor{action: a, open: !a.known || l.grantors.mayGrantAnyone(&a)}
}

// at looks at one principal: whether it could be allowed all that tell
// administrators, and whether any of those that give.
func (l *firstLooks) at(p *principal) (direct, gives bool) {
	if p.kind == kindRoot || p.kind == kindExternal || p.uncollected || p.idGap != nil || slices.ContainsFunc(p.identity, bound.unread) {
		return true, true
	}
	var tables []compile.Set
	each([][]bound{p.identity}, func(s *Statement) {
		if !s.Deny {
			tables = append(tables, actionsOf(s).table)
		}
	})
	could := func(a lookedFor) bool {
		return slices.ContainsFunc(tables, func(t compile.Set) bool { return t.Has(int(a.id)) }) || a.open || speaks(l.grantors.naming(p), &a.action)
	}
	direct = !slices.ContainsFunc(l.first, func(a lookedFor) bool { return !could(a) })
	return direct, slices.ContainsFunc(l.giving, could)
}

// unread reports whether the document did not come.
func (b bound) unread() bool { return b.doc == nil }
