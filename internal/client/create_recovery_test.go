package client_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// stored answers a look for the gateway: it was made age ago, by the server's
// own clock, which need not be right.
func stored(age time.Duration, change fields) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
		o := object("demo", fields{"created_at": now.Add(-age).Format(time.RFC3339Nano)})
		maps.Copy(o, change)
		reply(200, envelope(o), "Date: "+now.Format(http.TimeFormat))(w, r)
	}
}

func withoutDate(a answer) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		a(dateless{w}, r)
	}
}

// dateless takes back a Date that an answer sets.
type dateless struct{ http.ResponseWriter }

func (w dateless) WriteHeader(status int) {
	w.Header()["Date"] = nil
	w.ResponseWriter.WriteHeader(status)
}

const (
	wasThere = "a gateway of this name was there before"
	notThere = "the gateway was looked for afterwards and is not there"
)

// lost are the ways in which an answer that may stand for success gets lost.
var lost = map[string]answer{
	"cut":              cut,
	"cut mid-body":     cutMidBody,
	"408":              reply(408, ""),
	"500":              reply(500, failure(7000, "internal")),
	"500 of a page":    reply(500, "<html>oops</html>"),
	"502":              reply(502, ""),
	"503":              reply(503, "", "Retry-After: 5"),
	"504":              reply(504, ""),
	"200 not JSON":     reply(200, "<html>welcome</html>"),
	"200 empty":        reply(200, ""),
	"204":              reply(204, ""),
	"200 without":      reply(200, `{"success":true}`),
	"200 null":         reply(200, `{"success":true,"result":null}`),
	"200 bad field":    reply(200, envelope(object("demo", fields{"cache_ttl": "soon"}))),
	"200 no id":        reply(200, envelope(object("", nil))),
	"200 not success":  reply(200, `{"success":false,"errors":[{"code":7000,"message":"hm"}]}`),
	"200 of no object": reply(200, envelope([]any{})),
}

// isUnreadable tells the answers that say success from no answer.
func isUnreadable(name string) bool { return strings.HasPrefix(name, "20") }

func create(t *testing.T, c *client.Client) (*gateways.Gateway, error) {
	t.Helper()
	return gateways.Create(t.Context(), c, account, "demo", settings())
}

