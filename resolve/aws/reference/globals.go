package reference

// GlobalKey is a condition key that works with every service.
type GlobalKey struct {
	Name string // as AWS spells it; a name that ends with "/" takes a tag's key after it
	Type string // as in Key
}

// Multivalued says whether a request may carry several values, so that AWS
// wants ForAllValues or ForAnyValue with the key.
func (g GlobalKey) Multivalued() bool { return false }

// Global returns the global condition key of a name, whatever its case.
func Global(key string) (GlobalKey, bool) { return GlobalKey{}, false }
