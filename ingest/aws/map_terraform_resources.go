package aws

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clewgraph/clew/graph"
)

// terraformPlain maps a resource that has an ARN, and the policy that some
// types hold in themselves.
func terraformPlain(kind, name string) func(*mapper, terraformResource, string, *graph.Origin) error {
	return func(m *mapper, r terraformResource, account string, o *graph.Origin) error {
		ref, ok := m.terraformRef(r, kind, account)
		if !ok {
			return m.terraformUnplaced(r)
		}
		err := m.describes(graph.Node{Ref: ref, Kind: graph.KindResource, Type: kind, Name: r.text(name),
			Scope: accountRef(account), Tags: r.tags().sorted(), Origin: o})
		if err != nil {
			return err
		}
		return m.ownPolicy(ref, r, o)
	}
}

// terraformRef returns the ARN of a resource; in a tree's region it can be
// made for the types whose ARN is their name.
func (m *mapper) terraformRef(r terraformResource, kind, account string) (graph.Ref, bool) {
	if a := r.text("arn"); a != "" {
		_, ok := parseARN(a)
		return graph.Ref(a), ok
	}
	region := cmp.Or(r.text("region"), m.doc.region)
	if region == "" || r.text("name") == "" || kind != "sqs:queue" && kind != "sns:topic" {
		return "", false
	}
	service, _, _ := strings.Cut(kind, ":")
	return graph.Ref(arn{partitionOf(region), service, region, account, r.text("name")}.String()), true
}

// ownPolicy attaches a policy that stands in the resource itself. Empty text
// means that the policy, if any, is a resource of its own.
func (m *mapper) ownPolicy(ref graph.Ref, r terraformResource, o *graph.Origin) error {
	text := r.values["policy"]
	if r.text("policy") == "" {
		return nil
	}
	return m.terraformAttach(resourceAttachment(ref, o), text, "/values/policy")
}

func resourceAttachment(ref graph.Ref, o *graph.Origin) graph.Attachment {
	return graph.Attachment{To: ref, Layer: LayerResource, Policy: ref + "#policy", Name: "policy", Inline: true, Origin: o}
}

// terraformPolicyOf maps a policy that is a resource of its own; name holds
// what it is attached to, as Terraform spells it for that type.
func terraformPolicyOf(kind, name string) func(*mapper, terraformResource, string, *graph.Origin) error {
	return func(m *mapper, r terraformResource, account string, o *graph.Origin) error {
		ref, ok := m.policyHolder(kind, r.text(name), account, r)
		if !ok {
			return m.terraformUnplaced(r)
		}
		if !m.c.live[ref] {
			a, _ := parseARN(string(ref))
			mention := graph.Node{Ref: ref, Kind: graph.KindResource, Type: kind, Name: nameOf(a), Scope: accountRef(account), Origin: o}
			if err := m.c.mentionNode(mention); err != nil {
				return err
			}
		}
		return m.terraformAttach(resourceAttachment(ref, o), r.values["policy"], "/values/policy")
	}
}

// policyHolder returns the ARN of what a policy is attached to.
func (m *mapper) policyHolder(kind, name, account string, r terraformResource) (graph.Ref, bool) {
	if _, ok := parseARN(name); ok {
		return graph.Ref(name), true
	}
	switch {
	case name == "":
		return "", false
	case kind == "s3:bucket":
		return bucketARN(m.partitionFor(account), name), true
	case kind == "sqs:queue":
		a, err := queueARN(name)
		return graph.Ref(a.String()), err == nil
	case kind == "kms:key":
		region := cmp.Or(r.text("region"), m.doc.region)
		return graph.Ref(arn{partitionOf(region), "kms", region, account, "key/" + name}.String()), region != ""
	}
	return "", false
}

func terraformBucket(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	name := r.text("bucket")
	if name == "" {
		return m.terraformUnplaced(r)
	}
	ref := bucketARN(m.partitionFor(account), name)
	err := m.describes(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "s3:bucket", Name: name, Scope: accountRef(account),
		Tags: r.tags().sorted(), Attrs: attrs("region", cmp.Or(r.text("bucket_region"), r.text("region"))), Origin: o})
	if err != nil {
		return err
	}
	return m.ownPolicy(ref, r, o)
}

// terraformBlock maps a public access block into the form that AWS prints.
func terraformBlock(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	to := accountRef(account)
	if r.Type == "aws_s3_bucket_public_access_block" {
		to = bucketARN(m.partitionFor(account), r.text("bucket"))
	}
	block := map[string]bool{}
	for name, key := range map[string]string{"block_public_acls": "BlockPublicAcls", "ignore_public_acls": "IgnorePublicAcls",
		"block_public_policy": "BlockPublicPolicy", "restrict_public_buckets": "RestrictPublicBuckets"} {
		block[key] = r.word(name) == "true"
	}
	text, err := json.Marshal(block, json.Deterministic(true))
	if err != nil {
		return err
	}
	return m.terraformAttach(graph.Attachment{To: to, Layer: LayerPublicAccessBlock, Policy: to + "#public-access-block",
		Name: "public-access-block", Inline: true, Origin: o}, text, "/values")
}

func terraformFunction(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.functionRef(r.text("function_name"), account, r)
	if !ok {
		return m.terraformUnplaced(r)
	}
	if m.c.live[ref] {
		return nil
	}
	role, _ := m.named("role", r.text("role"), account)
	if r.text("role") == "" {
		role = ""
	}
	return m.function(ref, account, r.text("function_name"), string(role), r.text("runtime"), o)
}

