package client_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// guarded are settings with a feature, so that a create is a POST and a PUT.
func guarded() gateways.Settings {
	return settings(func(s *gateways.Settings) { s.Guardrails = &gateways.Guardrails{Prompt: map[string]string{"S1": "BLOCK"}} })
}

var (
	posted  = reply(200, envelope(object("demo", nil)))
	put     = reply(200, envelope(object("demo", fields{"guardrails": fields{"prompt": fields{"S1": "BLOCK"}, "response": fields{}}})))
	deleted = reply(200, envelope(object("demo", nil)))
)

const (
	undone = "the gateway had just been created and was deleted again, since its features could not be set"
	stays  = "deleting it again failed as well"
	lacks  = "it exists without the features that the configuration asks for"
)

func createGuarded(t *testing.T, c *client.Client) (*gateways.Gateway, error) {
	t.Helper()
	return gateways.Create(t.Context(), c, account, "demo", guarded())
}

func requireGuarded(t *testing.T, gateway *gateways.Gateway, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(guarded().Guardrails.Prompt, gateway.Guardrails.Prompt); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCreateWithFeatures(t *testing.T) {
	for name, test := range map[string]struct {
		answers []answer
		want    []string
	}{
		"plainly":                {[]answer{posted, put}, []string{"POST ", "PUT /demo"}},
		"PUT repeated":           {[]answer{posted, cut, reply(500, ""), cutMidBody, put}, []string{"POST ", "PUT /demo", "PUT /demo", "PUT /demo", "PUT /demo"}},
		"both too many":          {[]answer{reply(429, ""), posted, reply(429, ""), put}, []string{"POST ", "POST ", "PUT /demo", "PUT /demo"}},
		"POST lost":              {[]answer{cut, stored(0, nil), put}, []string{"POST ", "GET /demo", "PUT /demo"}},
		"POST lost, slow":        {[]answer{reply(504, ""), notFound, stored(0, nil), put}, []string{"POST ", "GET /demo", "GET /demo", "PUT /demo"}},
		"POST lost, PUT too":     {[]answer{reply(200, "<html>"), stored(0, nil), cut, put}, []string{"POST ", "GET /demo", "PUT /demo", "PUT /demo"}},
		"POST does it all":       {[]answer{put, put}, []string{"POST ", "PUT /demo"}},
		"an id unlike the name":  {[]answer{reply(200, envelope(object("demo-7", nil))), put}, []string{"POST ", "PUT /demo-7"}},
		"DLP that was on before": {[]answer{reply(200, envelope(object("demo", fields{"dlp": fields{"enabled": true}}))), put}, []string{"POST ", "PUT /demo"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answers...)
			c, _ := newClient(t, server.URL)
			gateway, err := createGuarded(t, c)
			requireGuarded(t, gateway, err)
			server.requireSeen(test.want...)
			// A service that has a feature on by itself is told otherwise.
			sent := server.seen()[len(test.want)-1].Body
			if on := strings.HasPrefix(name, "DLP"); strings.Contains(sent, wireDLPOff) != on {
				t.Error(sent)
			}
		})
	}
}

// refusedPuts are the ways in which the second half of a create fails, and how
// often it is tried with two retries.
var refusedPuts = map[string]struct {
	answer answer
	times  int
	kind   error
	says   string
}{
	"400":           {reply(400, failure(7001, "Invalid", "body", "guardrails", "prompt", "S1")), 1, client.ErrInvalid, "HTTP 400 Bad Request: Invalid (code 7001, at guardrails.prompt.S1)"},
	"403":           {reply(403, failure(10000, "Authentication error")), 1, client.ErrUnauthorized, "HTTP 403 Forbidden"},
	"404":           {notFound, 1, client.ErrInvalid, "HTTP 404 Not Found"},
	"409":           {reply(409, failure(7006, "Conflict")), 1, client.ErrInvalid, "HTTP 409 Conflict"},
	"cut":           {cut, 3, client.ErrUnavailable, "no response"},
	"cut mid-body":  {cutMidBody, 3, client.ErrUnavailable, "no response"},
	"500":           {reply(500, failure(7000, "internal")), 3, client.ErrUnavailable, "HTTP 500 Internal Server Error: internal (code 7000)"},
	"429":           {reply(429, ""), 3, client.ErrRateLimited, "HTTP 429 Too Many Requests"},
	"200 of a page": {reply(200, page404), 1, client.ErrUnexpectedResponse, "is the base URL right?"},
	"200 unread":    {reply(200, envelope(object("demo", fields{"guardrails": 7}))), 1, client.ErrUnexpectedResponse, "guardrails is a number"},
	"not success":   {reply(200, failure(7001, "no")), 1, client.ErrUnexpectedResponse, "no (code 7001)"},
}

