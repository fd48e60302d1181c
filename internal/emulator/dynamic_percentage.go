package emulator

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// randomSource is where percentage elements draw from. Equal seeds make equal
// draws.
type randomSource struct {
	mu   sync.Mutex
	rand *rand.Rand
}

func newRandomSource(seed uint64) *randomSource {
	return &randomSource{rand: rand.New(rand.NewPCG(seed, 0))}
}

// percent draws a number from 0 to 100, which it never reaches.
func (r *randomSource) percent() float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return 100 * r.rand.Float64()
}

// share is the output that a draw falls on. Outputs are called "10%" and take
// their shares from the smallest on; "else" gets what they leave (documented).
// Without an "else", what is left falls to the last of them, and outputs of
// other names get nothing (both inferred).
func share(outputs map[string]any, draw float64) string {
	var named []portion
	for output := range outputs {
		number, isShare := strings.CutSuffix(output, "%")
		if percent, err := strconv.ParseFloat(number, 64); isShare && err == nil && percent >= 0 && percent <= 100 {
			named = append(named, portion{percent, output})
		}
	}
	slices.SortFunc(named, func(a, b portion) int {
		return cmp.Or(cmp.Compare(a.percent, b.percent), cmp.Compare(a.output, b.output))
	})
	for _, p := range named {
		if draw < p.percent {
			return p.output
		}
		draw -= p.percent
	}
	if _, ok := outputs["else"]; ok || len(named) == 0 {
		return "else"
	}
	return named[len(named)-1].output
}

// portion is an output with its share.
type portion struct {
	percent float64
	output  string
}
