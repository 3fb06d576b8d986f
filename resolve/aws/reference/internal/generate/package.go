package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// source is the npm package as read: one service per element, in order of name.
type source struct {
	Version  string
	Date     string // YYYY-MM-DD
	Services []service
}

type service struct {
	Name    string
	RCP     bool       // resource control policies apply to it
	Actions []action   // by lower-case name
	Types   []resource // by lower-case name
	Keys    []key      // by lower-case name
}

type action struct {
	Name          string
	AccessLevel   string
	ResourceTypes []struct {
		Name          string
		Required      bool
		ConditionKeys []string
	}
	ConditionKeys    []string
	DependentActions []string
}

type resource struct {
	Key           string
	ARN           string
	ConditionKeys []string
}

type key struct {
	Key  string
	Type string
}

// readPackage reads the folder of an unpacked package.
func readPackage(dir string) (*source, error) {
	var about struct{ Version, UpdatedAt string }
	if err := readJSON(filepath.Join(dir, "package.json"), &about); err != nil {
		return nil, err
	}
	var names []string
	if err := readJSON(filepath.Join(dir, "data", "services.json"), &names); err != nil {
		return nil, err
	}
	slices.Sort(names)
	var rcp []string
	if err := readJSON(filepath.Join(dir, "data", "rcpSupportedServices.json"), &rcp); err != nil {
		return nil, err
	}
	date, _, _ := strings.Cut(about.UpdatedAt, "T")
	src := &source{Version: about.Version, Date: date}
	for _, name := range names {
		s, err := readService(filepath.Join(dir, "data"), name)
		if err != nil {
			return nil, err
		}
		s.RCP = slices.Contains(rcp, name)
		src.Services = append(src.Services, s)
	}
	return src, nil
}

func readService(dir, name string) (service, error) {
	s := service{Name: name}
	var err error
	if s.Actions, err = readSorted[action](dir, "actions", name); err != nil {
		return s, err
	}
	if s.Types, err = readSorted[resource](dir, "resourceTypes", name); err != nil {
		return s, err
	}
	for i, t := range s.Types {
		s.Types[i].ARN = withDollars(t.ARN)
	}
	s.Keys, err = readSorted[key](dir, "conditionKeys", name)
	return s, err
}

// withDollars mends a variable that AWS's page writes {Name} and not ${Name}:
// one of opsworks-cm's.
func withDollars(arn string) string {
	return strings.ReplaceAll(strings.ReplaceAll(arn, "{", "${"), "$${", "${")
}

// readSorted reads one file of a service: an object whose members are named by
// lower-case name, which is the order that the table keeps.
func readSorted[T any](dir, kind, service string) ([]T, error) {
	var members map[string]T
	if err := readJSON(filepath.Join(dir, kind, service+".json"), &members); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(members))
	for name := range members {
		if name != strings.ToLower(name) {
			return nil, fmt.Errorf("%s of %s: member %q is not in lower case", kind, service, name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	sorted := make([]T, len(names))
	for i, name := range names {
		sorted[i] = members[name]
	}
	return sorted, nil
}

func readJSON(path string, into any) error {
	body, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
