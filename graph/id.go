package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Provider names a cloud or identity provider.
type Provider string

// The providers that Clew knows words for.
const (
	AWS        Provider = "aws"
	Azure      Provider = "azure"
	Entra      Provider = "entra"
	GCP        Provider = "gcp"
	Kubernetes Provider = "kubernetes"
	IDP        Provider = "idp"
	Generic    Provider = "generic"
)

// Ref is the canonical reference of a node: an ARN, an Azure resource id, a
// full resource name. Where a provider has none for a thing that Clew speaks
// of, Clew makes one: the constructors of the ingesters document them.
type Ref string

// Internet is the node that stands for anybody, without credentials.
const Internet Ref = "internet"

// ID is the public identity of a node: a hash of provider and Ref, the same
// in every snapshot, store and machine.
type ID [16]byte

// IDOf returns the identity of the node that provider p calls ref.
func IDOf(p Provider, ref Ref) ID {
	h := sha256.New()
	h.Write([]byte(p))
	h.Write([]byte{0})
	h.Write([]byte(ref))
	var id ID
	copy(id[:], h.Sum(nil))
	return id
}

// String returns the 32 lower-case hexadecimal digits of id.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID reads what String returns.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 2*len(id) {
		return id, fmt.Errorf("id %q: want %d hexadecimal digits", s, 2*len(id))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return ID{}, fmt.Errorf("id %q: %w", s, err)
	}
	return id, nil
}

// MarshalText makes an ID its digits in JSON and GraphQL.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}
