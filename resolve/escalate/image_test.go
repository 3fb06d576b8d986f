package escalate

import "testing"

func TestLoads(t *testing.T) {
	const web = "arn:aws:ecr:eu-west-1:111122223333:repository/team/web"
	for images, want := range map[string]bool{
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:latest":                                true,
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web":                                       true,
		"public.ecr.aws/docker/library/redis:7,111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web": true,
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web@sha256:0a1b":                           false,
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:7@sha256:0a1b":                         false,
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:latest":                                     false,
		"444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/web:latest":                                false,
		"111122223333.dkr.ecr.eu-central-1.amazonaws.com/team/web:latest":                             false,
		"team/web:latest": false, "": false,
	} {
		if got := loads(images, web); got != want {
			t.Errorf("%s: %v", images, got)
		}
	}
	if !loads("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1", "arn:aws-cn:ecr:cn-north-1:111122223333:repository/web") {
		t.Error("China's images are found by their repository, too")
	}
}
