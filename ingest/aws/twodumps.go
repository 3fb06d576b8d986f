package aws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// A claim says that a dump describes a thing, and at which of its bytes.
type claim struct {
	hash   uint64 // of the thing's ARN
	offset int64
	d      *document
}

var hashSeed = maphash.MakeSeed()

// claim notes that the record in hand describes a.
func (m *mapper) claim(a arn) {
	if !m.c.claiming {
		return
	}
	m.c.fresh = append(m.c.fresh, claim{maphash.String(hashSeed, a.String()), m.offset, m.doc})
}

// joinClaims takes over what a fork's dumps describe. The parts of one dump,
// however it was split, hold each thing once; a second that is not the same
// file again is another dump, and their union would hold what is long deleted.
func (c *collection) joinClaims(f *collection) error {
	for _, k := range f.fresh {
		first, known := c.claims[k.hash]
		if !known {
			c.claims[k.hash] = k.d
			continue
		}
		if err := c.oneDump(first, k); err != nil {
			return err
		}
	}
	return nil
}

// oneDump fails if two documents that describe the same thing differ.
func (c *collection) oneDump(first *document, k claim) error {
	pair := [2]*document{first, k.d}
	if first == k.d || c.same[pair] {
		return nil
	}
	same, err := sameContent(first.file, k.d.file)
	if err != nil {
		return err
	}
	if c.same[pair] = same; same {
		return nil
	}
	a := k.d.arnAt(k.offset)
	return k.d.failAt(k.offset, fmt.Errorf("%w: %s and this file both hold %s, account %s: want one of them", ErrTwoDumps, first.path, a, a.account))
}

// arnAt reads the ARN of the record at an offset again: only an error needs it.
func (f file) arnAt(offset int64) (a arn) {
	r, err := f.unpack(context.Background())
	if err != nil {
		return a
	}
	defer r.Close()
	if _, err := io.CopyN(io.Discard, r, offset); err != nil {
		return a
	}
	var record struct{ Arn string }
	if v, err := jsontext.NewDecoder(r).ReadValue(); err == nil && decode(v, &record) == nil {
		a, _ = parseARN(record.Arn)
	}
	return a
}

func sameContent(a, b file) (bool, error) {
	x, err := a.digest()
	if err != nil {
		return false, err
	}
	y, err := b.digest()
	return bytes.Equal(x, y), err
}

func (f file) digest() ([]byte, error) {
	r, err := f.unpack(context.Background())
	if err != nil {
		return nil, err
	}
	defer r.Close()
	h := sha256.New()
	_, err = io.Copy(h, r)
	return h.Sum(nil), err
}
