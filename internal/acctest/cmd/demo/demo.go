package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

const (
	// token is the API token that the emulator accepts.
	token = "demo-token"
	// account is the account ID; the emulator accepts any.
	account = "0123456789abcdef0123456789abcdef"
	// version is the version of a provider that was built for the demo. `init` skips
	// prereleases.
	version = "0.0.1"
	// gateway is the name of the gateway in examples/demo.
	gateway = "demo"
	// cliGrace is how long an interrupted CLI may take to exit.
	cliGrace = 30 * time.Second
)

// A demo is one run. Each step checks its result before it adds a line to the
// summary.
type demo struct {
	out      io.Writer
	dir      string // all output is below it
	example  string // the directory of the configuration
	address  string // of the provider in the registry
	provider string // the provider's binary, or its release archive
	version  string // of the provider
	emulator string // the emulator's binary
	cli      cli.CLI

	grace time.Duration // how long the emulator may take to stop; 0 means stopTimeout

	work    string // the directory in which the CLI runs
	env     []string
	server  *emulator
	summary []string
}

// run runs all steps. When it returns, the emulator has stopped.
func (d *demo) run(ctx context.Context) (err error) {
	if ok, reason := d.cli.SupportsTest(); !ok {
		return errors.New(reason)
	}
	d.work = filepath.Join(d.dir, "work")
	if err := os.CopyFS(d.work, os.DirFS(d.example)); err != nil {
		return err
	}
	mirror, config := filepath.Join(d.dir, "mirror"), filepath.Join(d.dir, "cli.tfrc")
	if err := d.install(mirror); err != nil {
		return err
	}
	if err := cli.WriteConfig(config, mirror); err != nil {
		return err
	}
	d.server, err = startEmulator(ctx, d.emulator, filepath.Join(d.dir, "requests.jsonl"), cmp.Or(d.grace, stopTimeout))
	if err != nil {
		return err
	}
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, d.server.stop())
		}
	}()
	fmt.Fprintf(d.out, "Running %s (%s) against the emulator at %s.\n", d.cli, d.cli.Path, d.server.url)

	d.env = cli.Env(config,
		"CLOUDFLARE_BASE_URL="+d.server.url+"/client/v4",
		"AIGATEWAY_GATEWAY_BASE_URL="+d.server.url+"/v1",
		"CLOUDFLARE_API_TOKEN="+token,
		"CLOUDFLARE_ACCOUNT_ID="+account,
	)
	for _, step := range []func(context.Context) error{d.init, d.apply, d.outputs, d.plan, d.test, d.destroy} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	stopped = true
	if err := d.stop(ctx); err != nil {
		return err
	}
	fmt.Fprintln(d.out, "\nVerified:")
	for _, line := range d.summary {
		fmt.Fprintln(d.out, "  ✓", line)
	}
	return nil
}

// install puts the provider where init finds it.
func (d *demo) install(mirror string) error {
	if filepath.Ext(d.provider) == ".zip" {
		return cli.InstallArchive(mirror, d.provider, d.address)
	}
	return cli.InstallProvider(mirror, d.provider, d.address, d.version)
}

func (d *demo) verified(format string, args ...any) {
	d.summary = append(d.summary, fmt.Sprintf(format, args...))
}

func (d *demo) init(ctx context.Context) error {
	if _, err := d.command(ctx, "init"); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(d.address, "/")
	installed := filepath.Join(d.work, ".terraform", "providers", d.cli.ProviderHost(), filepath.FromSlash(rest), d.version)
	if _, err := os.Stat(installed); err != nil {
		return fmt.Errorf("init did not install the provider: %w", err)
	}
	d.verified("init: %s installed the provider from a local mirror, without a registry", d.cli)
	return nil
}

func (d *demo) apply(ctx context.Context) error {
	if _, err := d.command(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	names, err := d.server.gateways(ctx)
	if err != nil {
		return err
	}
	log, err := d.server.log()
	if err != nil {
		return err
	}
	if writes := count(log, request.isWrite); len(names) != 1 || names[0] != gateway || writes != 1 {
		return fmt.Errorf("after apply the account has the gateways %q after %d writes, want %q after one", names, writes, gateway)
	}
	d.verified("apply: one request created the gateway %q, and the API returns it", gateway)
	return nil
}

func (d *demo) outputs(ctx context.Context) error {
	if _, err := d.command(ctx, "output"); err != nil {
		return err
	}
	text, err := d.quiet(ctx, "output", "-json")
	if err != nil {
		return err
	}
	var outputs map[string]struct {
		Value any `json:"value"`
	}
	if err := json.Unmarshal([]byte(text), &outputs); err != nil {
		return fmt.Errorf("the outputs: %w", err)
	}
	base := d.server.url + "/v1/" + account + "/" + gateway
	for name, want := range map[string]string{"gateway_url": base, "compat_base_url": base + "/compat"} {
		if got := outputs[name].Value; got != want {
			return fmt.Errorf("the output %s is %v, want %s", name, got, want)
		}
	}
	d.verified("outputs: the base URLs for an OpenAI SDK")
	return nil
}

func (d *demo) plan(ctx context.Context) error {
	before, err := d.server.log()
	if err != nil {
		return err
	}
	if _, err := d.command(ctx, "plan", "-detailed-exitcode"); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 2 {
			return errors.New("the plan after the apply is not empty")
		}
		return err
	}
	after, err := d.server.log()
	if err != nil {
		return err
	}
	if writes := count(after[len(before):], request.isWrite); writes != 0 {
		return fmt.Errorf("the plan made %d writes, want none", writes)
	}
	d.verified("plan: no changes, and no write request")
	return nil
}

