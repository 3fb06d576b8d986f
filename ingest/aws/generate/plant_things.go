package generate

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const (
	instanceType = "ec2:instance"
	managedFact  = "aws:ssm-managed" // Systems Manager can run commands on it
)

// A plantedThing is a resource or workload of a story.
type plantedThing struct {
	*planting
	setupLine
	arn    string
	role   string // the ARN of what it runs as
	policy string // the policy that it has itself
	bare   bool   // the story says that it has none
}

// inside is the part of an ARN behind its type.
func (t plantedThing) inside() string {
	resource := strings.SplitN(t.arn, ":", 6)[5]
	return resource[strings.IndexAny(resource, ":/")+1:]
}

func (t plantedThing) last() string { return lastOf(t.arn) }

// machine is the instance profile that a thing's machines have, "" for none.
func (t plantedThing) machine() string {
	if alias := t.options["runs-as"]; alias != "" {
		return t.profileOf(alias)
	}
	return ""
}

// A form is one operation that shows things of a type.
type form struct {
	service, operation string
	member             string // where the record stands; none: it is the document
	record             func(plantedThing) any
	each               func(plantedThing) string // the resource, where each thing has a document; nil: one lists all
	none               string                    // it shows a policy: the code by which AWS says that there is none
}

// A thingKind is a type whose documents are written.
type thingKind struct {
	forms    []form
	attrs    []string // the native properties that they show
	tags     bool     // they show tags
	policies bool     // they show a policy that a thing has itself
	profile  bool     // it has its role by an instance profile
}

// thingKinds are the types whose documents are written.
var thingKinds = kinds(workloadKinds, machineKinds, orchestrationKinds, dataKinds)

func kinds(tables ...map[string]thingKind) map[string]thingKind {
	all := map[string]thingKind{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

func kindOf(l setupLine) thingKind { return thingKinds[l.options["type"]] }

// ofType lists a story's things of a type.
func (g *planting) ofType(typ string) (out []plantedThing) {
	for _, l := range g.lines {
		if l.options["type"] == typ && (l.sort == "resource" || l.sort == "workload") {
			out = append(out, plantedThing{planting: g, setupLine: l, arn: l.word(1), role: g.refOf(l.options["runs-as"]),
				policy: compact(g.files["resource/"+l.word(0)+".json"]), bare: g.says("none", "resource", l.word(0))})
		}
	}
	return out
}

// says reports whether a story has a line of some words.
func (g *planting) says(sort string, words ...string) bool {
	return slices.ContainsFunc(g.lines, func(l setupLine) bool { return l.sort == sort && slices.Equal(l.plain, words) })
}

// plantRegion is the region of the stories' things.
const plantRegion = "eu-west-1"

// plantedThings writes what shows the things of a story, by every operation
// that shows any of their type, and the lists that the story says to be empty.
func (w *writer) plantedThings(g *planting) {
	for _, typ := range slices.Sorted(maps.Keys(thingKinds)) {
		kind, things := thingKinds[typ], g.ofType(typ)
		asked := slices.ContainsFunc(kind.forms, func(f form) bool { return g.says("listed", g.Account, f.service, f.operation) })
		for _, f := range kind.forms {
			if asked || len(things) > 0 {
				w.show(g, f, things)
			}
		}
	}
	w.ssmManaged(g)
}

// show writes the documents of one operation, region by region. A list is asked
// for in the stories' own region also where there is nothing.
func (w *writer) show(g *planting, f form, things []plantedThing) {
	regions := map[string][]plantedThing{}
	if f.each == nil {
		regions[f.region("")] = nil
	}
	for _, t := range things {
		at := f.region(t.arn)
		regions[at] = append(regions[at], t)
	}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		path, here := g.path(region, f.service, f.operation), regions[region]
		if f.each == nil {
			w.lists(path, f.member, len(here), func(i int) any { return f.record(here[i]) })
			continue
		}
		for _, t := range here {
			w.describe(path, f, t)
		}
	}
}

// region is where an operation shows a thing.
func (f form) region(arn string) string {
	if f.service == "s3api" || f.service == "iam" {
		return "global"
	}
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 {
		return cmp.Or(parts[3], plantRegion)
	}
	return plantRegion
}

// describe writes what an operation says of one thing.
func (w *writer) describe(path string, f form, t plantedThing) {
	resource := f.each(t)
	switch {
	case f.none != "" && t.policy == "" && !t.bare: // nobody asked for its policy
	case f.none != "" && t.policy == "":
		w.refused(path, resource, "An error occurred ("+f.none+") when calling the "+apiName(f.operation)+" operation: there is no policy")
	case f.member != "":
		w.one(path, resource, f.member, f.record(t))
	default:
		w.whole(path, resource, f.record(t).(object))
	}
}

// apiName is an operation as errors spell it: GetBucketPolicy.
func apiName(operation string) (name string) {
	for word := range strings.SplitSeq(operation, "-") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// ssmManaged writes which instances Systems Manager reaches.
func (w *writer) ssmManaged(g *planting) {
	for _, l := range g.lines {
		if l.sort == "fact" && l.word(0) == managedFact {
			w.lists(g.path(plantRegion, "ssm", "describe-instance-information"), "InstanceInformationList", 1, func(int) any {
				return object{"InstanceId": lastOf(g.refOf(l.word(1))), "PingStatus": "Online", "ResourceType": "EC2Instance"}
			})
		}
	}
}

// given leaves out the members of which a story says nothing.
func given(o object) object {
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == "" })
	return o
}
