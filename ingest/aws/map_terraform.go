package aws

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// terraformOperations: `terraform show -json` of a state or of a plan.
func terraformOperations() []operation {
	return []operation{{
		service: "terraform", name: "show", lone: true, subject: "name of the state", selfEvident: true,
		marks: []string{"format_version"}, stream: streamTerraform, layers: []graph.LayerID{LayerIdentity, LayerBoundary, LayerTrust, LayerResource},
	}}
}

// maxModules bounds how deep modules may lie in modules.
const maxModules = 100

// terraformIndex is what resources of a state need of one another: Terraform
// names an IAM thing that another refers to by its name alone.
type terraformIndex struct {
	names       map[string]map[string]string // file → kind/name → ARN, "" if two have it
	accounts    map[string]map[string]bool   // file → accounts that its ARNs name
	plans       map[string]bool              // files that hold a plan: what is absent is not known yet
	permissions map[graph.Ref]*permissions
}

func newTerraformIndex() terraformIndex {
	return terraformIndex{names: map[string]map[string]string{}, accounts: map[string]map[string]bool{},
		plans: map[string]bool{}, permissions: map[graph.Ref]*permissions{}}
}

// streamTerraform reads one top-level member: "values" of a state, or
// "planned_values" of a plan. "prior_state" of a plan is read for the account.
func streamTerraform(m *mapper, member string, survey bool) error {
	take := mapTerraform
	switch {
	case survey && member == "planned_values":
		m.c.state.plans[m.doc.path] = true
		take = surveyTerraform
	case survey && member == "values":
		take = surveyTerraform
	case survey && member == "prior_state":
		return m.inObject(0, map[string]func(int) error{"values": func(depth int) error { return m.rootModule(surveyPrior, depth) }})
	case member != "values" && member != "planned_values":
		return m.dec.SkipValue()
	}
	return m.rootModule(take, 0)
}

func (m *mapper) rootModule(take func(*mapper, terraformResource) error, depth int) error {
	return m.inObject(depth, map[string]func(int) error{
		"root_module": func(depth int) error { return m.module(take, depth) },
	})
}

// module reads the resources of a module and of those inside of it.
func (m *mapper) module(take func(*mapper, terraformResource) error, depth int) error {
	return m.inObject(depth, map[string]func(int) error{
		"resources": func(int) error {
			return readRecords(m.dec, func(v jsontext.Value) error {
				m.standAt(v)
				return m.terraformRecord(v, take)
			})
		},
		"child_modules": func(depth int) error {
			return m.inArray(func() error { return m.module(take, depth) })
		},
	})
}

// inObject reads an object and hands the named members over.
func (m *mapper) inObject(depth int, members map[string]func(depth int) error) error {
	if depth > maxModules {
		return fmt.Errorf("%w: modules lie more than %d deep", ErrContent, maxModules)
	}
	if kind := m.dec.PeekKind(); kind != '{' {
		if kind == 'n' || kind == 0 {
			return m.dec.SkipValue()
		}
		return fmt.Errorf("%w: %s is %s, want an object", ErrContent, m.dec.StackPointer(), kindWord(kind))
	}
	if _, err := m.dec.ReadToken(); err != nil {
		return err
	}
	for m.dec.PeekKind() != '}' {
		name, err := m.dec.ReadToken()
		if err != nil {
			return err
		}
		read := members[name.String()]
		if read == nil {
			err = m.dec.SkipValue()
		} else {
			err = read(depth + 1)
		}
		if err != nil {
			return err
		}
	}
	_, err := m.dec.ReadToken()
	return err
}

func (m *mapper) inArray(element func() error) error {
	if m.dec.PeekKind() != '[' {
		return m.dec.SkipValue()
	}
	if _, err := m.dec.ReadToken(); err != nil {
		return err
	}
	for m.dec.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := m.dec.ReadToken()
	return err
}

// A terraformResource is one resource of a state or plan. Values are read by
// name: those that hold secrets are named nowhere here.
type terraformResource struct {
	Address, Mode, Type string
	values              map[string]jsontext.Value
}

func (m *mapper) terraformRecord(v jsontext.Value, take func(*mapper, terraformResource) error) error {
	var r struct {
		Address string         `json:"address"`
		Mode    string         `json:"mode"`
		Type    string         `json:"type"`
		Values  jsontext.Value `json:"values"`
	}
	if err := decode(v, &r); err != nil {
		return err
	}
	if !strings.HasPrefix(r.Type, "aws_") || len(r.Values) == 0 || r.Values.Kind() != '{' {
		return nil
	}
	out := terraformResource{Address: r.Address, Mode: r.Mode, Type: r.Type}
	if err := decode(r.Values, &out.values); err != nil {
		return err
	}
	return take(m, out)
}