// puts are the requests of a create up to the last attempt at its PUT.
func puts(times int) []string {
	return append([]string{"POST "}, slices.Repeat([]string{"PUT /demo"}, times)...)
}

func TestCreateIsRolledBack(t *testing.T) {
	for name, test := range refusedPuts {
		for how, undo := range map[string]answer{"deleted": deleted, "gone": notFound, "no body": reply(204, "")} {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, slices.Concat([]answer{posted}, repeat(test.times, test.answer), []answer{undo})...)
				c, _ := newClient(t, server.URL, retries(2))
				gateway, err := createGuarded(t, c)
				if gateway != nil {
					t.Errorf("%+v", gateway)
				}
				requireKind(t, err, test.kind)
				requireText(t, err.Error(), "create gateway: ", test.says, undone)
				if strings.Contains(err.Error(), lacks) {
					t.Error(err)
				}
				server.requireSeen(append(puts(test.times), "DELETE /demo")...)
			})
		}
	}
}

// The fields that the service named are there for the caller.
func TestCreateRolledBackNamesFields(t *testing.T) {
	server := serve(t, posted, refusedPuts["400"].answer, deleted)
	c, _ := newClient(t, server.URL)
	_, err := createGuarded(t, c)
	var failed *client.Error
	if !errors.As(err, &failed) || len(failed.Items) != 1 || failed.Items[0].Field != "guardrails" || failed.Status != 400 || failed.Op != "create gateway" {
		t.Errorf("%+v", failed)
	}
}

func TestCreateCannotBeRolledBack(t *testing.T) {
	for name, test := range refusedPuts {
		for how, undo := range map[string]struct {
			answer answer
			times  int
			says   string
		}{
			"refused":   {reply(403, failure(10000, "Authentication error")), 1, "delete gateway: HTTP 403 Forbidden"},
			"500":       {reply(500, ""), 3, "delete gateway: HTTP 500 Internal Server Error (after 3 attempts)"},
			"cut":       {cut, 3, "delete gateway: no response"},
			"a page":    {reply(404, page404), 1, "delete gateway: HTTP 404 Not Found"},
			"no response": {reply(200, page404), 1, "delete gateway: HTTP 200 OK"},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, slices.Concat([]answer{posted}, repeat(test.times, test.answer), repeat(undo.times, undo.answer))...)
				c, _ := newClient(t, server.URL, retries(2))
				gateway, err := createGuarded(t, c)
				if gateway == nil || gateway.ID != "demo" || gateway.Guardrails != nil {
					t.Errorf("%+v", gateway)
				}
				requireKind(t, err, test.kind)
				requireText(t, err.Error(), "create gateway: ", test.says, stays, undo.says, lacks)
				server.requireSeen(append(puts(test.times), slices.Repeat([]string{"DELETE /demo"}, undo.times)...)...)
			})
		}
	}
}

// A gateway that was recovered is ours, and so is its end.
func TestCreateRecoveredIsRolledBack(t *testing.T) {
	server := serve(t, cut, stored(0, nil), refusedPuts["400"].answer, deleted)
	c, _ := newClient(t, server.URL)
	gateway, err := createGuarded(t, c)
	if gateway != nil {
		t.Errorf("%+v", gateway)
	}
	requireKind(t, err, client.ErrInvalid)
	server.requireSeen("POST ", "GET /demo", "PUT /demo", "DELETE /demo")
}

