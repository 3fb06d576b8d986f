package neo4j

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph/graphtest"
	"github.com/clewgraph/clew/graph/snapshot"
)

// The server that tests speak to, and USER/PASSWORD for it. They empty it.
const (
	envURI  = "CLEW_TEST_NEO4J_URI"
	envAuth = "CLEW_TEST_NEO4J_AUTH"
)

// address returns where the test server is, and skips where there is none.
func address(t testing.TB) (uri string, o Options) {
	t.Helper()
	uri = os.Getenv(envURI)
	if uri == "" {
		t.Skip(envURI + " is not set; testdata/neo4j/start.sh DIR starts a server and prints it")
	}
	o.User, o.Password, _ = strings.Cut(os.Getenv(envAuth), "/")
	return uri, o
}

// opened opens a store on the test server, as it is.
func opened(t testing.TB, change func(*Options)) *Store {
	t.Helper()
	uri, o := address(t)
	o.Cache = t.TempDir()
	if change != nil {
		change(&o)
	}
	s, err := Open(context.Background(), uri, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fresh opens a store on the emptied test server.
func fresh(t testing.TB, change func(*Options)) *Store {
	t.Helper()
	s := opened(t, change)
	for n := int64(1); n > 0; {
		err := s.write(context.Background(), "empty the server", func(r []*driver.Record) error {
			n = r[0].Values[0].(int64)
			return nil
		}, statement{cypher: "MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*)"})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestStore(t *testing.T) {
	graphtest.Run(t, func(t *testing.T) snapshot.Store {
		start := time.Now()
		defer func() { t.Logf("opened in %v", time.Since(start)) }()
		return fresh(t, nil)
	})
}
