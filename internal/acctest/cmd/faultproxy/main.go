// Command faultproxy is a proxy that plays faults between the provider and a
// service, such as the emulator.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "faultproxy:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. It writes the address and a line for each request to
// stdout.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("faultproxy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8788", "address to listen on")
	upstream := flags.String("upstream", "http://127.0.0.1:8787", "URL of the service, without a path")
	seed := flags.Uint64("seed", 1, "seed of rates")
	var rules []*faultproxy.Rule
	flags.Func("fault", "`rule` \"METHOD PATH FAULT [#n|#n+|n%]\", such as 'PUT */gateways/* cut-after #2'; may be repeated, the first match decides",
		func(text string) error {
			rule, err := faultproxy.ParseRule(text)
			rules = append(rules, rule)
			return err
		})
	rate := 0.0
	flags.Func("rate", "`share` of all other requests, such as 2%, that get a random fault", func(text string) (err error) {
		rate, err = faultproxy.ParseRate(text)
		return err
	})
	flags.Usage = func() { usage(flags, stderr) }
	if err := flags.Parse(args); err != nil {
		return err
	}
	target, err := url.Parse(*upstream)
	if err != nil || target.Host == "" {
		return fmt.Errorf("-upstream: %q is not a URL", *upstream)
	}
	proxy := faultproxy.New(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}, *seed)
	proxy.Log, proxy.Rate = stdout, rate
	proxy.Play(rules...)

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}
	// Go's transport repeats a GET by itself when a reused connection breaks, which
	// would hide a fault.
	server.SetKeepAlivesEnabled(false)
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	fmt.Fprintf(stdout, "listening on http://%s, in front of %s\n", listener.Addr(), target)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func usage(flags *flag.FlagSet, w io.Writer) {
	fmt.Fprint(w, `faultproxy plays faults between a client and a service.

Usage: go run ./internal/acctest/cmd/faultproxy [flags]

`)
	flags.PrintDefaults()
	fmt.Fprint(w, `
PATH is a pattern of a request's path: * is any text without a slash, ** any text.
Without a slash at its start, it matches the end of a path. METHOD * is any method.
#2 plays the fault on the second match only, #2+ on that and all later ones, 2% on
a share of the matches.

Faults. Those marked with + forward the request, so the service carries it out:
`)
	for _, fault := range faultproxy.Faults() {
		mark := " "
		if fault.Forwards {
			mark = "+"
		}
		fmt.Fprintf(w, "  %s %-18s %s\n", mark, fault.Name, fault.Help)
	}
}
