package generate

import (
	"fmt"
	"slices"
)

// trustOf is the trust policy of ordinary role i of account a: who stands
// before it by name, an account, the organization's chains, and now and then
// who stands behind it.
func (p *plan) trustOf(a, i int) statements {
	list := statements{{Effect: allow, Principal: object{"AWS": p.named(a, i)}, Action: "sts:AssumeRole"}}
	if p.chance(15, 'x', a, i) {
		list[0].Condition = condition{"StringEquals": {"sts:ExternalId": p.word(8, 'e', a, i)}}
	}
	if p.trustsAccount(a, i) {
		list = append(list, statement{Sid: "Neighbour", Effect: allow, Action: "sts:AssumeRole",
			Principal: object{"AWS": "arn:aws:iam::" + p.accountID(a-1) + ":root"}})
	}
	if s, ok := p.serviceOf(a, i); ok {
		list = append(list, s)
	}
	return list
}

// serviceOf lets functions run as every second role.
func (p *plan) serviceOf(a, i int) (statement, bool) {
	return statement{Effect: allow, Principal: object{"Service": "lambda.amazonaws.com"}, Action: "sts:AssumeRole"}, i%2 == 0
}

// named lists whom role i trusts by name.
func (p *plan) named(a, i int) []string {
	var out []string
	for _, k := range p.before(a, i) {
		out = append(out, p.principalARN(a, k))
	}
	if i > 0 && p.closes(a, i-1) {
		out = append(out, p.roleARN(a, i-1))
	}
	if p.closes(a, i) {
		out = append(out, p.roleARN(a, i+1))
	}
	if from, ok := p.link(a, i); ok {
		out = append(out, from)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// before draws three to six principals of the account that stand before a role.
func (p *plan) before(a, i int) []int {
	r := p.rng('b', a, i)
	var out []int
	candidates := p.users(a) + i
	for range min(candidates, 3+r.IntN(4)) {
		out = append(out, r.IntN(candidates))
	}
	return out
}

// closes reports whether role i trusts role i+1, which trusts it: one circle
// for about a hundred and fifty trusts.
func (p *plan) closes(a, i int) bool {
	return i+1 < p.ordinary(a) && p.chance(3.2, 'l', a, i)
}

// link returns who stands before a role in its chain. Of every fourth chain the
// last role stands before the first.
func (p *plan) link(a, i int) (from string, ok bool) {
	number := p.first[a] + i
	before := number - 1
	switch place := number % chainEvery; {
	case place >= chainLen:
		return "", false
	case place == 0:
		before = number + chainLen - 1
		if number/chainEvery%4 != 0 || before >= p.first[p.Accounts] {
			return "", false
		}
	}
	return p.roleARN(p.place(before)), true
}

// next returns the role that comes after a role in its chain, and its account.
func (p *plan) next(a, i int) (to string, at int, ok bool) {
	number := p.first[a] + i
	after := number + 1
	switch place := number % chainEvery; {
	case place >= chainLen:
		return "", 0, false
	case place == chainLen-1:
		after = number - chainLen + 1
		if number/chainEvery%4 != 0 {
			return "", 0, false
		}
	}
	if after >= p.first[p.Accounts] {
		return "", 0, false
	}
	at, role := p.place(after)
	return p.roleARN(at, role), at, true
}

// trustsAccount reports whether a role trusts the account before its own.
func (p *plan) trustsAccount(a, i int) bool {
	return a%family != 0 && p.chance(10, 'a', a, i)
}

// crossing lists, for each principal of account a, the roles elsewhere that it
// needs its own leave to assume: those of the next account that trust this one,
// the next of its chain, a hub.
func (p *plan) crossing(a int) map[int][]string {
	out := map[int][]string{}
	count := p.users(a) + p.ordinary(a)
	if a+1 < p.Accounts && count > 0 {
		for i := range p.ordinary(a + 1) {
			for k := 0; k < 3 && p.trustsAccount(a+1, i); k++ {
				who := p.pick(count, 'A'+byte(k), a+1, i)
				out[who] = append(out[who], p.roleARN(a+1, i))
			}
		}
	}
	for i := range p.ordinary(a) {
		if to, at, ok := p.next(a, i); ok && at != a {
			out[p.users(a)+i] = append(out[p.users(a)+i], to)
		}
	}
	for i := range count {
		if p.hubs(p.Accounts-1) > 0 && p.chance(100.0/perHub, 'h', a, i) {
			out[i] = append(out[i], p.hubARN(p.pick(hubs, 'H', a, i)))
		}
	}
	return out
}

// anybodyInside trusts whoever belongs to the organization and may ask.
func (p *plan) anybodyInside() statements {
	return statements{{Effect: allow, Principal: object{"AWS": "*"}, Action: "sts:AssumeRole",
		Condition: condition{"StringEquals": {"aws:PrincipalOrgID": p.org}}}}
}

// hubsInside trusts the organization's hubs alone: if every administrator of an
// account led to every account, nothing else could be seen.
func (p *plan) hubsInside() statements {
	list := p.anybodyInside()
	list[0].Condition["ArnLike"] = map[string]any{"aws:PrincipalArn": "arn:aws:iam::*:role/hub-*"}
	return list
}

// hubStatement lets a hub assume the same role in every account.
func hubStatement() statement {
	return statement{Sid: "Everywhere", Effect: allow, Action: "sts:AssumeRole", Resource: fmt.Sprintf("arn:aws:iam::*:role/%s", orgAudit)}
}
