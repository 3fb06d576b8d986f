package generate

import "fmt"

// A share is the part of an account's resources that are of one kind, in
// hundredths, and where it starts.
type share struct{ from, to int }

var (
	bucketShare   = share{0, 4}
	keyShare      = share{4, 8}
	secretShare   = share{8, 18}
	functionShare = share{18, 28}
	queueShare    = share{28, 58}
	topicShare    = share{58, 80}
	instanceShare = share{80, 100}
)

const keyPolicyEvery = 20 // keys of which one shows its policy

// count is how many resources of a kind an account has.
func (p *plan) count(a int, s share) int {
	n := p.share(p.Resources, a)
	return n*s.to/100 - n*s.from/100
}

func (p *plan) bucketName(a, i int) string {
	kinds := []string{"logs", "public", "raw", "mart"}
	return fmt.Sprintf("data-%s-%s-%05d", p.accountID(a), kinds[p.pick(len(kinds), 'K', a, i)], i)
}

// buckets writes the buckets of an account. Every second has a policy, no two
// of them alike.
func (w *writer) buckets(a int) {
	n := w.count(a, bucketShare)
	w.lists(w.path(a, "global", "s3api", "list-buckets"), "Buckets", n, func(i int) any {
		return object{"Name": w.bucketName(a, i), "CreationDate": since}
	})
	for i := range n {
		path := w.path(a, "global", "s3api", "get-bucket-policy")
		if !w.hasPolicy(i) {
			w.refused(path, w.bucketName(a, i), "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist")
			continue
		}
		w.one(path, w.bucketName(a, i), "Policy", w.bucketPolicy(a, i).text())
	}
}

func (p *plan) bucketPolicy(a, i int) statements {
	r := p.rng('p', a, i)
	arn := "arn:aws:s3:::" + p.bucketName(a, i)
	candidates := p.users(a) + p.ordinary(a)
	list := statements{{Sid: "Encrypted", Effect: deny, Principal: "*", Action: "s3:*", Resource: []string{arn, arn + "/*"},
		Condition: condition{"Bool": {"aws:SecureTransport": "false"}}}}
	if candidates > 0 {
		list = append(list, statement{Sid: "Named", Effect: allow, Principal: object{"AWS": p.principalARN(a, r.IntN(candidates))},
			Action: []string{"s3:GetObject", "s3:ListBucket"}, Resource: []string{arn, arn + "/*"}})
	}
	switch r.IntN(4) {
	case 0:
		list = append(list, statement{Sid: "Inside", Effect: allow, Principal: "*", Action: "s3:GetObject", Resource: arn + "/shared/*",
			Condition: condition{"StringEquals": {"aws:PrincipalOrgID": p.org}}})
	case 1:
		other := r.IntN(p.Accounts)
		list = append(list, statement{Sid: "Neighbour", Effect: allow, Principal: object{"AWS": "arn:aws:iam::" + p.accountID(other) + ":root"},
			Action: "s3:PutObject", Resource: fmt.Sprintf("%s/in-%05d/*", arn, other)})
	}
	return list
}

// keys writes the KMS keys of an account.
func (w *writer) keys(a int) {
	region := w.region(a)
	id := func(i int) string {
		h := w.hash('y', a, i)
		return fmt.Sprintf("%08x-%04x-4%03x-9%03x-%012x", h>>32, h>>16&0xffff, h&0xfff, h>>4&0xfff, w.hash('z', a, i)>>16)
	}
	n := w.count(a, keyShare)
	w.lists(w.path(a, region, "kms", "list-keys"), "Keys", n, func(i int) any {
		return object{"KeyId": id(i), "KeyArn": w.arn(a, "kms", "key/"+id(i))}
	})
	for i := 0; i < n; i += keyPolicyEvery {
		w.one(w.path(a, region, "kms", "get-key-policy"), id(i), "Policy", statements{{Sid: "Account", Effect: allow,
			Principal: object{"AWS": "arn:aws:iam::" + w.accountID(a) + ":root"}, Action: "kms:*", Resource: "*"}}.text())
	}
}

func (p *plan) arn(a int, service, resource string) string {
	return "arn:aws:" + service + ":" + p.region(a) + ":" + p.accountID(a) + ":" + resource
}

func (p *plan) secretPrefix(a int) string { return p.arn(a, "secretsmanager", "secret:") }

// secrets writes the secrets of an account, most of them with a team's tag.
func (w *writer) secrets(a int) {
	w.lists(w.path(a, w.region(a), "secretsmanager", "list-secrets"), "SecretList", w.count(a, secretShare), func(i int) any {
		name := fmt.Sprintf("team/%05d", i)
		tags := []object{}
		if i%4 != 0 {
			tags = append(tags, object{"Key": "team", "Value": teams[w.pick(len(teams), 's', a, i)]})
		}
		return object{"Name": name, "ARN": w.secretPrefix(a) + name + "-" + w.word(6, 'S', a, i), "Tags": w.ownerTags(tags, a, i), "CreatedDate": since}
	})
}

// functions writes functions, each of which runs as some role that trusts the
// service.
func (w *writer) functions(a int) {
	w.lists(w.path(a, w.region(a), "lambda", "list-functions"), "Functions", w.count(a, functionShare), func(i int) any {
		words := []string{"batch", "web", "sync"}
		name := fmt.Sprintf("fn-%05d-%s-%d", i, words[i%len(words)], i%7)
		out := object{"FunctionName": name, "FunctionArn": w.arn(a, "lambda", "function:"+name), "Runtime": "python3.13", "Handler": "app.handler"}
		if even := (w.ordinary(a) + 1) / 2; even > 0 {
			out["Role"] = w.roleARN(a, 2*w.pick(even, 'f', a, i))
		}
		return out
	})
}

func (w *writer) queues(a int) {
	w.lists(w.path(a, w.region(a), "sqs", "list-queues"), "QueueUrls", w.count(a, queueShare), func(i int) any {
		ends := []string{"", "", "-dead"}
		return fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/queue-%05d%s", w.region(a), w.accountID(a), i, ends[i%len(ends)])
	})
}

func (w *writer) topics(a int) {
	w.lists(w.path(a, w.region(a), "sns", "list-topics"), "Topics", w.count(a, topicShare), func(i int) any {
		return object{"TopicArn": w.arn(a, "sns", fmt.Sprintf("topic-%05d", i))}
	})
}

func (w *writer) instances(a int) {
	w.lists(w.path(a, w.region(a), "ec2", "describe-instances"), "Reservations", w.count(a, instanceShare), func(i int) any {
		return object{"ReservationId": fmt.Sprintf("r-%017x", w.hash('R', a, i)&(1<<60-1)), "OwnerId": w.accountID(a), "Instances": []object{{
			"InstanceId": fmt.Sprintf("i-%017x", w.hash('i', a, i)&(1<<60-1)), "InstanceType": "t3.micro",
			"Placement": object{"AvailabilityZone": w.region(a) + "a"}, "State": object{"Code": 16, "Name": "running"},
			"Tags": []object{{"Key": "team", "Value": teams[w.pick(len(teams), 'I', a, i)]}}}}}
	})
}
