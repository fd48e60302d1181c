package client_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// The SDK would heed a header that asks for a repetition of anything.
func TestServersDoNotDecideWhatIsRepeated(t *testing.T) {
	for _, op := range operations {
		for _, status := range []int{401, 422} {
			server := serve(t, reply(status, failure(1, "no"), "X-Should-Retry: true", "Retry-After: 1", "Retry-After-Ms: 1"))
			c, waits := newClient(t, server.URL)
			if err := op.do(t.Context(), c); err == nil {
				t.Errorf("%s: %d is no error", op.name, status)
			}
			server.requireSeen(op.request)
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("%s: paused %v", op.name, asked)
			}
		}
	}
}

// isSafe tells which operations may be repeated after anything that may pass.
func isSafe(method string) bool { return method != "POST" }

func TestRepeatsAfterStatus(t *testing.T) {
	for _, op := range operations {
		for status, again := range map[int]bool{
			http.StatusRequestTimeout:      isSafe(op.method),
			http.StatusTooManyRequests:     true, // turned away, so even a POST was not carried out
			http.StatusInternalServerError: isSafe(op.method),
			http.StatusBadGateway:          isSafe(op.method),
			http.StatusServiceUnavailable:  isSafe(op.method),
			http.StatusGatewayTimeout:      isSafe(op.method),
			522:                            isSafe(op.method), // Cloudflare's own
			530:                            isSafe(op.method),

			http.StatusMultipleChoices:     false,
			http.StatusMovedPermanently:    false,
			http.StatusFound:               false,
			http.StatusNotModified:         false,
			http.StatusTemporaryRedirect:   false,
			http.StatusBadRequest:          false,
			http.StatusUnauthorized:        false,
			http.StatusForbidden:           false,
			http.StatusMethodNotAllowed:    false,
			http.StatusConflict:            false,
			http.StatusGone:                false,
			http.StatusUnprocessableEntity: false,
		} {
			t.Run(fmt.Sprintf("%s %d", op.method, status), func(t *testing.T) {
				answers := []answer{reply(status, failure(1, "no"))}
				want := []string{op.request}
				switch {
				case again:
					answers = append(answers, success(op.name))
					want = append(want, op.request)
				case op.method == "POST" && (status == 400 || status == 409):
					// Whether the name is taken takes a look.
					answers, want = append(answers, notFound), append(want, "GET /demo")
				case op.method == "POST" && (status == 408 || status >= 500):
					// Whether it was carried out takes three looks.
					answers, want = append(answers, repeat(3, notFound)...), append(want, "GET /demo", "GET /demo", "GET /demo")
				}
				server := serve(t, answers...)
				c, waits := newClient(t, server.URL)
				err := op.do(t.Context(), c)
				if again != (err == nil) {
					t.Errorf("error: %v", err)
				}
				server.requireSeen(want...)
				if asked := len(waits.all()); again && asked != 1 {
					t.Errorf("%d pauses", asked)
				}
			})
		}
	}
}

func TestRepeatsAfterBrokenConnection(t *testing.T) {
	for name, broken := range map[string]answer{"before the answer": cut, "within the answer": cutMidBody} {
		for _, op := range operations {
			if !isSafe(op.method) {
				continue
			}
			t.Run(op.name+" "+name, func(t *testing.T) {
				server := serve(t, broken, broken, success(op.name))
				c, waits := newClient(t, server.URL)
				if err := op.do(t.Context(), c); err != nil {
					t.Error(err)
				}
				server.requireSeen(op.request, op.request, op.request)
				if asked := len(waits.all()); asked != 2 {
					t.Errorf("%d pauses", asked)
				}
			})
		}
	}
}

// A POST on a connection that served requests before must not be repeated
// either: net/http has rules of its own there.
func TestPostIsNotRepeatedOnReusedConnection(t *testing.T) {
	server := serve(t, success("read gateway"), cut, notFound, notFound, notFound)
	c, _ := newClient(t, server.URL, func(cfg *client.Config) { cfg.Transport = nil })
	if _, err := gateways.Get(t.Context(), c, account, "demo"); err != nil {
		t.Fatal(err)
	}
	_, err := gateways.Create(t.Context(), c, account, "demo", settings())
	requireKind(t, err, client.ErrUnavailable)
	server.requireSeen("GET /demo", "POST ", "GET /demo", "GET /demo", "GET /demo")
}

