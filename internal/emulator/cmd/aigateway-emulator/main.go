// Command aigateway-emulator runs a local Cloudflare AI Gateway: the control plane, the
// data plane, and the REST API for models. Package emulator documents what it implements
// and where that is known from.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// version is set by the linker when a release is built.
var version = "dev" //nolint:gochecknoglobals // the linker needs a variable

// versionText returns the version of the release, or that of the module if the command was
// built without the linker's flag, as "go install" does.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if version != "dev" || !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return version
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the command at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// defaultGrace is less than the ten seconds after which Docker kills a container.
const defaultGrace = 5 * time.Second

// Exit codes of the command.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// quirkFlags collects repeated -quirk flags.
type quirkFlags []emulator.Quirk

func (q *quirkFlags) String() string {
	names := make([]string, 0, len(*q))
	for _, quirk := range *q {
		names = append(names, string(quirk))
	}
	return strings.Join(names, ", ")
}

func (q *quirkFlags) Set(name string) error {
	quirk, err := emulator.ParseQuirk(name)
	if err != nil {
		return err
	}
	*q = append(*q, quirk)
	return nil
}

// config holds the values of the flags.
type config struct {
	listen   string
	requests string
	quiet    bool
	version  bool
	health   bool
	grace    time.Duration
	opts     emulator.Options
}

func parseFlags(args []string, stderr io.Writer) (config, error) {
	var c config
	var quirks quirkFlags
	flags := flag.NewFlagSet("aigateway-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.listen, "listen", "127.0.0.1:8787",
		"`address` to listen on; port 0 takes a free port, an empty host means 127.0.0.1")
	flags.StringVar(&c.opts.Token, "token", emulator.DefaultToken, "the API `token` that both planes accept")
	flags.IntVar(&c.opts.GatewayLimit, "gateway-limit", emulator.DefaultGatewayLimit,
		"maximum `number` of gateways in an account; 0 means the default, a negative number no limit")
	flags.Var(&quirks, "quirk", "`name` of a behavior to switch on, repeatable; the list is below")
	flags.Func("workers-ai-model", "`name` of a model of Workers AI besides those of the built-in catalog, such as @cf/meta/llama-9, repeatable",
		func(name string) error {
			c.opts.WorkersModels = append(c.opts.WorkersModels, name)
			return nil
		})
	flags.Uint64Var(&c.opts.Seed, "seed", 0, "`seed` of the random numbers of dynamic routes; equal seeds give equal choices")
	flags.DurationVar(&c.opts.SecretDelay, "secret-delay", emulator.DefaultSecretDelay,
		"`duration` for which a new secret is pending; a negative one means that it is active at once")
	flags.BoolVar(&c.opts.NoSecretsStore, "no-secrets-store", false, "start accounts without a Secrets Store")
	flags.IntVar(&c.opts.APILimit, "api-limit", 0, fmt.Sprintf(
		"`number` of requests in five minutes after which the control plane blocks for five minutes; Cloudflare's is %d, 0 means no limit",
		emulator.DefaultAPILimit))
	flags.StringVar(&c.requests, "requests", "",
		"`file` for one JSON line per request; it is overwritten. Bodies may contain secrets")
	flags.BoolVar(&c.quiet, "quiet", false, "do not show requests")
	flags.DurationVar(&c.grace, "shutdown-grace", defaultGrace,
		"`duration` for which running requests may go on after SIGTERM or Ctrl-C; then they are cut")
	flags.BoolVar(&c.health, "healthcheck", false, "check that an emulator serves at the address of -listen, and exit with 0 if it does and 1 if not; for containers without curl")
	flags.BoolVar(&c.version, "version", false, "print the version and exit")
	flags.Usage = func() { usage(flags) }
	if err := flags.Parse(args); err != nil {
		return config{}, err
	}
	if flags.NArg() > 0 {
		err := fmt.Errorf("unexpected argument %q", flags.Arg(0))
		_, _ = fmt.Fprintln(stderr, err)
		flags.Usage()
		return config{}, err
	}
	c.opts.Quirks = quirks
	if c.opts.Token == "" {
		c.opts.Token = emulator.DefaultToken
	}
	return c, nil
}

