package aws

import (
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/clewgraph/clew/graph"
)

// terraformAccessPolicy maps one access policy of one principal in a cluster.
// AWS lists them together; here each is a fact of its own.
func terraformAccessPolicy(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.byID("eks:cluster", r.text("cluster_name"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	principal, policy := r.text("principal_arn"), r.text("policy_arn")
	if m.c.live[liveAttachment(graph.Attachment{To: ref, Layer: LayerEKSAccess, Policy: ref + "#access:" + graph.Ref(principal)})] {
		return nil
	}
	namespaces := []string{}
	if list := inside(inside(r.values["access_scope"], "0"), "namespaces"); len(list) > 0 && list.Kind() == '[' {
		namespaces = append(namespaces, stringsOf(list)...)
	}
	slices.Sort(namespaces)
	return m.terraformFact(fact{ref, LayerEKSAccess, "access:" + principal + ":" + policy}, map[string]any{
		"clusterName": r.text("cluster_name"), "principalArn": principal, "associatedAccessPolicies": []any{map[string]any{
			"policyArn": policy, "accessScope": map[string]any{"type": r.at("access_scope.0.type"), "namespaces": namespaces}}}}, o)
}

func terraformPoolRoles(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.byID("cognito-identity:identitypool", r.text("identity_pool_id"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	roles := map[string]string{}
	for _, name := range []string{"authenticated", "unauthenticated"} {
		if role := r.at("roles." + name); role != "" {
			roles[name] = role
		}
	}
	if roles["unauthenticated"] != "" {
		if err := m.guests(string(ref), accountRef(account), o); err != nil {
			return err
		}
	}
	return m.terraformFact(fact{ref, LayerIdentityPoolRoles, "identity-pool-roles"}, map[string]any{"Roles": roles}, o)
}

func terraformRolesProfile(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	a, ok := parseARN(r.text("arn"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	ref := graph.Ref(a.String())
	if m.c.live[ref] {
		return nil
	}
	err := m.describes(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "rolesanywhere:profile", Name: r.text("name"), NativeID: a.last(), Scope: accountRef(account),
		Tags: r.tags().sorted(), Attrs: attrs("enabled", r.word("enabled"), "roles", joined(r.list("role_arns"))), Origin: o})
	if err != nil {
		return err
	}
	for _, policy := range distinct(r.list("managed_policy_arns")) {
		if err := m.managed(ref, LayerSessionPolicy, attachedPolicy{PolicyArn: policy}, o); err != nil {
			return err
		}
	}
	limited := rolesProfile{ProfileArn: string(ref), Name: r.text("name"), RoleArns: r.list("role_arns")}
	if r.text("session_policy") != "" || len(r.list("managed_policy_arns")) > 0 {
		if err := m.profileSessions(limited, accountRef(account), o); err != nil {
			return err
		}
	}
	if r.text("session_policy") == "" {
		return nil
	}
	return m.terraformAttach(graph.Attachment{To: ref, Layer: LayerSessionPolicy, Policy: ref + "#session", Name: "session", Inline: true, Origin: o},
		r.values["session_policy"], "/values/session_policy")
}

// terraformStoreRef is storeRef for a resource of an account.
func (m *mapper) terraformStoreRef(account, kind, id string) graph.Ref {
	return graph.Ref("arn:" + m.partitionFor(account) + ":identitystore:::" + kind + "/" + id)
}

// terraformAssignment maps an assignment to an account.
func terraformAssignment(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	target, set, id := r.text("target_id"), r.text("permission_set_arn"), r.text("principal_id")
	_, isSet := parseARN(set)
	if !isAccountID(target) || !isSet || id == "" {
		return m.terraformUnnamed(r)
	}
	kind, typ := graph.KindUser, "user"
	if r.text("principal_type") == "GROUP" {
		kind, typ = graph.KindGroup, "group"
	}
	m.c.mention(target, m.partitionFor(account))
	to := m.terraformStoreRef(account, typ, id)
	if err := m.mentionUnlessLive(graph.Node{Ref: to, Kind: kind, Type: "identitystore:" + typ, NativeID: id, Scope: accountRef(account), Origin: o}); err != nil {
		return err
	}
	if err := m.mentionUnlessLive(graph.Node{Ref: graph.Ref(set), Kind: graph.KindResource, Type: "sso:PermissionSet", Scope: accountRef(account), Origin: o}); err != nil {
		return err
	}
	text, err := json.Marshal(said("AccountId", target, "PermissionSetArn", set, "PrincipalType", r.text("principal_type"), "PrincipalId", id), json.Deterministic(true))
	if err != nil {
		return err
	}
	name := target + "/" + set
	return m.terraformAttach(graph.Attachment{To: to, Layer: LayerAssignment, Policy: to + "#" + graph.Ref(name), Name: name, Inline: true, Origin: o}, text, "/values")
}

func (m *mapper) mentionUnlessLive(n graph.Node) error {
	if m.c.live[n.Ref] {
		return nil
	}
	return m.c.mentionNode(n)
}

// terraformPermissionSet returns the set that a resource is of, and mentions it.
func (m *mapper) terraformPermissionSet(r terraformResource, account string, o *graph.Origin) (graph.Ref, bool, error) {
	set := r.text("permission_set_arn")
	if _, ok := parseARN(set); !ok {
		return "", false, m.terraformUnnamed(r)
	}
	ref := graph.Ref(set)
	return ref, true, m.mentionUnlessLive(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "sso:PermissionSet", Scope: accountRef(account), Origin: o})
}

func terraformPermissionSetInline(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok, err := m.terraformPermissionSet(r, account, o)
	if err != nil || !ok {
		return err
	}
	return m.terraformAttach(graph.Attachment{To: ref, Layer: LayerPermissionSet, Policy: ref + "#inline", Name: "inline", Inline: true, Origin: o},
		r.values["inline_policy"], "/values/inline_policy")
}

func terraformPermissionSetManaged(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok, err := m.terraformPermissionSet(r, account, o)
	policy := r.text("managed_policy_arn")
	if err != nil || !ok || policy == "" || m.c.live[liveAttachment(graph.Attachment{To: ref, Layer: LayerPermissionSet, Policy: graph.Ref(policy)})] {
		return err
	}
	return m.managed(ref, LayerPermissionSet, attachedPolicy{PolicyArn: policy}, o)
}

// terraformStoreUser keeps a user's name and nothing else: addresses, phone
// numbers and e-mails stand beside it.
func terraformStoreUser(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	return m.terraformStoreNode(graph.KindUser, "user", r.text("user_id"), r.text("user_name"), r, account, o)
}

func terraformStoreGroup(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	return m.terraformStoreNode(graph.KindGroup, "group", r.text("group_id"), r.text("display_name"), r, account, o)
}

func (m *mapper) terraformStoreNode(kind graph.Kind, typ, id, name string, r terraformResource, account string, o *graph.Origin) error {
	if id == "" {
		return m.terraformUnnamed(r)
	}
	return m.describes(graph.Node{Ref: m.terraformStoreRef(account, typ, id), Kind: kind, Type: "identitystore:" + typ, Name: name, NativeID: id,
		Scope: accountRef(account), Attrs: attrs("identity-store", r.text("identity_store_id")), Origin: o})
}

func terraformStoreMembership(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	group, user := r.text("group_id"), r.text("member_id")
	if group == "" || user == "" {
		return m.terraformUnnamed(r)
	}
	return m.edge(m.terraformStoreRef(account, "user", user), graph.MemberOf, m.terraformStoreRef(account, "group", group), o)
}
