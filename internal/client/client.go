// Package client sends requests to Cloudflare AI Gateway: to the control plane,
// which manages settings, and to the data plane, which carries requests to
// models. It has what all requests share: authentication, retries, errors,
// redaction, pages, and the recovery of creations whose response was lost. It
// knows no API object; the packages below it have one each. None of them knows
// Terraform.
package client

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// DefaultBaseURL is the control plane of Cloudflare's API.
	DefaultBaseURL = "https://api.cloudflare.com/client/v4"
	// DefaultGatewayBaseURL is the data plane of Cloudflare AI Gateway.
	DefaultGatewayBaseURL = "https://gateway.ai.cloudflare.com/v1"
	// DefaultMaxRetries is the default of how often a request that is safe to
	// repeat is repeated.
	DefaultMaxRetries = 4

	// attemptTimeout bounds one attempt at a control plane request, so that a
	// server that accepts a connection and never responds cannot hang an apply.
	attemptTimeout = 60 * time.Second
	// readTimeout bounds all attempts at a GET together, without the time at the
	// gate.
	readTimeout = 2 * time.Minute
)

// Config configures a [Client]. The zero value of every field but the tokens is
// usable.
type Config struct {
	// BaseURL is the control plane; empty means [DefaultBaseURL].
	BaseURL string
	// GatewayBaseURL is the data plane; empty means [DefaultGatewayBaseURL].
	GatewayBaseURL string
	// APIToken authenticates control plane requests.
	APIToken string
	// GatewayToken authenticates requests through a gateway; empty means
	// APIToken.
	GatewayToken string
	// WireFormat is the wire format of gateway requests; empty means
	// [WireCloudflare].
	WireFormat WireFormat
	// MaxRetries is how often a request may be repeated; 0 means never.
	MaxRetries int
	// UserAgent is sent with every request.
	UserAgent string
	// Secrets are further strings that must never reach a log, such as the
	// values of headers that go with test requests.
	Secrets []string
	// Transport carries the requests; nil means a transport of the client's
	// own with Go's defaults.
	Transport http.RoundTripper
	// MaxBody bounds what is read of any response, in bytes; 0 means
	// [DefaultMaxBody]. Most requests have a lower limit of their own. Tests lower
	// it.
	MaxBody int64
	// Clock measures and bounds time; nil means the machine's clock.
	Clock Clock
}

// A Client sends requests to one control plane and one data plane with one set
// of credentials. It is safe for concurrent use. The packages below this one
// use it to send the requests of each API object.
type Client struct {
	sdk            services
	http           *http.Client
	baseURL        string
	gatewayBaseURL string
	gatewayToken   string
	userAgent      string
	maxRetries     int
	maxBody        int64
	secrets        []string // the longest first
	forms          []string // the secrets in all forms, for the masks of logs
	capabilities   Capabilities
	clock          Clock
	started        time.Time
	gate           *gate
}

