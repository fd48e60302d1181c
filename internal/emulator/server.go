package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/controlplane"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/dataplane"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/status"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

const (
	// DefaultToken is the default of Options.Token.
	DefaultToken = "emulator-token"

	// DefaultGatewayLimit is the default of Options.GatewayLimit: the documented
	// limit of a free account.
	DefaultGatewayLimit = 10

	// DefaultAPILimit is the documented limit of Cloudflare's API: requests per user
	// in five minutes.
	DefaultAPILimit = 1200

	// DefaultSecretDelay is the default of Options.SecretDelay.
	DefaultSecretDelay = secrets.DefaultDelay
)

// Options configure a [Server]. The zero value is usable.
type Options struct {
	// Token is the API token that both planes accept. Empty means DefaultToken.
	Token string

	// GatewayLimit is how many gateways an account may hold. 0 means
	// DefaultGatewayLimit, a negative value means no limit.
	GatewayLimit int

	// Quirks switch single behaviors; see [Quirk].
	Quirks []Quirk

	// Seed starts the random source of dynamic routes. Each server has its own, and
	// equal seeds make equal draws; 0 is a seed like any other.
	Seed uint64

	// WorkersModels are models of Workers AI, such as "@cf/meta/llama-9", besides those
	// of the built-in catalog. Other models of Workers AI do not exist.
	WorkersModels []string

	// Clock is the server's time. Nil means a clock that runs with real time.
	Clock *Clock

	// SecretDelay is how long, by the server's clock, a new secret is pending. It is
	// active sooner once requests have read it twice. 0 means DefaultSecretDelay, a
	// negative value means not at all.
	SecretDelay time.Duration

	// NoSecretsStore makes accounts begin without a Secrets Store, as new accounts do.
	NoSecretsStore bool

	// APILimit is how many requests the control plane accepts in five minutes before
	// it blocks for five minutes. Cloudflare's limit is DefaultAPILimit. 0 means no
	// limit.
	APILimit int

	// RequestLog receives one JSON line for each request, once its status is known:
	// {"method", "path", "body", "status"}. The path includes the raw query, the
	// body is a string, and the status is 0 if the connection was cut. Headers are
	// left out, since they carry tokens. Nil means no log.
	RequestLog io.Writer

	// ForgetRequests makes [Server.Requests] return nothing. Otherwise a server keeps
	// every request with its body, for tests.
	ForgetRequests bool
}

// Server is the emulator: an [http.Handler] for both planes. The methods that it has
// from [Direct], and CustomProviders, are for tests to read and change what the
// service stores without the API. All state is in memory. A Server is safe for
// concurrent use.
type Server struct {
	Direct

	store    *store.Store
	control  *controlplane.API
	data     *dataplane.Plane
	recorder recorder
	history  *status.History
	page     *status.Page
	faults   faults
	apiLimit apiLimit
	// maxBody is the maximum length of a request body.
	maxBody int64
}

// New returns an emulator without any gateway. It fails for quirks that are unknown
// or contradict each other, and for names that no model of Workers AI can have.
func New(opts Options) (*Server, error) {
	if opts.Token == "" {
		opts.Token = DefaultToken
	}
	if opts.GatewayLimit == 0 {
		opts.GatewayLimit = DefaultGatewayLimit
	}
	if opts.SecretDelay == 0 {
		opts.SecretDelay = DefaultSecretDelay
	}
	for _, model := range opts.WorkersModels {
		if !providerapi.IsWorkersModel(model) {
			return nil, fmt.Errorf("%q is not the name of a model of Workers AI: it must begin with @cf/ or @hf/", model)
		}
	}
	state, err := store.New(store.Options{
		GatewayLimit: opts.GatewayLimit, Quirks: opts.Quirks, Clock: opts.Clock, SecretDelay: opts.SecretDelay, NoSecretsStore: opts.NoSecretsStore,
	})
	if err != nil {
		return nil, err
	}
	history := &status.History{}
	return &Server{
		Direct:   store.NewDirect(state),
		history:  history,
		page:     status.New(state, history, opts.Token),
		store:    state,
		control:  controlplane.New(state, opts.Token),
		data:     dataplane.New(state, dataplane.Options{Token: opts.Token, Seed: opts.Seed, WorkersModels: opts.WorkersModels}),
		recorder: recorder{log: opts.RequestLog, forget: opts.ForgetRequests},
		apiLimit: apiLimit{quota: opts.APILimit},
		maxBody:  wire.MaxBody,
	}, nil
}

