package aws

import (
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// The layers that documents speak for.
const (
	LayerIdentity          graph.LayerID = "aws:identity"            // of users, groups and roles
	LayerBoundary          graph.LayerID = "aws:boundary"            // of users and roles
	LayerTrust             graph.LayerID = "aws:trust"               // of roles
	LayerResource          graph.LayerID = "aws:resource"            // of any resource with a policy
	LayerSCP               graph.LayerID = "aws:scp"                 // of roots, organizational units, accounts
	LayerRCP               graph.LayerID = "aws:rcp"                 // the same, for resources
	LayerPublicAccessBlock graph.LayerID = "aws:public-access-block" // of buckets and accounts
	LayerVPCEndpoint       graph.LayerID = "aws:vpc-endpoint"        // of VPC endpoints
	// LayerPolicyVersion holds the versions of a managed policy that are not
	// its default: nobody is bound by them until somebody makes one the default.
	LayerPolicyVersion graph.LayerID = "aws:policy-version"
)

// An operation is one kind of document: what one AWS operation answers.
type operation struct {
	service, name string
	// marks are the top-level members of which at least one must be there.
	marks []string
	// tells decides by a record of a marked member whether the document is of
	// this kind, where other kinds have a member of that name. Nil: always.
	tells func(member string, record jsontext.Value) bool
	// lone: a document outside of a tree is recognised by marks and tells.
	lone bool
	// subject names what <resource> in the tree is; "" where there is none.
	subject string
	// selfEvident: the document itself names the subject.
	selfEvident bool
	// homeless: the document does not name its account. Outside of a tree it
	// is taken to be of the one account that the other documents describe.
	homeless bool
	// mayBeEmpty: the CLI prints nothing where the answer holds nothing.
	mayBeEmpty bool
	// common: it may tell what documents of other accounts need as well.
	common bool
	layers []graph.LayerID // those that answers hang on

	survey map[string]recordFunc // first reading: what other documents need
	each   map[string]recordFunc // second reading, by top-level member
	whole  recordFunc            // second reading, where the document is one record
	stream func(m *mapper, member string, survey bool) error
	// refOf returns what a failed request was about. Nil: the account.
	refOf func(m *mapper) (graph.Ref, error)
}

// operations lists every kind of document that is read. Order matters to
// nobody: marks and tells are exclusive.
var operations = slices.Concat(
	iamOperations(), organizationOperations(), s3Operations(), kmsOperations(), lambdaOperations(),
	sqsOperations(), snsOperations(), secretOperations(), ec2Operations(), terraformOperations(),
	iamFactOperations(), credentialReportOperations(), accessAnalyzerOperations(), identityCenterOperations(), rolesanywhereOperations(), cognitoOperations(),
	ecsOperations(), eksOperations(), lambdaTriggerOperations(), ec2PartOperations(), batchOperations(), apprunnerOperations(),
	codebuildOperations(), glueOperations(), sagemakerOperations(), stepfunctionsOperations(), cloudformationOperations(), ssmOperations(),
	s3EncryptionOperations(), s3ACLOperations(), ecrOperations(), efsOperations(), dynamodbOperations(), kinesisOperations(), rdsOperations(),
	eventsOperations(), apigatewayOperations(), apigatewayMethodOperations(), opensearchOperations(),
	autoscalingOperations(), agentcoreOperations(), emrserverlessOperations(), kinesisanalyticsOperations(), organizationAccessOperations(),
	elasticbeanstalkOperations(), amplifyOperations(), schedulerOperations(), emrOperations(), codedeployOperations(),
)

const treeForm = "<account>/<region or global>/<service>/<operation>[/<resource>].json"

// path is where a document of this kind lies in a tree.
func (op *operation) path() string {
	return "<account>/<region or global>/" + op.service + "/" + op.name + ".json"
}

func operationOf(service, name string) *operation {
	return operationNames()[[2]string{service, name}]
}

var operationNames = sync.OnceValue(func() map[[2]string]*operation {
	names := map[[2]string]*operation{}
	for i := range operations {
		op := &operations[i]
		names[[2]string{op.service, op.name}] = op
	}
	return names
})

// recogniseName finds the one kind of lone document that has this member.
func recogniseName(member string) *operation {
	for i := range operations {
		if op := &operations[i]; op.lone && op.tells == nil && slices.Contains(op.marks, member) {
			return op
		}
	}
	return nil
}

// recogniseRecord finds it by a record where the name alone does not tell.
func recogniseRecord(member string, record jsontext.Value) *operation {
	for i := range operations {
		op := &operations[i]
		if op.lone && op.tells != nil && slices.Contains(op.marks, member) && op.tells(member, record) {
			return op
		}
	}
	return nil
}

// misplacedBy names the kinds of document that would be read inside of a tree.
func misplacedBy(members []string) []string {
	var names []string
	for i := range operations {
		op := &operations[i]
		if op.lone && !slices.Contains(op.marks, "Attributes") {
			continue // its content would have told
		}
		if slices.ContainsFunc(members, func(m string) bool { return slices.Contains(op.marks, m) }) {
			names = append(names, op.service+" "+op.name)
		}
	}
	return names
}

// knownDocuments lists what may lie outside of a tree.
func knownDocuments() string {
	var names []string
	for i := range operations {
		if operations[i].lone {
			names = append(names, strings.TrimSpace(operations[i].service+" "+operations[i].name))
		}
	}
	return strings.Join(names, ", ")
}

// has returns a tells function that looks for any of the members in a record
// that is an object.
func has(members ...string) func(string, jsontext.Value) bool {
	return func(_ string, record jsontext.Value) bool {
		var object map[string]jsontext.Value
		if decode(record, &object) != nil {
			return false
		}
		return slices.ContainsFunc(members, func(m string) bool { _, ok := object[m]; return ok })
	}
}
