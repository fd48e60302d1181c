package validate

import "github.com/agext/levenshtein"

// Nearest returns the candidate that takes the fewest edits to reach. Of equals,
// it returns the first.
func Nearest(word string, candidates []string) string {
	nearest, fewest := "", -1
	for _, candidate := range candidates {
		if edits := levenshtein.Distance(word, candidate, nil); fewest < 0 || edits < fewest {
			nearest, fewest = candidate, edits
		}
	}
	return nearest
}
