package aws

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func opensearchOperations() []operation {
	domains := func(service, name string, lone bool) operation {
		return operation{service: service, name: name, lone: lone, marks: []string{"DomainStatusList"}, layers: resourceLayers,
			each: map[string]recordFunc{"DomainStatusList": record(mapDomain)}}
	}
	domain := func(service, name string, lone bool) operation {
		return operation{service: service, name: name, lone: lone, subject: "domain name", selfEvident: true, marks: []string{"DomainStatus"}, layers: resourceLayers,
			whole: record(mapOneDomain), refOf: ofSubject("es", "domain/")}
	}
	names := func(service string) operation {
		return operation{service: service, name: "list-domain-names", marks: []string{"DomainNames"}, each: map[string]recordFunc{"DomainNames": record(mapDomainName)}}
	}
	return []operation{
		names("opensearch"), domains("opensearch", "describe-domains", true), domain("opensearch", "describe-domain", true),
		names("es"), domains("es", "describe-elasticsearch-domains", false), domain("es", "describe-elasticsearch-domain", false),
	}
}

type searchDomain struct {
	ARN, DomainID, DomainName string
	AccessPolicies            jsontext.Value
	EncryptionAtRestOptions   struct{ KmsKeyID string }
	VPCOptions                struct{ VPCId string }
	AdvancedSecurityOptions   struct{ Enabled bool }
}

func mapDomainName(m *mapper, d struct{ DomainName string }) error {
	s, err := m.inRegion("es", "domain/"+d.DomainName)
	if err != nil {
		return err
	}
	return m.listed("es:domain", s, "")
}

func mapDomain(m *mapper, d searchDomain) error { return m.searchDomain(d, "", "") }

func mapOneDomain(m *mapper, d struct{ DomainStatus searchDomain }) error {
	return m.searchDomain(d.DomainStatus, graph.Ref(d.DomainStatus.ARN), "/DomainStatus")
}

func (m *mapper) searchDomain(d searchDomain, of graph.Ref, within string) error {
	o, err := m.resource(thing{arn: d.ARN, of: of, kind: "es:domain", name: d.DomainName, nativeID: d.DomainID,
		attrs: attrs("vpc", d.VPCOptions.VPCId, "fine-grained-access", yes(d.AdvancedSecurityOptions.Enabled),
			"kms-key", keyARN(d.ARN, d.EncryptionAtRestOptions.KmsKeyID))})
	if err != nil || isNoPolicy(d.AccessPolicies) {
		return err
	}
	return m.attach(resourceAttachment(graph.Ref(d.ARN), o), d.AccessPolicies, within+"/AccessPolicies")
}
