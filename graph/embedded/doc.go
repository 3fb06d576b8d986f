// Package embedded keeps snapshots in a folder: one process or several on one
// machine, no server.
//
// # Folder
//
//	DIR/<estate>/lock                 held by who writes
//	DIR/<estate>/CURRENT              JSON: the list of snapshots, newest last
//	DIR/<estate>/<id>.snapshot        one published snapshot each
//	DIR/<estate>/labels.json          labels, apart from snapshots
//	DIR/<estate>/*.tmp                unfinished; swept by the next writer
//
// A snapshot is written to a .tmp file, synced and renamed; only then CURRENT
// is replaced, also by a synced file and a rename. A process that dies at any
// point leaves either the old CURRENT or the new one, and both name whole
// files. Readers take no lock: they read CURRENT and map the file, and a map
// outlasts the deletion of its file.
package embedded
