package aws

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// A shape says how a Terraform type's resources become nodes: which values of
// theirs are name, role and attributes. Paths lead into nested blocks, which
// Terraform writes as lists ("encryption_configuration.0.kms_key").
type shape struct {
	is        graph.Kind // a resource, if not given
	kind      string     // the node's type
	arn, name string     // where the ARN and the name stand; arn: "arn" if not given
	role      string     // what it runs as, if it has such a value
	profile   string     // the same, by instance profile
	policy    string     // its policy, if it stands in the resource itself
	attrs     []string   // pairs of attribute and path
}

// shapes are the types that are no more than that. Values that may hold
// secrets (environment, parameters, scripts) are named nowhere.
var shapes = map[string]shape{
	"aws_ecs_cluster": {kind: "ecs:cluster", name: "name"},
	"aws_ecs_service": {is: graph.KindWorkload, kind: "ecs:service", arn: "id", name: "name", role: "task_definition",
		attrs: []string{"cluster", "cluster", "launch-type", "launch_type", "execute-command", "enable_execute_command", "task-definition", "task_definition"}},
	"aws_ecs_task_definition":         {kind: "ecs:task-definition", name: "family", role: "task_role_arn", attrs: []string{"execution-role", "execution_role_arn"}},
	"aws_eks_cluster":                 {kind: "eks:cluster", name: "name", attrs: []string{"service-role", "role_arn", "version", "version", "status", "status", "authentication-mode", "access_config.0.authentication_mode", "public-endpoint", "vpc_config.0.endpoint_public_access", "oidc-issuer", "identity.0.oidc.0.issuer", "kms-key", "encryption_config.0.provider.0.key_arn"}},
	"aws_eks_node_group":              {is: graph.KindWorkload, kind: "eks:nodegroup", name: "node_group_name", role: "node_role_arn", attrs: []string{"cluster", "cluster_name", "status", "status"}},
	"aws_eks_fargate_profile":         {kind: "eks:fargateprofile", name: "fargate_profile_name", attrs: []string{"cluster", "cluster_name", "execution-role", "pod_execution_role_arn"}},
	"aws_eks_access_entry":            {kind: "eks:access-entry", arn: "access_entry_arn", name: "principal_arn", attrs: []string{"cluster", "cluster_name", "principal", "principal_arn", "username", "user_name", "type", "type"}},
	"aws_ecr_repository":              {kind: "ecr:repository", name: "name", attrs: []string{"tag-mutability", "image_tag_mutability", "kms-key", "encryption_configuration.0.kms_key"}},
	"aws_efs_file_system":             {kind: "elasticfilesystem:file-system", name: "name", attrs: []string{"kms-key", "kms_key_id"}},
	"aws_dynamodb_table":              {kind: "dynamodb:table", name: "name", attrs: []string{"stream", "stream_arn", "kms-key", "server_side_encryption.0.kms_key_arn"}},
	"aws_kinesis_stream":              {kind: "kinesis:stream", name: "name", attrs: []string{"kms-key", "kms_key_id"}},
	"aws_cloudwatch_event_bus":        {kind: "events:event-bus", name: "name"},
	"aws_cloudwatch_event_rule":       {kind: "events:rule-on-default-event-bus", name: "name", role: "role_arn", attrs: []string{"event-bus", "event_bus_name", "state", "state", "schedule", "schedule_expression"}},
	"aws_opensearch_domain":           {kind: "es:domain", name: "domain_name", policy: "access_policies", attrs: []string{"kms-key", "encrypt_at_rest.0.kms_key_id", "vpc", "vpc_options.0.vpc_id", "fine-grained-access", "advanced_security_options.0.enabled"}},
	"aws_elasticsearch_domain":        {kind: "es:domain", name: "domain_name", policy: "access_policies", attrs: []string{"kms-key", "encrypt_at_rest.0.kms_key_id", "vpc", "vpc_options.0.vpc_id"}},
	"aws_glue_job":                    {is: graph.KindWorkload, kind: "glue:job", name: "name", role: "role_arn", attrs: []string{"command", "command.0.name", "script", "command.0.script_location"}},
	"aws_glue_dev_endpoint":           {is: graph.KindWorkload, kind: "glue:devendpoint", name: "name", role: "role_arn", attrs: []string{"status", "status", "public-address", "public_address"}},
	"aws_glue_crawler":                {is: graph.KindWorkload, kind: "glue:crawler", name: "name", role: "role"},
	"aws_sagemaker_notebook_instance": {is: graph.KindWorkload, kind: "sagemaker:notebook-instance", name: "name", role: "role_arn", attrs: []string{"internet-access", "direct_internet_access", "root-access", "root_access", "kms-key", "kms_key_id"}},
	"aws_sagemaker_model":             {is: graph.KindWorkload, kind: "sagemaker:model", name: "name", role: "execution_role_arn"},
	"aws_sagemaker_endpoint":          {kind: "sagemaker:endpoint", name: "name", attrs: []string{"endpoint-config", "endpoint_config_name"}},
	"aws_codebuild_project":           {is: graph.KindWorkload, kind: "codebuild:project", name: "name", role: "service_role", attrs: []string{"source-type", "source.0.type", "visibility", "project_visibility", "kms-key", "encryption_key"}},
	"aws_cloudformation_stack":        {is: graph.KindWorkload, kind: "cloudformation:stack", arn: "id", name: "name", role: "iam_role_arn"},
	"aws_cloudformation_stack_set":    {is: graph.KindWorkload, kind: "cloudformation:stackset", name: "name", role: "administration_role_arn", attrs: []string{"execution-role-name", "execution_role_name", "permission-model", "permission_model"}},
	"aws_sfn_state_machine":           {is: graph.KindWorkload, kind: "states:statemachine", name: "name", role: "role_arn", attrs: []string{"status", "status", "type", "type"}},
	"aws_apprunner_service":           {is: graph.KindWorkload, kind: "apprunner:service", name: "service_name", role: "instance_configuration.0.instance_role_arn", attrs: []string{"status", "status", "url", "service_url", "access-role", "source_configuration.0.authentication_configuration.0.access_role_arn", "public", "network_configuration.0.ingress_configuration.0.is_publicly_accessible"}},
	"aws_batch_compute_environment":   {is: graph.KindWorkload, kind: "batch:compute-environment", name: "name", profile: "compute_resources.0.instance_role", attrs: []string{"state", "state", "type", "compute_resources.0.type", "service-role", "service_role", "cluster", "ecs_cluster_arn"}},
	"aws_ssm_document":                {kind: "ssm:document", name: "name", attrs: []string{"document-type", "document_type"}},
	"aws_ssm_parameter":               {kind: "ssm:parameter", name: "name", attrs: []string{"parameter-type", "type", "kms-key", "key_id"}},
	"aws_cognito_identity_pool":       {kind: "cognito-identity:identitypool", name: "identity_pool_name", attrs: []string{"unauthenticated", "allow_unauthenticated_identities", "classic-flow", "allow_classic_flow"}},
	"aws_rolesanywhere_trust_anchor":  {kind: "rolesanywhere:trust-anchor", name: "name", attrs: []string{"enabled", "enabled", "source-type", "source.0.source_type", "authority", "source.0.source_data.0.acm_pca_arn"}},
	"aws_ssoadmin_permission_set":     {kind: "sso:PermissionSet", name: "name", attrs: []string{"session-duration", "session_duration"}},
	"aws_launch_template":             {kind: "ec2:launch-template", name: "name", profile: "iam_instance_profile.0.arn,iam_instance_profile.0.name", attrs: []string{"default-version", "default_version"}},
	"aws_key_pair":                    {kind: "ec2:key-pair", name: "key_name", attrs: []string{"key-type", "key_type"}},
	"aws_ebs_volume":                  {kind: "ec2:volume", name: "id", attrs: []string{"snapshot", "snapshot_id", "kms-key", "kms_key_id"}},
	"aws_ebs_snapshot":                {kind: "ec2:snapshot", name: "id", attrs: []string{"volume", "volume_id", "kms-key", "kms_key_id"}},
	"aws_amplify_app":                 {is: graph.KindWorkload, kind: "amplify:apps", name: "name", role: "iam_service_role_arn"},
	"aws_scheduler_schedule":          {kind: "scheduler:schedule", name: "name", role: "target.0.role_arn", attrs: []string{"state", "state", "schedule", "schedule_expression", "target", "target.0.arn"}},
	"aws_emr_cluster":                 {is: graph.KindWorkload, kind: "elasticmapreduce:cluster", name: "name", profile: "ec2_attributes.0.instance_profile", attrs: []string{"status", "cluster_state", "service-role", "service_role"}},
	"aws_db_instance":                 {kind: "rds:db", name: "identifier", attrs: []string{"engine", "engine", "public", "publicly_accessible", "iam-authentication", "iam_database_authentication_enabled", "secret", "master_user_secret.0.secret_arn", "kms-key", "kms_key_id"}},
	"aws_db_snapshot":                 {kind: "rds:snapshot", arn: "db_snapshot_arn", name: "db_snapshot_identifier", attrs: []string{"database", "db_instance_identifier", "snapshot-type", "snapshot_type", "kms-key", "kms_key_id"}},
	"aws_eks_pod_identity_association": {is: graph.KindWorkload, kind: "eks:podidentityassociation", arn: "association_arn", name: "service_account", role: "role_arn",
		attrs: []string{"cluster", "cluster_name", "namespace", "namespace", "service-account", "service_account", "target-role", "target_role_arn", "session-tags-disabled", "disable_session_tags"}},

	"aws_autoscaling_group":                                   {kind: "autoscaling:autoScalingGroup", name: "name", attrs: []string{"launch-configuration", "launch_configuration", "launch-template", "launch_template.0.id", "launch-template-version", "launch_template.0.version"}},
	"aws_batch_job_queue":                                     {kind: "batch:job-queue", name: "name", attrs: []string{"state", "state"}},
	"aws_emrserverless_application":                           {kind: "emr-serverless:application", name: "name", attrs: []string{"type", "type"}},
	"aws_kinesisanalyticsv2_application":                      {is: graph.KindWorkload, kind: "kinesisanalytics:application", name: "name", role: "service_execution_role", attrs: []string{"status", "status", "runtime", "runtime_environment"}},
	"aws_rds_cluster":                                         {kind: "rds:cluster", name: "cluster_identifier", attrs: []string{"engine", "engine", "data-api", "enable_http_endpoint", "iam-authentication", "iam_database_authentication_enabled", "secret", "master_user_secret.0.secret_arn", "kms-key", "kms_key_id"}},
	"aws_sagemaker_domain":                                    {kind: "sagemaker:domain", name: "domain_name", role: "default_user_settings.0.execution_role"},
	"aws_sagemaker_user_profile":                              {is: graph.KindWorkload, kind: "sagemaker:user-profile", name: "user_profile_name", role: "user_settings.0.execution_role", attrs: []string{"domain", "domain_id"}},
	"aws_bedrockagentcore_agent_runtime":                      {is: graph.KindWorkload, kind: "bedrock-agentcore:runtime", arn: "agent_runtime_arn", name: "agent_runtime_name", role: "role_arn"},
	"aws_bedrockagentcore_browser":                            {is: graph.KindWorkload, kind: "bedrock-agentcore:browser-custom", arn: "browser_arn", name: "name", role: "execution_role_arn"},
	"aws_bedrockagentcore_code_interpreter":                   {is: graph.KindWorkload, kind: "bedrock-agentcore:code-interpreter-custom", arn: "code_interpreter_arn", name: "name", role: "execution_role_arn"},
	"aws_sagemaker_notebook_instance_lifecycle_configuration": {kind: "sagemaker:notebook-instance-lifecycle-config", name: "name"},
}

