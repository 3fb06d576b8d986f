package aws

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
)

// ErrPolicy is wrapped by every error about the text of a policy.
var ErrPolicy = errors.New("policy document")

// maxDocument bounds the bytes of one policy document; AWS's own largest
// (a KMS key policy) is 32 KiB, an S3 bucket policy 20 KB.
const maxDocument = 1 << 20

// The versions of the policy language; variables are of the newer one alone.
const (
	withVariables    = "2012-10-17"
	withoutVariables = "2008-10-17"
)

// A Document is a parsed policy: what the JSON says, nothing resolved yet.
type Document struct {
	Version    string
	ID         string
	Statements []Statement

	trust atomic.Pointer[trust] // whom it trusts, once that was asked
}

// A Statement is one statement of a Document.
type Statement struct {
	Index   int
	Pointer string // JSON Pointer of the statement in its document
	Sid     string

	Deny          bool
	NotActions    bool // Actions stood under NotAction
	NotResources  bool
	HasResources  bool // Resource or NotResource is there at all
	NotPrincipals bool
	HasPrincipals bool

	Actions    []string
	Resources  []string
	Principals []PrincipalName
	Conditions []Condition

	compiled compiledStatement
}

// A PrincipalName is one entry of a Principal element.
type PrincipalName struct {
	Type  string // "AWS", "Service", "Federated", "CanonicalUser"; "*" where Principal is "*"
	Value string
}

// A Condition is one operator and key with its values.
type Condition struct {
	Operator string
	Key      string
	Values   []string

	compiled compiledCondition
}

// ParseDocument reads a policy document. Every error wraps ErrPolicy and names
// the JSON Pointer and what was expected there. What AWS would refuse to store
// (an unknown version, operator or effect, an element of another type) is an
// error; elements that it ignores are ignored.
func ParseDocument(text []byte) (*Document, error) { return parseDocument(text, &interner{}) }

// parseDocument shares with other documents what they say alike.
func parseDocument(text []byte, in *interner) (*Document, error) {
	if len(text) > maxDocument {
		return nil, fmt.Errorf("%w: %d bytes, want at most %d", ErrPolicy, len(text), maxDocument)
	}
	if !in.borrows {
		text = bytes.Clone(text)
	}
	var room [8]field
	top, ok := plainFields(text, room[:0])
	if !ok || repeats(top) {
		var err error
		if top, err = topFields(text); err != nil {
			return nil, err
		}
	}
	list, pointer, listErr := statementTexts(valueOf(top, "Statement"))
	d := newDocument(len(list))
	for _, f := range top {
		var err error
		switch f.name {
		case "Version":
			err = d.parseVersion(f.value)
		case "Id":
			d.ID, err = parseString(f.value, "/Id")
		}
		if err != nil {
			return nil, err
		}
	}
	if listErr != nil {
		return nil, listErr
	}
	if err := d.parseStatements(list, pointer, in); err != nil {
		return nil, err
	}
	return d, nil
}

// newDocument has room for some statements. Most have one, and there are millions:
// it stands beside the document.
func newDocument(statements int) *Document {
	if statements == 1 {
		d := &struct {
			Document
			one [1]Statement
		}{}
		d.Version, d.Statements = withoutVariables, d.one[:]
		return &d.Document
	}
	d := &Document{Version: withoutVariables}
	if statements > 0 {
		d.Statements = make([]Statement, statements)
	}
	return d
}

// topFields are the fields of a document that is not plain; of a name that comes
// twice the last counts.
func topFields(text []byte) ([]field, error) {
	var top map[string]json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&top); err != nil {
		return nil, fmt.Errorf("%w: want a JSON object: %w", ErrPolicy, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: text after the object at byte %d", ErrPolicy, decoder.InputOffset())
	}
	return sortedFields(top), nil
}

// validAs returns an error where AWS would not store the document at a layer:
// policies of identities and of organizations' principals name none, trust and
// resource control policies never say who is not meant.
//
// Source: IAM user guide, "AWS JSON policy elements: Principal" and
// "NotPrincipal"; AWS Organizations user guide, "RCP syntax".
func (d *Document) validAs(layer graph.LayerID) error {
	for i := range d.Statements {
		s := &d.Statements[i]
		switch layer {
		case LayerIdentity, LayerBoundary, LayerSession, LayerSCP:
			if s.HasPrincipals {
				return fmt.Errorf("%w: %s: %s does not go into a policy of layer %s", ErrPolicy, s.Pointer, named("Principal", s.NotPrincipals), layer)
			}
		case LayerTrust, LayerRCP:
			if s.NotPrincipals {
				return fmt.Errorf("%w: %s: NotPrincipal does not go into a policy of layer %s", ErrPolicy, s.Pointer, layer)
			}
		}
	}
	return nil
}

