// Package snapshot keeps one estate's facts and conclusions as one immutable
// file of columns, and reads it.
//
// A Builder takes facts in any order (it is a graph.Sink), freezes them into a
// Snapshot without conclusions, takes the conclusions that a resolver draws
// from it, and writes both as one file. A Snapshot answers from the file's
// bytes, which are mapped into memory and never decoded as a whole. Large facts
// stand in a file without a name while they are resolved (SpillTo), and facts of
// which none changes are taken as they stand (TakeFacts). Facts of which few
// change are spliced: what stays is copied with other numbers, and Moves says what
// became of it. Columns that come out as they were are not copied where the last
// snapshot stays open (Share). Conclusions that stay true of the next facts are
// taken from the last snapshot (Carry): what is new is spliced between them, to
// the bytes of all of it given anew.
//
// # Words
//
// An Index is the dense number of a node, an AttachmentIndex that of a policy
// attachment, a FootholdIndex and a PivotIndex those of conclusions. They are
// positions in columns and mean nothing in another snapshot. An end is what an
// edge leads to: an Index, or, from NumNodes on, the number of a loose ref,
// which some document names and none describes.
//
// Nodes stand in the order of provider, account, service, type, name and ref,
// so that what is asked for together is a run of indexes.
//
// Effective access stands in rows: what may be done to the nodes of a set. Rows
// stand in parts, which classes of footholds share: the members of a class may
// do what its parts say. A class may have a home, as a rule the things of its
// account; what parts from abroad say of those does not hold for it.
//
// A set is a list of runs of indexes. Each part, set, run, list of actions and
// ruling stands once, however many have it. Every run knows its sets, every set
// its rows, every part its classes, so that who gets to one node is found
// without reading the rows that do not.
//
// Commons are things that anybody could be let in to, or whom no account holds.
// They stand beside the conclusions because a change of one is before everybody:
// whoever concludes again what little changed looks there.
//
// # File
//
// All numbers are little-endian. The file is
//
//	header    8 bytes  magic "CLEWSNAP"
//	          4        format version
//	          4        number of sections
//	          8        length of the whole file
//	          4        CRC-32C of the header (this field as zero) and the table
//	          4        zero
//	table     for each section:
//	          24       name, padded with zeros
//	          8        offset from the start of the file, a multiple of 8;
//	                   large sections are written at multiples of 4096
//	          8        length in bytes
//	          4        CRC-32C of the section
//	          4        zero
//	sections  each one column: bytes, 4-byte or 8-byte numbers
//
// The columns are listed in schema.go with what each holds. A section that
// the reader does not know is ignored, and a missing one is an empty column,
// so that columns can be added without another format version. Strings are
// kept once, sorted; those of facts are packed, as texts.go says, and those of
// conclusions stand in a heap of offsets and bytes. Documents are kept once by
// SHA-256.
//
// Sections whose name starts with "x." hold where facts were read (file,
// collector, time, position). They and the "meta." sections are no part of the
// content hash; everything else is. That is the SHA-256 of the other columns'
// names, sizes and SHA-256s, each of a piece of 1 MiB, so that all cores hash.
// Large files keep those, and the next snapshot takes them where pieces are alike.
//
// # Trust
//
// Open checks header and table alone, in microseconds. Every read is safe on
// any bytes: what points outside of its column reads as empty. Verify checks
// all checksums, bounds and the content hash; whoever gets a file from
// elsewhere calls it first.
package snapshot
