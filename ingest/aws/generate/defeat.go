package generate

import "fmt"

// A Defeat is a shape of estate in which principals, or the sets of what they
// may act on, have little in common: what an evaluator does once for many, it
// has to do for each.
type Defeat string

// The defeats.
const (
	// DefeatNothing is the ordinary estate.
	DefeatNothing Defeat = ""
	// DefeatByTags gives every principal a tag of its own value, and leave to
	// act on whatever carries the same; every secret carries one of them.
	DefeatByTags Defeat = "tags"
	// DefeatByPolicies gives every principal statements that no other has, and
	// every bucket a policy.
	DefeatByPolicies Defeat = "policies"
	// DefeatByNotResource turns every statement of managed policies and of
	// principals' own that speaks of resources around: it speaks of all but some.
	DefeatByNotResource Defeat = "notresource"
)

// Defeats lists the shapes that can be asked for by name.
var Defeats = []Defeat{DefeatByTags, DefeatByPolicies, DefeatByNotResource}

// ownerTag is the key whose values principals have to themselves.
const ownerTag = "owner"

// owner is the value that principal i of account a has to itself.
func (p *plan) owner(a, i int) string { return fmt.Sprintf("owner-%s-%05d", p.accountID(a), i) }

// ownerOf draws whose tag a resource carries, "" where tags defeat nothing or
// the account has no principal.
func (p *plan) ownerOf(a, i int) string {
	if p.Defeat != DefeatByTags || p.principals(a) == 0 {
		return ""
	}
	return p.owner(a, p.pick(p.principals(a), 'w', a, i))
}

// ownerTags are the tags of a resource, one more where tags defeat sharing.
func (p *plan) ownerTags(tags []object, a, i int) []object {
	if owner := p.ownerOf(a, i); owner != "" {
		tags = append(tags, object{"Key": ownerTag, "Value": owner})
	}
	return tags
}

// sameOwner lets whoever has it act on what carries the same tag. Its text is
// the same for all: what differs is the tag.
func sameOwner() statements {
	return statements{{Sid: "SameOwner", Effect: allow, Action: []string{"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"}, Resource: "*",
		Condition: condition{"StringEquals": {"aws:ResourceTag/" + ownerTag: "${aws:PrincipalTag/" + ownerTag + "}"}}}}
}

// ownPercent is how many principals of a hundred have statements of their own.
func (p *plan) ownPercent() float64 {
	if p.Defeat == DefeatByPolicies {
		return 100
	}
	return 25
}

// hasPolicy reports whether bucket i of an account shows a policy.
func (p *plan) hasPolicy(i int) bool { return i%2 == 0 || p.Defeat == DefeatByPolicies }

// turned makes a statement speak of all but a few of the resources that its
// services have, where NotResource defeats sharing. The mark makes the few
// differ.
func (p *plan) turned(s statement, mark string) statement {
	if p.Defeat == DefeatByNotResource {
		s.Resource = nil
		s.NotResource = []string{"arn:aws:s3:::data-*-" + mark + "*", "arn:aws:sqs:*:*:queue-*" + mark, "arn:aws:secretsmanager:*:*:secret:*" + mark + "-*"}
	}
	return s
}
