package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/schema/answer"
)

// ErrPersisted: a list of persisted queries cannot be used.
var ErrPersisted = errors.New("persisted queries")

// ReadPersisted reads a list of persisted queries: a JSON object whose keys are
// the SHA-256 of their values, in hexadecimal digits. Errors wrap ErrPersisted
// or are the operating system's.
func ReadPersisted(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read persisted queries: %w", err)
	}
	var list map[string]string
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("%w: %s: want an object of SHA-256 to query: %w", ErrPersisted, file, err)
	}
	out := map[string]string{}
	for hash, query := range list {
		if !strings.EqualFold(hash, digest(query)) {
			return nil, fmt.Errorf("%w: %s: %s is not the SHA-256 of its query, which is %s", ErrPersisted, file, hash, digest(query))
		}
		out[digest(query)] = query
	}
	return out, nil
}

func digest(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}

// A memory keeps queries that clients sent once with their hash, so that they
// may send the hash alone: automatic persisted queries. The oldest go first.
type memory struct {
	mu      sync.Mutex
	queries map[string]string
	order   []string
	bytes   int
}

// What a memory keeps at most.
const (
	memoryQueries = 1_000
	memoryBytes   = 8 << 20
)

func (m *memory) get(hash string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	query, ok := m.queries[hash]
	return query, ok
}

func (m *memory) put(hash, query string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.queries[hash]; ok {
		return
	}
	if m.queries == nil {
		m.queries = map[string]string{}
	}
	m.queries[hash] = query
	m.order, m.bytes = append(m.order, hash), m.bytes+len(query)
	for len(m.order) > memoryQueries || m.bytes > memoryBytes {
		m.bytes -= len(m.queries[m.order[0]])
		delete(m.queries, m.order[0])
		m.order = m.order[1:]
	}
}

// named returns the hash that a request names instead of a query, or beside it.
func named(p *graphql.RawParams) string {
	extension, _ := p.Extensions["persistedQuery"].(map[string]any)
	hash, _ := extension["sha256Hash"].(string)
	return strings.ToLower(hash)
}

// resolve finds the query of a request. Where only persisted queries may be
// asked, no other is.
func (e *endpoint) resolve(p *graphql.RawParams) *gqlerror.Error {
	hash := named(p)
	switch {
	case p.Query == "" && hash == "":
		return rejection(answer.BadInput, "query: nothing is asked")
	case p.Query != "" && hash != "" && hash != digest(p.Query):
		return rejection(answer.BadInput, "extensions: sha256Hash is not that of the query")
	case e.only != nil:
		if hash == "" {
			hash = digest(p.Query)
		}
		query, ok := e.only[hash]
		if !ok {
			return rejection(answer.Forbidden, "only persisted queries may be asked here, and this is none")
		}
		p.Query = query
	case p.Query == "":
		query, ok := e.seen.get(hash)
		if !ok {
			// Clients know this message and send the query with its hash.
			return rejection(answer.NotFound, "PersistedQueryNotFound")
		}
		p.Query = query
	}
	return nil
}

// remember keeps a query that ran for who sends its hash next time. Hostile
// ones never come so far.
func (e *endpoint) remember(p *graphql.RawParams) {
	if hash := named(p); hash != "" && e.only == nil {
		e.seen.put(hash, p.Query)
	}
}
