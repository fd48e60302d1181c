package gateways_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// guarded returns settings with a feature, so that a create is a POST and a PUT.
func guarded() gateways.Settings {
	return clienttest.GatewaySettings(func(s *gateways.Settings) {
		s.Guardrails = &gateways.Guardrails{Prompt: map[string]string{"S1": "BLOCK"}}
	})
}

var (
	posted  = clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", nil)))
	put     = clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"guardrails": clienttest.Fields{"prompt": clienttest.Fields{"S1": "BLOCK"}, "response": clienttest.Fields{}}})))
	deleted = clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", nil)))
)

const (
	undone = "the gateway had just been created and was deleted again, since its features could not be set"
	stays  = "deleting it again failed as well"
	lacks  = ", without the features that the configuration asks for"
)

func createGuarded(t *testing.T, c *client.Client) (*gateways.Gateway, error) {
	t.Helper()
	return gateways.Create(t.Context(), c, clienttest.Account, "demo", guarded())
}

func requireGuarded(t *testing.T, gateway *gateways.Gateway, err error) {
	t.Helper()
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, guarded().Guardrails.Prompt, gateway.Guardrails.Prompt)
}

func TestCreateWithFeatures(t *testing.T) {
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		want      []string
	}{
		"plainly":                {[]clienttest.Handler{posted, put}, []string{"POST ", "PUT /demo"}},
		"PUT repeated":           {[]clienttest.Handler{posted, clienttest.Cut, clienttest.Reply(500, ""), clienttest.CutMidBody, put}, []string{"POST ", "PUT /demo", "PUT /demo", "PUT /demo", "PUT /demo"}},
		"both too many":          {[]clienttest.Handler{clienttest.Reply(429, ""), posted, clienttest.Reply(429, ""), put}, []string{"POST ", "POST ", "PUT /demo", "PUT /demo"}},
		"POST lost":              {[]clienttest.Handler{clienttest.Cut, stored(0, nil), put}, []string{"POST ", "GET /demo", "PUT /demo"}},
		"POST lost, slow":        {[]clienttest.Handler{clienttest.Reply(504, ""), clienttest.NotFound, clienttest.Reply(400, clienttest.Failure(7001, "exists")), stored(0, nil), put}, []string{"POST ", "GET /demo", "POST ", "GET /demo", "PUT /demo"}},
		"POST lost, PUT too":     {[]clienttest.Handler{clienttest.Reply(200, "<html>"), stored(0, nil), clienttest.Cut, put}, []string{"POST ", "GET /demo", "PUT /demo", "PUT /demo"}},
		"POST does it all":       {[]clienttest.Handler{put, put}, []string{"POST ", "PUT /demo"}},
		"another gateway":        {[]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo-7", nil))), stored(0, nil), put}, []string{"POST ", "GET /demo", "PUT /demo"}},
		"DLP that was on before": {[]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"dlp": clienttest.Fields{"enabled": true}}))), put}, []string{"POST ", "PUT /demo"}},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			gateway, err := createGuarded(t, c)
			requireGuarded(t, gateway, err)
			server.RequireRequests(test.want...)
			// A feature that a service enables by itself is switched off.
			sent := server.Seen()[len(test.want)-1].Body
			if on := strings.HasPrefix(name, "DLP"); strings.Contains(sent, wireDLPOff) != on {
				t.Error(sent)
			}
		})
	}
}

