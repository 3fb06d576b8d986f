package aws

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// A terraformMap maps one resource of a state or plan.
type terraformMap func(m *mapper, r terraformResource, account string, o *graph.Origin) error

// serviceTypes maps the types that say something of a thing that another type
// describes, or that are more than a shape.
var serviceTypes = map[string]terraformMap{
	"aws_ecr_repository_policy":       terraformNamedPolicy("ecr:repository", "repository", "policy"),
	"aws_efs_file_system_policy":      terraformNamedPolicy("elasticfilesystem:file-system", "file_system_id", "policy"),
	"aws_dynamodb_resource_policy":    terraformNamedPolicy("dynamodb:table", "resource_arn", "policy"),
	"aws_kinesis_resource_policy":     terraformNamedPolicy("kinesis:stream", "resource_arn", "policy"),
	"aws_cloudwatch_event_bus_policy": terraformNamedPolicy("events:event-bus", "event_bus_name", "policy"),
	"aws_opensearch_domain_policy":    terraformNamedPolicy("es:domain", "domain_name", "access_policies"),
	"aws_elasticsearch_domain_policy": terraformNamedPolicy("es:domain", "domain_name", "access_policies"),
	"aws_glue_resource_policy":        terraformCatalogPolicy,
	"aws_api_gateway_rest_api":        terraformRestAPI,
	"aws_api_gateway_rest_api_policy": terraformRestAPIPolicy,
	"aws_api_gateway_authorizer":      terraformAuthorizer,
	"aws_cloudwatch_event_target":     terraformEventTarget,
	"aws_batch_job_definition":        terraformJobDefinition,

	"aws_eks_access_policy_association":          terraformAccessPolicy,
	"aws_lambda_function_url":                    terraformFunctionURL,
	"aws_lambda_event_source_mapping":            terraformEventSource,
	"aws_cognito_identity_pool_roles_attachment": terraformPoolRoles,
	"aws_rolesanywhere_profile":                  terraformRolesProfile,

	"aws_s3_bucket_server_side_encryption_configuration": terraformBucketEncryption,

	"aws_ssoadmin_account_assignment":           terraformAssignment,
	"aws_ssoadmin_permission_set_inline_policy": terraformPermissionSetInline,
	"aws_ssoadmin_managed_policy_attachment":    terraformPermissionSetManaged,
	"aws_identitystore_user":                    terraformStoreUser,
	"aws_identitystore_group":                   terraformStoreGroup,
	"aws_identitystore_group_membership":        terraformStoreMembership,
}

// idKey is how the index of a state holds a thing of a type by name or id.
func idKey(kind, id string) string { return kind + "#" + id }

// surveyID notes the ARN of a thing that others name by its name or id.
func (m *mapper) surveyID(names map[string]string, r terraformResource) {
	s, ok := shapes[r.Type]
	if r.Type == "aws_api_gateway_rest_api" {
		s, ok = shape{kind: "apigateway:RestApi", name: "name"}, true
	}
	a, isARN := parseARN(r.at(cmp.Or(s.arn, "arn")))
	if !ok || !isARN {
		return
	}
	for _, id := range distinct([]string{r.at(s.name), r.text("id")}) {
		key := idKey(strings.Replace(s.kind, "-on-default-event-bus", "", 1), id)
		if old, twice := names[key]; twice && old != a.String() {
			names[key] = ""
			continue
		}
		names[key] = a.String()
	}
}

// byID returns the ARN of a thing that a resource names by ARN, name or id.
func (m *mapper) byID(kind, id string) (graph.Ref, bool) {
	if _, ok := parseARN(id); ok {
		return graph.Ref(id), true
	}
	s := m.c.state.names[m.doc.path][idKey(kind, id)]
	return graph.Ref(s), s != ""
}

// terraformUnnamed: what has no ARN and belongs to nothing that has one cannot
// be a node.
func (m *mapper) terraformUnnamed(r terraformResource) error {
	subject := graph.Ref(cmp.Or(m.doc.resource, m.doc.path))
	l := graph.Listing{Service: "terraform", Operation: "show", Subject: subject}
	if account, ok := m.terraformAccount(r); ok {
		l = m.terraformOrigin(account).Listing
	}
	return m.c.cover(graph.Coverage{Listing: l, Status: graph.Failed, Reason: graph.ReasonMissing, Of: graph.Ref(r.Address),
		Detail: fmt.Sprintf("%s: %s: the document holds neither its ARN nor that of what it belongs to: it may be planned and not made, or be of another state", m.position(""), r.Address),
		Origin: &graph.Origin{Listing: l, File: m.doc.path, Collector: "terraform-show", At: m.doc.at}})
}