// An operating system tells of connections that broke and of such that never
// came about in the same form; only the latter rule out that a POST arrived.
func TestPostIsNotRepeatedWhereItMayHaveArrived(t *testing.T) {
	for _, op := range []string{"read", "write", "proxyconnect"} {
		t.Run(op, func(t *testing.T) {
			posts := 0
			c, _ := newClient(t, "http://api.invalid", over(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					posts++
					return nil, &net.OpError{Op: op, Net: "tcp", Err: syscall.ECONNRESET}
				}
				return response(r, 403, failure(10000, "Authentication error")), nil
			}))
			_, err := gateways.Create(t.Context(), c, account, "demo", settings())
			requireKind(t, err, client.ErrOutcomeUnknown)
			if posts != 1 {
				t.Errorf("%d posts", posts)
			}
		})
	}
}

// flakyDial fails the first n connections as an operating system does.
func flakyDial(n int, cause error) func(*client.Config) {
	return func(cfg *client.Config) {
		dials := 0
		cfg.Transport = &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if dials++; dials <= n {
					return nil, cause
				}
				return new(net.Dialer).DialContext(ctx, network, address)
			},
		}
	}
}

func TestRepeatsWhereNoConnectionCameAbout(t *testing.T) {
	for name, cause := range map[string]error{
		"refused":      &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"name unknown": &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.invalid", IsNotFound: true}},
		"resolver":     &net.DNSError{Err: "server misbehaving", Name: "api.invalid", IsTemporary: true},
	} {
		for _, op := range operations {
			t.Run(op.name+" "+name, func(t *testing.T) {
				server := serve(t, success(op.name))
				c, waits := newClient(t, server.URL, flakyDial(2, cause))
				if err := op.do(t.Context(), c); err != nil {
					t.Error(err)
				}
				server.requireSeen(op.request)
				if asked := len(waits.all()); asked != 2 {
					t.Errorf("%d pauses", asked)
				}

				server = serve(t)
				c, waits = newClient(t, server.URL, flakyDial(100, cause), retries(3))
				err := op.do(t.Context(), c)
				requireKind(t, err, client.ErrUnavailable)
				requireText(t, err.Error(), op.name+": no response", cause.Error(), "(after 4 attempts)")
				server.requireSeen()
				if asked := len(waits.all()); asked != 3 {
					t.Errorf("%d pauses", asked)
				}
			})
		}
	}
}

// Nothing gets better by trying again where the server is not trusted, or is
// not the one that the URL says.
func TestDoesNotRepeatWhatIsHopeless(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshakes that fail
	secure.StartTLS()
	defer secure.Close()
	plain := serve(t)
	for name, test := range map[string]struct{ url, says string }{
		"unknown authority": {secure.URL, x509.UnknownAuthorityError{}.Error()},
		"http at https":     {strings.Replace(plain.URL, "http://", "https://", 1), http.ErrSchemeMismatch.Error()},
	} {
		for _, op := range operations {
			t.Run(op.name+" "+name, func(t *testing.T) {
				c, waits := newClient(t, test.url)
				err := op.do(t.Context(), c)
				requireKind(t, err, client.ErrUnavailable)
				requireText(t, err.Error(), op.name+": no response", test.says)
				if asked := waits.all(); len(asked) != 0 {
					t.Errorf("paused %v", asked)
				}
				var failed *client.Error
				if !errors.As(err, &failed) || failed.Attempts != 1 {
					t.Errorf("%+v", failed)
				}
			})
		}
	}
	plain.requireSeen()
}

func TestRetriesAreCounted(t *testing.T) {
	for _, n := range []int{0, 1, 4} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			server := serve(t, repeat(n+1, reply(503, failure(7011, "Service Unavailable")))...)
			c, waits := newClient(t, server.URL, retries(n))
			_, err := gateways.Get(t.Context(), c, account, "demo")
			requireKind(t, err, client.ErrUnavailable)
			var failed *client.Error
			if !errors.As(err, &failed) || failed.Attempts != n+1 || failed.Status != 503 {
				t.Errorf("%+v", failed)
			}
			if says := strings.Contains(err.Error(), fmt.Sprintf("(after %d attempts)", n+1)); says != (n > 0) {
				t.Error(err)
			}
			server.requireSeen(slices.Repeat([]string{"GET /demo"}, n+1)...)
			if asked := len(waits.all()); asked != n {
				t.Errorf("%d pauses", asked)
			}
		})
	}
}

