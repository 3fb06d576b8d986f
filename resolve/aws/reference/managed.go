package reference

import (
	"bytes"
	_ "embed"
	"fmt"
	"iter"
	"strings"
	"sync"
)

//go:embed managed-policies.jsonl.gz
var packedPolicies []byte

// managedPolicy is one line of the catalogue; document is a view into it.
type managedPolicy struct {
	arn      string
	version  string
	document []byte
}

// catalogue is the decoded file: in order of ARN, and found by ARN or, for
// policies that AWS withdrew and whose path is unknown, by name.
type catalogue struct {
	policies []managedPolicy
	byARN    map[string]int
	byName   map[string]int
}

var policies = sync.OnceValue(func() *catalogue {
	lines, err := unpack(packedPolicies)
	if err != nil {
		panic(fmt.Sprintf("reference: embedded managed policies: %v", err))
	}
	c, err := readCatalogue(lines)
	if err != nil {
		panic(fmt.Sprintf("reference: embedded managed policies: %v", err))
	}
	return c
})

func readCatalogue(lines []byte) (*catalogue, error) {
	c := &catalogue{byARN: map[string]int{}, byName: map[string]int{}}
	for number := 1; len(lines) > 0; number++ {
		var line []byte
		line, lines, _ = bytes.Cut(lines, []byte("\n"))
		p, name, ok := cutPolicy(line)
		if !ok {
			return nil, fmt.Errorf("line %d is not as generated", number)
		}
		if p.arn == "" {
			c.byName[name] = len(c.policies)
		} else {
			c.byARN[p.arn] = len(c.policies)
		}
		c.policies = append(c.policies, p)
	}
	return c, nil
}

// cutPolicy takes a line apart. The generator writes the members in this order
// and without spaces, and the names hold nothing that JSON escapes; so there is
// no need to parse three megabytes of policies to find one.
func cutPolicy(line []byte) (p managedPolicy, name string, ok bool) {
	var cut [3][]byte
	for i, member := range [...]string{`{"arn":"`, `"name":"`, `"version":"`} {
		if line, ok = bytes.CutPrefix(line, []byte(member)); !ok {
			return p, "", false
		}
		if cut[i], line, ok = bytes.Cut(line, []byte(`",`)); !ok {
			return p, "", false
		}
	}
	p = managedPolicy{arn: string(cut[0]), version: string(cut[2])}
	if line, ok = bytes.CutPrefix(line, []byte(`"document":`)); ok {
		line, ok = bytes.CutSuffix(line, []byte("}"))
		p.document = line[:len(line):len(line)] // an append by the caller copies
	}
	return p, string(cut[1]), ok
}

// ManagedPolicy returns the document of an AWS managed policy and the version
// ("v3") that it is, in whatever partition the ARN stands. FullAWSAccess and
// RCPFullAWSAccess, AWS's own control policies, are among them. The document is
// the table's own. A withdrawn policy is found by its name, under any path.
func ManagedPolicy(arn string) (document []byte, version string, ok bool) {
	parts, ok := splitARN(arn)
	if !ok || parts[3] != "" || parts[4] != "aws" || !strings.HasPrefix(parts[5], "policy/") {
		return nil, "", false
	}
	c := policies()
	at, ok := c.byARN["arn:aws:"+parts[2]+"::aws:"+parts[5]]
	if !ok && parts[2] == "iam" {
		at, ok = c.byName[parts[5][strings.LastIndexByte(parts[5], '/')+1:]]
	}
	if !ok {
		return nil, "", false
	}
	return c.policies[at].document, c.policies[at].version, true
}

// ManagedPolicies yields ARN and document of each managed policy, in order of
// ARN and for partition aws. Withdrawn ones, whose ARN is unknown, are left out.
func ManagedPolicies() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, p := range policies().policies {
			if p.arn != "" && !yield(p.arn, p.document) {
				return
			}
		}
	}
}
