package escalate

import "github.com/clewgraph/clew/graph"

// awsRolesAnywhere are the techniques by IAM Roles Anywhere.
var awsRolesAnywhere = []Technique{
	{
		// Credentials of any role that trusts IAM Roles Anywhere, for whoever has a
		// certificate of an authority that the actor brings.
		ID: "aws-rolesanywhere-trust-anchor", Title: "iam:PassRole + rolesanywhere:CreateTrustAnchor + rolesanywhere:CreateProfile",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/getting-started.html",
		Vars:      []Var{{Name: "role", Type: "iam:role"}},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "rolesanywhere.amazonaws.com"}},
			{Who: "service:rolesanywhere.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "rolesanywhere:CreateTrustAnchor", On: "*"},
			{Action: "rolesanywhere:CreateProfile", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsSession},
		Log: []Event{
			{Source: "rolesanywhere.amazonaws.com", Name: "CreateTrustAnchor"},
			{Source: "rolesanywhere.amazonaws.com", Name: "CreateProfile", Match: map[string]string{"requestParameters.roleArns": "$role"}},
		},
	},
}