func TestBackoffGrowsWithinBounds(t *testing.T) {
	longest := []time.Duration{500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000, 8000, 8000}
	server := serve(t, repeat(len(longest)+1, reply(500, ""))...)
	c, waits := newClient(t, server.URL, retries(len(longest)))
	if _, err := gateways.Get(t.Context(), c, account, "demo"); err == nil {
		t.Fatal("there is no error")
	}
	for i, pause := range waits.all() {
		// Half of it is fixed and half of it is left to chance.
		if limit := longest[i] * time.Millisecond; pause < limit/2 || pause > limit {
			t.Errorf("pause %d is %s, not within %s and %s", i+1, pause, limit/2, limit)
		}
	}
}

// Many resources that fail together must not come back together.
func TestBackoffIsSpread(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 20 {
		server := serve(t, reply(500, ""), success("read gateway"))
		c, waits := newClient(t, server.URL)
		if _, err := gateways.Get(t.Context(), c, account, "demo"); err != nil {
			t.Fatal(err)
		}
		seen[waits.all()[0]] = true
	}
	if len(seen) < 2 {
		t.Error("all pauses are the same")
	}
}

func TestRetryAfter(t *testing.T) {
	const backoffMin, backoffMax = 250 * time.Millisecond, 500 * time.Millisecond
	const date = "a date in "
	for name, test := range map[string]struct {
		value    string
		min, max time.Duration
	}{
		"seconds":           {"7", 7 * time.Second, 7 * time.Second},
		"a minute":          {"60", time.Minute, time.Minute},
		"five minutes":      {"300", time.Minute, time.Minute},
		"absurd":            {"999999999999", time.Minute, time.Minute},
		"beyond 64 bits":    {"99999999999999999999999", time.Minute, time.Minute},
		"a date":            {date + "30s", 25 * time.Second, 30 * time.Second},
		"a date next year":  {date + "9000h", time.Minute, time.Minute},
		"a date gone by":    {date + "-1h", backoffMin, backoffMax},
		"zero":              {"0", backoffMin, backoffMax},
		"negative":          {"-5", backoffMin, backoffMax},
		"absurdly negative": {"-99999999999999999999999", backoffMin, backoffMax},
		"a fraction":        {"1.5", backoffMin, backoffMax},
		"garbage":           {"soon", backoffMin, backoffMax},
		"empty":             {"", backoffMin, backoffMax},
	} {
		for _, status := range []int{429, 503} {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				value := test.value
				if in, ok := strings.CutPrefix(value, date); ok {
					d, err := time.ParseDuration(in)
					if err != nil {
						t.Fatal(err)
					}
					value = time.Now().Add(d).UTC().Format(http.TimeFormat)
				}
				server := serve(t, reply(status, "", "Retry-After: "+value), success("read gateway"))
				c, waits := newClient(t, server.URL)
				if _, err := gateways.Get(t.Context(), c, account, "demo"); err != nil {
					t.Fatal(err)
				}
				if asked := waits.all(); len(asked) != 1 || asked[0] < test.min || asked[0] > test.max {
					t.Errorf("paused %v, want %s to %s", asked, test.min, test.max)
				}
			})
		}
	}
}

// The same header decides about a POST that was turned away.
func TestRetryAfterOfPost(t *testing.T) {
	server := serve(t, reply(429, "", "Retry-After: 3"), success("create gateway"))
	c, waits := newClient(t, server.URL)
	if _, err := gateways.Create(t.Context(), c, account, "demo", settings()); err != nil {
		t.Fatal(err)
	}
	server.requireSeen("POST ", "POST ")
	if asked := waits.all(); len(asked) != 1 || asked[0] != 3*time.Second {
		t.Errorf("paused %v", asked)
	}
}