// refusedPuts are the ways in which the PUT of a create fails, and how often it is
// sent with two retries.
var refusedPuts = map[string]struct {
	response clienttest.Handler
	times    int
	kind     error
	says     string
}{
	"400":           {clienttest.Reply(400, clienttest.Failure(7001, "Invalid", "body", "guardrails", "prompt", "S1")), 1, client.ErrInvalid, "HTTP 400 Bad Request: Invalid (code 7001, at guardrails.prompt.S1)"},
	"403":           {clienttest.Forbidden, 1, client.ErrUnauthorized, "HTTP 403 Forbidden"},
	"404":           {clienttest.NotFound, 5, client.ErrUnavailable, "HTTP 404 Not Found"},
	"409":           {clienttest.Reply(409, clienttest.Failure(7006, "Conflict")), 1, client.ErrInvalid, "HTTP 409 Conflict"},
	"cut":           {clienttest.Cut, 3, client.ErrUnavailable, "no response"},
	"cut mid-body":  {clienttest.CutMidBody, 3, client.ErrUnavailable, "no response"},
	"500":           {clienttest.Reply(500, clienttest.Failure(7000, "internal")), 3, client.ErrUnavailable, "HTTP 500 Internal Server Error: internal (code 7000)"},
	"429":           {clienttest.Reply(429, ""), 3, client.ErrRateLimited, "HTTP 429 Too Many Requests"},
	"200 of a page": {clienttest.Reply(200, clienttest.Page404), 1, client.ErrUnexpectedResponse, "is the base URL right?"},
	"200 unread":    {clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"guardrails": 7}))), 1, client.ErrUnexpectedResponse, "guardrails is a number"},
	"not success":   {clienttest.Reply(200, clienttest.Failure(7001, "no")), 1, client.ErrUnexpectedResponse, "no (code 7001)"},
}

// A gateway that the service does not find yet is waited for, by the client's clock.
func TestCreateWaitsForNewGateway(t *testing.T) {
	for name, test := range map[string]struct {
		times int
		waits time.Duration
	}{"once": {1, 500 * time.Millisecond}, "for two seconds": {4, 2 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, slices.Concat([]clienttest.Handler{posted}, clienttest.Repeat(test.times, clienttest.NotFound), []clienttest.Handler{put})...)
			gateway, err := createGuarded(t, c)
			requireGuarded(t, gateway, err)
			server.RequireRequests(puts(test.times + 1)...)
			clienttest.RequireEqual(t, test.waits, server.Waited())
		})
	}
}

// Longer than that, it is not. Nor is it without retries, or if the 404 is not the API's.
func TestCreateDoesNotWaitForever(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		retries  int
		times    int
		kind     error
	}{
		"two seconds":     {clienttest.NotFound, 4, 5, client.ErrUnavailable},
		"without retries": {clienttest.NotFound, 0, 1, client.ErrUnavailable},
		"a page":          {clienttest.Reply(404, clienttest.Page404), 4, 1, client.ErrUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.Retries(test.retries), slices.Concat([]clienttest.Handler{posted}, clienttest.Repeat(test.times, test.response), []clienttest.Handler{deleted})...)
			gateway, err := createGuarded(t, c)
			clienttest.RequireNil(t, gateway)
			clienttest.RequireError(t, err, test.kind, "create gateway: ", undone)
			server.RequireRequests(append(puts(test.times), "DELETE /demo")...)
			clienttest.RequireEqual(t, time.Duration(test.times-1)*500*time.Millisecond, server.Waited())
		})
	}
}

// An interrupt ends the wait, and the incomplete gateway is deleted nevertheless.
func TestCreateInterruptedWhileItWaits(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	interrupt := func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	server, c := clienttest.StartWith(t, clienttest.Waiting(interrupt), posted, clienttest.NotFound, deleted)
	gateway, err := gateways.Create(ctx, c, clienttest.Account, "demo", guarded())
	clienttest.RequireNil(t, gateway)
	clienttest.RequireInterrupted(t, err, context.Canceled)
	clienttest.RequireText(t, err.Error(), "create gateway: ", undone)
	server.RequireRequests("POST ", "PUT /demo", "DELETE /demo")
}

// puts returns the requests of a create up to the last attempt at its PUT.
func puts(times int) []string {
	return append([]string{"POST "}, slices.Repeat([]string{"PUT /demo"}, times)...)
}

// deletes returns the attempts at the DELETE of a rollback.
func deletes(times int) []string { return slices.Repeat([]string{"DELETE /demo"}, times) }

