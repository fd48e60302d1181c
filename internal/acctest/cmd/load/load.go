package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/memory"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const (
	account   = "0123456789abcdef0123456789abcdef"
	memoryAim = 100 << 20
)

// A load is what to apply, and how.
type load struct {
	gateways, routes, keys int
	parallelism            int
	rate                   float64 // of requests that fail
	seed                   uint64
	race                   bool

	name      string // of the directory in .cache
	out       io.Writer
	cli       cli.CLI
	server    *emulator.Server
	workspace cli.Workspace
}

func (l *load) run(ctx context.Context) (err error) {
	if min(l.gateways, l.parallelism) < 1 || min(l.routes, l.keys) < 0 {
		return errors.New("-gateways and -parallelism must be at least 1, -routes and -keys at least 0")
	}
	if l.cli, err = cli.FindOrBuild(ctx, l.out); err != nil {
		return err
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	dir := filepath.Join(root, ".cache", "load", l.name)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	config, err := l.install(ctx, dir)
	if err != nil {
		return err
	}
	l.server, err = emulator.New(emulator.Options{GatewayLimit: -1, SecretDelay: -1})
	if err != nil {
		return err
	}
	proxy, err := l.proxy()
	if err != nil {
		return err
	}
	listener := httptest.NewServer(proxy)
	defer listener.Close()
	l.workspace = cli.Workspace{CLI: l.cli, Dir: filepath.Join(dir, "work"), Env: cli.Env(config,
		"CLOUDFLARE_API_TOKEN="+emulator.DefaultToken,
		"CLOUDFLARE_ACCOUNT_ID="+account,
		"CLOUDFLARE_BASE_URL="+listener.URL+"/client/v4",
		"AIGATEWAY_GATEWAY_BASE_URL="+listener.URL+"/v1",
	)}
	if err := l.workspace.Write("main.tf", configuration(l.gateways, l.routes, l.keys)); err != nil {
		return err
	}
	if _, _, err := l.workspace.Run(ctx, "init"); err != nil {
		return err
	}
	fmt.Fprintf(l.out, "%s: %d gateways, %d routes, %d keys at parallelism %d; %g%% of the requests fail.\n",
		l.cli, l.gateways, l.routes, l.keys, l.parallelism, 100*l.rate)
	stop := memory.Watch(dir)
	err = l.steps(ctx)
	peak := stop()
	fmt.Fprintf(l.out, "%d requests failed\npeak memory of the provider: %.1f MiB\n", proxy.Played(), float64(peak)/(1<<20))
	if err == nil && peak > memoryAim && !l.race {
		err = fmt.Errorf("the provider used more than %d MiB", memoryAim>>20)
	}
	return err
}

// transient are the faults of a service or a network that has a bad day. After
// those that end in -after, the service has carried the request out.
var transient = []string{"refused", "cut-before", "cut-after", "truncated", "408", "425", "429", "500", "500-after", "502", "503-seconds", "504-after"}

// proxy returns a proxy in front of the emulator that plays each fault on the same
// share of the requests.
func (l *load) proxy() (*faultproxy.Proxy, error) {
	proxy := faultproxy.New(l.server, l.seed)
	var rules []*faultproxy.Rule
	for _, name := range transient {
		fault, ok := faultproxy.Find(name)
		if !ok {
			return nil, fmt.Errorf("there is no fault %q", name)
		}
		if l.rate > 0 {
			rules = append(rules, &faultproxy.Rule{Fault: fault, Rate: l.rate / float64(len(transient))})
		}
	}
	proxy.Play(rules...)
	return proxy, nil
}

// steps runs the commands, each once, and checks what they left.
func (l *load) steps(ctx context.Context) error {
	parallelism := "-parallelism=" + strconv.Itoa(l.parallelism)
	for _, step := range []struct {
		args                   []string
		gateways, routes, keys int
	}{
		{[]string{"apply", "-auto-approve", parallelism}, l.gateways, l.routes, l.keys},
		// With -detailed-exitcode, a plan that finds a change fails.
		{[]string{"plan", "-detailed-exitcode", parallelism}, l.gateways, l.routes, l.keys},
		{[]string{"destroy", "-auto-approve", parallelism}, 0, 0, 0},
	} {
		l.server.ResetRequests()
		start := time.Now()
		if _, _, err := l.workspace.Run(ctx, step.args...); err != nil {
			return err
		}
		fmt.Fprintf(l.out, "%-7s took %4.0f s, %5d requests arrived\n", step.args[0], time.Since(start).Seconds(), len(l.server.Requests()))
		gateways, routes, keys := l.count(account)
		if gateways != step.gateways || routes != step.routes || keys != step.keys {
			return fmt.Errorf("after %s there are %d gateways, %d routes and %d keys, want %d, %d and %d",
				step.args[0], gateways, routes, keys, step.gateways, step.routes, step.keys)
		}
	}
	return nil
}

// count returns how many objects an account has.
func (l *load) count(account string) (gateways, routes, keys int) {
	ids := l.server.GatewayIDs(account)
	for _, id := range ids {
		routes += len(l.server.Routes(account, id))
		keys += len(l.server.ProviderConfigs(account, id))
	}
	return len(ids), routes, keys
}

// install builds the provider into a mirror below dir, as a release is built, and
// returns the path of a CLI configuration file that names the mirror.
func (l *load) install(ctx context.Context, dir string) (string, error) {
	flags := []string{"-buildvcs=false", "-trimpath", "-ldflags=-s -w"}
	if l.race {
		flags = append(flags, "-race")
	}
	mirror, err := cli.BuildProvider(ctx, dir, provider.Address, flags...)
	if err != nil {
		return "", err
	}
	config := filepath.Join(dir, "cli.tfrc")
	return config, cli.WriteConfig(config, mirror)
}
