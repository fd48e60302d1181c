package emulator

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const (
	// DefaultToken is the token that both planes accept unless Options.Token
	// says otherwise.
	DefaultToken = "emulator-token"

	// DefaultGatewayLimit is how many gateways an account may hold unless
	// Options.GatewayLimit says otherwise: the documented limit of a free
	// account.
	DefaultGatewayLimit = 10

	controlPrefix = "/client/v4"
	dataPrefix    = "/v1"

	// maxBody bounds the memory that one request can take. The documented
	// limit for cacheable requests is 25 MB; that of the service itself is not
	// known.
	maxBody = 32 << 20
)

// accountPattern is the form of a Cloudflare account id.
var accountPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Options configure a [Server]. The zero value is usable.
type Options struct {
	// Token is the API token that both planes accept. Empty means DefaultToken.
	Token string

	// GatewayLimit is how many gateways an account may hold. 0 means
	// DefaultGatewayLimit, a negative value means no limit.
	GatewayLimit int

	// Quirks switch single behaviours; see [Quirk].
	Quirks []Quirk

	// Seed starts the random source from which dynamic routes draw. Each server
	// has its own, and equal seeds make equal draws; 0 is a seed like any other.
	Seed uint64

	// Clock is the server's time. Nil means a clock that runs with real time.
	Clock *Clock

	// SecretDelay is how long, by the server's clock, a new secret is pending
	// before it can be used; it is active sooner when requests have asked for it
	// twice. 0 means DefaultSecretDelay, a negative value no time at all.
	SecretDelay time.Duration

	// RequestLog receives one JSON line a request, when its status is known:
	// {"method", "path", "body", "status"}. The path includes the raw query,
	// the body is the text of the body as it came, and the status is 0 when the
	// connection was cut. Headers are left out, since they carry tokens. Nil
	// means no log.
	RequestLog io.Writer
}

// Server is the emulator: an [http.Handler] for both planes and the methods
// with which a test acts behind the API's back. All state is in memory. It is
// safe for concurrent use.
type Server struct {
	token        string
	gatewayLimit int
	quirks       quirkSet
	clock        *Clock

	state    state
	ids      idSource
	recorder recorder
	faults   faults
	exporter *exporter
	random   *randomSource
	renderer []renderStep
	fields   []field
	routes   []controlRoute

	secretDelay   time.Duration
	secretsRoutes []controlRoute
	// upstreams leads to custom providers.
	upstreams http.RoundTripper
}

// New returns an emulator without any gateway. It fails for quirks that are
// unknown or contradict each other.
func New(opts Options) (*Server, error) {
	quirks, err := newQuirkSet(opts.Quirks)
	if err != nil {
		return nil, err
	}
	s := &Server{
		token:        opts.Token,
		gatewayLimit: opts.GatewayLimit,
		quirks:       quirks,
		clock:        opts.Clock,
		recorder:     recorder{log: opts.RequestLog},
		renderer:     newRenderer(quirks),
		fields:       gatewayFields(quirks),
		routes:       append(controlRoutes(), keyRoutes()...),
		exporter:     newExporter(),
		random:       newRandomSource(opts.Seed),

		secretDelay:   opts.SecretDelay,
		secretsRoutes: secretsStoreRoutes(),
		upstreams:     newUpstreams(),
	}
	if s.token == "" {
		s.token = DefaultToken
	}
	if s.secretDelay == 0 {
		s.secretDelay = DefaultSecretDelay
	}
	if s.gatewayLimit == 0 {
		s.gatewayLimit = DefaultGatewayLimit
	}
	if s.clock == nil {
		s.clock = &Clock{}
	}
	return s, nil
}

// Clock returns the clock that the server runs by.
func (s *Server) Clock() *Clock { return s.clock }

// ServeHTTP answers one request of either plane. It cuts the connection, where
// a fault or a fault model asks for it, by panicking with
// [http.ErrAbortHandler], as net/http prescribes.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	r.Body = io.NopCloser(bytes.NewReader(body))

	entry := s.recorder.begin(r, body)
	out := &responder{ResponseWriter: w, clock: s.clock, settle: entry.settle}
	// A request that is never answered is settled too, with status 0.
	defer entry.settle(0)

	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		writeEdgeError(out, status, apiError{Code: codeInvalid, Message: "The request body could not be read"})
		return
	}
	if f, ok := s.faults.take(r); ok && s.play(f, out, r, body) {
		return
	}
	s.handle(out, r, body)
}

// handle routes a request to its plane.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, body []byte) {
	path := r.URL.EscapedPath()
	switch {
	case strings.HasPrefix(path, controlPrefix+"/"):
		s.serveControl(w, r, strings.TrimPrefix(path, controlPrefix), body)
	case strings.HasPrefix(path, dataPrefix+"/"):
		s.serveData(w, r, strings.TrimPrefix(path, dataPrefix+"/"), body)
	default:
		writeNoRoute(w, path)
	}
}

// responder fills in what every answer has, and tells the recorder the status
// before the first byte leaves: a test that has its answer must find the
// request recorded.
type responder struct {
	http.ResponseWriter
	clock   *Clock
	settle  func(status int)
	started bool
}

func (w *responder) WriteHeader(status int) {
	if w.started {
		return
	}
	w.started = true
	w.Header().Set("Date", w.clock.Now().Format(http.TimeFormat))
	w.settle(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *responder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection, to flush streams.
func (w *responder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
