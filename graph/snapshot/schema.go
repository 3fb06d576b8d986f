package snapshot

// A column binds a section of the file to the field that holds it, and says
// what may stand in it. Binding, writing, hashing and verifying all read this
// one list.
type column struct {
	name  string
	field any   // *u8s, *u32s or *u64s
	rows  group // how many values there are; free: any number
	plus  int   // one more value than rows: offsets
	wide  int   // values a row, 1 if zero
	to    group // what the values are numbers of; free: anything
	none  bool  // None is allowed besides
}

// A group is a set of rows that has one length.
type group uint8

const (
	free group = iota
	gString
	gXString
	gCString
	gBlock
	gXBlock
	gBytes
	gXBytes
	gCBytes
	gProvider
	gKind
	gRelation
	gList
	gListItem
	gListing
	gListings
	gListingsItem
	gOrigin
	gOrigins
	gOriginsItem
	gNodeRow // nodes, and after them descriptions that others superseded
	gNode    // nodes
	gLoose   // refs that no node describes
	gEnd     // nodes, then loose refs
	gEdge
	gAttachRow // attachments, and after them superseded ones
	gAttach    // attachments
	gDocument
	gDocByte
	gCoverage
	gFoothold
	gPivot
	gRuling
	gEvidence
	gAdmin
	gClass
	gClassItem
	gPart
	gPartsList
	gPartsItem
	gAccess
	gGrant
	gSet
	gSetRun
	gRun
	gCList
	gCListItem
	gCRelation
	gEffect
	gVerdict // the four verdicts
	gHold    // the ways to hold
	gStatus  // the statuses of coverage
	gBool    // 0 and 1
	gNative  // nodes that have a native id
	gName    // nodes that have a name
	gCommon  // things that anybody could be let in to
	gMember  // nodes that stand in a described scope
	gGroup   // runs of nodes of one type in one scope
	numGroups
)

// columns are the sections of a snapshot.
type columns struct {
	counts u64s // meta: nodes, attachments
	hash   u8s  // meta: content hash
	pieces u8s  // meta: hashes of pieces of large files

	str, xstr  texts
	cstr, docs heap
	docHash    u8s

	dictProvider, dictKind, dictRelation u32s

	listOff, listItem                                       u32s
	lsetOff, lsetItem                                       u32s
	osetOff, osetItem                                       u32s
	listScope, listRegion, listService, listOp, listSubject u32s
	orgListing, orgFile, orgCollector, orgNote, orgNano     u32s
	orgSecond                                               u64s

	nodeProvider, nodeKind, nodeFlags                  u8s
	nodeRef, nodeType, nodeName, nodeNative, nodeScope u32s
	nodeTags, nodeAttrs, nodeListings, nodeOrigins     u32s
	memberOff, member, group                           u32s
	findRef, findName, findNative, findID              u32s
	loose                                              u32s

	edgeFrom, edgeTo, edgeAttrs, edgeListings, edgeOrigins u32s
	edgeRelation                                           u8s
	edgeOutOff, edgeInOff, edgeIn, edgeInFrom              u32s

	attTo, attLayer, attPolicy, attName, attVersion, attDoc u32s
	attListings, attOrigins                                 u32s
	attFlags                                                u8s

	covListing, covReason, covAffects, covOf, covOrigins u32s
	covStatus                                            u8s

	conclusions
}

// conclusions are the sections that Conclude writes.
type conclusions struct {
	cdictRelation, cdictEffect u32s
	clistOff, clistItem        u32s

	footNode, footClass u32s
	footHold            u8s

	rulingVerdict, rulingLeast, rulingMost u8s
	rulingFormula, rulingOff               u32s
	evAttachment, evStatement              u32s
	evEffect                               u8s

	pivotFrom, pivotTo, pivotAction, pivotTechnique u32s
	pivotRuling                                     u32s
	pivotRelation, pivotVerdict                     u8s
	pivotOutOff, pivotOut, pivotInOff, pivotIn      u32s

	admFrom, admScope, admThrough, admRuling, admBy u32s
	commons                                         u32s
	maker                                           u8s // meta: the program

	classOff, classFoot, classParts, classHome u32s
	partsOff, partsItem, partsByOff, partsBy   u32s
	classByOff, classBy                        u32s
	partOff                                    u32s
	partAbroad                                 u8s
	accPart, accSet, accGrant, accRuling       u32s
	accByOff, accBy                            u32s
	grantActions, grantInclude, grantExclude   u32s

	runFirst, runLast, runMax u32s
	runSetOff, runSet         u32s
	setOff, setRun            u32s
}