func TestCreateRecoversLostAnswer(t *testing.T) {
	for name, answered := range lost {
		t.Run(name, func(t *testing.T) {
			server := serve(t, answered, stored(time.Second, nil))
			c, waits := newClient(t, server.URL)
			gateway, err := create(t, c)
			if err != nil {
				t.Fatal(err)
			}
			if gateway.ID != "demo" || gateway.CreatedAt.Year() != 2031 {
				t.Errorf("%+v", gateway)
			}
			server.requireSeen("POST ", "GET /demo")
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

func TestCreateRecoversSlowCreation(t *testing.T) {
	server := serve(t, cut, notFound, notFound, stored(0, nil))
	c, waits := newClient(t, server.URL)
	if _, err := create(t, c); err != nil {
		t.Fatal(err)
	}
	server.requireSeen("POST ", "GET /demo", "GET /demo", "GET /demo")
	if asked := waits.all(); !slices.Equal(asked, []time.Duration{time.Second, time.Second}) {
		t.Errorf("paused %v", asked)
	}
}

// The look itself is a request that is safe to repeat.
func TestCreateRecoveryRepeatsTheLook(t *testing.T) {
	server := serve(t, reply(502, ""), reply(502, ""), cut, stored(0, nil))
	c, _ := newClient(t, server.URL)
	if _, err := create(t, c); err != nil {
		t.Fatal(err)
	}
	server.requireSeen("POST ", "GET /demo", "GET /demo", "GET /demo")
}

func TestCreateLostAndNotThere(t *testing.T) {
	for name, answered := range lost {
		t.Run(name, func(t *testing.T) {
			server := serve(t, answered, notFound, notFound, notFound)
			c, waits := newClient(t, server.URL)
			gateway, err := create(t, c)
			if gateway != nil {
				t.Errorf("%+v", gateway)
			}
			// Who says success and has nothing to show is not the API.
			kind := client.ErrUnavailable
			if isUnreadable(name) {
				kind = client.ErrUnexpectedResponse
			}
			requireKind(t, err, kind)
			requireText(t, err.Error(), "create gateway: ", notThere)
			server.requireSeen("POST ", "GET /demo", "GET /demo", "GET /demo")
			if asked := waits.all(); len(asked) != 2 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

// A gateway that is there, but not demonstrably by this request, is not ours:
// taking it over would hand a stranger's gateway to this configuration, to be
// destroyed with it.
func TestCreateLostAndAnotherIsThere(t *testing.T) {
	for name, there := range map[string]answer{
		"old":                   stored(time.Hour, nil),
		"some seconds old":      stored(10*time.Second, nil),
		"caching differs":       stored(0, fields{"cache_ttl": 60}),
		"logging differs":       stored(0, fields{"collect_logs": false}),
		"authentication":        stored(0, fields{"authentication": false}),
		"no authentication":     stored(0, fields{"authentication": nil}),
		"technique differs":     stored(0, fields{"rate_limiting_technique": "sliding"}),
		"rate limiting differs": stored(0, fields{"rate_limiting_limit": 1, "rate_limiting_interval": 1}),
		"invalidation differs":  stored(0, fields{"cache_invalidate_on_update": true}),
		"no date":               withoutDate(stored(0, nil)),
		"bad date": func(w http.ResponseWriter, r *http.Request) {
			reply(200, envelope(object("demo", nil)), "Date: today")(w, r)
		},
		"no creation time": stored(0, fields{"created_at": nil}),
	} {
		for _, how := range []string{"cut", "504", "200 not JSON"} {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, lost[how], there)
				c, waits := newClient(t, server.URL)
				gateway, err := create(t, c)
				if gateway != nil {
					t.Errorf("taken over: %+v", gateway)
				}
				requireKind(t, err, client.ErrAlreadyExists)
				requireText(t, err.Error(), "create gateway: ", wasThere)
				server.requireSeen("POST ", "GET /demo")
				if asked := waits.all(); len(asked) != 0 {
					t.Errorf("paused %v", asked)
				}
			})
		}
	}
}

// What was not sent may be anything.
func TestCreateRecoveryComparesWhatWasSent(t *testing.T) {
	server := serve(t, cut, stored(0, fields{"rate_limiting_technique": "sliding", "authentication": false, "zdr": true, "log_management": 7}))
	c, _ := newClient(t, server.URL)
	gateway, err := gateways.Create(t.Context(), c, account, "demo", settings(func(s *gateways.Settings) {
		s.RateLimitingTechnique, s.Authentication = nil, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if *gateway.RateLimitingTechnique != "sliding" || *gateway.Authentication {
		t.Errorf("%+v", gateway)
	}
}

// Whole seconds of the header Date, and clocks that differ between the
// service's machines, are allowed for.
func TestCreateRecoveryAllowsForTheServersClock(t *testing.T) {
	for age, ours := range map[time.Duration]bool{-time.Hour: true, 0: true, 2 * time.Second: true, 4 * time.Second: false} {
		server := serve(t, cut, stored(age, nil))
		c, _ := newClient(t, server.URL)
		if _, err := create(t, c); ours != (err == nil) {
			t.Errorf("%s old: %v", age, err)
		}
	}
}

func TestCreateNameTaken(t *testing.T) {
	for name, refusal := range map[string]answer{
		"400 with 7001":      reply(400, failure(7001, "Gateway already exists")),
		"400 of other words": reply(400, failure(7001, "Required", "body", "cache_ttl")),
		"400 with no code":   reply(400, `{"success":false,"errors":[{"message":"taken"}]}`),
		"400 of a page":      reply(400, "<html></html>"),
		"409":                reply(409, failure(7006, "Conflict")),
		"409 with 5403":      reply(409, failure(5403, "duplicate")),
	} {
		for age, there := range map[string]answer{"old": stored(time.Hour, nil), "fresh and the same": stored(0, nil)} {
			t.Run(name+", "+age, func(t *testing.T) {
				server := serve(t, refusal, there)
				c, waits := newClient(t, server.URL)
				gateway, err := create(t, c)
				if gateway != nil {
					t.Errorf("taken over: %+v", gateway)
				}
				requireKind(t, err, client.ErrAlreadyExists)
				requireText(t, err.Error(), "create gateway: HTTP 4", wasThere)
				server.requireSeen("POST ", "GET /demo")
				if asked := waits.all(); len(asked) != 0 {
					t.Errorf("paused %v", asked)
				}
			})
		}
	}
}

// A name that is free leaves the refusal as it was, with its fields.
func TestCreateRefused(t *testing.T) {
	refusal := reply(400, `{"success":false,"errors":[
		{"code":7001,"message":"Number must be greater than or equal to 0","path":["body","cache_ttl"]},
		{"code":7001,"message":"Required","path":["body","collect_logs"]}]}`)
	server := serve(t, refusal, notFound)
	c, waits := newClient(t, server.URL)
	_, err := create(t, c)
	requireKind(t, err, client.ErrInvalid)
	var failed *client.Error
	if !errors.As(err, &failed) || len(failed.Items) != 2 || failed.Items[0].Field != "cache_ttl" || failed.Items[1].Field != "collect_logs" {
		t.Errorf("%+v", failed)
	}
	if strings.Contains(err.Error(), "there") {
		t.Error(err)
	}
	server.requireSeen("POST ", "GET /demo") // one look: what was refused does not appear later
	if asked := waits.all(); len(asked) != 0 {
		t.Errorf("paused %v", asked)
	}
}

// A refusal is the better message also where the look after it fails.
func TestCreateRefusedAndLookFails(t *testing.T) {
	server := serve(t, reply(400, failure(7001, "Required", "body", "cache_ttl")), reply(403, failure(10000, "Authentication error")))
	c, _ := newClient(t, server.URL)
	_, err := create(t, c)
	requireKind(t, err, client.ErrInvalid)
	requireText(t, err.Error(), "Required (code 7001, at cache_ttl)")
}

// What cannot have been carried out is not looked for.
func TestCreateFailsPlainly(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		kind   error
	}{
		"401":           {reply(401, failure(10000, "Authentication error")), client.ErrUnauthorized},
		"403":           {reply(403, failure(10000, "Authentication error")), client.ErrUnauthorized},
		"404":           {reply(404, failure(7003, "Could not route to /x")), client.ErrCouldNotRoute},
		"404 of a page": {reply(404, "<html></html>"), client.ErrUnexpectedResponse},
		"405":           {reply(405, failure(7001, "POST not supported for requested URI.")), client.ErrCouldNotRoute},
		"422":           {reply(422, failure(7007, "Unprocessable")), client.ErrInvalid},
		"302":           {reply(302, "", "Location: /login"), client.ErrUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answer)
			c, _ := newClient(t, server.URL)
			_, err := create(t, c)
			requireKind(t, err, test.kind)
			server.requireSeen("POST ")
		})
	}
}

// A create that was turned away each time was never carried out.
func TestCreateRateLimited(t *testing.T) {
	server := serve(t, repeat(3, reply(429, failure(971, "Please wait")))...)
	c, waits := newClient(t, server.URL, retries(2))
	_, err := create(t, c)
	requireKind(t, err, client.ErrRateLimited)
	requireText(t, err.Error(), "create gateway: HTTP 429 Too Many Requests: Please wait (code 971) (after 3 attempts)")
	server.requireSeen("POST ", "POST ", "POST ")
	if asked := waits.all(); len(asked) != 2 {
		t.Errorf("paused %v", asked)
	}
}

func TestCreateLostAndLookFails(t *testing.T) {
	for name, look := range map[string]answer{
		"refused":     reply(403, failure(10000, "Authentication error")),
		"a page":      reply(404, "<html></html>"),
		"no route":    reply(404, failure(7003, "Could not route")),
		"bad request": reply(400, ""),
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, cut, look)
			c, _ := newClient(t, server.URL)
			_, err := create(t, c)
			requireKind(t, err, client.ErrOutcomeUnknown)
			requireText(t, err.Error(), "create gateway: no response", "looking for the gateway afterwards failed as well: read gateway: HTTP 4")
			server.requireSeen("POST ", "GET /demo")
		})
	}
	t.Run("unavailable", func(t *testing.T) {
		server := serve(t, append([]answer{reply(502, "")}, repeat(3, reply(503, ""))...)...)
		c, _ := newClient(t, server.URL, retries(2))
		_, err := create(t, c)
		requireKind(t, err, client.ErrOutcomeUnknown)
		requireText(t, err.Error(), "create gateway: HTTP 502 Bad Gateway", "read gateway: HTTP 503 Service Unavailable (after 3 attempts)")
		server.requireSeen("POST ", "GET /demo", "GET /demo", "GET /demo")
	})
}

// Where every answer is somebody else's page, that is what the error says.
func TestCreateAtSomebodyElse(t *testing.T) {
	page := reply(200, "<html>Welcome to the guest network</html>")
	server := serve(t, page, page)
	c, _ := newClient(t, server.URL)
	_, err := create(t, c)
	requireKind(t, err, client.ErrUnexpectedResponse)
	requireText(t, err.Error(), "is the base URL right?")
	server.requireSeen("POST ", "GET /demo")
}

// An interrupt must not part state from service: the look outlives it.
func TestCreateInterrupted(t *testing.T) {
	for name, look := range map[string][]answer{
		"created":     {stored(0, nil)},
		"not created": {notFound, notFound, notFound},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			server := serve(t, append([]answer{func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
			}}, look...)...)
			c, _ := newClient(t, server.URL)
			gateway, err := gateways.Create(ctx, c, account, "demo", settings())
			if name == "created" {
				if err != nil || gateway.ID != "demo" {
					t.Errorf("%+v, %v", gateway, err)
				}
				server.requireSeen("POST ", "GET /demo")
				return
			}
			requireKind(t, err, client.ErrUnavailable)
			requireInterrupted(t, err, context.Canceled)
			requireText(t, err.Error(), notThere)
			server.requireSeen("POST ", "GET /demo", "GET /demo", "GET /demo")
		})
	}
}

// When the time for looking is up, nobody knows.
func TestCreateRecoveryEndsInTime(t *testing.T) {
	server := serve(t, cut, notFound)
	c, _ := newClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	})
	_, err := create(t, c)
	requireKind(t, err, client.ErrUnavailable)
	requireText(t, err.Error(), notThere)
	server.requireSeen("POST ", "GET /demo")
}
