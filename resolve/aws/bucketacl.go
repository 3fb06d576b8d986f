package aws

import (
	"encoding/json"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// layerBucketACL holds what a bucket's access control list gives to everybody.
const layerBucketACL graph.LayerID = "aws:bucket-acl"

// aclActions are what the permissions of a bucket's list give to a group.
// FULL_CONTROL gives all of it. Objects have lists of their own.
//
// Source: Amazon S3 user guide, "Access control list (ACL) overview", section
// "Mapping of ACL permissions and access policy permissions".
var aclActions = map[string][]string{
	"READ":      {"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"},
	"WRITE":     {"s3:PutObject"},
	"READ_ACP":  {"s3:GetBucketAcl"},
	"WRITE_ACP": {"s3:PutBucketAcl"},
}

// readACL adds what a bucket's access control list gives to everybody to what
// its policy says: for the one as for the other, a caller of another account
// needs his own account's leave besides. IgnorePublicAcls takes it away. A list
// of a bucket that has lists switched off shows its owner alone.
func (e *Estate) readACL(r *resource) {
	if r.typ != "s3:bucket" || r.ignoreACL == policy.True {
		return
	}
	when := policy.True
	if r.ignoreACL != nil {
		when = r.ignoreACL
	}
	for _, a := range e.s.Attached(r.node, layerBucketACL) {
		var list struct {
			Grants []struct{ To, Permission string }
		}
		if json.Unmarshal(e.textOf(a), &list) != nil {
			continue
		}
		var actions []string
		for _, g := range list.Grants {
			actions = append(actions, permitted(g.Permission)...)
		}
		fact := e.fact(a)
		r.policies = append(r.policies, bound{
			doc: everybodyMay(r.arn, actions), of: a, apart: &apart{when: when, source: fact.apart.source},
		})
	}
	if gap := e.gapOf(r.node, layerBucketACL); gap != nil {
		r.policies = append(r.policies, bound{
			doc: everybodyMay(r.arn, permitted("FULL_CONTROL")), of: statedAttachment,
			apart: &apart{when: policy.And(gap, when), source: &graph.Evidence{
				Layer: layerBucketACL, Policy: graph.Ref(r.arn) + "#acl", Name: "acl", To: graph.Ref(r.arn),
			}},
		})
	}
}

// permitted are the actions of a permission of a list, sorted.
func permitted(permission string) []string {
	if permission != "FULL_CONTROL" {
		return aclActions[permission]
	}
	var all []string
	for _, actions := range aclActions {
		all = append(all, actions...)
	}
	slices.Sort(all)
	return all
}

// everybodyMay is a list as a policy. Anybody can have an account, so the group
// of all who have one is everybody too.
func everybodyMay(bucket string, actions []string) *Document {
	s := Statement{
		Actions: actions, HasResources: true, Resources: []string{bucket, bucket + "/*"},
		HasPrincipals: true, Principals: []PrincipalName{{Type: "AWS", Value: "*"}},
	}
	// Nothing in it can be wrong: actions and a bucket's ARN always compile.
	_ = s.compile(false)
	return &Document{Statements: []Statement{s}}
}
