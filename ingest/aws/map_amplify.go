package aws

import "github.com/clewgraph/clew/graph"

func amplifyOperations() []operation {
	return []operation{{service: "amplify", name: "list-apps", lone: true, marks: []string{"apps"}, tells: has("appArn"),
		each: map[string]recordFunc{"apps": record(mapApp)}}}
}

// mapApp writes an app: its builds run as the service role, its server code as
// the compute role. Environment variables and credentials are not read.
func mapApp(m *mapper, a struct {
	AppArn, AppID, Name, IamServiceRoleArn, ComputeRoleArn string

	Tags tagMap
}) error {
	t := thing{arn: a.AppArn, kind: "amplify:apps", name: a.Name, nativeID: a.AppID, tags: a.Tags.list(), role: a.IamServiceRoleArn}
	if a.IamServiceRoleArn != "" || a.ComputeRoleArn != "" {
		t.is = graph.KindWorkload
	}
	o, err := m.resource(t)
	if err != nil {
		return err
	}
	return m.runsAs(graph.Ref(a.AppArn), "role", a.ComputeRoleArn, o)
}
