//go:build unix

package torture_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/torture"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// The kinds are those of a person who cannot wait, of a canceled CI job, and of a
// machine without memory. `make torture` runs all kinds.
func TestAccTorture(t *testing.T) {
	acctest.RequireCLI(t)
	acctest.RequireEmulator(t)
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	mirror, err := cli.BuildProvider(t.Context(), filepath.Join(root, ".cache", "acctest", strconv.Itoa(os.Getpid())), provider.Address)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"SIGKILL to the group", "SIGTERM to the group", "SIGKILL to the CLI", "SIGINT twice to the group"}
	kinds := slices.DeleteFunc(torture.Kinds(), func(k torture.Kind) bool { return !slices.Contains(names, k.Name) })
	if len(kinds) != len(names) {
		t.Fatalf("kinds %v, want %q", kinds, names)
	}
	report, err := torture.Run(t.Context(), torture.Options{
		CLI: acctest.CLI(), Mirror: mirror, Dir: t.TempDir(), Rounds: len(kinds), Seed: 4, Size: 4, Kinds: kinds, Log: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Error(err)
	}
	if total := report.Total(); total.Rounds+total.Uninterrupted != len(kinds) || total.Rounds == 0 {
		t.Errorf("%d rounds were interrupted, and %d were not", total.Rounds, total.Uninterrupted)
	}
}
