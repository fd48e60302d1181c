package gateways_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// stored returns a response with the gateway, of this age by the server's clock, which
// need not be right.
func stored(age time.Duration, change clienttest.Fields) clienttest.Handler {
	return func(w http.ResponseWriter, r *http.Request) {
		now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
		o := clienttest.Gateway("demo", clienttest.Fields{"created_at": now.Add(-age).Format(time.RFC3339Nano)})
		maps.Copy(o, change)
		clienttest.Reply(200, clienttest.Envelope(o), "Date: "+now.Format(http.TimeFormat))(w, r)
	}
}

func TestCreateRecovery(t *testing.T) {
	clienttest.Creation{
		Name: "create gateway", Request: "POST ", Noun: "gateway", Lost: clienttest.Lost,
		Looks: client.ReadLooks, Look: []string{"GET /demo"}, LookName: "read gateway",
		Found: stored(time.Second, nil), Missing: clienttest.NotFound, WasThere: clienttest.WasThere,
		Created: stored(0, nil), Taken: clienttest.Reply(400, clienttest.Failure(7001, "Gateway already exists")), NameFields: []string{"id"},
		Others: map[string]clienttest.Handler{
			"old":                   stored(time.Hour, nil),
			"some seconds old":      stored(10*time.Second, nil),
			"caching differs":       stored(0, clienttest.Fields{"cache_ttl": 60}),
			"logging differs":       stored(0, clienttest.Fields{"collect_logs": false}),
			"authentication":        stored(0, clienttest.Fields{"authentication": false}),
			"no authentication":     stored(0, clienttest.Fields{"authentication": nil}),
			"technique differs":     stored(0, clienttest.Fields{"rate_limiting_technique": "sliding"}),
			"rate limiting differs": stored(0, clienttest.Fields{"rate_limiting_limit": 1, "rate_limiting_interval": 1}),
			"invalidation differs":  stored(0, clienttest.Fields{"cache_invalidate_on_update": true}),
			"no date":               clienttest.WithoutDate(stored(0, nil)),
			"bad date": func(w http.ResponseWriter, r *http.Request) {
				clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", nil)), "Date: today")(w, r)
			},
			"no creation time": stored(0, clienttest.Fields{"created_at": nil}),
		},
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			gateway, err := gateways.Create(ctx, c, clienttest.Account, "demo", clienttest.GatewaySettings())
			if (gateway == nil) != (err != nil) || gateway != nil && (gateway.ID != "demo" || gateway.CreatedAt.Year() != 2031) {
				t.Errorf("%+v, %v", gateway, err)
			}
			return err
		},
	}.TestRecovery(t)
}

func TestCreateRecoversSlowCreation(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.Retries(0), clienttest.Cut, clienttest.NotFound, clienttest.NotFound, stored(0, nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(clienttest.CreateGateway(t, c)))
	server.RequireRequests("POST ", "GET /demo", "GET /demo", "GET /demo")
	server.RequireWaitsOf([]time.Duration{time.Second, time.Second}...)
}

// Settings that were not sent may have any value.
func TestCreateRecoveryComparesWhatWasSent(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Cut, stored(0, clienttest.Fields{"rate_limiting_technique": "sliding", "authentication": false, "zdr": true, "log_management": 7}))
	gateway, err := gateways.Create(t.Context(), c, clienttest.Account, "demo", clienttest.GatewaySettings(func(s *gateways.Settings) {
		s.RateLimitingTechnique, s.Authentication = nil, nil
	}))
	clienttest.RequireNoError(t, err)
	if *gateway.RateLimitingTechnique != "sliding" || *gateway.Authentication {
		t.Errorf("%+v", gateway)
	}
}

// The header Date has whole seconds, and the clocks of the service's machines differ.
func TestCreateRecoveryAllowsForTheServersClock(t *testing.T) {
	for age, ours := range map[time.Duration]bool{-time.Hour: true, 0: true, 2 * time.Second: true, 4 * time.Second: false} {
		_, c := clienttest.Start(t, clienttest.Cut, stored(age, nil))
		if _, err := clienttest.CreateGateway(t, c); ours != (err == nil) {
			t.Errorf("%s old: %v", age, err)
		}
	}
}

