package schema_test

import (
	"regexp"
	"strings"
	"testing"
)

const searchQuery = `query($text: String!, $first: Int! = 500, $after: String) { search(text: $text, first: $first, after: $after) {
  edges { cursor node { id ref name type } } pageInfo { hasNextPage endCursor } totalCount { value exact } } }`

func TestReferences(t *testing.T) {
	api := acme(t)
	for ref, want := range map[string]string{
		tomas:                             tomas,
		"tomas.release":                   tomas,
		"account:333344445555":            "account:333344445555",
		"333344445555":                    "account:333344445555",
		"acme-production":                 "account:333344445555",
		"credential:AKIAU3HHASRZUEXAMPLE": "credential:AKIAU3HHASRZUEXAMPLE",
		"AKIAU3HHASRZUEXAMPLE":            "credential:AKIAU3HHASRZUEXAMPLE",
		"internet":                        "internet",
		"acme-ledger":                     "arn:aws:s3:::acme-ledger",
	} {
		e := at(t, ask(t, api, `query($ref: CloudRef!) { entity(ref: $ref) { id ref ... on Principal { nativeId } } }`, object{"ref": ref}), "entity")
		if got := text(t, e, "ref"); got != want {
			t.Errorf("%s is %s, want %s", ref, got, want)
			continue
		}
		again := ask(t, api, `query($id: ID!) { node(id: $id) { id ... on GraphEntity { ref } } }`, object{"id": at(t, e, "id")})
		if text(t, again, "node", "ref") != want {
			t.Errorf("by id: %v", again)
		}
		if native := e.(object)["nativeId"]; native != nil {
			if got := text(t, ask(t, api, `query($ref: CloudRef!) { entity(ref: $ref) { ref } }`, object{"ref": native}), "entity", "ref"); got != want {
				t.Errorf("%s is %s, want %s", native, got, want)
			}
		}
	}
}

func TestReferenceErrors(t *testing.T) {
	api := acme(t)
	for ref, c := range map[string]struct{ code, message string }{
		"":                                {"BAD_INPUT", "empty"},
		"no-such-thing":                   {"NOT_FOUND", "names nothing"},
		"tomas":                           {"NOT_FOUND", tomas}, // what comes near
		"OrganizationAccountAccessRole":   {"AMBIGUOUS", data + "role/OrganizationAccountAccessRole"},
		"AKIAU3HHASRZTEXAMPLE":            {"NOT_FOUND", "account 333344445555 (acme-production): iam list-access-keys"},
		"ASIAY34FZKBOKMUTVV7A":            {"NOT_FOUND", "account 609629065308 of which nothing was collected"},
		"credential:ASIAQNZGKIQY56JQ7WML": {"NOT_FOUND", "029608264753"},
		"AKIAIOSFODNN7EXAMPLE":            {"NOT_FOUND", "encodes no account"},
		"crown-jewels":                    {"AMBIGUOUS", "acme-ledger"},
	} {
		got, message := code(t, api, `query($ref: CloudRef!) { entity(ref: $ref) { ref } }`, object{"ref": ref})
		if got != c.code || !strings.Contains(message, c.message) {
			t.Errorf("%q: %s: %s", ref, got, message)
		}
	}
}

func TestSelectors(t *testing.T) {
	api := acme(t)
	const query = `query($s: EntitySelector!) { whatCanAccess(principal: $s) { totalCount { value } } }`
	for _, s := range []object{{}, {"ref": tomas, "label": "crown-jewel"}, {"id": "xyz"}} {
		if got, message := code(t, api, query, object{"s": s}); got != "BAD_INPUT" {
			t.Errorf("%v: %s: %s", s, got, message)
		}
	}
	for _, s := range []object{{"label": "no-such-label"}, {"id": strings.Repeat("0", 32)}} {
		if got, message := code(t, api, query, object{"s": s}); got != "NOT_FOUND" {
			t.Errorf("%v: %s: %s", s, got, message)
		}
	}
}

func TestEntities(t *testing.T) {
	api := acme(t)
	list := at(t, ask(t, api, `query($refs: [CloudRef!]!) { entities(refs: $refs) { __typename ref name tags { key value } labels mentioned
		scope { name ancestors { kind } }
		... on Resource { crownJewel internetExposed }
		... on Principal { kind groups { name } credentials { edges { node { publicId active createdAt of { ref } } } } } } }`,
		object{"refs": []string{"arn:aws:s3:::acme-website", "nothing", tomas, "arn:aws:s3:::acme-ledger", "OrganizationAccountAccessRole"}}), "entities")
	if at(t, list, 1) != nil || at(t, list, 4) != nil {
		t.Errorf("unknown and ambiguous references: %v", list)
	}
	if text(t, list, 0, "internetExposed") != "ALLOWED" || text(t, list, 3, "internetExposed") != "DENIED" ||
		text(t, list, 3, "crownJewel") != "true" || text(t, list, 3, "labels") != "[crown-jewel]" {
		t.Errorf("%v", list)
	}
	if text(t, list, 2, "kind") != "USER" || text(t, list, 2, "groups", 1, "name") != "ReleaseEngineers" ||
		text(t, list, 2, "scope", "ancestors", 0, "kind") != "FOLDER" {
		t.Errorf("%v", at(t, list, 2))
	}
	many := make([]string, 501)
	for i := range many {
		many[i] = "internet"
	}
	if got, _ := code(t, api, `query($refs: [CloudRef!]!) { entities(refs: $refs) { ref } }`, object{"refs": many}); got != "LIMIT" {
		t.Errorf("501 entities: %s", got)
	}
	if n := len(at(t, ask(t, api, `query($refs: [CloudRef!]!) { entities(refs: $refs) { ref } }`, object{"refs": many[:500]}), "entities").([]any)); n != 500 {
		t.Errorf("%d of 500", n)
	}
}

func TestNoSecrets(t *testing.T) {
	api := acme(t)
	list := text(t, ask(t, api, `{ __schema { types { name fields { name } } } }`, nil))
	for _, word := range []string{"secretAccessKey", "password", "secretKey", "privateKey"} {
		if strings.Contains(strings.ToLower(list), strings.ToLower(word)) {
			t.Errorf("the schema has a field %s", word)
		}
	}
}

// federations are the types that the federation's specification, and the
// generator's reading of it, bring along.
var federations = regexp.MustCompile(`^(_Any|_Entity|_Service|FieldSet|Entity|federation__.*|link__.*|\w+By(ID|Ref)sInput)$`)

// Everything that clients see in the explorer says what it is.
func TestEverythingIsDescribed(t *testing.T) {
	types := at(t, ask(t, acme(t), `{ __schema { types { name description
		fields { name description args { name } } inputFields { name description } enumValues { name description } } } }`, nil), "__schema", "types")
	for _, one := range types.([]any) {
		name := text(t, one, "name")
		if strings.HasPrefix(name, "__") || federations.MatchString(name) {
			continue
		}
		if at(t, one, "description") == nil {
			t.Errorf("type %s has no description", name)
		}
		for _, part := range []string{"fields", "inputFields", "enumValues"} {
			members, _ := at(t, one, part).([]any)
			for _, m := range members {
				own := !strings.HasPrefix(text(t, m, "name"), "_") // _service and _entities are of the federation
				if d := at(t, m, "description"); own && (d == nil || d == "") {
					t.Errorf("%s.%s has no description", name, text(t, m, "name"))
				}
			}
		}
	}
}
