package snapshot_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

func TestBrokenFiles(t *testing.T) {
	b := build(t, small("a", "b")...)
	conclude(t, b)
	whole := written(t, b)
	for n := range len(whole) {
		if _, err := snapshot.FromBytes(whole[:n]); !errors.Is(err, snapshot.ErrCorrupt) {
			t.Fatalf("cut at %d of %d: %v", n, len(whole), err)
		}
	}
	other := slices.Clone(whole)
	other[8]++
	if _, err := snapshot.FromBytes(other); !errors.Is(err, snapshot.ErrVersion) {
		t.Errorf("another version: %v", err)
	}
	for at := range whole {
		bad := slices.Clone(whole)
		bad[at] ^= 0x41
		if s, err := snapshot.FromBytes(bad); err == nil && s.Verify() == nil && !padding(whole, at) {
			t.Fatalf("byte %d was changed and nobody noticed", at)
		}
	}
}

// padding reports whether a byte lies between sections.
func padding(file []byte, at int) bool {
	count := int(binary.LittleEndian.Uint32(file[12:]))
	for i := range count {
		e := file[32+48*i:]
		off, length := binary.LittleEndian.Uint64(e[24:]), binary.LittleEndian.Uint64(e[32:])
		if uint64(at) >= off && uint64(at) < off+length {
			return false
		}
	}
	return at >= 32+48*count
}

// reseal makes the checksum of header and table right, and where sections is
// set those of the sections as well, so that hostile files come as far as
// they can.
func reseal(file []byte, sections bool) {
	table := crc32.MakeTable(crc32.Castagnoli)
	if len(file) < 32 {
		return
	}
	binary.LittleEndian.PutUint64(file[16:], uint64(len(file)))
	count := min(int(binary.LittleEndian.Uint32(file[12:])), (len(file)-32)/48)
	for i := range count {
		e := file[32+48*i:]
		off, length := binary.LittleEndian.Uint64(e[24:]), binary.LittleEndian.Uint64(e[32:])
		if sections && off <= uint64(len(file)) && length <= uint64(len(file))-off {
			binary.LittleEndian.PutUint32(e[40:], crc32.Checksum(file[off:off+length], table))
		}
	}
	binary.LittleEndian.PutUint32(file[24:], 0)
	binary.LittleEndian.PutUint32(file[24:], crc32.Checksum(file[:32+48*count], table))
}

// FuzzRead gives any bytes to Open, Verify and every read: none may panic, and
// what Verify accepts must go through a Builder again.
func FuzzRead(f *testing.F) {
	b := build(f, small("a", "b")...)
	conclude(f, b)
	whole := written(f, b)
	f.Add(whole, uint32(0), byte(0), false)
	f.Add(whole[:len(whole)/2], uint32(40), byte(9), true)
	f.Add(written(f, snapshot.NewBuilder()), uint32(60), byte(1), true)
	for _, file := range [][]byte{whole, written(f, abroad(f))} {
		for at := 0; at < len(file); at += 97 {
			f.Add(file, uint32(at), byte(0xff), true)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint32, flip byte, seal bool) {
		data = slices.Clone(data)
		if len(data) > 0 {
			data[int(at)%len(data)] ^= flip
		}
		if seal {
			reseal(data, true)
		}
		s, err := snapshot.FromBytes(data)
		if err != nil {
			if !errors.Is(err, snapshot.ErrCorrupt) && !errors.Is(err, snapshot.ErrVersion) {
				t.Fatal(err)
			}
			return
		}
		readAll(s)
		if err := s.Verify(); err != nil && !errors.Is(err, snapshot.ErrCorrupt) {
			t.Fatal(err)
		}
		for _, manner := range []func(*snapshot.Builder){snapshot.Spliced, snapshot.Anew} {
			for _, replaced := range []bool{false, true} {
				next := snapshot.NewBuilder()
				manner(next)
				_ = next.CarryForward(s, func(l graph.Listing) bool { return replaced && l.Operation == "get-bucket-policy" })
				_, _ = next.Facts()
			}
		}
	})
}

// readAll calls every read with every index and some beyond.
func readAll(s *snapshot.Snapshot) {
	_, _, _ = s.ContentHash(), s.Coverage(), s.Failures()
	s.Dangling()
	for i := range snapshot.Index(min(s.NumNodes()+2, 100)) {
		n := s.Node(i)
		s.Find(n.Ref)
		s.FindID(s.ID(i))
		s.FindName(n.Name)
		s.FindNative(n.NativeID)
		s.ScopeOf(i)
		for _, r := range graph.Relations {
			s.Out(i, r)
			s.In(i, r)
		}
		drain(s.EdgesOut(i))
		drain(s.EdgesIn(i))
		drain(s.Members(i))
		s.CoverageOf(i)
		_ = s.Provider(i)
		s.SurestAccess(uint32(i), i)
		s.FootholdsOf(i)
		s.AdministratorsOf(i)
		drain(s.AccessTo(i))
		drain(s.PartsTo(i, everyRow))
		drain(s.ClassesWith(snapshot.PartIndex(i)))
		for range s.AccessReader().AccessOn(uint32(i), i, everyRow) {
		}
		for _, a := range s.Attachments(i) {
			s.AttachmentDocument(a)
		}
	}
	for a := range snapshot.AttachmentIndex(min(s.NumAttachments()+2, 100)) {
		s.Attachment(a)
		s.AttachmentDocument(a)
	}
	for _, k := range graph.Kinds {
		drain(s.OfKind(k))
	}
	s.Search("a", 5, snapshot.None)
	readConclusions(s)
}

func readConclusions(s *snapshot.Snapshot) {
	for f := range snapshot.FootholdIndex(min(s.NumFootholds()+2, 100)) {
		s.FindFoothold(s.Foothold(f))
		s.PivotsOut(f)
		s.PivotsIn(f)
		s.AdministrationsOf(f)
		s.ClassOf(f)
	}
	for p := range snapshot.PivotIndex(min(s.NumPivots()+2, 100)) {
		s.Pivot(p)
		_ = s.PivotVerdict(p).String()
	}
	for c := range uint32(min(s.NumClasses()+2, 100)) {
		s.ClassMembers(c)
		s.PartsOf(c)
		drain(s.AccessOf(c))
		var sets []snapshot.Targets
		for row := range s.RowsOf(c) {
			drain(row.To.Nodes())
			_, _ = row.To.Len(), row.To.Has(snapshot.Index(c))
			if sets = append(sets, row.To); len(sets) > 100 {
				break
			}
		}
		s.CountTargets(s.Union(slices.Values(sets)))
	}
	drain(s.Administrations())
}

func drain[T any](seq func(func(T) bool)) {
	n := 0
	for range seq {
		if n++; n > 1000 {
			return
		}
	}
}
