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
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// The SDK would obey a header that asks to repeat any request.
func TestServersDoNotDecideWhatIsRepeated(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		for _, status := range []int{401, 422} {
			server, c := clienttest.Start(t, clienttest.Reply(status, clienttest.Failure(1, "no"), "X-Should-Retry: true", "Retry-After: 1", "Retry-After-Ms: 1"))
			if err := op.Call(t.Context(), c); err == nil {
				t.Errorf("%s: %d is no error", op.Name, status)
			}
			server.RequireRequests(op.Request)
			if asked := server.Waits(); len(asked) != 0 {
				t.Errorf("%s: paused %v", op.Name, asked)
			}
		}
	}
}

func TestRepeatsAfterStatus(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		for status, again := range map[int]bool{
			http.StatusRequestTimeout:      !op.IsPOST(),
			http.StatusTooManyRequests:     true, // turned away, so even a POST was not carried out
			http.StatusTooEarly:            true,
			http.StatusInternalServerError: !op.IsPOST(),
			http.StatusBadGateway:          !op.IsPOST(),
			http.StatusServiceUnavailable:  !op.IsPOST(),
			http.StatusGatewayTimeout:      !op.IsPOST(),
			522:                            !op.IsPOST(), // Cloudflare's own
			530:                            !op.IsPOST(),

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
			t.Run(fmt.Sprintf("%s %d", op.Method(), status), func(t *testing.T) {
				responses := []clienttest.Handler{clienttest.Reply(status, clienttest.Failure(1, "no"))}
				want := []string{op.Request}
				switch {
				case again:
					responses = append(responses, op.Success)
					want = append(want, op.Request)
				case op.IsPOST() && (status == 400 || status == 409):
					// Whether the name is taken takes a look.
					responses, want = append(responses, clienttest.NotFound), append(want, "GET /demo")
				case op.IsPOST() && (status == 408 || status >= 500):
					// Whether it was carried out takes a look, and it is sent again only then.
					responses, want = append(responses, clienttest.NotFound, clienttest.Forbidden), append(want, "GET /demo", op.Request)
					responses, want = append(responses, clienttest.Repeat(3, clienttest.NotFound)...), append(want, "GET /demo", "GET /demo", "GET /demo")
				}
				server, c := clienttest.Start(t, responses...)
				err := op.Call(t.Context(), c)
				if again != (err == nil) {
					t.Errorf("error: %v", err)
				}
				server.RequireRequests(want...)
				if asked := len(server.Waits()); again && asked != 1 {
					t.Errorf("%d pauses", asked)
				}
			})
		}
	}
}

func TestRepeatsAfterBrokenConnection(t *testing.T) {
	for name, broken := range map[string]clienttest.Handler{"before the response": clienttest.Cut, "within the response": clienttest.CutMidBody} {
		for _, op := range clienttest.GatewayOperations {
			if op.IsPOST() {
				continue
			}
			t.Run(op.Name+" "+name, func(t *testing.T) {
				server, c := clienttest.Start(t, broken, broken, op.Success)
				clienttest.RequireNoError(t, op.Call(t.Context(), c))
				server.RequireRequests(op.Request, op.Request, op.Request)
				server.RequireWaits(2)
			})
		}
	}
}

// A POST on a connection that served requests before must not be repeated either.
// net/http has its own rules for that.
func TestPostIsNotRepeatedOnReusedConnection(t *testing.T) {
	server, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.Transport, cfg.MaxRetries = nil, 0 }, clienttest.GatewayReply("demo", nil), clienttest.Cut, clienttest.NotFound, clienttest.NotFound, clienttest.NotFound)
	clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
	clienttest.RequireKind(t, clienttest.ErrorOf(gateways.Create(t.Context(), c, clienttest.Account, "demo", clienttest.GatewaySettings())), client.ErrUnavailable)
	server.RequireRequests("GET /demo", "POST ", "GET /demo", "GET /demo", "GET /demo")
}

