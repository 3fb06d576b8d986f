package generate

import "fmt"

const (
	unitSize  = 20 // accounts of an organizational unit
	allowAll  = "p-FullAWSAccess"
	scpType   = "SERVICE_CONTROL_POLICY"
	ofService = "organizations"
)

// A ceiling is a service control policy and where it is attached.
type ceiling struct {
	id, name string
	policy   statements
	raw      string // in place of policy
	targets  []string
}

func (c ceiling) text() string {
	if c.raw != "" {
		return c.raw
	}
	return c.policy.text()
}

func (p *plan) units() int          { return (p.Accounts + unitSize - 1) / unitSize }
func (p *plan) rootID() string      { return "r-" + p.org[2:6] }
func (p *plan) unitID(u int) string { return fmt.Sprintf("ou-%s-%08d", p.org[2:6], u) }
func (p *plan) unitOf(a int) int    { return a / unitSize }
func (p *plan) manager() string     { return p.accountID(0) }
func (p *plan) pathOf(a int) string {
	return p.org + "/" + p.rootID() + "/" + p.unitID(p.unitOf(a)) + "/"
}
func (p *plan) orgARN(s string) string { return "arn:aws:organizations::" + p.manager() + ":" + s }

// organization writes what the management account tells.
func (w *writer) organization() {
	at := func(operation string) string { return w.path(0, "global", ofService, operation) }
	d := w.open(at("describe-organization"))
	d.member("Organization", object{"Id": w.org, "Arn": w.orgARN("organization/" + w.org), "FeatureSet": "ALL",
		"MasterAccountId": w.manager(), "MasterAccountArn": w.orgARN("account/" + w.org + "/" + w.manager())})
	d.close()
	w.lists(at("list-roots"), "Roots", 1, func(int) any {
		return object{"Id": w.rootID(), "Arn": w.orgARN("root/" + w.org + "/" + w.rootID()), "Name": "Root",
			"PolicyTypes": []object{{"Type": scpType, "Status": "ENABLED"}}}
	})
	w.lists(at("list-organizational-units-for-parent")+"/"+w.rootID(), "OrganizationalUnits", w.allUnits(), func(u int) any {
		return object{"Id": w.unitID(u), "Arn": w.orgARN("ou/" + w.org + "/" + w.unitID(u)), "Name": fmt.Sprintf("Unit %d", u)}
	})
	for u := range w.allUnits() {
		w.lists(at("list-organizational-units-for-parent")+"/"+w.unitID(u), "OrganizationalUnits", 0, nil)
	}
	w.lists(at("list-accounts"), "Accounts", w.Accounts+len(w.planted), func(a int) any {
		if a >= w.Accounts {
			return w.plantedAccount(w.planted[a-w.Accounts])
		}
		return object{"Id": w.accountID(a), "Arn": w.orgARN("account/" + w.org + "/" + w.accountID(a)), "Name": fmt.Sprintf("account-%05d", a),
			"Status": "ACTIVE", "State": "ACTIVE", "Paths": []string{w.pathOf(a) + w.accountID(a) + "/"}}
	})
	w.ceilings(at)
}

// allUnits counts the one of planted accounts as well.
func (p *plan) allUnits() int { return p.units() + min(1, len(p.planted)) }

func (p *plan) plantedAccount(g planting) any {
	return object{"Id": g.Account, "Arn": p.orgARN("account/" + p.org + "/" + g.Account), "Name": g.name(), "Status": "ACTIVE", "State": "ACTIVE",
		"Paths": []string{p.org + "/" + p.rootID() + "/" + p.plantUnit() + "/" + g.Account + "/"}}
}

// ceilings writes the policies of the organization and what they hang on.
func (w *writer) ceilings(at func(string) string) {
	list := w.ceilingList()
	w.lists(at("list-policies")+"/"+scpType, "Policies", len(list), func(i int) any { return w.summary(list[i]) })
	for _, c := range list {
		d := w.open(at("describe-policy") + "/" + c.id)
		d.member("Policy", object{"PolicySummary": w.summary(c), "Content": c.text()})
		d.close()
		w.lists(at("list-targets-for-policy")+"/"+c.id, "Targets", len(c.targets), func(i int) any {
			return object{"TargetId": c.targets[i]}
		})
	}
}

