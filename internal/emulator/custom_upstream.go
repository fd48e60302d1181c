package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// newUpstreams is the way to the custom providers that run on this machine. It
// leads nowhere else, whatever a name resolves to, follows no redirects, and
// does not insist on certificates, which nobody issues for this machine.
func newUpstreams() http.RoundTripper {
	dialer := net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		addr, err := netip.ParseAddrPort(address)
		if err != nil || !addr.Addr().IsLoopback() {
			return errors.New("the emulator contacts this machine only")
		}
		return nil
	}}
	return &http.Transport{
		DialContext:       dialer.DialContext,
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // never leaves this machine
	}
}

// findCustom finds the custom provider that an exchange names, if it names one.
// One that is missing or not enabled is an invalid provider (the latter
// inferred).
func (s *Server) findCustom(x *exchange) *dataError {
	x.custom = nil
	slug, ok := strings.CutPrefix(x.provider, customPrefix)
	if !ok {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	for _, p := range s.state.account(x.account).custom {
		if p.text("slug") == slug && p.values["enable"] == true {
			x.custom = p
			return nil
		}
	}
	return &dataError{http.StatusBadRequest, codeInvalidProvider, "Invalid provider"}
}

// headers are those that the provider's settings add to requests. What is no
// JSON object of texts adds none (inferred).
func (p *customProvider) headers() map[string]string {
	if p == nil {
		return nil
	}
	var out map[string]string
	if json.Unmarshal([]byte(p.text("headers")), &out) != nil {
		return nil
	}
	return out
}

// local reports whether the provider runs on this machine. Only such providers
// are contacted; for all others the built-in model answers.
func (p *customProvider) local() bool {
	if p == nil {
		return false
	}
	target, err := url.Parse(p.text("base_url"))
	return err == nil && onLoopback(target)
}

// forward sends an exchange to a custom provider on this machine.
func (s *Server) forward(ctx context.Context, x *exchange) upstreamAnswer {
	r, err := x.upstreamRequest(ctx, s)
	if err != nil {
		return upstreamAnswer{unreachable: true}
	}
	response, err := s.upstreams.RoundTrip(r)
	if err != nil {
		return upstreamAnswer{timedOut: ctx.Err() != nil, unreachable: ctx.Err() == nil}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return upstreamAnswer{timedOut: ctx.Err() != nil, unreachable: ctx.Err() == nil}
	}
	answer := upstreamAnswer{
		status: response.StatusCode, contentType: response.Header.Get("Content-Type"), body: body,
	}
	if response.StatusCode == http.StatusOK && !x.question.stream {
		answer.completion = readCompletion(body)
	}
	return answer
}

// upstreamRequest is what a custom provider gets: {base_url}/{path} with the
// body as it is, or, from the compat endpoint, {base_url}/chat/completions with
// the model's own name (documented).
func (x *exchange) upstreamRequest(ctx context.Context, s *Server) (*http.Request, error) {
	target := strings.TrimSuffix(x.custom.text("base_url"), "/")
	body := x.body
	if x.compat {
		target += "/chat/completions"
		body = withModel(body, x.question.model)
	} else if _, path, ok := strings.Cut(x.endpoint, "/"); ok {
		target += "/" + path
	}
	if len(x.query) > 0 {
		target += "?" + x.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, x.method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = x.upstreamHeader(s)
	return r, nil
}

// upstreamHeader is the client's header without what is for the gateway or for
// the connection, then what the provider's settings add, then the stored key as
// a bearer token (what is left out, and that the key wins, is inferred).
func (x *exchange) upstreamHeader(s *Server) http.Header {
	out := http.Header{}
	for name, values := range x.header {
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, "cf-"),
			lower == "authorization" && s.bearerValid(x.header.Get(name)),
			lower == "connection", lower == "keep-alive", lower == "te", lower == "trailer", lower == "upgrade",
			lower == "transfer-encoding", lower == "content-length", lower == "accept-encoding",
			strings.HasPrefix(lower, "proxy-"):
		default:
			out[name] = values
		}
	}
	for name, value := range x.custom.headers() {
		out.Set(name, value)
	}
	if x.stored != nil {
		out.Set("Authorization", "Bearer "+x.stored.value)
	}
	return out
}

// withModel replaces the model in the body of a chat request.
func withModel(body []byte, model string) []byte {
	var in map[string]json.RawMessage
	if json.Unmarshal(body, &in) != nil {
		return body
	}
	in["model"] = marshal(model)
	return marshal(in)
}

// readCompletion is what the gateway understands of a custom provider's answer:
// the text and the tokens of a chat completion in OpenAI's form; nil where it is
// none.
func readCompletion(body []byte) *completion {
	var in struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
		} `json:"choices"`
		Usage openAIUsage `json:"usage"`
	}
	if json.Unmarshal(body, &in) != nil || len(in.Choices) == 0 {
		return nil
	}
	return &completion{
		text:     in.Choices[0].Message.Content,
		tokensIn: in.Usage.PromptTokens, tokensOut: in.Usage.CompletionTokens,
	}
}

// notReached is the error for a provider that cannot be reached (documented).
func notReached(provider string) *dataError {
	return &dataError{http.StatusBadRequest, codeProviderFailed,
		fmt.Sprintf("Failed to get response from provider: %s cannot be reached", provider)}
}
