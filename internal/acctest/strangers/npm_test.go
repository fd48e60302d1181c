package strangers

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

// envStrangers asks for the clients from npm: "try" runs them where node, npm
// and a registry are at hand and says why it does not, "must" fails instead.
// Without it the test is skipped, since it may download a lot.
const envStrangers = "AIGATEWAY_STRANGERS"

// installTimeout bounds how long npm may take; with an empty cache it loads
// about 40 MB.
const installTimeout = 5 * time.Minute

// oldestNode is the oldest major version that the SDKs were seen to run on; some
// of them ask for 22.
const oldestNode = 20

// npm is where the commands are.
type npm struct {
	node, npm string
	must      bool
}

// requireNPM finds the commands, or skips the test.
func requireNPM(t *testing.T) npm {
	t.Helper()
	var n npm
	switch mode := os.Getenv(envStrangers); mode {
	case "":
		t.Skip("runs SDKs from npm: set " + envStrangers + "=try, or use `make test` or `make test-strangers`")
	case "try":
	case "must":
		n.must = true
	default:
		t.Fatalf("%s is %q, and may be try or must", envStrangers, mode)
	}
	for name, path := range map[string]*string{"node": &n.node, "npm": &n.npm} {
		found, err := exec.LookPath(name)
		if err != nil {
			n.cannot(t, name+" is not installed")
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
		n.cannot(t, fmt.Sprintf("Node.js is %s, and they need at least v%d", strings.TrimSpace(string(version)), oldestNode))
	}
	return n
}

// cannot skips the test, or fails it where that was asked for.
func (n npm) cannot(t *testing.T, reason string) {
	t.Helper()
	if n.must {
		t.Fatal(reason)
	}
	t.Skip("the SDKs from npm were not run: " + reason)
}

// unreachable are npm's errors for a registry that it cannot reach or may not
// use, which is nobody's mistake here.
var unreachable = regexp.MustCompile(`npm (?:error|ERR!) (?:code|errno) ` +
	`(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT|E401|E403|E407|E50\d)\b`)

// install returns a folder that holds the pinned packages below node_modules,
// and installs them if they are not there from an earlier run.
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
	// Named by what is in it, and under that name only once it is whole.
	all := filepath.Join(root, ".cache", "strangers")
	dir := filepath.Join(all, hex.EncodeToString(digest.Sum(nil))[:16])
	if _, err := os.Stat(dir); err == nil {
		return dir
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.MkdirAll(all, 0o755); err != nil {
		t.Fatal(err)
	}
	part, err := os.MkdirTemp(all, "install-") //nolint:usetesting // it is renamed and stays
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
		n.cannot(t, "npm ci took more than "+installTimeout.String())
	case reason != "":
		n.cannot(t, "npm ci: "+reason)
	default:
		t.Fatalf("npm ci: %v\n%s", err, out.String())
	}
	if err := os.Rename(part, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // not by another run at the same time
			t.Fatal(err)
		}
	}
	return dir
}

// pins say which packages are used. A registry is whichever npm is set up for.
var pins = []string{"package.json", "package-lock.json"}

// A lock file with the addresses of packages would lead past the registry that
// npm is set up for.
func TestLockNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"resolved"`, "registry.", "npmjs"} {
		if strings.Contains(string(lock), part) {
			t.Errorf("package-lock.json holds %s: make it with `npm install --package-lock-only --omit-lockfile-registry-resolved`", part)
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

// keep returns those of the process's environment variables.
func keep(names ...string) []string {
	var env []string
	for _, name := range names {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