func TestCreateNameTaken(t *testing.T) {
	for name, refusal := range map[string]clienttest.Handler{
		"400 with 7001":      clienttest.Reply(400, clienttest.Failure(7001, "Gateway already exists")),
		"400 of other words": clienttest.Reply(400, clienttest.Failure(7001, "Required", "body", "cache_ttl")),
		"400 with no code":   clienttest.Reply(400, `{"success":false,"errors":[{"message":"taken"}]}`),
		"400 of a page":      clienttest.Reply(400, "<html></html>"),
		"409":                clienttest.Reply(409, clienttest.Failure(7006, "Conflict")),
		"409 with 5403":      clienttest.Reply(409, clienttest.Failure(5403, "duplicate")),
	} {
		for age, there := range map[string]clienttest.Handler{"old": stored(time.Hour, nil), "fresh and the same": stored(0, nil)} {
			t.Run(name+", "+age, func(t *testing.T) {
				server, c := clienttest.Start(t, refusal, there)
				gateway, err := clienttest.CreateGateway(t, c)
				clienttest.RequireNil(t, gateway)
				clienttest.RequireError(t, err, client.ErrAlreadyExists, "create gateway: HTTP 4", clienttest.WasThere)
				server.RequireRequests("POST ", "GET /demo")
				server.RequireWaits(0)
			})
		}
	}
}

// If the name is free, the refusal stays as it was, with its fields.
func TestCreateRefused(t *testing.T) {
	refusal := clienttest.Reply(400, `{"success":false,"errors":[
		{"code":7001,"message":"Number must be greater than or equal to 0","path":["body","cache_ttl"]},
		{"code":7001,"message":"Required","path":["body","collect_logs"]}]}`)
	server, c := clienttest.Start(t, refusal, clienttest.NotFound)
	_, err := clienttest.CreateGateway(t, c)
	clienttest.RequireKind(t, err, client.ErrInvalid)
	var failed *client.Error
	if !errors.As(err, &failed) || len(failed.Items) != 2 || failed.Items[0].Field != "cache_ttl" || failed.Items[1].Field != "collect_logs" {
		t.Errorf("%+v", failed)
	}
	if strings.Contains(err.Error(), "there") {
		t.Error(err)
	}
	server.RequireRequests("POST ", "GET /demo") // one look: what was refused does not appear later
	server.RequireWaits(0)
}

// The refusal is the better message even if the look fails.
func TestCreateRefusedAndLookFails(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(400, clienttest.Failure(7001, "Required", "body", "cache_ttl")), clienttest.Forbidden)
	clienttest.RequireError(t, clienttest.ErrorOf(clienttest.CreateGateway(t, c)), client.ErrInvalid, "Required (code 7001, at cache_ttl)")
}

// A create that cannot have been applied is not looked for.
func TestCreateFailsPlainly(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
	}{
		"401":           {clienttest.Reply(401, clienttest.Failure(10000, "Authentication error")), client.ErrUnauthorized},
		"403":           {clienttest.Forbidden, client.ErrUnauthorized},
		"404":           {clienttest.Reply(404, clienttest.Failure(7003, "Could not route to /x")), client.ErrCouldNotRoute},
		"404 of a page": {clienttest.Reply(404, "<html></html>"), client.ErrUnexpectedResponse},
		"405":           {clienttest.Reply(405, clienttest.Failure(7001, "POST not supported for requested URI.")), client.ErrCouldNotRoute},
		"422":           {clienttest.Reply(422, clienttest.Failure(7007, "Unprocessable")), client.ErrInvalid},
		"302":           {clienttest.Reply(302, "", "Location: /login"), client.ErrUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.response)
			clienttest.RequireKind(t, clienttest.ErrorOf(clienttest.CreateGateway(t, c)), test.kind)
			server.RequireRequests("POST ")
		})
	}
}

// A create that was refused for its rate was never applied.
func TestCreateRateLimited(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.Retries(2), clienttest.Repeat(3, clienttest.Reply(429, clienttest.Failure(971, "Please wait")))...)
	clienttest.RequireError(t, clienttest.ErrorOf(clienttest.CreateGateway(t, c)), client.ErrRateLimited, "create gateway: HTTP 429 Too Many Requests: Please wait (code 971) (after 3 attempts)")
	server.RequireRequests("POST ", "POST ", "POST ")
	server.RequireWaits(2)
}
