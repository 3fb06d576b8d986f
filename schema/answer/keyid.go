package answer

import (
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// accountOfKey returns the AWS account that an access key id encodes: the 40
// bits behind the first bit of what follows the four letters, as base32. That
// first bit is 0 in key ids of the old form, which encode no account.
//
// Source: WithSecure Labs, "A bitwise analysis of AWS access key identifiers".
func accountOfKey(id string) (string, bool) {
	const whole = 16 // characters that are 10 bytes
	text := strings.TrimPrefix(strings.TrimPrefix(id, "AKIA"), "ASIA")
	if len(text) < whole {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(text[:whole])
	if err != nil || raw[0]&0x80 == 0 {
		return "", false
	}
	var x uint64
	for _, b := range raw[:6] {
		x = x<<8 | uint64(b)
	}
	account := x & 0x7fffffffff80 >> 7
	return fmt.Sprintf("%012d", account), account < 1e12
}

// unknownKey says of a key id that no document holds whose it must be, and
// which listing would tell.
func (v *View) unknownKey(id string) error {
	account, ok := accountOfKey(id)
	if !ok {
		return fault(NotFound, "access key %s is in no document, and its id is of the form that encodes no account; iam list-access-keys of its account would hold it", shorten(id))
	}
	known := "of which nothing was collected"
	if i, found := v.Snapshot.Find(graph.Ref("account:" + account)); found && !v.Snapshot.Mentioned(i) && !v.hidden(i) {
		known = fmt.Sprintf("(%s)", v.Snapshot.Name(i))
	}
	if strings.HasPrefix(id, "ASIA") {
		return fault(NotFound, "access key %s is in no document; it is a temporary one of account %s %s, and no listing shows those: logs of that account tell whose session it is", id, account, known)
	}
	return fault(NotFound, "access key %s is in no document; its id encodes account %s %s: iam list-access-keys of that account is what is missing", id, account, known)
}
