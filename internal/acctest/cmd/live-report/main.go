// Command live-report asks a Cloudflare account what the documents of AI Gateway leave
// open, deletes what it created, and writes a report without secrets that can be pasted
// into an issue. `make testacc-live` runs it.
//
// It needs consent: CONFIRM=yes in the environment, or "yes" on the standard input. The
// account and the token are CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN; base URLs of the
// provider's environment variables are ignored.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// interval keeps a run below the documented limit of 1200 requests in five minutes.
const interval = 300 * time.Millisecond

func main() {
	// A closed pipe, such as that of `| head`, must not end a run before its cleanup.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A second signal ends the process.
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], process{getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr})
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "live-report: %v\n", err)
		os.Exit(1)
	}
}

// A process is what the command uses of its own.
type process struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	// sleep waits; nil means in real time.
	sleep func(context.Context, time.Duration) error
}

// flags are the flags of the command.
type flags struct {
	out, only, check, samples string
	requests                  bool
	list, sweep               bool
	// baseURL and gatewayURL are for tests.
	baseURL, gatewayURL string
}

func parse(args []string, stderr io.Writer) (flags, []string, error) {
	var f flags
	set := flag.NewFlagSet("live-report", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&f.out, "out", filepath.Join(".cache", "live-report.md"), "`file` for the report; a file that ends in .json is written beside it")
	set.StringVar(&f.only, "only", "", "ask only the questions whose names begin with one of these `prefixes` (comma-separated)")
	set.BoolVar(&f.requests, "requests", true, "allow up to 8 requests to a model with an invalid key, which nobody charges for")
	set.BoolVar(&f.list, "list", false, "list the questions and exit, without requests")
	set.BoolVar(&f.sweep, "sweep", false, "only delete what earlier runs left in the account")
	set.StringVar(&f.check, "check", "", "print where the emulator contradicts this `report` and exit, without requests")
	set.StringVar(&f.samples, "samples", "", "with -check: write the report's samples of responses into this `directory`")
	set.StringVar(&f.baseURL, "base-url", client.DefaultBaseURL, "`URL` of the API, such as that of an emulator")
	set.StringVar(&f.gatewayURL, "gateway-url", client.DefaultGatewayBaseURL, "`URL` of the data plane, such as that of an emulator")
	if err := set.Parse(args); err != nil {
		return f, nil, err
	}
	return f, set.Args(), nil
}

func run(ctx context.Context, args []string, p process) error {
	f, rest, err := parse(args, p.stderr)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return fmt.Errorf("unknown argument %q", rest[0])
	case f.check != "":
		return check(f.check, f.samples, p.stdout)
	case f.samples != "":
		return errors.New("-samples needs -check")
	case f.list:
		for _, q := range live.Questions() {
			_, _ = fmt.Fprintf(p.stdout, "%-31s %s\n", q.Name, q.Question)
		}
		return nil
	}
	options := live.Options{
		BaseURL: strings.TrimSuffix(f.baseURL, "/"), GatewayURL: strings.TrimSuffix(f.gatewayURL, "/"),
		AccountID: p.getenv("CLOUDFLARE_ACCOUNT_ID"), Token: p.getenv("CLOUDFLARE_API_TOKEN"),
		Requests: f.requests, Interval: interval, Sleep: p.sleep, Progress: p.stderr,
		Client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	if f.only != "" {
		options.Only = strings.Split(f.only, ",")
	}
	if err := options.Check(); err != nil {
		return err
	}
	if err := p.consent(ctx, f, options); err != nil {
		return err
	}
	if f.sweep {
		return sweep(ctx, options, p.stdout)
	}
	report, err := live.Run(ctx, options)
	if err != nil {
		return err
	}
	return p.write(report, f.out)
}

// announcement says what a run does. The tests hold its numbers.
const announcement = `This asks the account %s about %d open questions of AI Gateway's API.

It creates, changes and deletes objects named %s…:
  * about 25 gateways, at most 6 of them at a time, with routes, policies and provider configs
  * about 15 custom providers
  * about 15 secrets with random values in the account's Secrets Store; a store, if there is none
It reads the number of gateways, and the ID of the Secrets Store. It does not touch anything
else, and deletes everything that it created, also after an error or Ctrl-C.

Cost: none is expected. %s

It sends about 450 requests in three to ten minutes. The API's limit of 1,200 requests in five
minutes counts the requests of all tools that use tokens of the same user.
`

// consent asks whether to use the account.
func (p process) consent(ctx context.Context, f flags, options live.Options) error {
	question := "Type yes to continue (or set CONFIRM=yes): "
	if f.sweep {
		_, _ = fmt.Fprintf(p.stderr, "This deletes everything named %s… in the account %s.\n", live.NamePrefix, options.AccountID)
	} else {
		requests := "No request is sent to a model."
		if options.Requests {
			requests = "Up to 8 requests go through a gateway to OpenAI, with an invalid\nkey, which nobody charges for. -requests=false forbids them."
		}
		_, _ = fmt.Fprintf(p.stderr, announcement, options.AccountID, options.Count(), live.NamePrefix, requests)
	}
	if p.getenv("CONFIRM") == "yes" {
		return nil
	}
	_, _ = fmt.Fprint(p.stderr, "\n"+question)
	answers := make(chan string, 1)
	go func() {
		// An error means that there is no answer.
		answer, _ := bufio.NewReader(p.stdin).ReadString('\n')
		answers <- strings.TrimSpace(answer)
	}()
	select {
	case answer := <-answers:
		if answer == "yes" {
			return nil
		}
	case <-ctx.Done():
	}
	return errors.New("canceled: nothing was sent")
}

func sweep(ctx context.Context, options live.Options, stdout io.Writer) error {
	left, err := live.Sweep(ctx, options)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("left in the account:\n  %s", strings.Join(left, "\n  "))
	}
	_, err = fmt.Fprintf(stdout, "Nothing named %s… is left.\n", live.NamePrefix)
	return err
}

// write writes the report to its file and to stdout. It fails if objects are left.
func (p process) write(report *live.Report, out string) error {
	text, err := report.Markdown()
	if err != nil {
		return errors.Join(err, leftError(report))
	}
	data, err := report.JSON()
	if err != nil {
		return errors.Join(err, leftError(report))
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	dataFile := strings.TrimSuffix(out, filepath.Ext(out)) + ".json"
	writeErr := errors.Join(os.WriteFile(out, []byte(text), 0o600), os.WriteFile(dataFile, []byte(data), 0o600))
	_, err = io.WriteString(p.stdout, text)
	_, _ = fmt.Fprintf(p.stderr, "\nThe report is in %s, with all samples of responses in %s. Read them before you share them.\n", out, dataFile)
	if report.Interrupted {
		err = errors.Join(err, errors.New("the run was interrupted"))
	}
	return errors.Join(writeErr, err, leftError(report))
}

func leftError(report *live.Report) error {
	if len(report.Left) == 0 {
		return nil
	}
	return fmt.Errorf("%d objects are left in the account; delete them with `make sweep`:\n  %s",
		len(report.Left), strings.Join(report.Left, "\n  "))
}
