package generate

import "slices"

// plantedCredentials writes users' keys and passwords, as far as the story says
// something of them.
func (w *writer) plantedCredentials(i int, g *planting) {
	asked := slices.ContainsFunc(g.lines, func(l setupLine) bool { return l.sort == "listed" && l.word(2) == "list-access-keys" })
	for _, user := range g.own("user") {
		name, keys := lastOf(user.word(1)), []any{}
		for _, l := range g.lines {
			switch {
			case l.sort == "key" && l.options["of"] == user.word(0):
				keys = append(keys, object{"UserName": name, "AccessKeyId": "AKIA" + w.plantID("", i, l)[:16], "Status": "Active", "CreateDate": since})
			case l.sort == "login" && l.options["of"] == user.word(0):
				w.one(g.path("global", "iam", "get-login-profile"), name, "LoginProfile", object{"UserName": name, "CreateDate": since, "PasswordResetRequired": false})
			case l.sort == "none" && l.word(0) == "get-login-profile" && l.word(1) == user.word(0):
				w.refused(g.path("global", "iam", "get-login-profile"), name, "An error occurred (NoSuchEntity) when calling the GetLoginProfile operation: Login Profile for User "+name+" cannot be found.")
			}
		}
		if asked || len(keys) > 0 {
			d := w.open(g.path("global", "iam", "list-access-keys") + "/" + name)
			d.records("AccessKeyMetadata", keys)
			d.close()
		}
	}
}
