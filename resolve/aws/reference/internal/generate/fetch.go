package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// fetch downloads an npm package with npm itself, so that the user's registry
// settings hold, unpacks it under dir and returns the unpacked folder.
func fetch(npm, dir string) (string, error) {
	cmd := exec.Command("npm", "pack", "--silent", npm)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	name, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("npm pack %s: %w", npm, err)
	}
	archive, err := os.Open(filepath.Join(dir, strings.TrimSpace(string(name))))
	if err != nil {
		return "", err
	}
	defer archive.Close()
	return filepath.Join(dir, "package"), unpack(archive, dir)
}

// unpack writes the JSON files of a gzipped tar archive under dir. It follows
// no links and writes nothing outside of dir.
func unpack(archive io.Reader, dir string) error {
	zr, err := gzip.NewReader(archive)
	if err != nil {
		return fmt.Errorf("npm archive: %w", err)
	}
	for tr := tar.NewReader(zr); ; {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("npm archive: %w", err)
		}
		if header.Typeflag != tar.TypeReg || !strings.HasSuffix(header.Name, ".json") {
			continue
		}
		if err := unpackFile(tr, dir, header.Name); err != nil {
			return err
		}
	}
}

func unpackFile(r io.Reader, dir, name string) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("npm archive: %q leaves the folder", name)
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("npm archive: %s: %w", name, err)
	}
	return os.WriteFile(path, body, 0o644)
}

// writeGzip writes data compressed, without a time or a name in the header, so
// that equal data give equal bytes.
func writeGzip(path string, data []byte) error {
	var packed bytes.Buffer
	zw, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zw.Write(data); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o644)
}
