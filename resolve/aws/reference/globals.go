package reference

import (
	"sort"
	"strings"
)

// GlobalKey is a condition key that requests to every service may carry.
// Whether a given request carries it is for the caller to know.
type GlobalKey struct {
	Name  string // as AWS spells it; where a tag's key follows, it ends with "/"
	Type  string // as in Key
	About string // what the value tells of: principal, session, network, resource or request
}

// Multivalued says whether one request may carry several values of the key, so
// that policies are to use ForAllValues or ForAnyValue with it.
func (g GlobalKey) Multivalued() bool { return strings.HasPrefix(g.Type, "ArrayOf") }

// globalKeys follow AWS's page "AWS global condition context keys" (IAM User
// Guide, reference_policies_condition-keys): data type and value type as there,
// About by its headings, sorted by lower-case name. Two keys have two types on
// that page and stand with the first: aws:EpochTime is numeric too,
// aws:FederatedProvider may be an ARN. aws:SourceOwner has left the page, but
// SNS still writes it into the policy of each new topic.
var globalKeys = [...]GlobalKey{
	{"aws:AssumedRoot", "Bool", "session"},
	{"aws:CalledVia", "ArrayOfString", "request"},
	{"aws:CalledViaAWSMCP", "String", "request"},
	{"aws:CalledViaFirst", "String", "request"},
	{"aws:CalledViaLast", "String", "request"},
	{"aws:ChatbotSourceArn", "ARN", "session"},
	{"aws:CurrentTime", "Date", "request"},
	{"aws:Ec2InstanceSourcePrivateIPv4", "IPAddress", "session"},
	{"aws:Ec2InstanceSourceVpc", "String", "session"},
	{"aws:EpochTime", "Date", "request"},
	{"aws:FederatedProvider", "String", "session"},
	{"aws:IsMcpServiceAction", "Bool", "request"},
	{"aws:MultiFactorAuthAge", "Numeric", "session"},
	{"aws:MultiFactorAuthPresent", "Bool", "session"},
	{"aws:PrincipalAccount", "String", "principal"},
	{"aws:PrincipalArn", "ARN", "principal"},
	{"aws:PrincipalIsAWSService", "Bool", "principal"},
	{"aws:PrincipalOrgID", "String", "principal"},
	{"aws:PrincipalOrgPaths", "ArrayOfString", "principal"},
	{"aws:PrincipalServiceName", "String", "principal"},
	{"aws:PrincipalServiceNamesList", "ArrayOfString", "principal"},
	{"aws:PrincipalTag/", "String", "principal"},
	{"aws:PrincipalType", "String", "principal"},
	{"aws:referer", "String", "request"},
	{"aws:RequestedRegion", "String", "request"},
	{"aws:RequestTag/", "String", "request"},
	{"aws:ResourceAccount", "String", "resource"},
	{"aws:ResourceOrgID", "String", "resource"},
	{"aws:ResourceOrgPaths", "ArrayOfString", "resource"},
	{"aws:ResourceTag/", "String", "resource"},
	{"aws:SecureTransport", "Bool", "request"},
	{"aws:SignInSessionArn", "ARN", "session"},
	{"aws:SourceAccount", "String", "request"},
	{"aws:SourceArn", "ARN", "request"},
	{"aws:SourceIdentity", "String", "session"},
	{"aws:SourceIp", "IPAddress", "network"},
	{"aws:SourceOrgID", "String", "request"},
	{"aws:SourceOrgPaths", "ArrayOfString", "request"},
	{"aws:SourceOwner", "String", "request"},
	{"aws:SourceVpc", "String", "network"},
	{"aws:SourceVpcArn", "ARN", "network"},
	{"aws:SourceVpce", "String", "network"},
	{"aws:TagKeys", "ArrayOfString", "request"},
	{"aws:TokenIssueTime", "Date", "session"},
	{"aws:UserAgent", "String", "request"},
	{"aws:userid", "String", "principal"},
	{"aws:username", "String", "principal"},
	{"aws:ViaAWSMCPService", "Bool", "request"},
	{"aws:ViaAWSService", "Bool", "request"},
	{"aws:VpceAccount", "String", "network"},
	{"aws:VpceOrgID", "String", "network"},
	{"aws:VpceOrgPaths", "ArrayOfString", "network"},
	{"aws:VpcSourceIp", "IPAddress", "network"},
	{"codebuild:BuildArn", "ARN", "session"},
	{"codebuild:ProjectArn", "ARN", "session"},
	{"ec2:RoleDelivery", "Numeric", "session"},
	{"ec2:SourceInstanceArn", "ARN", "session"},
	{"glue:CredentialIssuingService", "String", "session"},
	{"glue:RoleAssumedBy", "String", "session"},
	{"identitystore:UserId", "String", "session"},
	{"lambda:SourceFunctionArn", "ARN", "session"},
	{"ssm:SourceInstanceArn", "ARN", "session"},
}

// Global returns the global condition key of a name, whatever its case:
// "aws:sourceip", "aws:PrincipalTag/team". The keys that some services set on
// the sessions of roles (lambda:SourceFunctionArn) are global too.
func Global(key string) (GlobalKey, bool) {
	head := key
	if slash := strings.IndexByte(key, '/'); slash >= 0 && slash+1 < len(key) {
		head = key[:slash+1]
	}
	i := sort.Search(len(globalKeys), func(i int) bool { return compareFold(globalKeys[i].Name, head) >= 0 })
	if i == len(globalKeys) || !equalFold(globalKeys[i].Name, head) {
		return GlobalKey{}, false
	}
	if strings.HasSuffix(key, "/") && len(key) == len(head) { // a tag's key is missing
		return GlobalKey{}, false
	}
	return globalKeys[i], true
}

// Globals returns all global condition keys, sorted by lower-case name.
func Globals() []GlobalKey { return append([]GlobalKey(nil), globalKeys[:]...) }
