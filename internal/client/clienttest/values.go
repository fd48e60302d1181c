package clienttest

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Maybe generates pointers, some of them nil.
func Maybe[T any](g *rapid.Generator[T]) *rapid.Generator[*T] { return rapid.Ptr(g, true) }

// Observed is the directory of observed responses. The emulator's tests read the same
// files, so that it and the client cannot agree on an error.
const Observed = "../../emulator/testdata/observed"

// Golden returns an observed response.
func Golden(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(Observed, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// SortedKeys returns the keys of a map in order.
func SortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
