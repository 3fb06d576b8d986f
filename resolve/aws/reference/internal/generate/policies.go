package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// policy is a line of the managed policies, read and written. A policy that
// AWS withdrew has no ARN in the source, as its path is no longer known.
type policy struct {
	ARN      string          `json:"arn"`
	Name     string          `json:"name"`
	Version  string          `json:"version"`
	Document json.RawMessage `json:"document"`
}

// documented are policies that the source lacks, written from AWS's pages.
var documented = []policy{
	{ // docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
		ARN: "arn:aws:iam::aws:policy/AdministratorAccess", Name: "AdministratorAccess", Version: "v1",
		Document: json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	},
	{ // docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
		ARN: "arn:aws:iam::aws:policy/PowerUserAccess", Name: "PowerUserAccess", Version: "v12",
		Document: json.RawMessage(`{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},` +
			`{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetGovCloudAccountInformation",` +
			`"account:GetPrimaryEmail","account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole",` +
			`"iam:ListRoles","organizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Resource":"*"}]}`),
	},
	{ // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html
		ARN: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", Name: "FullAWSAccess", Version: "v1",
		Document: json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	},
	{ // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
		ARN: "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess", Name: "RCPFullAWSAccess", Version: "v1",
		Document: json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`),
	},
}

// writePolicies copies the managed policies of a gzipped JSON-lines file, adds
// the documented ones that it lacks, and writes them in order of ARN and name,
// members in the order arn, name, version, document.
func writePolicies(from, to string) error {
	policies, err := readPolicies(from)
	if err != nil {
		return err
	}
	for _, p := range documented {
		if !slices.ContainsFunc(policies, func(q policy) bool { return q.ARN == p.ARN }) {
			policies = append(policies, p)
		}
	}
	slices.SortFunc(policies, func(a, b policy) int { return strings.Compare(a.ARN+"\x00"+a.Name, b.ARN+"\x00"+b.Name) })
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	enc.SetEscapeHTML(false)
	for _, p := range policies {
		if err := enc.Encode(p); err != nil {
			return fmt.Errorf("policy %s: %w", p.Name, err)
		}
	}
	return writeGzip(to, lines.Bytes())
}

func readPolicies(path string) ([]policy, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	zr, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var policies []policy
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var p policy
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, len(policies)+1, err)
		}
		policies = append(policies, p)
	}
	return policies, lines.Err()
}
