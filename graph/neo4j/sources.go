package neo4j

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Facts name their origins by a key that stays the same from one collection to
// the next, though file and time differ: otherwise every fact would be another
// row each time. What changes is the one (:Origin) of that key.

// sources are the places of a snapshot, by SourceIndex.
type sources struct {
	key  []string // of the origin
	note []string
	rows []row // the origins
}

// A place is what an origin says. Time is apart, so that it can be compared.
type place struct {
	listing         graph.Listing
	collector, file string
	second          int64
	nano            int
	none            bool // no time
}

func placeOf(o *graph.Origin) place {
	p := place{listing: o.Listing, collector: o.Collector, file: o.File, none: o.At.IsZero()}
	if !p.none {
		p.second, p.nano = o.At.Unix(), o.At.Nanosecond()
	}
	return p
}

func (p place) at() time.Time {
	if p.none {
		return time.Time{}
	}
	return time.Unix(p.second, int64(p.nano)).UTC()
}

// readSources gives each origin of a snapshot its key.
func readSources(s *snapshot.Snapshot) sources {
	var out sources
	number := map[place]int{}
	var places []place
	at := make([]int, s.NumSources())
	for i := range at {
		o, note := s.Source(snapshot.SourceIndex(i))
		p := placeOf(o)
		if _, ok := number[p]; !ok {
			number[p] = len(places)
			places = append(places, p)
		}
		at[i] = number[p]
		out.note = append(out.note, encode(note))
	}
	keys := out.describe(places)
	for _, n := range at {
		out.key = append(out.key, keys[n])
	}
	return out
}

// describe makes the rows of origins and returns the key of each place. Those
// of one listing and collector are told apart by their rank.
func (s *sources) describe(places []place) []string {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return comparePlace(places[a], places[b]) })
	keys := make([]string, len(places))
	rank := 0
	for i, n := range order {
		p := places[n]
		if rank++; i == 0 || !sameOrigin(places[order[i-1]], p) {
			rank = 0
		}
		keys[n] = originKey(p, rank)
		s.rows = append(s.rows, originRow(p, keys[n]))
	}
	return keys
}

func sameOrigin(a, b place) bool { return a.listing == b.listing && a.collector == b.collector }

func comparePlace(a, b place) int {
	return cmp.Or(cmp.Compare(a.listing.Scope, b.listing.Scope), cmp.Compare(a.listing.Region, b.listing.Region),
		cmp.Compare(a.listing.Service, b.listing.Service), cmp.Compare(a.listing.Operation, b.listing.Operation),
		cmp.Compare(a.listing.Subject, b.listing.Subject), cmp.Compare(a.collector, b.collector),
		cmp.Compare(a.file, b.file), a.at().Compare(b.at()))
}

func originKey(p place, rank int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q %d", p.listing.Scope, p.listing.Region,
		p.listing.Service, p.listing.Operation, p.listing.Subject, p.collector, rank))
	return hex.EncodeToString(sum[:16])
}

func originRow(p place, key string) row {
	props := append(listingProps(p.listing), prop{"key", key},
		textProp("collector", p.collector), textProp("file", p.file), prop{"at", p.at()})
	return node([]string{labelVersioned, labelOrigin}, props...)
}

func listingProps(l graph.Listing) []prop {
	return []prop{
		textProp("scope", string(l.Scope)), textProp("region", l.Region), textProp("service", l.Service),
		textProp("operation", l.Operation), textProp("subject", string(l.Subject)),
	}
}

// props say where a record was read: origins, and, where there are any, the
// notes of each.
func (s *sources) props(of []snapshot.SourceIndex) []prop {
	keys := make([]string, len(of))
	notes := make([]string, len(of))
	noted := false
	for i, n := range of {
		keys[i], notes[i] = s.key[n], s.note[n]
		noted = noted || notes[i] != ""
	}
	out := []prop{{"origins", keys}}
	if noted {
		out = append(out, prop{"notes", notes})
	}
	return out
}

func each(rows []row) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}
