package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/acctest"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// NamePrefix begins the name of everything that acceptance tests create, so that
// sweepers know what to delete.
const NamePrefix = "tf-acc-"

// theCLI is the CLI that [Main] found. It is set before any test runs.
var theCLI cli.CLI //nolint:gochecknoglobals // there is one process environment, which Main prepares

// Main runs a package's tests. With TF_ACC set, it finds a CLI first and
// prepares the environment for it, so that plain `go test` does the same as
// `make test`: nothing is downloaded, the user's CLI configuration is not read,
// and no credentials of the environment are used. Only AIGATEWAY_ACC_LIVE=1,
// which `make testacc-live-all` and `make sweep` set, leads to the real API.
func Main(m *testing.M) {
	if err := prepare(); err != nil {
		fmt.Fprintln(os.Stderr, "acceptance tests:", err)
		os.Exit(1)
	}
	resource.TestMain(m)
}

func prepare() error {
	if os.Getenv(resource.EnvTfAcc) == "" {
		return nil
	}
	found, err := cli.Find(context.Background())
	if err != nil {
		return err
	}
	theCLI = found
	settings := map[string]string{
		cli.EnvPath:                        found.Path,
		resource.EnvTfAccProviderHost:      found.ProviderHost(),
		"CHECKPOINT_DISABLE":               "1",
		"TF_CLI_CONFIG_FILE":               os.DevNull,
		resource.EnvTfAccProviderNamespace: "",
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// CLIWith returns a CLI that supports what a test needs: the one that acceptance tests
// run, or else the newer Terraform that `make test-terraform` has built. Without
// either, and without TF_ACC, it skips the test and says why. The argument is one of the
// CLI's Supports methods, such as [cli.CLI.SupportsQuery].
func CLIWith(t *testing.T, supports func(cli.CLI) (bool, string)) cli.CLI {
	t.Helper()
	RequireCLI(t)
	supported, reason := supports(theCLI)
	if supported {
		return theCLI
	}
	if isLive() {
		t.Skip(reason) // tests against the real API run one CLI only
	}
	built, err := builtTerraform()
	switch {
	case errors.Is(err, cli.ErrNotFound):
		t.Skip(reason + " To run this test, build a newer Terraform: make test-terraform.")
	case err != nil:
		t.Fatal(err)
	}
	if supported, reason := supports(built); !supported {
		t.Skip(reason)
	}
	return built
}

// UseCLIWith makes the steps of a test run the CLI that [CLIWith] returns. Such a test
// cannot be parallel, because the testing library reads the environment.
func UseCLIWith(t *testing.T, supports func(cli.CLI) (bool, string)) {
	t.Helper()
	found := CLIWith(t, supports)
	t.Setenv(cli.EnvPath, found.Path)
	t.Setenv(resource.EnvTfAccProviderHost, found.ProviderHost())
}

var builtTerraform = sync.OnceValues(func() (cli.CLI, error) { return cli.TerraformSource.Built(context.Background()) })

// CLI returns the CLI that acceptance tests run.
func CLI() cli.CLI { return theCLI }

// Acceptance returns the service for an acceptance test: an emulator, or the real
// API if AIGATEWAY_ACC_LIVE=1 asks for it. Without TF_ACC it skips the test.
func Acceptance(t *testing.T) *Service {
	t.Helper()
	RequireCLI(t)
	if !isLive() {
		return Emulate(t, emulator.Options{GatewayLimit: -1})
	}
	service, err := live()
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// RequireCLI skips a test that runs a CLI unless TF_ACC is set.
func RequireCLI(t *testing.T) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skip("runs a Terraform or OpenTofu CLI: set TF_ACC=1, or use `make test`")
	}
}

// RequireEmulator skips a test that looks into the emulator when the service
// is the real API.
func RequireEmulator(t *testing.T) {
	t.Helper()
	if isLive() {
		t.Skip("looks into the emulator, and this run is against the real API")
	}
}

// Require skips a test unless the CLI supports what it needs. The arguments are
// the results of one of the CLI's Supports methods.
func Require(t *testing.T, supported bool, reason string) {
	t.Helper()
	if !supported {
		t.Skip(reason)
	}
}

func live() (*Service, error) {
	service := &Service{
		AccountID:      os.Getenv("CLOUDFLARE_ACCOUNT_ID"),
		Token:          os.Getenv("CLOUDFLARE_API_TOKEN"),
		BaseURL:        client.DefaultBaseURL,
		GatewayBaseURL: client.DefaultGatewayBaseURL,
	}
	if service.AccountID == "" || service.Token == "" {
		return nil, errors.New("tests against the real API need CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN")
	}
	return service, nil
}

// Client returns a client of the service, for what tests check or do without the
// provider.
func (s *Service) Client() (*client.Client, error) {
	return client.New(client.Config{
		BaseURL: s.BaseURL, GatewayBaseURL: s.GatewayBaseURL, APIToken: s.Token,
		MaxRetries: client.DefaultMaxRetries, UserAgent: "terraform-provider-aigateway/acceptance-tests",
	})
}

// RandomName returns a name for something that a test creates.
func RandomName() string { return NamePrefix + strings.ToLower(acctest.RandString(10)) }

// Sweep returns the service to clean up, which is always the real API: an emulator
// ends with its test.
func Sweep() (*Service, error) {
	if !isLive() {
		return nil, errors.New("sweeping is for the real API: use `make sweep`")
	}
	return live()
}
