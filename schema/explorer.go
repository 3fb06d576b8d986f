package schema

import (
	"embed"
	"net/http"
)

// The explorer is GraphiQL with the libraries that it needs, as their npm
// packages hold them; graphiql/refresh.sh fetches them anew.
//
//go:embed graphiql/index.html graphiql/*.js graphiql/*.css graphiql/LICENSE.*
var explorer embed.FS

// policyOfPage lets the page load from and speak with this server alone. Its
// editor sets styles of its own making.
const policyOfPage = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// explore serves the explorer. It holds no data, so it needs no token.
func explore(mux *http.ServeMux) {
	files := http.FileServerFS(explorer)
	page := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policyOfPage)
			next(w, r)
		}
	}
	mux.HandleFunc("GET /{$}", page(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, explorer, "graphiql/index.html")
	}))
	mux.HandleFunc("GET /graphiql/{file}", page(files.ServeHTTP))
}