// functionRef returns the ARN of a function by its name or ARN, without the
// version or alias that may follow.
func (m *mapper) functionRef(name, account string, r terraformResource) (graph.Ref, bool) {
	if a, ok := parseARN(name); ok {
		parts := strings.Split(a.resource, ":")
		a.resource = strings.Join(parts[:min(2, len(parts))], ":")
		return graph.Ref(a.String()), true
	}
	if a := m.c.state.names[m.doc.path]["function/"+name]; a != "" {
		return graph.Ref(a), true
	}
	region := cmp.Or(r.text("region"), m.doc.region)
	return graph.Ref(arn{partitionOf(region), "lambda", region, account, "function:" + name}.String()), region != "" && name != ""
}

// permissions are the statements of a function's policy, which Terraform holds
// one by one.
type permissions struct {
	origin     *graph.Origin
	statements map[string]any // by Sid
}

func terraformPermission(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.functionRef(r.text("function_name"), account, r)
	if !ok {
		return m.terraformUnplaced(r)
	}
	p := m.c.state.permissions[ref]
	if p == nil {
		p = &permissions{origin: o, statements: map[string]any{}}
		m.c.state.permissions[ref] = p
	}
	p.statements[r.text("statement_id")] = permissionStatement(ref, r)
	return nil
}

// permissionStatement writes the statement that AddPermission makes.
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func permissionStatement(function graph.Ref, r terraformResource) map[string]any {
	resource := string(function)
	if q := r.text("qualifier"); q != "" {
		resource += ":" + q
	}
	s := map[string]any{"Sid": r.text("statement_id"), "Effect": "Allow", "Action": r.text("action"), "Resource": resource,
		"Principal": permissionPrincipal(r.text("principal"))}
	condition := map[string]map[string]string{}
	test := func(operator, key, value string) {
		if value == "" {
			return
		}
		if condition[operator] == nil {
			condition[operator] = map[string]string{}
		}
		condition[operator][key] = value
	}
	test("ArnLike", "AWS:SourceArn", r.text("source_arn"))
	test("StringEquals", "AWS:SourceAccount", r.text("source_account"))
	test("StringEquals", "aws:PrincipalOrgID", r.text("principal_org_id"))
	test("StringEquals", "lambda:EventSourceToken", r.text("event_source_token"))
	test("StringEquals", "lambda:FunctionUrlAuthType", r.text("function_url_auth_type"))
	if len(condition) > 0 {
		s["Condition"] = condition
	}
	return s
}

func permissionPrincipal(p string) any {
	switch {
	case p == "*":
		return "*"
	case isAccountID(p):
		return map[string]string{"AWS": "arn:aws:iam::" + p + ":root"}
	case strings.HasPrefix(p, "arn:"):
		return map[string]string{"AWS": p}
	}
	return map[string]string{"Service": p}
}

// writePermissions writes the policies of functions, now that all their
// statements are there.
func (c *collection) writePermissions() error {
	for _, ref := range slices.Sorted(maps.Keys(c.state.permissions)) {
		if err := c.writePermission(ref, c.state.permissions[ref]); err != nil {
			return err
		}
	}
	return nil
}

func (c *collection) writePermission(ref graph.Ref, p *permissions) error {
	a := resourceAttachment(ref, p.origin)
	if c.live[liveAttachment(a)] {
		return nil
	}
	var list []any
	for _, sid := range slices.Sorted(maps.Keys(p.statements)) {
		list = append(list, p.statements[sid])
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": list}, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("policy of %s: %w", ref, err)
	}
	a.Document = text
	if err := c.mentions(a, text); err != nil {
		return err
	}
	return c.attach(a)
}

func terraformInstance(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	a, ok := parseARN(r.text("arn"))
	if !ok {
		return nil // planned: an instance has no id before it is made
	}
	ref := graph.Ref(a.String())
	if m.c.live[ref] {
		return nil
	}
	id := strings.TrimPrefix(a.resource, "instance/")
	err := m.describes(graph.Node{Ref: ref, Kind: graph.KindWorkload, Type: "ec2:instance", Name: id, NativeID: id,
		Scope: accountRef(account), Tags: r.tags().sorted(), Attrs: attrs("state", r.text("instance_state"), "key-pair", r.text("key_name"),
			"http-tokens", r.at("metadata_options.0.http_tokens"), "public-address", r.text("public_ip")), Origin: o})
	if err != nil {
		return err
	}
	if r.text("user_data") != "" || r.text("user_data_base64") != "" {
		if err := m.terraformFact(fact{ref, LayerUserData, "user-data"}, map[string]bool{"UserData": true}, o); err != nil {
			return err
		}
	}
	profile := r.text("iam_instance_profile")
	if profile == "" {
		return nil
	}
	to, _ := m.named("instance-profile", profile, account)
	return m.edge(ref, graph.RunsAs, to, o)
}

// terraformOther maps a resource of a type that is not listed by its ARN
// alone: name and tags, and nothing else of its values. ARNs that are none of
// AWS's (some tools make them up) are left out.
func terraformOther(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	a, ok := parseARN(r.text("arn"))
	if !ok || a.kind() == r.Type {
		return nil
	}
	kind := a.kind()
	if kind == "" {
		kind = strings.TrimPrefix(r.Type, "aws_"+a.service+"_")
	}
	return m.describes(graph.Node{Ref: graph.Ref(a.String()), Kind: graph.KindResource, Type: a.service + ":" + kind, Name: nameOf(a),
		Scope: accountRef(account), Tags: r.tags().sorted(), Origin: o})
}
