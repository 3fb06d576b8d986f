package neo4j

import (
	"context"
	"fmt"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// prune deletes the rows that neither of the two newest snapshots has. First
// the floor is raised, so that nobody begins to read what goes away.
func (s *Store) prune(ctx context.Context, l *lease) error {
	raise := statement{`MATCH (e:Estate {name: $estate})
		OPTIONAL MATCH (s:Snapshot {estate: $estate}) WHERE s.gone IS NULL AND s.number <= e.current
		WITH e, s ORDER BY s.number DESC LIMIT 2
		WITH e, min(s.number) AS floor WHERE floor > e.floor SET e.floor = floor`, l.with(), 0}
	if err := l.do(ctx, "raise the floor", raise); err != nil {
		return err
	}
	after, err := s.list(ctx, l.estate)
	if err != nil {
		return err
	}
	for _, r := range relations {
		match := fmt.Sprintf("MATCH ()-[n:%s]->() USING INDEX n:%s(to)", r, r)
		if err := s.pruneWhere(ctx, l, match, "DELETE n", after); err != nil {
			return err
		}
	}
	return s.pruneWhere(ctx, l, "MATCH (n:Versioned) USING INDEX n:Versioned(to)", "DETACH DELETE n", after)
}

// pruneWhere deletes in transactions of one batch until nothing is left.
func (s *Store) pruneWhere(ctx context.Context, l *lease, match, remove string, now list) error {
	st := statement{match + ` WHERE n.to <= $current AND (n.to <= $floor OR n.from > $floor) AND n.uid STARTS WITH $prefix
		WITH n LIMIT $batch ` + remove + ` RETURN count(*) AS n`,
		parameters{"floor": now.floor, "current": now.current, "prefix": l.estate + "/", "batch": s.o.Batch}, 0}
	for {
		var n int64
		err := s.write(ctx, "prune", func(r []*driver.Record) error {
			for _, record := range r {
				f := fields{m: record.AsMap()}
				n = f.number("n")
			}
			return nil
		}, st)
		if err != nil || n < int64(s.o.Batch) {
			return err
		}
	}
}
