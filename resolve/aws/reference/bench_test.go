package reference

import "testing"

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		raw, err := unpack(packedTable)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkManagedPolicies(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		lines, err := unpack(packedPolicies)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := readCatalogue(lines); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Find("S3:getobject")
	}
}

func BenchmarkSupports(b *testing.B) {
	a := mustFind(b, "s3:GetObject")
	b.ReportAllocs()
	for b.Loop() {
		a.Supports("s3:ExistingObjectTag/team")
	}
}

func BenchmarkExpand(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Expand("ec2:*Instance*")
	}
}

func BenchmarkTypesOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		TypesOf("arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0")
	}
}
