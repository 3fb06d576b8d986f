package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/policy"
)

// A publicIssuer is an identity provider from which anybody can get a token.
type publicIssuer struct {
	// subject is one that a newcomer gets; "%" is a name that nobody had.
	subject string
	// chosen: whoever asks for a token says for which audience.
	chosen bool
	// others are the beginnings of the other claims that name the newcomer.
	others []string
}

// publicIssuers are shared by all of their customers, so that only the claims
// of a token tell these apart, and built-in ones, where every account of theirs
// has a subject of its own.
//
// Sources: IAM user guide, "Identity-provider controls for shared OIDC
// providers" (issuers, and the claim that names the tenant) and "Create a role
// for OpenID Connect federation" (Google, Facebook and Amazon are built in);
// GitHub, "OpenID Connect reference"; GitLab, "OpenID Connect (OIDC)
// authentication using ID tokens"; HashiCorp, "Workload identity tokens";
// Buildkite, "OIDC in Buildkite Pipelines".
var publicIssuers = map[string]publicIssuer{
	"token.actions.githubusercontent.com": {
		subject: "repo:%/%:ref:refs/heads/main", chosen: true,
		others: []string{"repository", "actor", "enterprise", "job_workflow_ref", "workflow_ref"},
	},
	"gitlab.com": {
		subject: "project_path:%/%:ref_type:branch:ref:main", chosen: true,
		others: []string{"namespace", "project", "user", "ci_config"},
	},
	"app.terraform.io": {
		subject: "organization:%:project:%:workspace:%:run_phase:apply", chosen: true,
		others: []string{"terraform_"},
	},
	"agent.buildkite.com": {
		subject: "organization:%:pipeline:%:ref:refs/heads/main:commit:%:step:%", chosen: true,
		others: []string{"organization", "pipeline"},
	},
	"accounts.google.com": {subject: "%"},
	"graph.facebook.com":  {subject: "%"},
	"www.amazon.com":      {subject: "%"},
}

// issuedTo are the tokens of an issuer that a newcomer can get for himself: one
// for each sort of subject that the role's trust tells apart, and audience.
func (e *Estate) issuedTo(provider, issuer string, known publicIssuer, role *resource) []ticket {
	var list []ticket
	subjects := []string{strings.ReplaceAll(known.subject, "%", anyKey)}
	for _, pattern := range testedFor(role, issuer+":sub") {
		if s := sampleOf(pattern); openToNewcomers(pattern) && !slices.Contains(subjects, s) {
			subjects = append(subjects, s)
		}
	}
	p := e.bearer(provider, issuer)
	p.shown.newcomer = known.others
	for _, subject := range subjects {
		stated := []statedKey{{key: issuer + ":sub", values: []string{subject}}}
		if len(p.shown.clientIDs) == 0 || !known.chosen {
			list = append(list, ticket{p: p, stated: stated, had: policy.True})
			continue
		}
		for _, audience := range p.shown.clientIDs {
			list = append(list, ticket{p: p, had: policy.True,
				stated: append(slices.Clone(stated), statedKey{key: issuer + ":aud", values: []string{audience}})})
		}
	}
	return list
}

// testedFor lists the values that a trust compares a key with.
func testedFor(role *resource, key string) []string {
	var values []string
	for i := range role.policies {
		if role.policies[i].doc == nil {
			continue
		}
		for _, s := range role.policies[i].doc.Statements {
			for _, c := range s.Conditions {
				if c.compiled.key == key {
					values = append(values, c.Values...)
				}
			}
		}
	}
	return values
}

// openToNewcomers reports whether somebody who picks a name that nobody had can
// get a subject that a pattern covers. A subject begins with a word, a colon
// and the owner's name, which "/" or ":" ends; a pattern that spells the whole
// owner out is closed, and one with a wildcard in it or before it is open.
func openToNewcomers(pattern string) bool {
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		return false
	}
	_, owner, named := strings.Cut(pattern[:wild], ":")
	return !named || !strings.ContainsAny(owner, "/:")
}

// ofNewcomer reports whether a claim names the bearer of a token, who took a
// name that nobody had.
func (t *assertion) ofNewcomer(claim string) bool {
	return slices.ContainsFunc(t.newcomer, func(begin string) bool { return strings.HasPrefix(claim, begin) })
}
