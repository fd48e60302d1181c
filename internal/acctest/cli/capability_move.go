package cli

var (
	movedTypes    = capability{feature: "moved blocks between types of resources", terraform: "1.8.0", openTofu: "1.10.0"}
	importForEach = capability{feature: "import blocks with for_each", terraform: "1.7.0", openTofu: "1.7.0"}
)

// SupportsMovedTypes reports whether a moved block may lead from one type of
// resource to another, also of another provider.
func (c CLI) SupportsMovedTypes() (bool, string) { return c.supports(movedTypes) }

// SupportsImportForEach reports whether one import block may import many objects.
func (c CLI) SupportsImportForEach() (bool, string) { return c.supports(importForEach) }
