package neo4j

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// errMoved: what was being read changed meanwhile.
var errMoved = fmt.Errorf("%w: the snapshot was pruned while it was read", graph.ErrUnavailable)

// rebuild makes the file of a snapshot from the rows of the server.
func (s *Store) rebuild(ctx context.Context, l list, p published, path string) error {
	if p.number < l.floor {
		return fmt.Errorf("%w: of %q the server keeps no rows any more, and the cache has no file", graph.ErrSnapshotGone, p.ID)
	}
	b := snapshot.NewBuilder()
	r := &reader{server: s.server, estate: l.estate, number: p.number, b: b}
	readErr := r.facts(ctx)
	now, err := s.list(ctx, l.estate)
	if err != nil {
		return err
	}
	if p.number < now.floor {
		return errMoved
	}
	if readErr != nil {
		return readErr
	}
	if err := s.conclude(ctx, b, p); err != nil {
		return err
	}
	tmp, err := s.cache.write(l, b, io.Discard)
	if err != nil {
		return err
	}
	return s.cache.install(tmp, path)
}

// conclude checks that the facts are those that were published, and draws the
// conclusions if there were any.
func (s *Store) conclude(ctx context.Context, b *snapshot.Builder, p published) error {
	facts, err := b.Facts()
	if err != nil {
		return fmt.Errorf("%w: the facts of snapshot %q: %w", graph.ErrUnavailable, p.ID, err)
	}
	if facts.ContentHash() != p.factsHash {
		return fmt.Errorf("%w: the facts of snapshot %q are not those that were published: somebody changed them", graph.ErrUnavailable, p.ID)
	}
	if p.ContentHash == p.factsHash {
		return nil // published without conclusions
	}
	if s.o.Conclude == nil {
		return fmt.Errorf("%w: snapshot %q is not in the cache, and nothing here concludes it again", graph.ErrUnavailable, p.ID)
	}
	return s.o.Conclude(ctx, b)
}

// A reader reads the facts of one snapshot.
type reader struct {
	*server
	estate string
	number int64
	b      *snapshot.Builder

	origins  map[string]*graph.Origin
	policies map[string]graph.Attachment // by uid
}