// terraformMention mentions a thing unless a live document describes it.
func (m *mapper) terraformMention(ref graph.Ref, o *graph.Origin) error {
	if m.c.live[ref] {
		return nil
	}
	return m.mentionThing(ref, o)
}

// terraformFact attaches a fact in the words of AWS, not of Terraform, so that
// both sources say the same of one thing.
func (m *mapper) terraformFact(f fact, v any, o *graph.Origin) error {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err
	}
	if err := m.terraformMention(f.to, o); err != nil {
		return err
	}
	return m.terraformAttach(graph.Attachment{To: f.to, Layer: f.layer, Policy: f.to + "#" + graph.Ref(f.name), Name: f.name, Inline: true, Origin: o}, text, "/values")
}

func terraformNamedPolicy(kind, holder, policy string) terraformMap {
	return func(m *mapper, r terraformResource, account string, o *graph.Origin) error {
		ref, ok := m.byID(kind, r.text(holder))
		if !ok {
			return m.terraformUnnamed(r)
		}
		if err := m.terraformMention(ref, o); err != nil {
			return err
		}
		return m.terraformAttach(resourceAttachment(ref, o), r.values[policy], "/values/"+policy)
	}
}

// terraformCatalogPolicy: the policy names no catalog, as each region has one.
func terraformCatalogPolicy(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	region := cmp.Or(r.text("region"), m.doc.region)
	if region == "" {
		return m.terraformUnnamed(r)
	}
	ref := graph.Ref(arn{partitionOf(region), "glue", region, account, "catalog"}.String())
	if err := m.terraformMention(ref, o); err != nil {
		return err
	}
	return m.terraformAttach(resourceAttachment(ref, o), r.values["policy"], "/values/policy")
}

// calledRef is the ARN of an API as a thing that is called, from its ARN as a
// thing that is configured.
func calledRef(ref graph.Ref, account string) graph.Ref {
	a, _ := parseARN(string(ref))
	return graph.Ref(arn{a.partition, "execute-api", a.region, account, a.last() + "/*/*/*"}.String())
}