var (
	runBlock   = regexp.MustCompile(`(?m)^run\s+"`)
	testResult = regexp.MustCompile(`(?m)(\d+) passed, (\d+) failed(, \d+ skipped)?\.?\s*$`)
)

func (d *demo) test(ctx context.Context) error {
	runs := 0
	files, err := filepath.Glob(filepath.Join(d.work, "tests", "*.tftest.hcl"))
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		runs += len(runBlock.FindAll(content, -1))
	}
	before, err := d.server.log()
	if err != nil {
		return err
	}
	text, err := d.command(ctx, "test")
	if err != nil {
		return err
	}
	m := testResult.FindStringSubmatch(text)
	if want := fmt.Sprint(runs); runs == 0 || m == nil || m[1] != want || m[2] != "0" || m[3] != "" {
		return fmt.Errorf("the test command does not say that all %d runs passed", runs)
	}
	after, err := d.server.log()
	if err != nil {
		return err
	}
	log := after[len(before):]
	routed := count(log, func(r request) bool { return r.isChat() && r.Status == 200 })
	limited := count(log, func(r request) bool { return r.isChat() && r.Status == 429 })
	if routed < 2 || limited < 1 {
		return fmt.Errorf("%d requests to a model succeeded and %d were rejected by the rate limit, want at least 2 and 1", routed, limited)
	}
	d.verified("test: %d runs passed: a request was routed (MISS), served from the cache (HIT), and rejected by the rate limit (429)", runs)
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	if _, err := d.command(ctx, "destroy", "-auto-approve"); err != nil {
		return err
	}
	names, err := d.server.gateways(ctx)
	if err != nil {
		return err
	}
	if len(names) != 0 {
		return fmt.Errorf("after destroy the account still has the gateways %q", names)
	}
	d.verified("destroy: the API returns no gateway")
	return nil
}

// stop stops the emulator and checks that nothing listens any more.
func (d *demo) stop(ctx context.Context) error {
	u, err := url.Parse(d.server.url)
	if err != nil {
		return err
	}
	if err := d.server.stop(); err != nil {
		return err
	}
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", u.Host)
	if err == nil {
		return errors.Join(fmt.Errorf("a process still listens on %s", u.Host), conn.Close())
	}
	d.verified("the emulator has stopped")
	return nil
}

// command runs the CLI, shows what it prints, and returns its standard output.
func (d *demo) command(ctx context.Context, args ...string) (string, error) {
	fmt.Fprintf(d.out, "\n$ %s\n", d.line(args))
	var stdout bytes.Buffer
	err := d.exec(ctx, io.MultiWriter(d.out, &stdout), d.out, args)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w (its output is above)", err)
	}
	return stdout.String(), err
}

// quiet is command without output, unless the CLI fails.
func (d *demo) quiet(ctx context.Context, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	if err := d.exec(ctx, &stdout, &stderr, args); err != nil {
		return "", fmt.Errorf("%w\n%s%s", err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

func (d *demo) exec(ctx context.Context, stdout, stderr io.Writer, args []string) error {
	cmd := exec.CommandContext(ctx, d.cli.Path, append(args, "-no-color")...)
	cmd.Dir, cmd.Env = d.work, d.env
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Cancel = func() error { return cli.Interrupt(cmd) }
	cmd.WaitDelay = cliGrace
	detach(cmd)
	err := cmd.Run()
	if ctx.Err() != nil {
		return fmt.Errorf("%s was interrupted: %w", d.line(args), context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", d.line(args), err)
	}
	return nil
}

// line returns the command as a user would type it.
func (d *demo) line(args []string) string {
	name := "terraform"
	if d.cli.Kind == cli.OpenTofu {
		name = "tofu"
	}
	return name + " " + strings.Join(args, " ")
}

func count(log []request, is func(request) bool) (n int) {
	for _, r := range log {
		if is(r) {
			n++
		}
	}
	return n
}
