package aws

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// policyText returns a policy document as minimal JSON bytes. AWS writes
// policies in three forms: as an object (the CLI, for IAM), as JSON text in a
// string (most services) and as percent-encoded JSON text (the raw IAM API).
// White space goes, so that one policy has one text however it was printed.
func policyText(raw jsontext.Value) ([]byte, error) {
	if raw.Kind() == '{' {
		text := raw.Clone()
		return text, text.Format(sound)
	}
	if raw.Kind() != '"' {
		return nil, noPolicy(raw)
	}
	s, err := unquote(raw)
	if err != nil {
		return nil, err
	}
	text, err := decodeText(s)
	if err != nil {
		return nil, err
	}
	if text.Kind() != '{' {
		return nil, noPolicy(text)
	}
	if err := text.Format(); err != nil {
		return nil, policySyntax(err)
	}
	return text, nil
}

func noPolicy(found jsontext.Value) error {
	return fmt.Errorf("%w: want a policy document (an object, or its text in a string), found %s", ErrContent, kindWord(found.Kind()))
}

// decodeText undoes percent-encoding, where the text is not JSON already.
func decodeText(s string) (jsontext.Value, error) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "%") {
		return jsontext.Value(s), nil
	}
	plain, err := url.PathUnescape(s)
	if err != nil {
		return nil, fmt.Errorf("%w: policy text: %w", ErrContent, err)
	}
	return jsontext.Value(strings.TrimSpace(plain)), nil
}

func policySyntax(err error) error {
	if syntax := new(jsontext.SyntacticError); errors.As(err, &syntax) {
		return fmt.Errorf("at byte %d of the policy: %w", syntax.ByteOffset, syntaxError(syntax))
	}
	return err
}

// unquote returns the text of a JSON string, "" of null.
func unquote(v jsontext.Value) (string, error) {
	if v.Kind() == 'n' {
		return "", nil
	}
	text, err := jsontext.AppendUnquote(nil, v)
	return string(text), err
}

// managedPolicies holds the default version of every managed policy that some
// document shows: attachments may come before the policy, even in another
// file. Texts are kept once, however many accounts hold a copy.
type managedPolicies struct {
	byARN map[string]managedPolicy
	texts map[[sha256.Size]byte][]byte
}

// A managedPolicy is what attachments need of a policy.
type managedPolicy struct {
	text    []byte // nil if it does not parse or its version is missing
	version string
	pointer string
	detail  string // why text is nil
}

func newManagedPolicies() managedPolicies {
	return managedPolicies{byARN: map[string]managedPolicy{}, texts: map[[sha256.Size]byte][]byte{}}
}

// add notes a policy. Text that is there already is shared. Dumps of several
// accounts may show different versions of a policy of AWS's own: the newest
// counts, whatever the order.
func (p *managedPolicies) add(arn string, policy managedPolicy) {
	if known, ok := p.byARN[arn]; ok && !newer(policy, known) {
		return
	}
	if policy.text != nil {
		sum := sha256.Sum256(policy.text)
		if p.texts[sum] == nil {
			p.texts[sum] = bytes.Clone(policy.text)
		}
		policy.text = p.texts[sum]
	}
	p.byARN[arn] = policy
}

// newer orders two sights of one policy: by version, then with text first, then
// by text, so that the order of documents is none.
func newer(a, b managedPolicy) bool {
	av, bv := versionNumber(a.version), versionNumber(b.version)
	switch {
	case av != bv:
		return av > bv
	case (a.text == nil) != (b.text == nil):
		return a.text != nil
	}
	return bytes.Compare(a.text, b.text) > 0
}

// versionNumber reads "v12"; 0 for anything else.
func versionNumber(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "v"))
	if err != nil {
		return 0
	}
	return n
}
