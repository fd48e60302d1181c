package process

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestLimitMemory(t *testing.T) {
	for name, test := range map[string]struct {
		gogc, gomemlimit string
		percent          int
		limit            int64
	}{
		"nothing is set":    {"", "", gcPercent, memoryLimit},
		"GOGC is set":       {"50", "", 100, memoryLimit},
		"GOMEMLIMIT is set": {"", "1GiB", gcPercent, math.MaxInt64},
	} {
		t.Run(name, func(t *testing.T) {
			// The runtime reads the variables only when a process starts, so these
			// are the values that must stay as they are.
			percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
			t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
			t.Setenv("GOGC", test.gogc)
			t.Setenv("GOMEMLIMIT", test.gomemlimit)

			LimitMemory()

			if got := debug.SetMemoryLimit(-1); got != test.limit {
				t.Errorf("memory limit = %d, want %d", got, test.limit)
			}
			if got := debug.SetGCPercent(100); got != test.percent {
				t.Errorf("GC percent = %d, want %d", got, test.percent)
			}
		})
	}
}
