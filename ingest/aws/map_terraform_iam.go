package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// terraformKinds are the types that others refer to by name.
var terraformKinds = map[string]string{
	"aws_iam_user": "user", "aws_iam_role": "role", "aws_iam_group": "group",
	"aws_iam_policy": "policy", "aws_iam_instance_profile": "instance-profile",
}

// iamARN returns a resource's ARN, made of its name and path in a plan that
// has none yet.
func (m *mapper) iamARN(r terraformResource, account string) string {
	if arn := r.text("arn"); arn != "" {
		return arn
	}
	path := r.text("path")
	if path == "" {
		path = "/"
	}
	return "arn:" + m.partitionFor(account) + ":iam::" + account + ":" + terraformKinds[r.Type] + path + r.text("name")
}

func (m *mapper) partitionFor(account string) string {
	if a := m.c.accounts[account]; a != nil {
		return a.partition
	}
	return "aws"
}

// named returns the ARN of the user, role, group or policy of a name, and
// whether the document describes it.
func (m *mapper) named(kind, name, account string) (graph.Ref, bool) {
	if strings.HasPrefix(name, "arn:") {
		return graph.Ref(name), true
	}
	if arn := m.c.state.names[m.doc.path][kind+"/"+name]; arn != "" {
		return graph.Ref(arn), true
	}
	planned := m.c.state.plans[m.doc.path]
	return graph.Ref("arn:" + m.partitionFor(account) + ":iam::" + account + ":" + kind + "/" + name), planned
}

// describes writes n unless a live document describes the same thing: what AWS
// says wins over what Terraform remembers.
func (m *mapper) describes(n graph.Node) error {
	if m.c.live[n.Ref] {
		return nil
	}
	n.Provider = graph.AWS
	return sinkError(m.c.sink.Node(n))
}

// terraformAttach attaches a policy unless a live document speaks for it. A
// text that a plan does not know yet is a gap.
func (m *mapper) terraformAttach(a graph.Attachment, text jsontext.Value, inner string) error {
	principal := a.Layer == LayerIdentity || a.Layer == LayerTrust || a.Layer == LayerBoundary
	if principal && m.c.live[a.To] || m.c.live[liveAttachment(a)] {
		return nil
	}
	if len(text) > 0 && text.Kind() != 'n' {
		return m.attach(a, text, inner)
	}
	if err := m.c.attach(a); err != nil {
		return err
	}
	return m.gap(a.To, a.Layer, graph.ReasonMissing, fmt.Sprintf("%s: the text of policy %s is not known", m.position(inner), a.Policy), a.Origin)
}

func liveAttachment(a graph.Attachment) graph.Ref {
	return graph.Ref(string(a.Layer) + "\x00" + string(a.To) + "\x00" + string(a.Policy))
}

func terraformUser(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref := graph.Ref(m.iamARN(r, account))
	m.c.noteOwner(account, r.text("name"), string(ref))
	err := m.describes(graph.Node{Ref: ref, Kind: graph.KindUser, Type: "iam:user", Name: r.text("name"), NativeID: r.text("unique_id"),
		Scope: accountRef(account), Tags: r.tags().sorted(), Attrs: attrs("path", r.text("path")), Origin: o})
	if err != nil {
		return err
	}
	return m.terraformBoundary(ref, r, o)
}

func terraformGroup(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	return m.describes(graph.Node{Ref: graph.Ref(m.iamARN(r, account)), Kind: graph.KindGroup, Type: "iam:group", Name: r.text("name"),
		NativeID: r.text("unique_id"), Scope: accountRef(account), Attrs: attrs("path", r.text("path")), Origin: o})
}

func (m *mapper) terraformBoundary(to graph.Ref, r terraformResource, o *graph.Origin) error {
	if b := r.text("permissions_boundary"); b != "" && !m.c.live[to] {
		return m.managed(to, LayerBoundary, attachedPolicy{PolicyArn: b}, o)
	}
	return nil
}

func terraformRole(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref := graph.Ref(m.iamARN(r, account))
	detail := roleDetail{identity: identity{Arn: string(ref), Path: r.text("path"), Tags: r.tags()}, RoleName: r.text("name"), RoleId: r.text("unique_id")}
	if err := m.describes(roleNode(detail, account, r.word("max_session_duration"), o)); err != nil {
		return err
	}
	err := m.terraformAttach(graph.Attachment{To: ref, Layer: LayerTrust, Policy: ref + "#trust", Name: "trust", Inline: true, Origin: o},
		r.values["assume_role_policy"], "/values/assume_role_policy")
	if err != nil {
		return err
	}
	if err := m.terraformInlines(ref, r, o); err != nil {
		return err
	}
	for _, policy := range r.list("managed_policy_arns") {
		if err := m.terraformManaged(ref, policy, o); err != nil {
			return err
		}
	}
	return m.terraformBoundary(ref, r, o)
}

// terraformInlines reads the inline_policy blocks of a role; the provider
// writes one without a name where there is none.
func (m *mapper) terraformInlines(to graph.Ref, r terraformResource, o *graph.Origin) error {
	for i, v := range listOf(r.values["inline_policy"]) {
		var p struct {
			Name   string         `json:"name"`
			Policy jsontext.Value `json:"policy"`
		}
		if v.Kind() != '{' || decode(v, &p) != nil || p.Name == "" {
			continue
		}
		a := graph.Attachment{To: to, Layer: LayerIdentity, Policy: to + "#" + graph.Ref(p.Name), Name: p.Name, Inline: true, Origin: o}
		if err := m.terraformAttach(a, p.Policy, fmt.Sprintf("/values/inline_policy/%d/policy", i)); err != nil {
			return err
		}
	}
	return nil
}

