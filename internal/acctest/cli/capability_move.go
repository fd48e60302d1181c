package cli

var (
	movedTypes    = capability{"moved blocks between types of resources", "1.8.0", "1.10.0"}
	importForEach = capability{"import blocks with for_each", "1.7.0", "1.7.0"}
)

// SupportsMovedTypes reports whether a moved block may lead from one type of
// resource to another, also of another provider.
func (c CLI) SupportsMovedTypes() (bool, string) { return c.supports(movedTypes) }

// SupportsImportForEach reports whether one import block may import many objects.
func (c CLI) SupportsImportForEach() (bool, string) { return c.supports(importForEach) }
