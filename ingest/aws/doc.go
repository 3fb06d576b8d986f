// Package aws reads what AWS says, from documents in files, and writes it down
// as facts of package graph. It concludes nothing: what a statement grants is
// for package resolve.
//
// # Documents
//
// A document is what the AWS CLI prints as JSON, plain or packed with gzip, or
// what `terraform show -json` prints. Files takes any mix of files and folders.
// Fetching (fetch_*.go) and understanding (map_*.go, one file a service) are
// apart; mapping functions see one recorded record at a time.
//
// A document that names its own subject and account is recognised by content,
// wherever it lies:
//
//	iam            get-account-authorization-details, list-access-keys, list-instance-profiles,
//	               list-saml-providers, get-open-id-connect-provider, list-open-id-connect-providers,
//	               get-login-profile, list-mfa-devices, get-credential-report,
//	               list-organizations-features
//	organizations  describe-organization, list-roots, list-organizational-units-for-parent,
//	               list-accounts, list-policies, describe-policy, list-aws-service-access-for-organization
//	sso-admin      list-instances, list-permission-sets, describe-permission-set, list-account-assignments
//	identitystore  list-users, list-groups, list-group-memberships
//	accessanalyzer list-findings
//	s3api          list-buckets
//	kms            list-keys
//	lambda         list-functions, get-function-url-config, list-function-url-configs, list-event-source-mappings
//	sqs            list-queues, get-queue-attributes (all attributes)
//	sns            list-topics, get-topic-attributes
//	secretsmanager list-secrets, get-resource-policy
//	ec2            describe-instances, describe-vpc-endpoints
//	ecs            list-clusters, describe-clusters, list-task-definitions, describe-task-definition,
//	               describe-services, describe-tasks
//	eks            describe-cluster, describe-nodegroup, describe-fargate-profile,
//	               describe-pod-identity-association, describe-access-entry
//	batch          describe-job-queues, describe-job-definitions, describe-compute-environments
//	apprunner      list-services, describe-service
//	codebuild      batch-get-projects
//	cloudformation describe-stacks, describe-stack-set
//	sagemaker      list-notebook-instances, list-notebook-instance-lifecycle-configs, describe-domain,
//	               describe-user-profile, describe-notebook-instance, describe-processing-job,
//	               describe-training-job, describe-model, describe-endpoint, describe-endpoint-config
//	stepfunctions  list-state-machines, describe-state-machine
//	ecr            describe-repositories
//	efs            describe-file-systems
//	dynamodb       describe-table
//	kinesis        describe-stream, describe-stream-summary
//	events         list-event-buses, list-rules
//	opensearch     describe-domains, describe-domain (also what es describe-elasticsearch-domains prints)
//	rds            describe-db-instances, describe-db-clusters, describe-db-snapshots
//	elasticbeanstalk  describe-environments
//	amplify        list-apps
//	scheduler      list-schedules, get-schedule
//	emr            list-clusters, describe-cluster
//	cognito-identity  describe-identity-pool
//	apigatewayv2   get-apis
//	autoscaling    describe-auto-scaling-groups
//	bedrock-agentcore-control  get-agent-runtime, get-browser, get-code-interpreter
//	kinesisanalyticsv2  describe-application
//	rolesanywhere  list-trust-anchors, list-profiles
//	terraform      show
//
// list-buckets, list-access-keys, list-mfa-devices, get-login-profile,
// get-open-id-connect-provider, describe-identity-pool and all of sso-admin and
// identitystore do not name their account. Outside of a tree they are taken to
// be of the one account that the other documents describe (for keys, of the
// account that the key id encodes, if it is described); with no such account
// that is an error.
//
// # The tree
//
// Other documents say nothing of their subject; their place in a tree does:
//
//	<account>/<region or global>/<service>/<operation>[/<resource>].json[.gz]
//
// The account is twelve digits. The region is a region's name or "global"; a
// partition's name ("aws-cn") is the global of that partition. Service and
// operation are spelled as the CLI spells them. The resource is percent-encoded
// ("prod%2Fdb"), and may be a whole ARN instead of the name below:
//
//	iam/list-access-keys/<user name>
//	iam/get-login-profile/<user name>
//	iam/get-open-id-connect-provider/<host and path of the provider>
//	organizations/list-organizational-units-for-parent/<id of root or unit>
//	organizations/list-accounts-for-parent/<id of root or unit>
//	organizations/list-parents/<account id or unit id>
//	organizations/list-policies/<policy type>
//	organizations/describe-policy/<policy id>
//	organizations/list-targets-for-policy/<policy id>
//	organizations/list-policies-for-target/<target id>[.<policy type>]
//	s3api/get-bucket-policy/<bucket name>
//	s3api/get-public-access-block/<bucket name>
//	s3api/get-bucket-acl/<bucket name>
//	s3control/get-public-access-block            (of the account)
//	kms/get-key-policy/<key id>
//	lambda/get-policy/<function name>
//	sqs/get-queue-attributes/<queue name>
//	sns/get-topic-attributes/<topic name>
//	secretsmanager/get-resource-policy/<secret name>
//	terraform/show/<name of the state>
//	iam/list-mfa-devices/<user name>
//	iam/get-policy-version/<policy ARN>.<version id>
//	iam/list-policy-versions/<policy ARN>
//	accessanalyzer/list-findings/<analyzer name>, list-findings-v2/<analyzer name>
//	sso-admin/describe-permission-set/<permission set ARN>
//	sso-admin/get-inline-policy-for-permission-set/<permission set ARN>
//	sso-admin/list-managed-policies-in-permission-set/<permission set ARN>
//	sso-admin/list-customer-managed-policy-references-in-permission-set/<permission set ARN>
//	sso-admin/get-permissions-boundary-for-permission-set/<permission set ARN>
//	sso-admin/list-account-assignments/<account id>/<permission set ARN>
//	identitystore/list-group-memberships/<group id>
//	cognito-identity/describe-identity-pool/<identity pool id>
//	cognito-identity/get-identity-pool-roles/<identity pool id>
//	lambda/get-function-url-config/<function name>
//	lambda/list-function-url-configs/<function name>
//	ec2/describe-instance-attribute/<instance id>          (--attribute userData)
//	ec2/describe-launch-template-versions/<launch template id>
//	ec2/describe-snapshot-attribute/<snapshot id>          (--attribute createVolumePermission)
//	ecs/describe-task-definition/<family:revision>
//	ecs/describe-services/<cluster name>[.<part>]
//	ecs/describe-tasks/<cluster name>[.<part>]
//	eks/describe-cluster/<cluster name>
//	eks/describe-nodegroup/<cluster name>/<nodegroup name>
//	eks/describe-fargate-profile/<cluster name>/<profile name>
//	eks/describe-pod-identity-association/<cluster name>/<association id>
//	eks/describe-access-entry/<cluster name>/<principal ARN>
//	eks/list-associated-access-policies/<cluster name>/<principal ARN>
//	apprunner/describe-service/<service name>/<service id>
//	cloudformation/describe-stack-set/<stack set name>
//	elasticbeanstalk/describe-configuration-settings/<application name>/<environment name>
//	bedrock-agentcore-control/get-agent-runtime, get-browser, get-code-interpreter/<id>
//	kinesisanalyticsv2/describe-application/<application name>
//	sagemaker/describe-domain/<domain id>
//	sagemaker/describe-user-profile/<domain id>/<profile name>
//	scheduler/get-schedule/<group name>/<schedule name>
//	emr/describe-cluster/<cluster id>
//	glue/get-resource-policy[/<ARN>]                       (none: of the catalog)
//	sagemaker/describe-notebook-instance, describe-processing-job, describe-training-job,
//	          describe-model, describe-endpoint, describe-endpoint-config/<name>
//	stepfunctions/describe-state-machine/<name>
//	s3api/get-bucket-encryption/<bucket name>
//	ecr/get-repository-policy/<repository name>
//	efs/describe-file-system-policy/<file system id>
//	dynamodb/describe-table/<table name>
//	dynamodb/get-resource-policy/<table name, or ARN of a table or stream>
//	kinesis/describe-stream/<stream name>, describe-stream-summary/<stream name>
//	kinesis/get-resource-policy/<stream name, or ARN of a stream or consumer>
//	events/list-rules[/<event bus name>]                   (none: of the default bus)
//	events/list-targets-by-rule/<rule name, or bus name/rule name>
//	apigateway/get-authorizers/<API id>
//	apigateway/get-resources/<API id>                      (--embed methods)
//	apigatewayv2/get-routes/<API id>
//	opensearch/describe-domain, es/describe-elasticsearch-domain/<domain name>
//	rds/describe-db-snapshot-attributes/<snapshot name>
//
// A slash in a resource is written %2F, so that it stays one file name. Lists
// that name neither their account nor their region need the tree, and no
// resource: eks list-clusters, dynamodb list-tables, kinesis list-streams,
// codebuild list-projects, deploy list-deployment-groups (of an application) and
// batch-get-deployment-groups, cloudformation list-stack-sets, glue get-jobs,
// get-dev-endpoints, get-crawlers and list-sessions, emr-serverless list-applications, apigateway get-rest-apis, opensearch and es
// list-domain-names, cognito-identity list-identity-pools, ecr get-registry-policy, ssm
// describe-instance-information, list-documents and describe-parameters, ec2
// describe-launch-templates, describe-key-pairs, describe-volumes,
// describe-snapshots and describe-images. What describes few things at a time (codebuild
// batch-get-projects, ecs describe-clusters, both of deploy) may lie in several files
// <operation>/<part>, which together are taken for all there is.
//
// A folder that is given may be the tree, hold it, or lie inside of it. Files
// whose names end neither in .json nor in .json.gz, and hidden ones, are passed
// over unless they are named themselves.
//
// # What did not come
//
// A file in a tree may hold the CLI's error message in place of the document,
// in any of the CLI's styles. "There is none" (NoSuchBucketPolicy …) is an
// answer; refusals, throttling and the rest become coverage with Status Failed
// of the layers that hang on the document. So do broken documents in a tree,
// and policies that do not parse. A document with a page marker left in it is
// TRUNCATED and its listing not held whole. An empty file is an answer where
// the CLI prints nothing for nothing (sqs). Documents of operations that are
// not listed above are covered as UNSUPPORTED.
//
// A broken or unknown document outside of a tree, a record that is not what it
// should be, and two different dumps of one account end the collection with an
// error that names file, line and byte.
//
// # References
//
// Everything with an ARN is called by it. AWS has none for these:
//
//	account:123456789012        an account
//	service:lambda.amazonaws.com  a service principal
//	credential:AKIA…            an access key, by its public id
//	credential:login-profile/<user ARN>  a console password
//	<provider>#sub=<pattern>    a federated subject, as some trust policy spells it
//	internet                    anybody
//
// # What becomes of things
//
// Code that runs as a role is a Workload with a RUNS_AS edge to the role, or to
// what hands it the role: an instance profile, a task definition. Things that
// only hold a role for others (task and job definitions, launch templates,
// rules, APIs) are Resources with the same edge. A role that is named by name
// gets the ARN that some document shows for it. Roles that a service needs for
// itself (to pull an image, to run a control plane) are attributes:
// execution-role, service-role, access-role. The attribute kms-key is the ARN of
// the key or alias that a thing is encrypted under, where a document names one.
//
// What a document says of a node that another describes is attached to the node
// at a layer of its own (the Layer constants), as an object of some members of
// the record. No policy stands at such a layer, and the list of members is
// closed: what AWS adds to a record is not kept. Environment variables, job
// arguments, stack parameters, rule inputs, user data, certificates, e-mail
// addresses and values of parameters are never read into a record.
//
// A thing of a type that is not known, in a document that is, becomes a Resource
// with its ARN and the type that its ARN spells.
//
// # Several documents of one thing
//
// Live documents win over Terraform's, which are mapped last, thing by thing and
// policy by policy. Accounts and
// organizations are put together from all documents. Otherwise documents that
// say different things of one node are a conflict that the sink reports.
//
// Memory holds what one account's documents tell each other, one record of each,
// and some twenty bytes of every file's name. What is kept of all accounts are the
// accounts themselves, their organization, and the policies that they have in
// common. Where a document lies outside of a tree, it may lean on any other: tables
// then grow with groups, access keys, listings and distinct texts of managed
// policies, and with the things of dumps where there are several.
package aws
