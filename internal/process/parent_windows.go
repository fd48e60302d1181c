package process

import "os"

// waitForParent returns when the process that started this one is gone. Where
// Windows does not allow it to wait for that process, it never returns.
func waitForParent() {
	parent, err := os.FindProcess(os.Getppid())
	if err == nil {
		_, err = parent.Wait()
	}
	if err != nil {
		select {}
	}
}
