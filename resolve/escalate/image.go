package escalate

import (
	"regexp"
	"strings"
)

// taggedImage is an image of Elastic Container Registry: account, region,
// repository; and no digest.
//
// Source: Amazon ECR user guide, "Private registry concepts" and "Pulling an
// image".
var taggedImage = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)(?::[^@]+)?$`)

// loads reports whether a list of images, joined by commas, holds one of a
// repository by its tag.
func loads(images, repository string) bool {
	for image := range strings.SplitSeq(images, ",") {
		m := taggedImage.FindStringSubmatch(image)
		if m != nil && strings.HasSuffix(repository, ":ecr:"+m[2]+":"+m[1]+":repository/"+m[3]) {
			return true
		}
	}
	return false
}
