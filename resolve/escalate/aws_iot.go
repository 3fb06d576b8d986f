package escalate

import "github.com/clewgraph/clew/graph"

// awsIoT are the techniques by AWS IoT Core.
var awsIoT = []Technique{
	{
		// The credential provider gives a session of the role behind an alias to
		// whoever shows a certificate whose policy lets it. The actor makes all three:
		// the alias, to which it passes the role, the certificate, whose key it is told,
		// and the policy. The endpoint to ask is of the account, and has to be looked up.
		ID: "aws-iot-role-alias", Title: "iam:PassRole + iot:CreateRoleAlias + iot:CreateKeysAndCertificate + iot:CreatePolicy + iot:AttachPolicy",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "alias", Type: "iot:rolealias", New: true},
			{Name: "policy", Type: "iot:policy", New: true},
			{Name: "certificate", Type: "iot:cert", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "credentials.iot.amazonaws.com"}},
			{Who: "service:credentials.iot.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "iot:CreateRoleAlias", On: "alias"},
			{Action: "iot:CreatePolicy", On: "policy"},
			{Action: "iot:CreateKeysAndCertificate", On: "*"},
			{Action: "iot:AttachPolicy", On: "certificate"},
			{Action: "iot:DescribeEndpoint", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsSession},
		Log: []Event{
			{Source: "iot.amazonaws.com", Name: "CreateRoleAlias", Match: map[string]string{"requestParameters.roleAlias": "$alias.name", "requestParameters.roleArn": "$role"}},
			{Source: "iot.amazonaws.com", Name: "CreateKeysAndCertificate"},
			{Source: "iot.amazonaws.com", Name: "CreatePolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
			{Source: "iot.amazonaws.com", Name: "AttachPolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
		},
	},
}
