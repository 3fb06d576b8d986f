package snapshot

import (
	"encoding/binary"
	"unsafe"
)

// The three kinds of column. Reading outside of one gives zero: a file that
// was not verified must not be able to stop the program.
type (
	u8s  []uint8
	u32s []uint32
	u64s []uint64
)

func (c u8s) at(i uint32) uint8 {
	if uint64(i) < uint64(len(c)) {
		return c[i]
	}
	return 0
}

func (c u32s) at(i uint32) uint32 {
	if uint64(i) < uint64(len(c)) {
		return c[i]
	}
	return 0
}

// run returns the half-open range that offsets column c gives for row i,
// clipped to n. The range is empty where the column is wrong.
func (c u32s) run(i uint32, n int) (from, to uint32) {
	if uint64(i)+1 >= uint64(len(c)) {
		return 0, 0
	}
	from, to = c[i], c[i+1]
	if from > to || uint64(to) > uint64(n) {
		return 0, 0
	}
	return from, to
}

var littleEndian = func() bool {
	probe := [2]byte{1, 0}
	return *(*uint16)(unsafe.Pointer(&probe)) == 1
}()

// word32or64 is what a column wider than a byte holds.
type word32or64 interface{ ~uint32 | ~uint64 }

// asNumbers views little-endian bytes as numbers. It copies only where the
// machine or the alignment does not allow a view.
func asNumbers[N word32or64](b []byte) []N {
	var zero N
	size := int(unsafe.Sizeof(zero))
	if len(b) < size {
		return nil
	}
	first := unsafe.Pointer(unsafe.SliceData(b))
	if littleEndian && uintptr(first)%uintptr(size) == 0 {
		return unsafe.Slice((*N)(first), len(b)/size)
	}
	out := make([]N, len(b)/size)
	for i := range out {
		out[i] = readNumber[N](b[i*size:], size)
	}
	return out
}

func readNumber[N word32or64](b []byte, size int) N {
	if size == 4 {
		return N(binary.LittleEndian.Uint32(b))
	}
	return N(binary.LittleEndian.Uint64(b))
}

// asBytes is the inverse of asNumbers.
func asBytes[N word32or64](c []N) []byte {
	if len(c) == 0 {
		return nil
	}
	size := int(unsafe.Sizeof(c[0]))
	if littleEndian {
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(c))), len(c)*size)
	}
	out := make([]byte, 0, len(c)*size)
	for _, v := range c {
		if size == 4 {
			out = binary.LittleEndian.AppendUint32(out, uint32(v))
		} else {
			out = binary.LittleEndian.AppendUint64(out, uint64(v))
		}
	}
	return out
}

// rawBytes views numbers as the machine has them.
func rawBytes(c []uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(c))), 4*len(c))
}

// view gives a run of a column of 4-byte numbers another name.
func view[T ~uint32](c []uint32) []T {
	if len(c) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(c))), len(c))
}
