package aws

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func glueOperations() []operation {
	of := func(name, mark string, f recordFunc) operation {
		return operation{service: "glue", name: name, marks: []string{mark},
			survey: map[string]recordFunc{mark: record(surveyGlueRole)}, each: map[string]recordFunc{mark: f}}
	}
	return []operation{
		of("get-jobs", "Jobs", record(mapJob)),
		of("get-dev-endpoints", "DevEndpoints", record(mapDevEndpoint)),
		of("get-crawlers", "Crawlers", record(mapCrawler)),
		of("list-sessions", "Sessions", record(mapGlueSession)),
		{service: "glue", name: "get-resource-policy", marks: []string{"PolicyInJson"}, layers: resourceLayers, whole: mapCatalogPolicy, refOf: catalogOf},
	}
}

// surveyGlueRole: Glue names a role by its ARN, or by path and name.
func surveyGlueRole(m *mapper, j struct{ Role string }) error {
	m.c.wantName("role", j.Role)
	return nil
}

// mapJob reads a job's name, role and script. Its arguments may hold secrets
// and are not read.
func mapJob(m *mapper, j struct {
	Name, Role string
	Command    struct{ Name, ScriptLocation string }
}) error {
	return m.glueThing("job/", "glue:job", j.Name, j.Role, attrs("command", j.Command.Name, "script", j.Command.ScriptLocation))
}

func mapDevEndpoint(m *mapper, e struct{ EndpointName, RoleArn, Status, PublicAddress string }) error {
	return m.glueThing("devEndpoint/", "glue:devendpoint", e.EndpointName, e.RoleArn, attrs("status", e.Status, "public-address", e.PublicAddress))
}

func mapCrawler(m *mapper, c struct{ Name, Role, State string }) error {
	return m.glueThing("crawler/", "glue:crawler", c.Name, c.Role, nil)
}

func mapGlueSession(m *mapper, s struct{ ID, Role, Status string }) error {
	return m.glueThing("session/", "glue:session", s.ID, s.Role, attrs("status", s.Status))
}

func (m *mapper) glueThing(prefix, kind, name, role string, facts []graph.Attr) error {
	s, err := m.inRegion("glue", prefix+name)
	if err != nil {
		return err
	}
	_, err = m.resource(thing{arn: s, kind: kind, is: graph.KindWorkload, name: name, attrs: facts, role: role})
	return err
}

// catalogOf names what a policy of Glue is of: the data catalog of a region,
// unless the path names another thing.
func catalogOf(m *mapper) (graph.Ref, error) {
	if m.doc.resource != "" {
		return m.subjectARN("glue", "")
	}
	s, err := m.inRegion("glue", "catalog")
	return graph.Ref(s), err
}

func mapCatalogPolicy(m *mapper, v jsontext.Value) error {
	var p struct{ PolicyInJson jsontext.Value }
	if err := decode(v, &p); err != nil {
		return err
	}
	ref, err := catalogOf(m)
	if err != nil {
		return err
	}
	kind := "glue:rootcatalog"
	if a, ok := parseARN(string(ref)); ok && a.resource != "catalog" {
		_, kind = kindOfARN(a)
	}
	return m.resourcePolicy(ref, kind, p.PolicyInJson, "/PolicyInJson")
}
