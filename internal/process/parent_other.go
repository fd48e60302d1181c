//go:build !windows

package process

import (
	"os"
	"time"
)

// parentInterval is how often waitForParent looks.
const parentInterval = time.Second

// waitForParent returns when the process that started this one is gone.
func waitForParent() { waitForChange(os.Getppid, parentInterval) }

// waitForChange returns when the parent is not the one from before. The kernel
// gives an orphan to another process. The number of that process is not always
// 1, and a CLI in a container may itself be process 1.
func waitForChange(parent func() int, interval time.Duration) {
	original := parent()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for range ticker.C {
		if parent() != original {
			return
		}
	}
}
