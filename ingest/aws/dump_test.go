package aws

import (
	"fmt"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	p := os.Getenv("DUMP")
	if p == "" {
		t.Skip()
	}
	n, sum, err := run(t, p)
	for _, l := range n.records() {
		if len(l) > 260 {
			l = l[:260]
		}
		fmt.Println(l)
	}
	fmt.Printf("%+v %v\n", sum, err)
}
