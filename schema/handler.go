package schema

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// HandlerOptions say who may ask.
type HandlerOptions struct {
	// Token, if set, is what a client may bring as "Authorization: Bearer" to
	// see everything.
	Token string
	// Authenticators are asked in order who brings another token. Without
	// them and without Token only clients that call this machine by a loopback
	// name are answered, so that no page of another site can ask by a name of
	// its own.
	Authenticators []Authenticator
	// PersistedOnly, if not nil, are the only queries that may be asked, by
	// the SHA-256 of their text as ReadPersisted gives them.
	PersistedOnly map[string]string
}

// NewHandler serves an API:
//
//	/graphql   operations: POST of JSON, or GET of a query
//	/          the explorer, from this server alone
//	/healthz   the process is up
//	/readyz    there is a snapshot to ask
//	/metrics   for Prometheus
//
// A token, where there is any, is asked of /graphql and of /metrics, which
// shows its numbers to admins that see the whole estate. No other site may read
// answers: no header of CORS is ever sent.
func NewHandler(api *API, o HandlerOptions) http.Handler {
	m := newMetrics()
	d := &door{o, api.log(), m}
	mux := http.NewServeMux()
	mux.Handle("/graphql", d.guard(&endpoint{api: api, m: m, only: o.PersistedOnly}))
	mux.Handle("GET /metrics", d.guard(adminsOnly(m.handler())))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", api.ready)
	explore(mux)
	return headers(mux)
}

// headers are what holds for every answer.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// loopback reports whether a Host header names this machine to itself.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func refuse(w http.ResponseWriter, status int, errs ...*gqlerror.Error) {
	writeJSON(w, status, map[string]any{"errors": errs})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// What fails here is the connection: nobody is left to be told.
	_ = json.NewEncoder(w).Encode(value)
}

// ready reports whether there is a snapshot to ask.
func (r *API) ready(w http.ResponseWriter, req *http.Request) {
	ctx, cancel := context.WithTimeout(req.Context(), 5*time.Second)
	defer cancel()
	list, err := r.Store.List(ctx, r.Estate)
	switch {
	case err != nil:
		r.log().WarnContext(ctx, "not ready", "error", err.Error())
		http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
	case len(list) == 0:
		http.Error(w, "there is no snapshot yet", http.StatusServiceUnavailable)
	default:
		w.Write([]byte("ok\n"))
	}
}

// tell writes one line about an operation. Variables are never told.
func (r *API) tell(ctx context.Context, told report, took time.Duration, codes []string) {
	level := slog.LevelInfo
	if len(codes) > 0 {
		level = slog.LevelWarn
	}
	told.mu.Lock()
	defer told.mu.Unlock()
	r.log().LogAttrs(ctx, level, "operation",
		slog.String("caller", clip(callerOf(ctx).Name)), slog.String("name", clip(told.name)), slog.String("field", told.field),
		slog.Duration("took", took.Round(time.Microsecond)), slog.Int("cost", told.cost), slog.Int("rows", told.rows),
		slog.String("cut", string(told.cut)), slog.Any("errors", codes),
	)
}

// clip keeps a client's text in the log short.
func clip(text string) string { return shorten(text, 64) }

func shorten(text string, most int) string {
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
