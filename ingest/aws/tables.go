package aws

import "github.com/clewgraph/clew/graph"

// tables hold what the first reading of documents tells others. Those of a
// tree's account go with the account; below them lie those of the collection.
type tables struct {
	managed managedPolicies
	groups  map[string]string // account/name → ARN
	wanted  map[string]bool   // names of users, roles and instance profiles whose ARN is wanted
	secrets map[string]string // account/region/name → ARN
	below   *tables           // which nothing changes any more; asked first
}

func newTables(below *tables) *tables {
	return &tables{managed: newManagedPolicies(), groups: map[string]string{}, wanted: map[string]bool{}, secrets: map[string]string{}, below: below}
}

// policy returns what is known of a managed policy.
func (t *tables) policy(arn graph.Ref) (p managedPolicy, known bool) {
	if t.below != nil {
		if p, known = t.below.policy(arn); known {
			return p, true
		}
	}
	p, known = t.managed.byARN[string(arn)]
	return p, known
}

// group returns the ARN of a group, "" if no document shows it.
func (t *tables) group(account, name string) string {
	if t.below != nil {
		if arn := t.below.group(account, name); arn != "" {
			return arn
		}
	}
	return t.groups[account+"/"+name]
}

// secret returns the ARN of a secret, "" if no document shows it.
func (t *tables) secret(account, region, name string) string {
	if t.below != nil {
		if arn := t.below.secret(account, region, name); arn != "" {
			return arn
		}
	}
	return t.secrets[secretKey(account, region, name)]
}

// wants reports whether some document has use for the ARN behind a name.
func (t *tables) wants(name string) bool {
	return t.wanted[name] || t.below != nil && t.below.wants(name)
}
