// Package msix stands in for a library that writes Windows installers. Only tests
// of a dependency of GoReleaser import it, so nothing compiles it, but `go mod tidy`
// resolves it, and its host is not one that every network reaches.
package msix