func (r *reader) facts(ctx context.Context) error {
	r.origins, r.policies = map[string]*graph.Origin{}, map[string]graph.Attachment{}
	for _, step := range []func(context.Context) error{r.readOrigins, r.readNodes, r.readEdges, r.readPolicies, r.readAttachments, r.readCoverage} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// visible is the condition of what the snapshot has.
const visible = " WHERE n.uid STARTS WITH $prefix AND n.from <= $number AND (n.to IS NULL OR n.to > $number) "

// rows calls found with the properties of each row of a table.
func (r *reader) rows(ctx context.Context, what, table, match, also string, found func(*fields, *fields) error) error {
	st := statement{match + visible + "RETURN properties(n) AS n" + also, parameters{"prefix": prefix(r.estate, table), "number": r.number}, 0}
	return r.read(ctx, "read "+what, st, func(record *driver.Record) error {
		all := &fields{m: record.AsMap()}
		n := &fields{m: field[map[string]any](all, "n")}
		if err := found(n, all); err != nil {
			return fmt.Errorf("%w: %s of estate %q: %w", graph.ErrUnavailable, what, r.estate, err)
		}
		return errors.Join(n.err, all.err)
	})
}

// What nodes of a table are looked for among. A database that was just imported
// has no index yet, and reads all that have the label.
const (
	matchNodes    = "MATCH (n:Versioned)"
	matchOrigins  = "MATCH (n:Versioned&Origin)"
	matchCoverage = "MATCH (n:Versioned&Coverage)"
	matchPolicies = "MATCH (n:Versioned&(Policy|Superseded))"
)

func (r *reader) readOrigins(ctx context.Context) error {
	return r.rows(ctx, "origins", tableOrigin, matchOrigins, "", func(n, _ *fields) error {
		r.origins[n.text("key")] = &graph.Origin{
			Listing: n.listing(), File: n.text("file"), Collector: n.text("collector"), At: n.time("at"),
		}
		return nil
	})
}

// each calls keep once for every origin of a row, with the note of it there.
func (r *reader) each(n *fields, keep func(o *graph.Origin, note string) error) error {
	keys, notes := n.texts("origins"), n.texts("notes")
	if notes != nil && len(notes) != len(keys) {
		return fmt.Errorf("%d notes of %d origins", len(notes), len(keys))
	}
	for i, key := range keys {
		o, ok := r.origins[key]
		if !ok {
			return fmt.Errorf("origin %.40q is missing", key)
		}
		note := ""
		if notes != nil {
			note = notes[i]
		}
		if err := keep(o, note); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) readNodes(ctx context.Context) error {
	return r.rows(ctx, "nodes", tableNode, matchNodes, "", func(n, _ *fields) error {
		if !n.has("kind") {
			return nil // dangling: whatever names it says so
		}
		out := graph.Node{
			Provider: graph.Provider(n.text("provider")), Ref: n.ref("ref"), Kind: graph.Kind(n.text("kind")),
			Type: n.text("type"), Name: n.text("name"), Scope: graph.Ref(n.text("scope")), NativeID: n.text("nativeId"),
			Attrs: n.attrs("attrs"), Mentioned: n.flag("mentioned"),
		}
		for _, a := range n.attrs("tags") {
			out.Tags = append(out.Tags, graph.Tag(a))
		}
		return r.each(n, func(o *graph.Origin, _ string) error {
			out.Origin = o
			return r.b.Node(out)
		})
	})
}

const matchEnds = ", coalesce(a.ref, a.refLong) AS a, coalesce(b.ref, b.refLong) AS b"

func (r *reader) readEdges(ctx context.Context) error {
	for _, relation := range observed {
		match := fmt.Sprintf("MATCH (a)-[n:%s]->(b)", relation)
		err := r.rows(ctx, "relations", tableEdge, match, matchEnds, func(n, all *fields) error {
			e := graph.Edge{
				From: graph.Ref(all.text("a")), To: graph.Ref(all.text("b")), Relation: relation, Attrs: n.attrs("attrs"),
			}
			return r.each(n, func(o *graph.Origin, _ string) error {
				e.Origin = o
				return r.b.Edge(e)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) readPolicies(ctx context.Context) error {
	return r.rows(ctx, "policies", tablePolicy, matchPolicies, "", func(n, _ *fields) error {
		p := graph.Attachment{Policy: n.ref("ref"), Name: n.text("name"), Version: n.text("version"), Inline: n.flag("inline")}
		if n.has("document") {
			p.Document = append([]byte{}, n.text("document")...)
		}
		r.policies[n.text("uid")] = p
		return nil
	})
}

func (r *reader) readAttachments(ctx context.Context) error {
	for _, relation := range []graph.Relation{attachedTo, mentionedFor} {
		match := fmt.Sprintf("MATCH (a)-[n:%s]->(b)", relation)
		also := ", a.uid AS a, coalesce(b.ref, b.refLong) AS b"
		err := r.rows(ctx, "attachments", tableAttachment, match, also, func(n, all *fields) error {
			a, ok := r.policies[all.text("a")]
			if !ok {
				return fmt.Errorf("policy %.80q is missing", all.text("a"))
			}
			a.To, a.Layer = graph.Ref(all.text("b")), graph.LayerID(n.text("layer"))
			return r.each(n, func(o *graph.Origin, note string) error {
				a.Origin, a.Pointer = o, note
				return r.b.Attach(a)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var statuses = []graph.Status{graph.NotAsked, graph.Collected, graph.NoneExists, graph.Failed}

func (r *reader) readCoverage(ctx context.Context) error {
	return r.rows(ctx, "coverage", tableCoverage, matchCoverage, "", func(n, _ *fields) error {
		word := n.text("status")
		at := slices.IndexFunc(statuses, func(s graph.Status) bool { return s.String() == word })
		if at < 0 {
			return fmt.Errorf("status %.40q", word)
		}
		c := graph.Coverage{Listing: n.listing(), Status: statuses[at], Reason: graph.GapReason(n.text("reason")), Of: graph.Ref(n.text("of"))}
		return r.each(n, func(o *graph.Origin, note string) error {
			c.Origin, c.Detail, c.Affects = o, note, nil
			for _, layer := range n.texts("affects") {
				c.Affects = append(c.Affects, graph.LayerID(layer))
			}
			return r.b.Cover(c)
		})
	})
}