// Places in the section meta.counts.
const (
	countNodes = iota
	countAttachments
)

// Bits of node.flags and att.flags.
const (
	flagMentioned  = 1 << iota // the node is named, not described
	flagSuperseded             // another record of the same thing says more
	flagInline                 // the attachment is an inline policy
)

// schema lists the columns of c, in the order of the file.
func (c *columns) schema() []column {
	return append(append(c.factSchema(), c.conclusionSchema()...), column{name: lastOfFile, field: &c.pieces})
}

func (c *columns) factSchema() []column {
	return []column{
		{name: "meta.counts", field: &c.counts},
		{name: "meta.hash", field: &c.hash},

		{name: "str.count", field: &c.str.count},
		{name: "str.block", field: &c.str.block, rows: gBlock, plus: 1, to: gBytes},
		{name: "str.bytes", field: &c.str.data, rows: gBytes},
		{name: "x.str.count", field: &c.xstr.count},
		{name: "x.str.block", field: &c.xstr.block, rows: gXBlock, plus: 1, to: gXBytes},
		{name: "x.str.bytes", field: &c.xstr.data, rows: gXBytes},
		{name: "dict.provider", field: &c.dictProvider, rows: gProvider, to: gString},
		{name: "dict.kind", field: &c.dictKind, rows: gKind, to: gString},
		{name: "dict.relation", field: &c.dictRelation, rows: gRelation, to: gString},
		{name: "list.off", field: &c.listOff, rows: gList, plus: 1, to: gListItem},
		{name: "list.item", field: &c.listItem, rows: gListItem, to: gString},

		{name: "listing.scope", field: &c.listScope, rows: gListing, to: gString},
		{name: "listing.region", field: &c.listRegion, rows: gListing, to: gString},
		{name: "listing.service", field: &c.listService, rows: gListing, to: gString},
		{name: "listing.operation", field: &c.listOp, rows: gListing, to: gString},
		{name: "listing.subject", field: &c.listSubject, rows: gListing, to: gString},
		{name: "listings.off", field: &c.lsetOff, rows: gListings, plus: 1, to: gListingsItem},
		{name: "listings.item", field: &c.lsetItem, rows: gListingsItem, to: gListing},
		{name: "x.origin.listing", field: &c.orgListing, rows: gOrigin, to: gListing},
		{name: "x.origin.file", field: &c.orgFile, rows: gOrigin, to: gXString},
		{name: "x.origin.collector", field: &c.orgCollector, rows: gOrigin, to: gXString},
		{name: "x.origin.note", field: &c.orgNote, rows: gOrigin, to: gXString},
		{name: "x.origin.second", field: &c.orgSecond, rows: gOrigin},
		{name: "x.origin.nano", field: &c.orgNano, rows: gOrigin},
		{name: "x.origins.off", field: &c.osetOff, rows: gOrigins, plus: 1, to: gOriginsItem},
		{name: "x.origins.item", field: &c.osetItem, rows: gOriginsItem, to: gOrigin},

		{name: "node.provider", field: &c.nodeProvider, rows: gNodeRow, to: gProvider},
		{name: "node.kind", field: &c.nodeKind, rows: gNodeRow, to: gKind},
		{name: "node.flags", field: &c.nodeFlags, rows: gNodeRow},
		{name: "node.ref", field: &c.nodeRef, rows: gNodeRow, to: gString},
		{name: "node.type", field: &c.nodeType, rows: gNodeRow, to: gString},
		{name: "node.name", field: &c.nodeName, rows: gNodeRow, to: gString},
		{name: "node.native", field: &c.nodeNative, rows: gNodeRow, to: gString},
		{name: "node.scope", field: &c.nodeScope, rows: gNodeRow, to: gEnd, none: true},
		{name: "node.tags", field: &c.nodeTags, rows: gNodeRow, to: gList},
		{name: "node.attrs", field: &c.nodeAttrs, rows: gNodeRow, to: gList},
		{name: "node.listings", field: &c.nodeListings, rows: gNodeRow, to: gListings},
		{name: "x.node.origins", field: &c.nodeOrigins, rows: gNodeRow, to: gOrigins},
		{name: "loose.ref", field: &c.loose, rows: gLoose, to: gString},
		{name: "member.off", field: &c.memberOff, rows: gNode, plus: 1, to: gMember},
		{name: "member.node", field: &c.member, rows: gMember, to: gNode},
		{name: "group.first", field: &c.group, rows: gGroup, to: gNode},
		{name: "find.ref", field: &c.findRef, rows: gNode, to: gNode},
		{name: "find.name", field: &c.findName, rows: gName, to: gNode},
		{name: "find.native", field: &c.findNative, rows: gNative, to: gNode},
		{name: "find.id", field: &c.findID, rows: gNode, to: gNode},

		{name: "edge.from", field: &c.edgeFrom, rows: gEdge, to: gEnd},
		{name: "edge.to", field: &c.edgeTo, rows: gEdge, to: gEnd},
		{name: "edge.relation", field: &c.edgeRelation, rows: gEdge, to: gRelation},
		{name: "edge.attrs", field: &c.edgeAttrs, rows: gEdge, to: gList},
		{name: "edge.listings", field: &c.edgeListings, rows: gEdge, to: gListings},
		{name: "x.edge.origins", field: &c.edgeOrigins, rows: gEdge, to: gOrigins},
		{name: "edge.out.off", field: &c.edgeOutOff, rows: gEnd, plus: 1, to: gEdge},
		{name: "edge.in.off", field: &c.edgeInOff, rows: gEnd, plus: 1, to: gEdge},
		{name: "edge.in", field: &c.edgeIn, rows: gEdge, to: gEdge},
		{name: "edge.in.from", field: &c.edgeInFrom, rows: gEdge, to: gEnd},

		{name: "att.to", field: &c.attTo, rows: gAttachRow, to: gEnd},
		{name: "att.layer", field: &c.attLayer, rows: gAttachRow, to: gString},
		{name: "att.policy", field: &c.attPolicy, rows: gAttachRow, to: gString},
		{name: "att.name", field: &c.attName, rows: gAttachRow, to: gString},
		{name: "att.version", field: &c.attVersion, rows: gAttachRow, to: gString},
		{name: "att.doc", field: &c.attDoc, rows: gAttachRow, to: gDocument, none: true},
		{name: "att.flags", field: &c.attFlags, rows: gAttachRow},
		{name: "att.listings", field: &c.attListings, rows: gAttachRow, to: gListings},
		{name: "x.att.origins", field: &c.attOrigins, rows: gAttachRow, to: gOrigins},
		{name: "doc.hash", field: &c.docHash, rows: gDocument, wide: 32},
		{name: "doc.off", field: &c.docs.off, rows: gDocument, plus: 1, to: gDocByte},
		{name: "doc.bytes", field: &c.docs.data, rows: gDocByte},

		{name: "cov.listing", field: &c.covListing, rows: gCoverage, to: gListing},
		{name: "cov.status", field: &c.covStatus, rows: gCoverage, to: gStatus},
		{name: "cov.reason", field: &c.covReason, rows: gCoverage, to: gString},
		{name: "cov.affects", field: &c.covAffects, rows: gCoverage, to: gList},
		{name: "cov.of", field: &c.covOf, rows: gCoverage, to: gEnd, none: true},
		{name: "x.cov.origins", field: &c.covOrigins, rows: gCoverage, to: gOrigins},
	}
}

