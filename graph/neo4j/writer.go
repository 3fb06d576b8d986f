package neo4j

import (
	"context"
	"errors"
	"fmt"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph"
)

// A writer brings the server to what a composer says, under one number.
type writer struct {
	*lease
	number int64
	batch  int
	// from has, for tables of nodes, the number under which each was written:
	// part of the uid that relations name.
	from map[string]map[key]int64
	done counts
}

// counts say what a writer did.
type counts struct{ created, reopened, closed int }

func newWriter(l *lease, number int64, batch int) *writer {
	return &writer{lease: l, number: number, batch: batch, from: map[string]map[key]int64{}}
}

// uid names a node that a table of this writer has.
func (w *writer) uid(table string, k key) string {
	return uid(w.estate, table, k, w.from[table][k])
}

// attempts is how often a table is tried: a lost connection may have come
// before or after the commit, and only looking again tells.
const attempts = 5

// sync makes the server have exactly the rows of t at the writer's number.
func (w *writer) sync(ctx context.Context, t table) error {
	for try := 1; ; try++ {
		err := w.pass(ctx, t)
		if err == nil || try == attempts || !again(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(try) * 200 * time.Millisecond):
		}
	}
}

// again reports whether looking at the table once more may help.
func again(err error) bool {
	var answer *driver.Neo4jError
	if errors.As(err, &answer) && answer.Code == "Neo.ClientError.Schema.ConstraintValidationFailed" {
		return true // written, and the answer was lost
	}
	var limit *driver.TransactionExecutionLimit
	if errors.As(err, &limit) {
		return true
	}
	var connectivity *driver.ConnectivityError
	return errors.As(err, &connectivity)
}

// A state is what the server has of a key.
type state struct {
	from           int64
	closed, wanted bool
}

// pass compares the rows of t with what the server has, and writes what
// differs.
func (w *writer) pass(ctx context.Context, t table) error {
	have, extra, err := w.have(ctx, t)
	if err != nil {
		return err
	}
	if t.relation == "" {
		froms := make(map[key]int64, len(have))
		for k, s := range have {
			froms[k] = s.from
		}
		w.from[t.name] = froms
	}
	b := &batch{writer: w, table: t}
	for r, err := range t.rows {
		if err == nil {
			err = w.want(ctx, b, have, r)
		}
		if err != nil {
			return err
		}
	}
	for k, s := range have {
		if !s.wanted && !s.closed {
			extra = append(extra, uid(w.estate, t.name, k, s.from))
		}
	}
	return errors.Join(b.flush(ctx), w.close(ctx, t, extra))
}

// want sees to it that a row is there.
func (w *writer) want(ctx context.Context, b *batch, have map[key]*state, r row) error {
	s, there := have[r.key]
	if there && s.wanted {
		return nil
	}
	if !there {
		s = &state{from: w.number}
		have[r.key] = s
		if b.table.relation == "" {
			w.from[b.table.name][r.key] = w.number
		}
	}
	s.wanted = true
	switch {
	case !there:
		return b.create(ctx, r)
	case s.closed:
		return b.reopen(ctx, uid(w.estate, b.table.name, r.key, s.from))
	}
	return nil
}

// have reads what the server has of a table: what is open, and what was closed
// at this very number by a writer that did not end. Of a key that is there
// twice, extra names the later.
func (w *writer) have(ctx context.Context, t table) (have map[key]*state, extra []string, err error) {
	cypher := "MATCH (n:Versioned)"
	if t.relation != "" {
		cypher = fmt.Sprintf("MATCH ()-[n:%s]->()", t.relation)
	}
	cypher += ` WHERE n.uid STARTS WITH $prefix AND n.from <= $number AND (n.to IS NULL OR n.to >= $number)
		RETURN n.uid AS uid, n.to AS to`
	have = map[key]*state{}
	st := statement{cypher, parameters{"prefix": prefix(w.estate, t.name), "number": w.number}, 0}
	err = w.read(ctx, "read the keys of "+t.title(), st, func(r *driver.Record) error {
		f := fields{m: r.AsMap()}
		s := &state{closed: f.has("to") && f.number("to") == w.number}
		k, from, err := parseUID(f.text("uid"))
		if err != nil {
			return fmt.Errorf("%w: %w", graph.ErrUnavailable, err)
		}
		s.from = from
		if old, twice := have[k]; twice {
			later := max(old.from, from)
			extra = append(extra, uid(w.estate, t.name, k, later))
			if from == later {
				return f.err
			}
		}
		have[k] = s
		return f.err
	})
	return have, extra, err
}

func (t table) title() string {
	if t.relation == "" {
		return t.name
	}
	return t.name + " " + string(t.relation)
}

// match is how a statement finds the row with uid u.
func (t table) match() string {
	if t.relation == "" {
		return "MATCH (n:Versioned {uid: u})"
	}
	return fmt.Sprintf("MATCH ()-[n:%s {uid: u}]->()", t.relation)
}

// close ends rows at the writer's number.
func (w *writer) close(ctx context.Context, t table, uids []string) error {
	for len(uids) > 0 {
		n := min(len(uids), w.batch)
		st := statement{"UNWIND $uids AS u " + t.match() + " SET n.to = $number RETURN count(*) AS n",
			parameters{"uids": uids[:n], "number": w.number}, n}
		if err := w.do(ctx, "close "+t.title(), st); err != nil {
			return err
		}
		w.done.closed += n
		uids = uids[n:]
	}
	return nil
}

// A batch gathers rows for one transaction.
type batch struct {
	*writer
	table table
	rows  []any
	ended []string // uids to be opened again
	size  int
}

func (b *batch) create(ctx context.Context, r row) error {
	id := uid(b.estate, b.table.name, r.key, b.number)
	one := parameters{"props": r.properties(id, b.number)}
	if b.table.relation == "" {
		one["labels"] = r.labels
	} else {
		one["a"], one["b"] = r.from, r.to
	}
	b.rows = append(b.rows, one)
	b.size += r.size
	return b.full(ctx)
}

func (b *batch) reopen(ctx context.Context, id string) error {
	b.ended = append(b.ended, id)
	return b.full(ctx)
}

func (b *batch) full(ctx context.Context) error {
	if len(b.rows)+len(b.ended) < b.batch && b.size < maxBatchBytes {
		return nil
	}
	return b.flush(ctx)
}

// creation makes nodes of any labels, or relations of one type, between nodes
// that are there.
func (t table) creation() string {
	if t.relation == "" {
		return "UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.props RETURN count(*) AS n"
	}
	return fmt.Sprintf(`UNWIND $rows AS row MATCH (a:Versioned {uid: row.a}) MATCH (b:Versioned {uid: row.b})
		CREATE (a)-[r:%s]->(b) SET r = row.props RETURN count(*) AS n`, t.relation)
}

// flush writes what was gathered in one transaction.
func (b *batch) flush(ctx context.Context) error {
	var all []statement
	if len(b.rows) > 0 {
		all = append(all, statement{b.table.creation(), parameters{"rows": b.rows}, len(b.rows)})
	}
	if len(b.ended) > 0 {
		all = append(all, statement{"UNWIND $uids AS u " + b.table.match() + " REMOVE n.to RETURN count(*) AS n", parameters{"uids": b.ended}, len(b.ended)})
	}
	if len(all) == 0 {
		return nil
	}
	if err := b.do(ctx, "write "+b.table.title(), all...); err != nil {
		return err
	}
	b.writer.done.created += len(b.rows)
	b.writer.done.reopened += len(b.ended)
	b.rows, b.ended, b.size = nil, nil, 0
	return nil
}