func TestCreateIsRolledBack(t *testing.T) {
	for name, test := range refusedPuts {
		for how, undo := range map[string]clienttest.Handler{"deleted": deleted, "gone": clienttest.NotFound, "no body": clienttest.Reply(204, "")} {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := clienttest.StartWith(t, clienttest.Retries(2), slices.Concat([]clienttest.Handler{posted}, clienttest.Repeat(test.times, test.response), []clienttest.Handler{undo})...)
				gateway, err := createGuarded(t, c)
				clienttest.RequireNil(t, gateway)
				clienttest.RequireError(t, err, test.kind, "create gateway: ", test.says, undone)
				if strings.Contains(err.Error(), lacks) {
					t.Error(err)
				}
				server.RequireRequests(append(puts(test.times), "DELETE /demo")...)
			})
		}
	}
}

// The error keeps the fields that the service named.
func TestCreateRolledBackNamesFields(t *testing.T) {
	_, c := clienttest.Start(t, posted, refusedPuts["400"].response, deleted)
	_, err := createGuarded(t, c)
	var failed *client.Error
	if !errors.As(err, &failed) || len(failed.Items) != 1 || failed.Items[0].Field != "guardrails" || failed.Status != 400 || failed.Op != "create gateway" {
		t.Errorf("%+v", failed)
	}
}

func TestCreateCannotBeRolledBack(t *testing.T) {
	for name, test := range refusedPuts {
		for how, undo := range map[string]struct {
			responses    []clienttest.Handler
			want         []string
			says, exists string
		}{
			"refused":      {[]clienttest.Handler{clienttest.Forbidden}, deletes(1), "delete gateway: HTTP 403 Forbidden", "): it exists"},
			"500":          {clienttest.Repeat(3, clienttest.Reply(500, "")), deletes(3), "delete gateway: HTTP 500 Internal Server Error (after 3 attempts)", "): it may still exist"},
			"cut":          {clienttest.Repeat(3, clienttest.Cut), deletes(3), "delete gateway: no response", "): it may still exist"},
			"a page":       {[]clienttest.Handler{clienttest.Reply(404, clienttest.Page404)}, deletes(1), "delete gateway: HTTP 404 Not Found", "): it exists"},
			"nothing done": {[]clienttest.Handler{clienttest.Reply(200, ""), posted}, append(deletes(1), "GET /demo"), "was not deleted", "): it exists"},
			"no response":  {clienttest.Repeat(2, clienttest.Reply(200, clienttest.Page404)), append(deletes(1), "GET /demo"), "delete gateway: HTTP 200 OK", "): it may still exist"},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := clienttest.StartWith(t, clienttest.Retries(2), slices.Concat([]clienttest.Handler{posted}, clienttest.Repeat(test.times, test.response), undo.responses)...)
				gateway, err := createGuarded(t, c)
				if gateway == nil || gateway.ID != "demo" || gateway.Guardrails != nil {
					t.Errorf("%+v", gateway)
				}
				clienttest.RequireError(t, err, test.kind, "create gateway: ", test.says, stays, undo.says, undo.exists, lacks)
				server.RequireRequests(append(puts(test.times), undo.want...)...)
			})
		}
	}
}

// A gateway that was recovered is ours, and is rolled back.
func TestCreateRecoveredIsRolledBack(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Cut, stored(0, nil), refusedPuts["400"].response, deleted)
	gateway, err := createGuarded(t, c)
	clienttest.RequireNil(t, gateway)
	clienttest.RequireKind(t, err, client.ErrInvalid)
	server.RequireRequests("POST ", "GET /demo", "PUT /demo", "DELETE /demo")
}

