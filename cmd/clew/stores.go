package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/neo4j"
	"github.com/clewgraph/clew/graph/snapshot"
)

// The environment of the Neo4j store. A password never stands on the command
// line, where every process of the machine can read it.
const (
	envUser     = "CLEW_NEO4J_USER"
	envPassword = "CLEW_NEO4J_PASSWORD"
	envAuthFile = "CLEW_NEO4J_AUTH_FILE" // in place of --neo4j-credentials
	envCache    = "CLEW_NEO4J_CACHE"     // the folder of compiled snapshots
)

// schemes are the addresses that name a Neo4j server.
var schemes = []string{"neo4j", "neo4j+s", "bolt", "bolt+s"}

// store opens the store of the global flags: a folder, or a Neo4j server. It
// is opened once, and closed when the program ends.
func (a *app) store(ctx context.Context) (snapshot.Store, error) {
	if a.opened != nil {
		return a.opened, nil
	}
	opened, err := a.openStore(ctx)
	if err != nil {
		return nil, err
	}
	a.opened = opened
	return opened, nil
}

func (a *app) openStore(ctx context.Context) (snapshot.Store, error) {
	if !a.onServer() {
		return embedded.Open(a.dir)
	}
	if err := checkAddress(a.dir); err != nil {
		return nil, err
	}
	user, password, err := a.neo4jCredentials()
	if err != nil {
		return nil, err
	}
	return neo4j.Open(ctx, a.dir, neo4j.Options{
		User: user, Password: password, Cache: neo4jCache(),
		Conclude: func(ctx context.Context, next *snapshot.Builder) error {
			_, err := conclude(ctx, nil, next, nil, a.progress)
			return err
		},
	})
}

// onServer says whether --store names a server, not a folder.
func (a *app) onServer() bool { return strings.Contains(a.dir, "://") }

// checkAddress refuses addresses that are none, and does not repeat them: they
// may hold a password.
func checkAddress(address string) error {
	scheme, rest, _ := strings.Cut(address, "://")
	for _, known := range schemes {
		if scheme != known {
			continue
		}
		if strings.Contains(rest, "@") {
			return usagef("--store: the address holds a user: give it by %s and %s, or by --neo4j-credentials", envUser, envPassword)
		}
		return nil
	}
	return usagef("--store: want a folder, or an address that starts with one of %s://", strings.Join(schemes, "://, "))
}

// neo4jCredentials reads who speaks to the server: from a file, or from the
// environment. Both empty: the server asks for none.
func (a *app) neo4jCredentials() (user, password string, err error) {
	file := cmp.Or(a.credentials, os.Getenv(envAuthFile))
	if file == "" {
		return os.Getenv(envUser), os.Getenv(envPassword), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", "", fmt.Errorf("read the credentials of Neo4j: %w", err)
	}
	user, password, ok := strings.Cut(strings.TrimRight(string(text), "\r\n"), "/")
	if !ok || user == "" || password == "" || strings.ContainsAny(password, "\r\n") {
		return "", "", fmt.Errorf("read the credentials of Neo4j: %s: want one line, USER/PASSWORD", file)
	}
	return user, password, nil
}

// neo4jCache is where compiled snapshots are kept; "", a temporary folder,
// where the machine has no place for them.
func neo4jCache() string {
	if dir := os.Getenv(envCache); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "clew", "neo4j")
}

// missing says whether the store is a folder that does not exist: asking makes
// none.
func (a *app) missing() bool {
	if a.onServer() {
		return false
	}
	_, err := os.Stat(a.dir)
	return errors.Is(err, fs.ErrNotExist)
}

// close closes the store, if one was opened.
func (a *app) close() error {
	if a.opened == nil {
		return nil
	}
	opened := a.opened
	a.opened = nil
	return opened.Close()
}
