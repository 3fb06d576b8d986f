package aws

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// The layers of facts about users and managed policies.
const (
	LayerMFADevice      graph.LayerID = "aws:mfa-device"      // a user's devices, one an attachment
	LayerPolicyVersions graph.LayerID = "aws:policy-versions" // which versions a managed policy has
)

func iamFactOperations() []operation {
	return []operation{
		{service: "iam", name: "list-mfa-devices", lone: true, homeless: true, subject: "user name", selfEvident: true, marks: []string{"MFADevices"},
			layers: []graph.LayerID{LayerMFADevice}, survey: map[string]recordFunc{"MFADevices": surveyKey},
			each: map[string]recordFunc{"MFADevices": mapMFADevice}, refOf: userOf},
		{service: "iam", name: "get-policy-version", common: true, subject: "policy ARN.version id", marks: []string{"PolicyVersion"}, layers: []graph.LayerID{LayerPolicyVersion},
			survey: map[string]recordFunc{"PolicyVersion": surveyPolicyVersion}, whole: record(mapPolicyVersion), refOf: policyVersionOf},
		{service: "iam", name: "list-policy-versions", subject: "policy ARN", marks: []string{"Versions"}, layers: []graph.LayerID{LayerPolicyVersions},
			whole: record(mapPolicyVersions), refOf: policyOf},
	}
}

// A userFact waits for the ARN of its user, whom its document names by name.
type userFact struct {
	account, user string
	attachment    graph.Attachment // all but To and Policy
}

func mapMFADevice(m *mapper, v jsontext.Value) error {
	var d struct{ UserName, SerialNumber string }
	if err := decode(v, &d); err != nil {
		return err
	}
	if d.UserName == "" || d.SerialNumber == "" {
		return fmt.Errorf("%w: %s: want UserName and SerialNumber", ErrContent, m.pointer)
	}
	account, err := m.account()
	if err != nil {
		return err
	}
	text, err := pick(v, "UserName", "SerialNumber", "EnableDate")
	if err != nil {
		return err
	}
	o := m.origin(account, "", userRef(m.partitionFor(account), account, d.UserName))
	m.c.userFacts = append(m.c.userFacts, userFact{account, d.UserName, graph.Attachment{Layer: LayerMFADevice,
		Name: "mfa:" + d.SerialNumber, Inline: true, Document: text, Pointer: m.pointer, Origin: o}})
	return nil
}

// writeUserFacts writes what waited for users' ARNs.
func (c *collection) writeUserFacts() error {
	for _, f := range c.userFacts {
		to := graph.Ref(c.owners[f.account+"/"+f.user])
		if to == "" {
			to = userRef(c.accounts[f.account].partition, f.account, f.user)
		}
		f.attachment.To = to
		f.attachment.Policy = to + "#" + graph.Ref(f.attachment.Name)
		if err := c.attach(f.attachment); err != nil {
			return err
		}
	}
	return nil
}

// policyOf names the managed policy of a path.
func policyOf(m *mapper) (graph.Ref, error) {
	a, ok := parseARN(m.doc.resource)
	if !ok || a.service != "iam" || a.kind() != "policy" {
		return "", fmt.Errorf("%w: %.200q: want the ARN of a managed policy, percent-encoded", ErrMisplaced, m.doc.resource)
	}
	return graph.Ref(m.doc.resource), nil
}

// policyVersionOf names one version of it: what follows the last dot is the
// version's id.
func policyVersionOf(m *mapper) (graph.Ref, error) {
	policy, id, err := m.policyVersion()
	return graph.Ref(policy.String() + "#" + id), err
}

func (m *mapper) policyVersion() (policy arn, id string, err error) {
	i := strings.LastIndexByte(m.doc.resource, '.')
	if i < 0 || versionNumber(m.doc.resource[i+1:]) == 0 {
		return arn{}, "", fmt.Errorf("%w: %.200q: want <policy ARN>.<version id>, percent-encoded", ErrMisplaced, m.doc.resource)
	}
	policy, ok := parseARN(m.doc.resource[:i])
	if !ok || policy.service != "iam" || policy.kind() != "policy" {
		return arn{}, "", fmt.Errorf("%w: %.200q: want <policy ARN>.<version id>, percent-encoded", ErrMisplaced, m.doc.resource)
	}
	return policy, m.doc.resource[i+1:], nil
}

type policyVersion struct {
	VersionID        string
	IsDefaultVersion bool
	Document         jsontext.Value
}

// surveyPolicyVersion notes the text of a default version for whoever the
// policy is attached to.
func surveyPolicyVersion(m *mapper, v jsontext.Value) error {
	var p policyVersion
	if err := decodeFold(v, &p); err != nil || !p.IsDefaultVersion || !m.doc.inTree() {
		return err
	}
	policy, _, err := m.policyVersion()
	if err != nil {
		return fmt.Errorf("%s: %w", m.doc.path, err)
	}
	if !m.hears(policy) {
		return nil
	}
	known := managedPolicy{version: p.VersionID, pointer: m.pointer + "/Document"}
	text, err := policyText(p.Document)
	if known.text = text; err != nil {
		known.detail = fmt.Sprintf("%s: policy %s: %v", m.position("/Document"), policy, err)
	}
	m.c.managed.add(policy.String(), known)
	return nil
}

// mapPolicyVersion writes a version that is not the default one as what it is;
// the default one goes with the policy's attachments.
func mapPolicyVersion(m *mapper, d struct{ PolicyVersion policyVersion }) error {
	policy, _, err := m.policyVersion()
	if err != nil {
		return err
	}
	p := d.PolicyVersion
	o := m.origin(m.doc.account, "", graph.Ref(policy.String()+"#"+p.VersionID))
	if err := m.mentionPolicy(policy, o); err != nil {
		return err
	}
	if p.IsDefaultVersion {
		m.c.mentionAccountsOf(graph.Ref(policy.String()))
		return nil
	}
	return m.attach(graph.Attachment{To: graph.Ref(policy.String()), Layer: LayerPolicyVersion, Policy: graph.Ref(policy.String() + "#" + p.VersionID),
		Name: p.VersionID, Version: p.VersionID, Origin: o}, p.Document, "/PolicyVersion/Document")
}

// mapPolicyVersions writes which versions a policy has: one of those whose text
// no document shows may be made the default as well.
func mapPolicyVersions(m *mapper, d struct {
	Versions []struct {
		VersionID        string
		IsDefaultVersion bool
	}
}) error {
	ref, err := policyOf(m)
	if err != nil {
		return err
	}
	a, _ := parseARN(string(ref))
	o := m.origin(m.doc.account, "", ref)
	if err := m.mentionPolicy(a, o); err != nil {
		return err
	}
	standing := map[string]bool{}
	for _, v := range d.Versions {
		standing[v.VersionID] = v.IsDefaultVersion
	}
	text, err := json.Marshal(standing, json.Deterministic(true))
	if err != nil {
		return err
	}
	return m.attach(graph.Attachment{To: ref, Layer: LayerPolicyVersions, Policy: ref + "#versions", Name: "versions", Inline: true, Origin: o}, text, "/Versions")
}
