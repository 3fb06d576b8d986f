package aws

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// A statement is what of a policy statement names others. Whether and when it
// grants is the resolver's to say.
type statement struct {
	Effect       string
	Principal    jsontext.Value
	NotPrincipal jsontext.Value
	Condition    jsontext.Value
}

// mentions writes the nodes that a policy names: accounts anywhere in its
// text, and the principals of trust and resource policies.
func (c *collection) mentions(a graph.Attachment, text []byte) error {
	if a.Layer == LayerIdentity || a.Layer == LayerBoundary {
		c.mentionAccounts(text)
		return nil
	}
	federated := bytes.Contains(text, []byte("Federated"))
	if !federated && c.seenBefore(a, text) {
		return nil
	}
	c.mentionAccounts(text)
	for _, s := range statementsOf(text) {
		for _, p := range slices.Concat(principalsOf(s.Principal), principalsOf(s.NotPrincipal)) {
			if err := c.mentionPrincipal(p, a.Origin); err != nil {
				return err
			}
		}
		if federated && a.Layer == LayerTrust && s.Effect == "Allow" {
			if err := c.federatedSubjects(s, a.Origin); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxSeen bounds how many texts are remembered as read for mentions.
const maxSeen = 1 << 12

// A textSeen is a policy text that some listing holds at some layer.
type textSeen struct {
	hash   uint64
	layer  graph.LayerID
	origin *graph.Origin
}

// seenBefore remembers texts: most roles share a few trust policies, and whom
// a text names need be written once a listing. It is not asked of texts with
// federated subjects, which are written each time: each trust is an origin of
// theirs.
func (c *collection) seenBefore(a graph.Attachment, text []byte) bool {
	key := textSeen{maphash.Bytes(hashSeed, text), a.Layer, a.Origin}
	if c.seen[key] {
		return true
	}
	if len(c.seen) >= maxSeen {
		clear(c.seen)
	}
	c.seen[key] = true
	return false
}

// mentionAccounts notes every account that an ARN in text names.
func (c *collection) mentionAccounts(text []byte) {
	for {
		i := bytes.Index(text, []byte("arn:"))
		if i < 0 {
			return
		}
		text = text[i+4:]
		end := bytes.IndexAny(text, "\"\\ ")
		if end < 0 {
			return
		}
		if partition, account := partsOfARN(text[:min(end, maxARN)]); len(account) == 12 && isAccountID(string(account)) {
			c.mentionIn(partition, account)
		}
	}
}

// mentionAccountsOf notes those that the text of a managed policy names.
func (c *collection) mentionAccountsOf(policy graph.Ref) {
	p, _ := c.policy(policy)
	c.mentionAccounts(p.text)
}

// maxARN bounds how far an ARN is looked at.
const maxARN = 200

// partsOfARN returns the first and the fourth part of what follows "arn:",
// nothing if there are fewer than five.
func partsOfARN(rest []byte) (partition, account []byte) {
	var parts [4][]byte
	for i := range parts {
		part, after, ok := bytes.Cut(rest, []byte(":"))
		if !ok {
			return nil, nil
		}
		parts[i], rest = part, after
	}
	return parts[0], parts[3]
}

// mentionIn is mention of parts of a text, most of which are known.
func (c *collection) mentionIn(partition, account []byte) {
	if a := c.accounts[string(account)]; a != nil && a.partition == string(partition) {
		return
	}
	p := string(partition)
	if !isPartition(p) {
		p = "aws"
	}
	c.mention(string(account), p)
}

// statementsOf returns a policy's statements, a lone one as well. What has
// another shape names nobody here; the resolver says what is wrong with it.
// The values are parts of text.
func statementsOf(text []byte) []statement {
	var out []statement
	_ = members(text, func(name string, v jsontext.Value) {
		if name != "Statement" {
			return
		}
		out = out[:0]
		for _, v := range listOf(v) {
			var s statement
			if s.read(v) {
				out = append(out, s)
			}
		}
	})
	return out
}

// read takes the members of a statement; false if it has another shape.
func (s *statement) read(v jsontext.Value) bool {
	shaped := true
	err := members(v, func(name string, v jsontext.Value) {
		switch name {
		case "Effect":
			var err error
			s.Effect, err = unquote(v)
			shaped = shaped && err == nil
		case "Principal":
			s.Principal = v
		case "NotPrincipal":
			s.NotPrincipal = v
		case "Condition":
			s.Condition = v
		}
	})
	return shaped && err == nil
}

// members calls take with every member of an object. Values are parts of text.
func members(text []byte, take func(name string, v jsontext.Value)) error {
	r := reader{source: bytes.NewBuffer(text)}
	dec, done := r.decoder(sound)
	defer done()
	return readMembers(dec, func(name string) error {
		v, err := dec.ReadValue()
		if err == nil {
			take(name, v)
		}
		return err
	})
}

// listOf returns the elements of an array, or v itself: AWS writes a list of
// one either way. The values are parts of v.
func listOf(v jsontext.Value) []jsontext.Value {
	if v.Kind() != '[' {
		if len(v) == 0 {
			return nil
		}
		return []jsontext.Value{v}
	}
	r := reader{source: bytes.NewBuffer(v)}
	dec, done := r.decoder(sound)
	defer done()
	var list []jsontext.Value
	err := readRecords(dec, func(e jsontext.Value) error {
		list = append(list, e)
		return nil
	})
	if err != nil {
		return []jsontext.Value{v}
	}
	return list
}

// stringsOf returns the strings of a list, or a lone one.
func stringsOf(v jsontext.Value) []string {
	if v.Kind() == '"' {
		if s, err := unquote(v); err == nil {
			return []string{s}
		}
	}
	var out []string
	for _, e := range listOf(v) {
		if s, err := unquote(e); err == nil {
			out = append(out, s)
		}
	}
	return out
}

// A principal is one entry of a Principal element.
type principal struct{ kind, value string }

// principalsOf returns the entries of a Principal element, "AWS" first; the
// text "*" (or, as some exports have it, a lone ARN) counts as an AWS one.
func principalsOf(v jsontext.Value) []principal {
	if len(v) == 0 {
		return nil
	}
	var out []principal
	if v.Kind() != '{' {
		for _, s := range stringsOf(v) {
			out = append(out, principal{"AWS", s})
		}
		return out
	}
	kinds := map[string]jsontext.Value{}
	if members(v, func(name string, v jsontext.Value) { kinds[name] = v }) != nil {
		return nil
	}
	for _, kind := range []string{"AWS", "Federated", "Service", "CanonicalUser"} {
		for _, s := range stringsOf(kinds[kind]) {
			out = append(out, principal{kind, s})
		}
	}
	return out
}

// mentionPrincipal writes the node of a principal that some policy names.
func (c *collection) mentionPrincipal(p principal, o *graph.Origin) error {
	switch p.kind {
	case "AWS":
		return c.mentionAWS(p.value, o)
	case "Federated":
		return c.mentionProvider(p.value, o)
	case "Service":
		return c.mentionNode(graph.Node{Ref: serviceRef(p.value), Kind: graph.KindServicePrincipal,
			Type: "iam:service", Name: p.value, Origin: o})
	}
	return nil
}

// mentionAWS notes an account, or writes the user or role that an ARN names.
// An assumed-role session names its role without the path, so it names none.
func (c *collection) mentionAWS(value string, o *graph.Origin) error {
	if isAccountID(value) {
		c.mention(value, "aws")
		return nil
	}
	if c.once[mention{graph.Ref(value), o}] {
		return nil
	}
	a, ok := parseARN(value)
	if !ok || !isAccountID(a.account) {
		return nil
	}
	c.mention(a.account, a.partition)
	kinds := map[string]graph.Kind{"user": graph.KindUser, "role": graph.KindRole}
	kind, ok := kinds[a.kind()]
	if a.service != "iam" || !ok || strings.ContainsAny(a.resource, "*?") {
		return nil
	}
	return c.mentionNode(graph.Node{Ref: graph.Ref(value), Kind: kind, Type: "iam:" + a.kind(),
		Name: a.last(), Scope: accountRef(a.account), Origin: o})
}
