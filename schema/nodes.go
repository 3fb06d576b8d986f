package schema

import (
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/schema/answer"
)

// allSnapshots lists the snapshots of the estate, newest first.
func allSnapshots(ctx context.Context) ([]graph.SnapshotInfo, error) {
	o, err := operationOf(ctx)
	if err != nil {
		return nil, err
	}
	return o.list()
}

// snapshotNodes fills in the snapshots among ids. A snapshot is no thing in
// the graph: its id says where to look.
func (r *API) snapshotNodes(ctx context.Context, ids []string, nodes []answer.Node) error {
	missing := map[string][]int{}
	for i, n := range nodes {
		if n == nil {
			missing[ids[i]] = append(missing[ids[i]], i)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	list, err := allSnapshots(ctx)
	if err != nil {
		return err
	}
	for _, info := range list {
		for _, i := range missing[info.ID] {
			nodes[i] = answer.SnapshotOf(info, callerOf(ctx).Accounts != nil)
		}
	}
	return nil
}
