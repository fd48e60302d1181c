package clienttest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// A Creation is a POST that creates an object, and what finds the object if the
// response to the POST is lost.
type Creation struct {
	// Name and Request are those of the POST, as in [Operation].
	Name, Request string
	// Noun is what errors call the object.
	Noun string
	// Lost are responses that do not tell whether the object was created.
	Lost map[string]Handler
	// Looks is how often the client looks, and Look the requests of one look.
	Looks int
	Look  []string
	// LookName is what errors call the first request of a look.
	LookName string
	// Before are the responses to a look before the one with the object.
	Before []Handler
	// Found shows the object as it was sent, created just now. Missing is the
	// response to the first request of a look that shows no object.
	Found, Missing Handler
	// Others show an object that is not demonstrably the one that was sent. Nil is
	// for objects whose creation is not refused by others.
	Others map[string]Handler
	// WasThere is what the error then says.
	WasThere string
	// Lags is whether what a look does not find may still appear, and Stale whether
	// what it finds may be deleted.
	Lags, Stale bool
	// Created is the response to a POST that succeeds. Nil is for objects that are
	// not unique, whose POST is not sent again. Taken is the response to one that is
	// refused because the object already exists.
	Created, Taken Handler
	// NameFields are the fields of Created whose value was sent, or was in the path.
	NameFields []string
	// IDField is the field of Created with the object's id; empty means "id".
	IDField string
	// Create calls the function. It fails the test unless there is either the
	// object, as Found shows it, or an error.
	Create func(ctx context.Context, t *testing.T, c *client.Client) error
}

func (cr Creation) look(found Handler) []Handler { return append(slices.Clone(cr.Before), found) }

func (cr Creation) missing() (says string, kind error) {
	says = "the " + cr.Noun + " was looked for afterwards and is not there"
	if cr.Lags {
		return says + ", though it may appear yet", client.ErrOutcomeUnknown
	}
	return says, client.ErrUnavailable
}

func (cr Creation) requireRequests(server *Server, looks ...string) {
	server.t.Helper()
	server.RequireRequests(append([]string{cr.Request}, looks...)...)
}

// TestRecovery tests that a creation whose response is lost finds its object, and
// never another's.
func (cr Creation) TestRecovery(t *testing.T) {
	t.Helper()
	for name, lost := range cr.Lost {
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, append([]Handler{lost}, cr.look(cr.Found)...)...)
			RequireNoError(t, cr.Create(t.Context(), t, c))
			cr.requireRequests(server, cr.Look...)
			server.RequireWaits(0)

			// The last attempt, or the only one.
			server, c = StartWith(t, Retries(0), append([]Handler{lost}, Repeat(cr.Looks, cr.Missing)...)...)
			says, kind := cr.missing()
			if SaysSuccess(name) && !cr.Lags { // and has nothing to show, so it is not the API
				kind, says = client.ErrUnexpectedResponse, "the "+cr.Noun+" was looked for afterwards and is not there"
			}
			RequireError(t, cr.Create(t.Context(), t, c), kind, cr.Name+": ", says)
			cr.requireRequests(server, slices.Repeat(cr.Look[:1], cr.Looks)...)
			server.RequireWaitsOf(slices.Repeat([]time.Duration{time.Second}, cr.Looks-1)...)
		})
	}
	t.Run("others", cr.testOthers)
	t.Run("failed look", cr.testFailedLook)
	t.Run("interrupt", cr.testInterrupt)
	if cr.Created != nil {
		t.Run("sent again", cr.testSentAgain)
		t.Run("another object", cr.testAnotherObject)
		t.Run("taken", cr.testTaken)
	}
}

// If the object already exists, the error says whether this run has probably created it,
// which is so if the object is newer than the client. Nothing else depends on the look.
func (cr Creation) testTaken(t *testing.T) {
	shown := map[string]Handler{"new": cr.Found, "missing": cr.Missing, "refused": Forbidden}
	for _, name := range []string{"old", "no date"} {
		if other := cr.Others[name]; other != nil {
			shown[name] = other
		}
	}
	for name, look := range shown {
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, append([]Handler{cr.Taken}, cr.look(look)...)...)
			err := cr.Create(t.Context(), t, c)
			if name != "missing" && name != "refused" {
				RequireKind(t, err, client.ErrAlreadyExists)
				cr.requireRequests(server, cr.Look...)
			}
			var failed *client.Error
			if !errors.As(err, &failed) || failed.CreatedDuringRun() != (name == "new") {
				t.Errorf("created during the run, by what is %s: %v", name, err)
			}
			server.RequireWaits(0)
		})
	}
}

