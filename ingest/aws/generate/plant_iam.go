package generate

import (
	"slices"
	"strings"
)

// plantedIdentity is what planted users, groups and roles have in common.
func (g *planting) plantedIdentity(l setupLine, policies string) object {
	alias, arn := l.word(0), l.word(1)
	inline, attached := []object{}, []object{}
	for _, file := range of(g.files, "identity", alias) {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "identity/"), ".json")
		inline = append(inline, object{"PolicyName": name, "PolicyDocument": policyOf(g.files[file])})
	}
	for _, a := range g.lines {
		if a.sort == "attached" && a.options["to"] == alias {
			attached = append(attached, attachment(g.refOf(a.word(0)), a.word(0)))
		}
	}
	out := object{"Arn": arn, "Path": pathOf(arn), "CreateDate": since, "AttachedManagedPolicies": attached, policies: inline}
	if len(of(g.files, "boundary", alias)) > 0 {
		out["PermissionsBoundary"] = object{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": g.boundaryARN(arn)}
	}
	return out
}

func (g *planting) boundaryARN(holder string) string {
	return "arn:aws:iam::" + g.Account + ":policy/boundary-" + lastOf(holder)
}

// lineOf returns the line that an alias stands for.
func (g *planting) lineOf(alias string) setupLine {
	for _, l := range g.lines {
		if l.word(0) == alias && len(l.plain) > 1 && strings.HasPrefix(l.word(1), "arn:") {
			return l
		}
	}
	return setupLine{}
}

// refOf returns the ARN behind an alias.
func (g *planting) refOf(alias string) string { return g.lineOf(alias).word(1) }

// own lists the account's identities of some sort, and AWS's policies where
// they are attached.
func (g *planting) own(sort string) (out []setupLine) {
	for _, l := range g.lines {
		account := accountOf(l.word(1))
		if l.sort == sort && (account == g.Account || account == "aws" && !g.away) {
			out = append(out, l)
		}
	}
	return out
}

func (g *planting) each(sort string, take func(setupLine) object) []any {
	out := []any{}
	for _, l := range g.own(sort) {
		out = append(out, take(l))
	}
	return out
}

// pathOf and lastOf are the path and the name in an ARN of IAM.
func pathOf(arn string) string {
	first, last := strings.IndexByte(arn, '/'), strings.LastIndexByte(arn, '/')
	return arn[max(0, first) : last+1]
}

func lastOf(arn string) string { return arn[strings.LastIndexAny(arn, "/:")+1:] }

func (w *writer) plantedUsers(i int, g *planting) []any {
	return g.each("user", func(l setupLine) object {
		out := g.plantedIdentity(l, "UserPolicyList")
		groups := []string{}
		for _, group := range g.lines {
			if group.sort == "group" && slices.Contains(strings.Split(group.options["members"], ","), l.word(0)) {
				groups = append(groups, lastOf(group.word(1)))
			}
		}
		out["UserName"], out["UserId"], out["GroupList"] = lastOf(l.word(1)), w.plantID("AIDA", i, l), groups
		return out
	})
}

func (w *writer) plantedGroups(i int, g *planting) []any {
	return g.each("group", func(l setupLine) object {
		out := g.plantedIdentity(l, "GroupPolicyList")
		out["GroupName"], out["GroupId"] = lastOf(l.word(1)), w.plantID("AGPA", i, l)
		return out
	})
}

func (w *writer) plantedRoles(i int, g *planting) []any {
	return g.each("role", func(l setupLine) object {
		out := g.plantedIdentity(l, "RolePolicyList")
		out["RoleName"], out["RoleId"] = lastOf(l.word(1)), w.plantID("AROA", i, l)
		out["AssumeRolePolicyDocument"] = statements{}.document()
		if trust := of(g.files, "trust", l.word(0)); len(trust) > 0 {
			out["AssumeRolePolicyDocument"] = policyOf(g.files[trust[0]])
		}
		out["InstanceProfileList"] = w.plantedProfiles(i, g, l)
		return out
	})
}

// plantedProfiles lists the instance profiles of a role: those of the story,
// and one where a machine runs as the role with none given.
func (w *writer) plantedProfiles(i int, g *planting, role setupLine) []any {
	roles := []object{{"RoleName": lastOf(role.word(1)), "Arn": role.word(1), "Path": "/"}}
	profile := func(l setupLine, arn string) object {
		return object{"Path": "/", "InstanceProfileName": lastOf(arn), "InstanceProfileId": w.plantID("AIPA", i, l), "Arn": arn, "CreateDate": since, "Roles": roles}
	}
	out := []any{}
	for _, l := range g.lines {
		switch {
		case l.sort == "profile" && l.options["role"] == role.word(0):
			out = append(out, profile(l, l.word(1)))
		case kindOf(l).profile && l.options["runs-as"] == role.word(0) && g.profileOf(role.word(0)) == g.madeProfile(role.word(0)):
			out = append(out, profile(l, g.madeProfile(role.word(0))))
		}
	}
	return out
}

// profileOf returns the instance profile that hands a role out.
func (g *planting) profileOf(role string) string {
	for _, l := range g.lines {
		if l.sort == "profile" && l.options["role"] == role {
			return l.word(1)
		}
	}
	return g.madeProfile(role)
}

func (g *planting) madeProfile(role string) string {
	return "arn:aws:iam::" + g.Account + ":instance-profile/of-" + role
}

// plantedPolicies lists managed policies, and boundaries as such.
func (w *writer) plantedPolicies(i int, g *planting) []any {
	out := g.each("policy", func(l setupLine) object {
		text := `{"Version": "2012-10-17", "Statement": []}`
		if files := of(g.files, "managed", l.word(0)); len(files) > 0 {
			text = g.files[files[0]]
		}
		versions := []object{{"VersionId": "v1", "IsDefaultVersion": true, "CreateDate": since, "Document": policyOf(text)}}
		for _, file := range of(g.files, "policy-version", l.word(0)) {
			number := strings.TrimSuffix(strings.TrimPrefix(file, "policy-version/"+l.word(0)+"."), ".json")
			versions = append(versions, object{"VersionId": "v" + number, "IsDefaultVersion": false, "CreateDate": since, "Document": policyOf(g.files[file])})
		}
		return w.plantedPolicy(i, l, l.word(1), versions)
	})
	for _, l := range append(g.own("user"), g.own("role")...) {
		if files := of(g.files, "boundary", l.word(0)); len(files) > 0 {
			out = append(out, w.plantedPolicy(i, l, g.boundaryARN(l.word(1)), []object{
				{"VersionId": "v1", "IsDefaultVersion": true, "CreateDate": since, "Document": policyOf(g.files[files[0]])}}))
		}
	}
	return out
}

func (w *writer) plantedPolicy(i int, l setupLine, arn string, versions []object) object {
	return object{"PolicyName": lastOf(arn), "PolicyId": w.plantID("ANPA", i, l), "Arn": arn, "Path": "/", "DefaultVersionId": "v1", "CreateDate": since,
		"PolicyVersionList": versions}
}

// plantID is an id of IAM that no other thing has.
func (w *writer) plantID(kind string, i int, l setupLine) string {
	number := 0
	for _, c := range l.sort + " " + l.word(1) {
		number = number*31 + int(c)
	}
	return w.id(kind, 'Q', w.Accounts+i, number)
}