// terraform maps one resource of the shape. What has no ARN yet (a plan's) is
// a gap.
func (s shape) terraform(m *mapper, r terraformResource, account string, o *graph.Origin) error {
	a, ok := parseARN(r.at(cmp.Or(s.arn, "arn")))
	if !ok {
		return m.terraformUnnamed(r)
	}
	ref := graph.Ref(a.String())
	if m.c.live[ref] {
		return nil
	}
	n := s.node(ref, r, account, o)
	if err := m.describes(n); err != nil {
		return err
	}
	if err := m.holdersOf(n); err != nil {
		return err
	}
	if err := m.shapeRuns(s, ref, r, account, o); err != nil || s.policy == "" || r.at(s.policy) == "" {
		return err
	}
	return m.terraformAttach(resourceAttachment(ref, o), r.values[s.policy], "/values/"+s.policy)
}

// holdersOf writes those whom a thing lets in: guests of a pool, holders of
// certificates.
func (m *mapper) holdersOf(n graph.Node) error {
	switch {
	case n.Type == "cognito-identity:identitypool" && n.Attr("unauthenticated") == "true":
		return m.guests(string(n.Ref), n.Scope, n.Origin)
	case n.Type == "rolesanywhere:trust-anchor":
		return m.certificates(string(n.Ref), n.Name, n.Scope, n.Origin)
	}
	return nil
}