func (w *writer) summary(c ceiling) object {
	if c.id == allowAll {
		return object{"Id": c.id, "Arn": "arn:aws:organizations::aws:policy/service_control_policy/" + c.id, "Name": c.name, "Type": scpType, "AwsManaged": true}
	}
	return object{"Id": c.id, "Arn": w.orgARN("policy/" + w.org + "/service_control_policy/" + c.id), "Name": c.name, "Type": scpType, "AwsManaged": false}
}

// ceilingList gives the root, every unit and every account one policy besides
// the one that allows everything.
func (p *plan) ceilingList() []ceiling {
	list := []ceiling{
		{id: allowAll, name: "FullAWSAccess", policy: statements{{Effect: allow, Action: "*", Resource: "*"}}, targets: []string{p.rootID()}},
		{id: "p-root0000", name: "StayInside", targets: []string{p.rootID()}, policy: statements{
			{Sid: "Stay", Effect: deny, Action: []string{"organizations:LeaveOrganization", "account:CloseAccount"}, Resource: "*"}}},
	}
	ofUnits := len(list)
	for k, s := range unitCeilings() {
		list = append(list, ceiling{id: fmt.Sprintf("p-unit%04d", k), name: s.Sid, policy: statements{s}})
	}
	ofAccounts := len(list)
	for k, s := range accountCeilings() {
		list = append(list, ceiling{id: fmt.Sprintf("p-acct%04d", k), name: s.Sid, policy: statements{s}})
	}
	bind := func(to string, k int) {
		list[0].targets = append(list[0].targets, to)
		list[k].targets = append(list[k].targets, to)
	}
	for u := range p.units() {
		bind(p.unitID(u), ofUnits+p.pick(ofAccounts-ofUnits, 'u', u, 0))
	}
	for a := range p.Accounts {
		bind(p.accountID(a), ofAccounts+p.pick(len(list)-ofAccounts, 'c', a, 0))
	}
	if len(p.planted) > 0 {
		list[0].targets = append(list[0].targets, p.plantUnit())
	}
	for _, g := range p.planted {
		if own, ok := g.ceiling(); ok {
			list = append(list, own)
		} else {
			list[0].targets = append(list[0].targets, g.Account)
		}
	}
	return list
}

func unitCeilings() []statement {
	elsewhere := condition{"StringNotEquals": {"aws:RequestedRegion": regions}}
	return []statement{
		{Sid: "KnownRegions", Effect: deny, NotAction: []string{"iam:*", "sts:*", "organizations:*", "s3:List*"}, Resource: "*", Condition: elsewhere},
		{Sid: "KeepTrails", Effect: deny, Action: []string{"cloudtrail:StopLogging", "cloudtrail:DeleteTrail"}, Resource: "*"},
		{Sid: "NoRoot", Effect: deny, Action: "*", Resource: "*", Condition: condition{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}},
		{Sid: "KeepKeys", Effect: deny, Action: []string{"kms:ScheduleKeyDeletion", "kms:DisableKey"}, Resource: "*",
			Condition: condition{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/hub-*"}}},
	}
}

func accountCeilings() []statement {
	return []statement{
		{Sid: "NoNewUsers", Effect: deny, Action: []string{"iam:CreateUser", "iam:CreateAccessKey"}, Resource: "*"},
		{Sid: "AuditStays", Effect: deny, Action: "iam:*", Resource: "arn:aws:iam::*:role/" + orgAudit},
		{Sid: "PrivateBuckets", Effect: deny, Action: []string{"s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}, NotResource: "arn:aws:s3:::*-public-*"},
		{Sid: "NoPeering", Effect: deny, Action: "ec2:*Peering*", Resource: "*"},
		{Sid: "FewServices", Effect: deny, NotAction: []string{"iam:*", "sts:*", "s3:*", "kms:*", "sns:*", "sqs:*", "lambda:*", "ec2:*", "secretsmanager:*", "logs:*"}, Resource: "*"},
	}
}
