package aws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"io"
)

// claim notes that dump d describes a. The parts of one dump,
// however it was split, hold each once; a second that is not the same file
// again is another dump, and their union would hold what is long deleted.
func (c *collection) claim(d *document, a arn) error {
	h := fnv.New64a()
	_, _ = io.WriteString(h, a.String()) // a hash never fails to write
	first := c.claims[h.Sum64()]
	if first == nil {
		c.claims[h.Sum64()] = d
		return nil
	}
	if first == d {
		return nil
	}
	same, err := sameContent(first.file, d.file)
	if err != nil || same {
		return err
	}
	return fmt.Errorf("%w: %s and this file both hold %s, account %s: want one of them", ErrTwoDumps, first.path, a, a.account)
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
