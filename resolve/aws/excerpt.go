package aws

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// An excerpt is those of an estate's facts that conclusions about some accounts
// can hang on: all of their own, whatever names them or could mean anybody, what
// stands above accounts, and what all these speak of.
type excerpt struct {
	*extent
	in      []bool // by node of now
	nodes   []snapshot.Index
	commons []snapshot.Index // of now
}

// newExcerpt gathers the nodes of an excerpt.
func (r *extent) newExcerpt(commons []snapshot.Index) *excerpt {
	x := &excerpt{extent: r, in: make([]bool, r.now.s.NumNodes()), commons: commons}
	ids := sorted(r.accounts)
	x.addUnheld()
	for _, id := range ids {
		x.add(r.now.heldBy(id)...)
		if node, ok := r.now.s.Find(AccountRef(id)); ok {
			x.add(slices.Collect(r.now.s.Members(node))...)
		}
	}
	x.add(commons...)
	x.add(r.now.s.WithDocumentsHolding(append(ids, `\u`)...)...)
	x.addSpokenOf()
	x.addOwners()
	for node, in := range x.in {
		if in {
			x.nodes = append(x.nodes, snapshot.Index(node))
		}
	}
	return x
}

func (x *excerpt) add(nodes ...snapshot.Index) {
	for _, node := range nodes {
		x.in[node] = true
	}
}

// addUnheld adds what no account holds, accounts and what stands above them, whom
// clusters know, and pools, which hand out roles of any account.
func (x *excerpt) addUnheld() {
	s := x.now.s
	for node := range snapshot.Index(s.NumNodes()) {
		if scope := s.ScopeOf(node); scope == snapshot.None || s.Kind(scope) != graph.KindAccount {
			x.add(node)
		}
	}
	x.add(slices.Collect(s.OfKind(graph.KindFederatedSubject))...)
	x.add(x.now.letIn().pools...)
}

// addSpokenOf adds what the nodes so far speak of: those of the accounts in all
// documents, relations and attributes; others in what is no policy, as what
// encrypts them.
func (x *excerpt) addSpokenOf() {
	s := x.now.s
	for node, in := range slices.Clone(x.in) {
		if !in {
			continue
		}
		node := snapshot.Index(node)
		held := x.accounts[x.now.holderOf(node)]
		for _, a := range s.Attachments(node) {
			if layer := s.AttachmentLayer(a); held || !isPolicyLayer(layer) {
				x.addRefs(x.now.textOf(a))
			}
		}
		if s.Type(node) == typeAPI {
			x.add(x.now.lookedAtWith(x.now.resourceByNode(node))...)
		}
		for _, a := range s.Attrs(node) {
			for value := range strings.SplitSeq(a.Value, ",") {
				x.addRef(value)
			}
		}
		if held {
			for edge := range s.EdgesOut(node) {
				x.addRef(string(edge.To))
			}
			for edge := range s.EdgesIn(node) {
				x.addRef(string(edge.From))
			}
		}
	}
}

// isPolicyLayer tells the layers whose documents name resources and principals
// only to grant or deny.
func isPolicyLayer(layer graph.LayerID) bool {
	switch layer {
	case LayerIdentity, LayerBoundary, LayerTrust, LayerResource:
		return true
	}
	return false
}

// addRef adds the node of a reference, or what holds it.
func (x *excerpt) addRef(ref string) {
	if node, ok := x.now.s.Find(graph.Ref(ref)); ok {
		x.add(node)
	} else if holder := holderOf(ref); holder != "" {
		if node, ok := x.now.s.Find(graph.Ref(holder)); ok {
			x.add(node)
		}
	}
}

var quotedARN = []byte(`"arn:`)

// addRefs adds the nodes of the ARNs that stand in a document of JSON.
func (x *excerpt) addRefs(text []byte) {
	for {
		at := bytes.Index(text, quotedARN)
		if at < 0 {
			return
		}
		text = text[at:]
		end := bytes.IndexByte(text[1:], '"')
		if end < 0 {
			return
		}
		var ref string
		if quoted := text[:end+2]; !bytes.ContainsRune(quoted, '\\') {
			ref = string(quoted[1 : end+1])
		} else if json.Unmarshal(quoted, &ref) != nil {
			ref = ""
		}
		if !strings.ContainsAny(ref, "*?$") {
			x.addRef(ref)
		}
		text = text[end+2:]
	}
}

// addOwners adds the accounts of all nodes, with their root users.
func (x *excerpt) addOwners() {
	s, done := x.now.s, map[snapshot.Index]bool{}
	for node, in := range slices.Clone(x.in) {
		scope := s.ScopeOf(snapshot.Index(node))
		if !in || scope == snapshot.None || done[scope] {
			continue
		}
		done[scope] = true
		x.add(x.now.ancestors(scope)...)
		id := strings.TrimPrefix(string(s.Ref(scope)), "account:")
		for _, partition := range partitions {
			if root, ok := s.Find(graph.Ref("arn:" + partition + ":iam::" + id + ":root")); ok {
				x.add(root)
			}
		}
	}
}

var partitions = []string{"aws", "aws-cn", "aws-us-gov"}
