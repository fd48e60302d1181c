// Package client speaks to Cloudflare AI Gateway: to the control plane, which
// keeps settings, through cloudflare-go's service packages, and to the data
// plane, which carries requests to models. It is the only package that knows
// HTTP and the API's JSON, and it knows nothing of Terraform.
package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/secrets_store"
)

const (
	// DefaultBaseURL is the control plane of Cloudflare's API.
	DefaultBaseURL = "https://api.cloudflare.com/client/v4"
	// DefaultGatewayBaseURL is the data plane of Cloudflare AI Gateway.
	DefaultGatewayBaseURL = "https://gateway.ai.cloudflare.com/v1"
	// DefaultMaxRetries is how often a request that is safe to repeat is
	// repeated when nothing else is asked for.
	DefaultMaxRetries = 4

	// attemptTimeout bounds one attempt at a control plane request, so that a
	// server that accepts a connection and never answers cannot hang an apply.
	attemptTimeout = 60 * time.Second
	// maxBody bounds what is read of one response.
	maxBody = 32 << 20
)

// Config is what a [Client] needs to know. The zero value of every field but
// the tokens is usable.
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
	// WireFormat is the form of requests about gateways; empty means
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
	// Wait pauses between attempts; nil means real time. It returns early with
	// the context's error when the context ends. Tests replace it.
	Wait func(ctx context.Context, d time.Duration) error
}

// Client speaks to one control plane and one data plane with one set of
// credentials. It is safe for concurrent use and sends nothing until asked.
type Client struct {
	service        *ai_gateway.AIGatewayService
	stores         *secrets_store.StoreService
	http           *http.Client
	baseURL        string
	gatewayBaseURL string
	gatewayToken   string
	userAgent      string
	maxRetries     int
	secrets        []string
	format         format
	wait           func(ctx context.Context, d time.Duration) error
}

// New returns a client. It fails on base URLs that are not absolute http or
// https URLs, on a negative number of retries and on tokens that no header can
// carry; it makes no request.
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
	wire, known := formats[cmp.Or(cfg.WireFormat, WireCloudflare)]
	if !known {
		return nil, fmt.Errorf("there is no wire format %q", cfg.WireFormat)
	}
	transport := cfg.Transport
	if transport == nil {
		transport = ownTransport()
	}
	c := &Client{
		http: &http.Client{
			Transport: transport,
			// A redirect would carry the tokens to wherever it points, and none
			// is part of the API: it is answered as it came, as an error.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		baseURL:        baseURL,
		gatewayBaseURL: gatewayBaseURL,
		gatewayToken:   cfg.GatewayToken,
		userAgent:      cfg.UserAgent,
		maxRetries:     cfg.MaxRetries,
		wait:           cfg.Wait,
		format:         wire,
	}
	if c.gatewayToken == "" {
		c.gatewayToken = cfg.APIToken
	}
	if c.wait == nil {
		c.wait = wait
	}
	c.secrets = secretsOf(cfg)
	options := []option.RequestOption{
		option.WithBaseURL(baseURL),
		option.WithHTTPClient(c.http),
		option.WithAPIToken(cfg.APIToken),
		option.WithHeader("User-Agent", cfg.UserAgent),
		// One retry policy, ours: the SDK's would replay a POST.
		option.WithMaxRetries(0),
	}
	c.service = ai_gateway.NewAIGatewayService(options...)
	c.stores = secrets_store.NewStoreService(options...)
	return c, nil
}

// ownTransport has Go's defaults and connections that nobody else uses.
func ownTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // the program has replaced it
	}
	return standard.Clone()
}

// GatewayURL is the address of a gateway on the data plane, to which a
// provider's name and native path are appended.
func (c *Client) GatewayURL(accountID, gatewayID string) string {
	return GatewayURL(c.gatewayBaseURL, accountID, gatewayID)
}

// GatewayURL is the address of a gateway on the data plane at gatewayBaseURL.
func GatewayURL(gatewayBaseURL, accountID, gatewayID string) string {
	return gatewayBaseURL + "/" + accountID + "/" + gatewayID
}

// ParseBaseURL returns raw, or fallback where raw is empty, without trailing
// slashes. It refuses what cannot be the start of a request's URL: a relative
// URL, a scheme other than http and https, credentials, a query, a fragment.
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
	return strings.TrimRight(raw, "/"), nil
}

// CheckToken refuses what cannot be a token, without quoting it: spaces, line
// ends and anything beyond ASCII, which come with careless copying.
func CheckToken(token string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("it contains spaces, line ends or characters beyond ASCII")
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// jitter spreads waits over the upper half of d, so that many resources that
// failed together do not come back together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
