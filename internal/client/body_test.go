package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// padded returns a valid response of this length.
func padded(body string, length int) string { return body + strings.Repeat(" ", length-len(body)) }

func zipped(t *testing.T, body string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, body)
	clienttest.RequireNoError(t, err)
	clienttest.RequireNoError(t, w.Close())
	return b.String()
}

// A body is bounded, and what is longer is an error of its own and not cut. A list may
// be longer than an object.
func TestBodiesAreBounded(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		if op.IsPOST() {
			continue
		}
		limit, says := 4<<20, "the response body is larger than 4 MiB"
		object := clienttest.Envelope(clienttest.Gateway("demo", nil))
		if op.Name == "list gateways" {
			limit, says, object = 16<<20, "the response body is larger than 16 MiB", clienttest.Envelope([]any{})
		}
		if op.Method() == "PUT" {
			object = clienttest.Envelope(clienttest.Fields{"id": "id-1", "gateway_id": "demo", "provider_slug": "openai", "alias": "default"})
		}
		t.Run(op.Name, func(t *testing.T) {
			for _, compressed := range []bool{false, true} {
				if compressed && op.Name != "read gateway" {
					continue // it takes long, and shows nothing else
				}
				for length, good := range map[int]bool{limit: true, limit + 1: false} {
					body, headers := padded(object, length), []string{"X-Any: x"}
					if compressed {
						body, headers = zipped(t, body), []string{"Content-Encoding: gzip"}
					}
					server, c := clienttest.Start(t, clienttest.Reply(200, body, headers...))
					err := op.Call(t.Context(), c)
					server.RequireRequests(op.Request)
					if good {
						clienttest.RequireNoError(t, err)
					} else {
						clienttest.RequireError(t, err, client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: ", says)
					}
				}
			}
		})
	}
}

// The length of an error's body does not hide the error.
func TestLongErrorBodies(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(503, strings.Repeat("x", 5<<20)), clienttest.Reply(403, strings.Repeat("x", 5<<20)))
	clienttest.RequireError(t, read(t.Context(), c), client.ErrUnauthorized, "HTTP 403 Forbidden: the response body is larger than 4 MiB")
	server.RequireRequests("GET /demo", "GET /demo")
}

// A creation whose response is too long may have been applied, so it is looked for.
func TestCreateWithEndlessResponse(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.Retries(0), clienttest.Reply(200, strings.Repeat("x", 5<<20)), clienttest.NotFound, clienttest.NotFound, clienttest.NotFound)
	_, err := clienttest.CreateGateway(t, c)
	clienttest.RequireError(t, err, client.ErrUnexpectedResponse, "the response body is larger than 4 MiB", clienttest.NotThere)
	server.RequireRequests("POST ", "GET /demo", "GET /demo", "GET /demo")
}

// An encoding that was not asked for is not taken for JSON that cannot be read.
func TestUnaskedContentEncoding(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(200, "x", "Content-Encoding: br"))
	clienttest.RequireError(t, read(t.Context(), c), client.ErrUnexpectedResponse, "a content encoding that was not asked for")
}

// Bodies that are passed on as they are, are cut at their limit and not judged.
func TestBodiesThatAreCut(t *testing.T) {
	for length, want := range map[int]int{10: 10, 11: 11, 12: 11, 1000: 11} {
		c, _ := clienttest.New(t, "http://api.invalid", clienttest.Over(func(r *http.Request) (*http.Response, error) {
			resp := clienttest.HTTPResponse(r, 200, strings.Repeat("x", length))
			resp.Header.Set("Content-Encoding", "br")
			return resp, nil
		}))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://api.invalid/v1/x", http.NoBody)
		clienttest.RequireNoError(t, err)
		resp := c.SendOnce(t.Context(), client.Request{Operation: "chat request", MaxBody: 11, CutBody: true}, 0, time.Minute, req)
		if resp.Err != nil || len(resp.Body) != want {
			t.Errorf("%d bytes of %d, want %d: %v", len(resp.Body), length, want, resp.Err)
		}
	}
}

// A dripping body sends a byte at a time, with pauses.
type drippingBody struct {
	ctx   context.Context
	pause time.Duration
	left  int
}

func (b *drippingBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		b.pause = time.Hour
	}
	select {
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	case <-time.After(b.pause):
	}
	b.left--
	p[0] = ' '
	return 1, nil
}

func (*drippingBody) Close() error { return nil }

// A body that makes no progress is broken off, and one that only drips ends with the
// attempt and, for a read, with the two minutes.
func TestBodiesMustMakeProgress(t *testing.T) {
	for name, test := range map[string]struct {
		bytes int
		says  string
		took  time.Duration
	}{
		"stalled":  {3, "the response broke off: no byte of its body arrived for 20s (after 2 attempts)", 2*50*time.Second + 500*time.Millisecond},
		"dripping": {1 << 20, "not read within 2m0s, retries included (after 2 attempts)", 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
					resp := found(r)
					resp.Body = &drippingBody{r.Context(), 10 * time.Second, test.bytes}
					return resp, nil
				}, 1)
				start := time.Now()
				_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
				clienttest.RequireError(t, err, client.ErrUnavailable, fmt.Sprintf("read gateway: no response: %s", test.says))
				clienttest.RequireTook(t, start, test.took-250*time.Millisecond, test.took)
			})
		})
	}
}