// What was not made by this create is neither changed nor deleted.
func TestCreateWithFeaturesLeavesOthersAlone(t *testing.T) {
	for name, test := range map[string]struct {
		answers []answer
		kind    error
		want    []string
	}{
		"name taken":          {[]answer{reply(400, failure(7001, "Gateway already exists")), stored(0, nil)}, client.ErrAlreadyExists, []string{"POST ", "GET /demo"}},
		"lost, another there": {[]answer{cut, stored(time.Hour, nil)}, client.ErrAlreadyExists, []string{"POST ", "GET /demo"}},
		"lost, look refused":  {[]answer{cut, reply(403, "")}, client.ErrOutcomeUnknown, []string{"POST ", "GET /demo"}},
		"lost, not there":     {[]answer{cut, notFound, notFound, notFound}, client.ErrUnavailable, []string{"POST ", "GET /demo", "GET /demo", "GET /demo"}},
		"refused":             {[]answer{reply(403, failure(10000, "Authentication error"))}, client.ErrUnauthorized, []string{"POST "}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answers...)
			c, _ := newClient(t, server.URL)
			gateway, err := createGuarded(t, c)
			if gateway != nil {
				t.Errorf("%+v", gateway)
			}
			requireKind(t, err, test.kind)
			server.requireSeen(test.want...)
		})
	}
}

// line is a connection in memory that keeps what goes over it.
type line struct {
	requests []string
	answers  []transport
}

func (l *line) roundTrip(r *http.Request) (*http.Response, error) {
	l.requests = append(l.requests, r.Method)
	if len(l.requests) > len(l.answers) {
		return nil, errors.New("not expected: " + r.Method)
	}
	return l.answers[len(l.requests)-1](r)
}

func (l *line) requireSeen(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(want, l.requests) {
		t.Errorf("%s, want %s", l.requests, want)
	}
}

// An interrupt between POST and PUT, or in the PUT, is no reason to leave half
// a gateway behind: it is deleted in spite of it.
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
				return response(r, 200, envelope(object("demo", nil))), nil
			}
			l := &line{}
			want := []string{"POST", "DELETE"}
			interrupted := func(then transport) transport {
				return func(r *http.Request) (*http.Response, error) {
					cancel()
					return then(r)
				}
			}
			done := answering(200, envelope(object("demo", nil)))
			if when == "before PUT" {
				l.answers = []transport{interrupted(done), deleting}
			} else {
				want = []string{"POST", "PUT", "DELETE"}
				l.answers = []transport{done, interrupted(hang), deleting}
			}
			c, waits := newClient(t, "http://api.invalid", over(l.roundTrip))
			gateway, err := gateways.Create(ctx, c, account, "demo", guarded())
			if gateway != nil {
				t.Errorf("%+v", gateway)
			}
			requireKind(t, err, client.ErrUnavailable)
			requireInterrupted(t, err, context.Canceled)
			requireText(t, err.Error(), "create gateway: ", undone)
			l.requireSeen(t, want...)
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

// A server that never answers the DELETE does not hang the run.
func TestCreateRollsBackInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{answers: []transport{
			answering(200, envelope(object("demo", nil))), answering(400, failure(7001, "no")), hang,
		}}
		c := inRealTime(t, l.roundTrip, 4)
		start := time.Now()
		gateway, err := createGuarded(t, c)
		if gateway == nil {
			t.Error("nothing is left of what was made")
		}
		requireKind(t, err, client.ErrInvalid)
		requireText(t, err.Error(), stays, "nothing found out within 15s", lacks)
		requireTook(t, start, 15*time.Second, 15*time.Second)
		l.requireSeen(t, "POST", "PUT", "DELETE")
	})
}
