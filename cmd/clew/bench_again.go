package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// detailsFile holds the users of an account, below its folder.
const detailsFile = "global/iam/get-account-authorization-details.json"

// collectAgain collects one account once more, in which somebody became an
// administrator, and publishes. Where the estate is resolved in little time, the
// outcome is held against that of resolving everything.
func collectAgain(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	changed, err := changeAccount(b, e)
	if err != nil {
		return measure{}, err
	}
	m, out, err := b.child(ctx, nil, "ingest", "aws", changed, "--store", e.name+".store", "-o", "json")
	if err != nil {
		return m, err
	}
	var sum collection
	if err := json.Unmarshal(out, &sum); err != nil {
		return m, err
	}
	m.Text = fmt.Sprintf("%d of %d accounts resolved", len(sum.Redrawn), e.size.accounts)
	if sum.InFull != "" {
		m.Text = "all resolved: " + sum.InFull
	}
	m.Counts = map[string]int64{"accounts resolved": int64(len(sum.Redrawn))}
	if e.full.Wall > aloneAtMost {
		return m, nil
	}
	return m, sameInFull(ctx, b, e, sum.Snapshot)
}

// changeAccount writes the documents of an account, in which one user more
// administers it, into a folder of their own.
func changeAccount(b *bench, e *benchEstate) (folder string, err error) {
	accounts, err := filepath.Glob(filepath.Join(b.below(e.name), "[0-9]*", filepath.FromSlash(detailsFile)))
	if err != nil || len(accounts) == 0 {
		return "", fmt.Errorf("no account among the documents of %s: %w", e.name, err)
	}
	from := accounts[len(accounts)/2]
	for range 3 {
		from = filepath.Dir(from)
	}
	folder = path.Join(e.name+".again", filepath.Base(from))
	if err := os.CopyFS(b.below(folder), os.DirFS(from)); err != nil {
		return "", err
	}
	return folder, administerIn(filepath.Join(b.below(folder), filepath.FromSlash(detailsFile)))
}

// administerIn lets the first user of an account administer it.
func administerIn(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var details map[string]json.RawMessage
	var users []map[string]json.RawMessage
	if err := json.Unmarshal(text, &details); err != nil {
		return err
	}
	if err := json.Unmarshal(details["UserDetailList"], &users); err != nil {
		return err
	}
	if len(users) == 0 {
		return fmt.Errorf("no user in %s", file)
	}
	users[0]["AttachedManagedPolicies"] = json.RawMessage(`[{"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]`)
	if details["UserDetailList"], err = json.Marshal(users); err != nil {
		return err
	}
	if text, err = json.Marshal(details); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// sameInFull resolves everything and compares: a snapshot of the same content is
// not published again.
func sameInFull(ctx context.Context, b *bench, e *benchEstate, snapshot string) error {
	_, out, err := b.child(ctx, nil, "resolve", "--store", e.name+".store", "-o", "json")
	if err != nil {
		return err
	}
	var full resolution
	if err := json.Unmarshal(out, &full); err != nil {
		return err
	}
	if full.ID != snapshot {
		return fmt.Errorf("snapshot %s of what changed is not %s of everything", snapshot, full.ID)
	}
	return nil
}