// An operating system reports connections that broke and connections that were never
// established in the same form. Only the latter rule out that a POST arrived.
func TestPostIsNotRepeatedWhereItMayHaveArrived(t *testing.T) {
	for _, op := range []string{"read", "write"} {
		t.Run(op, func(t *testing.T) {
			posts := 0
			c, _ := clienttest.New(t, "http://api.invalid", clienttest.Over(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					posts++
					return nil, &net.OpError{Op: op, Net: "tcp", Err: syscall.ECONNRESET}
				}
				return clienttest.HTTPResponse(r, 403, clienttest.Failure(10000, "Authentication error")), nil
			}))
			clienttest.RequireKind(t, clienttest.ErrorOf(gateways.Create(t.Context(), c, clienttest.Account, "demo", clienttest.GatewaySettings())), client.ErrOutcomeUnknown)
			if posts != 1 {
				t.Errorf("%d posts", posts)
			}
		})
	}
}

// flakyDial fails the first n connections like an operating system.
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

func TestRepeatsWithoutConnection(t *testing.T) {
	for name, cause := range map[string]error{
		"refused":      &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"name unknown": &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.invalid", IsNotFound: true}},
		"resolver":     &net.DNSError{Err: "server misbehaving", Name: "api.invalid", IsTemporary: true},
	} {
		for _, op := range clienttest.GatewayOperations {
			t.Run(op.Name+" "+name, func(t *testing.T) {
				server, c := clienttest.StartWith(t, flakyDial(2, cause), op.Success)
				clienttest.RequireNoError(t, op.Call(t.Context(), c))
				server.RequireRequests(op.Request)
				server.RequireWaits(2)

				server = clienttest.Serve(t)
				c, waits := clienttest.New(t, server.URL, flakyDial(100, cause), clienttest.Retries(3))
				clienttest.RequireError(t, op.Call(t.Context(), c), client.ErrUnavailable, op.Name+": no response", cause.Error(), "(after 4 attempts)")
				server.RequireRequests()
				waits.RequireCount(t, 3)
			})
		}
	}
}

// Another attempt does not help if the server is not trusted, or is not the one of the
// URL.
func TestDoesNotRepeatPermanentErrors(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshakes that fail
	secure.StartTLS()
	defer secure.Close()
	plain := clienttest.Serve(t)
	for name, test := range map[string]struct{ url, says string }{
		"unknown authority": {secure.URL, x509.UnknownAuthorityError{}.Error()},
		"http at https":     {strings.Replace(plain.URL, "http://", "https://", 1), http.ErrSchemeMismatch.Error()},
	} {
		for _, op := range clienttest.GatewayOperations {
			t.Run(op.Name+" "+name, func(t *testing.T) {
				c, waits := clienttest.New(t, test.url)
				err := op.Call(t.Context(), c)
				clienttest.RequireError(t, err, client.ErrUnavailable, op.Name+": no response", test.says)
				waits.RequireCount(t, 0)
				var failed *client.Error
				if !errors.As(err, &failed) || failed.Attempts != 1 {
					t.Errorf("%+v", failed)
				}
			})
		}
	}
	plain.RequireRequests()
}

func TestRetriesAreCounted(t *testing.T) {
	for _, n := range []int{0, 1, 4} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.Retries(n), clienttest.Repeat(n+1, clienttest.Reply(503, clienttest.Failure(7011, "Service Unavailable")))...)
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			clienttest.RequireKind(t, err, client.ErrUnavailable)
			var failed *client.Error
			if !errors.As(err, &failed) || failed.Attempts != n+1 || failed.Status != 503 {
				t.Errorf("%+v", failed)
			}
			if says := strings.Contains(err.Error(), fmt.Sprintf("(after %d attempts)", n+1)); says != (n > 0) {
				t.Error(err)
			}
			server.RequireRequests(slices.Repeat([]string{"GET /demo"}, n+1)...)
			server.RequireWaits(n)
		})
	}
}

