package aws

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// record returns a recordFunc that reads a record into a T first. Services
// differ in how they spell members (clusterArn, ClusterArn, ARN), so that case
// does not count here. A T names what is kept: nothing else of a record is read.
func record[T any](take func(m *mapper, t T) error) recordFunc {
	return func(m *mapper, v jsontext.Value) error {
		var t T
		if err := decodeFold(v, &t); err != nil {
			return err
		}
		return take(m, t)
	}
}

func decodeFold(record jsontext.Value, into any) error {
	err := json.Unmarshal(record, into, sound, json.MatchCaseInsensitiveNames(true))
	if wrong := new(json.SemanticError); errors.As(err, &wrong) {
		return fmt.Errorf("%w: %s is %s, want %s", ErrContent, cmp.Or(string(wrong.JSONPointer), "the record"), kindWord(wrong.JSONKind), typeWord(wrong.GoType))
	}
	return err
}

// inRegion returns the ARN of a thing that its document shows by name or id
// alone: it lies in the account and region of the document's folder.
func (m *mapper) inRegion(service, resource string) (string, error) {
	if !m.doc.inTree() || m.doc.region == "" {
		return "", fmt.Errorf("%w: the output of aws %s %s does not name its region: want it at <account>/<region>/%s/%s.json",
			ErrMisplaced, m.doc.op.service, m.doc.op.name, m.doc.op.service, m.doc.op.name)
	}
	if strings.HasSuffix(resource, "/") || strings.HasSuffix(resource, ":") {
		return "", fmt.Errorf("%w: %s: want a name or an id", ErrContent, m.pointer)
	}
	return arn{m.partition(), service, m.doc.region, m.doc.account, resource}.String(), nil
}

// mentionThing writes the node of an ARN that a document names and does not
// describe. What is no ARN names nothing.
func (m *mapper) mentionThing(ref graph.Ref, o *graph.Origin) error {
	a, ok := parseARN(string(ref))
	if !ok {
		return nil
	}
	kind, typ := kindOfARN(a)
	return m.mentionAs(kind, typ, ref, a, o)
}

func (m *mapper) mentionAs(kind graph.Kind, typ string, ref graph.Ref, a arn, o *graph.Origin) error {
	n := graph.Node{Ref: ref, Kind: kind, Type: typ, Name: nameOf(a), Origin: o}
	if a.service == "iam" {
		n.Name = a.last()
	}
	if isAccountID(a.account) {
		m.c.mention(a.account, a.partition)
		n.Scope = accountRef(a.account)
	}
	return m.c.mentionNode(n)
}

// plainTypes are the types of services whose ARNs do not say the type.
var plainTypes = map[string]string{"s3": "bucket", "sns": "topic", "sqs": "queue"}

// typeWords are the types that an ARN spells in other words than the service
// authorization reference, by how the ARN spells them.
var typeWords = map[string]string{
	"states:stateMachine": "states:statemachine", "glue:devEndpoint": "glue:devendpoint", "apigateway:": "apigateway:RestApi",
	"batch:job-definition": "batch:job-definition-revision", "sso:permissionSet": "sso:PermissionSet", "sso:instance": "sso:Instance",
	"access-analyzer:analyzer": "access-analyzer:Analyzer",
}

// kindOfARN returns kind and type of a thing by its ARN; what is not known
// is a resource of the type that its ARN spells.
func kindOfARN(a arn) (graph.Kind, string) {
	typ := a.service + ":" + cmp.Or(plainTypes[a.service], a.kind(), a.resource)
	typ = cmp.Or(typeWords[typ], typ)
	switch typ {
	case "iam:user":
		return graph.KindUser, typ
	case "iam:role":
		return graph.KindRole, typ
	case "iam:group":
		return graph.KindGroup, typ
	case "iam:root":
		return graph.KindUser, typ
	case "lambda:function", "ec2:instance", "ecs:service", "ecs:task", "elasticbeanstalk:environment":
		return graph.KindWorkload, typ
	}
	return graph.KindResource, typ
}

