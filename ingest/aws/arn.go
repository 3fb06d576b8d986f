package aws

import (
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// An arn is an Amazon Resource Name in its parts:
// arn:partition:service:region:account:resource.
type arn struct {
	partition, service, region, account, resource string
}

// parseARN splits s; false if it is no ARN of a real partition.
func parseARN(s string) (arn, bool) {
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return arn{}, false
	}
	var parts [4]string
	for i := range parts {
		if parts[i], rest, ok = strings.Cut(rest, ":"); !ok {
			return arn{}, false
		}
	}
	if !isPartition(parts[0]) || parts[1] == "" || rest == "" {
		return arn{}, false
	}
	return arn{parts[0], parts[1], parts[2], parts[3], rest}, true
}

// isPartition reports whether s is "aws" or "aws-…" in lower-case letters.
func isPartition(s string) bool {
	rest, ok := strings.CutPrefix(s, "aws")
	if !ok || (rest != "" && rest[0] != '-') {
		return false
	}
	return strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// isAccountID reports whether s is twelve digits.
func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// String returns the ARN as AWS writes it.
func (a arn) String() string {
	return "arn:" + a.partition + ":" + a.service + ":" + a.region + ":" + a.account + ":" + a.resource
}

// last returns what stands after the last slash of the resource part: the
// name of an IAM thing without its path.
func (a arn) last() string {
	return a.resource[strings.LastIndexByte(a.resource, '/')+1:]
}

// kind returns what stands before the first slash or colon of the resource
// part, e.g. "role".
func (a arn) kind() string {
	if i := strings.IndexAny(a.resource, "/:"); i >= 0 {
		return a.resource[:i]
	}
	return ""
}

// accountRef is the Ref of an account: AWS has no ARN for a lone one.
func accountRef(id string) graph.Ref { return graph.Ref("account:" + id) }

// rootRef is the Ref of an account's root user.
func rootRef(partition, id string) graph.Ref {
	return graph.Ref("arn:" + partition + ":iam::" + id + ":root")
}

// serviceRef is the Ref of a service principal.
func serviceRef(host string) graph.Ref { return graph.Ref("service:" + host) }

// credentialRef is the Ref of an access key, by its public id.
func credentialRef(keyID string) graph.Ref { return graph.Ref("credential:" + keyID) }

// subjectRef is the Ref of a federated subject: provider is an ARN or, for
// providers that AWS itself knows, a host name.
func subjectRef(provider, sub string) graph.Ref {
	return graph.Ref(provider + "#sub=" + sub)
}

// partitions are told by how their regions' names begin.
var partitions = []struct{ begin, partition string }{
	{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-isob-", "aws-iso-b"}, {"us-isof-", "aws-iso-f"},
	{"us-iso-", "aws-iso"}, {"eu-isoe-", "aws-iso-e"}, {"eusc-", "aws-eusc"},
}

// partitionOf returns the partition that a region lies in; a partition's name
// stands for itself.
func partitionOf(region string) string {
	if isPartition(region) {
		return region
	}
	for _, p := range partitions {
		if strings.HasPrefix(region, p.begin) {
			return p.partition
		}
	}
	return "aws"
}

// wantARN parses s or says in an error what s was meant to be.
func wantARN(what, s string) (arn, error) {
	a, ok := parseARN(s)
	if !ok {
		return arn{}, fmt.Errorf("%s %q: want an ARN", what, s)
	}
	return a, nil
}

// keyAccount returns the account that an access key id encodes, "" for ids of
// the time before AWS encoded it (fifth character I or J) and for anything
// that is no key id. The account is in bits 7 to 46 of the base32 text.
func keyAccount(id string) string {
	if len(id) < 16 || id[4] == 'I' || id[4] == 'J' {
		return ""
	}
	var bits uint64
	for i := 4; i < 14; i++ {
		v := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", id[i])
		if v < 0 {
			return ""
		}
		bits = bits<<5 | uint64(v)
	}
	// Ten characters are 50 bits; the first six bytes are 48 of them.
	n := (bits >> 2 & 0x7fffffffff80) >> 7
	if n > 999_999_999_999 {
		return ""
	}
	return fmt.Sprintf("%012d", n)
}
