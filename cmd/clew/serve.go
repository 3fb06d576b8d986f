package main

import (
	"context"
	"crypto/tls"
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
	var o doors
	var check bool
	c := &cobra.Command{
		Use:         "serve",
		Annotations: map[string]string{wordsOnly: "yes"},
		Short:       "Serve GraphQL and its explorer",
		Long: `Serves GraphQL at /graphql, its explorer at /, /healthz, /readyz and /metrics.
New snapshots are served as they are published. On an address that other
machines can reach, requests must say who asks, as "Authorization: Bearer …":
by the token of --token-file, which sees everything; by one of --tokens, each
with a role and the accounts that it may see; or by a token of an OpenID Connect
issuer.

--check asks the server that runs with the same flags one question, by the token
of --token-file, and ends: with 0 if it answers, else with 1.`,
		Example: `  clew serve
  clew serve --listen 0.0.0.0:8443 --tokens tokens.json --tls-cert cert.pem --tls-key key.pem`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if check {
				return o.check(c.Context())
			}
			return a.runServe(c.Context(), o)
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&check, "check", false, "ask the server that runs with these flags whether it answers")
	return c
}

func (a *app) runServe(ctx context.Context, o doors) error {
	handler, err := o.handler(ctx)
	if err != nil {
		return err
	}
	secured, err := o.tls()
	if err != nil {
		return err
	}
	store, err := a.store(ctx)
	if err != nil {
		return err
	}
	listener, err := listen(o.listen, o.guarded())
	if err != nil {
		return err
	}
	defer listener.Close()
	scheme := "http"
	if secured != nil {
		scheme, listener = "https", tls.NewListener(listener, secured)
	}
	a.screen.line("serving %s://%s/ from store %s", scheme, listener.Addr(), a.dir)
	return a.serveOn(ctx, listener, store, handler)
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

// listen opens an address. On one that other machines can reach, requests must
// say who asks.
func listen(address string, guarded bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usagef("--listen %q: want host:port", address)
	}
	if !guarded && !isLoopback(host) {
		return nil, usagef("--listen %s can be reached from other machines: want --token-file, --tokens, --oidc-issuer, or a loopback address", address)
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
func (a *app) serveOn(ctx context.Context, l net.Listener, store snapshot.Store, o schema.HandlerOptions) error {
	log := slog.New(slog.NewTextHandler(a.notes.out, nil))
	api := a.api(store)
	api.Log = log
	server := &http.Server{
		Handler:           schema.NewHandler(api, o),
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