// text returns a string value, "" for any other.
func (r terraformResource) text(name string) string {
	v := r.values[name]
	if len(v) == 0 || v.Kind() != '"' {
		return ""
	}
	s, _ := unquote(v)
	return s
}

// list returns a list of strings.
func (r terraformResource) list(name string) []string {
	if v := r.values[name]; len(v) > 0 && v.Kind() == '[' {
		return stringsOf(v)
	}
	return nil
}

// word returns a number or boolean as it is written, "" for anything else.
func (r terraformResource) word(name string) string {
	if v := r.values[name]; len(v) > 0 && slices.Contains([]jsontext.Kind{'0', 't', 'f'}, v.Kind()) {
		return string(v)
	}
	return ""
}

// tags returns the tags on the resource, those of the provider included.
func (r terraformResource) tags() tagList {
	for _, name := range []string{"tags_all", "tags"} {
		var set map[string]string
		if v := r.values[name]; len(v) == 0 || decode(v, &set) != nil || len(set) == 0 {
			continue
		}
		var out tagList
		for _, k := range slices.Sorted(maps.Keys(set)) {
			out = append(out, struct{ Key, Value string }{k, set[k]})
		}
		return out
	}
	return nil
}

// surveyPrior notes the accounts that a plan's earlier state names.
func surveyPrior(m *mapper, r terraformResource) error {
	m.noteAccount(r)
	return nil
}

// noteAccount notes the account that a resource lies in: its ARN's, or the
// caller's where the configuration looked it up.
func (m *mapper) noteAccount(r terraformResource) {
	set := m.c.state.accounts[m.doc.path]
	if set == nil {
		set = map[string]bool{}
		m.c.state.accounts[m.doc.path] = set
	}
	if a, ok := parseARN(r.text("arn")); ok && isAccountID(a.account) && r.Mode != "data" {
		set[a.account] = true
	}
	if id := r.text("account_id"); r.Type == "aws_caller_identity" && isAccountID(id) {
		set[id] = true
	}
}

// surveyTerraform notes accounts, names and managed policies.
func surveyTerraform(m *mapper, r terraformResource) error {
	m.noteAccount(r)
	if r.Mode == "data" {
		return nil
	}
	names := m.c.state.names[m.doc.path]
	if names == nil {
		names = map[string]string{}
		m.c.state.names[m.doc.path] = names
	}
	a, ok := parseARN(r.text("arn"))
	if kind, isIAM := terraformKinds[r.Type]; isIAM && ok {
		key := kind + "/" + r.text("name")
		if old, twice := names[key]; twice && old != a.String() {
			names[key] = ""
		} else {
			names[key] = a.String()
		}
	}
	m.surveyID(names, r)
	if r.Type == "aws_lambda_function" && ok {
		names["function/"+r.text("function_name")] = a.String()
	}
	if r.Type == "aws_iam_access_key" || r.Type == "aws_iam_user_login_profile" {
		m.c.wanted[r.text("user")] = true
	}
	if r.Type == "aws_iam_policy" && ok {
		m.surveyTerraformPolicy(a, r)
	}
	return nil
}

func (m *mapper) surveyTerraformPolicy(a arn, r terraformResource) {
	known := managedPolicy{pointer: m.pointer + "/values/policy"}
	text, err := policyText(r.values["policy"])
	if known.text = text; err != nil {
		known.detail = fmt.Sprintf("%s: policy %s: %v", m.position("/values/policy"), a, err)
	}
	m.c.managed.add(a.String(), known)
}

// terraformAccount returns the account of a resource: of its ARN, or the one
// that all ARNs of the document name.
func (m *mapper) terraformAccount(r terraformResource) (id string, ok bool) {
	if a, isARN := parseARN(r.text("arn")); isARN && isAccountID(a.account) {
		return a.account, true
	}
	if m.doc.inTree() {
		return m.doc.account, true
	}
	set := m.c.state.accounts[m.doc.path]
	if len(set) != 1 {
		return "", false
	}
	for id = range set {
	}
	return id, true
}

// terraformOrigin returns the origin of what the document says of an account.
func (m *mapper) terraformOrigin(account string) *graph.Origin {
	m.c.describe(account, m.partitionFor(account), false)
	return m.origin(account, "", graph.Ref(cmp.Or(m.doc.resource, m.doc.path)))
}