func TestBackoffGrowsWithinBounds(t *testing.T) {
	longest := []time.Duration{500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000, 8000, 8000}
	server, c := clienttest.StartWith(t, clienttest.Retries(len(longest)), clienttest.Repeat(len(longest)+1, clienttest.Reply(500, ""))...)
	if _, err := gateways.Get(t.Context(), c, clienttest.Account, "demo"); err == nil {
		t.Fatal("the error is nil")
	}
	for i, pause := range server.Waits() {
		// Half of it is random.
		if limit := longest[i] * time.Millisecond; pause < limit/2 || pause > limit {
			t.Errorf("pause %d is %s, not within %s and %s", i+1, pause, limit/2, limit)
		}
	}
}

// Resources that fail together must not retry together.
func TestBackoffIsSpread(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 20 {
		server, c := clienttest.Start(t, clienttest.Reply(500, ""), clienttest.GatewayReply("demo", nil))
		clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
		seen[server.Waits()[0]] = true
	}
	if len(seen) < 2 {
		t.Error("all pauses are the same")
	}
}

func TestRetryAfter(t *testing.T) {
	const backoffMin, backoffMax = 250 * time.Millisecond, 500 * time.Millisecond
	const date = "a date in "
	const longest = 6 * time.Minute // for a 429; a server that fails is waited for a minute at most
	for name, test := range map[string]struct {
		value    string
		min, max time.Duration
	}{
		"seconds":           {"7", 7 * time.Second, 7 * time.Second},
		"a minute":          {"60", time.Minute, time.Minute},
		"five minutes":      {"300", 5 * time.Minute, 5 * time.Minute},
		"absurd":            {"999999999999", longest, longest},
		"beyond 64 bits":    {"99999999999999999999999", longest, longest},
		"a date":            {date + "30s", 30 * time.Second, 30 * time.Second},
		"a date next year":  {date + "9000h", longest, longest},
		"a date gone by":    {date + "-1h", backoffMin, backoffMax},
		"zero":              {"0", backoffMin, backoffMax},
		"negative":          {"-5", backoffMin, backoffMax},
		"absurdly negative": {"-99999999999999999999999", backoffMin, backoffMax},
		"a fraction":        {"1.5", backoffMin, backoffMax},
		"garbage":           {"soon", backoffMin, backoffMax},
		"empty":             {"", backoffMin, backoffMax},
	} {
		for _, status := range []int{429, 503} {
			if status == 503 {
				test.min, test.max = min(test.min, time.Minute), min(test.max, time.Minute)
			}
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				// In a bubble the clock stands still while the client computes.
				synctest.Test(t, func(t *testing.T) {
					value := test.value
					if in, ok := strings.CutPrefix(value, date); ok {
						d, err := time.ParseDuration(in)
						clienttest.RequireNoError(t, err)
						value = time.Now().Add(d).UTC().Format(http.TimeFormat)
					}
					attempts := 0
					c, waits := clienttest.New(t, "http://api.invalid", clienttest.Over(func(r *http.Request) (*http.Response, error) {
						if attempts++; attempts > 1 {
							return clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", nil))), nil
						}
						response := clienttest.HTTPResponse(r, status, "")
						response.Header.Set("Retry-After", value)
						return response, nil
					}))
					clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
					if waited := waits.All(); len(waited) != 1 || waited[0] < test.min || waited[0] > test.max {
						t.Errorf("waited %v, want %s to %s", waited, test.min, test.max)
					}
				})
			})
		}
	}
}

// The header also applies to a POST that was refused.
func TestRetryAfterOfPost(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(429, "", "Retry-After: 3"), clienttest.GatewayReply("demo", nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Create(t.Context(), c, clienttest.Account, "demo", clienttest.GatewaySettings())))
	server.RequireRequests("POST ", "POST ")
	server.RequireWaitsOf(3 * time.Second)
}
