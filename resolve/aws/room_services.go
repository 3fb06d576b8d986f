package aws

import "slices"

// This file finds, before anything is decided, which roles could trust a service:
// techniques ask for dozens of services about every role of an account, and most
// roles trust one or none.

// unserved reports whether whoever asks is a service that wants to assume a role
// whose trust has no word on it. Assuming a role needs its trust's explicit allow.
//
// Source: IAM user guide, "Roles terms and concepts" (role trust policy).
func (a *asker) unserved(asked *askedKind, t *roomThing) bool {
	return a.r.principal.kind == kindService && t.layer == numTrust && asked.part == "" && !t.assumed &&
		asked.kind.action.folded == "sts:assumerole" && !asked.kind.given &&
		!t.loud && !slices.Contains(t.services, a.r.principal.ref)
}
