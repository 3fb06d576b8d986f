package aws

import (
	"encoding/json"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// The facts about identity pools of Amazon Cognito that ingest writes.
const (
	typePool   = "cognito-identity:identitypool"
	typeGuests = "cognito-identity:guests" // whoever a pool hands credentials to without a sign-in
	// layerPoolRoles holds the roles that a pool hands out. To the pool.
	layerPoolRoles graph.LayerID = "aws:identity-pool-roles"
	// layerPool stands for the settings of a pool, where they are missing.
	layerPool graph.LayerID = "aws:identity-pool"
)

const (
	cognito = "cognito-identity.amazonaws.com"
	// guestAction is the call that hands a guest credentials in the enhanced
	// flow.
	guestAction = "cognito-identity:getcredentialsforidentity"
)

// guestServices is what the credentials of guests can be used for in the
// enhanced flow, beside guestPolicy. Both are passed to STS with the session,
// so either is enough.
//
// Source: Amazon Cognito developer guide, "IAM roles", section "Access
// policies". The basic flow passes none of it.
const guestServices = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
	"cloudwatch:*", "logs:*", "dynamodb:*", "kinesis:*", "mobileanalytics:*", "s3:*", "ses:*", "sns:*", "sqs:*", "lambda:*",
	"machinelearning:*", "execute-api:*", "iot:*", "gamelift:*", "cognito-identity:*", "cognito-idp:*", "lex:*", "polly:*",
	"comprehend:*", "translate:*", "transcribe:*", "rekognition:*", "mobiletargeting:*", "firehose:*", "appsync:*", "personalize:*",
	"sagemaker:InvokeEndpoint", "cognito-sync:*", "codewhisperer:*", "textract:DetectDocumentText", "textract:AnalyzeDocument", "sdb:*"]}]}`

const guestPolicy = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"

// poolTokens are the tokens with which anybody can call STS himself: those of
// pools that let guests in and allow the basic flow, and those of a pool of his
// own, which a trust that names no pool takes as well.
//
// Source: Amazon Cognito developer guide, "Identity pools authentication
// flow" and "IAM roles".
func (e *Estate) poolTokens() []ticket {
	var list []ticket
	for _, node := range e.letIn().pools {
		if had := policy.And(e.poolAllows(node, "unauthenticated"), e.poolAllows(node, "classic-flow")); had != policy.False {
			list = append(list, e.guestToken(node, had))
		}
	}
	own := "us-east-1:" + anyKey
	for _, amr := range [][]string{{"unauthenticated"}, {"authenticated", anyKey}} {
		list = append(list, ticket{p: e.bearer(cognito, cognito), had: policy.True, stated: claims(own, amr)})
	}
	return list
}

// guestToken is what a pool gives to whoever asks.
func (e *Estate) guestToken(pool snapshot.Index, had *policy.Formula) ticket {
	_, id, _ := strings.Cut(string(e.s.Ref(pool)), ":identitypool/")
	return ticket{p: e.bearer(cognito, cognito), had: had, stated: claims(id, []string{"unauthenticated"})}
}

func claims(pool string, amr []string) []statedKey {
	return []statedKey{{key: cognito + ":aud", values: []string{pool}}, {key: cognito + ":amr", values: amr}}
}

// poolAllows reads one of the settings of a pool.
func (e *Estate) poolAllows(pool snapshot.Index, setting string) *policy.Formula {
	n := e.s.Bare(pool)
	if !n.Mentioned {
		return policy.Constant(n.Attr(setting) == "true")
	}
	if gap := e.gapOf(pool, layerPool); gap != nil {
		return gap
	}
	return policy.Missing(&policy.Gap{Of: n.Ref, Layer: layerPool, Reason: graph.ReasonMissing,
		Detail: "whether the pool lets guests in is in no document: cognito-identity describe-identity-pool"})
}

// guestRole returns the role that a pool hands to guests, as its roles document
// says; gap is what is missing where none does.
func (e *Estate) guestRole(pool snapshot.Index) (role string, because *bound, gap *policy.Formula) {
	for _, a := range e.s.Attached(pool, layerPoolRoles) {
		var doc struct {
			Roles struct{ Unauthenticated string }
		}
		if json.Unmarshal(e.textOf(a), &doc) != nil {
			continue
		}
		return doc.Roles.Unauthenticated, e.fact(a), nil
	}
	if gap := e.gapOf(pool, layerPoolRoles); gap != nil {
		return "", nil, gap
	}
	if e.asked(pool, layerPoolRoles) {
		return "", nil, nil
	}
	return "", nil, policy.Missing(&policy.Gap{Of: e.s.Ref(pool), Layer: layerPoolRoles, Reason: graph.ReasonMissing,
		Detail: "which role the pool hands to guests is in no document: cognito-identity get-identity-pool-roles"})
}

// guestTokens answers GetCredentialsForIdentity: Cognito shows STS the guest's
// token for him, and the trust of the role that the pool hands out decides.
func (r *request) guestTokens() []ticket {
	e := r.estate
	if r.resource.typ != typeGuests {
		return nil
	}
	pool, ok := e.poolOf(r.resource.node)
	if !ok {
		return nil
	}
	role, because, _ := e.guestRole(pool)
	node, described := e.s.Find(graph.Ref(role))
	had := e.poolAllows(pool, "unauthenticated")
	if !described || had == policy.False {
		return nil
	}
	t := e.guestToken(pool, had)
	t.because = []*bound{because}
	r.resource = e.resourceByNode(node)
	return []ticket{t}
}

// poolOf returns the pool whose guests a node stands for.
func (e *Estate) poolOf(guests snapshot.Index) (snapshot.Index, bool) {
	return e.s.Find(graph.Ref(e.s.Attr(guests, "pool")))
}