// A fact is what a document says of a node that another document describes.
type fact struct {
	to    graph.Ref
	layer graph.LayerID
	name  string // unique among the facts of one layer on one node
}

// fact attaches the named members of record v to a node. No other member is
// kept: records grow, and some hold secrets.
func (m *mapper) fact(f fact, v jsontext.Value, o *graph.Origin, members ...string) error {
	text, err := pick(v, members...)
	if err != nil {
		return err
	}
	return m.factText(f, text, o)
}

// factText attaches a fact that is written already.
func (m *mapper) factText(f fact, text jsontext.Value, o *graph.Origin) error {
	if err := m.mentionThing(f.to, o); err != nil {
		return err
	}
	return m.attach(graph.Attachment{To: f.to, Layer: f.layer, Policy: f.to + "#" + graph.Ref(f.name), Name: f.name, Inline: true, Origin: o}, text, "")
}

// pick returns an object with some members of an object, in their own order of
// names, whatever the order they came in.
func pick(v jsontext.Value, members ...string) (jsontext.Value, error) {
	var all map[string]jsontext.Value
	if err := decode(v, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if !slices.Contains(members, name) || all[name].Kind() == 'n' {
			delete(all, name)
		}
	}
	return json.Marshal(all, json.Deterministic(true))
}

// A roleEdge leads to a role or instance profile that is known by its name
// alone: its ARN may have a path that only its own document shows.
type roleEdge struct {
	from          graph.Ref
	kind          string // "role" or "instance-profile"
	account, name string
	origin        *graph.Origin
}

// runsAs writes what a thing runs as: a role's ARN, its path and name, or its
// name. None is no edge.
func (m *mapper) runsAs(from graph.Ref, kind, role string, o *graph.Origin) error {
	switch {
	case role == "":
		return nil
	case strings.HasPrefix(role, "arn:"):
		return m.edge(from, graph.RunsAs, graph.Ref(role), o)
	}
	account := strings.TrimPrefix(string(o.Listing.Scope), "account:")
	if strings.Contains(role, "/") {
		return m.edge(from, graph.RunsAs, iamRef(m.partitionFor(account), account, kind, strings.Trim(role, "/")), o)
	}
	m.c.roleEdges = append(m.c.roleEdges, roleEdge{from, kind, account, role, o})
	return nil
}

func iamRef(partition, account, kind, name string) graph.Ref {
	return graph.Ref("arn:" + partition + ":iam::" + account + ":" + kind + "/" + name)
}

// wantName notes, on the first reading, that the ARN of a role or instance
// profile of this name will be wanted.
func (c *collection) wantName(kind, name string) {
	if name != "" && !strings.Contains(name, "/") {
		c.wanted[kind+"/"+name] = true
	}
}

// writeRoleEdges writes the edges to roles known by name.
func (c *collection) writeRoleEdges() error {
	for _, e := range c.roleEdges {
		to := graph.Ref(c.owners[e.account+"/"+e.kind+"/"+e.name])
		if to == "" {
			to = iamRef(c.accounts[e.account].partition, e.account, e.kind, e.name)
		}
		if err := c.edge(graph.Edge{From: e.from, To: to, Relation: graph.RunsAs, Origin: e.origin}); err != nil {
			return err
		}
	}
	return nil
}

// tagMap is how the younger of AWS's services write tags.
type tagMap map[string]string

func (t tagMap) list() tagList {
	var out tagList
	for _, k := range slices.Sorted(maps.Keys(t)) {
		out = append(out, struct{ Key, Value string }{k, t[k]})
	}
	return out
}

// yes returns "true", or nothing: an attribute without a value is left out.
func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// joined writes a list in one attribute.
func joined(list []string) string { return strings.Join(distinct(list), ",") }

// withoutUser cuts a user and password out of a URL.
func withoutUser(location string) string {
	scheme, rest, ok := strings.Cut(location, "://")
	if !ok {
		return location
	}
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if path != "" {
		host += "/" + path
	}
	return scheme + "://" + host
}
