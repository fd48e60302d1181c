package dataplane

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

var errNotLoopback = errors.New("not a loopback address: the emulator contacts this machine only")

// loopbackOnly refuses to dial an address that is not on this machine, whatever a
// name resolves to. It is the Control of a [net.Dialer].
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().IsLoopback() {
		return errNotLoopback
	}
	return nil
}

// newUpstreams returns the transport to custom providers on this machine. It follows
// no redirects, and accepts any certificate, since no authority issues them for
// this machine.
func newUpstreams() http.RoundTripper {
	dialer := net.Dialer{Control: loopbackOnly}
	return &http.Transport{
		DialContext:       dialer.DialContext,
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // never leaves this machine
	}
}

// customHeaders returns the headers that a custom provider's settings add to
// requests. A value that is not a JSON object of strings adds none (inferred).
func customHeaders(p *store.CustomProvider) map[string]string {
	if p == nil {
		return nil
	}
	var out map[string]string
	if json.Unmarshal([]byte(p.Text("headers")), &out) != nil {
		return nil
	}
	return out
}

// isLocal reports whether a custom provider runs on this machine. Only such
// providers are contacted; the built-in model plays all others.
func isLocal(p *store.CustomProvider) bool {
	if p == nil {
		return false
	}
	target, err := url.Parse(p.Text("base_url"))
	return err == nil && wire.OnLoopback(target)
}

// forward sends a request to a custom provider on this machine.
func (p *Plane) forward(ctx context.Context, req request) response {
	r, err := p.upstreamRequest(ctx, req)
	if err != nil {
		return response{unreachable: true}
	}
	upstream, err := p.upstreams.RoundTrip(r)
	if err != nil {
		return response{timedOut: ctx.Err() != nil, unreachable: ctx.Err() == nil}
	}
	defer upstream.Body.Close()
	body, err := io.ReadAll(io.LimitReader(upstream.Body, wire.MaxBody))
	// A provider that notices the timeout may still get a response through.
	if err != nil || ctx.Err() != nil {
		return response{timedOut: ctx.Err() != nil, unreachable: ctx.Err() == nil}
	}
	out := response{status: upstream.StatusCode, contentType: upstream.Header.Get("Content-Type"), body: body}
	if upstream.StatusCode == http.StatusOK && !req.model.Stream {
		out.completion = providerapi.ReadChatCompletion(body)
	}
	return out
}

// upstreamRequest returns the request to a custom provider: {base_url}/{path} with
// the body as it is, or, for compat, {base_url}/chat/completions with the model's
// own name (documented; inferred for embeddings).
func (p *Plane) upstreamRequest(ctx context.Context, req request) (*http.Request, error) {
	target := strings.TrimSuffix(req.custom.Text("base_url"), "/")
	body := req.body
	if req.compat {
		body = withModel(body, req.model.Model)
	}
	if _, path, ok := strings.Cut(req.endpoint, "/"); ok {
		target += "/" + path
	}
	if len(req.query) > 0 {
		target += "?" + req.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, req.method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = p.upstreamHeader(req)
	return r, nil
}

// upstreamHeader returns the client's header without what is for the gateway or the
// connection, with the headers of the provider's settings, and with the stored key
// as a bearer token (what is left out, and that the key has precedence, is
// inferred).
func (p *Plane) upstreamHeader(req request) http.Header {
	out := http.Header{}
	for name, values := range req.header {
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, "cf-"), strings.HasPrefix(lower, "x-emulator-"),
			lower == "authorization" && wire.BearerMatches(req.header.Get(name), p.token),
			lower == "connection", lower == "keep-alive", lower == "te", lower == "trailer", lower == "upgrade",
			lower == "transfer-encoding", lower == "content-length", lower == "accept-encoding",
			strings.HasPrefix(lower, "proxy-"):
		default:
			out[name] = values
		}
	}
	for name, value := range customHeaders(req.custom) {
		out.Set(name, value)
	}
	if req.key != nil {
		out.Set("Authorization", "Bearer "+req.key.Value)
	}
	return out
}

// withModel replaces the model in the body of a chat request.
func withModel(body []byte, model string) []byte {
	var in map[string]json.RawMessage
	if json.Unmarshal(body, &in) != nil {
		return body
	}
	in["model"] = wire.Marshal(model)
	return wire.Marshal(in)
}
