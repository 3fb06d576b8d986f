package graph

import (
	"fmt"
	"strconv"
	"strings"
)

// A Verdict names the state of a decision's formula. The order is the order
// of sureness: a path is as sure as its least sure hop.
type Verdict uint8

// The four verdicts, least sure first.
const (
	// Denied: false whatever the open facts are.
	Denied Verdict = iota
	// Unknown: a gap (a document that was asked for and did not come) can change it.
	Unknown
	// Conditional: hangs on what a request will carry, and on nothing else.
	Conditional
	// Allowed: true whatever the open facts are.
	Allowed
)

var verdictWords = [...]string{"DENIED", "UNKNOWN", "CONDITIONAL", "ALLOWED"}

// String returns the verdict as GraphQL and the command line write it.
func (v Verdict) String() string { return verdictWords[v] }

// ParseVerdict reads what String returns.
func ParseVerdict(s string) (Verdict, error) {
	for v, word := range verdictWords {
		if s == word {
			return Verdict(v), nil
		}
	}
	return 0, fmt.Errorf("verdict %q: want one of %v", s, verdictWords)
}

// Bounds are what an Unknown would be if every gap held the least, and the
// most, favourable policy. For any other verdict both equal it.
type Bounds struct{ Least, Most Verdict }

// Hold says how a principal is held at a step of a path.
type Hold uint8

// The ways to hold a principal.
const (
	// ByCredential: with its own long-lived credential (or, for a federated
	// subject, its token).
	ByCredential Hold = iota
	// AsSession: as a temporary session of it.
	AsSession
	// AsCode: as code that runs as it.
	AsCode
	// WithOwnPolicy: as itself, with identity policies of its holder's choice.
	// Boundaries and ceilings still hold.
	WithOwnPolicy
	// DataOnly: not held at all; what it holds, or what it guards, is within
	// reach. Nothing starts there.
	DataOnly
)

// MaxLimits is how many limits of one principal a hold can tell apart.
const MaxLimits = 4

// LastHold is the last way to hold a principal.
const LastHold = DataOnly + 1<<MaxLimits - 1

// Without is how a principal is held that took some of its limits off itself: as
// it was, without them. Bit n stands for the n-th limit that its provider counts.
func Without(limits uint8) Hold { return DataOnly + Hold(limits) }

// Without returns the limits that were taken off, none for the other holds.
func (h Hold) Without() uint8 {
	if h <= DataOnly {
		return 0
	}
	return uint8(h - DataOnly)
}

var holdWords = [...]string{"its own credential", "a session", "code running as it", "itself with a policy of its choice", "its data alone"}

// String says in words how the principal is held. No two holds have the same.
func (h Hold) String() string {
	if h > DataOnly {
		var gone []string
		for n := range MaxLimits {
			if h.Without()>>n&1 == 1 {
				gone = append(gone, strconv.Itoa(n+1))
			}
		}
		if len(gone) == 1 {
			return "itself without limit " + gone[0]
		}
		return "itself without limits " + strings.Join(gone, ", ")
	}
	return holdWords[h]
}

// Effect says what one layer, or one statement, did in a decision.
type Effect string

// The effects.
const (
	EffectAllow         Effect = "ALLOW"          // a grant, or a ceiling that lets through
	EffectDeny          Effect = "DENY"           // an explicit deny
	EffectLimit         Effect = "LIMIT"          // a ceiling that does not let through
	EffectNotApplicable Effect = "NOT_APPLICABLE" // the layer has no word in this request
)

// Evidence points at one statement of one attached policy.
type Evidence struct {
	Layer     LayerID
	Effect    Effect
	Policy    Ref
	Name      string
	Version   string
	Inline    bool
	To        Ref    // the node that the policy is attached to
	Statement int    // zero-based index of the statement in its document
	Sid       string // the statement's own id, if it has one
	Pointer   string // JSON Pointer of the statement in the policy document
	Document  [32]byte
}
