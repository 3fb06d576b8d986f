package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/schema"
)

// shutdownTime is how long running requests may take once the end was asked for.
const shutdownTime = 10 * time.Second

func (a *app) serve() *cobra.Command {
	var address, tokenFile string
	c := &cobra.Command{
		Use:         "serve",
		Annotations: map[string]string{wordsOnly: "yes"},
		Short:       "Serve GraphQL and its explorer",
		Long: `Serves GraphQL at /graphql, its explorer at /, /healthz, /readyz and /metrics.
New snapshots are served as they are published. On an address that other
machines can reach, a token is needed: requests carry it as
"Authorization: Bearer …".`,
		Example: "  clew serve\n  clew serve --listen 0.0.0.0:8080 --token-file token",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runServe(c.Context(), address, tokenFile) },
	}
	c.Flags().StringVar(&address, "listen", "127.0.0.1:8080", "where to serve")
	c.Flags().StringVar(&tokenFile, "token-file", "", "a file with the token that requests must carry")
	return c
}

func (a *app) runServe(ctx context.Context, address, tokenFile string) error {
	token, err := readToken(tokenFile)
	if err != nil {
		return err
	}
	store, err := a.store(ctx)
	if err != nil {
		return err
	}
	listener, err := listen(address, token != "")
	if err != nil {
		return err
	}
	defer listener.Close()
	a.screen.line("serving http://%s/ from store %s", listener.Addr(), a.dir)
	return a.serveOn(ctx, listener, store, token)
}

// readToken reads the token of a file; none for no file.
func readToken(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if len(token) < 16 {
		return "", fmt.Errorf("read token: %s holds %d characters: want 16 or more", file, len(token))
	}
	return token, nil
}

// listen opens an address. One that other machines can reach needs a token.
func listen(address string, token bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usagef("--listen %q: want host:port", address)
	}
	if !token && !isLoopback(host) {
		return nil, usagef("--listen %s can be reached from other machines: want --token-file, or a loopback address", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w (choose another address with --listen)", err)
	}
	return l, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// serveOn serves until ctx ends, and then lets running requests finish.
func (a *app) serveOn(ctx context.Context, l net.Listener, store snapshot.Store, token string) error {
	log := slog.New(slog.NewTextHandler(a.notes.out, nil))
	api := a.api(store)
	api.Log = log
	server := &http.Server{
		Handler:           schema.NewHandler(api, schema.HandlerOptions{Token: token}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
