package generate_test

import (
	"bytes"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/ingest/aws/generate"
)

// ordinaryHash is of the documents of the estate small. Who changes what is
// generated changes it too, and with it what was measured over such estates.
const ordinaryHash = "56dd02de660ad42328b0833936e89ecbcc2e4e588b7736aaeaac588205fbbba8"

func TestOrdinaryBytes(t *testing.T) {
	if got := written(t, small).hash(); got != ordinaryHash {
		t.Errorf("the ordinary estate of seed %d hashes to %s, want %s", small.Seed, got, ordinaryHash)
	}
}

// A holder is a user or role, as documents of IAM show it.
type holder struct {
	Arn                            string
	Tags                           []struct{ Key, Value string }
	UserPolicyList, RolePolicyList []struct {
		PolicyName     string
		PolicyDocument struct{ Statement []shape }
	}
}

// A shape is what a statement speaks of resources by.
type shape struct {
	Sid                   string
	Resource, NotResource any
	Condition             map[string]map[string]any
}

// A defeated estate is what the tests count of one.
type defeated struct {
	holders        []holder
	managed        []shape
	bucketPolicies int
	buckets        int
	secrets        int
	owned          int // secrets that carry an owner's tag
}

func defeatedBy(t *testing.T, d generate.Defeat) defeated {
	t.Helper()
	o := small
	o.Defeat = d
	var out defeated
	for name, text := range written(t, o) {
		switch op := path.Base(path.Dir(name)); {
		case strings.HasSuffix(name, "/get-account-authorization-details.json"):
			out.identities(t, text.Bytes())
		case op == "get-bucket-policy" && !bytes.HasPrefix(text.Bytes(), []byte("\nAn error")):
			out.bucketPolicies++
		case strings.HasSuffix(name, "/list-buckets.json"):
			out.buckets += len(parse[struct{ Buckets []any }](t, text.Bytes()).Buckets)
		case strings.HasSuffix(name, "/list-secrets.json"):
			out.readSecrets(t, text.Bytes())
		}
	}
	return out
}

func (d *defeated) identities(t *testing.T, text []byte) {
	doc := parse[struct {
		UserDetailList, RoleDetailList []holder
		Policies                       []struct {
			PolicyName        string
			PolicyVersionList []struct{ Document struct{ Statement []shape } }
		}
	}](t, text)
	d.holders = append(append(d.holders, doc.UserDetailList...), doc.RoleDetailList...)
	for _, p := range doc.Policies {
		if strings.HasPrefix(p.PolicyName, "base-") {
			d.managed = append(d.managed, p.PolicyVersionList[0].Document.Statement...)
		}
	}
}

func (d *defeated) readSecrets(t *testing.T, text []byte) {
	for _, s := range parse[struct {
		SecretList []struct{ Tags []struct{ Key, Value string } }
	}](t, text).SecretList {
		d.secrets++
		for _, tag := range s.Tags {
			if tag.Key == "owner" {
				d.owned++
			}
		}
	}
}

// inlineOf returns the texts of a principal's inline policy of a name.
func (h holder) inlineOf(name string) (list []shape) {
	for _, p := range slices.Concat(h.UserPolicyList, h.RolePolicyList) {
		if p.PolicyName == name {
			list = append(list, p.PolicyDocument.Statement...)
		}
	}
	return list
}

// TestDefeatByTags: every ordinary principal has a tag of its own value and the
// one policy that compares it; every secret carries such a tag.
func TestDefeatByTags(t *testing.T) {
	d := defeatedBy(t, generate.DefeatByTags)
	values, leave := map[string]bool{}, 0
	for _, h := range d.holders {
		for _, tag := range h.Tags {
			if tag.Key == "owner" {
				values[tag.Value] = true
			}
		}
		leave += len(h.inlineOf("same-owner"))
	}
	between(t, "values of the owner's tag a principal", len(values), len(d.holders), 1, 1)
	between(t, "principals with leave by tag", leave, len(d.holders), 0.97, 1)
	between(t, "secrets with an owner", d.owned, d.secrets, 1, 1)
}

// TestDefeatByPolicies: every ordinary principal has statements of its own,
// every bucket a policy.
func TestDefeatByPolicies(t *testing.T) {
	d := defeatedBy(t, generate.DefeatByPolicies)
	own := 0
	for _, h := range d.holders {
		own += len(h.inlineOf("own"))
	}
	between(t, "principals with statements of their own", own, len(d.holders), 0.97, 1)
	between(t, "buckets with policies", d.bucketPolicies, d.buckets, 1, 1)
	ordinary := defeatedBy(t, generate.DefeatNothing)
	between(t, "buckets with policies, ordinarily", ordinary.bucketPolicies, ordinary.buckets, 0.45, 0.55)
}

// TestDefeatByNotResource: managed policies and principals' own speak of all
// but some resources.
func TestDefeatByNotResource(t *testing.T) {
	d := defeatedBy(t, generate.DefeatByNotResource)
	statements, not := 0, 0
	excluded := map[string]bool{} // by account: the same words exclude other things there
	count := func(account string, list []shape) {
		for _, s := range list {
			if statements++; s.NotResource != nil && s.Resource == nil {
				not++
				excluded[account+strings.Join(texts(s.NotResource), " ")] = true
			}
		}
	}
	count("", d.managed)
	for _, h := range d.holders {
		count(strings.Split(h.Arn, ":")[4], h.inlineOf("own"))
	}
	between(t, "statements with NotResource", not, statements, 1, 1)
	between(t, "different ones a principal", len(excluded), len(d.holders), 0.2, 0.4)
}

func texts(list any) (out []string) {
	for _, v := range list.([]any) {
		out = append(out, v.(string))
	}
	return out
}

// Defeats are read whole, write the same bytes for a seed, and one that nobody
// knows is refused.
func TestDefeats(t *testing.T) {
	hashes := map[string]bool{}
	for _, d := range generate.Defeats {
		o := generate.Options{Seed: 3, Accounts: 2, Principals: 60, Resources: 300, Defeat: d}
		ingested(t, o)
		hash := written(t, o).hash()
		if hash != written(t, o).hash() {
			t.Errorf("%s: the same seed wrote other bytes", d)
		}
		hashes[hash] = true
	}
	if len(hashes) != len(generate.Defeats) {
		t.Errorf("%d defeats write %d estates", len(generate.Defeats), len(slices.Collect(maps.Keys(hashes))))
	}
	err := generate.AWS(t.Context(), generate.Options{Accounts: 1, Principals: 1, Defeat: "luck"}, tree{}.create)
	if !errors.Is(err, generate.ErrOptions) {
		t.Error(err)
	}
}
