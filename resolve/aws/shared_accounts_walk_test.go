package aws

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/resolve/policy"
)

// An accountWalk draws the lines of one case from what Clew concludes.
type accountWalk struct {
	t       *testing.T
	c       *wholeCase
	e       *Estate
	actions map[string]string
	// sessions and federated are those that some policy names: of a role by
	// account and name, and of a whole account.
	sessions  map[string][]string
	federated map[string][]string
	lines     map[string]bool
}

// A way is one way to hold something on a path: the words so far, and who asks.
type way struct {
	words   []string
	ask     graph.Ref
	session [][]byte // session policies
	named   bool     // the way is a session, or federated user, that a policy names
}

// lines returns what comes out.
func (c *wholeCase) lines(t *testing.T, e *Estate, actions map[string]string) map[string]bool {
	t.Helper()
	w := &accountWalk{t: t, c: c, e: e, actions: actions, lines: map[string]bool{}}
	w.readNames()
	s := w.e.Snapshot()
	for node := range snapshot.Index(s.NumNodes()) {
		n := s.Node(node)
		if names := w.starts(n); names != nil {
			w.from(node, n, names)
		}
	}
	return w.lines
}

// starts returns what the data call a node with which paths start, nil if none
// does.
func (w *accountWalk) starts(n graph.Node) []string {
	switch {
	case n.Kind == graph.KindAnonymous, n.Ref == strangersRoot:
		return []string{"Anonymous user"}
	case n.Type == "iam:user" && !n.Mentioned:
		return []string{string(n.Ref)}
	case n.Kind == graph.KindServicePrincipal:
		return []string{n.Name}
	case n.Kind == graph.KindFederatedSubject && strings.Contains(n.Attr("issuer"), "AWSSSO_"):
		return w.c.assigned(n.Attr("provider"))
	case n.Kind == graph.KindFederatedSubject:
		return []string{n.Attr("provider")}
	}
	return nil
}

// assigned returns the users for whom Identity Center vouches with a SAML
// provider: those assigned to the permission set of a role that trusts it.
func (c *wholeCase) assigned(provider string) []string {
	arn, _ := ParseARN(provider)
	var users []string
	for _, r := range c.Input.Entities.Accounts[arn.Account].Roles {
		for _, set := range c.Input.IdentityCenter.Sets {
			if !strings.Contains(string(r.Trust), provider) || !strings.HasPrefix(r.RoleName, "AWSReservedSSO_"+set.Name+"_") {
				continue
			}
			for _, id := range set.Assignments[arn.Account] {
				if g, group := c.Input.IdentityCenter.Groups[id]; group {
					users = append(users, g.Members...)
				} else {
					users = append(users, id)
				}
			}
		}
	}
	return users
}

// readNames collects the sessions that documents name.
func (w *accountWalk) readNames() {
	w.sessions, w.federated = map[string][]string{}, map[string][]string{}
	s := w.e.Snapshot()
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		doc, err := ParseDocument(s.Attachment(a).Document)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, statement := range doc.Statements {
			for _, p := range statement.Principals {
				w.readName(p.Value)
			}
		}
	}
}

func (w *accountWalk) readName(value string) {
	arn, _ := ParseARN(value)
	kind, rest, _ := strings.Cut(arn.Resource, "/")
	name, session, _ := strings.Cut(rest, "/")
	switch {
	case arn.Service == "sts" && kind == "assumed-role":
		key := arn.Account + "/" + name
		w.sessions[key] = append(w.sessions[key], session)
	case arn.Service == "sts" && kind == "federated-user":
		w.federated[arn.Account] = append(w.federated[arn.Account], rest)
	}
}

// from draws the lines that start at a node.
func (w *accountWalk) from(node snapshot.Index, n graph.Node, names []string) {
	s := w.e.Snapshot()
	for _, name := range names {
		start := way{words: []string{name}, ask: n.Ref}
		w.reach(start)
		if n.Type == "iam:user" {
			w.tokens(start)
		}
		first, ok := s.FindFoothold(w.e.foothold(node))
		if !ok {
			continue
		}
		for _, p := range w.paths(first) {
			if n.Kind == graph.KindAnonymous && s.Pivot(p.Steps[0]).Action == "sts:AssumeRoleWithWebIdentity" {
				continue // the data let tokens that anybody gets start at who issues them
			}
			w.follow(start, p.Steps)
		}
	}
}

