package sdk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// envSDKs enables the SDKs from npm. With "try", the test is skipped where node,
// npm or a registry is missing; with "must", it fails there. When it is unset,
// the test is skipped, since it may download a lot.
const envSDKs = "AIGATEWAY_TEST_SDKS"

// installTimeout bounds npm, which downloads about 40 MB when its cache is empty.
const installTimeout = 5 * time.Minute

// oldestNode is the oldest major version that the SDKs were tested with. Some of
// them ask for 22.
const oldestNode = 20

// npm holds the paths of the commands.
type npm struct {
	node, npm string
	must      bool
}

// requireNPM returns the commands, or skips the test.
func requireNPM(t *testing.T) npm {
	t.Helper()
	var n npm
	switch mode := os.Getenv(envSDKs); mode {
	case "":
		t.Skip("runs SDKs from npm: set " + envSDKs + "=try, or use `make test` or `make test-sdks`")
	case "try":
	case "must":
		n.must = true
	default:
		t.Fatalf("%s must be try or must, not %q", envSDKs, mode)
	}
	for name, path := range map[string]*string{"node": &n.node, "npm": &n.npm} {
		found, err := exec.LookPath(name)
		if err != nil {
			n.unavailable(t, name+" is not installed")
		}
		*path = found
	}
	version, err := exec.CommandContext(t.Context(), n.node, "--version").Output()
	if err != nil {
		t.Fatalf("%s --version: %v", n.node, err)
	}
	var major int
	if _, err := fmt.Sscanf(string(version), "v%d.", &major); err != nil {
		t.Fatalf("%s --version printed %q", n.node, version)
	}
	if major < oldestNode {
		n.unavailable(t, fmt.Sprintf("Node.js is %s, and the SDKs need v%d or later", strings.TrimSpace(string(version)), oldestNode))
	}
	return n
}

// unavailable skips the test, or fails it if the SDKs must run.
func (n npm) unavailable(t *testing.T, reason string) {
	t.Helper()
	if n.must {
		t.Fatal(reason)
	}
	t.Skip("the SDKs from npm were not run: " + reason)
}

// unreachable matches npm's errors for a registry that it cannot reach or may
// not use. They say nothing about this repository.
var unreachable = regexp.MustCompile(`npm (?:error|ERR!) (?:code|errno) ` +
	`(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT|E401|E403|E407|E50\d)\b`)

// install returns a directory with the pinned packages in node_modules. It
// installs them unless an earlier run did.
func (n npm) install(t *testing.T) string {
	t.Helper()
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.New()
	for _, name := range pins {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		digest.Write(content)
	}
	// The name is a digest of the pins, and the directory gets it only when complete.
	all := filepath.Join(root, ".cache", "sdk")
	dir := filepath.Join(all, hex.EncodeToString(digest.Sum(nil))[:16])
	if _, err := os.Stat(dir); err == nil {
		return dir
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.MkdirAll(all, 0o755); err != nil {
		t.Fatal(err)
	}
	part, err := os.MkdirTemp(all, "install-") //nolint:usetesting // kept for later runs
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(part)
	for _, name := range pins {
		copyFile(t, name, filepath.Join(part, name))
	}
	ctx, cancel := context.WithTimeout(t.Context(), installTimeout)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, n.npm, "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund",
		"--no-update-notifier", "--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
	cmd.Dir = part
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	switch reason := unreachable.FindString(out.String()); {
	case err == nil:
	case ctx.Err() != nil && t.Context().Err() == nil:
		n.unavailable(t, "npm ci took more than "+installTimeout.String())
	case reason != "":
		n.unavailable(t, "npm ci: "+reason)
	default:
		t.Fatalf("npm ci: %v\n%s", err, out.String())
	}
	if err := os.Rename(part, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // unless a concurrent run was first
			t.Fatal(err)
		}
	}
	return dir
}

// pins are the files that pin the packages. The registry is the one that npm is
// configured for.
var pins = []string{"package.json", "package-lock.json"}

// Addresses of packages in the lock file would bypass the registry that npm is
// configured for.
func TestLockNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"resolved"`, "registry.", "npmjs"} {
		if strings.Contains(string(lock), part) {
			t.Errorf("package-lock.json contains %s: regenerate it with `npm install --package-lock-only --omit-lockfile-registry-resolved`", part)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// environ returns the named variables of the environment that are set.
func environ(names ...string) []string {
	var env []string
	for _, name := range names {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