func terraformRestAPI(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	a, ok := parseARN(r.text("arn"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	called := calledRef(graph.Ref(a.String()), account)
	for _, n := range []graph.Node{{Ref: graph.Ref(a.String()), Type: "apigateway:RestApi"}, {Ref: called, Type: "execute-api:execute-api-general"}} {
		n.Kind, n.Name, n.NativeID, n.Scope, n.Tags, n.Origin = graph.KindResource, r.text("name"), a.last(), accountRef(account), r.tags().sorted(), o
		n.Attrs = attrs("endpoint-types", r.at("endpoint_configuration.0.types.0"))
		if err := m.describes(n); err != nil {
			return err
		}
	}
	return m.ownPolicy(called, r, o)
}

func terraformRestAPIPolicy(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.byID("apigateway:RestApi", r.text("rest_api_id"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	called := calledRef(ref, account)
	if err := m.terraformMention(called, o); err != nil {
		return err
	}
	return m.terraformAttach(resourceAttachment(called, o), r.values["policy"], "/values/policy")
}

func terraformAuthorizer(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.byID("apigateway:RestApi", r.text("rest_api_id"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	if m.c.live[liveAttachment(graph.Attachment{To: ref, Layer: LayerAuthorizer, Policy: ref + "#authorizer:" + graph.Ref(r.text("id"))})] {
		return nil
	}
	err := m.terraformFact(fact{ref, LayerAuthorizer, "authorizer:" + r.text("id")}, said("id", r.text("id"), "name", r.text("name"), "type", r.text("type"),
		"authorizerUri", r.text("authorizer_uri"), "authorizerCredentials", r.text("authorizer_credentials")), o)
	if err != nil {
		return err
	}
	return m.runsAs(ref, "role", r.text("authorizer_credentials"), o)
}

// said makes an object of pairs, leaving out those without a value.
func said(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}

func terraformEventTarget(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	ref, ok := m.byID("events:rule", r.text("event_bus_name")+"/"+r.text("rule"))
	if !ok {
		ref, ok = m.byID("events:rule", r.text("rule"))
	}
	if !ok {
		return m.terraformUnnamed(r)
	}
	id := r.text("target_id")
	if m.c.live[liveAttachment(graph.Attachment{To: ref, Layer: LayerEventTarget, Policy: ref + "#target:" + graph.Ref(id)})] {
		return nil
	}
	if err := m.terraformFact(fact{ref, LayerEventTarget, "target:" + id}, said("Id", id, "Arn", r.text("arn"), "RoleArn", r.text("role_arn")), o); err != nil {
		return err
	}
	return m.runsAs(ref, "role", r.text("role_arn"), o)
}

// terraformJobDefinition reads the roles in the JSON text that a definition's
// containers stand in.
func terraformJobDefinition(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	a, ok := parseARN(r.text("arn"))
	if !ok {
		return m.terraformUnnamed(r)
	}
	ref := graph.Ref(a.String())
	if m.c.live[ref] {
		return nil
	}
	d, err := containers(r)
	if err != nil {
		return m.c.cover(graph.Coverage{Listing: o.Listing, Status: graph.Failed, Reason: graph.ReasonParseError, Of: ref, Origin: o,
			Detail: fmt.Sprintf("%s: %s: %v", m.position("/values"), r.Address, err)})
	}
	run, start := d.roles()
	err = m.describes(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "batch:job-definition-revision", Name: r.text("name"), Scope: accountRef(account),
		Tags: r.tags().sorted(), Attrs: attrs("type", r.text("type"), "execution-role", joined(start)), Origin: o})
	if err != nil {
		return err
	}
	for _, role := range run {
		if err := m.runsAs(ref, "role", role, o); err != nil {
			return err
		}
	}
	return nil
}

// containers reads the JSON texts that containers stand in.
func containers(r terraformResource) (d jobDefinition, err error) {
	for _, part := range []struct {
		value string
		into  any
	}{{"container_properties", &d.ContainerProperties}, {"ecs_properties", &d.EcsProperties}, {"node_properties", &d.NodeProperties}} {
		text := jsontext.Value(r.text(part.value))
		if len(text) == 0 {
			continue
		}
		if !text.IsValid() {
			return d, fmt.Errorf("%w: %s: want JSON text", ErrContent, part.value)
		}
		if err := decodeFold(text, part.into); err != nil {
			return d, fmt.Errorf("%s: %w", part.value, err)
		}
	}
	return d, nil
}

func terraformFunctionURL(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	function, qualifier, err := m.functionOf(r.text("function_arn"))
	if err != nil {
		return m.terraformUnnamed(r)
	}
	name := strings.TrimSuffix("function-url:"+cmp.Or(r.text("qualifier"), qualifier), ":")
	return m.terraformFact(fact{function, LayerFunctionURL, name}, said("FunctionArn", r.text("function_arn"), "FunctionUrl", r.text("function_url"),
		"AuthType", r.text("authorization_type"), "InvokeMode", r.text("invoke_mode")), o)
}

func terraformEventSource(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	function, _, err := m.functionOf(r.text("function_arn"))
	if err != nil {
		return m.terraformUnnamed(r)
	}
	if err := m.terraformMention(graph.Ref(r.text("event_source_arn")), o); err != nil {
		return err
	}
	return m.terraformFact(fact{function, LayerEventSource, "event-source:" + cmp.Or(r.text("uuid"), r.text("event_source_arn"))},
		said("UUID", r.text("uuid"), "EventSourceArn", r.text("event_source_arn"), "FunctionArn", r.text("function_arn"), "State", r.text("state")), o)
}

// terraformBucketEncryption maps a bucket's default into what is kept of AWS's
// own words.
func terraformBucketEncryption(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	if r.text("bucket") == "" {
		return m.terraformUnnamed(r)
	}
	const rule = "rule.0.apply_server_side_encryption_by_default.0."
	algorithm, key := r.at(rule+"sse_algorithm"), r.at(rule+"kms_master_key_id")
	if strings.HasPrefix(algorithm, "aws:kms") {
		key = cmp.Or(key, "alias/aws/s3")
	}
	ref := bucketARN(m.partitionFor(account), r.text("bucket"))
	return m.terraformFact(fact{ref, LayerEncryption, "encryption"}, said("algorithm", algorithm, "kms-key", key), o)
}
