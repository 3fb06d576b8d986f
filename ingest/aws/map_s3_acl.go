package aws

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clewgraph/clew/graph"
)

// LayerBucketACL holds what a bucket's access control list gives to everybody:
// [{"to": "AllUsers" or "AuthenticatedUsers", "permission": …}] in "grants".
const LayerBucketACL graph.LayerID = "aws:bucket-acl"

func s3ACLOperations() []operation {
	return []operation{{service: "s3api", name: "get-bucket-acl", subject: "bucket name", marks: []string{"Grants"},
		layers: []graph.LayerID{LayerBucketACL}, whole: record(mapBucketACL), refOf: bucketOf}}
}

// aclGroups begins the URIs of the groups that are everybody, and everybody
// with an account.
const aclGroups = "http://acs.amazonaws.com/groups/global/"

type aclGrant struct {
	To         string `json:"to"`
	Permission string `json:"permission"`
}

// mapBucketACL keeps grants to groups. Accounts stand there by canonical ids,
// which no document ties to them.
func mapBucketACL(m *mapper, d struct {
	Grants []struct {
		Grantee    struct{ URI string }
		Permission string
	}
}) error {
	ref, err := bucketOf(m)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, "", ref)
	var grants []aclGrant
	for _, g := range d.Grants {
		if to, ok := strings.CutPrefix(g.Grantee.URI, aclGroups); ok {
			grants = append(grants, aclGrant{to, g.Permission})
		}
	}
	if err := m.resourcePolicy(ref, "s3:bucket", nil, ""); err != nil || len(grants) == 0 {
		return err
	}
	text, err := json.Marshal(map[string]any{"grants": grants}, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("%s: grants: %w", m.pointer, err)
	}
	return m.factText(fact{ref, LayerBucketACL, "acl"}, text, o)
}
