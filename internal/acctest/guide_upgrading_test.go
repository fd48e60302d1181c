package acctest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// A mirror is a filesystem mirror of its own, with versions that a test adds.
type mirror struct {
	t           *testing.T
	dir, binary string
}

func newMirror(t *testing.T) *mirror {
	t.Helper()
	acctest.RequireCLI(t)
	binary, err := acctest.ProviderBinary()
	if err != nil {
		t.Fatal(err)
	}
	return &mirror{t: t, dir: filepath.Join(t.TempDir(), "mirror"), binary: binary}
}

// add makes a version available. All have the same code. Their checksums differ, because
// these are over the names of files, too.
func (m *mirror) add(version string) {
	m.t.Helper()
	if err := cli.InstallProvider(m.dir, m.binary, theprovider.Address, version); err != nil {
		m.t.Fatal(err)
	}
}

// env is the setting of a CLI that installs from the mirror, and nothing else.
func (m *mirror) env() string {
	m.t.Helper()
	config := filepath.Join(m.t.TempDir(), "mirror.tfrc")
	if err := cli.WriteConfig(config, m.dir); err != nil {
		m.t.Fatal(err)
	}
	return "TF_CLI_CONFIG_FILE=" + config
}

// TestGuideUpgrading follows the guide with three versions of the provider: up, and back.
func TestGuideUpgrading(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the guide's commands were not run: ", err)
	}
	versions := newMirror(t)
	versions.add("0.1.0")
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t)
	w.Write("requirements.tf", guide(t, "upgrading/versions.tf"))
	w.Write("main.tf", "resource \"aigateway_gateway\" \"main\" {\n  name = \"main\"\n}\n")
	shell := newTerminal(t, w, versions.env(), "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=reader", "GIT_AUTHOR_EMAIL=reader@example.com", "GIT_COMMITTER_NAME=reader", "GIT_COMMITTER_EMAIL=reader@example.com")
	blocks := shellBlocks(t, "upgrading")
	if len(blocks) != 5 {
		t.Fatalf("the guide has %d blocks of commands, and this test runs 5", len(blocks))
	}
	before, upgrade, after, back, restore := blocks[0], blocks[1], blocks[2], blocks[3], blocks[4]
	requireVersion := func(when, want string) {
		t.Helper()
		if lock := w.Read(".terraform.lock.hcl"); !strings.Contains(lock, `version     = "`+want+`"`) {
			t.Errorf("%s, the version must be %s:\n%s", when, want, lock)
		}
	}

	shell.Run("terraform init && terraform apply -auto-approve && git init -q && git add *.tf .terraform.lock.hcl && git commit -qm first")
	shell.Run(before)
	versions.add("0.1.1")
	versions.add("0.2.0")
	shell.Run("terraform init")
	requireVersion("without -upgrade", "0.1.0")
	shell.Run(upgrade)
	requireVersion("with -upgrade and the constraint", "0.1.1")
	shell.Run(after)
	shell.Run(back)
	requireVersion("after going back", "0.1.0")

	// For a minor version, the constraint changes, too.
	w.Write("requirements.tf", strings.Replace(guide(t, "upgrading/versions.tf"), "~> 0.1.0", "~> 0.2.0", 1))
	shell.Run(upgrade)
	requireVersion("with another constraint", "0.2.0")
	w.Write("requirements.tf", guide(t, "upgrading/versions.tf"))
	shell.Run("git checkout -q .terraform.lock.hcl && terraform init")

	// A version that has changed the form of state, as an earlier version sees it.
	w.Write("terraform.tfstate", newerState(t, w.Read("terraform.tfstate")))
	if status, out := shell.Try("terraform plan"); status == 0 || !strings.Contains(out, "Error: Resource instance managed by newer provider version") {
		t.Errorf("state of a newer version, exit status %d:\n%s", status, out)
	}
	shell.Run(restore)
	shell.Run(before)
	if got := gatewayIDs(service); got != "main" {
		t.Errorf("the gateways are %q", got)
	}
}

// newerState returns a state as a version with a higher schema version writes it.
func newerState(t *testing.T, state string) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(state), &all); err != nil {
		t.Fatal(err)
	}
	serial, _ := all["serial"].(float64)
	all["serial"] = serial + 1
	resources, _ := all["resources"].([]any)
	for _, resource := range resources {
		instances, _ := resource.(object)["instances"].([]any)
		for _, instance := range instances {
			instance.(object)["schema_version"] = 1
		}
	}
	changed, err := json.Marshal(all)
	if err != nil || len(resources) == 0 {
		t.Fatal("no state: ", err)
	}
	return string(changed)
}

// TestGuideUpgradingFromABuild: the release of a version has other checksums than a build
// that was installed under it. Only without the block in the lock file is it accepted.
func TestGuideUpgradingFromABuild(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	build, release := newMirror(t), newMirror(t)
	build.add("0.1.0")
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t)
	w.Write("requirements.tf", guide(t, "upgrading/versions.tf"))
	w.Write("main.tf", "resource \"aigateway_gateway\" \"main\" {\n  name = \"main\"\n}\n")
	newTerminal(t, w, build.env()).Run("terraform init && terraform apply -auto-approve")

	release.binary = anotherBuild(t, release.binary)
	release.add("0.1.0")
	shell := newTerminal(t, w, release.env())
	for _, command := range []string{"rm -r .terraform; terraform init", "terraform init -upgrade"} {
		status, out := shell.Try(command)
		if status == 0 || !strings.Contains(out, "Error: Failed to install provider") || !acctest.Wrapped(
			"doesn't match any of the checksums previously recorded in the dependency lock file").MatchString(out) {
			t.Errorf("%s, exit status %d:\n%s", command, status, out)
		}
	}
	remove(t, w, ".terraform.lock.hcl")
	shell.Run("terraform init && terraform plan -detailed-exitcode")
}

// anotherBuild returns a copy of a binary that differs from it and runs like it.
func anotherBuild(t *testing.T, binary string) string {
	t.Helper()
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "terraform-provider-aigateway")
	if err := os.WriteFile(other, append(content, "another build"...), 0o700); err != nil {
		t.Fatal(err)
	}
	return other
}
