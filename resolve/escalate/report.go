package escalate

import (
	"encoding/json"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
)

// A report is a user's row of an account's credential report, of which the
// listings of single users may be missing.
//
// Source: IAM user guide, "Get credential reports for your AWS account".
type report struct {
	Password string `json:"password_enabled"`
	Key1     string `json:"access_key_1_active"`
	Key2     string `json:"access_key_2_active"`
}

// report returns the row of a user, an empty one where no document has it.
func (b *view) report(user snapshot.Index) (r report) {
	for _, x := range b.m.s.Attachments(user) {
		record := b.m.s.BareAttachment(x)
		if strings.HasSuffix(string(record.Layer), ":credential-report") && json.Unmarshal(record.Document, &r) == nil {
			return r
		}
	}
	return report{}
}

// keys counts the active keys: a user has at least so many, since the report
// tells an inactive key from none no further.
func (r report) keys() int {
	n := 0
	for _, active := range []string{r.Key1, r.Key2} {
		if strings.EqualFold(active, "true") {
			n++
		}
	}
	return n
}

// password says whether the user has a console password; known is false where
// the report does not tell.
func (r report) password() (has, known bool) {
	has = strings.EqualFold(r.Password, "true")
	return has, has || strings.EqualFold(r.Password, "false")
}
