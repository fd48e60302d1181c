package process

import (
	"os"
	"runtime/debug"
)

const (
	// gcPercent lets the heap grow to five times what is in use. The CLI runs a
	// provider for the length of one command, which makes much garbage and keeps
	// little: fewer collections save a fifth of the provider's CPU time.
	gcPercent = 400
	// memoryLimit is where the collector works harder instead. It covers what
	// the Go runtime uses, so the resident set is larger by the parts of the
	// binary that are loaded. The limit is soft: a heap that needs more gets more.
	memoryLimit = 72 << 20
)

// LimitMemory trades memory for time up to a limit. GOGC and GOMEMLIMIT win
// where they are set.
func LimitMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