// New returns a client. It fails on base URLs that are not absolute http or
// https URLs, on a negative number of retries and on tokens that no header can
// carry. It sends no request.
func New(cfg Config) (*Client, error) {
	baseURL, err := ParseBaseURL(cfg.BaseURL, DefaultBaseURL)
	if err != nil {
		return nil, fmt.Errorf("control plane base URL: %w", err)
	}
	gatewayBaseURL, err := ParseBaseURL(cfg.GatewayBaseURL, DefaultGatewayBaseURL)
	if err != nil {
		return nil, fmt.Errorf("data plane base URL: %w", err)
	}
	if cfg.MaxRetries < 0 {
		return nil, errors.New("the number of retries is negative")
	}
	if err := CheckToken(cfg.APIToken); err != nil {
		return nil, fmt.Errorf("API token: %w", err)
	}
	if err := CheckToken(cfg.GatewayToken); err != nil {
		return nil, fmt.Errorf("gateway token: %w", err)
	}
	capabilities, err := capabilitiesOf(cmp.Or(cfg.WireFormat, WireCloudflare))
	if err != nil {
		return nil, err
	}
	c := &Client{
		http: &http.Client{
			Transport: cfg.Transport,
			// A redirect would carry the tokens to wherever it points, and none
			// is part of the API: it is returned as it is, as an error.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		baseURL:        baseURL,
		gatewayBaseURL: gatewayBaseURL,
		gatewayToken:   cmp.Or(cfg.GatewayToken, cfg.APIToken),
		userAgent:      cfg.UserAgent,
		maxRetries:     cfg.MaxRetries,
		maxBody:        cmp.Or(cfg.MaxBody, DefaultMaxBody),
		secrets:        secretsOf(cfg),
		capabilities:   capabilities,
		clock:          cfg.Clock,
	}
	if c.http.Transport == nil {
		c.http.Transport = ownTransport()
	}
	if c.clock == nil {
		c.clock = systemClock{}
	}
	c.gate = &gate{clock: c.clock}
	c.started = c.clock.Now()
	c.forms = longestFirst(append(formsOf(c.secrets), c.secrets...))
	c.sdk = newServices(c.http, baseURL, cfg)
	return c, nil
}

// ownTransport returns a transport with Go's defaults that shares no
// connections.
func ownTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // the program has replaced it
	}
	return standard.Clone()
}

// proxy returns the proxy that a request goes through, nil for none.
func (c *Client) proxy(req *http.Request) (*url.URL, error) {
	transport, ok := c.http.Transport.(*http.Transport)
	if !ok || transport.Proxy == nil {
		return nil, nil
	}
	return transport.Proxy(req)
}

// BaseURL returns the address of the control plane.
func (c *Client) BaseURL() string { return c.baseURL }

// GatewayToken returns the token of requests through a gateway.
func (c *Client) GatewayToken() string { return c.gatewayToken }

// UserAgent returns the User-Agent of every request.
func (c *Client) UserAgent() string { return c.userAgent }

// Retries reports whether anything may be repeated at all.
func (c *Client) Retries() bool { return c.maxRetries > 0 }

// MaxBody returns the most that is read of any response, in bytes.
func (c *Client) MaxBody() int64 { return c.maxBody }

// GatewayURL returns the address of a gateway on the data plane, to which a
// provider's name and native path are appended.
func (c *Client) GatewayURL(accountID, gatewayID string) string {
	return GatewayURL(c.gatewayBaseURL, accountID, gatewayID)
}

// GatewayURL returns the address of a gateway on the data plane at
// gatewayBaseURL.
func GatewayURL(gatewayBaseURL, accountID, gatewayID string) string {
	return gatewayBaseURL + "/" + accountID + "/" + gatewayID
}

// ParseBaseURL returns raw, or fallback where raw is empty, without trailing
// slashes. It refuses what cannot be the start of a request URL: a relative URL,
// a scheme other than http and https, credentials, a query, a fragment.
func ParseBaseURL(raw, fallback string) (string, error) {
	if raw == "" {
		raw = fallback
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		// The error of url.Parse quotes the URL, which may hold credentials.
		return "", errors.New("it is not a URL")
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return "", errors.New("it must be an absolute URL that starts with https:// or http://")
	case u.User != nil:
		return "", errors.New("it must not contain credentials")
	case strings.ContainsAny(raw, "?#"):
		return "", errors.New("it must not have a query or a fragment")
	case strings.Contains(raw, " "):
		return "", errors.New("it must not contain spaces")
	}
	normal := strings.TrimRight(raw, "/")
	// Cloudflare's own host without the path responds as if the account did not exist.
	if own, err := url.Parse(fallback); err == nil && strings.EqualFold(u.Host, own.Host) && strings.Trim(u.Path, "/") == "" {
		return "", fmt.Errorf("%s lacks the path %s", normal, own.Path)
	}
	return normal, nil
}

// CheckToken refuses a token with spaces, line ends or characters beyond ASCII,
// which come with careless copying. It does not quote the token.
func CheckToken(token string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("it contains spaces, line ends or characters beyond ASCII")
	}
	return nil
}

// jitter returns a random duration in the upper half of d, so that resources
// that failed together do not retry together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