// An object that is there, but not demonstrably by this request, is not ours: taking
// it over would hand the object of another to this configuration, to be destroyed
// with it.
func (cr Creation) testOthers(t *testing.T) {
	looks := 1
	if cr.Stale {
		looks = cr.Looks
	}
	for name, there := range cr.Others {
		for _, how := range []string{"cut", "504", "200 not JSON"} {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := Start(t, append([]Handler{Lost[how]}, slices.Repeat(cr.look(there), looks)...)...)
				RequireError(t, cr.Create(t.Context(), t, c), client.ErrAlreadyExists, cr.Name+": ", cr.WasThere)
				cr.requireRequests(server, slices.Repeat(cr.Look, looks)...)
				server.RequireWaitsOf(slices.Repeat([]time.Duration{time.Second}, looks-1)...)
			})
		}
	}
}

func (cr Creation) testFailedLook(t *testing.T) {
	for name, look := range map[string]Handler{
		"refused": Forbidden, "a page": Reply(404, Page404), "no route": Reply(404, Failure(7003, "Could not route")), "bad request": Reply(400, ""),
	} {
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, Cut, look)
			RequireError(t, cr.Create(t.Context(), t, c), client.ErrOutcomeUnknown, cr.Name+": no response",
				"looking for the "+cr.Noun+" afterwards failed as well: "+cr.LookName+": HTTP 4")
			cr.requireRequests(server, cr.Look[0])
		})
	}
	t.Run("unavailable", func(t *testing.T) {
		server, c := StartWith(t, Retries(2), append([]Handler{Reply(502, "")}, Repeat(3, Reply(503, ""))...)...)
		RequireError(t, cr.Create(t.Context(), t, c), client.ErrOutcomeUnknown, cr.Name+": HTTP 502 Bad Gateway",
			cr.LookName+": HTTP 503 Service Unavailable (after 3 attempts)")
		cr.requireRequests(server, slices.Repeat(cr.Look[:1], 3)...)
	})
	t.Run("unavailable for a while", func(t *testing.T) {
		server, c := Start(t, append([]Handler{Reply(502, ""), Reply(502, ""), Cut}, cr.look(cr.Found)...)...)
		RequireNoError(t, cr.Create(t.Context(), t, c))
		cr.requireRequests(server, append([]string{cr.Look[0], cr.Look[0]}, cr.Look...)...)
	})
	t.Run("by another server", func(t *testing.T) {
		page := Reply(200, "<html>Welcome to the guest network</html>")
		server, c := Start(t, page, page)
		// Nobody knows what became of it: the POST may have reached the service.
		RequireError(t, cr.Create(t.Context(), t, c), client.ErrOutcomeUnknown, "is the base URL right?", "afterwards failed as well: "+cr.LookName+": ")
		cr.requireRequests(server, cr.Look[0])
	})
}

// An interrupt must not make state and service differ, so the look outlives it.
func (cr Creation) testInterrupt(t *testing.T) {
	says, kind := cr.missing()
	t.Run("found", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, c := Start(t, append([]Handler{Interrupting(cancel)}, cr.look(cr.Found)...)...)
		RequireNoError(t, cr.Create(ctx, t, c))
		cr.requireRequests(server, cr.Look...)
	})
	t.Run("missing", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, c := Start(t, append([]Handler{Interrupting(cancel)}, Repeat(cr.Looks, cr.Missing)...)...)
		err := cr.Create(ctx, t, c)
		RequireError(t, err, kind, says)
		RequireInterrupted(t, err, context.Canceled)
		cr.requireRequests(server, slices.Repeat(cr.Look[:1], cr.Looks)...)
	})
	t.Run("no time for another look", func(t *testing.T) {
		server, c := StartWith(t, Waiting(func(context.Context, time.Duration) error { return context.DeadlineExceeded }), Cut, cr.Missing)
		RequireError(t, cr.Create(t.Context(), t, c), kind, says)
		cr.requireRequests(server, cr.Look[0])
	})
}
