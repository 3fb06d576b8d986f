package aws

// A ruleSet is a set of the rules below. The evaluator holds them all; tests
// switch one off to see that vectors notice.
type ruleSet uint32

// The rules of evaluation, by the numbers that the vectors under testdata/aws
// carry. Each is applied where its comment says.
const (
	ruleExplicitDeny ruleSet = 1 << iota // 1: an explicit Deny wins (request.go, word)
	ruleActions                          // 2: case and wildcards of actions (action.go)
	ruleResources                        // 3: resource patterns, types and parts (request.go, decide.go)
	ruleAccounts                         // 4: which side has to grant (request.go)
	ruleConditions                       // 5: condition operators (condition.go)
	ruleVariables                        // 6: policy variables (request.go, condition.go)
	ruleKeys                             // 7: what a request carries (keys.go)
	ruleJoin                             // 8: conditions joined over layers (explain.go)
	ruleBoundary                         // 9: which grants a boundary limits (request.go)
	ruleOrganization                     // 10: service and resource control policies (scp.go, rcp.go)
	rulePassRole                         // 11: which services a role can be passed to (keys.go)
	ruleSessions                         // 12: session names, tags and source identities (naming.go, needed.go)
	ruleNotPrincipal                     // 13: whom NotPrincipal spares (naming.go)
	ruleKMS                              // 14: keys have no implicit owner (resource.go, needed.go)
	rulePublic                           // 15: public policies (publicaccess.go)
	ruleCallers                          // 16: root, services, federated subjects (identity.go, impossible.go)
	rulePartitions                       // 17: partitions, protected entities (impossible.go)
)

// holds reports whether a rule is applied.
func (r *request) holds(rule ruleSet) bool { return r.estate.off&rule == 0 }
