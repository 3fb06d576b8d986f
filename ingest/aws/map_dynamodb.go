package aws

import "github.com/clewgraph/clew/graph"

func dynamodbOperations() []operation {
	return []operation{
		{service: "dynamodb", name: "list-tables", marks: []string{"TableNames"}, each: map[string]recordFunc{"TableNames": listedName("dynamodb", "table/")}},
		{service: "dynamodb", name: "describe-table", lone: true, subject: "table name", selfEvident: true, marks: []string{"Table"}, tells: has("TableArn"),
			whole: record(mapTable), refOf: ofSubject("dynamodb", "table/")},
		{service: "dynamodb", name: "get-resource-policy", subject: "table name, or ARN of a table or stream", marks: []string{"Policy"}, layers: resourceLayers,
			whole: policyDocument("Policy", "dynamodb", "table/", "dynamodb:table"), refOf: ofSubject("dynamodb", "table/")},
	}
}

type table struct {
	TableArn, TableName, TableID, TableStatus, LatestStreamArn string
	SSEDescription                                             struct{ KMSMasterKeyArn string }
}

func mapTable(m *mapper, d struct{ Table table }) error {
	t := d.Table
	_, err := m.resource(thing{arn: t.TableArn, of: graph.Ref(t.TableArn), kind: "dynamodb:table", name: t.TableName, nativeID: t.TableID,
		attrs: attrs("status", t.TableStatus, "stream", t.LatestStreamArn, "kms-key", t.SSEDescription.KMSMasterKeyArn)})
	return err
}