// A create changes and deletes nothing that it did not create.
func TestCreateWithFeaturesLeavesOthersAlone(t *testing.T) {
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		kind      error
		want      []string
	}{
		"name taken":          {[]clienttest.Handler{clienttest.Reply(400, clienttest.Failure(7001, "Gateway already exists")), stored(0, nil)}, client.ErrAlreadyExists, []string{"POST ", "GET /demo"}},
		"lost, another there": {[]clienttest.Handler{clienttest.Cut, stored(time.Hour, nil)}, client.ErrAlreadyExists, []string{"POST ", "GET /demo"}},
		"lost, look refused":  {[]clienttest.Handler{clienttest.Cut, clienttest.Reply(403, "")}, client.ErrOutcomeUnknown, []string{"POST ", "GET /demo"}},
		"lost, not there":     {[]clienttest.Handler{clienttest.Cut, clienttest.NotFound, clienttest.Forbidden, clienttest.NotFound, clienttest.NotFound, clienttest.NotFound}, client.ErrUnauthorized, []string{"POST ", "GET /demo", "POST ", "GET /demo", "GET /demo", "GET /demo"}},
		"refused":             {[]clienttest.Handler{clienttest.Forbidden}, client.ErrUnauthorized, []string{"POST "}},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			gateway, err := createGuarded(t, c)
			clienttest.RequireNil(t, gateway)
			clienttest.RequireKind(t, err, test.kind)
			server.RequireRequests(test.want...)
		})
	}
}

// line is a connection in memory that records the methods of requests.
type line struct {
	requests  []string
	responses []clienttest.Transport
}

func (l *line) roundTrip(r *http.Request) (*http.Response, error) {
	l.requests = append(l.requests, r.Method)
	if len(l.requests) > len(l.responses) {
		return nil, errors.New("not expected: " + r.Method)
	}
	return l.responses[len(l.requests)-1](r)
}

func (l *line) RequireRequests(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(want, l.requests) {
		t.Errorf("%s, want %s", l.requests, want)
	}
}

// An interrupt between POST and PUT, or during the PUT, must not leave an incomplete
// gateway: it is deleted nevertheless.
func TestCreateInterruptedHalfWay(t *testing.T) {
	for _, when := range []string{"before PUT", "during PUT"} {
		t.Run(when, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			deleting := func(r *http.Request) (*http.Response, error) {
				deadline, bounded := r.Context().Deadline()
				if left := time.Until(deadline); r.Context().Err() != nil || !bounded || left > 15*time.Second {
					t.Errorf("%v, %s left", r.Context().Err(), left)
				}
				return clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", nil))), nil
			}
			l := &line{}
			want := []string{"POST", "DELETE"}
			interrupted := func(then clienttest.Transport) clienttest.Transport {
				return func(r *http.Request) (*http.Response, error) {
					cancel()
					return then(r)
				}
			}
			done := clienttest.AlwaysReply(200, clienttest.Envelope(clienttest.Gateway("demo", nil)))
			if when == "before PUT" {
				l.responses = []clienttest.Transport{interrupted(done), deleting}
			} else {
				want = []string{"POST", "PUT", "DELETE"}
				l.responses = []clienttest.Transport{done, interrupted(clienttest.Hang), deleting}
			}
			c, waits := clienttest.New(t, "http://api.invalid", clienttest.Over(l.roundTrip))
			gateway, err := gateways.Create(ctx, c, clienttest.Account, "demo", guarded())
			clienttest.RequireNil(t, gateway)
			clienttest.RequireKind(t, err, client.ErrUnavailable)
			clienttest.RequireInterrupted(t, err, context.Canceled)
			clienttest.RequireText(t, err.Error(), "create gateway: ", undone)
			l.RequireRequests(t, want...)
			waits.RequireCount(t, 0)
		})
	}
}

// A server that never responds to the DELETE does not hang the run.
func TestCreateRollsBackInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{responses: []clienttest.Transport{
			clienttest.AlwaysReply(200, clienttest.Envelope(clienttest.Gateway("demo", nil))), clienttest.AlwaysReply(400, clienttest.Failure(7001, "no")), clienttest.Hang,
		}}
		c := clienttest.InRealTime(t, l.roundTrip, 4)
		start := time.Now()
		gateway, err := createGuarded(t, c)
		if gateway == nil {
			t.Error("nothing is left of what was made")
		}
		clienttest.RequireError(t, err, client.ErrInvalid, stays, "nothing found out within 15s", lacks)
		clienttest.RequireTook(t, start, 15*time.Second, 15*time.Second)
		l.RequireRequests(t, "POST", "PUT", "DELETE")
	})
}
