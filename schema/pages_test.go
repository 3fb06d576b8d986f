package schema_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/schema"
)

const rowFields = `(resource: {id: $id}, filter: $filter, first: $first, after: $after) {
	edges { node { principal { ref } target { ref } actions targets { include exclude } verdict hops via { verdict hops } } }
	pageInfo { hasNextPage endCursor } totalCount { value exact } cutBy } }`

const pagedQuery = `query($id: ID!, $filter: AccessFilter, $first: Int!, $after: String) { whoCanAccess` + rowFields

var whatPaged = strings.Replace(strings.Replace(pagedQuery, "whoCanAccess", "whatCanAccess", 1), "resource:", "principal:", 1)

// Every page holds rows that one evaluation of the whole gives, and all pages
// hold all of them, in the order that the schema documents: who can do something
// to each thing, and what each principal can do, which are two ways to tell the
// same.
func TestPagesAreTheWhole(t *testing.T) {
	rows, far, verdicts := 0, 0, map[graph.Verdict]int{}
	for name, store := range estatesToPage(t) {
		t.Run(name, func(t *testing.T) {
			s, api, inTurn := opened(t, store), newAPI(t, store), newAPI(t, store)
			inTurn.Limits.Few = 1
			byPrincipal := map[string][]string{}
			for i := range s.OfKind(graph.KindResource) {
				want := slices.Collect(maps.Values(whole(t, s, i, "s3:")))
				for _, row := range want {
					byPrincipal[row.principal] = append(byPrincipal[row.principal], row.String())
					rows++
					verdicts[row.verdict]++
					far += min(row.hops, 1)
				}
				checkPages(t, api, s.ID(i).String(), want)
				checkPages(t, inTurn, s.ID(i).String(), want)
			}
			for ref, want := range byPrincipal {
				i, _ := s.Find(graph.Ref(ref))
				checkWhat(t, s, api, i, want)
			}
		})
	}
	if rows < 1000 || far < 100 || verdicts[graph.Allowed] < 100 || verdicts[graph.Conditional] < 100 {
		t.Errorf("only %d rows, %d over steps, by verdict %v", rows, far, verdicts)
	}
}

func checkPages(t *testing.T, api *schema.API, id string, want []wholeRow) {
	t.Helper()
	whole := texts(want)
	for _, first := range []int{3, 7, 500} {
		if len(want) > 40*first {
			continue
		}
		got, total := paged(t, api, pagedQuery, "whoCanAccess", id, first)
		if list := texts(got); !slices.Equal(list, whole) {
			t.Errorf("%s, %d a page:\n got %v\nwant %v", id, first, list, whole)
		}
		if !slices.IsSortedFunc(got, compareWhole) || total != fmt.Sprint(len(want), true) {
			t.Errorf("%s, %d a page: counted %s of %d; in the order %v", id, first, total, len(want), got)
		}
	}
}

func checkWhat(t *testing.T, s *snapshot.Snapshot, api *schema.API, i snapshot.Index, want []string) {
	t.Helper()
	slices.Sort(want)
	got, total := paged(t, api, whatPaged, "whatCanAccess", s.ID(i).String(), 7)
	if list := texts(got); !slices.Equal(list, want) || !slices.IsSortedFunc(got, compareWhole) || total != fmt.Sprint(len(want), true) {
		t.Errorf("%s, counted %s:\n got %v\nwant %v", s.Ref(i), total, list, want)
	}
}

// compareWhole is what the schema says of the order: surest first, then by hops.
func compareWhole(a, b wholeRow) int {
	if a.verdict != b.verdict {
		return int(b.verdict) - int(a.verdict)
	}
	return a.hops - b.hops
}

func texts(list []wholeRow) (out []string) {
	for _, row := range list {
		out = append(out, row.String())
	}
	slices.Sort(out)
	return out
}

// paged reads all pages of a question, and what each of them counts.
func paged(t *testing.T, api *schema.API, query, field, id string, first int) (rows []wholeRow, total string) {
	t.Helper()
	vars := object{"id": id, "first": first, "filter": object{"actions": []string{"s3:*"}, "techniques": false}}
	for {
		c := at(t, ask(t, api, query, vars), field)
		for _, edge := range at(t, c, "edges").([]any) {
			rows = append(rows, readRow(t, at(t, edge, "node")))
		}
		if cut := at(t, c, "cutBy"); cut != nil {
			t.Errorf("cut by %v", cut)
		}
		counted := fmt.Sprint(text(t, c, "totalCount", "value"), " ", text(t, c, "totalCount", "exact"))
		if total != "" && counted != total {
			t.Errorf("one page counts %s, another %s", total, counted)
		}
		if total = counted; at(t, c, "pageInfo", "hasNextPage") != true {
			return rows, total
		}
		vars["after"] = at(t, c, "pageInfo", "endCursor")
	}
}

func readRow(t *testing.T, node any) wholeRow {
	t.Helper()
	words := func(path ...any) string {
		return strings.Join(each(t, at(t, node, path...)), ",")
	}
	verdicts := map[string]graph.Verdict{"UNKNOWN": graph.Unknown, "CONDITIONAL": graph.Conditional, "ALLOWED": graph.Allowed}
	hops := int(number(t, node, "hops"))
	if number(t, node, "via", "hops") != float64(hops+1) || text(t, node, "via", "verdict") != text(t, node, "verdict") {
		t.Errorf("the way is not that of the row: %v", node)
	}
	return wholeRow{
		text(t, node, "principal", "ref"), text(t, node, "target", "ref"), words("actions"), words("targets", "include"),
		words("targets", "exclude"), verdicts[text(t, node, "verdict")], hops,
	}
}
