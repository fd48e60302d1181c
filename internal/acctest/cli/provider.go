package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// BuildProvider builds the provider of this module into dir, with more flags for
// `go build` if there are any, and returns the mirror there from which `init`
// installs it.
func BuildProvider(ctx context.Context, dir, address string, flags ...string) (mirror string, err error) {
	root, err := ModuleRoot()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "terraform-provider-aigateway")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.CommandContext(ctx, "go", slices.Concat([]string{"build", "-o", binary}, flags, []string{"."})...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	mirror = filepath.Join(dir, "mirror")
	// `init` does not install prereleases.
	return mirror, InstallProvider(mirror, binary, address, "0.1.0")
}
