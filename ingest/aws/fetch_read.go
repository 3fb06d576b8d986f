package aws

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A reader yields the unpacked bytes of a document: all of a small one at
// once, from memory, and a large one bit by bit.
type reader struct {
	source
	count *counter // of a large one
	total int      // of a small one
	free  func()
}

type source interface {
	io.Reader
	io.ByteScanner
}

// wholeSize is up to which size a file is read in one go: the decoder then
// works on its bytes where they lie.
const wholeSize = 1 << 20

// Buffers and decoders serve one file after the other: estates have files by
// the hundred thousand.
var (
	wholes   = sync.Pool{New: func() any { return new([]byte) }}
	streams  = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 64<<10) }}
	decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}
)

// unpack opens f, through gzip where its first bytes say so.
func (f file) unpack(ctx context.Context) (reader, error) {
	if err := ctx.Err(); err != nil {
		return reader{}, err
	}
	raw, err := f.raw()
	if err != nil {
		return reader{}, err
	}
	if f.size > 0 && f.size <= wholeSize {
		return f.whole(ctx, raw)
	}
	return streamed(ctx, raw, func() { raw.Close() })
}

func (f file) raw() (io.ReadCloser, error) {
	if f.open != nil {
		return f.open()
	}
	return os.Open(filepath.FromSlash(f.path))
}

// whole reads a small file. One that has grown since it was listed, or is
// packed, is read as a large one.
func (f file) whole(ctx context.Context, raw io.ReadCloser) (reader, error) {
	buf := wholes.Get().(*[]byte)
	if int64(cap(*buf)) < f.size+1 {
		*buf = make([]byte, 2*f.size+1)
	}
	done := func() {
		raw.Close()
		wholes.Put(buf)
	}
	n, err := io.ReadFull(raw, (*buf)[:f.size+1])
	text := (*buf)[:n]
	switch {
	case err == nil, isPacked(text):
		return streamed(ctx, io.MultiReader(bytes.NewReader(text), raw), done)
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		done()
		return reader{}, err
	}
	return reader{source: bytes.NewBuffer(text), total: n, free: done}, nil
}

func isPacked(head []byte) bool { return len(head) > 1 && head[0] == 0x1f && head[1] == 0x8b }

// streamed reads a large file.
func streamed(ctx context.Context, raw io.Reader, done func()) (reader, error) {
	count := &counter{ctx: ctx, r: raw}
	buffered := streams.Get().(*bufio.Reader)
	buffered.Reset(count)
	r := reader{source: buffered, count: count, free: func() {
		streams.Put(buffered)
		done()
	}}
	if head, _ := buffered.Peek(2); !isPacked(head) {
		return r, nil
	}
	plain, err := gzip.NewReader(buffered)
	if err != nil {
		r.Close()
		return reader{}, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	r.count = &counter{ctx: ctx, r: plain}
	r.source = bufio.NewReaderSize(r.count, 64<<10)
	return r, nil
}

// Close ends the reading. Nothing that was read may be used any more.
func (r reader) Close() { r.free() }

// Documents of up to keepSize bytes are kept from the first reading to the
// second, up to maxKept of all: to open a file costs more than to read it.
const (
	keepSize = 64 << 10
	maxKept  = 48 << 20
)

// keep keeps the bytes of a small document, where there is room.
func (d *document) keep(c *collection, r reader) {
	whole, ok := r.source.(*bytes.Buffer)
	if !ok || c.kept == nil || r.total > keepSize {
		return
	}
	if c.kept.Add(int64(r.total)) > maxKept {
		c.kept.Add(-int64(r.total))
		return
	}
	d.text = bytes.Clone(whole.Bytes())
}

// again opens a document for the second reading.
func (d *document) again(ctx context.Context, c *collection) (reader, error) {
	if d.text == nil {
		return d.unpack(ctx)
	}
	text := d.text
	d.text = nil
	c.kept.Add(-int64(len(text)))
	return reader{source: bytes.NewBuffer(text), total: len(text), free: func() {}}, nil
}

// read returns how many bytes of the document were looked at.
func (r reader) read() int64 {
	if r.count == nil {
		return int64(r.total)
	}
	return r.count.n
}

// passed returns how many bytes were taken.
func (r reader) passed() int64 {
	switch s := r.source.(type) {
	case *bytes.Buffer:
		return int64(r.total - s.Len())
	case *bufio.Reader:
		return r.count.n - int64(s.Buffered())
	}
	return 0
}

// decoder returns a decoder of what follows, which lasts until done is called.
func (r reader) decoder(opts ...jsontext.Options) (dec *jsontext.Decoder, done func()) {
	dec = decoders.Get().(*jsontext.Decoder)
	dec.Reset(r.source, opts...)
	return dec, func() {
		dec.Reset(nothing{})
		decoders.Put(dec)
	}
}

// nothing is an empty reader.
type nothing struct{}

// Read ends at once.
func (nothing) Read([]byte) (int, error) { return 0, io.EOF }

// A counter counts what it passes on, and stops when ctx ends: one file may be
// large.
type counter struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

// Read passes on.
func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
