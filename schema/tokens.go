package schema

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// ErrTokens: a file of tokens cannot be used.
var ErrTokens = errors.New("tokens")

// shortest is how many characters a token has at least.
const shortest = 16

// A token is one entry of a file of tokens.
type token struct {
	Token    string   `json:"token"`
	SHA256   string   `json:"sha256"` // in place of Token, so that the file holds no secret
	Name     string   `json:"name"`
	Role     string   `json:"role"`
	Accounts []string `json:"accounts"`
}

// tokens are callers by the SHA-256 of their token: how long a look-up takes
// says nothing of a token.
type tokens map[[sha256.Size]byte]Caller

// Authenticate returns whose token it is.
func (t tokens) Authenticate(_ context.Context, token string) (Caller, error) {
	c, ok := t[sha256.Sum256([]byte(token))]
	if !ok {
		return Caller{}, ErrUnauthenticated
	}
	return c, nil
}

// ReadTokens reads a file of tokens: a JSON list of objects with token (or its
// sha256 in hexadecimal digits), name, role (reader, responder, admin) and
// accounts, references of the scopes that the token may see, ["*"] for all.
// Errors wrap ErrTokens or are the operating system's; none holds a token.
func ReadTokens(file string) (Authenticator, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read tokens: %w", err)
	}
	var list []token
	if json.Unmarshal(text, &list) != nil {
		return nil, fmt.Errorf("%w: %s: want a JSON list of objects with token, name, role, accounts", ErrTokens, file)
	}
	out := tokens{}
	for i, one := range list {
		key, err := one.key()
		if err == nil && out[key].Name != "" {
			err = errors.New("the same token stands there twice")
		}
		if err == nil && one.Name == "" {
			err = errors.New("it has no name")
		}
		if err == nil {
			out[key], err = newCaller(one.Name, one.Role, one.Accounts)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s: entry %d: %w", ErrTokens, file, i, err)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: %s: no token", ErrTokens, file)
	}
	return out, nil
}

func (t token) key() (key [sha256.Size]byte, err error) {
	if t.SHA256 != "" && t.Token == "" {
		raw, err := hex.DecodeString(t.SHA256)
		if err != nil || copy(key[:], raw) != len(key) || len(raw) != len(key) {
			return key, errors.New("sha256: want 64 hexadecimal digits")
		}
		return key, nil
	}
	if len(t.Token) < shortest || t.SHA256 != "" {
		return key, fmt.Errorf("want either a token of %d characters or more, or its sha256", shortest)
	}
	return sha256.Sum256([]byte(t.Token)), nil
}

// ReadTLS reads a certificate chain and its key, in PEM, for a server. Errors
// are of the files or of crypto/tls.
func ReadTLS(certificate, key string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("read certificate and key: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