func (d *Document) parseVersion(raw json.RawMessage) error {
	version, err := parseString(raw, "/Version")
	if err != nil {
		return err
	}
	switch version {
	case withVariables:
		d.Version = withVariables
	case withoutVariables:
		d.Version = withoutVariables
	default:
		return fmt.Errorf("%w: /Version is %q, want 2012-10-17 or 2008-10-17", ErrPolicy, version)
	}
	return nil
}

// statementTexts are the texts of statements, and where each stands.
func statementTexts(raw json.RawMessage) (list []json.RawMessage, pointer func(int) string, err error) {
	if raw == nil {
		return nil, nil, fmt.Errorf("%w: no Statement", ErrPolicy)
	}
	if first := bytes.TrimSpace(raw); len(first) > 0 && first[0] == '{' {
		return []json.RawMessage{raw}, func(int) string { return "/Statement" }, nil
	}
	if list, err = elementsOf(raw); err != nil {
		return nil, nil, fmt.Errorf("%w: /Statement: want an object or an array of objects", ErrPolicy)
	}
	return list, statementPointer, nil
}

func (d *Document) parseStatements(list []json.RawMessage, pointer func(int) string, in *interner) error {
	if len(list) == 0 {
		return nil
	}
	p := &statementParser{interner: in, variables: d.Version == withVariables}
	for i, item := range list {
		d.Statements[i].Index, d.Statements[i].Pointer = i, pointer(i)
		if err := p.parse(&d.Statements[i], item); err != nil {
			return err
		}
	}
	return p.compile(d.Statements)
}

type field struct {
	name  string
	value json.RawMessage
}

// orderedFields reads an object in the order of its text: conditions and
// principals print back as they were written.
func orderedFields(raw json.RawMessage, pointer string) ([]field, error) {
	if fields, ok := plainFields(raw, nil); ok {
		return fields, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if t, err := decoder.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("%w: %s: want an object", ErrPolicy, pointer)
	}
	var fields []field
	for decoder.More() {
		t, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrPolicy, pointer, err)
		}
		f := field{name: t.(string)} // an object's keys are strings
		if err := decoder.Decode(&f.value); err != nil {
			return nil, fmt.Errorf("%w: %s/%s: %w", ErrPolicy, pointer, f.name, err)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// parseScalars reads condition values: strings, numbers and Booleans, one or
// an array, kept as the text that they are compared by.
func parseScalars(raw json.RawMessage, pointer string) ([]string, error) {
	if list, ok := plainTexts(raw); ok {
		return list, nil
	}
	list, err := elementsOf(raw)
	if err != nil {
		list = []json.RawMessage{raw}
	}
	values := make([]string, 0, len(list))
	for _, item := range list {
		text := string(bytes.TrimSpace(item))
		switch {
		case text == "" || text[0] == '{' || text[0] == '[' || text == "null":
			return nil, fmt.Errorf("%w: %s: want strings, numbers or Booleans", ErrPolicy, pointer)
		case text[0] == '"':
			s, err := parseString(item, pointer)
			if err != nil {
				return nil, err
			}
			text = s
		}
		values = append(values, text)
	}
	return values, nil
}

func escapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// MarshalJSON prints a document that means the same as the one that was read.
func (d *Document) MarshalJSON() ([]byte, error) {
	out := map[string]any{"Version": d.Version}
	if d.ID != "" {
		out["Id"] = d.ID
	}
	statements := make([]map[string]any, len(d.Statements))
	for i := range d.Statements {
		statements[i] = d.Statements[i].fields()
	}
	out["Statement"] = statements
	return json.Marshal(out)
}

func (s *Statement) fields() map[string]any {
	out := map[string]any{"Effect": "Allow", named("Action", s.NotActions): s.Actions}
	if s.Deny {
		out["Effect"] = "Deny"
	}
	if s.Sid != "" {
		out["Sid"] = s.Sid
	}
	if s.HasResources {
		out[named("Resource", s.NotResources)] = s.Resources
	}
	if s.HasPrincipals {
		out[named("Principal", s.NotPrincipals)] = principalFields(s.Principals)
	}
	if s.Conditions != nil {
		conditions := map[string]map[string][]string{}
		for _, c := range s.Conditions {
			if conditions[c.Operator] == nil {
				conditions[c.Operator] = map[string][]string{}
			}
			conditions[c.Operator][c.Key] = c.Values
		}
		out["Condition"] = conditions
	}
	return out
}

func named(element string, not bool) string {
	if not {
		return "Not" + element
	}
	return element
}

func principalFields(names []PrincipalName) any {
	fields := map[string][]string{}
	for _, n := range names {
		if n.Type == "*" {
			return "*"
		}
		fields[n.Type] = append(fields[n.Type], n.Value)
	}
	return fields
}