func (c *columns) conclusionSchema() []column {
	return []column{
		{name: "c.str.off", field: &c.cstr.off, rows: gCString, plus: 1, to: gCBytes},
		{name: "c.str.bytes", field: &c.cstr.data, rows: gCBytes},
		{name: "c.relation", field: &c.cdictRelation, rows: gCRelation, to: gCString},
		{name: "c.effect", field: &c.cdictEffect, rows: gEffect, to: gCString},
		{name: "c.list.off", field: &c.clistOff, rows: gCList, plus: 1, to: gCListItem},
		{name: "c.list.item", field: &c.clistItem, rows: gCListItem, to: gCString},

		{name: "foot.node", field: &c.footNode, rows: gFoothold, to: gNode},
		{name: "foot.hold", field: &c.footHold, rows: gFoothold, to: gHold},
		{name: "foot.class", field: &c.footClass, rows: gFoothold, to: gClass, none: true},

		{name: "ruling.verdict", field: &c.rulingVerdict, rows: gRuling, to: gVerdict},
		{name: "ruling.least", field: &c.rulingLeast, rows: gRuling, to: gVerdict},
		{name: "ruling.most", field: &c.rulingMost, rows: gRuling, to: gVerdict},
		{name: "ruling.formula", field: &c.rulingFormula, rows: gRuling, to: gCString},
		{name: "ruling.off", field: &c.rulingOff, rows: gRuling, plus: 1, to: gEvidence},
		{name: "evidence.attachment", field: &c.evAttachment, rows: gEvidence, to: gAttach},
		{name: "evidence.statement", field: &c.evStatement, rows: gEvidence},
		{name: "evidence.effect", field: &c.evEffect, rows: gEvidence, to: gEffect},

		{name: "pivot.from", field: &c.pivotFrom, rows: gPivot, to: gFoothold},
		{name: "pivot.to", field: &c.pivotTo, rows: gPivot, to: gFoothold},
		{name: "pivot.relation", field: &c.pivotRelation, rows: gPivot, to: gCRelation},
		{name: "pivot.action", field: &c.pivotAction, rows: gPivot, to: gCString},
		{name: "pivot.technique", field: &c.pivotTechnique, rows: gPivot, to: gCString},
		{name: "pivot.verdict", field: &c.pivotVerdict, rows: gPivot, to: gVerdict},
		{name: "pivot.ruling", field: &c.pivotRuling, rows: gPivot, to: gRuling},
		{name: "pivot.out.off", field: &c.pivotOutOff, rows: gFoothold, plus: 1, to: gPivot},
		{name: "pivot.out", field: &c.pivotOut, rows: gPivot, to: gPivot},
		{name: "pivot.in.off", field: &c.pivotInOff, rows: gFoothold, plus: 1, to: gPivot},
		{name: "pivot.in", field: &c.pivotIn, rows: gPivot, to: gPivot},

		{name: "admin.from", field: &c.admFrom, rows: gAdmin, to: gFoothold},
		{name: "admin.scope", field: &c.admScope, rows: gAdmin, to: gNode},
		{name: "admin.through", field: &c.admThrough, rows: gAdmin, to: gCList},
		{name: "admin.ruling", field: &c.admRuling, rows: gAdmin, to: gRuling},
		{name: "admin.by", field: &c.admBy, rows: gAdmin, to: gAdmin},

		{name: "meta.maker", field: &c.maker},
		{name: "common.node", field: &c.commons, rows: gCommon, to: gNode},

		{name: "class.off", field: &c.classOff, rows: gClass, plus: 1, to: gClassItem},
		{name: "class.foothold", field: &c.classFoot, rows: gClassItem, to: gFoothold},
		{name: "class.parts", field: &c.classParts, rows: gClass, to: gPartsList},
		{name: "class.home", field: &c.classHome, rows: gClass, to: gSet, none: true},
		{name: "class.by.off", field: &c.classByOff, rows: gPartsList, plus: 1, to: gClass},
		{name: "class.by", field: &c.classBy, rows: gClass, to: gClass},
		{name: "parts.off", field: &c.partsOff, rows: gPartsList, plus: 1, to: gPartsItem},
		{name: "parts.item", field: &c.partsItem, rows: gPartsItem, to: gPart},
		{name: "parts.by.off", field: &c.partsByOff, rows: gPart, plus: 1, to: gPartsItem},
		{name: "parts.by", field: &c.partsBy, rows: gPartsItem, to: gPartsList},

		{name: "part.off", field: &c.partOff, rows: gPart, plus: 1, to: gAccess},
		{name: "part.abroad", field: &c.partAbroad, rows: gPart, to: gBool},
		{name: "access.part", field: &c.accPart, rows: gAccess, to: gPart},
		{name: "access.set", field: &c.accSet, rows: gAccess, to: gSet},
		{name: "access.grant", field: &c.accGrant, rows: gAccess, to: gGrant},
		{name: "access.ruling", field: &c.accRuling, rows: gAccess, to: gRuling},
		{name: "grant.actions", field: &c.grantActions, rows: gGrant, to: gCList},
		{name: "grant.include", field: &c.grantInclude, rows: gGrant, to: gCList},
		{name: "grant.exclude", field: &c.grantExclude, rows: gGrant, to: gCList},
		{name: "access.by.off", field: &c.accByOff, rows: gSet, plus: 1, to: gAccess},
		{name: "access.by", field: &c.accBy, rows: gAccess, to: gAccess},

		{name: "set.off", field: &c.setOff, rows: gSet, plus: 1, to: gSetRun},
		{name: "set.run", field: &c.setRun, rows: gSetRun, to: gRun},
		{name: "run.first", field: &c.runFirst, rows: gRun, to: gNode},
		{name: "run.last", field: &c.runLast, rows: gRun, to: gNode},
		{name: "run.max", field: &c.runMax, to: gNode},
		{name: "run.set.off", field: &c.runSetOff, rows: gRun, plus: 1, to: gSetRun},
		{name: "run.set", field: &c.runSet, rows: gSetRun, to: gSet},
	}
}
