package aws

import "github.com/clewgraph/clew/graph"

func apprunnerOperations() []operation {
	return []operation{
		{service: "apprunner", name: "list-services", lone: true, marks: []string{"ServiceSummaryList"},
			each: map[string]recordFunc{"ServiceSummaryList": record(mapListedAppService)}},
		{service: "apprunner", name: "describe-service", lone: true, subject: "service name/service id", selfEvident: true, marks: []string{"Service"},
			tells: has("ServiceArn"), whole: record(mapAppService), refOf: ofSubject("apprunner", "service/")},
	}
}

func mapListedAppService(m *mapper, s struct{ ServiceArn string }) error {
	return m.listed("apprunner:service", s.ServiceArn, "")
}

// mapAppService writes a service: its code runs as the instance role; the
// access role only pulls its image.
func mapAppService(m *mapper, d struct {
	Service struct {
		ServiceArn, ServiceName, ServiceID, ServiceURL, Status string
		InstanceConfiguration                                  struct{ InstanceRoleArn string }
		SourceConfiguration                                    struct {
			AuthenticationConfiguration struct{ AccessRoleArn string }
		}
		EncryptionConfiguration struct{ KmsKey string }
		NetworkConfiguration    struct {
			IngressConfiguration struct{ IsPubliclyAccessible bool }
		}
	}
}) error {
	s := d.Service
	_, err := m.resource(thing{arn: s.ServiceArn, of: graph.Ref(s.ServiceArn), kind: "apprunner:service", is: graph.KindWorkload, name: s.ServiceName,
		nativeID: s.ServiceID, role: s.InstanceConfiguration.InstanceRoleArn, attrs: attrs("status", s.Status, "url", s.ServiceURL,
			"access-role", s.SourceConfiguration.AuthenticationConfiguration.AccessRoleArn, "kms-key", keyARN(s.ServiceArn, s.EncryptionConfiguration.KmsKey),
			"public", yes(s.NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible))})
	return err
}
