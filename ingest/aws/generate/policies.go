package generate

import "fmt"

const (
	templates  = 20 // managed policies of an account
	variants   = 8  // of a template, over all accounts
	boundaries = 3  // of an account
)

func (p *plan) policyARN(a int, name string) string {
	return "arn:aws:iam::" + p.accountID(a) + ":policy/" + name
}

func templateName(t int) string { return fmt.Sprintf("base-%02d", t) }
func boundaryName(b int) string { return fmt.Sprintf("boundary-%d", b) }

// template is managed policy t of account a. Each holds what the one before it
// grants, every fifth begins anew; accounts differ in one action of the last
// statement.
func (p *plan) template(a, t int) statements {
	var list statements
	for k := t / 5 * 5; k <= t; k++ {
		list = append(list, p.turned(templateStatement(k), fmt.Sprintf("%02d", k)))
	}
	last := &list[len(list)-1]
	extra := extras[p.pick(variants, 't', a, t)]
	if last.Action != nil {
		last.Action = append([]string{extra}, last.Action.([]string)...)
	}
	return list
}

var extras = [variants]string{"s3:GetBucketLocation", "s3:ListAllMyBuckets", "ec2:DescribeRegions", "iam:GetUser",
	"kms:ListAliases", "sns:ListTopics", "sqs:ListQueues", "logs:DescribeLogGroups"}

func templateStatement(k int) statement {
	verbs := [...][]string{
		{"s3:GetObject", "s3:ListBucket"}, {"sqs:SendMessage", "sqs:ReceiveMessage"}, {"sns:Publish"},
		{"lambda:InvokeFunction"}, {"secretsmanager:DescribeSecret"}, {"ec2:Describe*"}, {"kms:Decrypt", "kms:GenerateDataKey*"},
		{"s3:PutObject", "s3:DeleteObject"}, {"logs:*"}, {"sqs:*"},
	}
	s := statement{Sid: fmt.Sprintf("Base%02d", k), Effect: allow, Action: verbs[k%len(verbs)], Resource: "*"}
	switch k {
	case 3: // inner wildcards
		s.Resource = []string{"arn:aws:lambda:*:*:function:fn-*-batch-*"}
	case 7:
		s.Resource = "arn:aws:s3:::data-*-logs-*/20*/*"
	case 9:
		s.NotResource, s.Resource = "arn:aws:sqs:*:*:queue-*-dead", nil
	case 4: // whoever carries the resource's tag
		s.Action, s.Condition = []string{"secretsmanager:GetSecretValue"}, sameTeam()
	case 12:
		s.Condition = condition{"IpAddress": {"aws:SourceIp": []string{"10.0.0.0/8", "192.0.2.0/24"}}}
	case 14:
		s = statement{Sid: "EverythingElse", Effect: allow, NotAction: []string{"iam:*", "organizations:*", "sts:*", "account:*", "kms:*"}, Resource: "*"}
	case 19:
		s = statement{Sid: "NotWithoutMFA", Effect: deny, NotAction: []string{"iam:*MFADevice", "sts:*", "s3:Get*"}, Resource: "*",
			Condition: condition{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
	}
	return s
}

func sameTeam() condition {
	return condition{"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
}

// boundary is permissions boundary b of an account: all but a few services, or
// only some.
func boundary(b int) statements {
	switch b {
	case 0:
		return statements{{Effect: allow, Action: "*", Resource: "*"},
			{Effect: deny, Action: []string{"iam:*", "organizations:*"}, Resource: "*"}}
	case 1:
		return statements{{Effect: allow, NotAction: []string{"iam:*", "organizations:*", "account:*"}, Resource: "*"}}
	}
	return statements{{Effect: allow, Resource: "*", Action: []string{"s3:*", "sqs:*", "sns:*", "lambda:*", "sts:AssumeRole", "logs:*"}}}
}

// own are the statements that principal i of account a alone has, none for
// most. The principal's number makes them differ from all others.
func (p *plan) own(a, i int) statements {
	if !p.chance(p.ownPercent(), 'o', a, i) {
		return nil
	}
	r := p.rng('O', a, i)
	bucket := func() string { return p.bucketName(a, r.IntN(max(1, p.count(a, bucketShare)))) }
	mark := fmt.Sprintf("%05d", i)
	var s statement
	switch r.IntN(8) {
	default:
		s = statement{Effect: allow, Action: []string{"s3:GetObject", "s3:PutObject"}, Resource: "arn:aws:s3:::" + bucket() + "/p" + mark + "/*"}
	case 3:
		s = statement{Effect: allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::data-*-logs-*/p" + mark + "/*/out-?.json"}
	case 4:
		s = statement{Effect: allow, Action: []string{"sqs:SendMessage"}, NotResource: "arn:aws:sqs:*:*:queue-" + mark + "*"}
	case 5:
		s = statement{Effect: allow, NotAction: []string{"iam:*", "sts:*", "organizations:*"}, Resource: "arn:aws:s3:::" + bucket() + "/p" + mark + "*"}
	case 6:
		s = statement{Effect: deny, Action: []string{"s3:Delete*"}, NotResource: "arn:aws:s3:::" + bucket() + "/p" + mark + "/*"}
	case 7:
		s = statement{Effect: allow, Action: []string{"secretsmanager:GetSecretValue"}, Resource: p.secretPrefix(a) + "team/" + mark + "-*", Condition: sameTeam()}
	}
	if s.Condition == nil && r.IntN(100) < 5 {
		s.Condition = someCondition(r.IntN(4), p)
	}
	return statements{p.turned(s, mark)}
}

func someCondition(k int, p *plan) condition {
	switch k {
	case 0:
		return condition{"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
	case 1:
		return condition{"Bool": {"aws:SecureTransport": "true"}}
	case 2:
		return condition{"StringEquals": {"aws:RequestedRegion": regions[:2]}}
	}
	return condition{"StringEquals": {"aws:PrincipalOrgID": p.org}, "Null": {"aws:MultiFactorAuthAge": "false"}}
}