func (s shape) node(ref graph.Ref, r terraformResource, account string, o *graph.Origin) graph.Node {
	a, _ := parseARN(string(ref))
	n := graph.Node{Ref: ref, Kind: s.is, Type: s.kind, Name: cmp.Or(r.at(s.name), nameOf(a)), Scope: accountRef(account), Tags: r.tags().sorted(), Origin: o}
	if n.Kind == "" || s.role != "" && r.at(s.role) == "" && s.optional() {
		n.Kind = graph.KindResource
	}
	if strings.HasPrefix(n.Type, "events:rule") && strings.Count(string(ref), "/") > 1 {
		n.Type = "events:rule-on-custom-event-bus"
	}
	var pairs []string
	for i := 0; i+1 < len(s.attrs); i += 2 {
		value := r.at(s.attrs[i+1])
		if s.attrs[i] == "kms-key" {
			value = keyARN(string(ref), value)
		}
		if value != "false" || strings.Contains(saidEitherWay, s.attrs[i]) {
			pairs = append(pairs, s.attrs[i], value)
		}
	}
	n.Attrs = attrs(pairs...)
	return n
}

// saidEitherWay are the attributes whose "false" is an answer as well, in live
// documents too.
const saidEitherWay = "unauthenticated classic-flow enabled iam-authentication"

