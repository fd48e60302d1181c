package clienttest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// WithoutDate returns a response without the header Date.
func WithoutDate(a Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		a(dateless{w}, r)
	}
}

// dateless removes the Date that a response sets.
type dateless struct{ http.ResponseWriter }

func (w dateless) WriteHeader(status int) {
	w.Header()["Date"] = nil
	w.ResponseWriter.WriteHeader(status)
}

// Lost are responses that do not tell whether a creation was applied.
var Lost = map[string]Handler{
	"cut":              Cut,
	"cut mid-body":     CutMidBody,
	"408":              Reply(408, ""),
	"500":              Reply(500, Failure(7000, "internal")),
	"500 of a page":    Reply(500, "<html>oops</html>"),
	"502":              Reply(502, ""),
	"503":              Reply(503, "", "Retry-After: 5"),
	"504":              Reply(504, ""),
	"200 not JSON":     Reply(200, "<html>welcome</html>"),
	"200 empty":        Reply(200, ""),
	"204":              Reply(204, ""),
	"200 without":      Reply(200, `{"success":true}`),
	"200 null":         Reply(200, `{"success":true,"result":null}`),
	"200 bad field":    Reply(200, Envelope(Gateway("demo", Fields{"cache_ttl": "soon"}))),
	"200 no id":        Reply(200, Envelope(Gateway("", nil))),
	"200 not success":  Reply(200, `{"success":false,"errors":[{"code":7000,"message":"hm"}]}`),
	"200 of no object": Reply(200, Envelope([]any{})),
}

// SaysSuccess reports whether a response of [Lost] has a status of success.
func SaysSuccess(name string) bool { return strings.HasPrefix(name, "20") }

// Page404 is a page of a web server that is not the API.
const Page404 = "<!DOCTYPE html><html><body>Not Found</body></html>"

// RouteError is how Cloudflare's edge responds to paths that do not exist.
const RouteError = `{"success":false,"errors":[
	{"code":7003,"message":"Could not route to /accounts/x/ai-gateway/gateways, perhaps your object identifier is invalid?"},
	{"code":7000,"message":"No route for that URI"}],"messages":[],"result":null}`

// InvalidHeaders is how Cloudflare's edge responds to a malformed token.
const InvalidHeaders = `{"success":false,"errors":[{"code":6003,"message":"Invalid request headers",
	"error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}],"messages":[],"result":null}`

// InFormat sets the wire format.
func InFormat(format client.WireFormat) func(*client.Config) {
	return func(cfg *client.Config) { cfg.WireFormat = format }
}

// AtPath moves the control plane to another path of its server.
func AtPath(path string) func(*client.Config) {
	return func(cfg *client.Config) { cfg.BaseURL = strings.TrimSuffix(cfg.BaseURL, "/client/v4") + path }
}

// Interrupting returns a response that calls cancel, and then never comes.
func Interrupting(cancel func()) Handler {
	return func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
}

// InRealTime returns a client that really waits, over a connection in memory.
func InRealTime(t *testing.T, f Transport, maxRetries int) *client.Client {
	t.Helper()
	c, _ := New(t, "http://api.invalid", Over(f), Retries(maxRetries), func(cfg *client.Config) { cfg.Clock = nil })
	return c
}

// Hang accepts a request and never responds.
func Hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// RequireTook fails the test unless a time within these bounds has passed.
func RequireTook(t *testing.T, start time.Time, least, most time.Duration) {
	t.Helper()
	if took := time.Since(start); took < least || took > most {
		t.Errorf("took %s, want %s to %s", took, least, most)
	}
}