func (m *mapper) terraformManaged(to graph.Ref, policy string, o *graph.Origin) error {
	if m.c.live[to] || policy == "" {
		return nil
	}
	return m.managed(to, LayerIdentity, attachedPolicy{PolicyArn: policy}, o)
}

func terraformPolicy(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref := m.iamARN(r, account)
	m.c.mentionAccountsOf(graph.Ref(ref))
	return m.describes(graph.Node{Ref: graph.Ref(ref), Kind: graph.KindResource, Type: "iam:policy", Name: r.text("name"), NativeID: r.text("policy_id"),
		Scope: accountRef(account), Attrs: attrs("path", r.text("path")), Origin: o})
}

// terraformInline maps the inline policy of a user, role or group.
func terraformInline(kind string) func(*mapper, terraformResource, string, *graph.Origin) error {
	return func(m *mapper, r terraformResource, account string, o *graph.Origin) error {
		to, err := m.holder(kind, r.text(kind), account, r, o)
		if err != nil {
			return err
		}
		a := graph.Attachment{To: to, Layer: LayerIdentity, Policy: to + "#" + graph.Ref(r.text("name")), Name: r.text("name"), Inline: true, Origin: o}
		return m.terraformAttach(a, r.values["policy"], "/values/policy")
	}
}

// holder finds what a policy is attached to. Nothing of that name is a gap.
func (m *mapper) holder(kind, name, account string, r terraformResource, o *graph.Origin) (graph.Ref, error) {
	to, known := m.named(kind, name, account)
	if known || m.c.live[to] {
		return to, nil
	}
	return to, m.gap(to, LayerIdentity, graph.ReasonMissing,
		fmt.Sprintf("%s: %s names %s %q, which no document describes", m.position(""), r.Address, kind, name), o)
}

func terraformAttachment(kind string) func(*mapper, terraformResource, string, *graph.Origin) error {
	return func(m *mapper, r terraformResource, account string, o *graph.Origin) error {
		to, err := m.holder(kind, r.text(kind), account, r, o)
		if err != nil {
			return err
		}
		if r.text("policy_arn") == "" {
			return m.gap(to, LayerIdentity, graph.ReasonMissing, fmt.Sprintf("%s: %s: its policy is not known", m.position(""), r.Address), o)
		}
		return m.terraformManaged(to, r.text("policy_arn"), o)
	}
}

// terraformAttachments maps one policy attached to several.
func terraformAttachments(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	for _, kind := range []string{"user", "role", "group"} {
		for _, name := range r.list(kind + "s") {
			to, err := m.holder(kind, name, account, r, o)
			if err != nil {
				return err
			}
			if err := m.terraformManaged(to, r.text("policy_arn"), o); err != nil {
				return err
			}
		}
	}
	return nil
}

func terraformMembership(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	for _, user := range r.list("users") {
		if err := m.terraformMember(user, r.text("group"), account, o); err != nil {
			return err
		}
	}
	return nil
}

func terraformUserGroups(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	for _, group := range r.list("groups") {
		if err := m.terraformMember(r.text("user"), group, account, o); err != nil {
			return err
		}
	}
	return nil
}

// terraformMember writes a membership; the groups of a live user are known.
func (m *mapper) terraformMember(user, group, account string, o *graph.Origin) error {
	from, _ := m.named("user", user, account)
	to, _ := m.named("group", group, account)
	if m.c.live[from] {
		return nil
	}
	return m.edge(from, graph.MemberOf, to, o)
}

// terraformKey keeps the public id of a key. Its secret stands beside it.
func terraformKey(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	id := r.text("id")
	if id == "" {
		return nil // planned: AWS has not made it yet
	}
	if _, known := m.c.keys[credentialRef(id)]; known {
		return nil
	}
	m.c.keys[credentialRef(id)] = accessKey{"iam:access-key", account, r.text("user"), r.text("status"), r.text("create_date"), o}
	return nil
}

// terraformLogin notes that a user has a console password, which stands beside.
func terraformLogin(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	user := userRef(m.partitionFor(account), account, r.text("user"))
	if _, known := m.c.keys[loginRef(user)]; r.text("user") != "" && !known {
		m.c.keys[loginRef(user)] = accessKey{"iam:login-profile", account, r.text("user"), "", "", o}
	}
	return nil
}

func terraformProfile(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref := graph.Ref(m.iamARN(r, account))
	if m.c.live[ref] {
		return nil
	}
	err := m.describes(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "iam:instance-profile", Name: r.text("name"),
		NativeID: r.text("unique_id"), Scope: accountRef(account), Attrs: attrs("path", r.text("path")), Origin: o})
	if err != nil || r.text("role") == "" {
		return err
	}
	role, _ := m.named("role", r.text("role"), account)
	return m.edge(ref, graph.RunsAs, role, o)
}

func terraformOIDC(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	issuer := strings.TrimPrefix(r.text("url"), "https://")
	clients := r.list("client_id_list")
	slices.Sort(clients)
	return m.describes(graph.Node{Ref: oidcRef(m.partitionFor(account), account, issuer), Kind: graph.KindResource, Type: "iam:oidc-provider",
		Name: issuer, Scope: accountRef(account), Tags: r.tags().sorted(),
		Attrs: attrs("url", issuer, "client-ids", strings.Join(clients, ",")), Origin: o})
}
