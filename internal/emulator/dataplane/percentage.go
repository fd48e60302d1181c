package dataplane

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// draws is the random source of percentage elements. Equal seeds make equal draws.
type draws struct {
	mu   sync.Mutex
	rand *rand.Rand
}

func newDraws(seed uint64) *draws {
	return &draws{rand: rand.New(rand.NewPCG(seed, 0))}
}

// percent draws a number in [0, 100).
func (r *draws) percent() float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return 100 * r.rand.Float64()
}

// share returns the output that a draw selects. Outputs are called "10%" and get
// their shares in order of size; "else" gets the rest (documented). Without "else"
// the largest share gets the rest, and outputs with other names get nothing (both
// inferred).
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
