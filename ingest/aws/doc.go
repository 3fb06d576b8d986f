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
//	               get-login-profile
//	organizations  describe-organization, list-roots, list-organizational-units-for-parent,
//	               list-accounts, list-policies, describe-policy
//	s3api          list-buckets
//	kms            list-keys
//	lambda         list-functions
//	sqs            list-queues, get-queue-attributes (all attributes)
//	sns            list-topics, get-topic-attributes
//	secretsmanager list-secrets, get-resource-policy
//	ec2            describe-instances, describe-vpc-endpoints
//	terraform      show
//
// list-buckets, list-access-keys, get-login-profile and
// get-open-id-connect-provider do not name their account. Outside of a tree they are taken to be of the one account
// that the other documents describe (for keys, of the account that the key id
// encodes, if it is described); with no such account that is an error.
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
//	s3control/get-public-access-block            (of the account)
//	kms/get-key-policy/<key id>
//	lambda/get-policy/<function name>
//	sqs/get-queue-attributes/<queue name>
//	sns/get-topic-attributes/<topic name>
//	secretsmanager/get-resource-policy/<secret name>
//	terraform/show/<name of the state>
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
// # Several documents of one thing
//
// Live documents win over Terraform's, which are mapped last. Accounts and
// organizations are put together from all documents. Otherwise documents that
// say different things of one node are a conflict that the sink reports.
//
// Memory holds one record, and tables that grow with accounts, groups, access
// keys, resource listings and distinct texts of managed policies.
package aws
