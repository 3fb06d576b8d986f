package aws

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
)

// assumeAction is the STS operation by which a caller of each kind assumes a
// role.
func assumeAction(k principalKind) action {
	switch k {
	case kindWebIdentity:
		return assumeActions()[1]
	case kindSAML:
		return assumeActions()[2]
	case kindAnonymous:
		return action{} // every way to assume a role needs some credential
	}
	return assumeActions()[0]
}

var assumeActions = sync.OnceValue(func() [3]action {
	return [3]action{parseAction("sts:AssumeRole"), parseAction("sts:AssumeRoleWithWebIdentity"), parseAction("sts:AssumeRoleWithSAML")}
})

// roleAssumption decides, for every role, every caller that its trust policy
// could name.
func roleAssumption(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	e.assumption()
	roles := e.roles()
	defer e.documents.forgetTrusts() // later passes ask few
	return parallel(ctx, len(roles), func(i int) { w.Out.AddPivots(e.assumers(roles[i])) })
}

// parallel runs do(0) … do(n-1) on every core.
func parallel(ctx context.Context, n int, do func(int)) error {
	var group sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// chunk is how much is done at once of what is cheap.
const chunk = 1 << 10

// inChunks runs do on every core, over parts of 0 … n-1. Nothing cancels it:
// whoever needs one of them needs all.
func inChunks(n int, do func(from, to int)) {
	_ = parallel(context.Background(), (n+chunk-1)/chunk, func(i int) { do(i*chunk, min(n, (i+1)*chunk)) })
}

// callersByAccount groups callers by account; "" holds those without one.
func (e *Estate) callersByAccount() map[string][]snapshot.Index {
	groups := map[string][]snapshot.Index{}
	for _, node := range e.callers() {
		p := e.principal(node)
		account := ""
		if p.kind <= kindExternal {
			account = p.account.id
		}
		groups[account] = append(groups[account], node)
	}
	return groups
}

// assumers decides who may assume one role.
func (e *Estate) assumers(role snapshot.Index) []snapshot.Pivot {
	var pivots []snapshot.Pivot
	r := &request{estate: e, resource: e.resourceByNode(role)}
	for _, caller := range e.askers(r.resource) {
		p := e.principal(caller)
		action := assumeAction(p.kind)
		if action.text == "" || caller == role {
			continue
		}
		r.principal, r.hold, r.action = p, holdOf(e.s.Kind(caller)), action
		ruling := r.ruling(r.decide())
		if ruling.Verdict == graph.Denied {
			continue
		}
		pivots = append(pivots, snapshot.Pivot{
			From: e.foothold(caller), To: snapshot.Foothold{Node: role, Hold: graph.AsSession},
			Relation: graph.CanAssume, Action: action.text, Ruling: ruling,
		})
	}
	return pivots
}

// accountNamed returns the account of a principal's name, "" if it has none.
func accountNamed(value string) string {
	if isAccountID(value) {
		return value
	}
	arn, _ := ParseARN(value)
	return arn.Account
}
