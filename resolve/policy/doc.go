// Package policy is the algebra of access, the same for every provider.
//
// # A decision is a formula
//
// Whether a request is allowed depends on what the request will carry (its
// context: source address, time, tags …) and on documents that were asked for
// and did not come (gaps). So a decision is a Formula over two sorts of atoms:
//
//   - a Test asks one question of one context Key: "aws:SourceIp lies in
//     10.0.0.0/8", "aws:PrincipalOrgID equals o-1 or is absent";
//   - a Gap stands for a missing document. It is true if the document is as
//     favourable as it could be, false if it is as unfavourable as it could
//     be. Formulas are monotone in gaps, so those two bound every other case.
//
// The Verdict names the formula's state. Tests of one key are not
// independent: "region is eu-west-1" and "region is us-east-1" are never both
// true. State decides over what values a key can really take (see domain.go),
// so a contradiction spread over two layers is Denied and a tautology Allowed.
//
// # Layers and how they combine
//
// A Layer is a policy layer of one provider, as a value. An Expr says, once
// per provider, how the words of the layers combine, over and, or, not. Two
// readers read it: the provider's Decide for one request with every reason
// kept, and the compiled evaluator with sets.
//
// Package policy knows no provider's grammar. The packages next to it
// (resolve/aws, …) parse documents and say what each layer's word is.
package policy
