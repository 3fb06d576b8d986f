package snapshot

import (
	"fmt"
	"os"
)

// SpillTo lets Facts keep what it froze in a file of a folder, if that is so many
// bytes or more, and not in memory: estates of a million principals need the memory for what
// is concluded. The file has no name and is gone with the process: what was read
// of the facts may point into it for as long. Where the system cannot map such a
// file everything stays in memory. Spliced facts do too, until Unpack.
func (b *Builder) SpillTo(dir string, from int) { b.spillDir, b.spillFrom = dir, from }

// spill moves the columns of facts to a file, from some size on; moved is false
// where they stay where they are.
func (c *columns) spill(dir string, from int) (moved bool, err error) {
	list := c.inMemory()
	size := 0
	for _, col := range list {
		size += len(col.bytes()) + pad(len(col.bytes()))
	}
	if dir == "" || size < from || !littleEndian || !canSpill {
		return false, nil
	}
	f, err := os.CreateTemp(dir, "facts-*.tmp")
	if err != nil {
		return false, fmt.Errorf("keep facts in a file: %w", err)
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil {
		return false, fmt.Errorf("keep facts in a file: %w", err)
	}
	return true, c.moveTo(f, list)
}

// moveTo writes columns to a file and has them point into it.
func (c *columns) moveTo(f *os.File, list []column) error {
	out := &counter{w: f}
	for _, col := range list {
		out.put(col.bytes())
		out.put(make([]byte, pad(len(col.bytes()))))
	}
	if out.err != nil {
		return fmt.Errorf("keep facts in a file: %w", out.err)
	}
	data, _, err := mapFile(f)
	if err != nil {
		return fmt.Errorf("keep facts in a file: %w", err)
	}
	for _, col := range list {
		n := len(col.bytes())
		if err := col.set(data[:n:n]); err != nil {
			return err
		}
		data = data[n+pad(n):]
	}
	return nil
}

// inMemory lists the columns of facts as they stand in memory, strings as they
// are before they are packed.
func (c *columns) inMemory() []column {
	return append(c.factSchema(),
		column{name: "strings", field: &c.str.plain.data}, column{name: "offsets of strings", field: &c.str.plain.off},
		column{name: "strings of sources", field: &c.xstr.plain.data}, column{name: "offsets of strings of sources", field: &c.xstr.plain.off})
}