// usage explains the flags and the quirks.
func usage(flags *flag.FlagSet) {
	out := flags.Output()
	_, _ = fmt.Fprint(out, "A local Cloudflare AI Gateway: control plane, data plane, and the REST API for models, with made-up responses. It needs\n"+
		"no account and costs nothing. Everything is in memory. Open its address in a browser to see what it holds, and how it\n"+
		"decided the last requests.\n\nUsage: aigateway-emulator [flags]\n\n")
	flags.PrintDefaults()
	_, _ = fmt.Fprint(out, "\nQuirks are behaviors of the service that are not documented, or on which sources disagree:\n\n")
	for _, quirk := range emulator.Quirks() {
		_, _ = fmt.Fprintf(out, "  %-30s %s\n", quirk, quirk.Describe())
	}
}

// run parses the flags, serves until ctx ends, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage // the flag package has printed the error
	case c.version:
		_, _ = fmt.Fprintln(stdout, "aigateway-emulator", versionText())
		return exitOK
	}
	if c.health {
		err = checkHealth(ctx, c.listen)
	} else {
		err = serve(ctx, c, stdout, stderr)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "aigateway-emulator:", err)
		return exitFailure
	}
	return exitOK
}

func serve(ctx context.Context, c config, stdout, stderr io.Writer) (err error) {
	var logs []io.Writer
	if !c.quiet {
		logs = append(logs, readableLog{out: stderr, now: time.Now})
	}
	if c.requests != "" {
		// Bodies may contain secrets.
		file, openErr := os.OpenFile(c.requests, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if openErr != nil {
			return openErr
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		logs = append(logs, file)
	}
	if len(logs) > 0 {
		c.opts.RequestLog = io.MultiWriter(logs...)
	}
	c.opts.ForgetRequests = true
	// Not ctx: when that ends, running requests may go on for a while.
	running, err := emulator.Start(context.WithoutCancel(ctx), c.listen, c.opts)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: choose another port with -listen, such as -listen 127.0.0.1:8788", err)
	}
	if err != nil {
		return err
	}
	if !running.Local() {
		_, _ = fmt.Fprintf(stderr, "warning: %s is reachable from other machines; "+
			"anyone who knows the token can use this emulator\n", c.listen)
	}
	greet(stdout, running, c.opts.Token)
	ended := make(chan error, 1)
	go func() { ended <- running.Wait() }()
	select {
	case err := <-ended:
		return errors.Join(err, running.Close())
	case <-ctx.Done():
	}
	if !c.quiet {
		_, _ = fmt.Fprintln(stderr, "stopping: no new requests are accepted; running ones have", c.grace, "to finish")
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.grace)
	defer cancel()
	return running.Shutdown(grace)
}

// checkHealth asks the emulator at an address of this machine whether it serves. The status
// page tells, also if it wants a token, and the request appears in no log.
func checkHealth(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, "http://"+net.JoinHostPort(host, port)+"/", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusUnauthorized {
		return fmt.Errorf("%s responds with status %d", listen, response.StatusCode)
	}
	return nil
}

// healthTimeout is less than the timeout of health checks of containers.
const healthTimeout = 5 * time.Second

// greet prints the URL and the settings for the provider. The URL is on the first line,
// for scripts to read.
func greet(w io.Writer, running *emulator.Running, token string) {
	login := ""
	if !running.Local() {
		login = " (any user name, and the token as the password)"
	}
	_, _ = fmt.Fprintf(w, `%s

AI Gateway emulator. To point the provider at it:

  export CLOUDFLARE_BASE_URL=%s
  export AIGATEWAY_GATEWAY_BASE_URL=%s
  export CLOUDFLARE_API_TOKEN='%s'
  export CLOUDFLARE_ACCOUNT_ID=%s  # any 32 hexadecimal digits
  export CF_AIG_TOKEN='%[4]s'  # for requests through a gateway

Status page: %[1]s/%[6]s

Everything is in memory. Stop with Ctrl-C.
`, running.URL, running.ControlPlaneURL(), running.DataPlaneURL(),
		strings.ReplaceAll(token, "'", `'\''`), strings.Repeat("0123456789abcdef", 2), login)
}
