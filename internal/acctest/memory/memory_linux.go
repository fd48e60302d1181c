// Package memory measures how much memory processes use.
package memory

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const interval = 10 * time.Millisecond

// Watch watches the processes whose binary is below dir until stop is
// called. Stop returns the largest resident set that any of them had, in bytes.
// The kernel keeps the peak, so only growth just before the end can be missed.
func Watch(dir string) (stop func() int64) {
	done, result := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		var peak int64
		for {
			select {
			case <-done:
				result <- peak
				return
			case <-tick.C:
				peak = max(peak, peakBelow(dir))
			}
		}
	}()
	return func() int64 { close(done); return <-result }
}

func peakBelow(dir string) (peak int64) {
	processes, _ := filepath.Glob("/proc/[0-9]*") // the pattern is valid
	for _, process := range processes {
		// A process may end at any time; then the reads fail and it is skipped.
		binary, err := os.Readlink(filepath.Join(process, "exe"))
		if err != nil || !strings.HasPrefix(binary, dir+string(filepath.Separator)) {
			continue
		}
		status, err := os.ReadFile(filepath.Join(process, "status"))
		if err != nil {
			continue
		}
		peak = max(peak, residentPeak(status))
	}
	return peak
}

// residentPeak reads VmHWM, which is in kibibytes, from a status file of /proc.
func residentPeak(status []byte) int64 {
	_, rest, _ := bytes.Cut(status, []byte("\nVmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}