// terraformTypes maps what a type's resources become: those of the services
// that decide on access, here; others in serviceTypes and shapes. Types that
// are listed nowhere and have an ARN become plain resources.
var terraformTypes = map[string]terraformMap{
	"aws_iam_user":                       terraformUser,
	"aws_iam_role":                       terraformRole,
	"aws_iam_group":                      terraformGroup,
	"aws_iam_policy":                     terraformPolicy,
	"aws_iam_user_policy":                terraformInline("user"),
	"aws_iam_role_policy":                terraformInline("role"),
	"aws_iam_group_policy":               terraformInline("group"),
	"aws_iam_user_policy_attachment":     terraformAttachment("user"),
	"aws_iam_role_policy_attachment":     terraformAttachment("role"),
	"aws_iam_group_policy_attachment":    terraformAttachment("group"),
	"aws_iam_policy_attachment":          terraformAttachments,
	"aws_iam_group_membership":           terraformMembership,
	"aws_iam_user_group_membership":      terraformUserGroups,
	"aws_iam_access_key":                 terraformKey,
	"aws_iam_user_login_profile":         terraformLogin,
	"aws_iam_instance_profile":           terraformProfile,
	"aws_iam_openid_connect_provider":    terraformOIDC,
	"aws_iam_saml_provider":              terraformPlain("iam:saml-provider", "name"),
	"aws_s3_bucket":                      terraformBucket,
	"aws_s3_bucket_policy":               terraformPolicyOf("s3:bucket", "bucket"),
	"aws_s3_bucket_public_access_block":  terraformBlock,
	"aws_s3_account_public_access_block": terraformBlock,
	"aws_kms_key":                        terraformPlain("kms:key", "key_id"),
	"aws_kms_key_policy":                 terraformPolicyOf("kms:key", "key_id"),
	"aws_kms_alias":                      nil,
	"aws_lambda_function":                terraformFunction,
	"aws_lambda_permission":              terraformPermission,
	"aws_sqs_queue":                      terraformPlain("sqs:queue", "name"),
	"aws_sqs_queue_policy":               terraformPolicyOf("sqs:queue", "queue_url"),
	"aws_sns_topic":                      terraformPlain("sns:topic", "name"),
	"aws_sns_topic_policy":               terraformPolicyOf("sns:topic", "arn"),
	"aws_secretsmanager_secret":          terraformPlain("secretsmanager:secret", "name"),
	"aws_secretsmanager_secret_policy":   terraformPolicyOf("secretsmanager:secret", "secret_arn"),
	"aws_secretsmanager_secret_version":  nil, // a secret's value
	"aws_instance":                       terraformInstance,

	"aws_organizations_organization":        terraformOrganization,
	"aws_organizations_account":             terraformOrgAccount,
	"aws_organizations_organizational_unit": terraformOrgUnit,
	"aws_organizations_policy":              terraformOrgPolicy,
	"aws_organizations_policy_attachment":   terraformOrgAttachment,
}

// terraformMapOf returns what maps a type; known but nil for types that say
// nothing of access.
func terraformMapOf(typ string) (take terraformMap, known bool) {
	if take, known = terraformTypes[typ]; known {
		return take, true
	}
	if take, known = serviceTypes[typ]; known {
		return take, true
	}
	if s, shaped := shapes[typ]; shaped {
		return s.terraform, true
	}
	return nil, false
}

// mapTerraform maps one resource.
func mapTerraform(m *mapper, r terraformResource) error {
	if r.Mode == "data" {
		return nil
	}
	take, known := terraformMapOf(r.Type)
	if known && take == nil || !known && r.text("arn") == "" {
		return nil
	}
	account, ok := m.terraformAccount(r)
	if !ok && r.Type == "aws_s3_bucket" && len(m.c.state.accounts[m.doc.path]) == 0 {
		account, ok = m.c.onlyAccount(), m.c.onlyAccount() != ""
	}
	if !ok {
		return m.terraformUnplaced(r)
	}
	if take == nil {
		take = terraformOther
	}
	return take(m, r, account, m.terraformOrigin(account))
}

// terraformUnplaced: a plan may hold a resource that has no ARN yet and whose
// account nothing in the document tells.
func (m *mapper) terraformUnplaced(r terraformResource) error {
	l := graph.Listing{Service: "terraform", Operation: "show", Subject: graph.Ref(cmp.Or(m.doc.resource, m.doc.path))}
	return m.c.cover(graph.Coverage{Listing: l, Status: graph.Failed, Reason: graph.ReasonMissing, Of: graph.Ref(r.Address),
		Detail: fmt.Sprintf("%s: %s has no ARN, and the document does not name one account: want it at <account>/<region>/terraform/show/<name>.json", m.position(""), r.Address),
		Origin: &graph.Origin{Listing: l, File: m.doc.path, Collector: "terraform-show", At: m.doc.at}})
}
