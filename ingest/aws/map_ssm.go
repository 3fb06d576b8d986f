package aws

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerSSMManaged holds the record by which Systems Manager says that it
// manages a machine. The attachment is to the machine.
const LayerSSMManaged graph.LayerID = "aws:ssm-managed"

func ssmOperations() []operation {
	return []operation{
		{service: "ssm", name: "describe-instance-information", marks: []string{"InstanceInformationList"}, layers: []graph.LayerID{LayerSSMManaged},
			survey: map[string]recordFunc{"InstanceInformationList": record(surveyManaged)},
			each:   map[string]recordFunc{"InstanceInformationList": mapManaged}},
		{service: "ssm", name: "list-documents", marks: []string{"DocumentIdentifiers"}, each: map[string]recordFunc{"DocumentIdentifiers": record(mapSSMDocument)}},
		{service: "ssm", name: "describe-parameters", marks: []string{"Parameters"}, each: map[string]recordFunc{"Parameters": record(mapParameter)}},
	}
}

type managedInstance struct{ InstanceID, IamRole, Name string }

func surveyManaged(m *mapper, i managedInstance) error {
	m.c.wantName("role", i.IamRole)
	return nil
}

// mapManaged reads one managed machine. EC2 describes its own instances;
// machines of elsewhere (mi-…) have an ARN of Systems Manager and the role that
// they were activated with.
func mapManaged(m *mapper, v jsontext.Value) error {
	var i managedInstance
	if err := decodeFold(v, &i); err != nil {
		return err
	}
	service, prefix := "ec2", "instance/"
	if strings.HasPrefix(i.InstanceID, "mi-") {
		service, prefix = "ssm", "managed-instance/"
	}
	s, err := m.inRegion(service, prefix+i.InstanceID)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, "")
	if service == "ssm" {
		_, err = m.resource(thing{arn: s, kind: "ssm:managed-instance", is: graph.KindWorkload, name: i.Name, nativeID: i.InstanceID, role: i.IamRole})
		if err != nil {
			return err
		}
	}
	return m.fact(fact{graph.Ref(s), LayerSSMManaged, "ssm-managed"}, v, o, "InstanceId", "PingStatus", "PlatformType", "ResourceType", "IamRole", "AgentVersion")
}

// mapSSMDocument writes a document: of the account, or of another's. AWS's own
// have an ARN without account.
func mapSSMDocument(m *mapper, d struct{ Name, Owner, DocumentType string }) error {
	s, err := m.inRegion("ssm", "document/"+d.Name)
	if err != nil {
		return err
	}
	if strings.HasPrefix(d.Name, "arn:") { // shared by another account
		return m.mentionThing(graph.Ref(d.Name), m.origin(m.doc.account, m.doc.region, ""))
	}
	if isAccountID(d.Owner) && d.Owner != m.doc.account {
		return m.mentionThing(graph.Ref(strings.Replace(s, m.doc.account, d.Owner, 1)), m.origin(m.doc.account, m.doc.region, ""))
	}
	if !isAccountID(d.Owner) {
		return m.publicThing(withoutAccount(s), "ssm:document", d.Name, attrs("document-type", d.DocumentType, "owner", d.Owner))
	}
	_, err = m.resource(thing{arn: s, kind: "ssm:document", name: d.Name, attrs: attrs("document-type", d.DocumentType, "owner", d.Owner)})
	return err
}

// publicThing writes a thing of AWS's own, which belongs to no account.
func (m *mapper) publicThing(s, kind, name string, facts []graph.Attr) error {
	return m.node(graph.Node{Ref: graph.Ref(s), Kind: graph.KindResource, Type: kind, Name: name, Attrs: facts,
		Origin: m.origin(m.doc.account, m.doc.region, "")})
}

// mapParameter writes a parameter. Older answers do not hold its ARN; a name
// that is a path begins with the slash that the ARN has anyway.
func mapParameter(m *mapper, p struct{ Name, ARN, Type, KeyID string }) error {
	s := p.ARN
	if s == "" {
		var err error
		if s, err = m.inRegion("ssm", "parameter/"+strings.TrimPrefix(p.Name, "/")); err != nil {
			return err
		}
	}
	_, err := m.resource(thing{arn: s, kind: "ssm:parameter", name: p.Name, attrs: attrs("parameter-type", p.Type, "kms-key", keyARN(s, p.KeyID))})
	return err
}
