package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// iamListOperations are the small documents of IAM.
func iamListOperations() []operation {
	return []operation{
		{service: "iam", name: "list-access-keys", lone: true, homeless: true, subject: "user name", selfEvident: true,
			marks: []string{"AccessKeyMetadata"}, survey: map[string]recordFunc{"AccessKeyMetadata": surveyKey},
			each: map[string]recordFunc{"AccessKeyMetadata": mapKey}, refOf: userOf},
		{service: "iam", name: "get-login-profile", lone: true, homeless: true, subject: "user name", selfEvident: true,
			marks: []string{"LoginProfile"}, survey: map[string]recordFunc{"LoginProfile": surveyKey},
			each: map[string]recordFunc{"LoginProfile": mapLoginProfile}, refOf: userOf},
		{service: "iam", name: "list-instance-profiles", lone: true, marks: []string{"InstanceProfiles"},
			each: map[string]recordFunc{"InstanceProfiles": mapInstanceProfile}},
		{service: "iam", name: "list-saml-providers", lone: true, marks: []string{"SAMLProviderList"},
			each: map[string]recordFunc{"SAMLProviderList": mapSAMLProvider}},
		{service: "iam", name: "get-open-id-connect-provider", lone: true, homeless: true, subject: "provider host and path", selfEvident: true,
			marks: []string{"ClientIDList", "ThumbprintList"}, whole: mapOIDCProvider, refOf: oidcProviderOf},
		{service: "iam", name: "list-open-id-connect-providers", lone: true, marks: []string{"OpenIDConnectProviderList"},
			each: map[string]recordFunc{"OpenIDConnectProviderList": mapOIDCProviderName}},
	}
}

// An accessKey waits for the ARN of its user. A console password does as well:
// it has no id of its own, and none of it is in any document.
type accessKey struct {
	kind            string // the node's type
	account, user   string
	status, created string
	origin          *graph.Origin
}

type keyMetadata struct{ UserName, AccessKeyId, Status, CreateDate string }

// keyHome returns the account of an access key: the tree's, or the one that
// the key's id encodes, or the one account there is.
func (m *mapper) keyHome(k keyMetadata) (string, error) {
	if encoded := keyAccount(k.AccessKeyId); !m.doc.inTree() && encoded != "" && m.c.accounts[encoded] != nil {
		return encoded, nil
	}
	return m.account()
}

// surveyKey notes that the user's ARN will be wanted, whatever its account.
func surveyKey(m *mapper, v jsontext.Value) error {
	var k keyMetadata
	if err := decode(v, &k); err != nil {
		return err
	}
	m.c.wanted[k.UserName] = true
	return nil
}

// noteOwner keeps the ARN of a user that has keys in some document.
func (c *collection) noteOwner(account, name, arn string) {
	if c.wants(name) {
		c.owners[account+"/"+name] = arn
	}
}

func mapKey(m *mapper, v jsontext.Value) error {
	var k keyMetadata
	if err := decode(v, &k); err != nil {
		return err
	}
	if k.AccessKeyId == "" || k.UserName == "" {
		return fmt.Errorf("%w: %s: want AccessKeyId and UserName", ErrContent, m.pointer)
	}
	account, err := m.keyHome(k)
	if err != nil {
		return err
	}
	subject := graph.Ref("")
	if m.doc.resource != "" || !m.doc.inTree() {
		subject = userRef(m.partitionFor(account), account, k.UserName)
	}
	m.c.keys[credentialRef(k.AccessKeyId)] = accessKey{"iam:access-key", account, k.UserName, k.Status, k.CreateDate, m.origin(account, "", subject)}
	return nil
}

// mapLoginProfile notes that a user has a console password.
func mapLoginProfile(m *mapper, v jsontext.Value) error {
	var k keyMetadata
	if err := decode(v, &k); err != nil {
		return err
	}
	account, err := m.account()
	if err != nil {
		return err
	}
	user := userRef(m.partitionFor(account), account, k.UserName)
	m.c.keys[loginRef(user)] = accessKey{"iam:login-profile", account, k.UserName, "", k.CreateDate, m.origin(account, "", user)}
	return nil
}

// loginRef is the Ref of a user's console password.
func loginRef(user graph.Ref) graph.Ref { return "credential:login-profile/" + user }

// userRef names a user in a listing, by name as the operation takes it. The
// user's own ARN may have a path that the operation does not show.
func userRef(partition, account, name string) graph.Ref {
	return graph.Ref("arn:" + partition + ":iam::" + account + ":user/" + name)
}

func userOf(m *mapper) (graph.Ref, error) {
	if m.doc.resource == "" {
		return "", nil
	}
	return userRef(m.partitionFor(m.doc.account), m.doc.account, m.doc.resource), nil
}

