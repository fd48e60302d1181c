package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// A Report is the outcome of a run.
type Report struct {
	Results []Result
	// Left are objects that the run could not delete.
	Left []string
	// Interrupted is set if the context ended before the last question.
	Interrupted bool
	// Started is when the run began.
	Started time.Time

	redact  *redactor
	service string
}

// The services that a report can be about.
const (
	cloudflare = "cloudflare"
	other      = "other"
)

var accountPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Check returns an error if the options lack something that every run needs.
func (o Options) Check() error {
	switch {
	case !accountPattern.MatchString(o.AccountID):
		return errors.New("the account ID is not 32 hexadecimal digits: set CLOUDFLARE_ACCOUNT_ID")
	case len(o.Token) < 8:
		return errors.New("there is no API token: set CLOUDFLARE_API_TOKEN")
	case o.BaseURL == "" || o.GatewayURL == "":
		return errors.New("the URLs of the API and of the data plane are required")
	}
	return nil
}

// Run asks the questions and deletes everything that it created, however it ends. It
// returns an error if nothing could be asked.
func Run(ctx context.Context, options Options) (*Report, error) {
	if err := options.Check(); err != nil {
		return nil, err
	}
	s := newSession(options)
	report := &Report{Started: time.Now().UTC(), redact: s.redact, service: other}
	if options.BaseURL == client.DefaultBaseURL {
		report.service = cloudflare
	}
	if err := s.reach(ctx); err != nil {
		return nil, err
	}
	func() {
		// Also if a probe or this function panics.
		defer func() { report.Left = s.cleanUpAfter(ctx, s.prefix) }()
		for _, q := range s.options.Questions {
			if s.options.wants(q.Name) {
				report.Results = append(report.Results, s.ask(ctx, q))
			}
		}
	}()
	report.Interrupted = ctx.Err() != nil
	if len(report.Results) == 0 {
		return nil, errors.New("no question has such a name")
	}
	return report, nil
}

// reach returns an error if the token cannot list gateways: then nothing can be asked.
func (s *Session) reach(ctx context.Context) error {
	response, err := s.call(ctx, http.MethodGet, "gateways?per_page=1", nil)
	if err == nil {
		err = response.require("GET gateways")
	}
	if err == nil || ctx.Err() != nil {
		return nil //nolint:nilerr // the report of an interrupted run says so
	}
	return fmt.Errorf("nothing can be asked: %s. Is the account the token's, and has the token AI Gateway Edit and Read?", s.redact.text(err.Error()))
}

// cleanUpAfter is cleanUp in a context that outlives an interrupt.
func (s *Session) cleanUpAfter(ctx context.Context, prefix string) []string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	_, _ = fmt.Fprintln(s.options.Progress, "Deleting what the questions created …")
	return s.cleanUp(ctx, prefix)
}

// Sweep deletes what earlier runs left in the account, and returns what is left.
func Sweep(ctx context.Context, options Options) ([]string, error) {
	if err := options.Check(); err != nil {
		return nil, err
	}
	s := newSession(options)
	for _, k := range []kind{gateways, customProviders, storedSecrets, secretStores} {
		s.touched[k] = true
	}
	return s.cleanUp(ctx, NamePrefix), nil
}

func (o Options) wants(name string) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(o.Only, func(begin string) bool { return strings.HasPrefix(name, begin) })
}

// ask asks one question. A panic is a failure of the question.
func (s *Session) ask(ctx context.Context, q Question) (result Result) {
	s.exchanges = nil
	defer func() {
		if p := recover(); p != nil {
			result = judge(q, Answer{}, fmt.Errorf("the probe panicked: %v", p))
		}
		result.Exchanges = s.exchanges
		_, _ = fmt.Fprintln(s.options.Progress, s.redact.text(result.line()))
	}()
	if ctx.Err() != nil {
		return judge(q, Answer{}, unasked("the run was interrupted"))
	}
	answer, err := q.Probe(ctx, s)
	if ctx.Err() != nil {
		err = unasked("the run was interrupted")
	}
	return judge(q, answer, err)
}

// line returns the result in one line.
func (r Result) line() string {
	text := fmt.Sprintf("%s: %s", r.Question.Name, r.Verdict)
	switch {
	case r.Err != nil:
		return text + ": " + r.Err.Error()
	case r.Verdict == AsQuirk:
		text += " " + string(r.Quirk)
	}
	return text + ": " + r.Answer.Value
}

// Count returns how many questions a run asks.
func (o Options) Count() int {
	n := 0
	for _, q := range o.withDefaults().Questions {
		if o.wants(q.Name) {
			n++
		}
	}
	return n
}
