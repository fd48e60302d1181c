package acctest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// CloudflareAddress is the address of Cloudflare's own provider.
const CloudflareAddress = "registry.terraform.io/cloudflare/cloudflare"

// CloudflareVersion is the release of Cloudflare's provider whose attributes the
// stub has.
const CloudflareVersion = "5.29.0"

// InstallCloudflare makes the stub of Cloudflare's provider available to the
// configurations of workspaces, as [CloudflareVersion] of cloudflare/cloudflare.
func InstallCloudflare(t *testing.T) {
	t.Helper()
	if err := installedStub(); err != nil {
		t.Fatal(err)
	}
}

// installedStub adds the stub to the mirror that holds the provider, once for
// all tests of a process.
var installedStub = sync.OnceValue(func() error {
	mirror, err := installed()
	if err != nil {
		return err
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	binary := filepath.Join(filepath.Dir(mirror), "terraform-provider-cloudflare")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "./internal/acctest/cmd/stub-cloudflare")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the stub of Cloudflare's provider: %w\n%s", err, out)
	}
	return cli.InstallProvider(mirror, binary, CloudflareAddress, CloudflareVersion)
})