// writeKeys writes credentials, now that their users' ARNs are known.
func (c *collection) writeKeys() error {
	for _, ref := range slices.Sorted(maps.Keys(c.keys)) {
		k := c.keys[ref]
		owner := graph.Ref(c.owners[k.account+"/"+k.user])
		if owner == "" {
			owner = userRef(c.accounts[k.account].partition, k.account, k.user)
		}
		if err := c.writeKey(ref, k, owner); err != nil {
			return err
		}
	}
	return nil
}

func (c *collection) writeKey(ref graph.Ref, k accessKey, owner graph.Ref) error {
	id := strings.TrimPrefix(string(ref), "credential:")
	name := id
	if k.kind == "iam:login-profile" {
		ref, name, id = loginRef(owner), k.user, ""
	}
	err := c.node(graph.Node{Ref: ref, Kind: graph.KindCredential, Type: k.kind, Name: name, NativeID: id,
		Scope: accountRef(k.account), Attrs: attrs("status", k.status, "created", k.created), Origin: k.origin})
	if err != nil {
		return err
	}
	return c.edge(graph.Edge{From: ref, To: owner, Relation: graph.CredentialOf, Origin: k.origin})
}

// An instanceProfile hands a role to instances.
type instanceProfile struct {
	Arn, InstanceProfileName, InstanceProfileId, Path string
	Roles                                             []struct{ Arn string }
}

func mapInstanceProfile(m *mapper, v jsontext.Value) error {
	var p instanceProfile
	if err := decode(v, &p); err != nil {
		return err
	}
	return m.instanceProfile(p)
}

func (m *mapper) instanceProfile(p instanceProfile) error {
	_, account, o, err := m.iamPlace("instance-profile", p.Arn)
	if err != nil {
		return err
	}
	err = m.node(graph.Node{Ref: graph.Ref(p.Arn), Kind: graph.KindResource, Type: "iam:instance-profile",
		Name: p.InstanceProfileName, NativeID: p.InstanceProfileId, Scope: accountRef(account), Attrs: attrs("path", p.Path), Origin: o})
	if err != nil {
		return err
	}
	m.c.noteOwner(account, "instance-profile/"+p.InstanceProfileName, p.Arn)
	for _, r := range p.Roles {
		if err := m.edge(graph.Ref(p.Arn), graph.RunsAs, graph.Ref(r.Arn), o); err != nil {
			return err
		}
	}
	return nil
}

func mapSAMLProvider(m *mapper, v jsontext.Value) error {
	var p struct{ Arn string }
	if err := decode(v, &p); err != nil {
		return err
	}
	a, account, o, err := m.iamPlace("saml-provider", p.Arn)
	if err != nil {
		return err
	}
	return m.node(graph.Node{Ref: graph.Ref(p.Arn), Kind: graph.KindResource, Type: "iam:saml-provider",
		Name: providerName(a), Scope: accountRef(account), Origin: o})
}

// mapOIDCProviderName: the list shows ARNs alone, so the provider is only
// mentioned until its own document describes it.
func mapOIDCProviderName(m *mapper, v jsontext.Value) error {
	var p struct{ Arn string }
	if err := decode(v, &p); err != nil {
		return err
	}
	_, _, o, err := m.iamPlace("oidc-provider", p.Arn)
	if err != nil {
		return err
	}
	return m.c.mentionProvider(p.Arn, o)
}

func mapOIDCProvider(m *mapper, v jsontext.Value) error {
	var p struct {
		Url          string
		ClientIDList []string
		Tags         tagList
	}
	if err := decode(v, &p); err != nil {
		return err
	}
	account, err := m.account()
	if err != nil {
		return err
	}
	issuer := strings.TrimPrefix(p.Url, "https://")
	if issuer == "" {
		return fmt.Errorf("%w: want Url", ErrContent)
	}
	slices.Sort(p.ClientIDList)
	ref := oidcRef(m.partition(), account, issuer)
	return m.node(graph.Node{Ref: ref, Kind: graph.KindResource, Type: "iam:oidc-provider", Name: issuer,
		Scope: accountRef(account), Tags: p.Tags.sorted(),
		Attrs: attrs("url", issuer, "client-ids", strings.Join(p.ClientIDList, ",")), Origin: m.origin(account, "", ref)})
}

func oidcRef(partition, account, issuer string) graph.Ref {
	return graph.Ref("arn:" + partition + ":iam::" + account + ":oidc-provider/" + issuer)
}

func oidcProviderOf(m *mapper) (graph.Ref, error) {
	if _, ok := parseARN(m.doc.resource); ok {
		return graph.Ref(m.doc.resource), nil
	}
	return oidcRef(m.partition(), m.doc.account, m.doc.resource), nil
}