// Clock returns the clock that the server runs by.
func (s *Server) Clock() *Clock { return s.store.Clock() }

// CustomProviders returns copies of an account's custom providers in order of names,
// as responses show them.
func (s *Server) CustomProviders(account string) []map[string]any {
	return s.control.CustomProviders(account)
}

// FlushTelemetry waits until the OpenTelemetry spans of all responses so far
// have been sent or have failed. [Running.Close] does so too.
func (s *Server) FlushTelemetry() { s.data.FlushTelemetry() }

// ServeHTTP handles one request of either plane, or serves the status page. To cut the
// connection, for a fault or a fault model, it panics with [http.ErrAbortHandler], as
// net/http prescribes.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.isForPage(r) {
		s.page.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.maxBody))
	r.Body = io.NopCloser(bytes.NewReader(body))

	entry, steps := s.recorder.begin(r, body), &trace.Trace{}
	r = r.WithContext(trace.NewContext(r.Context(), steps))
	settle := func(status int) {
		if entry.settle(status) {
			s.remember(r, status, *steps)
		}
	}
	out := &responder{ResponseWriter: w, clock: s.Clock(), settle: settle}
	// A request without a response is settled too, with status 0.
	defer settle(0)

	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		wire.WriteEdgeError(out, status, wire.Error{Code: wire.CodeInvalid, Message: "The request body could not be read"})
		return
	}
	if f, ok := s.faults.take(r); ok && s.apply(f, out, r, body) {
		return
	}
	s.handle(out, r, body)
}

// isForPage reports whether a request is for the status page. The service has nothing on
// its path. A custom domain has the paths of a gateway, and with them this one.
func (s *Server) isForPage(r *http.Request) bool {
	return r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && s.store.DomainOf(r.Host) == nil
}

// remember keeps a request for the status page.
func (s *Server) remember(r *http.Request, code int, steps trace.Trace) {
	s.history.Add(status.Request{
		Time: s.Clock().Now(), Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Status: code, Trace: &steps,
	})
}

// handle routes a request to its plane. A request to a custom domain belongs to the data
// plane, whatever its path. The REST API for models has the path of the control plane and
// belongs to the data plane.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, body []byte) {
	if domain := s.store.DomainOf(r.Host); domain != nil {
		s.data.ServeDomain(w, r, domain, body)
		return
	}
	path := r.URL.EscapedPath()
	if hostname, ok := activation(path); ok {
		s.control.ServeActivation(w, r, hostname)
		return
	}
	if below, ok := strings.CutPrefix(path, wire.DataPrefix+"/"); ok {
		s.data.ServeGateway(w, r, below, body)
		return
	}
	if !strings.HasPrefix(path, wire.ControlPrefix+"/") {
		wire.WriteNoRoute(w, path)
		return
	}
	path = strings.TrimPrefix(path, wire.ControlPrefix)
	if account, rest, ok := wire.SplitAccountPath(path, "ai"); ok {
		s.data.ServeREST(w, r, account, rest, body)
		return
	}
	if !s.apiLimit.admit(w, s.Clock().Now()) {
		writeBlocked(w)
		return
	}
	s.control.Serve(w, r, path, body)
}

// activation returns the hostname in the emulator's own path
// /emulator/custom-domains/{hostname}/activate.
func activation(path string) (hostname string, ok bool) {
	below, begins := strings.CutPrefix(path, "/emulator/custom-domains/")
	hostname, ends := strings.CutSuffix(below, "/activate")
	return hostname, begins && ends
}

// responder sets the Date of every response. It tells the recorder the status before
// the first byte is sent: a test that has its response must find the request
// recorded.
type responder struct {
	http.ResponseWriter
	clock   *Clock
	settle  func(status int)
	started bool
}

// WriteHeader implements [http.ResponseWriter].
func (w *responder) WriteHeader(status int) {
	if w.started {
		return
	}
	w.started = true
	w.Header().Set("Date", w.clock.Now().Format(http.TimeFormat))
	w.settle(status)
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *responder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection, to flush streams.
func (w *responder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
