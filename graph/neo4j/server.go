package neo4j

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/clewgraph/clew/graph"
)

// version pins the meaning of every statement: servers of the 2026 line would
// read another Cypher by default.
const version = "CYPHER 5 "

// A server runs statements.
type server struct {
	driver   driver.DriverWithContext
	database string
	// step is called before each transaction, and before each commit of one
	// that writes; tests die there.
	step func(string)
}

type parameters = map[string]any

// connect opens a driver and asks whether the server is there.
func connect(ctx context.Context, uri string, o Options) (*server, error) {
	parsed, err := url.Parse(uri)
	if err != nil {
		return nil, errors.New("neo4j: the address is no URI") // not shown: it may hold a password
	}
	if parsed.User != nil {
		return nil, fmt.Errorf("neo4j: the address of %s holds a user: give it by Options", parsed.Host)
	}
	auth := driver.NoAuth()
	if o.User != "" || o.Password != "" {
		auth = driver.BasicAuth(o.User, o.Password, "")
	}
	d, err := driver.NewDriverWithContext(uri, auth, func(c *config.Config) {
		c.FetchSize = 10_000
		c.UserAgent = "clew"
		c.TelemetryDisabled = true
		c.TlsConfig = o.TLS
		c.MaxTransactionRetryTime = 10 * time.Second // writers look again and go on from there
		c.SocketConnectTimeout = 5 * time.Second
	})
	if err != nil {
		return nil, fmt.Errorf("neo4j: %w", err)
	}
	if err := d.VerifyConnectivity(ctx); err != nil {
		return nil, errors.Join(unavailable("reach "+parsed.Redacted(), err), d.Close(ctx))
	}
	return &server{driver: d, database: o.Database, step: func(string) {}}, nil
}

func (s *server) session(ctx context.Context) driver.SessionWithContext {
	return s.driver.NewSession(ctx, driver.SessionConfig{
		AccessMode: driver.AccessModeWrite, // a reader must see what was published last
		// The leader answers everything, so that no bookmarks are needed.
		DatabaseName: s.database,
	})
}

// A statement is Cypher with its parameters.
type statement struct {
	cypher string
	with   parameters
	rows   int // if not zero: what its one record must count, as n
}

// write runs statements in one transaction, which is tried again where the
// server says that this can help. check, where there is one, sees the records
// of the first and can call the transaction off.
func (s *server) write(ctx context.Context, what string, check func([]*driver.Record) error, all ...statement) error {
	session := s.session(ctx)
	defer session.Close(ctx)
	s.step(what)
	_, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		for i, st := range all {
			result, err := tx.Run(ctx, version+st.cypher, st.with)
			if err != nil {
				return nil, err
			}
			records, err := result.Collect(ctx)
			if err != nil {
				return nil, err
			}
			if err := st.verify(records); err != nil {
				return nil, err
			}
			if i == 0 && check != nil {
				if err := check(records); err != nil {
					return nil, err
				}
			}
		}
		s.step("commit " + what)
		return nil, nil
	})
	return unavailable(what, err)
}

// verify makes sure that no row fell through a MATCH that found nothing.
func (st statement) verify(records []*driver.Record) error {
	if st.rows == 0 {
		return nil
	}
	for _, r := range records {
		if n, _ := r.Get("n"); n == int64(st.rows) {
			return nil
		}
	}
	return fmt.Errorf("%w: the server does not have all that %d rows speak of", graph.ErrUnavailable, st.rows)
}

// read calls found with each record of a statement, as it arrives.
func (s *server) read(ctx context.Context, what string, st statement, found func(*driver.Record) error) error {
	session := s.session(ctx)
	defer session.Close(ctx)
	s.step(what)
	result, err := session.Run(ctx, version+st.cypher, st.with)
	if err != nil {
		return unavailable(what, err)
	}
	for result.Next(ctx) {
		if err := found(result.Record()); err != nil {
			return err
		}
	}
	return unavailable(what, result.Err())
}

// schema runs a statement that changes constraints or indexes, which cannot
// stand in a transaction with others.
func (s *server) schema(ctx context.Context, cypher string) error {
	return s.read(ctx, "prepare the database", statement{cypher: cypher}, func(*driver.Record) error { return nil })
}

// unavailable wraps an error of the driver. Errors of ours pass.
func unavailable(what string, err error) error {
	if err == nil {
		return nil
	}
	for _, ours := range []error{graph.ErrNotFound, graph.ErrSnapshotGone, graph.ErrUnavailable, graph.ErrConflict} {
		if errors.Is(err, ours) {
			return err
		}
	}
	return fmt.Errorf("%w: %s: %w", graph.ErrUnavailable, what, err)
}
