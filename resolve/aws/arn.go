package aws

import (
	"strings"
)

// An ARN is an Amazon Resource Name in its six parts. Resource keeps its
// colons and slashes.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN splits s; ok is false if s is no ARN.
func ParseARN(s string) (a ARN, ok bool) {
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return ARN{}, false
	}
	for _, part := range [...]*string{&a.Partition, &a.Service, &a.Region, &a.Account} {
		at := strings.IndexByte(rest, ':')
		if at < 0 {
			return ARN{}, false
		}
		*part, rest = rest[:at], rest[at+1:]
	}
	a.Resource = rest
	return a, a.whole()
}

// whole reports whether the fields are there that every ARN has.
func (a *ARN) whole() bool { return a.Partition != "" && a.Service != "" && a.Resource != "" }

// String joins the parts.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// isAccountID reports whether s is twelve digits.
func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// partitionOf returns the partition of an ARN-like reference, "aws" for others.
func partitionOf(s string) string {
	if a, ok := ParseARN(s); ok {
		return a.Partition
	}
	return "aws"
}
