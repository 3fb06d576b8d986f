package generate

import (
	"fmt"
	"slices"
)

const (
	since      = "2024-05-06T07:08:09+00:00"
	groupSize  = 5   // users, about, of a group
	keyEvery   = 20  // users of whom one has an access key
	adminParts = 200 // profiles of which one may do everything

	profiles    = 8  // of an account, at least
	profileSize = 10 // principals of a profile in larger accounts
)

var teams = []string{"atlas", "borealis", "cobalt", "dune", "ember", "fjord"}

// identities writes what IAM tells of an account.
func (w *writer) identities(a int) {
	crossing := w.crossing(a)
	d := w.open(w.path(a, "global", "iam", "get-account-authorization-details"))
	d.also("UserDetailList", w.users(a), func(i int) any { return w.user(a, i, crossing[i]) }, w.ofManagement(a, w.plantedUsers))
	d.also("GroupDetailList", w.groups(a), func(g int) any { return w.group(a, g) }, w.ofManagement(a, w.plantedGroups))
	roles := w.principals(a) - w.users(a)
	d.also("RoleDetailList", roles, func(i int) any { return w.role(a, i, crossing[w.users(a)+i]) }, w.ofManagement(a, w.plantedRoles))
	d.also("Policies", templates+boundaries, func(k int) any { return w.managed(a, k) }, w.ofManagement(a, w.plantedPolicies))
	d.member("IsTruncated", false)
	d.close()
	for i := 0; i < w.users(a); i += keyEvery {
		w.lists(w.path(a, "global", "iam", "list-access-keys")+"/"+w.userName(i), "AccessKeyMetadata", 1, func(int) any {
			return object{"UserName": w.userName(i), "AccessKeyId": "AKIA" + upper(w.word(16, 'k', a, i)), "Status": "Active", "CreateDate": since}
		})
	}
}

func (p *plan) groups(a int) int       { return (p.users(a) + groupSize - 1) / groupSize }
func (p *plan) groupName(g int) string { return fmt.Sprintf("team-%03d", g) }
func (p *plan) groupARN(a, g int) string {
	return "arn:aws:iam::" + p.accountID(a) + ":group/" + p.groupName(g)
}
func (p *plan) id(kind string, of byte, a, i int) string { return kind + upper(p.word(17, of, a, i)) }

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

func (p *plan) user(a, i int, crossing []string) any {
	groups := []string{p.groupName(i % max(1, p.groups(a)))}
	for k := range 2 {
		if p.chance(10, 'g'+byte(k), a, i) {
			groups = append(groups, p.groupName(p.pick(p.groups(a), 'G'+byte(k), a, i)))
		}
	}
	slices.Sort(groups)
	out := p.identity(a, i, crossing)
	out["UserName"], out["UserId"], out["Arn"] = p.userName(i), p.id("AIDA", 'U', a, i), p.userARN(a, i)
	out["GroupList"] = slices.Compact(groups)
	out["UserPolicyList"] = p.inline(a, i, crossing)
	return out
}

func (p *plan) group(a, g int) any {
	return object{"Path": "/", "GroupName": p.groupName(g), "GroupId": p.id("AGPA", 'G', a, g), "Arn": p.groupARN(a, g), "CreateDate": since,
		"GroupPolicyList": []any{}, "AttachedManagedPolicies": p.attached(a, -1-g)}
}

func (p *plan) role(a, i int, crossing []string) any {
	who := p.users(a) + i
	out := p.identity(a, who, crossing)
	out["RoleName"], out["RoleId"], out["Arn"] = p.roleName(a, i), p.id("AROA", 'R', a, i), p.roleARN(a, i)
	out["InstanceProfileList"] = []any{}
	policies := p.inline(a, who, crossing)
	trust := p.trustOf(a, i)
	if i >= p.ordinary(a) {
		trust = p.hubsInside()
		delete(out, "PermissionsBoundary")
		policies = []object{}
		if i < p.ordinary(a)+p.hubs(a) {
			trust = p.anybodyInside()
			policies = append(policies, object{"PolicyName": "hub", "PolicyDocument": statements{hubStatement()}.document()})
		}
	}
	out["AssumeRolePolicyDocument"] = trust.document()
	out["RolePolicyList"] = policies
	return out
}

// identity is what users and roles have in common. i numbers users first.
func (p *plan) identity(a, i int, crossing []string) object {
	out := object{"Path": "/", "CreateDate": since, "AttachedManagedPolicies": p.attached(a, p.profile(a, i)), "Tags": []any{}}
	if p.chance(60, 'T', a, i) {
		out["Tags"] = []object{{"Key": "team", "Value": teams[p.pick(len(teams), 'm', a, i)]}}
	}
	if p.Defeat == DefeatByTags {
		tags, _ := out["Tags"].([]object)
		out["Tags"] = append(tags, object{"Key": ownerTag, "Value": p.owner(a, i)})
	}
	if profile := p.profile(a, i); p.chance(20, 'B', a, profile) {
		out["PermissionsBoundary"] = object{"PermissionsBoundaryType": "Policy",
			"PermissionsBoundaryArn": p.policyARN(a, boundaryName(p.pick(boundaries, 'N', a, profile)))}
	}
	return out
}

// inline lists the inline policies of a principal.
func (p *plan) inline(a, i int, crossing []string) []object {
	out := []object{}
	if own := p.own(a, i); own != nil {
		out = append(out, object{"PolicyName": "own", "PolicyDocument": own.document()})
	}
	if p.Defeat == DefeatByTags {
		out = append(out, object{"PolicyName": "same-owner", "PolicyDocument": sameOwner().document()})
	}
	if len(crossing) > 0 {
		s := statements{{Sid: "Cross", Effect: allow, Action: "sts:AssumeRole", Resource: crossing}}
		out = append(out, object{"PolicyName": "crossing", "PolicyDocument": s.document()})
	}
	return out
}

// profile numbers what principals are made for: those of one account and
// profile are given the same managed policies and the same boundary.
func (p *plan) profile(a, i int) int { return i % max(profiles, p.principals(a)/profileSize) }

// attached draws managed policies: the first templates more often than the
// last, some of AWS's own, now and then all of it.
func (p *plan) attached(a, i int) []object {
	r := p.rng('M', a, i)
	out := []object{}
	seen := map[int]bool{}
	for range 1 + r.IntN(2) {
		t := r.IntN(1 + r.IntN(templates))
		if !seen[t] {
			seen[t] = true
			out = append(out, attachment(p.policyARN(a, templateName(t)), templateName(t)))
		}
	}
	switch k := r.IntN(adminParts); {
	case k == 0:
		out = append(out, attachment("arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess"))
	case k < adminParts/20:
		out = append(out, attachment("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "AmazonS3ReadOnlyAccess"))
	}
	return out
}

func attachment(arn, name string) object { return object{"PolicyName": name, "PolicyArn": arn} }

// managed writes the templates, then the boundaries.
func (p *plan) managed(a, k int) any {
	name, policy := templateName(k), statements(nil)
	if k < templates {
		policy = p.template(a, k)
	} else {
		name, policy = boundaryName(k-templates), boundary(k-templates)
	}
	return object{"PolicyName": name, "PolicyId": p.id("ANPA", 'P', a, k), "Arn": p.policyARN(a, name), "Path": "/", "DefaultVersionId": "v1",
		"CreateDate": since, "PolicyVersionList": []object{{"VersionId": "v1", "IsDefaultVersion": true, "CreateDate": since, "Document": policy.document()}}}
}