// optional: without a role these are things that others act on.
func (s shape) optional() bool {
	return strings.HasPrefix(s.kind, "cloudformation:") || s.kind == "sagemaker:model" || s.kind == "amplify:apps"
}

func (m *mapper) shapeRuns(s shape, ref graph.Ref, r terraformResource, account string, o *graph.Origin) error {
	if role := r.at(s.role); role != "" {
		to, _ := m.named("role", role, account)
		return m.edge(ref, graph.RunsAs, to, o)
	}
	for _, path := range strings.Split(s.profile, ",") {
		if profile := r.at(path); profile != "" {
			to, _ := m.named("instance-profile", profile, account)
			return m.edge(ref, graph.RunsAs, to, o)
		}
	}
	return nil
}

// at returns the text, number or boolean at a path, "" if there is none.
func (r terraformResource) at(path string) string {
	first, rest, _ := strings.Cut(path, ".")
	v := r.values[first]
	for rest != "" && len(v) > 0 {
		first, rest, _ = strings.Cut(rest, ".")
		v = inside(v, first)
	}
	switch {
	case len(v) == 0:
		return ""
	case v.Kind() == '"':
		s, _ := unquote(v)
		return s
	case v.Kind() == '0' || v.Kind() == 't' || v.Kind() == 'f':
		return string(v)
	}
	return ""
}

// inside returns a member of an object or an element of an array, nothing if
// there is none.
func inside(v jsontext.Value, step string) jsontext.Value {
	if i, err := strconv.Atoi(step); err == nil {
		if list := listOf(v); v.Kind() == '[' && i >= 0 && i < len(list) {
			return list[i]
		}
		return nil
	}
	var members map[string]jsontext.Value
	if v.Kind() != '{' || decode(v, &members) != nil {
		return nil
	}
	return members[step]
}