// paths returns every path of assumed roles, to every role.
func (w *accountWalk) paths(first snapshot.FootholdIndex) []walk.Path {
	s := w.e.Snapshot()
	var list []walk.Path
	for role := range s.OfKind(graph.KindRole) {
		last, ok := s.FindFoothold(w.e.foothold(role))
		if !ok {
			continue
		}
		goal := func(f snapshot.FootholdIndex) bool { return f == last }
		answer := walk.KShortest(context.Background(), s, []snapshot.FootholdIndex{first}, goal, 1000,
			walk.Options{Relations: []graph.Relation{graph.CanAssume}})
		if answer.Cut != "" {
			w.t.Fatalf("paths to %s: cut by %s", s.Ref(role), answer.Cut)
		}
		list = append(list, answer.Paths...)
	}
	return list
}

// follow takes a path's steps, each role held as any session and as each that
// is named, and draws the lines at its end.
func (w *accountWalk) follow(start way, steps []snapshot.PivotIndex) {
	ways := []way{start}
	for _, step := range steps {
		_, to := w.e.Snapshot().PivotEnds(step)
		role := w.e.Snapshot().Node(w.e.Snapshot().Foothold(to).Node)
		var next []way
		for _, from := range ways {
			action := w.e.Snapshot().Pivot(step).Action
			if w.decide(from, action, string(role.Ref)).Verdict != graph.Denied {
				next = append(next, w.hold(from, role)...)
			}
		}
		ways = next
	}
	for _, end := range ways {
		w.reach(end)
	}
}

// hold returns the ways to hold a role that was assumed.
func (w *accountWalk) hold(from way, role graph.Node) []way {
	arn, _ := ParseARN(string(role.Ref))
	session := func(name string) graph.Ref {
		return graph.Ref("arn:aws:sts::" + arn.Account + ":assumed-role/" + role.Name + "/" + name)
	}
	words := append(slices.Clone(from.words), string(role.Ref))
	ways := []way{{words: words, ask: session("a-name-that-no-policy-has")}}
	for _, name := range w.sessions[arn.Account+"/"+role.Name] {
		ref := session(name)
		ways = append(ways, way{words: append(slices.Clone(words), string(ref)), ask: ref, named: true})
	}
	return ways
}

// tokens follows sts:GetFederationToken to every federated user that some
// policy names.
func (w *accountWalk) tokens(from way) {
	arn, _ := ParseARN(string(from.ask))
	for _, name := range w.federated[arn.Account] {
		ref := "arn:aws:sts::" + arn.Account + ":federated-user/" + name
		d := w.decide(from, "sts:GetFederationToken", ref)
		if d.Verdict == graph.Denied {
			continue
		}
		if d.Statement == nil {
			w.t.Fatalf("%s has %s without a statement", from.ask, ref)
		}
		grant := string(d.Statement.To) + " has " + string(d.Statement.Policy)
		w.reach(way{words: append(slices.Clone(from.words), grant, ref), ask: graph.Ref(ref + "#" + lastPart(arn.Resource)), session: [][]byte{whatever}, named: true})
	}
}

func (w *accountWalk) decide(from way, action, resource string) policy.Decision {
	d, err := w.e.Decide(policy.Question{Principal: from.ask, Action: action, Resource: resource})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// whatever is the session policy of whoever asks for a token and wants all
// that the user may have: without one a token has next to nothing.
var whatever = []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)

// reach draws the lines of what a way gives on every bucket.
func (w *accountWalk) reach(at way) {
	for _, b := range w.c.Input.Target.Resources.S3 {
		q := policy.Question{Principal: at.ask, Action: "s3:*", Resource: "arn:aws:s3:::" + b.Name, SessionPolicies: at.session}
		err := w.e.WhatCan(context.Background(), q, func(row snapshot.Access) bool {
			for _, action := range row.Actions {
				name := strings.TrimPrefix(action, "s3:")
				if w.actions[name] == "" {
					continue
				}
				for _, grant := range w.grants(at, b.Account, row.Ruling.Evidence) {
					w.lines[strings.Join(append(slices.Clone(at.words), grant, b.Name, name), " > ")] = true
				}
			}
			return true
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// grants returns the policies that a row comes from, in the data's words.
func (w *accountWalk) grants(at way, bucketAccount string, evidence []snapshot.EvidenceRef) []string {
	arn, _ := ParseARN(string(at.ask))
	across := arn.Account != "" && arn.Account != bucketAccount
	grants := map[string]bool{}
	for _, e := range evidence {
		a := w.e.Snapshot().Attachment(e.Attachment)
		switch {
		case a.Layer == LayerResource:
			grants[string(a.To)+" says"] = true
		case a.Layer == LayerIdentity && !across && !at.named:
			grants[string(a.To)+" has "+string(a.Policy)] = true
		}
	}
	return slices.Sorted(maps.Keys(grants))
}
