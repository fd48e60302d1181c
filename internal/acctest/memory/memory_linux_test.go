package memory

import (
	"os"
	"path/filepath"
	"testing"
)

func TestResidentPeak(t *testing.T) {
	for status, want := range map[string]int64{
		"Name:\ta\nVmPeak:\t  900 kB\nVmHWM:\t    100 kB\nVmRSS:\t 50 kB\n": 100 << 10,
		"Name:\tkthread\n": 0,
		"Name:\ta\nVmHWM:": 0,
	} {
		if got := residentPeak([]byte(status)); got != want {
			t.Errorf("peak of %q = %d, want %d", status, got, want)
		}
	}
}

// The test's own process is one below the folder of its binary.
func TestWatchMemory(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if got := peakBelow(filepath.Dir(binary)); got < 1<<20 {
		t.Errorf("peak = %d bytes", got)
	}
	if got := Watch(t.TempDir())(); got != 0 {
		t.Errorf("peak of no process = %d bytes", got)
	}
}
