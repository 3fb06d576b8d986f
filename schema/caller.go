package schema

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/schema/answer"
)

// A Role says what a caller may do.
type Role string

// The roles. Each may do what those before it may.
const (
	Reader    Role = "reader"    // asks
	Responder Role = "responder" // may also label what must not be reached
	Admin     Role = "admin"     // may also read the metrics of the whole process
)

// A Caller is who asks.
type Caller struct {
	Name string
	Role Role
	// Accounts are the scopes whose things the caller may see; nil is all.
	Accounts []graph.Ref
}

// Errors of an Authenticator.
var (
	// ErrUnauthenticated: the token is none that is known, or no more.
	ErrUnauthenticated = errors.New("unauthenticated")
	// ErrForbidden: the token is good, and its bearer may not ask here.
	ErrForbidden = errors.New("forbidden")
)

// An Authenticator tells who brings a token. Errors wrap ErrUnauthenticated or
// ErrForbidden; their text is shown to no client.
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (Caller, error)
}

// everyAccount stands for all accounts where a list must say so.
const everyAccount = "*"

// newCaller checks what a file or an issuer says of a caller. Nobody sees
// everything by being silent about accounts.
func newCaller(name, role string, accounts []string) (Caller, error) {
	c := Caller{Name: name, Role: Role(role), Accounts: []graph.Ref{}}
	switch {
	case !slices.Contains([]Role{Reader, Responder, Admin}, c.Role):
		return c, fmt.Errorf("role %q is none of reader, responder, admin", role)
	case len(accounts) == 0:
		return c, errors.New("no accounts are named; [\"*\"] is all of them")
	case slices.Contains(accounts, everyAccount):
		c.Accounts = nil
		return c, nil
	}
	for _, a := range accounts {
		c.Accounts = append(c.Accounts, graph.Ref(a))
	}
	return c, nil
}

type callerKey struct{}

// callerOf returns who asks; in this process somebody who sees everything.
func callerOf(ctx context.Context) Caller {
	if c, ok := ctx.Value(callerKey{}).(Caller); ok {
		return c
	}
	return Caller{Role: Admin}
}

// A door lets in who may ask, and tells whoever runs the server of the others.
type door struct {
	HandlerOptions
	log *slog.Logger
	m   *metrics
}

func (d *door) guard(next http.Handler) http.Handler {
	open := d.Token == "" && len(d.Authenticators) == 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if open {
			if !loopback(r.Host) {
				d.refuse(w, http.StatusForbidden, answer.Forbidden, "without a token only loopback names are answered")
				return
			}
			next.ServeHTTP(w, r)
			return
		}
		caller, err := d.authenticate(r)
		if err == nil {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)))
			return
		}
		d.turnAway(w, r, err)
	})
}

// turnAway refuses a request. Why is for the log alone, which holds no token.
func (d *door) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	if r.Header.Get("Authorization") != "" {
		d.log.WarnContext(r.Context(), "refused", "error", shorten(err.Error(), 300))
	}
	if errors.Is(err, ErrForbidden) {
		d.refuse(w, http.StatusForbidden, answer.Forbidden, "the token gives no access here")
		return
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	d.refuse(w, http.StatusUnauthorized, answer.Unauthenticated, "a bearer token is needed")
}

func (d *door) refuse(w http.ResponseWriter, status int, code answer.Code, message string) {
	err := rejection(code, message)
	d.m.refused(err)
	refuse(w, status, err)
}

// authenticate asks everybody who may know the token of a request. One who
// forbids it has the last word.
func (o HandlerOptions) authenticate(r *http.Request) (Caller, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token == "" || !strings.EqualFold(scheme, "bearer") {
		return Caller{}, ErrUnauthenticated
	}
	if o.Token != "" && same(token, o.Token) {
		return Caller{Name: "token", Role: Admin}, nil
	}
	why := ErrUnauthenticated
	for _, a := range o.Authenticators {
		c, err := a.Authenticate(r.Context(), token)
		if err == nil || errors.Is(err, ErrForbidden) {
			return c, err
		}
		why = err
	}
	return Caller{}, why
}

// same compares in constant time, also of the length.
func same(given, want string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// adminsOnly lets in admins that see the whole estate: metrics count all of it.
func adminsOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c := callerOf(r.Context()); c.Role != Admin || c.Accounts != nil {
			refuse(w, http.StatusForbidden, rejection(answer.Forbidden, "metrics are for admins of the whole estate"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
